"""A user's own code anywhere by MODULE:ATTRIBUTE: what the user names is trusted, what only a file names is not."""

import subprocess
import sys

import pytest
import torch

from gansmith.cli.main import main
from gansmith.records.journal import read_journal
from gansmith.records.run_folder import RunFolder

OWN = '''
from dataclasses import dataclass, field
from gansmith.networks import MLP
from gansmith.recipes.composition import Recipe
import torch

@dataclass(frozen=True)
class Pull:
    """Draws fakes to the origin."""
    weight: float = 1.0
    """How strongly."""

    @property
    def costs(self):
        return {"generator": self.cost}

    def cost(self, batch):
        return self.weight * batch.fake.square().mean()

@dataclass(frozen=True)
class Net:
    """A family."""
    units: int = 4
    """Units."""

    def generator(self, inputs, shape):
        return MLP(self.units).generator(inputs, shape)

    def discriminator(self, shape, minibatch="none"):
        return MLP(self.units).discriminator(shape, minibatch)

@dataclass
class Counter:
    """Counts steps, in a resumed run on from where it was."""
    every: int = 2
    """Steps in between."""
    seen: list = field(default_factory=list, metadata={"setting": False})

    def __call__(self, moment):
        self.seen.append(moment.step)
        open("seen.txt", "a").write(f"{moment.step} {len(self.seen)} {sorted(moment.costs)[0]}\\n")

    def state_dict(self):
        return {"seen": self.seen}

    def load_state_dict(self, state):
        self.seen = list(state["seen"])

@dataclass(frozen=True)
class Breaks:
    every: int = 1

    def __call__(self, moment):
        raise RuntimeError("no paper")

def points():
    return torch.randn(200, 2, generator=torch.Generator().manual_seed(0))

def features(x):
    return x.flatten(1) * 2

def spread(real, fake):
    return float(fake.std() / real.std())

def recipe():
    return Recipe("mine", terms=Recipe().terms + (Pull(2.0),))
'''
SMALL = "--latent 2 --batch 8 --device cpu --evaluate-samples 50"
MINE = "--term own:Pull --pull 3 --vectors own:Net --network own:Net --units 5 --callback own:Counter --counter.every 3"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text(OWN)
    yield tmp_path
    sys.modules.pop("own", None)


def gansmith(words, code=0):
    assert main(words.split()) == code


def state(run):
    return RunFolder(run).checkpoints().latest()


def test_term_family_callback_data_and_features_train_resume_and_evaluate(here, capsys):
    train = (
        f"train nsgan --data own:points --features own:features --metrics own:spread {MINE} {SMALL} --evaluate-every 6 "
        "--schedule constant"
    )
    gansmith(f"{train} --steps 12 --out whole")
    (here / "seen.txt").unlink()
    gansmith(f"{train} --steps 6 --out parts")
    recipe = RunFolder(here / "parts").read(trust=True).recipe
    assert recipe.vectors.units == 5 and recipe.terms[1].weight == 3 and recipe.callbacks[0].every == 3
    capsys.readouterr()
    sys.modules.pop("own")
    gansmith("resume parts --steps 12", code=2)
    line = capsys.readouterr().err
    assert "own:Counter, own:Net, own:Pull, own:features, own:points, own:spread" in line and line.count("\n") == 1
    assert "own" not in sys.modules  # nothing was imported to say so
    gansmith("resume parts --steps 12 --trust")
    assert (here / "seen.txt").read_text().split("\n")[:4] == [f"{3 * n} {n} discriminator" for n in (1, 2, 3, 4)]
    ours, theirs = (state(here / name)["game"]["networks"]["generator"] for name in ("whole", "parts"))
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    gansmith("evaluate parts --samples 100", code=2)
    gansmith("evaluate parts --samples 100 --trust")
    out = capsys.readouterr().out
    assert "features (2 numbers)" in out and "spread" in out
    journal = [entry["spread"] for entry in read_journal(here / "parts" / "journal.jsonl") if "spread" in entry]
    assert len(journal) == 2 and all(value > 0 for value in journal)


def test_a_metric_of_one_s_own_is_left_out_where_only_the_run_names_it(here, capsys):
    gansmith(f"train nsgan --data ring --hidden 4 --steps 2 {SMALL} --metrics own:spread --term own:Pull --out run")
    capsys.readouterr()
    sys.modules.pop("own")
    gansmith("evaluate run --samples 100")  # the generator itself needs nothing of its own
    captured = capsys.readouterr()
    assert "spread" not in captured.out and "metrics of its own are left out, own:spread" in captured.err
    assert "own" not in sys.modules
    gansmith("evaluate run --samples 100 --metrics own:spread own:nothing", code=2)
    gansmith("evaluate run --samples 100 --metrics own:spread")
    assert "spread" in capsys.readouterr().out


def test_a_recipe_of_one_s_own(here, capsys):
    gansmith(f"train own:recipe --data ring --hidden 4 --steps 2 {SMALL} --out run")
    assert RunFolder(here / "run").read(trust=True).recipe.terms[1].weight == 2.0
    gansmith("recipes own:recipe --pull 5")
    assert "given" in capsys.readouterr().out


def test_a_callback_that_fails_is_named_and_does_not_lose_the_run(here, capsys):
    gansmith(f"train nsgan --data ring --hidden 4 --steps 3 {SMALL} --callback own:Breaks --out run")
    line = capsys.readouterr().err
    assert "callback breaks failed at step 1 (RuntimeError: no paper): it is left out" in line
    assert line.count("no paper") == 1 and state(here / "run")["step"] == 3


@pytest.mark.parametrize(
    "words",
    [
        "train nsgan --term os:system",
        "train nsgan --data os:getcwd",
        "train nsgan --features subprocess:run --data ring",
        "train nsgan --network own:points",
        "train nsgan --callback own:features",
        "train own:points",
        "train nsgan --term nowhere:Thing",
        "train nsgan --term own:Nothing",
    ],
)
def test_what_is_no_component_of_the_kind_is_one_line(here, capsys, words):
    gansmith(f"{words} --steps 1 {SMALL} --out run", code=2)
    line = capsys.readouterr().err
    assert line.startswith("gansmith: ") and line.count("\n") == 1 and not (here / "run").exists()


EVIL = "from pathlib import Path\nPath('../touched').write_text('evil')\n"


@pytest.mark.parametrize("verb", ["resume .", "resume . --trust", "evaluate . --samples 50", "sample . --trust",
                                  "evaluate . --samples 50 --trust", "sample .", "compare . ."])  # fmt: skip
def test_a_hostile_run_folder_runs_nothing(here, verb):
    gansmith(f"train nsgan --data ring --hidden 4 --steps 2 {SMALL} --term own:Pull --features own:features --out run")
    run = here / "run"
    for name in ("own.py", "random.py", "torch.py"):
        (run / name).write_text(EVIL)
    (here / "elsewhere.py").write_text(EVIL)
    (run / "linked.py").symlink_to(here / "elsewhere.py")
    config = (run / "config.json").read_text()
    for target in ("own:Pull", "linked:Pull", "os:system"):
        (run / "config.json").write_text(config.replace("own:Pull", target).replace("own:features", "linked:features"))
        door = "import sys; sys.path[:] = [p for p in sys.path if p]; from gansmith.cli.main import main; "
        code = f"{door}sys.exit(main({verb.split()!r}))"
        done = subprocess.run([sys.executable, "-c", code], cwd=run, capture_output=True, text=True, check=False)
        assert not (here / "touched").exists(), done.stderr
        assert "Traceback" not in done.stderr
