"""Pictures and sheets that tests bring in, and where the workbench of the tests is."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

HOST = "127.0.0.1:8999"
ORIGIN = f"http://{HOST}"
SHEET = """item,trait,value,unit,uncertainty,method
1,body_diameter_mm,1100,mm,20,physical
1,igniter_bolt_ring,20 even,,,photograph
"""


def picture(width: int = 320, height: int = 240, text: str = "", format_: str = "JPEG", **options: object) -> bytes:
    """A small photograph."""
    image = Image.new("RGB", (width, height), (120, 130, 140))
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 4, height // 4, width // 2, height // 2), fill=(200, 190, 180))
    draw.text((width // 3, height // 3), text, fill=(10, 10, 10))
    written = io.BytesIO()
    image.save(written, format=format_, **options)
    return written.getvalue()
