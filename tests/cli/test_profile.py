"""`gansmith profile`."""

import re

import pytest

SMALL = ["--data", "ring", "--hidden", 8, "--latent", 2, "--batch", 8, "--device", "cpu", "--evaluate-samples", 64]


def test_table(command, here):
    code, out, err = command("profile", "wgan-gp", "--steps", 3, *SMALL)
    assert code == 0, err
    assert "wgan-gp on 8 Gaussians on a ring" in out and "GFLOP/s" in out
    shares = dict(re.findall(r"│ (.+?) +│ +[\d.-]+ │ +([\d.-]+)% │", out))
    assert float(shares.pop("a step")) == 100
    assert sum(map(float, shares.values())) == pytest.approx(100, abs=0.05 * len(shares) + 0.01)
    for name in ("data", "generator forward", "gradient penalty", "discriminator backward", "logging", "evaluation"):
        assert name in shares
    assert not list(here.iterdir())  # nothing is kept


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("profile", "which recipe?"),
        ("profile dcgann", "did you mean 'dcgan'?"),
        ("profile nsgan --steps 0", "steps = 0 must be at least 1"),
        ("profile nsgan --compile True", "in one piece that nobody can look into: profile it without"),
        ("profile nsgan --data rings", "did you mean 'ring'?"),
        ("profile nsgan --out x", "unknown setting 'out'"),
    ],
)
def test_mistakes(mistake, arguments, told):
    assert told in mistake(*arguments.split())
