"""What is required, what is installed for tests, and what the README says agree."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]


def test_torch_has_a_lower_end_for_users_and_a_range_for_tests():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (torch,) = (r for r in map(Requirement, project["dependencies"]) if r.name == "torch")
    assert [str(one) for one in torch.specifier] == [">=2.11"]
    installs = re.findall(r"pip install .*", (ROOT / "Makefile").read_text(encoding="utf-8"))
    tested = SpecifierSet(re.search(r'"torch(\S+)"', installs[0])[1])  # before anything else can ask for torch
    assert all(version in tested for version in ("2.11", "2.13.1")) and "2.14" not in tested
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    said = re.search(r"Continuous integration tests with torch (\d+\.\d+)", readme)[1]
    assert said in tested and said in torch.specifier
