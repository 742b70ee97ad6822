// What is open at compile time gets values, and is no parameter of C then.

// RUN: rm -rf %t && mkdir -p %t && cd %t
// RUN: tile-compile %s --entry=fill --set K=8 --set T=f64 --set add=-7 --emit=c-header -o - | FileCheck %s --check-prefix=HEADER
// HEADER:      *   a      M x 8 of f64
// HEADER:      int fill(const tile_tensor_2d *a,
// HEADER-NEXT:          int32_t value);

// An argument without a value has its default, which needs no --set.
// RUN: tile-compile %s --entry=plain --emit=ptx --chip=sm_80 -o - | FileCheck %s --check-prefix=DEFAULT
// DEFAULT: .entry plain_kernel
// DEFAULT: st.global.{{[a-z]*}}32 [{{.*}}], 100;
// RUN: tile-compile %s --entry=plain --set add=77 --emit=ptx --chip=sm_80 -o - | FileCheck %s --check-prefix=GIVEN
// GIVEN: st.global.{{[a-z]*}}32 [{{.*}}], 77;

// A program calls the kernel of these values.
// RUN: tile-compile %s --entry=plain --set add=77 --symbol=plain_77 --emit=c-header -o plain.h
// RUN: tile-compile %s --entry=plain --set add=77 --symbol=plain_77 --emit=object -o plain.o
// RUN: %cc -std=c11 -I. %S/Inputs/set.c plain.o %binary_dir/lib/libtile-runtime.a -lm -o plain
// RUN: ./plain | FileCheck %s --check-prefix=PROGRAM
// PROGRAM: 77 77 77

// What does not fit.
// RUN: not tile-compile %s --entry=plain --set add --emit=ptx -o out 2>&1 | FileCheck %s --check-prefix=FORM
// FORM: tile-compile: error: expected --set of NAME=VALUE, got 'add'
// RUN: not tile-compile %s --entry=plain --set ad=3 --emit=ptx -o out 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: expected a function with an argument, a size or an element type 'ad' known at compile time, found none
// RUN: not tile-compile %s --entry=plain --set add=x --emit=ptx -o out 2>&1 | FileCheck %s --check-prefix=VALUE
// VALUE: set.mlir:[[@LINE+14]]:5: error: argument #1 'add': expected a value of 'i32', found 'x'
// RUN: not tile-compile %s --entry=fill --set T=f64 --set K=8 --emit=ptx -o out 2>&1 | FileCheck %s --check-prefix=OPEN
// OPEN: error: argument #2 'add': expected a value of #tile.value<i32> at compile time, found none
// RUN: not ls out

func.func @fill(
    %a: memref<?x?xf64> {tile.annotation = #tile.tensor<[M, static K], static T>},
    %value: i32,
    %add: i32 {tile.annotation = #tile.value<i32>}) {
  return
}

func.func @plain(
    %a: memref<3xi32>,
    %add: i32 {tile.annotation = #tile.value<i32>, tile.default = 100 : i32}) {
  %c3 = arith.constant 3 : index
  tile.launch blocks(%i) in (%c3) threads(32) {
    memref.store %add, %a[%i] : memref<3xi32>
  }
  return
}
