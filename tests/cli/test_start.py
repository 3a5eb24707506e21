"""What a command imports before it does anything: a slow start is one import away."""

import subprocess
import sys

import pytest

from gansmith.cli.main import VERBS

HEAVY = ("datasets", "matplotlib", "pandas", "scipy", "sklearn", "tensorboard")
TRAIN = """
import sys
from gansmith.cli.main import main
from gansmith.dynamics import Alternating

def step(*arguments):
    print(*(name for name in sys.argv[1:] if name in sys.modules))
    raise SystemExit

Alternating.step = step
main(["train", "dcgan", "--steps", "1", "--out", "run", "--device", "cpu"])
"""


def imported(code, names, folder):
    """Return which of the names a program has imported when it says so."""
    done = subprocess.run(
        [sys.executable, "-c", code, *names], cwd=folder, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.splitlines()[-1].split()


def test_help_imports_nothing_large(tmp_path):
    told = "print(*(set(sys.argv) & set(sys.modules)))"
    code = f"import sys; from gansmith.cli.main import main; main(['--help']); {told}"
    assert imported(code, ["torch", "numpy", "rich", *HEAVY], tmp_path) == []
    assert imported(f"import sys, numpy; {told}", ["numpy", "torch"], tmp_path) == ["numpy"]  # would be seen


WORDS = [
    *([verb, "--help"] for verb in VERBS),
    *(
        [verb, "wgan-gp", word]
        for verb in ("train", "sweep", "profile", "recipes")
        for word in ("--help", "--help-all")
    ),
    ["recipes"],
    ["recipes", "infogan", "--steps", "5"],
]


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_no_help_needs_torch(tmp_path, words):
    told = "print(); print(*(set(sys.argv) & set(sys.modules)))"
    code = f"import sys; from gansmith.cli.main import main; code = main({words!r}); {told}; sys.exit(code)"
    assert imported(code, ["torch", "numpy", "rich", *HEAVY], tmp_path) == []


def test_recipes_are_composed_without_torch(tmp_path):
    code = (
        "import sys, gansmith; gansmith.recipe('infogan', r1=0.1, steps=5); print(*(set(sys.argv) & set(sys.modules)))"
    )
    assert imported(code, ["torch", "numpy", *HEAVY], tmp_path) == []


def test_training_reaches_its_first_step_without_what_only_later_steps_need(tmp_path):
    assert imported(TRAIN, ["torch", *HEAVY], tmp_path) == ["torch"]
