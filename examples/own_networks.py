"""Networks of your own: any two PyTorch modules can play. Run: python examples/own_networks.py"""

import torch
from torch import nn

import gansmith


def mlp(inputs: int, outputs: int) -> nn.Module:
    """Return a plain network; nothing in it knows of gansmith."""
    hidden = [nn.Linear(inputs, 128), nn.LeakyReLU(0.2), nn.Linear(128, 128), nn.LeakyReLU(0.2)]
    return nn.Sequential(*hidden, nn.Linear(128, outputs))


def main(steps: int = 2000, out: str | None = None) -> torch.Tensor:
    """Train a pair on eight Gaussians on a ring and return a thousand draws from its generator."""
    torch.manual_seed(0)  # the recipe's seed decides all the rest, but these weights are ours
    generator, discriminator = mlp(2, 2), mlp(2, 1)  # noise to points; points to scores, (N, 1) or (N,)
    recipe = gansmith.recipe("nsgan", data="ring", latent=2, r1=0.001, lr=1e-3, schedule="cosine", steps=steps)
    gan = gansmith.train(recipe, out, networks=(generator, discriminator))
    samples = gan.sample(1000, seed=1)
    print(
        f"{len(samples)} samples, on average {samples.norm(dim=1).mean():.2f} from the centre; the ring's radius is 1"
    )
    return samples


if __name__ == "__main__":
    main()
