"""Walks through a latent space: between samples, without an end, and along one coordinate at a time."""
