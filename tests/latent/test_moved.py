"""Before and after agree with the generator and with steering."""

import dataclasses

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.latent.moved import moved, usual_effects


@pytest.fixture
def gan(untrained, monkeypatch):
    import functools

    import gansmith
    from gansmith.data.images import Resident, to_bytes
    from gansmith.latent import Member
    from gansmith.latent import learning as fitting

    monkeypatch.setattr(fitting, "ensemble_of", functools.partial(fitting.ensemble_of, shown=3000, members=[Member(8)]))
    monkeypatch.setattr(fitting, "fit_response", functools.partial(fitting.fit_response, shown=20_000))
    gan = untrained("styles")
    images = gan.sample(300, seed=9)
    marks = torch.stack([images.mean((1, 2, 3)), images[:, 0].mean((1, 2)) - images[:, 1].mean((1, 2))]).T
    marks = ((marks - marks.mean(dim=0)) / marks.std(dim=0) * 2).sigmoid()
    data = Resident(to_bytes(images), None, [], "squares", marks, ["Bright", "Red"])
    gansmith.directions(gan, data, samples=600, people=20, without_labels="none")
    return gan


def test_before_and_after_are_those_of_the_generator(gan):
    still = moved(gan, 7, {"Bright": 50})
    torch.testing.assert_close(still.before, gan.sample(1, seed=7)[0])
    assert torch.equal(still.before, still.after) and torch.equal(still.told_before, still.told_after)
    bright = moved(gan, 7, {"Bright": 100}, hold=[])
    torch.testing.assert_close(bright.after, gan.steer(gan.latents(1, seed=7), {"Bright": 100}, [])[0])
    assert bright.told_after[0] > bright.told_before[0]
    torch.testing.assert_close(moved(gan, 7, {}, truncation=0.5).after, gan.sample(1, seed=7, truncation=0.5)[0])
    assert bright.read
    seen = gan.directions.predictor.logits(torch.stack([bright.before, bright.after])).sigmoid()
    torch.testing.assert_close(torch.stack([bright.told_before, bright.told_after]), seen)
    exact = moved(gan, 7, {"Bright": 100}, hold=[], exact=True)
    torch.testing.assert_close(exact.after, gan.steer(gan.latents(1, seed=7), {"Bright": 100}, [], exact=True)[0])
    assert not torch.equal(exact.after, bright.after)
    effects = usual_effects(gan.directions, ["Bright"])
    assert effects.shape == (2,) and effects[0] > 0 and usual_effects(gan.directions, []).sum() == 0
    for sliders, hold, told in (
        ({"Hat": 3}, None, "Hat"),
        ({"Red": 101}, None, "101"),
        ({"Red": 60}, ["Red"], "slider of its own"),
    ):
        with pytest.raises(GansmithError, match=told):
            moved(gan, 7, sliders, hold)


def test_without_a_predictor_the_response_tells_what_it_holds(gan):
    vars(gan)["directions"] = dataclasses.replace(gan.directions, exact=None)
    found = moved(gan, 7, {"Bright": 100}, hold=["Red"])
    assert not found.read and found.told_after[0] > found.told_before[0]
    rise, held = (found.told_after - found.told_before).abs().tolist()
    assert held < rise  # as who holds it says
