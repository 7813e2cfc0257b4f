"""How light a colour is, and what can be read on it, as WCAG 2 has both."""

import numpy as np

from gdviz.core.moments import Array

__all__ = ["luminance", "readable"]


def luminance(colors: Array) -> Array:
    """Relative luminance of sRGB colours. (n, 3 or 4) -> (n,), as WCAG 2 has it."""
    rgb = np.asarray(colors)[:, :3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


def readable(*grounds: Array) -> list[str]:
    """Return the ink for labels that each stand on some of these colours, each (n, 4).

    The one of black and white that stands out more from all that is under it.
    """
    light = np.stack([luminance(colors) for colors in grounds])
    dark = (light.min(axis=0) + 0.05) / 0.05
    bright = 1.05 / (light.max(axis=0) + 0.05)
    return ["black" if more else "white" for more in dark > bright]
