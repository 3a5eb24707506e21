"""Packs of samples that are judged as one."""

import pytest
import torch
from torch import nn

from gansmith.errors import GansmithError
from gansmith.networks.output import DiscriminatorOutput
from gansmith.networks.packed import Packed

RNG = torch.Generator().manual_seed(0)


class Inner(nn.Module):
    """Returns logits and features, or its plain scores."""

    def __init__(self, inputs, plain=False):
        super().__init__()
        self.linear, self.plain, self.seen = nn.Linear(inputs, 1), plain, None

    def forward(self, x):
        self.seen = x
        score = self.linear(x.flatten(1)).squeeze(1).tanh()
        return score if self.plain else DiscriminatorOutput(score, x.flatten(1))


@pytest.mark.parametrize("shape", [(6, 5), (4, 3, 2, 2)])
def test_a_pack_of_one_is_the_inner_discriminator_bit_for_bit(shape):
    x = torch.randn(shape, generator=RNG).requires_grad_()
    inner = Inner(x[0].numel())
    packed = Packed(inner, 1)
    assert packed.pack == 1
    alone, wrapped = inner(x), packed(x)
    assert torch.equal(wrapped.logits, alone.logits)
    assert torch.equal(wrapped.features, alone.features)
    inputs = (x, *inner.parameters())
    expected = torch.autograd.grad(alone.logits.sum(), inputs)
    found = torch.autograd.grad(wrapped.logits.sum(), inputs)
    assert all(torch.equal(a, b) for a, b in zip(expected, found, strict=True))


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("m", [2, 3])
def test_consecutive_images_become_channels_in_their_order(m, plain):
    x = torch.randn(12, 2, 4, 5, generator=RNG)
    packed = Packed(Inner(m * 40, plain), m)
    judged = packed(x)
    expected = torch.stack([torch.cat([x[m * i + k] for k in range(m)]) for i in range(12 // m)])
    assert torch.equal(packed.discriminator.seen, expected)
    assert isinstance(judged, torch.Tensor) == plain
    assert (judged if plain else judged.logits).shape == (12 // m,)


def test_consecutive_vectors_are_joined_in_their_order():
    packed = Packed(nn.Identity(), 3)
    rows = torch.arange(12).reshape(6, 2)
    assert packed(rows).tolist() == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
    assert packed(torch.arange(12).reshape(2, 6).T).tolist() == [[0, 6, 1, 7, 2, 8], [3, 9, 4, 10, 5, 11]]


def test_every_sample_of_a_pack_feels_its_own_weights():
    packed = Packed(inner := Inner(4, plain=True), 2)
    x = torch.randn(6, 2, generator=RNG).requires_grad_()
    scores = packed(x)
    (gradient,) = torch.autograd.grad(scores.sum(), x)
    expected = (1 - scores.square())[:, None] * inner.linear.weight
    torch.testing.assert_close(gradient, expected.reshape(6, 2).detach())


@pytest.mark.parametrize("n", [1, 7, 9])
def test_a_batch_that_leaves_a_rest_is_told_with_its_mend(n):
    with pytest.raises(GansmithError) as told:
        Packed(nn.Identity(), 4)(torch.zeros(n, 2))
    assert str(told.value) == f"a batch of {n} cannot be split into packs of 4: use --batch a multiple of 4"
