"""The command line: what it draws, what it refuses and how, and how it ends."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

import gdviz
from gdviz.cli.app import main
from gdviz.film.encoding.formats import FORMATS
from gdviz.messages import reading
from gdviz.renderers import RENDERERS

ROOT = Path(__file__).parents[2]
DATA = ROOT / "gallery" / "data"
RENT = DATA / "rent.csv"
QUICK = ["--frames", "3", "--size", "3x3", "--dpi", "40"]


def printed(history):
    """What the command line prints of a history: its advice names flags."""
    with reading("table"):
        return f"{history}\n"


def program(*arguments, **options):
    """Start the command line as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "gdviz", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        **options,
    )


# -- Help -----------------------------------------------------------------------------------


def test_version(gd):
    result = gd("--version")
    assert (result.status, result.out) == (0, f"gdviz, version {gdviz.__version__}\n")


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help(gd, flag):
    result = gd(flag)
    assert result.status == 0
    assert "\n  gdviz animate data.csv out.gif\n  gdviz fit data.csv\n" in result.out


def test_nothing_to_do_shows_the_help(gd):
    result = gd()
    assert (result.status, result.out) == (2, "")
    assert "gdviz fit data.csv" in result.err


def test_help_of_animate_lists_every_kind(gd):
    result = gd("animate", "--help")
    assert result.status == 0
    assert all(re.search(rf"^  {kind} +\w", result.out, re.MULTILINE) for kind in RENDERERS)


@pytest.mark.parametrize("command", ["animate", "compare"])
def test_help_of_what_draws_names_every_format(gd, command):
    _, formats = gd(command, "--help").out.split("/ is a folder of frames:\n")
    assert formats.splitlines()[0].strip() == ", ".join(FORMATS)


@pytest.mark.parametrize("start", ["gdviz.cli.app", "gdviz.__main__"])
def test_help_imports_nothing_heavy(start):
    code = f"""
import sys
sys.argv = ["gdviz", "--help"]
import {start} as start
try:
    start.main()
finally:
    print(*sys.modules, file=sys.stderr)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    heavy = {"numpy", "scipy", "sklearn", "matplotlib", "duckdb", "PIL", "celluloid", "tqdm"}
    assert run.returncode == 0
    assert not heavy & set(run.stderr.split())


def test_python_m_is_the_same():
    out, err = program("fit", RENT, "--features", "area").communicate()
    assert "gradient descent on rent.csv: rent from area" in out
    assert err == "target rent, the last numeric column\n"


# -- fit ------------------------------------------------------------------------------------


def test_fit_prints_the_table_and_nothing_else(gd):
    result = gd("fit", RENT)
    history = gdviz.fit(gdviz.read_table(RENT), fixed_intercept="ols")
    assert (result.status, result.out) == (0, printed(history))
    assert result.err.splitlines() == [
        "target rent, the last numeric column",
        "features area, age, the other numeric columns",
        "held: intercept 50,300.8 (--fixed-intercept none lets it move)",
    ]


@pytest.mark.parametrize(
    ("flags", "options"),
    [
        (["--learning-rate", "0.0001"], {"learning_rate": 0.0001}),
        (["--learning-rate", "gentle"], {"learning_rate": "gentle"}),
        (
            ["--learning-rate", "Cosine:from=1e-4, to=1e-5", "--epochs", "40"],
            {"learning_rate": "cosine:from=1e-4,to=1e-5", "epochs": 40},
        ),
        (["--epochs", "17"], {"epochs": 17}),
        (["--epochs", "1e3"], {"epochs": 1000}),
        (["--start", "-1,3,3"], {"theta0": [-1, 3, 3]}),
        (["--start=-1e2, 0, +.5"], {"theta0": [-100, 0, 0.5]}),
        (["--start", "Zero"], {"theta0": [0, 0, 0]}),
        (["--start", "random", "--seed", "3"], {"theta0": "random", "seed": 3}),
        (["--vary", "age,intercept"], {"vary": ("age", "intercept")}),
        (["--vary", "age", "--fixed-intercept", "9"], {"vary": "age", "fixed_intercept": 9.0}),
        (["--batch-size", "3", "--record", "step"], {"batch_size": 3, "record": "step"}),
        (["--fixed-intercept", "-7.5"], {"fixed_intercept": -7.5}),
        (["--fixed-intercept", "ols"], {"fixed_intercept": "ols"}),
        (["--fixed-intercept", "none"], {"fixed_intercept": None}),
    ],
)
def test_flags_of_the_descent(gd, flags, options):
    held = {} if {"vary", "fixed_intercept"} & options.keys() else {"fixed_intercept": "ols"}
    options = {"epochs": 20, **held, **options}
    flags = flags if "--epochs" in flags else ["--epochs", "20", *flags]
    history = gdviz.fit(gdviz.read_table(RENT), **options)
    assert gd("fit", RENT, *flags).out == printed(history)


TABLE = 'city,"rooms, bath",area,rent\nx,4,17,350\ny,3,18,360\nx,,20,410\nz,3,21,400\n'


@pytest.mark.parametrize(
    ("flags", "options"),
    [
        (["--features", "area"], {"features": ["area"]}),
        (["--features", 'area,"rooms, bath"'], {"features": ["area", "rooms, bath"]}),
        (["--features", "area", "--features", "rent", "--target", "rooms, bath"], None),
        (["--target", "area", "--features", "rent"], {"target": "area", "features": ["rent"]}),
        ([], {}),
    ],
)
def test_flags_of_the_table(gd, tmp_path, flags, options):
    path = tmp_path / "rent.csv"
    path.write_bytes(TABLE.encode("utf-16"))
    if options is None:
        options = {"features": ["area", "rent"], "target": "rooms, bath"}
    dataset = gdviz.read_table(path, encoding="utf-16", drop_missing=True, **options)
    result = gd("fit", path, "--encoding", "utf-16", "--drop-missing", *flags)
    held = "ols" if dataset.n_features == 2 else None
    assert result.out == printed(gdviz.fit(dataset, fixed_intercept=held))
    said = result.err.splitlines()
    assert said[: len(dataset.notes)] == [*dataset.notes]
    assert [line[:16] for line in said[len(dataset.notes) :]] == ["held: intercept "] * bool(held)


def test_divergence_is_a_warning(gd):
    result = gd("fit", RENT, "--learning-rate", "1")
    assert result.status == 0
    assert "diverged" in result.out
    warned = [line for line in result.err.splitlines() if line.startswith("Warning: ")]
    assert len(warned) == 1
    assert "learning rate 1 exceeds 2/λmax" in warned[0]


def test_save_and_load(gd, tmp_path):
    saved = tmp_path / "rent.npz"
    first = gd("fit", RENT, "--epochs", 30, "--save", saved)
    assert first.err.splitlines()[-1] == f"saved {saved}"
    assert os.listdir(tmp_path) == ["rent.npz"]
    again = gd("fit", saved)
    advised = first.out.replace("--scale", "gdviz fit TABLE --scale")
    assert (again.status, again.out, again.err) == (0, advised, "")
    assert gd("animate", "--kind", "plane", saved, tmp_path / "o.gif", *QUICK).status == 0


def test_a_saved_history_settles_table_and_descent(gd, tmp_path):
    saved = tmp_path / "rent.npz"
    gd("fit", RENT, "--epochs", 3, "--save", saved)
    for flags in (
        ["--target", "rent"],
        ["--features", "area"],
        ["--encoding", "gbk"],
        ["--drop-missing"],
        ["--sheet", "2"],
        ["--decimal", ","],
        ["--labels", "a,b"],
        ["--record", "step"],
        ["--learning-rate", "0.1"],
        ["--epochs", "5"],
        ["--start", "1,2,3"],
        ["--fixed-intercept", "ols"],
    ):
        said = gd("animate", "--kind", "plane", saved, tmp_path / "o.gif", *flags).refuses(2)
        assert said.startswith(f"{flags[0]} is settled in the saved history {saved}")


def test_contour_of_a_saved_history_whose_intercept_moved(gd, tmp_path):
    saved = tmp_path / "rent.npz"
    gd("fit", RENT, "--epochs", 3, "--fixed-intercept", "none", "--save", saved)
    said = gd("animate", "--kind", "contour", saved, tmp_path / "o.gif").refuses(1)
    assert "hold the intercept, gdviz fit TABLE --fixed-intercept ols, or choose two, " in said
    assert not (tmp_path / "o.gif").exists()


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04 and no more"])
def test_no_history(gd, tmp_path, content):
    path = tmp_path / "h.npz"
    path.write_bytes(content)
    assert gd("fit", path).refuses(1) == f"{path} is not a history that gdviz saved"


def test_history_that_is_not_there(gd, tmp_path):
    path = tmp_path / "h.npz"
    assert gd("fit", path).refuses(1) == f"{path}: No such file or directory"


# -- animate --------------------------------------------------------------------------------

KINDS = [*RENDERERS, "plane+contour", "surface + parameters"]


@pytest.mark.parametrize("kind", KINDS)
def test_animate(gd, tmp_path, kind):
    out = tmp_path / "out.gif"
    result = gd("animate", "--kind", kind, DATA / "article_multiple.csv", out, *QUICK)
    assert (result.status, result.out) == (0, "")
    *notes, outcome, last = result.err.splitlines()
    assert re.fullmatch(r"learning rate [\d.]+, \d+ epochs, arrived at epoch \d+", outcome)
    assert notes == [
        "target y, the last numeric column",
        "features x0, x1, the other numeric columns",
        "held: intercept 7.23421 (--fixed-intercept none lets it move)",
    ]
    assert re.fullmatch(rf"{re.escape(str(out))}: 3 frames, \d+ kB", last)
    with Image.open(out) as image:
        assert (image.n_frames, image.size) == (3, (120, 120))
    assert os.listdir(tmp_path) == ["out.gif"]


def test_flags_of_the_film(gd, tmp_path):
    out = tmp_path / "out.gif"
    flags = ["--frames", "0:4,4:20:8", "--fps", "5", "--hold", "1.5", "--loop", "3"]
    result = gd("animate", "--kind", "plane", RENT, out, *QUICK[2:], *flags, "--epochs", "20")
    assert result.status == 0
    with Image.open(out) as image:
        assert image.n_frames == 6
        assert image.info["loop"] == 2  # a GIF counts how often it is played again
        durations = []
        for frame in range(image.n_frames):
            image.seek(frame)
            durations.append(image.info["duration"])
    assert durations == [200] * 5 + [1700]


def test_png_is_the_last_frame(gd, tmp_path):
    out = tmp_path / "out.png"
    result = gd("animate", "--kind", "plane", RENT, out, *QUICK)
    assert re.fullmatch(rf"{re.escape(str(out))}: \d+ kB", result.err.splitlines()[-1])
    with Image.open(out) as image:
        assert image.size == (120, 120)


def test_a_folder_of_frames(gd, tmp_path):
    out = f"{tmp_path}/frames/"
    command = ["animate", "--kind", "plane", RENT, out, *QUICK]
    os.mkdir(out)  # an empty one may be there
    result = gd(*command)
    names = [f"frame_{i:04}.png" for i in (1, 2, 3)]
    assert (result.status, sorted(os.listdir(out))) == (0, names)
    size = sum(os.path.getsize(out + name) for name in names)
    assert result.err.splitlines()[-1] == f"{out}: 3 frames, {size / 1000:,.0f} kB"
    assert gd(*command).refuses(2) == f"{out} exists; --overwrite (-y) replaces it"
    command[-1] = "30"
    assert gd(*command, "-y").status == 0
    with Image.open(out + names[0]) as frame:
        assert frame.size == (90, 90)
    assert os.listdir(tmp_path) == ["frames"]


def test_a_folder_that_is_there_needs_no_slash(gd, tmp_path):
    out = tmp_path / "frames"
    out.mkdir()
    assert gd("animate", "--kind", "plane", RENT, out, *QUICK).status == 0
    assert len(os.listdir(out)) == 3


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".webp", ".apng", ".MP4"])
def test_formats(gd, tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    result = gd("animate", "--kind", "plane", RENT, out, *QUICK)
    assert re.fullmatch(rf"{re.escape(str(out))}: 3 frames, \d+ kB", result.err.splitlines()[-1])
    assert os.listdir(tmp_path) == [out.name]


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_video_needs_ffmpeg_and_says_so_before_the_table_is_read(gd, tmp_path, monkeypatch, suffix):
    from gdviz.film.encoding import ffmpeg

    monkeypatch.setattr(ffmpeg, "_programs", lambda: iter(()))
    out = tmp_path / f"out{suffix}"
    said = gd("animate", "--kind", "plane", "no.csv", out).refuses(1)
    assert said.startswith("video needs ffmpeg, and there is none; put an ffmpeg on the PATH")


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_a_video_does_not_say_how_often_it_plays(gd, tmp_path, suffix):
    command = ["animate", "--kind", "plane", "no.csv", tmp_path / f"out{suffix}", "--loop"]
    said = gd(*command, "2").refuses(2)
    assert said.endswith(" cannot say how often it plays; use --loop 0, or another format")
    assert gd(*command, "1").refuses(1) == "no such file: no.csv"


@pytest.mark.parametrize("flags", [["--fixed-intercept", "ols"], ["--fixed-intercept", "5"]])
def test_nothing_is_said_of_an_intercept_that_was_asked_for(gd, tmp_path, flags):
    result = gd("animate", "--kind", "contour", RENT, tmp_path / "o.gif", *QUICK, *flags)
    assert result.status == 0
    assert "lets it move" not in result.err


def test_contour_where_the_intercept_is_let_move(gd, tmp_path):
    flags = ["--fixed-intercept", "none"]
    said = gd("animate", "--kind", "contour", RENT, tmp_path / "o.gif", *flags).refuses(1)
    assert "--fixed-intercept ols" in said


@pytest.mark.parametrize(
    ("kind", "table", "flags", "said"),
    [
        ("plane", "article_simple.csv", [], "plane draws two features; there is 1: draw --kind"),
        ("plane", "housing.csv", [], "there are 4: choose two, --vary area,bedrooms"),
        ("parameters/plane", "rent.csv", ["--degree", "2"], "curved: draw --kind parameters"),
        ("contour", "housing.csv", [], "here 5 move (intercept, area, bedrooms, floors, age)"),
        ("surface", "rent.csv", ["--fixed-intercept", "none"], "here 3 move (intercept, area,"),
        ("contour", "article_simple.csv", ["--fixed-intercept", "ols"], "here 1 moves (x): draw"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_the_descent(
    gd, tmp_path, monkeypatch, kind, table, flags, said
):
    def fit(*_, **__):
        raise AssertionError("the descent has begun")

    monkeypatch.setattr("gdviz.api.fit", fit)
    result = gd("animate", "--kind", kind, DATA / table, tmp_path / "o.gif", *flags)
    assert said in result.refuses(1)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("features", ["a,b,c", "a"])
def test_a_line_between_classes_wants_two_features_before_the_descent(
    gd, tmp_path, monkeypatch, features
):
    monkeypatch.setattr("gdviz.api.fit", None)
    (tmp_path / "t.csv").write_text(CLASSES)
    flags = ["--kind", "plane", "--loss", "cross-entropy", "--features", features]
    said = gd("animate", tmp_path / "t.csv", tmp_path / "o.gif", *flags).refuses(1)
    assert said.startswith("boundary draws two features; there ")


# -- Wrong command lines --------------------------------------------------------------------

WRONG = [
    (["draw"], "No such command 'draw'"),
    (["fit", RENT, "--vary", "area", "--fixed-intercept", "none"], "contradict each other"),
    (["fit", RENT, "--labels", "a,b,c"], "two labels are needed, such as setosa,versicolor"),
    (["fit", RENT, "--labels", "a,a"], "two labels are needed, such as setosa,versicolor"),
    (["fit", RENT, "--record", "all"], "'all' is not one of 'epoch', 'step'"),
    (
        ["animate", RENT, "o.png", "--loop", "3"],
        "a PNG does not play; use --loop 0",
    ),
    (["animate", RENT, "o.gif", "--kind", "Plan"], "(did you mean plane?)"),
    (["fit", RENT, "--optimizer", "ADM"], "no optimizer 'ADM'; choose from gd, momentum, nest"),
    (["fit", RENT, "--optimizer", "ADM"], "(did you mean adam?)"),
    (["fit"], "Missing argument 'DATA'"),
    (["fit", RENT, "--colour", "red"], "No such option"),
    (
        ["animate", "--kind", "pie", RENT, "o.gif"],
        "Invalid value for '--kind': no kind 'pie'; "
        f"choose from {', '.join(RENDERERS)}, or join some by + or /",
    ),
    (["animate", "--kind", "plane+", RENT, "o.gif"], "Invalid value for '--kind': no kind ''"),
    (["fit", RENT, "--learning-rate", "0"], "0 is out of range: it must be above 0"),
    (["fit", RENT, "--learning-rate", "-1"], "-1 is out of range"),
    (
        ["fit", RENT, "--learning-rate", "nan"],
        "'nan' is not a number or auto or gentle or a schedule as in cosine:from=0.1",
    ),
    (
        ["fit", RENT, "--learning-rate", "inf"],
        "'inf' is not a number or auto or gentle or a schedule as in cosine:from=0.1",
    ),
    (
        ["fit", RENT, "--learning-rate", "fast"],
        "'fast' is not a number or auto or gentle or a schedule as in cosine:from=0.1",
    ),
    (["fit", RENT, "--epochs", "0"], "0 is not a whole number from 1 to 10,000,000"),
    (["fit", RENT, "--epochs", "1.5"], "1.5 is not a whole number"),
    (["fit", RENT, "--epochs", "1e300"], "1e300 is not a whole number"),
    (["fit", RENT, "--epochs", "many"], "'many' is not a whole number or auto"),
    (["fit", RENT, "--start", "1;2"], "'1;2' is not zero or random or numbers, as -1,3,3"),
    (["fit", RENT, "--start", "1,,2"], "'' is not zero or random or numbers, as -1,3,3"),
    (["fit", RENT, "--start", "nan,1,2"], "'nan' is not zero or random or numbers, as"),
    (["fit", RENT, "--fixed-intercept", "OLS?"], "'OLS?' is not a number or ols or none"),
    (
        ["fit", "no.csv", "--features", "area,age", "--start", "1,2"],
        "--start has 2 numbers; for area, age it needs 3: the intercept, and a weight for each",
    ),
    (["fit", RENT, "--features", ""], "an empty name; write names such as area,age"),
    (["fit", RENT, "--features", "area,"], "an empty name"),
    (["fit", RENT, "--save", "rent.csv"], "rent.csv must end in .npz"),
    (["fit", RENT, "--save", "nowhere/h.npz"], "no folder nowhere to write h.npz into"),
    *(
        (["animate", "--kind", "plane", RENT, "o.gif", *flags], said)
        for flags, said in [
            (["--fps", "0"], "0 is out of range: it must be at least 0.1 and at most 1000"),
            (["--fps", "0.0001"], "0.0001 is out of range"),
            (
                ["--fps", "51"],
                "a GIF shows at most 50 frames a second, not 51; use --fps 50",
            ),
            (["--fps", "x"], "'x' is not a number"),
            (["--dpi", "1e9"], "1e9 is out of range: it must be at least 20 and at most 600"),
            (["--dpi", "-5"], "-5 is out of range"),
            (["--size", "10"], "'10' is not two sides of 2 to 50 inches, as 10x8"),
            (["--size", "10xtall"], "'tall' is not a size in inches, as 10x8"),
            (["--size", "0x8"], "'0x8' is not two sides of 2 to 50 inches"),
            (["--size", "50x50", "--dpi", "600"], "30,000 x 30,000 pixels"),
            (["--hold", "-1"], "-1 is out of range: it must be at least 0 and at most 600"),
            (["--hold", "nan"], "'nan' is not a number"),
            (["--loop", "-1"], "-1 is not in the range"),
            (["--loop", "ever"], "'ever' is not a valid integer"),
            (["--frames", "0"], "'0' is neither a count nor slices such as 0:50,50:100:5"),
            (["--frames", "0:5:0"], "'0:5:0' is neither a count nor slices"),
            (["--frames", "few"], "'few' is neither a count nor slices"),
        ]
    ),
    (
        ["animate", "--kind", "plane", RENT, "o.mov"],
        "cannot write o.mov: its suffix '.mov' is none",
    ),
    (["animate", "--kind", "plane", RENT, "o"], "cannot write o: its suffix '' is none of"),
    (["animate", "--kind", "plane", RENT, "nowhere/o.gif"], "no folder nowhere to write o.gif"),
    (["animate", "--kind", "plane", RENT, "."], ". cannot be replaced; name a folder in it"),
    (["animate", "--kind", "plane", RENT, ""], "Invalid value for 'OUT': an empty name"),
    (["animate", "--kind", "plane", RENT, "nowhere/o/"], "no folder nowhere to write o into"),
    (
        ["animate", "--kind", "plane", RENT, f"{DATA}/", "-y"],
        "data/ holds other things than frames: article_multiple.csv; choose another",
    ),
    (["fit", ""], "Invalid value for 'DATA': an empty name; name a file"),
    (["fit", RENT, "--save", DATA], "data is a folder; name a file in it"),
    (["animate", "--kind", "plane", RENT, RENT, "-y"], "its suffix '.csv' is none of"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_wrong_command_line(gd, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    result = gd(*arguments)
    assert said in result.refuses(2)
    assert result.err.splitlines()[-1].startswith("Try 'gdviz")
    assert os.listdir(tmp_path) == []


def test_what_is_wrong_is_said_before_the_table_is_read(gd, tmp_path):
    assert "none of .gif, " in gd("animate", "--kind", "plane", "no.csv", "o.mov").refuses(2)


def test_an_old_file_is_kept(gd, tmp_path):
    out = tmp_path / "out.gif"
    out.write_bytes(b"old")
    said = gd("animate", "--kind", "plane", RENT, out, *QUICK).refuses(2)
    assert said == f"{out} exists; --overwrite (-y) replaces it"
    assert out.read_bytes() == b"old"
    assert gd("animate", "--kind", "plane", RENT, out, *QUICK, "-y").status == 0
    assert out.read_bytes().startswith(b"GIF89a")


def test_a_failure_leaves_the_old_file(gd, tmp_path, monkeypatch):
    from gdviz.film.encoding import formats as encoders

    def fail(path, frames, *, durations, loop):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device", str(path))

    out = tmp_path / "out.gif"
    out.write_bytes(b"old")
    monkeypatch.setitem(encoders.FORMATS, ".gif", replace(encoders.FORMATS[".gif"], write=fail))
    said = gd("animate", "--kind", "plane", RENT, out, *QUICK, "-y").refuses(1)
    assert said == f"{out}: No space left on device; make room there, or write elsewhere"
    assert out.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out.gif"]


def test_a_folder_that_cannot_be_written_to(gd, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    said = gd("animate", "--kind", "plane", RENT, tmp_path / "o.gif").refuses(2)
    assert said == f"the folder {tmp_path} cannot be written to"


@pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX's")
@pytest.mark.parametrize("command", ["fit", "animate"])
def test_a_pipe_is_no_place(gd, tmp_path, command):
    os.mkfifo(tmp_path / "pipe")
    link = tmp_path / {"fit": "link.npz", "animate": "link.gif"}[command]
    link.symlink_to("pipe")
    flags = ["--save"] if command == "fit" else ["--kind", "plane"]
    said = gd(command, "no.csv", *flags, link, "-y").refuses(2)
    assert said == f"{link} is a pipe or device, not a file; name a file"


@pytest.mark.skipif(os.name != "posix", reason="links need no rights on POSIX")
def test_a_link_into_nowhere_is_no_place(gd, tmp_path):
    link = tmp_path / "link.gif"
    link.symlink_to(tmp_path / "nowhere" / "o.gif")
    said = gd("animate", "--kind", "plane", RENT, link).refuses(2)
    assert said == f"no folder {tmp_path / 'nowhere'} to write o.gif into; make it first"


def test_a_long_name_and_a_suffix_in_capitals(gd, tmp_path):
    saved = tmp_path / f"{'h' * 241}.NPZ"
    assert gd("fit", RENT, "--epochs", 3, "--save", saved).status == 0
    assert os.listdir(tmp_path) == [saved.name]
    assert gd("fit", saved).status == 0


# -- Bad tables -----------------------------------------------------------------------------

BAD_TABLES = {
    "empty": b"",
    "header only": b"a,b\n",
    "one row": b"a,b\n1,2\n",
    "one column": b"a\n1\n2\n",
    "ragged": b"a,b,c\n1,2,3\n4,5\n6,7,8\n",
    "text": b"a,b\n1,2\n3,x\n4,5\n",
    "missing": b"a,b\n1,2\n3,\n4,5\n",
    "infinite": b"a,b\n1,2\n3,inf\n4,5\n",
    "duplicate names": b"a,b,a\n1,2,3\n4,5,6\n",
    "nothing varies": b"a,b\n1,2\n1,3\n",
    "huge": b"a,b\n1,2\n1e308,3\n",
    "gbk": "面积,租金\n1,2\n3,4\n".encode("gbk"),
    "utf-16": "面积,租金\n1,2\n3,4\n".encode("utf-16"),
    "latin-1": "Fläche,b\n1,2\n3,4\n".encode("latin-1"),
    "binary": bytes(range(256)),
    "no numbers": b"a,b\nx,y\nz,u\n",
    "newline in a name": b'"a\nb",c\n1,2\nx,3\n4,5\n',
    "open quote": b'a,b\n"1,2\n3,4\n',
}


@pytest.mark.parametrize("content", BAD_TABLES.values(), ids=BAD_TABLES)
@pytest.mark.parametrize("command", ["fit", "animate"])
def test_bad_table(gd, tmp_path, content, command):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    more = ["--kind", "contour", tmp_path / "out.gif"] if command == "animate" else []
    result = gd(command, path, *more)
    with pytest.raises(gdviz.tables.table.TableError) as caught, reading("table"):
        gdviz.read_table(path)
    assert result.refuses(1) == str(caught.value)
    assert len(result.err.splitlines()) == 1
    assert os.listdir(tmp_path) == ["bad.csv"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no.csv"], "no such file: no.csv"),
        ([DATA], f"{DATA} is a folder; name a table file in it"),
        ([RENT, "--target", "rnt"], 'no column "rnt" in rent.csv; its columns are area, age, rent'),
        ([RENT, "--features", "rent", "--target", "rent"], "rent is the target"),
        ([RENT, "--encoding", "klingon"], 'unknown encoding "klingon"'),
        ([RENT, "--start", "1,2"], "the start needs 3 finite numbers"),
        ([ROOT / "LICENSE"], "cannot read LICENSE: gdviz reads .csv"),
    ],
)
def test_bad_choice(gd, arguments, said):
    assert gd("fit", *arguments).refuses(1).startswith(said)


# -- How it ends ----------------------------------------------------------------------------


def test_a_defect_is_one_line(gd, monkeypatch):
    import gdviz.core.fit

    def defect(*_, **__):
        raise KeyError("a\nb")

    monkeypatch.delenv("GDVIZ_DEBUG", raising=False)
    monkeypatch.setattr(gdviz.core.fit, "fit", defect)
    assert gd("fit", RENT).refuses(1) == (
        r"KeyError: 'a\nb' (unexpected, please report it; GDVIZ_DEBUG=1 shows where)"
    )
    monkeypatch.setenv("GDVIZ_DEBUG", "1")
    monkeypatch.setattr(sys, "argv", ["gdviz", "fit", str(RENT)])
    with pytest.raises(KeyError):
        main()


def test_out_of_memory(gd, monkeypatch):
    import gdviz.core.fit

    def starve(*_, **__):
        raise MemoryError

    monkeypatch.setattr(gdviz.core.fit, "fit", starve)
    assert gd("fit", RENT).refuses(1).startswith("not enough memory")


def long_animation(out, **options):
    """Start one that takes a while, and return it when it has begun to write."""
    film = ["--size", "20x20", "--dpi", "200", "-y"]
    process = program("animate", "--kind", "plane", RENT, out, *film, **options)
    while process.poll() is None and os.listdir(out.parent) in ([], [out.name]):
        time.sleep(0.02)
    return process


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize(
    ("signum", "status", "old"),
    [("SIGINT", 130, b"old"), ("SIGTERM", 143, None), ("SIGHUP", 129, b"old")],
)
def test_interrupted(tmp_path, signum, status, old):
    out = tmp_path / "out.gif"
    if old:
        out.write_bytes(old)
    process = long_animation(out)
    process.send_signal(getattr(signal, signum))
    said, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert said == ""
    assert "Traceback" not in err
    assert err.splitlines()[4:] == ["Interrupted."] * (signum == "SIGINT")
    assert os.listdir(tmp_path) == (["out.gif"] if old else [])
    assert old is None or out.read_bytes() == old


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_what_nohup_starts_goes_on(tmp_path):
    out = tmp_path / "out.gif"
    process = long_animation(out, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    process.send_signal(signal.SIGHUP)
    time.sleep(0.2)
    assert process.poll() is None
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 143


@pytest.mark.parametrize("module", ["gdviz.cli.app", "click", "numpy"])
def test_an_interrupt_while_it_is_loading(tmp_path, module):
    code = f"""
import sys

class Interrupt:
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
sys.argv = ["gdviz", "fit", {str(RENT)!r}]
from gdviz.__main__ import main
main()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (run.returncode, run.stdout, run.stderr) == (130, "", "Interrupted.\n")


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_an_interrupt_of_which_a_library_makes_another_error(gd, monkeypatch):
    import gdviz.core.fit

    def interrupted(*_, **__):
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)
        except KeyboardInterrupt:
            raise RuntimeError("query interrupted") from None

    monkeypatch.setattr("gdviz.cli.app.CAME", came := [])
    monkeypatch.setattr("gdviz.cli.signals.CAME", came)
    monkeypatch.setattr(gdviz.core.fit, "fit", interrupted)
    result = gd("fit", RENT)
    assert (result.status, result.err.splitlines()[-1]) == (130, "Interrupted.")


@pytest.mark.skipif(os.name != "posix", reason="a shell that closes streams is POSIX's")
@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", ">&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize("command", ["fit", "animate"])
def test_a_stream_that_is_closed_or_full(tmp_path, closed, command):
    out = tmp_path / {"fit": "out.npz", "animate": "out.gif"}[command]
    flags = ["--save"] if command == "fit" else ["--kind", "plane"]
    flags += [out] if command == "fit" else [out, *QUICK]
    line = shlex.join([sys.executable, "-m", "gdviz", command, str(RENT), *map(str, flags)])
    run = subprocess.run(f"{line} {closed}", shell=True, capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0
    assert out.stat().st_size
    assert "Traceback" not in run.stderr
    assert "Exception ignored" not in run.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_full_disk_below_standard_output():
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "gdviz", "fit", RENT, "--features", "area"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
    assert run.returncode == 1
    assert run.stderr.splitlines()[1:] == [
        "Error: standard output: No space left on device; make room there, or write elsewhere"
    ]


@pytest.mark.skipif(os.name != "posix", reason="limits are POSIX's")
@pytest.mark.parametrize("command", ["fit", "animate"])
def test_a_file_that_may_not_grow(tmp_path, command):
    import resource

    out = tmp_path / {"fit": "out.npz", "animate": "out.gif"}[command]
    flags = ["--epochs", "10000", "--save"] if command == "fit" else ["--kind", "plane"]
    process = program(
        *(command, RENT, *flags, out),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.splitlines()[-1] == f"Error: {out}: File too large; write less, or elsewhere"
    assert os.listdir(tmp_path) == []


def test_a_listener_that_goes_away(tmp_path):
    out = tmp_path / "out.gif"
    process = program("animate", "--kind", "plane", RENT, out, *QUICK)
    process.stderr.close()
    assert process.stdout.read() == ""
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert out.stat().st_size


def test_no_window_is_wanted(tmp_path):
    environment = {**os.environ, "MPLBACKEND": "garbage"}
    command = ["animate", "--kind", "plane", RENT, tmp_path / "o.gif", *QUICK]
    process = program(*command, env=environment)
    _, err = process.communicate()
    assert process.returncode == 0, err


@pytest.mark.skipif(os.name != "posix", reason="pipes are POSIX's")
def test_a_reader_that_goes_away():
    process = program("fit", RENT)
    process.stdout.close()
    err = process.stderr.read()
    process.wait(timeout=60)
    process.stderr.close()
    assert process.returncode == 1
    assert "Traceback" not in err
    assert "Exception ignored" not in err


def test_a_terminal_that_cannot_show_it():
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    out, err = program("fit", RENT, "--learning-rate", "1", env=environment).communicate()
    assert "?1" in out  # a minus sign, where there is none
    assert "Traceback" not in err


@pytest.mark.skipif(os.name != "posix", reason="terminals are POSIX's")
def test_a_bar_on_a_terminal_only(tmp_path):
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    command = ["animate", "--kind", "plane", RENT, tmp_path / "o.gif", *QUICK]
    # A film as quick as this one has no bar, but by a clock that runs faster.
    code = """
from itertools import count
import tqdm.std
from gdviz.film import progress
progress.monotonic = tqdm.std.time = count(step=2).__next__
from gdviz.cli.app import main
main()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, command)], cwd=ROOT, stderr=theirs
    )
    os.close(theirs)
    said = b""
    try:
        while chunk := os.read(ours, 4096):
            said += chunk
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(ours)
    assert process.wait(timeout=60) == 0
    assert b"frames/s" in said
    assert re.search(rb"\r {50,}\r.*o\.gif: 3 frames, ", said)
    assert "frames/s" not in program(*command, "-y").communicate()[1]


# -- What a course teaches --------------------------------------------------------------------


def test_any_loss_and_optimizer_and_how_they_are_listed(gd):
    from gdviz.core.losses import LOSSES
    from gdviz.core.optimizers import OPTIMIZERS
    from gdviz.core.schedules import SCHEDULES

    every = LOSSES | OPTIMIZERS | SCHEDULES
    listed = gd("fit", "--help").out
    assert all(re.search(rf"^  {name} +\w", listed, re.MULTILINE) for name in every)
    flags = ["--loss", "huber:delta=2000", "--optimizer", "momentum:decay=0.5", "--epochs", "50"]
    history = gdviz.fit(
        gdviz.read_table(RENT),
        loss="huber:delta=2000",
        optimizer="momentum:decay=0.5",
        epochs=50,
        fixed_intercept="ols",
    )
    assert gd("fit", RENT, *flags).out == printed(history)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--optimizer", "adm"], "no optimizer 'adm'; choose from gd, momentum"),
        (
            ["--optimizer", "momentum:dcay=1"],
            "momentum has no option 'dcay'; its",
        ),
        (["--loss", "huber:delta=x"], "huber: delta='x' is not a number"),
        (["--learning-rates", "0.1,0"], "learning rates are above 0"),
        (
            ["--learning-rates", "0.1,auto"],
            "'auto' is not a number; give numbers such as 0.001,0.01, or auto alone",
        ),
        (["--learning-rate", "cosin:from=1"], "no schedule 'cosin'; choose from cosine, step"),
        (["--learning-rate", "step"], "the schedule step needs from, as in step:from=0.1"),
        (["--learning-rate", "step:from=-1"], "from must be a positive number, not -1"),
        (
            ["--learning-rate", "warmup:peak=1"],
            "the schedule warmup ends where the epochs end: say how many, such as --epochs 1000",
        ),
        (["--scale", "stand"], "'stand' is not one of"),
        (["--loss", "huber:delta=-1"], "delta must be a positive number, not -1"),
        (["--loss", "ridge:alpha=nan"], "alpha='nan' is not a number"),
        (["--optimizer", "adam:beta1=2"], "beta1 must be a number above -1 and below 1, not 2"),
        (["--learning-rates", "auto", "--loss", "huber"], "--loss cannot be followed"),
    ],
)
def test_what_is_not_registered_is_refused(gd, flags, message):
    assert message in gd("fit", "no.csv", *flags).refuses(2)


def test_scaled_powers(gd):
    table = gdviz.read_table(RENT).powers(2).scaled("standard")
    result = gd("fit", RENT, "--degree", "2", "--scale", "standard")
    assert result.out == printed(gdviz.fit(table))


def test_learning_rates_are_said_instead_of_a_descent(gd):
    result = gd("fit", RENT, "--learning-rates", "0.001,1e-6", "--fixed-intercept", "ols")
    table = gdviz.read_table(RENT)
    assert result.out == f"{gdviz.learning_rates(table, [0.001, 1e-6], fixed_intercept='ols')}\n"


def test_learning_rates_are_judged_of_the_descent_that_the_same_flags_give(gd):
    table = gdviz.read_table(RENT)
    for flags, held in ([], "ols"), (["--fixed-intercept", "none"], None):
        result = gd("fit", RENT, "--learning-rates", "auto", *flags)
        assert result.out == f"{gdviz.learning_rates(table, fixed_intercept=held)}\n"
        assert ("held: intercept at least squares" in result.err) == (held is not None)


def test_two_parameters_vary_and_the_others_are_held(gd, tmp_path):
    out = tmp_path / "out.gif"
    housing = DATA / "housing.csv"
    result = gd("animate", "--kind", "contour", "--vary", "intercept,age", housing, out, *QUICK)
    assert result.status == 0
    held = ", ".join(rf"{name} −?[\d,.]+" for name in ("area", "bedrooms", "floors"))
    assert re.search(f"^held: {held}$", result.err, re.MULTILINE)
    flags = ["--vary", "area,rooms", "--kind", "contour"]
    assert "no parameter 'rooms' to vary; the parameters are intercept, area, bedrooms" in gd(
        "animate", *flags, housing, out, "-y"
    ).refuses(1)


def test_contour_of_one_feature_lets_the_intercept_move(gd, tmp_path):
    simple = DATA / "article_simple.csv"
    result = gd("animate", "--kind", "contour", simple, tmp_path / "out.gif", *QUICK)
    assert result.status == 0
    assert "held" not in result.err


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--kind", "plane", "--vary", "intercept,area"], "plane is drawn over two features"),
        (["--kind", "contour", "--vary", "area"], "contour is drawn over two parameters; --vary "),
        (["--kind", "parameters+plane", "--vary", "area"], "plane is drawn over two parameters"),
        (["--vary", "area,area"], "--vary names a parameter twice"),
        (["--kind", "contour", "--vary", "intercept,area", "--fixed-intercept", "7"], "contradict"),
    ],
)
def test_what_cannot_vary_is_refused(gd, tmp_path, flags, message):
    assert message in gd("animate", *flags, RENT, tmp_path / "o.gif").refuses(2)


def test_an_intercept_may_be_held_while_two_weights_vary(gd, tmp_path):
    flags = ["--kind", "contour", "--vary", "area,age", "--fixed-intercept", "50000"]
    result = gd("animate", *flags, RENT, tmp_path / "o.gif", *QUICK)
    assert result.status == 0
    assert "held: intercept 50,000\n" in result.err


# -- One meaning of --vary, one film ----------------------------------------------------------

SAME = ["--epochs", "25", "--learning-rate", "auto"]


@pytest.mark.parametrize(
    ("kind", "flags"),
    [
        (None, []),
        ("plane", []),
        ("contour", []),
        ("surface/parameters", []),
        ("parameters", ["--fixed-intercept", "none"]),
        ("parameters", ["--vary", "area,age"]),
        ("parameters", ["--batch-size", "4", "--record", "step", "--optimizer", "Adam"]),
        ("plane", ["--vary", "age,area"]),
        ("contour", ["--vary", "intercept,age"]),
        ("contour", ["--fixed-intercept", "ols"]),
        ("surface", ["--vary", "age,area", "--fixed-intercept", "40000"]),
        ("plane+contour/parameters", ["--vary", "area,age", "--scale", "standard"]),
        (None, ["--vary", "area,age"]),
        (None, ["--fixed-intercept", "none"]),
    ],
)
def test_the_same_flags_give_the_same_film_by_way_of_a_saved_history(gd, tmp_path, kind, flags):
    saved, direct, later = (tmp_path / name for name in ("h.npz", "a.gif", "b.gif"))
    kinds = ["--kind", kind] if kind else []
    flags = [*SAME, *flags] if flags else []  # none of their own: none at all
    assert gd("fit", RENT, *flags, "--save", saved).status == 0
    assert gd("animate", RENT, direct, *kinds, *flags, *QUICK).status == 0
    assert gd("animate", saved, later, *kinds, *QUICK).status == 0
    assert direct.read_bytes() == later.read_bytes()


CLASSES = "a,b,c,t\n" + "".join(f"{i},{i * i % 7},{i % 3},{i * i % 5 % 2}\n" for i in range(20))


APART = "a,b,t\n5,5,n\n6,5,n\n5,6,n\n6,6.5,n\n8,8,y\n9,8,y\n8,9,y\n9,9.5,y\n"


@pytest.mark.parametrize(
    ("rows", "held", "kind"),
    [(APART, False, "plane+parameters"), (APART + "5,5,y\n9,9,n\n", True, "plane+contour")],
)
def test_the_intercept_of_classes_is_held_only_where_there_is_an_optimum(
    gd, tmp_path, rows, held, kind
):
    table, saved, *films = (
        tmp_path / name for name in ("t.csv", "h.npz", "a.gif", "b.gif", "c.gif")
    )
    table.write_text(rows)
    classes = ["--loss", "cross-entropy"]
    result = gd("fit", table, *classes, "--save", saved)
    assert ("held: intercept " in result.err) == held
    assert re.search(r"^accuracy +0.5 +(\S+)", result.out, re.M)[1] == ("0.8" if held else "1")
    assert gd("animate", table, films[0], *classes, *QUICK).status == 0
    assert gd("animate", table, films[1], *classes, "--kind", kind, *QUICK).status == 0
    assert gd("animate", saved, films[2], *QUICK).status == 0
    assert len({film.read_bytes() for film in films}) == 1


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("housing.csv", ["--vary", "area,age"]),
        ("classes.csv", ["--vary", "a,b", "--loss", "cross-entropy", "--target", "t"]),
    ],
)
def test_the_same_flags_give_the_same_film_of_two_of_many_features(gd, tmp_path, name, flags):
    table = DATA / name
    if name == "classes.csv":
        table = tmp_path / name
        table.write_text(CLASSES)
    saved, direct, later = (tmp_path / name for name in ("h.npz", "a.gif", "b.gif"))
    assert gd("fit", table, *SAME, *flags, "--save", saved).status == 0
    kind = ["--kind", "plane+contour"]
    assert gd("animate", table, direct, *kind, *SAME, *flags, *QUICK).status == 0
    for more in ([], flags[:2]):  # once more does no harm
        assert gd("animate", saved, later, *kind, *more, *QUICK, "-y").status == 0
        assert direct.read_bytes() == later.read_bytes()


def test_what_moved_in_a_saved_history_is_drawn_but_not_held(gd, tmp_path):
    saved, out = tmp_path / "h.npz", tmp_path / "o.gif"
    gd("fit", DATA / "housing.csv", "--epochs", 3, "--save", saved)
    said = gd("animate", saved, out, "--kind", "contour", "--vary", "area,age").refuses(2)
    assert said == (
        "--vary cannot hold what moved in a saved history: gdviz fit TABLE --vary area,age"
    )
    gd("fit", "function:Valley:condition=5", "--epochs", 3, "--save", saved, "-y")
    said = gd("animate", saved, out, "--vary", "u").refuses(2)
    assert said.endswith(": gdviz fit function:valley:condition=5 --vary u")


def test_the_plane_of_a_saved_history_is_over_two_that_moved(gd, tmp_path):
    saved, out = tmp_path / "h.npz", tmp_path / "o.gif"
    gd("fit", DATA / "housing.csv", "--epochs", 3, "--save", saved)
    assert gd("animate", saved, out, "--kind", "plane", "--vary", "area,age", *QUICK).status == 0
    said = gd("animate", saved, out, "--kind", "plane", "-y").refuses(1)
    assert said.endswith("choose two, --vary area,bedrooms")
    assert (
        gd("fit", saved, "--vary", "area").refuses(2).startswith("--vary is settled in the saved")
    )


@pytest.mark.parametrize(
    ("table", "flags", "kinds"),
    [
        ("article_multiple.csv", [], "plane+contour"),
        ("article_multiple.csv", ["--fixed-intercept", "none"], "parameters"),
        ("article_simple.csv", [], "parameters"),
        ("article_simple.csv", ["--degree", "2"], "contour"),
        ("housing.csv", [], "parameters"),
        ("housing.csv", ["--vary", "area,age"], "plane+contour"),
        ("housing.csv", ["--vary", "intercept,age"], "contour"),
    ],
)
def test_what_is_drawn_where_no_kind_is_asked_for(gd, tmp_path, table, flags, kinds):
    usual, asked = tmp_path / "a.png", tmp_path / "b.png"
    command = ["animate", DATA / table, *SAME, *flags, *QUICK]
    assert gd(*command, usual).status == 0
    assert gd(*command, asked, "--kind", kinds).status == 0
    assert usual.read_bytes() == asked.read_bytes()


def test_names_in_any_case(gd):
    flags = [
        "--optimizer",
        "ADAM",
        "--loss",
        "MSE",
        "--learning-rate",
        "Auto",
        "--scale",
        "Standard",
    ]
    lower = [flag.lower() for flag in flags]
    options = ["--epochs", "3", "--fixed-intercept", "OLS", "--record", "Epoch"]
    assert gd("fit", RENT, *flags, *options).out == gd("fit", RENT, *lower, *options).out


def test_advice_can_be_typed_as_it_is_written(gd, tmp_path):
    path, out = tmp_path / "t.csv", tmp_path / "o.gif"
    header = '"living room","it\'s, or not",c,y'
    rows = "".join(f"{i},{i * i % 7},{i % 3},{i + 1}\n" for i in range(9))
    path.write_text(f"{header}\n{rows}")
    command = ["animate", path, out, *QUICK]
    said = gd(*command, "--kind", "plane", "--epochs", 3).refuses(1)
    advised = shlex.split(said.partition("choose two, ")[2])
    assert advised == ["--vary", 'living room,"it\'s, or not"']
    assert gd(*command, "--kind", "plane", "--epochs", 3, *advised).status == 0


def test_the_help_of_fit_tells_of_no_picture(gd):
    said = " ".join(gd("fit", "--help").out.split())
    assert not re.search("contour|surface|plane|frame|film", said)


@pytest.mark.parametrize(
    ("flags", "given"),
    [
        (["--sheet", "2"], {"sheet": "2"}),
        (["--sheet", "Q2 2026"], {"sheet": "Q2 2026"}),
        (["--labels", 'b,"a, or c"'], {"labels": ("b", "a, or c")}),
        (["--labels", "b", "--labels", "a"], {"labels": ("b", "a")}),
        (["--decimal", ","], {"decimal": ","}),
        (["--loss", "Cross-Entropy"], {"classes": True}),
        (["--loss", "huber"], {}),
    ],
)
def test_flags_reach_the_reader(gd, monkeypatch, flags, given):
    def read(path, **options):
        seen.append(options)
        raise gdviz.TableError("read")

    seen = []
    monkeypatch.setattr("gdviz.tables.table.read_table", read)
    assert gd("fit", RENT, *flags).refuses(1) == "read"
    assert seen == [{"drop_missing": False, **given}]


SPECIES = "length,width,species\n" + "".join(
    f"{i},{i * i % 7},{('setosa', 'versicolor', 'virginica')[i % 7 % 3]}\n" for i in range(20)
)


@pytest.mark.parametrize("target", [[], ["--target", "species"]])
def test_three_labels_are_refused_with_two_to_choose(gd, tmp_path, target):
    path = tmp_path / "species.csv"
    path.write_text(SPECIES)
    command = ["fit", path, "--loss", "cross-entropy", "--epochs", "5", *target]
    said = gd(*command).refuses(1)
    advised = shlex.split(said[said.index("--labels") :])[:2]
    assert "species from length, width" in gd(*command, *advised).out


@pytest.mark.parametrize("target", [[], ["--target", "label"]])
def test_three_labels_in_a_few_rows_are_refused_with_two_to_choose(gd, tmp_path, target):
    path = tmp_path / "tri.csv"
    path.write_text("x,label\n1,a\n2,b\n3,c\n4,a\n")
    assert gd("fit", path, "--loss", "cross-entropy", *target).refuses(1) == (
        'column "label" of tri.csv has 3 labels, a, b, c; choose two of them, --labels a,b'
    )


def test_a_sheet_is_named_before_it_is_counted(gd, tmp_path):
    book = pytest.importorskip("openpyxl").Workbook()
    for name, slope in (("2", 3), ("first", 5), ("third", 7)):
        sheet = book.create_sheet(name)
        for row in (["x", f"times {slope}"], *([i, slope * i] for i in range(5))):
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(tmp_path / "b.xlsx")
    for asked, found in (("2", 3), ("3", 7), ("first", 5)):
        assert f": times {found} from x" in gd("fit", tmp_path / "b.xlsx", "--sheet", asked).out


@pytest.mark.parametrize("flags", [[], ["--kind", "surface", "--fixed-intercept", "none"]])
def test_through_draws_a_free_intercept_on_a_plane(gd, tmp_path, flags):
    out = tmp_path / "plane.png"
    given = ["--features", "area,age", "--through", "PCA", "--epochs", 20, *flags]
    result = gd("animate", RENT, out, *given)
    assert result.status == 0, result.err
    assert "held" not in result.err  # all three move
    assert out.exists()


@pytest.mark.parametrize("kind", ["plane", "parameters", "plane+parameters"])
def test_through_is_refused_where_nothing_is_drawn_on_a_plane(gd, tmp_path, kind):
    given = ["--through", "pca", "--kind", kind]
    said = gd("animate", RENT, tmp_path / "a.png", *given).refuses(2)
    assert "--through is of contour and surface" in said
    assert not list(tmp_path.iterdir())
