"""Train a DCGAN on real handwritten digits and leave a grid of samples. Takes two to three minutes on two cores."""

from pathlib import Path

import gansmith


def main(out: Path = Path("runs/demo"), steps: int = 3600) -> Path:
    """Train, and return the picture of the samples."""
    number = 1
    while out.exists():
        number += 1
        out = out.with_name(f"demo-{number}")
    # 1,797 digits are soon learnt by heart; R1 keeps the discriminator from it
    recipe = gansmith.recipe("dcgan", data="digits", width=48, latent=32, batch=64, steps=steps, r1=0.2, lr=5e-4)
    gansmith.train(recipe, out)
    return sorted((out / "samples").glob("step-*.png"))[-1]


if __name__ == "__main__":
    print(f"Open this picture, handwritten digits that nobody wrote: {main()}")
