"""The pairs of WGAN-GP's figure 2: each has the layers that the paper names, and no others."""

import pytest
import torch
from torch import nn
from torch.nn.functional import avg_pool2d, interpolate

from gansmith.errors import GansmithError
from gansmith.networks import DCGAN, FAMILIES, Bottleneck, MLPAndDCGAN
from gansmith.networks.bottleneck import SHARE, Block
from gansmith.networks.dcgan import DCGANDiscriminator
from gansmith.networks.layers import Gated

COLOUR = (3, 32, 32)
SUMS = nn.Conv2d | nn.ConvTranspose2d | nn.Linear


def layers(network, kind):
    return [layer for layer in network.modules() if isinstance(layer, kind)]


def test_constant_width():
    usual, constant = (DCGAN(6, constant_width=one).generator(5, COLOUR) for one in (False, True))
    assert [layer.out_channels for layer in layers(usual, nn.ConvTranspose2d)] == [24, 12, 6, 3]
    assert [layer.out_channels for layer in layers(constant, nn.ConvTranspose2d)] == [6, 6, 6, 3]
    assert constant(torch.randn(2, 5)).shape == (2, *COLOUR)


@pytest.mark.parametrize("norm", ["batch", "none"])
def test_activations_everywhere(norm):
    family = DCGAN(4, norm, norm, generator_activation="tanh", discriminator_activation="gated")
    generator, discriminator = family.generator(5, COLOUR), family.discriminator(COLOUR)
    assert len(layers(generator, nn.Tanh)) == 3 + 1 and not layers(generator, nn.ReLU)
    assert len(layers(discriminator, Gated)) == 3 and not layers(discriminator, nn.LeakyReLU)
    assert [layer.out_channels for layer in layers(discriminator, nn.Conv2d)] == [8, 16, 32, 1]
    assert [layer.num_features for layer in layers(discriminator, nn.BatchNorm2d)] == [16, 32] * (norm == "batch")
    out = discriminator(generator(torch.randn(2, 5)))
    assert out.logits.shape == (2,) and out.features.shape == (2, discriminator.feature_count)
    assert len(layers(family.encoder(COLOUR, 7), Gated)) == 3


def test_a_gated_generator_is_bounded_before_its_last_layer():
    generator = DCGAN(4, generator_activation="gated").generator(5, COLOUR)
    assert generator.body[:-2](1e3 * torch.randn(2, 5, 1, 1)).abs().max() <= 1


def test_an_mlp_against_dcgan():
    family = MLPAndDCGAN(width=4)
    generator, discriminator = family.generator(5, COLOUR), family.discriminator(COLOUR)
    assert [layer.in_features for layer in layers(generator, nn.Linear)] == [5, 512, 512, 512, 512]
    assert len(layers(generator, nn.ReLU)) == 4
    assert isinstance(discriminator, DCGANDiscriminator) and discriminator.feature_count == 16 * 16
    assert discriminator(generator(torch.randn(2, 5))).logits.shape == (2,)


@pytest.mark.parametrize(("depth", "count"), [(33, 101), (11, 35), (3, 11)])
def test_the_residual_pair_has_its_layers(depth, count):
    family = Bottleneck(depth=depth)
    generator, discriminator = family.generator(5, COLOUR), family.discriminator(COLOUR)
    for network in (generator, discriminator):
        assert len(layers(network, SUMS)) == count
        assert max(layer.out_channels for layer in layers(network, nn.Conv2d)) == 16
    assert discriminator(generator(torch.randn(2, 5))).features.shape == (2, discriminator.feature_count)
    resized = [block.resize for block in generator.body if isinstance(block, Block)]
    assert resized.count("up") == 3 and len(resized) == depth
    assert [block.resize for block in discriminator.body] == [one.replace("up", "down") for one in reversed(resized)]


def test_blocks_are_spread_over_the_sides():
    resized = [block.resize for block in Bottleneck().generator(5, COLOUR).body if isinstance(block, Block)]
    ups = [i for i, one in enumerate(resized) if one == "up"]
    assert ups == [8, 17, 25]  # 8, 8, 7 and 7 plain blocks with the three that double the side between them
    with pytest.raises(GansmithError, match="--depth 3"):
        Bottleneck(depth=2).generator(5, COLOUR)


@pytest.mark.parametrize(("resize", "resized"), [("", lambda x: x), ("down", lambda x: avg_pool2d(x, 2)), ("up", None)])
def test_a_block_is_its_shortcut_and_a_share_of_its_inside(resize, resized):
    resized = resized or (lambda x: interpolate(x, scale_factor=2))
    block, x = Block(6, "none", resize), torch.randn(2, 6, 4, 4)
    inner = block.into[2](x.relu())
    inner = block.across[2]((resized(inner) if resize == "up" else inner).relu())
    inner = block.back[2]((resized(inner) if resize == "down" else inner).relu())
    torch.testing.assert_close(block(x), resized(x) + 0.3 * inner)
    assert SHARE == 0.3 and block.across[2].in_channels == 3


def test_the_residual_generator_ends_in_tanh_of_a_fifth():
    generator, last = Bottleneck(depth=3).generator(5, COLOUR), []
    generator.end.register_forward_hook(lambda layer, given, output: last.append(output))
    torch.testing.assert_close(generator(torch.randn(2, 5)), (last[0] / 5).tanh())


@pytest.mark.parametrize("name", [name for name in FAMILIES.ours if hasattr(FAMILIES.ours[name], "check_side")])
def test_a_side_is_checked_as_it_is_built(name):
    """What passes is built, and what does not pass cannot be."""
    family = FAMILIES.ours[name]()
    for side in (8, 12, 16, 20, 64):
        try:
            family.check_side(side)
            passed = True
        except GansmithError as error:
            passed = False
            assert f"not {side}: use --image-size" in str(error) and str(error).startswith(name)
        assert passed == ((side != 20 and side != 12) or name == "infogan")
        if not passed:
            with pytest.raises(GansmithError, match=f"not {side}: use --image-size"):
                family.discriminator((1, side, side))
