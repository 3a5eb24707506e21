"""Directions as a file beside the generator that they belong to. No pickle."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.files import write_atomically
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.axes import Axes
from gansmith.latent.directions import Directions
from gansmith.latent.effects import Unsupervised
from gansmith.latent.exact import exact_from, exact_tensors
from gansmith.latent.factorized import Factors
from gansmith.latent.response import Response
from gansmith.latent.sliders import Sliders
from gansmith.latent.space import Space
from gansmith.latent.whitening import Whitening
from gansmith.streams import forked

FORMAT = 1
KEY = "gansmith-directions"
"""Of the header, under which everything stands that is no tensor."""
PLAIN_NAME = "directions.safetensors"


@dataclass(frozen=True)
class Beside:
    """Directions of a generator that may lie in a file.

    Attributes:
        path: of the file.
        command: that learns them.
    """

    path: Path
    command: str

    def __call__(self, gan: TrainedGenerator) -> Directions:
        """Return the directions of a generator.

        Raises:
            GansmithError: if there are none, they cannot be read, or they are another generator's.
        """
        if not self.path.is_file():
            raise GansmithError(f"{gan.name} has no axes yet, {self.path}: learn them first, `{self.command}`")
        return read(self, gan)


def beside(run: Path, which: str = "last") -> Beside:
    """Return where the directions of a run's generator lie, or of a generator's file.

    >>> beside(Path("runs/faces"), "best").path.name, beside(Path("faces.safetensors")).path.name
    ('best.directions.safetensors', 'faces.directions.safetensors')
    """
    command = f"gansmith directions {run}" + ("" if which == "last" else f" --generator {which}")
    if run.suffix == ".safetensors":
        folder, stem = run.parent, "" if run.stem == "generator" else run.stem
    else:
        folder, stem = run, "" if which == "last" else which
    return Beside(folder / (f"{stem}.{PLAIN_NAME}" if stem else PLAIN_NAME), command)


def fingerprint(network: nn.Module) -> str:
    """Return a hash of a network's weights: of their names, types, shapes and bytes."""
    found = hashlib.blake2b(digest_size=16)
    for name, tensor in network.state_dict().items():
        found.update(f"{name}/{tensor.dtype}/{tuple(tensor.shape)}/".encode())
        found.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().data)
    return found.hexdigest()


def save(found: Directions, path: Path) -> None:
    """Write directions; the same are the same bytes."""
    content = to_bytes(found)
    write_atomically(path, lambda temporary: temporary.write_bytes(content))


def to_bytes(found: Directions) -> bytes:
    """Return the file of directions."""
    from safetensors.torch import save as tensors_to_bytes

    response, whitening = found.sliders.response, found.sliders.whitening
    tensors = {f"response.{name}": tensor for name, tensor in response.state_dict().items()}
    tensors |= {f"whitening.{name}": getattr(whitening, name) for name in ("mean", "root", "inverse")}
    tensors |= {"low": found.sliders.low, "high": found.sliders.high}
    tensors |= {} if found.exact is None else exact_tensors(found.exact)
    for name, axes in (("axes", found.axes), ("orthogonal", found.orthogonal)):
        tensors |= {} if axes is None else {f"{name}.unit": axes.unit, f"{name}.slopes": axes.slopes}
    tensors |= {name: getattr(found, name) for name in ("ties", "differences", "having", "scores")}
    tensors |= {f"matrix.{name}": matrix for name, matrix in found.matrices.items()}
    for one in found.unsupervised:
        parts = {**one.factors._asdict(), "spread": one.spread, "changes": one.changes, "correlation": one.correlation}
        tensors |= {f"unsupervised.{one.method}.{name}": tensor for name, tensor in parts.items()}
    known = {
        "format": FORMAT,
        "generator": fingerprint(found.space.gan.generator),
        "names": found.names,
        "locked": found.locked,
        "matrices": [*found.matrices],
        "unsupervised": [one.method for one in found.unsupervised],
        "about": dict(found.about),
    }
    alone = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    return tensors_to_bytes(alone, {KEY: json.dumps(known, sort_keys=True, separators=(",", ":"))})


def read(place: Beside, gan: TrainedGenerator) -> Directions:
    """Return the directions in a file, which must be of this generator."""
    known, tensors = _content(place)
    if known["generator"] != fingerprint(gan.generator):
        raise GansmithError(
            f"{place.path} holds axes of another generator, or of this one before it was trained further: "
            f"learn them anew, `{place.command}`"
        )
    try:
        return replace(_directions(known, tensors, gan), path=place.path)
    except (KeyError, ValueError, TypeError, RuntimeError, IndexError) as error:
        raise _damaged(place, error) from error


def _content(place: Beside) -> tuple[dict[str, Any], dict[str, Tensor]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(place.path, "pt") as file:
            known: dict[str, Any] = json.loads((file.metadata() or {})[KEY])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
        if known["format"] != FORMAT:
            raise KeyError(f"format {known['format']}")
        known["generator"]
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(place, error) from error
    return known, tensors


def _damaged(place: Beside, error: Exception) -> GansmithError:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    return GansmithError(f"{place.path} cannot be read as axes ({reason}): learn them anew, `{place.command}`")


def _directions(known: Mapping[str, Any], tensors: Mapping[str, Tensor], gan: TrainedGenerator) -> Directions:
    names, space = tuple(known["names"]), Space(gan)
    whitening = Whitening(*(tensors[f"whitening.{part}"] for part in ("mean", "root", "inverse")))
    axes = {
        name: Axes(names, tensors[f"{name}.unit"], tensors[f"{name}.slopes"], whitening)
        for name in ("axes", "orthogonal")
        if f"{name}.unit" in tensors
    }
    return Directions(
        space=space,
        sliders=Sliders(names, _response(tensors), whitening, tensors["low"], tensors["high"]),
        axes=axes["axes"],
        orthogonal=axes.get("orthogonal"),
        exact=exact_from(tensors, names, space, whitening),
        locked=tuple(known["locked"]),
        unsupervised=tuple(_unsupervised(method, tensors) for method in known["unsupervised"]),
        matrices={name: tensors[f"matrix.{name}"] for name in known["matrices"]},
        about=known["about"],
        ties=tensors["ties"],
        differences=tensors["differences"],
        having=tensors["having"],
        scores=tensors["scores"],
    )


def _response(tensors: Mapping[str, Tensor]) -> Response:
    own = {name.removeprefix("response."): t for name, t in tensors.items() if name.startswith("response.")}
    hidden, inputs = own["first.weight"].shape
    with forked():  # its weights are drawn, and then replaced
        response = Response(inputs, len(own["mean"]), hidden)
    response.load_state_dict(own)
    return response.eval().requires_grad_(False)


def _unsupervised(method: str, tensors: Mapping[str, Tensor]) -> Unsupervised:
    part = functools.partial(_named, tensors, method)
    return Unsupervised(method, Factors(*map(part, Factors._fields)), *map(part, ("spread", "changes", "correlation")))


def _named(tensors: Mapping[str, Tensor], method: str, name: str) -> Tensor:
    return tensors[f"unsupervised.{method}.{name}"]


def described(found: Directions) -> dict[str, Any]:
    """Return what was found as plain JSON values: matrices, scores, and what directions without labels move."""
    names = list(found.names)

    def by_name(values: Tensor) -> dict[str, float | None]:
        return {n: None if v != v else round(v, 4) for n, v in zip(names, values.tolist(), strict=True)}

    return {
        "format": FORMAT,
        **found.about,
        "attributes": names,
        "locked": list(found.locked),
        "predictor": {"r2": by_name(found.scores[0]), "accuracy": by_name(found.scores[1])},
        "response": {"r2": by_name(found.r2)},
        "matrices": {way: [[round(v, 4) for v in row] for row in m.tolist()] for way, m in found.matrices.items()},
        "unsupervised": [
            {
                "method": one.method,
                "direction": k + 1,
                "moves": names[i],
                "change": round(float(one.changes[k, i]), 4),
                "rank correlation": round(float(one.correlation[k, i]), 4),
                "share": round(float(one.factors.share[k]), 4),
            }
            for one in found.unsupervised
            for k, i in enumerate(one.moves)
        ],
    }


def write_report(found: Directions, path: Path) -> None:
    """Write what `described` returns."""
    text = json.dumps(described(found), indent=2, ensure_ascii=False) + "\n"
    write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
