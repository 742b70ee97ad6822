// RUN: tile-opt %s --convert-tile-to-cpu --split-input-file | FileCheck %s

// Blocks run one after another, the first id fastest. A negative extent fails,
// and so does one that the cluster does not divide.
// CHECK-DAG: llvm.mlir.global internal constant @tile_assert{{.*}}("expected a grid extent of at least 0 ({{.*}}launch.mlir:[[#@LINE+10]]:3)\00")
// CHECK-DAG: llvm.mlir.global internal constant @tile_assert{{.*}}("expected a grid that is a multiple of the cluster ({{.*}}launch.mlir:[[#@LINE+9]]:3)\00")
// CHECK-LABEL: func @launch
// CHECK-SAME: %[[N:.*]]: index, %[[M:.*]]: index
// CHECK-COUNT-3: llvm.call @tileRuntimeFail
// CHECK: scf.for %[[Y:.*]] = %{{.*}} to %[[M]] step
// CHECK-NEXT: scf.for %[[X:.*]] = %{{.*}} to %[[N]] step
// CHECK-NEXT: memref.store %[[X]], %{{.*}}[%[[Y]]]
// CHECK-NOT: tile.
func.func @launch(%n: index, %m: index, %a: memref<?xindex>) {
  tile.launch blocks(%x, %y) in (%n, %m) threads(32) cluster(2) {
    memref.store %x, %a[%y] : memref<?xindex>
    tile.barrier
  }
  return
}

// -----

// CHECK-LABEL: func @one_block
// CHECK-NOT: scf.for
// CHECK: memref.store
// CHECK-NEXT: return
func.func @one_block(%i: index, %a: memref<?xindex>) {
  tile.launch blocks() in () threads(32) {
    memref.store %i, %a[%i] : memref<?xindex>
  }
  return
}

// -----

// The fill of a tile.parallel's body stays in its place, once for each point.
// CHECK-LABEL: func @parallel
// CHECK: %[[N:.*]] = arith.maxsi %arg0, %{{.*}} : index
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step
// CHECK-NEXT: scf.for %[[J:.*]] = %{{.*}} to %[[N]] step
// CHECK-NEXT: memref.store %[[I]], %arg1[%[[J]]]
func.func @parallel(%n: index, %a: memref<?xindex>) {
  tile.parallel (%i, %j) in (4, %n) {
    memref.store %i, %a[%j] : memref<?xindex>
  }
  tile.parallel () in () {
    // CHECK: memref.store %arg0, %arg1[%arg0]
    memref.store %n, %a[%n] : memref<?xindex>
  }
  return
}

// -----

// CHECK-LABEL: func @pipelined
// CHECK: scf.for %[[I:.*]] = %arg0 to %arg1 step %arg2 {
// CHECK-NEXT: memref.store %[[I]]
func.func @pipelined(%l: index, %u: index, %s: index, %a: memref<?xindex>) {
  tile.pipelined %i = %l to %u step %s stages(4) {
    memref.store %i, %a[%i] : memref<?xindex>
  }
  return
}
