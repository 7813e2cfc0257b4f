import io

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from gdviz.film.camera import Camera
from gdviz.renderers.stage.row import Row, Word

BOLD = FontProperties(weight="bold", size=12)
WORDS = [
    Word("epoch 1,250", 0.031, 0.613, BOLD, "#30363d"),
    Word("75.635", 0.713, 0.613, BOLD, "#d55e00", right=True),
    Word("Größe · R²", 0.97, 0.21, FontProperties(size=9), "#646c74", right=True),
]


def drawn(put):
    """Pixels of a figure that `put` draws on."""
    figure = Figure((3, 0.7))
    canvas = FigureCanvasAgg(figure)
    put(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).copy()


def write(figure):
    for word in WORDS:
        side = "right" if word.right else "left"
        figure.text(word.x, word.y, word.text, font=word.font, color=word.color, ha=side)


def test_it_is_drawn_as_texts_are():
    row = drawn(lambda figure: figure.add_artist(Row(WORDS)))
    assert (row == drawn(write)).all()
    assert (row != 255).any()


def test_who_looks_for_texts_finds_them_where_they_are_drawn():
    figure = Figure((3, 0.7))
    row = figure.add_artist(Row(WORDS))
    found = [text for text in figure.findobj(Text) if text.get_text()]
    assert [text.get_text() for text in found] == [word.text for word in WORDS]
    box = row.get_window_extent()
    assert (box.x0, box.x1) == pytest.approx((0.031 * 300, 0.97 * 300), abs=2)


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_every_format_has_it(suffix):
    sizes = []
    for put in (lambda figure: None, lambda figure: figure.add_artist(Row(WORDS))):
        figure, file = Figure((3, 0.7)), io.BytesIO()
        put(figure)
        figure.savefig(file, format=suffix)
        sizes.append(len(file.getvalue()))
    assert sizes[1] > 1.2 * sizes[0]


def test_a_film_of_rows_is_exact():
    figure = Figure((3, 0.7))
    FigureCanvasAgg(figure)
    camera, wanted = Camera(figure), []
    for number in ("1", "1,250", "0.5"):
        word = WORDS[1]._replace(text=number)
        figure.add_artist(Row([word]))
        camera.snap()
        wanted.append(drawn(lambda figure, word=word: figure.add_artist(Row([word]))))
    for frame, whole in zip(camera.animate(fps=10).frames(), wanted, strict=True):
        assert (frame == whole).all()
