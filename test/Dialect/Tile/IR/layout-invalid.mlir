// RUN: tile-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expected one stride for each extent}}
func.func private @f() attributes {l = #tile.layout<threads (4,8):(2), values (2):(1), shape 8x8>}

// -----

// expected-error@+1 {{expected extents of at least 1 and strides of at least 0, found 0:2}}
func.func private @f() attributes {l = #tile.layout<threads (0,8):(2,8), values (2):(1), shape 8x8>}
