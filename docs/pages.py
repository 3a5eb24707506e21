"""What the site has besides the files of docs/: the pages of the repository's root, a page a recipe, the reference.

`mkdocs build` calls the functions that are named `on_…`. Every page is made from what it is about: a recipe's from the
recipe, the reference from `__all__`, so that a new recipe or name has its page without a line here.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from recipe_pages import recipe_pages

from gansmith.recipes import RECIPES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "gansmith"
FROM_ROOT = {"README.md": "overview.md", "CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
FROM_ROOT |= {"SECURITY.md": "security.md"}
FIRST = ["index.md", "overview.md", "data.md", "extending.md", "your-code.md", "measuring.md", "steering.md"]
"""The order of what is known; whatever else lies in docs/ follows."""
LAST = ["performance.md", "mutants.md", "changelog.md", "contributing.md", "security.md"]
TITLES = {"index.md": "Start", "overview.md": "Overview"}
LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(\))")
OUTSIDE = re.compile(r"^([a-z]+:|//|#)")


def on_files(files: Any, *, config: Any) -> Any:
    """Add the pages that are made."""
    from mkdocs.structure.files import File

    pages = dict(made())
    texts = {uri: page for uri, page in pages.items() if not uri.startswith("files/")}
    texts |= {path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md")}
    for uri, text in texts.items():
        for target in linked(text, origin(uri)):
            pages.setdefault(f"files/{target}.md", shown(ROOT / target))
    for uri, text in pages.items():
        files.append(File.generated(config, uri, content=text))
    found = [file.src_uri for file in files.documentation_pages()]
    config.nav = navigation(found)
    return files


def on_post_build(*, config: Any) -> None:
    """Leave out the page that servers show where there is none: its links are of a server's root."""
    (Path(config.site_dir) / "404.html").unlink(missing_ok=True)


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Let links lead to what the site has of the files that they name."""
    uri = page.file.src_uri
    if uri.startswith(("files/", "recipes/", "reference/")):
        return markdown
    return LINK.sub(lambda found: moved(found, uri), markdown)


def moved(found: re.Match[str], uri: str) -> str:
    """Return a link of a page as it must be in the site."""
    opening, target, anchor, closing = found.groups()
    if OUTSIDE.match(target):
        return found.group()
    path = Path(os.path.normpath(origin(uri) / target))
    if not path.exists() and path.with_suffix("").is_dir():  # a page that has become a folder of pages
        path = path.with_suffix("") / "index.md"
    if not path.exists() or not path.is_relative_to(ROOT):
        return found.group()
    inside = path.relative_to(ROOT).as_posix()
    if path.is_file() and path.is_relative_to(DOCS):
        inside = path.relative_to(DOCS).as_posix()
    else:
        inside = FROM_ROOT.get(inside, f"files/{inside}.md")
    return f"{opening}{os.path.relpath(inside, Path(uri).parent)}{anchor or ''}{closing}"


def origin(uri: str) -> Path:
    """Return the folder that a page's links start from."""
    return ROOT if uri in FROM_ROOT.values() else (DOCS / uri).parent


def linked(text: str, folder: Path) -> Iterator[str]:
    """Yield the files and folders of the repository outside docs/ that a page links to, from the root."""
    for _, target, _, _ in LINK.findall(text):
        path = Path(os.path.normpath(folder / target))
        if OUTSIDE.match(target) or not path.exists() or not path.is_relative_to(ROOT):
            continue
        inside = path.relative_to(ROOT).as_posix()
        if inside not in FROM_ROOT and not (path.is_file() and path.is_relative_to(DOCS)):
            yield inside


def shown(path: Path) -> str:
    """Return a file, or what a folder holds, as a page."""
    title = f"# {path.relative_to(ROOT).as_posix()}\n\n"
    if path.is_dir():
        pictures = [one for one in sorted(path.iterdir()) if one.suffix in (".png", ".webp", ".gif")]
        back = "../" * len(path.relative_to(ROOT).parts)
        if pictures and path.is_relative_to(DOCS):
            return title + "\n\n".join(f"![{p.stem}]({back}{p.relative_to(DOCS).as_posix()})" for p in pictures) + "\n"
        parts = [one for one in sorted(path.iterdir()) if one.suffix == ".py"]
        return (
            title + "\n\n".join(f"## {p.name}\n\n```python\n{p.read_text(encoding='utf-8')}```" for p in parts) + "\n"
        )
    if path.suffix == ".ipynb":
        return "\n\n".join(notebook(path)) + "\n"
    language = {".py": "python", ".sh": "sh", ".toml": "toml"}.get(path.suffix, "")
    return f"{title}````{language}\n{path.read_text(encoding='utf-8')}````\n"


def notebook(path: Path) -> Iterator[str]:
    """Yield the cells of a notebook and their stored outputs, as parts of a page."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        yield text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```"
        for output in cell.get("outputs", []):
            data = output.get("data", {"text/plain": output.get("text", "")})
            if "image/png" in data:
                yield f'<img alt="Output" src="data:image/png;base64,{"".join(data["image/png"]).strip()}">'
            elif "text/html" not in data:
                yield f"```text\n{''.join(data['text/plain'])}\n```"


def made() -> Iterator[tuple[str, str]]:
    """Yield the pages that are no files of docs/, by where they stand."""
    for name, uri in FROM_ROOT.items():
        yield uri, (ROOT / name).read_text(encoding="utf-8")
    yield from recipe_pages()
    for room, names in public().items():
        yield f"reference/{room}.md", reference_page(room, names)


def public() -> dict[str, list[str]]:
    """Return the names in every `__all__`, by package."""
    found = {}
    for path in sorted(SOURCE.rglob("__init__.py")):
        names = exported(path)
        if names:
            found[".".join(path.relative_to(SOURCE.parent).parent.parts)] = names
    return found


def exported(path: Path) -> list[str]:
    """Return the names in a file's `__all__`."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(getattr(one, "id", "") == "__all__" for one in node.targets):
            return [name for name in ast.literal_eval(node.value) if not name.startswith("__")]
    return []


def reference_page(room: str, names: list[str]) -> str:
    """Return the page of a package: what it says of itself, and every public name."""
    about = ast.get_docstring(ast.parse((SOURCE.parent / room.replace(".", "/") / "__init__.py").read_text("utf-8")))
    return f"# {room}\n\n{about}\n\n" + "\n\n".join(f"::: {room}.{name}" for name in names) + "\n"


def navigation(found: list[str]) -> list[Any]:
    """Return the order of pages: what is known first, then whatever else lies in docs/."""
    own = [uri for uri in found if not uri.startswith(("recipes/", "reference/", "files/"))]
    folders = sorted({uri.split("/")[0] for uri in own if "/" in uri})
    opening = {f"{folder}.md" for folder in folders}  # docs/course.md opens the pages of docs/course
    plain = [uri for uri in own if "/" not in uri and uri not in opening]
    first = [{TITLES[uri]: uri} if uri in TITLES else uri for uri in FIRST if uri in plain]
    last = [uri for uri in LAST if uri in plain]
    between: list[Any] = sorted(set(plain) - set(FIRST) - set(last))
    between += [
        {folder.replace("-", " ").capitalize(): [*opening & set(own) & {f"{folder}.md"}, *_of(own, folder)]}
        for folder in folders
    ]
    recipes = ["recipes/index.md", *(f"recipes/{name}.md" for name in RECIPES)]
    return [
        *first[:2],
        {"Recipes": recipes},
        *first[2:],
        *between,
        {"Reference": _of(found, "reference")},
        *last,
    ]


def _of(found: list[str], folder: str) -> list[str]:
    """Return the pages of a folder, its index first."""
    return sorted(
        (uri for uri in found if uri.startswith(f"{folder}/")),
        key=lambda u: (not u.endswith(("index.md", "/gansmith.md")), u),
    )
