"""The kernel language, usually imported as ``T``."""
