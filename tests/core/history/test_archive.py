"""A history file that somebody made by hand is no history, and cannot steer a terminal."""

import json
from dataclasses import replace

import numpy as np
import pytest

import gdviz
from gdviz import Dataset, History

TABLE = Dataset(
    np.array([[1.0, -2], [2, 1], [4, 1], [5, 3]]),
    np.array([0.0, 0, 1, 1]),
    ("a", "b"),
    "species",
    label_names=("setosa", "versicolor"),
)


@pytest.fixture
def forge(tmp_path):
    """Save a history, change what its file says, and return the file."""
    path = tmp_path / "h.npz"

    def forge(**changes):
        gdviz.fit(TABLE.powers(2).scaled("standard"), epochs=3).save(path)
        with np.load(path) as file:
            arrays = dict(file)
        about = json.loads(str(arrays.pop("about")))
        texts = {k: v for k, v in changes.items() if k not in arrays}
        arrays |= {k: v for k, v in changes.items() if k in arrays}
        np.savez(path, about=np.array(json.dumps(about | texts)), **arrays)
        return path

    return forge


def test_the_names_of_two_labels_come_back(forge):
    history = History.load(forge())
    assert history.dataset.label_names == ("setosa", "versicolor")
    assert history.dataset.feature_names == ("a", "b", "a^2", "a b", "b^2")
    assert History.load(forge(label_names=None)).dataset.label_names is None


SCALING = [[0.0] * 5, [1.0] * 5]

CRAFTED = {
    "a name that is no text": ({"target_name": 3}, "target_name is not of type str"),
    "names that are one text": ({"feature_names": "ab"}, "feature_names is not of type list"),
    "a name that is a list": ({"feature_names": ["a", ["b"]]}, "feature_names holds other things"),
    "notes of numbers": ({"notes": [1]}, "notes holds other things than str"),
    "a source that is no text": ({"source": None}, "source is not of type str"),
    "a rate of text": ({"learning_rate": "fast"}, "no schedule 'fast'; choose from cosine"),
    "a rate that steers": ({"learning_rate": "\x1b[2J"}, "learning_rate is no word"),
    "a schedule without a start": ({"learning_rate": "cosine:to=0"}, "cosine needs from"),
    "a rate of truth": ({"learning_rate": True}, "learning_rate is not of type number"),
    "held by truth": ({"fixed": [True]}, "fixed holds other things than int"),
    "held by a share": ({"fixed": [0.5]}, "fixed holds other things than int"),
    "held by lists": ({"fixed": [[0]]}, "fixed holds other things than int"),
    "diverged by a word": ({"diverged": "no"}, "diverged is not of type bool"),
    "a loss that is none": ({"loss": "mean"}, "mean"),
    "a loss that is a number": ({"loss": 5}, "loss is not of type str"),
    "a unit that steers": ({"unit": "\x1b[2J"}, "unit is no word"),
    "an end that steers": ({"ended": "\x1b[2J"}, "ended is no word"),
    "an optimizer that steers": ({"optimizer": "gd\x07"}, "optimizer is no word"),
    "one label": ({"label_names": ["setosa"]}, "label_names are 1, not 2"),
    "labels of numbers": ({"label_names": [1, 2]}, "label_names holds other things"),
    "three values": ({"y": np.array([0.0, 1, 2, 1])}, "2 names for the labels of a target of 3"),
    "a step of text": ({"steps": ["2"]}, "a step is neither a degree nor the scaling of 2"),
    "a step of truth": ({"steps": [True]}, "a step is neither a degree nor the scaling of 2"),
    "a degree of 0": ({"steps": [0]}, "a step is neither a degree"),
    "a degree of 21": ({"steps": [21]}, "a step is neither a degree"),
    "a degree that fills the memory": ({"steps": [2, 20]}, "its steps make 53129 features"),
    "a scale of 0": ({"steps": [2, [[0.0] * 5, [0.0] * 5]]}, "a step is neither a degree"),
    "an infinite shift": ({"steps": [2, [[np.inf] * 5, [1.0] * 5]]}, "a step is neither"),
    "a scaling that is short": ({"steps": [2, [[0.0], [1.0]]]}, "the scaling of 5 columns"),
    "a scaling for each row": ({"steps": [2, [SCALING, SCALING]]}, "the scaling of 5 columns"),
    "three parts": ({"steps": [2, [*SCALING, [1.0] * 5]]}, "a step is neither a degree"),
    "complex features": ({"X": np.ones((4, 2)) * 1j}, "X holds numbers of type complex128"),
    "a target of truth": ({"y": np.array([True, False] * 2)}, "y holds numbers of type bool"),
    "a target of dates": ({"y": np.arange(4).astype("M8[s]")}, "y holds numbers of type datetime"),
    "costs of text": ({"cost": np.array(["a"] * 4)}, "cost holds numbers of type <U1"),
    "fields": ({"X": np.zeros(4, dtype=[("a", "f8")])}, "X holds numbers of type [('a'"),
    "huge epochs": (
        {"epoch": np.array([0, 1, 2, 2**64 - 1], dtype=np.uint64)},
        "its epochs do not increase from 0 on",
    ),
}


@pytest.mark.parametrize(("changes", "message"), CRAFTED.values(), ids=CRAFTED)
def test_what_is_of_another_type_is_no_history(forge, changes, message):
    with pytest.raises(ValueError, match="is not a history that gdviz saved") as caught:
        History.load(forge(**changes))
    assert message in str(caught.value)
    assert str(caught.value).isprintable()


def _told(path):
    try:
        return str(History.load(path)).replace("\n", "")
    except ValueError as error:
        return str(error)


def test_no_error_but_one_of_a_value(forge):
    for junk in (None, [], {}, "x", "\x1b[31m", 10**400, -1, 1e999, [[]], {"a": 1}, [10**30]):
        for name in ("feature_names", "notes", "fixed", "steps", "loss", "learning_rate", "unit"):
            assert _told(forge(**{name: junk})).isprintable(), (name, junk)


def test_its_texts_cannot_write_to_the_terminal(forge):
    red = "\x1b[31mred\x1b[0m\x07"
    path = forge(source=red, notes=[red], feature_names=["a", red], target_name=f"{red}!")
    history = History.load(path)
    told = "\n".join([str(history), str(history.dataset), *history.dataset.notes])
    assert told.replace("\n", "").isprintable()
    # A name is data: it is kept as it is, and spelled where it is told.
    assert history.dataset.columns == ("a", red)


@pytest.mark.parametrize("kind", ["f4", ">f8", "i2"])
def test_numbers_of_another_width_are_the_same_numbers(forge, kind):
    history = History.load(forge(X=TABLE.X.astype(kind)))
    assert history.dataset.X.dtype == np.float64
    assert history.dataset.base.base.X.tolist() == TABLE.X.tolist()


def test_labels_are_two(tables):
    with pytest.raises(ValueError, match="3 names for the labels of a target of 2 values"):
        replace(TABLE, label_names=("a", "b", "c"))
    with pytest.raises(ValueError, match="2 names for the labels of a target of 10 values"):
        replace(tables["rent"], label_names=("a", "b"))
