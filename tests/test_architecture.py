"""Do the modules depend on each other only as docs/design.md says?"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGES = ("actions", "bot", "knowledge_base")
HEAVY = {"torch", "transformers", "sentence_transformers", "onnxruntime", "onnx", "tensorflow", "bm25s"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "misc", "shared"}
MAX_LINES = 300
STARTS_ACTIONS = "bot/cli/actions.py"
"""The command that starts the action server: it puts actions and bot together, but only when it is called."""


@dataclass(frozen=True)
class Import:
    """``module`` is imported by ``file``; ``is_at_start`` if that happens when the file is imported."""

    file: str
    module: str
    is_at_start: bool

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]


def files() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((PROJECT / package).rglob("*.py"))]


@cache
def imports() -> tuple[Import, ...]:
    return tuple(found for path in files() for found in _imports_of(path))


def _imports_of(path: Path) -> Iterator[Import]:
    name = str(path.relative_to(PROJECT))
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(path.read_text(encoding="utf-8")), True)]
    while waiting:
        node, at_start = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (Import(name, alias.name, at_start) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports by a relative name"
            yield from (Import(name, f"{node.module}.{alias.name}", at_start) for alias in node.names)
        inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or _is_for_types(node)
        waiting += [(child, at_start and not inside) for child in ast.iter_child_nodes(node)]


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def importing(package: str) -> set[str]:
    """The files that import the package, wherever in the file."""
    return {found.file for found in imports() if found.package == package}


def test_there_is_something_to_look_at() -> None:
    assert len(files()) > 60
    assert {found.package for found in imports()} >= {"bot", "knowledge_base", "click", "sqlalchemy"}


def test_the_knowledge_base_knows_neither_bot_nor_actions() -> None:
    wrong = [i for i in imports() if i.file.startswith("knowledge_base/") and i.package in ("bot", "actions")]
    assert wrong == []


def test_the_bot_does_not_know_the_actions() -> None:
    found = [i for i in imports() if i.file.startswith("bot/") and i.package == "actions"]
    assert {i.file for i in found} <= {STARTS_ACTIONS}
    assert [i for i in found if i.is_at_start] == []


def test_what_runs_inside_rasa_imports_nothing_else_of_ours() -> None:
    wrong = [
        i
        for i in imports()
        if i.file.startswith("bot/rasa/") and i.package in PACKAGES and not i.module.startswith("bot.rasa.")
    ]
    assert wrong == []


def test_rasa_is_imported_only_inside_rasa() -> None:
    assert {file for file in importing("rasa") if not file.startswith("bot/rasa/")} == set()


def test_nothing_of_ours_imports_what_runs_inside_rasa() -> None:
    wrong = {
        i.file for i in imports() if i.module.startswith("bot.rasa.") and not i.file.startswith("bot/rasa/")
    }
    assert wrong == set()


def test_the_sdk_of_rasa_stays_at_the_edge() -> None:
    assert {file for file in importing("rasa_sdk") if not file.startswith("actions/")} == set()


def test_sql_stays_in_the_bot() -> None:
    wrong = importing("sqlalchemy") | importing("alembic") | importing("psycopg")
    assert {file for file in wrong if not file.startswith("bot/")} == set()


def test_http_is_served_by_the_web_and_the_action_server_only() -> None:
    serving = {i.file for i in imports() if i.module == "aiohttp.web" or i.module.startswith("aiohttp.web.")}
    in_web = {file for file in serving if file.startswith("bot/web/")}
    assert in_web != set()
    assert serving - in_web == {"actions/server.py", STARTS_ACTIONS}


def test_heavy_libraries_are_imported_only_where_a_model_is_loaded() -> None:
    assert [i for i in imports() if i.package in HEAVY and i.is_at_start] == []
    assert [i for i in imports() if i.package in HEAVY] != []


def test_importing_everything_loads_no_model_library() -> None:
    modules = [
        ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        for path in files()
        if "bot/rasa/" not in str(path) and "migrations" not in path.parts and path.name != "__main__.py"
    ]
    heavy = sorted(HEAVY - {"bm25s"})
    program = "\n".join(
        [
            "import sys, importlib",
            f"for name in {modules!r}: importlib.import_module(name.removesuffix('.__init__'))",
            f"print([name for name in {heavy!r} if name in sys.modules])",
        ]
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (result.stdout, result.stderr) == ("[]\n", "")


def test_module_names_are_unique() -> None:
    names = [path.stem for path in files() if not path.stem.startswith("__")]
    assert {name for name, count in Counter(names).items() if count > 1} == set()


def test_no_module_has_a_vague_name() -> None:
    assert {
        str(path) for path in files() if path.stem in VAGUE_NAMES or path.parent.name in VAGUE_NAMES
    } == set()


def test_every_module_opens_with_its_question() -> None:
    without = [
        str(path.relative_to(PROJECT))
        for path in files()
        if not (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").strip()
    ]
    assert without == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_is_longer_than_one_sitting(package: str) -> None:
    paths = (PROJECT / package).rglob("*.py")
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {path: length for path, length in lengths.items() if length > MAX_LINES} == {}
