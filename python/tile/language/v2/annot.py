"""Annotations, under the name that TileLang has for them."""

from tile.language.annot import *  # noqa: F403
from tile.language.annot import __all__  # noqa: F401
