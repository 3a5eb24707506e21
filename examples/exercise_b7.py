# mypy: ignore-errors
# ruff: noqa: F401, PIE790
# %% [markdown]
# # Exercise B7: a GAN on handwritten digits
#
# Six gaps, each marked `...`, with a hint above it and a check below it that says what is wrong. Fill them in one after
# the other and run the cells, or run the whole file: `python examples/exercise_b7.py`. A solution is in
# `examples/exercise_b7_solution.py`; training it takes about a minute. The digits are scikit-learn's, 8 × 8, so nothing
# is downloaded. With MNIST as a parquet file the last cell does the same with gansmith in one line.

# %%
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

torch.manual_seed(0)
digits = torch.tensor(load_digits().images, dtype=torch.float32).reshape(-1, 64)


def check(name: str, right: bool, hint: str) -> None:
    """Say that a gap is filled, or what is wrong with it."""
    if not right:
        raise SystemExit(f"gap {name}: not yet. Hint: {hint}")
    print(f"gap {name}: right")


# %% [markdown]
# ## 1. Data in the range of the generator's last layer
# Pixels go from 0 to 16. The generator will end in tanh, so bring them to [−1, 1].

# %%
x_all: Tensor = ...  # gap 1

check(
    "1",
    isinstance(x_all, Tensor) and bool(x_all.min() == -1 and x_all.max() == 1),
    "divide by 8 and subtract 1",
)

# %% [markdown]
# ## 2. The generator: noise in, a digit out
# z has 32 numbers; two hidden layers of 128 with ReLU; 64 outputs through tanh.

# %%
LATENT = 32
generator: nn.Module = ...  # gap 2

check(
    "2",
    isinstance(generator, nn.Module)
    and generator(torch.randn(5, LATENT)).shape == (5, 64)
    and bool(generator(9 * torch.randn(50, LATENT)).abs().max() <= 1),
    "nn.Sequential(nn.Linear(LATENT, 128), nn.ReLU(), …, nn.Linear(128, 64), nn.Tanh())",
)

# %% [markdown]
# ## 3. The discriminator: a digit in, one score out
# Two hidden layers of 128 with leaky ReLU (0.2). No sigmoid at the end: D = σ(score) stands in the loss, where it stays
# finite.

# %%
discriminator: nn.Module = ...  # gap 3

check(
    "3",
    isinstance(discriminator, nn.Module)
    and discriminator(torch.randn(5, 64)).shape == (5, 1)
    and bool(discriminator(50 * torch.randn(50, 64)).abs().max() > 1),
    "as the generator, with nn.LeakyReLU(0.2), one output and nothing behind it",
)

# %% [markdown]
# ## 4. What the discriminator minimises
# −log D(x) − log(1 − D(G(z))): cross entropy with target 1 for real scores and 0 for those of fakes.


# %%
def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Return the mean of −log σ(real) plus the mean of −log(1 − σ(fake))."""
    return ...  # gap 4


_r, _f = torch.tensor([[2.0], [0.0]]), torch.tensor([[-1.0], [1.0]])
_loss = discriminator_loss(_r, _f)
check(
    "4",
    isinstance(_loss, Tensor) and bool(torch.isclose(_loss, torch.tensor(0.4100 + 0.8133), atol=1e-3)),
    "cross_entropy(real, torch.ones_like(real)) + cross_entropy(fake, torch.zeros_like(fake))",
)

# %% [markdown]
# ## 5. What the generator minimises
# −log D(G(z)), not log(1 − D(G(z))): where D is sure of its fakes the one is steep and the other flat.


# %%
def generator_loss(fake: Tensor) -> Tensor:
    """Return the mean of −log σ(fake)."""
    return ...  # gap 5


_s = torch.full((1, 1), -4.0, requires_grad=True)
_cost = generator_loss(_s)
check(
    "5",
    isinstance(_cost, Tensor) and bool(torch.autograd.grad(_cost, _s)[0] < -0.9),
    "the cross entropy of the fakes' scores with target 1",
)

# %% [markdown]
# ## 6. One step of Algorithm 1
# First D: new noise, fakes that carry no graph (`detach`), its loss, its optimiser. Then G: new noise, its loss, its
# optimiser. Zero the gradients before each.

# %%
g_steps = torch.optim.Adam(generator.parameters(), lr=5e-4, betas=(0.5, 0.999))
d_steps = torch.optim.Adam(discriminator.parameters(), lr=5e-4, betas=(0.5, 0.999))


def step(x: Tensor) -> tuple[float, float]:
    """Move D once, then G once, on a minibatch; return both costs as they were before."""
    ...  # gap 6


def _moved() -> tuple[bool, bool, object]:
    before = [[p.clone() for p in m.parameters()] for m in (discriminator, generator)]
    costs = step(x_all[:64])
    now = [[p.clone() for p in m.parameters()] for m in (discriminator, generator)]
    d, g = (any(not torch.equal(a, b) for a, b in zip(o, n, strict=True)) for o, n in zip(before, now, strict=True))
    return d, g, costs


_d, _g, _costs = _moved()
check(
    "6",
    _d and _g and isinstance(_costs, tuple) and 1.0 < _costs[0] < 2.0 and 0.4 < _costs[1] < 1.2,
    "d_steps.zero_grad(); loss = discriminator_loss(D(x), D(G(z).detach())); loss.backward(); d_steps.step(); then G",
)

# %% [markdown]
# ## 7. Train, and look
# At the equilibrium D cannot tell and its cost is log 4 = 1.386. A picture of 64 samples is written to
# `exercise_b7.png`.

# %%
STEPS = 3000
for i in range(STEPS):
    d_cost, g_cost = step(x_all[torch.randint(len(x_all), (64,))])
    if i % 500 == 0 or i == STEPS - 1:
        print(f"step {i}: D {d_cost:.3f}, G {g_cost:.3f}")

with torch.no_grad():
    made = generator(torch.randn(500, LATENT))
nearest = torch.cdist(made, x_all).min(dim=1).values.mean()
usual = torch.cdist(x_all[:500], x_all[500:]).min(dim=1).values.mean()
spread = torch.pdist(made).mean() / torch.pdist(x_all[:500]).mean()
print(f"to the nearest digit {nearest:.2f} (digits among themselves {usual:.2f}); spread {spread:.2f} of theirs")
check("7", bool(nearest < 2 * usual and 0.6 < spread < 1.3), "samples are far from digits, or all alike: train longer")

# %%
from PIL import Image  # noqa: E402

tiles = nn.functional.pad(made[:64].reshape(8, 8, 8, 8), (1, 1, 1, 1), value=1.0)  # a white frame around each
sheet = ((tiles.permute(0, 2, 1, 3).reshape(80, 80) + 1) * 127.5).byte().numpy()
Image.fromarray(sheet).resize((560, 560), Image.Resampling.NEAREST).save("exercise_b7.png")

# %% [markdown]
# The same game with gansmith: `gansmith train nsgan --data digits --network mlp`, and on MNIST
# `gansmith train dcgan --data mnist/train.parquet`.
