"""`gansmith directions`, and `gansmith sample` with what it found."""

import functools
import json
import shutil

import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
from gansmith.latent import Member
from gansmith.latent import learning as fitting

TINY = ["--network", "style", "--width", 4, "--batch", 8, "--steps", 2, "--evaluate-every", 0, "--latent", 8]
FEW = ["--samples", 150, "--people", 5]
NAMES = "Young,Male,Smiling"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Predictors and responses that learn next to nothing."""
    monkeypatch.setattr(fitting, "ensemble_of", functools.partial(fitting.ensemble_of, shown=400, members=[Member(4)]))
    monkeypatch.setattr(fitting, "fit_response", functools.partial(fitting.fit_response, shown=5000))


@pytest.fixture
def faces(once, here):
    """A run of two steps on portraits, without directions."""
    data = ["--data", "portraits:60", "--image-size", 32]
    once("train", "nsgan", *data, "--out", "run", *TINY)
    return here / "run"


@pytest.fixture
def directed(once, faces):
    once("directions", "run", *FEW, "--attributes", NAMES, "--unsupervised", "none")
    return faces


def numbers(command, *words):
    code, _, err = command("sample", "run", "--count", 6, "--out", "x.npz", *words)
    assert code == 0, err
    return np.load("x.npz")["samples"]


def test_it_prints_matrices_and_leaves_axes_a_report_and_strips(command, faces):
    wanted = ["--attributes", NAMES, "--lock", "Smiling", "--out", "strips"]
    code, out, err = command("directions", "run", *FEW, *wanted)
    assert code == 0 and "labelling 150 samples of run" in err
    lines = out.splitlines()
    assert lines[-3:] == ["run/directions.safetensors", "run/directions.json", "strips"]
    for title in ("Attributes", "Moved by plain axes", "orthogonalised axes", "conditional steering", "Without labels"):
        assert title in out
    report = json.loads((faces / "directions.json").read_text())
    assert report["attributes"] == NAMES.split(",") and report["locked"] == ["Smiling"] and report["samples"] == 150
    assert report["people"] == 5 and set(report["matrices"]) >= {"plain axes", "conditional steering"}
    assert np.array(report["matrices"]["plain axes"]).shape == (3, 3)
    assert set(report["predictor"]["accuracy"]) == set(NAMES.split(","))
    assert {one["method"] for one in report["unsupervised"]} == {"closed-form", "principal-components"}
    strips = sorted(p.name for p in (faces.parent / "strips").iterdir())
    assert {"Young.png", "Male.png", "Smiling.png"} < set(strips) and len(strips) == 3 + 8 + 8
    assert Image.open(faces.parent / "strips" / "Young.png").size == (11 * 66 + 2, 5 * 66 + 2)


def test_without_a_choice_it_is_every_attribute_of_the_data(command, faces):
    assert command("directions", "run", *FEW, "--unsupervised", "none")[0] == 0
    found = gansmith.load(faces).directions
    assert len(found.names) == 26 and found.unsupervised == () and found.about["data"].startswith("portraits")


@pytest.mark.parametrize(
    ("flag", "same"),
    [
        (["--seed", 1], False),
        (["--axes", "logistic"], False),
        (["--samples", 170], False),
        (["--data", "portraits:50"], False),
        (["--lock", "Smiling"], False),
        (["--unsupervised", "closed-form"], False),
        (["--people", 6], False),
        (["--generator", "raw"], True),  # has a file of its own
        (["--device", "cpu"], True),
    ],
)
def test_every_flag_does_something(command, directed, flag, same):
    before = (directed / "directions.safetensors").read_bytes()
    wanted = [*FEW, "--attributes", NAMES, "--unsupervised", "none"]
    code, out, _ = command("directions", "run", *wanted, *flag)
    assert code == 0 and ((directed / "directions.safetensors").read_bytes() == before) == same
    assert (directed / "raw.directions.safetensors").exists() == ("raw" in flag) == ("raw.directions.json" in out)


def test_a_file_alone_keeps_them_beside_it_and_classes_are_attributes_where_there_are_no_others(command, here):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 16, 16), dtype=np.uint8)
    pixels[20:, :8] //= 4
    np.savez("d.npz", images=pixels, labels=np.array(["light", "dark"]).repeat(20))
    assert command("train", "nsgan", "--data", "d.npz", "--image-size", 16, "--out", "run", *TINY)[0] == 0
    shutil.copy("run/generator.safetensors", "faces.safetensors")
    code, out, _ = command("directions", "faces.safetensors", *FEW, "--unsupervised", "none")
    assert code == 0 and "faces.directions.safetensors\nfaces.directions.json\n" in out
    assert set(gansmith.load("faces.safetensors").directions.names) == {"light", "dark"}
    assert command("sample", "faces.safetensors", "--sliders", "dark=90")[:2] == (
        0,
        "samples-faces-seed-0-sliders-dark=90.png\n",
    )


def test_sliders_move_samples_and_the_middle_leaves_them_alone(command, directed):
    plain = numbers(command)
    assert np.array_equal(numbers(command, "--sliders", "Smiling=50,Young=50"), plain)
    moved = numbers(command, "--sliders", "Smiling=80,Young=20")
    gan = gansmith.load(directed)
    assert np.array_equal(moved, gan.steer(gan.latents(6, 0), {"Smiling": 80, "Young": 20}).numpy())
    assert not np.array_equal(moved, plain)
    assert not np.array_equal(numbers(command, "--sliders", "Smiling=80"), moved)
    quick = numbers(command, "--sliders", "Smiling=80", "--quick")
    assert np.array_equal(quick, gan.steer(gan.latents(6, 0), {"Smiling": 80}, quick=True).numpy())
    assert not np.array_equal(quick, numbers(command, "--sliders", "Smiling=80"))


def test_hold_says_what_must_stay(command, directed):
    gan = gansmith.load(directed)
    z, plain = gan.latents(6, 3), gan.sample(6, 3).numpy()
    cases = {(): None, ("none",): [], ("Young",): ["Young"], ("Young, Smiling",): ["Young", "Smiling"]}
    found = [
        numbers(command, "--seed", 3, "--sliders", "Male=90", *(["--hold", *words] if words else [])) for words in cases
    ]
    for samples, hold in zip(found, cases.values(), strict=True):
        assert np.array_equal(samples, gan.steer(z, {"Male": 90}, hold).numpy()) and not np.array_equal(samples, plain)
    assert len({samples.tobytes() for samples in found}) >= 3  # by default it may be any of the others


def test_differences_are_added_and_taken_away(command, faces):
    assert command("directions", "run", *FEW, "--unsupervised", "none")[0] == 0
    gan = gansmith.load(faces)
    z, plain = gan.latents(6, 3), gan.sample(6, 3)
    name = next(n for n, k in zip(gan.directions.names, gan.directions.having, strict=True) if 0 < int(k) < 150)
    more, less = (numbers(command, "--seed", 3, flag, name) for flag in ("--add", "--subtract"))
    assert np.array_equal(more, gan.steer(z, add=[name]).numpy())
    assert np.array_equal(less, gan.steer(z, subtract=[name]).numpy())
    assert not np.array_equal(more, less) and not np.array_equal(more, plain.numpy())
    assert np.abs(numbers(command, "--seed", 3, "--add", name, "--subtract", name) - plain.numpy()).max() < 1e-4


def test_names_keep_what_was_moved(command, directed):
    words = [["--sliders", "Male=90"], ["--sliders", "Male=90", "--hold", "none"], ["--sliders", "Male=80"]]
    names = [command("sample", "run", "--count", 2, *one)[1].strip() for one in words]
    assert names[:2] == [f"run/samples-seed-0-count-2-sliders-Male=90{more}.png" for more in ("", "-hold-none")]
    assert len(set(names)) == 3


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--sliders", "Smilling=80"], "unknown attribute 'Smilling': did you mean 'Smiling'?"),
        (["--sliders", "Smiling=101"], "slider Smiling = 101 must be in [0, 100]; 50 leaves the person alone"),
        (["--sliders", "Smiling=-1"], "slider Smiling = -1 must be in [0, 100]"),
        (["--sliders", "Smiling=nan"], "slider Smiling = nan must be in [0, 100]"),
        (["--sliders", "Smiling"], "--sliders Smiling: write NAME=NUMBER with commas between them"),
        (["--sliders", "Smiling=80", "--hold", "Hat"], "unknown attribute 'Hat'"),
        (["--sliders", "Smiling=80", "--hold", "Smiling"], "hold: Smiling is moved by a slider of its own"),
        (["--hold", "Smiling"], "--hold Smiling: nothing moves; say what does, --sliders Smiling=80"),
        (["--quick"], "--quick is about sliders, and none moves: --sliders Smiling=80"),
        (["--add", "Hat"], "unknown attribute 'Hat'"),
        (["--subtract", "Hat"], "unknown attribute 'Hat'"),
    ],
)
def test_mistakes_of_sliders_are_one_line(mistake, directed, words, line):
    assert line in mistake("sample", "run", *words)


def test_a_generator_without_axes_or_with_another_s(mistake, command, directed, here):
    shutil.copytree(directed, here / "other")
    (here / "other" / "directions.safetensors").unlink()
    line = mistake("sample", "other", "--sliders", "Smiling=80")
    assert "other has no axes yet, other/directions.safetensors: learn them first, `gansmith directions other`" in line
    assert "`gansmith directions run --generator raw`" in mistake(
        "sample", "run", "--sliders", "Smiling=80", "--generator", "raw"
    )
    assert command("resume", "run", "--steps", 3)[0] == 0
    line = mistake("sample", "run", "--sliders", "Smiling=80")
    assert "run/directions.safetensors holds axes of another generator, or of this one before it was trained" in line
    assert line.endswith("learn them anew, `gansmith directions run`\n")
    (directed / "directions.safetensors").write_bytes(b"junk")
    assert "run/directions.safetensors cannot be read as axes" in mistake("sample", "run", "--add", "Male")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--attributes", "Yung"], "unknown attribute 'Yung': did you mean 'Young'?"),
        (["--attributes", NAMES, "--lock", "Hat"], "unknown attribute 'Hat'"),
        (["--attributes", NAMES, "--lock", "Bald"], "unknown attribute 'Bald'"),
        (["--samples", 99], "samples = 99 must be at least 100"),
        (["--people", 1], "people = 1 must be at least 2"),
        (["--axes", "curved"], "--axes curved"),
        (["--unsupervised", "some"], "--unsupervised some"),
        (["--data", "nowhere/x.npz"], "nowhere/x.npz"),
        (["--out", "strips.png"], "--out strips.png: strips need a new folder"),
        (["--out", "run"], "--out run already holds files: choose a new folder"),
    ],
)
def test_mistakes_of_directions_are_one_line(mistake, faces, words, line):
    assert line in mistake("directions", "run", *words)


def test_a_place_that_cannot_be_written_to_is_told_before_anything_is_learnt(mistake, faces, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    monkeypatch.setattr(fitting, "ensemble_of", None)
    assert "run cannot be written to: copy the generator to a folder of your own" in mistake("directions", "run")


def test_what_has_no_attributes_to_learn_is_one_line(mistake, command, run, pictures):
    assert "run makes vectors: attributes are read from images" in mistake("directions", "run")
    assert command("train", "nsgan", "--data", pictures, "--image-size", 8, "--out", "gray", *TINY)[0] == 0
    line = mistake("directions", "gray")
    assert "nothing is known of these images: name data with attributes or labels, such as --data portraits" in line
    assert "portraits are drawn 32 to 128 pixels wide" in mistake("directions", "gray", "--data", "portraits:60")
    assert "nowhere is no run folder" in mistake("directions", "nowhere")


def test_in_python_they_are_with_the_generator_at_once(faces):
    gan = gansmith.load(faces)
    found = gansmith.directions(gan, attributes=["Young", "Male"], samples=150, people=5, without_labels="none")
    assert found.path == faces / "directions.safetensors" and gan.directions is found
    z = torch.randn(3, 8)
    moved = gan.steer(z, {"Male": 80}, hold=["Young"])
    assert torch.equal(gansmith.load(faces).steer(z, {"Male": 80}, hold=["Young"]), moved)
    kept = gansmith.load(faces / "generator.safetensors")
    assert torch.equal(kept.steer(z, {"Male": 80}, hold=["Young"]), moved)


def test_what_train_returns_keeps_them_in_its_run_or_in_memory(here):
    wanted = {"attributes": ["Young", "Male"], "samples": 150, "people": 5, "without_labels": "none"}
    settings = {"network": "style", "width": 4, "batch": 8, "steps": 2, "latent": 8, "evaluate_every": 0}
    settings |= {"data": "portraits:60", "image_size": 32, "quiet": True, "device": "cpu"}
    z = torch.randn(3, 8)
    kept, loose = (gansmith.train("nsgan", out=out, **settings) for out in ("run", None))
    moved = [(gansmith.directions(gan, **wanted), gan.steer(z, {"Male": 80}))[1] for gan in (kept, loose)]
    assert torch.equal(moved[0], moved[1])
    assert torch.equal(gansmith.load("run").steer(z, {"Male": 80}), moved[0])
    assert loose.directions.path is None and kept.directions.path.name == "directions.safetensors"
    assert {p.name for p in here.iterdir()} == {"run"}


OWN = """import torch
from gansmith.data.images import Resident

def squares():
    pixels = torch.randint(0, 256, (40, 3, 16, 16), dtype=torch.uint8)
    return Resident(pixels, None, [], "squares", pixels[:, :2].float().mean((2, 3)) / 255, ["Red", "Green"])
"""


def test_data_of_one_s_own_need_trust(command, mistake, here, monkeypatch):
    (here / "own_squares.py").write_text(OWN)
    monkeypatch.syspath_prepend(here)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    data = ["--data", "own_squares:squares", "--image-size", 16]
    assert command("train", "nsgan", *data, "--out", "run", *TINY)[0] == 0
    wanted = ["directions", "run", *FEW, "--unsupervised", "none"]
    assert "own_squares:squares" in (line := mistake(*wanted)) and "--trust" in line
    assert command(*wanted, "--trust")[0] == 0
    assert command("sample", "run", "--sliders", "Red=70")[0] == 0  # the axes need no data
