"""Networks of your own: any two PyTorch modules can play. Run: python examples/own_networks.py"""

import torch
from torch import nn

import gansmith


def networks(latent: int) -> tuple[nn.Module, nn.Module]:
    """Return a generator, (N, latent) noise to (N, 2) points, and a discriminator, points to (N, 1) scores."""
    generator = nn.Sequential(nn.Linear(latent, 128), nn.SiLU(), nn.Linear(128, 128), nn.SiLU(), nn.Linear(128, 2))
    discriminator = nn.Sequential(nn.Linear(2, 128), nn.SiLU(), nn.Linear(128, 128), nn.SiLU(), nn.Linear(128, 1))
    return generator, discriminator


def main(steps: int = 3000, out: str | None = None) -> torch.Tensor:
    """Train the two on eight Gaussians on a ring, and return a thousand samples."""
    recipe = gansmith.recipe("nsgan", data="ring", latent=4, r1=0.1, lr_discriminator=1e-3, steps=steps)
    gan = gansmith.train(recipe, out, networks=networks(latent=4))
    samples = gan.sample(1000, seed=1)
    # anybody who has the run folder and the generator's code can sample from it
    again = gansmith.load(gan.run, networks=networks(latent=4)[0]).sample(1000, seed=1)
    print(f"{gan.run}: the same samples after loading it: {torch.equal(samples, again)}")
    return samples


if __name__ == "__main__":
    main()
