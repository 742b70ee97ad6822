"""What the parameters of a kernel are. `tile.language.annot` is the way in."""
