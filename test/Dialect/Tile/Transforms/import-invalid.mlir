// RUN: rm -rf %t && split-file %s %t && cd %t
// RUN: not tile-opt missing.mlir --tile-import=paths=elsewhere,%t/farther 2>&1 | FileCheck %s --check-prefix=MISSING -DDIR=%t
// RUN: not tile-opt missing-absolute.mlir --tile-import=paths=elsewhere 2>&1 | FileCheck %s --check-prefix=ABSOLUTE
// RUN: not tile-opt syntax.mlir --tile-import 2>&1 | FileCheck %s --check-prefix=SYNTAX
// RUN: not tile-opt nested.mlir --tile-import 2>&1 | FileCheck %s --check-prefix=NESTED
// RUN: not tile-opt other.mlir --tile-import 2>&1 | FileCheck %s --check-prefix=OTHER
// RUN: not tile-opt conflict.mlir --tile-import 2>&1 | FileCheck %s --check-prefix=CONFLICT
// RUN: not tile-opt two.mlir --tile-import 2>&1 | FileCheck %s --check-prefix=TWO
// RUN: not tile-opt declared.mlir --tile-import 2>&1 | FileCheck %s --check-prefix=DECLARED
// RUN: not tile-opt builtin.mlir --tile-import 2>&1 | FileCheck %s --check-prefix=BUILTIN
// RUN: not tile-opt unknown.mlir --tile-import --verify-each=0 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not tile-opt early.mlir --tile-inline-meta 2>&1 | FileCheck %s --check-prefix=EARLY

// MISSING: missing.mlir:1:1: error: 'tile.import' op expected the name of a built-in library or of a file, found "a/none.mlir"
// MISSING: note: the built-in libraries are tile/schedulers
// MISSING: note: looked for file a/none.mlir: No such file or directory
// MISSING: note: looked for file elsewhere{{.}}a/none.mlir: No such file or directory
// MISSING: note: looked for file [[DIR]]/farther{{.}}a/none.mlir: No such file or directory
// MISSING-NOT: note: looked
//--- missing.mlir
tile.import "a/none.mlir"

// ABSOLUTE: error: 'tile.import' op expected the name of a built-in library or of a file, found "/none.mlir"
// ABSOLUTE: note: looked for file /none.mlir: No such file or directory
// ABSOLUTE-NOT: note: looked
//--- missing-absolute.mlir
tile.import "/none.mlir"

// The error of the library, and the way to it.
// SYNTAX: libraries/syntax.mlir:3:1: error: custom op 'tile.field' expected valid '@'-identifier for symbol name
// SYNTAX: syntax.mlir:1:1: note: imported here
//--- syntax.mlir
tile.import "libraries/syntax.mlir"
//--- libraries/syntax.mlir
tile.class @A {
  tile.field
}

// NESTED: libraries/base.mlir:1:1: error: 'tile.class' op unknown class @Missing
// NESTED: libraries/nested.mlir:1:1: note: imported here
//--- nested.mlir
tile.import "libraries/nested.mlir"
//--- libraries/nested.mlir
tile.import "base.mlir"
//--- libraries/base.mlir
tile.class @A extends @Missing {
}

// OTHER: libraries/other.mlir:1:6: error: expected only symbols and imports in a library, found 'arith.constant'
// OTHER: other.mlir:1:1: note: imported here
//--- other.mlir
tile.import "libraries/other.mlir"
//--- libraries/other.mlir
%c = arith.constant 1 : i32

// CONFLICT: conflict.mlir:1:1: error: 'tile.import' op cannot import @A, of which there is another definition
// CONFLICT: libraries/a.mlir:1:1: note: the library defines it here
// CONFLICT: conflict.mlir:2:1: note: the other definition is here
//--- conflict.mlir
tile.import "libraries/a.mlir"
tile.class @A {
}
//--- libraries/a.mlir
tile.class @A {
  tile.field @x : i32
}

// TWO: two.mlir:2:1: error: 'tile.import' op cannot import @A, of which there is another definition
// TWO: libraries/b.mlir:1:1: note: the library defines it here
// TWO: libraries/a.mlir:1:1: note: the other definition is here
//--- two.mlir
tile.import "libraries/a.mlir"
tile.import "libraries/b.mlir"
//--- libraries/b.mlir
tile.class @A {
  tile.field @x : f32
}

// DECLARED: declared.mlir:1:1: error: 'tile.import' op cannot import @f, of which there is another definition
// DECLARED: libraries/f.mlir:1:1: note: the library defines it here
// DECLARED: declared.mlir:2:1: note: the other definition is here
//--- declared.mlir
tile.import "libraries/f.mlir"
func.func private @f(i32)
//--- libraries/f.mlir
func.func @f() {
  return
}

// BUILTIN: error: 'tile.import' op cannot import @TileScheduler, of which there is another definition
// BUILTIN: tile/schedulers:{{[0-9]+}}:1: note: the library defines it here
// BUILTIN: builtin.mlir:2:1: note: the other definition is here
//--- builtin.mlir
tile.import "tile/schedulers"
tile.class @TileScheduler {
}

// What could not be verified before, class by class.
// UNKNOWN-DAG: unknown.mlir:3:1: error: 'tile.class' op unknown class @Missing
//--- unknown.mlir
tile.import "libraries/a.mlir"
// An import that brings something else.
tile.class @B extends @Missing {
}

// EARLY: early.mlir:1:1: error: 'tile.import' op expected 'tile-import' to run before 'tile-inline-meta'
//--- early.mlir
tile.import "tile/schedulers"
