"""Everything that was learnt of a generator's attributes: what it moves, what else moves, and its file."""

import dataclasses
import functools
import itertools
import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

import gansmith
from gansmith.data.images import Resident, to_bytes
from gansmith.errors import GansmithError
from gansmith.generators.latents import Latents
from gansmith.latent import Member, Space, linear_axes, whitening_of
from gansmith.latent import learning as fitting
from gansmith.latent.directions import CONDITIONAL, ORTHOGONAL, PLAIN, QUICK
from gansmith.latent.effects import effects
from gansmith.latent.file import Beside, beside, described, fingerprint, save
from gansmith.latent.steering import Steps, steered
from gansmith.latent.strips import strips, write_strips

NAMES = ("Bright", "Red", "Left")
PAIR = (Member(8), Member(6, pooled=True))


def marks(images):
    """Return how bright, how red, and how bright on the left images are."""
    x = images.float()
    plain = torch.stack(
        [x.mean((1, 2, 3)), x[:, 0].mean((1, 2)) - x[:, 1].mean((1, 2)), x[..., :4].mean((1, 2, 3)) - x.mean((1, 2, 3))]
    ).T
    return ((plain - plain.mean(dim=0)) / plain.std(dim=0) * 2).sigmoid()


def labelled(gan):
    """Return samples of a generator as data with three attributes."""
    images = gan.sample(400, seed=9)
    return Resident(to_bytes(images), None, [], "squares", marks(images), list(NAMES))


def little(patch):
    """Have predictors and responses learn a little, and return settings to do so with."""
    patch.setattr(fitting, "ensemble_of", functools.partial(fitting.ensemble_of, shown=6000, members=PAIR))
    patch.setattr(fitting, "fit_response", functools.partial(fitting.fit_response, shown=30_000))
    return {"samples": 600, "people": 20}


@pytest.fixture
def quick(monkeypatch):
    return little(monkeypatch)


@pytest.fixture
def gan(untrained):
    return untrained("styles")


@pytest.fixture(scope="module")
def learnt(untrained):
    gan = untrained("styles")
    with pytest.MonkeyPatch.context() as patch:
        return gansmith.directions(gan, labelled(gan), **little(patch))


@pytest.fixture
def found(gan, learnt):
    """Directions of `gan`, which has the weights of the generator that they were learnt of."""
    vars(gan)["directions"] = dataclasses.replace(learnt, space=Space(gan))
    return gan.directions


def test_a_slider_moves_what_the_predictor_sees_and_the_middle_is_the_sample_bit_for_bit(gan, found):
    z = gan.latents(40, 3)
    plain = gan.sample(40, 3)
    for still in ({"Bright": 50}, {"Bright": 50.0, "Red": 50}, {}):
        for hold in (None, (), ["Left"]):
            assert torch.equal(gan.steer(z, still, hold), plain)
    dark, bright = (marks_like(plain, gan.steer(z.z, {"Bright": value}, [])) for value in (5, 95))
    assert ((bright - dark)[:, 0] > 0).double().mean() > 0.9
    assert not torch.equal(gan.steer(z, {"Bright": 51}), plain)


def marks_like(plain, images):
    """Return the marks of images in the scale of others."""
    both = marks(torch.cat([plain, images]))
    return both[len(plain) :]


@pytest.mark.parametrize("kind", ["labels", "attributes", "styles of attributes"])
def test_conditional_generators_of_any_dtype_are_steered(untrained, quick, kind):
    gan = untrained(kind)
    found = gansmith.directions(gan, labelled(gan), without_labels="none", **quick)
    for dtype in (torch.float32, torch.float64, torch.bfloat16):
        network = untrained(kind).generator.to(dtype)
        other = dataclasses.replace(gan, generator=network)
        vars(other)["directions"] = dataclasses.replace(found, space=Space(other))
        latents = other.latents(30, 1)
        assert torch.equal(other.steer(latents, {"Red": 50}), other.sample(latents=latents))
        assert (other.steer(latents, {"Red": 90}) - other.sample(latents=latents)).abs().mean() > 1e-3


def test_what_is_held_by_default_is_what_the_data_do_not_tie(gan, found):
    free = dataclasses.replace(found, ties=torch.tensor([[1, 0.09, -0.1], [0.09, 1, 0], [-0.1, 0, 1.0]]))
    assert free.held(["Bright"]) == ["Red"] and free.held(["Red"]) == ["Bright", "Left"]
    assert free.held(["Bright", "Red"]) == [] and free.held(["Left"]) == ["Red"]
    vars(gan)["directions"] = free
    z = gan.latents(20, 3)
    by_default = gan.steer(z, {"Bright": 90})
    assert torch.equal(by_default, gan.steer(z, {"Bright": 90}, ["Red"]))
    assert torch.equal(by_default, gan.steer(z, {"Bright": 90}, "Red"))
    assert not torch.equal(by_default, gan.steer(z, {"Bright": 90}, ()))
    told = lambda images: found.sliders.response(found.sliders.whitening.whitened(images))  # noqa: E731
    points = found.space.points(z)
    leak = [
        (told(found.sliders.move(points, {"Bright": 90}, hold)) - told(points))[:, 1].abs().mean()
        for hold in ([], ["Red"])
    ]
    assert leak[1] < 0.2 * leak[0]


def test_the_matrix_is_what_the_predictor_says_of_moved_people(gan, found, quick):
    predictor = fitting.ensemble_of(fitting.lesson_of(labelled(gan)))
    people = found.space.drawn(20, fitting.FRESH)

    def p(points):
        return predictor.logits(found.space.images(points)).double().sigmoid()

    for (way, some), (i, name) in itertools.product(
        ((CONDITIONAL, people[:10]), (QUICK, people)), enumerate(NAMES)
    ):  # the former takes long
        change = p(found.move(some, name, 90, way == QUICK)) - p(found.move(some, name, 10, way == QUICK))
        expected = change.abs().mean(dim=0)
        expected[i] = change[:, i].mean()
        torch.testing.assert_close(found.matrices[way][i], expected)
        for way, axes in ((PLAIN, found.axes), (ORTHOGONAL, found.orthogonal)):
            change = p(found.along(axes, people, name, 90)) - p(found.along(axes, people, name, 10))
            assert found.matrices[way][i, i] == pytest.approx(float(change[:, i].mean()), abs=1e-6)
    assert all(m.shape == (3, 3) and (m.diagonal() > 0.1).all() for m in found.matrices.values())


def test_axes_do_what_they_do_whatever_the_basis(found):
    """Points written in a rotated basis have other axes, and the same effects."""
    space, told = found.space, lambda images: found.sliders.response(found.sliders.whitening.whitened(images))
    points, people = space.drawn(600), space.drawn(20, 5)
    turn = torch.linalg.qr(torch.randn(space.size, space.size, generator=torch.Generator().manual_seed(1)).double())[0]
    with torch.no_grad():
        logits = told(points)

        def effect(basis):
            at = (points.double() @ basis).float()
            axes = linear_axes(at, logits, NAMES, whitening_of(at))

            def seen(moved):
                return told((moved.double() @ basis.T).float())

            def move(others, i, value):
                return axes.along(others, NAMES[i], (value - 50) / 30)

            return axes, effects(seen, (people.double() @ basis).float(), range(3), move)

        (straight, one), (turned, other) = effect(torch.eye(space.size).double()), effect(turn)
    torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)
    assert (straight.raw - turned.raw).abs().max() > 0.1 and one.diagonal().min() > 0.05


def test_locked_axes_stay_and_the_others_move_in_their_complement(gan, quick):
    by_lock = {
        lock: gansmith.directions(gan, labelled(gan), lock=lock, without_labels="none", **quick)
        for lock in ((), ("Left",), ("Red", "Left"))
    }
    for lock, found in by_lock.items():
        unit, locked = found.orthogonal.unit, [NAMES.index(name) for name in lock]
        assert torch.equal(unit[locked], found.axes.unit[locked]) and found.locked == lock
        products = unit @ unit.T - torch.eye(3, dtype=torch.double)
        free = [i for i in range(3) if i not in locked]
        assert products[free].abs().max() < 1e-6
    assert (found.axes.unit @ found.axes.unit.T - torch.eye(3)).abs().max() > 1e-3
    assert not torch.equal(by_lock[()].orthogonal.unit, by_lock["Left",].orthogonal.unit)


def test_each_setting_of_the_fit_counts(gan, quick):
    base = functools.partial(gansmith.directions, gan, labelled(gan), **quick | {"without_labels": "none"})
    first = base()
    assert first.unsupervised == () and first.about["samples"] == 600 and first.about["people"] == 20
    assert torch.equal(base().axes.unit, first.axes.unit)
    assert not torch.equal(base(seed=1).axes.unit, first.axes.unit)
    logistic = base(axes="logistic").axes
    cosine = (logistic.unit * first.axes.unit).sum(dim=1)
    assert (cosine > 0.9).all() and not torch.allclose(cosine, torch.ones(3).double(), atol=1e-6)
    assert base(attributes=["Left", "Bright"]).names == ("Left", "Bright")
    assert int(base(samples=150).having.max()) <= 150 < int(first.having.max())
    assert not torch.equal(base(people=2).matrices[PLAIN], first.matrices[PLAIN])  # the fewest there may be
    assert [one.method for one in base(without_labels="closed-form").unsupervised] == ["closed-form"]
    assert [one.method for one in base(without_labels="both").unsupervised] == ["closed-form", "principal-components"]


def test_directions_without_labels_are_called_by_what_they_move(gan, found, quick):
    one = found.unsupervised[1]
    assert one.method == "principal-components" and one.changes.shape == one.correlation.shape == (6, 3)
    predictor = fitting.ensemble_of(fitting.lesson_of(labelled(gan)))
    people = found.space.drawn(20, fitting.FRESH)
    p = [predictor.logits(found.space.images(one.along(people, 0, t))).double().sigmoid() for t in (-2, 2)]
    torch.testing.assert_close(one.changes[0], (p[1] - p[0]).abs().mean(dim=0))
    assert one.moves[0] == one.changes[0].argmax() and one.correlation.abs().max() <= 1
    rising = (p[1] - p[0]).mean(dim=0)[one.moves[0]]
    assert rising.sign() == one.correlation[0, one.moves[0]].sign()
    drawn = found.space.drawn(600).double() @ one.factors.vectors.T
    torch.testing.assert_close(one.spread, drawn.std(dim=0))


def test_differences_of_means_are_added_and_taken_away(gan, found, quick):
    points = found.space.drawn(600)
    predictor = fitting.ensemble_of(fitting.lesson_of(labelled(gan)))
    has = predictor.logits(found.space.images(points))[:, 1] > 0
    step = (points[has].double().mean(dim=0) - points[~has].double().mean(dim=0)).float()
    z = gan.latents(9, 1)
    own = found.space.points(z)
    torch.testing.assert_close(gan.steer(z, add=["Red"]), found.space.images(own + step), rtol=0, atol=1e-5)
    torch.testing.assert_close(gan.steer(z, subtract="Red"), found.space.images(own - step), rtol=0, atol=1e-5)
    torch.testing.assert_close(gan.steer(z, add=["Red"], subtract=["Red"]), gan.sample(latents=z), rtol=0, atol=1e-5)
    both = found.space.images(found.move(own + step, "Bright", 80))
    torch.testing.assert_close(gan.steer(z, {"Bright": 80}, add=["Red"]), both, rtol=0, atol=1e-4)
    vars(gan)["directions"] = dataclasses.replace(found, having=torch.tensor([5, 600, 5]))
    with pytest.raises(GansmithError, match=r"Red: 600 of 600 samples of this generator have it.*move it by a slider"):
        gan.steer(z, add=["Red"])


def test_a_steered_generator_is_a_generator(gan, found, tmp_path):
    steered = found.steered({"Bright": 90})
    z = gan.latents(300, 2)
    assert torch.equal(steered.sample(300, 2), gan.steer(z, {"Bright": 90}))
    assert torch.equal(torch.cat(list(steered.stream(300, seed=2))), steered.sample(300, 2))
    assert torch.equal(steered.sample(5, 2, truncation=0.5), gan.steer(z[0][:5], {"Bright": 90})) is False
    half = found.space.points(Latents(z.z[:5], None), truncation=0.5)
    expected = found.space.images(found.move(half, "Bright", 90))
    torch.testing.assert_close(steered.sample(5, 2, truncation=0.5), expected, rtol=0, atol=1e-5)
    assert steered.file is None and steered.run is None  # or its figures would go where the generator's are
    steered.write(tmp_path / "x.png", 4)
    assert (tmp_path / "x.png").is_file() and all(not layer.training for layer in steered.generator.modules())


def test_a_file_gives_the_same_bits(gan, found, tmp_path):
    place = Beside(tmp_path / "directions.safetensors", "gansmith directions run")
    save(found, place.path)
    again = place(gan)
    z = gan.latents(30, 4)
    for wanted in (
        {"sliders": {"Bright": 80, "Left": 10}},
        {"sliders": {"Red": 0}, "hold": []},
        {"add": ["Left"], "subtract": ["Red"]},
    ):
        assert torch.equal(again.steered(**wanted).sample(latents=z), found.steered(**wanted).sample(latents=z))
    assert again.path == place.path
    save(again, tmp_path / "other.safetensors")
    assert place.path.read_bytes() == (tmp_path / "other.safetensors").read_bytes()
    with safe_open(place.path, "pt") as file:
        header = json.loads(file.metadata()["gansmith-directions"])
    assert header["generator"] == fingerprint(gan.generator) and header["names"] == list(NAMES)
    assert described(again) == described(found) and json.dumps(described(again))
    assert described(again)["matrices"][PLAIN][0] == [round(v, 4) for v in found.matrices[PLAIN][0].tolist()]


def test_axes_of_another_generator_are_refused(gan, found, untrained, tmp_path):
    place = Beside(tmp_path / "directions.safetensors", "gansmith directions run")
    save(found, place.path)
    names = list(gan.generator.state_dict())
    for name in (names[0], names[-1]):
        other = untrained("styles")
        assert fingerprint(other.generator) == fingerprint(gan.generator)
        other.generator.state_dict()[name].view(-1)[0] += 1e-3
        with pytest.raises(GansmithError, match=r"axes of another generator.*`gansmith directions run`"):
            place(other)
    half = untrained("styles")
    half.generator.half()
    assert fingerprint(half.generator) != fingerprint(gan.generator)


def test_files_that_cannot_be_read_are_named(gan, found, tmp_path):
    place = Beside(tmp_path / "d.safetensors", "gansmith directions run")
    with pytest.raises(
        GansmithError, match=r"has no axes yet, .*d.safetensors: learn them first, `gansmith directions"
    ):
        place(gan)
    save(found, place.path)
    whole = place.path.read_bytes()
    for broken in (b"", b"junk", whole[:2000], whole.replace(b'"format\\":1', b'"format\\":9')):
        place.path.write_bytes(broken)
        with pytest.raises(GansmithError, match=r"d.safetensors cannot be read as axes .*learn them anew"):
            place(gan)
    with pytest.raises(GansmithError, match=r"has no axes yet: .*gansmith.directions\(gan\)"):
        _ = dataclasses.replace(gan).directions


@pytest.mark.parametrize(
    ("run", "which", "name", "command"),
    [
        ("runs/a", "last", "runs/a/directions.safetensors", "gansmith directions runs/a"),
        ("runs/a", "best", "runs/a/best.directions.safetensors", "gansmith directions runs/a --generator best"),
        ("runs/a", "raw", "runs/a/raw.directions.safetensors", "gansmith directions runs/a --generator raw"),
        ("b/faces.safetensors", "last", "b/faces.directions.safetensors", "gansmith directions b/faces.safetensors"),
        ("a/generator.safetensors", "last", "a/directions.safetensors", "gansmith directions a/generator.safetensors"),
    ],
)
def test_where_they_lie(run, which, name, command):
    place = beside(Path(run), which)
    assert (str(place.path), place.command) == (name, command)


def test_strips_have_a_row_a_person_whose_middle_is_the_person(found, tmp_path):
    drawn = dict(strips(found, people=2, seed=3))
    assert list(drawn)[:3] == list(NAMES) and len(drawn) == 3 + 6 + 6
    assert all(images.shape == (22, 3, 8, 8) for images in drawn.values())
    people = found.space.gan.sample(2, 3)
    for images in drawn.values():
        torch.testing.assert_close(images[[5, 16]], people, rtol=0, atol=1e-5)
    points = found.space.drawn(2, 3)
    torch.testing.assert_close(
        drawn["Red"][[0, 11]], found.space.images(found.move(points, "Red", 0)), rtol=0, atol=1e-5
    )
    write_strips(found, tmp_path / "a" / "strips", people=2)
    assert {p.stem for p in (tmp_path / "a" / "strips").iterdir()} == set(drawn)


def test_what_cannot_be_asked_for_is_named(gan, found):
    z = gan.latents(2)
    for sliders, hold, line in (
        ({"Brigt": 80}, None, "unknown attribute 'Brigt': did you mean 'Bright'"),
        ({"Bright": 101}, None, r"slider Bright = 101 must be in \[0, 100\]"),
        ({"Bright": float("nan")}, None, "slider Bright = nan must be in"),
        ({"Bright": "much"}, None, "slider Bright = 'much' is no number"),
        ({"Bright": 80}, ["Hat"], "unknown attribute 'Hat'"),
        ({"Bright": 80}, ["Bright"], "hold: Bright is moved by a slider of its own"),
        (["Bright"], None, "sliders: give a dict of values by attribute, not a list"),
    ):
        with pytest.raises(GansmithError, match=line):
            gan.steer(z, sliders, hold)
    with pytest.raises(GansmithError, match="unknown attribute 'Hat'"):
        gan.steer(z, add=["Hat"])


def test_what_cannot_be_learnt_from_is_named(gan, untrained, quick):
    data = labelled(gan)
    with pytest.raises(GansmithError, match="samples = 99 must be at least 100"):
        gansmith.directions(gan, data, samples=99)
    with pytest.raises(GansmithError, match="unknown attribute 'Hat'"):
        gansmith.directions(gan, data, lock=["Hat"])
    with pytest.raises(GansmithError, match="makes vectors: attributes are read from images"):
        gansmith.directions(untrained("vectors"), data)
    with pytest.raises(GansmithError, match=r"makes samples of shape \(3, 8, 8\), and the data's are \(3, 16, 16\)"):
        large = Resident(torch.zeros(9, 3, 16, 16, dtype=torch.uint8), None, [], "large", torch.zeros(9, 1), ["a"])
        gansmith.directions(gan, large)


def test_more_attributes_than_directions_leave_out_orthogonal_axes(untrained, quick, caplog):
    gan = untrained("styles")
    data = labelled(gan)
    many = torch.cat([data.attributes, torch.rand(400, 6, generator=torch.Generator().manual_seed(0))], dim=1)
    names = [*NAMES, *"abcdef"]
    data = Resident(data.samples, None, [], "squares", many, names)
    found = gansmith.directions(gan, data, without_labels="none", **quick)
    assert found.orthogonal is None and set(found.matrices) == {PLAIN, QUICK, CONDITIONAL}


def test_sliders_follow_the_predictor_itself_and_survive_their_file(gan, found, tmp_path):
    network = found.exact.response
    people = found.space.drawn(12, 5)
    u = found.sliders.whitening.whitened(people)
    with torch.no_grad():
        assert torch.allclose(network(u), network.predictor.logits(found.space.images(people)), atol=2e-3)
    rows, logits = network.jacobian(u, torch.tensor([2, 0]))
    h = 2e-3 * torch.randn(u.shape, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        secant = (network(u + h) - network(u - h))[:, [2, 0]] / 2
    assert ((rows * h[:, None]).sum(dim=2) - secant).norm() < 0.05 * secant.norm()
    assert torch.allclose(logits, network(u)[:, [2, 0]], atol=1e-5)
    goal = logits[:, :1] + 0.1 * (found.exact.high[2] - found.exact.low[2])
    wanted = steered(network, u, [2], goal, [0], Steps(count=12))
    with torch.no_grad():
        reached = network(wanted)[:, [2, 0]]
    assert (reached[:, :1] - goal).abs().mean() < 0.2 * (logits[:, :1] - goal).abs().mean()
    place = Beside(tmp_path / "directions.safetensors", "gansmith directions RUN")
    save(found, place.path)
    z = gan.latents(3, 1)
    one, other = (d.steered({"Red": 90}).sample(latents=z) for d in (found, place(gan)))
    assert torch.equal(one, other)
    assert not torch.equal(one, found.steered({"Red": 90}, quick=True).sample(latents=z))
    assert torch.equal(found.steered({"Red": 50}).sample(latents=z), gan.sample(latents=z))


@pytest.mark.parametrize("name", ["predictor.members.x.body.0.weight", "predictor.members.0"])
def test_a_predictor_of_no_name_is_one_line(gan, found, tmp_path, name):
    path = tmp_path / "directions.safetensors"
    save(found, path)
    with safe_open(path, "pt") as file:
        known, tensors = file.metadata(), {one: file.get_tensor(one) for one in file.keys()}  # noqa: SIM118
    save_file(tensors | {name: torch.zeros(1)}, path, known)
    with pytest.raises(GansmithError, match="cannot be read as axes") as error:
        Beside(path, "gansmith directions RUN")(gan)
    assert "\n" not in str(error.value)


def test_the_rows_of_one_person_are_those_of_several(found):
    network, columns = found.exact.response, torch.tensor([1, 2, 0])
    u = found.sliders.whitening.whitened(found.space.drawn(3, 5))
    rows, logits = network.jacobian(u, columns)
    alone = [network.jacobian(one[None], columns) for one in u]
    torch.testing.assert_close(torch.cat([row for row, _ in alone]), rows, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(torch.cat([told for _, told in alone]), logits, rtol=1e-4, atol=1e-4)


def test_without_predictors_sliders_follow_the_response(gan, found):
    z, without = gan.latents(3, 1), dataclasses.replace(found, exact=None)
    quick = found.steered({"Red": 90}, quick=True).sample(latents=z)
    assert torch.equal(without.steered({"Red": 90}).sample(latents=z), quick)


def test_along_an_axis_a_slider_goes_as_far_as_its_regression_says(found):
    """t = (goal − logit)/slope, ten deviations at most; along an axis that nothing follows, nowhere."""
    points, sliders = found.space.drawn(9, 2), found.sliders
    own = sliders.response(sliders.whitening.whitened(points))[:, 1].double()
    for value, end in ((0, sliders.low), (100, sliders.high)):
        goal = torch.minimum(end[1], own) if value == 0 else torch.maximum(end[1], own)
        far = (goal - own) / found.axes.slopes[1]
        expected = found.axes.along(points, "Red", far.clamp(-10, 10))
        torch.testing.assert_close(found.along(found.axes, points, "Red", value), expected, rtol=1e-4, atol=1e-4)
    steep = dataclasses.replace(found.axes, slopes=found.axes.slopes * 1e-6)
    moved = found.along(steep, points, "Red", 100)
    torch.testing.assert_close(
        moved[own < sliders.high[1]], found.axes.along(points, "Red", 10.0)[own < sliders.high[1]]
    )
    flat = dataclasses.replace(found.axes, slopes=found.axes.slopes * 0)
    for value in (0, 50, 100):
        assert torch.equal(found.along(flat, points, "Red", value), points)


def test_what_is_learnt_is_told_while_it_goes_on(gan, quick, caplog):
    with caplog.at_level("INFO", "gansmith.latent"):
        gansmith.directions(gan, labelled(gan), without_labels="none", **quick | {"people": 5})
    told = [line for line in caplog.messages if "learning" not in line]
    assert told == [
        f"labelling 600 samples of {gan.name} …",
        "measuring what else moves, on 5 others, and on 5 by conditional steering …",
    ]


def test_a_slider_s_ends_are_those_of_the_predictor_and_of_the_response(gan, found):
    """Each of its own logits, over the generator's own samples."""
    points = found.space.drawn(600)
    u = found.sliders.whitening.whitened(points)
    with torch.no_grad():
        for sliders in (found.sliders, found.exact):
            logits = sliders.response(u)
            for q, end in ((0.02, sliders.low), (0.98, sliders.high)):
                torch.testing.assert_close(logits.quantile(q, dim=0), end, rtol=1e-2, atol=2e-2)
    assert found.sliders_of(quick=True) is found.sliders and found.sliders_of(quick=False) is found.exact
    assert found.predictor is found.exact.response.predictor


def test_differences_of_points_are_those_of_who_has_it(gan, found):
    points = found.space.drawn(600)
    has = found.predictor.logits(found.space.images(points)) > 0
    assert found.having.tolist() == has.sum(dim=0).tolist()
    for i in range(3):
        apart = points[has[:, i]].double().mean(dim=0) - points[~has[:, i]].double().mean(dim=0)
        torch.testing.assert_close(found.differences[i], apart)
    z = gan.latents(4, 1)
    step = found.differences[0] + found.differences[2] - found.differences[1]
    expected = found.space.images((found.space.points(z).double() + step).float())
    torch.testing.assert_close(gan.steer(z, add=["Bright", "Left"], subtract=["Red"]), expected, atol=1e-5, rtol=0)
    for count, told in ((0, "0 of 600"), (600, "600 of 600")):
        vars(gan)["directions"] = dataclasses.replace(found, having=torch.tensor([count, 5, 5]))
        with pytest.raises(GansmithError, match=f"Bright: {told} samples of this generator have it"):
            gan.steer(z, add=["Bright"])
    for count in (1, 599):
        vars(gan)["directions"] = dataclasses.replace(found, having=torch.tensor([count, 5, 5]))
        gan.steer(z, subtract=["Bright"])
