"""Every quoted line of the course is a line of the library, or a use of it that runs."""

import itertools
import math
import re
from pathlib import Path

import pytest
import torch

from gansmith import terms as t
from gansmith.games import toy
from gansmith.objectives.losses import logistic_discriminator
from gansmith.theory.optimal import best_value, value
from gansmith.theory.transport import table

ROOT = Path(__file__).parents[2]
COURSE = (ROOT / "docs" / "course.md").read_text(encoding="utf-8")

PRELUDE = """
import gansmith
from gansmith.dynamics import Alternating, Simultaneous
from gansmith.dynamics.spectrum import eigenvalues, jacobian, spectral_radius, update_matrix
from gansmith.games.game import field
from gansmith.objectives.penalties import gradient_penalty, interpolate
from gansmith.playground.presets import preset
from gansmith.theory.optimal import optimal_score, value_on_grid
from gansmith.theory.plans import weigh
from gansmith.theory.transport import best_critic, plan_cost
from torch.nn.functional import logsigmoid, softplus
dynamics = Simultaneous()
"""


def bare(code):
    """Return code without white space, as it may be wrapped in its file."""
    return re.sub(r"\s+", "", code).replace(",)", ")")


LIBRARY = bare("\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "src").rglob("*.py"))))
LINES = [
    line.partition("  # ")
    for block in re.findall(r"^```python\n(.*?)^```", COURSE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
USES = [(code, said) for code, _, said in LINES if bare(code) not in LIBRARY]


@pytest.fixture(scope="module")
def names():
    """What the uses take for granted."""
    rng = torch.Generator().manual_seed(0)
    line = torch.arange(-8, 12, 0.01, dtype=torch.float64)
    log_p_r, log_p_g = (-((line - mean) ** 2) / 2 - math.log(2 * math.pi) / 2 for mean in (2.0, 0.0))
    boxes = table()
    own = {"game": toy.bilinear(1.0, 0.0), "batch": None, "batches": itertools.repeat(None), "toy": toy, "t": t}
    own |= {"real": torch.randn(64, 2, generator=rng) + 1, "fake": torch.randn(64, 2, generator=rng), "k": 3.0}
    own |= {"log_p_r": log_p_r, "log_p_g": log_p_g, "p_r": log_p_r.exp(), "p_g": log_p_g.exp(), "cell": 0.01}
    own |= {"boxes": boxes, "cost": torch.cdist(boxes.x, boxes.y), "plan": boxes.good, "epsilon": torch.rand(64)}
    own |= {"p": boxes.p, "q": boxes.q, "x": boxes.x, "y": boxes.y, "mass": torch.full((64,), 1 / 64)}
    own |= {"loss": lambda name: t.LOSSES.ours[name](), "critic": lambda at: at.sum(1)}
    exec(PRELUDE, own)
    return own


def test_most_lines_are_the_librarys_own():
    assert len(LINES) > 60 and len(USES) < len(LINES) / 3


def test_what_is_no_line_of_the_library_runs_in_order_and_is_what_the_course_says(names):
    found = {}
    for code, said in USES:
        if re.match(r"[\w, ]+ = ", code):
            exec(code, names)
        else:
            found[code] = eval(code, names)
            if re.fullmatch(r"[\d.]+", said):
                assert found[code] == pytest.approx(float(said)), code
    real, fake = names["real"], names["fake"]
    v = found["logsigmoid(real).mean() + logsigmoid(-fake).mean()"]
    assert float(v) == pytest.approx(value(real, fake), rel=1e-6)
    minus = found["softplus(-real).mean() + softplus(fake).mean()"]
    assert float(minus) == pytest.approx(float(logistic_discriminator(real, fake)), rel=1e-6)
    same = next(number for code, number in found.items() if code.startswith("value_on_grid"))
    assert same == pytest.approx(best_value(names["p_r"], names["p_g"], 0.01), abs=1e-6)
    lambdas = next(number for code, number in found.items() if code.startswith("eigenvalues"))
    assert sorted(complex(number).imag for number in lambdas) == pytest.approx([-0.1, 0.1])


def test_every_rule_of_dcgan_stands_beside_a_line_of_its_networks():
    places = [(ROOT / "src/gansmith/networks" / name).read_text(encoding="utf-8") for name in ("dcgan.py", "layers.py")]
    section = COURSE[COURSE.index("## 14. DCGAN") : COURSE.index("## 15.")]
    lines = [re.findall(r"`([^`]+)`", row.split("|")[2]) for row in section.splitlines() if row.startswith("| ")][2:]
    assert len(lines) == 7
    for row in lines:
        assert row and all(any(bare(code) in bare(place) for place in places) for code in row), row
