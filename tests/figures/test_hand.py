"""The walk by hand, a lecture's plans, information, flipped labels, slopes: the figures' numbers."""

import math

import pytest
import torch

from gansmith.figures.batches import batches
from gansmith.figures.cross_entropy import cross_entropy
from gansmith.figures.entangled import entangled
from gansmith.figures.flipped import flipped, turned
from gansmith.figures.hand_walk import hand_walk
from gansmith.figures.information import information, joint_table
from gansmith.figures.plans import plans


def test_walk():
    found = hand_walk(eta=0.2).numbers
    assert (found["right x3"], found["right y3"]) == pytest.approx((1 - 3 * 0.04, 0.6 - 0.008))
    assert (found["printed x2"], found["printed y2"]) == pytest.approx((0.96, 0.24))
    assert (found["printed x3"], found["printed y3"]) == pytest.approx((1 - 0.2 - 2 * 0.04, 0.4 + 0.008))
    assert found["distance"] == pytest.approx((1 + 0.04) ** 1.5)


def test_plans():
    found = plans(draws=60).numbers
    assert [found[name] for name in ("γ₁", "γ₂", "cheapest of many", "dearest of many", "well", "badly")] == [
        *(pytest.approx(42),) * 4,
        pytest.approx(2),
        pytest.approx(6),
    ]
    assert found["different"] > 10


@pytest.mark.parametrize("noise", [0.0, 0.3, 1.0])
def test_information(noise):
    found = information(noise).numbers
    same = 1 - noise * 2 / 3
    h = -same * math.log(same) - (2 * (noise / 3) * math.log(noise / 3) if noise else 0)
    assert found["H(c)"] == pytest.approx(math.log(3)) and found["H(c|x)"] == pytest.approx(h)
    assert found["I(c; x)"] == pytest.approx(math.log(3) - h, abs=1e-12)
    assert found["bound at the posterior"] == pytest.approx(found["I(c; x)"], abs=1e-9)
    assert found["bound of a guess"] == pytest.approx(0, abs=1e-12)
    assert found["bound of another's posterior"] <= found["I(c; x)"] + 1e-12
    assert joint_table(noise).sum().item() == pytest.approx(1)


def test_flipped_labels_are_the_same_game():
    usual, other = turned(False, 50), turned(True, 50)
    assert torch.equal(usual[:, :2], -other[:, :2]) and torch.equal(usual[:, 2], other[:, 2])
    assert usual[-1, 2] > 0.5  # it went somewhere
    found = flipped(steps=20).numbers
    assert found["steps apart"] == 0
    assert found["margin off 2 + E f(x) − E f(G)"] < 1e-12
    s = 1 / (1 + math.exp(5))
    assert found["margin's least slope"] == pytest.approx(2 * s * (1 - s))  # dtanh(s/2)/ds at the end
    assert found["hinge's share without slope"] == pytest.approx(0.4, abs=0.01)


def test_where_cross_entropy_is_flat():
    found = cross_entropy().numbers
    reach = (8 - math.log(99)) / 16  # σ(−s) < 0.01 from s = log 99 on
    assert found["nonsaturating: share flat"] == pytest.approx(reach, abs=0.005)
    assert found["minimax: share flat"] == pytest.approx(reach, abs=0.005)
    assert found["least-squares: share flat"] < 0.005 and found["least-squares at 6"] == 5
    assert found["nonsaturating at 6"] == pytest.approx(-1 / (1 + math.exp(6)))


def test_entangled_or_not_the_samples_are_the_same():
    found = entangled().numbers
    for name in ("disentangled", "entangled"):
        assert found[f"{name}: mean"] == pytest.approx(0, abs=0.015)
        assert found[f"{name}: sd"] == pytest.approx(math.log(1.6), rel=0.02)
    assert found["disentangled: z₁ and width"] > 0.999 and found["disentangled: z₁ and height"] < 0.03
    assert found["entangled: z₁ and width"] == pytest.approx(math.sqrt(0.5), abs=0.02)
    assert found["entangled: z₁ and height"] == pytest.approx(math.sqrt(0.5), abs=0.02)


def test_what_gives_a_collapsed_minibatch_away():
    found = batches(count=512).numbers
    assert found["means, the middle"] < 0.02 < 0.8 < found["means, one mode"] < 1.2
    for name in ("one mode", "the middle"):  # the ring's covariance is ½ I: ‖½ I‖² = ½
        assert found[f"covariances, {name}"] == pytest.approx(0.5, rel=0.1)
        assert found[f"distance, {name}"] < 0.1 * found["distance, real"]
    assert found["covariances, diverse"] < 0.02
    assert found["distance, diverse"] == pytest.approx(found["distance, real"], rel=0.05)
