// A tensor that the function does not touch may be absent (a null address and
// sizes of -1); what it would say is asked of the others.

// RUN: tile-execution-test call %s rows 5x2 5x 1 | FileCheck %s --check-prefix=FIVE
// FIVE: M = 5
// RUN: tile-execution-test call %s rows null:-1x-1 6x 1 | FileCheck %s --check-prefix=SIX
// SIX: M = 6
// RUN: tile-execution-test call %s rows 7x2 null:-1 1 | FileCheck %s --check-prefix=SEVEN
// SEVEN: M = 7
// An empty tensor is not absent.
// RUN: tile-execution-test call %s rows null:0x2 null:-1 1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: M = 0

// RUN: tile-execution-test call %s rows 5x2 6x 1 | FileCheck %s --check-prefix=SAME
// SAME: argument #1: size 0: expected 5, which is M, found 6
// RUN: tile-execution-test call %s rows null:-1x-1 null:-1 1 | FileCheck %s --check-prefix=NONE
// NONE: argument #0 'a' or argument #1: expected a tensor, since symbol M is known from it, found none

// Half of the sizes of an absent tensor is not enough.
// RUN: tile-execution-test call %s rows null:-1x2 6x 1 | FileCheck %s --check-prefix=HALF
// HALF: argument #0 'a': expected sizes of at least 0 and less than 2^63 bytes in all, found -1 x 2

func.func @rows(
    %a: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, N], f32>,
                         tile.name = "a"},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[M], f32>},
    %blocks: index) {
  %m = tile.symbol "M"
  tile.launch blocks() in () threads(32) {
    tile.print "M =", %m : index
  }
  return
}
