"""Writes .npy files, well-formed and malformed, into the folder given."""

import os
import sys

import numpy as np

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)


def raw(name, header, data=b"", version=(1, 0), length=None, magic=b"\x93NUMPY"):
    header = header.encode()
    length = len(header) if length is None else length
    size = length.to_bytes(2 if version[0] == 1 else 4, "little")
    with open(f"{folder}/{name}.npy", "wb") as file:
        file.write(magic + bytes(version) + size + header + data)


def text(descr="'<f4'", order="False", shape="(2, 3)"):
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"


a = np.arange(6, dtype=np.float32).reshape(2, 3)
data = a.tobytes()
np.save(f"{folder}/good.npy", a)
np.save(f"{folder}/fortran.npy", np.asfortranarray(a))
np.save(f"{folder}/big.npy", a.astype(">f4"))
np.save(f"{folder}/bigfortran.npy", np.asfortranarray(a.astype(">f4")))
for version in (1, 2, 3):
    raw(f"v{version}", text() + "\n", data, (version, 0))
raw("native", text("'=f4'"), data)
raw("plain", text("'f4'"), data)
raw("order", "{'shape':(2,3),\"fortran_order\":False,'descr':'<f4'}", data)
raw("long", text(shape="(2L, 3L)"), data)
raw("empty", text(shape="(0, 3)"))
raw("emptyhuge", text(shape="(9000000000000000000, 9000000000, 0)"))

raw("magic", text(), data, magic=b"\x93NUMPX")
raw("version", text(), data, (4, 0))
raw("minor", text(), data, (1, 1))
raw("header", text(), length=200)
raw("tuple", "(1, 2)", data)
raw("unclosed", "{'descr': '<f4', 'fortran_order': False", data)
raw("quote", "{'descr: 1}", data)
raw("twice", "{'descr': '<f4', 'descr': '<f4'}", data)
raw("key", "{'colour': 1}", data)
raw("missing", "{'descr': '<f4', 'fortran_order': False}", data)
raw("tail", text() + "x", data)
raw("complex", text("'<c8'"), data)
raw("longdouble", text("'<f16'"), data)
raw("struct", text("[('x', '<f4')]"), data)
raw("object", text("'|O'"), data)
raw("descr", text("4"), data)
raw("boolean", text(order="1"), data)
raw("negative", text(shape="(-2, 3)"), data)
raw("word", text(shape="(two, 3)"), data)
raw("shape", text(shape="2"), data)
raw("comma", text(shape="(2 3)"), data)
raw("size", text(shape="(99999999999999999999,)"), data)
raw("overflow", text(shape="(4294967296, 4294967296)"), data)
raw("short", text(), data[:-1])
raw("extra", text(), data + b"\0")
with open(f"{folder}/nothing.npy", "wb"):
    pass
with open(f"{folder}/start.npy", "wb") as file:
    file.write(b"\x93NUMPY\1")
with open(f"{folder}/nolength.npy", "wb") as file:
    file.write(b"\x93NUMPY\1\0\1")
