import sys
from fractions import Fraction
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from gdviz.film import Camera
from gdviz.film.encoding.apng import delay
from gdviz.film.encoding.formats import FORMATS, format_of
from gdviz.film.encoding.gif import ticks
from gdviz.film.encoding.pillow import milliseconds
from gdviz.film.encoding.video import even, steady


def _sibling(name):
    # Tests are imported one by one, without their folder on the path.
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


decoding = _sibling("decoding")
decode = decoding.decode

# What is not exact may be so far from it. Most store colour at half the resolution, or as waves: at
# a sharp edge one pixel may be far off.
MOST, MEAN = 60, 2.0


def is_there(suffix):
    try:
        FORMATS[suffix].needs()
    except OSError:
        return False
    return True


def needed(suffix):
    """Suffix -> a parameter; skipped where something is missing, such as Pillow's AVIF."""
    missing = pytest.mark.skipif(not is_there(suffix), reason=f"{suffix} cannot be written here")
    return pytest.param(suffix, marks=missing, id=suffix)


def those(suits):
    return [needed(suffix) for suffix, format in FORMATS.items() if suits(format)]


EVERY = those(lambda format: True)
COUNTED = those(lambda format: format.plays > 1)
UNCOUNTED = those(lambda format: format.plays == 1)
STEADY = those(lambda format: format.steady)


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


def assert_shows(suffix, frame, raw):
    """The frame is as it was, or about so, as the format says."""
    exact = FORMATS[suffix].exact
    assert difference(frame, raw).max() <= (0 if exact else MOST)
    assert difference(frame, raw).mean() <= (0 if exact else MEAN)


@pytest.fixture
def encode(tmp_path):
    """Write frames with the encoder of a suffix; give the path."""

    def encode(suffix, frames, durations, loop=0, name="film"):
        path = tmp_path / f"{name}{suffix}"
        FORMATS[suffix].write(path, frames, durations=durations, loop=loop)
        return path

    return encode


@pytest.mark.parametrize("suffix", EVERY)
class TestEvery:
    def test_frames(self, suffix, encode):
        frames = moving_square(8)
        film = decode(encode(suffix, iter(frames), [0.05] * 8))
        if FORMATS[suffix].last_only:
            frames = frames[-1:]
        assert film.frames.shape == (*frames.shape[:3], 3)
        for frame, raw in zip(film.frames, frames, strict=True):
            assert_shows(suffix, frame, raw)

    @pytest.mark.parametrize("fps", [2, 12.5, 24, 30])
    def test_duration(self, suffix, encode, fps):
        durations = [1 / fps] * 4 + [1 / fps + 0.7]
        film = decode(encode(suffix, iter(moving_square(5)), durations))
        if not FORMATS[suffix].seconds:
            assert film.seconds is None
        else:
            within = 1 / fps if FORMATS[suffix].steady else 0.0051
            assert film.seconds == pytest.approx(sum(durations), abs=within)

    def test_one_frame(self, suffix, encode):
        film = decode(encode(suffix, iter(moving_square(1)), [0.5]))
        assert film.frames.shape == (1, 40, 60, 3)

    def test_still_frames(self, suffix, encode):
        film = decode(encode(suffix, iter(moving_square(1)[[0, 0, 0]]), [0.1, 0.2, 0.3]))
        assert_shows(suffix, film.frames[-1], moving_square(1)[0])
        if FORMATS[suffix].seconds and film.seconds is not None:
            assert film.seconds == pytest.approx(0.6, abs=0.001)

    def test_odd_sizes(self, suffix, encode):
        frames = moving_square(2, height=31, width=47)
        film = decode(encode(suffix, iter(frames), [0.1, 0.1]))
        # Video has even sides; what is exact has those that it was given.
        assert film.frames.shape[1:3] in ([(31, 47)] + [(32, 48)] * (not FORMATS[suffix].exact))
        assert_shows(suffix, film.frames[-1][:31, :47], frames[-1])

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
        if FORMATS[suffix].last_only:
            pytest.skip("takes the last, however many there are")
        with pytest.raises(ValueError, match="zip"):
            encode(suffix, iter(moving_square(count)), [0.1] * 3)

    def test_any_path(self, suffix, encode, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        path = Path(f"-a: 'b' %04d 面积{suffix}")
        FORMATS[suffix].write(path, iter(moving_square(2)), durations=[0.1] * 2, loop=0)
        assert path.exists()

    def test_what_it_can_hold(self, suffix, encode):
        format = FORMATS[suffix]
        fps = format.fps if np.isfinite(format.fps) else 100
        longest = format.seconds if np.isfinite(format.seconds) else 2
        for durations in ([1 / fps] * 3, [0.1, longest]):
            format.check(durations, format.plays)
            film = decode(encode(suffix, moving_square(len(durations)), durations))
            if format.seconds:
                assert film.seconds == pytest.approx(sum(durations), rel=1e-3, abs=0.0051)

    def test_what_it_cannot_hold(self, suffix):
        format = FORMATS[suffix]
        with pytest.raises(ValueError, match=rf"^{format.name} .*play"):
            format.check([0.1], format.plays + 1)
        if np.isfinite(format.fps):
            with pytest.raises(ValueError, match=rf"^{format.name} shows at most .* a second"):
                format.check([0.9 / format.fps] * 2, 0)
            format.check([0.9 / format.fps], 0)  # one frame is seen however long it stays
        if format.seconds and np.isfinite(format.seconds):
            with pytest.raises(ValueError, match=rf"^{format.name} shows a frame for at most"):
                format.check([1, 1.01 * format.seconds], 0)

    def test_what_it_cannot_hold_is_refused_before_any_work(self, suffix, tmp_path):
        camera = Camera(Figure())
        camera.snap()
        film = camera.animate()
        film._frames = lambda *_: pytest.fail("drew something")
        with pytest.raises(ValueError, match=FORMATS[suffix].name):
            film.save(f"{tmp_path}/film{suffix}", loop=FORMATS[suffix].plays + 1)
        assert not list(tmp_path.iterdir())


def test_pages_without_a_time_are_read_as_such(tmp_path):
    first, *others = map(Image.fromarray, moving_square(3))
    first.save(tmp_path / "film.tiff", save_all=True, append_images=others)
    film = decode(tmp_path / "film.tiff")
    assert (len(film.frames), film.seconds, film.loop) == (3, None, None)


@pytest.mark.parametrize("suffix", COUNTED)
def test_loop(suffix, encode):
    for plays in (0, 1, 2, FORMATS[suffix].plays):
        assert decode(encode(suffix, moving_square(2), [0.1] * 2, loop=plays)).loop == plays


@pytest.mark.parametrize("suffix", UNCOUNTED)
def test_what_cannot_say_how_often_it_plays_does_not(suffix, encode):
    assert decode(encode(suffix, moving_square(2), [0.1] * 2, loop=1)).loop is None


@pytest.mark.parametrize("suffix", STEADY)
class TestVideo:
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
            assert_shows(suffix, frame, frames[-1])


def test_mp4_can_be_played_while_it_loads(encode):
    data = encode(".mp4", moving_square(3), [0.1] * 3).read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_suffix_in_any_case():
    assert format_of("FILM.GIF") is FORMATS[".gif"]


def test_folder_by_its_name(tmp_path):
    (tmp_path / "there").mkdir()
    assert format_of("out/") is FORMATS["/"]
    assert format_of(tmp_path / "there") is FORMATS["/"]
    with pytest.raises(ValueError, match="end the name with /"):
        format_of("out")


class TestGif:
    @pytest.mark.parametrize(("plays", "stored"), [(0, 0), (1, None), (2, 1), (65_536, 65_535)])
    def test_loop_as_pillow_reads_it(self, encode, plays, stored):
        with Image.open(encode(".gif", moving_square(2), [0.1] * 2, loop=plays)) as image:
            assert image.info.get("loop") == stored

    def test_at_least_two_ticks(self):
        assert ticks([0.02] * 4) == [2, 2, 2, 2]
        with pytest.raises(ValueError, match="at most 50 frames a second, not 1000; use fps=50"):
            FORMATS[".gif"].check([0.001] * 4, 0)

    def test_colours_that_are_few_are_kept_well(self, encode):
        frames = moving_square(8)
        film = decode(encode(".gif", frames, [0.05] * 8))
        assert difference(film.frames, frames).max() <= 4

    def test_sum_of_the_ticks(self):
        assert sum(ticks([1 / 24] * 240)) == 1000

    def test_too_long(self):
        for durations in ([656], [1e300, 1e300]):
            with pytest.raises(ValueError, match=r"at most 655\.35 seconds"):
                FORMATS[".gif"].check(durations, 0)
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


class TestWebp:
    def test_rounding_errors_do_not_add_up(self):
        assert sum(milliseconds([1 / 24] * 240)) == 10_000


class TestAvif:
    def test_is_refused_before_any_work_where_pillow_cannot_write_it(self, monkeypatch, tmp_path):
        monkeypatch.setattr(Image, "SAVE_ALL", {})
        camera = Camera(Figure())
        camera.snap()
        film = camera.animate()
        film._frames = lambda *_: pytest.fail("drew something")
        with pytest.raises(OSError, match=r"Pillow cannot write AVIF; pip install 'pillow>=11\.3'"):
            film.save(tmp_path / "film.avif")
        assert not list(tmp_path.iterdir())

    @pytest.mark.skipif(not is_there(".avif"), reason="this Pillow cannot write AVIF")
    def test_does_not_say_when_it_was_made(self, encode):
        data = encode(".avif", moving_square(2), [0.1] * 2).read_bytes()
        for name in (b"mvhd", b"tkhd", b"mdhd"):
            begin = data.index(name) + 8
            assert data[begin : begin + 16] == bytes(16)


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
