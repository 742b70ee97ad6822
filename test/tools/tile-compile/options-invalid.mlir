// Mistakes in the options, and what the system lacks. Nothing is written.

// RUN: rm -rf %t && mkdir -p %t/folder && cd %t
// DEFINE: %{options} =
// DEFINE: %{prefix} =
// DEFINE: %{check} = not tile-compile %s %{options} 2>&1 | FileCheck %s --match-full-lines --check-prefix=%{prefix}

// RUN: not tile-compile --emit=object -o out 2>&1 | FileCheck %s --match-full-lines --check-prefix=FILE
// FILE: tile-compile: error: missing the file to compile

// RUN: not tile-compile absent.mlir --emit=object -o out 2>&1 | FileCheck %s --match-full-lines --check-prefix=ABSENT
// ABSENT: tile-compile: error: cannot open input file 'absent.mlir': No such file or directory

// REDEFINE: %{options} = --bogus
// REDEFINE: %{prefix} = BOGUS
// RUN: %{check}
// BOGUS: tile-compile: error: unknown command line argument '--bogus'

// REDEFINE: %{options} = --emit=exe -o out
// REDEFINE: %{prefix} = EMIT
// RUN: %{check}
// EMIT: tile-compile: error: expected --emit of ptx, cubin, object, shared or c-header, got 'exe'

// REDEFINE: %{options} = --emit=object
// REDEFINE: %{prefix} = OUT
// RUN: %{check}
// OUT: tile-compile: error: missing -o OUT, the file to write

// REDEFINE: %{options} = --emit=shared -o -
// REDEFINE: %{prefix} = STDOUT
// RUN: %{check}
// STDOUT: tile-compile: error: expected -o to name a file for a shared library, got -

// REDEFINE: %{options} = --emit=object -o out --target=tpu
// REDEFINE: %{prefix} = TARGET
// RUN: %{check}
// TARGET: tile-compile: error: expected --target of cpu or cuda, got 'tpu'

// REDEFINE: %{options} = --emit=ptx -o out --target=cpu
// REDEFINE: %{prefix} = PTX
// RUN: %{check}
// PTX: tile-compile: error: expected --target=cuda with --emit=ptx, got cpu

// REDEFINE: %{options} = --emit=object -o out --target=cpu --chip=sm_80
// REDEFINE: %{prefix} = CHIP
// RUN: %{check}
// CHIP: tile-compile: error: expected --target=cuda with --chip, got cpu

// REDEFINE: %{options} = --emit=object -o out --opt-level=4
// REDEFINE: %{prefix} = LEVEL
// RUN: %{check}
// LEVEL: tile-compile: error: expected --opt-level of 0 to 3, got '4'

// Options that would change nothing.

// REDEFINE: %{options} = --emit=object -o out --runtime=lib.a
// REDEFINE: %{prefix} = RUNTIMEUSE
// RUN: %{check}
// RUNTIMEUSE: tile-compile: error: expected --runtime with --emit of shared, got object

// REDEFINE: %{options} = --emit=ptx -o out --cpu=native
// REDEFINE: %{prefix} = CPUUSE
// RUN: %{check}
// CPUUSE: tile-compile: error: expected --cpu with --emit of object or shared, got ptx

// REDEFINE: %{options} = --emit=cubin -o out --assemble
// REDEFINE: %{prefix} = ASSEMBLEUSE
// RUN: %{check}
// ASSEMBLEUSE: tile-compile: error: expected --assemble with --emit of object or shared, got cubin

// REDEFINE: %{options} = --emit=ptx -o out --symbol=f
// REDEFINE: %{prefix} = SYMBOLUSE
// RUN: %{check}
// SYMBOLUSE: tile-compile: error: expected --symbol with --emit of object or shared or c-header, got ptx

// REDEFINE: %{options} = --emit=c-header -o out --opt-level=2
// REDEFINE: %{prefix} = LEVELUSE
// RUN: %{check}
// LEVELUSE: tile-compile: error: expected --opt-level with --emit of ptx or cubin or object or shared, got c-header

// REDEFINE: %{options} = --emit=object -o out --target=cpu --assemble
// REDEFINE: %{prefix} = ASSEMBLECPU
// RUN: %{check}
// ASSEMBLECPU: tile-compile: error: expected --target=cuda with --assemble, got cpu

// REDEFINE: %{options} = --emit=object -o out --assemble
// REDEFINE: %{prefix} = ASSEMBLEDEFAULT
// RUN: %{check}
// ASSEMBLEDEFAULT: tile-compile: error: expected --target=cuda with --assemble, got cpu

// REDEFINE: %{options} = --emit=c-header -o out --chip=foo
// REDEFINE: %{prefix} = UNKNOWNCHIP
// RUN: %{check}
// UNKNOWNCHIP: tile-compile: error: unknown chip 'foo': expected sm_80, {{.*}}

// REDEFINE: %{options} = --entry=f --emit=object -o out --cpu=z80
// REDEFINE: %{prefix} = CPU
// RUN: %{check}
// CPU: tile-compile: error: unknown CPU 'z80' for {{.*}}; expected native or a name that llc -mcpu=help lists

// REDEFINE: %{options} = --entry=f --emit=c-header -o out --symbol=int
// REDEFINE: %{prefix} = SYMBOL
// RUN: %{check}
// SYMBOL: tile-compile: error: expected a name that C can give to a function, found 'int'

// REDEFINE: %{options} = --entry=f --emit=object -o out --symbol=expf
// REDEFINE: %{prefix} = LIBRARY
// RUN: %{check}
// LIBRARY: tile-compile: error: expected a name that the C library does not have, found 'expf'

// RUN: sh -c "for name in _f __f noexcept typeof int64_t INT64_MAX linux errno tile_tensor_1d TILE_TENSOR_1D; do not tile-compile %s --entry=f --emit=c-header -o out --symbol=\$name || exit 1; done" 2>&1 | FileCheck %s --match-full-lines --check-prefix=RESERVED
// RESERVED: tile-compile: error: expected a name that C can give to a function, found '_f'
// RESERVED-NEXT: tile-compile: error: expected a name that C can give to a function, found '__f'
// RESERVED-NEXT: tile-compile: error: expected a name that C can give to a function, found 'noexcept'
// RESERVED-NEXT: tile-compile: error: expected a name that C can give to a function, found 'typeof'
// RESERVED-NEXT: tile-compile: error: expected a name that C can give to a function, found 'int64_t'
// RESERVED-NEXT: tile-compile: error: expected a name that C can give to a function, found 'INT64_MAX'
// RESERVED-NEXT: tile-compile: error: expected a name that C can give to a function, found 'linux'
// RESERVED-NEXT: tile-compile: error: expected a name that C can give to a function, found 'errno'
// RESERVED-NEXT: tile-compile: error: expected a name that C can give to a function, found 'tile_tensor_1d'
// RESERVED-NEXT: tile-compile: error: expected a name that C can give to a function, found 'TILE_TENSOR_1D'

// RUN: sh -c "for name in main environ stdin assert; do not tile-compile %s --entry=f --emit=c-header -o out --symbol=\$name || exit 1; done" 2>&1 | FileCheck %s --match-full-lines --check-prefix=NAMES
// NAMES: tile-compile: error: expected a name that the C library does not have, found 'main'
// NAMES-NEXT: tile-compile: error: expected a name that the C library does not have, found 'environ'
// NAMES-NEXT: tile-compile: error: expected a name that the C library does not have, found 'stdin'
// NAMES-NEXT: tile-compile: error: expected a name that the C library does not have, found 'assert'

// REDEFINE: %{options} = --entry=f --emit=object -o out --symbol=tileRuntimeFail
// REDEFINE: %{prefix} = TAKEN
// RUN: %{check}
// TAKEN: tile-compile: error: the code calls the function 'tileRuntimeFail' of C, so it needs another name itself

// REDEFINE: %{options} = --entry=f --emit=object -o absent/out
// REDEFINE: %{prefix} = WRITE
// RUN: %{check}
// WRITE: tile-compile: error: cannot write 'absent/out': {{.*}}No such file or directory{{.*}}

// REDEFINE: %{options} = --entry=f --emit=shared -o absent/out
// REDEFINE: %{prefix} = FOLDER
// RUN: %{check}
// FOLDER: tile-compile: error: cannot write 'absent/out': No such file or directory

// REDEFINE: %{options} = --entry=f --emit=shared -o out --runtime=absent.a
// REDEFINE: %{prefix} = RUNTIME
// RUN: %{check}
// RUNTIME: tile-compile: error: missing the runtime: expected it in 'absent.a'

// RUN: env PATH=%t not %tools_dir/tile-compile %s --entry=f --emit=shared -o out --runtime=%s 2>&1 | FileCheck %s --match-full-lines --check-prefix=NOLINKER
// NOLINKER: tile-compile: error: missing a linker: expected ld.lld, ld or cc in PATH, or TILE_LINKER to name one

// RUN: env TILE_LINKER=absent-ld not tile-compile %s --entry=f --emit=shared -o out --runtime=%s 2>&1 | FileCheck %s --match-full-lines --check-prefix=LINKER
// LINKER: tile-compile: error: cannot find the linker 'absent-ld', which TILE_LINKER names

// RUN: env TILE_LINKER=false not tile-compile %s --entry=f --emit=shared -o out --runtime=%s 2>&1 | FileCheck %s --match-full-lines --check-prefix=FAILED
// FAILED: tile-compile: error: {{.*}}false failed: exit code 1

// RUN: env TILE_LINKER=ld not tile-compile %s --entry=f --emit=shared -o out --runtime=%s 2>&1 | FileCheck %s --match-full-lines --check-prefix=TEXT
// TEXT: tile-compile: error: {{.*}}ld failed: {{.*options-invalid.mlir.*}}

// RUN: env TMPDIR=%t/absent not tile-compile %s --entry=f --emit=shared -o out --runtime=%s 2>&1 | FileCheck %s --match-full-lines --check-prefix=TEMPORARY
// TEMPORARY: tile-compile: error: cannot make a temporary file: No such file or directory

// RUN: env TILE_LINKER=touch not tile-compile %s --entry=f --emit=shared -o out --runtime=%s 2>&1 | FileCheck %s --match-full-lines --check-prefix=TOUCH
// TOUCH: tile-compile: error: {{.*}}touch failed: {{.*}}

// RUN: printf '#!/bin/sh\nfor word; do [ "$last" = -o ] && rm "$word"; last=$word; done; true' > %t/ld-rm && chmod +x %t/ld-rm
// RUN: env TILE_LINKER=%t/ld-rm not tile-compile %s --entry=f --emit=shared -o out --runtime=%s 2>&1 | FileCheck %s --match-full-lines --check-prefix=GONE
// RUN: rm %t/ld-rm
// GONE: tile-compile: error: cannot read what {{.*}}ld-rm wrote: No such file or directory

// What a function of C cannot take.

// REDEFINE: %{options} = --entry=late --emit=c-header -o out
// REDEFINE: %{prefix} = LATE
// RUN: %{check}
// LATE: tile-compile: error: argument 1 of function 'late': expected an argument that is passed at launch, found one that is known at compile time

// REDEFINE: %{options} = --entry=unranked --emit=c-header -o out
// REDEFINE: %{prefix} = RANK
// RUN: %{check}
// RANK: tile-compile: error: argument 0 of function 'unranked': expected a tensor of known rank, found memref<*xf32>

// REDEFINE: %{options} = --emit=c-header -o out
// REDEFINE: %{prefix} = ENTRY
// RUN: %{check}
// ENTRY: tile-compile: error: missing --entry=NAME; the functions are 'f', 'late', 'unranked', 'invalid'

// What the verifier refuses is reported where it stands.

// REDEFINE: %{options} = --entry=invalid --emit=object -o out
// RUN: not tile-compile %s %{options} 2>&1 | FileCheck %s --check-prefix=PLACE
// PLACE: options-invalid.mlir:[[@LINE+25]]:8: error: 'tile.symbol' op unknown symbol

// RUN: ls | FileCheck %s --check-prefix=LEFT --match-full-lines --implicit-check-not={{.}}
// LEFT: folder

func.func @f(%a: memref<4xf32>, %n: index) {
  tile.launch blocks(%b) in (%n) threads(4) {
    tile.parallel (%i) in (4) {
      %x = memref.load %a[%i] : memref<4xf32>
      memref.store %x, %a[%i] : memref<4xf32>
    }
  }
  return
}

func.func @late(%a: memref<4xf32>,
                %n: index {tile.annotation = #tile.value<index>}) {
  return
}

func.func @unranked(%a: memref<*xf32>) {
  return
}

func.func @invalid(%a: memref<4xf32>) {
  %x = tile.symbol "Nowhere"
  return
}
