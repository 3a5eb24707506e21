"""Algorithm 1 of the GAN paper on one page of plain PyTorch: a generator learns to draw from N(5, 1).

    python examples/algorithm1.py

Goodfellow et al. 2014, "Generative adversarial nets", arXiv 1406.2661. Two networks play

    min over G, max over D of  V(D, G) = E log D(x) + E log(1 - D(G(z))),

where D(x) = sigmoid(score(x)) is the probability that x is real rather than made by G.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

Source = Callable[[], Tensor]  # gives a fresh minibatch each time it is called
log_sigmoid = nn.LogSigmoid()


def step(
    generator: nn.Module,
    discriminator: nn.Module,
    g_optimizer: Optimizer,
    d_optimizer: Optimizer,
    real: Source,
    noise: Source,
    k: int = 1,
) -> tuple[float, float, float]:
    """Take k steps of the discriminator and one of the generator; return V, D(x) and D(G(z)) before the last of k."""
    for _ in range(k):
        x, z = real(), noise()
        real_score = discriminator(x)
        fake_score = discriminator(generator(z).detach())  # the generator does not move here
        # log D = log sigmoid(score), log(1 - D) = log sigmoid(-score): finite for every score
        value = log_sigmoid(real_score).mean() + log_sigmoid(-fake_score).mean()
        d_optimizer.zero_grad()
        (-value).backward()  # D goes up V: optimisers go down
        d_optimizer.step()

    z = noise()  # fresh noise, as the paper has it
    cost = log_sigmoid(-discriminator(generator(z))).mean()  # the part of V that G can change, and it goes down
    g_optimizer.zero_grad()
    cost.backward()  # leaves gradients in D too, which D's zero_grad throws away
    g_optimizer.step()
    return value.item(), real_score.sigmoid().mean().item(), fake_score.sigmoid().mean().item()


def main(steps: int = 3000) -> None:
    torch.manual_seed(0)
    batch = 100
    generator = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
    discriminator = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
    g_optimizer = torch.optim.SGD(generator.parameters(), lr=0.02, momentum=0.5)  # slower: D should be near its best
    d_optimizer = torch.optim.SGD(discriminator.parameters(), lr=0.1, momentum=0.5)

    print("""
    V        value of the game, at most 0. A perfect D facing a perfect G can only say 1/2: V = -log 4 = -1.386.
    D(x)     mean probability of being real that D gives to real samples: 1 if it is sure of them.
    D(G(z))  the same for fakes: 0 if it sees through them. Both go to 1/2 as G learns.
    mean     of 10,000 fakes; the data have 5.
    std      their standard deviation; the data have 1. A G that has collapsed has 0.

    step        V   D(x)  D(G(z))   mean    std""")
    for i in range(1, steps + 1):
        value, on_real, on_fake = step(
            generator,
            discriminator,
            g_optimizer,
            d_optimizer,
            real=lambda: 5 + torch.randn(batch, 1),
            noise=lambda: torch.randn(batch, 1),
        )
        if i % 300 == 0 or i == steps:
            with torch.no_grad():
                fakes = generator(torch.randn(10_000, 1))
            print(f"{i:8d} {value:8.3f} {on_real:6.3f} {on_fake:8.3f} {fakes.mean():6.2f} {fakes.std():6.2f}")


if __name__ == "__main__":
    torch.set_num_threads(1)  # networks this small gain nothing from more
    main()
