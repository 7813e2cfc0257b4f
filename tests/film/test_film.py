import base64
import gc
import os
import re
import stat
import warnings
from functools import partial

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from gdviz.film import Camera
from gdviz.film.encoding.formats import FORMATS


@pytest.fixture
def film():
    figure = Figure(figsize=(2, 1), dpi=50)
    axes = figure.subplots()
    axes.set(xlim=(-1, 4), ylim=(0, 2))
    camera = Camera(figure)
    for x in range(4):
        axes.plot(x, 1, "o")
        camera.snap()
    return camera.animate(fps=10)


class TestFrames:
    def test_are_new_opaque_contiguous_arrays(self, film):
        frames = list(film.frames(dpi=100))
        assert len(frames) == len(film) == 4
        for frame in frames:
            assert frame.shape == (100, 200, 4)
            assert frame.flags["C_CONTIGUOUS"]
            assert frame.flags["OWNDATA"]
            assert (frame[..., 3] == 255).all()
        assert all((frames[0] != other).any() for other in frames[1:])

    def test_same_again(self, film):
        np.testing.assert_array_equal(list(film.frames()), list(film.frames()))

    def test_leave_the_figure_as_it_was(self, film):
        axes = film._fig.axes[0]
        before = film._fig.dpi, list(axes.get_children()), [a.get_visible() for a in axes.lines]
        for _ in film.frames(dpi=30):
            after = film._fig.dpi, list(axes.get_children()), [a.get_visible() for a in axes.lines]
            assert after == before

    def test_transparent_figures_are_on_white(self):
        figure = Figure(figsize=(1, 1), facecolor="none")
        camera = Camera(figure)
        camera.snap()
        (frame,) = camera.animate().frames(dpi=10)
        assert (frame == 255).all()

    def test_dpi_default_is_that_of_savefig(self, film):
        with mpl.rc_context({"savefig.dpi": 70}):
            assert next(film.frames()).shape == (70, 140, 4)
        assert next(film.frames()).shape == (50, 100, 4)


class TestSave:
    def test_reports_each_frame(self, film, tmp_path):
        ours, theirs = [], []
        film.save(
            tmp_path / "film.gif",
            progress=lambda *counts: ours.append(counts),
            progress_callback=lambda *counts: theirs.append(counts),
        )
        assert ours == [(1, 4), (2, 4), (3, 4), (4, 4)]
        assert theirs == [(0, 4), (1, 4), (2, 4), (3, 4)]

    def test_replaces_and_leaves_nothing_else(self, film, tmp_path):
        path = tmp_path / "film.gif"
        path.write_text("old")
        film.save(path)
        assert path.read_bytes()[:6] == b"GIF89a"
        assert os.listdir(tmp_path) == ["film.gif"]

    @pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
    def test_old_file_stays_when_it_fails(self, film, tmp_path, error):
        def fail(done, total):
            raise error("on the way")

        path = tmp_path / "film.gif"
        path.write_text("old")
        with pytest.raises(error):
            film.save(path, progress=fail)
        assert path.read_text() == "old"
        assert os.listdir(tmp_path) == ["film.gif"]

    def test_permissions_are_those_of_a_new_file(self, film, tmp_path):
        before = os.umask(0o026)
        try:
            film.save(tmp_path / "film.gif")
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "film.gif").stat().st_mode) == 0o640

    def test_follows_a_link(self, film, tmp_path):
        (tmp_path / "real.gif").write_text("old")
        (tmp_path / "link.gif").symlink_to("real.gif")
        film.save(tmp_path / "link.gif")
        assert (tmp_path / "link.gif").is_symlink()
        assert (tmp_path / "real.gif").read_bytes()[:3] == b"GIF"

    def test_folder_in_the_way(self, film, tmp_path):
        (tmp_path / "film.gif").mkdir()
        with pytest.raises(IsADirectoryError):
            film.save(tmp_path / "film.gif")

    def test_no_such_folder(self, film, tmp_path):
        with pytest.raises(FileNotFoundError):
            film.save(tmp_path / "missing" / "film.gif")

    @pytest.mark.parametrize(
        ("name", "options", "message"),
        [
            ("film.mov", {}, r"suffix '\.mov' is none of .*\.gif"),
            ("film", {}, "none of"),
            ("film.gif", {"fps": -1}, "fps must be a positive number, not -1"),
            ("film.gif", {"fps": "x"}, "fps must be a positive number, not 'x'"),
            ("film.gif", {"fps": np.inf}, "not inf"),
            ("film.gif", {"dpi": -1}, "dpi must be a positive number, not -1"),
            ("film.gif", {"hold": "x"}, "hold, in seconds, must be .* number, not 'x'"),
            ("film.gif", {"loop": 1.5}, r"loop \(0 is for ever\) must be a whole number"),
            ("film.gif", {"hold": -1}, "hold, in seconds, must be"),
            ("film.gif", {"loop": -1}, r"loop \(0 is for ever\) must be a whole number"),
            ("film.gif", {"loop": True}, r"loop \(0 is for ever\) must be a whole number"),
        ],
    )
    def test_refuses_before_any_work(self, film, tmp_path, name, options, message):
        film.frames = lambda dpi=None: pytest.fail("drew something")
        with pytest.raises(ValueError, match=message):
            film.save(tmp_path / name, **options)
        assert os.listdir(tmp_path) == []

    def test_without_frames(self, tmp_path):
        with pytest.raises(ValueError, match="no frames"):
            Camera(Figure()).animate().save(tmp_path / "film.gif")

    def test_matplotlibs_own_way(self, film, tmp_path):
        film.save(tmp_path / "film.gif", "pillow", 5, 40, savefig_kwargs={"facecolor": "red"})
        with Image.open(tmp_path / "film.gif") as image:
            assert image.size == (80, 40)
            assert image.info["duration"] == 200
            assert image.convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def test_shows_itself_in_a_notebook(film):
    html = film._repr_html_()
    encoded = re.fullmatch(r'<img src="data:image/gif;base64,([^"]+)">', html)
    assert base64.b64decode(encoded[1])[:6] == b"GIF89a"
    with mpl.rc_context({"animation.html": "jshtml"}):
        assert "<script" in film._repr_html_()


def test_dropped_unseen_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Camera(Figure()).animate()
        gc.collect()


def test_every_format_is_named_by_a_suffix():
    suffixes = [suffix for suffix in FORMATS if suffix != "/"]
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)


def test_a_figure_without_pixels_is_refused(tmp_path):
    figure = Figure(figsize=(0.05, 2))
    camera = Camera(figure)
    figure.text(0, 0, "x")
    camera.snap()
    with pytest.raises(ValueError, match=r"0\.05 x 2 inches has no pixel at 10 dpi"):
        camera.animate().save(tmp_path / "a.gif", dpi=10)


def test_a_long_film_that_is_shot_keeps_only_a_part_of_its_artists(monkeypatch):
    monkeypatch.setattr("gdviz.film.compositing.renderer._AT_ONCE", 4)
    figure = Figure(figsize=(1, 1), dpi=50)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 12))
    film = Camera(figure).shoot([partial(axes.axvline, i) for i in range(12)], fps=10)
    frames = []
    for frame in film.frames(dpi=50):
        frames.append(frame)
        assert len(axes.lines) <= 4 + 1  # and the first, by which the figure was looked at
    again = list(film.frames(dpi=50))
    np.testing.assert_array_equal(frames, again)
    assert len({frame.tobytes() for frame in frames}) == 12


def test_what_is_shot_is_what_is_snapped(monkeypatch):
    monkeypatch.setattr("gdviz.film.compositing.renderer._AT_ONCE", 2)

    def stage():
        figure = Figure(figsize=(2, 2), dpi=50)
        axes = figure.subplots()
        axes.set(xlim=(0, 6), ylim=(0, 1))
        return Camera(figure), [partial(scene, axes, i) for i in range(6)]

    def scene(axes, i):
        axes.axvline(i, color="k", label=str(i))
        if i == 1:
            axes.legend(loc="upper left")  # it stands in the following frames too

    camera, scenes = stage()
    shot = list(camera.shoot(scenes, fps=10).frames(dpi=50))
    camera, scenes = stage()
    for scene_of_one in scenes:
        scene_of_one()
        camera.snap()
    np.testing.assert_array_equal(shot, list(camera.animate().frames(dpi=50)))
    assert (shot[1] != shot[0]).any(axis=2).sum() > 300  # the legend, not only a line
