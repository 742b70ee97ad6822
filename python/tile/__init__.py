"""Tile-level GPU kernels in Python, compiled by MLIR."""

# The extension module may lie in a build folder, apart from these files.
__path__ = __import__("pkgutil").extend_path(__path__, __name__)
