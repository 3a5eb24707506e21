"""Algorithm 1 of WGAN-GP on one page of plain PyTorch: a generator learns eight Gaussians on a ring.

    python examples/wgan_gp.py

Gulrajani et al. 2017, "Improved training of Wasserstein GANs", arXiv 1704.00028. Where WGAN clips weights, the
critic pays lambda (|grad f| - 1)^2 at random points between real and fake: slopes of 1 are what the best critic has.
"""

import math
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
    mixing: Source,
    n_critic: int = 5,
    weight: float = 10.0,
) -> tuple[float, float]:
    """Take n_critic steps of the critic and one of the generator; return gap and slope before the critic's last."""
    for _ in range(n_critic):
        x, z, epsilon = real(), noise(), mixing()
        fake = generator(z).detach()  # the generator does not move here
        epsilon = epsilon.reshape(-1, *[1] * (x.dim() - 1))  # one number per sample, for vectors and for images
        between = (epsilon * x + (1 - epsilon) * fake).requires_grad_()
        # create_graph: the penalty on this gradient is itself differentiated, in the critic's weights
        (gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
        slope = gradient.flatten(1).norm(dim=1)
        gap = critic(x).mean() - critic(fake).mean()
        cost = -gap + weight * ((slope - 1) ** 2).mean()
        c_optimizer.zero_grad()
        cost.backward()
        c_optimizer.step()

    z = noise()
    cost = -critic(generator(z)).mean()
    g_optimizer.zero_grad()
    cost.backward()  # leaves gradients in the critic too, which its zero_grad throws away
    g_optimizer.step()
    return gap.item(), slope.mean().item()


def main(steps: int = 1600) -> None:
    torch.manual_seed(0)
    batch, h = 64, 128
    angles = torch.arange(8) * (2 * math.pi / 8)
    modes = torch.stack([angles.cos(), angles.sin()], dim=1)
    generator = nn.Sequential(nn.Linear(2, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU(), nn.Linear(h, 2))
    critic = nn.Sequential(nn.Linear(2, h), nn.LeakyReLU(0.2), nn.Linear(h, h), nn.LeakyReLU(0.2), nn.Linear(h, 1))
    g_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-4, betas=(0.0, 0.9))
    c_optimizer = torch.optim.Adam(critic.parameters(), lr=1e-4, betas=(0.0, 0.9))

    print("""
    gap     E f(x) - E f(G(z)), the critic's estimate of the earth mover's distance: how far fakes have to travel,
            on average, to become data. The ring's radius is 1; a perfect generator has 0.
    slope   mean |grad f| between real and fake. Near 1, the gap is a distance; far from it, just a number.
    near    share of 2,000 fakes within 0.2 of a mode (the modes' standard deviation is 0.05).
    modes   how many of the 8 modes at least 20 of those fakes are near to: fewer than 8 is mode collapse.

    step     gap  slope   near  modes""")
    for i in range(1, steps + 1):
        gap, slope = step(
            generator,
            critic,
            g_optimizer,
            c_optimizer,
            real=lambda: modes[torch.randint(8, (batch,))] + 0.05 * torch.randn(batch, 2),
            noise=lambda: torch.randn(batch, 2),
            mixing=lambda: torch.rand(batch),
            weight=1.0,  # the paper's 10 suits images; on a ring of radius 1 it would drown the gap
        )
        if i % 200 == 0 or i == steps:
            with torch.no_grad():
                near = torch.cdist(generator(torch.randn(2000, 2)), modes) < 0.2
            reached = (near.sum(dim=0) >= 20).sum()
            print(f"{i:8d} {gap:7.3f} {slope:6.3f} {near.any(dim=1).float().mean():6.2f} {reached:6d}")


if __name__ == "__main__":
    torch.set_num_threads(1)  # networks this small gain nothing from more
    main()
