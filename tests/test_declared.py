"""What pyproject.toml and README declare: every library that is imported, every thing to choose."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from gdviz.core.functions import FUNCTIONS
from gdviz.core.losses import LOSSES
from gdviz.core.optimizers import OPTIMIZERS
from gdviz.core.schedules import SCHEDULES
from gdviz.film.encoding.formats import FORMATS
from gdviz.renderers import KINDS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
REQUIREMENT = re.compile(r"([\w-]+)>=([\d.]+)")
IMPORTED_AS = {
    "scikit-learn": "sklearn",
    "pillow": "PIL",
    "imageio-ffmpeg": "imageio_ffmpeg",
    "python-calamine": "python_calamine",
}


def pins(name):
    """Version of each library in a file of constraints."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {name.lower(): version for name, version in (line.split("==") for line in lines)}


def declared(*extras):
    """The least version of each library that is needed, and of those of some extras."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in EXTRAS[extra])]
    return dict(REQUIREMENT.fullmatch(line).groups() for line in lines if "[" not in line)


def same(version, least):
    """Whether a version is the least one: 2.0.0 is 2.0."""
    return re.sub(r"(\.0)+$", "", version) == re.sub(r"(\.0)+$", "", least)


def test_the_oldest_versions_are_those_declared():
    oldest = pins("constraints-oldest.txt")
    needed = declared(*(extra for extra in EXTRAS if extra != "lint"))
    assert not {name: v for name, v in needed.items() if not same(oldest.get(name, ""), v)}


def test_the_usual_versions_are_all_pinned():
    assert set(declared(*EXTRAS)) <= set(pins("constraints.txt"))


@pytest.mark.parametrize("name", ["constraints.txt", "constraints-oldest.txt"])
def test_pins_are_plain(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)


def test_what_is_imported_is_declared():
    needed = {IMPORTED_AS.get(name, name) for name in declared(*(set(EXTRAS) - {"test", "lint"}))}
    of_others = {"mpl_toolkits": "matplotlib"}
    imported = set()
    for path in (ROOT / "gdviz").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module.split(".")[0])
    # IPython is asked for only by what it runs itself.
    foreign = imported - set(sys.stdlib_module_names) - {"gdviz", "IPython"}
    assert {of_others.get(name, name) for name in foreign} <= needed


README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = " ".join(re.findall(r"`([^`\n]+)`", README))


@pytest.mark.parametrize("kind", KINDS)
def test_readme_has_a_row_for_every_kind(kind):
    assert f"\n| `{kind}` |" in README


@pytest.mark.parametrize("suffix", sorted({*FORMATS} - {"/"}))
def test_readme_has_a_row_for_every_format(suffix):
    assert re.search(rf"^\|[^|]*`{re.escape(suffix)}`[^|]*\|", README, re.MULTILINE)


@pytest.mark.parametrize("name", [*FUNCTIONS, *LOSSES, *OPTIMIZERS, *SCHEDULES])
def test_readme_names_whatever_there_is_to_choose(name):
    assert re.search(rf"(?<![\w-]){name}(?![\w-])", CODE)
