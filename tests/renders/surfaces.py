"""Small pictures of fasteners on worn surfaces, drawn from a height field: many and cheap, to train on.

A height field is lit (sun, sky, cast shadows), seen obliquely (relief and foreshortening) and photographed badly.
``surface(seed)`` gives the RGB picture and its fasteners; Blender's scenes (``generate.py``) stay for measuring.

    python tests/renders/surfaces.py OUT_DIR FIRST_SEED COUNT
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import cv2
import numpy as np

SIZE = 192
KINDS = ("hex", "socket", "slotted", "rivet", "csk", "hole")


def fractal(rng, size, coarse, octaves=4, fall=0.55):
    """Noise of mean 0, spread 1."""
    out = np.zeros((size, size), np.float32)
    for k in range(octaves):
        cells = min(size, max(2, int(coarse * 2**k)))
        grid = rng.standard_normal((cells + 3, cells + 3)).astype(np.float32)
        out += fall**k * cv2.resize(grid, (size, size), interpolation=cv2.INTER_CUBIC)
    out -= out.mean()
    return out / (out.std() + 1e-6)


def disc(size, x, y, radius, soft=1.0):
    """1 inside, 0 outside, a soft edge."""
    yy, xx = np.mgrid[0:size, 0:size].astype(np.float32)
    return np.clip((radius - np.hypot(xx - x, yy - y)) / soft + 0.5, 0, 1)


def _colour(rng):
    base = np.array(
        [
            (0.5, 0.5, 0.5),
            (0.75, 0.74, 0.72),
            (0.3, 0.33, 0.22),
            (0.13, 0.13, 0.13),
            (0.55, 0.47, 0.33),
            (0.38, 0.2, 0.12),
            (0.6, 0.3, 0.15),
            (0.2, 0.15, 0.1),
            (0.35, 0.38, 0.42),
            (0.85, 0.85, 0.83),
            (0.6, 0.5, 0.2),
            (0.25, 0.3, 0.45),
        ][rng.integers(12)],
        dtype=np.float32,
    )
    return np.clip(base * rng.uniform(0.7, 1.25) + rng.uniform(-0.05, 0.05, 3), 0.01, 0.97).astype(np.float32)


def _ground(rng, size):
    """Albedo and height of a surface without fasteners."""
    kind = rng.choice(["metal", "metal", "metal", "metal", "soil", "stones"])
    a, b = _colour(rng), _colour(rng)
    if kind != "metal" or rng.random() < 0.5:
        b = a * rng.uniform(0.6, 1.4)
    mix = 1 / (1 + np.exp(-fractal(rng, size, rng.uniform(2, 8), 5) * rng.uniform(0.5, 3.5) + rng.normal()))
    if kind == "metal" and rng.random() < 0.6:
        b = a * rng.uniform(0.8, 1.2)
    albedo = a * (1 - mix[..., None]) + b * mix[..., None]
    albedo = albedo * (1 + 0.06 * rng.random() * fractal(rng, size, size / 3, 2)[..., None])
    height = rng.uniform(0, 2.5) * fractal(rng, size, 2, 2) + rng.uniform(0, 0.25) * fractal(rng, size, size / 4, 2)
    if kind == "metal":
        for _ in range(rng.choice([0, 0, 1, 1, 2])):
            mask = rng.uniform(0.3, 1) / (
                1
                + np.exp(-(fractal(rng, size, rng.uniform(2, 12), 6, 0.62) - rng.uniform(0.3, 1.8)) * rng.uniform(2, 9))
            )
            tint = np.array(
                [(0.4, 0.18, 0.07), (0.25, 0.1, 0.05), (0.03, 0.03, 0.03), (0.7, 0.65, 0.6), (0.5, 0.42, 0.3)][
                    rng.integers(5)
                ]
            )
            albedo = (
                albedo * (1 - mask[..., None])
                + tint * (0.8 + 0.2 * fractal(rng, size, 30, 3)[..., None]) * mask[..., None]
            )
            height = height + mask * rng.uniform(-0.4, 0.3)
    elif kind == "soil":
        height = height + rng.uniform(0.5, 2) * fractal(rng, size, 12, 5, 0.75)
    else:
        for _ in range(rng.integers(20, 120)):
            x, y, r = *rng.uniform(0, size, 2), rng.uniform(1.5, 14) * rng.random() ** 0.5 + 1
            warp = 1 + 0.35 * fractal(rng, 16, 3, 2)
            yy, xx = np.mgrid[0:size, 0:size]
            inside = np.hypot(xx - x, yy - y) / (
                r
                * warp[
                    np.clip(((yy - y) / r * 4 + 8).astype(int), 0, 15),
                    np.clip(((xx - x) / r * 4 + 8).astype(int), 0, 15),
                ]
            )
            bump = np.sqrt(np.clip(1 - inside**2, 0, 1))
            height = np.maximum(height, bump * r * rng.uniform(0.3, 0.8))
            albedo = np.where((bump > 0)[..., None], _colour(rng) * 0.8, albedo)
    return albedo.astype(np.float32), height.astype(np.float32)


def _structure(rng, size, albedo, height):
    """Steps, collars, bosses, bores, edges, grooves, writing, splashes: what is round or bright and no fastener."""
    for _ in range(rng.integers(0, 4)):
        kind = rng.choice(["step", "boss", "bore", "edge", "groove", "text", "splash", "line", "tube"])
        x, y = rng.uniform(-0.5, 1.5, 2) * size
        r = rng.uniform(0.2, 1.2) * size
        if kind in ("step", "boss"):
            mask = disc(size, x, y, r, rng.uniform(1, 3))
            height = height + mask * rng.uniform(2, 14) * rng.choice([-1, 1])
            if rng.random() < 0.5:
                albedo = (
                    albedo * (1 - mask[..., None])
                    + (_colour(rng) * (1 + 0.1 * fractal(rng, size, 9)[..., None])) * mask[..., None]
                )
        elif kind == "bore":
            mask = disc(size, x, y, r * 0.8, 1.5)
            albedo = albedo * (1 - 0.95 * mask[..., None])
            height = height - mask * 15
        elif kind == "edge":
            turn = rng.uniform(0, 6.28)
            yy, xx = np.mgrid[0:size, 0:size]
            mask = np.clip(
                (xx - size / 2) * math.cos(turn) + (yy - size / 2) * math.sin(turn) - rng.uniform(-0.4, 0.4) * size,
                0,
                1,
            )
            other, rough = _ground(rng, size)
            albedo = albedo * (1 - mask[..., None]) + other * mask[..., None]
            height = height * (1 - mask) + (rough - rng.uniform(0, 15)) * mask
        elif kind == "groove":
            ring = disc(size, x, y, r, 1) - disc(size, x, y, r - rng.uniform(1.5, 3), 1)
            height = height - ring * rng.uniform(1, 3)
            albedo = albedo * (1 - rng.uniform(0.3, 0.9) * ring[..., None])
        elif kind == "text":
            layer = np.zeros((size, size), np.uint8)
            word = "".join(rng.choice(list("ABCEHKMOPT0123456789-"), rng.integers(2, 7)))
            cv2.putText(
                layer,
                word,
                (int(rng.uniform(-20, size / 2)), int(rng.uniform(20, size))),
                int(rng.integers(0, 5)),
                rng.uniform(0.4, 2),
                255,
                int(rng.integers(1, 5)),
                cv2.LINE_AA,
            )
            layer = layer / np.float32(255)
            albedo = albedo * (1 - layer[..., None]) + _colour(rng) * layer[..., None]
        elif kind == "line":
            layer = np.zeros((size, size), np.uint8)
            for _ in range(rng.integers(1, 60)):
                x, y = rng.uniform(0, size, 2)
                turn, long = rng.uniform(0, 6.28), rng.uniform(5, 60)
                cv2.line(
                    layer,
                    (int(x), int(y)),
                    (int(x + long * math.cos(turn)), int(y + long * math.sin(turn))),
                    255,
                    1,
                    cv2.LINE_AA,
                )
            layer = layer / np.float32(255)
            albedo = albedo * (1 - layer[..., None]) + _colour(rng) * layer[..., None]
        elif kind == "splash":
            tint = _colour(rng)
            for _ in range(rng.integers(3, 60)):
                mask = disc(size, *rng.uniform(0, size, 2), rng.uniform(0.6, 4), 1.0) * rng.uniform(0.4, 1)
                albedo = albedo * (1 - mask[..., None]) + tint * mask[..., None]
        else:
            big = rng.uniform(22, 60)
            ring = disc(size, x % size, y % size, big, 1) - disc(size, x % size, y % size, big * 0.75, 1)
            height = height + ring * rng.uniform(3, 12)
    return albedo, height


def _places(rng, size):
    """Where fasteners are: along a circle, in a row, or nowhere."""
    how = rng.choice(["ring"] * 7 + ["row", "few", "none", "none"])
    radius = float(np.exp(rng.uniform(math.log(3.2), math.log(13))))
    if how == "none":
        return [], radius
    if how == "ring":
        big = radius * rng.uniform(5, 26)
        pitch = max(radius * rng.uniform(2.4, 12), 7) / big
        centre = rng.uniform(0.2, 0.8, 2) * size + (0 if big < size else big) * np.array(
            [math.cos(a := rng.uniform(0, 6.28)), math.sin(a)]
        )
        turns = np.arange(rng.uniform(0, 6), 2 * math.pi + 6 - pitch * 0.7, pitch)[: int(2 * math.pi / pitch)]
        turns = turns + rng.uniform(-0.12, 0.12, len(turns)) * pitch * rng.integers(0, 2)
        spots = [(centre[0] + big * math.cos(t), centre[1] + big * math.sin(t)) for t in turns]
    elif how == "row":
        turn, pitch = rng.uniform(0, 6.28), radius * rng.uniform(2.6, 8)
        spots = [(size / 2 + k * pitch * math.cos(turn), size / 2 + k * pitch * math.sin(turn)) for k in range(-20, 20)]
    else:
        spots = [tuple(rng.uniform(0, size, 2)) for _ in range(rng.integers(1, 5))]
    return [s for s in spots if -radius < s[0] < size + radius and -radius < s[1] < size + radius], radius


def _fasten(rng, size, albedo, height):
    spots, radius = _places(rng, size)
    kind, lost = rng.choice(KINDS), rng.choice([0, 0.1, 0.3])
    tall = (
        {"hex": 0.75, "socket": 1.1, "slotted": 0.6, "rivet": 0.55, "csk": 0.05, "hole": -0.8}[kind]
        * radius
        * rng.uniform(0.6, 1.3)
    )
    tint = _colour(rng)
    own = rng.random() < 0.7
    washer = rng.random() < 0.25 and kind != "csk"
    truth = []
    yy, xx = np.mgrid[0:size, 0:size].astype(np.float32)
    for x, y in spots:
        gone = rng.random() < lost
        top = float(height[int(np.clip(y, 0, size - 1)), int(np.clip(x, 0, size - 1))])
        far, about = np.hypot(xx - x, yy - y), np.arctan2(yy - y, xx - x)
        spin = rng.uniform(0, 6.28)
        if gone or kind == "hole":
            r = radius * (0.6 if gone else 0.85)
            mask = np.clip(r - far + 0.5, 0, 1)
            height = height - mask * r * 1.2
            albedo = albedo * (1 - mask[..., None] * rng.uniform(0.8, 0.97))
            truth.append((x, y, top, radius if not gone else r, 1))
            continue
        if washer:
            mask = np.clip(radius * 1.4 - far + 0.5, 0, 1)
            height = np.maximum(height, (top + 0.15 * radius) * mask + height * (1 - mask))
            albedo = albedo * (1 - mask[..., None]) + tint * mask[..., None] if own else albedo
        if kind == "hex":
            edge = radius * math.cos(math.pi / 6) / np.cos(np.mod(about - spin, math.pi / 3) - math.pi / 6)
        else:
            edge = np.full_like(far, radius)
        mask = np.clip(edge - far + 0.5, 0, 1)
        if kind == "rivet":
            shape = tall * np.sqrt(np.clip(1 - (far / radius) ** 2, 0, 1))
        else:
            shape = tall * np.clip((edge - far) / (0.18 * radius) + 0.3, 0, 1)
        height = height * (1 - mask) + (top + shape) * mask
        if own:
            shade = tint * (
                1
                + 0.15 * rng.uniform(-1, 1)
                + 0.08
                * fractal(rng, 24, 6, 2)[
                    np.clip((yy - y + 12).astype(int), 0, 23), np.clip((xx - x + 12).astype(int), 0, 23)
                ][..., None]
            )
            albedo = albedo * (1 - mask[..., None]) + shade * mask[..., None]
        if kind == "socket":
            pit = np.clip(radius * 0.52 - far + 0.5, 0, 1)
            height = height - pit * tall * 0.7
            albedo = albedo * (1 - 0.7 * pit[..., None])
        if kind in ("slotted", "csk"):
            across = np.abs((xx - x) * math.sin(spin) - (yy - y) * math.cos(spin))
            slot = np.clip(radius * 0.15 - across + 0.5, 0, 1) * (
                mask if kind == "slotted" else np.clip(radius * 0.9 - far, 0, 1)
            )
            height = height - slot * 0.3 * radius
            albedo = albedo * (1 - 0.7 * slot[..., None])
        if kind == "csk":
            rim = np.clip(1.2 - np.abs(far - radius), 0, 1)
            albedo = albedo * (1 - rng.uniform(0.2, 0.7) * rim[..., None])
        truth.append((x, y, top + max(tall, 0), radius, 0))
    if rng.random() < 0.15:
        # Dirt lies over fasteners and plate alike.
        mask = (
            1 / (1 + np.exp(-(fractal(rng, size, rng.uniform(4, 25), 5, 0.7) - rng.uniform(0.2, 1.5)) * 8))[..., None]
        )
        albedo = albedo * (1 - 0.85 * mask) + _colour(rng) * 0.85 * mask
    return albedo, height, truth


def _lit(rng, albedo, height):
    """Sun with cast shadows, sky with occlusion, a little gloss."""
    size = height.shape[0]
    high, about = math.radians(rng.uniform(12, 75)), rng.uniform(0, 6.28)
    way = np.array([math.cos(about) * math.cos(high), math.sin(about) * math.cos(high), math.sin(high)])
    gx, gy = np.gradient(height)[1], np.gradient(height)[0]
    length = np.sqrt(1 + gx * gx + gy * gy)
    lambert = np.clip((-gx * way[0] - gy * way[1] + way[2]) / length, 0, None)
    shade = np.zeros_like(height)
    yy, xx = np.mgrid[0:size, 0:size].astype(np.float32)
    for step in np.arange(1.0, 26.0, 1.3):
        ahead = cv2.remap(
            height,
            xx + np.float32(step * math.cos(about)),
            yy + np.float32(step * math.sin(about)),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        shade = np.maximum(shade, np.clip((ahead - height - step * math.tan(high)) * rng.uniform(0.8, 1.2), 0, 1))
    sun = rng.uniform(0.0, 1.2)
    sky = rng.uniform(0.25, 0.7) * np.clip(1 - 0.07 * (cv2.GaussianBlur(height, (0, 0), 4) - height), 0.25, 1.3)
    half = way + np.array([0, 0, 1.0])
    half /= np.linalg.norm(half)
    gloss = np.clip((-gx * half[0] - gy * half[1] + half[2]) / length, 0, 1) ** rng.uniform(8, 60) * rng.choice(
        [0, 0.2, 0.6]
    )
    warm = np.array([1.0, rng.uniform(0.8, 1.0), rng.uniform(0.6, 1.0)])
    direct = (sun * (lambert[..., None] + 0) * (1 - shade[..., None])) * warm
    return albedo * (direct + sky[..., None]) + (gloss * sun * (1 - shade))[..., None] * 0.6


def surface(seed: int, size: int = SIZE):
    """RGB uint8 (size, size, 3) and fasteners (n, 4): x, y, half width in pixels, 1 for an empty hole else 0."""
    rng = np.random.default_rng(seed)
    big = int(size * 1.5)
    albedo, height = _ground(rng, big)
    albedo, height = _structure(rng, big, albedo, height)
    albedo, height, truth = _fasten(rng, big, albedo, height)
    albedo, height = np.clip(albedo, 0.01, 0.98).astype(np.float32), height.astype(np.float32)
    picture = np.clip(_lit(rng, albedo, height), 0, 4).astype(np.float32)
    tilt, about, roll = math.radians(rng.uniform(0, 62)), rng.uniform(0, 6.28), rng.uniform(0, 6.28)
    lean = np.array([math.cos(about), math.sin(about)]) * math.tan(tilt)
    yy, xx = np.mgrid[0:big, 0:big].astype(np.float32)
    # Relief: what stands up hides what lies behind it; seen along ``lean``, from the top down.
    out, done = np.zeros_like(picture), np.zeros((big, big), bool)
    for level in np.linspace(height.max(), height.min(), 14):
        sx, sy = (xx - np.float32(level * lean[0])), (yy - np.float32(level * lean[1]))
        hit = (cv2.remap(height, sx, sy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT) >= level - 1e-3) & ~done
        out[hit] = cv2.remap(picture, sx, sy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)[hit]
        done |= hit
    turn = np.array([[math.cos(about), math.sin(about)], [-math.sin(about), math.cos(about)]])
    squash = turn.T @ np.diag([math.cos(tilt), 1]) @ turn
    flat = np.array([[math.cos(roll), -math.sin(roll)], [math.sin(roll), math.cos(roll)]]) @ squash
    matrix = np.column_stack([flat, np.full(2, size / 2) - flat @ np.full(2, big / 2)])
    out = cv2.warpAffine(out, matrix, (size, size), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
    marks = []
    for x, y, top, radius, hole in truth:
        u, v = matrix @ np.array([x + top * lean[0], y + top * lean[1], 1])
        if 0 <= u < size and 0 <= v < size:
            marks.append((u, v, radius, hole))
    out = out / (np.percentile(out.mean(axis=2), 97) + 1e-3) * rng.uniform(0.55, 1.15)
    if rng.random() < 0.5:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.6))
    out = np.clip(out, 0, 1) ** rng.uniform(0.45, 1.0) * 255
    out = (
        out + rng.normal(0, rng.uniform(0.5, 8), out.shape) + rng.normal(0, rng.uniform(0, 5), out.shape[:2])[..., None]
    )
    out = np.uint8(np.clip(out, 0, 255))
    if rng.random() < 0.6:
        out = cv2.imdecode(
            cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(40, 95))])[1], cv2.IMREAD_COLOR
        )
    return out, np.array(marks, dtype=np.float32).reshape(-1, 4)


def main() -> None:
    folder, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    for start in range(first, first + count, 100):
        made = [surface(seed) for seed in range(start, min(start + 100, first + count))]
        pictures, marks = np.array([x for x, _ in made]), [y for _, y in made]
        np.savez(folder / f"{start:06d}.npz", x=pictures, n=np.array([len(y) for y in marks]), y=np.concatenate(marks))


if __name__ == "__main__":
    main()
