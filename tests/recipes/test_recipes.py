"""Recipes have their papers' defaults."""

import re

import pytest

import gansmith
from gansmith.errors import GansmithError
from gansmith.recipes import RECIPES


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_is_named_and_cites(name):
    assert gansmith.recipe(name).name == name
    assert re.search(r"arXiv \d{4}\.\d{4,5}", RECIPES[name].__doc__)


def test_wgan_has_the_paper_s_defaults():
    r = gansmith.recipe("wgan")
    assert (r.play.optimizer, r.play.lr_generator, r.play.lr_discriminator) == ("RMSprop", 5e-5, 5e-5)
    assert (r.objective.clip, r.play.n_critic, r.budget.batch) == (0.01, 5, 64)


def test_wgan_gp_has_the_paper_s_defaults():
    r = gansmith.recipe("wgan-gp")
    assert (r.objective.gradient_penalty, r.play.n_critic, r.budget.batch) == (10, 5, 64)
    assert (r.play.optimizer, r.play.lr_generator, r.play.betas) == ("Adam", 1e-4, (0, 0.9))
    assert r.networks.discriminator_norm == "none"


def test_naive_wgan_differs_from_wgan_by_its_missing_constraint():
    naive, wgan = gansmith.recipe("wgan-naive"), gansmith.recipe("wgan")
    assert naive.play == wgan.play
    assert naive.objective.clip == naive.objective.gradient_penalty == 0


def test_normal1d_is_the_course_s_example():
    r = gansmith.recipe("normal1d")
    assert r.source.data == "normal"
    assert (r.networks.noise, r.networks.noise_scale, r.networks.latent) == ("uniform", 8, 1)
    assert (r.networks.generator_layers, r.networks.discriminator_layers) == (1, 3)  # hidden ones; D has 4 in all
    assert r.objective.discriminator_scale == 0.5


def test_fields_change_by_name_and_mistakes_name_the_nearest():
    assert gansmith.recipe("dcgan", width=7, lr_generator=1).play.lr_generator == 1.0
    with pytest.raises(GansmithError, match="unknown recipe 'wgan-pg': did you mean 'wgan-gp'"):
        gansmith.recipe("wgan-pg")
    with pytest.raises(GansmithError, match="unknown field 'lr_genrator': did you mean 'lr_generator'"):
        gansmith.recipe("dcgan", lr_genrator=1e-3)
