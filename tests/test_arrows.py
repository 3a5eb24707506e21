"""The floors of the house: a lower one never imports a higher one, and dynamics know games by their protocol alone."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "gansmith"
FLOORS = [
    {"errors"},
    {"values", "files", "memory"},
    {"config", "conditions"},
    {"theory", "objectives", "networks", "data"},
    {"games"},
    {"dynamics"},
    {"metrics"},
    {"training"},
    {"latent", "diagnosis", "export"},
    {"recipes"},
    {"runs"},
    {"figures"},
    {"cli", "studio"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}


def imports(path: Path) -> set[str]:
    """Return the gansmith modules that a file imports, wherever in the file it does so."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.startswith("gansmith.")}


ROOMS = [
    path for path in SOURCE.rglob("*.py") if path.relative_to(SOURCE).parts[0] not in ("__init__.py", "__main__.py")
]


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_only_point_down(path):
    room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    assert room in LEVEL, f"{room} has no floor yet"
    for name in imports(path):
        other = name.split(".")[1]
        assert other == room or LEVEL.get(other, -1) < LEVEL[room], f"{path.name} imports {name}"


def test_dynamics_see_the_game_protocol_alone():
    for path in (SOURCE / "dynamics").glob("*.py"):
        games = {name for name in imports(path) if name.startswith("gansmith.games")}
        assert all(name.startswith("gansmith.games.game.") for name in games), f"{path.name} imports {games}"


def test_package_is_imported_without_torch():
    """Only the door is checked here; how fast it opens is the command line's test."""
    assert (
        not imports(SOURCE / "cli" / "main.py")
        - {"gansmith.__version__", "gansmith.errors.DivergedError", "gansmith.memory.keep_freed_memory"}
        - {
            "gansmith.errors.GansmithError",
            "gansmith.errors.unknown",
        }
    )
