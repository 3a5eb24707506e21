"""What a data set holds, on one sheet: counts, ranges, classes, what was passed over, and what is there twice."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from gansmith.data.dataset import Dataset, first
from gansmith.data.images import Resident, Streaming
from gansmith.data.subset import labels_of

LOOKED = 2048  # samples that are looked at
THUMBNAIL, NEAR = 16, 0.02  # side in pixels, and the root mean square of a difference that nobody sees, in [−1, 1]


def sheet(dataset: Dataset) -> dict[str, Any]:
    """Return the facts of a data set as plain values.

    Ranges, attributes and duplicates are those of the first 2,048 samples of a fixed shuffle. Near duplicates are
    images whose 16×16 thumbnails differ by less than 1 % of the range.
    """
    batches = [*first(dataset, LOOKED)]
    x = torch.cat([batch.x for batch in batches])
    attributes = [batch.attributes for batch in batches if batch.attributes is not None]
    means = torch.cat(attributes).mean(dim=0).tolist() if attributes else []
    images = x.dim() == 4
    exact, near = _twice(x)
    return {
        "description": dataset.description,
        "count": dataset.count,
        "shape": list(dataset.shape),
        "kind": "images" if images else "vectors",
        "stored": _stored(dataset, images),
        "looked_at": len(x),
        "least": round(float(x.min()), 6),
        "largest": round(float(x.max()), 6),
        "columns": [] if images else _columns(x),
        "classes": _classes(dataset),
        "unlabelled": _unlabelled(dataset),
        "undecodable": getattr(dataset, "unreadable", 0),
        "attributes": {name: round(mean, 4) for name, mean in zip(dataset.attribute_names, means, strict=False)},
        "notes": [*getattr(dataset, "notes", ())],
        "exact_duplicates": exact,
        "near_duplicates": near if images else None,
    }


def told(facts: dict[str, Any], most: int = 20) -> list[str]:
    """Return the lines of a sheet for people.

    Args:
        facts: of `sheet`.
        most: classes or columns that are named.
    """
    lines = [f"numbers: {facts['stored']}; networks see {facts['least']:g} to {facts['largest']:g}"]
    for number, column in enumerate(facts["columns"][:most]):
        lines.append(f"  column {number}: mean {column['mean']:g}, deviation {column['deviation']:g}")
    if facts["classes"]:
        shares = [f"{name} {share:.1%}" for name, share in facts["classes"].items()]
        lines.append(f"classes: {', '.join(shares[:most])}{_more(len(shares), most)}")
    if facts["unlabelled"]:
        lines.append(f"without a label: {facts['unlabelled']:,}")
    if facts["attributes"]:
        means = [f"{name} {mean:.1%}" for name, mean in facts["attributes"].items()]
        lines.append(f"attributes, on average: {', '.join(means[:most])}{_more(len(means), most)}")
    if facts["undecodable"]:
        where = f" among the {facts['looked_at']:,} looked at" if "from disk" in facts["stored"] else ""
        lines.append(f"cannot be decoded, and left out: {facts['undecodable']:,}{where}")
    lines += facts["notes"]
    near = "" if facts["near_duplicates"] is None else f", and {facts['near_duplicates']:,} are nearly like another"
    lines.append(f"twice: of {facts['looked_at']:,} samples, {facts['exact_duplicates']:,} are copies of another{near}")
    return lines


def _stored(dataset: Dataset, images: bool) -> str:
    if isinstance(dataset, Streaming):
        return "bytes, decoded from disk"
    if isinstance(dataset, Resident):
        return f"{'bytes' if images else 'float32'}, in memory ({dataset.samples.nbytes / 2**20:,.1f} MiB)"
    return "drawn without end" if dataset.count is None else "float32"


def _columns(x: Tensor) -> list[dict[str, float]]:
    mean, deviation = x.double().mean(dim=0).tolist(), x.double().std(dim=0, correction=0).tolist()
    return [{"mean": round(m, 6), "deviation": round(d, 6)} for m, d in zip(mean, deviation, strict=True)]


def _classes(dataset: Dataset) -> dict[str, float]:
    shares = dataset.frequencies
    values = [] if shares is None else shares.tolist()
    return {name: round(share, 6) for name, share in zip(dataset.label_names, values, strict=False)}


def _unlabelled(dataset: Dataset) -> int:
    labels = labels_of(dataset)
    return 0 if labels is None else int((labels < 0).sum())


def _twice(x: Tensor) -> tuple[int, int]:
    """Return how many samples are the same as one before them, and how many others nearly so."""
    seen: set[bytes] = set()
    first_of = [not (key in seen or seen.add(key)) for key in (row.numpy().tobytes() for row in x)]  # type: ignore[func-returns-value]
    own = x[torch.tensor(first_of)]
    exact = len(x) - len(own)
    if x.dim() != 4:
        return exact, 0
    small = adaptive_avg_pool2d(own, min(THUMBNAIL, *own.shape[2:])).flatten(1)
    apart = torch.cdist(small, small) / small.shape[1] ** 0.5
    return exact, int((apart + torch.ones_like(apart).triu() < NEAR).any(dim=1).sum())


def _more(count: int, most: int) -> str:
    return f", … {count:,} in all" if count > most else ""
