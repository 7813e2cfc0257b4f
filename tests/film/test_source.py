"""Frames that share artists, or lean on one another: each is drawn as it was meant, or refused."""

from functools import partial

import celluloid
import numpy as np
import pytest
from matplotlib.figure import Figure

from gdviz.film import Camera, Film
from gdviz.film.source import Drawn, FrameSource

DPI = 50
N_FRAMES = 5


def stage(projection=None):
    figure = Figure(figsize=(3, 2), dpi=DPI)
    axes = figure.add_subplot(projection=projection)
    axes.set(xlim=(0, 6), ylim=(-1, 6), title="title")
    if projection:
        axes.set_zlim(0, 6)
    return figure, axes


def line(axes):
    (artist,) = axes.plot([0, 6], [0, 0], "o-", linewidth=3)
    return lambda i: artist.set_data([0, i, 6], [i, 0, i])


def text(axes):
    artist = axes.text(1, 1, "")
    return lambda i: artist.set_text(f"frame {i}")


def points(axes):
    artist = axes.scatter([1, 2, 3], [1, 2, 3], c=[0.0, 0.5, 1.0], s=99)

    def change(i):
        where = artist.get_offsets()  # in place: what the frames before it show must be a copy
        where[:] = [[1, i], [2, i], [3, 1]]
        artist.set_offsets(where)
        artist.set_array([0.1 * i, 0.5, 1.0])

    return change


def image(axes):
    artist = axes.imshow(np.zeros((4, 4)), extent=(0, 6, 0, 6), aspect="auto", vmin=0, vmax=1)
    return lambda i: artist.set_data(np.full((4, 4), 0.2 * i))


def patch(axes):
    (artist,) = axes.bar([1], [1])
    return lambda i: artist.set_height(i + 1)


def area(axes):
    (artist,) = axes.fill([0, 1, 1], [0, 0, 1])
    return lambda i: artist.set_xy([[0, 0], [i + 1, 0], [2, i]])


def colour(axes):
    (artist,) = axes.plot([0, 6], [0, 6], linewidth=9)
    return lambda i: artist.set_color(f"C{i}")


def coming_and_going(axes):
    artist = axes.text(1, 1, "here")
    return lambda i: artist.set_alpha(i % 2)


def line_3d(axes):
    (artist,) = axes.plot([0, 6], [0, 0], [0, 6])
    return lambda i: artist.set_data_3d([0, i, 6], [i, 0, i], [0, 3, 6])


def points_3d(axes):
    artist = axes.scatter([1, 2], [1, 2], [1, 2], s=99)

    def change(i):
        artist._offsets3d = ([1, i], [2, 2], [3, i])
        artist.set_sizes([99 + i])

    return change


CHANGED = [line, text, points, image, patch, area, colour, coming_and_going, line_3d, points_3d]


def projection_of(kind):
    return "3d" if kind.__name__.endswith("3d") else None


def drawn_one_by_one(kind, n_frames=N_FRAMES):
    """Each frame as a figure of its own."""
    for i in range(n_frames):
        figure, axes = stage(projection_of(kind))
        kind(axes)(i)
        yield next(Film(figure, [[]]).frames(DPI))


@pytest.mark.parametrize("shown_between", [False, True])
@pytest.mark.parametrize("before_the_camera", [True, False])
@pytest.mark.parametrize("kind", CHANGED)
def test_one_artist_in_several_snapshots_is_in_each_as_it_was(
    kind, before_the_camera, shown_between
):
    figure, axes = stage(projection_of(kind))
    change = kind(axes) if before_the_camera else None
    camera = Camera(figure)
    change = change or kind(axes)
    for i in range(N_FRAMES):
        change(i)
        camera.snap()
        if shown_between:
            figure.canvas.draw()
    film = camera.animate()
    expected = list(drawn_one_by_one(kind))
    assert len({frame.tobytes() for frame in expected}) > 1
    np.testing.assert_array_equal(list(film.frames(DPI)), expected)
    np.testing.assert_array_equal(list(film.frames(DPI))[::-1], expected[::-1])


@pytest.mark.parametrize("kind", CHANGED)
def test_as_matplotlibs_own_writers_have_it(kind, drawn_by_matplotlib):
    figure, axes = stage(projection_of(kind))
    change = kind(axes)
    camera = Camera(figure)
    for i in range(N_FRAMES):
        change(i)
        camera.snap()
    film = camera.animate()
    np.testing.assert_array_equal(list(film.frames(DPI)), drawn_by_matplotlib(film, dpi=DPI))


def test_celluloid_shows_it_in_the_first_frame_only_as_it_was_in_the_end(drawn_by_matplotlib):
    def film_of(make):
        figure, axes = stage()
        camera = make(figure)
        change = line(axes)
        for i in range(3):
            change(i)
            camera.snap()
        return camera.animate()

    theirs = film_of(celluloid.Camera)
    assert [len(artists) for artists in theirs._framedata] == [1, 0, 0]
    shown = drawn_by_matplotlib(theirs, dpi=DPI)
    first, _, last = drawn_one_by_one(line, 3)
    np.testing.assert_array_equal(shown[0], last)
    np.testing.assert_array_equal(next(film_of(Camera).frames(DPI)), first)


def test_a_new_artist_beside_one_that_is_changed():
    figure, axes = stage()
    camera = Camera(figure)
    change = line(axes)
    for i in range(N_FRAMES):
        change(i)
        axes.text(3, 3, f"number {i}")
        assert len(camera.snap()) == 2
    for i, frame in enumerate(camera.animate().frames(DPI)):
        figure, axes = stage()
        line(axes)(i)
        axes.text(3, 3, f"number {i}")
        np.testing.assert_array_equal(frame, next(Film(figure, [[]]).frames(DPI)))


def test_what_is_set_to_what_it_was_is_in_its_own_frame_only():
    figure, axes = stage()
    camera = Camera(figure)
    for i in range(3):
        axes.plot([0, i])
        for one in axes.lines:
            one.set(linewidth=5, color="C1", data=one.get_data())
        assert len(camera.snap()) == 1


@pytest.mark.parametrize("projection", [None, "3d"])
def test_drawing_is_no_change(projection):
    figure, axes = stage(projection)
    camera = Camera(figure)
    for i in range(3):
        axes.plot([0, i], [1, 2], "o-")
        axes.scatter([1, 2], [3, i], c=[0.0, 1.0])
        assert len(camera.snap()) == 2
        figure.canvas.draw()
        next(camera.animate().frames(DPI))


def test_the_figure_is_left_as_it_was():
    figure, axes = stage()
    (one,) = axes.plot([0, 6], [0, 0])
    camera = Camera(figure)
    for i in range(3):
        one.set_ydata([0, i])
        camera.snap()
    one.set_ydata([0, 6])
    for _ in camera.animate().frames(DPI):
        assert list(one.get_ydata()) == [0, 6]


@pytest.mark.parametrize("kind", CHANGED)
def test_scenes_that_change_what_is_there(kind, drawn_by_matplotlib):
    figure, axes = stage(projection_of(kind))
    change = kind(axes)
    scenes = [partial(change, i) for i in range(N_FRAMES)]
    film = Camera(figure).shoot(scenes, fps=10, reuses=True)
    expected = list(drawn_one_by_one(kind))
    for _ in range(2):
        np.testing.assert_array_equal(list(film.frames(DPI)), expected)
    np.testing.assert_array_equal(drawn_by_matplotlib(film, dpi=DPI), expected)


@pytest.mark.parametrize("kind", CHANGED)
def test_scenes_that_change_what_is_there_and_do_not_say_so_are_refused(kind, tmp_path):
    figure, axes = stage(projection_of(kind))
    scenes = [partial(kind(axes), i) for i in range(N_FRAMES)]
    film = Camera(figure).shoot(scenes, fps=10)
    with pytest.raises(ValueError, match=r"frame 0 changes .*, or say reuses=True"):
        film.save(tmp_path / "film.gif")
    assert not (tmp_path / "film.gif").exists()


def test_scenes_that_change_one_anothers_artists_are_refused():
    figure, axes = stage()
    made = []

    def scene(i):
        made.extend(axes.plot([0, i]))
        made[0].set_color("black")

    film = Camera(figure).shoot([partial(scene, i) for i in range(3)], fps=10)
    with pytest.raises(ValueError, match="frame 1 changes Line2D"):
        list(film.frames(DPI))


@pytest.mark.parametrize("in_order", [False, True])
def test_any_number_of_processes(in_order, tmp_path, monkeypatch):
    def save(processes):
        figure, axes = stage()
        change = line(axes)
        heights = []

        def scene(i):
            if in_order:  # each leans on the one before
                heights[i:] = [heights[i - 1] + 1 if i else 0]
            change(heights[i] % 6 if in_order else i % 6)

        scenes = [partial(scene, i) for i in range(12)]
        film = Camera(figure).shoot(scenes, fps=10, reuses=True, in_order=in_order)
        monkeypatch.setattr("gdviz.film.frames.processes_for", lambda count: processes)
        film.save(tmp_path / "film.gif")
        return (tmp_path / "film.gif").read_bytes()

    assert save(1) == save(3)


@pytest.mark.parametrize("reuses", [False, True])
def test_in_order_means_that_no_frame_is_left_out(reuses):
    order, on_figure = [], []

    def draw(i):
        order.append(i)
        on_figure.append(i)
        return [i]

    source = FrameSource(9, draw, lambda artists: on_figure.remove(artists[0]), True, reuses)
    drawn = Drawn(source)
    assert drawn[3] == [3]
    assert order == [0, 1, 2, 3]
    assert on_figure == [3]
    assert drawn[5] == [5]
    assert order == [0, 1, 2, 3, 4, 5]
    assert drawn[1] == [1]
    assert order[6:] == [0, 1]
    assert on_figure == [1] if reuses else [3, 5, 1]
    drawn.drop([drawn[1]])
    assert 1 not in drawn.artists
    assert drawn.drawings == 8


def test_lists_of_artists_are_a_source():
    figure, axes = stage()
    lines = [axes.plot([0, i]) for i in range(3)]
    source = FrameSource.of(lines)
    assert len(source) == 3
    assert source.artists == {one for (one,) in lines}
    assert len(list(Camera(figure).shoot(source, fps=10).frames(DPI))) == 3
