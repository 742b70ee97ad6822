// RUN: tile-opt %s --convert-tile-to-gpu --split-input-file | FileCheck %s
// RUN: tile-opt %s --convert-tile-to-gpu=chip=sm_90a --split-input-file | FileCheck %s --check-prefix=SM90
// RUN: tile-opt %s --convert-tile-to-gpu --split-input-file --remarks-filter-missed=convert-tile-to-gpu --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=remark:

// CHECK-LABEL: func @launch
// CHECK-SAME: %[[N:.*]]: index, %[[M:.*]]: index
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[THREADS:.*]] = arith.constant 33 : index
// CHECK-DAG: %[[BYTES:.*]] = arith.constant 80 : i32
// CHECK: gpu.launch blocks(%[[X:.*]], %[[Y:.*]], %{{.*}}) in (%{{.*}} = %[[N]], %{{.*}} = %[[M]], %{{.*}} = %[[ONE]]) threads({{.*}}) in (%{{.*}} = %[[THREADS]], %{{.*}} = %[[ONE]], %{{.*}} = %[[ONE]]) dynamic_shared_memory_size %[[BYTES]] {
// CHECK: arith.addi %[[X]], %[[Y]]
// CHECK: gpu.terminator
func.func @launch(%n: index, %m: index) {
  tile.launch blocks(%x, %y) in (%n, %m) threads(33) shared_bytes(80) {
    %0 = arith.addi %x, %y : index
  }
  return
}

// -----

// A chip without clusters ignores them and says so.
// REMARK: launch.mlir:[[#@LINE+8]]:3: remark: [Missed] no-cluster {{.*}}cluster ignored: sm_80 has no clusters
// CHECK-LABEL: func @cluster
// CHECK: gpu.launch blocks
// SM90-LABEL: func @cluster
// SM90-DAG: %[[ONE:.*]] = arith.constant 1 : index
// SM90-DAG: %[[TWO:.*]] = arith.constant 2 : index
// SM90: gpu.launch clusters({{.*}}) in (%{{.*}} = %[[TWO]], %{{.*}} = %[[ONE]], %{{.*}} = %[[ONE]]) blocks
func.func @cluster(%n: index) {
  tile.launch blocks(%x) in (%n) threads(32) cluster(2) {
    tile.barrier
  }
  return
}

// -----

// CHECK-LABEL: func @control
// CHECK: gpu.launch
// CHECK: gpu.barrier
// CHECK-NEXT: scf.for %{{.*}} = %arg0 to %arg0 step %arg0 {
// CHECK-NEXT: llvm.intr.assume %arg1
// CHECK-NEXT: cf.assert %arg1, "expected
// CHECK-NOT: tile.
func.func @control(%n: index, %c: i1) {
  tile.launch blocks() in () threads(32) {
    tile.barrier
    tile.pipelined %i = %n to %n step %n stages(3) {
      tile.assume %c
      tile.assert %c, "expected c"
    }
  }
  return
}
