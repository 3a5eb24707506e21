"""How long a command takes to begin: `gansmith --help`, and `gansmith train dcgan` to the end of its first step.

python benchmarks/start.py --repeat 5
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time

HELP = "from gansmith.cli.main import main; main(['--help'])"
TRAIN = """
import os
from gansmith.cli.main import main
from gansmith.dynamics import Alternating

step = Alternating.step

def first(self, game, batches):
    step(self, game, batches)
    os._exit(0)

Alternating.step = first
main(["train", "dcgan", "--steps", "1", "--out", "run"])
"""


def seconds(code: str) -> float:
    """Return how long a program takes in a fresh process and an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, check=True)
        return time.perf_counter() - start


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5, help="fresh processes of each (default: %(default)s)")
    repeat: int = parser.parse_args().repeat
    for name, code in (("gansmith --help", HELP), ("gansmith train dcgan, first step", TRAIN)):
        times = [seconds(code) for _ in range(1 + repeat)][1:]  # the first one reads files from disk
        print(f"{name}: {statistics.median(times):.2f} s ({min(times):.2f}–{max(times):.2f})")
