"""Every setting of optimisers and augmentations changes a run."""

import pytest
from tried import IMAGES, Case, tried

from gansmith.games.augmentations import AUGMENTATIONS
from gansmith.games.optimizers import OPTIMIZERS

PUT_IN = {"instance_noise": {"instance_noise": 0.1}, "diff_augment": {"diff_augment": "color,cutout", **IMAGES}}
CASES = {
    "optimizer.optimizer": Case({"lr": 0.1}, ("SGD", "AdamW", "RMSprop")),
    "betas": Case(values=((0.5, 0.999), (0.9, 0.5))),
    "momentum": Case({"optimizer": "SGD"}, (0.5,)),
    "lr_final": Case({"schedule": "linear"}, (0.5,)),
    "weight_clip": Case(values=(0.01,)),
    "grad_clip": Case({"optimizer": "SGD"}, (1e-3,)),
}
SETTINGS = [*tried(AUGMENTATIONS, PUT_IN, {}), *tried(OPTIMIZERS, {}, CASES)]


@pytest.mark.parametrize("one", SETTINGS, ids=str)
def test_a_setting_counts(one):
    assert one.differs(), f"{one} changes nothing"
