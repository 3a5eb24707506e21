"""The order of data is a function of (seed, position): for toys, for resident sets and for streams."""

import random
from itertools import islice

import pytest
import torch

from gansmith.data import Source, open_dataset
from gansmith.data.dataset import randomness, shuffled

CPU = torch.device("cpu")


def take(dataset, count, size=5, seed=3, start=0):
    return list(islice(dataset.batches(size, seed, start, CPU), count))


def same(a, b):
    return torch.equal(a.x, b.x) and (a.labels is b.labels is None or torch.equal(a.labels, b.labels))


@pytest.fixture(params=["ring", "moons", "normal", "resident", "stream in process", "stream by workers"])
def dataset(request, folder):
    if request.param in ("ring", "moons", "normal"):
        return open_dataset(Source(request.param))
    limit = 2.0 if request.param == "resident" else 0.0
    return open_dataset(Source(str(folder), resident_limit=limit, workers=2 * ("workers" in request.param)))


def test_a_run_that_starts_at_k_sees_the_kth_batch_onward(dataset):
    whole, rest = take(dataset, 7), take(dataset, 4, start=3)
    assert all(same(a, b) for a, b in zip(whole[3:], rest, strict=True))
    assert not any(same(a, b) for a, b in zip(whole, rest, strict=False))


def test_order_depends_on_the_seed_and_on_no_global_generator(dataset):
    torch.manual_seed(1)
    first = take(dataset, 3)
    torch.manual_seed(2)
    before = torch.get_rng_state(), random.getstate()
    assert all(same(a, b) for a, b in zip(first, take(dataset, 3), strict=True))
    assert torch.equal(before[0], torch.get_rng_state()) and before[1] == random.getstate()
    assert not same(first[0], take(dataset, 1, seed=4)[0])


def test_every_epoch_holds_every_sample_once_and_batches_across_epochs_are_full(folder, pixels):
    """12 samples by 5: batches 3, 5 and 8 cross from one epoch into the next."""
    for limit in (2.0, 0.0):
        batches = take(open_dataset(Source(str(folder), resident_limit=limit, workers=0)), 12)
        assert [len(b.x) for b in batches] == [5] * 12
        rows = (torch.cat([b.x for b in batches]) * 127.5 + 127.5).round().to(torch.uint8)
        seen = [int((torch.from_numpy(pixels)[:, None] == row).all(dim=(1, 2, 3)).nonzero()) for row in rows]
        epochs = [seen[i : i + 12] for i in range(0, 60, 12)]
        assert all(sorted(epoch) == list(range(12)) for epoch in epochs)
        assert len({tuple(epoch) for epoch in epochs}) == 5
        labels = torch.cat([b.labels for b in batches])
        assert labels.tolist() == [int(i >= 5) for i in seen]


def test_a_batch_may_be_larger_than_the_set():
    batches = list(islice(shuffled(3, 8, seed=0, start=0), 3))
    order = torch.cat(batches).reshape(8, 3)
    assert [len(b) for b in batches] == [8, 8, 8]
    assert order.sort(dim=1).values.tolist() == [[0, 1, 2]] * 8
    assert torch.equal(next(shuffled(3, 8, seed=0, start=2)), batches[2])


def test_streamed_and_resident_batches_are_the_same(folder):
    resident = open_dataset(Source(str(folder)))
    stream = open_dataset(Source(str(folder), resident_limit=0.0, workers=2))
    assert type(resident) is not type(stream)
    assert (resident.shape, resident.label_names) == (stream.shape, stream.label_names) == ((1, 8, 8), ["cat", "dog"])
    assert all(same(a, b) for a, b in zip(take(resident, 8), take(stream, 8), strict=True))


def test_generators_of_different_purpose_or_position_are_unrelated():
    keys = [(0, "noise", 0), (1, "noise", 0), (0, "epoch", 0), (0, "noise", 1)]
    draws = {key: torch.randn(2000, generator=randomness(*key)) for key in keys}
    assert torch.equal(draws[keys[0]], torch.randn(2000, generator=randomness(*keys[0])))
    correlations = torch.corrcoef(torch.stack(list(draws.values()))) - torch.eye(4)
    assert correlations.abs().max() < 0.1  # 4.5 standard deviations
