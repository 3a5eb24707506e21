"""Every setting of how long and from where a run goes changes it; so do those of where it is computed."""

import pytest
import torch
from tried import SMALL, Case, trace, tried

import gansmith
from gansmith.compiling.compiled import Compiled
from gansmith.errors import GansmithError
from gansmith.recipes.composition import Recipe, change
from gansmith.recipes.parts import COMPUTES, TRAININGS
from gansmith.settings.components import bare, settings_of
from gansmith.training.assemble import build_dynamics
from gansmith.training.device import find_device, prepared

CASES = {
    "steps": Case({"schedule": "linear"}),
    "batch": Case(),
    "ema": Case(values=(0.0, 0.1)),
    "from": Case(values=("tried below",)),
}
SETTINGS = [one for one in tried(TRAININGS, {}, CASES) if one.setting != "from"]


@pytest.mark.parametrize("one", SETTINGS, ids=str)
def test_a_setting_counts(one):
    assert one.differs(), f"{one} changes nothing"


def test_weights_to_start_from_count(tmp_path):
    gansmith.train("nsgan", tmp_path / "run", quiet=True, **SMALL, seed=3)
    assert trace(Recipe(), {"from": str(tmp_path / "run")}) != trace(Recipe(), {})


def test_a_run_has_the_steps_it_is_told(tmp_path):
    for steps in (2, 3):
        assert gansmith.train("nsgan", quiet=True, **SMALL | {"steps": steps}).made_by["step"] == steps


def of_threads(recipe):
    with prepared(recipe.compute):
        return torch.get_num_threads()


def of_device(recipe):
    try:
        return find_device(recipe.compute.device)
    except GansmithError as error:
        return str(error)


COMPUTED = {
    "device": (of_device, {"device": "cuda:77"}),
    "threads": (of_threads, {"threads": 2}),
    "compile": (lambda recipe: isinstance(build_dynamics(recipe), Compiled), {"compile": True}),
    "precision": (lambda recipe: trace(recipe, {}), {"precision": "bf16"}),
}


def test_none_of_where_it_is_computed_is_left_out():
    assert set(COMPUTED) == {bare(one.name) for one in settings_of(COMPUTES.ours["compute"])}


@pytest.mark.filterwarnings("ignore:precision = bf16")
@pytest.mark.parametrize("name", COMPUTED)
def test_where_it_is_computed_counts(name):
    look, other = COMPUTED[name]
    assert look(Recipe()) != look(change(Recipe(), other))
