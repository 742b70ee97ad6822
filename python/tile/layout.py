"""Layouts of buffers, under TileLang's import path; see `tile.language.layout`."""

from tile.language.layout import *
from tile.language.layout import __all__ as __all__
