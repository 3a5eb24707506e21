"""Compiling: a whole training step recorded, compiled, and launched as one piece on a GPU."""
