"""What other tools call things leads to our names, by meaning and not by spelling."""

import dataclasses

import pytest

import gansmith
from gansmith.cli.compare import Compare
from gansmith.cli.evaluate import Evaluate
from gansmith.cli.main import VERBS
from gansmith.cli.resume import Resume
from gansmith.cli.sample import Sample
from gansmith.cli.sweep import Sweep
from gansmith.cli.train import Train
from gansmith.data import BUILT_IN
from gansmith.errors import GansmithError, unknown
from gansmith.metrics.catalogue import METRICS
from gansmith.metrics.features import FEATURES
from gansmith.otherwise import KINDS, SETTINGS, meanings, meant, squashed
from gansmith.recipes import RECIPES, former
from gansmith.settings import View
from gansmith.settings.flat import names
from gansmith.terms import LOSSES

VIEWS = [View(build()) for build in RECIPES.values()]
FLAT = {name for view in VIEWS for name in (*names(view), *view.settings)} | set(former.NAMES)
FLAGS = {f.name for verb in (Train, Resume, Sample, Evaluate, Compare, Sweep) for f in dataclasses.fields(verb)}
OURS = {"setting": FLAT | FLAGS, "flag": FLAT | FLAGS, "command": VERBS, "loss": LOSSES.ours, "recipe": RECIPES}
OURS |= {"data set": BUILT_IN, "features": FEATURES, "metric": METRICS}


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_leads_to_what_there_is_or_to_a_reason(kind):
    for meaning in KINDS[kind]:
        assert meaning.ours or meaning.note, meaning
        assert not (lost := set(meaning.ours.split()) - set(OURS[kind])), lost
    known = [squashed(word) for meaning in KINDS[kind] for word in meaning.names.split()]
    assert len(known) == len(set(known)), {word for word in known if known.count(word) > 1}


def test_no_name_of_ours_is_explained_away():
    """A name that every recipe takes is never looked up; one that other components have may mean more elsewhere."""
    everywhere = set.intersection(*({squashed(name) for name in names(view)} for view in VIEWS))
    others = {squashed(word) for meaning in SETTINGS for word in meaning.names.split()}
    assert not others & everywhere and len(others) > 400
    for kind in ("command", "loss", "recipe", "data set", "features"):
        assert not [name for name in OURS[kind] if meant(kind, name, OURS[kind])], kind


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("clip_grad_norm", "use --grad-clip"),
        ("resume", "a run goes on by: gansmith resume RUN"),
        ("iterations", "use --steps"),
        ("epochs", "use --steps: an epoch of N samples is N / batch steps"),
        ("total_kimg", "use --steps: 1,000 images are 1000 / batch steps"),
        ("gpu", "use --device: cpu, cuda, cuda:N or mps"),
        ("no_cuda", "use --device"),
        ("learning_rate", "use --lr"),
        ("d_lr", "use --lr-discriminator"),
        ("ema_decay", "use --ema"),
        ("beta1", "use --betas: both in one: --betas 0.5 0.999"),
        ("manualSeed", "use --seed"),
        ("nz", "use --latent"),
        ("clip_value", "use --weight-clip: it clips weights; of gradients the norm: --grad-clip"),
        ("gradient_accumulation_steps", "use --accumulate: batches so many times as large"),
        ("batch_gpu", "use --accumulate: batch / batch-gpu"),
        ("l2_reg", "use --weight-decay"),
        ("adam_epsilon", "use --eps"),
        ("early_stopping", "use --patience: in evaluations"),
        ("mirror", "use --flip"),
        ("freezeD", "use --discriminator.freeze"),
        ("pretrained", "use --from"),
        ("lambda_gp", "use --gradient-penalty"),
        ("num_d_steps", "use --n-critic"),
        ("fp16", "use --precision: --precision bf16"),
        ("num_classes", "there is none: the data say it"),
        ("num_images", "use --evaluate-samples"),
        ("outdir", "use --out"),
    ],
)
def test_settings_by_meaning_on_the_command_line_and_in_python(capfd, tmp_path, monkeypatch, name, line):
    monkeypatch.chdir(tmp_path)
    from gansmith.cli.main import main

    assert main(["train", "nsgan", f"--{name.replace('_', '-')}", *([] if name == "no_cuda" else ["3"])]) == 2
    out, err = capfd.readouterr()
    assert out == "" and err.count("\n") == 1 and line in err and len(err) < 200
    if name != "no_cuda":
        with pytest.raises(GansmithError) as caught:
            gansmith.train("nsgan", **{name: 3})
        assert line in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("sample run --num-images 5", "unknown flag '--num-images': use --count"),
        ("evaluate run --num-samples 5", "use --samples"),
        ("sample run --psi 5", "use --truncation"),
        ("generate run", "unknown command 'generate': use 'sample'"),
        ("calc-metrics run", "use 'evaluate'"),
        ("train stylegan2", "unknown recipe 'stylegan2': there is none; r3gan is its modern baseline"),
        ("train nsgan --loss bce", "unknown loss 'bce': use 'nonsaturating'"),
        ("train nsgan --loss lsgan", "use 'least-squares'"),
        ("train nsgan --data cifar10", "--data hub:uoft-cs/cifar10"),
        ("train nsgan --size 64", "as other tools have it, use --image-size"),
        ("train nsgan --gamma 10", "as other tools have it, use --r1: StyleGAN's γ is the same"),
        ("train nsgan -lr 1", "-lr: no such argument; write --lr (see"),
        ("train nsgan steps=5", "steps=5: no such argument; write --steps 5 (see"),
        ("evaluate digits --features dinov2", "give your own function or network"),
        ("train nsgan --data ring --best-by inception-score", "unknown metric 'inception-score': use 'score'"),
        ("train nsgan --qqq 1", "unknown setting 'qqq': gansmith train RECIPE --help-all lists them all"),
        ("train nsgan --hepl", "unknown flag '--hepl': did you mean '--help'?"),
        ("train nsgan --ouut x", "unknown flag '--ouut': did you mean '--out'?"),
        ("sweep nsgan --sedes 3", "unknown flag '--sedes': did you mean '--seeds'?"),
        ("sweep nsgan --num-seeds 3", "use --seeds"),
        ("sweep nsgan epochs=1,2", "use --steps: an epoch"),
    ],
)
def test_other_names_by_meaning(capfd, tmp_path, monkeypatch, arguments, line):
    monkeypatch.chdir(tmp_path)
    from gansmith.cli.main import main

    assert main(arguments.split()) == 2
    out, err = capfd.readouterr()
    assert out == "" and err.count("\n") == 1 and line in err and len(err) < 300
    assert not list(tmp_path.iterdir())


def test_a_verb_answers_with_its_own_flags_alone():
    assert meant("flag", "--epochs", ["--count"]) is None
    assert meant("flag", "--batch-size", ["--batch"]) == "use --batch"
    assert not list(meanings("label", "gan"))


def test_spelling_helps_where_it_is_near_and_only_there():
    many = [f"setting_{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert "did you mean 'setting_a'?" in str(unknown("setting", "seting_a", many, "the list"))
    assert str(unknown("setting", "information_", ["iterate", *many], "see the list")).endswith(": see the list")
    assert str(unknown("setting", "sett", many)).count(" or ") == 4  # not all 26 that begin like it
