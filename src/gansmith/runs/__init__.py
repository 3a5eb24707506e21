"""Runs: from a recipe to a folder, from a folder to a generator, and what many runs say together."""
