"""Reading films back, with other programs and libraries than those that write them.

GIF, APNG and PNG are read by ffmpeg, and so are H.264 and VP9, by decoders that have nothing in
common with the encoders; animated WebP is read by Pillow, as ffmpeg reads it only since lately.
AVIF is coded by one library (aom) and decoded by another (dav1d). Durations and loop counts are
read from the bytes of the files. What has no decoder of its own here is read by Pillow, if it can.
"""

import re
import subprocess
from dataclasses import dataclass, replace
from functools import cache
from struct import unpack, unpack_from

import numpy as np
from PIL import Image

from gdviz.film.encoding.ffmpeg import ffmpeg_with


@dataclass(frozen=True)
class Decoded:
    """What a file shows: frames (n, height, width, 3), seconds in all, plays; None: not stored."""

    frames: np.ndarray
    seconds: float | None = None
    loop: int | None = None


def decode(path):
    """Read the film at `path`; a folder is one of frames."""
    return DECODERS.get("/" if path.is_dir() else path.suffix, by_pillow)(path)


def by_ffmpeg(source, *options):
    """Frames of a file, or of a pattern of file names, each as often as it is stored."""
    return run_ffmpeg(source, *options)[0]


def run_ffmpeg(source, *options):
    """Frames, and all that ffmpeg tells of a file."""
    picture = "scale=flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=rgb24"
    program = ffmpeg_with("libx264")
    output = ("-vf", picture, *_as_stored(program), "-f", "rawvideo", "-")
    command = [program, "-hide_banner", *options, "-i", source, *output]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    told = run.stderr.decode()
    width, height = map(int, re.search(r"Video: .*?, (\d+)x(\d+)", told).groups())
    return np.frombuffer(run.stdout, np.uint8).reshape(-1, height, width, 3), told


@cache
def _as_stored(program):
    """How an ffmpeg is told to repeat and leave out no frame: before 5.1 in other words."""
    told = subprocess.run([program, "-hide_banner", "-h", "long"], capture_output=True, text=True)
    return ("-fps_mode" if "-fps_mode" in told.stdout else "-vsync", "passthrough")


def gif(path):
    data = path.read_bytes()
    delays = re.findall(rb"!\xf9\x04.(..)", data, re.DOTALL)
    loop = re.search(rb"NETSCAPE2\.0\x03\x01(..)", data, re.DOTALL)
    repeats = unpack("<H", loop[1])[0] if loop else None
    plays = 1 if repeats is None else repeats + 1 if repeats else 0
    seconds = sum(unpack("<H", delay)[0] for delay in delays) / 100
    return Decoded(by_ffmpeg(path, "-ignore_loop", "1"), seconds, plays)


def chunks_of_png(data):
    """Name and data of each chunk."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    offset = 8
    while offset < len(data):
        length, name = unpack_from(">I4s", data, offset)
        yield name, data[offset + 8 : offset + 8 + length]
        offset += 12 + length
    assert name == b"IEND"


def apng(path):
    chunks = list(chunks_of_png(path.read_bytes()))
    controls = [unpack(">IIIIIHHBB", data) for name, data in chunks if name == b"fcTL"]
    (count, plays), *_ = [unpack(">II", data) for name, data in chunks if name == b"acTL"]
    numbers = [unpack_from(">I", data)[0] for name, data in chunks if name in (b"fcTL", b"fdAT")]
    assert len(controls) == count
    assert numbers == list(range(len(numbers)))
    seconds = sum(above / below for *_, above, below, _, _ in controls)
    return Decoded(by_ffmpeg(path, "-f", "apng"), seconds, plays)


def by_pillow(path):
    frames, durations = [], []
    with Image.open(path) as image:
        for i in range(getattr(image, "n_frames", 1)):
            image.seek(i)
            frames.append(np.asarray(image.convert("RGB")))
            durations.append(image.info.get("duration"))
        loop = image.info.get("loop")
    if not any(durations):  # pages, or one frame
        return Decoded(np.array(frames))
    return Decoded(np.array(frames), sum(durations) / 1000, loop)


def webp(path):
    read = by_pillow(path)
    loop = re.search(rb"ANIM\x06\0\0\0....(..)", path.read_bytes(), re.DOTALL)
    return read if loop is None else replace(read, loop=unpack("<H", loop[1])[0])


def avif(path):
    """The film's head and its track say how long all plays last, the edit list whether they are."""
    read, data = by_pillow(path), path.read_bytes()
    if b"moov" not in data:
        return Decoded(read.frames)
    after = {name: data.index(name) + 4 for name in (b"mvhd", b"tkhd", b"mdhd", b"elst")}
    assert {data[begin] for begin in after.values()} == {1}  # version: with numbers of 64 bits
    head, once, every = (
        unpack_from(">Q", data, after[name] + offset)[0]
        for name, offset in ((b"mvhd", 24), (b"mdhd", 24), (b"tkhd", 28))
    )
    assert head == every
    assert read.seconds == once / 1000
    assert data[after[b"elst"] + 3] == (every != once)
    return replace(read, loop=0 if every == 2**64 - 1 else every // once)


def video(path):
    """The seconds are of the frames; that the file says the same is seen to here."""
    frames, told = run_ffmpeg(path)
    hours, minutes, seconds = re.search(r"Duration: (\d+):(\d+):([\d.]+)", told).groups()
    rate = float(re.search(r"([\d.]+) fps", told)[1])
    total = 3600 * int(hours) + 60 * int(minutes) + float(seconds)
    assert abs(total - len(frames) / rate) < 0.02
    return Decoded(frames, total)


def png(path):
    return Decoded(by_ffmpeg(path))


def folder(path):
    return Decoded(by_ffmpeg(path / "frame_%04d.png"))


DECODERS = {
    ".gif": gif,
    ".webp": webp,
    ".avif": avif,
    ".apng": apng,
    ".png": png,
    ".mp4": video,
    ".webm": video,
    "/": folder,
}
