"""Who may import whom: core nothing above it, film nothing of regression, nobody the doors."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "gdviz"
# Room -> the rooms that it may import. `checks`, `files` and `messages` may be used by all.
ROOMS = {
    "core": set(),
    "film": set(),
    "tables": {"core"},
    "views": {"core"},
    "renderers": {"views", "core", "film"},
}
SHARED = {"checks", "files", "messages"}
# Room -> libraries that it must not need.
FOREIGN = {
    "core": ("matplotlib", "mpl_toolkits", "celluloid", "duckdb"),
    "film": ("sklearn", "duckdb"),
    "tables": ("matplotlib", "mpl_toolkits", "celluloid", "sklearn"),
    "views": ("matplotlib", "mpl_toolkits", "celluloid", "duckdb"),
    "renderers": ("duckdb",),
}
ALL = {
    path.stem if path.is_file() else path.name
    for path in PACKAGE.iterdir()
    if path.suffix == ".py" or (path / "__init__.py").exists()
}
FORBIDDEN = {
    room: (*FOREIGN[room], *(f"gdviz.{other}" for other in ALL - allowed - SHARED - {room}))
    for room, allowed in ROOMS.items()
}
_RENDERERS = sorted((PACKAGE / "renderers").rglob("*.py"))
_VIEWS = sorted((PACKAGE / "views").rglob("*.py"))
TOP = {"gdviz", "tests", "gallery", ".ci"}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path) -> set[str]:
    """Every module that a file imports, in its functions too; a.b for ``from a import b``."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute, so that one can search for them"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _fresh(code: str) -> str:
    """Output of code in an interpreter that has imported nothing yet."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


FILES = [
    pytest.param(path, forbidden, id=_name(path))
    for part, forbidden in FORBIDDEN.items()
    for path in sorted((PACKAGE / part).rglob("*.py"))
]


@pytest.mark.parametrize(("path", "forbidden"), FILES)
def test_no_file_imports_what_is_above_it(path, forbidden):
    # The public names of gdviz are those of the parts that hold them.
    import gdviz

    imported = {
        f"{gdviz._HOME[name.removeprefix('gdviz.')]}.x"
        if name.removeprefix("gdviz.") in gdviz._HOME
        else name
        for name in _imports(path)
    }
    assert not [name for name in imported for bad in forbidden if _within(name, bad)]


@pytest.mark.parametrize("path", sorted((PACKAGE / "core").rglob("*.py")) + _VIEWS + _RENDERERS)
def test_no_message_names_a_flag(path):
    # Who raises an error does not know who reads it: messages.option does.
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    assert not [text for text in texts if isinstance(text, str) and re.search(r"--[a-z]", text)]


@pytest.mark.parametrize("part", FORBIDDEN)
def test_a_fresh_interpreter_loads_nothing_above(part):
    modules = [_name(path) for path in sorted((PACKAGE / part).rglob("*.py"))]
    code = f"import sys, importlib; [importlib.import_module(m) for m in {modules}]"
    loaded = _fresh(code + "; print(*sys.modules)").split()
    assert set(modules) <= set(loaded)
    assert not [name for name in loaded for bad in FORBIDDEN[part] if _within(name, bad)]


def test_a_fit_draws_nothing():
    code = "import gdviz, sys; print(gdviz.fit([[1], [2], [3]], [1, 2, 4])); print(*sys.modules)"
    assert not {"matplotlib", "celluloid"} & set(_fresh(code).split())


def test_gdviz_itself_loads_nothing():
    loaded = _fresh("import gdviz, sys; dir(gdviz); print(*sys.modules)").split()
    heavy = {"numpy", "scipy", "sklearn", "matplotlib", "duckdb", "pandas", "celluloid", "tqdm"}
    assert not heavy & set(loaded)


def test_public_names_lead_somewhere():
    import gdviz

    assert sorted(gdviz._HOME) == sorted(gdviz.__all__)
    assert set(gdviz.__all__) <= set(dir(gdviz))
    for name, home in gdviz._HOME.items():
        file = ROOT / (home.replace(".", "/") + ".py")
        if file.exists():
            assert callable(getattr(gdviz, name))
    with pytest.raises(AttributeError, match="module 'gdviz' has no attribute 'nonsense'"):
        gdviz.nonsense  # noqa: B018


def test_there_is_no_other_folder_at_the_top():
    git = subprocess.run(
        ["git", "ls-files", "-z"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    if git.returncode:
        pytest.skip("not a git checkout")
    folders = {name.split("/")[0] for name in git.stdout.split("\0") if "/" in name}
    assert folders <= TOP | {"benchmarks"}
