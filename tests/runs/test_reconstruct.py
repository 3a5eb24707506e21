"""What a run answers about real samples: sheets, figures, and mistakes in one line."""

import json
import math
import shutil

import pytest
import torch
from PIL import Image

import gansmith
from gansmith.data import Source, open_dataset
from gansmith.data.dataset import Batch, first
from gansmith.errors import GansmithError
from gansmith.metrics.accumulators import Moments
from gansmith.metrics.answers import diversity
from gansmith.metrics.form import Form
from gansmith.metrics.frechet import frechet_distance
from gansmith.metrics.kernel import kid
from gansmith.metrics.likeness import psnr, ssim
from gansmith.metrics.spectrum import upper_energy
from gansmith.networks.seen import Masked
from gansmith.records.run_folder import RunFolder
from gansmith.runs.answering import answerer
from gansmith.training.assemble import assemble

SMALL = {"data": "digits", "width": 4, "batch": 8, "latent": 5, "steps": 4, "evaluate_every": 0, "device": "cpu"}
CPU = torch.device("cpu")
pytestmark = pytest.mark.filterwarnings("ignore:FID from")  # of few samples


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("answers")
    for name in ("inpaint", "superres", "vae", "vae-gan", "bigan", "dcgan"):
        gansmith.train(gansmith.recipe(name, **SMALL), folder / name, quiet=True)
    return folder


@pytest.mark.parametrize(("name", "columns"), [("inpaint", 5), ("superres", 5), ("vae", 4), ("bigan", 2)])
def test_a_sheet_and_figures(runs, name, columns, tmp_path):
    report = gansmith.reconstruct(runs / name, samples=100, out=tmp_path / "sheet.png", features="random")
    assert report.path == tmp_path / "sheet.json" and json.loads(report.path.read_text())["metrics"] == report.metrics
    picture = Image.open(tmp_path / "sheet.png")
    assert picture.size == (2 * columns * 66 + 2, 12 * 66 + 2)  # 24 questions in two columns, tiles of 64
    assert {"psnr", "ssim", "upper_energy", "fid", "kid", "feature_distance"} <= set(report.metrics)
    assert ("answer_diversity" in report.metrics) == (name != "bigan")  # who has one answer
    assert report.real["kid"] < report.metrics["kid"] and report.about["features"] == "random"
    assert report.about["samples"] == 100 and report.about["reference"] == 1697
    x = torch.cat([b.x for b in first(open_dataset(Source("digits", image_size=16)), 100)])
    assert report.real["upper_energy"] == pytest.approx(upper_energy(Form((1, 16, 16))(x)))


@pytest.mark.parametrize("name", ["inpaint", "vae-gan"])
def test_figures_are_those_of_the_plain_functions(runs, name, tmp_path):
    report = gansmith.reconstruct(runs / name, samples=60, out=tmp_path / "no" / "such" / "sheet.png", features="raw")
    assert (tmp_path / "no" / "such" / "sheet.png").is_file()
    whole = torch.cat([b.x for b in first(open_dataset(Source("digits", image_size=16)), None)])
    form = Form((1, 16, 16))
    targets, others = form(whole[:60]), form(whole[60:])
    answers = torch.stack(
        [form(one) for one in answerer(runs / name, "last", CPU, 0, False)[1](Batch(whole[:60]), 3).answers]
    )
    seen = [look.flatten(1).float() for look in (others, answers[0], targets)]
    moments = [Moments().update(part) for part in seen]
    error = (answers[0].double() - targets.double()).square().mean()
    unlike = (seen[2] - seen[2].roll(1, 0)).square().mean()
    wanted = {
        "psnr": 10 * math.log10(4 / float(error)),
        "ssim": float(ssim(answers[0], targets).mean()),
        "upper_energy": upper_energy(answers[0]),
        "fid": frechet_distance(moments[0], moments[1]),
        "kid": kid(seen[0], seen[1])[0],
        "feature_distance": float((seen[1] - seen[2]).square().mean() / unlike),
        "answer_diversity": diversity(answers, targets),
    }
    assert report.metrics == pytest.approx(wanted, rel=1e-4)
    assert report.real["fid"] == pytest.approx(frechet_distance(moments[0], moments[2]), rel=1e-4)
    assert report.details["psnr_mean"] == pytest.approx(float(psnr(answers[0], targets).mean()), rel=1e-5)


def test_without_a_place_they_stand_in_the_run_folder_by_what_was_asked_for(runs):
    report = gansmith.reconstruct(runs / "vae", samples=20, seed=3, features="raw")
    assert report.path == runs / "vae" / "reconstruction-seed-3.json" and report.path.with_suffix(".png").exists()


def test_a_generator_s_file_that_is_shown_something_answers_alone(runs, tmp_path):
    shutil.copy(runs / "inpaint" / "generator.safetensors", tmp_path / "one.safetensors")
    one = gansmith.reconstruct(tmp_path / "one.safetensors", data="digits", samples=30, features="raw")
    two = gansmith.reconstruct(runs / "inpaint", samples=30, features="raw", out=tmp_path / "two.png")
    assert one.metrics == two.metrics and one.path == tmp_path / "one.reconstruction-data-digits.json"


def test_answers_keep_to_what_was_shown_and_a_seed_tells_the_holes(runs):
    gan, answer = answerer(runs / "inpaint", "last", CPU, 0, False)
    real = next(iter(first(open_dataset(Source("digits", image_size=16)), 10)))
    found = answer(real, 2)
    assert found.answers.shape == (2, 10, 1, 16, 16) and gan.conditioning.seen == Masked()
    same = (found.answers == real.x).flatten(2).float().mean(dim=2)
    assert (same >= 0.75).all() and (same < 1).all()
    again, other = (answerer(runs / "inpaint", "last", CPU, seed, False)[1](real, 2) for seed in (0, 1))
    assert torch.equal(again.shown, found.shown) and torch.equal(again.answers, found.answers)
    assert not torch.equal(other.shown, found.shown)


def test_an_encoder_s_answers_are_those_of_its_checkpoint(runs):
    gan, answer = answerer(runs / "vae", "last", CPU, 0, False)
    real = next(iter(first(open_dataset(Source("digits", image_size=16)), 10)))
    one, several = answer(real, 1), answer(real, 3)
    assert one.shown is None and several.answers.shape[0] == 3
    assert not torch.equal(several.answers[0], several.answers[1])
    raw = gansmith.load(runs / "vae", generator="raw")
    assert all(torch.equal(a, b) for a, b in zip(gan.generator.parameters(), raw.generator.parameters(), strict=True))
    trainer = assemble(gansmith.recipe("vae", **SMALL))
    trainer.load_state_dict(RunFolder(runs / "vae").checkpoints().latest())
    mean = trainer.game.networks["encoder"].eval()(real.x)[:, :5]
    torch.testing.assert_close(one.answers[0], raw.generator(mean).detach())


def test_samples_of_such_runs_are_drawn_as_ever(runs):
    gan = gansmith.load(runs / "inpaint")
    assert gan.sample(7, seed=1).shape == (7, 1, 16, 16)
    assert torch.equal(gan.sample(7, seed=1), gan.sample(100, seed=1)[:7])
    alone = gansmith.load(runs / "superres" / "generator.safetensors").sample(3)
    assert torch.equal(alone, gansmith.load(runs / "superres").sample(3))


@pytest.mark.parametrize(
    ("name", "changes", "told"),
    [
        ("dcgan", {}, "dcgan neither answers pictures nor encodes them: name a run of inpaint"),
        ("vae", {"samples": 1}, "samples = 1, answers = 3: at least 2 and 1 are needed"),
        ("vae", {"out": "sheet.jpg"}, "out = .*sheet.jpg: a sheet is a picture, FILE.png"),
        ("vae/generator.safetensors", {}, "is a generator of noise: name the folder of a run with an encoder"),
        ("inpaint", {"data": "ring"}, "makes samples of shape 1x16x16"),
    ],
)
def test_mistakes_are_told_in_one_line(runs, name, changes, told):
    with pytest.raises(GansmithError, match=told) as caught:
        gansmith.reconstruct(runs / name, **changes)
    assert "\n" not in str(caught.value)
