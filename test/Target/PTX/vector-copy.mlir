// Copies use the widest loads and stores, with sizes known at compile time, and
// behind a test when they are not; without spills or local memory.

// REQUIRES: ptxas
// RUN: tile-translate %s --tile-to-ptx --chip=sm_80 -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx
// RUN: ptxas -arch=sm_80 -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s --check-prefix=PTXAS
// RUN: tile-translate %s --tile-to-ptx --chip=sm_90a -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx
// RUN: ptxas -arch=sm_90a -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s --check-prefix=PTXAS

// PTXAS-COUNT-3: 0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads

// CHECK-LABEL: .entry static_kernel
// CHECK-NOT: .local
// CHECK: ld.global.v4.b32
// CHECK: st.shared.v4.b32
// CHECK: ld.shared.v4.b32
// CHECK: st.global.v4.b32
func.func @static(%a: memref<1024x512xf16>, %b: memref<1024x512xf16>) {
  %c8 = arith.constant 8 : index
  %c16 = arith.constant 16 : index
  tile.launch blocks(%x, %y) in (%c8, %c16) threads(128) {
    %c64 = arith.constant 64 : index
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c64 : index
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.copy %a[%row, %col], %s : memref<1024x512xf16> to memref<64x64xf16, #tile.scope<shared>>
    tile.copy %s, %b[%row, %col] : memref<64x64xf16, #tile.scope<shared>> to memref<1024x512xf16>
  }
  return
}

// CHECK-LABEL: .entry dynamic_kernel
// CHECK-NOT: .local
// CHECK-DAG: ld.global.v4.b32
// CHECK-DAG: ld.global.b16
// CHECK: st.global.v4.b32
func.func @dynamic(%a: memref<?x?xbf16>, %b: memref<?x?xbf16>) {
  %c8 = arith.constant 8 : index
  tile.launch blocks(%x, %y) in (%c8, %c8) threads(128) {
    %c64 = arith.constant 64 : index
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c64 : index
    %s = tile.alloc : memref<64x64xbf16, #tile.scope<shared>>
    tile.copy %a[%row, %col], %s : memref<?x?xbf16> to memref<64x64xbf16, #tile.scope<shared>>
    tile.copy %s, %b[%row, %col] : memref<64x64xbf16, #tile.scope<shared>> to memref<?x?xbf16>
  }
  return
}

// Two elements are converted by one instruction.
// CHECK-LABEL: .entry converted_kernel
// CHECK-NOT: .local
// CHECK: ld.global.v4.b32
// CHECK: cvt.rn.bf16x2.f32
// CHECK: st.global.v2.b32
func.func @converted(%a: memref<1024x512xf32>, %b: memref<1024x512xbf16>) {
  %c16 = arith.constant 16 : index
  tile.launch blocks(%y) in (%c16) threads(256) {
    %c0 = arith.constant 0 : index
    %c64 = arith.constant 64 : index
    %row = arith.muli %y, %c64 : index
    tile.copy %a[%row, %c0], %b[%row, %c0] extents [64, 512] : memref<1024x512xf32> to memref<1024x512xbf16>
  }
  return
}
