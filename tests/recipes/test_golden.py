"""Every default of every recipe stands in a file: whoever changes one changes a line that a reviewer sees."""

import os
from pathlib import Path

import pytest

from gansmith.recipes import RECIPES
from gansmith.recipes.composition import Recipe, kinds_of_data, suited
from gansmith.recipes.shown import composition
from gansmith.settings.components import settings_of, slot

GOLDEN = Path(__file__).parent / "golden"
SHAPES = [(2,), (1, 16, 16), (3, 32, 32)]
DEFAULTS = GOLDEN / "defaults-of-components.txt"
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
    assert {path.name for path in GOLDEN.iterdir()} == known | {DEFAULTS.name}


def kinds(component, seen=()):
    """Yield every kind of component that can stand somewhere in a composition, once."""
    for one in settings_of(component):
        kind = slot(component, one)
        if kind is not None and kind not in seen:
            seen = (*seen, kind)
            yield kind
            for made in kind.ours.values():
                for inner in kinds(made, seen):
                    seen = (*seen, inner)
                    yield inner


def test_defaults_of_components_are_what_they_were():
    """Of those too that no recipe has, or that every recipe sets."""
    lines = [
        f"{kind.name} {name}.{one.name} = {one.default!r}"
        for kind in kinds(Recipe)
        for name, made in kind.ours.items()
        for one in settings_of(made)
    ]
    text = "\n".join(lines) + "\n"
    if os.environ.get(REWRITE):
        DEFAULTS.write_text(text, encoding="utf-8")
    assert text == DEFAULTS.read_text(encoding="utf-8"), f"rewrite it, if it should change, with {REWRITE}=1"


def test_a_change_would_be_seen():
    recipe = RECIPES["wgan-gp"]()
    from gansmith.recipes.composition import change

    for changes in ({"lr_final": 0.5}, {"gradient_penalty": 9.0}, {"width": 31}, {"reuse": True}, {"loss": "hinge"}):
        assert composition(suited(change(recipe, changes), (2,))) != composition(suited(recipe, (2,)))
