// RUN: tile-opt %s --convert-tile-to-gpu --split-input-file | FileCheck %s

// Shared buffers are views of the dynamic shared memory at their offsets.
// CHECK-LABEL: func @shared
// CHECK: %[[ARENA:.*]] = gpu.dynamic_shared_memory : memref<?xi8, #gpu.address_space<workgroup>>
// CHECK: %[[C128:.*]] = arith.constant 128 : index
// CHECK-NEXT: memref.view %[[ARENA]][%[[C128]]][] : {{.*}} to memref<4x8xf16, #gpu.address_space<workgroup>>
func.func @shared(%v: f16, %i: index) {
  tile.launch blocks() in () threads(32) shared_bytes(192) {
    %s = tile.alloc offset(128) : memref<4x8xf16, #tile.scope<shared>>
    tile.fill %s, %v : memref<4x8xf16, #tile.scope<shared>>
  }
  return
}

// -----

// A fragment is an array of what the thread owns: ceil(100 / 32) elements. Most
// threads have no element for the last one, and may fill it as well.
// CHECK-LABEL: func @fragment
// CHECK: %[[REGISTERS:.*]] = memref.alloca() : memref<4xf32, #gpu.address_space<private>>
// CHECK: memref.store %arg0, %[[REGISTERS]][%{{.*}}]
// CHECK: memref.store %arg0, %[[REGISTERS]][%{{.*}}]
// CHECK: memref.store %arg0, %[[REGISTERS]][%{{.*}}]
// CHECK-NOT: scf.if
// CHECK: memref.store %arg0, %[[REGISTERS]][%{{.*}}]
func.func @fragment(%v: f32) {
  tile.launch blocks() in () threads(32) {
    %f = tile.alloc : memref<10x10xf32, #tile.scope<fragment>>
    tile.fill %f, %v : memref<10x10xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Each thread fills its own local buffer, all of it.
// CHECK-LABEL: func @local
// CHECK-DAG: %[[LOCAL:.*]] = memref.alloca() : memref<4xf32, #gpu.address_space<private>>
// CHECK-DAG: %[[VAR:.*]] = memref.alloca() : memref<f32, #gpu.address_space<private>>
// CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[C4:.*]] = arith.constant 4 : index
// CHECK: scf.for %[[I:.*]] = %[[C0]] to %[[C4]] step %{{.*}} {
// CHECK-NEXT: memref.store %arg0, %[[LOCAL]][%[[I]]]
// CHECK: memref.store %arg0, %[[VAR]][]
func.func @local(%v: f32) {
  tile.launch blocks() in () threads(32) {
    %l = tile.alloc : memref<4xf32, #tile.scope<local>>
    tile.fill %l, %v : memref<4xf32, #tile.scope<local>>
    %var = tile.alloc_var %v : f32
  }
  return
}

// -----

// Buffers that a tile.parallel makes stand at the kernel's entry too.
// CHECK-LABEL: func @in_parallel
// CHECK: gpu.launch
// CHECK-NEXT: memref.alloca() : memref<2xi8, #gpu.address_space<private>>
// CHECK: scf.for
func.func @in_parallel(%v: i8) {
  tile.launch blocks() in () threads(32) {
    tile.parallel (%i) in (64) {
      %l = tile.alloc : memref<2xi8, #tile.scope<local>>
      memref.store %v, %l[%i] : memref<2xi8, #tile.scope<local>>
    }
  }
  return
}
