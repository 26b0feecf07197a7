"""Sound files: which uploads the API takes, and a recording for the example data."""

from __future__ import annotations

from .errors import bad_request

#: The largest upload, in bytes.
SIZE_LIMIT = 10 * 1024 * 1024

_WAV_FLOAT = 3

# A frame of MPEG-1 layer III: 128 kbit/s, 44.1 kHz, joint stereo. All zeros after its header mean silence.
_MP3_FRAME = b"\xff\xfb\x90\x44" + bytes(413)
_MP3_FRAMES_PER_SECOND = 38


def check_upload(content: bytes) -> None:
    """Refuse what is neither MP3 nor WAV, with a header and whole numbers, or too large."""
    if len(content) > SIZE_LIMIT:
        raise bad_request("file must not be larger than 10 MB")
    if content[:3] == b"ID3" or (content[:1] == b"\xff" and content[1:2] >= b"\xe0"):
        return
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        place = content.find(b"fmt ")
        if place < 0:
            raise bad_request("file has no WAV header")
        if int.from_bytes(content[place + 8 : place + 10], "little") == _WAV_FLOAT:
            raise bad_request("file must not have floating point numbers")
        return
    raise bad_request("file must be WAV or MP3")


def silence(seconds: int) -> bytes:
    """An MP3 in which nothing is heard."""
    return _MP3_FRAME * (_MP3_FRAMES_PER_SECOND * seconds)
