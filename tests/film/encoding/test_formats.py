import sys
from fractions import Fraction
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gdviz.film.encoding.apng import delay
from gdviz.film.encoding.formats import ENCODERS, encoder_for
from gdviz.film.encoding.gif import ticks
from gdviz.film.encoding.video import even, steady
from gdviz.film.encoding.webp import milliseconds


def _sibling(name):
    # Tests are imported one by one, without their folder on the path.
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


decoding = _sibling("decoding")
decode = decoding.decode

STILLS, VIDEO = (".png", "/"), (".mp4", ".webm")
COUNTED = [suffix for suffix in ENCODERS if suffix not in (*STILLS, *VIDEO)]
# Video stores colour at half the resolution: at a sharp edge one pixel may be far off.
MOST = dict.fromkeys(ENCODERS, 0) | {".gif": 4} | dict.fromkeys(VIDEO, 60)
MEAN = dict.fromkeys(ENCODERS, 0.0) | {".gif": 2.0} | dict.fromkeys(VIDEO, 2.0)


def moving_square(n, height=40, width=60):
    """Move a dark square over a gradient of grey: n frames (n, height, width, 4)."""
    backdrop = np.empty((height, width, 4), np.uint8)
    backdrop[...] = np.linspace(100, 250, width).astype(np.uint8)[:, None]
    backdrop[..., 3] = 255
    frames = np.repeat(backdrop[None], n, axis=0)
    for i, frame in enumerate(frames):
        frame[10:20, 2 * i : 2 * i + 10, :3] = (20, 60, 120)
    return frames


def difference(frame, raw):
    return np.abs(frame.astype(int) - raw[..., :3])


@pytest.fixture
def encode(tmp_path):
    """Write frames with the encoder of a suffix; give the path."""

    def encode(suffix, frames, durations, loop=0, name="film"):
        path = tmp_path / f"{name}{suffix}"
        ENCODERS[suffix](path, frames, durations=durations, loop=loop)
        return path

    return encode


@pytest.mark.parametrize("suffix", ENCODERS)
class TestEvery:
    def test_encoder_has_a_decoder(self, suffix):
        assert suffix in decoding.DECODERS

    def test_frames(self, suffix, encode):
        frames = moving_square(8)
        film = decode(encode(suffix, iter(frames), [0.05] * 8))
        if suffix == ".png":
            frames = frames[-1:]
        assert film.frames.shape == (*frames.shape[:3], 3)
        for frame, raw in zip(film.frames, frames, strict=True):
            assert difference(frame, raw).max() <= MOST[suffix]
            assert difference(frame, raw).mean() <= MEAN[suffix]

    @pytest.mark.parametrize("fps", [2, 12.5, 24, 30])
    def test_duration(self, suffix, encode, fps):
        durations = [1 / fps] * 4 + [1 / fps + 0.7]
        film = decode(encode(suffix, iter(moving_square(5)), durations))
        if suffix in STILLS:
            assert film.seconds is None
        else:
            within = 1 / fps if suffix in VIDEO else 0.0051
            assert film.seconds == pytest.approx(sum(durations), abs=within)

    def test_one_frame(self, suffix, encode):
        film = decode(encode(suffix, iter(moving_square(1)), [0.5]))
        assert film.frames.shape == (1, 40, 60, 3)

    def test_still_frames(self, suffix, encode):
        film = decode(encode(suffix, iter(moving_square(1)[[0, 0, 0]]), [0.1, 0.2, 0.3]))
        assert difference(film.frames[-1], moving_square(1)[0]).max() <= MOST[suffix]
        if suffix not in STILLS and film.seconds is not None:
            assert film.seconds == pytest.approx(0.6, abs=0.001)

    def test_odd_sizes(self, suffix, encode):
        frames = moving_square(2, height=31, width=47)
        film = decode(encode(suffix, iter(frames), [0.1, 0.1]))
        size = (32, 48) if suffix in VIDEO else (31, 47)
        assert film.frames.shape[1:3] == size
        assert difference(film.frames[-1][:31, :47], frames[-1]).mean() <= MEAN[suffix]

    def test_same_frames_same_bytes(self, suffix, encode):
        written = []
        for name in ("a", "b"):
            path = encode(suffix, iter(moving_square(3)), [0.1] * 3, name=name)
            files = sorted(path.iterdir()) if path.is_dir() else [path]
            written.append([file.read_bytes() for file in files])
        assert written[0] == written[1]

    def test_takes_one_frame_after_the_other(self, suffix, encode):
        taken = []

        def frames():
            for i, frame in enumerate(moving_square(5)):
                taken.append(i)
                yield frame

        encode(suffix, frames(), [0.1] * 5)
        assert taken == [0, 1, 2, 3, 4]

    @pytest.mark.parametrize("count", [2, 4])
    def test_frames_that_do_not_match_their_durations(self, suffix, encode, count):
        if suffix == ".png":
            pytest.skip("takes the last, however many there are")
        with pytest.raises(ValueError, match="zip"):
            encode(suffix, iter(moving_square(count)), [0.1] * 3)

    def test_any_path(self, suffix, encode, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        path = Path(f"-a: 'b' %04d 面积{suffix}")
        ENCODERS[suffix](path, iter(moving_square(2)), durations=[0.1] * 2, loop=0)
        assert path.exists()


@pytest.mark.parametrize("plays", [0, 1, 2, 65_535])
@pytest.mark.parametrize("suffix", COUNTED)
def test_loop(suffix, encode, plays):
    assert decode(encode(suffix, moving_square(2), [0.1] * 2, loop=plays)).loop == plays


@pytest.mark.parametrize("suffix", VIDEO)
class TestVideo:
    def test_refuses_to_be_told_how_often_it_plays(self, suffix, encode):
        def frames():
            pytest.fail("drew something")
            yield

        with pytest.raises(ValueError, match="cannot say that it plays 3 times"):
            encode(suffix, frames(), [0.1], loop=3)

    def test_plays_everywhere(self, suffix, encode):
        _, told = decoding.run_ffmpeg(encode(suffix, moving_square(3), [0.08] * 3))
        codec = "h264 (High)" if suffix == ".mp4" else "vp9 (Profile 0)"
        assert codec in told
        assert "yuv420p(tv, bt709" in told
        assert "12.5" in told

    def test_repeats_the_last_frame(self, suffix, encode):
        frames = moving_square(3)
        film = decode(encode(suffix, frames, [0.1, 0.1, 0.6]))
        assert len(film.frames) == 8
        for frame in film.frames[2:]:
            assert difference(frame, frames[-1]).mean() <= MEAN[suffix]


def test_mp4_can_be_played_while_it_loads(encode):
    data = encode(".mp4", moving_square(3), [0.1] * 3).read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_suffix_in_any_case():
    assert encoder_for("FILM.GIF") is ENCODERS[".gif"]


def test_folder_by_its_name(tmp_path):
    (tmp_path / "there").mkdir()
    assert encoder_for("out/") is ENCODERS["/"]
    assert encoder_for(tmp_path / "there") is ENCODERS["/"]
    with pytest.raises(ValueError, match="end the name with /"):
        encoder_for("out")


class TestGif:
    @pytest.mark.parametrize(("plays", "stored"), [(0, 0), (1, None), (2, 1), (65_536, 65_535)])
    def test_loop_as_pillow_reads_it(self, encode, plays, stored):
        with Image.open(encode(".gif", moving_square(2), [0.1] * 2, loop=plays)) as image:
            assert image.info.get("loop") == stored

    def test_at_least_two_ticks(self):
        assert ticks([0.02] * 4) == [2, 2, 2, 2]
        with pytest.raises(ValueError, match="at most 50 frames a second, not 1000"):
            ticks([0.001] * 4)

    def test_sum_of_the_ticks(self):
        assert sum(ticks([1 / 24] * 240)) == 1000

    def test_too_long(self):
        with pytest.raises(ValueError, match=r"at most 655\.35 seconds"):
            ticks([656])
        with pytest.raises(ValueError, match=r"at most 655\.35 seconds"):
            ticks([1e300, 1e300])
        assert ticks([0.025, 655.35]) == [2, 65535]  # what is carried on does not make it more


class TestApng:
    def test_as_pillow_reads_it(self, encode):
        frames = moving_square(4)
        durations = []
        with Image.open(encode(".apng", frames, [0.08] * 3 + [2.08], loop=3)) as image:
            assert image.info["loop"] == 3
            for i, raw in enumerate(frames):
                image.seek(i)
                durations.append(image.info["duration"])
                np.testing.assert_array_equal(np.asarray(image), raw)
        assert durations == pytest.approx([80, 80, 80, 2080])

    @pytest.mark.parametrize("seconds", [1 / 30, 1001 / 24000, 0.08, 700.123, 65_535])
    def test_delay(self, seconds):
        fraction = delay(seconds)
        assert max(fraction.numerator, fraction.denominator) <= 65_535
        assert float(fraction) == pytest.approx(seconds, rel=1e-5)

    def test_too_long(self, encode):
        with pytest.raises(ValueError, match="at most 65535 seconds"):
            encode(".apng", moving_square(1), [65_536])


class TestWebp:
    def test_rounding_errors_do_not_add_up(self):
        assert sum(milliseconds([1 / 24] * 240)) == 10_000

    def test_too_long(self):
        with pytest.raises(ValueError, match="at most"):
            milliseconds([20_000])

    def test_too_many_plays(self, encode):
        with pytest.raises(ValueError, match="at most 65535 times, not 65536"):
            encode(".webp", moving_square(1), [1], loop=65_536)


class TestRate:
    @pytest.mark.parametrize("fps", [1, 2.5, 10, 12.5, 24, 29.97, 30, 60])
    def test_is_exact(self, fps):
        rate, counts = steady([1 / fps] * 3)
        assert float(rate) == pytest.approx(fps)
        assert counts == [1, 1, 1]

    def test_is_a_usual_one(self):
        assert steady([1001 / 24000] * 2)[0] == Fraction(24000, 1001)

    def test_uneven_durations(self):
        assert steady([0.1, 0.3, 0.25, 0.25]) == (10, [1, 3, 2, 3])


def test_even_repeats_the_edge():
    frame = moving_square(1, height=3, width=5)[0]
    larger = even(frame)
    assert larger.shape == (4, 6, 4)
    np.testing.assert_array_equal(larger[:3, :5], frame)
    np.testing.assert_array_equal(larger[3, :5], frame[2])
    np.testing.assert_array_equal(larger[:3, 5], frame[:, 4])
