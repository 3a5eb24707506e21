"""Training in a loop of your own, on points of your own. Run: python examples/own_loop.py"""

import torch

import gansmith
from gansmith.training.assemble import assemble


def main(steps: int = 500) -> list[float]:
    """Train on two clusters and return how far the samples' mean is from the data's, every 100 steps."""
    rng = torch.Generator().manual_seed(0)
    points = torch.randn(2000, 2, generator=rng) * 0.1 + torch.tensor([[2.0, 0.0], [-1.0, 1.0]]).repeat(1000, 1)
    trainer = assemble(gansmith.recipe("mixture", steps=steps, device="cpu"), points)
    distances = []
    for moment in trainer.steps():
        if moment.step % 100 == 0:
            samples = moment.generator.sample(1000)
            distances.append(float((samples.mean(0) - points.mean(0)).norm()))
            print(f"step {moment.step}: {distances[-1]:.3f}, costs {moment.costs}")
    return distances


if __name__ == "__main__":
    main()
