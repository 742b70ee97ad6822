// RUN: not tile-opt %s --pass-pipeline='builtin.module(convert-linalg-to-tile{gemm-tile=64,64})' 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: not tile-opt %s --pass-pipeline='builtin.module(convert-linalg-to-tile{elementwise-tile=0,64})' 2>&1 | FileCheck %s --check-prefix=SIZE
// RUN: not tile-opt %s --pass-pipeline='builtin.module(convert-linalg-to-tile{reduce-tile=1})' 2>&1 | FileCheck %s --check-prefix=REDUCE
// RUN: not tile-opt %s --pass-pipeline='builtin.module(convert-linalg-to-tile{threads=1025})' 2>&1 | FileCheck %s --check-prefix=THREADS
// RUN: not tile-opt %s --pass-pipeline='builtin.module(convert-linalg-to-tile{stages=0})' 2>&1 | FileCheck %s --check-prefix=STAGES

// COUNT: error: expected 3 sizes in 'gemm-tile', found 2
// SIZE: error: expected positive sizes in 'elementwise-tile', found 0
// REDUCE: error: expected 2 sizes in 'reduce-tile', found 1
// THREADS: error: expected 1 to 1024 in 'threads', found 1025
// STAGES: error: expected a positive number in 'stages', found 0
func.func @f() {
  return
}
