// The order in which a launch with a swizzle walks its blocks.

// RUN: tile-run %s --device=cpu --entry=row 3 5 | FileCheck %s --check-prefix=ROW --match-full-lines
// RUN: tile-run %s --device=cpu --entry=column 5 2 | FileCheck %s --check-prefix=COLUMN --match-full-lines

// Panels of two rows, down each column; the last has one row.
//      ROW: row 0 0
// ROW-NEXT: row 0 1
// ROW-NEXT: row 1 0
// ROW-NEXT: row 1 1
// ROW-NEXT: row 2 0
// ROW-NEXT: row 2 1
// ROW-NEXT: row 0 2
// ROW-NEXT: row 0 3
// ROW-NEXT: row 1 2
// ROW-NEXT: row 1 3
// ROW-NEXT: row 2 2
// ROW-NEXT: row 2 3
// ROW-NEXT: row 0 4
// ROW-NEXT: row 1 4
// ROW-NEXT: row 2 4
func.func @row(%gx: index, %gy: index) {
  tile.launch blocks(%x, %y) in (%gx, %gy) threads(32) swizzle(2, row) {
    tile.print "row", %x, %y : index, index
  }
  return
}

// Panels of three columns, along each row; the last has two columns.
//      COLUMN: column 0 0
// COLUMN-NEXT: column 1 0
// COLUMN-NEXT: column 2 0
// COLUMN-NEXT: column 0 1
// COLUMN-NEXT: column 1 1
// COLUMN-NEXT: column 2 1
// COLUMN-NEXT: column 3 0
// COLUMN-NEXT: column 4 0
// COLUMN-NEXT: column 3 1
// COLUMN-NEXT: column 4 1
func.func @column(%gx: index, %gy: index) {
  tile.launch blocks(%x, %y) in (%gx, %gy) threads(32) swizzle(3, column) {
    tile.print "column", %x, %y : index, index
  }
  return
}
