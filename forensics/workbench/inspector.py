"""The process that touches what strangers send: it decodes pictures and reads sheets, with bounds on what it may use.

Started by ``workshop``; asked and answered in lines of JSON over its standard streams. It has no session, no secret
and no need of the network, and may be killed at any time.
"""

from __future__ import annotations

import base64
import io
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.errors import ForensicsError, InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from forensics.examine.imaging.pixels import Pixels

TILE_PX = 512
THUMBNAIL_PX = 360
MEMORY_BYTES = 4_000_000_000
LARGEST_FILE_BYTES = 400_000_000


def _bound() -> None:
    """Limits on memory, on the size of files written, on open files. Where the system has none, there are none."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415

        for kind, most in (
            (resource.RLIMIT_AS, MEMORY_BYTES),
            (resource.RLIMIT_FSIZE, LARGEST_FILE_BYTES),
            (resource.RLIMIT_NOFILE, 128),
            (resource.RLIMIT_CORE, 0),
        ):
            with suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, most))


class _Bench:
    """The last picture decoded, with its reduced copies, so that tiles and crops of one picture are cheap."""

    def __init__(self) -> None:
        self._key: tuple[str, int, int] | None = None
        self._pixels: Pixels | None = None
        self._levels: dict[int, npt.NDArray[np.uint8]] = {}

    def level(self, path: Path, number: int) -> npt.NDArray[np.uint8]:
        """The upright picture at 1 / 2**number of its size."""
        pixels = self.pixels(path)
        if number == 0:
            return pixels.rgb
        if number not in self._levels:
            import numpy as np  # noqa: PLC0415
            from PIL import Image  # noqa: PLC0415

            above = Image.fromarray(self.level(path, number - 1))
            size = (max(1, (above.width + 1) // 2), max(1, (above.height + 1) // 2))
            self._levels[number] = np.asarray(above.resize(size, Image.Resampling.BOX))
        return self._levels[number]

    def pixels(self, path: Path) -> Pixels:
        """Decoded once."""
        from forensics.examine.imaging.pixels import load  # noqa: PLC0415

        status = path.stat()
        key = (str(path), status.st_size, status.st_mtime_ns)
        if self._key != key or self._pixels is None:
            self._pixels, self._levels = None, {}
            self._pixels, self._key = load(path), key
        return self._pixels


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.part")
    beside.write_bytes(data)
    beside.replace(target)


def _jpeg(pixels: npt.NDArray[np.uint8], quality: int = 85) -> bytes:
    from PIL import Image  # noqa: PLC0415

    written = io.BytesIO()
    Image.fromarray(pixels).save(written, format="JPEG", quality=quality)
    return written.getvalue()


def _thumbnail(asked: dict[str, Any]) -> dict[str, Any]:
    """A small copy; JPEG is decoded at an eighth of its size, which is what makes 200 of them bearable."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    from forensics.examine.imaging.pixels import LARGEST_PIXELS, load  # noqa: PLC0415

    path = Path(asked["path"])
    side = int(asked.get("side_px", THUMBNAIL_PX))
    picture: Image.Image | None = None
    Image.MAX_IMAGE_PIXELS = LARGEST_PIXELS
    with suppress(Exception), Image.open(path) as opened:
        if opened.format in ("JPEG", "MPO") and opened.mode in ("RGB", "L"):
            opened.draft("RGB", (side, side))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    if picture is None:
        picture = Image.fromarray(load(path).rgb)
    picture.thumbnail((side, side))
    written = io.BytesIO()
    picture.save(written, format="JPEG", quality=80)
    _write(Path(asked["target"]), written.getvalue())
    return {}


def _frame(asked: dict[str, Any], bench: _Bench) -> dict[str, Any]:
    pixels = bench.pixels(Path(asked["path"]))
    height, width = pixels.rgb.shape[:2]
    return {
        "width_px": int(width),
        "height_px": int(height),
        "stored_width_px": pixels.stored_width_px,
        "stored_height_px": pixels.stored_height_px,
        "orientation": pixels.orientation,
        "tile_px": TILE_PX,
    }


def _tile(asked: dict[str, Any], bench: _Bench) -> dict[str, Any]:
    level = bench.level(Path(asked["path"]), max(0, min(12, int(asked["level"]))))
    x, y = int(asked["x"]) * TILE_PX, int(asked["y"]) * TILE_PX
    if not (0 <= x < level.shape[1] and 0 <= y < level.shape[0]):
        return {"refused": "there is no such tile."}
    _write(Path(asked["target"]), _jpeg(level[y : y + TILE_PX, x : x + TILE_PX]))
    return {}


def _crop(asked: dict[str, Any], bench: _Bench) -> dict[str, Any]:
    """A region of the upright picture, at most ``side_px`` on its longer side."""
    from PIL import Image  # noqa: PLC0415

    pixels = bench.pixels(Path(asked["path"])).rgb
    x, y, width, height = (int(asked[name]) for name in ("x", "y", "width", "height"))
    x, y = max(0, x), max(0, y)
    part = pixels[y : y + max(1, height), x : x + max(1, width)]
    if not part.size:
        return {"refused": "the region lies outside the photograph."}
    picture = Image.fromarray(part)
    side = int(asked.get("side_px", 480))
    if max(picture.size) > side:
        picture.thumbnail((side, side))
    written = io.BytesIO()
    picture.save(written, format="JPEG", quality=88)
    _write(Path(asked["target"]), written.getvalue())
    return {}


def _report(asked: dict[str, Any]) -> dict[str, Any]:
    """Copies of a photograph and its regions as a report embeds them."""
    from forensics.examine import report_copies  # noqa: PLC0415
    from forensics.model.evidence import Box  # noqa: PLC0415

    boxes = list(dict.fromkeys(Box.model_validate(box) for box in asked["boxes"]))
    whole, regions = report_copies(Path(asked["path"]), boxes)
    images = {asked["name"]: whole}
    for box, copy in regions.items():
        images[f"{asked['name']}#xywh={box.x},{box.y},{box.width},{box.height}"] = copy
    return {"images": {name: base64.b64encode(data).decode("ascii") for name, data in images.items()}}


def _register(asked: dict[str, Any]) -> dict[str, Any]:
    from forensics.intake import register_photograph  # noqa: PLC0415

    photograph = register_photograph(
        Path(asked["path"]),
        item=asked.get("item", ""),
        part=asked.get("part"),
        shown_as=asked.get("shown_as"),
        is_render=bool(asked.get("is_render")),
        note=asked.get("note", ""),
    )
    return {"photograph": photograph.model_dump(mode="json")}


def _upload(asked: dict[str, Any]) -> dict[str, Any]:
    """Whether an uploaded file is what its name says, decodes to its end, and is nothing else besides."""
    path = Path(asked["path"])
    if asked["kind"] == "photograph":
        from forensics.intake import reason_polyglot, register_photograph  # noqa: PLC0415

        reason = reason_polyglot(path)
        if reason:
            return {"refused": reason}
        found = register_photograph(path)
        return {"what": f"{found.format}, {found.width_px} × {found.height_px} px"}
    from forensics.catalogue import load  # noqa: PLC0415
    from forensics.intake import check_sheet, read_sheet  # noqa: PLC0415

    vocabulary = load(Path(asked["catalogue"]) if asked.get("catalogue") else None).vocabulary
    faults = check_sheet(path, vocabulary, shown_as=asked.get("shown_as") or path.name)
    if faults:
        return {"refused": "\n".join(str(fault) for fault in faults)}
    return {"what": f"{len(read_sheet(path, vocabulary))} observations"}


def _answer(asked: dict[str, Any], bench: _Bench) -> dict[str, Any]:
    tasks: dict[str, Callable[[], dict[str, Any]]] = {
        "ready": dict,
        "thumbnail": lambda: _thumbnail(asked),
        "frame": lambda: _frame(asked, bench),
        "tile": lambda: _tile(asked, bench),
        "crop": lambda: _crop(asked, bench),
        "report": lambda: _report(asked),
        "register": lambda: _register(asked),
        "upload": lambda: _upload(asked),
    }
    try:
        answer = tasks[asked["do"]]()
    except InputError as error:
        reason = " ".join(f"{fault.message} {fault.advice}".strip() for fault in error.faults)
        answer = {"refused": reason}
    except ForensicsError as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": "needs more memory than it may have."}
    except Exception as error:  # decoders meet bytes from strangers and raise whatever they stumble over
        answer = {"refused": f"cannot be read: {type(error).__name__}: {error}"}
    return answer


def main() -> None:
    """Answer line by line until the input ends."""
    _bound()
    bench = _Bench()
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever a library prints must not look like an answer
    for line in sys.stdin:
        reply = _answer(json.loads(line), bench)
        answers.write(json.dumps(reply) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
