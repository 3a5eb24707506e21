"""Every default of every recipe stands in a file: whoever changes one changes a line that a reviewer sees."""

import os
from pathlib import Path

import pytest

from gansmith.recipes import RECIPES
from gansmith.recipes.composition import kinds_of_data, suited
from gansmith.recipes.shown import composition

GOLDEN = Path(__file__).parent / "golden"
SHAPES = [(2,), (1, 16, 16), (3, 32, 32)]
REWRITE = "GANSMITH_REWRITE_GOLDEN"


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: kinds_of_data(shape)[0])
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_what_it_was(name, shape):
    path = GOLDEN / f"{name}-{kinds_of_data(shape)[0]}.txt"
    text = composition(suited(RECIPES[name](), shape))
    if os.environ.get(REWRITE):
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"no golden text of {name}: write it with {REWRITE}=1 pytest {__file__}"
    assert text == path.read_text(encoding="utf-8"), (
        f"the composition of {name} has changed: if it should, rewrite {path.name} with {REWRITE}=1 pytest {__file__}"
    )


def test_golden_texts_are_of_recipes_that_there_are():
    known = {f"{name}-{kinds_of_data(shape)[0]}.txt" for name in RECIPES for shape in SHAPES}
    assert {path.name for path in GOLDEN.iterdir()} == known


def test_a_change_would_be_seen():
    recipe = RECIPES["wgan-gp"]()
    from gansmith.recipes.composition import change

    for changes in ({"lr_final": 0.5}, {"gradient_penalty": 9.0}, {"width": 31}, {"reuse": True}, {"loss": "hinge"}):
        assert composition(suited(change(recipe, changes), (2,))) != composition(suited(recipe, (2,)))
