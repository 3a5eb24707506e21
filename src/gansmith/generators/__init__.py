"""Generators: what a trained generator is without its training."""

from gansmith.generators.prior import PRIORS, Prior

__all__ = ["PRIORS", "Prior"]
