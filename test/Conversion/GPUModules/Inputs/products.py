"""A kernel that stores (x + k) * s for k = 0, 1, ... up to a count."""

import sys

count = int(sys.argv[1])
print("""gpu.module @kernels [#nvvm.target<chip = "sm_80">] {
llvm.func @products(%x: i32, %s: i32, %to: !llvm.ptr<1>) attributes {nvvm.kernel} {""")
for k in range(count):
    print(f"""  %k{k} = llvm.mlir.constant({k} : i32) : i32
  %a{k} = llvm.add %x, %k{k} : i32
  %p{k} = llvm.mul %a{k}, %s : i32
  %e{k} = llvm.getelementptr %to[{k}] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32
  llvm.store %p{k}, %e{k} : i32, !llvm.ptr<1>""")
print("  llvm.return\n}\n}")
