"""Registering photographs of every kind, and what is said of those that cannot be read."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from forensics.errors import ExitCode, MissingProgramError, PhotographError
from forensics.intake import register_photograph


def picture(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(3).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels).convert(mode)


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def refused(path: Path, **more: object) -> str:
    with pytest.raises(PhotographError) as caught:
        register_photograph(path, **more)
    assert caught.value.exit_code is ExitCode.INPUT
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "expected"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.tif", "TIFF"), ("a.webp", "WebP")]
)
def test_formats(tmp_path, name, expected):
    path = saved(tmp_path / name, picture())
    content = path.read_bytes()
    found = register_photograph(path, item="K-1", part="nozzle", is_render=True, note="dusk")
    assert (found.format, found.width_px, found.height_px) == (expected, 64, 48)
    assert (found.path, found.item, found.part, found.is_render, found.note) == (name, "K-1", "nozzle", True, "dusk")
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert found.bytes == len(content)
    assert path.read_bytes() == content


def test_the_content_decides_not_the_ending(tmp_path):
    assert register_photograph(saved(tmp_path / "a.jpg", picture(), format="PNG")).format == "PNG"


def test_heic(tmp_path):
    path = tmp_path / "IMG_0001.HEIC"
    pillow_heif.from_pillow(picture()).save(path)
    found = register_photograph(path, shown_as="photographs/IMG_0001.HEIC")
    assert (found.format, found.width_px, found.height_px) == ("HEIC", 64, 48)
    assert found.path == "photographs/IMG_0001.HEIC"


def test_heic_without_its_decoder_says_what_to_install(tmp_path, monkeypatch):
    path = tmp_path / "a.heic"
    pillow_heif.from_pillow(picture()).save(path)
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(MissingProgramError, match="pip install pillow-heif"):
        register_photograph(path)


def test_what_the_camera_noted(tmp_path):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = 6, "Canon", "Canon EOS R5\x00"
    exif.get_ifd(0x8769)[0x9003] = "2024:01:02 10:11:12"
    exif.get_ifd(0x8769)[0x9011] = "+02:00"
    found = register_photograph(saved(tmp_path / "a.jpg", picture(), exif=exif))
    assert (found.orientation, found.taken, found.camera) == (6, "2024-01-02T10:11:12+02:00", "Canon EOS R5")
    assert (found.width_px, found.height_px) == (64, 48)


def test_nonsense_in_the_notes_costs_nothing(tmp_path):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = 99, "Maker\x1b[31m", "0000:00:00 00:00:00"
    found = register_photograph(saved(tmp_path / "a.jpg", picture(), exif=exif))
    assert (found.orientation, found.taken, found.camera) == (1, None, "Maker31m")
    assert "orientation is not valid" in found.note


def test_damaged_exif_costs_nothing(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(tmp_path / "a.jpg", picture(), exif=exif)
    data = path.read_bytes()
    start = data.index(b"Exif\x00\x00") + 6
    path.write_bytes(data[:start] + b"\xff" * 8 + data[start + 8 :])
    assert register_photograph(path).orientation == 1


ODD = {
    "one pixel": ("a.png", picture(1, 1), {}),
    "one pixel jpeg": ("a.jpg", picture(1, 1), {}),
    "palette": ("a.png", picture(mode="P"), {}),
    "transparent": ("a.png", picture(mode="RGBA"), {}),
    "cmyk": ("a.jpg", picture(mode="CMYK"), {}),
    "grey": ("a.jpg", picture(mode="L"), {}),
    "black and white": ("a.tif", picture(mode="1"), {}),
    "16 bit": ("a.png", Image.fromarray(np.arange(3072, dtype=np.uint16).reshape(48, 64)), {}),
    "float tiff": ("a.tif", Image.fromarray(np.ones((48, 64), dtype=np.float32)), {}),
    "progressive": ("a.jpg", picture(), {"progressive": True}),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_pictures_are_read(tmp_path, name):
    file, image, options = ODD[name]
    found = register_photograph(saved(tmp_path / file, image, **options))
    assert (found.width_px, found.height_px) == image.size
    assert found.note == ""


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.tif"])
def test_of_an_animation_the_first_frame_is_read(tmp_path, name):
    frames = [picture(mode="L").point([level] * 256) for level in (10, 120, 250)]
    found = register_photograph(saved(tmp_path / name, frames[0], save_all=True, append_images=frames[1:]))
    assert "3 frames" in found.note
    assert (found.width_px, found.height_px) == (64, 48)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.webp"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_cut_off_pictures(tmp_path, name, part):
    path = saved(tmp_path / name, picture(400, 300))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    assert "damaged or cut off" in refused(path) or "is not a picture" in refused(path)


def test_a_cut_off_large_png_is_noticed_without_decoding_it(tmp_path, monkeypatch):
    monkeypatch.setattr("forensics.intake.photographs._DECODE_WHOLE", 100)
    path = saved(tmp_path / "a.png", picture(400, 300))
    assert register_photograph(path).width_px == 400
    path.write_bytes(path.read_bytes()[:-2000])
    assert "damaged or cut off" in refused(path)


def test_bytes_changed_inside_a_png(tmp_path):
    path = saved(tmp_path / "a.png", picture(400, 300))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    assert "damaged or cut off" in refused(path)


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises a size its data do not hold."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_not_decoded(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(bomb(60_000, 60_000))
    text = refused(path)
    assert "60000 x 60000 pixels (3600 megapixels); it was not decoded" in text
    path.write_bytes(bomb(2**31 - 1, 2**31 - 1))
    assert "not decoded" in refused(path)


def test_pillows_limit_is_put_back(tmp_path):
    before = Image.MAX_IMAGE_PIXELS
    path = tmp_path / "a.png"
    path.write_bytes(bomb(60_000, 60_000))
    refused(path)
    assert before == Image.MAX_IMAGE_PIXELS


NO_PICTURE = {
    "text": (b"dear colleague, please find attached the photographs\n", "is not a picture but text"),
    "html": (b"<html>not found</html>", "a web page"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
    "workbook": (b"PK\x03\x04" + bytes(100), "an archive or a workbook"),
    "noise": (bytes(range(256)), "is not a picture"),
    "empty": (b"", "is empty"),
    "raw": (b"II*\x00" + b"\xff" * 60, ""),
}


@pytest.mark.parametrize("name", NO_PICTURE)
def test_files_that_are_no_pictures(tmp_path, name):
    content, expected = NO_PICTURE[name]
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    assert expected in refused(path)


def test_other_formats_are_named(tmp_path):
    assert "is a GIF picture" in refused(saved(tmp_path / "a.gif", picture()))
    assert "JPEG, PNG, TIFF, WebP or HEIC" in refused(saved(tmp_path / "b.bmp", picture()))


def test_missing_folder_and_pipe(tmp_path):
    assert "shown.jpg: cannot be read" in refused(tmp_path / "no.jpg", shown_as="shown.jpg")
    assert "is a folder" in refused(tmp_path)
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "not a regular file" in refused(tmp_path / "pipe.jpg")


def test_no_warning_reaches_the_user(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        register_photograph(saved(tmp_path / "a.png", picture(mode="P"), transparency=b"\x00\x10"))


def test_twice_the_same_bytes_give_the_same_record(tmp_path):
    data = io.BytesIO()
    picture().save(data, "JPEG")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.jpg").write_bytes(data.getvalue())
    assert register_photograph(tmp_path / "a/x.jpg") == register_photograph(tmp_path / "b/x.jpg")


def test_intake_starts_without_pillow_and_pandas():
    heavy = ("PIL", "pandas", "numpy", "openpyxl")
    code = f"import sys, forensics.intake; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "[]"
