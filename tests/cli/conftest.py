"""Running commands in this process, and small files to give to them."""

import shutil

import datasets
import numpy as np
import pytest
from PIL import Image

from gansmith.cli.main import main

SMALL = ["--hidden", 4, "--width", 4, "--latent", 2, "--batch", 4, "--device", "cpu"]


def contents(folder):
    return {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}


@pytest.fixture(autouse=True)
def here(tmp_path, tmp_path_factory, monkeypatch):
    """An empty folder to run commands in; what the datasets library writes goes elsewhere."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path_factory.mktemp("cache"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(capfd):
    """Runs a command and returns its exit code and what it wrote to stdout and stderr."""

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        return code, *capfd.readouterr()

    return run


@pytest.fixture(scope="session")
def played():
    """What commands left behind, by command, module and the folder that they ran in."""
    return {}


@pytest.fixture
def once(command, here, played, tmp_path_factory, request):
    """Runs a command that has to succeed; the same one in the same folder again is a copy of what it left."""

    def run(*arguments):
        given = frozenset((path.relative_to(here), content) for path, content in contents(here).items())
        key = (request.module.__name__, tuple(map(str, arguments)), given)
        if key not in played:
            code, out, err = command(*arguments)
            assert code == 0, err
            played[key] = out, tmp_path_factory.mktemp("played") / "left"
            shutil.copytree(here, played[key][1])
        else:
            shutil.copytree(played[key][1], here, dirs_exist_ok=True)
        return played[key][0]

    return run


@pytest.fixture
def mistake(command, here):
    """Runs a command that has to fail with exit code 2, one line, and every file as it was; returns the line."""

    def line_of(*arguments):
        before = contents(here)
        code, out, err = command(*arguments)
        assert (code, out) == (2, ""), err
        assert err.startswith("gansmith: ") and err.count("\n") == 1 and err.endswith("\n"), err
        assert len(err) < 1200 and "Traceback" not in err
        assert contents(here) == before
        return err

    return line_of


@pytest.fixture
def pixels():
    return np.random.default_rng(0).integers(0, 256, (6, 8, 8), dtype=np.uint8)


@pytest.fixture
def pictures(here, pixels):
    """A folder of six gray JPEG files."""
    folder = here / "pictures"
    folder.mkdir()
    for i, image in enumerate(pixels):
        Image.fromarray(image).save(folder / f"{i}.jpg")
    return folder


@pytest.fixture
def run(here, once):
    """A run folder of two steps on the plane."""
    assert once("train", "nsgan", "--data", "ring", "--steps", 2, "--out", "run", *SMALL) == "run\n"
    return here / "run"
