"""`gansmith compare RUN RUN …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from gansmith.cli.arguments import POSITIONAL, parse
from gansmith.errors import GansmithError

if TYPE_CHECKING:
    from gansmith.runs.compare import Comparison


@dataclass(frozen=True)
class Compare:
    """Measure several runs against the same real samples: print one table, and draw samples and curves side by side."""

    runs: Annotated[tuple[Path, ...], POSITIONAL]
    """Run folders."""
    data: str | None = None
    """Real samples (as for train); by default those the runs were trained on."""
    features: str | None = None
    """auto, raw, random, classifier, inception or MODULE:ATTRIBUTE; by default the first run's own choice."""
    samples: int | None = None
    """How many are drawn from each; by default 10000 images, 26000 of stacked digits, 2500 vectors."""
    seed: int = 0
    """Seed of the noise."""
    generator: Literal["last", "best", "raw"] = "last"
    """The one of the last checkpoint, the best one by the run's metric, or the last one as trained, not averaged."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N."""
    trust: bool = False
    """Import code of its own that a run or a file names."""
    out: Path | None = None
    """FILE.png: samples and curves side by side; the table goes beside it as FILE.md. By default nothing is written."""


def main(arguments: list[str]) -> None:
    """Compare, print the table, and say where it and the picture are."""
    wanted = parse(Compare, "compare", arguments)
    if wanted.out is not None and wanted.out.suffix != ".png":
        raise GansmithError(f"--out {wanted.out}: use FILE.png")
    if wanted.out is not None:
        _check_page(wanted.out)
    from gansmith.cli.tables import markdown, show
    from gansmith.files import write_atomically
    from gansmith.runs.compare import compare
    from gansmith.training.pictures import save_picture

    w = wanted
    found = compare(w.runs, w.data, w.features, w.samples, w.seed, w.generator, w.device, w.trust)
    header, rows = table(found)
    caption = _caption(found)
    show("", header, rows, caption)
    if w.out is None:
        return
    w.out.parent.mkdir(parents=True, exist_ok=True)
    save_picture(found.picture, w.out)
    page = markdown(header, rows) + f"\n{caption}\n\n{_link(w.out)}\n"
    write_atomically(w.out.with_suffix(".md"), lambda temporary: temporary.write_text(page, encoding="utf-8"))
    print(w.out)


def _check_page(out: Path) -> None:
    """Refuse to write the table over a page that is not one of ours; nobody has named it."""
    page = out.with_suffix(".md")
    if page.exists() and _link(out) not in page.read_text(encoding="utf-8", errors="replace"):
        raise GansmithError(f"--out {out}: the table would go over your {page}; choose another name")


def _link(out: Path) -> str:
    return f"![Samples and curves]({out.name})"


def table(found: Comparison) -> tuple[list[str], list[list[str]]]:
    """Return header and rows: a row per figure, a column per run, the best figure in bold, budgets first."""
    from gansmith.cli.tables import BOLD, figure
    from gansmith.metrics.catalogue import METRICS, badness

    header = ["", *(str(budget["run"]) for budget in found.budgets), "real data", "better"]
    facts = ("recipe", "steps", "n_critic", "batch", "seed", "minutes")
    rows = [[fact, *(str(budget[fact]) for budget in found.budgets), "", ""] for fact in facts]
    for name, metric in METRICS.items():
        if not all(name in report.metrics for report in found.reports):
            continue
        values = [report.metrics[name] for report in found.reports]
        best = min(badness(name, value) for value in values)
        cells = [figure(r.metrics[name], r.details.get(f"{name}_error")) for r in found.reports]
        cells = [BOLD.format(c) if badness(name, v) == best else c for c, v in zip(cells, values, strict=True)]
        rows.append([metric.title, *cells, figure(found.real.get(name)), metric.better])
    return header, rows


def _caption(found: Comparison) -> str:
    from gansmith.cli.tables import measured_on

    seed, which = found.reports[0].about["seed"], found.reports[0].about["generator"]
    return f"{measured_on(found.reports[0].about)}; the {which} generator of each run, noise of seed {seed}"
