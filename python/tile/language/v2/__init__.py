"""The names of TileLang's second version of its language."""
