"""Starting from another run's weights, and layers that keep theirs: what fits is taken, and all else is named."""

import json
import shutil
import warnings

import pytest
import torch

import gansmith
from gansmith.errors import GansmithError
from gansmith.games.optimizers import Adam
from gansmith.training.assemble import assemble

SMALL = {"batch": 8, "hidden": 8, "latent": 4, "device": "cpu", "evaluate_every": 0, "checkpoint_every": 3, "steps": 6}
SMALL |= {"lr": 2e-4, "schedule": "constant"}
POINTS = torch.randn(64, 2, generator=torch.Generator().manual_seed(0))
IMAGES = {"width": 4, "latent": 4, "batch": 8, "device": "cpu", "evaluate_every": 0, "checkpoint_every": 2, "steps": 2}


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A run on points."""
    run = tmp_path_factory.mktemp("first") / "run"
    gansmith.train("nsgan", run, quiet=True, data=POINTS, **SMALL)
    return run


@pytest.fixture(scope="module")
def conditional(tmp_path_factory):
    """A run on digits of ten classes."""
    run = tmp_path_factory.mktemp("conditional") / "run"
    gansmith.train("cdcgan", run, quiet=True, data="digits", image_size=16, **IMAGES)
    return run


def newest(run):
    return torch.load(sorted((run / "checkpoints").glob("step-*.pt"))[-1], weights_only=True)


def same(a, b):
    return list(a) == list(b) and all(torch.equal(a[name], b[name]) for name in a)


def started(source, recipe="nsgan", data=POINTS, labels=None, **changes):
    """Return a trainer at its first step, and the words of its warning."""
    settings = SMALL if recipe == "nsgan" else IMAGES
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        trainer = assemble(gansmith.recipe(recipe, **settings | {"from": str(source), **changes}), data, labels=labels)
    return trainer, " ".join(str(one.message) for one in caught if "anew" in str(one.message))


def test_all_that_another_run_left_is_taken(first):
    trainer, words = started(first, seed=5)
    state = newest(first)
    for name, weights in state["game"]["networks"].items():
        assert same(trainer.game.networks[name].state_dict(), weights)
    assert same(trainer.ema.module.state_dict(), state["ema"])
    assert not same(state["ema"], state["game"]["networks"]["generator"])
    assert words == ""
    assert trainer.steps_done == 0
    for name, player in trainer.game.players.items():
        theirs = state["game"]["players"][name]["optimizer"]["state"]
        mine = player.optimizer.state_dict()["state"]
        assert all(same(mine[i], theirs[i]) for i in theirs)
        assert player.moves == 0


def test_rates_are_the_new_runs_own(first):
    trainer, _ = started(first, lr=0.5, schedule="linear")
    assert {group["lr"] for p in trainer.game.players.values() for group in p.optimizer.param_groups} == {0.5}


def test_moments_decide_the_next_step(first):
    """Adam's first step without moments goes by the gradient's sign: the two end at different weights."""
    moved, counts = [], []
    for source in (first, first / "generator.safetensors"):
        trainer, _ = started(source)
        if source != first:  # the same weights, without the moments
            trainer.game.load_state_dict(trainer.game.state_dict() | {"networks": newest(first)["game"]["networks"]})
        player = trainer.game.players["generator"]
        before = [p.detach().clone() for p in player.parameters]
        trainer.step()
        moved.append([p - q for p, q in zip(player.parameters, before, strict=True)])
        counts.append({int(one["step"]) for one in player.optimizer.state_dict()["state"].values()})
    assert counts == [{7}, {1}]
    assert not all(torch.allclose(a, b) for a, b in zip(*moved, strict=True))


def test_a_file_alone_starts_the_generator_and_its_average(first, tmp_path):
    file = shutil.copy(first / "generator.safetensors", tmp_path / "points.safetensors")
    trainer, words = started(file)
    average = newest(first)["ema"]
    assert same(trainer.game.networks["generator"].state_dict(), average)
    assert same(trainer.ema.module.state_dict(), average)
    assert "the discriminator, which is not there" in words
    assert "the discriminator's optimizer" in words


def test_a_checkpoint_beside_a_file_adds_the_rest(first, tmp_path):
    file = shutil.copy(first / "generator.safetensors", tmp_path / "points.safetensors")
    shutil.copy(sorted((first / "checkpoints").glob("step-*.pt"))[-1], tmp_path / "points.pt")
    trainer, words = started(file)
    assert words == ""
    assert same(trainer.game.networks["discriminator"].state_dict(), newest(first)["game"]["networks"]["discriminator"])
    alone, _ = started(tmp_path / "points.pt")
    assert same(alone.game.networks["generator"].state_dict(), trainer.game.networks["generator"].state_dict())


def test_a_shipped_generator_is_one_by_its_name(first, tmp_path, monkeypatch):
    shutil.copy(first / "generator.safetensors", tmp_path / "points.safetensors")
    monkeypatch.setattr("gansmith.generators.file.SHIPPED", tmp_path)
    trainer, _ = started("points")
    assert same(trainer.game.networks["generator"].state_dict(), newest(first)["ema"])


WAYS = {
    "cdcgan": {},
    "bare": {"embedding": 0},
    "projected": {"discriminator_condition": "projection", "conditional_norm": True},
    "spectral": {"discriminator_condition": "projection", "spectral_norm": True},
    "style": {"network": "style"},
    "mlp": {"network": "mlp", "hidden": 8, "width": None},
}


@pytest.mark.parametrize("way", WAYS)
def test_classes_are_found_by_name_in_every_network(tmp_path, way):
    """Before, class i of the source became class i of the new data, whatever they were called."""
    more = {name: value for name, value in (IMAGES | WAYS[way]).items() if value is not None}
    more = {name: value for name, value in more.items() if not (name == "width" and way in ("mlp", "style"))}
    x = torch.rand(48, 1, 16, 16, generator=torch.Generator().manual_seed(1)) * 2 - 1
    old, new = ["ant", "bee", "cat"], ["cat", "ant", "zebra", "bee"]
    gansmith.train("cdcgan", tmp_path / "run", quiet=True, data=x, labels=[old[i % 3] for i in range(48)], **more)
    labels = [new[i % 4] for i in range(48)]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        recipe = gansmith.recipe("cdcgan", **more | {"from": str(tmp_path / "run"), "seed": 9})
        trainer = assemble(recipe, x, labels=labels)
    words = " ".join(str(one.message) for one in caught if "anew" in str(one.message))
    assert "the classes zebra, which are not there" in words
    assert "optimizer" not in words
    before = assemble(gansmith.recipe("cdcgan", **more), x, labels=[old[i % 3] for i in range(48)])
    before.game.load_state_dict(newest(tmp_path / "run")["game"])
    z, here, there = torch.randn(3, 4), [sorted(new).index(name) for name in old], [0, 1, 2]
    for game in (trainer.game, before.game):
        for network in game.networks.values():
            network.eval()
    given = torch.eye(4)[here], torch.eye(3)[there]
    fakes = [g.networks["generator"](z, c) for g, c in zip((trainer.game, before.game), given, strict=True)]
    assert torch.equal(*fakes)
    scores = [
        g.networks["discriminator"](fakes[0], c).logits for g, c in zip((trainer.game, before.game), given, strict=True)
    ]
    near = 0.05 if way == "spectral" else 0.0  # a class more has its share in the largest singular value
    assert torch.allclose(*scores, rtol=near, atol=near / 10)
    moments = trainer.game.players["generator"].optimizer.state_dict()["state"]
    assert len(moments) == len(trainer.game.players["generator"].parameters)
    assert trainer.step().step == 1


def test_the_same_classes_in_another_order_change_places(tmp_path):
    """A set whose classes come as names of a table stand in its order, those of a folder in the alphabet."""
    from gansmith.generators.vocabulary import Vocabulary
    from gansmith.training.naming import Block, Matching, Names, names_in

    mine = names_in(Vocabulary(labels=("a", "b"), attributes=("c",)), "labels")
    assert mine == Names("labels", ("a", "b"))
    match = Matching(Names("labels", ("b", "a", "x")), mine, {"g.w": Block(1, 2), "g.odd": None})
    theirs = torch.tensor([[1.0, 2.0, 10.0, 20.0, 30.0, 7.0]])
    assert match.fitted("g.w", theirs, torch.zeros(1, 5)).tolist() == [[1.0, 2.0, 20.0, 10.0, 7.0]]
    assert match.fitted("g.odd", theirs, torch.zeros(1, 6)) is None
    assert match.fitted("g.other", theirs, torch.zeros(1, 6)) is theirs
    assert match.fitted("g.w", theirs, torch.zeros(2, 5)) is None
    assert match.told == []
    attributes = Matching(Names("attributes", ("b",)), mine, {})
    assert attributes.alike  # what they are asked for is of another kind: shapes alone decide


def test_heads_that_tell_classes_apart_are_matched_too(tmp_path):
    x = torch.rand(48, 1, 16, 16, generator=torch.Generator().manual_seed(1)) * 2 - 1
    run = tmp_path / "run"
    gansmith.train("acgan", run, quiet=True, data=x, labels=[["b", "c"][i % 2] for i in range(48)], **IMAGES)
    labels = [["a", "b", "c"][i % 3] for i in range(48)]
    trainer, words = started(run, "acgan", x, labels)
    theirs = newest(run)["game"]["networks"]
    name = next(name for name in theirs if len(theirs[name].get("head.weight", ())) == 2)
    mine = trainer.game.networks[name].state_dict()["head.weight"]
    assert torch.equal(mine[1:], theirs[name]["head.weight"])
    assert "the classes a, which are not there" in words


def test_fewer_classes_take_their_own(conditional):
    labels = torch.arange(64) % 3
    trainer, words = started(conditional, "cdcgan", torch.rand(64, 1, 16, 16) * 2 - 1, labels)
    theirs = newest(conditional)["game"]["networks"]
    mine = trainer.game.networks["generator"].state_dict()["embedding.table.weight"]
    assert torch.equal(mine, theirs["generator"]["embedding.table.weight"][:, :3])
    assert words == ""
    assert trainer.step().step == 1


def test_another_image_size_starts_what_differs_anew(conditional):
    trainer, words = started(conditional, "cdcgan", torch.rand(64, 1, 32, 32) * 2 - 1, torch.arange(64) % 10)
    theirs = newest(conditional)["game"]["networks"]["discriminator"]
    mine = trainer.game.networks["discriminator"].state_dict()
    kept = [name for name in mine if name in theirs and torch.equal(mine[name], theirs[name])]
    assert any(name.endswith("weight") and mine[name].dim() == 4 for name in kept)
    assert "generator." in words
    trainer.step()


def test_another_optimizer_starts_anew_by_name(first):
    trainer, words = started(first, optimizer="RMSprop", betas=None)
    assert all(f"the {player}'s optimizer" in words for player in ("generator", "discriminator"))
    assert not trainer.game.players["generator"].optimizer.state_dict()["state"]


@pytest.mark.parametrize("what", ["nowhere", "words.safetensors", "words.pt", "others.safetensors", "empty"])
def test_what_is_no_generator_is_one_line(what, tmp_path):
    from safetensors.torch import save_file

    (tmp_path / "words.safetensors").write_text("words")
    (tmp_path / "words.pt").write_text("words")
    (tmp_path / "empty").mkdir()
    save_file({"a.weight": torch.zeros(3, 3)}, tmp_path / "others.safetensors")
    with pytest.raises(GansmithError) as caught:
        gansmith.train("nsgan", tmp_path / "run", quiet=True, data=POINTS, from_=str(tmp_path / what), **SMALL)
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "run").exists()


def test_the_config_tells_it_and_a_resume_does_not_need_it(first, tmp_path):
    source = shutil.copytree(first, tmp_path / "source")
    for name in ("whole", "half"):
        gansmith.train("nsgan", tmp_path / name, quiet=True, data=POINTS, from_=str(source), **SMALL)
    assert json.loads((tmp_path / "half" / "config.json").read_text())["training"]["from"] == str(source)
    sorted((tmp_path / "half" / "checkpoints").glob("step-*.pt"))[-1].unlink()
    shutil.rmtree(source)
    gansmith.resume(tmp_path / "half", quiet=True, data=POINTS)
    assert (tmp_path / "half/generator.safetensors").read_bytes() == (
        tmp_path / "whole/generator.safetensors"
    ).read_bytes()


def weights(trainer, network="discriminator"):
    return {name: p.detach().clone() for name, p in trainer.game.networks[network].named_parameters()}


@pytest.mark.parametrize("layers", [1, 2, ("0",), ("body.0", "body.2")])
@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_frozen_layers_keep_their_weights_and_others_do_not(first, player, layers):
    network = assemble(gansmith.recipe("nsgan", **SMALL), POINTS).game.networks[player]
    names = list(dict(network.named_parameters()))
    modules = list(dict.fromkeys(name.rpartition(".")[0] for name in names))
    chosen = modules[:layers] if isinstance(layers, int) else modules[: len(layers)]
    given = layers if isinstance(layers, int) else tuple(chosen)
    trainer, words = started(first, **{f"{player}.freeze": given})
    before = weights(trainer, player)
    for _ in trainer.steps(3):
        pass
    after = weights(trainer, player)
    stayed = {name.rpartition(".")[0] for name in before if torch.equal(before[name], after[name])}
    assert stayed == set(chosen)
    assert words == ""
    assert trainer.game.players[player].optimizer.state_dict()["state"]


@pytest.mark.parametrize("compiled", [False, True])
def test_frozen_layers_hold_with_every_way_to_play(first, compiled):
    changes = {"compile": True} if compiled else {"dynamics": "extragradient", "gradient_penalty": 1.0}
    trainer, _ = started(first, **{"discriminator.freeze": 1}, **changes)
    before = weights(trainer)
    trainer.step()
    after = weights(trainer)
    assert [torch.equal(before[name], after[name]) for name in before][:3] == [True, True, False]


def test_layers_that_are_not_there_or_all_of_them_are_one_line():
    for freeze, words in ((9, "nothing is left to learn"), (("head.x",), "no layer is called head.x; there are ")):
        with pytest.raises(GansmithError, match=words):
            assemble(gansmith.recipe("nsgan", generator=Adam(freeze=freeze), **SMALL), POINTS)


def test_both_flags_on_the_command_line(first, tmp_path, capsys):
    from gansmith.cli.main import main

    flags = ["--from", str(first), "--discriminator.freeze", "1", "--out", str(tmp_path / "run")]
    settings = [word for name, value in SMALL.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    assert main(["train", "nsgan", "--data", "ring", *settings, *flags]) == 0
    stored = json.loads((tmp_path / "run" / "config.json").read_text())
    assert stored["training"]["from"] == str(first)
    assert stored["players"]["discriminator"]["freeze"] == 1
    assert stored["players"]["generator"]["freeze"] == 0
