"""Registering photographs: digest, format, size and what the camera noted, without changing a byte.

Pillow and the HEIC decoder are imported when the first photograph is registered, never before. The picture is
decoded once, in a bounded way, only to learn whether it can be: pixels are read by ``examine``.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

from forensics.errors import Fault, MissingProgramError, PhotographError
from forensics.model.evidence import Photograph

if TYPE_CHECKING:
    from PIL import Image
    from PIL.Image import Exif

__all__ = ["MAX_BYTES", "MAX_PIXELS", "register_photograph"]

MAX_PIXELS = 200_000_000
"""Width times height above which a picture is not decoded: what its header promises could fill the memory."""
MAX_BYTES = 1_000_000_000
_DECODE_WHOLE = 60_000_000
_CHUNK = 1 << 20

_FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "TIFF": "TIFF", "WEBP": "WebP", "HEIF": "HEIC"}
_READ = "Photographs are read as JPEG, PNG, TIFF, WebP or HEIC."
_EXIF_SUB, _ORIENTATION, _MAKE, _MODEL, _CHANGED = 0x8769, 0x0112, 0x010F, 0x0110, 0x0132
_TAKEN, _OFFSET = 0x9003, 0x9011

# Pillow's own limit is one number for the whole process; it is raised only while a header is read.
_LIMIT = threading.Lock()


def register_photograph(
    path: Path,
    *,
    item: str = "",
    part: str | None = None,
    shown_as: str | None = None,
    is_render: bool = False,
    note: str = "",
) -> Photograph:
    """Register one original; it is opened for reading only.

    Parameters
    ----------
    path
        JPEG (also the multi-picture files of phones), PNG, TIFF, WebP or HEIC; of an animation the first frame counts.
    item, part, is_render, note
        What the case says about it.
    shown_as
        The path as it is to stand in results and messages; the bare file name when left out.

    Returns
    -------
    Digest, sizes of the stored pixels (before EXIF rotation), orientation, time taken and camera.

    Raises
    ------
    PhotographError
        When it cannot be read: missing, empty, no picture, another format, truncated, or larger than ``MAX_PIXELS``.
    MissingProgramError
        When a HEIC photograph is given and its decoder is not installed.
    """
    path = Path(path)
    file = shown_as or path.name
    try:
        _check_regular(path.stat(), file)
        with path.open("rb") as stream:
            digest, size, head = _digest(stream)
            stream.seek(0)
            facts = _look(stream, head, file)
    except OSError as error:
        _refuse(file, f"cannot be read: {error.strerror or error}.", "Check the name and the permissions.")
    width, height, kind, orientation, taken, camera, remarks = facts
    return Photograph(
        path=file,
        sha256=digest,
        bytes=size,
        format=kind,
        width_px=width,
        height_px=height,
        orientation=orientation,
        taken=taken,
        camera=camera,
        part=part,
        item=item,
        is_render=is_render,
        note="; ".join(filter(None, (note, *remarks))),
    )


def _refuse(file: str, message: str, advice: str = "") -> NoReturn:
    raise PhotographError(Fault(file, message=message, advice=advice)) from None


def _check_regular(status: os.stat_result, file: str) -> None:
    # Asked before opening: a pipe would wait for ever, a device would be read without end.
    if stat.S_ISDIR(status.st_mode):
        _refuse(file, "is a folder, not a photograph.", "Name the files inside it.")
    if not stat.S_ISREG(status.st_mode):
        _refuse(file, "is not a regular file.")
    if status.st_size == 0:
        _refuse(file, "is empty.", "Copy it from the camera again.")
    if status.st_size > MAX_BYTES:
        _refuse(file, f"is {status.st_size / 1e9:.1f} GB; a photograph is at most {MAX_BYTES / 1e9:.0f} GB.")


def _digest(stream: IO[bytes]) -> tuple[str, int, bytes]:
    """SHA-256 and size of the bytes, and the first of them."""
    digest, size, head = hashlib.sha256(), 0, b""
    while chunk := stream.read(_CHUNK):
        head = head or chunk[:32]
        size += len(chunk)
        digest.update(chunk)
    return digest.hexdigest(), size, head


Facts = tuple[int, int, str, int, str | None, str | None, tuple[str, ...]]


def _look(stream: IO[bytes], head: bytes, file: str) -> Facts:
    """Size, format and camera notes of a picture that decodes to its end."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    if head[4:8] == b"ftyp":
        _register_heic(file)
    try:
        with _raised_limit(), Image.open(stream) as picture:
            kind = _FORMATS.get(picture.format or "")
            if kind is None:
                _refuse(file, f"is a {picture.format} picture, which is not read here.", _READ)
            width, height = picture.size
            if width * height > MAX_PIXELS:
                megapixels = f"{width} x {height} pixels ({width * height / 1e6:.0f} megapixels)"
                advice = f"The limit is {MAX_PIXELS // 10**6} megapixels; cut out the part that matters."
                _refuse(file, f"says it has {megapixels}; it was not decoded.", advice)
            remarks = _remarks(picture)
            exif = _exif(picture)
            _decode(picture, stream)
    except PhotographError:
        raise
    except UnidentifiedImageError:
        _refuse(file, f"is not a picture{_what(head)}.", _READ)
    except MemoryError:
        _refuse(file, "needs more memory than there is.", "Save a smaller copy of it.")
    except Exception as error:  # damaged files make decoders raise anything; each is a fault of the file
        _refuse(file, f"is damaged or cut off: {error}.", "Copy it from the camera again.")
    orientation, taken, camera, exif_remarks = exif
    return width, height, kind, orientation, taken, camera, (*remarks, *exif_remarks)


@contextmanager
def _raised_limit() -> Iterator[None]:
    from PIL import Image  # noqa: PLC0415

    with _LIMIT, warnings.catch_warnings():
        # Pillow warns of damaged EXIF, odd palettes and large sizes; none of that makes a photograph unreadable.
        warnings.simplefilter("ignore")
        before = Image.MAX_IMAGE_PIXELS
        Image.MAX_IMAGE_PIXELS = None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before


def _register_heic(file: str) -> None:
    try:
        from pillow_heif import register_heif_opener  # noqa: PLC0415
    except ImportError:
        message = (
            f"{file}: reading HEIC photographs needs the package pillow-heif (pip install pillow-heif); "
            "everything else works without it, and most phones can export JPEG."
        )
        raise MissingProgramError(message) from None
    register_heif_opener()


def _what(head: bytes) -> str:
    """A guess for the reader at what the file is instead."""
    for start, name in (
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "an archive or a workbook"),
        (b"<", "a web page or XML"),
        (b"II*\x00", "a damaged TIFF or a camera's raw file"),
    ):
        if head.startswith(start):
            return f" but {name}"
    printable = sum(32 <= byte < 127 or byte in (9, 10, 13) or byte >= 128 for byte in head)
    return " but text" if head and printable == len(head) and b"\x00" not in head else ""


def _remarks(picture: Image.Image) -> tuple[str, ...]:
    frames = int(getattr(picture, "n_frames", 1))
    if picture.format == "MPO":
        return (f"holds {frames} pictures; the first is read",) if frames > 1 else ()
    animated = bool(getattr(picture, "is_animated", False))
    if frames > 1:
        return (f"{'is animated' if animated else 'holds several pictures'} ({frames} frames); the first is read",)
    return ()


def _decode(picture: Image.Image, stream: IO[bytes]) -> None:
    """Raise when the file ends early or its data do not decode; memory stays bounded by ``MAX_PIXELS``."""
    picture.seek(0)
    if picture.format in ("JPEG", "MPO"):
        # Decodes the whole stream, but only one pixel of every 8 x 8 is kept.
        picture.draft(picture.mode, (max(1, picture.width // 8), max(1, picture.height // 8)))
        picture.load()
        return
    if picture.format == "PNG":
        # Decoding skips the checksums, checking them skips the decoding; large ones are only checked.
        from PIL import Image  # noqa: PLC0415

        if picture.width * picture.height <= _DECODE_WHOLE:
            picture.load()
        stream.seek(0)
        with Image.open(stream) as again:
            again.verify()
        return
    picture.load()


def _exif(picture: Image.Image) -> tuple[int, str | None, str | None, tuple[str, ...]]:
    """Orientation, time taken, camera, remarks. Broken notes of the camera never cost the photograph."""
    try:
        exif = picture.getexif()
        sub = exif.get_ifd(_EXIF_SUB)
    except Exception:  # whatever the parser raises
        return 1, None, None, ("its EXIF notes are damaged and were not read",)
    remarks: tuple[str, ...] = ()
    orientation = exif.get(_ORIENTATION, 1)
    if not isinstance(orientation, int) or not 1 <= orientation <= 8:
        orientation, remarks = 1, ("its EXIF orientation is not valid and was not used",)
    if picture.format == "HEIF":
        orientation = 1  # the decoder hands over pixels that are already turned
    taken = _time(sub.get(_TAKEN) or exif.get(_CHANGED), sub.get(_OFFSET))
    return orientation, taken, _camera(exif), remarks


def _time(text: object, offset: object) -> str | None:
    """``2024:01:02 10:11:12`` as ISO 8601, None when the camera's clock was never set."""
    found = re.match(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d:\d\d:\d\d)", _tidy(text))
    if found is None or found[1] == "0000":
        return None
    zone = re.fullmatch(r"[+-]\d\d:\d\d", _tidy(offset))
    return f"{found[1]}-{found[2]}-{found[3]}T{found[4]}{zone[0] if zone else ''}"


def _camera(exif: Exif) -> str | None:
    make, model = _tidy(exif.get(_MAKE)), _tidy(exif.get(_MODEL))
    if make and model.casefold().startswith(make.casefold()):
        make = ""
    return " ".join(filter(None, (make, model))) or None


def _tidy(text: object) -> str:
    if isinstance(text, bytes):
        text = text.decode("ascii", "replace")
    return re.sub(r"[^\w .,:;()/+\-]", "", str(text or "").replace("\x00", "")).strip()[:100]
