import matplotlib as mpl
import numpy as np
import pytest
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont

from gdviz.film.compositing import glyphs as module
from gdviz.film.compositing.glyphs import Canvas, _is_exact

HAS_GLYPHS = mpl.__version_info__ >= (3, 11)
of_glyphs = pytest.mark.skipif(not HAS_GLYPHS, reason="a text is one picture before 3.11")

# Fonts that come with matplotlib, two of them old style; cmr10 lacks signs and borrows them.
FAMILIES = ["DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono", "STIXGeneral", "cmr10"]
WORDS = st.sampled_from(["", "epoch ", "cost ", "AV To ", "arrived at x"])
NUMBERS = st.text("0123456789.,−", min_size=1, max_size=9)
FONTS = st.builds(
    FontProperties,
    family=st.sampled_from(FAMILIES).map(lambda family: [family, "DejaVu Sans"]),
    style=st.sampled_from(["normal", "italic"]),
    size=st.sampled_from([7, 8.5, 10, 11.37, 20]),
)
SIZE = (240, 60, 100)


@pytest.fixture(scope="module")
def canvas():
    return module.canvas(*SIZE)


def drawn(renderer, x, y, text, font, *, antialiased=True):
    """Pixels of a text."""
    renderer.clear()
    gc = renderer.new_gc()
    gc.set_foreground((0.2, 0.3, 0.4))
    gc.set_antialiased(antialiased)
    renderer.draw_text(gc, x, y, text, font, 0.0)
    return np.asarray(renderer.buffer_rgba()).copy()


def test_it_is_ours_where_matplotlib_draws_glyph_by_glyph(canvas):
    assert type(canvas) is (Canvas if HAS_GLYPHS else RendererAgg)


@pytest.mark.parametrize(
    "broken",
    [
        lambda *_: (_ for _ in ()).throw(AttributeError("no such private name")),
        lambda one_argument: None,
        lambda *_: [],
    ],
    ids=["missing", "other arguments", "other results"],
)
def test_it_is_matplotlibs_where_ours_would_not_draw_the_same(broken, monkeypatch):
    monkeypatch.setattr(Canvas, "_drawn", broken)
    monkeypatch.setattr(Canvas, "_glyphs", lambda *_: [])
    _is_exact.cache_clear()
    try:
        assert type(module.canvas(*SIZE)) is RendererAgg
    finally:
        _is_exact.cache_clear()


@given(
    words=WORDS,
    number=NUMBERS,
    font=FONTS,
    x=st.floats(0, 90),
    y=st.floats(20, 50),
    hinting=st.sampled_from(["default", "none", "force_autohint"]),
    antialiased=st.booleans(),
)
def test_a_text_is_drawn_and_measured_as_matplotlib_does(
    canvas, words, number, font, x, y, hinting, antialiased
):
    text = words + number
    matplotlibs = RendererAgg(*SIZE)
    with mpl.rc_context({"text.hinting": hinting}):
        sizes = [r.get_text_width_height_descent(text, font, False) for r in (matplotlibs, canvas)]
        ours, theirs = (
            drawn(renderer, x, y, text, font, antialiased=antialiased)
            for renderer in (canvas, matplotlibs)
        )
    assert sizes[0] == sizes[1]
    assert (ours == theirs).all()
    assert (ours[..., 3] > 0).any() or not antialiased


@pytest.mark.parametrize("angle", [0.0, 30.0])
@pytest.mark.parametrize("text", ["", "1e−05", "x0", "$4^2$", "1,250 m", "Größe 12", " 1", "fi 2"])
def test_other_texts_are_drawn_as_matplotlib_does(canvas, text, angle):
    font = FontProperties(size=12)
    ismath = "$" in text
    matplotlibs = RendererAgg(*SIZE)
    for renderer in (canvas, matplotlibs):
        renderer.clear()
        renderer.draw_text(renderer.new_gc(), 5, 40, text, font, angle, ismath)
    assert (np.asarray(canvas.buffer_rgba()) == np.asarray(matplotlibs.buffer_rgba())).all()
    assert canvas.get_text_width_height_descent(
        text, font, ismath
    ) == matplotlibs.get_text_width_height_descent(text, font, ismath)


@of_glyphs
@pytest.mark.parametrize("text", ["left", "arrived at x", "fjord"])
def test_words_are_rounded_as_matplotlib_does_between_two_pixels(canvas, text):
    font = FontProperties(size=9.5)
    for half in range(1, 128, 2):
        x = 3 + half / 128
        ours, theirs = (drawn(r, x, 40 - x / 9, text, font) for r in (canvas, RendererAgg(*SIZE)))
        assert (ours == theirs).all()


@of_glyphs
def test_words_whose_letters_overlap_are_drawn_in_their_order(canvas):
    for size in np.arange(5, 9, 0.1):
        font = FontProperties(size=size, style="italic")
        text = "mean squared error, fjord ffkfj WAVAWA"
        ours, theirs = (drawn(r, 3.3, 40, text, font) for r in (canvas, RendererAgg(*SIZE)))
        assert (ours == theirs).all()


@of_glyphs
def test_pictures_of_texts_that_never_return_are_not_kept_for_ever(canvas, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 5)
    font = FontProperties(size=12.25)
    for i in range(20):
        ours, theirs = (drawn(r, 5, 40, f"run {i} x", font) for r in (canvas, RendererAgg(*SIZE)))
        assert (ours == theirs).all()
        canvas.get_text_width_height_descent(f"run {i} x", font, False)
        known = canvas._known_of(font)
        assert max(len(known.pictures), len(known.sizes)) <= 5


@pytest.mark.parametrize(
    ("look", "settings"),
    [
        ({"antialiased": False}, {}),
        pytest.param({"fontfeatures": ["-kern"]}, {}, marks=of_glyphs),
        ({"rotation": 90}, {}),
        ({"fontsize": 21}, {}),
        ({"family": "DejaVu Serif"}, {}),
        ({}, {"text.hinting": "none"}),
    ],
)
def test_a_text_that_looks_otherwise_is_drawn_anew(canvas, look, settings):
    matplotlibs = RendererAgg(*SIZE)
    pictures = []
    for changed_look, changed_settings in (({}, {}), (look, settings)):
        with mpl.rc_context(changed_settings):
            pair = [pixels(renderer, **changed_look) for renderer in (canvas, matplotlibs)]
        assert (pair[0] == pair[1]).all()
        pictures.append(pair[0])
    assert (pictures[0] != pictures[1]).any()


def pixels(renderer, **look):
    """Pixels of a text of a figure, always in the same place."""
    width, height, dpi = SIZE
    figure = Figure(figsize=(width / dpi, height / dpi), dpi=dpi)
    text = figure.text(0.1, 0.2, "AV To 1,115", **{"fontsize": 20} | look)
    renderer.clear()
    text.draw(renderer)
    return np.asarray(renderer.buffer_rgba()).copy()


@of_glyphs
@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("feature calt { sub one one' by two; } calt;", "1,115"),
        ("feature liga { sub period period by ellipsis; } liga;", "1..5"),
    ],
)
def test_signs_that_a_font_joins_stay_together(canvas, tmp_path, rule, text):
    file = TTFont(findfont("DejaVu Sans"))
    plain = drawn(canvas, 5, 40, text, FontProperties(fname=findfont("DejaVu Sans"), size=14))
    addOpenTypeFeaturesFromString(file, rule)
    file.save(tmp_path / "joining.ttf")
    font = FontProperties(fname=tmp_path / "joining.ttf", size=14)
    ours, theirs = (drawn(r, 5, 40, text, font) for r in (canvas, RendererAgg(*SIZE)))
    assert (ours == theirs).all()
    assert (ours != plain).any()


@of_glyphs
def test_a_font_that_cannot_be_drawn_leaves_the_canvas_usable(canvas, monkeypatch):
    def fail(*args):
        raise RuntimeError("no glyph")

    font = FontProperties(size=13)
    with monkeypatch.context() as broken:
        broken.setattr(RendererAgg, "_draw_text_glyphs_and_boxes", fail)
        with pytest.raises(RuntimeError, match="no glyph"):
            drawn(canvas, 5, 40, "12", font)
    assert drawn(canvas, 5, 40, "12", font).any()
