// Prints more than a pipe holds.
func.func @chatter(%n: index) {
  %c100000 = arith.constant 100000 : index
  tile.launch blocks(%b) in (%c100000) threads(1) {
    tile.print "block", %b, %n : index, index
  }
  return
}
