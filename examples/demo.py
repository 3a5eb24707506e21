"""Train a DCGAN on real handwritten digits and leave a grid of samples. Takes two to four minutes on two cores."""

from pathlib import Path

import gansmith


def main(out: Path = Path("runs/demo"), steps: int = 2500) -> Path:
    """Train, and return the picture of the samples."""
    number = 1
    while out.exists():
        number += 1
        out = out.with_name(f"demo-{number}")
    recipe = gansmith.recipe("dcgan", data="digits", image_size=16, width=48, batch=64, r1=0.5, steps=steps)
    gan = gansmith.train(recipe, out)
    return sorted((gan.run / "samples").glob("step-*.png"))[-1]


if __name__ == "__main__":
    print(f"Open this picture, handwritten digits that nobody wrote: {main()}")
