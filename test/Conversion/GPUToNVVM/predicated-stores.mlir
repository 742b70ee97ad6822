// RUN: tile-opt %s --pass-pipeline='builtin.module(gpu.module(tile-predicate-stores{min-stores=1}))' | FileCheck %s
// RUN: tile-opt %s --pass-pipeline='builtin.module(gpu.module(tile-predicate-stores))' | FileCheck %s --check-prefix=FEW
// RUN: tile-opt %s --pass-pipeline='builtin.module(gpu.module(tile-predicate-stores{min-stores=1},tile-flatten-control-flow,convert-tile-gpu-to-nvvm))' | FileCheck %s --check-prefix=NVVM

!private = memref<4xf32, #gpu.address_space<private>>
!shared = memref<4xf32, #gpu.address_space<workgroup>>

// FEW-NOT: vector.maskedstore
gpu.module @kernels {
  // What computes the element and its place runs in any case.
  // CHECK-LABEL: gpu.func @element
  // CHECK-SAME: %[[A:.*]]: memref<?xf16>, %[[I:.*]]: index, %[[INSIDE:.*]]: i1
  // NVVM-LABEL: llvm.func @element
  gpu.func @element(%a: memref<?xf16>, %i: index, %inside: i1) kernel {
    %c1 = arith.constant 1 : index
    %r = memref.alloca() : !private
    // CHECK: %[[V:.*]] = memref.load
    // CHECK: %[[F:.*]] = arith.truncf %[[V]]
    // CHECK: %[[NEXT:.*]] = arith.addi %[[I]]
    // CHECK: %[[VALUES:.*]] = vector.broadcast %[[F]] : f16 to vector<1xf16>
    // CHECK: %[[MASK:.*]] = vector.broadcast %[[INSIDE]] : i1 to vector<1xi1>
    // CHECK: vector.maskedstore %[[A]][%[[NEXT]]], %[[MASK]], %[[VALUES]]
    // CHECK-NOT: scf.if
    // NVVM: %[[PLACE:.*]] = llvm.addrspacecast %{{.*}} : !llvm.ptr to !llvm.ptr<1>
    // NVVM: %[[WORDS:.*]] = llvm.bitcast %{{.*}} : vector<1xf16> to vector<1xi16>
    // NVVM: %[[WORD:.*]] = llvm.extractelement %[[WORDS]]
    // NVVM: nvvm.inline_ptx "st.global.b16 [$0], $1;" ro(%[[PLACE]], %[[WORD]] : !llvm.ptr<1>, i16), predicate = %{{.*}}
    scf.if %inside {
      %v = memref.load %r[%c1] : !private
      %f = arith.truncf %v : f32 to f16
      %next = arith.addi %i, %c1 : index
      memref.store %f, %a[%next] : memref<?xf16>
    }
    gpu.return
  }

  // CHECK-LABEL: gpu.func @widths
  // NVVM-LABEL: llvm.func @widths
  gpu.func @widths(%a: memref<?xi8>, %b: memref<?xf64>, %c: memref<?xbf16>,
                   %d: memref<?xf32>, %i: index, %inside: i1, %v: i8,
                   %w: f64, %x: vector<2xbf16>, %y: vector<4xf32>) kernel {
    // CHECK-NOT: scf.if
    // No register has eight bits.
    // NVVM: %[[BYTE:.*]] = llvm.zext %{{.*}} : i8 to i16
    // NVVM: nvvm.inline_ptx "st.global.b8 [$0], $1;" ro(%{{.*}}, %[[BYTE]] :
    scf.if %inside {
      memref.store %v, %a[%i] : memref<?xi8>
    }
    // NVVM: nvvm.inline_ptx "st.global.v2.b32 [$0], {$1, $2};"
    scf.if %inside {
      memref.store %w, %b[%i] : memref<?xf64>
    }
    // NVVM: nvvm.inline_ptx "st.global.b32 [$0], $1;"
    scf.if %inside {
      vector.store %x, %c[%i] {alignment = 4 : i64} : memref<?xbf16>, vector<2xbf16>
    }
    // NVVM: nvvm.inline_ptx "st.global.v4.b32 [$0], {$1, $2, $3, $4};"
    scf.if %inside {
      vector.store %y, %d[%i] {alignment = 16 : i64} : memref<?xf32>, vector<4xf32>
    }
    gpu.return
  }

  // CHECK-LABEL: gpu.func @others
  gpu.func @others(%a: memref<?xf32>, %b: memref<?xf32>, %i: index,
                   %inside: i1, %x: vector<8xf32>, %y: vector<2xi8>,
                   %s: !shared, %v: f32, %c: memref<?xi8>,
                   %z: vector<2xf32>) kernel {
    // CHECK-NOT: vector.maskedstore
    // A load where there may be no memory.
    // CHECK-COUNT-7: scf.if
    scf.if %inside {
      %w = memref.load %b[%i] : memref<?xf32>
      memref.store %w, %a[%i] : memref<?xf32>
    }
    // More than one instruction stores.
    scf.if %inside {
      vector.store %x, %a[%i] {alignment = 32 : i64} : memref<?xf32>, vector<8xf32>
    }
    // Nothing is said of where the vector lies.
    scf.if %inside {
      vector.store %z, %a[%i] : memref<?xf32>, vector<2xf32>
    }
    // Fewer bytes than a vector has.
    scf.if %inside {
      vector.store %y, %c[%i] {alignment = 2 : i64} : memref<?xi8>, vector<2xi8>
    }
    // Another memory.
    scf.if %inside {
      memref.store %v, %s[%i] : !shared
    }
    // Two effects.
    scf.if %inside {
      memref.store %v, %a[%i] : memref<?xf32>
      memref.store %v, %b[%i] : memref<?xf32>
    }
    // Another branch.
    scf.if %inside {
      memref.store %v, %a[%i] : memref<?xf32>
    } else {
      memref.store %v, %b[%i] : memref<?xf32>
    }
    gpu.return
  }
}
