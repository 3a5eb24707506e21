"""Recipes are values: changed by flat name, checked at every door, and stored without loss."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

import gansmith
from gansmith.errors import GansmithError
from gansmith.recipes import RECIPES
from gansmith.recipes.composition import Recipe, change, from_dict, kinds_of_data, suited, to_dict
from gansmith.settings import View
from gansmith.terms import R1

SHAPES = {"vectors": (2,), "gray": (1, 16, 16), "colour": (3, 32, 32)}


def test_flat_names_are_unique_or_mean_settings_of_one_kind_and_none_is_called_like_a_part():
    parts = {field.name for field in dataclasses.fields(Recipe)}
    for name in RECIPES:
        view = View(RECIPES[name]())
        for setting, found in view.settings.items():
            assert len({one.field.name for one in found}) == 1, setting
        assert not set(view.settings) & (parts | {"out", "help"})


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_survives_json_and_carries_its_own_name(name):
    recipe = RECIPES[name]()
    assert recipe.name == name
    for shape in SHAPES.values():
        played = suited(recipe, shape)
        assert from_dict(json.loads(json.dumps(to_dict(played)))) == played
        assert not played.by_data
    assert RECIPES[name]() == recipe and hash(RECIPES[name]()) == hash(recipe)


def test_what_is_changed_and_stored_comes_back_in_its_own_types():
    changes = {"steps": 7, "betas": (0.0, 0.9), "momentum": None, "one_sided": True, "image_size": 32, "data": "a/b"}
    recipe = gansmith.recipe("wgan-gp", **changes)
    stored = json.loads(json.dumps(to_dict(recipe)))
    assert stored["format"] == 2 and stored["players"]["generator"]["betas"] == [0.0, 0.9]
    assert stored["terms"][1]["type"] == "gradient_penalty" and stored["terms"][1]["weight"] == 10.0
    again = from_dict(stored)
    assert (
        again == dataclasses.replace(recipe, by_data={})
        and again.players["generator"].betas == (0.0, 0.9)
        and again.source.image_size == 32
    )
    assert again != gansmith.recipe("wgan-gp") and again.network == gansmith.recipe("wgan-gp").network


def test_numbers_and_paths_of_every_kind_are_taken():
    recipe = change(Recipe(), {"r1": 5, "steps": np.int64(9), "clip": np.float32(0.5), "data": Path("a") / "b"})
    clip = recipe.players["discriminator"].weight_clip
    values = (recipe.terms[1].weight, recipe.training.steps, clip, recipe.source.data)
    assert values == (5.0, 9, 0.5, str(Path("a/b")))
    assert [type(value) for value in values] == [float, int, float, str]


# what is given, what is told of it, and where it stands in a config file
WRONG = [
    ("steps", "5", "steps = '5' must be a whole number", "training.steps"),
    ("steps", 5.0, "steps = 5.0 must be a whole number", "training.steps"),
    ("steps", True, "steps = True must be a whole number", "training.steps"),
    ("steps", None, "steps = None must be a whole number", "training.steps"),
    ("steps", 0, "steps = 0 must be at least 1", "training.steps"),
    ("r1", "much", "r1 = 'much' must be a number", "terms.1.weight"),
    ("r1", float("nan"), "r1 = nan must be a number", "terms.1.weight"),
    ("r1", float("inf"), "r1 = inf must be a number", "terms.1.weight"),
    ("r1", 1j, "r1 = 1j must be a number", "terms.1.weight"),
    ("r1", -1.0, "r1 = -1 must be at least 0", "terms.1.weight"),
    ("reuse", 1, "reuse = 1 must be True or False", "dynamics.reuse"),
    ("data", 5, "data = 5 must be text", "source.data"),
    ("betas", (0.5,), "betas = (0.5,) must be two numbers or None", "players.generator.betas"),
    ("betas", (0.5, "x"), "betas = (0.5, 'x') must be two numbers or None", "players.generator.betas"),
    ("betas", 0.5, "betas = 0.5 must be two numbers or None", "players.generator.betas"),
    ("betas", (0.5, 1.0), "betas = (0.5, 1.0) must be at least 0 and less than 1", "players.generator.betas"),
    ("image_size", "big", "image_size = 'big' must be a whole number or None", "source.image_size"),
    ("schedule", "linaer", "unknown value for schedule 'linaer': did you mean 'linear'?", "players.generator.schedule"),
    ("schedule", 3, "schedule = 3 must be one of constant, linear, cosine", "players.generator.schedule"),
    ("noise", ["normal"], "noise = ['normal'] must be one of normal, uniform", "prior.noise"),
]


@pytest.mark.parametrize(("name", "value", "told", "place"), WRONG)
def test_what_a_setting_does_not_take_is_told_alike_in_python_and_in_a_config_file(name, value, told, place):
    with pytest.raises(GansmithError) as in_python:
        gansmith.recipe("nsgan", **{name: value})
    stored = to_dict(gansmith.recipe("nsgan", r1=1.0))
    *way, last = place.split(".")
    there = stored
    for step in way:
        there = there[int(step) if step.isdigit() else step]
    there[last] = list(value) if isinstance(value, tuple) else value
    with pytest.raises(GansmithError) as in_file:
        from_dict(stored)
    assert str(in_python.value).startswith(told) and "\n" not in str(in_python.value)
    reason = str(in_file.value).replace("('normal',)", "['normal']")  # a list in a file is read as a tuple
    assert last in reason and (told.partition(" = ")[2] or told.partition("'")[2]) in reason and "\n" not in reason


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"stepz": 5}, "unknown setting 'stepz': did you mean 'steps'?"),
        ({"loss": "hing"}, "unknown loss 'hing': did you mean 'hinge'? Known: ebgan, hinge,"),
        ({"loss": 3}, "unknown loss '3'"),
        ({"network": "resent"}, "unknown network 'resent': did you mean 'resnet'?"),
        ({"dynamics": "alternatin"}, "unknown dynamics 'alternatin': did you mean 'alternating'?"),
        ({"network": "no_module:Net"}, "network no_module:Net: cannot be imported"),
    ],
)
def test_names_that_mean_nothing_are_told(changes, told):
    with pytest.raises(GansmithError) as caught:
        gansmith.recipe("nsgan", **changes)
    assert str(caught.value).startswith(told) and "\n" not in str(caught.value)


def test_unknown_recipes_and_other_formats_are_refused():
    with pytest.raises(GansmithError, match="unknown recipe 'wgan-pg': did you mean 'wgan-gp'"):
        gansmith.recipe("wgan-pg")
    for other in (0, 3, "1", "2", None):
        with pytest.raises(GansmithError, match="is not the format 2 that this gansmith reads"):
            from_dict({**to_dict(Recipe()), "format": other})


def test_a_change_leaves_the_recipe_it_was_made_from_alone():
    recipe = RECIPES["hinge"]()
    changed = change(recipe, {"steps": 3, "r1": 2.0})
    assert recipe == RECIPES["hinge"]()
    assert dataclasses.replace(changed, training=recipe.training, terms=recipe.terms) == recipe
    assert (changed.training.steps, changed.terms[1]) == (3, R1(2.0))
    with pytest.raises(dataclasses.FrozenInstanceError):
        changed.training.steps = 5


def test_changes_by_kind_of_data_stand_below_the_users_own():
    assert {kind: kinds_of_data(shape)[0] for kind, shape in SHAPES.items()} == {kind: kind for kind in SHAPES}
    plain = dataclasses.replace(Recipe(), by_data={"vectors": {"lr": 1e-3, "steps": 5}, "gray": {"r1": 0.5}})
    recipe = change(plain, {"steps": 9, "width": 8})
    on_vectors, on_gray, on_colour = (suited(recipe, shape) for shape in SHAPES.values())
    assert (on_vectors.training.steps, on_vectors.players["generator"].lr) == (9, 1e-3)
    assert on_gray.terms[1] == R1(0.5) and on_gray.training.steps == 9
    assert on_colour == change(Recipe(), {"steps": 9, "width": 8})
    assert all(not one.by_data and not one.own for one in (on_vectors, on_gray, on_colour))
    assert suited(on_gray, SHAPES["vectors"]) is on_gray  # once suited, it is what it is


def test_a_recipe_is_one_line_in_a_notebook():
    text = repr(gansmith.recipe("wgan-gp", steps=3000, diff_augment="color"))
    assert text == "<Recipe wgan-gp: dcgan, adversarial, gradient_penalty, diff_augment, alternating; 3,000 steps>"
    assert all(len(repr(RECIPES[name]())) < 120 and "\n" not in repr(RECIPES[name]()) for name in RECIPES)
