"""Rings of fasteners: search, reading, windows and what the examiner says, on drawn plates."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.examine.examiner import Brief
from forensics.examine.imaging.arcs import EdgeEllipse
from forensics.examine.imaging.ellipses import points_on
from forensics.examine.rings.confidence import count_interval
from forensics.examine.rings.examiner import RingsExaminer
from forensics.examine.rings.finder import FINDER, Fasteners, find_fasteners, heat
from forensics.examine.rings.finding import find_rings
from forensics.examine.rings.network import Network
from forensics.examine.rings.pointing import from_points
from forensics.examine.rings.reading import READER
from forensics.examine.rings.search import drawn_to, propose_rings
from forensics.examine.rings.strip import ROWS, WRAP, network_input, unrolled
from forensics.examine.rings.windows import visible_windows
from forensics.model.evidence import Photograph
from forensics.model.values import NotExaminable


def photograph(part: str | None = None) -> Photograph:
    return Photograph(path="a.png", sha256="0" * 64, bytes=1, format="PNG", width_px=640, height_px=480, part=part)


def scattered(spots: np.ndarray, radius: float, sure: float, noise: int) -> Fasteners:
    rng = np.random.default_rng(4)
    clutter = rng.uniform(0, [640, 480], (noise, 2))
    every = np.concatenate([spots, clutter])
    belief = np.concatenate([np.full(len(spots), sure), rng.uniform(0.1, 0.4, noise)])
    radii = np.concatenate([np.full(len(spots), radius), rng.uniform(3, 12, noise)])
    return Fasteners(every, radii, belief, np.zeros(len(every), dtype=bool))


@pytest.mark.parametrize("count", [8, 12, 20])
@pytest.mark.parametrize("flat", [1.0, 0.6])
def test_an_ellipse_of_like_fasteners_is_proposed_among_clutter(count: int, flat: float) -> None:
    truth = np.array([300.0, 240.0, 130.0, 130.0 * flat, 0.5])
    uneven = np.sort(
        np.random.default_rng(count).uniform(0, 2 * np.pi, 1)
        + np.cumsum(np.tile([0.7, 1.3], count // 2)) * 2 * np.pi / count
    )
    spots = points_on(truth, uneven)[0]
    best = propose_rings(scattered(spots, 8.0, 0.7, 60), [], (480, 640))[0]
    np.testing.assert_allclose(best.ellipse[:2], truth[:2], atol=4)
    assert set(range(count)) <= set(best.members.tolist())


def test_too_few_fasteners_propose_nothing() -> None:
    assert propose_rings(scattered(np.zeros((0, 2)), 8.0, 0.7, 2), [], (480, 640)) == []


def test_half_a_ring_moves_an_ellipse_without_bending_it() -> None:
    truth = np.array([300.0, 240.0, 130.0, 90.0, 0.3])
    start = np.array([304.0, 237.0, 126.0, 126.0 * 90 / 130, 0.3])
    spots = points_on(truth, np.linspace(0, np.pi, 9))[0]
    moved = drawn_to(start, spots, np.ones(9))
    before = np.abs(np.linalg.norm(start[:2] - truth[:2]))
    assert np.linalg.norm(moved[:2] - truth[:2]) < before
    assert moved[3] / moved[2] == pytest.approx(90 / 130, abs=0.02)


def plate(count: int = 12, covered: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A pale plate with hexagon heads lit from one side, on soil; its ring and the heads' angles."""
    rng = np.random.default_rng(8)
    picture = np.float32(rng.normal(90, 18, (480, 640, 1))) * np.float32([1.0, 0.85, 0.7])
    picture = cv2.GaussianBlur(picture, (0, 0), 1.2)
    ring = np.array([320.0, 240.0, 130.0, 104.0, 0.0])
    cv2.ellipse(picture, (320, 240), (178, 142), 0, 0, 360, (150, 150, 145), -1, cv2.LINE_AA)
    cv2.ellipse(picture, (320, 240), (50, 40), 0, 0, 360, (60, 60, 60), -1, cv2.LINE_AA)
    turns = np.arange(count) * 2 * np.pi / count + 0.2
    for x, y in points_on(ring, turns)[0]:
        cv2.ellipse(picture, (round(x + 4), round(y + 4)), (10, 8), 0, 0, 360, (70, 70, 66), -1, cv2.LINE_AA)
        corners = [(x + 10 * np.cos(a), y + 8 * np.sin(a)) for a in np.arange(6) * np.pi / 3]
        cv2.fillPoly(picture, [np.int32(np.round(np.array(corners) * 16))], (190, 185, 170), cv2.LINE_AA, 4)
        cv2.ellipse(picture, (round(x), round(y)), (5, 4), 0, 0, 360, (205, 200, 188), -1, cv2.LINE_AA)
    if covered:
        picture[:, :250] = rng.normal(60, 15, (480, 250, 1))
    picture += rng.normal(0, 3, picture.shape)
    return np.uint8(np.clip(cv2.GaussianBlur(picture, (0, 0), 0.8), 0, 255)), ring, turns


def test_windows_leave_out_what_is_hidden_and_keep_what_was_found() -> None:
    seen = np.ones(200)
    seen[90:130] = 0.1
    seen[20] = 0.0  # one cell is noise
    windows = visible_windows(seen, np.array([0.1, 3.6]), 0.05)
    hidden = (90 / 200 * 2 * np.pi, 130 / 200 * 2 * np.pi)

    def inside(turn: float) -> bool:
        return any(start <= turn + k * 2 * np.pi <= end for start, end in windows for k in (0, 1))

    assert inside(20.5 / 200 * 2 * np.pi) and inside(0.0) and inside(3.6)
    assert not inside(hidden[0] + 0.2) and not inside(hidden[1] - 0.1)


def test_windows_of_a_whole_ring_are_the_whole_circle() -> None:
    assert visible_windows(np.ones(120), np.array([1.0]), 0.05) == [(0.0, 2 * np.pi)]
    assert visible_windows(np.zeros(120), np.zeros(0), 0.05) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=8, max_size=60), st.integers(0, 59))
def test_windows_turn_with_the_ring(seen: list[float], by: int) -> None:
    cells, step = len(seen), 2 * np.pi / len(seen)
    first = visible_windows(np.array(seen), np.zeros(0), 0.05)
    turned = visible_windows(np.roll(seen, by), np.zeros(0), 0.05)
    assert len(first) == len(turned)
    before = sorted(((start + by * step) % (2 * np.pi), end - start) for start, end in first)
    after = sorted((start % (2 * np.pi), end - start) for start, end in turned)
    close = np.abs(np.exp(1j * np.array([a for a, _ in before])) - np.exp(1j * np.array([a for a, _ in after])))
    np.testing.assert_allclose(sorted(b for _, b in before), sorted(b for _, b in after), atol=1e-9)
    assert cells and (len(close) != 1 or close[0] < 1e-6 or before[0][1] > 6.28)


@pytest.mark.parametrize("network", [FINDER, READER])
def test_other_weights_than_the_released_ones_are_refused(network: Network) -> None:
    wrong = Network(network.file, "0" * 64)
    with pytest.raises(ValueError, match="released"):
        wrong.answer()


def test_a_strip_keeps_places_and_heads() -> None:
    rgb, ring, turns = plate()
    strip = unrolled(rgb, ring, 10.0)
    columns = np.mod(turns, 2 * np.pi) * strip.radius - 0.5
    back = strip.spots(columns, np.full(len(turns), (ROWS - 1) / 2))
    np.testing.assert_allclose(back, points_on(ring, turns)[0], atol=1e-6)
    # Heads are pale on a darker plate, and lie on the middle line.
    middle = strip.pixels[ROWS // 2 - 2 : ROWS // 2 + 2, :, :3].mean(axis=(0, 2))
    at = np.round(columns).astype(int) % strip.length
    assert middle[at].mean() > middle.mean() + 20


def test_strips_reach_over_the_edge_of_the_picture() -> None:
    rgb = np.full((100, 100, 3), 120, np.uint8)
    strip = unrolled(rgb, np.array([10.0, 50.0, 60.0, 40.0, 0.3]), 4.0)
    around, thumb = network_input(strip)
    assert 0 < (strip.pixels[..., 3] > 0).mean() < 1
    assert np.isfinite(around).all() and np.isfinite(thumb).all()
    assert around.shape == (4, ROWS, strip.length + 2 * WRAP)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.floats(0.5, 1), max_size=12), st.lists(st.floats(0, 0.499), max_size=12))
def test_the_interval_holds_the_count_and_widens_with_doubt(sure: list[float], others: list[float]) -> None:
    low, high = count_interval(np.array(sure), np.array(others))
    assert 0 <= low <= len(sure) <= high <= len(sure) + len(others)
    assert count_interval(np.full(len(sure), 1.0), np.zeros(0)) == (len(sure), len(sure))


def test_three_clicked_bolts_give_the_circle_under_the_tilt_of_an_edge() -> None:
    rgb, ring, turns = plate()
    edge = EdgeEllipse(np.array([320.0, 240.0, 178.0, 142.0, 0.0]), 0.9, 1.0)
    proposals = from_points(rgb, points_on(ring, turns[:3])[0], [edge])
    off = [np.abs(one[:4] - ring[:4]).max() for one, _ in proposals]
    assert min(off) < 3
    assert from_points(rgb, points_on(ring, turns[:2])[0], [edge]) == []


def test_the_finder_answers_for_any_size() -> None:
    for shape in ((37, 51, 3), (64, 64, 3), (24, 130, 3)):
        answer = heat(np.zeros(shape, np.uint8))
        assert answer.shape == (-(-shape[0] // 4), -(-shape[1] // 4), 5)
        assert np.isfinite(answer).all()


def test_heads_are_found_where_they_are() -> None:
    rgb, ring, turns = plate()
    found = find_fasteners(rgb)
    away = np.linalg.norm(points_on(ring, turns)[0][:, None] - found.spots[None], axis=2).min(axis=1)
    assert (away < 6).mean() >= 0.7


@pytest.mark.parametrize("shape", [(1, 1, 3), (20, 700, 3), (64, 64, 3)])
def test_small_and_black_pictures_have_no_rings(shape: tuple[int, int, int]) -> None:
    assert find_rings(np.zeros(shape, np.uint8)) == []


def test_no_ring_on_a_photograph_of_the_plate_is_said_and_elsewhere_is_silence() -> None:
    black = np.zeros((100, 100, 3), np.uint8)
    said = list(RingsExaminer(Brief()).examine(photograph("igniter_plate"), black))
    assert len(said) == 1 and isinstance(said[0].value, NotExaminable) and said[0].value.reason
    assert list(RingsExaminer(Brief()).examine(photograph(), black)) == []


def test_the_same_pixels_give_the_same_rings() -> None:
    rgb, _, _ = plate()
    one, other = (list(RingsExaminer(Brief()).examine(photograph("igniter_plate"), rgb)) for _ in range(2))
    assert [o.model_dump_json() for o in one] == [o.model_dump_json() for o in other]
