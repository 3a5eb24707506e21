"""`gansmith evaluate RUN …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from gansmith.cli.arguments import POSITIONAL, parse


@dataclass(frozen=True)
class Evaluate:
    """Measure a run's samples against real ones: print a table, and write metrics.json into the run's folder.

    Other features, data, samples or seed stand in the file's name (metrics-raw.json), so that none replaces another.
    Instead of a run, any data can be measured as if they were generated; data measured against themselves are cut
    into two halves, which shows what perfect samples would score.
    """

    run: Annotated[Path, POSITIONAL]
    """Run folder, a generator's .safetensors file, or samples in any form that --data takes."""
    data: str | None = None
    """Real samples (as for train); by default those the run was trained on. Or FILE.npz with mu and sigma of the
    --features that are named: FID alone."""
    features: str | None = None
    """auto, raw, random, classifier, inception or MODULE:ATTRIBUTE (your own function or network); by default the
    run's own choice."""
    samples: int | None = None
    """How many are drawn; by default 10000 images, 26000 of stacked digits, 2500 vectors."""
    seed: int = 0
    """Seed of the noise."""
    generator: Literal["last", "best", "raw"] = "last"
    """The one of the last checkpoint, the best one by the run's metric, or the last one as trained, not averaged."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N."""
    metrics: tuple[str, ...] = ()
    """Metrics of your own, MODULE:ATTRIBUTE, besides ours."""
    trust: bool = False
    """Import code of its own that a run or a file names."""


def main(arguments: list[str]) -> None:
    """Measure, print the table, and say where the numbers are."""
    wanted = parse(Evaluate, "evaluate", arguments)
    from gansmith.cli.tables import figure, measured_on, show
    from gansmith.metrics.catalogue import METRICS
    from gansmith.runs.evaluate import evaluate

    w = wanted
    report = evaluate(str(w.run), w.data, w.features, w.samples, w.seed, w.generator, w.device, w.trust, w.metrics)
    rows = []
    for name, metric in METRICS.items():
        if name in report.metrics:
            value = figure(report.metrics[name], report.details.get(f"{name}_error"))
            rows.append([metric.title, value, figure(report.real.get(name)), metric.better, metric.question])
    own = [name for name in report.metrics if name not in METRICS]
    rows += [[name, figure(report.metrics[name]), figure(report.real.get(name)), "", "of your own"] for name in own]
    caption = measured_on(report.about)
    if "fid_bias" in report.details:
        caption += f"; of the FID, {figure(report.details['fid_bias'])} is owed to the number of samples"
    show(report.name, ["metric", "value", "real data", "better", "question"], rows, caption)
    if report.path is not None:
        print(report.path)
