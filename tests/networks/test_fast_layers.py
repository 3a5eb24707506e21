"""The fast layers compute what torch's own do, twice differentiated too, and leave out what is nothing."""

import pytest
import torch
from torch import nn

from gansmith.networks import fast_layers
from gansmith.networks.fast_layers import FromVector, LeakyReLU, ToVector

PAIRS = {
    "to a vector": (ToVector(3, 2, 4), (5, 3, 4, 4)),
    "to a vector, without bias": (ToVector(3, 1, 4, bias=False), (5, 3, 4, 4)),
    "from a vector": (FromVector(6, 3, 4), (5, 6, 1, 1)),
    "from a vector, without bias": (FromVector(6, 3, 4, bias=False), (5, 6, 1, 1)),
    "leaky": (LeakyReLU(0.2), (5, 3, 2, 2)),
}


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("name", PAIRS)
def test_they_are_the_layers_they_derive_from(name, layout):
    layer, shape = PAIRS[name]
    layer.double().to(memory_format=layout)
    x = torch.randn(shape, dtype=torch.float64).to(memory_format=layout).requires_grad_()
    ours, theirs = layer(x), type(layer).__mro__[1].forward(layer, x)
    torch.testing.assert_close(ours, theirs)
    weights = torch.randn_like(theirs)
    inputs = [x, *layer.parameters()]
    for own, other in zip(*(torch.autograd.grad((y * weights).sum(), inputs) for y in (ours, theirs)), strict=True):
        torch.testing.assert_close(own, other)


def test_second_derivatives_are_right():
    x = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    layer = LeakyReLU(0.2, inplace=True)
    assert torch.autograd.gradcheck(lambda x, w: layer(x @ w.T), (x, weight))
    assert torch.autograd.gradgradcheck(lambda x, w: layer(x @ w.T).pow(2), (x, weight))


def test_a_penalty_does_not_go_back_through_what_decides_the_slopes():
    x = torch.randn(4, 3, requires_grad=True)
    before, after = nn.Linear(3, 2), nn.Linear(2, 1)
    for leaky, passed in ((nn.LeakyReLU(0.2), True), (LeakyReLU(0.2), False)):
        hidden = before(x)
        (gradient,) = torch.autograd.grad(after(leaky(hidden)).sum(), x, create_graph=True)
        (onwards,) = torch.autograd.grad(gradient.square().sum(), hidden, allow_unused=True)
        assert (onwards is not None) is passed
        assert onwards is None or not onwards.any()


def test_where_nothing_is_differentiated_torchs_own_is_called(monkeypatch):
    """It takes less time to begin."""
    called = []
    own = fast_layers._Leaky.apply
    monkeypatch.setattr(fast_layers._Leaky, "apply", lambda *given: called.append(1) or own(*given))
    x = torch.randn(3, 2)
    for learns in (False, True):
        for graph in (False, True):
            called.clear()
            with torch.set_grad_enabled(graph):
                y = LeakyReLU(0.2)(x.clone().requires_grad_(learns))
            assert bool(called) == (learns and graph) and y.requires_grad == (learns and graph)
            torch.testing.assert_close(y.detach(), nn.functional.leaky_relu(x, 0.2))
