"""Tile IR of matrix products, for the benchmarks."""

SCOPE = "#tile.scope<{}>"


def buffer(shape, element, scope=None):
    """The text of a memref type; `None` in a shape is a dynamic size."""
    sizes = "".join(f"{'?' if s is None else s}x" for s in shape)
    tail = f", {SCOPE.format(scope)}" if scope else ""
    return f"memref<{sizes}{element}{tail}>"


PLAIN = """  tile.launch blocks(%bx, %by) in (%gn, %gm) threads({threads}) swizzle({panel}, row) {{
    %row = arith.muli %by, %bm : index
    %col = arith.muli %bx, %bn : index
{body}
  }}"""

# Each block takes one tile after another, down the panels of rows of tiles.
PERSISTENT = """  %tiles = arith.muli %gm, %gn : index
  %workers = arith.constant {workers} : index
  tile.launch blocks(%worker) in (%workers) threads({threads}) {{
    %panel = arith.constant {panel} : index
    %inpanel = arith.muli %gn, %panel : index
    scf.for %t = %worker to %tiles step %workers {{
      %number = arith.divui %t, %inpanel : index
      %first = arith.muli %number, %panel : index
      %left = arith.subi %gm, %first : index
      %rows = arith.minui %left, %panel : index
      %inner = arith.remui %t, %inpanel : index
      %by0 = arith.remui %inner, %rows : index
      %by = arith.addi %first, %by0 : index
      %bx = arith.divui %inner, %rows : index
      %row = arith.muli %by, %bm : index
      %col = arith.muli %bx, %bn : index
{body}
    }}
  }}"""


def gemm(
    sizes,
    tile,
    element="f16",
    result=None,
    transpose_a=False,
    transpose_b=False,
    threads=128,
    stages=3,
    panel=8,
    workers=0,
):
    """Text of `@gemm(a, b, c)`: C = op(A) op(B), accumulated in f32.

    `sizes` are M, N, K, with `None` for sizes that only the arguments know;
    `tile` is the (rows, columns, depth) that a block treats at a time. With
    `workers` there are as many blocks, which take tile after tile.
    """
    (m, n, k), (bm, bn, bk) = sizes, tile
    result = result or element
    a = buffer((k, m) if transpose_a else (m, k), element)
    b = buffer((n, k) if transpose_b else (k, n), element)
    c = buffer((m, n), result)
    a_tile = buffer((bk, bm) if transpose_a else (bm, bk), element, "shared")
    b_tile = buffer((bn, bk) if transpose_b else (bk, bn), element, "shared")
    acc = buffer((bm, bn), "f32", "fragment")
    a_at = "%kk, %row" if transpose_a else "%row, %kk"
    b_at = "%col, %kk" if transpose_b else "%kk, %col"
    flags = " transpose_a" * transpose_a + " transpose_b" * transpose_b
    body = f"""    %as = tile.alloc name("a_tile") : {a_tile}
    %bs = tile.alloc name("b_tile") : {b_tile}
    %acc = tile.alloc name("acc") : {acc}
    %zero = arith.constant 0.0 : f32
    tile.fill %acc, %zero : {acc}
    tile.pipelined %kk = %c0 to %k step %bk stages({stages}) {{
      tile.copy %a[{a_at}], %as : {a} to {a_tile}
      tile.copy %b[{b_at}], %bs : {b} to {b_tile}
      tile.gemm %as, %bs, %acc{flags} : {a_tile}, {b_tile}, {acc}
    }}
    tile.copy %acc, %c[%row, %col] : {acc} to {c}"""
    launch = PERSISTENT if workers else PLAIN
    launch = launch.format(body=body, threads=threads, panel=panel, workers=workers)
    return f"""
func.func @gemm(%a: {a}, %b: {b}, %c: {c}) {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %bm = arith.constant {bm} : index
  %bn = arith.constant {bn} : index
  %bk = arith.constant {bk} : index
  %m = memref.dim %c, %c0 : {c}
  %n = memref.dim %c, %c1 : {c}
  %k = memref.dim %a, {'%c0' if transpose_a else '%c1'} : {a}
  %gm = arith.ceildivui %m, %bm : index
  %gn = arith.ceildivui %n, %bn : index
{launch}
  return
}}
"""
