"""`gansmith reconstruct RUN …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from gansmith.cli.arguments import POSITIONAL, parse

TITLES = {
    "psnr": ("PSNR, dB", "higher", "how near is an answer to its target, pixel by pixel? of the mean squared error"),
    "ssim": ("SSIM", "higher", "the same, in means, contrasts and correlations of patches"),
    "upper_energy": ("upper-band energy", "as real", "how sharp? energy above a quarter of the side's cycles"),
    "fid": ("FID", "lower", "do answers look like other real samples?"),
    "kid": ("KID", "lower", "the same, unbiased"),
    "feature_distance": ("distance in features", "lower", "how near to its target? 1: as far as another real sample"),
    "answer_diversity": ("diversity", "near 1", "are answers to one question as far apart as from the target?"),
}


@dataclass(frozen=True)
class Reconstruct:
    """Let a run answer about real samples: a sheet of questions, targets and answers, and figures of the answers.

    Runs of inpaint and superres are shown a part and answer with the whole; those with an encoder (vae, vae-gan, bigan)
    make the samples again. On the sheet stand, from left to right, what was shown, the target and the answers.
    """

    run: Annotated[Path, POSITIONAL]
    """Run folder; of inpaint or superres also a generator's .safetensors file."""
    data: str | None = None
    """Real samples (as for train), held-out ones for example; by default those the run was trained on."""
    samples: int = 2000
    """Samples that are answered about; FID and KID compare with up to 10,000 others."""
    answers: int = 3
    """Answers to each, by different noise."""
    features: str | None = None
    """Of FID and KID: auto, raw, random, classifier, inception or MODULE:ATTRIBUTE; by default the run's own choice."""
    seed: int = 0
    """Seed of holes and noise."""
    generator: Literal["last", "best", "raw"] = "last"
    """The one of the last checkpoint (with an encoder, as it is trained), the best one, or never averaged."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N."""
    trust: bool = False
    """Import code of its own that the run names."""
    out: Path | None = None
    """FILE.png of the sheet, beside which FILE.json has figures; by default reconstruction.png in the run folder."""


def main(arguments: list[str]) -> None:
    """Answer, print the table, and say where sheet and figures are."""
    wanted = parse(Reconstruct, "reconstruct", arguments)
    from gansmith.cli.tables import figure, measured_on, show
    from gansmith.runs.reconstruct import reconstruct

    w = wanted
    how = (w.data, w.samples, w.answers, w.features, w.seed, w.generator, w.device, w.trust, w.out)
    report = reconstruct(str(w.run), *how)
    rows = []
    for name, (title, better, question) in TITLES.items():
        if name in report.metrics:
            value = figure(report.metrics[name], report.details.get(f"{name}_error"))
            rows.append([title, value, figure(report.real.get(name)), better, question])
    show(report.name, ["measure", "answers", "targets", "better", "question"], rows, measured_on(report.about))
    assert report.path is not None
    print(report.path.with_suffix(".png"))
    print(report.path)
