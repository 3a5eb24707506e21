"""Networks have the shapes, rules and properties that their papers give them."""

import pytest
import torch
from torch import nn

from gansmith.errors import GansmithError
from gansmith.networks import (
    DCGAN,
    FAMILIES,
    MLP,
    DiscriminatorOptions,
    DiscriminatorOutput,
    InfoGAN,
    build_discriminator,
    build_generator,
)
from gansmith.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from gansmith.networks.layers import MinibatchStddev
from gansmith.networks.sides import halvings, quarter
from gansmith.recipes.composition import Recipe, change
from gansmith.training.assemble import build_networks

SIZES = [8, 16, 32, 64, 128]


@pytest.mark.parametrize("network", ["dcgan", "resnet"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", SIZES)
def test_shapes(network, channels, size):
    family = FAMILIES.ours[network](width=2)
    fake = build_generator(family, 5, (channels, size, size))(torch.randn(2, 5))
    assert fake.shape == (2, channels, size, size)
    assert fake.abs().max() <= 1
    output = build_discriminator(family, (channels, size, size))(fake)
    assert isinstance(output, DiscriminatorOutput)
    assert output.logits.shape == (2,)
    assert output.features.dim() == 2


@pytest.mark.parametrize("shape", [(2,), (1,), (1, 28, 28), (3, 5, 7)])
def test_mlp_takes_any_shape(shape):
    fake = build_generator(MLP(hidden=8), 4, shape)(10 * torch.randn(3, 4))
    assert fake.shape == (3, *shape)
    assert build_discriminator(MLP(hidden=8), shape)(fake).logits.shape == (3,)


def test_vectors_are_played_by_an_mlp_whatever_the_family():
    networks = build_networks(change(Recipe(), {"network": "resnet", "latent": 2}), (2,))
    fake = networks["generator"](torch.zeros(4, 2))
    assert fake.shape == (4, 2) and networks["discriminator"](fake).logits.shape == (4,)


def test_dcgan_follows_its_rules():
    generator, discriminator = DCGANGenerator(10, (3, 64, 64), width=8), DCGANDiscriminator((3, 64, 64), width=8)
    g, d = ([m for m in net.modules() if not list(m.children())] for net in (generator, discriminator))
    assert not any(isinstance(m, nn.Linear | nn.MaxPool2d | nn.AvgPool2d | nn.Upsample) for m in g + d)
    ups = [m for m in g if isinstance(m, nn.ConvTranspose2d)]
    assert [m.out_channels for m in ups] == [64, 32, 16, 8, 3]
    assert all(m.stride == (2, 2) for m in ups[1:])
    assert isinstance(g[-1], nn.Tanh)
    assert isinstance(g[-2], nn.ConvTranspose2d)  # no batch norm at the output
    assert sum(isinstance(m, nn.BatchNorm2d) for m in g) == sum(isinstance(m, nn.ReLU) for m in g) == 4
    assert isinstance(d[1], nn.LeakyReLU)  # no batch norm at the input
    assert all(m.negative_slope == 0.2 for m in d if isinstance(m, nn.LeakyReLU))
    assert sum(isinstance(m, nn.BatchNorm2d) for m in d) == 3
    kernels = torch.cat([m.weight.flatten() for m in ups])
    assert kernels.std().item() == pytest.approx(0.02, rel=0.05)


@pytest.mark.parametrize(("size", "mend"), [(28, "--image-size 32"), (7, "--image-size 8"), (200, "--image-size 128")])
def test_sizes_that_cannot_be_made(size, mend):
    with pytest.raises(GansmithError, match=mend):
        build_generator(DCGAN(), 100, (1, size, size))
    assert [halvings(s, "dcgan") for s in SIZES] == [1, 2, 3, 4, 5]


def test_infogan_has_its_paper_s_layers():
    """Chen et al. 2016, appendix C.1: 1,024 units and 7×7×128 maps, batch norm but at output and input."""
    family = InfoGAN(width=64, hidden=1024)
    generator, discriminator = build_generator(family, 74, (1, 28, 28)), build_discriminator(family, (1, 28, 28))
    assert [(m.in_features, m.out_features) for m in generator.modules() if isinstance(m, nn.Linear)] == [
        (74, 1024),
        (1024, 7 * 7 * 128),
    ]
    norms = [
        sum(isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d) for m in p.modules()) for p in (generator, discriminator)
    ]
    assert norms == [3, 2]
    assert isinstance(discriminator.features[1], nn.LeakyReLU) and isinstance(generator.body[-2], nn.ConvTranspose2d)
    images = generator(torch.randn(3, 74))
    output = discriminator(images)
    assert images.shape == (3, 1, 28, 28) and output.logits.shape == (3,) and output.features.shape == (3, 1024)
    assert generator.body[0].weight.std().item() == pytest.approx(0.02, rel=0.05)
    with pytest.raises(GansmithError, match="--image-size 32"):
        build_generator(family, 74, (1, 30, 30))


@pytest.mark.parametrize("network", ["mlp", "dcgan", "resnet"])
def test_spectral_norm_bounds_every_weight(network):
    torch.manual_seed(0)
    family = MLP() if network == "mlp" else FAMILIES.ours[network](width=8, discriminator_norm="none")
    discriminator = build_discriminator(family, (1, 8, 8), options=DiscriminatorOptions(spectral_norm=True))
    for _ in range(300):  # let the power iterations settle
        discriminator(torch.randn(2, 1, 8, 8))
    layers = [m for m in discriminator.modules() if isinstance(m, nn.Linear | nn.Conv2d)]
    assert layers
    for layer in layers:
        assert torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item() == pytest.approx(1, abs=0.02)


def test_minibatch_stddev_by_hand_and_at_work():
    x = torch.tensor([[0.0, 1.0], [2.0, 5.0]])
    torch.testing.assert_close(MinibatchStddev()(x)[:, 2], torch.tensor([1.5, 1.5]))  # deviations 1 and 2
    maps = MinibatchStddev()(torch.randn(4, 3, 2, 2))
    assert maps.shape == (4, 4, 2, 2)
    torch.manual_seed(0)
    discriminator = build_discriminator(MLP(), (2,), options=DiscriminatorOptions(minibatch="stddev")).eval()
    one = torch.randn(1, 2)
    collapsed, diverse = one.expand(8, 2), torch.cat([one, torch.randn(7, 2)])
    scores = [discriminator(batch).logits[0].item() for batch in (collapsed, diverse)]
    assert scores[0] != pytest.approx(scores[1], abs=1e-4)


@pytest.mark.parametrize(("network", "shape"), [("mlp", (2,)), ("mlp", (1, 8, 8)), ("dcgan", (3, 16, 16))])
def test_autoencoder_scores_are_minus_the_error(network, shape):
    family = MLP(hidden=6) if network == "mlp" else DCGAN(width=4)
    options = DiscriminatorOptions(autoencoder=True, code=6)
    discriminator = build_discriminator(family, shape, options=options).eval()
    x = torch.randn(5, *shape)
    output = discriminator(x)
    error = (discriminator.decoder(discriminator.encoder(x)) - x).square().flatten(1).mean(1)
    torch.testing.assert_close(output.logits, -error)
    assert output.features.shape[0] == 5
    assert output.features[0].numel() < x[0].numel() or len(shape) == 1


@pytest.mark.parametrize("size", [8, 12, 28, 32, 44])
def test_infogan_makes_every_side_of_quarters_from_8_on(size):
    family = InfoGAN(width=2, hidden=4)
    assert 4 * quarter(size) == size
    images = build_generator(family, 3, (1, size, size))(torch.randn(2, 3))
    assert images.shape == (2, 1, size, size)
    assert build_discriminator(family, (1, size, size))(images).logits.shape == (2,)


@pytest.mark.parametrize(("size", "mend"), [(4, 8), (7, 8), (9, 12), (10, 12), (30, 32), (33, 36)])
def test_other_sides_are_told_with_the_next_one(size, mend):
    with pytest.raises(GansmithError, match=f"not {size}: use --image-size {mend},"):
        quarter(size)
