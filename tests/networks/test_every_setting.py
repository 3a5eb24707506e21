"""Every setting of every family, of conditions and of what discriminators look at changes a run."""

import pytest
from tried import IMAGES, Case, tried, twins

from gansmith.networks import CONDITIONINGS, FAMILIES, OPTIONS

PUT_IN = {
    name: {"vectors": name} if name in ("mlp", "fourier") else {"network": name, **IMAGES} for name in FAMILIES.ours
}
PUT_IN["image-to-image"] |= {"seen": "masked"}
PUT_IN["bottleneck"] |= {"depth": 3, "channels": 4}
NOISE = Case({"generator_noise": 0.5})
LABELS = {"condition": "labels", **IMAGES}
ENERGY = {"loss": "ebgan", **IMAGES}
SETTINGS = [
    *tried(FAMILIES, PUT_IN, {"disturb": NOISE}),
    *tried(
        CONDITIONINGS,
        {},
        {
            "condition.condition": Case(IMAGES, ("labels",)),
            "discriminator_condition": Case(LABELS),
            "conditional_norm": Case(LABELS),
            "embedding": Case(LABELS),
        },
    ),
    *tried(
        OPTIONS,
        {},
        {
            "autoencoder": Case({**IMAGES, "loss": "ebgan"}),
            "code": Case({**IMAGES, "loss": "ebgan", "autoencoder": True}),
        },
    ),
]


@pytest.mark.parametrize("one", SETTINGS, ids=str)
def test_a_setting_counts(one):
    assert one.differs(), f"{one} changes nothing"


def test_no_family_is_another():
    assert twins({name: {"network": name, **IMAGES, **PUT_IN[name]} for name in FAMILIES.ours}) == set()
