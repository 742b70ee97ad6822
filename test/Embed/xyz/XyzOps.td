// XyzOps.td - layers of a network, on buffers.

#ifndef XYZOPS_TD
#define XYZOPS_TD

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Xyz_Dialect : Dialect {
  let name = "xyz";
  let cppNamespace = "::xyz";
}

class Xyz_In<Type type> : Arg<type, "", [MemRead]>;
class Xyz_Out<Type type> : Arg<type, "", [MemWrite]>;
defvar Xyz_Matrix = MemRefRankOf<[F16, F32], [2]>;
defvar Xyz_Vector = MemRefRankOf<[F16, F32], [1]>;

def Xyz_DenseOp : Op<Xyz_Dialect, "dense"> {
  let summary = "y = max(x * w + bias, 0)";
  let arguments = (ins Xyz_In<Xyz_Matrix>:$x, Xyz_In<Xyz_Matrix>:$w,
    Xyz_In<Xyz_Vector>:$bias, Xyz_Out<Xyz_Matrix>:$y);
  let assemblyFormat = [{
    $x `,` $w `,` $bias `into` $y attr-dict
    `:` type($x) `,` type($w) `,` type($bias) `into` type($y)
  }];
}

def Xyz_RowSumOp : Op<Xyz_Dialect, "row_sum"> {
  let summary = "y[i] = sum of x[i, :]";
  let arguments = (ins Xyz_In<Xyz_Matrix>:$x, Xyz_Out<Xyz_Vector>:$y);
  let assemblyFormat = [{
    $x `into` $y attr-dict `:` type($x) `into` type($y)
  }];
}

#endif // XYZOPS_TD
