"""The oracle of the film's tests: frames as matplotlib itself draws them, each from nothing."""

from io import BytesIO

import numpy as np
import pytest
from matplotlib.animation import AbstractMovieWriter


class Recorder(AbstractMovieWriter):
    """A movie writer that keeps the frames as (height, width, 4) arrays."""

    def setup(self, fig, outfile, dpi=None):
        super().setup(fig, outfile, dpi)
        self.frames = []

    def grab_frame(self, **savefig_kwargs):
        file = BytesIO()
        self.fig.savefig(file, format="rgba", dpi=self.dpi, **savefig_kwargs)
        width, height = self.frame_size
        frame = np.frombuffer(file.getvalue(), np.uint8).reshape(height, width, 4)
        self.frames.append(frame)

    def finish(self):
        pass


@pytest.fixture
def drawn_by_matplotlib():
    """Every frame of an animation at a resolution, in the way of matplotlib's own writers."""

    def drawn(animation, dpi):
        recorder = Recorder()
        animation.save("unused", writer=recorder, dpi=dpi)
        return recorder.frames

    return drawn
