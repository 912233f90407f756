"""Cells of the finder's answer joined into lines, on answers made up exactly."""

import cv2
import numpy as np
import pytest

from forensics.examine.markings.grouping import BAND, INSET, NARROW_INSET, Cells, regions_of

STEP = 4
SIDE = 100


def answer(along: np.ndarray, across: np.ndarray, long: float, high: float, way: np.ndarray) -> Cells:
    """What a perfect network says of one line, from each cell's place along and across it (pixels, middle 0)."""
    end = min(INSET * high, NARROW_INSET * long)
    inside = (np.abs(along) < long / 2 - end) & (np.abs(across) < BAND / 2 * high)
    return Cells(
        inside.astype(np.float32),
        np.cos(way).astype(np.float32),
        np.sin(way).astype(np.float32),
        np.full(inside.shape, high, np.float32),
        np.cos(2 * way).astype(np.float32),
        np.sin(2 * way).astype(np.float32),
    )


def places() -> tuple[np.ndarray, np.ndarray]:
    yy, xx = np.mgrid[0:SIDE, 0:SIDE].astype(float)
    return xx * STEP + STEP / 2, yy * STEP + STEP / 2


@pytest.mark.parametrize("degrees", [0, 35, 90, 170, -120])
@pytest.mark.parametrize("long", [30.0, 160.0])
def test_a_straight_line(degrees: float, long: float) -> None:
    x, y = places()
    way = np.full(x.shape, np.deg2rad(degrees))
    dx, dy = x - 200, y - 190
    cells = answer(dx * np.cos(way) + dy * np.sin(way), dy * np.cos(way) - dx * np.sin(way), long, 36.0, way)
    (region,) = regions_of(cells, STEP)
    assert np.abs(np.exp(1j * np.deg2rad(region.direction_deg - degrees)) - 1) < 0.06
    wanted = cv2.boxPoints(((200, 190), (long, 36.0), degrees))
    shared, _ = cv2.intersectConvexConvex(np.array(region.quad, np.float32), wanted)
    union = cv2.contourArea(np.array(region.quad, np.float32)) + 36 * long - shared
    assert shared / union > 0.75
    assert region.arc is None
    assert region.way_sureness > 0.95


@pytest.mark.parametrize("outward", [True, False])
@pytest.mark.parametrize("at", [-90.0, 20.0])
def test_a_line_along_a_circle(outward: bool, at: float) -> None:
    x, y = places()
    radius, sweep = 110.0, np.deg2rad(80)
    angle = np.arctan2(y - 200, x - 200)
    offset = np.angle(np.exp(1j * (angle - np.deg2rad(at))))
    cells = answer(
        offset * radius,
        np.hypot(x - 200, y - 200) - radius,
        sweep * radius,
        30.0,
        angle + (1 if outward else -1) * np.pi / 2,
    )
    (region,) = regions_of(cells, STEP)
    assert region.arc is not None
    assert region.arc.outward is outward
    assert np.hypot(region.arc.centre[0] - 200, region.arc.centre[1] - 200) < 4
    assert region.arc.radius == pytest.approx(radius, abs=4)
    assert abs(region.arc.end_deg - region.arc.start_deg) == pytest.approx(80, abs=6)


def test_cells_that_agree_on_no_axis_are_no_line() -> None:
    rng = np.random.default_rng(1)
    x, y = places()
    cells = answer(x - 200, y - 200, 120.0, 30.0, rng.uniform(-np.pi, np.pi, x.shape))
    assert regions_of(cells, STEP) == []


def test_two_lines_are_two() -> None:
    x, y = places()
    way = np.zeros(x.shape)
    one, other = answer(x - 200, y - 150, 200.0, 30.0, way), answer(x - 200, y - 190, 200.0, 30.0, way)
    both = Cells(np.maximum(one.chance, other.chance), one.cos, one.sin, one.height_px, one.double_cos, one.double_sin)
    assert len(regions_of(both, STEP)) == 2
