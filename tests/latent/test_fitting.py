"""How networks of this room learn: each sample as often as others, the rate up and down again, a tenth held out."""

import itertools
import math

import pytest
import torch
from torch import nn

from gansmith.latent.fitting import explained, fit, held_out


@pytest.fixture
def rates(monkeypatch):
    """Notes the learning rate of every step, and those left behind."""
    seen, optimizers = [], []

    class Noting(torch.optim.AdamW):
        def __init__(self, *given, **more):
            super().__init__(*given, **more)
            optimizers.append(self)

        def step(self, closure=None):
            seen.append(self.param_groups[0]["lr"])
            return super().step(closure)

    monkeypatch.setattr(torch.optim, "AdamW", Noting)
    return seen, optimizers


@pytest.mark.parametrize(
    ("count", "shown", "batch", "epochs"),
    [(10, 100, 5, 10), (10, 104, 4, 10), (10, 106, 4, 11), (9, 3, 4, 1), (4, 40, 64, 10)],
)
def test_every_sample_is_shown_as_often_in_an_order_of_its_own(rates, count, shown, batch, epochs):
    network, seen = nn.Sequential(nn.Linear(1, 1), nn.Dropout(0.5)).eval(), []

    def loss(index):
        assert network.training and torch.is_grad_enabled()
        seen.append(index.tolist())
        return network[0](index[:, None].float()).square().mean()

    torch.manual_seed(0)
    with torch.no_grad():
        fit(network, count, loss, shown, batch, 0.01)
    assert not network.training and all(2 <= len(index) <= batch for index in seen)
    alone = count % batch == 1  # a sample that would be alone has no neighbours to be normalised with
    assert sum(map(len, seen)) == epochs * (count - alone)
    per_epoch = len(seen) // epochs
    first = [i for index in seen[:per_epoch] for i in index]
    assert len({*first}) == len(first) == count - alone
    assert epochs == 1 or first != [i for index in seen[per_epoch : 2 * per_epoch] for i in index]


def test_the_rate_goes_up_to_the_one_that_is_named_and_down_to_nothing(rates):
    fit(
        nn.Linear(1, 1),
        50,
        lambda i: nn.functional.mse_loss(torch.ones(2, requires_grad=True), torch.zeros(2)),
        500,
        5,
        0.02,
    )
    seen, (optimizer,) = rates
    top = seen.index(max(seen))
    assert len(seen) == 100 and max(seen) == pytest.approx(0.02, rel=1e-3) and seen[0] == pytest.approx(0.02 / 25)
    assert all(a < b for a, b in itertools.pairwise(seen[: top + 1])) and 20 < top < 40
    assert all(a > b for a, b in itertools.pairwise(seen[top:]))
    assert optimizer.defaults["fused"]  # all weights at once, in a fraction of the time
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.02 / 25 / 1e4)  # the cycle is over when the steps are


@pytest.mark.parametrize(
    ("count", "most", "held"),
    [(1, 9, 1), (9, 9, 1), (10, 9, 1), (19, 9, 1), (20, 9, 2), (90, 9, 9), (100, 9, 9), (99, 50, 9)],
)
def test_a_tenth_is_held_out_one_at_least_and_no_more_than_the_most(count, most, held):
    assert held_out(count, most) == held


def test_what_is_told_is_measured_column_by_column():
    true = torch.tensor([[1.0, 5.0, 0.0], [2.0, 5.0, 1.0], [3.0, 5.0, 2.0], [6.0, 5.0, 3.0]])
    told = torch.stack([true[:, 0].mean().expand(4), true[:, 1] + 1, 3 - true[:, 2]], dim=1)
    r2 = explained(told, true)
    assert float(r2[0]) == 0 and math.isnan(r2[1]) and float(r2[2]) == pytest.approx(1 - 20 / 5)
    assert explained(true, true)[[0, 2]].tolist() == [1, 1]
