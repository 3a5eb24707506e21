"""Recipes: one small file per paper, each a function that returns a `Recipe`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gansmith.errors import GansmithError, unknown
from gansmith.recipes.acgan import acgan
from gansmith.recipes.attribute_gan import attribute_gan
from gansmith.recipes.bigan import bigan
from gansmith.recipes.cdcgan import cdcgan
from gansmith.recipes.cgan import cgan
from gansmith.recipes.composition import Recipe, change
from gansmith.recipes.dcgan import dcgan
from gansmith.recipes.diffaugment import diffaugment
from gansmith.recipes.dragan import dragan
from gansmith.recipes.ebgan import ebgan
from gansmith.recipes.feature_matching import feature_matching
from gansmith.recipes.hinge import hinge
from gansmith.recipes.infogan import infogan
from gansmith.recipes.inpaint import inpaint
from gansmith.recipes.instance_noise import instance_noise
from gansmith.recipes.lecam import lecam
from gansmith.recipes.lsgan import lsgan
from gansmith.recipes.margin import margin
from gansmith.recipes.minibatch import minibatch
from gansmith.recipes.mixture import mixture
from gansmith.recipes.normal1d import normal1d
from gansmith.recipes.normal1d_literal import normal1d_literal
from gansmith.recipes.nsgan import nsgan
from gansmith.recipes.pacgan import pacgan
from gansmith.recipes.r3gan import r3gan
from gansmith.recipes.replay import replay
from gansmith.recipes.sngan import sngan
from gansmith.recipes.style import style
from gansmith.recipes.superres import superres
from gansmith.recipes.unrolled import unrolled
from gansmith.recipes.vae import vae
from gansmith.recipes.vae_gan import vae_gan
from gansmith.recipes.vanilla import vanilla
from gansmith.recipes.wgan import wgan
from gansmith.recipes.wgan_gp import wgan_gp
from gansmith.recipes.wgan_naive import wgan_naive
from gansmith.recipes.wgan_var import wgan_var
from gansmith.settings.foreign import imported, is_foreign

RECIPES: dict[str, Callable[[], Recipe]] = {
    "vanilla": vanilla,
    "normal1d": normal1d,
    "normal1d-literal": normal1d_literal,
    "nsgan": nsgan,
    "dcgan": dcgan,
    "lsgan": lsgan,
    "hinge": hinge,
    "margin": margin,
    "ebgan": ebgan,
    "wgan": wgan,
    "wgan-naive": wgan_naive,
    "wgan-gp": wgan_gp,
    "wgan-var": wgan_var,
    "dragan": dragan,
    "sngan": sngan,
    "r3gan": r3gan,
    "mixture": mixture,
    "style": style,
    "cgan": cgan,
    "cdcgan": cdcgan,
    "acgan": acgan,
    "attribute-gan": attribute_gan,
    "infogan": infogan,
    "feature-matching": feature_matching,
    "minibatch": minibatch,
    "pacgan": pacgan,
    "unrolled": unrolled,
    "replay": replay,
    "instance-noise": instance_noise,
    "diffaugment": diffaugment,
    "lecam": lecam,
    "vae": vae,
    "vae-gan": vae_gan,
    "bigan": bigan,
    "inpaint": inpaint,
    "superres": superres,
}


def recipe(name: str, **changes: Any) -> Recipe:
    """Return a recipe by name, with some of its settings changed; see `gansmith.settings.flat` for their names.

    Raises:
        GansmithError: for a recipe or setting that does not exist, or a value that it does not take.

    >>> recipe("wgan-gp", data="grid", steps=500, gradient_penalty=5).terms[1].weight
    5.0
    """
    return change(named(name), changes)


def named(name: str) -> Recipe:
    """Return a recipe as it is: one of ours, or what MODULE:ATTRIBUTE of a user's own is or returns."""
    if name in RECIPES:
        return RECIPES[name]()
    if not is_foreign(name):
        raise unknown("recipe", name, RECIPES)
    found = imported(name, "recipe")
    made = found() if callable(found) else found
    if not isinstance(made, Recipe):
        raise GansmithError(f"recipe {name}: must be, or return, a Recipe, not {type(made).__name__}")
    return made
