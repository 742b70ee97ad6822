// A function that fails while it runs gives its message and no output.

// RUN: rm -rf %t && mkdir -p %t && cd %t
// RUN: not tile-run %s --device=cpu --entry=check zeros -2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines
// RUN: not ls out.npy
// RUN: tile-run %s --device=cpu --entry=check zeros 2 --out 0=out.npy
// RUN: ls out.npy
// CHECK: tile-run: error: function 'check' failed: n is negative

// A function that is defined nowhere is named.
// RUN: not tile-run %s --device=cpu --entry=undefined 2>&1 | FileCheck %s --match-full-lines --check-prefix=UNDEFINED
// UNDEFINED: tile-run: error: undefined function 'no_such_function'

// So does a kernel that the machine has no memory for.
// RUN: not tile-run %s --device=cpu --entry=huge zeros 2>&1 | FileCheck %s --match-full-lines --check-prefix=MEMORY
// MEMORY: tile-run: error: function 'huge' failed: failed to allocate 8796093022208 bytes ({{.*}})

// What a pass reports does not print the whole module after it.
// RUN: not tile-run %s --emit=ptx --entry=huge 2>&1 | FileCheck %s --check-prefix=PASS --implicit-check-not='see current operation'
// PASS: fail.mlir:[[#@LINE+18]]:3: error: 'tile.launch' op expected at most 166912 bytes of shared memory on sm_80, found 8796093022208

llvm.mlir.global internal constant @message("n is negative\00")

func.func private @tileRuntimeFail(!llvm.ptr)
func.func private @no_such_function()

func.func @check(%a: memref<4xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %negative = arith.cmpi slt, %n, %c0 : index
  scf.if %negative {
    %text = llvm.mlir.addressof @message : !llvm.ptr
    func.call @tileRuntimeFail(%text) : (!llvm.ptr) -> ()
  }
  return
}

func.func @huge(%a: memref<4xf64>) {
  tile.launch blocks() in () threads(32) {
    %s = tile.alloc : memref<1099511627776xf64, #tile.scope<shared>>
    tile.copy %s, %a : memref<1099511627776xf64, #tile.scope<shared>> to memref<4xf64>
  }
  return
}

func.func @undefined() {
  func.call @no_such_function() : () -> ()
  return
}
