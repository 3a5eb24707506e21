"""The first word of warning: in runs made to fail, in no healthy one, once, and without changing a number."""

import dataclasses
import json
import warnings
from types import SimpleNamespace

import pytest
import torch

import gansmith
from gansmith.callbacks.remedies import remedy
from gansmith.callbacks.warning_signs import ALIKE, LASTS, OFTEN, SHARE, WarningSigns
from gansmith.cli.main import main
from gansmith.data import open_dataset
from gansmith.data.memory import from_memory
from gansmith.data.source import Source
from gansmith.recipes import RECIPES
from gansmith.recipes.composition import change
from gansmith.records.journal import Journal, read_journal
from gansmith.settings import View
from gansmith.terms import Adversarial
from gansmith.terms.losses import LOSSES
from gansmith.training.check import check
from gansmith.training.moment import Moment

RING = open_dataset(Source("ring"), int)
KINDS = ("alike", "flat", "sure", "unbounded")


class Synthetic:
    """A run whose numbers are given: a sampler of real samples as generator, shrunk to a spread."""

    def __init__(self, recipe, spread=1.0, data=RING):
        self.recipe, self.spread, self.own_networks = recipe, spread, False
        self.real = next(data.batches(64, 3, 0, torch.device("cpu"))).x
        self.count, self.notes, self.window, self.settle = 0, {}, [], lambda: None
        terms = {term.name: term for term in recipe.terms if isinstance(term, Adversarial)}
        self.game = SimpleNamespace(terms=terms, report=lambda: self.notes)

    def trained(self):
        return SimpleNamespace(latents=lambda *_: None, make=lambda _: [self.spread * self.real], scale=None)

    def score(self, real, fake, jitter=0.01):
        """Have real samples and fakes at two scores, the latter now and then a little off, and the costs there."""
        self.count += 1
        fake += jitter * (self.count % 2)
        scores, loss = [torch.full((2,), float(score)) for score in (real, fake)], self.game.terms["adversarial"].loss
        costs = {"discriminator": loss.discriminator(*scores).item(), "generator": loss.generator(*scores).item()}
        self.notes = {"score/real": real, "score/fake": fake, **{f"{p}/adversarial": c for p, c in costs.items()}}
        self.window = [costs]


def course(recipe, at, last=2000, signs=None, first=1, **how):
    """Play steps at which `at(run, step)` sets the numbers, and return what was warned of, by step."""
    run = Synthetic(gansmith.recipe(recipe) if isinstance(recipe, str) else recipe, **how)
    signs = signs or WarningSigns(RING, Journal(None))
    found = []
    for step in range(first, last + 1):
        if signs.due(step, step == last):
            at(run, step)
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                signs(Moment(step, step == last, run))
            found += [(step, str(one.message)) for one in told]
    return found


def kinds(found):
    words = {"differed": "alike", "flat": "flat", "sure": "sure", "without bound": "unbounded"}
    return [(step, kind) for step, text in found for word, kind in words.items() if word in text]


def test_looks_become_rarer_but_a_quarter_of_the_run_always_has_five():
    looks = [step for step in range(1, 200_000) if WarningSigns(RING, Journal(None)).due(step, False)]
    assert looks[0] == 50 and sum(step <= OFTEN for step in looks) == 40
    assert len(looks) < 40 + 25 * 7
    for end in range(1000, 200_000, 777):
        assert sum((1 - SHARE) * end <= step <= end for step in looks) >= 5


@pytest.mark.parametrize("loss", [name for name in LOSSES.ours if name not in ("wasserstein", "ebgan")])
def test_a_sure_discriminator_is_told_of_once_it_has_lasted_and_once_only(loss):
    found = course(gansmith.recipe("nsgan", loss=loss), lambda run, _: run.score(*sure(loss)))
    told = [step for step, kind in kinds(found) if kind == "sure"]
    assert told == [50 + LASTS]
    assert "for 500 steps the discriminator has been sure of nearly everything (cost " in found[0][1]


def sure(loss):
    return (0.99, 0.01) if loss == "least-squares" else (12.0, -12.0)


@pytest.mark.parametrize("loss", LOSSES.ours)
@pytest.mark.parametrize("fake", [-0.3, 0.1])
def test_a_balanced_game_is_left_in_peace(loss, fake):
    recipe = gansmith.recipe("nsgan", loss=loss)
    assert course(recipe, lambda run, _: run.score(0.3, fake)) == []


def test_the_gap_of_a_critic_is_no_sureness():
    """Its costs are below zero wherever it works."""
    assert course("wgan-gp", lambda run, step: run.score(2.0, -2.0 - step % 7)) == []


def test_a_sign_that_goes_away_begins_anew():
    def at(run, step):
        run.score(*((0.0, 0.0) if step == 500 else (9.0, -9.0)))

    assert kinds(course("nsgan", at)) == [(550 + LASTS, "sure")]


def test_late_signs_must_last_for_a_quarter_of_the_run():
    def at(run, step):
        run.score(*((9.0, -9.0) if step >= 8000 else (0.5, -0.5)))

    (told,) = kinds(course("nsgan", at, 16_000))
    assert told[1] == "sure" and 8000 / (1 - SHARE) <= told[0] <= 8000 / (1 - SHARE) + 400


@pytest.mark.parametrize(
    ("loss", "real", "fake", "flat"),
    [
        ("minimax", 0.0, -9.0, True),
        ("minimax", 0.0, -3.0, False),
        ("nonsaturating", 0.0, -9.0, False),
        ("margin", -9.0, -9.0, True),
        ("margin", 1.0, -1.0, False),
        ("wasserstein", 0.0, -0.01, False),
        ("hinge", 0.0, -9.0, False),
        ("relativistic", 0.0, -4.0, False),
        ("relativistic", -9.0, 9.0, True),
    ],
)
def test_a_cost_without_slope_is_flat(loss, real, fake, flat):
    recipe = gansmith.recipe("nsgan", loss=loss)
    found = kinds(course(recipe, lambda run, _: run.score(real, fake)))
    assert [one for one in found if one[1] == "flat"] == ([(100 + LASTS, "flat")] if flat else [])


def test_a_cost_without_slope_that_moves_is_not_flat():
    found = kinds(course("margin", lambda run, step: run.score(0.0, 6.0 * (-1.0) ** (step // 50))))
    assert not [one for one in found if one[1] == "flat"]


def test_a_cost_that_is_the_same_number_is_flat_whatever_the_loss():
    assert kinds(course("wgan", lambda run, _: run.score(0.25, 0.25, 0.0))) == [(100 + LASTS, "flat")]


@pytest.mark.parametrize(("spread", "told"), [(0.8 * ALIKE, True), (1.5 * ALIKE, False), (0.0, True), (1.0, False)])
def test_samples_that_do_not_differ(spread, told):
    found = course("nsgan", lambda run, _: run.score(0.1, -0.1), spread=spread)
    assert kinds(found) == ([(50 + LASTS, "alike")] if told else [])


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        (lambda step: 0.1 * step, True),  # from 10 × 1.26, the data's mean distance, on
        (lambda step: 2e-6 * step**2, False),  # too small yet
        (lambda _: 50.0, False),  # large, but bounded
        (lambda step: 5000.0 + step % 3, True),  # beyond all bounds from the start
        (lambda step: 3000.0 / step, False),  # an early peak
        (lambda step: 40.0 + 0.01 * step, False),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_cost_that_grows(cost, told, sign):
    def at(run, step):
        run.score(0.0, 0.0)
        run.window = [{"discriminator": sign * cost(step), "generator": 0.1}]

    assert [kind for _, kind in kinds(course("wgan-naive", at))] == (["unbounded"] if told else [])


def test_what_was_said_stays_said_in_a_resumed_run():
    signs = WarningSigns(RING, Journal(None))
    assert course("nsgan", lambda run, _: run.score(9.0, -9.0), 400, signs) == []
    resumed = WarningSigns(RING, Journal(None))
    resumed.load_state_dict(json.loads(json.dumps(signs.state_dict())))
    found = course("nsgan", lambda run, _: run.score(9.0, -9.0), 700, resumed, first=401)
    assert kinds(found) == [(50 + LASTS, "sure")]
    again = WarningSigns(RING, Journal(None))
    again.load_state_dict(resumed.state_dict())
    assert course("nsgan", lambda run, _: run.score(9.0, -9.0), 3000, again, first=701) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_takes_the_flag_that_it_is_told_to_try(name, kind):
    recipe = gansmith.recipe(name)
    for whose in recipe.players:
        flag, value = remedy(kind, whose, recipe).split()
        setting, view = flag.removeprefix("--").replace("-", "_"), View(recipe)
        assert setting in {*view.settings, *view.choices, *view.absent}
        changed = change(recipe, {setting: json.loads(value) if value[0].isdigit() else value})
        check(changed)
        assert changed != recipe


@pytest.mark.parametrize(
    ("kind", "name", "settings", "flag"),
    [
        ("flat", "vanilla", {}, "--loss nonsaturating"),
        ("flat", "margin", {}, "--loss nonsaturating"),
        ("flat", "wgan", {}, "--gradient-penalty 10"),
        ("sure", "nsgan", {"discriminator.lr": 2e-3, "generator.lr": 1e-4}, "--discriminator.lr 0.0001"),
        ("sure", "nsgan", {"n_critic": 20}, "--n-critic 1"),
        ("sure", "nsgan", {}, "--r1 1"),
        ("sure", "nsgan", {"r1": 2, "discriminator.lr": 2e-4}, "--discriminator.lr 5e-05"),
        ("alike", "nsgan", {"lr": 2e-4}, "--minibatch stddev"),
        ("alike", "nsgan", {"minibatch": "stddev"}, "--r1 1"),
        ("alike", "nsgan", {"generator.lr": 0, "discriminator.lr": 2e-4}, "--generator.lr 0.0002"),
        ("alike", "nsgan", {"lr": 1.0}, "--lr 0.0002"),
        ("alike", "vanilla", {}, "--minibatch stddev"),  # SGD takes far larger rates than Adam
        ("unbounded", "wgan-naive", {}, "--gradient-penalty 10"),
        ("unbounded", "nsgan", {"lr": 1.0}, "--lr 0.0002"),
        ("unbounded", "nsgan", {}, "--r1 1"),
    ],
)
def test_the_flag_fits_the_recipe(kind, name, settings, flag):
    assert remedy(kind, "discriminator", gansmith.recipe(name, **settings)) == flag


def test_networks_of_a_users_own_have_no_minibatch_layer():
    assert remedy("alike", "generator", gansmith.recipe("nsgan"), own_networks=True) == "--r1 1"


SMALL = {"hidden": 16, "latent": 4, "steps": 600, "device": "cpu", "batch": 32}
FAR_AWAY = torch.randn(500, 2, generator=torch.Generator().manual_seed(0)) * 1000


def warned(recipe, out=None, **settings):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        gansmith.train(recipe, out, quiet=True, **SMALL | settings)
    return [str(one.message) for one in told]


@pytest.mark.parametrize(
    ("recipe", "settings", "kind", "flag"),
    [
        ("nsgan", {"discriminator.lr": 1e-2, "generator.lr": 1e-5}, "sure", "--discriminator.lr 1e-05"),
        ("nsgan", {"loss": "minimax", "discriminator.lr": 1e-2, "generator.lr": 1e-5}, "flat", "--loss nonsaturating"),
        ("wgan-naive", {"lr": 5e-3, "n_critic": 2}, "unbounded", "--gradient-penalty 10"),
        ("nsgan", {"generator.lr": 0, "hidden": 32}, "alike", "--generator.lr 0.0002"),
        ("nsgan", {"lr": 1.0}, "alike", "--lr 0.0002"),
        ("nsgan", {"data": FAR_AWAY, "standardize": False}, "alike", "--standardize"),
    ],
)
def test_runs_made_to_fail_are_warned_of(recipe, settings, kind, flag):
    found = warned(recipe, **{"data": "ring"} | settings)
    told = kinds([(0, text) for text in found])
    assert (0, kind) in told and len(told) == len(set(told)) == len(found)
    (text,) = [text for text, (_, which) in zip(found, told, strict=True) if which == kind]
    assert text.startswith("step ") and f": try {flag}" in text and "\n" not in text


@pytest.mark.parametrize(
    ("recipe", "settings"),
    [
        ("nsgan", {"data": "ring", "lr": 2e-3}),
        ("r3gan", {"data": "grid", "lr": 2e-3}),
        ("wgan-gp", {"data": "ring", "lr": 2e-3}),
        ("hinge", {"data": "moons", "lr": 2e-3}),
        ("lsgan", {"data": "normal", "lr": 2e-3}),
        ("cgan", {"data": "digits", "lr": 1e-3, "hidden": 32}),
    ],
)
def test_healthy_runs_are_left_in_peace(recipe, settings):
    assert warned(recipe, **settings) == []


def test_the_command_says_one_line_and_a_resumed_run_does_not_say_it_again(tmp_path, capfd, monkeypatch):
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)  # which the command sets
    small = [f"--{name}={value}" for name, value in (SMALL | {"hidden": 32}).items()]
    rest = ["--data=ring", "--generator.lr=0", "--evaluate-every=0", "--checkpoint-every=600", f"--out={tmp_path}/run"]
    assert main(["train", "nsgan", *small, *rest]) == 0
    (line,) = [line for line in capfd.readouterr().err.splitlines() if "differed" in line]
    assert line.startswith("gansmith: step 550: for 500 steps samples have hardly differed (their distances are ")
    assert line.endswith("of the data's): try --generator.lr 0.0002")
    entries = read_journal(tmp_path / "run" / "journal.jsonl")
    assert [entry["step"] for entry in entries if "warning/alike" in entry] == [550]
    assert main(["resume", f"{tmp_path}/run", "--steps=1300"]) == 0
    assert "differed" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("recipe", "settings"),
    [
        ("nsgan", {"data": "digits", "width": 4, "ema": 0, "generator_dropout": 0.2, "generator_noise": 0.1}),
        ("cgan", {"data": "digits", "hidden": 8}),
        ("sngan", {"data": "digits", "width": 4, "network": "dcgan", "ema": 0}),
        ("infogan", {"data": "ring", "hidden": 8, "ema": 0}),
    ],
)
def test_no_number_of_the_run_changes(recipe, settings, monkeypatch):
    settings = {"steps": 60, "batch": 8, "latent": 4, "device": "cpu", **settings}
    looked = []
    look = WarningSigns.__call__
    monkeypatch.setattr(WarningSigns, "__call__", lambda self, moment: looked.append(moment.step) or look(self, moment))
    with_it = gansmith.train(recipe, quiet=True, **settings)
    assert looked == [50]
    monkeypatch.setattr(WarningSigns, "due", lambda *_: False)
    without = gansmith.train(recipe, quiet=True, **settings)
    assert looked == [50]
    for one, other in ((with_it.generator, without.generator), (with_it.discriminator, without.discriminator)):
        assert all(
            torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True)
        )


def test_signs_of_standardised_data_are_those_in_units_of_the_spread():
    """Data of any size are then of no size, and distances are the networks' own."""
    far = gansmith.train("nsgan", data=FAR_AWAY, standardize=True, steps=3, quiet=True, evaluate_every=0)
    signs = WarningSigns(from_memory(FAR_AWAY, None, Source()), Journal(None))
    apart, reach = signs._distances(SimpleNamespace(generator=far))
    plain = dataclasses.replace(far, scale=None)
    assert signs.real.square().mean().sqrt() == pytest.approx(1, abs=0.3)
    fake = torch.cat([*plain.make(plain.latents(64, 1))])
    assert apart == pytest.approx(float(torch.pdist(fake).mean() / torch.pdist(signs.real).mean()), rel=1e-4)
    assert reach == pytest.approx(float(torch.cdist(signs.real, fake).mean()), rel=1e-3)
