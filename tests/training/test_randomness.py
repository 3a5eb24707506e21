"""Every global random generator is saved and put back."""

import random

import numpy as np
import torch

from gansmith.training.randomness import random_state, seed_everything, set_random_state


def test_random_state_brings_back_every_generator():
    seed_everything(3)
    noise = np.random.standard_normal
    torch.randn(2), random.gauss(0, 1), noise()  # gauss keeps a spare number: it must come back too
    state = random_state()

    def draw():
        return torch.rand(3).tolist(), noise(3).tolist(), [random.gauss(0, 1) for _ in range(3)]

    first = draw()
    assert draw() != first
    set_random_state(state)
    assert draw() == first
