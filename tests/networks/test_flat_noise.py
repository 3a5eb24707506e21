"""A generator that wants its noise as maps gets it so, and one that does not gets it flat."""

import pytest
import torch
from torch import nn

from gansmith.networks.flat_noise import AsMaps, accommodate, hook_of, release

LATENT = 6


class Views(nn.Module):
    """Takes flat noise, though a convolution comes first."""

    def __init__(self):
        super().__init__()
        self.layer = nn.ConvTranspose2d(LATENT, 1, 4)

    def forward(self, z):
        return self.layer(z[:, :, None, None])


def as_maps(dimensions):
    kind = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}[dimensions]
    return nn.Sequential(nn.Identity(), kind(LATENT, 2, 4), nn.ReLU(), kind(2, 1, 4, 4))


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_noise_becomes_maps_of_one_pixel_and_what_comes_as_maps_stays(dimensions):
    network = as_maps(dimensions)
    z = torch.randn(3, LATENT)
    shaped = z.reshape(3, LATENT, *[1] * dimensions)
    expected = network(shaped)
    assert accommodate(network, LATENT) is network and len(hook_of(network)) == 1
    assert torch.equal(network(z), expected) and torch.equal(network(shaped), expected)
    accommodate(network, LATENT)  # once is enough
    assert len(hook_of(network)) == 1
    network.register_forward_pre_hook(lambda *_: None)  # another's
    release(network)
    assert not hook_of(network) and len(network._forward_pre_hooks) == 1
    assert torch.equal(network(shaped), expected)


@pytest.mark.parametrize(
    "network",
    [
        nn.Sequential(nn.Linear(LATENT, 4), nn.Unflatten(1, (1, 2, 2)), nn.ConvTranspose2d(1, 1, 2)),
        Views(),
        nn.ConvTranspose2d(LATENT + 1, 1, 4),  # of another number of maps: it fails either way
        nn.Sequential(nn.ConvTranspose2d(LATENT, 1, 4), nn.Flatten(), nn.Linear(9, 1)),  # fails behind it
        nn.Tanh(),
    ],
    ids=["linear first", "views", "other maps", "fails further on", "no weights"],
)
def test_where_it_is_not_evident_nothing_is_done(network):
    before = len(network._forward_pre_hooks)
    assert accommodate(network, LATENT) is network
    assert not hook_of(network) and len(network._forward_pre_hooks) == before


def test_other_inputs_pass_through():
    z, c = torch.randn(2, LATENT), torch.randn(2, 3)
    shaped, beside = AsMaps(2)(nn.Identity(), (z, c))
    assert shaped.shape == (2, LATENT, 1, 1) and beside is c


def test_the_look_draws_nothing_and_leaves_the_network_as_it_is():
    network = nn.Sequential(nn.ConvTranspose2d(LATENT, 2, 4), nn.BatchNorm2d(2))
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    state = torch.get_rng_state()
    accommodate(network, LATENT)
    assert torch.equal(torch.get_rng_state(), state) and network.training
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())
