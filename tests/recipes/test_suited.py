"""A recipe's own changes for a kind of data come in once the data are known, and the user's settings win over them."""

import dataclasses
import json

import torch

from gansmith.recipes.composition import Recipe, change, from_dict, kinds_of_data, suited, to_dict
from gansmith.training.assemble import assemble

BASE = Recipe("some", by_data={"vectors": {"lr": 1e-3, "r1": 0.5, "steps": 7}, "gray": {"width": 8}})


def test_each_kind_of_data_gets_its_own():
    vectors, gray, colour = (suited(BASE, shape) for shape in ((2,), (1, 8, 8), (3, 8, 8)))
    assert vectors.players["generator"].lr == 1e-3 and vectors.terms[1].weight == 0.5 and vectors.training.steps == 7
    assert gray.network.width == 8 and gray.training.steps == 2000 and len(gray.terms) == 1
    assert colour == dataclasses.replace(BASE, by_data={})
    kinds = [kinds_of_data(s) for s in ((5,), (2,), (1,), (1, 4, 4), (3, 4, 4))]
    assert kinds == [("vectors",), ("vectors", "plane"), ("vectors", "plane"), ("gray",), ("colour",)]


def test_what_suits_the_plane_comes_after_what_suits_vectors():
    some = Recipe("some", by_data={"plane": {"latent": 2}, "vectors": {"latent": 9, "lr": 1e-3}})
    assert [suited(some, (numbers,)).prior.latent for numbers in (1, 2, 3)] == [2, 2, 9]
    assert suited(some, (2,)).players["generator"].lr == 1e-3
    assert suited(change(some, {"latent": 5}), (2,)).prior.latent == 5


def test_what_the_user_chose_wins_even_where_it_is_the_default():
    mine = change(change(BASE, {"generator.lr": 2e-4}), {"r1": 0})  # the default rate, and no penalty
    found = suited(mine, (2,))
    assert (found.players["generator"].lr, found.players["discriminator"].lr) == (2e-4, 1e-3)
    assert [type(term).__name__ for term in found.terms] == ["Adversarial"] and found.training.steps == 7


def test_a_run_is_assembled_and_stored_as_it_suits_its_data():
    recipe = change(BASE, {"data": "ring", "hidden": 4, "device": "cpu", "batch": 4})
    trainer = assemble(recipe)
    assert trainer.recipe.training.steps == 7 and trainer.recipe.training.batch == 4
    assert all(group["lr"] == 1e-3 for p in trainer.game.players.values() for group in p.optimizer.param_groups)
    stored = json.loads(json.dumps(to_dict(trainer.recipe)))
    assert from_dict(stored) == trainer.recipe and not trainer.recipe.by_data
    assert torch.isfinite(trainer.dynamics.step(trainer.game, trainer.rounds)["generator"])


def test_words_of_a_command_line_win_too():
    """They are kept as words until the data are known."""
    from gansmith.cli.arguments import parse_recipe
    from gansmith.cli.train import Train

    _, recipe = parse_recipe(Train, "train", ["nsgan", "--steps", "7", "--latent", "3", "--no-compile", "--lr", "0.5"])
    found = suited(recipe, (2,))
    assert (found.training.steps, found.training.batch, found.prior.latent) == (7, 512, 3)
    assert found.players["generator"].lr == 0.5 and found.players["generator"].schedule == "cosine"


def test_a_sweep_plays_what_suits_the_data(tmp_path):
    import gansmith
    from gansmith.records.run_folder import RunFolder

    small = {"hidden": 4, "steps": 2, "evaluate_samples": 20, "device": "cpu", "data": "ring"}
    recipe = change(dataclasses.replace(gansmith.recipe("nsgan"), by_data=BASE.by_data), small)
    for _ in range(2):  # the second time it finds what it has done
        gansmith.sweep(recipe, tmp_path, seeds=1, jobs=1)
    (run,) = (path for path in tmp_path.iterdir() if path.is_dir())
    played = RunFolder(run).read().recipe
    assert played.players["generator"].lr == 1e-3 and played.terms[1].weight == 0.5


def test_terms_of_ones_own_are_put_in_once():
    from gansmith.terms import Reconstruction

    recipe = change(BASE, {"term": Reconstruction(3.0), "reconstruction.weight": 5.0})
    assert [term.weight for term in suited(recipe, (2,)).terms[1:]] == [0.5, 5.0]
    assert suited(recipe, (1, 8, 8)).terms == recipe.terms


def test_what_a_recipe_has_otherwise_is_shown():
    """Behind its composition: what it changes on some kinds of data, and its paper's values where they differ."""
    from gansmith.recipes.shown import differences, suiting

    own = Recipe(
        "own", by_data={"plane": {"lr": 1e-3, "steps": 7}}, paper={"lr": 2e-4, "batch": 64, "width": 128, "r1": 0.5}
    )
    assert differences(own) == {
        "lr": {"paper": 2e-4, "images": 2e-4, "vectors": 1e-3},
        "width": {"paper": 128, "images": 32, "vectors": 128},  # there are no convolutions on vectors
        "r1": {"paper": 0.5, "images": 0, "vectors": 0},
    }
    said = [line.split() for line in suiting(own).splitlines()]
    assert said[0] == ["on", "vectors", "of", "one", "or", "two", "numbers"] and said[1:3] == [
        ["lr", "0.001"],
        ["steps", "7"],
    ]
    assert said[3:] == [["its", "paper", "has"], ["lr", "0.0002"], ["width", "128"], ["r1", "0.5"]]


def test_what_is_said_of_papers_is_said_in_names_and_values_that_settings_take():
    from gansmith.recipes import RECIPES
    from gansmith.recipes.shown import differences

    for build in RECIPES.values():
        made = build()
        change(made, made.paper)
        assert set(differences(made)) == set(made.paper), (
            f"{made.name}: its paper's values that it has itself are no news"
        )


def test_bounds_are_of_measures_that_there_are_and_stand_behind_the_composition():
    from gansmith.recipes import RECIPES
    from gansmith.recipes.shown import suiting

    known = {"modes", "high quality", "width", "coverage", "W1", "V + log 4", "fid", "kid", "recall", "precision"}
    known |= {"least diverse class", "bold", "leaning", "even", "least diverse corner", "sure", "classes", "obeys"}
    for build in RECIPES.values():
        made = build()
        assert all(set(bounds) <= known for bounds in made.bounds.values()), made.name
    said = suiting(Recipe("own", bounds={"ring": {"modes": 8, "high quality": 0.9}})).splitlines()
    assert said == ["reaches at its defaults, or better", f"  {'ring':38}modes 8, high quality 0.9"]
