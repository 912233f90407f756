"""Odd files: what a stranger's folder holds."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forensics.errors import PhotographError
from forensics.examine.imaging.pixels import decode, load

PATH = Path("photo.png")


def encoded(image: Image.Image, form: str = "PNG", **options) -> bytes:
    written = io.BytesIO()
    image.save(written, format=form, **options)
    return written.getvalue()


def test_one_pixel():
    pixels = decode(encoded(Image.new("RGB", (1, 1), (9, 8, 7))), PATH)
    assert pixels.rgb.shape == (1, 1, 3)
    assert tuple(pixels.rgb[0, 0]) == (9, 8, 7)


def test_result_is_read_only():
    with pytest.raises(ValueError, match="read-only"):
        decode(encoded(Image.new("L", (4, 4))), PATH).rgb[0, 0] = 1


def test_sixteen_bit_grey_keeps_its_range():
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(4, axis=0)
    rgb = decode(encoded(Image.fromarray(ramp)), PATH).rgb
    assert rgb[0, 0, 0] == 0
    assert rgb[0, -1, 0] == 255
    assert abs(int(rgb[0, 128, 0]) - 128) <= 1


def test_twelve_bits_in_sixteen_are_not_black():
    twelve = np.full((4, 4), 4000, dtype=np.uint16)
    assert decode(encoded(Image.fromarray(twelve)), PATH).rgb[0, 0, 0] > 200


def test_black_stays_black():
    assert decode(encoded(Image.fromarray(np.zeros((5, 5), dtype=np.uint16))), PATH).rgb.max() == 0


def test_fractions():
    image = Image.fromarray(np.full((3, 3), 0.5, dtype=np.float32))
    assert decode(encoded(image, "TIFF"), PATH).rgb[0, 0, 0] == 128


def test_cmyk():
    rgb = decode(encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG", quality=95), PATH).rgb
    assert rgb[4, 4, 0] > 200
    assert rgb[4, 4, 1] < 60


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(mode):
    clear = (0, 0, 0, 0) if mode == "RGBA" else (0, 0)
    assert decode(encoded(Image.new(mode, (3, 3), clear)), PATH).rgb.min() == 255


def test_palette_with_transparency():
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.putpixel((1, 0), 1)
    rgb = decode(encoded(image, transparency=b"\x00\xff"), PATH).rgb
    assert tuple(rgb[0, 0]) == (255, 255, 255)
    assert tuple(rgb[0, 1]) == (200, 100, 50)


def test_animation_gives_its_first_frame():
    frames = [Image.new("RGB", (6, 6), colour) for colour in ((250, 0, 0), (0, 250, 0))]
    rgb = decode(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]), PATH).rgb
    assert rgb[0, 0, 0] > 200
    assert rgb[0, 0, 1] < 50


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_and_remembered(orientation):
    image = Image.new("RGB", (30, 20), (10, 10, 10))
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = decode(encoded(image, "JPEG", exif=exif.tobytes()), PATH)
    assert pixels.orientation == orientation
    assert (pixels.stored_width_px, pixels.stored_height_px) == (30, 20)
    assert pixels.rgb.shape[:2] == ((30, 20) if orientation >= 5 else (20, 30))


def test_nonsense_orientation_is_none():
    exif = Image.Exif()
    exif[0x0112] = 77
    assert decode(encoded(Image.new("RGB", (3, 3)), "JPEG", exif=exif.tobytes()), PATH).orientation == 1


def test_heic():
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.register_heif_opener()
    try:
        content = encoded(Image.new("RGB", (64, 48), (200, 30, 30)), "HEIF")
    except Exception as error:  # an installation without an encoder
        pytest.skip(f"no HEIC encoder: {error}")
    assert decode(content, Path("photo.heic")).rgb.shape == (48, 64, 3)


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [(20_000, 10_001), (60_000, 60_000)])
def test_too_many_pixels_are_refused_before_decoding(side):
    with pytest.raises(PhotographError, match="limit is 200"):
        decode(bomb(*side), PATH)


def test_pillows_own_guard_is_put_back():
    before = Image.MAX_IMAGE_PIXELS
    with pytest.raises(PhotographError):
        decode(b"nothing", PATH)
    assert before == Image.MAX_IMAGE_PIXELS


@pytest.mark.parametrize("content", [b"", b"not a picture", encoded(Image.effect_noise((90, 90), 90), "JPEG")[:700]])
def test_damaged_files_say_which_and_what_to_do(content):
    with pytest.raises(PhotographError) as raised:
        decode(content, PATH)
    fault = raised.value.faults[0]
    assert fault.file == "photo.png"
    assert fault.advice


def test_missing_file(tmp_path):
    with pytest.raises(PhotographError, match="cannot be opened"):
        load(tmp_path / "none.jpg")
