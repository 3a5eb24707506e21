"""Before and after agree with the generator and with steering."""

import dataclasses

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.latent.directions import CONDITIONAL
from gansmith.latent.exact import KEPT
from gansmith.latent.moved import Person, usual_effects


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


def moved(gan, *asked, **more):
    person = Person(gan, *asked, **more)
    while person.left:
        person.step()
    return person.now()


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
    for sliders, hold, told in (
        ({"Hat": 3}, None, "Hat"),
        ({"Red": 101}, None, "101"),
        ({"Red": 60}, ["Red"], "slider of its own"),
    ):
        with pytest.raises(GansmithError, match=told):
            moved(gan, 7, sliders, hold)


def test_effects_are_those_of_conditional_steering(gan):
    found = gan.directions
    effects = usual_effects(found, ["Bright"])
    assert torch.equal(effects, found.matrices[CONDITIONAL][0].abs().float()) and effects[0] > 0
    assert torch.equal(usual_effects(found, ["Bright", "Red"]), found.matrices[CONDITIONAL].abs().amax(dim=0).float())
    assert usual_effects(found, []).sum() == 0


def test_the_way_is_shown_a_step_at_a_time_and_goes_on_to_other_goals(gan):
    person = Person(gan, 7, {"Bright": 95}, hold=[])
    told = [float(person.now().told_after[0])]
    for _ in range(4):
        person.step()
        told.append(float(person.now().told_after[0]))
    assert told[1] > told[0] and told[-1] > told[0]
    other = Person(gan, 7, {"Bright": 90}, hold=[], at=person)
    torch.testing.assert_close(other.points, person.points)  # from where it has come to
    assert torch.equal(other.now().before, person.now().before)
    back = Person(gan, 7, {"Bright": 50}, hold=[], at=person)
    assert back.left == 0 and torch.equal(back.now().after, back.now().before)


def test_without_a_predictor_the_response_tells_what_it_holds(gan):
    vars(gan)["directions"] = dataclasses.replace(gan.directions, exact=None)
    found = moved(gan, 7, {"Bright": 100}, hold=["Red"])
    assert not found.read and found.told_after[0] > found.told_before[0]
    rise, held = (found.told_after - found.told_before).abs().tolist()
    assert held < rise  # as who holds it says


def test_effects_of_what_was_not_measured_are_none(gan):
    found = dataclasses.replace(gan.directions, matrices={})
    assert torch.equal(usual_effects(found, ["Bright"]), torch.zeros(2))
    signed = dataclasses.replace(found, matrices={CONDITIONAL: torch.tensor([[0.5, -0.25], [-0.125, 0.0]])})
    assert usual_effects(signed, ["Red"]).tolist() == [0.125, 0.0]
    assert usual_effects(signed, ["Red", "Bright"]).tolist() == [0.5, 0.25]


def test_a_person_goes_all_the_way_that_steering_goes(gan):
    person = Person(gan, 3, {"Red": 80, "Bright": 30})
    steps = 0
    while person.left:
        left = person.left
        person.step()
        steps += 1
        assert person.left < left
    assert 0 < steps <= gan.directions.exact.steps.count and person.points.shape == (1, 6)
    expected = gan.directions.exact.move(gan.directions.space.drawn(1, 3), {"Red": 80, "Bright": 30})
    torch.testing.assert_close(person.points, expected)
    now = person.now()
    torch.testing.assert_close(now.after, gan.directions.space.images(expected)[0])
    torch.testing.assert_close(now.before, gan.sample(1, seed=3)[0])
    assert now.before.shape == (3, 8, 8) and now.told_after.shape == (2,)


def test_a_prepared_step_needs_no_gradient_any_more_and_is_the_same(gan, monkeypatch):
    plain, prepared = (Person(gan, 11, {"Red": 80}) for _ in range(2))
    network = gan.directions.exact.response
    while plain.left:
        plain.step()
    network._known.clear()
    computed = []
    side_by_side = network._side_by_side
    monkeypatch.setattr(network, "_side_by_side", lambda *args: computed.append(1) or side_by_side(*args))
    while prepared.left:
        assert prepared.prepare() and not prepared.prepare()
        before = len(computed)
        prepared.step()
        assert len(computed) == before > 0
    assert torch.equal(prepared.points, plain.points)
    prepared.prepare()
    assert not Person(gan, 11, {"Bright": 20}, at=prepared).prepare()  # whatever comes next
    few = Person(gan, 12, {}, hold=[])
    assert not few.prepare()  # a row or two are computed in a moment


def test_gradients_of_so_many_people_are_remembered(gan):
    network = gan.directions.exact.response
    for seed in range(KEPT + 3):
        Person(gan, seed, {"Red": 80}).prepare()
    assert len(network._known) == KEPT
    assert Person(gan, 0, {"Red": 80}).prepare() and not Person(gan, KEPT, {"Red": 80}).prepare()
