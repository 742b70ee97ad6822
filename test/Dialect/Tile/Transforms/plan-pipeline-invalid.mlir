// RUN: not tile-opt %s --tile-plan-pipeline=chip=sm_1 2>&1 | FileCheck %s

// CHECK: error: unknown chip 'sm_1'
module {}
