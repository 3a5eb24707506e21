"""Walks through a latent space, and single coordinates of it."""
