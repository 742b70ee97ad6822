// The library that is built in is the file, and says the same after each trip
// through the printer.

// RUN: tile-opt %source_dir/lib/Dialect/Tile/Library/schedulers.mlir --verify-roundtrip -o %t.file.mlir
// RUN: tile-opt %s --tile-import -o %t.imported.mlir
// RUN: diff %t.file.mlir %t.imported.mlir
// RUN: FileCheck %s < %t.imported.mlir

// CHECK: tile.class @TileScheduler {
// CHECK: tile.class @PersistentTileScheduler extends @TileScheduler {
// CHECK: tile.class @PartialTileScheduler extends @PersistentTileScheduler {
// CHECK: tile.class @SplitKTileScheduler extends @PartialTileScheduler {
// CHECK: tile.class @StreamKTileScheduler extends @PartialTileScheduler {
tile.import "tile/schedulers"
