"""What was otherwise before recipes were compositions is still understood: names, configs and checkpoints."""

import copy
import dataclasses
import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import gansmith
from gansmith.cli.arguments import parse_recipe
from gansmith.cli.train import Train
from gansmith.data.dataset import randomness
from gansmith.dynamics import Alternating, Consensus, Extragradient, Simultaneous
from gansmith.errors import GansmithError
from gansmith.generators.latents import Latents
from gansmith.generators.vocabulary import Vocabulary, layout
from gansmith.metrics.evaluation import Evaluator
from gansmith.networks import MLP
from gansmith.recipes import former
from gansmith.recipes.composition import Recipe, from_dict, to_dict
from gansmith.runs.real import real_data
from gansmith.settings.components import name_of
from gansmith.terms import Adversarial, Information
from gansmith.training.assemble import assemble, build_networks

STORED = Path(__file__).parent / "former"

# The 88 names of format 1: a recipe on which each means something, a value other than its default, where it arrives,
# and as what. A path goes by attributes, names of players and names of terms and augmentations.
NAMES = {
    # source
    "data": ("nsgan", "ring", "source.data"),
    "image_column": ("nsgan", "picture", "source.image_column"),
    "label_column": ("nsgan", "kind", "source.label_column"),
    "attribute_columns": ("nsgan", "Young,Smiling", "source.attribute_columns"),
    "split": ("nsgan", "test", "source.split"),
    "image_size": ("nsgan", 64, "source.image_size"),
    "resident_limit": ("nsgan", 0.5, "source.resident_limit"),
    "workers": ("nsgan", 5, "source.workers"),
    # networks
    "network": ("nsgan", "resnet", "network", "ResNet"),
    "latent": ("nsgan", 7, "prior.latent"),
    "noise": ("nsgan", "uniform", "prior.noise"),
    "noise_scale": ("nsgan", 2.5, "prior.noise_scale"),
    "width": ("nsgan", 7, "network.width"),
    "hidden": ("nsgan", 7, "vectors.hidden"),
    "generator_layers": ("nsgan", 1, "vectors.generator_layers"),
    "discriminator_layers": ("nsgan", 1, "vectors.discriminator_layers"),
    "generator_activation": ("nsgan", "tanh", "vectors.generator_activation"),
    "discriminator_activation": ("nsgan", "softplus", "vectors.discriminator_activation"),
    "generator_norm": ("nsgan", "none", "network.generator_norm"),
    "discriminator_norm": ("nsgan", "layer", "network.discriminator_norm"),
    "spectral_norm": ("nsgan", True, "discriminator_options.spectral_norm"),
    "minibatch": ("nsgan", "kernels", "discriminator_options.minibatch"),
    "pack": ("nsgan", 4, "discriminator_options.pack"),
    "autoencoder": ("nsgan", True, "discriminator_options.autoencoder"),
    "condition": ("nsgan", "labels", "conditioning.condition"),
    "discriminator_condition": ("acgan", "projection", "conditioning.discriminator_condition"),
    "conditional_norm": ("cdcgan", True, "conditioning.conditional_norm"),
    "embedding": ("cdcgan", 9, "conditioning.embedding"),
    "auxiliary": ("cdcgan", "network", "terms.auxiliary.by"),
    "categorical_codes": ("nsgan", 2, "prior.categorical_codes"),
    "categories": ("infogan", 5, "prior.categories"),
    "continuous_codes": ("nsgan", 3, "prior.continuous_codes"),
    # objective
    "loss": ("nsgan", "hinge", "terms.adversarial.loss", "Hinge"),
    "margin": ("ebgan", 3.5, "terms.adversarial.loss.margin"),
    "discriminator_scale": ("nsgan", 0.5, "terms.adversarial.discriminator_scale"),
    "generator_scale": ("nsgan", 0.5, "terms.adversarial.generator_scale"),
    "label_smoothing": ("nsgan", 0.1, "terms.adversarial.label_smoothing"),
    "label_noise": ("nsgan", 0.1, "terms.adversarial.label_noise"),
    "clip": ("nsgan", 0.3, "players.discriminator.weight_clip"),
    "gradient_penalty": ("nsgan", 5.0, "terms.gradient_penalty.weight"),
    "gradient_target": ("wgan-gp", 0.5, "terms.gradient_penalty.target"),
    "one_sided": ("wgan-gp", True, "terms.gradient_penalty.one_sided"),
    "r1": ("nsgan", 0.25, "terms.r1.weight"),
    "r2": ("nsgan", 0.25, "terms.r2.weight"),
    "dragan": ("nsgan", 3.0, "terms.dragan.weight"),
    "variance": ("nsgan", 0.25, "terms.variance.weight"),
    "pull_away": ("nsgan", 0.25, "terms.pull_away.weight"),
    "auxiliary_real": ("acgan", 0.25, "terms.auxiliary.real_weight"),
    "auxiliary_fake": ("acgan", 0.25, "terms.auxiliary.fake_weight"),
    "auxiliary_generator": ("acgan", 0.25, "terms.auxiliary.generator_weight"),
    "information": ("infogan", 0.25, "terms.information.weight"),
    "information_continuous": ("infogan", 0.25, "terms.information.continuous_weight"),
    "feature_matching": ("nsgan", 0.25, "terms.feature_matching.weight"),
    "feature_covariance": ("feature-matching", 0.25, "terms.feature_matching.covariance"),
    "replay": ("nsgan", 0.25, "terms.replay.weight"),
    "replay_size": ("replay", 100, "terms.replay.size"),
    "instance_noise": ("nsgan", 0.25, "augmentations.instance_noise.deviation"),
    "instance_noise_until": ("instance-noise", 0.25, "augmentations.instance_noise.until"),
    "augment": ("nsgan", "color,cutout", "augmentations.diff_augment.policy"),
    "penalty_every": ("r3gan", 3, "terms.r1.every"),
    # play
    "dynamics": ("nsgan", "extragradient", "dynamics", "Extragradient"),
    "n_critic": ("nsgan", 3, "dynamics.n_critic"),
    "reuse": ("nsgan", False, "dynamics.reuse"),
    "unrolled_steps": ("unrolled", 2, "dynamics.unrolled_steps"),
    "unrolled_lr": ("unrolled", 0.25, "dynamics.unrolled_lr"),
    "consensus": ("nsgan", 0.25, "dynamics.gamma"),
    "optimizer": ("nsgan", "AdamW", "players.generator.optimizer"),
    "lr_generator": ("nsgan", 0.25, "players.generator.lr"),
    "lr_discriminator": ("nsgan", 0.25, "players.discriminator.lr"),
    "betas": ("nsgan", (0.1, 0.2), "players.discriminator.betas"),
    "momentum": ("vanilla", 0.25, "players.generator.momentum"),
    "schedule": ("nsgan", "cosine", "players.generator.schedule"),
    "lr_final": ("nsgan", 0.25, "players.discriminator.lr_final"),
    # budget
    "steps": ("nsgan", 7, "training.steps"),
    "batch": ("nsgan", 7, "training.batch"),
    "seed": ("nsgan", 7, "training.seed"),
    "device": ("nsgan", "cpu", "compute.device"),
    "threads": ("nsgan", 3, "compute.threads"),
    "compile": ("nsgan", True, "compute.compile"),
    "precision": ("nsgan", "bf16", "compute.precision"),
    "ema": ("nsgan", 0.5, "training.ema"),
    "log_every": ("nsgan", 7, "records.log_every"),
    "checkpoint_every": ("nsgan", 7, "records.checkpoint_every"),
    "keep": ("nsgan", 7, "records.keep"),
    # measure
    "evaluate_every": ("nsgan", 7, "evaluation.evaluate_every"),
    "evaluate_samples": ("nsgan", 70, "evaluation.evaluate_samples"),
    "features": ("nsgan", "raw", "evaluation.features"),
    "best_by": ("nsgan", "kid", "evaluation.best_by"),
}


def at(recipe, path):
    """Return what stands at a path of a composition, None where a component is not there."""
    found = recipe
    for name in path.split("."):
        if isinstance(found, tuple):
            found = next((part for part in found if name_of(part) == name), None)
        else:
            found = found[name] if isinstance(found, dict) else getattr(found, name, None)
    return found


def stored(name):
    return json.loads((STORED / f"{name}.json").read_text())


def test_the_table_has_every_name_of_format_1():
    config = stored("dcgan")
    assert [name for part in former.PARTS for name in config[part]] == list(NAMES) and len(NAMES) == 88


@pytest.mark.parametrize("name", NAMES)
def test_a_former_name_arrives_where_its_setting_is_now(name):
    recipe, value, path, *kind = NAMES[name]
    words = [str(part) for part in value] if isinstance(value, tuple) else [str(value)]
    for changed in (
        gansmith.recipe(recipe, **{name: value}),
        parse_recipe(Train, "train", [recipe, f"--{name.replace('_', '-')}", *words])[1],
    ):
        there = at(changed, path)
        assert (type(there).__name__ if kind else there) == (kind[0] if kind else value)
    before = at(gansmith.recipe(recipe), path)
    assert (type(before).__name__ if kind else before) != (kind[0] if kind else value)


def test_names_that_meant_several_settings_still_do():
    r3gan = gansmith.recipe("r3gan", penalty_every=3)
    assert [at(r3gan, f"terms.{name}.every") for name in ("r1", "r2")] == [3, 3]
    slow = gansmith.recipe("nsgan", schedule="linear", optimizer="SGD", betas=None)
    assert {how.schedule for how in slow.players.values()} == {"linear"}
    assert {how.optimizer for how in slow.players.values()} == {"SGD"}
    wide = gansmith.recipe("infogan", hidden=7)
    assert wide.network.hidden == wide.vectors.hidden == 7


def test_consensus_is_a_dynamics_around_the_one_that_was_beside_it():
    assert gansmith.recipe("nsgan", consensus=0.5).dynamics == Consensus(0.5, Alternating())
    assert gansmith.recipe("nsgan", consensus=0.5, dynamics="simultaneous").dynamics == Consensus(0.5, Simultaneous())
    assert gansmith.recipe("nsgan", dynamics=Extragradient(), consensus=2).dynamics == Consensus(2.0, Extragradient())
    off = gansmith.recipe("nsgan", dynamics=Consensus(0.5, Simultaneous()))
    assert former.renamed(off, {"consensus": 0.0}) == {"dynamics": Simultaneous()}
    with pytest.raises(GansmithError, match="consensus = much: must be a number"):
        gansmith.recipe("nsgan", consensus="much")


def test_codes_bring_the_term_that_reads_them():
    terms = gansmith.recipe("nsgan", categorical_codes=1).terms
    assert terms == (Adversarial(), Information(0.01, 0.01))
    assert gansmith.recipe("nsgan", continuous_codes=2, information=0.5).terms[1].weight == 0.5
    assert gansmith.recipe("nsgan", categorical_codes=0).terms == (Adversarial(),)


SINCE = {  # what these recipes had, or the stored run was given
    "wgan-gp": {"consensus": 0.5},
    "cgan": {
        "network": MLP(256),
        "vectors": MLP(256),
        "discriminator_condition": "concat",
        "lr": 2e-4,
        "schedule": "constant",
        "steps": 3000,
    },
}


@pytest.mark.parametrize("name", ["dcgan", "infogan", "replay", "wgan-gp", "cgan"])
def test_a_config_of_format_1_is_the_composition_that_its_recipe_is_now(name):
    config = stored(name)
    assert config["format"] == 1
    recipe = from_dict(copy.deepcopy(config))
    ours = dataclasses.replace(gansmith.recipe(name, **SINCE.get(name, {})), by_data={})
    shape = (1, 16, 16)
    for component in ("source", "network", "prior", "conditioning", "terms", "augmentations", "dynamics", "players"):
        assert getattr(recipe, component) == getattr(ours, component), component
    for component in ("training", "compute", "records", "evaluation", "name"):
        assert getattr(recipe, component) == getattr(ours, component), component
    options = recipe.discriminator_options
    assert type(options)(options.spectral_norm, options.minibatch, options.pack, options.autoencoder) == type(options)(
        *(getattr(ours.discriminator_options, n) for n in ("spectral_norm", "minibatch", "pack", "autoencoder"))
    )
    networks = [{k: v.shape for k, v in n.state_dict().items()} for n in assemble_networks(recipe, shape)]
    assert networks == [{k: v.shape for k, v in n.state_dict().items()} for n in assemble_networks(ours, shape)]
    assert from_dict(json.loads(json.dumps(to_dict(recipe)))) == recipe  # and is stored as format 2


def assemble_networks(recipe, shape):
    condition = layout(recipe.conditioning, recipe.prior, Vocabulary(tuple("0123456789")))
    return build_networks(recipe, shape, condition).values()


def test_every_setting_of_a_format_1_config_is_read():
    """Each of the 88, changed in the file alone, changes the composition, or stood for nothing in that recipe."""
    for name, (recipe, value, path, *kind) in NAMES.items():
        base = stored("dcgan")
        for part, settings in _config(recipe).items():
            base[part] |= settings
        part = next(part for part in former.PARTS if name in base[part])
        base[part][name] = list(value) if isinstance(value, tuple) else value
        there = at(from_dict(base), path)
        assert (type(there).__name__ if kind else there) == (kind[0] if kind else value), name


def _config(recipe):
    """Return what a recipe set in format 1 so that a name means something."""
    labelled = {"networks": {"condition": "labels"}}
    return {
        "acgan": {"networks": {"condition": "labels", "auxiliary": "head"}},
        "cdcgan": labelled,
        "infogan": {"networks": {"categorical_codes": 1, "continuous_codes": 2}},
        "ebgan": {"objective": {"loss": "ebgan"}},
        "wgan-gp": {"objective": {"gradient_penalty": 10.0}},
        "r3gan": {"objective": {"r1": 1.0, "r2": 1.0}},
        "feature-matching": {"objective": {"feature_matching": 1.0}},
        "replay": {"objective": {"replay": 1.0}},
        "instance-noise": {"objective": {"instance_noise": 0.1}},
        "unrolled": {"play": {"dynamics": "unrolled"}},
        "vanilla": {"play": {"optimizer": "SGD", "betas": None}},
    }.get(recipe, {})


@pytest.mark.parametrize(("old", "new"), [(True, "stddev"), (False, "none")])
def test_configs_of_before_minibatch_layers_are_still_read(old, new):
    config = stored("dcgan")
    del config["networks"]["minibatch"]
    config["networks"]["minibatch_stddev"] = old
    assert from_dict(config).discriminator_options.minibatch == new


@pytest.mark.parametrize(
    ("part", "setting", "value", "told"),
    [
        ("budget", "stepz", 5, "unknown setting 'stepz': did you mean 'steps'?"),
        ("budget", "steps", "5", "steps = '5' must be a whole number"),
        ("objective", "r1", -1.0, "r1 = -1.0"),
        ("objective", "loss", "hing", "unknown loss 'hing': did you mean 'hinge'?"),
    ],
)
def test_what_a_config_of_format_1_cannot_hold_is_told(part, setting, value, told):
    config = stored("dcgan")
    config[part][setting] = value
    with pytest.raises(GansmithError) as caught:
        from_dict(config)
    assert str(caught.value).startswith(told.partition(" = -1.0")[0]) and "\n" not in str(caught.value)


# runs of two steps, made by the version before: `PYTHONPATH=old/src python -c "gansmith.train(recipe(NAME, hidden=4,
# width=2, latent=2, batch=4, image_size=8, device='cpu', evaluate_every=0, checkpoint_every=2, steps=2), …)"`, replay
# with replay_size=12, dcgan with dynamics="optimistic"; after.* is what that version made of them by its step 5
RUNS = ["infogan", "replay", "optimistic"]


@pytest.fixture(params=RUNS)
def run(request, tmp_path):
    """A run of the version before, and what became of it there."""
    shutil.copytree(STORED / "runs" / request.param, tmp_path / "run")
    (tmp_path / "run" / "samples").mkdir()
    about = json.loads((STORED / "runs" / request.param / "after.json").read_text())
    return tmp_path / "run", load_file(STORED / "runs" / request.param / "after.safetensors"), about


def exactness(about):
    """Return how exact the same arithmetic is here: to the bit on a machine like the one that it was done on."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    here = f"{name}, {torch.backends.cpu.get_cpu_capability()}"
    same = about["torch"] == torch.__version__ and about["processor"] == here
    return {"rtol": 0, "atol": 0} if same else {"rtol": 1e-2, "atol": 1e-3}


def test_a_run_of_format_1_is_loaded_and_goes_on_as_it_would_have(run):
    folder, after, about = run
    exact = exactness(about)
    assert json.loads((folder / "config.json").read_text())["format"] == 1
    before = gansmith.load(folder)
    assert before.step == 2 and before.sample(3).shape == (3, 1, 8, 8)
    gan = gansmith.resume(folder, steps=5, quiet=True)
    state = torch.load(folder / "checkpoints" / "step-00000005.pt", weights_only=True)
    assert state["format"] == 2 and state["step"] == state["rounds"]["position"] == 5
    assert {name: player["moves"] for name, player in state["game"]["players"].items()} == about["moves"]
    networks = dict(state["game"]["networks"]) | {"average": state["ema"]}
    compared = 0
    for name, tensor in after.items():
        network, _, key = name.removeprefix("heads.").partition("/")
        if key:
            mine = networks[former.NETWORKS.get(network, network)][key]
            torch.testing.assert_close(mine, tensor, **exact, msg=name)
            compared += 1
    assert compared == len(after) - 1 == sum(len(n) for n in networks.values()) - ("replay" in networks) * 3
    torch.testing.assert_close(made_as_before(gan, 6, seed=3), after["samples"], **exact)
    moved = [
        not torch.equal(p, q) for p, q in zip(before.generator.parameters(), gan.generator.parameters(), strict=True)
    ]
    assert any(moved)


def made_as_before(gan, count, seed):
    """Return samples of the noise that the version before drew, all at once and with codes from a stream of theirs."""
    z = gan.prior.draw(count, randomness(seed, "sample", 0))
    assert not gan.condition.given
    c = gan.condition.draw_codes(count, randomness(seed, "wishes", 0)) if gan.condition.size else None
    return torch.cat(list(gan.make(Latents(z, c))))


@pytest.mark.filterwarnings("ignore:FID from")
def test_a_run_of_format_1_is_measured_as_before(run):
    folder, _, about = run
    gan = gansmith.resume(folder, steps=5, quiet=True)
    evaluator = Evaluator(real_data(gan, None), "raw")
    evaluator.form = lambda samples: samples  # before, floats were not rounded to the shades of a picture
    found = evaluator.evaluate(made_as_before(gan, 60, seed=0)).metrics
    assert found == pytest.approx(about["metrics"], rel=1e-6 if exactness(about)["rtol"] == 0 else 1e-2)


def test_what_players_and_terms_remember_comes_along():
    past, kept = (
        torch.load(STORED / "runs" / name / "checkpoints" / "step-00000002.pt", weights_only=True)
        for name in ("optimistic", "replay")
    )
    state = former.checkpoint(past)
    for name, player in state["game"]["players"].items():
        assert player["memory"]["past gradients"] is past["dynamics"]["past"][name] and player["moves"] == 2
    memory, before = former.checkpoint(kept)["game"]["networks"]["replay"], kept["game"]["terms"]["replay"]
    assert torch.equal(memory["kept"], before["kept"]) and float(memory["kept"].abs().sum()) > 0
    assert [int(memory[name]) for name in ("count", "next", "moves")] == [before[n] for n in ("count", "next", "moves")]


def test_a_checkpoint_of_format_1_is_told_by_its_lack_of_a_format():
    recipe = gansmith.recipe("nsgan", data="ring", hidden=4, latent=2, batch=4, steps=3, device="cpu")
    trainer = assemble(recipe)
    trainer.run(2)
    state = trainer.state_dict()
    assert state["format"] == 2 and isinstance(recipe, Recipe)
    old = {name: value for name, value in state.items() if name not in ("format", "callbacks")}
    old |= {"dynamics": {}, "best": 0.25}
    networks, players = state["game"]["networks"], copy.deepcopy(state["game"]["players"])
    for player in players.values():
        del player["memory"]
    old["game"] = {**networks, "heads": {}, "terms": {"adversarial": {}}, "players": players}
    again = assemble(recipe)
    again.load_state_dict(old)
    assert again.steps_done == 2 and former.checkpoint(old)["callbacks"] == {"evaluation_callback": {"best": 0.25}}
    for name, network in again.game.networks.items():
        for key, value in network.state_dict().items():
            assert torch.equal(value, networks[name][key])


def test_a_config_from_before_fit_was_a_setting_crops_as_it_did():
    for data, fit in (("pictures", "crop"), ("digits", None), ("ring", None)):  # built-in data make no use of it
        stored = to_dict(gansmith.recipe("dcgan", data=data))
        del stored["source"]["fit"]
        assert from_dict(stored).source.fit == fit
    assert from_dict(to_dict(gansmith.recipe("dcgan"))).source.fit is None
