// Any number of threads, whole warps or not.

// REQUIRES: ptxas
// RUN: sed s/THREADS/1/ %s | tile-translate --tile-to-ptx -o %t.ptx
// RUN: ptxas -arch=sm_80 -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s
// One thread waits for nobody.
// RUN: FileCheck %s --input-file=%t.ptx --check-prefix=ONE
// ONE-NOT: bar.sync
// RUN: sed s/THREADS/2/ %s | tile-translate --tile-to-ptx -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx --check-prefix=TWO
// TWO: .maxntid 2, 1, 1
// TWO: bar.sync
// RUN: sed s/THREADS/31/ %s | tile-translate --tile-to-ptx -o %t.ptx
// RUN: ptxas -arch=sm_80 -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s
// RUN: sed s/THREADS/33/ %s | tile-translate --tile-to-ptx -o %t.ptx
// RUN: ptxas -arch=sm_80 -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s
// RUN: sed s/THREADS/96/ %s | tile-translate --tile-to-ptx -o %t.ptx
// RUN: ptxas -arch=sm_80 -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s
// RUN: sed s/THREADS/1000/ %s | tile-translate --tile-to-ptx -o %t.ptx
// RUN: ptxas -arch=sm_80 -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s
// RUN: sed s/THREADS/1024/ %s | tile-translate --tile-to-ptx -o %t.ptx
// RUN: ptxas -arch=sm_80 -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s

// CHECK: 0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads

func.func @kernel(%a: memref<?x?xf32>, %n: index) {
  tile.launch blocks(%x) in (%n) threads(THREADS) {
    %s = tile.alloc : memref<7x9xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<7x9xf32, #tile.scope<fragment>>
    %r = tile.alloc : memref<7xf32, #tile.scope<fragment>>
    tile.copy %a[%x, %x], %s : memref<?x?xf32> to memref<7x9xf32, #tile.scope<shared>>
    tile.reduce max %s, %r dim 1 : memref<7x9xf32, #tile.scope<shared>> to memref<7xf32, #tile.scope<fragment>>
    tile.copy %s, %f : memref<7x9xf32, #tile.scope<shared>> to memref<7x9xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (7, 9) {
      %v = memref.load %f[%i, %j] : memref<7x9xf32, #tile.scope<fragment>>
      %m = memref.load %r[%i] : memref<7xf32, #tile.scope<fragment>>
      %d = arith.subf %v, %m : f32
      memref.store %d, %f[%i, %j] : memref<7x9xf32, #tile.scope<fragment>>
    }
    tile.copy %f, %a[%x, %x] : memref<7x9xf32, #tile.scope<fragment>> to memref<?x?xf32>
  }
  return
}
