"""The page of what was measured: one file of all numbers, tables and figures made of it."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from gansmith.cli.tables import markdown
from gansmith.figures.figure import BLUE, COLOURS, GREEN, Figure, print_sheet, sheet
from lecture import architectures, sheets
from lecture.common import Numbers, spread

Runs = Mapping[str, Sequence[Numbers]]
"""Of each row, its seeds."""

CURES = {
    "onerateforboth": "one rate for both",
    "smallerratesaquarter": "smaller rates, a quarter",
    "tworatesDfourtimesGs": "two rates, D four times G's",
    "lookaheadextragradient": "lookahead (extragradient)",
}


def gather(out: Path) -> dict[str, dict[str, list[Numbers]]]:
    """Return every kept run, by part and row."""
    found: dict[str, dict[str, list[Numbers]]] = {}
    for path in sorted(out.rglob("*.json")):
        part = "-".join(path.relative_to(out).parts[:-1])
        row = path.stem.rpartition("-")[0] or path.stem
        found.setdefault(part, {}).setdefault(row, []).append(json.loads(path.read_text(encoding="utf-8")))
    return found


def competence_table(runs: Runs) -> str:
    """Return the table of k = 1, 2, 3, 4."""
    names = ("right along", "right", "modes", "high quality", "seconds")
    rows = [[k, str(len(runs[k])), *(spread(runs[k], name) for name in names)] for k in sorted(runs)]
    return markdown(["k", "seeds", "D right, mean along", "at the end", "modes of 8", "high quality", "seconds"], rows)


def rates_table(ring: Runs, mnist: Runs) -> str:
    """Return the table of the three cures."""
    rows = []
    for slug, name in CURES.items():
        if slug in ring:
            row = [name, *(spread(ring[slug], figure) for figure in ("modes", "high quality", "right"))]
            rows.append(row + [spread(mnist[slug], f) if slug in mnist else "not played" for f in ("fid", "recall")])
    return markdown(["", "ring: modes of 8", "high quality", "D right", "MNIST: FID", "recall"], rows)


def losses_table(runs: Runs) -> str:
    """Return the table of LSGAN, DCGAN and EBGAN."""
    names = ("fid", "kid", "precision", "recall", "seconds")
    rows = [
        [name, *(f"{runs[k][0][figure]:.3g}" for figure in names)] for k, name in sheets.LOSSES.items() if k in runs
    ]
    return markdown(["", "FID", "KID", "precision", "recall", "seconds"], rows)


def overfitting_table(runs: Runs) -> str:
    """Return the table of 50, 500 and 5,000 digits."""
    names = ("copies", "fid", "recall", "seen", "held", "fake", "seconds")
    rows = [[f"{int(k):,}", str(len(runs[k])), *(spread(runs[k], n) for n in names)] for k in sorted(runs, key=int)]
    header = ["digits", "seeds", "nearer to a digit it saw than digits are", "FID, held-out", "recall"]
    return markdown([*header, "D(seen)", "D(held-out)", "D(fake)", "seconds"], rows)


def collapse_table(runs: Runs) -> str:
    """Return the table of runs that collapse and of their cures."""
    names = ("diversity", "fid", "precision", "seconds")
    rows = [[name, *(f"{runs[k][0][n]:.3g}" for n in names)] for k, name in sheets.COLLAPSES.items() if k in runs]
    return markdown(["", "distance between samples, of digits'", "FID", "precision", "seconds"], rows)


TABLES: Mapping[str, Callable[[Runs], str]] = {
    "losses": losses_table,
    "overfitting": overfitting_table,
    "collapse": collapse_table,
    "architectures": architectures.table,
}
"""Of parts that may not have been played yet."""


def competence_figure(runs: Runs) -> Figure:
    """Draw how many of D's answers are right, and what comes of it, by k."""
    drawn = sheet(2, width=4.4, height=3.4)
    for name, colour in (("right along", BLUE), ("right", GREEN)):
        _dots(drawn.axes[0], runs, name, colour, {"right along": "mean along the run", "right": "at the end"}[name])
    drawn.axes[0].axhline(0.5, color="gray", lw=0.8, ls=":")
    drawn.axes[0].set(xlabel="k, steps of D", ylabel="share of right answers of D", ylim=(0.45, 1))
    _dots(drawn.axes[1], runs, "high quality", BLUE, "share within 3σ of a mode")
    drawn.axes[1].set(xlabel="k, steps of D", ylabel="high quality", ylim=(0, 1))
    for axes in drawn.axes:
        axes.set_xticks(sorted(map(int, runs)))
        axes.legend(fontsize=8, frameon=False)
    ends = ", ".join(f"{statistics.fmean(run['right'] for run in runs[k]):.2f}" for k in sorted(runs))
    caption = (
        f"The ring, 1,500 steps of G, seeds as dots. D is right about {ends} of fresh samples at the end for k = 1, 2, "
        "3, 4; "
        "½ would be a D that cannot tell."
    )
    return Figure([print_sheet(drawn, caption)], caption)


def rates_figure(ring: Runs, mnist: Runs) -> Figure:
    """Draw high quality on the ring, and FID on MNIST where it was played, for the three cures."""
    drawn = sheet(2 if mnist else 1, width=5.2, height=3.4)
    panels = [(ring, "high quality", "ring: share within 3σ of a mode")]
    panels += [(mnist, "fid", "MNIST: FID in random features (less is better)")] if mnist else []
    for axes, (runs, figure, title) in zip(drawn.axes, panels, strict=True):
        shown = [slug for slug in CURES if slug in runs]
        for i, slug in enumerate(shown):
            values = [run[figure] for run in runs[slug]]
            axes.barh(i, statistics.fmean(values), color=COLOURS[i], alpha=0.5)
            axes.plot(values, [i] * len(values), "o", color=COLOURS[i], ms=4)
        axes.set_yticks(range(len(shown)), [CURES[slug] for slug in shown], fontsize=8)
        axes.invert_yaxis()
        axes.set_title(title, fontsize=10)
    caption = "Same networks, same number of moves of each player; bars are means, dots are seeds."
    return Figure([print_sheet(drawn, caption)], caption)


def _dots(axes: object, runs: Runs, name: str, colour: str, label: str) -> None:
    ks = sorted(runs)
    means = [statistics.fmean(run[name] for run in runs[k]) for k in ks]
    axes.plot([int(k) for k in ks], means, color=colour, label=label)  # type: ignore[attr-defined]
    for k in ks:
        axes.plot([int(k)] * len(runs[k]), [run[name] for run in runs[k]], ".", color=colour)  # type: ignore[attr-defined]


def write(out: Path, docs: Path) -> None:
    """Write the numbers, the figures, and the tables into the page between their marks."""
    found = gather(out)
    text = json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (docs / "networks.json").write_text(text, encoding="utf-8")
    pictures(out, found, docs)
    refresh(docs)


def pictures(out: Path, found: Mapping[str, Runs], docs: Path) -> None:
    """Draw the sheets of samples, whose pictures lie beside the numbers of the runs alone."""
    if "architectures" in found:
        architectures.sheet_of(out / "architectures", found["architectures"]).save(docs / "architectures.png")
    if set(sheets.LOSSES) <= set(found.get("losses", ())):
        sheets.losses(out, found["losses"]).save(docs / "losses.png")
    if set(sheets.COLLAPSES) <= set(found.get("collapse", ())):
        sheets.collapse(out, found["collapse"]).save(docs / "collapse.png")
    if "timeline" in found:
        sheets.timeline(out, max(map(int, found["timeline"]))).save(docs / "timeline.png")
    if len(found.get("overfitting", ())) == 3:
        sheets.overfitting(out).save(docs / "overfitting.png")


def refresh(docs: Path) -> None:
    """Draw and write what the numbers say."""
    found = json.loads((docs / "networks.json").read_text(encoding="utf-8"))
    ring, mnist = found.get("ring-rates", {}), found.get("mnist-rates", {})
    page = (docs / "networks.md").read_text(encoding="utf-8")
    page = between(page, "competence", competence_table(found["competence"]))
    if ring:
        page = between(page, "rates", rates_table(ring, mnist))
        rates_figure(ring, mnist).save(docs / "rates.png")
    for name, table in TABLES.items():
        page = between(page, name, table(found[name])) if name in found else page
    (docs / "networks.md").write_text(page, encoding="utf-8")
    competence_figure(found["competence"]).save(docs / "competence.png")


def between(page: str, name: str, table: str) -> str:
    """Return the page with a table between its two marks."""
    start, end = f"<!-- {name}: written by a benchmark -->", f"<!-- end of {name} -->"
    if start not in page:
        page += f"\n## {name.capitalize()}\n\n{start}\n{end}\n\n![{name}]({name}.png)\n"
    before, _, rest = page.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}\n\n{table.strip()}\n\n{end}{after}"
