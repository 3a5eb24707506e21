"""Densities, players, diagrams, expectations and the worked update: every number of the captions."""

import math

import pytest
import torch

from gansmith.figures.densities import data
from gansmith.figures.density_models import VAE, autoregressive, boltzmann, cell_of, cells
from gansmith.figures.diagrams import DIAGRAMS, diagrams
from gansmith.figures.expectation import COUNTS, expectation, moments
from gansmith.figures.players import cost, descent, players
from gansmith.figures.worked_update import worked_update
from gansmith.theory.divergences import kl


def test_models_with_a_density_have_one():
    toy, rng = data(), torch.Generator().manual_seed(0)
    train = toy.sample(8000, rng)[:, 0]
    counts = torch.bincount(cell_of(train), minlength=32).double() / 8000
    for model, far in ((autoregressive(train), 0.005), (boltzmann(train), 0.02)):
        assert float(model.p.sum()) == pytest.approx(1, abs=1e-5)
        assert kl(counts, model.p.double() / model.p.double().sum()) < far
    middles, width = cells()
    assert cell_of(middles).tolist() == list(range(32)) and width == 0.25


def test_a_vaes_bound_is_below_its_density():
    """Untrained, f(z) is some smooth curve: the bound holds for any, and the density integrates to 1."""
    torch.manual_seed(0)
    vae = VAE().requires_grad_(False)
    x = torch.linspace(-6, 6, 601)
    assert (vae.bound(x) <= vae.log_density(x) + 1e-4).all()
    assert float(vae.log_density(x).exp().sum() * 0.02) == pytest.approx(1, abs=1e-3)
    train, held = data().sample(6000, torch.Generator().manual_seed(0))[:, 0].split([4000, 2000])
    assert VAE.fitted(train, steps=300).bound(held).mean() > vae.bound(held).mean() + 0.1


def test_one_player_rests_and_two_do_not():
    found = players(steps=300).numbers
    for start in ("from the left", "from the right"):
        w = found[f"{start}: w"]
        assert w**3 - w + 0.15 == pytest.approx(0, abs=1e-9)  # nobody's gradient pulls there
        assert found[f"{start}: cost"] == pytest.approx(cost(w)) and found[f"{start}: moved"] < 1e-9
    assert found["from the left: cost"] < found["from the right: cost"] - 0.2
    assert 0.5 < found["game: nearest"] < 0.6 < found["game: farthest"] < 0.7
    assert descent(2.0, 0.01, 1)[1] == pytest.approx(2 - 0.01 * 6.15)


def test_diagrams_say_who_learns():
    found = diagrams().numbers
    learning = {
        "GAN, D's turn": {"discriminator"},
        "GAN, G's turn": {"generator"},
        "conditional GAN, G's turn": {"generator"},
        "InfoGAN, G's turn": {"generator", "recognition"},
        "a second discriminator, D's turn": {"discriminator", "auxiliary"},
        "a second discriminator, G's turn": {"generator"},
        "PacGAN, D's turn": {"discriminator"},
        "VAE-GAN, E's turn": {"encoder"},
        "VAE-GAN, G's turn": {"generator"},
    }
    for diagram in DIAGRAMS:
        assert {n for n in diagram.boxes if found[f"{diagram.title}: {n}"]} == learning[diagram.title]
        places = {**diagram.boxes, **diagram.words}
        assert all(start in places and end in places for start, end in diagram.arrows)


def test_a_mean_over_latents_comes_to_the_expectation():
    found = expectation().numbers
    mean, deviation = moments()
    z = torch.randn(1_000_000, generator=torch.Generator().manual_seed(9), dtype=torch.float64)
    values = -torch.nn.functional.softplus(2 * (1 + z / 2) - 3)
    assert mean == pytest.approx(values.mean().item(), abs=2e-3)
    assert deviation == pytest.approx(values.std().item(), abs=2e-3)
    for n in COUNTS:
        assert found[f"error at {n}"] == pytest.approx(deviation / math.sqrt(n), rel=0.15)


def test_the_update_on_paper():
    """Every step by hand, for other numbers than the figure's too."""

    def sigma(s):
        return 1 / (1 + math.exp(-s))

    for x, z, eta in ((5.0, 2.0, 0.1), (4.0, -1.0, 0.5)):
        found = worked_update(x, z, eta).numbers
        w, b, a, c = 1.0, 0.0, 1.0, -4.0
        o_r, o_f = sigma(a * x + c), sigma(a * (w * z + b) + c)
        assert (found["o_r before"], found["o_f before"]) == pytest.approx((o_r, o_f))
        assert found["L_D before"] == pytest.approx(0.5 * (-math.log(o_r) - math.log(1 - o_f)))
        a, c = a - eta / 2 * ((o_r - 1) * x + o_f * (w * z + b)), c - eta / 2 * ((o_r - 1) + o_f)
        assert (found["a after D"], found["c after D"]) == pytest.approx((a, c))
        assert (found["w after D"], found["b after D"]) == (1, 0)
        o_f = sigma(a * (w * z + b) + c)
        assert found["L_G after D"] == pytest.approx(-math.log(o_f))
        w, b = w - eta * (o_f - 1) * a * z, b - eta * (o_f - 1) * a
        assert (found["w after G"], found["b after G"]) == pytest.approx((w, b))
        assert found["a after G"] == found["a after D"]
        assert found["L_G after G"] == pytest.approx(-math.log(sigma(a * (w * z + b) + c)))
        assert found["L_D after D"] < found["L_D before"] and found["L_G after G"] < found["L_G after D"]
