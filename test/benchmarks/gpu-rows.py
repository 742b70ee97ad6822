#!/usr/bin/env python3
"""Bandwidth of row kernels and of a transpose on a GPU, beside a device copy.

    gpu-rows.py --emit=DIR           write the kernels as .mlir files
    gpu-rows.py --compile=DIR        also compile them to PTX, with what ptxas
                                     says; needs tile-opt, tile-translate, ptxas
    gpu-rows.py --run=DIR            load that PTX and time it; needs a GPU,
                                     PyTorch and cuda-bindings, but no tile tool

A kernel is timed by CUDA events around many launches and compared with
`dst.copy_(src)` of PyTorch in the same run, in bytes read and written per
second; medians. Buffers are larger than the L2 cache. Outputs are poisoned
before the run that is checked, inputs are fresh, and the reference is computed
in float64.
"""

import argparse
import ctypes
import json
import os
import re
import statistics
import subprocess
import sys

SHAPES = [(8192, 8192), (8191, 4097)]
# The widest row that the kernels for any shape hold in registers.
WIDEST = 8192
# The tile of the transpose.
TURNED = (128, 64)

FRAGMENT = "#tile.scope<fragment>"
SHARED = "#tile.scope<shared>"


class Kernel:
    """The text of one kernel. A buffer has the type `memref<...>`; sizes that
    are fixed are in it."""

    def __init__(self, name, shape, threads, rows=1):
        self.name, self.shape, self.threads, self.rows = name, shape, threads, rows
        self.columns = shape[1] if shape else WIDEST
        m, n = shape or ("?", "?")
        self.matrix = f"memref<{m}x{n}xbf16>"
        self.matrix32 = f"memref<{m}x{n}xf32>"
        self.turned = f"memref<{n}x{m}xbf16>"
        self.vector = f"memref<{n}xbf16>"
        self.tile = f"memref<{rows}x{self.columns}xf32, {FRAGMENT}>"
        self.row = f"memref<1x{self.columns}xf32, {FRAGMENT}>"
        self.stat = f"memref<{rows}xf32, {FRAGMENT}>"

    def launch(self, arguments, body):
        """A launch with a block for some rows each; `body` has %row and %n."""
        return f"""func.func @{self.name}({arguments}) {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c_rows = arith.constant {self.rows} : index
  %m = memref.dim %x, %c0 : {self.matrix}
  %n = memref.dim %x, %c1 : {self.matrix}
  %blocks = arith.ceildivui %m, %c_rows : index
  tile.launch blocks(%block) in (%blocks) threads({self.threads}) {{
    %row = arith.muli %block, %c_rows : index
    %count = arith.index_cast %n : index to i32
    %length = arith.sitofp %count : i32 to f32
{body}  }}
  return
}}
"""

    def load(self, source, type, into, pad="", index="%row, %c0", tile=None):
        return f"""    {into} = tile.alloc : {tile or self.tile}
    tile.copy {source}[{index}], {into}{pad} : {type} to {tile or self.tile}
"""

    def reduce(self, kind, source, result):
        return f"""    {result} = tile.alloc : {self.stat}
    tile.reduce {kind} {source}, {result} dim 1 : {self.tile} to {self.stat}
"""

    def parallel(self, lines):
        body = "".join(f"      {line}\n" for line in lines)
        return f"""    tile.parallel (%i, %j) in ({self.rows}, {self.columns}) {{
{body}    }}
"""

    def get(self, value, buffer):
        return f"{value} = memref.load {buffer}[%i, %j] : {self.tile}"

    def get_stat(self, value, buffer):
        return f"{value} = memref.load {buffer}[%i] : {self.stat}"

    def get_row(self, value, buffer):
        return f"{value} = memref.load {buffer}[%c0, %j] : {self.row}"

    def put(self, value, buffer):
        return f"memref.store {value}, {buffer}[%i, %j] : {self.tile}"

    def store(self, buffer, into="%y"):
        return f"    tile.copy {buffer}, {into}[%row, %c0] : {self.tile} to {self.matrix}\n"


def softmax(shape, threads=256):
    k = Kernel("softmax", shape, threads)
    body = "    %lowest = arith.constant 0xFF80 : bf16\n"
    body += k.load("%x", k.matrix, "%t", " pad(%lowest : bf16)")
    body += k.reduce("max", "%t", "%max")
    body += k.parallel(
        [
            k.get("%v", "%t"),
            k.get_stat("%a", "%max"),
            "%d = arith.subf %v, %a : f32",
            "%e = math.exp %d : f32",
            k.put("%e", "%t"),
        ]
    )
    body += k.reduce("sum", "%t", "%sum")
    body += k.parallel(
        [
            k.get("%v", "%t"),
            k.get_stat("%s", "%sum"),
            "%one = arith.constant 1.0 : f32",
            "%r = arith.divf %one, %s : f32",
            "%q = arith.mulf %v, %r : f32",
            k.put("%q", "%t"),
        ]
    )
    body += k.store("%t")
    return k.launch(f"%x: {k.matrix}, %y: {k.matrix}", body)


def load_row(k, source, into):
    """A vector of weights as a fragment of one row."""
    return k.load(source, k.vector, into, index="%c0", tile=k.row)


def rmsnorm(shape, threads=256):
    k = Kernel("rmsnorm", shape, threads)
    body = "    %epsilon = arith.constant 1.0e-5 : f32\n"
    body += k.load("%x", k.matrix, "%t") + load_row(k, "%w", "%g")
    body += f"    %u = tile.alloc : {k.tile}\n"
    body += k.parallel(
        [k.get("%v", "%t"), "%s = arith.mulf %v, %v : f32", k.put("%s", "%u")]
    )
    body += k.reduce("sum", "%u", "%sum")
    body += k.parallel(
        [
            k.get("%v", "%t"),
            k.get_row("%f", "%g"),
            k.get_stat("%a", "%sum"),
            "%mean = arith.divf %a, %length : f32",
            "%more = arith.addf %mean, %epsilon : f32",
            "%scale = math.rsqrt %more : f32",
            "%p = arith.mulf %v, %scale : f32",
            "%q = arith.mulf %p, %f : f32",
            k.put("%q", "%t"),
        ]
    )
    body += k.store("%t")
    return k.launch(f"%x: {k.matrix}, %w: {k.vector}, %y: {k.matrix}", body)


def layernorm(shape, threads=256):
    k = Kernel("layernorm", shape, threads)
    body = "    %epsilon = arith.constant 1.0e-5 : f32\n"
    body += "    %zero = arith.constant 0.0 : f32\n"
    body += k.load("%x", k.matrix, "%t")
    body += load_row(k, "%w", "%g") + load_row(k, "%b", "%h")
    body += f"    %u = tile.alloc : {k.tile}\n"
    body += k.reduce("sum", "%t", "%sum")
    # What lies beyond a row is zero, and is no part of the variance.
    body += k.parallel(
        [
            k.get("%v", "%t"),
            k.get_stat("%a", "%sum"),
            "%mean = arith.divf %a, %length : f32",
            "%d = arith.subf %v, %mean : f32",
            "%s = arith.mulf %d, %d : f32",
            "%inside = arith.cmpi ult, %j, %n : index",
            "%z = arith.select %inside, %s, %zero : f32",
            k.put("%d", "%t"),
            k.put("%z", "%u"),
        ]
    )
    body += k.reduce("sum", "%u", "%var")
    body += k.parallel(
        [
            k.get("%v", "%t"),
            k.get_row("%f", "%g"),
            k.get_row("%o", "%h"),
            k.get_stat("%a", "%var"),
            "%mean = arith.divf %a, %length : f32",
            "%more = arith.addf %mean, %epsilon : f32",
            "%scale = math.rsqrt %more : f32",
            "%p = arith.mulf %v, %scale : f32",
            "%q = arith.mulf %p, %f : f32",
            "%r = arith.addf %q, %o : f32",
            k.put("%r", "%t"),
        ]
    )
    body += k.store("%t")
    return k.launch(
        f"%x: {k.matrix}, %w: {k.vector}, %b: {k.vector}, %y: {k.matrix}", body
    )


def residual(shape, threads=256):
    k = Kernel("residual", shape, threads)
    body = k.load("%x", k.matrix, "%t") + k.load("%r", k.matrix32, "%u")
    body += k.parallel(
        [
            k.get("%v", "%t"),
            k.get("%w", "%u"),
            "%s = arith.addf %v, %w : f32",
            k.put("%s", "%t"),
        ]
    )
    body += k.store("%t")
    return k.launch(f"%x: {k.matrix}, %r: {k.matrix32}, %y: {k.matrix}", body)


def transpose(shape, threads=256, rows=TURNED[0], columns=TURNED[1]):
    """Through shared memory; what the next block writes lies beside it."""
    k = Kernel("transpose", shape, threads)
    tile = f"memref<{rows}x{columns}xbf16, {SHARED}>"
    turned = f"memref<{columns}x{rows}xbf16, {FRAGMENT}>"
    return f"""func.func @transpose(%x: {k.matrix}, %y: {k.turned}) {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = arith.constant {rows} : index
  %columns = arith.constant {columns} : index
  %m = memref.dim %x, %c0 : {k.matrix}
  %n = memref.dim %x, %c1 : {k.matrix}
  %bm = arith.ceildivui %m, %rows : index
  %bn = arith.ceildivui %n, %columns : index
  tile.launch blocks(%by, %bx) in (%bm, %bn) threads({threads}) {{
    %row = arith.muli %by, %rows : index
    %col = arith.muli %bx, %columns : index
    %s = tile.alloc : {tile}
    %t = tile.alloc : {turned}
    tile.copy %x[%row, %col], %s extents [{rows}, {columns}] : {k.matrix} to {tile}
    tile.transpose %s, %t : {tile} to {turned}
    tile.copy %t, %y[%col, %row] : {turned} to {k.turned}
  }}
  return
}}
"""


# For each kernel: its text, the bytes that it moves for an element of x, and its
# arguments.
KERNELS = {
    "softmax": (softmax, 4, "xy"),
    "rmsnorm": (rmsnorm, 4, "xwy"),
    "layernorm": (layernorm, 4, "xwby"),
    "residual": (residual, 8, "xry"),
    "transpose": (transpose, 4, "xt"),
}


def describe(kernel, shape, threads):
    size = f"{shape[0]}x{shape[1]}" if shape else "any"
    return f"{kernel}-{size}-{threads}"


def emit(folder, options):
    """Writes all kernels and gives (name, shape or none, threads, path)."""
    os.makedirs(folder, exist_ok=True)
    kernels = []
    for name in options.kernels:
        for shape in [*SHAPES, None]:
            for threads in options.threads:
                path = os.path.join(folder, describe(name, shape, threads) + ".mlir")
                with open(path, "w") as file:
                    file.write(KERNELS[name][0](shape, threads))
                kernels.append((name, shape, threads, path))
    return kernels


# -- Compilation ---------------------------------------------------------------


def run_tool(options, command):
    """What the tool says, and the CPU time that it takes."""
    before = os.times()
    command[0] = os.path.join(options.tools, command[0])
    done = subprocess.run(command, capture_output=True, text=True)
    after = os.times()
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    seconds = sum(after[2:4]) - sum(before[2:4])
    return done.stdout + done.stderr, seconds


def find_launches(text):
    """The kernels and their bytes of shared memory, that for aligned rows first."""
    launches = []
    for kernel, rest in re.findall(r"gpu\.launch_func +@\w+::@(\w+) (.*)", text):
        shared = re.search(r"dynamic_shared_memory_size %c(\d+)", rest)
        launches.append((kernel, int(shared[1]) if shared else 0))
    return launches


def compile_all(folder, options):
    print("| kernel | chip | IR to PTX, s of CPU | registers | stack, spills |")
    print("|---|---|---|---|---|")
    made = []
    for name, shape, threads, path in emit(folder, options):
        for chip in options.chips:
            base = f"{path[:-5]}-{chip}"
            _, seconds = run_tool(
                options,
                ["tile-translate", "--tile-to-ptx", f"--chip={chip}", path]
                + ["-o", base + ".ptx"],
            )
            launch, _ = run_tool(
                options, ["tile-opt", f"--tile-to-gpu=chip={chip}", path]
            )
            said = subprocess.run(
                ["ptxas", "-v", f"-arch={chip}", base + ".ptx", "-o", base + ".cubin"],
                capture_output=True,
                text=True,
                check=True,
            ).stderr
            registers = ", ".join(re.findall(r"Used (\d+) registers", said))
            stack = [int(n) for n in re.findall(r"(\d+) bytes (?:stack|spill)", said)]
            made.append(
                {
                    "kernel": name,
                    "shape": shape,
                    "threads": threads,
                    "chip": chip,
                    "file": os.path.basename(base) + ".ptx",
                    "launches": find_launches(launch),
                }
            )
            print(
                f"| {describe(name, shape, threads)} | {chip} | {seconds:.2f} "
                f"| {registers} | {sum(stack)} bytes |",
                flush=True,
            )
    with open(os.path.join(folder, "kernels.json"), "w") as file:
        json.dump(made, file, indent=1)


# -- Measurement ---------------------------------------------------------------


def check_driver(result):
    if int(result[0]) != 0:
        sys.exit(f"the CUDA driver says {result[0]}")
    return result[1] if len(result) == 2 else result[1:]


class Launch:
    """A kernel in PTX with the arguments of one launch."""

    def __init__(self, path, kernel, grid, threads, shared, tensors):
        from cuda.bindings import driver

        with open(path, "rb") as file:
            module = check_driver(driver.cuModuleLoadData(file.read() + b"\0"))
        self.module = module
        self.function = check_driver(
            driver.cuModuleGetFunction(module, kernel.encode())
        )
        self.grid, self.threads, self.shared = grid, threads, shared
        # A memref is the address twice, an offset, the sizes and the strides.
        values = []
        for t in tensors:
            values += [t.data_ptr(), t.data_ptr(), 0, *t.shape, *t.stride()]
        self.values = (ctypes.c_uint64 * len(values))(*values)
        size = ctypes.sizeof(ctypes.c_uint64)
        first = ctypes.addressof(self.values)
        self.params = (ctypes.c_void_p * len(values))(
            *[first + i * size for i in range(len(values))]
        )
        self.driver = driver

    def __call__(self):
        import torch

        check_driver(
            self.driver.cuLaunchKernel(
                self.function,
                *self.grid,
                self.threads,
                1,
                1,
                self.shared,
                torch.cuda.current_stream().cuda_stream,
                ctypes.addressof(self.params),
                0,
            )
        )


def measure(function, launches=20, repeats=15):
    """The median time of a call in seconds, over groups of launches."""
    import torch

    for _ in range(5):
        function()
    torch.cuda.synchronize()
    times = []
    for _ in range(repeats):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in "ab")
        start.record()
        for _ in range(launches):
            function()
        end.record()
        end.synchronize()
        times.append(start.elapsed_time(end) * 1e-3 / launches)
    return statistics.median(times)


def make_tensors(shape):
    import torch

    m, n = shape
    bf16 = dict(device="cuda", dtype=torch.bfloat16)
    return {
        "x": torch.randn(m, n, **bf16) * 2,
        "r": torch.randn(m, n, device="cuda"),
        "w": torch.randn(n, **bf16),
        "b": torch.randn(n, **bf16),
        "y": torch.empty(m, n, **bf16),
        "t": torch.empty(n, m, **bf16),
    }


def compute(kernel, tensors):
    """The result in float64, of rows that are spread over the matrix."""
    import torch

    m = tensors["x"].shape[0]
    rows = torch.unique(torch.randint(m, (64,), device="cuda"))
    rows[0], rows[-1] = 0, m - 1
    x = tensors["x"][rows].double()
    w, b = tensors["w"].double(), tensors["b"].double()
    if kernel == "softmax":
        return rows, torch.softmax(x, 1)
    if kernel == "rmsnorm":
        return rows, x * torch.rsqrt((x * x).mean(1, keepdim=True) + 1e-5) * w
    if kernel == "layernorm":
        return rows, torch.nn.functional.layer_norm(x, x.shape[1:], w, b, 1e-5)
    if kernel == "residual":
        return rows, x + tensors["r"][rows].double()
    return rows, x


def check(entry, launch, tensors):
    """The largest error beside a rounding to bf16, relative to the value."""
    import torch

    name = entry["kernel"]
    out = tensors["t" if name == "transpose" else "y"]
    out.fill_(float("nan"))
    launch()
    torch.cuda.synchronize()
    rows, exact = compute(name, tensors)
    got = (out.T if name == "transpose" else out)[rows].double()
    scale = exact.abs() + (0 if name in ("transpose", "softmax") else 1e-2)
    if name == "transpose" and not torch.equal(out.T, tensors["x"]):
        return float("inf")
    if out.isnan().any():
        return float("nan")
    return ((got - exact).abs() / scale.clamp(min=1e-30)).max().item()


def run_all(folder, options):
    import torch

    with open(os.path.join(folder, "kernels.json")) as file:
        entries = json.load(file)
    torch.manual_seed(0)
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}\n")
    print("| kernel | us | GB/s | of copy | largest error |")
    print("|---|---|---|---|---|")
    for shape in SHAPES:
        tensors = make_tensors(shape)
        copy = measure(lambda: tensors["y"].copy_(tensors["x"]))
        elements = shape[0] * shape[1]
        rate = 4 * elements / copy
        print(
            f"| PyTorch copy, {shape[0]} x {shape[1]} | {copy * 1e6:.1f} "
            f"| {rate * 1e-9:.0f} | 1.00 | |",
            flush=True,
        )
        for entry in entries:
            if entry["shape"] and tuple(entry["shape"]) != shape:
                continue
            if not re.search(options.filter, entry["file"]):
                continue
            name = entry["kernel"]
            _, bytes_each, letters = KERNELS[name]
            m, n = shape
            grid = (m, 1, 1)
            if name == "transpose":
                grid = (-(-m // TURNED[0]), -(-n // TURNED[1]), 1)
            arguments = [tensors[letter] for letter in letters]
            # What the host code of a function decides; fresh tensors are aligned.
            aligned = all(t.shape[-1] * t.itemsize % 16 == 0 for t in arguments)
            kernel, shared = entry["launches"][0 if aligned else -1]
            launch = Launch(
                os.path.join(folder, entry["file"]),
                kernel,
                grid,
                entry["threads"],
                shared,
                arguments,
            )
            error = check(entry, launch, tensors)
            seconds = measure(launch)
            speed = bytes_each * elements / seconds
            print(
                f"| {entry['file'][:-4]} | {seconds * 1e6:.1f} "
                f"| {speed * 1e-9:.0f} | {speed / rate:.2f} | {error:.2g} |",
                flush=True,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--emit", metavar="DIR")
    parser.add_argument("--compile", metavar="DIR")
    parser.add_argument("--run", metavar="DIR")
    parser.add_argument("--tools", default="", help="folder of the tools")
    parser.add_argument("--kernels", nargs="+", default=list(KERNELS))
    parser.add_argument("--threads", nargs="+", type=int, default=[256])
    parser.add_argument("--chips", nargs="+", default=["sm_80", "sm_90a"])
    parser.add_argument("--filter", default="", help="which kernels to run")
    options = parser.parse_args()
    if options.emit:
        emit(options.emit, options)
    if options.compile:
        compile_all(options.compile, options)
    if options.run:
        run_all(options.run, options)


if __name__ == "__main__":
    main()
