"""The pair of a tutorial, as it stands: noise as maps of one pixel, scores as maps of one pixel."""

import json

import pytest
import torch
from torch import nn

import gansmith
from gansmith.errors import GansmithError
from gansmith.networks.flat_noise import hook_of

TINY = {"batch": 4, "latent": 6, "image_size": 16, "data": "digits", "device": "cpu", "quiet": True}
TINY |= {"evaluate_every": 0}


def generator(norm=True):
    inner = [nn.BatchNorm2d(8)] if norm else []
    deep = [nn.ConvTranspose2d(6, 8, 4, 1, 0, bias=False), *inner, nn.ReLU(True)]
    return nn.Sequential(*deep, nn.ConvTranspose2d(8, 1, 4, 4, 0, bias=False), nn.Tanh())


def discriminator():
    return nn.Sequential(nn.Conv2d(1, 4, 4, 4), nn.LeakyReLU(0.2, True), nn.Conv2d(4, 1, 4))


class Views(nn.Module):
    """Takes flat noise, though a convolution comes first."""

    def __init__(self):
        super().__init__()
        self.layers = generator()

    def forward(self, z):
        return self.layers(z[:, :, None, None])


def test_noise_is_shaped_as_the_generator_wants_it(tmp_path):
    pair = generator(), discriminator()
    gan = gansmith.train("dcgan", networks=pair, steps=2, out=tmp_path / "run", **TINY)
    flat = gansmith.train(
        "dcgan", networks=(nn.Sequential(nn.Unflatten(1, (6, 1, 1)), generator()), discriminator()), steps=2, **TINY
    )
    assert gan.sample(3).shape == flat.sample(3).shape == (3, 1, 16, 16)
    assert not hook_of(pair[0]) and json.loads((tmp_path / "run" / "config.json").read_text())["own_networks"]
    again = gansmith.load(tmp_path / "run", networks=generator())
    assert torch.equal(again.sample(3, seed=1), gan.sample(3, seed=1))
    gansmith.resume(tmp_path / "run", steps=3, networks=(generator(), discriminator()), quiet=True)


def test_one_that_takes_flat_noise_gets_it():
    assert gansmith.train("dcgan", networks=(Views(), discriminator()), steps=1, **TINY).sample(2).shape[0] == 2


def test_one_that_works_with_neither_is_told_and_leaves_nothing(tmp_path):
    wrong = nn.Sequential(nn.ConvTranspose2d(7, 1, 16), nn.Tanh())
    with pytest.raises(GansmithError, match=r"the generator, given z \(4, 6\), fails"):
        gansmith.train("dcgan", networks=(wrong, discriminator()), steps=1, out=tmp_path / "run", **TINY)
    assert not (tmp_path / "run").exists() and not hook_of(wrong)


@pytest.mark.parametrize("recipe", ["infogan", "own"])
def test_a_single_sample_has_no_spread_and_it_is_said(recipe):
    """Before, a traceback of batch norm's."""
    own = nn.Sequential(nn.Linear(6, 256), nn.BatchNorm1d(256), nn.Tanh(), nn.Unflatten(1, (1, 16, 16)))
    how = {**TINY, "batch": 1} | ({"networks": (own, discriminator())} if recipe == "own" else {})
    with pytest.raises(GansmithError, match="batch norm has no spread in one sample, use --batch 2 or more"):
        gansmith.train("infogan" if recipe == "infogan" else "dcgan", steps=1, **how)
    assert gansmith.train("wgan-gp", steps=1, **{**TINY, "batch": 1}).sample(2).shape[0] == 2
