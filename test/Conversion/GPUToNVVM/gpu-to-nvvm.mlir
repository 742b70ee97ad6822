// RUN: tile-opt %s --pass-pipeline='builtin.module(gpu.module(tile-flatten-control-flow,convert-tile-gpu-to-nvvm))' | FileCheck %s

// CHECK: #[[$ROLLED:.*]] = #llvm.loop_annotation<unroll = #{{.*}}>

#rolled = #llvm.loop_annotation<unroll = <disable = true>>

gpu.module @kernels {
  // CHECK-LABEL: llvm.func @kernel
  // CHECK-SAME: nvvm.kernel
  // CHECK-SAME: nvvm.maxntid = array<i32: 32, 1, 1>
  gpu.func @kernel(%a: memref<?xf32>, %v: f32, %i: index,
                   %b: memref<?xi64>, %w: i64) kernel
      attributes {known_block_size = array<i32: 32, 1, 1>} {
    // CHECK: nvvm.read.ptx.sreg.tid.x
    %t = gpu.thread_id x
    // CHECK: nvvm.barrier0
    gpu.barrier
    // Updates are relaxed and of device scope.
    // CHECK: llvm.atomicrmw fmaximum %{{.*}}, %{{.*}} syncscope("device") monotonic
    %0 = memref.atomic_rmw maximumf %v, %a[%i] : (f32, memref<?xf32>) -> f32
    // CHECK: llvm.atomicrmw add %{{.*}} syncscope("device") monotonic : !llvm.ptr, i64
    %3 = memref.atomic_rmw addi %w, %b[%i] : (i64, memref<?xi64>) -> i64
    // CHECK: llvm.atomicrmw _and %{{.*}} syncscope("device") monotonic
    %4 = memref.atomic_rmw andi %w, %b[%i] : (i64, memref<?xi64>) -> i64
    // CHECK: llvm.atomicrmw _or %{{.*}} syncscope("device") monotonic
    %5 = memref.atomic_rmw ori %w, %b[%i] : (i64, memref<?xi64>) -> i64
    // CHECK: llvm.atomicrmw _xor %{{.*}} syncscope("device") monotonic
    %6 = memref.atomic_rmw xori %w, %b[%i] : (i64, memref<?xi64>) -> i64
    // CHECK: llvm.atomicrmw xchg %{{.*}} syncscope("device") monotonic : !llvm.ptr, f32
    %7 = memref.atomic_rmw assign %v, %a[%i] : (f32, memref<?xf32>) -> f32
    // CHECK: llvm.intr.sqrt
    %1 = math.sqrt %0 : f32
    // CHECK: llvm.intr.fma
    %2 = math.fma %1, %1, %1 : f32
    memref.store %2, %a[%t] : memref<?xf32>
    // CHECK: llvm.call_intrinsic "llvm.nvvm.ex2.approx.ftz.f32"
    %8 = math.exp2 %2 fastmath<afn> : f32
    memref.store %8, %a[%i] : memref<?xf32>
    // CHECK: llvm.return
    gpu.return
  }

  // What LLVM may do with a loop is said of the branch back to its beginning.
  // CHECK-LABEL: llvm.func @annotated
  gpu.func @annotated(%a: memref<?xf32>, %v: f32, %n: index, %i: index) kernel {
    // CHECK: llvm.cond_br
    // CHECK: llvm.br ^{{.*}} {loop_annotation = #[[$ROLLED]]}
    scf.for %k = %i to %n step %i {
      memref.store %v, %a[%k] : memref<?xf32>
    } {llvm.loop_annotation = #rolled}
    gpu.return
  }

  // CHECK-LABEL: llvm.func @float8
  gpu.func @float8(%a: memref<8x16xf8E4M3FN, #gpu.address_space<workgroup>>,
                   %i: index, %b: memref<4xi32>) kernel {
    // CHECK: %[[WORDS:.*]] = nvvm.ldmatrix {{.*}} num = 2 : i32{{.*}} -> !llvm.struct<(i32, i32)>
    // CHECK: llvm.extractvalue %[[WORDS]][0]
    // CHECK: llvm.bitcast %{{.*}} : i32 to vector<4xi8>
    %0 = nvgpu.ldmatrix %a[%i, %i] {numTiles = 2 : i32, transpose = false} : memref<8x16xf8E4M3FN, #gpu.address_space<workgroup>> -> vector<2x4xf8E4M3FN>
    // CHECK: %[[WORD:.*]] = nvvm.ldmatrix {{.*}} num = 1 : i32{{.*}} -> i32
    // CHECK: llvm.bitcast %[[WORD]] : i32 to vector<4xi8>
    %1 = nvgpu.ldmatrix %a[%i, %i] {numTiles = 1 : i32, transpose = false} : memref<8x16xf8E4M3FN, #gpu.address_space<workgroup>> -> vector<1x4xf8E4M3FN>
    %2 = vector.extract %0[1] : vector<4xf8E4M3FN> from vector<2x4xf8E4M3FN>
    %3 = vector.extract %1[0] : vector<4xf8E4M3FN> from vector<1x4xf8E4M3FN>
    %4 = vector.bitcast %2 : vector<4xf8E4M3FN> to vector<1xi32>
    %5 = vector.bitcast %3 : vector<4xf8E4M3FN> to vector<1xi32>
    %6 = arith.addi %4, %5 : vector<1xi32>
    vector.store %6, %b[%i] : memref<4xi32>, vector<1xi32>
    gpu.return
  }

  // What a thread keeps is one array, which LLVM splits into registers at once.
  // CHECK-LABEL: llvm.func @registers
  gpu.func @registers(%v: f32, %i: index) kernel {
    // CHECK: %[[ONE:.*]] = llvm.mlir.constant(1 : i64)
    // CHECK: llvm.alloca %[[ONE]] x !llvm.array<4 x f32> : (i64) -> !llvm.ptr
    %a = memref.alloca() : memref<4xf32, #gpu.address_space<private>>
    memref.store %v, %a[%i] : memref<4xf32, #gpu.address_space<private>>
    // CHECK: llvm.alloca %{{.*}} x f32 : (i64) -> !llvm.ptr
    %b = memref.alloca() : memref<f32, #gpu.address_space<private>>
    memref.store %v, %b[] : memref<f32, #gpu.address_space<private>>
    gpu.return
  }
}
