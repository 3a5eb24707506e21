"""What may be played, and the same run as a command, as Python and as a link."""

import shlex

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.playground.setting import ALLOWED, DEFAULTS, Setting, from_query
from gansmith.recipes import recipe
from gansmith.recipes.composition import change, to_dict
from gansmith.training.assemble import assemble


def test_defaults_are_allowed_and_nothing_else_is_named():
    assert set(DEFAULTS) == set(ALLOWED)
    assert Setting("ring", DEFAULTS).chosen == {}


@pytest.mark.parametrize(
    "chosen",
    [
        {"loss": loss, "dynamics": "alternating", "r1": 0.1}
        for loss in ("nonsaturating", "minimax", "wasserstein", "hinge", "least-squares", "relativistic")
    ]
    + [{"dynamics": d} for d in ALLOWED["dynamics"]]
    + [{f"{p}.optimizer": o} for p in ("discriminator", "generator") for o in ("SGD", "RMSprop")]
    + [{"gradient_penalty": 1.0, "discriminator.weight_clip": 0.1, "generator_layers": 0, "discriminator_layers": 0}],
    ids=lambda chosen: " ".join(map(str, chosen.values())),
)
def test_every_choice_plays(chosen):
    setting = Setting("moons", {**chosen, "batch": 16, "hidden": 8})
    trainer = assemble(setting.recipe(), setting.dataset())
    (moment,) = trainer.steps(1)
    assert set(moment.costs) == {"discriminator", "generator"}


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"generator.optimizer": "SGD", "r1": 0.5, "loss": "minimax", "standardize": False},
        {"dynamics": "extragradient", "gradient_penalty": 2.0, "discriminator.weight_clip": 0.1},
        {"r1": 0.1234567, "generator.lr": 1.23456789e-05, "discriminator.lr": 1 / 3},
    ],
)
def test_command_and_python_make_the_same_recipe(chosen):
    from gansmith.cli.arguments import parse_recipe
    from gansmith.cli.train import Train

    setting = Setting("ring", chosen)
    words = shlex.split(setting.command(70))[2:]
    _, told = parse_recipe(Train, "train", words)
    wanted = change(setting.recipe(), {"steps": 70, "data": "ring"})
    assert "--device cpu" in shlex.join(words)  # as it is played here, whatever there is elsewhere
    assert {**to_dict(told), "own": None} == {**to_dict(wanted), "own": None}

    called = {}
    python = setting.python(70).replace("import gansmith\n", "")
    exec(python, {"gansmith": type("G", (), {"train": staticmethod(lambda name, **k: called.update(k, name=name))})})
    data, name = called.pop("data"), called.pop("name")
    assert data == "ring"
    assert to_dict(change(recipe(name), called)) == to_dict(change(setting.recipe(), {"steps": 70}))


def test_a_link_is_the_setting():
    setting = Setting("drawn", {"r1": 0.25, "batch": 64}, ((0.0, 1.0), (-1.5, 0.25)))
    assert from_query(setting.query()) == setting
    assert setting.dataset().modes.tolist() == [[0.0, 1.0], [-1.5, 0.25]]
    with pytest.raises(GansmithError, match="as Python"):
        setting.command(3)


def test_a_link_and_python_hold_every_digit():
    drawn = Setting(
        "drawn", {"r1": 0.1234567, "generator.lr": 1e-7}, ((-1.234, 2 / 3), (0.1234567891, -9.87654321e-05))
    )
    assert from_query(drawn.query()) == drawn
    held = {}
    python = drawn.python(3).replace("import gansmith\n", "")
    exec(python, {"gansmith": type("G", (), {"train": staticmethod(lambda name, **k: held.update(k))})})
    assert torch.equal(held["data"].modes, drawn.dataset().modes) and held["r1"] == 0.1234567
    assert held["generator.lr"] == 1e-7


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"data": "os:system"}, "unknown data 'os:system'"),
        ({"data": "/etc/passwd"}, "unknown data"),
        ({"loss": "own_term:Evil"}, "loss = own_term:Evil must be one of"),
        ({"batch": "100000"}, "batch = 100000 must be a whole number from 8 to 1024"),
        ({"batch": "nan"}, "batch = nan must be"),
        ({"hidden": "1e9"}, "must be a whole number from 1 to 256"),
        ({"generator.lr": "inf"}, "generator.lr = inf must be a number from 0 to 10"),
        ({"seed": "-1"}, "seed = -1 must be"),
        ({"data": "drawn", "points": "a,b"}, "points = a,b are no numbers"),
        ({"data": "drawn", "points": "1;2,3"}, "all of them alike"),
        ({"data": "drawn", "points": "99,0"}, "within"),
        ({"data": "drawn", "points": ";".join(["0,0"] * 61)}, "61 points are drawn"),
        ({"data": "drawn"}, "0 points are drawn"),
    ],
)
def test_a_link_out_of_range_is_told_in_one_line(query, told):
    with pytest.raises(GansmithError, match=told.replace("(", "\\(")) as error:
        from_query(query)
    assert "\n" not in str(error.value)
