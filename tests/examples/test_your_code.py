"""Every block of Python in docs/your-code.md runs as it stands there."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "your-code.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
BLOCKS = [
    pytest.param(block, id=f"{section.splitlines()[0]} {number}")
    for section in SECTIONS
    for number, block in enumerate(re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL))
]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_runs(block, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "docs/your-code.md", "exec"), {"__name__": "page"})


def test_there_are_sections_with_blocks():
    assert "Networks of your own" in PAGE and len(BLOCKS) >= 1
