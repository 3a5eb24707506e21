"""Every setting of a family lands in the layers that it names, and not in those of another setting."""

from collections import Counter

import pytest
import torch
from torch import nn

from gansmith.networks import DCGAN, FAMILIES, MLP, Fourier, InfoGAN, ResNet, Style
from gansmith.networks.layers import Dropout, Noise, disturbances, norm1d, norm2d

GRAY = (1, 16, 16)


def kinds(network, *wanted):
    """Count the layers of these kinds."""
    found = Counter(type(layer) for layer in network.modules())
    return [found[kind] for kind in wanted]


def disturbed(network):
    """Return what its layers of noise and of dropout do, each kind once."""
    noises = {(layer.deviation, layer.always) for layer in network.modules() if isinstance(layer, Noise)}
    return noises, {(layer.probability, layer.always) for layer in network.modules() if isinstance(layer, Dropout)}


@pytest.mark.parametrize(
    ("family", "shape"),
    [
        (MLP(8, generator_noise=0.5, generator_dropout=0.25), (2,)),
        (DCGAN(4, generator_noise=0.5, generator_dropout=0.25), GRAY),
    ],
    ids=["mlp", "dcgan"],
)
def test_noise_and_dropout(family, shape):
    assert disturbed(family.generator(3, shape)) == ({(0.5, False)}, {(0.25, False)})
    always = type(family)(8, generator_noise=0.5, generator_dropout=0.25, disturb="always")
    assert disturbed(always.generator(3, shape)) == ({(0.5, True)}, {(0.25, True)})
    assert disturbed(family.discriminator(shape)) == (set(), set())
    assert disturbances(0.0, 0.0) == []


def test_an_mlps_layers():
    family = MLP(7, 2, 4, "tanh", "elu", "batch", discriminator_dropout=0.125)
    generator, discriminator = family.generator(3, (2,)), family.discriminator((2,))
    assert kinds(generator, nn.Linear, nn.Tanh, nn.ELU, nn.BatchNorm1d, Dropout) == [3, 2, 0, 2, 0]
    assert kinds(discriminator, nn.Linear, nn.Tanh, nn.ELU, nn.BatchNorm1d, Dropout) == [
        5,
        0,
        4,
        0,
        1,
    ]  # the same layer of dropout four times
    assert disturbed(discriminator) == (set(), {(0.125, False)})
    widths = [
        [layer.in_features for layer in one.modules() if isinstance(layer, nn.Linear)]
        for one in (generator, discriminator)
    ]
    assert widths == [[3, 7, 7], [2, 7, 7, 7, 7]]
    encoder = family.encoder((2,), 6)
    assert kinds(encoder, nn.Linear, nn.ELU) == [5, 4] and list(encoder.parameters())[-1].shape == (6,)
    assert family.generator(3, (2,)).gain == 1 and MLP(noise_gain=0.5).generator(3, (2,)).gain == 0.5


def test_an_autoencoding_mlp_has_the_code_that_is_asked_for():
    """With a code of one number all codes are parallel or opposite, and pull-away would be the same for all samples."""
    for asked, numbers in ((3, 10), (2, 2), (128, 1)):
        network = MLP(7).autoencoder((numbers,), asked)
        assert network.feature_count == asked and network.encoder(torch.zeros(4, numbers)).shape == (4, asked)


def test_fourier_features_have_their_number_and_their_bandwidth():
    discriminator = Fourier(8, frequencies=4000, bandwidth=3.0).discriminator((2,))
    drawn = discriminator.fourier.frequencies
    assert drawn.shape == (2, 4000) and float(drawn.std()) / (2 * 3.141592653589793) == pytest.approx(3.0, rel=0.05)


@pytest.mark.parametrize("norm", ["batch", "none"])
@pytest.mark.parametrize(("family", "count"), [(DCGAN, 2), (ResNet, 5), (InfoGAN, 1)])
def test_norms_of_either_side_are_their_own(family, count, norm):
    generator = family(4, generator_norm=norm, discriminator_norm="layer").generator(3, GRAY)
    discriminator = family(4, generator_norm=norm, discriminator_norm="layer").discriminator(GRAY)
    assert kinds(generator, nn.BatchNorm2d, nn.GroupNorm)[0] == (count if norm == "batch" else 0)
    assert kinds(discriminator, nn.BatchNorm2d)[0] == 0 and kinds(generator, nn.GroupNorm)[0] == 0


def test_widths():
    assert InfoGAN(4, 6).discriminator(GRAY).feature_count == 6
    assert next(InfoGAN(4, 6).discriminator(GRAY).parameters()).shape[0] == 4
    assert DCGAN(5).discriminator(GRAY).feature_count == 5 * 2 * 16
    assert ResNet(5).discriminator(GRAY).feature_count == 10
    style = Style(4, 6, 2, True, 0.5).generator(3, GRAY)
    assert len(style.mapping.layers) == 2 and style.mapping.running_mean.shape == (6,) and style.mixing == 0.5
    assert all(one.strength is not None for one in style.styles)
    assert all(one.strength is None for one in Style(4, 6).generator(3, GRAY).styles)


@pytest.mark.parametrize(("side", "fitting"), [(8, 16), (16, 16), (17, 32), (28, 32), (64, 64), (100, 128), (200, 128)])
def test_the_side_that_powers_of_two_train_at(side, fitting):
    assert [family().fit(side) for family in (DCGAN, ResNet, Style)] == [fitting] * 3


@pytest.mark.parametrize(("side", "fitting"), [(8, 16), (16, 16), (17, 20), (28, 28), (30, 32)])
def test_the_side_that_quarters_train_at(side, fitting):
    assert InfoGAN().fit(side) == fitting


@pytest.mark.parametrize(
    ("kind", "flat", "planar"),
    [
        ("batch", nn.BatchNorm1d, nn.BatchNorm2d),
        ("layer", nn.LayerNorm, nn.GroupNorm),
        ("none", nn.Identity, nn.Identity),
    ],
)
def test_a_norm_by_name(kind, flat, planar):
    assert type(norm1d(kind, 6)) is flat and type(norm2d(kind, 6)) is planar
    x = torch.randn(50, 6, 3, 3, generator=torch.Generator().manual_seed(0)) * 4 + 1
    y, z = norm1d(kind, 6)(x[..., 0, 0]), norm2d(kind, 6)(x)
    if kind == "none":
        assert torch.equal(y, x[..., 0, 0]) and torch.equal(z, x)
    else:
        over = (0, (0, 2, 3)) if kind == "batch" else (1, (1, 2, 3))
        for made, dims in ((y, over[0]), (z, over[1])):
            assert made.mean(dim=dims).abs().max() < 1e-5 and (made.var(dim=dims, correction=0) - 1).abs().max() < 1e-3


@pytest.mark.parametrize("minibatch", ["none", "stddev", "kernels", "distances"])
@pytest.mark.parametrize("name", [name for name in FAMILIES.ours if name != "image-to-image"])
def test_what_shows_the_minibatch_fits_before_every_head(name, minibatch):
    shape = (2,) if name in ("mlp", "fourier") else GRAY
    family = {"bottleneck": lambda: FAMILIES.ours[name](channels=4, depth=3)}.get(name, FAMILIES.ours[name])()
    network = family.discriminator(shape, minibatch).eval().double()
    x = torch.randn(6, *shape, dtype=torch.double, generator=torch.Generator().manual_seed(0))
    output = network(x)
    assert output.logits.shape == (6,) and output.features.shape == (6, network.feature_count)
    alone = network(x[:3]).logits
    assert torch.allclose(alone, output.logits[:3], atol=1e-12, rtol=1e-9) == (minibatch == "none")
