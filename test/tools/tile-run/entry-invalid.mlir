// Functions that cannot be run.

// RUN: not tile-run %s 2>&1 | FileCheck %s --match-full-lines --check-prefix=MISSING
// MISSING: tile-run: error: missing --entry=NAME; the functions are 'result', 'shared', 'wide', 'vector', 'transposed'

// RUN: not tile-run %s --entry=main 2>&1 | FileCheck %s --match-full-lines --check-prefix=UNKNOWN
// UNKNOWN: tile-run: error: unknown entry 'main'; the functions are 'result', 'shared', 'wide', 'vector', 'transposed'

// RUN: not tile-run %s --entry=declared 2>&1 | FileCheck %s --match-full-lines --check-prefix=DECLARED
// DECLARED: tile-run: error: unknown entry 'declared'; {{.*}}

// RUN: not tile-run %s --entry=result 2>&1 | FileCheck %s --match-full-lines --check-prefix=RESULT
// RESULT: tile-run: error: expected function 'result' to have no results, got 1 (results are written to buffer arguments)

// RUN: not tile-run %s --entry=shared 2>&1 | FileCheck %s --match-full-lines --check-prefix=SHARED
// SHARED: tile-run: error: argument 0 of function 'shared': expected a buffer in global memory, got memref<4xf32, 3>

// RUN: not tile-run %s --entry=wide 2>&1 | FileCheck %s --match-full-lines --check-prefix=WIDE
// WIDE: tile-run: error: argument 0 of function 'wide': unsupported element type f80

// RUN: not tile-run %s --entry=vector 2>&1 | FileCheck %s --match-full-lines --check-prefix=VECTOR
// VECTOR: tile-run: error: argument 0 of function 'vector': unsupported type vector<4xf32>

// RUN: not tile-run %s --entry=transposed 2>&1 | FileCheck %s --match-full-lines --check-prefix=ORDER
// ORDER: tile-run: error: argument 0 of function 'transposed': expected a contiguous buffer, got memref<4x8xf32, strided<[1, 4]>>

// RUN: echo "module {}" | not tile-run - 2>&1 | FileCheck %s --match-full-lines --check-prefix=EMPTY
// EMPTY: tile-run: error: the module has no function with a body

// What the parser reports is printed as MLIR prints it.
// RUN: echo "func.func @f() { retrun }" | not tile-run - 2>&1 | FileCheck %s --check-prefix=PARSE --implicit-check-not=tile-run
// PARSE: error: {{.*}}retrun

func.func private @declared()

func.func @result() -> i32 {
  %c = arith.constant 1 : i32
  return %c : i32
}

func.func @shared(%a: memref<4xf32, 3>) {
  return
}

func.func @wide(%a: memref<4xf80>) {
  return
}

func.func @vector(%a: vector<4xf32>) {
  return
}

func.func @transposed(%a: memref<4x8xf32, strided<[1, 4]>>) {
  return
}
