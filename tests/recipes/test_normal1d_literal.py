"""The 1-D example to the letter: what it is, and where its linear generator goes."""

import math

import pytest
from torch import nn

import gansmith
from gansmith.terms.losses import NonSaturating
from gansmith.training.assemble import assemble


def test_it_is_the_course_s_example_to_the_letter():
    trainer = assemble(gansmith.recipe("normal1d-literal", device="cpu"))
    r = trainer.recipe
    assert r.source.data == "normal" and (r.prior.noise, r.prior.noise_scale, r.prior.latent) == ("uniform", 8, 1)
    layers = {
        name: [(m.in_features, m.out_features) for m in network.modules() if isinstance(m, nn.Linear)]
        for name, network in trainer.game.networks.items()
    }
    assert layers["generator"] == [(1, 1)] and len(layers["discriminator"]) == 4
    assert not any(isinstance(m, nn.Tanh) for m in trainer.game.networks["generator"].modules())
    assert r.terms[0].discriminator_scale == 0.5 and r.terms[0].loss == NonSaturating()  # −ln o_f


def test_a_short_run_goes_to_the_data_s_mean_and_sd():
    """In a fifth of the steps at three times the rate; the whole is measured by benchmarks/normal1d_literal.py."""
    changes = {"generator.lr": 0.03, "batch": 128, "device": "cpu", "threads": 1}
    trainer = assemble(gansmith.recipe("normal1d-literal", steps=400, **changes))
    start = [p.item() for p in trainer.game.networks["generator"].parameters()]
    trainer.run(400)
    w, b = (p.item() for p in trainer.trained().generator.parameters())
    assert abs(start[1] - 5) > 3 and abs(deviation(start[0]) - 1) > 0.3  # it had a way to go
    assert b == pytest.approx(5, abs=0.2)
    assert 0.8 < deviation(w) < 1.25


def deviation(w: float) -> float:
    """Return the sd of wz, z ~ U[−8, 8]."""
    return 8 * abs(w) / math.sqrt(3)
