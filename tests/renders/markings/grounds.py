"""Grey pictures of surfaces without writing: metal, paint, rust, soot, brick, leaves, rivets, threads, grilles.

What writing is put on, and what the networks must learn to leave alone. Values 0 to 1, float32.
"""

from __future__ import annotations

import cv2
import numpy as np


def fractal(rng, height, width, coarse, octaves=4, fall=0.55):
    """Noise of mean 0, spread 1; ``coarse`` cells over the longer side."""
    out = np.zeros((height, width), np.float32)
    side = max(height, width)
    for k in range(octaves):
        cells = coarse * 2**k
        rows, columns = int(np.ceil(cells * height / side)) + 3, int(np.ceil(cells * width / side)) + 3
        if max(rows, columns) > side:
            break
        grid = rng.standard_normal((rows, columns)).astype(np.float32)
        out += fall**k * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
    out -= out.mean()
    return out / (out.std() + 1e-6)


def _plain(rng, h, w):
    return np.full((h, w), rng.uniform(0.1, 0.9), np.float32) + rng.uniform(0, 0.03) * fractal(rng, h, w, 3, 2)


def _brushed(rng, h, w):
    noise = rng.standard_normal((h, w)).astype(np.float32)
    noise = cv2.blur(noise, (int(rng.integers(15, 61)), 1))
    return rng.uniform(0.3, 0.75) + noise / noise.std() * rng.uniform(0.01, 0.06) + 0.05 * fractal(rng, h, w, 2, 2)


def _rust(rng, h, w):
    base = rng.uniform(0.15, 0.5)
    spots = fractal(rng, h, w, rng.uniform(6, 30), 5, rng.uniform(0.5, 0.8))
    return base + rng.uniform(0.04, 0.14) * spots + 0.05 * np.tanh(2 * fractal(rng, h, w, 3, 4))


def _flaking(rng, h, w):
    over, under = rng.uniform(0.1, 0.9, 2)
    field = fractal(rng, h, w, rng.uniform(3, 12), 5, 0.6) - rng.uniform(0.2, 1.6)
    gone = 1 / (1 + np.exp(np.clip(-field * rng.uniform(6, 25), -60, 60)))
    edge = np.diff(cv2.GaussianBlur(gone.astype(np.float32), (0, 0), 1.0), axis=1, prepend=0)
    texture = 0.04 * fractal(rng, h, w, 40, 3)
    return over * (1 - gone) + under * gone + rng.uniform(0, 1.2) * edge + texture


def _burnt(rng, h, w):
    field = 1 / (1 + np.exp(-2.5 * fractal(rng, h, w, rng.uniform(1.5, 5), 5, 0.6) + rng.normal()))
    return rng.uniform(0.4, 0.8) * field + 0.06 + 0.04 * fractal(rng, h, w, 50, 2)


def _cast(rng, h, w):
    bumps = cv2.GaussianBlur(rng.standard_normal((h, w)).astype(np.float32), (0, 0), rng.uniform(0.8, 2.5))
    slope = np.diff(bumps, axis=1, prepend=0)
    return rng.uniform(0.3, 0.7) + slope / slope.std() * rng.uniform(0.02, 0.1) + 0.03 * fractal(rng, h, w, 3, 2)


def _grain(rng, h, w):
    return rng.uniform(0.3, 0.7) + rng.uniform(0.05, 0.12) * fractal(rng, h, w, 90, 3, 0.9)


def _wood(rng, h, w):
    yy = np.linspace(0, 1, h, dtype=np.float32)[:, None]
    wave = yy * rng.uniform(10, 50) + 0.6 * fractal(rng, h, w, 2, 3)
    return 0.5 + rng.uniform(0.05, 0.15) * np.sin(wave * 2) + 0.04 * fractal(rng, h, w, 60, 2)


def _brick(rng, h, w):
    out = _grain(rng, h, w) * 0.4
    row, column = int(rng.integers(14, 50)), int(rng.integers(30, 110))
    joint = int(rng.integers(2, 6))
    for number, y in enumerate(range(-row, h, row)):
        for x in range(-column - (column // 2) * (number % 2), w, column):
            tone = rng.uniform(0.2, 0.6)
            out[max(0, y) : max(0, y + row - joint), max(0, x) : max(0, x + column - joint)] += tone
    return out


def _leaves(rng, h, w):
    out = np.full((h, w), rng.uniform(0.1, 0.4), np.float32)
    for _ in range(int(rng.integers(60, 250))):
        centre = (int(rng.integers(w)), int(rng.integers(h)))
        axes = (int(rng.integers(3, 24)), int(rng.integers(1, 7)))
        cv2.ellipse(out, centre, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.uniform(0.05, 0.9)), -1)
    return cv2.GaussianBlur(out, (0, 0), rng.uniform(0.5, 1.5))


def _grass(rng, h, w):
    out = np.full((h, w), rng.uniform(0.2, 0.5), np.float32)
    for _ in range(int(rng.integers(100, 400))):
        x, y, turn, length = rng.uniform(0, w), rng.uniform(0, h), rng.normal(1.57, 0.5), rng.uniform(8, 50)
        end = (int(x + length * np.cos(turn)), int(y - length * np.sin(turn)))
        cv2.line(out, (int(x), int(y)), end, float(rng.uniform(0.05, 0.95)), int(rng.integers(1, 3)), cv2.LINE_AA)
    return out


def _corrugated(rng, h, w):
    xx = np.linspace(0, 1, w, dtype=np.float32)[None, :]
    wave = np.sin(xx * rng.uniform(10, 120) + rng.uniform(0, 6))
    if rng.random() < 0.5:
        wave = np.tanh(wave * rng.uniform(1, 6))
    return rng.uniform(0.3, 0.6) + rng.uniform(0.05, 0.25) * wave + 0.04 * fractal(rng, h, w, 4, 4)


def _thread(rng, h, w):
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    turn = rng.uniform(-0.4, 0.4)
    wave = np.sin((xx * np.cos(turn) + yy * np.sin(turn)) * rng.uniform(0.2, 1.6))
    return rng.uniform(0.3, 0.6) + rng.uniform(0.1, 0.3) * wave + 0.05 * fractal(rng, h, w, 4, 4)


def _grille(rng, h, w):
    out = np.full((h, w), rng.uniform(0.05, 0.9), np.float32)
    pitch, tone = int(rng.integers(8, 40)), float(rng.uniform(0.05, 0.9))
    thick = max(1, int(pitch * rng.uniform(0.2, 0.5)))
    for x in range(int(rng.integers(pitch)), w, pitch):
        cv2.line(out, (x, 0), (x, h), tone, thick)
    if rng.random() < 0.5:
        for y in range(int(rng.integers(pitch)), h, pitch):
            cv2.line(out, (0, y), (w, y), tone, thick)
    return cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 2)) + 0.04 * fractal(rng, h, w, 6, 4)


def _rivets(rng, h, w):
    out = pick_plain(rng, h, w)
    radius, pitch = int(rng.integers(3, 14)), int(rng.integers(20, 70))
    light = rng.uniform(0, 6.28)
    for y in range(int(rng.integers(10, 60)), h, int(rng.integers(60, 160))):
        for x in range(int(rng.integers(pitch)), w, pitch):
            _button(out, rng, x, y, radius, light)
    return out


def _button(out, rng, x, y, radius, light):
    height, width = out.shape
    x0, x1, y0, y1 = (
        max(0, x - radius - 2),
        min(width, x + radius + 3),
        max(0, y - radius - 2),
        min(height, y + radius + 3),
    )
    if x1 <= x0 or y1 <= y0:
        return
    yy, xx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    r = np.hypot(xx - x, yy - y) / radius
    tilt = ((xx - x) * np.cos(light) + (yy - y) * np.sin(light)) / radius
    out[y0:y1, x0:x1] += np.where(r < 1, 0.35 * tilt, 0) - np.where((r >= 1) & (r < 1.2), 0.15, 0)


def _rings(rng, h, w):
    out = pick_plain(rng, h, w)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    x, y = rng.uniform(-0.3, 1.3) * w, rng.uniform(-0.5, 1.5) * h
    r = np.hypot(xx - x, yy - y)
    for _ in range(int(rng.integers(1, 5))):
        at, wide = rng.uniform(10, 0.7 * w), rng.uniform(1, 6)
        out += rng.uniform(-0.3, 0.3) * np.exp(-(((r - at) / wide) ** 2))
    if rng.random() < 0.5:  # beads along the rim
        at, beads = rng.uniform(20, 0.5 * w), int(rng.integers(20, 90))
        around = np.cos(np.arctan2(yy - y, xx - x) * beads)
        out += rng.uniform(-0.3, 0.3) * np.exp(-(((r - at) / rng.uniform(2, 6)) ** 2)) * (around > 0)
    return out


def _relief(rng, h, w):
    """Smooth shapes in relief: ornament, dents, welds: what coins and castings show beside their writing."""
    field = np.tanh(fractal(rng, h, w, rng.uniform(4, 16), 3) * rng.uniform(1, 6))
    field = cv2.GaussianBlur(field.astype(np.float32), (0, 0), rng.uniform(0.7, 2))
    turn = rng.uniform(0, 6.28)
    gx, gy = np.diff(field, axis=1, prepend=0), np.diff(field, axis=0, prepend=0)
    return (
        rng.uniform(0.25, 0.7)
        + rng.uniform(0.2, 0.8) * (gx * np.cos(turn) + gy * np.sin(turn))
        + 0.02 * fractal(rng, h, w, 50, 2)
    )


def _scratched(rng, h, w):
    out = pick_plain(rng, h, w)
    for _ in range(int(rng.integers(5, 60))):
        x, y, turn, length = rng.uniform(0, w), rng.uniform(0, h), rng.normal(0.3, 0.8), rng.uniform(10, 200)
        end = (int(x + length * np.cos(turn)), int(y + length * np.sin(turn)))
        cv2.line(out, (int(x), int(y)), end, float(rng.uniform(0.05, 0.95)), 1, cv2.LINE_AA)
    return out


def _steps(rng, h, w):
    """Edges, panels, pipes: straight shading steps in any direction."""
    out = pick_plain(rng, h, w)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    for _ in range(int(rng.integers(1, 6))):
        turn = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)])
        along = xx * np.cos(turn) + yy * np.sin(turn)
        at = rng.uniform(along.min(), along.max())
        if rng.random() < 0.5:
            out += rng.uniform(-0.3, 0.3) * (along > at)
        else:
            out += rng.uniform(-0.4, 0.4) * np.exp(-(((along - at) / rng.uniform(1, 8)) ** 2))
    return out


def pick_plain(rng, h, w):
    """A surface of one material."""
    makes = (_plain, _brushed, _rust, _flaking, _burnt, _cast, _grain)
    return makes[rng.integers(len(makes))](rng, h, w).astype(np.float32)


WORKED = (
    _plain,
    _plain,
    _plain,
    _brushed,
    _brushed,
    _rust,
    _rust,
    _flaking,
    _flaking,
    _burnt,
    _cast,
    _grain,
    _scratched,
    _corrugated,
    _steps,
)
ALL = (
    *WORKED,
    _wood,
    _brick,
    _leaves,
    _leaves,
    _grass,
    _thread,
    _grille,
    _rivets,
    _rings,
    _rings,
    _relief,
    _relief,
    _steps,
)


def ground(rng, h, w, makes=ALL):
    """One surface, lit evenly or not."""
    out = makes[rng.integers(len(makes))](rng, h, w).astype(np.float32)
    if rng.random() < 0.5:
        out = out * (1 + rng.uniform(0.05, 0.3) * fractal(rng, h, w, 1, 2))
    return np.clip(out, 0.02, 0.98).astype(np.float32)


class Bank:
    """Surfaces made once and cut from often; one is replaced now and then."""

    def __init__(self, rng, count=160, side=(384, 640), makes=ALL):
        self.rng, self.side, self.makes = rng, side, makes
        self.kept = [ground(rng, *side, makes) for _ in range(count)]

    def cut(self, h, w):
        """A piece of h by w, turned and mirrored."""
        rng = self.rng
        if rng.random() < 0.02:
            self.kept[rng.integers(len(self.kept))] = ground(rng, *self.side, self.makes)
        whole = self.kept[rng.integers(len(self.kept))]
        if rng.random() < 0.3:
            whole = whole.T
        scale = min(rng.uniform(0.6, 1.6), (whole.shape[0] - 1) / h, (whole.shape[1] - 1) / w)
        ph, pw = max(2, int(h * scale)), max(2, int(w * scale))
        y, x = rng.integers(whole.shape[0] - ph + 1), rng.integers(whole.shape[1] - pw + 1)
        piece = whole[y : y + ph, x : x + pw]
        piece = piece[:: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
        return cv2.resize(np.ascontiguousarray(piece), (w, h), interpolation=cv2.INTER_LINEAR)
