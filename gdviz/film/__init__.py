"""Time: a camera, a film, its encoders; for any matplotlib figure. Knows nothing of regression."""

from gdviz.film.camera import Camera
from gdviz.film.film import Film

__all__ = ["Camera", "Film"]
