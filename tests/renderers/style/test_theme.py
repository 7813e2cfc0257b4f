"""How names and numbers are written, and that the look stays in the picture."""

import logging
import warnings
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.core.text import plain
from gdviz.renderers import KINDS, RENDERERS, parameters
from gdviz.renderers.style import fonts
from gdviz.renderers.style.fonts import fitting, weight_of, written
from gdviz.renderers.style.theme import BLUE, GREY, INK, Compact, look
from gdviz.views.numbers import compact

from ...conftest import X, held, settings, texts

ODD = [
    "$x_1$",
    "a_b",
    "x^2",
    "back\\slash",
    "<b>",
    "_leading",
    "100 %",
    "$",
    "\\frac{1}{2}",
    "#%&{}~",
]
CJK = ["面积", "築年数", "면적"]

NAMED = [name for name, kind in KINDS.items() if kind.names]


@pytest.fixture
def no_cjk_font(monkeypatch):
    """A machine on which no font has Chinese, Japanese or Korean characters."""
    monkeypatch.setattr(fonts, "installed_cjk", lambda: ())
    written.cache_clear()
    fonts._say_what_is_missing.cache_clear()
    yield
    written.cache_clear()
    fonts._say_what_is_missing.cache_clear()


def named(*names):
    return held(names=names[:2], target=names[-1])


@pytest.mark.parametrize("kind", NAMED)
@pytest.mark.parametrize("names", [*zip(ODD[::2], ODD[1::2], strict=True)])
def test_names_are_shown_as_written(kind, names):
    figure = RENDERERS[kind](named(*names, "y")).still()
    figure.draw_without_rendering()
    for name in names:
        assert any(text.endswith(name) for text in texts(figure))
    assert not any(t.get_parse_math() for t in figure.findobj(mpl.text.Text) if t.get_text())


@pytest.mark.parametrize("kind", ["plane", "contour", "surface"])
def test_a_refusal_writes_control_characters_out(kind):
    names = ["a\x1b[31m", "b\nb", "c"]
    history = held(X[:, [0, 1, 0]], names=names, learning_rate="auto")
    with pytest.raises(ValueError, match=r"a\\(x|u00)1b\[31m.*b\\nb"):
        RENDERERS[kind](history).still()


@pytest.mark.parametrize("kind", NAMED)
def test_chinese_japanese_and_korean_names_are_drawn_without_a_word(kind, caplog):
    if not fonts.installed_cjk():
        pytest.skip("no CJK font here")
    figure = RENDERERS[kind](named("面积", "築年数", "면적")).still()
    with caplog.at_level(logging.WARNING):
        figure.savefig(BytesIO(), format="png")  # a glyph that is missing would warn
    assert not caplog.records
    assert any("面积" in text for text in texts(figure))


@pytest.mark.parametrize("kind", RENDERERS)
def test_without_a_font_one_warning_names_a_package(kind, no_cjk_font):
    history = named(*CJK)
    said = "no installed font has 面积築年数면적, so .* fonts-wqy-microhei"
    with pytest.warns(fonts.MissingFontWarning, match=said) as told:
        film = RENDERERS[kind](history).film(frames=3)
    assert len(told) == 1
    list(film.frames())
    scene = RENDERERS[kind](history)
    shown = texts(scene.still())
    assert any("□□" in text for text in shown)
    assert not any(char in text for text in shown for char in "".join(CJK))


@pytest.fixture
def asked_anew():
    """What is known of the fonts of this machine is forgotten, before and after."""
    fonts.installed_cjk.cache_clear()
    yield
    fonts.installed_cjk.cache_clear()


def test_the_named_font_comes_first_whatever_else_is_installed(asked_anew, monkeypatch):
    families = ["Noto Sans CJK JP", "Arial", "Noto Sans CJK SC", "WenQuanYi Micro Hei"]
    monkeypatch.setattr(fonts.font_manager, "get_font_names", lambda: families)
    assert fonts.installed_cjk() == (
        "WenQuanYi Micro Hei",
        "Noto Sans CJK SC",
        "Noto Sans CJK JP",
    )


def test_a_named_font_that_was_installed_since_is_found(asked_anew, monkeypatch):
    families, added = ["Noto Sans CJK SC"], []

    def add(path):
        added.append(path)
        families.append("WenQuanYi Micro Hei")

    known = fonts.font_manager.fontManager.ttflist[0].fname
    monkeypatch.setattr(fonts.font_manager, "get_font_names", lambda: families)
    monkeypatch.setattr(fonts.font_manager, "findSystemFonts", lambda: [known, "new.ttc"])
    monkeypatch.setattr(fonts, "_add_font", add)
    assert fonts.installed_cjk() == ("WenQuanYi Micro Hei", "Noto Sans CJK SC")
    assert added == ["new.ttc"]


def test_a_second_font_changes_no_byte(tmp_path, monkeypatch):
    first, *others = fonts.installed_cjk() or (None,)
    if not others:
        pytest.skip("needs two CJK fonts")
    for name, families in (("both", (first, *others)), ("one", (first,))):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(fonts, "installed_cjk", lambda families=families: families)
        written.cache_clear()
        parameters(named(*CJK)).save(tmp_path / name / "film.png", frames=2, dpi=60)
    both, one = ((tmp_path / name / "film.png").read_bytes() for name in ("both", "one"))
    assert both == one


def contrast(color, ground):
    """Contrast of two colours as WCAG 2.1 has it: 1 to 21."""
    lighter, darker = sorted((_luminance(c) for c in (color, ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color):
    parts = np.array(mpl.colors.to_rgb(color))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("color", [GREY, INK, BLUE])
@pytest.mark.parametrize("ground", ["white", (0.96, 0.965, 0.97)])
def test_text_stands_out_from_its_ground(color, ground):
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast(color, ground) >= 4.5
    with look(10):
        assert contrast(mpl.rcParams["xtick.labelcolor"], ground) >= 4.5


@pytest.mark.parametrize("char", ["🦩", "𐤀"])
def test_other_characters_need_another_font(char):
    if fonts._drawable(char):
        pytest.skip("there is a font here")
    fonts._say_what_is_missing.cache_clear()
    with pytest.warns(fonts.MissingFontWarning) as told, look(10, [f"x {char}"]):
        pass
    assert str(told[0].message) == (
        f"no installed font has {char}, so □ stands for them; install a font that has them"
    )


def test_what_a_name_has_of_line_breaks_becomes_spaces():
    assert written(" a\n b\tc ") == "a b c"


def test_a_square_that_the_name_has_is_no_missing_character():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert written("□ floor") == "□ floor"


@pytest.mark.parametrize("kind", NAMED)
@pytest.mark.parametrize("names", [("long_" * 12, "gnol_" * 12), ("面积" * 30, "房龄" * 30)])
def test_a_long_name_is_cut_and_stays_in_the_picture(kind, names):
    if not fonts.installed_cjk():
        pytest.skip("no CJK font here")
    figure = RENDERERS[kind](named(*names, "target" * 10)).still()
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    long = [t for t in figure.findobj(mpl.text.Text) if "…" in t.get_text()]
    assert len(long) >= 2
    for text in long:
        box = text.get_window_extent(renderer)
        assert box.x0 >= -1
        assert box.y0 >= -1
        assert box.x1 <= figure.bbox.width + 1
        assert box.y1 <= figure.bbox.height + 1


letters = st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=80)


@given(letters, st.floats(0, 500))
def test_a_text_that_fits_is_kept_and_another_keeps_both_ends(text, room):
    cut = fitting(text, room)
    assert len(cut) <= len(text)
    head, *tail = cut.split("…")
    assert text.startswith(head)
    assert cut == text or text.endswith(*tail)


@given(letters)
def test_a_cut_text_is_no_wider_than_its_room(text):
    assert len(text) < 2 or fonts.width_of(fitting(text, 60)) <= 60


@pytest.mark.parametrize(
    ("name", "room", "drawn"),
    [
        ("area", 200, "weight of area"),
        ("area", 40, "area"),
        ("area" * 30, 250, "weight of areaar"),
        ("area" * 30, 90, "areaar"),
    ],
)
def test_of_a_weights_title_only_the_name_is_cut(name, room, drawn):
    with look(10):
        title = weight_of(name, room)
        assert title.startswith(drawn)
        assert fonts.width_of(title) <= room


@pytest.mark.parametrize(
    ("value", "drawn"),
    [
        (0, "0"),
        (-0.0, "0"),
        (-1500, "−1.5k"),
        (2e6, "2M"),
        (283280787.0, "283.3M"),
        (1e-9, "1e-09"),
        (1e18, "1e+18"),
        (0.1, "0.1"),
        (1000, "1k"),
    ],
)
def test_a_tick_has_few_characters(value, drawn):
    assert compact(value) == drawn


@given(st.integers(-(10**7), 10**7), st.sampled_from([1, 1.5, 2, 2.5, 3, 5]), st.integers(-9, 18))
def test_ticks_say_their_value_however_narrow_their_range(first, step, power):
    values = [(first + i) * step * 10.0**power for i in range(5)]
    for label, value in zip(Compact().format_ticks(values), values, strict=True):
        number = label.replace("−", "-")
        scale = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}.get(number[-1], 1)
        read = float(number.rstrip("kMGT")) * scale
        assert abs(read - value) <= 0.06 * step * 10.0**power


def test_no_ticks_have_no_labels():
    assert Compact().format_ticks([]) == []


@pytest.mark.parametrize(
    ("value", "drawn"),
    [(0, "0"), (2501.5, "2,501.5"), (-6.7592288, "−6.75923"), (3112049570, "3,112,049,570")],
)
def test_a_value_has_six_digits(value, drawn):
    assert plain(value) == drawn


def test_text_is_a_fixed_share_of_the_picture():
    with look(10):
        small = mpl.rcParams["font.size"], mpl.rcParams["lines.linewidth"]
    with look(20):
        large = mpl.rcParams["font.size"], mpl.rcParams["lines.linewidth"]
    assert large == pytest.approx([2 * value for value in small])


def test_the_look_does_not_leak_out(tmp_path):
    before = settings()
    scene = parameters(held())
    scene.film(frames=2)
    scene.still()
    scene.save(tmp_path / "film.gif", frames=2)
    assert settings() == before


def test_threads_that_draw_at_the_same_time_do_not_mix_their_settings():
    before, history = settings(), held()
    scenes = [RENDERERS[kind](history) for kind in [*RENDERERS] * 2]

    def drawn(scene):
        return [frame.tobytes() for frame in scene.film(frames=2).frames(50)]

    alone = [drawn(scene) for scene in scenes]
    with ThreadPoolExecutor(len(scenes)) as threads:
        together = [*threads.map(drawn, scenes)]
    assert together == alone
    assert settings() == before


def test_the_look_does_not_leak_out_after_an_error():
    before = settings()
    with pytest.raises(ZeroDivisionError), look(10):
        1 / 0  # noqa: B018
    assert settings() == before


LOUD = {
    "axes.grid": True,
    "font.size": 30,
    "font.family": ["serif"],
    "lines.linewidth": 9,
    "lines.marker": "x",
    "axes.unicode_minus": False,
    "path.sketch": (3, 10, 10),
    "axes.spines.top": True,
    "xtick.labelsize": 20,
    "image.cmap": "hot",
    "axes3d.grid": False,
    "figure.dpi": 30,
    "savefig.dpi": 30,
    "text.parse_math": True,
}


@pytest.mark.parametrize("kind", RENDERERS)
def test_the_users_own_style_does_not_leak_in(kind):
    with mpl.rc_context():
        mpl.rcdefaults()
        expected = [*RENDERERS[kind](held()).film(frames=2).frames(50)]
    with mpl.style.context(["dark_background", LOUD]):
        drawn = [*RENDERERS[kind](held()).film(frames=2).frames(50)]
    assert all((a == b).all() for a, b in zip(drawn, expected, strict=True))


def test_settings_that_are_asked_for_while_drawing_do_not_leak_in(tmp_path):
    loud = {"savefig.facecolor": "black", "axes.autolimit_mode": "round_numbers"}
    scene = parameters(held())
    scene.save(tmp_path / "plain.png", frames=2, dpi=50)
    with mpl.rc_context(loud | {"path.snap": False, "text.hinting": "none"}):
        scene.save(tmp_path / "loud.png", frames=2, dpi=50)
    assert (tmp_path / "loud.png").read_bytes() == (tmp_path / "plain.png").read_bytes()
