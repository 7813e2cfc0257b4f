import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from gdviz.film import Camera, Film


def ink(frame):
    return int((frame[..., :3] != 255).any(axis=2).sum())


def test_backdrop_is_in_every_frame_and_in_no_snapshot():
    figure = Figure()
    axes = figure.subplots()
    (line,) = axes.plot([0, 1], [0, 1], color="red", linewidth=20)
    camera = Camera(figure)
    for x in range(3):
        axes.plot(x / 3, 0.9, "o")
        assert line not in camera.snap()
    reds = [(frame == (255, 0, 0, 255)).all(axis=2).sum() for frame in camera.animate().frames()]
    assert min(reds) > 500


def test_a_frame_shows_its_own_artists_only():
    figure = Figure()
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set(xlim=(0, 4), ylim=(0, 4))
    camera = Camera(figure)
    for n in range(3):
        for i in range(n):
            axes.plot(i + 1, 2, "ks", markersize=10)
        camera.snap()
    none, one, two = map(ink, camera.animate().frames())
    assert none == 0
    assert 0 < one < two


def test_artists_of_figures_and_subfigures_and_insets():
    figure = Figure()
    left, right = figure.subfigures(1, 2)
    axes = left.subplots()
    inset = axes.inset_axes((0.5, 0.5, 0.4, 0.4))
    camera = Camera(figure)
    expected = [
        *axes.plot([1, 2]),
        *inset.plot([1, 2]),
        figure.text(0.5, 0.5, "figure"),
        right.text(0.5, 0.5, "subfigure"),
    ]
    assert camera.snap() == expected
    assert camera.snap() == []


def test_3d_and_tables():
    figure = Figure()
    axes = figure.add_subplot(projection="3d")
    flat = figure.add_axes((0, 0, 0.2, 0.2))
    camera = Camera(figure)
    expected = [axes.scatter(1, 2, 3), axes.text(1, 2, 3, "here"), flat.table([["a"]])]
    assert camera.snap() == expected


def test_titles_stay():
    figure = Figure()
    camera = Camera(figure)
    figure.suptitle("for all")
    assert camera.snap() == []


def test_removed_artists_do_not_disturb():
    figure = Figure()
    axes = figure.subplots()
    axes.plot([1, 2])[0].remove()
    camera = Camera(figure)
    (first,) = axes.plot([1, 2])
    assert camera.snap() == [first]
    first.remove()
    (second,) = axes.plot([2, 1])
    assert camera.snap() == [second]


class TestLegend:
    def test_backdrop_legend_is_left_alone(self):
        figure = Figure()
        axes = figure.subplots()
        legend = axes.legend(axes.plot([1, 2]), ["line"])
        camera = Camera(figure)
        assert camera.snap() == []
        assert axes.get_legend() is legend

    def test_each_frame_has_one(self):
        figure = Figure()
        axes = figure.subplots()
        camera = Camera(figure)
        for i in range(4):
            lines = axes.plot([0, i])
            legend = axes.legend(lines, [str(i)])
            assert camera.snap() == [*lines, legend]
        assert len(axes.get_children()) == len(Figure().subplots().get_children()) + 8

    def test_stays_until_replaced(self):
        figure = Figure()
        axes = figure.subplots()
        camera = Camera(figure)
        legend = axes.legend(axes.plot([0, 1]), ["line"])
        camera.snap()
        assert camera.snap() == [legend]


def test_animate_takes_fps_and_matplotlibs_arguments():
    film = Camera(Figure()).animate(fps=20, repeat=False)
    assert isinstance(film, Film)
    assert film._interval == 50
    assert Camera(Figure()).animate(120)._interval == 120


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"fps": 0}, "fps must be a positive number, not 0"),
        ({"fps": 5, "interval": 200}, "the same thing"),
    ],
)
def test_animate_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        Camera(Figure()).animate(**arguments)


def test_pyplot_figure():
    matplotlib.use("Agg")
    figure = plt.figure()
    camera = Camera(figure)
    plt.plot([1, 2])
    camera.snap()
    (frame,) = camera.animate().frames(dpi=20)
    assert frame.shape == (96, 128, 4)
    assert frame.dtype == np.uint8
    plt.close(figure)
