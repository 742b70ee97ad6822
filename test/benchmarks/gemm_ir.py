"""Tile IR of matrix products, for the benchmarks."""

SCOPE = "#tile.scope<{}>"


def buffer(shape, element, scope=None):
    """The text of a memref type; `None` in a shape is a dynamic size."""
    sizes = "".join(f"{'?' if s is None else s}x" for s in shape)
    tail = f", {SCOPE.format(scope)}" if scope else ""
    return f"memref<{sizes}{element}{tail}>"


# A grid consists of whole clusters, so some blocks may have no tile.
PLAIN = """  %rows = arith.muli %stacks, %size : index
  tile.launch blocks(%bx, %by) in (%gn, %rows) threads({threads}) {order} {{
    %row = arith.muli %by, %bm : index
    %col = arith.muli %bx, %bn : index
{body}
  }}"""

# Each block, or each cluster with a row of tiles for each block, takes one tile
# after another, down the panels of rows.
PERSISTENT = """  %tiles = arith.muli %stacks, %gn : index
  %blocks = arith.constant {blocks} : index
  %workers = arith.divui %blocks, %size : index
  tile.launch blocks(%block) in (%blocks) threads({threads}) {order} {{
    %worker = arith.divui %block, %size : index
    %rank = arith.remui %block, %size : index
    %panel = arith.constant {panel} : index
    %inpanel = arith.muli %gn, %panel : index
    scf.for %t = %worker to %tiles step %workers {{
      %number = arith.divui %t, %inpanel : index
      %first = arith.muli %number, %panel : index
      %left = arith.subi %stacks, %first : index
      %rows = arith.minui %left, %panel : index
      %inner = arith.remui %t, %inpanel : index
      %stack0 = arith.remui %inner, %rows : index
      %stack = arith.addi %first, %stack0 : index
      %by0 = arith.muli %stack, %size : index
      %by = arith.addi %by0, %rank : index
      %bx = arith.divui %inner, %rows : index
      %row = arith.muli %by, %bm : index
      %col = arith.muli %bx, %bn : index
{body}
    }}
  }}"""

# K of each tile is cut into parts; block number %part computes one of them.
SPLIT = """  %parts = memref.dim %work, %c0 : {work}
  tile.launch blocks(%bx, %by, %part) in (%gn, %gm, %parts) threads({threads}) {{
    %row = arith.muli %by, %bm : index
    %col = arith.muli %bx, %bn : index
    %steps = arith.ceildivui %k, %bk : index
    %after = arith.addi %part, %c1 : index
    %steps0 = arith.muli %part, %steps : index
    %steps1 = arith.muli %after, %steps : index
    %step0 = arith.divui %steps0, %parts : index
    %step1 = arith.divui %steps1, %parts : index
    %k0 = arith.muli %step0, %bk : index
    %k1 = arith.muli %step1, %bk : index
{body}
  }}
"""

# Stores a tile of the transpose of `{into}`, inside its edges.
TURN = """    tile.parallel (%i, %j) in ({rows}, {columns}) {{
      %y = arith.addi %col, %j : index
      %x = arith.addi %row, %i : index
      %below = arith.cmpi slt, %y, %m : index
      %beside = arith.cmpi slt, %x, %n : index
      %inside = arith.andi %below, %beside : i1
      scf.if %inside {{
        %v = memref.load %acc[%i, %j] : {acc}
{convert}        memref.store %{value}, {into}%y, %x] : {type}
      }}
    }}"""

# The sum of the parts, by blocks of some rows and columns.
SUM = """  %sm = arith.constant {rows} : index
  %sn = arith.constant {columns} : index
  %sgm = arith.ceildivui %m, %sm : index
  %sgn = arith.ceildivui %n, %sn : index
  tile.launch blocks(%bx, %by) in (%sgn, %sgm) threads({threads}) {{
    %row = arith.muli %by, %sm : index
    %col = arith.muli %bx, %sn : index
    %sum = tile.alloc name("sum") : {tile}
    tile.copy %work[%c0, %row, %col], %sum : {work} to {tile}
{body}
    tile.copy %sum, %c[%row, %col] : {tile} to {c}
  }}"""

# One part more.
ADD = """      %some{part} = tile.alloc name("some") : {tile}
      tile.copy %work[{at}, %row, %col], %some{part} : {work} to {tile}
      tile.parallel (%i, %j) in ({rows}, {columns}) {{
        %x = memref.load %sum[%i, %j] : {tile}
        %y = memref.load %some{part}[%i, %j] : {tile}
        %z = arith.addf %x, %y : f32
        memref.store %z, %sum[%i, %j] : {tile}
      }}"""


def sum_parts(parts, work, c, rows=1, columns=512, threads=128):
    """Text of the launch that adds up the parts of `%work` into `%c`."""
    names = {
        "rows": rows,
        "columns": columns,
        "threads": threads,
        "work": work,
        "tile": buffer((rows, columns), "f32", "fragment"),
        "c": c,
    }
    if parts is None:
        body = "    scf.for %p = %c1 to %parts step %c1 {\n"
        body += ADD.format(part="", at="%p", **names) + "\n    }"
    else:
        body = "\n".join(
            f"    %p{part} = arith.constant {part} : index\n"
            + ADD.format(part=part, at=f"%p{part}", **names)
            for part in range(1, parts)
        )
    return SUM.format(body=body, **names)


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
    parts=1,
    swap=False,
    cluster=1,
    roles="",
):
    """Text of `@gemm(a, b, c)`: C = op(A) op(B), accumulated in f32 (i8 in i32).

    `sizes` are M, N, K, with `None` for sizes that only the arguments know;
    `tile` is the (rows, columns, depth) that a block treats at a time. With
    `workers` there are as many blocks, or as many as make whole clusters, which
    take tile after tile. The `cluster` blocks of a cluster have tiles in one
    column; `panel` counts rows of clusters. With `parts` K is cut into as many
    (`None`: as the argument says): there is an argument more for them, parts x
    M x N of f32. With `swap` a block computes its tile of the transpose of C,
    (columns, rows, depth), so that few rows of C need not be as many as an
    instruction has. With `roles` the launch has that clause.
    """
    (m, n, k), (bm, bn, bk) = sizes, tile
    result = result or element
    a = buffer((k, m) if transpose_a else (m, k), element)
    b = buffer((n, k) if transpose_b else (k, n), element)
    c = buffer((m, n), result)
    work = buffer((parts, m, n), "f32")
    names = ("%b", "%a") if swap else ("%a", "%b")
    types = (b, a) if swap else (a, b)
    turned = (not transpose_b, not transpose_a) if swap else (transpose_a, transpose_b)
    a_tile = buffer((bk, bm) if turned[0] else (bm, bk), element, "shared")
    b_tile = buffer((bn, bk) if turned[1] else (bk, bn), element, "shared")
    total = "i32" if element == "i8" else "f32"
    acc = buffer((bm, bn), total, "fragment")
    a_at = "%kk, %row" if turned[0] else "%row, %kk"
    b_at = "%col, %kk" if turned[1] else "%kk, %col"
    flags = " transpose_a" * turned[0] + " transpose_b" * turned[1]
    into, into_type = ("%work[%part, ", work) if parts != 1 else ("%c[", c)
    store = f"    tile.copy %acc, {into}%row, %col] : {acc} to {into_type}"
    if swap:
        convert = f"        %w = arith.truncf %v : f32 to {result}\n"
        is_wide = parts != 1 or result == "f32"
        store = TURN.format(
            rows=bm,
            columns=bn,
            acc=acc,
            convert="" if is_wide else convert,
            value="v" if is_wide else "w",
            into=into,
            type=into_type,
        )
    body = f"""    %as = tile.alloc name("a_tile") : {a_tile}
    %bs = tile.alloc name("b_tile") : {b_tile}
    %acc = tile.alloc name("acc") : {acc}
    %zero = arith.constant {'0' if element == "i8" else '0.0'} : {total}
    tile.fill %acc, %zero : {acc}
    tile.pipelined %kk = {'%k0 to %k1' if parts != 1 else '%c0 to %k'} step %bk stages({stages}) {{
      tile.copy {names[0]}[{a_at}], %as : {types[0]} to {a_tile}
      tile.copy {names[1]}[{b_at}], %bs : {types[1]} to {b_tile}
      tile.gemm %as, %bs, %acc{flags} : {a_tile}, {b_tile}, {acc}
    }}
{store}"""
    order = f"swizzle({panel}, row)"
    if workers or cluster > 1:
        order = f"cluster({cluster if workers else f'1, {cluster}'})" * (cluster > 1)
    order += f" roles({roles})" * bool(roles)
    launch = PERSISTENT if workers else SPLIT if parts != 1 else PLAIN
    launch = launch.format(
        body=body,
        threads=threads,
        panel=panel,
        order=order,
        blocks=workers // cluster * cluster,
        work=work,
    )
    if parts != 1:
        launch += sum_parts(parts, work, c)
    extra = f", %work: {work}" * (parts != 1)
    rows, columns = ("%n", "%m") if swap else ("%m", "%n")
    return f"""
func.func @gemm(%a: {a}, %b: {b}, %c: {c}{extra}) {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %bm = arith.constant {bm} : index
  %bn = arith.constant {bn} : index
  %bk = arith.constant {bk} : index
  %m = memref.dim %c, %c0 : {c}
  %n = memref.dim %c, %c1 : {c}
  %k = memref.dim %a, {'%c0' if transpose_a else '%c1'} : {a}
  %size = arith.constant {cluster} : index
  %gm = arith.ceildivui {rows}, %bm : index
  %stacks = arith.ceildivui %gm, %size : index
  %gn = arith.ceildivui {columns}, %bn : index
{launch}
  return
}}
"""


# Tiles of large products with their threads and stages, and what one
# multiprocessor makes of them, relative to the widest: a wide tile reads the
# least for a product.
LARGE = [
    ((128, 256, 64), 256, 4, 1.0),
    ((128, 224, 64), 256, 4, 0.98),
    ((128, 192, 64), 256, 5, 0.95),
    ((128, 160, 64), 256, 5, 0.9),
    ((128, 128, 64), 256, 6, 0.85),
    ((128, 64, 128), 256, 4, 0.65),
]


def divide_up(a, b):
    return -(-a // b)


# The bytes of shared memory that the stages of one block may take.
STAGES_BYTES = 200 * 1024


def pick_width(n, processors):
    """The columns of tiles of 128 rows with which the rounds of blocks cost least."""

    def cost(width):
        # A comes from the L2 cache: its rows cost a fourth of those of B.
        return divide_up(divide_up(n, width), processors) * (width + 32)

    return min(range(64, 136, 8), key=cost)


def pick_skinny(m, n, k, processors):
    """`pick` for up to 128 rows."""
    rows, width = (64 if m <= 64 else 128), 64
    if m < 64:
        tile, stages, blocks = (64, divide_up(m, 8) * 8, 128), 5, 2
    elif m == 64 and 2 * divide_up(n, 64) <= processors:
        width = 32
        tile, stages, blocks = (64, width, 128), 4, 2
    elif m == 64:
        tile, stages, blocks = (64, width, 128), 3, 2
    elif divide_up(n, 32) <= processors and k <= 4096:
        # To add up parts would take longer.
        width = 32
        tile, stages, blocks = (128, width, 128), 5, 1
    elif divide_up(n, width) < processors:
        tile, stages, blocks = (128, width, 128), 4, 1
    else:
        width = pick_width(n, processors)
        tile, blocks = (128, width, 64), 1
        stages = STAGES_BYTES // (2 * 64 * (128 + width))
    parts = min(blocks * processors // divide_up(n, width), k // tile[2] // 4)
    return {
        "tile": tile,
        "threads": 2 * rows,
        "stages": stages,
        "parts": max(1, parts),
        "swap": m < 64,
    }


def pick(m, n, k, processors):
    """The arguments of `gemm` for a size, C = A B^T in 16-bit types.

    Up to 128 rows all of B is read for little work, so what counts is that
    every processor has some 40 KiB under way all the time, and that all finish
    together: two blocks for each processor, or one with more rows, and K in
    parts when there are fewer tiles; narrower tiles need fewer parts. Fewer
    than 64 rows become the columns of a product, as an instruction has 64 rows,
    but as few as 8 columns.

    Else the tile is the one with which the rounds of blocks cost least; when
    there is more than one round the blocks are persistent.
    """
    if m <= 128:
        return pick_skinny(m, n, k, processors)

    def count(tile):
        return divide_up(m, tile[0]) * divide_up(n, tile[1])

    def cost(choice):
        tile, _, _, speed = choice
        return divide_up(count(tile), processors) * tile[0] * tile[1] / speed

    tile, threads, stages, _ = min(LARGE, key=cost)
    return {
        "tile": tile,
        "threads": threads,
        "stages": stages,
        "workers": processors if count(tile) > processors else 0,
    }
