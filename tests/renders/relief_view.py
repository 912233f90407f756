"""Photographs of the height fields of ``relief.py``: camera, sun, sky, cast shadows, what lies in front, the truth.

    python tests/renders/relief_view.py OUT_DIR --first 0 --count 200 [--set mixed|rings|bare|twenty|groups]

Scene ``n`` depends on ``n`` and the set alone. The truth beside each picture has the fields of ``generate.py``, and for
each ring ``seen``: whether the seat of the circle can be seen, at 120 angles, and ``offset``: how perspective moves
angles (see ``forensics/examine/rings/angles.py``). Files are clean; ``degraded`` makes a telephone's picture of one.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import cv2
import numpy as np

if __package__:
    from tests.renders import relief
else:
    import relief

SEEN = 120


class Camera:
    """Pinhole above the face; the face is z = 0, up towards the camera."""

    def __init__(self, rng, size, tilt, away, fill, whole=False) -> None:
        self.width, self.height = size
        about = rng.uniform(0, 2 * math.pi)
        eye = np.array([math.sin(tilt) * math.cos(about), math.sin(tilt) * math.sin(about), math.cos(tilt)]) * away
        room = 0.12 if whole else 0.4
        aim = np.array([*(rng.uniform(-room, room, 2)), 0.0])
        forward = (aim - eye) / np.linalg.norm(aim - eye)
        side = np.cross(forward, [0, 0, 1.0])
        side = side / np.linalg.norm(side) if np.linalg.norm(side) > 1e-3 else np.array([1.0, 0, 0])
        down = np.cross(forward, side)
        roll = rng.normal(0, 0.15) if tilt > 0.5 else rng.uniform(0, 6.28)
        c, s = math.cos(roll), math.sin(roll)
        self.axes = np.stack([c * side + s * down, -s * side + c * down, forward])
        self.eye, self.focal = eye, fill * min(size) * away / 2.0
        self.tilt = tilt

    def project(self, points):
        """Pixels (n, 2) of points (n, 3)."""
        seen = (np.asarray(points, float) - self.eye) @ self.axes.T
        return seen[:, :2] / seen[:, 2:] * self.focal + np.array([self.width - 1, self.height - 1]) / 2

    def rays(self):
        u = (np.arange(self.width) - (self.width - 1) / 2) / self.focal
        v = (np.arange(self.height) - (self.height - 1) / 2) / self.focal
        u, v = np.meshgrid(u, v)
        way = u[..., None] * self.axes[0] + v[..., None] * self.axes[1] + self.axes[2]
        return (way / np.linalg.norm(way, axis=2, keepdims=True)).astype(np.float32)


def sampled(layer, f, x, y, border=cv2.BORDER_REPLICATE, mode=cv2.INTER_LINEAR):
    to = lambda v: np.asarray((v + f.reach) / f.step - 0.5, dtype=np.float32)  # noqa: E731
    return cv2.remap(layer, to(x), to(y), mode, borderMode=border)


def marched(f, camera, rays, low):
    """Where each ray meets the field: x, y, z and whether it does."""
    top = float(f.height.max()) + 1e-3
    levels = np.concatenate([np.linspace(top, -0.08, 26), np.linspace(-0.08, low - 0.05, 16)[1:]])
    dz = np.minimum(rays[..., 2], -1e-3)
    shape = rays.shape[:2]
    hit_t = np.full(shape, np.nan, np.float32)
    before_gap = None
    before_t = None
    open_ = np.ones(shape, bool)
    # Plain floats: a numpy float64 would turn whole pictures into float64.
    eye = [float(v) for v in camera.eye]
    across, down = np.ascontiguousarray(rays[..., 0]), np.ascontiguousarray(rays[..., 1])
    for z in levels.tolist():
        t = (z - eye[2]) / dz
        x, y = eye[0] + t * across, eye[1] + t * down
        gap = z - sampled(f.height, f, x, y)
        if before_gap is not None:
            new = open_ & (gap <= 0)
            share = before_gap / np.maximum(before_gap - gap, 1e-6)
            hit_t[new] = (before_t + share * (t - before_t))[new]
            open_ &= ~new
            if not open_.any():
                break
        before_gap, before_t = np.maximum(gap, 0), t
    for _ in range(2):
        x, y, z = (eye[k] + hit_t * rays[..., k] for k in range(3))
        surface = sampled(f.height, f, np.nan_to_num(x), np.nan_to_num(y))
        move = np.clip((surface - z) / dz, -0.01, 0.01)
        hit_t = hit_t + 0.7 * move
    x, y, z = (eye[k] + hit_t * rays[..., k] for k in range(3))
    known = np.isfinite(hit_t) & (rays[..., 2] < -0.02) & (np.abs(x) < f.reach) & (np.abs(y) < f.reach)
    return np.nan_to_num(x), np.nan_to_num(y), np.nan_to_num(z), known


def shadowed(f, sun, soft):
    """0 in shadow to 1 in the sun, on the grid."""
    lit = np.ones_like(f.height)
    flat = max(math.hypot(sun[0], sun[1]), 1e-3)
    span = float(f.height.max() - f.height.min())
    reach = min(span * flat / max(sun[2], 0.05), 1.2)
    steps = np.unique(np.concatenate([np.arange(1, 8), np.geomspace(8, max(9, reach / f.step), 16)]).astype(int))
    worst = np.full_like(f.height, -1e3)
    for k in steps.tolist():
        far = float(k * f.step)
        dx, dy = float(sun[0] / flat * k), float(sun[1] / flat * k)
        moved = cv2.warpAffine(
            f.height,
            np.float32([[1, 0, dx], [0, 1, dy]]),
            f.height.shape[::-1],
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        worst = np.maximum(worst, (moved - f.height - float(far * sun[2] / flat)) / float(0.5 * f.step + soft * far))
    return np.clip(lit - np.clip(worst + 0.5, 0, 1), 0, 1)


def lamp(rng, camera):
    """Sun direction, its strength and colour, sky strength and colour, softness."""
    kind = str(rng.choice(["sun", "sun", "sun", "overcast", "dusk", "flash"]))
    if kind == "flash":
        way = camera.eye / np.linalg.norm(camera.eye) + rng.normal(0, 0.04, 3)
        return kind, way / np.linalg.norm(way), rng.uniform(2, 4), np.ones(3), 0.08, np.ones(3), 0.05
    high = math.radians({"sun": rng.uniform(25, 80), "overcast": 80, "dusk": rng.uniform(10, 30)}[kind])
    about = rng.uniform(0, 6.28)
    way = np.array([math.cos(high) * math.cos(about), math.cos(high) * math.sin(about), math.sin(high)])
    strength = {"sun": rng.uniform(1.8, 3.5), "overcast": 0.25, "dusk": rng.uniform(1.5, 3)}[kind]
    tint = np.array([1, 0.75, 0.5]) if kind == "dusk" else np.array([1, 0.96, 0.9])
    sky = {"sun": rng.uniform(0.3, 0.8), "overcast": 1.1, "dusk": 0.35}[kind]
    return kind, way, strength, tint, sky, np.array([0.8, 0.9, 1.05]), {"overcast": 0.6}.get(kind, 0.03)


def shaded(f, camera, rays, x, y, known, rng):
    """Linear light (h, w, 3) of what the rays meet."""
    kind, sun, strength, tint, sky, sky_tint, soft = lamp(rng, camera)
    sun, tint, sky_tint = (np.asarray(v, np.float32) for v in (sun, tint, sky_tint))
    strength, sky = float(strength), float(sky)
    gx = cv2.Sobel(f.height, cv2.CV_32F, 1, 0, ksize=3) / float(8 * f.step)
    gy = cv2.Sobel(f.height, cv2.CV_32F, 0, 1, ksize=3) / float(8 * f.step)
    low = [cv2.blur(cv2.blur(f.height, (n, n)), (n, n)) for n in (9, 29, 85)]
    hollow = sum(
        np.clip((one - f.height) / float(2.2 * s * f.step), 0, 1.2)
        for one, s in zip(low, (3.0, 10.0, 30.0), strict=True)
    )
    open_sky = np.exp(-0.9 * hollow)
    light = shadowed(f, sun, soft)
    pack = np.dstack([gx, gy, open_sky, light])
    pack = sampled(pack, f, x, y)
    colour = sampled(f.colour, f, x, y)
    skin = sampled(np.dstack([f.rough, f.metal]), f, x, y)
    normal = np.dstack([-pack[..., 0], -pack[..., 1], np.ones_like(x)])
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    facing = np.clip((normal * sun).sum(2), 0, 1) * pack[..., 3]
    half = sun - rays
    half /= np.linalg.norm(half, axis=2, keepdims=True) + 1e-6
    rough, metal = np.clip(skin[..., :1], 0.15, 1), skin[..., 1:]
    bright = np.clip((normal * half).sum(2), 0, 1)[..., None]
    a2 = rough**4
    lobe = a2 / (np.pi * ((bright**2) * (a2 - 1) + 1) ** 2 + 1e-5) * 0.25
    lobe = np.minimum(lobe, 6)
    back = rays - 2 * (rays * normal).sum(2)[..., None] * normal
    # What a smooth metal mirrors: bright sky, a dark band at the horizon, ground.
    up = back[..., 2:]
    mirror = np.where(up > 0.15, 0.5 + 0.6 * up, 0.12) * (0.8 + 0.3 * np.sin(3 * back[..., :1] + 2 * back[..., 1:2]))
    mirror = mirror * (1 - rough) + 0.5 * rough
    ambient = sky * sky_tint * (pack[..., 2] * (0.6 + 0.4 * normal[..., 2]))[..., None]
    direct = strength * tint * facing[..., None]
    out = colour * (1 - metal) * (ambient + direct)
    out = out + metal * colour * (mirror * (ambient + 0.15 * direct) * 1.3 + lobe * direct)
    out = out + (1 - metal) * 0.04 * (lobe * direct + mirror * ambient)
    if kind == "flash":
        out = out * np.clip((normal * -rays).sum(2), 0.1, 1)[..., None]
    return out, kind


def backdrop(rng, size, level):
    """What is behind an item that stands: a field, a wall, sky; linear light."""
    w, h = size
    n = max(size)
    a = relief.worn(rng, n, relief.paint(rng), n)[:h, :w] * (1 + 0.3 * relief.fractal(rng, n, n / 5, 3)[:h, :w, None])
    if rng.random() < 0.5:
        edge = int(h * rng.uniform(-0.1, 0.5))
        line = edge + (relief.fractal(rng, n, 4, 4)[0, :w] * h * 0.02).astype(int)
        sky = np.arange(h)[:, None] < line[None]
        a = np.where(sky[..., None], np.array([0.7, 0.8, 0.95]) * rng.uniform(0.5, 1.4), a)
    if rng.random() < 0.15:
        pitch = int(rng.integers(14, 40))
        rows = (np.arange(h)[:, None] // pitch) % 2
        brick = ((np.arange(h)[:, None] % pitch) < 2) | (((np.arange(w)[None] + rows * pitch) % (2 * pitch)) < 2)
        a = np.where(brick[..., None], a * 0.5 + 0.2, a)
    return np.clip(a, 0.005, 1.2) * level


def in_front(rng, picture, keep):
    """Grass, leaves, cards and rulers in front of the item: drawn into ``picture``, marked in the returned mask."""
    h, w = picture.shape[:2]
    mask = np.zeros((h, w), np.uint8)
    kinds = [str(k) for k in rng.choice(["grass", "leaf", "card", "ruler", "none", "none"], 2)]
    bright = float(np.percentile(picture, 80))
    for kind in kinds:
        if kind == "grass" and rng.random() < 0.7:
            from_top = rng.random() < 0.1
            base = h * rng.uniform(0.6, 1.1)
            for _ in range(int(rng.integers(20, 250))):
                x, y = rng.uniform(0, w), base + rng.uniform(-0.1, 0.3) * h
                tall, lean = rng.uniform(0.04, 0.22) * h, rng.normal(0, 0.05) * h
                line = np.array([[x, y], [x + 0.3 * lean, y - 0.5 * tall], [x + lean, y - tall]]).astype(np.int32)
                tint = np.array([0.15, 0.22, 0.05]) if rng.random() < 0.6 else np.array([0.45, 0.38, 0.18])
                shade = (tint * rng.uniform(0.4, 1.5) * bright * 1.5).tolist()
                thick = int(rng.integers(1, 4))
                cv2.polylines(picture, [line], False, shade, thick, cv2.LINE_AA)
                cv2.polylines(mask, [line], False, 255, thick)
            del from_top
        elif kind == "leaf":
            for _ in range(int(rng.integers(1, 7))):
                c, r = rng.uniform(0, 1, 2) * [w, h], rng.uniform(0.01, 0.06) * h
                axes = (max(2, int(r)), max(2, int(r * rng.uniform(0.2, 0.7))))
                where = ((int(c[0]), int(c[1])), axes, rng.uniform(0, 360), 0, 360)
                tint = (np.array([0.4, 0.22, 0.08]) * rng.uniform(0.3, 1.6) * bright * 1.3).tolist()
                cv2.ellipse(picture, *where, tint, -1, cv2.LINE_AA)
                cv2.ellipse(mask, *where, 255, -1)
        elif kind in ("card", "ruler") and rng.random() < 0.8:
            side = rng.uniform(0.06, 0.2) * h
            c, a = rng.uniform(0.02, 0.98, 2) * [w, h], rng.uniform(0, 6.28)
            long = side * (rng.uniform(2.5, 5) if kind == "ruler" else 1)
            wide = side * (0.2 if kind == "ruler" else rng.uniform(0.6, 1))
            turn = np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
            squash = np.diag([1, rng.uniform(0.5, 1)])
            corners = (np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [long / 2, wide / 2]) @ turn.T @ squash + c
            if (
                (keep is not None)
                and cv2.pointPolygonTest(keep, tuple(float(v) for v in c), False) > 0
                and rng.random() < 0.8
            ):
                continue
            card = np.full(
                (64, int(64 * long / wide), 3), (0.85, 0.7, 0.08) if rng.random() < 0.4 else (0.9, 0.9, 0.9), np.float32
            )
            if kind == "ruler":
                for k, x in enumerate(range(4, card.shape[1], 8)):
                    cv2.line(card, (x, 0), (x, 30 if k % 5 else 44), (0.02, 0.02, 0.02), 2)
            elif rng.random() < 0.5:
                cells = rng.integers(0, 2, (6, 6))
                cells[[0, -1]] = cells[:, [0, -1]] = 0
                pattern = np.kron(cells, np.ones((8, 8)))[..., None] * np.ones(3, np.float32)
                card[8:56, 8:56] = (
                    cv2.resize(pattern.astype(np.float32), (48, 48)) if card.shape[1] >= 56 else card[8:56, 8:56]
                )
            else:
                drawn = np.zeros(card.shape[:2], np.uint8)
                cv2.putText(drawn, str(rng.integers(0, 99)), (6, 50), 0, 1.6, 255, 6)
                card[drawn > 128] = 0.02
            box = np.float32([[0, 0], [card.shape[1], 0], [card.shape[1], 64], [0, 64]])
            m = cv2.getPerspectiveTransform(box, corners.astype(np.float32))
            laid = cv2.warpPerspective(card, m, (w, h), flags=cv2.INTER_AREA)
            there = cv2.warpPerspective(np.ones(card.shape[:2], np.float32), m, (w, h))[..., None]
            picture[:] = picture * (1 - there) + laid * bright * 1.2 * there
            mask[there[..., 0] > 0.5] = 255
    return mask > 0


def degraded(picture, rng):
    """Defocus, motion, exposure, noise, sharpening and JPEG of a telephone; uint8 RGB in and out."""
    out = picture
    if rng.random() < 0.55:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.3, 1.6))
    if rng.random() < 0.12:
        n = int(rng.integers(3, 8))
        kernel = cv2.warpAffine(
            np.eye(1, n, dtype=np.float32).repeat(n, 0) * 0 + (np.arange(n)[:, None] == n // 2).astype(np.float32),
            cv2.getRotationMatrix2D(((n - 1) / 2, (n - 1) / 2), rng.uniform(0, 180), 1),
            (n, n),
        )
        out = cv2.filter2D(out, -1, kernel / max(kernel.sum(), 1e-6))
    pixels = (out.astype(np.float32) / 255) ** rng.uniform(0.7, 1.35) * 255 * rng.uniform(0.75, 1.2)
    if rng.random() < 0.4:
        pixels = pixels * rng.uniform(0.85, 1.15, 3).astype(np.float32)
    if rng.random() < 0.12:  # haze
        share = rng.uniform(0.1, 0.5)
        pixels = pixels * (1 - share) + share * rng.uniform(150, 240)
    shape = pixels.shape
    pixels = (
        pixels + rng.normal(0, rng.uniform(0.3, 7), shape) + rng.normal(0, rng.uniform(0.3, 5), shape[:2])[..., None]
    )
    out = np.clip(pixels, 0, 255).astype(np.uint8)
    if rng.random() < 0.35:
        out = cv2.addWeighted(out, 2.0, cv2.GaussianBlur(out, (0, 0), 2), -1.0, 0)
    held = cv2.imencode(".jpg", out[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 95))])[1]
    return np.ascontiguousarray(cv2.imdecode(held, cv2.IMREAD_COLOR)[..., ::-1])


def sixes(rng, which):
    """The two patterns of the test: 20 even, or 18 in six groups of three."""
    start = rng.uniform(0, 360)
    if which == "twenty":
        return sorted((start + 18 * k) % 360 for k in range(20)), "even"
    tight = rng.uniform(11, 16)
    return sorted((start + 60 * g + tight * j) % 360 for g in range(6) for j in (-1, 0, 1)), "grouped"


def scene(number, chosen="mixed", long_side=640):
    """Clean RGB uint8 and the truth."""
    rng = np.random.default_rng([number, {"mixed": 1, "rings": 2, "bare": 3, "twenty": 4, "groups": 5}[chosen]])
    ringed = {"mixed": rng.random() < 0.68, "bare": False}.get(chosen, True)
    pair = chosen in ("twenty", "groups")
    kind = str(rng.choice(relief.RINGED if ringed else relief.BARE))
    if pair:
        kind = str(rng.choice(["plate", "dome", "nozzle", "recess", "fragment"]))
    size = [(long_side, long_side * 3 // 4), (long_side, long_side * 9 // 16), (long_side * 3 // 4, long_side)][
        rng.integers(3)
    ]
    tilt = math.radians(float(rng.choice([rng.uniform(0, 25), rng.uniform(15, 50), rng.uniform(30, 60)])))
    if pair:
        tilt = math.radians(rng.uniform(0, 50))
    away = rng.uniform(2.8, 9)
    fill = rng.uniform(0.3, 1.0) if rng.random() < 0.8 else rng.uniform(0.9, 1.5)
    if pair:
        fill = rng.uniform(0.45, 0.95)
    camera = Camera(rng, size, tilt, away, fill, whole=pair)
    depth = float(rng.choice([rng.uniform(0.03, 0.12), rng.uniform(0.1, 0.6)]))
    if kind == "dome":  # stands on the ground, not in it
        depth = rng.uniform(0.75, 1.2)
    needed = max(size) / min(size) / fill / max(math.cos(tilt), 0.45) * 1.25
    reach = float(np.clip(needed, 1.2, 3.6))
    cells = int(np.clip(reach * camera.focal / away * 2.1, 350, 1100))
    f = relief.Field(rng, reach, cells)
    relief.soil(f, -depth)
    if ringed:
        if pair:
            made = sixes(rng, chosen)
            plain, relief_put = relief.put_ring, relief.put_ring

            def forced(field, radius, seat, **more):
                if field.rings:
                    return None
                more.pop("angles", None)
                span = more.get("span", (0, 360))
                if span != (0, 360) and span[1] - span[0] < 125:
                    more["span"] = (180 - 64, 180 + 64)
                return plain(field, radius, seat, angles=made, **more)

            relief.put_ring = forced
            try:
                relief.item(f, kind, depth)
            finally:
                relief.put_ring = relief_put
        else:
            relief.item(f, kind, depth)
    else:
        relief.bare(f, kind, depth)
    rays = camera.rays()
    x, y, z, known = marched(f, camera, rays, -max(depth, 1.0))
    light, lit = shaded(f, camera, rays, x, y, known, rng)
    part = sampled(f.part.astype(np.float32), f, x, y, mode=cv2.INTER_NEAREST)
    behind = ~known
    if ringed and kind in ("nozzle", "dome", "recess", "plate") and rng.random() < 0.4:
        behind |= part < 0.5
    level = float(np.median(light[known])) * 2 if known.any() else 0.5
    scene_back = backdrop(rng, size, np.clip(level * 1.5, 0.2, 2.0))
    soft = cv2.GaussianBlur(behind.astype(np.float32), (0, 0), 0.7)[..., None]
    light = light * (1 - soft) + scene_back * soft
    turns = np.radians(np.arange(36) * 10)
    rim = lambda r, h, t=turns: camera.project(np.column_stack([r * np.cos(t), r * np.sin(t), np.full_like(t, h)]))  # noqa: E731
    keep = cv2.convexHull(rim(1.0, 0.0).astype(np.float32)) if ringed else None
    covered = in_front(rng, light, keep)
    exposure = 0.75 / max(float(np.percentile(light, rng.uniform(70, 96))), 1e-3)
    picture = np.clip(light * exposure * rng.uniform(0.55, 1.1), 0, None)
    picture = picture / (1 + 0.25 * picture)
    picture = np.clip(picture, 0, 1) ** (1 / 2.2) * 255
    picture = cv2.GaussianBlur(picture, (0, 0), 0.45).astype(np.uint8)
    truth = {
        "image": f"img_{number:06d}.jpg",
        "scene": kind,
        "light": lit,
        "width": size[0],
        "height": size[1],
        "tilt_deg": math.degrees(tilt),
        "rings": [],
        "others": [],
        "vanes": {"nominal": 0, "present": 0, "items": []},
        "casing": rim(f.casing, 0.0).tolist() if f.casing else None,
        "casing_diameter_mm": None,
        "negative": not ringed,
    }

    def visible(px, spot, slack):
        u, v = (np.round(px[:, k]).astype(int) for k in (0, 1))
        ok = (u >= 2) & (v >= 2) & (u < size[0] - 2) & (v < size[1] - 2)
        u, v = np.clip(u, 0, size[0] - 1), np.clip(v, 0, size[1] - 1)
        near = np.sqrt((x[v, u] - spot[:, 0]) ** 2 + (y[v, u] - spot[:, 1]) ** 2 + (z[v, u] - spot[:, 2]) ** 2) < slack
        return ok & near & ~covered[v, u] & ~behind[v, u]

    for ring in f.rings:
        if ring.kind == "row":
            spots = np.array([[*s, 0.0] for s in ring.tops]).reshape(-1, 3)
            if len(spots):
                spots[:, 2] = sampled(f.height, f, spots[:, :1], spots[:, 1:2])[:, 0]
                px = camera.project(spots)
                near = visible(px, spots, 2.5 * ring.head_radius)
                size_px = ring.head_radius * camera.focal / np.linalg.norm(spots - camera.eye, axis=1)
                truth["others"].append(
                    {
                        "kind": "row",
                        "head": ring.head,
                        "spots": px.tolist(),
                        "visible": near.tolist(),
                        "radius_px": size_px.tolist(),
                    }
                )
            continue
        a = np.radians(ring.angles)
        seat = np.column_stack([ring.radius * np.cos(a), ring.radius * np.sin(a), np.zeros_like(a)])
        # Seats bulge with dents and domes, so the height is the field's beside the head.
        beside = seat[:, :2] * (1 + 1.9 * ring.head_radius / ring.radius)
        base = sampled(f.height, f, beside[:, :1], beside[:, 1:])[:, 0]
        base = np.where(np.abs(base - ring.seat) < 0.2, base, ring.seat)
        spots = seat.copy()
        spots[:, 2] = base + np.where(ring.gone, 0.0, np.array(ring.tops) * 0.9)
        px = camera.project(spots)
        shown = visible(px, spots, np.where(ring.gone, 2.2, 1.3) * ring.head_radius)
        size_px = ring.head_radius * camera.focal / np.linalg.norm(spots - camera.eye, axis=1)
        height = float(np.median(spots[:, 2]))
        t = np.radians((np.arange(SEEN) + 0.5) * 360 / SEEN)
        circle = np.column_stack([ring.radius * np.cos(t), ring.radius * np.sin(t), np.full_like(t, ring.seat)])
        circle[:, 2] = np.where(
            np.abs(sampled(f.height, f, circle[:, :1], circle[:, 1:2])[:, 0] - ring.seat) < 0.1,
            sampled(f.height, f, circle[:, :1], circle[:, 1:2])[:, 0],
            ring.seat,
        )
        metal = sampled(f.part.astype(np.float32), f, circle[:, :1], circle[:, 1:2], mode=cv2.INTER_NEAREST)[:, 0] > 0.5
        seen = visible(camera.project(circle), circle, 1.8 * ring.head_radius) & metal
        rows = [
            {
                "angle_deg": float(ring.angles[k]),
                "xy": px[k].tolist(),
                "visible": bool(shown[k]),
                "radius_px": float(size_px[k]),
            }
            for k in range(len(a))
        ]
        truth["rings"].append(
            {
                "kind": ring.kind,
                "bolts": [row for row, gone in zip(rows, ring.gone, strict=True) if not gone],
                "missing": [row for row, gone in zip(rows, ring.gone, strict=True) if gone],
                "nominal": len(a),
                "head": ring.head,
                "spacing": ring.spacing,
                "head_radius_px": float(np.median(size_px)),
                "circle": rim(ring.radius, height).tolist(),
                "ratio": ring.radius / f.casing if f.casing else None,
                "seen": seen.tolist(),
                "tilt_deg": math.degrees(tilt),
            }
        )
    if not ringed:  # nuts of a wheel are no ring of an item
        truth["others"] += truth["rings"]
        truth["rings"] = []
    return picture, truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--set", default="mixed")
    parser.add_argument("--long-side", type=int, default=640)
    parser.add_argument("--degraded", action="store_true", help="write what a telephone would have taken")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    began = time.process_time()
    for number in range(chosen.first, chosen.first + chosen.count):
        picture, truth = scene(number, chosen.set, chosen.long_side)
        truth["set"] = chosen.set
        if chosen.degraded:
            picture = degraded(picture, np.random.default_rng([number, 99]))
        name = chosen.folder / f"img_{number:06d}.jpg"
        cv2.imwrite(str(name), picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
        name.with_suffix(".json").write_text(json.dumps(truth), encoding="utf-8")
    print(f"{(time.process_time() - began) / chosen.count:.2f} s a picture")


if __name__ == "__main__":
    main()
