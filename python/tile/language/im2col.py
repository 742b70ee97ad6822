"""The tile of a convolution's input as a matrix."""

from __future__ import annotations

from tile.frontend import control
from tile.frontend.builder import block_level
from tile.language.arithmetic import compare
from tile.language.buffer import BufferValue, Element
from tile.language.expr import ExprLike, as_index
from tile.language.loop import parallel_nest

__all__ = ["c2d_im2col", "im2col"]


def im2col(
    img: BufferValue,
    col: BufferValue,
    nhw_step: ExprLike,
    c_step: ExprLike,
    kernel: int,
    stride: int,
    dilation: int,
    pad: int,
    eviction_policy: str | None = None,
) -> None:
    """Copies the part of an image that a tile of a convolution as a product reads.

    Row i of `col` is pixel ``nhw_step * rows + i`` of the result, in the order batch,
    height, width; column j is number ``c_step * columns + j`` of the inputs of a pixel,
    in the order of the kernel's height, its width, channel. What lies outside the image
    reads as 0.

    Args:
        img: Batch x height x width x channels.
        col: Rows x columns, of static shape.
        kernel, stride, dilation, pad: The same in height and width.

    Raises:
        ValueError: Another rank of `img` or `col`.
    """
    builder = block_level("T.im2col")
    if len(img.shape) != 4 or len(col.shape) != 2:
        raise ValueError(
            "T.im2col expects an image of rank 4 and a tile of rank 2, got "
            f"{len(img.shape)} and {len(col.shape)}"
        )
    _, height, width, channels = (as_index(n) for n in img.shape)
    batch = as_index(img.shape[0])
    reach = 2 * pad - dilation * (kernel - 1) - 1
    out_height = (height + reach) // stride + 1
    out_width = (width + reach) // stride + 1
    first_row = as_index(nhw_step) * col.shape[0]
    first_column = as_index(c_step) * col.shape[1]
    for i, j in parallel_nest(col.shape):
        pixel, number = first_row + i, first_column + j
        n = pixel // (out_height * out_width)
        c = number % channels
        tap = number // channels
        y = pixel // out_width % out_height * stride + tap // kernel * dilation - pad
        x = pixel % out_width * stride + tap % kernel * dilation - pad
        inside = compare("<", n, batch) & compare("<", tap, kernel * kernel)
        for place, size in ((y, height), (x, width)):
            inside = inside & compare(">=", place, 0) & compare("<", place, size)
        branch = control.Branch(builder, inside)
        target = Element(col, [i, j])
        if branch.enter(True):
            target.store(Element(img, [n, y, x, c]))
        if branch.enter(False):
            target.store(0)
        branch.end()


c2d_im2col = im2col
"""The name of `im2col` in older programs."""
