"""The packaged networks: they load, say what they are, and read and find plain print."""

import cv2
import numpy as np
import pytest

from forensics.examine.markings.decoding import beam, best
from forensics.examine.markings.finder import find_text
from forensics.examine.markings.network import Reader
from forensics.examine.markings.regions import Arc, TextRegion, straightened
from forensics.examine.markings.weights import Network, WeightsError, packaged


def printed(text: str, dark: bool = True) -> np.ndarray:
    """A line of OpenCV's own letters, which no training saw."""
    (wide, high), base = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 1.4, 3)
    picture = np.full((high + base + 14, wide + 20), 200 if dark else 50, np.uint8)
    cv2.putText(picture, text, (10, high + 7), cv2.FONT_HERSHEY_DUPLEX, 1.4, 40 if dark else 220, 3, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8))


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("text", ["2318", "B-429", "113"])
def test_the_reader_reads_plain_print(text: str, dark: bool) -> None:
    frames = Reader.load().frames([printed(text, dark)])[0]
    assert beam(frames)[0].text == text
    assert best(frames).text == text


def test_frames_are_log_probabilities_and_depend_on_their_own_crop_only() -> None:
    crops = [printed("12"), printed("BAT85K002-003"), np.full((3, 400), 7, np.uint8), np.zeros((1, 1), np.uint8)]
    together = Reader.load().frames(crops)
    for crop, frames in zip(crops, together, strict=True):
        for part in (frames.symbols, frames.initials, frames.medials, frames.finals):
            assert np.exp(part).sum(axis=1) == pytest.approx(1.0, abs=1e-4)
        alone = Reader.load().frames([crop])[0]
        assert np.allclose(alone.symbols, frames.symbols, atol=1e-3)
    assert Reader.load().frames([]) == ()


def test_an_even_surface_is_not_read() -> None:
    flat = np.full((40, 160), 120, np.uint8)
    assert best(Reader.load().frames([flat])[0]).text == ""


def test_weights_say_what_they_are() -> None:
    reader = Reader.load()
    assert reader.version
    assert len(reader.digest) == 64
    with pytest.raises(WeightsError, match="missing"):
        packaged("no-such-network")


def test_weights_of_another_alphabet_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network("reader", packaged("reader").weights)
    network.told["symbols"] = "0123456789"
    with pytest.raises(WeightsError, match="alphabet"):
        Reader(network)


@pytest.mark.parametrize("crop", [np.zeros((0, 5), np.uint8), np.zeros((5, 5, 3), np.uint8), np.zeros((5, 5))])
def test_what_is_no_grey_crop_is_refused(crop: np.ndarray) -> None:
    with pytest.raises(ValueError, match="grey"):
        Reader.load().frames([crop])


def scene(angle: float) -> np.ndarray:
    """A grey wall with one line across the middle, turned clockwise by an angle."""
    rng = np.random.default_rng(3)
    picture = cv2.GaussianBlur(rng.normal(150, 12, (480, 480)).astype(np.float32), (0, 0), 1.5)
    line = printed("3152204015").astype(np.float32) - 200
    sheet = np.zeros((480, 480), np.float32)
    sheet[240 - line.shape[0] // 2 :, 240 - line.shape[1] // 2 :][: line.shape[0], : line.shape[1]] = line
    turned = cv2.warpAffine(sheet, cv2.getRotationMatrix2D((240, 240), -angle, 1.0), (480, 480))
    return np.repeat(np.clip(picture + turned, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def test_the_finder_finds_a_line_on_a_wall() -> None:
    first = find_text(scene(0.0))[0]
    middle = np.mean(first.quad, axis=0)
    assert np.hypot(*(middle - 240)) < 40
    crop = straightened(cv2.cvtColor(scene(0.0), cv2.COLOR_RGB2GRAY), first)
    assert crop.shape[0] == 48


def test_the_finder_takes_any_picture() -> None:
    for shape in ((1, 1, 3), (5, 3000, 3), (40, 40), (33, 700, 3)):
        assert isinstance(find_text(np.zeros(shape, np.uint8)), tuple)
    with pytest.raises(ValueError, match="uint8"):
        find_text(np.zeros((10, 10)))


def test_a_line_along_a_circle_is_unrolled() -> None:
    picture = np.full((300, 300), 90, np.uint8)
    for degrees in range(200, 341, 20):  # ticks across a ring, tops outward
        turn = np.deg2rad(degrees)
        ends = [(150 + r * np.cos(turn), 150 + r * np.sin(turn)) for r in (90, 110)]
        cv2.line(picture, *(tuple(int(v) for v in end) for end in ends), 240, 3)
    arc = Arc((150.0, 150.0), 100.0, 195.0, 345.0)
    assert arc.outward
    box = ((50.0, 40.0), (250.0, 40.0), (250.0, 150.0), (50.0, 150.0))
    crop = straightened(picture, TextRegion(box, 0.0, 24.0, 1.0, 1.0, arc), margin=0.0, height_px=24)
    for rows in (slice(4, 8), slice(16, 20)):  # ticks stand upright: as many below as above, in the same columns
        bright = crop[rows].mean(axis=0) > 160
        assert np.count_nonzero(np.diff(bright.astype(int)) == 1) == 8
    assert np.corrcoef(crop[5].astype(float), crop[18].astype(float))[0, 1] > 0.9


def test_turning_a_region_twice_gives_it_back() -> None:
    region = TextRegion(
        ((0.0, 0.0), (9.0, 0.0), (9.0, 3.0), (0.0, 3.0)), 10.0, 3.0, 0.5, 0.9, Arc((4.0, 9.0), 8.0, 200.0, 340.0)
    )
    assert region.turned().direction_deg == -170.0
    assert region.turned().arc is not None and not region.turned().arc.outward
    assert region.turned().turned() == region
