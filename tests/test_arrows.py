"""The floors of the house: a lower one never imports a higher one, and dynamics know games by their protocol alone."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "gansmith"
FLOORS = [
    {"otherwise"},
    {"errors"},
    {"files", "memory", "lazy", "numerics", "turns"},
    {"streams"},
    {"settings"},
    {"conditions"},
    {"theory", "objectives"},
    {"networks", "data"},
    {"generators"},
    {"games"},
    {"terms", "dynamics"},
    {"metrics"},
    {"recipes", "latent"},
    {"records", "compiling"},
    {"training"},
    {"callbacks", "playground"},
    {"runs"},
    {"figures"},
    {"studio"},
    {"cli"},
]
"""Bottom up. Rooms of one floor do not import each other either, so that there are no circles between rooms."""
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}


def imports(path: Path, source: Path = SOURCE) -> set[str]:
    """Return the gansmith modules that a file imports, wherever in the file it does so, for type checking too."""
    found: set[str] = set()
    package = ("gansmith", *path.relative_to(source).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            parts = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join(filter(None, (*parts, node.module)))
            found |= {f"{base}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name == "import_module":
                found.add(str(node.args[0].value))
    return {name for name in found if name.startswith("gansmith.")}


def room_of(path: Path, source: Path = SOURCE) -> str:
    return path.relative_to(source).parts[0].removesuffix(".py")


def in_rooms(source: Path) -> list[Path]:
    return [p for p in sorted(source.rglob("*.py")) if room_of(p, source) not in ("__init__", "__main__")]


def wrongs(path: Path, source: Path = SOURCE) -> list[str]:
    """Return what is wrong with a file's imports."""
    room = room_of(path, source)
    if room not in LEVEL:
        return [f"{room} has no floor yet"]
    others = {name: name.split(".")[1] for name in imports(path, source)}
    return [
        f"{path.name} of {room} imports {name}" + ("" if other in LEVEL else ", a room without a floor")
        for name, other in sorted(others.items())
        if other not in (room, "__version__") and LEVEL.get(other, len(FLOORS)) >= LEVEL[room]
    ]


@pytest.mark.parametrize("path", in_rooms(SOURCE), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_only_point_down(path):
    assert wrongs(path) == []


def test_every_floor_is_named_once_and_lived_in():
    rooms = [room for floor in FLOORS for room in floor]
    assert len(rooms) == len(set(rooms))
    assert {room_of(path) for path in in_rooms(SOURCE)} >= set(rooms)


def test_rooms_form_no_circle():
    """Floors allow none; here it is seen without them."""
    open_rooms = {room_of(path): set() for path in in_rooms(SOURCE)}
    for path in in_rooms(SOURCE):
        open_rooms[room_of(path)] |= {name.split(".")[1] for name in imports(path)} & set(open_rooms) - {room_of(path)}
    while free := {room for room, others in open_rooms.items() if not others & set(open_rooms)}:
        for room in free:
            del open_rooms[room]
    assert not open_rooms, f"these import each other in a circle: {open_rooms}"


@pytest.mark.parametrize(
    ("room", "line", "told"),
    [
        ("games", "from gansmith.terms import Adversarial", "imports gansmith.terms.Adversarial"),
        (
            "games",
            "if TYPE_CHECKING:\n    from gansmith.terms import Adversarial",
            "imports gansmith.terms.Adversarial",
        ),
        ("terms", "def late():\n    import gansmith.dynamics.flat", "imports gansmith.dynamics.flat"),
        ("data", "from ..recipes.composition import Recipe", "imports gansmith.recipes.composition.Recipe"),
        ("runs", "importlib.import_module('gansmith.cli.main')", "imports gansmith.cli.main"),
        ("cli", "from gansmith.attic import trunk", "imports gansmith.attic.trunk, a room without a floor"),
        ("attic", "", "attic has no floor yet"),
    ],
)
def test_whatever_points_up_is_seen(tmp_path, room, line, told):
    (tmp_path / room).mkdir()
    path = tmp_path / room / "x.py"
    path.write_text(line)
    assert len(wrongs(path, tmp_path)) == 1 and told in wrongs(path, tmp_path)[0]
    path.write_text("from gansmith.errors import GansmithError\n" if room in LEVEL else line)
    assert bool(wrongs(path, tmp_path)) == (room not in LEVEL)


def test_dynamics_see_the_game_protocol_alone():
    for path in (SOURCE / "dynamics").glob("*.py"):
        games = {name for name in imports(path) if name.startswith("gansmith.games")}
        assert all(name.startswith("gansmith.games.game.") for name in games), f"{path.name} imports {games}"


def test_package_is_imported_without_torch():
    """Only the door is checked here; how fast it opens is the command line's test."""
    assert (
        not imports(SOURCE / "cli" / "main.py")
        - {
            "gansmith.__version__",
            "gansmith.cli.text.survive_all",
            "gansmith.errors.DivergedError",
            "gansmith.memory.keep_freed_memory",
        }
        - {
            "gansmith.errors.GansmithError",
            "gansmith.errors.unknown",
        }
    )
