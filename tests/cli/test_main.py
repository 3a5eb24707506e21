"""The command line as a whole: help, exit codes, and the verbs from train to sample."""

import json
import re
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from gansmith import __version__
from gansmith.cli import main as door
from gansmith.cli.main import VERBS
from gansmith.errors import DivergedError
from gansmith.recipes import RECIPES
from gansmith.settings import Setting, View, walk

SMALL = ["--hidden", 4, "--width", 4, "--latent", 2, "--batch", 4, "--device", "cpu"]


def test_help_comes_without_torch_and_at_once():
    code = "import sys; import gansmith, gansmith.cli.main as m; m.main(['--help']); sys.exit('torch' in sys.modules)"
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.5
    assert done.stderr == "" and all(verb in done.stdout for verb in VERBS)


@pytest.mark.parametrize("arguments", [["recipes"], ["train", "nsgan", "--help"]], ids=["short", "long"])
def test_output_can_be_cut_short(arguments):
    pipe, command = subprocess.PIPE, [sys.executable, "-m", "gansmith", *arguments]
    with subprocess.Popen(command, stdout=pipe, stderr=pipe) as gansmith:
        gansmith.stdout.close()  # as `| head` does when it has seen enough
        assert gansmith.stderr.read() == b""
    assert gansmith.returncode == 0


def flags(text):
    """Return the flags that a help lists, each once."""
    found = re.findall(r"^  --([\w.-]+) ", text, re.MULTILINE)
    assert len(found) == len(set(found))
    return set(found)


def test_help_of_a_recipe_is_one_screen_of_what_it_sets_and_what_matters(command):
    code, out, err = command("train", "wgan-gp", "--help")
    assert (code, err) == (0, "") and len(out.splitlines()) < 40
    assert {"gradient-penalty", "loss", "n-critic", "steps", "data", "lr", "out"} <= flags(out)
    assert "--help-all" in out


def test_all_help_of_a_recipe_tells_every_setting_with_the_recipes_own_values(command):
    code, out, err = command("train", "wgan-gp", "--help-all")
    words = " ".join(out.split())
    assert (code, err) == (0, "")
    assert "Gulrajani et al. 2017" in words
    told, view = flags(out), View(RECIPES["wgan-gp"]())
    spelled = {name.replace("-", "_") for name in told}
    for one in walk(RECIPES["wgan-gp"]()):
        if isinstance(one, Setting):
            names = {name for name, settings in view.settings.items() if any(s.path == one.path for s in settings)}
            assert names & spelled, one.path
    assert {name for name in view.choices if "." not in name} | set(view.absent) <= spelled
    assert re.search(
        r"--gradient-penalty λ, weight of the gradient penalty between real and fake\. .*?\[10\.0\]", words
    )
    assert re.search(r"--reuse .*?\[False\]\*", words) and re.search(r"--n-critic .*?\[5\]\*", words)


def test_the_composition_of_a_recipe_is_shown_with_where_values_come_from(command):
    code, out, err = command("recipes", "wgan-gp", "--steps", 7)
    lines = [line.split() for line in out.splitlines()]
    assert (code, err) == (0, "") and lines[0] == ["wgan-gp"]
    assert ["steps", "7", "given"] in lines and ["n_critic", "5", "wgan-gp"] in lines and ["latent", "100"] in lines


HELP = ["--help", "-h", "--help=1", "--help=", "--help-all"]


@pytest.mark.parametrize("word", HELP)
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(command, here, verb, word):
    for before in ([], ["nsgan"]) if verb in ("train", "sweep", "profile", "recipes") else ([], ["x", "--seed"]):
        code, out, err = command(verb, *before, word)
        assert (code, err) == (0, "") and out.startswith(f"gansmith {verb}")
    assert not list(here.iterdir())


@pytest.mark.parametrize(
    "arguments",
    [
        "train nsgan --data ~no-such-user/x",
        "train nsgan --data ring --out ~no-such-user/x",
        "resume ~no-such-user/x",
        "evaluate ~no-such-user/x",
        "evaluate digits --data ~no-such-user/x",
        "compare ~no-such-user/x ~no-such-user/y",
        "compare x y --out ~no-such-user/x.png",
        "sweep nsgan --data ~no-such-user/x",
        "sweep nsgan --data ring --out ~no-such-user/x",
        "profile nsgan --data ~no-such-user/x",
        "sample ~no-such-user/x",
        "sample x --out ~no-such-user/x.png",
        "theory losses --out ~no-such-user/x.png",
        "data ~no-such-user/x",
    ],
)
def test_a_home_that_is_nobodys_is_one_line(mistake, arguments):
    assert "~no-such-user/" in mistake(*arguments.split())


def test_lists(command):
    code, out, _ = command("recipes")
    listed = [line.split()[0] for line in out.splitlines()]
    assert code == 0 and listed == list(RECIPES)
    assert all(len(line.split(maxsplit=1)[1]) > 20 for line in out.splitlines())
    assert command("data")[1].splitlines()[1].split() == ["ring", "8", "Gaussians", "on", "a", "ring"]
    assert command("--version") == (0, f"gansmith {__version__}\n", "")
    assert (
        command("data", "digits")[1]
        .splitlines()[0]
        .endswith("8x8, gray; labels: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9; attributes: bold, leaning, even")
    )
    assert (
        command("data", "stacked:digits")[1]
        .splitlines()[0]
        .endswith(
            "labels: 000, 001, 002, 003, 004, 005, 006, 007, 008, 009, 010, "
            "011, 012, 013, 014, 015, 016, 017, 018, 019, … 1,000 in all"
        )
    )


def test_divergence_is_exit_code_one_and_an_interrupt_130(command, monkeypatch):
    class Verb:
        def __init__(self, error):
            self.error = error

        def main(self, arguments):
            raise self.error

    ends = [(DivergedError("cost is nan"), 1, "cost is nan"), (KeyboardInterrupt(), 130, "interrupted")]
    ends.append((OSError(28, "No space left on device", "run/journal.jsonl"), 2, "run/journal.jsonl: No space left"))
    for error, code, told in ends:
        monkeypatch.setattr(door.importlib, "import_module", lambda name, error=error: Verb(error))
        assert (result := command("recipes"))[0] == code and result[2].startswith(f"gansmith: {told}"), result


def test_train_resume_and_sample_images(command, pictures, here):
    code, out, _ = command(
        "train", "dcgan", "--data", pictures, "--image-size", 8, "--steps", 2, "--out", "run", *SMALL
    )
    assert (code, out) == (0, "run\n")
    assert json.loads((here / "run" / "config.json").read_text())["training"]["steps"] == 2
    assert command("resume", "run", "--steps", 3)[:2] == (0, "run\n")
    assert (here / "run" / "checkpoints" / "step-00000003.pt").exists()
    assert command("sample", "run", "--count", 3, "--out", "a/b.npz")[:2] == (0, "a/b.npz\n")
    numbers = np.load(here / "a" / "b.npz")["samples"]
    assert numbers.shape == (3, 1, 8, 8) and abs(numbers).max() <= 1
    assert command("sample", "run", "--count", 3, "--out", "single")[:2] == (0, "single\n")
    single = np.stack([np.asarray(Image.open(here / "single" / f"{i:05d}.png")) for i in range(3)])
    assert np.array_equal(single, np.round(numbers[:, 0] * 127.5 + 127.5).astype(np.uint8))
    assert command("sample", "run", "--seed", 7)[1] == "run/samples-seed-7.png\n"
    assert not np.array_equal(sample(command, here, 7), sample(command, here, 8))
    assert np.array_equal(sample(command, here, 7), sample(command, here, 7))


def sample(command, here, seed):
    command("sample", "run", "--seed", seed, "--count", 3, "--out", "again.npz")
    return np.load(here / "again.npz")["samples"]
