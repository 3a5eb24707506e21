"""Faces that are moved by sliders."""
