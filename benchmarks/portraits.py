"""What the drawn portraits are like: their shares and correlations, how fast they come, and what can be read off them.

python benchmarks/portraits.py            # shares, correlations, portraits a second
python benchmarks/portraits.py --learn    # and R² of a small convolutional network, four minutes on one core
python benchmarks/portraits.py --sheet docs/images/portraits.png
"""

from __future__ import annotations

import argparse
import itertools
import time

import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from gansmith.data.images import to_range
from gansmith.data.portraits import ATTRIBUTES, HELD_OUT, attributes, draw

LEARNT, HELD, EPOCHS, BATCH, RATE = 6000, 1500, 20, 64, 4e-3
COUNTED = 40_000  # portraits that shares and correlations are counted on
SHADES = 4  # between those of the contact sheet, so that the file stays small


def sheet(path: str, side: int = 80, rows: int = 10) -> None:
    """Write the first portraits of seed 0."""
    images, _ = draw(0, range(rows * rows), side)
    tiles = images.view(rows, rows, 3, side, side).permute(0, 3, 1, 4, 2).reshape(rows * side, rows * side, 3)
    shown = ((tiles.int() + SHADES // 2) // SHADES * SHADES).clamp(max=255).to(torch.uint8)
    Image.fromarray(shown.numpy()).save(path, optimize=True)


def counts() -> None:
    """Print the share above a half of each attribute, and the correlations of at least 0.05."""
    known = attributes(0, range(COUNTED))
    shares = (known > 0.5).double().mean(dim=0).tolist()
    print(", ".join(f"{name} {share:.0%}" for name, share in zip(ATTRIBUTES, shares, strict=True)))
    r = torch.corrcoef(known.T).tolist()
    for i, j in itertools.combinations(range(len(ATTRIBUTES)), 2):
        if abs(r[i][j]) >= 0.05:
            print(f"{ATTRIBUTES[i]:>20}  {ATTRIBUTES[j]:20} {r[i][j]:+.2f}")


def speed(side: int, count: int = 512) -> None:
    """Print portraits a second: the best of five, for other work may run beside it."""
    draw(0, range(64), side)
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        draw(0, range(count), side)
        best = min(best, time.perf_counter() - start)
    print(f"{side}x{side}: {count / best:,.0f} portraits a second on {torch.get_num_threads()} threads")


def reader() -> nn.Sequential:
    """Return four convolutions and a linear layer: images (N, 3, 64, 64) → attributes (N, A)."""
    layers: list[nn.Module] = []
    for before, after, kernel in ((3, 20, 4), (20, 40, 3), (40, 80, 3), (80, 80, 3)):
        layers += [nn.Conv2d(before, after, kernel, 2, 1), nn.BatchNorm2d(after), nn.ReLU()]
    layers += [nn.Flatten(), nn.Dropout(0.15), nn.Linear(80 * 16, len(ATTRIBUTES))]
    return nn.Sequential(*layers)


def learn() -> None:
    """Print R² of every attribute on portraits that the network has not seen."""
    torch.manual_seed(0)
    images, known = draw(0, range(LEARNT))
    spread = known.std(dim=0)
    x = to_range(images).contiguous(memory_format=torch.channels_last)
    network = reader().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    batches = [part for _ in range(EPOCHS) for part in torch.split(torch.randperm(LEARNT), BATCH)]
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=len(batches) + 1)
    for index in batches:
        down, right = torch.randint(-2, 3, (2,)).tolist()
        optimizer.zero_grad()
        told = network(x[index].roll((down, right), (2, 3)))
        torch.autograd.backward(mse_loss(told / spread, known[index] / spread))
        optimizer.step()
        schedule.step()
    for name, value in zip(ATTRIBUTES, explained(network.eval()), strict=True):
        print(f"{name:20} R² {value:.2f}")


@torch.no_grad()
def explained(network: nn.Module) -> list[float]:
    """Return 1 − mean squared error / variance of each attribute, on held-out portraits."""
    images, known = draw(0, range(HELD_OUT, HELD_OUT + HELD))
    told: Tensor = torch.cat([network(to_range(part)) for part in torch.split(images, 250)])
    found: list[float] = (1 - (told - known).square().mean(dim=0) / known.var(dim=0, correction=0)).tolist()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheet", metavar="FILE", help="write 100 portraits and nothing else")
    parser.add_argument("--learn", action="store_true", help="train the network too")
    chosen = parser.parse_args()
    if chosen.sheet:
        sheet(chosen.sheet)
        return
    counts()
    for side in (32, 64, 128):
        speed(side)
    if chosen.learn:
        learn()


if __name__ == "__main__":
    main()
