"""Critics: where they point, what their value is worth, and what a GAN's discriminator leaves beside them."""

import importlib
import math
from pathlib import Path

import pytest
import torch

from gansmith.figures.critic_gradient import ALONG, coupled, extended
from gansmith.figures.critic_value import CRITICS, course, critic_value, distance
from gansmith.theory.transport import best_critic

beside = importlib.import_module("gansmith.figures.gan_and_wgan")  # the package gives the function of that name


@pytest.mark.parametrize("seed", [0, 3])
def test_the_best_critic_points_from_each_fake_to_its_partner(seed):
    fake, real, f_fake, f_real = coupled(8, seed)
    places, values = torch.cat([fake, real]), torch.cat([f_fake, f_real])
    ways = real - fake
    assert (f_real - f_fake).tolist() == pytest.approx(ways.norm(dim=1).tolist())
    for t in ALONG[::6]:
        at = (fake + t * ways).requires_grad_()
        (slope,) = torch.autograd.grad(extended(places, values, at).sum(), at)
        torch.testing.assert_close(slope, ways / ways.norm(dim=1, keepdim=True), atol=1e-6, rtol=0)


def test_the_extension_is_lipschitz_and_keeps_what_is_given():
    fake, real, f_fake, f_real = coupled(6, 1)
    places, values = torch.cat([fake, real]), torch.cat([f_fake, f_real])
    torch.testing.assert_close(extended(places, values, places), values)
    u, v = torch.randn(2, 200, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    rise = (extended(places, values, u) - extended(places, values, v)).abs()
    assert (rise <= (u - v).norm(dim=1) + 1e-12).all()


def test_k_lipschitz_critics_earn_k_times_as_much():
    fake, real, _, _ = coupled(6, 2)
    mass = torch.full((6,), 1 / 6, dtype=torch.float64)
    w1 = (real - fake).norm(dim=1).mean().item()
    for k in (0.5, 3.0):
        assert best_critic(mass, mass, k * real, k * fake).value == pytest.approx(k * w1)


def test_distance_of_moved_points():
    points = torch.randn(50, 2, generator=torch.Generator().manual_seed(0))
    assert distance(points, points + torch.tensor([3.0, 4.0])) == pytest.approx(5, rel=1e-5)


def test_a_critic_that_nobody_holds_says_nothing_of_the_distance():
    kind, changes, _ = CRITICS["none"]
    _, gaps, distances = course(kind, changes, 30)
    assert max(map(abs, gaps)) > 50 * max(distances)
    kind, changes, _ = CRITICS["gradient penalty, λ = 10"]
    at, gaps, distances = course(kind, changes, 60)
    assert at == list(range(5, 61, 5))
    assert 0.5 < gaps[-1] / distances[-1] < 1.5


def test_what_the_course_says_of_value_and_distance():
    course_page = (Path(__file__).parents[2] / "docs" / "course.md").read_text(encoding="utf-8")
    section = course_page[course_page.index("## 32.") : course_page.index("## 33.")]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")][2:]
    found = critic_value().numbers
    for name, (row, *said) in zip(CRITICS, rows, strict=True):
        assert row == name.replace("clipped", "clipping").replace("none", "nothing")
        correlation, ratio, last = (found[f"{name}: {what}"] for what in ("rank correlation", "ratio", "last W₁"))
        assert said == [
            f"{correlation:.2f}".replace("-", "−"),
            f"{ratio:.2g}" if ratio < 100 else f"{ratio:.0f}",
            f"{last:.2f}",
        ]
    held = "gradient penalty, λ = 10"
    assert f"at {found[f'{held}: looks near']:.0f} of 40 looks" in section
    assert f"{found[f'{held}: last ratio']:.2f} of it at the end" in section
    assert found["clipped, c = 0.1: least value"] < 0 < found["R1, γ = 0.3: least value"]
    assert found["R1, γ = 0.3: last W₁"] < found[f"{held}: last W₁"]


def test_the_generators_gradient_under_either(monkeypatch):
    monkeypatch.setattr(beside, "STEPS", 60)
    found = beside.gan_and_wgan(distance=6.0).numbers
    assert found["D at fakes"] < 0.01
    assert found["pull by log(1 − D)"] < 0.02 * found["pull by −log D"]
    x = torch.randn(4_000_000, generator=torch.Generator().manual_seed(0))
    assert found["pull by log(1 − D*)"] == pytest.approx(6 * torch.sigmoid(6 * x - 18).mean().item(), rel=0.1)
    assert found["critic's slope"] == pytest.approx(1 + 6 / 20, rel=0.15) and math.isfinite(found["pull by −f"])
