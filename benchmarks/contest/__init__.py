"""The sides that benchmarks/speed.py compares, and what they are given to play with."""
