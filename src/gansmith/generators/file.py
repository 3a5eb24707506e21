"""One file that is a trained generator, whole: its weights, and its own description in the header. No pickle."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gansmith.data.scale import scale_from, scale_to
from gansmith.errors import GansmithError
from gansmith.generators.prior import PRIORS, Prior
from gansmith.generators.trained import TrainedGenerator
from gansmith.generators.vocabulary import Vocabulary, layout, vocabulary_from
from gansmith.generators.weights import from_file, to_bytes
from gansmith.networks import CONDITIONINGS, FAMILIES, Conditioning
from gansmith.networks.build import build_generator
from gansmith.networks.copying import copy_of, fill_network
from gansmith.networks.flat_noise import accommodate
from gansmith.networks.layers import channels_last
from gansmith.settings import Component
from gansmith.settings.foreign import refuse_foreign
from gansmith.settings.stored import from_typed, to_typed
from gansmith.streams import forked

FORMAT = 1
SHIPPED = Path(__file__).parent.parent / "shipped"
KEY = "gansmith"
"""Of the header, under which the description stands."""
KEYS = {"family", "shape", "prior", "conditioning", "vocabulary", "made_by"}
"""Of the description, that are needed."""


def content(generator: TrainedGenerator, family: Component | None) -> bytes:
    """Return the file of a generator; the same generator is the same bytes.

    Args:
        family: built it; None if the network is a user's own.
    """
    description = {
        "format": FORMAT,
        "family": None if family is None else to_typed(family, FAMILIES),
        "shape": list(generator.shape),
        "range": [-1, 1] if len(generator.shape) == 3 else None,
        "prior": to_typed(generator.prior, PRIORS),
        "conditioning": to_typed(generator.conditioning, CONDITIONINGS),
        "vocabulary": generator.vocabulary.to_json(),
        "made_by": dict(generator.made_by),
        "scale": scale_to(generator.scale),
    }
    text = json.dumps(description, sort_keys=True, separators=(",", ":"))
    return to_bytes(generator.generator, {"format": "pt", "step": str(generator.step), KEY: text})


def read_description(path: Path) -> dict[str, Any] | None:
    """Return what a file says of itself; None for weights without a description.

    Raises:
        GansmithError: if it is no safetensors file.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            found = (file.metadata() or {}).get(KEY)
        description: dict[str, Any] | None = None if found is None else json.loads(found)
        return description
    except (SafetensorError, OSError, ValueError) as error:
        reason = (str(error).splitlines() or [""])[0]
        raise GansmithError(f"{path} is no generator ({reason}): give a run folder or its .safetensors file") from error


def step_of(path: Path) -> int:
    """Return the training step of weights."""
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        return int((file.metadata() or {}).get("step", 0))


def load(
    path: Path, networks: nn.Module | None = None, device: torch.device | str = "cpu", trust: bool = False
) -> TrainedGenerator:
    """Return the generator that a file holds.

    Args:
        networks: the generator's network, if it is a user's own.
        device: where to put it.
        trust: import code of a user's own that the file names.
    """
    description = read_description(path)
    if not isinstance(description, dict) or description.get("format") != FORMAT or not set(description) >= KEYS:
        raise GansmithError(f"{path} does not describe itself as a generator of format {FORMAT}: load its run folder")
    needed = {name: description[name] for name in ("family", "prior", "conditioning")}
    refuse_foreign(needed, str(path), trust)
    prior: Prior = from_typed(needed["prior"], PRIORS, "prior")
    conditioning: Conditioning = from_typed(needed["conditioning"], CONDITIONINGS, "conditioning")
    family = None if needed["family"] is None else from_typed(needed["family"], FAMILIES, "family")
    words, shape = vocabulary_from(description["vocabulary"]), tuple(description["shape"])
    found = build(path, networks, family, shape, prior, conditioning, words, description["made_by"], device)
    return dataclasses.replace(found, scale=scale_from(description.get("scale")))


def build(
    path: Path,
    own: nn.Module | None,
    family: Component | None,
    shape: tuple[int, ...],
    prior: Prior,
    conditioning: Conditioning,
    vocabulary: Vocabulary,
    made_by: Mapping[str, Any],
    device: torch.device | str,
) -> TrainedGenerator:
    """Return the generator of these parts with the weights of a file."""
    if own is None and family is None:
        raise GansmithError(f"{path} was trained with networks of your own: pass the generator as networks=")
    network = unfilled(own, family, shape, prior, conditioning, vocabulary)
    fill(network, path)
    network = network.to(device).eval().requires_grad_(False)
    if own is None:
        network = channels_last(network)  # as it was trained
    return TrainedGenerator(network, shape, prior, conditioning, vocabulary, made_by, file=path)


def unfilled(
    own: nn.Module | None,
    family: Component | None,
    shape: tuple[int, ...],
    prior: Prior,
    conditioning: Conditioning,
    vocabulary: Vocabulary,
) -> nn.Module:
    """Return a generator of these parts, or a copy of a user's own, whose weights are to be replaced."""
    if own is not None:
        return accommodate(copy_of(own, "generator"), prior.latent)  # the caller's own may be trained on
    with forked():  # its weights are drawn, and then replaced
        return build_generator(family, prior.latent, shape, layout(conditioning, prior, vocabulary), conditioning)


def shipped(name: str) -> Path | None:
    """Return the file of a generator that comes with gansmith, if there is one of that name."""
    path = SHIPPED / f"{name}.safetensors"
    return path if path.is_file() else None


def weights_of(path: Path) -> dict[str, Tensor]:
    """Return the weights that a file holds, by name."""
    read_description(path)  # which tells in one line that it is no such file
    return from_file(path)


def fill(network: nn.Module, path: Path) -> None:
    """Read the weights of a file into a network of the right form."""
    fill_network(network, weights_of(path), f"{path} does not fit the generator")
