import numpy as np
import pytest
from PIL import Image

from gdviz.film.encoders import ENCODERS, encoder_for
from gdviz.film.gif import ticks


def moving_square(n, height=40, width=60):
    """Move a dark square over a gradient of grey: n frames (n, height, width, 4)."""
    backdrop = np.empty((height, width, 4), np.uint8)
    backdrop[...] = np.linspace(100, 250, width).astype(np.uint8)[:, None]
    backdrop[..., 3] = 255
    frames = np.repeat(backdrop[None], n, axis=0)
    for i, frame in enumerate(frames):
        frame[10:20, 2 * i : 2 * i + 10, :3] = (20, 60, 120)
    return frames


def decoded(path):
    """Frames (n, height, width, 3), durations in milliseconds and loop count of a GIF."""
    with Image.open(path) as image:
        frames, durations = [], []
        for i in range(image.n_frames):
            image.seek(i)
            frames.append(np.asarray(image.convert("RGB")))
            durations.append(image.info["duration"])
        return np.array(frames), durations, image.info.get("loop")


@pytest.mark.parametrize("suffix", ENCODERS)
def test_last_frame_is_there(suffix, tmp_path):
    frames = moving_square(5)
    path = tmp_path / f"film{suffix}"
    ENCODERS[suffix](path, iter(frames), durations=[0.1] * 5, loop=0)
    with Image.open(path) as image:
        image.seek(getattr(image, "n_frames", 1) - 1)
        last = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(last - frames[-1, ..., :3]).max() <= 4


@pytest.mark.parametrize("suffix", ENCODERS)
def test_same_frames_same_bytes(suffix, tmp_path):
    frames, written = moving_square(3), []
    for name in ("a", "b"):
        path = tmp_path / f"{name}{suffix}"
        ENCODERS[suffix](path, iter(frames), durations=[0.1] * 3, loop=0)
        written.append(path.read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("suffix", ENCODERS)
def test_one_frame(suffix, tmp_path):
    path = tmp_path / f"film{suffix}"
    ENCODERS[suffix](path, iter(moving_square(1)), durations=[2.05], loop=0)
    with Image.open(path) as image:
        assert image.size == (60, 40)


def test_suffix_in_any_case():
    assert encoder_for("FILM.GIF") is ENCODERS[".gif"]


class TestGif:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "film.gif"

    def test_every_frame_is_close(self, path):
        frames = moving_square(8)
        ENCODERS[".gif"](path, frames, durations=[0.05] * 8, loop=0)
        pictures, _, _ = decoded(path)
        assert pictures.shape == (8, 40, 60, 3)
        assert np.abs(pictures.astype(int) - frames[..., :3]).max() <= 4

    def test_still_frames_are_kept(self, path):
        ENCODERS[".gif"](path, moving_square(1)[[0, 0, 0]], durations=[0.1, 0.2, 0.3], loop=0)
        pictures, durations, _ = decoded(path)
        assert len(pictures) == 3
        assert durations == [100, 200, 300]

    def test_durations(self, path):
        ENCODERS[".gif"](path, moving_square(6), durations=[1 / 30] * 5 + [1 / 30 + 2], loop=0)
        assert decoded(path)[1] == [30, 40, 30, 30, 40, 2030]

    @pytest.mark.parametrize(("plays", "stored"), [(0, 0), (1, None), (2, 1), (65_536, 65_535)])
    def test_loop(self, path, plays, stored):
        ENCODERS[".gif"](path, moving_square(2), durations=[0.1] * 2, loop=plays)
        assert decoded(path)[2] == stored

    def test_at_least_two_ticks(self):
        assert ticks([0.001] * 4) == [2, 2, 2, 2]

    def test_sum_of_the_ticks(self):
        assert sum(ticks([1 / 24] * 240)) == 1000

    def test_too_long(self):
        with pytest.raises(ValueError, match=r"at most 655\.35 seconds"):
            ticks([656])
