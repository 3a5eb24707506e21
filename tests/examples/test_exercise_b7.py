"""Exercise B7: the gaps are gaps, hints lead to the solution, and the notebook is the script."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
SCRIPT = (EXAMPLES / "exercise_b7.py").read_text(encoding="utf-8")
SOLUTION = (EXAMPLES / "exercise_b7_solution.py").read_text(encoding="utf-8")


def cells(script: str) -> list[tuple[str, str]]:
    """Return the cells of a script with `# %%` between them: (markdown or code, text)."""
    found = []
    for part in re.split(r"^# %%", script, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        if "[markdown]" in head:
            found.append(("markdown", re.sub(r"^# ?", "", body.strip(), flags=re.MULTILINE)))
        else:
            found.append(("code", body.strip()))
    return found


def notebook(script: str) -> dict:
    """Return the script as a notebook that has not been run."""
    made = []
    for i, (kind, text) in enumerate(cells(script)):
        cell = {"cell_type": kind, "id": f"b7-{i}", "metadata": {}, "source": text.splitlines(keepends=True)}
        made.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))
    about = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"cells": made, "metadata": about, "nbformat": 4, "nbformat_minor": 5}


def test_the_notebook_is_the_script():
    """GANSMITH_REWRITE_NOTEBOOK=1 writes it anew."""
    path = EXAMPLES / "exercise_b7.ipynb"
    if os.environ.get("GANSMITH_REWRITE_NOTEBOOK"):
        path.write_text(json.dumps(notebook(SCRIPT), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == notebook(SCRIPT)


def run(script: str, folder: Path) -> subprocess.CompletedProcess:
    (folder / "b7.py").write_text(script, encoding="utf-8")
    return subprocess.run([sys.executable, "b7.py"], cwd=folder, capture_output=True, text=True, timeout=300)


def gap(script: str, number: int) -> str:
    """Return what stands in a gap: from the line that names it to the check of it."""
    after = script[script.index(f"# gap {number}") :]
    line = script[: script.index(f"# gap {number}")].rpartition("\n")[2]
    return line + after.partition("\n\n")[0]


@pytest.mark.parametrize("filled", [0, 3])
def test_a_gap_says_what_is_missing(filled, tmp_path):
    """The first gaps are filled from the solution; the next one says its hint, and nothing below runs."""
    script = SCRIPT
    for number in range(1, filled + 1):
        script = script.replace(gap(script, number), gap(SOLUTION, number))
    ended = run(script, tmp_path)
    assert ended.returncode == 1
    assert [line for line in ended.stdout.splitlines() if "right" in line] == [
        f"gap {i}: right" for i in range(1, filled + 1)
    ]
    assert ended.stderr.startswith(f"gap {filled + 1}: not yet. Hint: ") and "Traceback" not in ended.stderr


def test_the_solution_passes_every_check_but_that_of_the_training(tmp_path):
    short = SOLUTION.replace("STEPS = 3000", "STEPS = 1")
    ended = run(short, tmp_path)
    assert [f"gap {i}: right" in ended.stdout for i in range(1, 7)] == [True] * 6
    assert "gap 7: not yet" in ended.stderr  # one step is no training


def test_the_solution_fills_the_gaps_and_changes_nothing_else():
    theirs = SOLUTION
    for number in range(1, 7):
        theirs = theirs.replace(gap(theirs, number), gap(SCRIPT, number))
    plain = theirs.replace("  # type: ignore[no-untyped-call]", "")
    assert plain[plain.index("# %%\nimport torch") :] == SCRIPT[SCRIPT.index("# %%\nimport torch") :]
