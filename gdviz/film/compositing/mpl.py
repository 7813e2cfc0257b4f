"""matplotlib's private names: every one that a film touches, each in a small function of its own.

They serve shortcuts only. Where one is missing or raises, the :class:`~.renderer.Screen` draws the
whole figure for every frame instead, by public names, which is slow and right. So call them by way
of this module, ``mpl.clip(…)``: the tests take them away one by one.

Not private, but in one place with them: the lists on a figure, its subfigures and its axes that
hold what is drawn. matplotlib has no public way to ask what was added to an axes lately, or to take
artists off for a moment and put them back.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from matplotlib.animation import Animation
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.font_manager import fontManager

__all__ = ["PRIVATE", "all_axes", "all_figures", "attributes", "layers", "lists", "titles"]

STALE = "_stale"  # whether an artist was changed since it was drawn

_FIGURE_LISTS = ("patches", "lines", "texts", "artists", "images", "legends")
_AXES_LISTS = ("artists", "collections", "images", "lines", "patches", "tables", "texts")


# Artists


def children(axes: Any) -> list[Artist]:
    """Axes -> the list of what was added to it, itself.

    The public ax.lines, ax.texts … are filtered copies: to read them for each frame would make a
    film of n frames cost n².
    """
    return axes._children  # type: ignore[no-any-return]


def figure_texts(figure: FigureBase) -> list[Artist | None]:
    """Figure -> its title and its labels, of which it has one each."""
    return [getattr(figure, name) for name in ("_suptitle", "_supxlabel", "_supylabel")]


def is_clipped(artist: Any) -> bool:
    """Whether an artist cannot be seen outside of its axes."""
    return bool(artist._fully_clipped_to_axes())


def is_outside(artist: Any) -> bool:
    """Whether a legend stands beside the axes and makes the layout leave room for it."""
    return bool(getattr(artist, "_outside_loc", None))


def axis_of(axes: Any) -> Collection[Any]:
    """Axes -> its x-axis, y-axis and z-axis, if it has one."""
    return axes._axis_map.values()  # type: ignore[no-any-return]


def has_axis_3d(axes: Any) -> bool:
    """Whether 3-D axes draw their panes, grids and axis."""
    return bool(axes._axis3don)


def without_axis_3d(axes: Any) -> AbstractContextManager[None]:
    """Keep 3-D axes from drawing their panes, grids and axis."""
    return attributes(axes, _axis3don=False)


# Legends


def looks_for_a_place(legend: Any) -> bool:
    """Whether a legend stands where the least is hidden by it."""
    return bool(legend._get_loc() == 0)


def legend_offset(legend: Any, renderer: Any) -> tuple[float, float]:
    """Legend -> its offset in pixels; one that looks for a place finds it."""
    box = legend._legend_box
    x, y = box.get_offset(box.get_bbox(renderer), renderer)
    return float(x), float(y)


def pin_legend(legend: Any, offset: tuple[float, float]) -> None:
    """Let a legend stay at an offset in pixels."""
    legend._legend_box.set_offset(offset)


def release_legend(legend: Any) -> None:
    """Let a legend stand where it would."""
    legend._legend_box.set_offset(legend._findoffset)


# Canvas and renderer


def saving(canvas: Any) -> AbstractContextManager[None]:
    """Let a canvas say that it is being saved, as what draws may ask."""
    return attributes(canvas, _is_saving=True)


def is_start_of_animation(callback: Any) -> bool:
    """Whether a callback of a figure is what an animation waits with for the first drawing."""
    return getattr(callback, "__func__", callback) is Animation._start  # type: ignore[attr-defined]


def drawer(renderer: Any) -> Any:
    """Renderer -> the C++ object that draws for it."""
    return renderer._renderer


def set_drawer(renderer: Any, drawer: Any) -> None:
    """Let another object draw for a renderer, which calls some of its methods directly."""
    renderer._renderer = drawer
    renderer._update_methods()


def set_text_drawer(renderer: Any, drawer: Any) -> None:
    """Let another object draw the texts of a renderer."""
    renderer._renderer = drawer


def font_files(prop: Any) -> Sequence[Any]:
    """Properties of a font -> the files in which its glyphs are looked for."""
    return fontManager._find_fonts_by_props(prop)


def glyph_numbers(renderer: Any, prop: Any, text: str, flags: Any) -> list[int]:
    """Text -> the numbers of the glyphs that a font has for it."""
    return [item.glyph_index for item in renderer._prepare_font(prop)._layout(text, flags=flags)]


PRIVATE: tuple[Callable[..., Any], ...] = (
    children,
    figure_texts,
    is_clipped,
    is_outside,
    axis_of,
    has_axis_3d,
    without_axis_3d,
    looks_for_a_place,
    legend_offset,
    pin_legend,
    release_legend,
    saving,
    is_start_of_animation,
    drawer,
    set_drawer,
    set_text_drawer,
    font_files,
    glyph_numbers,
)


# What stands on these


@contextmanager
def attributes(owner: Any, **values: Any) -> Iterator[None]:
    """Set attributes for the time of the block."""
    before = {name: getattr(owner, name) for name in values}
    try:
        for name, value in values.items():
            setattr(owner, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(owner, name, value)


def lists(figure: Figure) -> Iterator[list[Artist]]:
    """Yield every list of artists under `figure`: the lists themselves, axes first, not copies."""
    for axes in all_axes(figure):
        yield children(axes)
    yield from _lists_of_figures(figure)


def layers(figure: Figure) -> Iterator[list[Artist]]:
    """Yield every list of artists under `figure`, in each the last at the end; perhaps copies."""
    for axes in all_axes(figure):
        try:
            yield children(axes)
        except Exception:  # whatever a private name does that is not what it was
            yield from (list(getattr(axes, name)) for name in _AXES_LISTS)
    yield from _lists_of_figures(figure)


def _lists_of_figures(figure: Figure) -> Iterator[list[Artist]]:
    for part in all_figures(figure):
        for name in _FIGURE_LISTS:
            yield getattr(part, name)


def all_axes(figure: Figure) -> Iterator[Axes]:
    """Yield the axes of `figure` and of its subfigures, each followed by the axes inside it."""
    for axes in figure.axes:
        yield from _with_insets(axes)


def _with_insets(axes: Any) -> Iterator[Axes]:
    yield axes
    for inset in axes.child_axes:
        yield from _with_insets(inset)


def all_figures(figure: FigureBase) -> Iterator[FigureBase]:
    """Yield `figure` and its subfigures, and theirs."""
    yield figure
    for part in figure.subfigs:
        yield from all_figures(part)


def titles(figure: Figure) -> set[Artist]:
    """Texts that a figure has one of and changes in place: they never belong to a single frame.

    None where they cannot be told from other texts.
    """
    try:
        found = [text for part in all_figures(figure) for text in figure_texts(part)]
    except Exception:  # whatever a private name does that is not what it was
        return set()
    return {text for text in found if text is not None}
