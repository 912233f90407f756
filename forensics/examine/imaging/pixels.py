"""From a file of any kind to RGB pixels: the one place where photographs are decoded.

What strangers send: 16 bit, CMYK, palettes, transparency, animation, HEIC from telephones, files cut off in the
middle, and files made to exhaust memory. All of them end here as upright uint8 RGB or as a ``PhotographError``.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps

from forensics.errors import Fault, PhotographError

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.Image import Image as PillowImage

__all__ = ["LARGEST_PIXELS", "Pixels", "decode", "load"]

LARGEST_PIXELS = 200_000_000
"""200 megapixels: checked in the header, before anything is decoded."""

WIDEST_TRANSPARENCY = "RGBA"
ORIENTATION_TAG = 0x0112


@dataclass(frozen=True)
class Pixels:
    """Upright RGB uint8 of shape (height, width, 3), read-only, and what led there from the stored frame."""

    rgb: npt.NDArray[np.uint8]
    orientation: int
    stored_width_px: int
    stored_height_px: int
    sha256: str


def load(path: Path) -> Pixels:
    """Read and decode one photograph.

    Raises
    ------
    PhotographError
        The file is missing, is no picture, is damaged, or holds more than ``LARGEST_PIXELS``.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refused(
            path, f"the photograph cannot be opened ({error.strerror or error})", "Check the path and the permissions."
        ) from error
    return decode(content, path)


def decode(content: bytes, path: Path) -> Pixels:
    """Decode the bytes of a photograph; ``path`` only names it in messages. See ``load``."""
    _teach_pillow_heif()
    guard = Image.MAX_IMAGE_PIXELS
    # Pillow's own guard warns at 89 megapixels and refuses at 179; ours stands in one place and says what to do.
    Image.MAX_IMAGE_PIXELS = LARGEST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as image:
                width_px, height_px = image.size
                if width_px * height_px > LARGEST_PIXELS:
                    raise _too_large(path, width_px * height_px)
                orientation = _orientation(image)
                image.seek(0)
                image.load()
                upright = _as_rgb(ImageOps.exif_transpose(image) if orientation != 1 else image)
    except PhotographError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(path, None) from error
    except MemoryError as error:
        raise _refused(
            path, "the photograph needs more memory to decode than there is", "Save a smaller copy."
        ) from error
    # Decoders meet bytes from strangers and raise whatever they stumble over: struct.error, IndexError, SyntaxError.
    except Exception as error:
        raise _refused(
            path,
            f"the photograph cannot be decoded ({type(error).__name__}: {error})",
            "Copy it again from the camera, or export it as JPEG or PNG and keep both files.",
        ) from error
    finally:
        Image.MAX_IMAGE_PIXELS = guard
    upright.setflags(write=False)
    return Pixels(upright, orientation, width_px, height_px, hashlib.sha256(content).hexdigest())


def _teach_pillow_heif() -> None:
    try:
        from pillow_heif import register_heif_opener  # noqa: PLC0415
    except ImportError:  # HEIC then ends as "cannot be decoded", every other format still works
        return
    register_heif_opener()


def _orientation(image: PillowImage) -> int:
    """The EXIF orientation, 1 when there is none or it is nonsense. A broken EXIF block must not cost the picture."""
    try:
        value = image.getexif().get(ORIENTATION_TAG, 1)
    except Exception:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _as_rgb(image: PillowImage) -> npt.NDArray[np.uint8]:
    if image.mode in {"I", "F"} or image.mode.startswith("I;"):
        grey = _as_eight_bits(np.asarray(image))
        return np.repeat(grey[:, :, None], 3, axis=2)
    if "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info:
        # What is transparent is shown on white, as every viewer does; black would invent dark shapes.
        layer = image.convert(WIDEST_TRANSPARENCY)
        ground = Image.new("RGB", layer.size, (255, 255, 255))
        ground.paste(layer, mask=layer.getchannel("A"))
        return np.array(ground)
    return np.array(image.convert("RGB"))


def _as_eight_bits(samples: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Wide samples to 8 bits by the range they can have (8, 12 or 16 bits; 0 to 1 for fractions), never by content.

    Stretching to the content would make a black picture into noise.
    """
    values = np.nan_to_num(samples.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0).clip(min=0.0)
    most = float(values.max(initial=0.0))
    if np.issubdtype(samples.dtype, np.floating) and most <= 1.0:
        full = 1.0
    else:
        full = next((bits for bits in (255.0, 4095.0, 65535.0) if most <= bits), most)
    scaled: npt.NDArray[np.uint8] = np.round(values / full * 255.0).astype(np.uint8)
    return scaled


def _too_large(path: Path, pixels: int | None) -> PhotographError:
    size = f"{pixels / 1e6:.0f} megapixels" if pixels else "far too many pixels"
    return _refused(
        path,
        f"the photograph has {size}; the limit is {LARGEST_PIXELS // 1_000_000}",
        "Cut the part that matters out of it, or scale it down, and keep the original beside it.",
    )


def _refused(path: Path, message: str, advice: str) -> PhotographError:
    return PhotographError(Fault(file=path.name, message=message, advice=advice))
