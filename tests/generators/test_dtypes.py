"""A generator is cast and put elsewhere by the usual torch means, and draws on as before."""

import pytest
import torch
from torch import nn

from gansmith.generators.prior import Prior
from gansmith.generators.trained import TrainedGenerator


@pytest.mark.parametrize(("dtype", "digits"), [(torch.half, 0.02), (torch.bfloat16, 0.1), (torch.double, 1e-5)])
def test_a_cast_generator_draws_the_same_samples_as_float32(untrained, kind, dtype, digits):
    gan, _ = untrained(kind)
    before = gan.sample(9, seed=3)
    gan.generator.to(dtype)
    after = gan.sample(9, seed=3)
    assert after.dtype == torch.float32 and next(gan.generator.parameters()).dtype == dtype
    torch.testing.assert_close(after, before, rtol=digits, atol=digits)
    torch.testing.assert_close(gan.sample(1, seed=3), after[:1], rtol=digits, atol=digits)


class Table(nn.Module):
    """A generator without parameters, whose numbers lie in a buffer of doubles beside a counter."""

    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros((), dtype=torch.int64))
        self.register_buffer("matrix", torch.eye(3, dtype=torch.double))

    def forward(self, z):
        return z @ self.matrix


def test_the_first_numbers_that_are_no_counters_tell_the_dtype():
    gan = TrainedGenerator(Table(), (3,), Prior(latent=3))
    assert torch.equal(gan.sample(4), gan.latents(4).z)


def test_a_layer_that_was_frozen_in_training_stays_so():
    network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 2))
    network[1].eval()
    gan = TrainedGenerator(network, (2,), Prior(latent=3))
    a, b = gan.sample(5), gan.sample(5)
    assert torch.equal(a, b)  # no dropout meanwhile
    assert [layer.training for layer in network.modules()] == [True, True, False, True, True]
    pieces = gan.make(gan.latents(600))
    next(pieces)
    pieces.close()  # who stops in the middle leaves it so too
    assert network[2].training and not network[1].training
