"""A run that was interrupted and resumed is, bit for bit, the run that was not."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

import gansmith
from gansmith.recipes import RECIPES
from gansmith.recipes.composition import to_dict
from gansmith.records.journal import read_journal
from gansmith.training.ema import EMA
from gansmith.training.trainer import Trainer

SMALL = {"steps": 9, "batch": 8, "hidden": 8, "latent": 5, "checkpoint_every": 3, "log_every": 2}
SMALL |= {"evaluate_every": 4, "evaluate_samples": 70}
VARIANTS = {name: (name, {}) for name in RECIPES} | {
    "simultaneous": ("nsgan", {"dynamics": "simultaneous"}),
    "extragradient": ("dcgan", {"dynamics": "extragradient"}),
    "optimistic": ("dcgan", {"dynamics": "optimistic"}),
    "consensus": ("nsgan", {"consensus": 1.0, "network": "mlp"}),
    "lazy penalty and noisy labels": ("nsgan", {"r1": 1.0, "penalty_every": 2, "label_noise": 0.2}),
    "schedule and clipping": ("wgan", {"schedule": "cosine", "optimizer": "AdamW"}),
    "resnet, layer norm, stddev": ("wgan-gp", {"network": "resnet", "discriminator_norm": "layer"}),
    "no average": ("dcgan", {"ema": 0.0, "minibatch": "stddev"}),
    "unrolled, conditional norm": ("cdcgan", {"dynamics": "unrolled", "unrolled_steps": 2, "conditional_norm": True}),
    "projection and codes": ("cdcgan", {"discriminator_condition": "projection", "continuous_codes": 2}),
    "replay, noise, augmentation": ("replay", {"instance_noise": 0.2, "augment": "color,cutout", "replay_size": 20}),
    "packs": ("pacgan", {"pack": 4}),
    "holes by squared error alone": ("inpaint", {"adversarial": 0}),
    "an encoder without an adversary": ("bigan", {"bidirectional": 0, "reconstruction": 1}),
}


def small(name, changes):
    """Return a small run of a recipe; an mlp has no width."""
    mlp = changes.get("network") == "mlp" or name in ("vanilla", "cgan")
    return gansmith.recipe(name, **SMALL | ({} if mlp else {"width": 4}) | changes)


class Crash(Exception):  # noqa: N818 - no error of ours
    """Stands for whatever ends a process without warning."""


def everything(run: Path) -> dict:
    return torch.load(sorted((run / "checkpoints").glob("step-*.pt"))[-1], weights_only=True)


def assert_same(a, b, where="state"):
    assert type(a) is type(b), where
    if isinstance(a, torch.Tensor):
        assert torch.equal(a, b), where
    elif isinstance(a, dict):
        assert list(a) == list(b), where
        for key in a:
            assert_same(a[key], b[key], f"{where}.{key}")
    elif isinstance(a, list | tuple):
        assert len(a) == len(b), where
        for i, (left, right) in enumerate(zip(a, b, strict=True)):
            assert_same(left, right, f"{where}[{i}]")
    else:
        assert a == b, where


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_recipe_and_dynamics(variant, tmp_path, monkeypatch):
    name, changes = VARIANTS[variant]
    recipe = small(name, changes)
    whole = gansmith.train(recipe, tmp_path / "whole", quiet=True)

    with monkeypatch.context() as patch:
        crash_after(patch, step=8)
        with pytest.raises(Crash):
            gansmith.train(recipe, tmp_path / "broken", quiet=True)
    assert everything(tmp_path / "broken")["step"] == 6
    torch.rand(7)  # whatever else went on in between
    resumed = gansmith.resume(tmp_path / "broken", quiet=True)

    assert_same(everything(tmp_path / "whole"), everything(tmp_path / "broken"))
    assert torch.equal(whole.sample(4, seed=1), resumed.sample(4, seed=1))
    steps = [[e["step"] for e in read_journal(tmp_path / n / "journal.jsonl")] for n in ("whole", "broken")]
    assert steps[0] == steps[1]


def crash_after(patch, step):
    """Crash in the given step, after both players have moved and before anything is saved."""
    run = Trainer.run

    def crashing(self, steps):
        play = self.dynamics.step

        def bomb(game, batches):
            costs = play(game, batches)
            if self.steps_done + 1 == step:
                raise Crash
            return costs

        self.dynamics = SimpleNamespace(step=bomb)
        run(self, steps)

    patch.setattr(Trainer, "run", crashing)


@pytest.mark.parametrize(("name", "changes"), [("wgan-gp", {}), ("dcgan", {"dynamics": "optimistic"})])
def test_kill_nine_at_arbitrary_steps(name, changes, tmp_path):
    more = {"steps": 200, "checkpoint_every": 10, "log_every": 5, "evaluate_every": 50}
    recipe = small(name, changes | more)
    gansmith.train(recipe, tmp_path / "whole", quiet=True)
    dice, broken = random.Random(name), tmp_path / "broken"
    stored = json.dumps(to_dict(recipe))
    start = "import gansmith, json; from gansmith.recipes.composition import from_dict; "
    start += f"gansmith.train(from_dict(json.loads({stored!r})), {str(broken)!r})"
    go_on = f"import gansmith; gansmith.resume({str(broken)!r})"
    for code in (start, go_on):
        process = subprocess.Popen(
            [sys.executable, "-c", f"import torch; torch.set_num_threads(1); {code}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        kill_at_random(process, broken, dice)
    gansmith.resume(broken, quiet=True)
    assert_same(everything(tmp_path / "whole"), everything(broken))


def kill_at_random(process, run: Path, dice: random.Random) -> None:
    """Wait until the process has saved something new, then a random moment more."""
    before = set((run / "checkpoints").glob("step-*.pt"))
    deadline = time.monotonic() + 120
    while set((run / "checkpoints").glob("step-*.pt")) <= before:
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline, "it saved nothing in two minutes"
        time.sleep(0.005)
    time.sleep(dice.uniform(0, 0.2))
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def test_one_step_more_is_another_outcome(tmp_path):
    """The comparison above can fail: a run of other length or seed differs."""
    states = []
    for i, changes in enumerate(({}, {"seed": 1}, {"steps": 10})):
        gansmith.train(small("nsgan", changes), tmp_path / str(i), quiet=True)
        states.append(everything(tmp_path / str(i)))
    for other in states[1:]:
        with pytest.raises(AssertionError):
            assert_same(states[0], other)


def test_average_is_of_the_weights_so_far():
    module = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.zeros_(module.weight)
    ema = EMA(module, decay=0.5)
    for step, value in enumerate((1.0, 1.0), start=1):
        module.weight.data.fill_(value)
        ema.update(step)
    first = 1 - 2 / 11  # the ramp lets in 9/11 of the first step …
    assert ema.module.weight.item() == pytest.approx(first + (1 - 3 / 12) * (1 - first))
