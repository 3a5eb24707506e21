"""Trails in the plane are the real play, and drawing the field moves nobody."""

import itertools

import numpy as np
import pytest

from gansmith.dynamics import Simultaneous
from gansmith.figures.figure import sheet
from gansmith.figures.plane import draw_field, trail
from gansmith.games import toy
from gansmith.terms import Adversarial
from gansmith.terms.losses import Wasserstein


def test_a_trail_is_every_step_in_the_order_asked_for():
    """x ← x − ηy, y ← y + ηx from (1, 2), by hand."""
    across_up = trail(Simultaneous(), toy.bilinear(1.0, 2.0, lr=0.5), itertools.repeat(None), 2, ("y", "x"))
    np.testing.assert_allclose(across_up, [[2.0, 1.0], [2.5, 0.0], [2.5, -1.25]], atol=1e-15)


def test_arrows_point_against_the_field_and_nobody_moves():
    game = toy.DiracGAN([Adversarial(Wasserstein())], theta=0.3, psi=-0.2)
    rounds = (game.minibatch() for _ in itertools.count())
    axes = sheet(1).axes[0]
    draw_field(axes, game, rounds, ("generator", "discriminator"), reach=1.0, count=3)
    (arrows,) = axes.collections
    # costs −ψθ of the generator and ψθ of the discriminator: −v = (ψ, −θ), drawn as long as √‖v‖
    theta, psi = arrows.XY.T
    length = np.sqrt(np.hypot(theta, psi) + 1e-12)
    np.testing.assert_allclose(arrows.U, psi / np.maximum(length, 1e-6), atol=1e-6)
    np.testing.assert_allclose(arrows.V, -theta / np.maximum(length, 1e-6), atol=1e-6)
    assert game.radius() == pytest.approx(np.hypot(0.3, 0.2), abs=1e-15)
