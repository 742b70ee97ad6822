// Headers of any kernel go through compilers of C and C++, whatever parameters
// are called, and after other headers.

// RUN: rm -rf %t && mkdir -p %t && cd %t
// RUN: tile-compile %s --emit=c-header --entry=words -o words.h
// RUN: FileCheck %s < words.h
// CHECK:      int words(const tile_tensor_1d *tile_tensor_1d_,
// CHECK:      int64_t thread_local_,
// CHECK:      int64_t INT64_MAX_,
// CHECK:      int64_t x,
// CHECK-NEXT: int64_t x_,
// CHECK-NEXT: int64_t x__,
// CHECK:      const tile_tensor_1d *tile_tensor_1d__,
// CHECK-NEXT: const tile_tensor_1d *arg0);

// Names that differ in case alone are two kernels.
// RUN: tile-compile %s --emit=c-header --entry=scale -o scale.h
// RUN: tile-compile %s --emit=c-header --entry=Scale -o Scale_.h

// RUN: tile-compile %s --emit=c-header --entry=words --target=cuda --symbol=w \
// RUN:   -o w.h
// DEFINE: %{c} = %cc -Wall -Wextra -Werror -fsyntax-only -I%t
// DEFINE: %{cpp} = %cxx -Wall -Wextra -Werror -fsyntax-only -I%t
// RUN: %{c} -std=c11 -pedantic %S/Inputs/names.c
// RUN: %{c} %S/Inputs/names.c
// RUN: %{c} -std=c2x %S/Inputs/names.c
// RUN: %{cpp} -std=c++20 -x c++ %S/Inputs/names.c
// RUN: %{cpp} -x c++ %S/Inputs/names.c

func.func @words(
    %tile_tensor_1d: memref<?xf32>, %alignas: i64, %alignof: i64, %and: i64,
    %and_eq: i64, %asm: i64, %auto: i64, %bitand: i64, %bitor: i64, %bool:
    i64, %break: i64, %case: i64, %catch: i64, %char: i64, %char16_t: i64,
    %char32_t: i64, %char8_t: i64, %class: i64, %co_await: i64, %co_return:
    i64, %co_yield: i64, %compl: i64, %concept: i64, %const: i64,
    %const_cast: i64, %consteval: i64, %constexpr: i64, %constinit: i64,
    %continue: i64, %contract_assert: i64, %decltype: i64, %default: i64,
    %delete: i64, %do: i64, %double: i64, %dynamic_cast: i64, %else: i64,
    %enum: i64, %explicit: i64, %export: i64, %extern: i64, %false: i64,
    %float: i64, %for: i64, %friend: i64, %goto: i64, %if: i64, %inline:
    i64, %int: i64, %long: i64, %max_align_t: i64, %mutable: i64,
    %namespace: i64, %new: i64, %noexcept: i64, %not: i64, %not_eq: i64,
    %nullptr: i64, %operator: i64, %or: i64, %or_eq: i64, %private: i64,
    %protected: i64, %ptrdiff_t: i64, %public: i64, %register: i64,
    %reinterpret_cast: i64, %requires: i64, %restrict: i64, %return: i64,
    %short: i64, %signed: i64, %size_t: i64, %sizeof: i64, %static: i64,
    %static_assert: i64, %static_cast: i64, %struct: i64, %switch: i64,
    %template: i64, %this: i64, %thread_local: i64, %throw: i64, %true: i64,
    %try: i64, %typedef: i64, %typeid: i64, %typename: i64, %typeof: i64,
    %typeof_unqual: i64, %union: i64, %unsigned: i64, %using: i64, %virtual:
    i64, %void: i64, %volatile: i64, %wchar_t: i64, %while: i64, %xor: i64,
    %xor_eq: i64, %BUFSIZ: i64, %EOF: i64, %I: i64, %NULL: i64, %PPC: i64,
    %complex: i64, %errno: i64, %i386: i64, %imaginary: i64, %linux: i64,
    %mips: i64, %noreturn: i64, %offsetof: i64, %signgam: i64, %sparc: i64,
    %sun: i64, %unix: i64, %_Bool: i64, %_Complex: i64, %_Generic: i64,
    %_Static_assert: i64, %_Thread_local: i64, %__asm__: i64, %__linux__:
    i64, %__inline: i64, %_: i64, %INT64_MAX: i64, %INT8_MIN: i64,
    %SIZE_MAX: i64, %UINT32_C: i64, %INT_WIDTH: i64, %CHAR_BIT: i64,
    %int8_t: i64, %int16_t: i64, %int32_t: i64, %int64_t: i64, %uint64_t:
    i64, %intptr_t: i64, %int_fast8_t: i64, %TILE_TENSOR_1D: i64,
    %TILE_KERNEL_words_H: i64, %words: i64, %words_error: i64, %stream: i64,
    %x: i64, %x_: i64, %_x: i64, %stdin: i64, %environ: i64, %assert: i64,
    %main: i64, %final: i64, %override: i64, %import: i64, %module: i64,
    %tile_tensor_1d_: memref<?xf32>, %0: memref<?xf32>) {
  return
}

func.func @scale(%a: memref<4xf32>) {
  return
}

func.func @Scale(%a: memref<4xf32>) {
  return
}
