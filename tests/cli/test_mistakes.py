"""Bad input: one clear line, exit code 2, nothing lost."""

import subprocess
import sys

import datasets
import numpy as np
import pytest
from PIL import Image

SMALL = ["--hidden", 4, "--width", 4, "--latent", 2, "--batch", 4, "--device", "cpu"]


@pytest.mark.parametrize(
    "arguments, told",
    [
        ("trian nsgan", "unknown command 'trian': did you mean 'train'?"),
        ("train", "which recipe?"),
        ("train --steps 5", "which recipe?"),
        ("train dcgann", "unknown recipe 'dcgann': did you mean 'dcgan'?"),
        ("train nsgan --stepz 5", "unknown setting 'stepz': did you mean 'steps'?"),
        ("train nsgan --name x", "unknown setting 'name'"),
        ("train nsgan --steps abc", "--steps abc: must be a whole number (see gansmith train nsgan --help)"),
        ("train nsgan --loss foo", "unknown loss 'foo': Known: ebgan, hinge, least-squares"),
        ("train nsgan --steps -3", "steps = -3 must be at least 1"),
        ("train nsgan --batch 0", "batch = 0 must be at least 1"),
        ("train nsgan --lr-generator nan", "--generator.lr nan: must be a number (see gansmith train nsgan --help)"),
        ("train nsgan --optimizer adam", "did you mean 'Adam'?"),
        ("train nsgan --device tpu", "--device tpu: use auto, cpu, cuda, cuda:N or mps"),
        ("train nsgan --data rings", "unknown data set 'rings': did you mean 'ring'?"),
        ("train nsgan --data ring --label-column y", "--label-column y: ring is built in and has no columns"),
        ("train nsgan --data digits --image-size 0", "image_size = 0 must be at least 1"),
        ("train dcgan --data digits --image-size 28", "not 28: use --image-size 32"),
        ("train nsgan --workers -1", "workers = -1 must be at least 0"),
        ("train nsgan --resident-limit -1", "resident_limit = -1 must be at least 0"),
        ("resume nowhere", "nowhere is no run folder"),
        ("sample nowhere", "nowhere is no run folder"),
        ("sample", "RUN is missing (see gansmith sample --help)"),
        ("data nothing/here.png", "no built-in set, file or folder of that name"),
        ("data ylecun/mnist", "hub:OWNER/NAME"),
        ("data hub:./no-such-folder", "--data hub:./no-such-folder: cannot be loaded"),
        ("recipes all", "unknown recipe 'all'"),
        ("recipes dcgan all", "all: no such argument"),
        ("train nsgan --compile yes", "--compile yes: must be True or False"),
        ("train nsgan --no-compile True", "True: no such argument"),
        ("resume --no-trust True run", "True: no such argument"),
        ("train nsgan --no-steps", "--steps False: must be a whole number"),
        ("train vanilla --width 4", "width is a setting of a component that is not there: choose network = dcgan"),
        ("train nsgan --margin 2", "margin is a setting of a component that is not there: choose loss = ebgan"),
        ("theory saddel", "unknown figure 'saddel': did you mean 'saddle'?"),
        ("theory saddle --out saddle.jpg", "--out saddle.jpg: use FILE.png, FILE.gif, FILE.pdf or FILE.svg"),
        ("theory all --out all.png", "--out all.png: all figures need a folder"),
        ("train nsgan --threads 0", "threads = 0 must be at least 1"),
        ("train nsgan --precision tf32 --device cpu", "precision = tf32 is a CUDA device's"),
        ("train replay --compile True", "compile = True needs steps that are all alike, not replay = 1"),
        ("train wgan --compile True --schedule linear", "not schedule = linear of RMSprop: choose one of the two"),
        ("train infogan --image-size 30", "a multiple of 4 pixels, from 8 on, not 30: use --image-size 32"),
    ],
)
def test_arguments(mistake, arguments, told):
    assert told in mistake(*arguments.split())


def test_a_hub_that_cannot_be_reached(mistake, monkeypatch):
    def patience(seconds):
        raise ConnectionError("no network")

    monkeypatch.setattr("time.sleep", patience)  # the hub's library tries again after a while
    line = mistake("data", "hub:gansmith-tests/no-such-set")
    assert "--data hub:gansmith-tests/no-such-set: cannot be loaded" in line
    assert line.endswith("check the name, --split and the network\n")


def test_folders(mistake, here, pictures):
    (here / "empty").mkdir()
    assert "--data empty: no images in this folder" in mistake("data", "./empty")
    (here / "empty" / "a.parquet").touch()
    assert "open with --data hub:empty" in mistake("data", "./empty")
    assert "--label-column kind: in a folder" in mistake("train", "nsgan", "--data", pictures, "--label-column", "kind")
    (here / "a.csv").touch()
    assert "a file must be .parquet, .npy or .npz" in mistake("data", "a.csv")
    for picture in pictures.iterdir():
        picture.write_bytes(picture.read_bytes()[:100])
    assert "none of the 6 images of pictures can be read" in mistake("train", "nsgan", "--data", pictures, *SMALL)


def test_truncated_pictures_among_good_ones_are_counted_and_skipped(command, pictures):
    for name in ("1.jpg", "4.jpg"):
        (pictures / name).write_bytes((pictures / name).read_bytes()[:100])
    code, out, err = command("data", pictures)
    assert code == 0 and out.startswith("pictures: 4 images, 8x8, gray; no labels\n")
    assert err == "gansmith: skipped 2 of 6 images of pictures: unreadable, first 1.jpg\n"


def test_arrays(mistake, here, pixels):
    def line(*flags, file="a.npz", **arrays):
        np.savez(file, **arrays)
        return mistake("data", f"./{file}", *flags)

    assert "unknown array 'imges': did you mean 'images'?" in line("--image-column", "imges", images=pixels)
    assert "unknown array 'kind'" in line("--label-column", "kind", images=pixels)
    assert "which array holds the images? Use --image-column with one of: a, b" in line(a=pixels, b=pixels)
    assert "6 samples but 5 labels" in line(images=pixels, labels=np.arange(5))
    assert "rows of 6 values are neither one-hot nor" in line("--label-column", "y", images=pixels, y=np.eye(6) / 2)
    assert "values run from 0 to 999: which are black and white? For these, --values 0 999" in line(
        images=np.linspace(0, 999, 384).reshape(6, 8, 8)
    )
    assert "some values are NaN or infinite" in line(images=np.full((6, 8, 8), np.nan))
    assert "some values are NaN or infinite" in line(x=np.array([[1.0, np.inf]]))
    assert "shape (6, 8, 8, 2) is neither" in line(images=np.zeros((6, 8, 8, 2)))
    assert "could be images or vectors" in line(images=pixels.reshape(6, 64))
    assert "holds no samples" in line(images=pixels[:0])
    assert "not real numbers" in line(images=np.array(["a", "b"]))
    assert "holds Python objects" in line(images=np.array([{}, {}]))
    np.save("a.npy", pixels)
    assert "--label-column y: a .npy file holds one array" in mistake("data", "a.npy", "--label-column", "y")
    np.savez("whole.npz", images=pixels)
    for broken in (b"junk", b"", (here / "whole.npz").read_bytes()[:300]):
        for name in ("broken.npy", "broken.npz"):
            (here / name).write_bytes(broken)
            assert f"--data {name}: not a readable array file (" in mistake("data", name)


def test_parquet_files(mistake, here, pixels, capfd):
    features = datasets.Features(
        {"photo": datasets.Image(), "back": datasets.Image(), "kind": datasets.Value("string")}
    )
    images = [Image.fromarray(image) for image in pixels]
    rows = {"photo": images, "back": images, "kind": ["a", "b", None] * 2}
    datasets.Dataset.from_dict(rows, features).to_parquet("a.parquet")
    capfd.readouterr()  # the progress of our own writing
    assert "which column holds the images? Use --image-column with one of" in mistake("data", "a.parquet")
    assert "unknown column 'foto': did you mean 'photo'?" in mistake("data", "a.parquet", "--image-column", "foto")
    assert "column 'kind' holds no images" in mistake("data", "a.parquet", "--image-column", "kind")
    chosen = ["data", "a.parquet", "--image-column", "photo", "--label-column"]
    assert "unknown column 'kinds': did you mean 'kind'?" in mistake(*chosen, "kinds")
    assert "'back': does not hold one class for every row: choose another" in mistake(*chosen, "back")
    for broken in (b"junk", (here / "a.parquet").read_bytes()[:200], b""):
        (here / "broken.parquet").write_bytes(broken)
        assert "--data broken.parquet: not a readable parquet file (" in mistake("data", "broken.parquet")


def test_libraries_add_nothing_in_a_real_process(here):
    (here / "broken.parquet").write_bytes(b"junk")
    done = subprocess.run([sys.executable, "-m", "gansmith", "data", "broken.parquet"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("gansmith: --data broken.parquet: not a readable") and done.stderr.count("\n") == 1


def test_output_never_replaces_a_run_or_a_file(mistake, run, here):
    (here / "file").write_text("precious")
    train = ["train", "nsgan", "--data", "ring", "--steps", 1, *SMALL, "--out"]
    assert "run already holds a run: go on with `gansmith resume run`" in mistake(*train, "run")
    assert "file is a file: a run needs a folder of its own" in mistake(*train, "file")
    assert "file/deeper" in mistake(*train, "file/deeper")
    assert "--out file is a file" in mistake("sample", run, "--out", "file")
    assert "has finished its 2 steps: use --steps 4" in mistake("resume", run)


def test_samples_that_cannot_be_drawn(mistake, run):
    assert "count = 0 must be at least 1" in mistake("sample", run, "--count", 0)
    assert "truncation = 2 must be in (0, 1]" in mistake("sample", run, "--truncation", 2)
    assert "--out x.jpg: use FILE.png, FILE.npz or a folder" in mistake("sample", run, "--out", "x.jpg")
    assert "--out points: vectors have no pictures of their own" in mistake("sample", run, "--out", "points")


def test_broken_run_folders(mistake, run):
    """A generator's own file still samples: it needs no config."""
    config = (run / "config.json").read_text()
    (run / "config.json").write_text(config.replace('"steps"', '"stepz"'))
    assert "unknown setting 'training.stepz': did you mean 'training.steps'?" in mistake("resume", run)
    (run / "config.json").write_text(config.replace('"format": 2', '"format": 99'))
    assert "config format 99 is not the format 2" in mistake("resume", run)
    (run / "config.json").write_text(config[:50])
    assert "is no gansmith config" in mistake("resume", run)
    (run / "config.json").write_text("[]")
    assert "is no gansmith config" in mistake("resume", run)
