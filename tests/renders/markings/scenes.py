"""Small scenes with writing anywhere, any way up, along lines and circles, and where it is: to train the finder on.

``Scenes(seed).scene()`` gives a grey picture and, for every fourth pixel, whether the middle of a line runs there,
which way it reads and how high it is.
"""

from __future__ import annotations

import cv2
import numpy as np
from marks import Marks

SIDE = 256
STEP = 4


class Scenes(Marks):
    """Scenes from one seed."""

    def __init__(self, seed, held=False, surfaces=120):
        super().__init__(seed, held, surfaces)
        yy, xx = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
        self.xx, self.yy = xx, yy

    def backdrop(self):
        """One to three surfaces side by side, as where items lie on ground."""
        rng = self.rng
        out = self.wild.cut(SIDE, SIDE)
        for _ in range(int(rng.choice([0, 0, 1, 2]))):
            other = self.wild.cut(SIDE, SIDE) if self.chance(0.6) else self.bank.cut(SIDE, SIDE)
            kind = rng.integers(3)
            if kind == 0:
                turn = rng.uniform(0, 6.28)
                inside = (
                    (self.xx - SIDE * rng.uniform(0.1, 0.9)) * np.cos(turn)
                    + (self.yy - SIDE * rng.uniform(0.1, 0.9)) * np.sin(turn)
                ) > 0
            elif kind == 1:
                inside = np.hypot(self.xx - rng.uniform(0, SIDE), self.yy - rng.uniform(0, SIDE)) < rng.uniform(30, 150)
            else:
                box = cv2.boxPoints(
                    (
                        (float(rng.uniform(0, SIDE)), float(rng.uniform(0, SIDE))),
                        (float(rng.uniform(60, 250)), float(rng.uniform(40, 200))),
                        float(rng.uniform(0, 180)),
                    )
                )
                sheet = np.zeros((SIDE, SIDE), np.uint8)
                cv2.fillConvexPoly(sheet, np.round(box).astype(np.int32), 1)
                inside = sheet > 0
            soft = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), rng.uniform(0.4, 1.5))
            out = out * (1 - soft) + other * soft
            if self.chance(0.4):
                edge = cv2.Sobel(soft, cv2.CV_32F, 1, 0) + cv2.Sobel(soft, cv2.CV_32F, 0, 1)
                out = out + rng.uniform(-0.3, 0.3) * edge
        return np.clip(out, 0.02, 0.98).astype(np.float32)

    def placed(self, w, h, high):
        """Where a line of w by h stands in the scene: its own coordinates for every pixel, or None if outside."""
        rng = self.rng
        scale = high / h
        long = w * scale
        r = rng.random()
        turn = np.deg2rad(
            rng.normal(0, 7) if r < 0.33 else (180 + rng.normal(0, 8) if r < 0.43 else rng.uniform(-180, 180))
        )
        if self.chance(0.27):  # along a circle, reading with its top outward or inward
            radius = max(rng.uniform(1.3, 7) * high, long / rng.uniform(1.0, 4.5))
            outward = self.chance(0.6)
            middle = np.array([SIDE / 2, SIDE / 2]) + rng.uniform(-0.42, 0.42, 2) * SIDE
            up = turn - np.pi / 2
            centre = middle - radius * np.array([np.cos(up), np.sin(up)]) * (1 if outward else -1)
            dx, dy = self.xx - centre[0], self.yy - centre[1]
            r_map = np.hypot(dx, dy)
            at = up if outward else up + np.pi
            angle = np.angle(np.exp(1j * (np.arctan2(dy, dx) - at)))
            sign = 1 if outward else -1
            u = sign * angle * radius / scale + w / 2
            v = -sign * (r_map - radius) / scale + h / 2
            ring = (centre, radius)
        else:
            tilt = rng.uniform(0.65, 1.0) if self.chance(0.4) else 1.0
            shear = rng.normal(0, 0.12)
            middle = np.array([SIDE / 2, SIDE / 2]) + rng.uniform(-0.45, 0.45, 2) * SIDE
            dx, dy = self.xx - middle[0], self.yy - middle[1]
            along = dx * np.cos(turn) + dy * np.sin(turn)
            across = -dx * np.sin(turn) + dy * np.cos(turn)
            if self.chance(0.3):
                across = across * (1 + rng.normal(0, 0.1) * along / max(long, 1))
            u = (along / tilt + shear * across) / scale + w / 2
            v = across / scale + h / 2
            ring = None
        return u.astype(np.float32), v.astype(np.float32), ring

    def scene(self):
        """picture (256, 256) uint8; truth (5, 64, 64): middle of a line (1, 0, or -1 where not judged), cos, sin, log2 of height / 16."""
        rng = self.rng
        picture = self.backdrop()
        cells = SIDE // STEP
        truth = np.zeros((4, cells, cells), np.float32)
        taken = np.zeros((SIDE, SIDE), bool)
        highs = []
        for _ in range(int(rng.choice([0, 1, 2, 3, 5], p=[0.2, 0.25, 0.25, 0.2, 0.1]))):
            drawn, sits = self.way()
            high = float(np.exp(rng.uniform(np.log(9), np.log(75))))
            lines = [self.line(self.texts.any(), drawn)]
            while self.chance(0.25) and len(lines) < 3:
                lines.append(self.line(self.texts.any(), drawn))
            fit = (
                min(1.0, *(0.98 * SIDE / (one.shape[1] * high / one.shape[0]) for one in lines))
                if self.chance(0.8)
                else 1.0
            )
            high *= fit
            if high < 7:
                continue
            u, v, ring = self.placed(lines[0].shape[1], lines[0].shape[0], high)
            sheet, ok, spots = np.zeros((SIDE, SIDE), np.uint8), True, []
            for number, one in enumerate(lines):
                h, w = one.shape
                # Each further line stands below, with the first line's beginning or middle.
                down = number * lines[0].shape[0] * rng.uniform(1.15, 1.6) if number else 0.0
                zoom = h / lines[0].shape[0]
                shift = (w / zoom - lines[0].shape[1]) / 2 if self.chance(0.5) else 0.0
                uu, vv = (u + shift) * zoom, (v - down) * zoom
                inside = (uu > 0) & (uu < w) & (vv > 0) & (vv < h)
                near = (uu > -0.2 * h) & (uu < w + 0.2 * h) & (vv > -0.2 * h) & (vv < 1.2 * h)
                if (near & taken).any() or inside.sum() < 60:
                    ok = number > 0
                    break
                spots.append((uu, vv, w, h, near, inside))
                sheet = np.maximum(sheet, cv2.remap(one, uu, vv, cv2.INTER_LINEAR))
            if not ok or not spots:
                continue
            rows, columns = np.flatnonzero(sheet.max(1)), np.flatnonzero(sheet.max(0))
            if not len(rows):
                continue
            m = int(0.8 * high) + 4
            window = (slice(max(0, rows[0] - m), rows[-1] + m), slice(max(0, columns[0] - m), columns[-1] + m))
            mask = np.ascontiguousarray(sheet[window])
            best = None
            for _ in range(4):
                ground = picture[window]
                if best is not None or self.chance(0.4):  # a calmer patch of material under the writing
                    patch = self.bank.cut(*mask.shape)
                    patch = patch.mean() + (patch - patch.mean()) * rng.uniform(0.1, 0.8)
                    uu, vv, w, h, _, _ = spots[0]
                    reach = rng.uniform(0.2, 0.8) * h
                    last_v = spots[-1][1]
                    inside = (uu > -reach) & (uu < w + reach) & (vv > -reach) & (last_v < spots[-1][3] + reach)
                    soft = cv2.GaussianBlur(inside[window].astype(np.float32), (0, 0), 0.8)
                    ground = ground * (1 - soft) + patch * soft
                scaled = self.raised(ground, mask) if sits == "raised" else self.painted(ground, mask)
                best = scaled
                if self._legible(scaled, ground, mask):
                    break
            else:
                continue
            if ring is not None and self.chance(0.6):
                best = self._rims(best, ring, high, window)
            picture[window] = np.clip(best, 0, 1.3)
            highs.append(high)
            for uu, vv, w, h, near, _ in spots:
                taken |= near
                self._note(truth, uu, vv, w, h, near)
        if self.chance(0.3):
            self._studs(picture, taken)
        if self.chance(0.5):
            self._clutter(picture, taken)
        out = self.photographed(picture, float(np.median(highs)) if highs else 30.0)
        return out, truth

    def _rims(self, picture, ring, high, window):
        """Rims, beads and grooves around the same centre as a line along a circle."""
        rng = self.rng
        (x, y), radius = ring
        r = np.hypot(self.xx[window] - x, self.yy[window] - y)
        out = picture
        for side in (1, -1):
            if self.chance(0.6):
                at, wide = radius + side * rng.uniform(0.75, 1.3) * high, rng.uniform(0.8, 3)
                band = np.exp(-(((r - at) / wide) ** 2))
                if self.chance(0.3):
                    around = np.cos(np.arctan2(self.yy[window] - y, self.xx[window] - x) * int(rng.integers(20, 110)))
                    band = band * (around > 0)
                out = out * (1 + rng.uniform(-0.6, 0.8) * band)
        return out.astype(np.float32)

    def _studs(self, picture, taken):
        """Rows of round things that are no writing."""
        rng = self.rng
        n, radius = int(rng.integers(3, 14)), int(rng.integers(2, 8))
        x, y, turn, pitch = rng.uniform(0, SIDE), rng.uniform(0, SIDE), rng.uniform(0, 6.28), rng.uniform(3, 8) * radius
        sheet = np.zeros((SIDE, SIDE), np.uint8)
        for number in range(n):
            cv2.circle(
                sheet,
                (int(x + number * pitch * np.cos(turn)), int(y + number * pitch * np.sin(turn))),
                radius,
                255,
                -1 if self.chance(0.7) else 1,
                cv2.LINE_AA,
            )
        sheet[taken] = 0
        made = self.raised(picture, sheet) if self.chance(0.6) else self.painted(picture, sheet)
        picture[:] = np.clip(made, 0, 1.3)

    def _clutter(self, picture, taken):
        """Heaps of small parts: hinges, lamps, brackets, plugs; as contrasty as writing and as large."""
        rng = self.rng
        for _ in range(int(rng.integers(1, 5))):
            sheet = np.zeros((SIDE, SIDE), np.uint8)
            x, y, size = rng.uniform(0, SIDE), rng.uniform(0, SIDE), np.exp(rng.uniform(np.log(6), np.log(60)))
            for _ in range(int(rng.integers(1, 9))):
                cx, cy = rng.normal(x, 0.8 * size), rng.normal(y, 0.5 * size)
                a, b = size * rng.uniform(0.1, 0.9), size * rng.uniform(0.08, 0.6)
                turn, fill, kind = (
                    float(rng.choice([0, 90, rng.uniform(0, 180)])),
                    -1 if self.chance(0.6) else int(rng.integers(1, 4)),
                    rng.integers(3),
                )
                if kind == 0:
                    cv2.ellipse(
                        sheet,
                        (int(cx), int(cy)),
                        (int(a), int(b)),
                        turn,
                        0,
                        360 if self.chance(0.8) else 180,
                        255,
                        fill,
                        cv2.LINE_AA,
                    )
                elif kind == 1:
                    box = np.round(cv2.boxPoints(((cx, cy), (2 * a, 2 * b), turn))).astype(np.int32)
                    cv2.drawContours(sheet, [box], 0, 255, fill, cv2.LINE_AA)
                else:
                    end = (int(cx + 1.5 * a * np.cos(turn)), int(cy + 1.5 * a * np.sin(turn)))
                    cv2.line(sheet, (int(cx), int(cy)), end, 255, max(1, int(0.15 * b)), cv2.LINE_AA)
            sheet[taken] = 0
            made = self.raised(picture, sheet) if self.chance(0.4) else self.painted(picture, sheet)
            picture[:] = np.clip(made, 0, 1.3)

    @staticmethod
    def _note(truth, u, v, w, h, near):
        """Enter one line into the truth maps."""
        at = slice(STEP // 2, None, STEP)
        ux, uy = np.gradient(u, axis=1)[at, at], np.gradient(u, axis=0)[at, at]
        vx, vy = np.gradient(v, axis=1)[at, at], np.gradient(v, axis=0)[at, at]
        us, vs, close = u[at, at], v[at, at], near[at, at]
        end = min(0.3 * h, 0.28 * w)
        middle = close & (us > end) & (us < w - end) & (np.abs(vs - h / 2) < 0.27 * h)
        truth[0][close & (truth[0] == 0)] = -1
        truth[0][middle] = 1
        length = np.hypot(ux, uy) + 1e-6
        tall = h / (np.hypot(vx, vy) + 1e-6)
        truth[1][close], truth[2][close] = (ux / length)[close], (uy / length)[close]
        truth[3][close] = np.log2(np.clip(tall, 4, 300) / 16)[close]
