"""Clips as files: H.264 MP4 in and out."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np

from tabrl.errors import TabRLError

OPTIONS = {"preset": "veryfast", "crf": "23"}


class Probe(NamedTuple):
    """What a clip's header says."""

    frames: int
    fps: float
    width: int
    height: int
    codec: str


def encode(
    frames: Iterable[np.ndarray], path: Path, size: tuple[int, int], fps: int, threads: int = 1
) -> None:
    """Writes RGB uint8 frames (h, w, 3), scaled to `size` (width, height), as H.264 yuv420p.

    `size` must be even. A key frame every second keeps scrubbing quick.
    """
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=fps, options={**OPTIONS, "g": str(fps)})
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = threads
        for rgb in frames:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            frame = frame.reformat(*size, "yuv420p", interpolation="AREA")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def join(segments: Sequence[Path], path: Path) -> None:
    """Puts segments made by `encode` one after another without encoding again."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream, elapsed = None, 0
        for segment in segments:
            with av.open(str(segment)) as source:
                video = source.streams.video[0]
                stream = stream or container.add_stream_from_template(video)
                for packet in source.demux(video):
                    if packet.dts is None or packet.pts is None:
                        continue  # the demuxer's last, empty one
                    packet.pts += elapsed
                    packet.dts += elapsed
                    packet.stream = stream
                    container.mux(packet)
                elapsed += round(video.frames / (_rate(video) * (video.time_base or 1)))


def decode(path: Path, size: tuple[int, int] | None = None) -> Iterator[np.ndarray]:
    """Yields the frames of a clip as RGB (height, width, 3) uint8, scaled to a size where given."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if size and size != (frame.width, frame.height):
                frame = frame.reformat(*size, "rgb24", interpolation="AREA")
            yield frame.to_ndarray(format="rgb24")


def probe(path: Path) -> Probe:
    """Reads a clip's frame count, rate, size and codec."""
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        rate = float(_rate(video))
        return Probe(video.frames, rate, video.width, video.height, video.codec_context.name)


def _rate(video: av.VideoStream) -> Fraction:
    """Frames a second."""
    if video.average_rate is None:
        raise TabRLError("This clip does not say its frame rate.", "Render it again.")
    return video.average_rate
