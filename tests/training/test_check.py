"""What goes together and what does not: every rule stands beside the nearest recipe that it lets pass."""

import pytest
import torch

import gansmith
from gansmith.data.memory import from_memory
from gansmith.errors import GansmithError
from gansmith.generators.vocabulary import layout, vocabulary_of
from gansmith.training.check import check
from gansmith.training.suits import check_data, check_device, suited_data

TWO = {"batch": 8, "pack": 2}
APART = {
    "discriminator's condition": ("dcgan", {"discriminator_condition": "concat"}, {}, "concat needs --condition"),
    "seen beside labels": ("cdcgan", {"seen": "small"}, {}, "seen = small goes with neither labels nor attributes"),
    "conditional norm of nothing": ("dcgan", {"conditional_norm": True}, {}, "needs something to depend on"),
    "conditional norm without norm": (
        "cdcgan",
        {"conditional_norm": True, "generator_norm": "none"},
        {"conditional_norm": True},
        "conditional_norm needs --generator-norm batch, not none",
    ),
    "an autoencoder's condition": (
        "cdcgan",
        {"autoencoder": True, "discriminator_condition": "projection"},
        {"autoencoder": True, "discriminator_condition": "none"},
        "reconstructs samples, not conditions",
    ),
    "vectors of a family of images": ("nsgan", {"vectors": "mlp-and-dcgan"}, {}, "vectors: this family makes images"),
    "accumulating": (
        "nsgan",
        {"accumulate": 2, "dynamics": "consensus"},
        {"accumulate": 2},
        "accumulate = 2: consensus plays one minibatch at a time",
    ),
    "patience": (
        "nsgan",
        {"patience": 3, "evaluate_every": 0},
        {"patience": 3, "evaluate_every": 50},
        "patience = 3 waits for evaluations",
    ),
    "packs that divide": ("nsgan", {"batch": 9, "pack": 2}, TWO, "must divide batch = 9: use --batch 10"),
    "packs of conditions": ("cdcgan", TWO, {"batch": 8, "pack": 1}, "pack = 2 goes with neither conditions, codes"),
    "packs of codes": ("infogan", TWO, {"batch": 8, "pack": 1}, "pack = 2 goes with neither conditions, codes"),
    "packs of an autoencoder": ("nsgan", TWO | {"autoencoder": True}, TWO, "pack = 2 goes with neither conditions"),
    "compiled steps": (
        "nsgan",
        {"compile": True, "augmentation": "instance_noise"},
        {"compile": False, "augmentation": "instance_noise"},
        "compile = True needs steps that are all alike, not instance_noise",
    ),
    "sides": ("dcgan", {"image_size": 24}, {"image_size": 32}, "not 24: use --image-size 32"),
    "sides of any network": ("dcgan", {"image_size": 24}, {"image_size": 24, "network": "mlp"}, "--network mlp"),
    "the best by": ("nsgan", {"best_by": "fidd"}, {"best_by": "fid"}, "did you mean 'fid'"),
}


@pytest.mark.parametrize("rule", APART)
def test_what_cannot_mean_anything_is_refused_and_its_neighbour_is_not(rule):
    name, refused, taken, told = APART[rule]
    with pytest.raises(GansmithError, match=told):
        check(gansmith.recipe(name, **refused))
    check(gansmith.recipe(name, **taken))


@pytest.mark.parametrize(
    "settings", [{}, {"embedding": 0}, {"discriminator_condition": "none", "conditional_norm": True}]
)
def test_what_is_asked_for_may_come_in_any_way(settings):
    for name in ("cdcgan", "infogan"):
        given = {key: value for key, value in settings.items() if name == "cdcgan" or "discriminator" not in key}
        check(gansmith.recipe(name, **given))


def points(labels=None):
    return from_memory(torch.randn(12, 2), labels, gansmith.recipe("nsgan").source, int)


def images(labels=None):
    return from_memory(torch.rand(12, 1, 8, 8), labels, gansmith.recipe("nsgan").source, int)


def checked(recipe, data):
    words = vocabulary_of(data, 0, recipe.conditioning)
    check_data(recipe, data, layout(recipe.conditioning, recipe.prior, words))


def test_what_needs_images_is_refused_of_points_alone():
    changed, noisy = (gansmith.recipe("nsgan", augmentation=name) for name in ("diff_augment", "instance_noise"))
    with pytest.raises(GansmithError, match=r"diff_augment needs images, and .* has none"):
        checked(changed, points())
    checked(changed, images())
    for data in (points(), images()):
        checked(noisy, data)  # which says nothing of images


def test_a_condition_needs_data_that_know_it():
    with pytest.raises(GansmithError, match=r"needs labels, and .* has none.*--label-column"):
        checked(gansmith.recipe("cgan"), points())
    with pytest.raises(GansmithError, match=r"needs attributes, and .* has none.*--attribute-columns"):
        checked(gansmith.recipe("cgan", condition="attributes"), points())
    checked(gansmith.recipe("cgan"), points(torch.arange(12) % 3))
    checked(gansmith.recipe("nsgan"), points(torch.arange(12) % 3))


def test_only_a_run_with_labels_looks_at_them():
    data = points(torch.tensor([0, 1, -1] * 4))
    assert suited_data(data, gansmith.recipe("nsgan"), None).count == 12
    assert suited_data(data, gansmith.recipe("cgan"), None).count == 8


@pytest.mark.parametrize(
    ("settings", "kind", "told"),
    [
        ({"precision": "tf32"}, "cpu", "precision = tf32 is a CUDA device's, and this run is on cpu"),
        ({"precision": "tf32"}, "cuda", None),
        ({"compile": True}, "mps", "compile = True counts in double precision, which mps has not"),
        ({"compile": True}, "cpu", None),
        ({}, "mps", None),
    ],
)
def test_what_a_device_cannot_do_is_refused(settings, kind, told):
    recipe = gansmith.recipe("nsgan", **settings)
    if told is None:
        check_device(recipe, torch.device(kind))
        return
    with pytest.raises(GansmithError, match=told):
        check_device(recipe, torch.device(kind))
