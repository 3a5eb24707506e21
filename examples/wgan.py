"""Algorithm 1 of the Wasserstein GAN on one page of plain PyTorch: a generator learns to draw from N(5, 1).

    python examples/wgan.py

Arjovsky, Chintala, Bottou 2017, "Wasserstein GAN", arXiv 1701.07875. The critic f has no sigmoid: it maximises
E f(x) - E f(G(z)). Over all f with slopes of at most K, the maximum is K times the earth mover's distance
between data and fakes. Clipping every weight to [-c, c] after each move keeps the slopes bounded.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

Source = Callable[[], Tensor]  # gives a fresh minibatch each time it is called


def step(
    generator: nn.Module,
    critic: nn.Module,
    g_optimizer: Optimizer,
    c_optimizer: Optimizer,
    real: Source,
    noise: Source,
    n_critic: int = 5,
    c: float = 0.01,
) -> float:
    """Take n_critic steps of the critic and one of the generator; return the critic's gap before its last step."""
    for _ in range(n_critic):
        x, z = real(), noise()
        gap = critic(x).mean() - critic(generator(z).detach()).mean()  # the generator does not move here
        c_optimizer.zero_grad()
        (-gap).backward()  # the critic widens the gap: optimisers go down
        c_optimizer.step()
        with torch.no_grad():
            for weight in critic.parameters():
                weight.clamp_(-c, c)

    z = noise()
    cost = -critic(generator(z)).mean()  # the part of the gap that the generator can close
    g_optimizer.zero_grad()
    cost.backward()  # leaves gradients in the critic too, which its zero_grad throws away
    g_optimizer.step()
    return float(gap.detach())


def main(steps: int = 2000) -> None:
    torch.manual_seed(0)
    batch = 64
    generator = nn.Sequential(nn.Linear(1, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
    critic = nn.Sequential(nn.Linear(1, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
    g_optimizer = torch.optim.RMSprop(generator.parameters(), lr=5e-5)  # no momentum: the critic's cost is not steady
    c_optimizer = torch.optim.RMSprop(critic.parameters(), lr=5e-5)

    print("""
    gap     E f(x) - E f(G(z)): K times the earth mover's distance. K is some number much below 1 here, where
            c = 0.01; what matters is that the gap falls as the fakes get better, which a GAN's costs need not do.
    EM      the distance itself: how far fakes must travel to become data. On the line it is the mean distance
            between the sorted samples. Two sets of 10,000 real samples are about 0.02 apart.
    K       gap / EM, the slope that clipping leaves the critic; noise once the gap is small.
    mean    of 10,000 fakes; the data have 5.
    std     their standard deviation; the data have 1.

    step        gap     EM        K   mean    std""")
    for i in range(1, steps + 1):
        gap = step(
            generator,
            critic,
            g_optimizer,
            c_optimizer,
            real=lambda: 5 + torch.randn(batch, 1),
            noise=lambda: torch.randn(batch, 1),
        )
        if i % 200 == 0 or i == steps:
            with torch.no_grad():
                fakes, data = generator(torch.randn(10_000, 1)), 5 + torch.randn(10_000, 1)
            em = (fakes.sort(dim=0).values - data.sort(dim=0).values).abs().mean()
            print(f"{i:8d} {gap:10.1e} {em:6.2f} {gap / em:8.1e} {fakes.mean():6.2f} {fakes.std():6.2f}")


if __name__ == "__main__":
    torch.set_num_threads(1)  # networks this small gain nothing from more
    main()
