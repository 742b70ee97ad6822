// Each thing to write, to a file and to the standard output.

// RUN: tile-compile %s --emit=ptx --chip=sm_90a -o - | FileCheck %s --check-prefix=PTX
// PTX: .target sm_90a
// PTX: .entry fill_kernel

// A function for a GPU takes a stream. A name in an attribute wins
// over that in the text.
// RUN: tile-compile %s --emit=c-header --target=cuda -o %t.h
// RUN: FileCheck %s --check-prefix=HEADER < %t.h
// HEADER:      /* fill for programs in C and C++. */
// HEADER:      typedef struct tile_tensor_1d {
// HEADER:      int64_t sizes[1];
// HEADER:      int64_t strides[1];
// HEADER:       *   to     N * 2 of f32, written
// HEADER-NEXT:  *   value  f32
// HEADER:       * Runs on the current CUDA device
// HEADER:      int fill(const tile_tensor_1d *to,
// HEADER-NEXT:          float value,
// HEADER-NEXT:          void *stream);
// HEADER:      const char *fill_error(void);

// RUN: tile-compile %s --emit=c-header --symbol=set_all -o - | FileCheck %s --check-prefix=SYMBOL
// SYMBOL:      Runs on the CPU
// SYMBOL:      int set_all(const tile_tensor_1d *to,
// SYMBOL-NEXT:             float value);
// SYMBOL:      const char *set_all_error(void);

// The image of the kernel is in the object.
// RUN: tile-compile %s --emit=object --chip=sm_90a --symbol=set_all -o %t.o
// RUN: llvm-nm %t.o | FileCheck %s --check-prefix=OBJECT --implicit-check-not=" T "
// OBJECT-DAG: T set_all
// OBJECT-DAG: T set_all_error
// OBJECT-DAG: U tileRuntimeCall
// OBJECT-DAG: U tileRuntimeLastError
// OBJECT-DAG: U tileRuntimeLaunch
// RUN: llvm-strings %t.o | FileCheck %s --check-prefix=PTX

// From bytecode, where arguments have no names but those of attributes.
// RUN: tile-opt %s --emit-bytecode -o %t.bc
// RUN: tile-compile %t.bc --emit=c-header -o - | FileCheck %s --check-prefix=BYTECODE
// BYTECODE: int fill(const tile_tensor_1d *to,
// BYTECODE-NEXT: float arg1);

func.func @fill(%a: memref<?xf32> {
                  tile.name = "to",
                  tile.annotation = #tile.tensor<[N * 2], f32>},
                %value: f32) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %a, %c0 : memref<?xf32>
  tile.launch blocks(%b) in (%n) threads(32) {
    memref.store %value, %a[%b] : memref<?xf32>
  }
  return
}
