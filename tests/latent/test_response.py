"""The response: a smooth network of whitened points that tells what the predictor says of their pictures."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.latent import fit_response


@pytest.fixture(scope="module")
def lesson():
    u = torch.randn(2000, 6, generator=torch.Generator().manual_seed(0))
    return u, torch.stack([100 + 20 * u[:, 0], torch.sin(2 * u[:, 1]) * 0.01, u[:, 2] * u[:, 3]], dim=1)


def test_it_tells_what_it_has_not_seen_whatever_the_scale(lesson):
    response = fit_response(*lesson, shown=60_000)
    assert (response.r2 > torch.tensor([0.99, 0.95, 0.9])).all() and (response.r2 < 1).all()
    u = torch.randn(500, 6, generator=torch.Generator().manual_seed(1))
    told = response(u)
    wanted = torch.stack([100 + 20 * u[:, 0], torch.sin(2 * u[:, 1]) * 0.01, u[:, 2] * u[:, 3]], dim=1)
    assert ((told - wanted).square().mean(dim=0) / wanted.var(dim=0) < torch.tensor([0.01, 0.1, 0.15])).all()


def test_what_is_not_in_the_points_is_not_told(lesson):
    u, logits = lesson
    lost = fit_response(u, logits[torch.randperm(len(u), generator=torch.Generator().manual_seed(0))], shown=20_000)
    assert (lost.r2 < 0.05).all()


def test_the_same_seed_gives_the_same_bits(lesson):
    a, b, c = (fit_response(*lesson, seed=seed, shown=2000) for seed in (0, 0, 1))
    assert all(torch.equal(x, y) for x, y in zip(a.state_dict().values(), b.state_dict().values(), strict=True))
    assert not torch.equal(a.last.weight, c.last.weight)


def test_what_cannot_be_learnt_from_is_named(lesson):
    u, logits = lesson
    with pytest.raises(GansmithError, match="with N of 20 or more"):
        fit_response(u[:9], logits[:9])
    with pytest.raises(GansmithError, match="with N of 20 or more"):
        fit_response(u, logits[1:])
    with pytest.raises(GansmithError, match="NaN or infinite"):
        fit_response(u, logits / 0)
