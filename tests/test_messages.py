"""Advice is written as it is typed where it is read, and can be typed so."""

import shlex
import subprocess
import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gdviz.cli.options import columns
from gdviz.messages import option, reading, refit, warn


@pytest.mark.parametrize(
    ("given", "python", "flags"),
    [
        ({"vary": ("a", "b c")}, 'vary=("a", "b c")', "--vary 'a,b c'"),
        ({"vary": ("it's", "x")}, 'vary=("it\'s", "x")', "--vary 'it'\"'\"'s,x'"),
        ({"fixed_intercept": "ols"}, 'fixed_intercept="ols"', "--fixed-intercept ols"),
        ({"drop_missing": True}, "drop_missing=True", "--drop-missing"),
        ({"learning_rate": 0.5}, "learning_rate=0.5", "--learning-rate 0.5"),
        ({"theta0": "zero"}, 'theta0="zero"', "--start zero"),
        ({"scale": "standard"}, 'dataset.scaled("standard")', "--scale standard"),
        ({"kind": "plane"}, "plane(history)", "--kind plane"),
        ({"loop": 0, "fps": 50}, "loop=0, fps=50", "--loop 0 --fps 50"),
    ],
)
def test_an_option_is_written_as_it_is_typed(given, python, flags):
    assert option(**given) == python
    by_itself = {"scale", "kind"} & {*given}
    assert refit(**given) == (python if by_itself else f"gdviz.fit(…, {python})")
    with reading("table"):
        assert option(**given) == refit(**given) == flags
    with reading("saved"):
        assert option(**given) == flags
        assert refit(**given) == f"gdviz fit TABLE {flags}"
    with reading("saved", of="function:a b"):
        assert option(**given) == flags
        assert refit(**given) == f"gdviz fit 'function:a b' {flags}"
    assert option(**given) == python


def test_an_error_while_the_command_line_speaks_leaves_no_trace():
    with pytest.raises(KeyError), reading("saved"):
        raise KeyError
    assert option(fps=5) == "fps=5"


NAMES = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r\n"), min_size=1
).filter(lambda name: name == name.strip())


@given(st.tuples(NAMES, NAMES))
@example(("a", "b"))
@example(("a,b", 'c"d'))
@example(("a  b   c", "d\\e"))
@example(("\x1b[31m", "é\x85ü"))
@example(("it's", "\U000e0001 x"))
def test_any_two_names_come_through_shell_and_flag_as_they_were(names):
    with reading("table"):
        said = option(vary=names)
    said = " ".join(said.split())  # as the command line prints it
    assert all(c.isprintable() for c in said)
    flag, word = said.split(" ", 1)
    if word.startswith("$"):
        command = ["bash", "-c", f"printf %s {word}"]
        env = {"LC_ALL": "C.UTF-8", "PATH": "/bin:/usr/bin"}
        word = subprocess.run(command, capture_output=True, env=env).stdout.decode()
    else:
        (word,) = shlex.split(word)
    assert flag == "--vary"
    assert columns(None, None, (word,)) == list(names)


def test_a_warning_is_in_the_name_of_who_called_gdviz():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warn("take care", UserWarning)
    assert [(w.category, w.filename) for w in caught] == [(UserWarning, __file__)]
