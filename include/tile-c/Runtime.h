//===- Runtime.h - devices, streams and events -------------------*- C -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime is a C interface of its own, with no dependency on MLIR.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_C_RUNTIME_H
#define TILE_C_RUNTIME_H

#include "tile/Runtime/Runtime.h"

#endif // TILE_C_RUNTIME_H
