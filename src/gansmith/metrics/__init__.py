"""Metrics: how good samples are, as numbers."""
