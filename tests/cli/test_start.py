"""What a command imports before it does anything: a slow start is one import away."""

import subprocess
import sys

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
    assert imported(code, ["torch", "numpy", "tyro", "rich", *HEAVY], tmp_path) == []
    assert imported(f"import sys, numpy; {told}", ["numpy", "torch"], tmp_path) == ["numpy"]  # would be seen


def test_training_reaches_its_first_step_without_what_only_later_steps_need(tmp_path):
    assert imported(TRAIN, ["torch", *HEAVY], tmp_path) == ["torch"]
