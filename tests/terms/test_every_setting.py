"""Every setting of every term and of every loss changes a run."""

import dataclasses

import pytest
from tried import IMAGES, Case, tried, twins

from gansmith.games.optimizers import Adam
from gansmith.recipes import RECIPES
from gansmith.recipes.composition import Recipe
from gansmith.terms import LOSSES, TERMS, Adversarial, FeatureError, Posterior, Reconstruction

WITH_LABELS = {"condition": "labels", "data": "digits", "image_size": 16, "network": "mlp"}
WITH_CODES = {"categorical_codes": 1, "continuous_codes": 1}
WITH_OTHERS = ("adversarial", "reconstruction", "posterior", "feature_error", "bidirectional", "answer")
"""Terms that begin with a recipe of their own."""
PUT_IN = {name: {name: made()} for name, made in TERMS.ours.items() if name not in WITH_OTHERS}
PUT_IN["auxiliary"] |= WITH_LABELS
PUT_IN["information"] |= WITH_CODES
PUT_IN["projected"] |= IMAGES
PLAYERS = {name: Adam() for name in ("discriminator", "second", "generator", "encoder")}


def of(*terms, players):
    return dataclasses.replace(Recipe(), terms=terms, players={name: PLAYERS[name] for name in players})


ENCODING = {"players": ("discriminator", "generator", "encoder")}
ENCODED = of(Adversarial(), Reconstruction(), **ENCODING)
CASES = {
    "adversarial.fakes": Case({}, (("fake", "reconstruction"),), ENCODED),
    "reconstruction.weight": Case(recipe=ENCODED),
    "reconstruction.generator_share": Case(recipe=ENCODED),
    "posterior.weight": Case(recipe=of(Adversarial(), Posterior(), Reconstruction(), **ENCODING)),
    "feature_error.weight": Case(recipe=of(Adversarial(), FeatureError(), **ENCODING)),
    "feature_error.generator_share": Case(recipe=of(Adversarial(), FeatureError(), **ENCODING)),
    "answer.weight": Case({"data": "digits", "image_size": 16}, recipe=RECIPES["inpaint"]()),
    "adversarial.against": Case({}, ("second",), instead=of(Adversarial(), players=("second", "generator"))),
    "lecam.average_decay": Case(values=(0.1,)),
    "replay.size": Case(values=(5,)),
    "auxiliary.fake_weight": Case(values=(0.5,)),
}
SETTINGS = [*tried(TERMS, PUT_IN, CASES), *tried(LOSSES, {name: {"loss": name} for name in LOSSES.ours}, {})]


@pytest.mark.parametrize("one", SETTINGS, ids=str)
def test_a_setting_counts(one):
    assert one.differs(), f"{one} changes nothing"


def test_no_loss_is_another_and_no_term_is_without_effect():
    assert twins({name: {"loss": name} for name in LOSSES.ours}) == set()
    terms = {name: put for name, put in PUT_IN.items() if name != "information"}  # which comes with codes by itself
    plain = {f"without {name}": {k: v for k, v in put.items() if k != name} for name, put in terms.items()}
    same = twins(terms | plain)
    assert not any(name in terms for names in same for name in names), same
