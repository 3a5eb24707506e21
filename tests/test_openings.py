"""Every call that opens something from outside is in SECURITY.md, with what makes it safe."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "gansmith"
OPENING = {
    "open", "safe_open", "load_file", "loadtxt", "genfromtxt", "fromfile", "memmap", "scandir", "fdopen", "read_bytes",
    "read_text", "read_array", "from_parquet", "load_dataset", "ZipFile", "import_module", "urlopen", "urlretrieve",
    "hf_hub_download", "snapshot_download", "Popen", "check_output", "check_call", "CDLL", "read_csv", "read_table",
    "read_parquet", "read_pickle", "loadmat", "imread", "read_image", "open_memmap", "fromregex", "Unpickler", "mmap",
    "LoadLibrary", "load_library", "spec_from_file_location", "exec_module", "run_path", "run_module", "connect",
    "create_connection", "iterdir", "glob", "rglob", "listdir", "unpack_archive", "extractall",
}  # fmt: skip
"""Names of functions and methods that open, read, import or start something."""
BARE = {"exec", "eval", "compile", "__import__"}
"""Names that count as functions alone."""
LOADERS = ("np", "numpy", "torch", "pickle", "joblib", "dill", "marshal", "yaml")
OF = {
    **{loader: {"load", "loads"} for loader in LOADERS},
    "subprocess": {"run", "call", "getoutput", "getstatusoutput"},
    "os": {"system", "popen", "walk", "startfile", "execv", "execve", "execvp", "spawnv", "posix_spawn"},
    "h5py": {"File"},
    "requests": {"get", "post", "request"},
    "socket": {"socket"},
}
"""Names that count in a module, or in one inside it, called there or imported from it."""


def openings(source: str) -> set[str]:
    """Return the names of the opening calls of a module."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            found |= {one.name for one in node.names} & OF.get((node.module or "").partition(".")[0], set())
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        base = ast.unparse(node.func.value).partition(".")[0] if isinstance(node.func, ast.Attribute) else ""
        if name in OPENING or (name in BARE and isinstance(node.func, ast.Name)) or name in OF.get(base, ()):
            found.add(name)
    return found


def listed() -> dict[str, set[str]]:
    """Return what SECURITY.md lists, by file."""
    table: dict[str, set[str]] = {}
    for line in (ROOT / "SECURITY.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 3:
            for file in re.findall(r"`([^`]+)`", cells[0]):
                table.setdefault(file, set()).update(n.rpartition(".")[2] for n in re.findall(r"`([^`]+)`", cells[1]))
    return table


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_call_that_opens_something_is_listed(path):
    strange = openings(path.read_text()) - listed().get(str(path.relative_to(SOURCE)), set())
    assert not strange, f"{path.name} calls {', '.join(sorted(strange))}: add it to SECURITY.md with what makes it safe"


def test_what_is_listed_is_there():
    """A line may be about several files, each of which has some of its calls."""
    for file, calls in listed().items():
        assert calls & openings((SOURCE / file).read_text()), file


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import pickle\nwith open(x) as f: pickle.load(f)\nsubprocess.Popen(y)", {"open", "load", "Popen"}),
        ("torch.jit.load(x)", {"load"}),
        ("torch.ops.load_library(x)", {"load_library"}),
        ("from numpy import load\nload(x)", {"load"}),
        ("from os import walk as through", {"walk"}),
        ("[*folder.iterdir()], folder.rglob('*')", {"iterdir", "rglob"}),
        ("h5py.File(x); marshal.loads(y)", {"File", "loads"}),
        ("own.load(x); json.loads(y); run(z); walk.run(z)", set()),
    ],
)
def test_a_new_call_would_be_seen(source, names):
    assert openings(source) == names
