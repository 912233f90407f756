"""The stored and the upright frame, against Pillow's own turning."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from forensics.examine.imaging.frame import (
    clip,
    point_to_stored,
    point_to_upright,
    to_stored,
    to_upright,
    upright_size,
)
from forensics.model.evidence import Box

WIDTH, HEIGHT = 50, 30
BOX = Box(x=7, y=3, width=12, height=5)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_painted_box_is_where_pillow_puts_it(orientation):
    stored = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    stored[BOX.y : BOX.y + BOX.height, BOX.x : BOX.x + BOX.width] = 255
    image = Image.fromarray(stored)
    image.getexif()[0x0112] = orientation
    upright = np.asarray(ImageOps.exif_transpose(image))
    rows, columns = np.nonzero(upright)
    turned = to_upright(BOX, orientation, WIDTH, HEIGHT)
    assert upright.shape == upright_size(orientation, WIDTH, HEIGHT)[::-1]
    assert (turned.x, turned.y) == (columns.min(), rows.min())
    assert (turned.width, turned.height) == (np.ptp(columns) + 1, np.ptp(rows) + 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_there_and_back(orientation):
    assert to_stored(to_upright(BOX, orientation, WIDTH, HEIGHT), orientation, WIDTH, HEIGHT) == BOX


def test_clip_cuts_at_the_edge():
    assert clip(Box(x=45, y=20, width=50, height=50), WIDTH, HEIGHT) == Box(x=45, y=20, width=5, height=10)


def test_clip_of_what_lies_outside_is_nothing():
    assert clip(Box(x=50, y=0, width=5, height=5), WIDTH, HEIGHT) is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_points_there_and_back(orientation):
    there = point_to_upright((7.5, 3.0), orientation, WIDTH, HEIGHT)
    assert point_to_stored(there, orientation, WIDTH, HEIGHT) == (7.5, 3.0)
