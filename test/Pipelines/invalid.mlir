// Pipelines are for modules; a text that puts one elsewhere is refused before
// MLIR would end the process.

// DEFINE: %{name} =
// DEFINE: %{run} = not tile-opt %s --pass-pipeline='builtin.module(func.func(%{name}))' 2>&1 \
// DEFINE:   | FileCheck %s --implicit-check-not=crash -DNAME=%{name}
// REDEFINE: %{name} = tile-to-cpu
// RUN: %{run}
// REDEFINE: %{name} = tile-to-gpu
// RUN: %{run}
// REDEFINE: %{name} = tile-to-nvvm
// RUN: %{run}
// REDEFINE: %{name} = tile-to-ptx
// RUN: %{run}
// REDEFINE: %{name} = tile-host-to-llvm
// RUN: %{run}
// CHECK: error: expected '[[NAME]]' in a pipeline of 'builtin.module', found it in one of 'func.func'

// RUN: not tile-opt %s --tile-to-cpu=chip=sm_80 2>&1 | FileCheck %s --check-prefix=OPTION
// OPTION: no such option chip

// RUN: tile-opt %s --pass-pipeline='any(tile-to-cpu)' | FileCheck %s --check-prefix=ANY
// ANY: llvm.func @f
func.func @f() {
  return
}
