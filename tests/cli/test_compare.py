"""gdviz compare: what it refuses before any work, what it prints, and what it draws."""

import re

import pytest
from PIL import Image

import gdviz
from gdviz.core.comparison import MOST_RUNS
from gdviz.renderers import contour, progress

from .test_app import QUICK, RENT


@pytest.fixture
def compare(gd, tmp_path):
    """Run gdviz compare on rent.csv, or on something else, into out.gif."""

    def run(*flags, data=RENT, quick=True):
        return gd("compare", data, tmp_path / "out.gif", *flags, *(QUICK if quick else ()))

    return run


# -- What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        ((), "nothing to compare: give one of --optimizers, --learning-rates, --starts, --scales"),
        (
            ("--optimizers", "gd,adam", "--scales", "none,mean"),
            "--optimizers and --scales cannot vary at once",
        ),
        (
            ("--optimizers", "gd,adam", "--optimizer", "gd"),
            "--optimizer is what --optimizers varies; leave it out",
        ),
        (("--starts", "0,0,0;1,1,1", "--start=1,1,1"), "--start is what --starts varies"),
        (("--losses", "mse,huber", "--loss", "mse"), "--loss is what --losses varies"),
        (("--scales", "none,mean", "--scale", "mean"), "--scale is what --scales varies"),
        (("--batch-sizes", "all,1", "--batch-size", "1"), "--batch-size is what --batch-sizes"),
        (("--learning-rates", "1/L,2/L", "--learning-rate", "1"), "--learning-rate is what"),
        (("--optimizers", "gd"), "two values or more"),
        (("--optimizers", "gd,gd"), "gd is given more than once"),
        (("--optimizers", "gd,adm"), "no optimizer 'adm'; .*did you mean adam"),
        (
            ("--optimizers", "momentum:decay=0.9,adam"),
            "names with options stand between semicolons, as momentum:decay=0.95;adam",
        ),
        (("--losses", "mse;hubert:delta=2"), "no loss 'hubert'.*did you mean huber"),
        (
            ("--learning-rates", "0.1/L,fast"),
            "'fast' is not a number.*, or a share of 1/λmax, as 1.9/L",
        ),
        (("--learning-rates", "0.1,-1"), "-1 is out of range: it must be above 0"),
        (("--learning-rates", "1/L,0/L"), "'0/L' is no learning rate"),
        (
            ("--learning-rates", "0.1,2/L", "--optimizer", "adam"),
            "adam steps by the learning rate itself, .*: give plain numbers, not 2/L",
        ),
        (("--learning-rates", ",".join("123456789")), f"9 runs are more than the {MOST_RUNS}"),
        (("--learning-rates", "cosine:from=0.1;0.1"), "cosine.*epochs"),
        (("--starts", "0,0,0"), "is one start; write two or more with semicolons"),
        (("--starts", "0,0,0;0,zero,0"), "'zero' is not zero or random or numbers"),
        (("--starts", "0,0;0,0,0", "--features", "area,age"), "--start has 2 numbers"),
        (("--starts", "0;0,0,0", "--features", "area,age"), "--start has 1 number;"),
        (("--scales", "none,standrd"), "no scaling 'standrd'.*did you mean standard"),
        (("--batch-sizes", "all,0"), "0 is not a whole number from 1"),
        (("--optimizers", "gd,adam", "--kind", "plane+progress"), "plane draws one descent"),
        (("--optimizers", "gd,adam", "--kind", "progres"), "no kind.*did you mean progress"),
    ],
)
def test_a_wrong_command_line_is_refused_before_work(compare, flags, why, monkeypatch):
    monkeypatch.setattr("gdviz.tables.table.read_table", None)  # nothing is read
    assert re.search(why, compare(*flags).refuses(2))


@pytest.mark.parametrize(
    "flag", ["--scales=none,mean", "--losses=mse,huber", "--batch-sizes=all,1"]
)
def test_a_function_has_no_table(compare, flag):
    said = compare(flag, data="function:himmelblau").refuses(2)
    assert said.startswith(
        f"{flag.partition('=')[0]} is of tables, and function:himmelblau has none"
    )


def test_a_saved_history_is_one_descent(compare, tmp_path):
    gdviz.fit(RENT, epochs=3).save(tmp_path / "one.npz")
    said = compare("--optimizers", "gd,adam", data=tmp_path / "one.npz").refuses(2)
    assert "one descent that is made already" in said


def test_starts_of_another_length_are_refused(compare):
    said = compare("--starts", "0,0;1,1").refuses(1)
    assert said.startswith("the start needs 3 finite numbers: intercept, area, age")


def test_a_picture_that_cannot_be_drawn_is_refused_before_the_descents(compare, monkeypatch):
    monkeypatch.setattr("gdviz.api.compare", None)
    flags = ("--optimizers", "gd,adam", "--kind", "contour", "--fixed-intercept", "none")
    assert compare(*flags).refuses(1).startswith("contour draws the cost over two parameters")


def test_help_names_what_can_differ_and_the_rate_of_a_race(gd):
    said = gd("compare", "--help").out
    for flag in ("optimizers", "learning-rates", "starts", "scales", "losses", "batch-sizes"):
        assert f"--{flag} " in said
    assert "[default: auto]" in re.search(r"--learning-rate NUMBER.*?\n  --", said, re.DOTALL)[0]
    animate = gd("animate", "--help").out
    assert (
        "[default: gentle]" in re.search(r"--learning-rate NUMBER.*?\n  --", animate, re.DOTALL)[0]
    )


# -- What is drawn and printed ------------------------------------------------------------------


def test_it_draws_and_prints_who_arrived_when(compare, tmp_path):
    result = compare("--optimizers", "gd,momentum", "--fixed-intercept", "ols")
    assert result.status == 0, result.err
    runs = gdviz.compare(RENT, optimizers=["gd", "momentum"], fixed_intercept="ols")
    assert result.out == f"{runs}\n"
    assert re.search(r"out.gif: 3 frames, [\d,]+ kB", result.err)
    with Image.open(tmp_path / "out.gif") as film:
        assert (film.n_frames, film.size) == (3, (120, 120))


def test_it_draws_what_python_draws(compare, tmp_path):
    assert compare("--learning-rates", "1/L,1.9/L,2.1/L").status == 0
    rates = ["1/L", "1.9/L", "2.1/L"]
    runs = gdviz.compare(RENT, learning_rates=rates, fixed_intercept="ols")
    scene = contour(runs) | progress(runs)
    scene.save(tmp_path / "python.gif", frames=3, size=(3, 3), dpi=40)
    assert (tmp_path / "python.gif").read_bytes() == (tmp_path / "out.gif").read_bytes()


def test_what_is_held_by_default_is_said(compare):
    said = compare("--starts", "0,0,0;9,500,3", "--kind", "progress").err
    assert "held: intercept 50,300.8 (--fixed-intercept none lets it move)" in said
    scaled = compare("--scales", "none,standard", "--kind", "progress", "-y").err
    assert "held: intercept, of each at its own optimum (--fixed-intercept none" in scaled


@pytest.mark.parametrize(
    "flags",
    [
        ("--starts", "0,0,0;9,500,3", "--optimizer", "momentum", "--epochs", "9"),
        ("--scales", "none,standard", "--learning-rate", "0.0001", "--epochs", "9"),
        ("--losses", "mse;huber:delta=2000", "--epochs", "9"),
        ("--batch-sizes", "all,8,1", "--record", "step", "--seed", "3", "--epochs", "9"),
        ("--optimizers", "momentum:decay=0.5;adam:beta1=0.8", "--vary", "intercept,age"),
        ("--optimizers", "gd,adam", "--fixed-intercept", "none", "--epochs", "9"),
        ("--optimizers", "gd,adam", "--kind", "surface/parameters", "--epochs", "9"),
    ],
)
def test_each_thing_can_vary_and_the_flags_of_animate_hold(compare, tmp_path, flags):
    result = compare(*flags)
    assert result.status == 0, result.err
    assert (tmp_path / "out.gif").stat().st_size > 1000


def test_functions_are_compared(compare):
    result = compare("--optimizers", "gd,adam", "--epochs", "50", data="function:himmelblau")
    assert result.status == 0, result.err
    assert result.out.startswith("equal: the start; up to 50 epochs each\n")
