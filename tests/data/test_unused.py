"""A setting that data make no use of is refused in one line: before, most of these went by without a word."""

import datasets
import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
from gansmith.cli.main import main
from gansmith.data import Source, open_dataset
from gansmith.data.memory import from_memory
from gansmith.data.opening import kind_of
from gansmith.data.unused import ANYWHERE, USED, without_unused
from gansmith.errors import GansmithError
from gansmith.training.assemble import assemble

SAID = {
    "fit": "pad",
    "values": (0.0, 1.0),
    "background": "black",
    "split": "train",
    "skip": "*x",
    "label_bins": 3,
    "as_": "vectors",
}


@pytest.mark.parametrize("name", ["ring", "normal", "digits", "portraits:64", "stacked:digits"])
@pytest.mark.parametrize("setting", SAID)
def test_built_in_sets_refuse_all_that_is_of_files(name, setting):
    flag = f"--{setting.rstrip('_').replace('_', '-')}"
    with pytest.raises(GansmithError, match=f"{flag} .*{name.removeprefix('stacked:')} is built in and makes no use"):
        open_dataset(Source(name, **{setting: SAID[setting]}))


def test_the_command_line_says_so_and_writes_nothing(tmp_path, capsys):
    flags = ["--data", "digits", "--fit", "pad", "--steps", "2", "--out", str(tmp_path / "run")]
    assert main(["train", "dcgan", *flags]) == 2
    assert "--fit pad: digits is built in and makes no use of it: leave it out" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.fixture
def files(tmp_path):
    np.save(tmp_path / "v.npy", np.random.default_rng(0).normal(size=(64, 3)))
    np.save(tmp_path / "im.npy", np.arange(8 * 64, dtype=np.uint8).reshape(8, 8, 8))
    np.savez(tmp_path / "im.npz", x=np.arange(8 * 64, dtype=np.uint8).reshape(8, 8, 8), y=np.arange(8) % 2)
    (tmp_path / "pics").mkdir()
    for i in range(4):
        Image.fromarray(np.full((8, 8), i * 80, np.uint8)).save(tmp_path / "pics" / f"{i}.png")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "setting", "told"),
    [
        ("v.npy", "fit", r"--fit pad: v\.npy \(vectors\) makes no use"),
        ("v.npy", "values", r"--values 0 1: v\.npy \(vectors\)"),
        ("v.npy", "skip", r"--skip \*x: v\.npy \(an array\)"),
        ("im.npy", "label_bins", r"--label-bins 3: im\.npy \(an array\)"),
        ("im.npz", "skip", r"--skip \*x: im\.npz \(arrays by name\)"),
        ("pics", "label_bins", r"--label-bins 3: pics \(a folder of pictures\)"),
    ],
)
def test_files_refuse_what_is_not_of_their_kind(files, name, setting, told):
    with pytest.raises(GansmithError, match=told):
        open_dataset(Source(str(files / name), **{setting: SAID[setting]}))


def test_data_in_python_refuse_what_is_of_files():
    x = torch.rand(8, 1, 8, 8)
    with pytest.raises(GansmithError, match=r"--split train: data \(arrays in Python\) makes no use"):
        from_memory(x, source=Source("data", split="train"))
    with pytest.raises(GansmithError, match=r"--fit pad: data \(data with minibatches of their own\)"):
        from_memory(open_dataset(Source("ring")), source=Source("data", fit="pad"))
    assert from_memory(x, source=Source("data", fit="pad", background="black")).count == 8


def test_a_size_of_pictures_is_refused_where_there_are_none(files, capsys):
    with pytest.raises(GansmithError, match="--image-size 16: 8 Gaussians on a ring are vectors: leave it out"):
        assemble(gansmith.recipe("nsgan", data="ring", image_size=16, device="cpu"))
    assert main(["data", str(files / "v.npy"), "--image-size", "16"]) == 2
    assert "--image-size 16: v.npy: 64 vectors of 3 numbers are vectors" in capsys.readouterr().err


def test_every_setting_is_of_some_data_or_of_all():
    used = frozenset().union(*USED.values()) | ANYWHERE
    assert used == set(Source.__dataclass_fields__)
    assert {kind_of(name) for name in ("ring", "stacked:digits", "portraits:9", "hub:a", "a.NPZ", "a.npy", "d")} < {
        *USED
    }


def test_what_a_run_said_of_its_own_data_is_left_out_for_others(files, monkeypatch):
    """A run on files of one kind is measured against files of another."""
    source = Source("x.npz", fit="pad", as_="vectors", label_bins=3, split="train")
    assert without_unused(source, "a folder of pictures") == Source("x.npz", fit="pad", as_="vectors", split="train")
    assert without_unused(source, "a toy") == Source("x.npz")
    monkeypatch.chdir(files)
    settings = {"width": 4, "batch": 4, "steps": 1, "quiet": True, "device": "cpu", "evaluate_every": 0}
    gansmith.train("dcgan", files / "run", data="pics", fit="pad", background="black", skip="*_mask.*", **settings)
    assert gansmith.evaluate(files / "run", "im.npy", "raw", 16).metrics["fid"] > 0
    assert gansmith.evaluate(files / "run", "digits", "raw", 16).metrics["fid"] > 0


def test_rows_given_in_python_name_no_files_of_this_machine(tmp_path, files):
    """Before, whatever picture a row named became part of the data."""
    features = datasets.Features({"image": datasets.Image(decode=False)})
    cells = [{"bytes": None, "path": str(files / "pics" / "0.png")}] * 3
    rows = datasets.Dataset.from_dict({"image": cells}, features)
    with pytest.raises(GansmithError, match=r"column 'image' names /.* and holds no bytes: .*row\['image'\] for"):
        from_memory(rows)
    whole = [{"bytes": (files / "pics" / "0.png").read_bytes(), "path": "a.png"}] * 3
    assert from_memory(datasets.Dataset.from_dict({"image": whole}, features)).count == 3
    decoded = rows.cast_column("image", datasets.Image())
    assert from_memory([row["image"] for row in decoded]).count == 3
