"""What every network is built of, and begins with, stands in a file: whoever changes a layer changes a line of it."""

import math
import os
from pathlib import Path

import pytest
import torch

from gansmith.conditions import Condition
from gansmith.networks import FAMILIES, Conditioning, DiscriminatorOptions, build_discriminator, build_generator
from gansmith.networks.build import build_classifier, build_pairs, build_recognition

GOLDEN = Path(__file__).parent / "layers"
REWRITE = "GANSMITH_REWRITE_GOLDEN"
SHAPE, LABELS, CODES = (3, 16, 16), Condition(labels=3), Condition(categorical=(4,), continuous=2)
NUMBERS, BEFORE = 6, 9
SMALL = {
    "mlp": {"hidden": 24},
    "fourier": {"hidden": 24, "frequencies": 16},
    "bottleneck": {"channels": 8, "depth": 3},
}
OPTIONS = {"mlp": {"minibatch": "kernels"}, "dcgan": {"minibatch": "stddev"}, "infogan": {"minibatch": "distances"}}


def family(name):
    noisy = {"noise_inputs": True} if name == "style" else {}
    return FAMILIES.ours[name](**SMALL.get(name, {"width": 8}), **noisy)


def of_family(name):
    """Yield all networks of a family by name."""
    made = family(name)
    shape = (2,) if name == "fourier" else SHAPE
    if hasattr(made, "answerer"):
        yield "answerer", made.answerer(NUMBERS, (4, 16, 16), SHAPE)
        yield "answerer of small pictures", made.answerer(NUMBERS, (3, 4, 4), SHAPE)
    else:
        yield "generator", build_generator(made, NUMBERS, shape)
    yield "discriminator", build_discriminator(made, shape)
    if name in OPTIONS:
        yield (
            "discriminator of minibatches",
            build_discriminator(made, shape, options=DiscriminatorOptions(**OPTIONS[name])),
        )
    if hasattr(made, "encoder"):
        yield "encoder", made.encoder(shape, NUMBERS)
    if hasattr(made, "autoencoder"):
        yield "autoencoder", made.autoencoder(shape, NUMBERS)


def of_conditions():
    """Yield networks that are told conditions, and heads that read them."""
    made = family("dcgan")
    asked = Conditioning("labels", conditional_norm=True, embedding=5)
    yield "conditional generator", build_generator(made, NUMBERS, SHAPE, LABELS, asked)
    for way in ("concat", "projection"):
        yield way, build_discriminator(made, SHAPE, LABELS, Conditioning("labels", way, embedding=5))
    judge = build_discriminator(made, SHAPE)
    yield "classifier", build_classifier(judge, LABELS)
    yield "recognition", build_recognition(judge, CODES)
    yield "pairs", build_pairs(judge, NUMBERS)


NETWORKS = {**{name: (of_family, name) for name in FAMILIES.ours}, "conditions": (of_conditions,)}


def lines(networks):
    """Yield the layers of every network, then its weights, each with its shape and its deviation at the beginning."""
    for name, network in networks:
        yield f"# {name}"
        for place, layer in network.named_modules():
            if not [*layer.children()]:
                yield f"{place} {layer}"
        for place, weight in network.state_dict().items():
            spread = weight.double().std(correction=0).item()
            yield f"{place} {tuple(weight.shape)} mean {weight.double().mean().item():.3g} deviation {spread:.3g}"


def alike(line, other):
    """Tell whether two lines are the same, weights drawn anew included: a deviation is known to 1/√(2n)."""
    (text, drawn), (expected, before) = (
        part.split(" mean ") if " mean " in part else (part, "") for part in (line, other)
    )
    if text != expected or not drawn:
        return text == expected and drawn == before
    (mean, spread), (old_mean, old) = ([float(one) for one in part.split(" deviation ")] for part in (drawn, before))
    count = math.prod(int(one) for one in text.split("(")[1].strip("),").split(",") if one.strip())
    near = 5 * max(spread, old) / math.sqrt(count)
    return abs(mean - old_mean) <= near and abs(spread - old) <= near


@pytest.mark.parametrize("name", NETWORKS)
def test_layers_and_how_their_weights_begin(name):
    torch.manual_seed(0)
    make, *given = NETWORKS[name]
    found = [*lines(make(*given))]
    path = GOLDEN / f"{name}.txt"
    if os.environ.get(REWRITE):
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(found) + "\n", encoding="utf-8")
    expected = path.read_text(encoding="utf-8").splitlines()
    others = [f"{old} → {new}" for old, new in zip(expected, found, strict=False) if not alike(new, old)]
    assert not others and len(found) == len(expected), (
        f"{others}: if that should change, rewrite it with {REWRITE}=1 pytest {__file__}"
    )
