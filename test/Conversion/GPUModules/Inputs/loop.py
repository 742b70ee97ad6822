"""A kernel with many sums and a loop that stores multiples of a number, by itself
or with a matrix instruction."""

import sys

print("""gpu.module @kernels [#nvvm.target<chip = "sm_80">] {
llvm.func @multiples(%x: i32, %s: i32, %n: i32, %to: !llvm.ptr<1>) attributes {nvvm.kernel} {
  %zero = llvm.mlir.constant(0 : i32) : i32
  %one = llvm.mlir.constant(1 : i32) : i32
  %h = llvm.mlir.constant(dense<1.0> : vector<2xf16>) : vector<2xf16>""")
for k in range(600):
    print(f"""  %k{k} = llvm.mlir.constant({k} : i32) : i32
  %a{k} = llvm.add %x, %k{k} : i32
  %p{k} = llvm.xor %a{k}, %s : i32
  %e{k} = llvm.getelementptr %to[{k}] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32
  llvm.store %p{k}, %e{k} : i32, !llvm.ptr<1>""")
print("""  llvm.br ^loop(%zero : i32)
^loop(%i: i32):
  %p = llvm.mul %i, %s : i32
  %q = llvm.xor %p, %x : i32
  llvm.store volatile %q, %to : i32, !llvm.ptr<1>""")
if sys.argv[1] == "mma":
    print("""  %m = nvvm.mma.sync A[%h, %h] B[%h] C[%h, %h] {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, shape = #nvvm.shape<m = 16, n = 8, k = 8>} : (vector<2xf16>, vector<2xf16>, vector<2xf16>) -> !llvm.struct<(vector<2xf16>, vector<2xf16>)>
  %r = llvm.extractvalue %m[0] : !llvm.struct<(vector<2xf16>, vector<2xf16>)>
  llvm.store volatile %r, %to : vector<2xf16>, !llvm.ptr<1>""")
print("""  %j = llvm.add %i, %one : i32
  %more = llvm.icmp "slt" %j, %n : i32
  llvm.cond_br %more, ^loop(%j : i32), ^end
^end:
  llvm.return
}
}""")
