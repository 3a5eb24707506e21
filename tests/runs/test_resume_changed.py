"""A run goes on with other settings from its last checkpoint on: they win over what was saved, and its config tells."""

import json

import pytest
import torch

import gansmith
from gansmith.cli.resume import main
from gansmith.dynamics import Alternating, Optimistic
from gansmith.errors import GansmithError
from gansmith.games.optimizers import Adam
from gansmith.recipes.composition import change, suited
from gansmith.records.run_folder import RunFolder
from gansmith.runs import changes
from gansmith.terms.penalties import LeCam
from gansmith.training.trainer import Trainer

SMALL = {"batch": 8, "hidden": 8, "latent": 4, "device": "cpu", "data": "ring", "evaluate_every": 0, "steps": 4}
SMALL |= {"checkpoint_every": 2, "log_every": 2, "lr": 2e-4, "schedule": "constant"}


def begun(path, name="nsgan", **more):
    gansmith.train(name, path, quiet=True, **SMALL | more)
    return path


def checkpoint(run, step=None):
    found = sorted((run / "checkpoints").glob("step-*.pt"))[-1]
    return torch.load(found if step is None else found.with_name(f"step-{step:08d}.pt"), weights_only=True)


def config(run):
    return json.loads((run / "config.json").read_text())


def groups(run, player="generator"):
    return checkpoint(run)["game"]["players"][player]["optimizer"]["param_groups"][0]


def generator(run, step=None):
    return checkpoint(run, step)["game"]["networks"]["generator"]


def same(a, b):
    return all(torch.equal(a[name], b[name]) for name in a)


def test_a_smaller_rate_is_the_one_that_moves(tmp_path):
    """Adam's state goes on: after a rate of 0 nothing has moved, after another one it has."""
    run = begun(tmp_path / "run")
    before = generator(run)
    gansmith.resume(run, steps=6, quiet=True, lr=0.0)
    assert same(before, generator(run)) and groups(run)["lr"] == 0.0
    gansmith.resume(run, steps=8, quiet=True, **{"generator.lr": 1e-3})
    assert not same(before, generator(run))
    assert (groups(run)["lr"], groups(run, "discriminator")["lr"]) == (1e-3, 0.0)
    moments = checkpoint(run)["game"]["players"]["generator"]["optimizer"]["state"].values()
    assert {int(state["step"]) for state in moments} == {8}


def test_what_it_changes_is_all_that_changes(tmp_path):
    """Two moves at the new rate from the state as it was, by a trainer set by hand."""
    run, other = begun(tmp_path / "run"), begun(tmp_path / "other")
    gansmith.resume(run, steps=6, quiet=True, lr=3e-3, betas=(0.3, 0.8), eps=1e-4)

    load = Trainer.load_state_dict

    def by_hand(self, state):
        load(self, state)
        for player in self.game.players.values():
            player.optimizer.param_groups[0].update(lr=3e-3, betas=(0.3, 0.8), eps=1e-4)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "load_state_dict", by_hand)
        gansmith.resume(other, steps=6, quiet=True)
    assert same(generator(run), generator(other))


def test_the_config_tells_the_change_and_the_values_before(tmp_path):
    run = begun(tmp_path / "run")
    gansmith.resume(run, steps=6, quiet=True, lr=1e-4, patience=3, evaluate_every=2, evaluate_samples=40)
    first = config(run)
    assert first["players"]["generator"]["lr"] == 1e-4 and first["training"]["steps"] == 6
    (change,) = first["changes"]
    assert change["step"] == 4 and change["before"]["players.generator.lr"] == 2e-4
    assert change["before"]["training.steps"] == 4 and change["before"]["evaluation.patience"] == 0
    gansmith.resume(run, steps=8, quiet=True)
    assert config(run)["changes"] == [change, {"step": 6, "before": {"training.steps": 6}}]
    assert groups(run)["lr"] == 1e-4
    assert set(first) - {"changes"} == set(config(begun(tmp_path / "plain")))


def test_nothing_changed_is_nothing_written(tmp_path):
    run = begun(tmp_path / "run", steps=4)
    gansmith.resume(run, steps=6, quiet=True, lr=2e-4)  # its own
    assert config(run)["changes"] == [{"step": 4, "before": {"training.steps": 4}}]
    whole = begun(tmp_path / "whole", steps=6)
    assert same(generator(run), generator(whole))


@pytest.mark.parametrize("schedule", ["linear", "cosine"])
def test_a_schedule_begins_where_the_run_is(schedule, tmp_path):
    """Its rate at every step is that of a run that has had it from the start; so is that of a longer run."""
    run = begun(tmp_path / "run")
    gansmith.resume(run, steps=8, quiet=True, schedule=schedule, lr=0.01, lr_final=0.5)
    whole = begun(tmp_path / "whole", steps=8, schedule=schedule, lr=0.01, lr_final=0.5)
    assert groups(run)["lr"] == groups(whole)["lr"] == 0.005
    gansmith.resume(run, steps=10, quiet=True)
    assert checkpoint(run)["game"]["players"]["generator"]["schedule"]["last_epoch"] == 10
    gansmith.resume(run, steps=12, quiet=True, schedule="constant")
    assert groups(run)["lr"] == 0.01


def test_a_longer_run_has_its_schedule_from_the_first_step_on(tmp_path, monkeypatch):
    run, rates = begun(tmp_path / "run", schedule="linear", lr=0.01), []
    play = Trainer._play

    def watched(self):
        rates.append(self.game.players["generator"].optimizer.param_groups[0]["lr"])
        play(self)

    monkeypatch.setattr(Trainer, "_play", watched)
    gansmith.resume(run, steps=8, quiet=True)
    assert rates == pytest.approx([0.01 * (1 - step / 8) for step in range(4, 8)])


class Crash(Exception):  # noqa: N818 - no error of ours
    """Stands for whatever ends a process without warning."""


def test_a_run_that_dies_before_its_next_checkpoint_keeps_the_change(tmp_path, monkeypatch):
    """The config has the new rate then, and the newest checkpoint the old one."""
    run = begun(tmp_path / "run")

    def die(moment):
        if moment.step == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gansmith.resume(run, steps=8, quiet=True, lr=0.0, callbacks=[_Every(die)])
    assert checkpoint(run)["step"] == 4 and config(run)["players"]["generator"]["lr"] == 0.0
    before = generator(run)
    gansmith.resume(run, quiet=True)
    assert same(before, generator(run)) and groups(run)["lr"] == 0.0
    assert len(config(run)["changes"]) == 1


class _Every:
    every = 1
    name = "every"

    def __init__(self, look):
        self.look = look

    def __call__(self, moment):
        self.look(moment)


def test_what_fails_before_its_first_step_changes_nothing(tmp_path, monkeypatch):
    run = begun(tmp_path / "run")
    before = (run / "config.json").read_bytes()

    def fail(self):
        raise Crash

    monkeypatch.setattr(Trainer, "_play", fail)
    with pytest.raises(Crash):
        gansmith.resume(run, steps=8, quiet=True, lr=1e-5)
    assert (run / "config.json").read_bytes() == before


ANEW = "another run can begin with its weights: gansmith train RECIPE --from"
REFUSED = [
    ({"batch": 16}, "batch = 16: .* began with 8: use --accumulate 2"),
    ({"seed": 3}, "seed = 3: .* began with 0"),
    (
        {"hidden": 16},
        f"hidden = 16: .* began with 8: {ANEW}",
    ),
    ({"latent": 8}, "latent = 8: .* began with 4"),
    ({"data": "digits"}, r"makes samples of shape \(2,\), and these data have \(1, 16, 16\): use others"),
    ({"image_size": 8}, "image_size = 8: .* began with None"),
    ({"vectors": "fourier"}, "vectors = fourier: .* began with mlp"),
    ({"spectral_norm": True}, "spectral_norm = True: .* began with False"),
    ({"optimizer": "AdamW"}, "discriminator.optimizer = AdamW: .* began with Adam"),
    ({"discriminator.freeze": 1}, "discriminator.freeze = 1: .* began with 0"),
    ({"lecam": 0.3}, "lecam: .* began without it"),
    ({"from_": "elsewhere"}, "from = elsewhere: .* began with None"),
    ({"lr": -1.0}, "lr = -1 must be at least 0"),
    ({"stepz": 5}, "unknown setting 'stepz': did you mean 'steps'"),
]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return begun(tmp_path_factory.mktemp("plain") / "run")


@pytest.mark.parametrize(("settings", "line"), REFUSED, ids=[next(iter(settings)) for settings, _ in REFUSED])
def test_what_its_state_does_not_fit_is_refused_in_one_line(plain, settings, line):
    before = {path: path.read_bytes() for path in plain.rglob("*") if path.is_file()}
    with pytest.raises(GansmithError, match=line) as caught:
        gansmith.resume(plain, steps=8, quiet=True, **settings)
    assert "\n" not in str(caught.value)
    assert before == {path: path.read_bytes() for path in plain.rglob("*") if path.is_file()}


def test_a_term_with_networks_is_not_taken_out(tmp_path):
    run = begun(tmp_path / "run", lecam=0.3)
    with pytest.raises(GansmithError, match=r"lecam: .* began with it: another run can begin"):
        gansmith.resume(run, steps=8, quiet=True, lecam=0)
    gansmith.resume(run, steps=6, quiet=True, lecam=0.1)
    assert RunFolder(run).read().recipe.terms[-1] == LeCam(0.1)


def test_momentum_is_not_begun_in_the_middle(tmp_path):
    """RMSprop keeps nothing for a momentum that it was not started with."""
    more = {"optimizer": "RMSprop", "betas": None}
    run = begun(tmp_path / "run", **more)
    with pytest.raises(GansmithError, match=r"momentum = 0.9: .*: an optimiser begins with momentum or without"):
        gansmith.resume(run, steps=6, quiet=True, momentum=0.9)
    other = begun(tmp_path / "other", **more, momentum=0.5)
    gansmith.resume(other, steps=6, quiet=True, momentum=0.9)
    assert groups(other)["momentum"] == 0.9


@pytest.mark.parametrize(
    "settings",
    [
        {"r1": 1.0},
        {"data": "grid"},
        {"loss": "hinge"},
        {"n_critic": 2},
        {"dynamics": "extragradient"},
        {"accumulate": 2},
        {"grad_clip": 0.1, "weight_decay": 0.1},
        {"ema": 0.5},
        {"ema": 0.0},
        {"discriminator": Adam(1e-5, (0.5, 0.9))},
        {"checkpoint_every": 1, "keep": 4},
        {"instance_noise": 0.1},
    ],
    ids=lambda value: next(iter(value)),
)
def test_what_leaves_networks_and_data_as_they_are_is_taken(tmp_path, settings):
    run = begun(tmp_path / "run")
    gan = gansmith.resume(run, steps=6, quiet=True, **settings)
    assert checkpoint(run)["step"] == 6 and torch.isfinite(gan.sample(3)).all()
    stored = RunFolder(run).read().recipe
    assert stored == suited(change(gansmith.recipe("nsgan", **SMALL | {"steps": 6}), settings), (2,))


def test_an_average_begins_where_it_is_asked_for(tmp_path):
    run = begun(tmp_path / "run", ema=0.0)
    weights = generator(run)
    gansmith.resume(run, steps=6, quiet=True, ema=0.9, lr=0.0)
    assert all(torch.allclose(value, weights[name]) for name, value in checkpoint(run)["ema"].items())


def test_past_gradients_of_another_dynamics_are_forgotten(tmp_path):
    run = begun(tmp_path / "run", dynamics=Optimistic())
    assert checkpoint(run)["game"]["players"]["generator"]["memory"]
    gansmith.resume(run, steps=6, quiet=True, dynamics=Alternating())
    assert not checkpoint(run)["game"]["players"]["generator"]["memory"]


def test_the_best_of_another_measure_is_forgotten(tmp_path):
    more = {"evaluate_every": 2, "evaluate_samples": 50}
    run = begun(tmp_path / "run", **more)
    state = checkpoint(run)
    state["callbacks"]["evaluation_callback"]["best"] = -1.0
    torch.save(state, run / "checkpoints/step-00000004.pt")
    gansmith.resume(run, steps=6, quiet=True)
    assert checkpoint(run)["callbacks"]["evaluation_callback"]["best"] == -1.0
    gansmith.resume(run, steps=8, quiet=True, evaluate_samples=60)
    assert checkpoint(run)["callbacks"]["evaluation_callback"]["best"] > 0


def test_a_checkpoint_of_before_takes_changes_too(tmp_path):
    run = begun(tmp_path / "run")
    for path in (run / "checkpoints").glob("step-*.pt"):
        state = torch.load(path)
        del state["recipe"]
        torch.save(state, path)
    before = generator(run)
    gansmith.resume(run, steps=6, quiet=True, lr=0.0)
    assert same(before, generator(run))


def test_a_rate_that_a_callback_has_set_stays_without_a_change(tmp_path):
    def lower(moment):
        moment.run.game.players["generator"].optimizer.param_groups[0]["lr"] = 1e-6

    run = tmp_path / "run"
    gansmith.train("nsgan", run, quiet=True, callbacks=[_Every(lower)], **SMALL)
    gansmith.resume(run, steps=6, quiet=True)
    assert groups(run)["lr"] == 1e-6


def test_by_command(tmp_path, capsys, monkeypatch):
    run = begun(tmp_path / "run")
    monkeypatch.chdir(tmp_path)
    main(["run", "--lr", "1e-5", "--steps", "6", "--betas", "0.1", "0.9", "--dynamics", "simultaneous", "--no-compile"])
    assert capsys.readouterr().out == "run\n"
    assert (groups(run)["lr"], groups(run)["betas"]) == (1e-5, (0.1, 0.9))
    assert config(run)["dynamics"]["type"] == "simultaneous"
    main(["--steps", "8", "run"])
    assert config(run)["training"]["steps"] == 8
    for words, line in [
        (["run", "--width", "8"], "width = 8: run began with"),
        (["run", "--lr", "fast"], "--lr fast"),
        (["nowhere", "--lr", "1"], "nowhere is no run folder"),
        (["run", "--leraning-rate", "1"], "unknown setting"),
        (["--lr", "1e-4", "run"], "RUN is missing"),
    ]:
        with pytest.raises(GansmithError, match=line):
            main(words)


def test_the_advice_for_what_diverges_can_be_followed(tmp_path):
    run = begun(tmp_path / "run")
    with pytest.raises(GansmithError, match="from the last checkpoint on: gansmith resume RUN --lr"):
        gansmith.resume(run, steps=40, quiet=True, lr=1e30, optimizer="Adam")
    gansmith.resume(run, steps=40, quiet=True, lr=1e-5, r1=1.0)
    assert checkpoint(run)["step"] == 40


def test_every_part_of_a_recipe_is_judged():
    """A part that a recipe gets later must be decided on: here are those that may be changed."""
    parts = {name.split(".")[0] for name in changes.leaves(gansmith.recipe("nsgan"))}
    free = "terms augmentations dynamics players training compute records evaluation callbacks"
    assert parts == {*changes.WHOLE, *free.split()}
