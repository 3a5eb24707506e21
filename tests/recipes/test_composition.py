"""Recipes are values: changed by field name, checked at every door, and stored without loss."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

import gansmith
from gansmith.config import FIELDS, PARTS, Recipe, change, from_dict, to_dict
from gansmith.errors import GansmithError
from gansmith.recipes import RECIPES


def test_field_names_are_unique_across_the_parts_and_none_is_called_like_a_part():
    names = [field.name for part in PARTS.values() for field in dataclasses.fields(part)]
    assert len(names) == len(set(names)) == len(FIELDS)
    assert not set(names) & ({field.name for field in dataclasses.fields(Recipe)} | {"out", "help"})


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_survives_json_and_carries_its_own_name(name):
    recipe = RECIPES[name]()
    assert recipe.name == name
    assert from_dict(json.loads(json.dumps(to_dict(recipe)))) == recipe
    assert RECIPES[name]() == recipe and hash(RECIPES[name]()) == hash(recipe)


def test_what_is_changed_and_stored_comes_back_in_its_own_types():
    changes = {"steps": 7, "betas": (0.0, 0.9), "momentum": None, "one_sided": True, "image_size": 32, "data": "a/b"}
    recipe = gansmith.recipe("wgan-gp", **changes)
    stored = json.loads(json.dumps(to_dict(recipe)))
    assert stored["play"]["betas"] == [0.0, 0.9] and stored["objective"]["gradient_penalty"] == 10.0
    again = from_dict(stored)
    assert again == recipe and again.play.betas == (0.0, 0.9) and again.source.image_size == 32
    assert again != gansmith.recipe("wgan-gp") and again.networks == gansmith.recipe("wgan-gp").networks


def test_numbers_and_paths_of_every_kind_are_taken():
    recipe = change(Recipe(), {"r1": 5, "steps": np.int64(9), "clip": np.float32(0.5), "data": Path("a") / "b"})
    values = (recipe.objective.r1, recipe.budget.steps, recipe.objective.clip, recipe.source.data)
    assert values == (5.0, 9, 0.5, str(Path("a/b")))
    assert [type(value) for value in values] == [float, int, float, str]


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"stepz": 5}, "unknown field 'stepz': did you mean 'steps'?"),
        ({"steps": "5"}, "steps = '5' must be a whole number"),
        ({"steps": 5.0}, "steps = 5.0 must be a whole number"),
        ({"steps": True}, "steps = True must be a whole number"),
        ({"steps": None}, "steps = None must be a whole number"),
        ({"r1": "much"}, "r1 = 'much' must be a number"),
        ({"r1": float("nan")}, "r1 = nan must be a number"),
        ({"r1": float("inf")}, "r1 = inf must be a number"),
        ({"r1": 1j}, "r1 = 1j must be a number"),
        ({"reuse": 1}, "reuse = 1 must be True or False"),
        ({"data": 5}, "data = 5 must be text"),
        ({"betas": (0.5,)}, r"betas = (0.5,) must be two numbers or None"),
        ({"betas": (0.5, "x")}, "betas = (0.5, 'x') must be two numbers or None"),
        ({"betas": 0.5}, "betas = 0.5 must be two numbers or None"),
        ({"image_size": "big"}, "image_size = 'big' must be a whole number or None"),
        ({"loss": "hing"}, "unknown value for loss 'hing': did you mean 'hinge'? Known: ebgan, hinge,"),
        ({"loss": 3}, "loss = 3 must be one of minimax, nonsaturating,"),
        ({"loss": ["hinge"]}, "loss = ['hinge'] must be one of minimax, nonsaturating,"),
    ],
)
def test_what_a_field_does_not_take_is_told_alike_in_python_and_in_a_config_file(changes, told):
    with pytest.raises(GansmithError) as in_python:
        gansmith.recipe("nsgan", **changes)
    stored = to_dict(RECIPES["nsgan"]())
    for name, value in changes.items():
        stored[FIELDS.get(name, "budget")][name] = value
    with pytest.raises(GansmithError) as in_file:
        from_dict(stored)
    assert str(in_python.value) == str(in_file.value) and str(in_python.value).startswith(told)
    assert "\n" not in str(in_python.value)


def test_unknown_recipes_and_other_formats_are_refused():
    with pytest.raises(GansmithError, match="unknown recipe 'wgan-pg': did you mean 'wgan-gp'"):
        gansmith.recipe("wgan-pg")
    for other in (0, 2, "1", None):
        with pytest.raises(GansmithError, match="is not the format 1 that this gansmith reads"):
            from_dict({**to_dict(Recipe()), "format": other})


def test_a_change_leaves_the_recipe_it_was_made_from_alone():
    recipe = RECIPES["hinge"]()
    changed = change(recipe, {"steps": 3, "r1": 2.0})
    assert recipe == RECIPES["hinge"]()
    assert dataclasses.replace(changed, budget=recipe.budget, objective=recipe.objective) == recipe
    assert (changed.budget.steps, changed.objective.r1) == (3, 2.0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        changed.budget.steps = 5


@pytest.mark.parametrize(("old", "new"), [(True, "stddev"), (False, "none")])
def test_configs_of_before_minibatch_layers_are_still_read(old, new):
    stored = to_dict(Recipe())
    del stored["networks"]["minibatch"]
    stored["networks"]["minibatch_stddev"] = old
    assert from_dict(stored).networks.minibatch == new
