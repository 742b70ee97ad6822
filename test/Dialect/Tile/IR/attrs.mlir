// Scopes as memory spaces, in text and in bytecode.

// RUN: tile-opt %s | FileCheck %s
// RUN: tile-opt %s --emit-bytecode | tile-opt | FileCheck %s
// RUN: tile-opt %s --mlir-print-op-generic | tile-opt | FileCheck %s

// CHECK: func.func private @scopes(memref<4xf32, #tile.scope<global>>, memref<4xf32, #tile.scope<shared>>, memref<4xf32, #tile.scope<fragment>>, memref<4xf32, #tile.scope<local>>)
func.func private @scopes(memref<4xf32, #tile.scope<global>>,
  memref<4xf32, #tile.scope<shared>>, memref<4xf32, #tile.scope<fragment>>,
  memref<4xf32, #tile.scope<local>>)

// Other types may carry a scope too, and a scope may be any attribute.
// CHECK: func.func private @others(memref<*xf32, #tile.scope<shared>>) attributes {a.scope = #tile.scope<local>}
func.func private @others(memref<*xf32, #tile.scope<shared>>)
  attributes {a.scope = #tile.scope<local>}

// The memory space none is the global scope.
// CHECK-LABEL: func @same
func.func @same(%a: memref<4xf32>, %b: memref<4xf32, #tile.scope<global>>) {
  // CHECK: tile.copy {{.*}} : memref<4xf32> to memref<4xf32, #tile.scope<global>>
  tile.copy %a, %b : memref<4xf32> to memref<4xf32, #tile.scope<global>>
  return
}

// CHECK-LABEL: func @kinds
// CHECK-SAME: a.list = [#tile<reduce_kind absmax>, #tile<atomic_kind min>, #tile<precision tf32>]
func.func @kinds() attributes {a.list = [#tile<reduce_kind absmax>,
    #tile<atomic_kind min>, #tile<precision tf32>]} {
  return
}
