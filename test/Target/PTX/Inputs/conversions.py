"""Writes a kernel that copies between buffers of every two element types."""

TYPES = ["f64", "f32", "f16", "bf16", "f8E4M3FN", "f8E5M2",
         "i64", "i32", "i16", "i8", "i1", "index"]

args = [f"%s{i}: memref<?x{t}>, %d{i}: memref<?x{t}>" for i, t in enumerate(TYPES)]
print(f"func.func @conversions({', '.join(args)}) {{")
print("  tile.launch blocks() in () threads(64) {")
for i, source in enumerate(TYPES):
    for j, destination in enumerate(TYPES):
        print(f"    tile.copy %s{i}, %d{j} : memref<?x{source}> to memref<?x{destination}>")
print("  }\n  return\n}")
