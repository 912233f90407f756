"""Finding stretches and turning them level, on pictures drawn here."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from forensics.examine.imaging.proposals import propose
from forensics.examine.imaging.straighten import bridged, dark_on_light, is_flat, level_crop, turned


def covers(proposal, box, least=0.7):
    x, y, wide, high = box
    mask = np.zeros((1400, 1400), dtype=np.uint8)
    cv2.fillConvexPoly(mask, proposal.corners(0.1).astype(np.int32), 1)
    return mask[y : y + high, x : x + wide].mean() >= least and mask.sum() < 4 * wide * high


class TestPropose:
    def test_a_line_is_found(self, written):
        picture = written([("91579", (300, 250))])
        assert any(covers(one, (305, 268, 160, 45)) for one in propose(picture)[:5])

    def test_light_writing_is_found_as_light(self, written):
        picture = written([("91579", (300, 250))], ink=230, paper=60)
        found = [one for one in propose(picture)[:5] if covers(one, (305, 268, 160, 45))]
        assert found
        assert found[0].light

    def test_two_lines_close_together_stay_two(self, written):
        picture = written([("MAKEUP", (200, 200)), ("ROOM", (220, 268))])
        found = propose(picture)
        assert any(covers(one, (205, 218, 215, 46)) and one.height < 80 for one in found)
        assert any(covers(one, (225, 286, 170, 46)) and one.height < 80 for one in found)

    def test_direction_of_a_turned_line(self, written):
        picture = written([("ABCDEFGH", (250, 250))])
        matrix = cv2.getRotationMatrix2D((450, 300), 30, 1)
        tilted = cv2.warpAffine(picture, matrix, (900, 600), borderMode=cv2.BORDER_REPLICATE)
        assert any(abs(one.angle_deg + 30) < 4 and one.length > 200 for one in propose(tilted)[:6])

    @pytest.mark.parametrize("shape", [(1, 1), (3, 900), (40, 40), (600, 800)])
    def test_nothing_in_black(self, shape):
        assert propose(np.zeros(shape, dtype=np.uint8)) == ()

    def test_number_is_limited(self):
        noise = np.random.default_rng(0).integers(0, 255, (500, 700)).astype(np.uint8)
        assert len(propose(noise, 10)) <= 10

    def test_large_pictures_give_places_in_their_own_pixels(self, written):
        picture = written([("91579", (300, 250))])
        large = cv2.resize(picture, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
        found = [one for one in propose(large)[:5] if one.length > 500]
        assert any(abs(one.centre[0] - 4 * 388) < 60 and abs(one.centre[1] - 4 * 290) < 60 for one in found)


class TestStraighten:
    QUAD = np.array([[10, 10], [50, 10], [50, 30], [10, 30]], dtype=float)

    def test_keeps_proportion(self):
        assert level_crop(np.zeros((60, 80), dtype=np.uint8), self.QUAD, 40).shape == (40, 80)

    def test_quarter_turns(self):
        picture = np.zeros((60, 80), dtype=np.uint8)
        picture[10:30, 10:20] = 255  # the left end of the line is white
        half = level_crop(picture, turned(self.QUAD, 2), 40)
        assert half[:, -10:].mean() > 200
        assert half[:, :10].mean() < 50
        assert level_crop(picture, turned(self.QUAD, 1), 40).shape[1] == 20

    def test_outside_repeats_the_edge(self):
        crop = level_crop(np.full((20, 20), 90, dtype=np.uint8), self.QUAD + 100, 32)
        assert crop.min() == crop.max() == 90

    def test_large_writing_is_shrunk_without_jags(self):
        stripes = np.zeros((800, 800), dtype=np.uint8)
        stripes[:, ::2] = 255
        quad = np.array([[0, 0], [800, 0], [800, 800], [0, 800]], dtype=float)
        assert abs(float(level_crop(stripes, quad, 40)[5:-5, 5:-5].mean()) - 127) < 8

    def test_polarity(self):
        assert dark_on_light(np.array([[200]], dtype=np.uint8), True)[0, 0] == 55
        assert dark_on_light(np.array([[200]], dtype=np.uint8), False)[0, 0] == 200

    def test_bridges_of_a_stencil_are_closed(self):
        stroke = np.full((64, 40), 230, dtype=np.uint8)
        stroke[:, 14:26] = 20
        stroke[30:33, :] = 230  # the bridge
        assert bridged(stroke)[31, 20] < 90
        assert bridged(stroke)[31, 4] > 200

    def test_flat(self):
        assert is_flat(np.full((30, 30), 7, dtype=np.uint8))
        assert not is_flat(np.tile(np.array([0, 200], dtype=np.uint8), (30, 15)))
