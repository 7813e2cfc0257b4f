"""Every frame of a film equals, to the last bit, a drawing of the whole figure."""

import ast
import gc
import re
from functools import partial
from io import BytesIO
from pathlib import Path

import matplotlib
import matplotlib.patheffects as path_effects
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle

import gdviz
from gdviz.film import Camera
from gdviz.film.compositing import glyphs, mpl, renderer
from gdviz.film.compositing.recording import Recording
from gdviz.film.compositing.renderer import Screen

N_FRAMES = 3
DPI = 50
HAS_GLYPHS = matplotlib.__version_info__ >= (3, 11)


def zoo(figure):
    """Register a function that yields once when the backdrop stands, and once a frame."""
    ZOO[figure.__name__] = figure
    return figure


ZOO = {}
SLOW = set()


def drawn_whole(animal):
    """Register one that cannot be composed, and must be right all the same."""
    SLOW.add(animal.__name__)
    return zoo(animal)


def film_of(animal):
    figure = Figure(figsize=(4, 3), dpi=DPI)
    steps = animal(figure)
    next(steps)
    camera = Camera(figure)
    for _ in steps:
        camera.snap()
    return camera.animate()


def rng():
    return np.random.default_rng(0)


class Filling(Rectangle):
    """Fills its clip box, and says so."""

    fills_clip_box = True
    drawings = 0

    def draw(self, renderer):
        self.drawings += 1
        super().draw(renderer)


@zoo
def what_fills_its_clip_box(figure):
    axes = figure.add_axes((0.1234, 0.1357, 0.7531, 0.7135), xlabel="x", ylabel="y")
    axes.plot([0.2, 0.8], [0.3, 0.9], "o-", zorder=2)
    axes.tick_params(direction="inout")
    yield
    for i in range(N_FRAMES):
        axes.add_artist(Filling((-1, -1), 3, 3, color=f"C{i}", alpha=0.3, zorder=0.5))
        axes.add_artist(Line2D([0, 1], [i / 3, 1]))
        yield


def test_what_fills_its_clip_box_is_drawn_once_for_each_frame():
    film = film_of(what_fills_its_clip_box)
    filling = [a for photo in film._framedata for a in photo if isinstance(a, Filling)]
    list(film.frames(DPI))
    first, *others = (artist.drawings for artist in filling)
    assert others == [1] * (N_FRAMES - 1)
    assert first > 1  # the first frame is drawn whole, to compare


@zoo
def lines(figure):
    axes = figure.subplots()
    axes.set(xlim=(0, 5), ylim=(-1, 5), title="title", xlabel="x", ylabel="y")
    axes.grid()
    yield
    for i in range(N_FRAMES):
        axes.plot([0, i, 5], [i, 0, 3], "o-", linewidth=3)
        axes.text(i, 2, f"frame {i}")
        yield


@zoo
def under_and_over(figure):
    axes = figure.subplots()
    axes.set_axisbelow(False)
    axes.plot([0, 5], [0, 5], linewidth=9, color="black", zorder=3, alpha=0.5)
    axes.text(1, 1, "above", fontsize=30, zorder=5)
    axes.legend([Rectangle((0, 0), 1, 1)], ["legend"], loc="center")
    yield
    for i in range(N_FRAMES):
        axes.scatter(rng().uniform(0, 5, 50), rng().uniform(0, 5, 50) - i, s=99, alpha=0.3)
        axes.plot([0, 5], [5, i], linewidth=9, zorder=4, clip_on=False)
        axes.add_patch(Circle((3, i), 1, zorder=-1))
        axes.axhspan(i, i + 1, color="red", alpha=0.2)
        yield


@zoo
def panels(figure):
    (a, b), (c, d) = figure.subplots(2, 2)
    c.imshow(rng().uniform(size=(5, 5)))
    d.semilogy([1, 10, 100])
    figure.text(0.5, 0.5, "in the middle", fontsize=30, alpha=0.5)
    yield
    for i in range(N_FRAMES):
        a.plot([i, 1])
        b.plot([1, i], clip_on=False, linewidth=20)
        d.plot([i + 1, 10], zorder=0)
        yield


@zoo
def twins(figure):
    a = figure.subplots()
    b = a.twinx()
    b.plot([3, 1, 2], linewidth=9)
    yield
    for i in range(N_FRAMES):
        a.plot([i, 1, 2], linewidth=9)
        yield


@zoo
def insets(figure):
    axes = figure.subplots()
    axes.plot([0, 1], linewidth=9)
    inset = axes.inset_axes((0.2, 0.2, 0.5, 0.5))
    inset.plot([1, 0])
    yield
    for i in range(N_FRAMES):
        inset.plot([i, 1], color="C3")
        axes.plot([0.5, i], zorder=9)
        yield


@zoo
def images(figure):
    axes = figure.subplots()
    axes.contour(rng().uniform(size=(9, 9)))
    yield
    for i in range(N_FRAMES):
        axes.imshow(rng().uniform(size=(9, 9)), alpha=0.2 * (i + 1), interpolation="bilinear")
        figure.figimage(rng().uniform(size=(9, 9)), 10 * i, 20)
        yield


@zoo
def subfigures(figure):
    left, right = figure.subfigures(1, 2)
    left.set_facecolor("lightgrey")
    a, b = left.subplots(), right.subplots()
    b.plot([1, 2, 3])
    left.suptitle("left")
    figure.suptitle("both")
    yield
    for i in range(N_FRAMES):
        a.plot([0, i])
        left.text(0.5, 0.5, f"left {i}", fontsize=20)
        right.text(0.1 * i, 0.5, f"right {i}", fontsize=20)
        figure.text(0.4, 0.4, f"figure {i}", alpha=0.3, fontsize=40)
        yield


@zoo
def clipping(figure):
    axes = figure.subplots()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    circle = axes.add_patch(Circle((0.5, 0.5), 0.4, color="yellow"))
    yield
    for i in range(N_FRAMES):
        image = axes.imshow(rng().uniform(size=(4, 4)), extent=(0, 1, 0, 1), zorder=3)
        image.set_clip_path(circle)
        (line,) = axes.plot([0, 1], [0.1 * i, 1], linewidth=20, zorder=4)
        line.set_clip_path(circle)
        yield


@zoo
def effects(figure):
    axes = figure.subplots()
    axes.plot([0, 1], path_effects=[path_effects.withSimplePatchShadow()], linewidth=9)
    yield
    for i in range(N_FRAMES):
        shadow = path_effects.SimpleLineShadow((9, -9))
        axes.plot([0, i / 2], path_effects=[shadow, path_effects.Normal()], linewidth=9)
        axes.plot([1, i / 2])[0].set_sketch_params(5, 50, 5)
        axes.text(0.5, 0.5, "text", path_effects=[path_effects.withStroke(linewidth=5)])
        axes.annotate("end", (1, i / 2), (0.2, 0.8), arrowprops={"arrowstyle": "->"})
        yield


@zoo
def filters(figure):
    axes = figure.subplots()
    yield
    for i in range(N_FRAMES):
        (line,) = axes.plot([0, i], linewidth=9)
        line.set_agg_filter(lambda image, dpi: (image[::-1] * 0.5, 3, 4))
        line.set_rasterized(True)
        yield


@zoo
def best_legends(figure):
    a, b = figure.subplots(1, 2)
    a.legend(a.plot([0, 3, 0]), ["stays"])
    yield
    for i in range(N_FRAMES):
        a.plot([i, 2, 1])
        b.legend(b.plot([i, 2]), [f"of frame {i}"])
        yield


@zoo
def collections(figure):
    axes = figure.subplots()
    axes.pcolormesh(rng().uniform(size=(5, 5)), alpha=0.5, zorder=2.2)
    axes.quiver([1, 2], [1, 2], [1, 1], [1, 0])
    yield
    for i in range(N_FRAMES):
        axes.add_collection(LineCollection([[(0, i), (5, 5 - i)]], linewidths=9))
        axes.fill_between([0, 5], [i, i], [i + 1, 2], alpha=0.5, hatch="/")
        axes.contourf(rng().uniform(size=(9, 9)), alpha=0.5)
        axes.bar([1, 2], [i, 3])
        axes.table([["cell"]], loc="center")
        yield


@zoo
def transparent(figure):
    figure.set_facecolor((0, 0, 1, 0.3))
    axes = figure.subplots()
    axes.patch.set_alpha(0.5)
    yield
    for i in range(N_FRAMES):
        axes.plot([0, i], alpha=0.5, linewidth=9)
        yield


@zoo
def equal_aspect(figure):
    axes = figure.subplots()
    axes.set_aspect("equal")
    axes.set_axis_off()
    yield
    for i in range(N_FRAMES):
        axes.plot([0, 1, i], [0, 4, 1])
        yield


def surface_data():
    x, y = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1, 9))
    return x, y, x**2 - y


@zoo
def three_d(figure):
    axes = figure.add_subplot(projection="3d", computed_zorder=False)
    axes.plot_surface(*surface_data(), cmap="viridis", alpha=0.8)
    axes.set_title("title")
    yield
    for i in range(N_FRAMES):
        axes.plot([-1, 1], [-1, 1], [i, 1], linewidth=5, zorder=3)
        axes.scatter([0, i], [0, 1], [2, i], s=200, zorder=2, alpha=0.5)
        axes.plot_surface(*surface_data()[:2], 0 * surface_data()[2] + i, zorder=1, alpha=0.5)
        axes.text(i, 0, 0, "text")
        axes.text2D(0, 0.9, f"frame {i}", transform=axes.transAxes)
        yield


@zoo
def three_d_sorted(figure):
    flat = figure.add_subplot(1, 2, 1)
    axes = figure.add_subplot(1, 2, 2, projection="3d")
    axes.plot_surface(*surface_data())
    axes.bar3d([0], [0], [0], [0.5], [0.5], [1])
    flat.plot([0, 1])
    yield
    for i in range(N_FRAMES):
        axes.scatter([0, i], [0, 1], [2, i], s=200)
        axes.plot_surface(*surface_data()[:2], 0 * surface_data()[2] + i)
        flat.plot([i, 1])
        yield


@zoo
def three_d_lines_only(figure):
    axes = figure.add_subplot(projection="3d")
    axes.plot_surface(*surface_data())
    axes.set_axis_off()
    yield
    for i in range(N_FRAMES):
        axes.plot([-1, 1], [-1, 1], [i, 1], linewidth=5)
        yield


@zoo
def polar(figure):
    axes = figure.add_subplot(121, projection="polar")
    figure.add_subplot(122).plot([1, 2])
    yield
    for i in range(N_FRAMES):
        axes.plot([0, 1, i], [0, 2, 3])
        yield


@zoo
def constrained(figure):
    figure.set_layout_engine("constrained")
    a, b = figure.subplots(1, 2)
    a.set(xlabel="label", ylabel="label", ylim=(0, 1000))
    b.set_title("title")
    yield
    for i in range(N_FRAMES):
        a.plot([0, 100 * i])
        b.text(0, 0.5, f"inside {i}")
        yield


@zoo
def constrained_with_words(figure):
    figure.set_layout_engine("constrained")
    axes = figure.subplots()
    yield
    for i in range(N_FRAMES):
        axes.plot([0, 1])
        figure.text(0.5, 0.5, f"words {i}")
        yield


@drawn_whole
def constrained_by_a_frame(figure):
    figure.set_layout_engine("constrained")
    axes = figure.subplots()
    yield
    for i in range(N_FRAMES):
        axes.text(1, 1, "x" * (i + 1), fontsize=20)
        yield


@zoo
def tight(figure):
    figure.set_layout_engine("tight")
    axes = figure.subplots()
    yield
    for i in range(N_FRAMES):
        axes.plot([0, 100 * i])
        yield


@drawn_whole
def with_callback(figure):
    axes = figure.subplots()
    (line,) = axes.plot([0, 1], linewidth=9)
    figure.canvas.mpl_connect("draw_event", lambda event: line.set_color("red"))
    yield
    for i in range(N_FRAMES):
        axes.plot([0, i])
        yield


@drawn_whole
def composite_images(figure):
    figure.suppressComposite = False
    axes = figure.subplots()
    axes.imshow(rng().uniform(size=(4, 4)), alpha=0.5)
    yield
    for i in range(N_FRAMES):
        axes.imshow(rng().uniform(size=(3 + i, 4)), alpha=0.5)
        yield


@pytest.mark.parametrize("name", ZOO)
def test_every_frame_equals_a_full_redraw(name, drawn_by_matplotlib):
    film = film_of(ZOO[name])
    frames = list(film.frames(dpi=DPI))
    assert len(frames) == N_FRAMES
    np.testing.assert_array_equal(frames, drawn_by_matplotlib(film, dpi=DPI))


@pytest.mark.parametrize("name", ZOO)
def test_composed_where_it_can_be(name):
    film = film_of(ZOO[name])
    screen = Screen(film._fig, film._framedata, DPI)
    assert (screen._composition is None) == (name in SLOW)


@pytest.mark.parametrize("name", ["lines", "three_d", "constrained", "subfigures"])
def test_at_another_resolution(name, drawn_by_matplotlib):
    film = film_of(ZOO[name])
    np.testing.assert_array_equal(list(film.frames(dpi=73)), drawn_by_matplotlib(film, dpi=73))


@pytest.mark.parametrize(
    "name", ["lines", "three_d", "three_d_sorted", "subfigures", "best_legends"]
)
def test_a_part_at_a_time(name, drawn_by_matplotlib, monkeypatch):
    monkeypatch.setattr(renderer, "_AT_ONCE", 2)
    film = film_of(ZOO[name])
    np.testing.assert_array_equal(list(film.frames(dpi=DPI)), drawn_by_matplotlib(film, dpi=DPI))


@pytest.mark.parametrize("late", ["layout", "legend"])
def test_what_a_frame_that_is_drawn_later_changes(late, drawn_by_matplotlib, monkeypatch):
    monkeypatch.setattr(renderer, "_AT_ONCE", 1)
    figure = Figure(figsize=(4, 3), dpi=DPI)
    axes = figure.subplots()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    if late == "layout":
        figure.set_layout_engine("constrained")
        scenes = [lambda: axes.text(0.5, 0.5, "in"), lambda: axes.text(1, 0.5, "out" * 9)]
    else:
        axes.legend(axes.plot([0, 1], [0, 0.1]), ["best"])
        scenes = [
            lambda: axes.add_artist(Line2D([0], [0])),
            lambda: axes.plot([0.6, 1], [0.9, 0.9]),
        ]
    film = Camera(figure).shoot(scenes, fps=10)
    frames = list(film.frames(dpi=DPI))
    np.testing.assert_array_equal(frames, drawn_by_matplotlib(film, dpi=DPI))


# Functions that take private names of matplotlib's, and what cannot be filmed fast without them.
PRIVATE = {
    "children": "three_d",
    "figure_texts": "subfigures",
    "is_clipped": "constrained",
    "is_outside": "constrained_with_words",
    "axis_of": "three_d",
    "has_axis_3d": "three_d",
    "without_axis_3d": "three_d_sorted",
    "looks_for_a_place": "best_legends",
    "legend_offset": "best_legends",
    "pin_legend": "best_legends",
    "release_legend": "best_legends",
    "saving": "lines",
    "is_start_of_animation": "panels",
    "drawer": "lines",
    "set_drawer": "lines",
    "set_text_drawer": "lines",
    "font_files": "lines",
    "glyph_numbers": "lines",
}
OF_GLYPHS = {"set_text_drawer", "font_files", "glyph_numbers"}
OF_SNAPSHOTS = {"figure_texts"}
TAKEN_AWAY = {
    "missing": AttributeError("no such private name"),
    "raises": RuntimeError("does otherwise"),
}


def test_every_private_name_is_taken_away():
    assert set(PRIVATE) == {function.__name__ for function in mpl.PRIVATE}


@pytest.fixture
def take_away(monkeypatch):
    """Let a function of mpl.py raise an error, after some calls; give the list of its calls."""

    def take_away(name, error, calls_that_work=0):
        glyphs._is_exact.cache_clear()
        glyphs._is_exact()  # as it is found with all private names
        real, calls = getattr(mpl, name), []

        def taken_away(*arguments, **options):
            calls.append(name)
            if len(calls) > calls_that_work:
                raise error
            return real(*arguments, **options)

        monkeypatch.setattr(mpl, name, taken_away)
        return calls

    return take_away


@pytest.mark.parametrize("name", PRIVATE)
@pytest.mark.parametrize("how", TAKEN_AWAY)
@pytest.mark.parametrize("calls_that_work", [0, 1, 7])
def test_without_a_private_name_whole_figures_are_drawn(
    name, how, calls_that_work, drawn_by_matplotlib, take_away
):
    film = film_of(ZOO[PRIVATE[name]])
    expected = drawn_by_matplotlib(film, dpi=DPI)
    calls = take_away(name, TAKEN_AWAY[how], calls_that_work)
    if name in OF_SNAPSHOTS:
        film = film_of(ZOO[PRIVATE[name]])
    np.testing.assert_array_equal(list(film.frames(dpi=DPI)), expected)
    assert calls or (name in OF_GLYPHS and not HAS_GLYPHS)


@pytest.mark.parametrize("name", ["children", "figure_texts"])
def test_snapshots_are_taken_without_a_private_name(name, drawn_by_matplotlib, take_away):
    expected = list(film_of(ZOO["lines"]).frames(dpi=DPI))
    take_away(name, AttributeError("no such private name"))
    np.testing.assert_array_equal(list(film_of(ZOO["lines"]).frames(dpi=DPI)), expected)


@pytest.mark.parametrize("name", ["pin_legend", "children", "drawer"])
def test_what_is_shot_is_right_without_a_private_name(name, drawn_by_matplotlib, take_away):
    figure = Figure(figsize=(4, 3), dpi=DPI)
    axes = figure.subplots()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.legend(axes.plot([0, 1], [0, 0.1]), ["best"])
    scenes = [partial(axes.add_artist, Line2D([0], [i])) for i in range(3)]
    scenes.append(lambda: axes.plot([0.6, 1], [0.9, 0.9]))
    film = Camera(figure).shoot(scenes, fps=10)
    take_away(name, AttributeError("no such private name"))
    np.testing.assert_array_equal(list(film.frames(dpi=DPI)), drawn_by_matplotlib(film, dpi=DPI))


def private_names(path):
    """Private attributes that a module asks others than itself for, and private imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and re.fullmatch(r"_[a-z]\w*[^_]", node.attr):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if owner not in {"self", "cls", "os"}:
                yield f"{path.name}:{node.lineno} {node.attr}"
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{path.name} {a.name}" for a in node.names if re.match("_[a-z]", a.name))
        elif isinstance(node, ast.Constant) and re.fullmatch("_[a-z]+", str(node.value)):
            yield f"{path.name}:{node.lineno} {node.value!r}"


def test_private_names_are_asked_for_in_one_module():
    folder = Path(gdviz.film.__file__).parent
    found = {path: list(private_names(path)) for path in sorted(folder.rglob("*.py"))}
    assert len(found.pop(Path(mpl.__file__))) >= len(PRIVATE)
    assert not [name for names in found.values() for name in names]


def test_what_an_artist_lacks_is_said(drawn_by_matplotlib):
    film = film_of(ZOO["lines"])
    (line, *_) = film._framedata[1]
    line.draw = lambda renderer: line.get_visible() and renderer.nonsense
    frames = film.frames(dpi=DPI)
    next(frames)
    with pytest.raises(AttributeError, match="nonsense"):
        next(frames)


def test_the_figure_may_be_drawn_between_frames(drawn_by_matplotlib):
    film = film_of(three_d)
    expected = drawn_by_matplotlib(film, dpi=DPI)
    for frame, other in zip(film.frames(dpi=DPI), film.frames(dpi=DPI), strict=True):
        film._fig.savefig(BytesIO())
        np.testing.assert_array_equal(frame, other)
        np.testing.assert_array_equal(frame, expected.pop(0))


def test_blitting_changes_nothing():
    figure = Figure(figsize=(2, 2))
    axes = figure.subplots()
    camera = Camera(figure)
    for i in range(3):
        axes.plot([0, i])
        camera.snap()
    plain = list(camera.animate().frames(dpi=DPI))
    np.testing.assert_array_equal(plain, list(camera.animate(blit=True).frames(dpi=DPI)))
    # As a window that blits leaves them.
    for artist in axes.lines:
        artist.set(animated=True, visible=False)
    np.testing.assert_array_equal(plain, list(camera.animate().frames(dpi=DPI)))
    assert artist.get_animated()


@pytest.mark.parametrize("n_frames", [10, 40])
def test_each_artist_is_worked_out_once(n_frames, monkeypatch):
    figure = Figure(figsize=(2, 2))
    axes = figure.subplots()
    camera = Camera(figure)
    for i in range(n_frames):
        axes.plot([0, i], gid="moves")
        camera.snap()
    drawn, draw = [], Line2D.draw
    monkeypatch.setattr(
        Line2D, "draw", lambda line, r: (drawn.append(line.get_gid()), draw(line, r))
    )
    list(camera.animate().frames(dpi=DPI))
    # The first frame once more, for the check against a drawing of the whole figure.
    assert drawn.count("moves") == n_frames + 1


numbers = st.floats(0, 1, width=16)
looks = st.fixed_dictionaries(
    {
        "alpha": numbers,
        "zorder": st.sampled_from([-1, 0, 1, 2, 2.5, 3, 6]),
        "clip_on": st.booleans(),
    }
)
artists = st.tuples(
    st.sampled_from(["line", "scatter", "patch", "image", "text"]),
    st.tuples(numbers, numbers, numbers, numbers),
    looks,
    st.sampled_from([0, 1]),
)


def add(figure, artist):
    """Add a random artist to one of the two axes of `figure`."""
    kind, (a, b, c, d), look, which = artist
    axes = figure.axes[which]
    if kind == "line":
        axes.plot([a, b], [c, d], linewidth=8, **look)
    elif kind == "scatter":
        axes.scatter([a, b], [c, d], s=300, **look)
    elif kind == "patch":
        axes.add_patch(Rectangle((a, b), c, d, **look))
    elif kind == "image":
        axes.imshow([[a, b], [c, d]], extent=(0, 0.7, 0, 0.7), aspect="auto", **look)
    else:
        axes.text(a, b, "text", fontsize=30, **look)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(artists, max_size=4), st.lists(st.lists(artists, max_size=3), min_size=1, max_size=3)
)
def test_random_figures(drawn_by_matplotlib, backdrop, frames):
    figure = Figure(figsize=(2, 1), dpi=DPI)
    for axes in figure.subplots(1, 2):
        axes.set(xlim=(0, 1), ylim=(0, 1))
    for artist in backdrop:
        add(figure, artist)
    camera = Camera(figure)
    for shown in frames[:4]:
        for artist in shown:
            add(figure, artist)
        camera.snap()
    film = camera.animate()
    composed = list(film.frames(dpi=DPI))
    np.testing.assert_array_equal(composed, drawn_by_matplotlib(film, dpi=DPI))


def test_what_was_shown_is_forgotten(monkeypatch):
    monkeypatch.setattr("gdviz.film.compositing.renderer._AT_ONCE", 3)
    figure = Figure(figsize=(2, 2))
    axes = figure.subplots()
    camera = Camera(figure)
    for i in range(12):
        axes.plot([0, i])
        camera.snap()
    kept = [
        sum(isinstance(one, Recording) for one in gc.get_objects())
        for _ in camera.animate().frames(dpi=DPI)
    ]
    assert kept == kept[:1] * 12
