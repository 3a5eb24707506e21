"""A residual block is its inside and its shortcut, each by itself."""

import pytest
import torch
from torch import nn
from torch.nn.functional import avg_pool2d, interpolate

from gansmith.networks.resnet import ResNetDiscriminator, ResNetGenerator, _Down, _Up

X = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))


def silenced(*layers):
    for layer in layers:
        for parameter in layer.parameters():
            nn.init.zeros_(parameter)


def test_up_without_its_inside_is_the_shortcut_twice_as_large():
    block = _Up(3, 5, "none")
    silenced(block.second[-1])
    torch.testing.assert_close(block(X), interpolate(block.shortcut(X), scale_factor=2))
    assert block(X).shape == (2, 5, 8, 8) and block(X).abs().max() > 0


def test_up_without_its_shortcut_is_its_inside():
    block = _Up(3, 5, "none")
    silenced(block.shortcut)
    inner = block.conv1(interpolate(X.relu(), scale_factor=2))
    torch.testing.assert_close(block(X), block.second[-1](inner.relu()))


@pytest.mark.parametrize("first", [True, False])
def test_down_is_the_mean_of_its_inside_and_its_shortcut(first):
    block = _Down(3, 5, "none", first)
    convolutions = [layer for layer in block.body if isinstance(layer, nn.Conv2d)]
    inner = convolutions[1](convolutions[0](X if first else X.relu()).relu())
    torch.testing.assert_close(block(X), avg_pool2d(inner + block.shortcut(X), 2))
    silenced(convolutions[1])
    torch.testing.assert_close(block(X), avg_pool2d(block.shortcut(X), 2))
    assert block(X).shape == (2, 5, 2, 2) and block(X).abs().max() > 0


def test_weights_are_drawn_as_in_the_papers_code():
    """Xavier's bound is √(6 / (in + out)); √2 times that inside a residual branch."""
    torch.manual_seed(0)
    for network in (ResNetGenerator(8, (1, 16, 16), 8), ResNetDiscriminator((1, 16, 16), 8)):
        for name, layer in network.named_modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                fan_in, fan_out = nn.init._calculate_fan_in_and_fan_out(layer.weight)
                gain = 2**0.5 if layer.weight.dim() == 4 and "shortcut" not in name else 1.0
                bound = gain * (6 / (fan_in + fan_out)) ** 0.5
                largest = float(layer.weight.detach().abs().max())
                assert (0.8 if layer.weight.numel() > 30 else 0.3) * bound < largest <= bound, name
                assert layer.bias is None or not layer.bias.any()
