"""One file is a trained generator, whole: it needs neither its run nor its data's labels, and imports nothing."""

import json
import shutil
import subprocess
import sys

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

import gansmith
from gansmith.errors import GansmithError
from gansmith.generators import file
from gansmith.recipes.composition import to_dict
from gansmith.runs.loading import is_generator

TINY = {"steps": 3, "batch": 12, "hidden": 8, "latent": 5, "evaluate_every": 0}
IMAGES = TINY | {"width": 4, "image_size": 8}
RUNS = {
    "vectors": ("nsgan", TINY | {"data": "ring"}),
    "images": ("dcgan", IMAGES),
    "conditional": ("cdcgan", IMAGES),
    "attributes": ("attribute-gan", IMAGES),
    "codes": ("infogan", IMAGES),
}
ALONE = """
import json, os, sys
import gansmith
gan = gansmith.load("alone.safetensors")
report = gansmith.evaluate("alone.safetensors", samples=400, features=sys.argv[1])
print(json.dumps({
    "samples": gan.sample(5, seed=3).flatten().tolist(), "metrics": report.metrics, "run": gan.run, "step": gan.step,
    "name": gan.name, "path": str(report.path), "about": report.about,
}))
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Every kind of run twice, in two folders."""
    folder = tmp_path_factory.mktemp("runs")
    for name, (recipe, settings) in RUNS.items():
        for again in ("", "-again"):
            gansmith.train(gansmith.recipe(recipe, **settings), folder / f"{name}{again}", quiet=True)
    return folder


@pytest.mark.parametrize("name", RUNS)
def test_a_file_alone_is_loaded_drawn_from_and_measured(runs, name, tmp_path):
    shutil.copy(runs / name / "generator.safetensors", tmp_path / "alone.safetensors")
    features = "raw" if name == "vectors" else "random"
    command = [sys.executable, "-c", ALONE, features]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    gan = gansmith.load(runs / name)
    torch.testing.assert_close(torch.tensor(found["samples"]), gan.sample(5, seed=3).flatten(), rtol=1e-5, atol=1e-6)
    report = gansmith.evaluate(runs / name, samples=400, features=features)
    assert found["metrics"] == pytest.approx(report.metrics, rel=1e-4)
    assert (found["run"], found["step"], found["name"]) == (None, 3, "alone") and found["about"]["run"] == "alone"
    left = {p.name for p in tmp_path.iterdir()}
    pictures = {"alone.nearest-random-samples-400.png"} if name != "vectors" else set()
    figures = f"alone.metrics-{features}-samples-400.json"
    assert left == {"alone.safetensors", figures} | pictures and found["path"] == figures


@pytest.mark.parametrize("name", RUNS)
def test_the_same_run_twice_is_the_same_bytes(runs, name):
    one, other = (runs / f"{name}{again}" / "generator.safetensors" for again in ("", "-again"))
    assert one.read_bytes() == other.read_bytes()
    with safe_open(one, "pt") as opened:
        assert str(runs) not in str(opened.metadata())  # where it was trained is nobody's business


def test_what_is_written_is_what_is_read(untrained, kind, tmp_path):
    gan, family = untrained(kind)
    path = tmp_path / "x.safetensors"
    path.write_bytes(file.content(gan, family))
    back = file.load(path)
    for part in ("shape", "prior", "conditioning", "vocabulary", "condition", "made_by", "step", "recipe"):
        assert getattr(back, part) == getattr(gan, part), part
    assert torch.equal(back.sample(70, seed=1), gan.sample(70, seed=1))
    assert (back.file, back.run, back.name, gan.name) == (path, None, "x", "test") and file.step_of(path) == 7
    assert file.content(back, family) == path.read_bytes()
    assert not any(p.requires_grad for p in back.generator.parameters()) and not back.generator.training


def test_a_run_and_its_file_are_told_apart_by_name_and_place(runs):
    run, alone = gansmith.load(runs / "images"), gansmith.load(runs / "images" / "generator.safetensors")
    assert (run.run, run.name, alone.run, alone.name) == (runs / "images", "images", None, "generator")
    assert run.made_by == alone.made_by and alone.made_by["recipe"] == to_dict(gansmith.recipe("dcgan", **IMAGES))
    assert torch.equal(run.sample(3), alone.sample(3))
    assert is_generator(runs / "images") and is_generator(str(alone.file)) and not is_generator("digits")
    assert not is_generator(runs / "images" / "config.json") and not is_generator(runs)


def one_line(path, **how):
    with pytest.raises(GansmithError) as caught:
        gansmith.load(path, **how)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_is_no_generator_is_one_line(runs, tmp_path):
    whole = (runs / "images" / "generator.safetensors").read_bytes()
    path = tmp_path / "x.safetensors"
    for content in (b"", b"junk", b"PK\x03\x04" * 30, whole[:5], whole[:200], whole[:-1], whole + b"more"):
        path.write_bytes(content)
        assert f"{path} is no generator (" in one_line(path)
        assert "give a run folder or its .safetensors file" in one_line(path)


def test_weights_without_a_description_are_one_line(runs, tmp_path):
    path = tmp_path / "x.safetensors"
    gan = gansmith.load(runs / "images")
    tensors = {name: value.contiguous() for name, value in gan.generator.state_dict().items()}
    save_file(tensors, path)
    assert f"{path} does not describe itself as a generator of format 1: load its run folder" in one_line(path)
    for description in ({"format": 99}, {"format": 1}, [], {"format": 1, "family": "dcgan"}):
        save_file(tensors, path, {"gansmith": json.dumps(description)})
        assert str(path) in one_line(path), description
    save_file(tensors, path, {"gansmith": "{"})
    assert "is no generator" in one_line(path)
    with safe_open(runs / "codes" / "generator.safetensors", "pt") as other:  # one of another form
        save_file(tensors, path, other.metadata())
    assert "does not fit the generator" in one_line(path)


@pytest.fixture
def own_module(tmp_path, monkeypatch):
    """A module of a user's own that leaves a trace where it is imported."""
    folder = tmp_path / "code"
    folder.mkdir()
    code = f"""
import pathlib
from dataclasses import dataclass
from gansmith.data import Source
from gansmith.networks import DCGAN
pathlib.Path({str(tmp_path / "trace")!r}).touch()

@dataclass(frozen=True)
class Own(DCGAN):
    pass

@dataclass(frozen=True)
class OwnSource(Source):
    pass

def features(x):
    return x.flatten(1)
"""
    (folder / "my_own_code.py").write_text(code)
    monkeypatch.syspath_prepend(str(folder))
    yield tmp_path / "trace"
    sys.modules.pop("my_own_code", None)


def described(source, path, change):
    """Copy a file with another description."""
    with safe_open(source, "pt") as opened:
        about = opened.metadata()
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - no mapping
    description = json.loads(about["gansmith"])
    change(description)
    save_file(tensors, path, about | {"gansmith": json.dumps(description)})


def test_code_of_a_user_s_own_is_named_and_not_imported_unless_trusted(runs, own_module, tmp_path):
    path = tmp_path / "x.safetensors"
    source = runs / "images" / "generator.safetensors"
    described(source, path, lambda d: d["family"].update(type="my_own_code:Own"))
    told = f"{path} is made with code of its own, my_own_code:Own: use --trust to import it"
    assert told in one_line(path) and told in one_line(path, networks=None)
    with pytest.raises(GansmithError, match="my_own_code:Own: use --trust"):
        gansmith.evaluate(path, features="random")
    with pytest.raises(GansmithError, match="my_own_code:Own: use --trust"):
        gansmith.compare([source, path], features="random")
    assert not own_module.exists() and "my_own_code" not in sys.modules
    gan = gansmith.load(path, trust=True)
    assert own_module.exists() and torch.equal(gan.sample(3), gansmith.load(source).sample(3))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda r: r["source"].update(type="my_own_code:OwnSource"), "my_own_code:OwnSource"),
        (lambda r: r["evaluation"].update(features="my_own_code:features"), "my_own_code:features"),
    ],
    ids=["source", "features"],
)
def test_neither_is_code_that_a_file_would_be_measured_with(runs, own_module, tmp_path, change, named):
    path = tmp_path / "x.safetensors"
    source = runs / "images" / "generator.safetensors"
    described(source, path, lambda d: change(d["made_by"]["recipe"]))
    assert torch.equal(gansmith.load(path).sample(3), gansmith.load(source).sample(3))  # sampling needs none of it
    for measure in (
        lambda **how: gansmith.evaluate(path, samples=50, **how),
        lambda **how: gansmith.compare([path, source], samples=50, data="digits", **how),
    ):
        with pytest.raises(GansmithError, match=named):
            measure()
        assert not own_module.exists() and "my_own_code" not in sys.modules
        assert measure(trust=True)
        own_module.unlink()
        del sys.modules["my_own_code"]


def test_own_networks_are_passed_along(tmp_path):
    torch.manual_seed(0)
    generator = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 2))
    pair = generator, nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
    recipe = gansmith.recipe("nsgan", **TINY, data="ring")
    gan = gansmith.train(recipe, tmp_path / "run", pair, quiet=True)
    path = tmp_path / "alone.safetensors"
    shutil.copy(tmp_path / "run" / "generator.safetensors", path)
    assert "with networks of your own: pass the generator as networks=" in one_line(path)
    before = [p.clone() for p in generator.parameters()]
    for networks in (pair, generator):
        loaded = gansmith.load(path, networks)
        assert torch.equal(loaded.sample(9, seed=1), gan.sample(9, seed=1)) and loaded.generator is not generator
    assert all(torch.equal(p, q) for p, q in zip(generator.parameters(), before, strict=True))
    assert "does not fit the generator" in one_line(path, networks=nn.Linear(5, 2))
    assert gansmith.evaluate(loaded, samples=100).path == tmp_path / "alone.metrics-samples-100.json"


def test_the_best_generator_describes_itself_too(tmp_path):
    recipe = gansmith.recipe("nsgan", **TINY | {"evaluate_every": 2, "evaluate_samples": 70}, data="ring")
    gansmith.train(recipe, tmp_path / "run", quiet=True)
    best, alone = gansmith.load(tmp_path / "run", generator="best"), gansmith.load(tmp_path / "run/best.safetensors")
    assert best.step == alone.step and torch.equal(best.sample(3), alone.sample(3))
