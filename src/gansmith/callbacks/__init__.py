"""Callbacks: who looks at a run now and then, one a file."""
