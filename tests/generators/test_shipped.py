"""The generator of faces that comes with gansmith: its samples, its name, and what its file says of it."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
from gansmith.cli.main import main
from gansmith.data.images import to_bytes
from gansmith.errors import GansmithError
from gansmith.generators.file import shipped

SEEN = Path(__file__).parent / "faces-0.png"  # gansmith.load("faces").sample(4, seed=0), side by side


def test_samples_are_those_that_were_seen_when_it_was_made():
    x = to_bytes(gansmith.load("faces").sample(4, seed=0)).int()
    seen = torch.from_numpy(np.array(Image.open(SEEN))).permute(2, 0, 1).unfold(2, 64, 64).permute(2, 0, 1, 3).int()
    assert x.shape == seen.shape == (4, 3, 64, 64)
    assert (x - seen).abs().max() <= 1 and seen.float().std() > 40


def test_its_file_says_how_it_was_made_and_what_it_reaches():
    path = shipped("faces")
    assert path is not None and path.stat().st_size < 8e6
    made_by = gansmith.load("faces").made_by
    assert made_by["command"].startswith("gansmith train style") and made_by["recipe"]["source"]["data"] == "portraits"
    assert made_by["step"] == made_by["recipe"]["training"]["steps"]
    assert {"KID, hidden", "precision, attributes", "recall, attributes"} <= set(made_by["figures"])


def test_the_name_stands_where_a_run_is_expected(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["sample", "faces", "--count", "2", "--seed", "5"]) == 0
    (made,) = tmp_path.glob("*.png")
    assert Image.open(made).size[0] > 100 and str(made.name) in capsys.readouterr().out


def test_a_folder_of_that_name_wins(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    gan = gansmith.train("nsgan", "faces", data="ring", steps=1, quiet=True, evaluate_every=0, hidden=4)
    assert gansmith.load("faces").shape == gan.shape == (2,)


@pytest.mark.parametrize("ask", [{"labels": ["3"]}, {"attributes": {"Smiling": 1.0}}])
def test_it_is_not_conditional(ask):
    with pytest.raises(GansmithError):
        gansmith.load("faces").sample(2, **ask)


def test_its_sliders_come_with_it():
    gan = gansmith.load("faces")
    assert {"Young", "Smiling", "Male", "Brown_Hair"} <= set(gan.directions.names)
    z = gan.latents(2, seed=3)
    assert torch.equal(gan.steer(z, {"Male": 50}), gan.sample(latents=z))
    assert (gan.steer(z, {"Male": 90}) - gan.sample(latents=z)).abs().mean() > 0.01
