"""A whole run: what it leaves, how it stops, and how it fails."""

import json
import math
import os
import signal
import warnings

import pytest
import torch
from torch import nn

import gansmith
from gansmith.data.dataset import randomness
from gansmith.dynamics import Alternating
from gansmith.errors import DivergedError, GansmithError
from gansmith.generators import Prior
from gansmith.recipes.composition import suited
from gansmith.records.journal import read_journal
from gansmith.records.run_folder import RunFolder

SMALL = {"steps": 6, "batch": 8, "hidden": 8, "latent": 5, "checkpoint_every": 3, "log_every": 2}
SMALL |= {"evaluate_every": 0, "schedule": "constant"}


def small(name="nsgan", **changes):
    """Return a small run of a recipe; an mlp has no width."""
    mlp = changes.get("network") == "mlp" or name == "vanilla"
    return gansmith.recipe(name, **SMALL | ({} if mlp else {"width": 4}) | changes)


def test_what_a_run_leaves(tmp_path):
    gan = gansmith.train(small(evaluate_every=4, evaluate_samples=70), tmp_path / "run", quiet=True)
    left = {p.relative_to(gan.run).as_posix() for p in gan.run.rglob("*") if p.is_file()}
    events = {name for name in left if name.startswith("events.out.tfevents")}
    assert len(events) == 1
    assert left - events == {
        "config.json",
        "journal.jsonl",
        "generator.safetensors",
        "best.safetensors",
        "curve.png",
        "samples/step-00000006.png",
        "samples/film.gif",
        "checkpoints/step-00000003.pt",
        "checkpoints/step-00000006.pt",
        "checkpoints/best.pt",
    }
    entries = read_journal(gan.run / "journal.jsonl")
    costs = [e for e in entries if "generator/cost" in e]
    assert [e["step"] for e in costs] == [2, 4, 6]
    assert {"discriminator/cost", "discriminator/adversarial", "score/real", "score/fake"} <= set(costs[0])
    assert [e["step"] for e in entries if "fid" in e] == [4, 6]


def test_config_reproduces_the_run(tmp_path):
    gan = gansmith.train(small(seed=4, r1=0.5), tmp_path / "one", quiet=True)
    recipe = RunFolder(gan.run).read().recipe
    assert recipe == suited(small(seed=4, r1=0.5), gan.shape)
    again = gansmith.train(recipe, tmp_path / "two", quiet=True)
    assert torch.equal(gan.sample(8), again.sample(8))


def test_samples_depend_on_seed_alone(tmp_path):
    gan = gansmith.train(small("vanilla"), tmp_path / "run", quiet=True)
    loaded = gansmith.load(tmp_path / "run")
    assert torch.equal(gan.sample(5, seed=3), loaded.sample(5, seed=3))
    assert not torch.equal(gan.sample(5, seed=3), gan.sample(5, seed=4))
    assert gan.sample(300).shape == (300, 1, 8, 8)
    torch.testing.assert_close(gan.sample(300)[:7], gan.sample(300)[:7])


@pytest.mark.parametrize(("noise", "reach"), [("normal", 0.6), ("uniform", 0.3)])
def test_truncation_bounds_the_noise(noise, reach):
    z = Prior(noise=noise).draw(500, randomness(0, "z", 0), truncation=0.3)
    assert 0.95 * reach < z.abs().max() <= reach
    full = Prior(noise=noise, noise_scale=8.0).draw(500, randomness(0, "z", 0))
    assert full.std().item() == pytest.approx(8.0 if noise == "normal" else 8 / math.sqrt(3), rel=0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_saves_and_says_how_to_go_on(tmp_path, monkeypatch, capsys, number):
    step = Alternating.step

    def interrupted(self, game, batches):
        if game.players["generator"].moves == 3:
            os.kill(os.getpid(), number)
        return step(self, game, batches)

    with monkeypatch.context() as patch:
        patch.setattr(Alternating, "step", interrupted)
        with pytest.raises(KeyboardInterrupt):
            gansmith.train(small(), tmp_path / "run")
    assert f"stopped at step 4; go on with: gansmith resume {tmp_path / 'run'}" in capsys.readouterr().err
    assert torch.load(tmp_path / "run/checkpoints/step-00000004.pt", weights_only=True)["step"] == 4
    gansmith.resume(tmp_path / "run", quiet=True)
    assert read_journal(tmp_path / "run" / "journal.jsonl")[-1]["step"] == 6


class Poisoned(nn.Module):
    """A generator whose output, or whose gradient alone, turns NaN at a given call."""

    def __init__(self, at, gradient_only):
        super().__init__()
        self.layer, self.calls, self.at, self.gradient_only = nn.Linear(5, 64), 0, at, gradient_only

    def forward(self, z):
        self.calls += self.training
        x = self.layer(z).reshape(-1, 1, 8, 8).tanh()
        if self.calls < self.at:
            return x
        return x + (0 * x).abs().sqrt() if self.gradient_only else x * float("nan")  # √0 has the slope 0 · ∞


@pytest.mark.parametrize(
    ("gradient_only", "what"), [(False, "discriminator's cost is nan at step 5"), (True, "at step")]
)
def test_nan_stops_the_run_and_keeps_the_last_good_checkpoint(tmp_path, gradient_only, what):
    networks = Poisoned(5, gradient_only), nn.Sequential(nn.Flatten(), nn.Linear(64, 1))
    with pytest.raises(DivergedError, match=what) as caught:
        gansmith.train(small(network="mlp"), tmp_path / "run", networks, quiet=True)
    assert "try a smaller --lr, or a penalty" in str(caught.value)
    state = torch.load(tmp_path / "run/checkpoints/step-00000003.pt", weights_only=True)
    assert all(t.isfinite().all() for t in state["game"]["networks"]["generator"].values())
    assert not (tmp_path / "run/checkpoints/step-00000006.pt").exists()


def test_a_finished_run_asks_for_more_steps(tmp_path):
    gansmith.train(small(), tmp_path / "run", quiet=True)
    with pytest.raises(GansmithError, match=r"has finished its 6 steps: use --steps 12"):
        gansmith.resume(tmp_path / "run")
    gansmith.resume(tmp_path / "run", steps=8, quiet=True)
    longer = gansmith.train(small(steps=8), tmp_path / "longer", quiet=True)
    assert torch.equal(longer.sample(4), gansmith.load(tmp_path / "run").sample(4))


def test_a_config_of_another_version(tmp_path):
    run = gansmith.train(small(), tmp_path / "run", quiet=True).run
    config = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps(config | {"format": 99}))
    for read in (lambda: gansmith.resume(run), RunFolder(run).read):
        with pytest.raises(GansmithError, match="config format 99 is not the format 2"):
            read()
    assert gansmith.load(run).sample(2).shape[0] == 2  # the generator says itself what it is


def test_a_run_is_never_overwritten(tmp_path):
    gansmith.train(small(), tmp_path / "run", quiet=True)
    before = (tmp_path / "run" / "generator.safetensors").read_bytes()
    with pytest.raises(GansmithError, match="already holds a run"):
        gansmith.train(small(seed=1), tmp_path / "run", quiet=True)
    assert (tmp_path / "run" / "generator.safetensors").read_bytes() == before


def test_a_damaged_generator_is_one_line(tmp_path):
    run = gansmith.train(small(), tmp_path / "run", quiet=True).run
    weights = run / "generator.safetensors"
    whole = weights.read_bytes()
    for size in (0, 5, 100, len(whole) - 1):
        weights.write_bytes(whole[:size])
        with pytest.raises(GansmithError, match=r"generator\.safetensors is no generator") as told:
            gansmith.load(run)
        assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"optimizer": "Adan"}, "unknown optimizer 'Adan': did you mean 'Adam'"),
        ({"optimizer": "SGD", "betas": (0.5, 0.9)}, "SGD takes no betas"),
        ({"momentum": 0.9}, "Adam takes no momentum"),
        ({"lr_generator": -1.0}, "generator.lr = -1 must be at least 0"),
        (
            {"dynamics": "optimistic", "n_critic": 5},
            "n_critic is a setting of a component that is not there: choose dynamics = alternating",
        ),
        ({"r1": -1.0}, "r1 = -1 must be at least 0"),
        ({"discriminator_layers": -1}, "discriminator_layers = -1 must be at least 0"),
        ({"seed": 10**30}, "seed = 1e\\+30 must be at least 0 and less than 9.22337e\\+18"),
        ({"variance": 1.0, "batch": 1}, "variance needs --batch 2 or more"),
        ({"image_size": 28}, "use --image-size 32"),
        ({"ema": 1.0}, "ema = 1 must be at least 0 and less than 1"),
        ({"batch": 0}, "batch = 0 must be at least 1"),
        ({"device": "tpu9"}, "use auto, cpu, cuda"),
    ],
)
def test_impossible_recipes_are_refused_before_anything_is_written(tmp_path, changes, line):
    with pytest.raises(GansmithError, match=line):
        gansmith.train(small(**changes), tmp_path / "run", quiet=True)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(("schedule", "expected"), [("linear", 0.6), ("cosine", 0.6), ("constant", 1.0)])
def test_learning_rates_follow_their_schedule(tmp_path, schedule, expected):
    recipe = small("wgan-gp", schedule=schedule, lr_final=0.2, lr_generator=1e-3)
    gansmith.train(recipe, tmp_path / "run", quiet=True)
    rates = {}
    for step in (3, 6):
        state = torch.load(tmp_path / f"run/checkpoints/step-{step:08d}.pt", weights_only=True)
        rates[step] = state["game"]["players"]["generator"]["optimizer"]["param_groups"][0]["lr"] / 1e-3
    assert rates[3] == pytest.approx(expected)
    assert rates[6] == pytest.approx(0.2 if schedule != "constant" else 1.0)


def test_own_networks_stay_their_owner_s(tmp_path):
    """What train returns is a copy: the pair can be trained on, frozen layers stay as they were."""
    torch.manual_seed(0)
    generator = nn.Sequential(nn.Linear(5, 64), nn.Tanh(), nn.Unflatten(1, (1, 8, 8)))
    discriminator = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
    discriminator[1].weight.requires_grad_(False)
    frozen = discriminator[1].weight.clone()
    recipe = small(dynamics="simultaneous", network="mlp")
    for name in ("one", "two"):
        gan = gansmith.train(recipe, tmp_path / name, (generator, discriminator), quiet=True)
        assert gan.generator is not generator
        assert all(p.requires_grad for p in generator.parameters())
    assert torch.equal(discriminator[1].weight, frozen)
    again = gansmith.load(tmp_path / "two", generator)
    assert torch.equal(gan.sample(3), again.sample(3))
    with pytest.raises(GansmithError, match="networks of your own"):
        gansmith.load(tmp_path / "two")


def test_bf16_on_a_cpu_without_it_is_warned_of_in_one_line(tmp_path, monkeypatch):
    recipe = gansmith.recipe("nsgan", data="ring", hidden=4, batch=8, steps=1, precision="bf16", device="cpu")
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "amx_bf16": False}, raising=False)
    with pytest.warns(UserWarning, match="this cpu device has no instructions for it"):
        gansmith.train(recipe, tmp_path / "without", quiet=True)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "amx_bf16": True}, raising=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        gansmith.train(recipe, tmp_path / "with", quiet=True)
