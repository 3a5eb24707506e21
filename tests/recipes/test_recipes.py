"""Recipes have their papers' defaults."""

import re

import pytest

import gansmith
from gansmith.dynamics import Alternating
from gansmith.errors import GansmithError
from gansmith.games.optimizers import Adam
from gansmith.recipes import RECIPES
from gansmith.settings import name_of
from gansmith.terms import GradientPenalty
from gansmith.terms.losses import Wasserstein


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_is_named_and_cites(name):
    assert gansmith.recipe(name).name == name
    assert re.search(r"arXiv \d{4}\.\d{4,5}", RECIPES[name].__doc__)


def test_wgan_has_the_paper_s_defaults():
    r = gansmith.recipe("wgan")
    assert {(how.optimizer, how.lr) for how in r.players.values()} == {("RMSprop", 5e-5)}
    assert (r.players["discriminator"].weight_clip, r.dynamics.n_critic, r.training.batch) == (0.01, 5, 64)
    assert r.players["generator"].weight_clip == 0 and r.terms[0].loss == Wasserstein()


def test_wgan_gp_has_the_paper_s_defaults():
    r = gansmith.recipe("wgan-gp")
    assert (r.terms[1], r.dynamics.n_critic, r.training.batch) == (GradientPenalty(10), 5, 64)
    assert r.players == {"discriminator": Adam(1e-4, (0, 0.9)), "generator": Adam(1e-4, (0, 0.9))}
    assert r.network.discriminator_norm == "none"


def test_naive_wgan_differs_from_wgan_by_its_missing_constraint():
    naive, wgan = gansmith.recipe("wgan-naive"), gansmith.recipe("wgan", clip=0.0)
    assert naive.dynamics == wgan.dynamics == Alternating(5, reuse=False) and naive.players == wgan.players
    assert naive.players["discriminator"].weight_clip == 0 and len(naive.terms) == 1
    assert gansmith.recipe("wgan").players != naive.players


def test_normal1d_is_the_course_s_example():
    r = gansmith.recipe("normal1d")
    assert r.source.data == "normal"
    assert (r.prior.noise, r.prior.noise_scale, r.prior.latent) == ("uniform", 8, 1)
    assert (r.vectors.generator_layers, r.vectors.discriminator_layers) == (3, 3)  # hidden ones; D has 4 in all
    assert r.terms[0].discriminator_scale == 0.5


def test_fields_change_by_name_and_mistakes_name_the_nearest():
    assert gansmith.recipe("dcgan", width=7, lr_generator=1).players["generator"].lr == 1.0
    with pytest.raises(GansmithError, match="unknown recipe 'wgan-pg': did you mean 'wgan-gp'"):
        gansmith.recipe("wgan-pg")
    with pytest.raises(GansmithError, match="unknown setting 'lr_genrator': did you mean"):
        gansmith.recipe("dcgan", lr_genrator=1e-3)
    with pytest.raises(GansmithError, match="unknown setting 'widht': did you mean 'width'"):
        gansmith.recipe("dcgan", widht=3)


@pytest.mark.parametrize("name", RECIPES)
def test_terms_stand_in_the_order_of_their_table(name):
    from gansmith.terms import TERMS

    order = list(TERMS.ours)
    places = [order.index(name_of(term)) for term in gansmith.recipe(name).terms]
    assert places == sorted(places)
