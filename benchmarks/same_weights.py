"""Do two checkouts of gansmith train the same weights, bit for bit, from the same command lines?

    git worktree add /tmp/before COMMIT
    python benchmarks/same_weights.py --against /tmp/before               # a minute or two on two cores
    python benchmarks/same_weights.py --against /tmp/before --only wgan-gp dcgan --compiled

This checkout and the other one play every line of a table, each in a process of its own with one thread, and the
networks in their newest checkpoints are compared: a row tells the same bits or the largest difference. The exit code is
1 if any row differs, or if either checkout cannot play it. Compiled steps (`--compiled`, which takes minutes more) may
round in another order: their weights may be 1e-6 apart.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

HERE = Path(__file__).resolve()
RECIPES = [
    *("vanilla", "normal1d", "nsgan", "dcgan", "lsgan", "hinge", "margin", "ebgan"),
    *("wgan", "wgan-naive", "wgan-gp", "wgan-var", "dragan", "sngan", "r3gan"),
    *("cgan", "cdcgan", "acgan", "attribute-gan", "infogan"),
    *(
        "normal1d-literal",
        "lecam",
        "feature-matching",
        "minibatch",
        "pacgan",
        "unrolled",
        "replay",
        "instance-noise",
        "diffaugment",
    ),
]
IMAGES_ALONE = ("cgan", "cdcgan", "acgan", "attribute-gan", "diffaugment")  # they need labels, attributes or pictures
VARIANTS = [
    *("nsgan --dynamics simultaneous", "dcgan --dynamics extragradient", "dcgan --dynamics optimistic"),
    *("nsgan --consensus 1 --network mlp", "nsgan --dynamics unrolled --unrolled-steps 2"),
    "nsgan --r1 1 --penalty-every 2 --label-noise 0.2",
    "nsgan --r1 0.1 --r2 0.1 --variance 0.1 --feature-matching 0.5 --dragan 1 --gradient-penalty 1",
    *("wgan --schedule cosine --optimizer AdamW", "nsgan --schedule linear --lr-final 0.1"),
    *("wgan-gp --network resnet --discriminator-norm layer", "dcgan --ema 0 --minibatch stddev"),
    "cdcgan --dynamics unrolled --unrolled-steps 2 --conditional-norm True",
    "cdcgan --discriminator-condition projection --continuous-codes 2",
    "nsgan --categorical-codes 1 --continuous-codes 1 --data ring",
    "replay --instance-noise 0.2 --augment color,cutout --replay-size 20",
    *("pacgan --pack 4", "acgan --auxiliary network", "ebgan --network mlp", "ebgan --hidden 12"),
    *("infogan --network mlp", "r3gan --network mlp", "dcgan --network infogan"),
    *("nsgan --lr-generator 1e-3 --lr-discriminator 3e-3", "sngan --n-critic 2 --reuse True"),
    *("dcgan --spectral-norm True", "wgan-gp --one-sided True --gradient-target 0.5 --penalty-every 2"),
    "nsgan --label-smoothing 0.1 --generator-scale 2 --discriminator-scale 0.5",
]
COMPILED = ["nsgan --data ring --compile True", "wgan-gp --data ring --compile True"]
BOUND = 1e-6  # how far the weights of compiled runs may be apart
LENGTH = "--steps 20 --batch 8 --latent 5 --evaluate-every 0 --checkpoint-every 20 --log-every 10"
HEADS = {"checker": "auxiliary", "decoder": "recognition"}  # what they were called when they were heads
MEMORIES = ("replay",)  # stand among the networks, hold no weights

Networks = dict[str, dict[str, Tensor]]


@dataclass(frozen=True)
class Verdict:
    told: str
    good: bool


def table(only: list[str] | None, compiled: bool) -> list[str]:
    """Return the lines to play: every recipe on digits and, where it can, on the ring; variants; compiled runs."""
    lines = [*RECIPES, *(f"{name} --data ring" for name in RECIPES if name not in IMAGES_ALONE), *VARIANTS]
    lines += COMPILED if compiled else []
    return [line for line in lines if only is None or line.split()[0] in only]


def command(line: str) -> list[str]:
    """Return the arguments of `gansmith train` for a line: all sizes small, none that its networks do not use."""
    recipe, *words = line.split()
    flags, length = pairs(words), pairs(LENGTH.split())
    data = flags.get("--data", "normal" if recipe == "normal1d" else "digits")
    family = flags.get("--network", {"vanilla": "mlp", "cgan": "mlp"}.get(recipe, recipe))
    sizes = {"--data": data}
    if data != "digits" or family in ("mlp", "infogan", "ebgan"):
        sizes["--hidden"] = "16"
    if data == "digits" and family != "mlp":
        sizes |= {"--width": "4", "--image-size": "16"}
    return [recipe, *(word for pair in (sizes | length | flags).items() for word in pair)]


def pairs(words: list[str]) -> dict[str, str]:
    return dict(zip(words[::2], words[1::2], strict=True))


def play(folder: Path, lines: dict[str, str]) -> None:
    """Train the lines one after the other, each in the folder of its number; write down why one could not."""
    torch.set_num_threads(1)
    torch.ones(1).tanh()  # MKL detects the processor at its first call, and threads that race there disagree
    import gansmith
    from gansmith.cli.main import main as gansmith_main

    wanted = Path(os.environ["PYTHONPATH"]) / "gansmith"
    if Path(gansmith.__file__).resolve().parent != wanted:
        raise SystemExit(f"{gansmith.__file__} was imported, not {wanted}")
    for number, line in lines.items():
        said, error = io.StringIO(), ""
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                code = gansmith_main(["train", *command(line), "--out", str(folder / number)])
                if code:
                    error = (said.getvalue().strip().splitlines() or [f"exit code {code}"])[-1]
            except Exception as mistake:  # a tree that is being rewritten may fail in any way
                error = f"{type(mistake).__name__}: {(str(mistake).splitlines() or [''])[0]}"
        part = folder / f"{number}.part"  # of a file that is there only once it is whole
        part.write_text(error)
        part.rename(part.with_suffix(".done"))


class Side:
    """A checkout that plays lines, in several processes that take turns."""

    def __init__(self, checkout: Path, folder: Path, lines: list[str], processes: int) -> None:
        self.folder = folder
        folder.mkdir()
        source = checkout.resolve() / "src"
        environment = os.environ | {"PYTHONPATH": str(source), "OMP_NUM_THREADS": "1"}
        self.processes = []
        for k in range(processes):
            mine = json.dumps({str(i): line for i, line in enumerate(lines) if i % processes == k})
            with self._log(k).open("w") as log:
                arguments = [sys.executable, str(HERE), "--play", str(folder), "--lines", mine]
                process = subprocess.Popen(arguments, env=environment, cwd=folder, stdout=log, stderr=log)
                self.processes.append(process)

    def _log(self, k: int) -> Path:
        return self.folder / f"process-{k}.log"

    def error(self, number: int) -> str:
        """Wait for a line; return why it could not be played, "" if it was."""
        k = number % len(self.processes)
        done = self.folder / f"{number}.done"
        while not done.exists():
            code = self.processes[k].poll()
            if code is not None and not done.exists():
                said = self._log(k).read_text().strip().splitlines() or ["nothing said"]
                return f"the process ended with {code}: {said[-1]}"
            time.sleep(0.1)
        return done.read_text()

    def networks(self, number: int) -> Networks:
        """Return the weights in the newest checkpoint of a line, by today's names of the networks; drop the run."""
        newest = max((self.folder / str(number) / "checkpoints").glob("step-*.pt"))
        state: dict[str, Any] = torch.load(newest, weights_only=True, map_location="cpu")
        shutil.rmtree(self.folder / str(number))
        game = state["game"]
        found = game.get("networks") or {name: game[name] for name in ("generator", "discriminator")}
        heads = {HEADS.get(name, name): head for name, head in game.get("heads", {}).items()}
        return {
            name: {key: value for key, value in weights.items() if isinstance(value, Tensor)}
            for name, weights in (found | heads | {"ema": state["ema"] or {}}).items()
            if name not in MEMORIES
        }

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def compare(ours: Networks, theirs: Networks, bound: float) -> Verdict:
    """Tell the largest difference between the networks; none is borne where they are not the same networks."""
    alone = sorted(name for name in ours.keys() ^ theirs.keys() if (ours | theirs)[name])
    wrong = [f"{name} is in {'this' if name in ours else 'the other'} checkout alone" for name in alone]
    notes: list[str] = []
    apart: dict[str, float | None] = {}
    for network in sorted(ours.keys() & theirs.keys()):
        mine, other = ours[network], theirs[network]
        keys = list(zip(mine, mine if mine.keys() == other.keys() else other, strict=False))
        if mine.keys() != other.keys():
            notes.append(f"{network}: tensors have other names, compared by order")
        if len(mine) != len(other) or any(mine[a].shape != other[b].shape for a, b in keys):
            wrong.append(f"{network}: tensors have other shapes")
        else:
            apart |= {f"{network} {a}": difference(mine[a], other[b]) for a, b in keys}
    different = {place: amount for place, amount in apart.items() if amount is not None}
    told = f"same bits in {len(apart)} tensors"
    if different:
        worst = max(different, key=lambda place: different[place])
        told = f"{len(different)} of {len(apart)} tensors differ, by up to {different[worst]:.3g} in {worst}"
    good = bool(apart) and not wrong and all(0 < amount <= bound for amount in different.values())
    return Verdict("; ".join([told, *wrong, *notes]), good)


def difference(a: Tensor, b: Tensor) -> float | None:
    """Return the largest |a - b|, infinity where one is not a number; None for the same bits."""
    mine, other = (tensor.contiguous().reshape(-1).view(torch.uint8) for tensor in (a, b))
    if a.dtype == b.dtype and torch.equal(mine, other):
        return None
    apart = float((a.double() - b.double()).abs().max())
    return math.inf if math.isnan(apart) else apart


def judge(number: int, line: str, ours: Side, theirs: Side) -> Verdict:
    errors = {"this checkout": ours.error(number), "the other": theirs.error(number)}
    failed = [f"{whose}: {error}" for whose, error in errors.items() if error]
    if failed:
        return Verdict("FAILED; " + "; ".join(failed), False)
    try:
        return compare(ours.networks(number), theirs.networks(number), BOUND if line in COMPILED else 0.0)
    except Exception as error:  # no checkpoint, or one of a layout that nobody told this file of
        return Verdict(f"FAILED; {type(error).__name__}: {error}", False)


def main(options: argparse.Namespace) -> int:
    lines = table(options.only, options.compiled)
    each = max(1, options.jobs // 2)
    bad, width = 0, max(map(len, lines))
    with tempfile.TemporaryDirectory() as temporary, contextlib.ExitStack() as stack:
        sides = []
        for name, checkout in (("ours", HERE.parents[1]), ("theirs", options.against)):
            sides.append(Side(checkout, Path(temporary) / name, lines, each))
            stack.callback(sides[-1].stop)
        for number, line in enumerate(lines):
            verdict = judge(number, line, sides[0], sides[1])
            bad += not verdict.good
            print(f"{'ok ' if verdict.good else 'BAD'} {line:{width}}  {verdict.told}", flush=True)
    print(f"{len(lines) - bad} of {len(lines)} command lines train the same weights")
    return 1 if bad else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", type=Path, help="the other checkout")
    parser.add_argument("--only", nargs="+", choices=RECIPES, metavar="RECIPE", help="the lines of these recipes")
    parser.add_argument("--jobs", type=int, default=2, help="processes in all, half of them for each checkout")
    parser.add_argument("--compiled", action="store_true", help="compiled runs too; needs a C++ compiler")
    parser.add_argument("--play", type=Path, help=argparse.SUPPRESS)  # what a side's process is started with
    parser.add_argument("--lines", type=json.loads, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.play:
        play(options.play, options.lines)
    elif not options.against or not (options.against / "src" / "gansmith").is_dir():
        parser.error("--against needs a checkout of gansmith")
    elif options.compiled and not any(map(shutil.which, (os.environ.get("CXX", "c++"), "g++", "clang++"))):
        parser.error("--compiled needs a C++ compiler")
    else:
        sys.exit(main(options))
