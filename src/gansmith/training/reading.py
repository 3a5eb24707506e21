"""Networks that learn to read the data before the first step, for discriminators of what they see."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from gansmith.data import Dataset
from gansmith.latent import lesson_of, predictor_of
from gansmith.latent.predictor import Predictor
from gansmith.networks.projected import ProjectedDiscriminator

SHOWN = 100_000  # images in all, each as often as it takes


def reader_of(shape: tuple[int, ...]) -> tuple[nn.Module, int]:
    """Return what maps images to a predictor's last hidden units, its weights still random, and how many there are."""
    *body, last = Predictor(shape, ("known",)).body
    return nn.Sequential(*body), last.in_features


def learn_to_read(networks: Mapping[str, nn.Module], dataset: Dataset) -> None:
    """Let networks among these that see samples through a reader learn it, from the data or from the cache.

    It is a predictor of all attributes that there are, or of all labels, without the layer that tells them.
    """
    for network in networks.values():
        if isinstance(network, ProjectedDiscriminator):
            found = predictor_of(lesson_of(dataset), shown=SHOWN)
            network.reader.load_state_dict(found.body[:-1].state_dict())
