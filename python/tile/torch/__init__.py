"""Kernels as operators of torch.

`custom_op` registers a kernel with ``torch.library``, so that ``torch.compile``
and ``torch.export`` see one operator with known result shapes in its place. Needs
torch 2.4 or later.
"""

from __future__ import annotations

try:
    import torch
except ImportError as error:
    raise ImportError(
        "tile.torch needs torch 2.4 or later, which is missing"
    ) from error

if not hasattr(torch.library, "register_autograd"):
    raise ImportError(
        f"tile.torch needs torch 2.4 or later, found torch {torch.__version__}"
    )

from tile.torch.registration import custom_op

__all__ = ["custom_op"]
