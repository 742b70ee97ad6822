func.func @main(%a0: memref<31x5x5xf64>, %a1: memref<31x5x5xf8E5M2>, %a2: index, %a3: index, %a4: index, %a5: index, %a6: memref<3xi1>, %a7: memref<5xi1>, %a8: memref<?x?xf16>, %a9: memref<?x?xf16>, %a10: index, %a11: index, %a12: memref<17x31xi8>, %a13: memref<17x31xi32>, %a14: index, %a15: index, %a16: index, %a17: memref<?x?x?xi8>, %a18: memref<?x?x?xf8E4M3FN>, %a19: index, %a20: memref<16x16x3xi32>, %a21: memref<3xi64>, %a22: memref<f16>, %a23: memref<i8>, %a24: memref<?xf8E4M3FN>, %a25: memref<?xf8E4M3FN>, %a26: index, %a27: memref<i16>, %a28: memref<?x?xbf16>, %a29: index, %a30: memref<?x?xf32>, %a31: memref<?x?xf32>, %a32: index, %a33: index, %a34: memref<8xf8E4M3FN>, %a35: memref<16x7xbf16>, %a36: memref<16x16x5xf32>, %a37: memref<16x16x5xi16>, %a38: index, %a39: index, %a40: memref<?x?x?xi64>, %a41: memref<i64>, %a42: index, %a43: memref<?x?xf8E5M2>, %a44: memref<?x?xi64>, %a45: index, %a46: memref<7x3xi1>, %a47: memref<16x8xi1>, %a48: index, %a49: memref<?x?x?xf32>, %a50: memref<?x?x?xf32>) {
  %c0 = arith.constant 4 : index
  %c1 = arith.constant 19 : index
  %c2 = arith.constant 7 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 2 : index
  %c5 = arith.constant 10 : index
  %c6 = arith.constant 9 : index
  %c7 = arith.constant 15 : index
  %c8 = arith.constant 1 : index
  %c9 = arith.constant 17 : index
  %c10 = arith.constant 13 : index
  %c11 = arith.constant -1 : index
  %c12 = arith.constant 0 : index
  %c13 = arith.constant -2 : index
  tile.launch blocks() in () threads(31) {
    %pad = arith.constant 0xc000000000000000 : f64
    tile.copy %a0[%c0, %a2, %a3], %a1[%c1, %a4, %a5] pad(%pad : f64) : memref<31x5x5xf64> to memref<31x5x5xf8E5M2>
  }
  tile.launch blocks() in () threads(2) {
    %src = tile.alloc : memref<3xi1, #tile.scope<shared>>
    tile.copy %a6, %src : memref<3xi1> to memref<3xi1, #tile.scope<shared>>
    tile.copy %src, %a7[%c2] extents [15] : memref<3xi1, #tile.scope<shared>> to memref<5xi1>
  }
  tile.launch blocks() in () threads(1024) {
    %src = tile.alloc : memref<3x8xf16, #tile.scope<fragment>>
    tile.copy %a8, %src : memref<?x?xf16> to memref<3x8xf16, #tile.scope<fragment>>
    tile.copy %src[%a10, %a11], %a9 : memref<3x8xf16, #tile.scope<fragment>> to memref<?x?xf16>
  }
  tile.launch blocks() in () threads(31) {
    %src = tile.alloc : memref<17x31xi8, #tile.scope<local>>
    tile.copy %a12, %src : memref<17x31xi8> to memref<17x31xi8, #tile.scope<local>>
    tile.copy %src, %a13[%a16, %c3] extents [%a14, %a15] : memref<17x31xi8, #tile.scope<local>> to memref<17x31xi32>
  }
  tile.launch blocks() in () threads(128) {
    %dst = tile.alloc : memref<5x8x2xf8E4M3FN, #tile.scope<shared>>
    tile.copy %a18, %dst : memref<?x?x?xf8E4M3FN> to memref<5x8x2xf8E4M3FN, #tile.scope<shared>>
    %pad = arith.constant 0 : i8
    tile.copy %a17, %dst[%c3, %a19, %c4] pad(%pad : i8) : memref<?x?x?xi8> to memref<5x8x2xf8E4M3FN, #tile.scope<shared>>
    tile.copy %dst, %a18 : memref<5x8x2xf8E4M3FN, #tile.scope<shared>> to memref<?x?x?xf8E4M3FN>
  }
  tile.launch blocks() in () threads(33) {
    %src = tile.alloc : memref<16x16x3xi32, #tile.scope<shared>>
    tile.copy %a20, %src : memref<16x16x3xi32> to memref<16x16x3xi32, #tile.scope<shared>>
    %dst = tile.alloc : memref<3xi64, #tile.scope<shared>>
    tile.copy %a21, %dst : memref<3xi64> to memref<3xi64, #tile.scope<shared>>
    %pad = arith.constant 1 : i32
    tile.copy %src, %dst extents [%c5] pad(%pad : i32) : memref<16x16x3xi32, #tile.scope<shared>> to memref<3xi64, #tile.scope<shared>>
    tile.copy %dst, %a21 : memref<3xi64, #tile.scope<shared>> to memref<3xi64>
  }
  tile.launch blocks() in () threads(128) {
    %src = tile.alloc : memref<f16, #tile.scope<fragment>>
    tile.copy %a22, %src : memref<f16> to memref<f16, #tile.scope<fragment>>
    %dst = tile.alloc : memref<i8, #tile.scope<shared>>
    tile.copy %a23, %dst : memref<i8> to memref<i8, #tile.scope<shared>>
    %pad = arith.constant 0x0 : f16
    tile.copy %src, %dst pad(%pad : f16) : memref<f16, #tile.scope<fragment>> to memref<i8, #tile.scope<shared>>
    tile.copy %dst, %a23 : memref<i8, #tile.scope<shared>> to memref<i8>
  }
  tile.launch blocks() in () threads(1024) {
    %src = tile.alloc : memref<17xf8E4M3FN, #tile.scope<local>>
    tile.copy %a24, %src : memref<?xf8E4M3FN> to memref<17xf8E4M3FN, #tile.scope<local>>
    %dst = tile.alloc : memref<5xf8E4M3FN, #tile.scope<shared>>
    tile.copy %a25, %dst : memref<?xf8E4M3FN> to memref<5xf8E4M3FN, #tile.scope<shared>>
    %pad = arith.constant 0x3c : f8E4M3FN
    tile.copy %src[%c6], %dst[%a26] pad(%pad : f8E4M3FN) : memref<17xf8E4M3FN, #tile.scope<local>> to memref<5xf8E4M3FN, #tile.scope<shared>>
    tile.copy %dst, %a25 : memref<5xf8E4M3FN, #tile.scope<shared>> to memref<?xf8E4M3FN>
  }
  tile.launch blocks() in () threads(1) {
    %dst = tile.alloc : memref<16x17xbf16, #tile.scope<fragment>>
    tile.copy %a28, %dst : memref<?x?xbf16> to memref<16x17xbf16, #tile.scope<fragment>>
    tile.copy %a27, %dst[%c7, %a29] : memref<i16> to memref<16x17xbf16, #tile.scope<fragment>>
    tile.copy %dst, %a28 : memref<16x17xbf16, #tile.scope<fragment>> to memref<?x?xbf16>
  }
  tile.launch blocks() in () threads(33) {
    %src = tile.alloc : memref<31x5xf32, #tile.scope<shared>>
    tile.copy %a30, %src : memref<?x?xf32> to memref<31x5xf32, #tile.scope<shared>>
    %dst = tile.alloc : memref<31x5xf32, #tile.scope<fragment>>
    tile.copy %a31, %dst : memref<?x?xf32> to memref<31x5xf32, #tile.scope<fragment>>
    %pad = arith.constant 0x0 : f32
    tile.copy %src[%a32, %a33], %dst[%c5, %c8] extents [14, %c7] pad(%pad : f32) : memref<31x5xf32, #tile.scope<shared>> to memref<31x5xf32, #tile.scope<fragment>>
    tile.copy %dst, %a31 : memref<31x5xf32, #tile.scope<fragment>> to memref<?x?xf32>
  }
  tile.launch blocks() in () threads(1) {
    %src = tile.alloc : memref<8xf8E4M3FN, #tile.scope<fragment>>
    tile.copy %a34, %src : memref<8xf8E4M3FN> to memref<8xf8E4M3FN, #tile.scope<fragment>>
    %dst = tile.alloc : memref<16x7xbf16, #tile.scope<fragment>>
    tile.copy %a35, %dst : memref<16x7xbf16> to memref<16x7xbf16, #tile.scope<fragment>>
    tile.copy %src[%c6], %dst[%c9, %c2] : memref<8xf8E4M3FN, #tile.scope<fragment>> to memref<16x7xbf16, #tile.scope<fragment>>
    tile.copy %dst, %a35 : memref<16x7xbf16, #tile.scope<fragment>> to memref<16x7xbf16>
  }
  tile.launch blocks() in () threads(1) {
    %src = tile.alloc : memref<16x16x5xf32, #tile.scope<local>>
    tile.copy %a36, %src : memref<16x16x5xf32> to memref<16x16x5xf32, #tile.scope<local>>
    %dst = tile.alloc : memref<16x16x5xi16, #tile.scope<fragment>>
    tile.copy %a37, %dst : memref<16x16x5xi16> to memref<16x16x5xi16, #tile.scope<fragment>>
    tile.copy %src[%a38, %c10, %a39], %dst : memref<16x16x5xf32, #tile.scope<local>> to memref<16x16x5xi16, #tile.scope<fragment>>
    tile.copy %dst, %a37 : memref<16x16x5xi16, #tile.scope<fragment>> to memref<16x16x5xi16>
  }
  tile.launch blocks() in () threads(1) {
    %dst = tile.alloc : memref<i64, #tile.scope<local>>
    tile.copy %a41, %dst : memref<i64> to memref<i64, #tile.scope<local>>
    %pad = arith.constant 0 : i64
    tile.copy %a40[%c8, %c11, %a42], %dst pad(%pad : i64) : memref<?x?x?xi64> to memref<i64, #tile.scope<local>>
    tile.copy %dst, %a41 : memref<i64, #tile.scope<local>> to memref<i64>
  }
  tile.launch blocks() in () threads(1024) {
    %src = tile.alloc : memref<17x31xf8E5M2, #tile.scope<shared>>
    tile.copy %a43, %src : memref<?x?xf8E5M2> to memref<17x31xf8E5M2, #tile.scope<shared>>
    %dst = tile.alloc : memref<17x31xi64, #tile.scope<local>>
    tile.copy %a44, %dst : memref<?x?xi64> to memref<17x31xi64, #tile.scope<local>>
    %pad = arith.constant 0x3e : f8E5M2
    tile.copy %src, %dst[%c9, %a45] pad(%pad : f8E5M2) : memref<17x31xf8E5M2, #tile.scope<shared>> to memref<17x31xi64, #tile.scope<local>>
    tile.copy %dst, %a44 : memref<17x31xi64, #tile.scope<local>> to memref<?x?xi64>
  }
  tile.launch blocks() in () threads(128) {
    %src = tile.alloc : memref<7x3xi1, #tile.scope<fragment>>
    tile.copy %a46, %src : memref<7x3xi1> to memref<7x3xi1, #tile.scope<fragment>>
    %dst = tile.alloc : memref<16x8xi1, #tile.scope<local>>
    tile.copy %a47, %dst : memref<16x8xi1> to memref<16x8xi1, #tile.scope<local>>
    tile.copy %src[%a48, %c12], %dst[%c9, %c13] : memref<7x3xi1, #tile.scope<fragment>> to memref<16x8xi1, #tile.scope<local>>
    tile.copy %dst, %a47 : memref<16x8xi1, #tile.scope<local>> to memref<16x8xi1>
  }
  tile.launch blocks() in () threads(2) {
    %src = tile.alloc : memref<17x2x31xf32, #tile.scope<local>>
    tile.copy %a49, %src : memref<?x?x?xf32> to memref<17x2x31xf32, #tile.scope<local>>
    %dst = tile.alloc : memref<17x5x2xf32, #tile.scope<local>>
    tile.copy %a50, %dst : memref<?x?x?xf32> to memref<17x5x2xf32, #tile.scope<local>>
    tile.copy %src, %dst : memref<17x2x31xf32, #tile.scope<local>> to memref<17x5x2xf32, #tile.scope<local>>
    tile.copy %dst, %a50 : memref<17x5x2xf32, #tile.scope<local>> to memref<?x?x?xf32>
  }
  return
}
