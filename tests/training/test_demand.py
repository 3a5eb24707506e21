"""Requests beyond the machine are refused before any memory is asked for."""

import numpy as np
import pytest
import torch
from torch.autograd.graph import saved_tensors_hooks

import gansmith
from gansmith.data import Source, open_dataset, room
from gansmith.errors import GansmithError
from gansmith.training import demand
from gansmith.training.assemble import assemble

GIB = 2**30


def test_a_batch_that_does_not_fit_is_told_with_one_that_does(monkeypatch):
    """Before, --batch 100000 took 22.5 GB on 32×32 pixels, and stalled the machine."""
    monkeypatch.setattr(demand, "available", lambda: 8 * GIB)
    recipe = gansmith.recipe("dcgan", data="digits", image_size=32, batch=100_000, device="cpu")
    with pytest.raises(
        GansmithError, match=r"batch = 100000: a step takes about [\d.]+ GiB, and 8\.0 are free: use"
    ) as told:
        assemble(recipe)
    needs = float(str(told.value).partition("about ")[2].partition(" ")[0])
    fits = int(str(told.value).partition("--batch ")[2].partition(" ")[0])
    assert 25 < needs < 60  # 35 to 40 GiB by the maximum resident set of minibatches of 512 and 2,048
    assert fits == pytest.approx(100_000 * 0.9 * 8 / needs, rel=0.01)
    assert assemble(gansmith.recipe("dcgan", data="digits", image_size=32, batch=64, device="cpu"))


def of_one(recipe, monkeypatch, **settings):
    """Return the estimate of a sample's share of a step, in bytes."""
    found = {}
    looked = demand._of_one
    monkeypatch.setattr(demand, "ROUGH", 10**12)
    monkeypatch.setattr(demand, "_of_one", lambda *given: found.setdefault("each", looked(*given)))
    assemble(gansmith.recipe(recipe, device="cpu", **settings))
    monkeypatch.undo()
    return found["each"]


def test_penalties_conditions_and_unrolling_count(monkeypatch):
    """Before, penalties were left out, and conditional games were not looked at.

    The differences are those of the maximum resident set: wgan-gp 1.3 times itself without its penalty, cdcgan 1.5
    times dcgan, five steps of unrolling 5 times.
    """
    small = {"data": "digits", "image_size": 16, "width": 8, "batch": 4}
    plain = of_one("dcgan", monkeypatch, **small)
    assert of_one("dcgan", monkeypatch, gradient_penalty=1.0, **small) > 1.2 * plain
    assert plain < of_one("cdcgan", monkeypatch, **small) < 3 * plain
    points = {"data": "ring", "batch": 8}
    ring = of_one("nsgan", monkeypatch, **points)
    assert of_one("unrolled", monkeypatch, **points) > 3 * ring
    hidden = 128 * 4  # a layer's output in bytes
    assert 8 * hidden < ring < 60 * hidden  # three layers each, kept before and after their activations


def test_a_conditional_batch_with_a_penalty_is_refused(monkeypatch):
    monkeypatch.setattr(demand, "available", lambda: 8 * GIB)
    recipe = gansmith.recipe("cdcgan", data="digits", image_size=32, batch=400_000, gradient_penalty=1.0, device="cpu")
    with pytest.raises(GansmithError, match=r"batch = 400000: a step takes about [\d.,]+ GiB, and 8\.0 are free"):
        assemble(recipe)
    with pytest.raises(GansmithError, match=r"use --batch \d+ or less$"):
        assemble(gansmith.recipe("nsgan", data="ring", batch=10_000_000, device="cpu"))


def test_weights_are_the_same_whether_it_looked_or_not(monkeypatch):
    weights = []
    for rough in (0, 10**12):
        monkeypatch.setattr(demand, "ROUGH", rough)
        gan = gansmith.train("dcgan", data="digits", batch=4, width=4, steps=2, quiet=True, device="cpu")
        weights.append([p.clone() for p in gan.generator.parameters()])
    assert all((a == b).all() for a, b in zip(*weights, strict=True))


def test_a_resident_set_that_does_not_fit_is_told(folder_of_pictures, monkeypatch):
    monkeypatch.setattr(room, "available", lambda: 10**4)
    with pytest.raises(
        GansmithError, match=r"at 64x64 takes 0\.0 GiB, and 0\.0 are free: use --resident-limit 0, which streams"
    ):
        open_dataset(Source(folder_of_pictures, image_size=64))
    assert open_dataset(Source(folder_of_pictures, image_size=64, resident_limit=0.0)).count == 6


@pytest.fixture
def folder_of_pictures(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((6, 8, 8), np.uint8))
    return str(tmp_path / "a.npy")


def kept(work):
    """Return the bytes that are kept for gradients, moment by moment, while something is computed and let go."""
    ledger = demand._Ledger()
    with saved_tensors_hooks(ledger.keep, lambda kept: kept.tensor):
        result = work()
    most = list(ledger.course)
    del result
    return most, ledger.course


def test_what_is_kept_for_gradients_is_counted_to_the_byte_and_let_go():
    """A product keeps its factors; views of one memory are kept once, and in the end nothing is."""
    x, y = (torch.ones(100, requires_grad=True) for _ in range(2))
    most, all_of_it = kept(lambda: x * y)
    assert most == [0, 400, 800] and all_of_it == [0, 400, 800, 400, 0]
    most, all_of_it = kept(lambda: (x * x).sum())
    assert most == [0, 400, 400] and all_of_it[-1] == 0
    most, all_of_it = kept(lambda: x[:50] * x[50:])  # two views, one memory
    assert most == [0, 400, 400] and all_of_it == [0, 400, 400, 400, 0]


def test_a_sample_s_share_is_what_its_number_adds(monkeypatch):
    """What does not grow with the minibatch is nobody's share; what is kept is counted more than once, and so are

    the sample, its noise, its fake and their gradients, of which each is as long as the sample.
    """
    recipe = gansmith.recipe("nsgan", pack=2, batch=8)
    courses = {4: [7, 1000, 5000], 8: [7, 3000, 5100]}
    monkeypatch.setattr(demand, "_course", lambda recipe, game, count, *_: courses[count])
    found = {size: demand._of_one(recipe, None, (size,), torch.device("cpu")) for size in (10, 30)}
    assert found[30] - found[10] == pytest.approx(20 * 4 * 4)
    kept_of_one = (3000 - 1000) / 4
    assert 1.2 * kept_of_one < found[10] - 10 * 4 * 4 < 2 * kept_of_one
    courses[8] = [7, 5000]  # no two moments correspond: the largest ones do
    courses[4] = [7, 1000, 3000]
    assert demand._of_one(recipe, None, (10,), torch.device("cpu")) == pytest.approx(found[10])
    courses.clear()  # whatever fails is told by the trial
    assert demand._of_one(recipe, None, (10,), torch.device("cpu")) is None


@pytest.mark.parametrize("pack", [1, 4])
def test_the_batch_that_fits_is_the_largest_of_whole_packs(monkeypatch, pack):
    each, free = 1000.0, 10**6
    monkeypatch.setattr(demand, "ROUGH", 10**12)
    monkeypatch.setattr(demand, "_free", lambda device: free)
    monkeypatch.setattr(demand, "_of_one", lambda *_: each)
    told = []
    for batch in (888, 896, 904):
        try:
            demand.check_demand(gansmith.recipe("nsgan", pack=pack, batch=batch), None, (2,), torch.device("cpu"))
        except GansmithError as error:
            told.append(int(str(error).partition("--batch ")[2].partition(" ")[0]))
    assert len(told) == 1 and told[0] % (2 * pack) == 0
    assert told[0] * each <= 0.9 * free < (told[0] + 2 * pack) * each
