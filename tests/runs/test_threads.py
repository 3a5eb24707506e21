"""Runs in threads of one process are those that they are alone."""
# ruff: noqa: NPY002 - the global streams are what this is about

import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

import gansmith
from gansmith.training.assemble import assemble
from gansmith.turns import Turn

POINTS = torch.randn(64, 2, generator=torch.Generator().manual_seed(0))
SMALL = {"latent": 2, "batch": 8, "hidden": 4, "device": "cpu", "steps": 40}


class Noisy(nn.Module):
    """A layer that draws from all global generators."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)

    def forward(self, z):
        time.sleep(0.0002)  # long enough for another thread to come between
        return self.layer(z) + 0.1 * torch.randn_like(z) + 0.1 * np.random.randn() + 0.1 * random.gauss(0, 1)


class Looking:
    """A callback that draws."""

    every = 1

    def __call__(self, moment):
        torch.randn(3), np.random.randn(), random.random()


LOOKING = (Looking(),)


def weights(gan):
    return torch.cat([p.flatten() for p in [*gan.generator.parameters(), *gan.discriminator.parameters()]])


def networks(seed):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Noisy(), nn.Sequential(Noisy(), nn.Dropout(0.5), nn.Linear(2, 1))


def run(pair, seed, callbacks=LOOKING):
    return weights(
        gansmith.train("nsgan", None, pair, quiet=True, data=POINTS, seed=seed, callbacks=callbacks, **SMALL)
    )


def loop(pair, seed):
    trainer = assemble(gansmith.recipe("nsgan", seed=seed, **SMALL), POINTS, pair)
    for _ in trainer.steps():
        random.random()
    return torch.cat([p.flatten() for net in trainer.game.networks.values() for p in net.parameters()])


@pytest.mark.parametrize("play", [run, loop])
def test_runs_in_threads_are_those_that_they_are_alone(play):
    alone = [play(networks(seed), seed) for seed in range(3)]
    pairs = [networks(seed) for seed in range(3)]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(play, pairs, range(3)))
    assert all(torch.equal(a, b) for a, b in zip(alone, together, strict=True))
    assert not torch.equal(alone[0], alone[1])


def test_samples_drawn_while_a_run_plays_are_those_of_a_quiet_program():
    gan = gansmith.train("nsgan", None, networks(0), quiet=True, data=POINTS, **SMALL | {"steps": 1})
    alone, quiet = run(networks(1), 1, ()), gan.sample(5, seed=2)
    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(run, networks(1), 1, ())
        during = [gan.sample(5, seed=2) for _ in range(10)]
        assert torch.equal(playing.result(), alone)
    assert all(torch.equal(one, quiet) for one in during)


def test_a_callback_may_wait_for_samples_of_another_thread():
    class Asking:
        every = 10

        def __call__(self, moment):
            with ThreadPoolExecutor(1) as pool:
                self.found = pool.submit(moment.generator.sample, 3).result(timeout=20)

    asking = Asking()
    gansmith.train("nsgan", None, networks(0), quiet=True, data=POINTS, callbacks=[asking], **SMALL)
    assert asking.found.shape == (3, 2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child of this kind needs fork")
def test_a_forked_child_does_not_wait_for_threads_that_it_has_not():
    turn, taken, done = Turn(), threading.Event(), threading.Event()

    def hold():
        with turn:
            taken.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(10)
    child = os.fork()
    if not child:
        with turn:
            os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    done.set()
    holder.join()


def test_turns_go_to_those_who_wait_in_the_order_in_which_they_came():
    turn, order = Turn(), []

    def come(name):
        with turn, turn:  # its holder may take it again
            order.append(name)

    with turn:
        threads = [threading.Thread(target=come, args=(name,)) for name in "abc"]
        for count, thread in enumerate(threads, start=1):
            thread.start()
            while len(turn._waiting) < count:
                time.sleep(0.001)
        assert turn.wanted and turn.mine
        order.append("first")
    for thread in threads:
        thread.join()
    assert order == ["first", "a", "b", "c"] and not turn.wanted and not turn.mine
