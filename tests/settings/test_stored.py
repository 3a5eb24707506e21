"""Compositions are stored without loss, and what cannot be read is told in one line."""

import dataclasses
import json

import pytest

from gansmith.dynamics import Consensus, Extragradient
from gansmith.errors import GansmithError
from gansmith.games.optimizers import SGD, Adam
from gansmith.recipes import RECIPES
from gansmith.recipes.composition import Recipe
from gansmith.settings import from_json, to_json
from gansmith.settings.foreign import foreign
from gansmith.terms import R1, Adversarial, GradientPenalty
from gansmith.terms.losses import EBGAN

RICH = Recipe(
    terms=(
        Adversarial(EBGAN(2.0), fakes=("fake", "reconstruction")),
        GradientPenalty(3.0, one_sided=True),
        R1(0.1, 16),
    ),
    dynamics=Consensus(0.25, Extragradient()),
    players={"discriminator": SGD(0.1, momentum=0.9), "generator": Adam(1e-3, (0.0, 0.9)), "encoder": Adam()},
)


@pytest.mark.parametrize("recipe", [RICH, *(build() for build in RECIPES.values())], ids=lambda recipe: recipe.name)
def test_what_is_stored_comes_back(recipe):
    stored = to_json(recipe)
    again = from_json(Recipe, json.loads(json.dumps(stored)))
    assert dataclasses.replace(again, name=recipe.name, by_data=recipe.by_data) == recipe
    assert to_json(again) == stored
    assert list(again.players) == list(recipe.players)  # who plays first is a setting too


def test_one_that_could_be_another_says_its_type_and_others_do_not():
    stored = to_json(RICH)
    assert [term["type"] for term in stored["terms"]] == ["adversarial", "gradient_penalty", "r1"]
    assert stored["terms"][0]["loss"] == {"type": "ebgan", "margin": 2.0}
    assert stored["dynamics"] == {"type": "consensus", "gamma": 0.25, "inner": {"type": "extragradient"}}
    assert "type" not in stored["training"] and "by_data" not in stored and "own" not in stored


def altered(**changes):
    return {**to_json(RICH), **changes}


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (altered(terms=[{"weight": 1.0}]), "terms must say its type: one of adversarial, gradient_penalty"),
        (altered(terms=[{"type": "r11"}]), "unknown term 'r11': did you mean 'r1'"),
        (altered(terms=[{"type": "r1", "wieght": 1.0}]), "unknown setting 'terms.wieght': did you mean 'terms.weight'"),
        (altered(terms=[{"type": "r1", "weight": -1.0}]), "terms.weight = -1 must be at least 0"),
        (altered(terms=["r1"]), "terms = 'r1' must be settings by name"),
        (altered(dynamics=[]), "dynamics = [] must be settings by name"),
        (altered(players=[]), "players = [] must be settings by name"),
        (altered(training=3), "training = 3 must be settings by name"),
        (altered(training={"steps": "many"}), "training.steps = 'many' must be a whole number"),
        (altered(network={"type": 3}), "network must say its type"),
        (altered(tarining={}), "unknown setting 'tarining': did you mean 'training'"),
        (altered(network={"type": "no_such_module:Net"}), "network no_such_module:Net: cannot be imported"),
        (altered(network={"type": "os:path"}), "network os:path: must be a frozen dataclass of its settings"),
        ([], "Recipe = [] must be settings by name"),
    ],
)
def test_what_cannot_be_read_is_one_line(stored, told):
    with pytest.raises(GansmithError) as caught:
        from_json(Recipe, stored)
    assert str(caught.value).startswith(told) and "\n" not in str(caught.value)


def test_code_of_others_is_named_before_anything_is_imported(tmp_path, monkeypatch):
    (tmp_path / "bomb.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    stored = altered(network={"type": "bomb:Net", "width": 3}, terms=[{"type": "r1"}, {"type": "other.room:Term"}])
    assert sorted(foreign(stored)) == ["bomb:Net", "other.room:Term"]
    assert list(foreign(to_json(RICH))) == []
    assert list(foreign({"players": {"a": {"type": "x:Y"}}})) == ["x:Y"]
