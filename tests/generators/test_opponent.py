"""The discriminator that a generator was trained against sees samples in the data's own units."""

import pytest
import torch
from torch import nn

from gansmith.data.scale import Scale
from gansmith.errors import GansmithError

SCALE = Scale((5.0, -1.0), (2.0, 4.0))


def test_it_is_asked_for_once_and_plays_what_it_has_played(untrained):
    made = []
    judge = nn.Linear(2, 1)
    gan, _ = untrained("vectors", opponent=lambda: made.append(1) or judge)
    assert gan.discriminator is judge and gan.discriminator is judge and made == [1]


def test_one_of_standardised_samples_is_given_them(untrained):
    judge = nn.Linear(2, 1)
    gan, _ = untrained("vectors", opponent=lambda: judge, scale=SCALE)
    x = torch.randn(5, 2)
    seen = torch.stack([(x[:, 0] - 5) / 2, (x[:, 1] + 1) / 4], dim=1)
    torch.testing.assert_close(gan.discriminator(x), judge(seen))
    plain, _ = untrained("vectors")
    torch.testing.assert_close(gan.sample(5), plain.sample(5) * torch.tensor([2.0, 4.0]) + torch.tensor([5.0, -1.0]))


def test_a_generator_alone_has_none(untrained):
    with pytest.raises(GansmithError, match=r"is a generator alone: gansmith\.load its run folder"):
        _ = untrained("vectors")[0].discriminator
