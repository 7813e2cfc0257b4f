"""The contenders: functions that film one of the article's pictures and save it as a GIF.

Each takes the name of a picture, its epochs and a path, and returns a function that says what its
raw frames were. What is measured is all of it but the imports: fitting, setting up the figure,
drawing, encoding.
"""

import celluloid
import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from pictures import LEVELS, PICTURES, data
from PIL import Image

import gdviz
from gdviz.film.encoding.formats import FORMATS
from gdviz.renderers import contour, parameters, plane, surface

FPS = 10
SPAN = ((-15, 5), (-15, 5))


def celluloid_as_in_the_article(name, epochs, path):
    """The backdrop and a line for each residual, all drawn again for every frame."""
    return _celluloid(PICTURES[name][0](epochs, tidy=False), path)


def celluloid_tidy(name, epochs, path):
    """The same with the residuals as one artist."""
    return _celluloid(PICTURES[name][0](epochs, tidy=True), path)


def _celluloid(picture, path):
    camera = celluloid.Camera(picture.set_up())
    for epoch in picture.epochs:
        # What is drawn before the first snapshot is in the first frame only.
        picture.backdrop()
        picture.frame(epoch)
        camera.snap()
    return _saved(camera.animate(), path)


def func_animation(name, epochs, path):
    """matplotlib alone: the backdrop once, and artists that move by set_data."""
    picture = PICTURES[name][0](epochs, tidy=True)
    figure = picture.set_up()
    picture.backdrop()
    picture.frame(epochs[0])
    animation = FuncAnimation(figure, picture.update, list(epochs), init_func=lambda: None)
    return _saved(animation, path)


def _saved(animation, path):
    writer = PillowWriter(fps=FPS)
    animation.save(path, writer=writer)
    return lambda: map(np.asarray, writer._frames)


def gdviz_itself(name, epochs, path):
    """The same panels by gdviz's renderers."""
    scene, options = scene_of(name, epochs)
    scene.save(path, **options)
    return lambda: scene.film(**options).frames(dpi=100)


def encoder_alone(path, frames):
    """gdviz's GIF encoder, fed with frames (n, height, width, 4) that are ready."""
    durations = [1 / FPS] * (len(frames) - 1) + [1 / FPS + 2]
    FORMATS[".gif"].write(path, frames, durations=durations, loop=0)


def pillow_alone(path, frames):
    """What matplotlib's PillowWriter does with the same frames."""
    first, *rest = [Image.fromarray(frame[..., :3]) for frame in frames]
    first.save(path, save_all=True, append_images=rest, duration=1000 // FPS, loop=0)


def film(name, epochs):
    """gdviz's film of a picture."""
    scene, options = scene_of(name, epochs)
    return scene.film(**options)


def scene_of(name, epochs):
    """gdviz's scene of a picture, and what it is to be filmed with."""
    free = name == "parameters"
    history = gdviz.fit(
        *data(),
        learning_rate=0.001,
        theta0=[-1, 3, 3],
        epochs=int(epochs[-1]),
        fixed_intercept=None if free else "ols",
    )
    left = plane(history, ranges=((-3, 8), (-4, 6)))
    right = {
        "parameters": lambda: parameters(history),
        "contour": lambda: contour(history, ranges=SPAN, levels=LEVELS, size=100),
        "surface": lambda: surface(history, ranges=SPAN, levels=LEVELS, size=100),
    }[name]()
    size = (10, 10) if free else (10, 8)
    return left | right, {"frames": list(epochs), "fps": FPS, "size": size, "dpi": 100}


FILMING = {
    "celluloid, article": celluloid_as_in_the_article,
    "celluloid, tidy": celluloid_tidy,
    "FuncAnimation": func_animation,
    "gdviz": gdviz_itself,
}
ENCODING = {"encoder alone": encoder_alone, "PillowWriter alone": pillow_alone}
