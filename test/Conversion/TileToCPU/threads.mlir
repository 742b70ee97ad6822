// RUN: tile-opt %s --convert-tile-to-cpu --canonicalize --split-input-file | FileCheck %s

// Each of the 3 threads has 8 bytes of the memory, for all regions.
// CHECK-LABEL: func @own
// CHECK: %[[MEMORY:.*]] = memref.alloca() {{.*}} : memref<24xi8>
// CHECK: scf.for %[[T:.*]] = %c0 to %c3
// CHECK-NEXT: %[[OFFSET:.*]] = arith.muli %[[T]], %c8
// CHECK-NEXT: %[[OWN:.*]] = memref.view %[[MEMORY]][%[[OFFSET]]][] : memref<24xi8> to memref<2xf32>
// CHECK: scf.for %{{.*}} = %c0 to %c2
// CHECK-NEXT: memref.store %arg1, %[[OWN]]
// CHECK: scf.for %[[T:.*]] = %c0 to %c3
// CHECK: %[[OWN:.*]] = memref.view %[[MEMORY]]
// CHECK: memref.store %arg1, %[[OWN]][%c1]
// CHECK: scf.for %[[T:.*]] = %c0 to %c3
// CHECK: %[[OWN:.*]] = memref.view %[[MEMORY]]
// CHECK: %[[V:.*]] = memref.load %[[OWN]][%c1]
// CHECK: memref.store %[[V]], %arg0[%[[T]]]
func.func @own(%a: memref<3xf32>, %v: f32) {
  %c1 = arith.constant 1 : index
  tile.launch blocks() in () threads(3) {
    %l = tile.alloc : memref<2xf32, #tile.scope<local>>
    tile.fill %l, %v : memref<2xf32, #tile.scope<local>>
    tile.threads (%t) {
      memref.store %v, %l[%c1] : memref<2xf32, #tile.scope<local>>
    }
    tile.threads (%t) {
      %x = memref.load %l[%c1] : memref<2xf32, #tile.scope<local>>
      memref.store %x, %a[%t] : memref<3xf32>
    }
  }
  return
}

// -----

// What is only read is one buffer for all.
// CHECK-LABEL: func @read
// CHECK-NOT: memref.view
func.func @read(%a: memref<3xf32>, %v: f32) {
  tile.launch blocks() in () threads(3) {
    %l = tile.alloc_var %v : f32
    tile.threads (%t) {
      %x = memref.load %l[] : memref<f32, #tile.scope<local>>
      memref.store %x, %a[%t] : memref<3xf32>
    }
  }
  return
}
