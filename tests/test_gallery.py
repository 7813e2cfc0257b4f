"""The gallery: notebooks that run, pictures that are small, shown and the same every time."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import gdviz
from gdviz.renderers import RENDERERS

GALLERY = Path(__file__).parents[1] / "gallery"
NOTEBOOKS = sorted(GALLERY.glob("notebooks/*.ipynb"))
PICTURES = sorted(GALLERY.glob("*.gif"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_runs_and_shows_its_pictures(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "committed with outputs"
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": path.parent}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output.get("data", {}) for output in outputs]
    assert any("data:image/gif" in data.get("text/html", "") for data in shown), "a scene"
    assert any("image/png" in data for data in shown), "a still"
    assert not [output for output in outputs if output.get("name") == "stderr"]


@pytest.mark.parametrize("kind", RENDERERS)
def test_same_input_gives_the_same_bytes(kind: str, tmp_path: Path) -> None:
    table = gdviz.read_table(GALLERY / "data" / "article_multiple.csv")
    for name in ("first.gif", "second.gif"):
        history = gdviz.fit(table, epochs=20, fixed_intercept="ols")
        RENDERERS[kind](history).save(tmp_path / name, frames=5, dpi=40)
    assert (tmp_path / "first.gif").read_bytes() == (tmp_path / "second.gif").read_bytes()


def test_pictures_stay_within_their_budget() -> None:
    assert PICTURES
    assert sum(path.stat().st_size for path in PICTURES) < 8e6


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_every_picture_is_shown(path: Path) -> None:
    assert path.name in (GALLERY / "README.md").read_text(encoding="utf-8")
