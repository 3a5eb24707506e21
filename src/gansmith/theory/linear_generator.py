"""What a linear generator of uniform noise can reach: a uniform U of mean 5 and sd s, against N(5, 1).

G(z) = wz + b of z ~ U[−8, 8] is U[b − h, b + h] with h = √3 s, s = 8|w|/√3: it can match the mean of N(5, 1) and its
sd, never its shape. Nor does the game want its sd: with the best D the minimax cost ends at s = 1.082, where V stays
above −log 4. The non-saturating cost ends at s = 0.914 with D* itself, which jumps at U's ends, and at s = 1.160 with
the best D that does not jump, as no network does. No distance along the line depends on the mean: 0 here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gansmith.errors import GansmithError, unknown

Array = NDArray[np.float64]

ROOT = math.sqrt(3)  # half the width of U over its sd
NODES, WEIGHTS = np.polynomial.legendre.leggauss(200)
PEAK = 1 / math.sqrt(2 * math.pi)  # of N(0, 1)


class Along(NamedTuple):
    """Densities and D* at the Gauss-Legendre points of [0, h], the right half of U."""

    x: Array
    weight: Array
    """Of twice the integral over [0, h]: both halves."""
    p: Array
    """Density of N(0, 1)."""
    q: float
    """Density of U, 1/(2h)."""
    d: Array
    """D* = p/(p + q)."""


def half_width(s: float) -> float:
    """Return h = √3 s.

    Raises:
        GansmithError: if s is not above 0, as it is in everything here.
    """
    if not s > 0:
        raise GansmithError(f"a uniform distribution of sd {s:g} has no density: the sd must be above 0")
    return ROOT * s


def along(s: float) -> Along:
    """Return the points of [0, √3 s] at which everything here is integrated."""
    h = half_width(s)
    x = h * (NODES + 1) / 2
    p, q = PEAK * np.exp(-(x**2) / 2), 1 / (2 * h)
    return Along(x, h * WEIGHTS, p, q, p / (p + q))


def best_value(s: float) -> float:
    """Return V(s) = max_D V(D, G) = 2 JS(N(0, 1), U) − log 4, what the minimax cost goes down.

    Beyond U's ends D* = 1, and the data there add p log 1 = 0: V = ∫ p log D* + q log(1 − D*) over U.

    Goodfellow et al. 2014, arXiv 1406.2661, theorem 1.

    >>> best_value(1.0), best_value(1.082)  # −log 4 = −1.386 is out of reach
    (-1.2874..., -1.2906...)
    """
    at = along(s)
    return float(at.weight @ (at.p * np.log(at.d) + at.q * np.log1p(-at.d)))


def reverse_kl(s: float) -> float:
    """Return KL(U‖N(0, 1)) = s²/2 − log(s √(6/π)), least at s = 1.

    >>> reverse_kl(1.0)
    0.1764...
    """
    half_width(s)
    return s**2 / 2 - math.log(s * math.sqrt(6 / math.pi))


def nonsaturating_potential(s: float) -> float:
    """Return KL(U‖N(0, 1)) − 2 JS, whose slope is that of E[−log D*(G(z))] with D* held.

    Arjovsky, Bottou 2017, "Towards principled methods for training generative adversarial networks",
    arXiv 1701.04862, theorem 2.5.

    >>> nonsaturating_potential(1.0)
    0.0776...
    """
    return reverse_kl(s) - best_value(s) - math.log(4)


def minimax_slope(s: float) -> float:
    """Return dE[log(1 − D*(G(z)))]/ds, D* held: (1/s) E[x² D*] inside U, 2√3 p log D* from its ends.

    Inside, D* draws samples to the middle. At ±h it jumps to 1, which draws them out: what that adds is the limit for U
    with ends that fall off ever more steeply, in whatever way. D* is 1 beyond them, and p_g = w falls from q to 0 while
    p stays: ∫ w d log(w/(p + w)) = −p log((p + q)/p) = p log D*. The sum is dV/ds, as it must be at the best D.

    >>> abs(minimax_slope(1.081987)) < 1e-6
    True
    """
    at, p, d = _with_end(s)
    return float(at.weight @ (at.q * at.x**2 * at.d) / s + 2 * ROOT * p * math.log(d))


def nonsaturating_slope(s: float) -> float:
    """Return dE[−log D*(G(z))]/ds, D* held: (1/s) E[x² (1 − D*)] inside U, −2√3 (q + p log D*) from its ends.

    As for `minimax_slope`, with ∫ w d log((p + w)/p) = −q − p log D*. The sum is d(KL(U‖N) − 2 JS)/ds.

    >>> abs(nonsaturating_slope(0.913891)) < 1e-6
    True
    """
    at, p, d = _with_end(s)
    return float(at.weight @ (at.q * at.x**2 * (1 - at.d)) / s - 2 * ROOT * (at.q + p * math.log(d)))


def continuous_slope(s: float) -> float:
    """Return dE[−log D(G(z))]/ds, D held, for the best D that rises to 1 across U's ends steeply, but without a jump.

    A network's D is continuous where U is not. Where its rise lies best, ∫ p (1 − D) dscore over the whole of it is
    ∫ q D dscore over what lies within U: there it reaches D_h, log(1 − D_h) = log(1 − D*) + (p/q) log D*, whatever its
    shape, and the ends add −2√3 q log(D_h/D*). They pull harder than D* does. What they add to the minimax cost is p
    log D* either way: its slope is that of max V, which hardly feels how steep D is.

    >>> abs(continuous_slope(1.159630)) < 1e-6
    True
    """
    at, p, d = _with_end(s)
    reached = -math.expm1(math.log1p(-d) + p / at.q * math.log(d))
    return float(at.weight @ (at.q * at.x**2 * (1 - at.d)) / s - 2 * ROOT * at.q * math.log(reached / d))


def _with_end(s: float) -> tuple[Along, float, float]:
    """Return the points, and p and D* just inside of U's end."""
    at = along(s)
    p = PEAK * math.exp(-3 * s**2 / 2)
    return at, p, p / (p + at.q)


CONTINUOUS = "nonsaturating, continuous D"
SLOPES: dict[str, Callable[[float], float]] = {
    "minimax": minimax_slope,
    "nonsaturating": nonsaturating_slope,
    CONTINUOUS: continuous_slope,
}
"""By the generator's cost, named as in `--loss`."""


def end(cost: str) -> float:
    """Return the sd at which the generator's cost no longer pulls, with the best D: below it G widens, above narrows.

    Raises:
        GansmithError: for a cost that is none of `SLOPES`.

    >>> end("minimax"), end("nonsaturating"), end(CONTINUOUS)
    (1.0819..., 0.9138..., 1.1596...)
    """
    from scipy.optimize import brentq

    return float(brentq(_slope(cost), 0.5, 2.0, xtol=1e-13))


def noisy_end(cost: str, noise: float) -> float:
    """Return the sd at which the cost no longer pulls if D sees everything through Gaussian noise of that sd.

    The ends of U + noise fall off smoothly and D* does not jump, so that a network can be D*, and the non-saturating
    cost has one end: the lowest point of KL − 2 JS of both with their noise, as `best_value` is minimax's.

    Args:
        cost: minimax or nonsaturating.

    >>> noisy_end("minimax", 0.2), noisy_end("nonsaturating", 0.2)
    (1.0077..., 0.9110...)
    """
    from scipy.integrate import trapezoid
    from scipy.optimize import minimize_scalar
    from scipy.special import log_ndtr

    if cost not in ("minimax", "nonsaturating") or not noise > 0:
        raise GansmithError(f"noise of sd {noise:g} has no end of {cost}: minimax or nonsaturating, and noise above 0")
    x = np.linspace(0, 8 + 8 * noise, 20_001)
    log_p = -(x**2) / (2 + 2 * noise**2) + math.log(PEAK) - math.log1p(noise**2) / 2

    def potential(s: float) -> float:
        h = half_width(s)
        rest = np.log1p(-np.exp(log_ndtr(-(x + h) / noise) - log_ndtr((h - x) / noise)))
        log_q = log_ndtr((h - x) / noise) + rest - math.log(2 * h)
        mixed = np.logaddexp(log_p, log_q)
        p, q = np.exp(log_p), np.exp(log_q)
        value = p * (log_p - mixed) + q * (log_q - mixed)
        return float(trapezoid(value if cost == "minimax" else q * (log_q - log_p) - value, x))

    found = minimize_scalar(potential, bounds=(0.5, 2.0), method="bounded", options={"xatol": 1e-9})
    return float(found.x)


def descent(cost: str, s: float, rate: float = 0.1, steps: int = 200) -> list[float]:
    """Return the sds on the way of a linear generator that descends its cost, each step against the best D.

    >>> round(descent("nonsaturating", 2.5)[-1], 6)
    0.913891
    """
    slope, way = _slope(cost), [s]
    for _ in range(steps):
        way.append(way[-1] - rate * slope(way[-1]))
    return way


def _slope(cost: str) -> Callable[[float], float]:
    if cost not in SLOPES:
        raise unknown("cost", cost, SLOPES)
    return SLOPES[cost]


def wasserstein(s: float) -> float:
    """Return W₁(U, N(0, 1)) = ∫ |F_U − Φ|, from the one crossing c of the two on (0, √3 s).

    ∫ Φ = xΦ(x) + φ(x) gives 4 (cΦ(c) + φ(c) − φ(0) − c/2 − c²/4h) + 2φ(0) − h/2; without a crossing, where U is the
    narrower one everywhere, √(2/π) − h/2.

    >>> wasserstein(1.0)
    0.15427...
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr

    h = half_width(s)
    apart, steep = 2 * PEAK - h / 2, 2 * h * PEAK  # how much steeper Φ is in the middle
    if steep <= 1:
        return apart
    widest = math.sqrt(2 * math.log(steep))  # where Φ − F_U is greatest
    c = brentq(lambda x: ndtr(x) - (x + h) / (2 * h), widest, h, xtol=1e-14) if steep > 1 + 1e-9 else widest
    return float(apart + 4 * (c * ndtr(c) + PEAK * math.exp(-(c**2) / 2) - PEAK - c / 2 - c**2 / (4 * h)))
