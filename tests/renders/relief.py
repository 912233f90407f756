"""Debris with rings of fasteners as height fields: seconds instead of minutes a picture, so thousands to train on.

A scene is a height field over the plane of the item's face with colour, roughness and metal in every cell. What is
drawn here is seen, lit and photographed by ``relief_view.py``. Lengths are in casing radii, angles in degrees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np

HEADS = ("hex", "hex", "socket", "slotted", "cross", "rivet", "csk", "csk", "stud", "bored")
COUNTS = (4, 5, 6, 6, 8, 8, 10, 12, 12, 14, 16, 18, 20, 20, 24, 30, 36)
RINGED = ("plate", "dome", "nozzle", "recess", "fragment", "small")
BARE = ("wheel", "gear", "cover", "panel", "stones", "perforated", "pieces", "bare")
GROUND = 0


def fractal(rng, size, coarse, octaves=4, fall=0.55):
    """Noise (size, size) of mean 0, spread 1; ``coarse`` cells across at the first octave."""
    out = np.zeros((size, size), np.float32)
    for k in range(octaves):
        cells = int(min(size, max(2, coarse * 2**k)))
        grid = rng.standard_normal((cells + 3, cells + 3)).astype(np.float32)
        out += fall**k * cv2.resize(grid, (size, size), interpolation=cv2.INTER_CUBIC)
    out -= float(out.mean())
    return out / (float(out.std()) + 1e-6)


def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))


@dataclass
class Ring:
    """Nominal places in degrees; which hold no fastener; the circle's radius and the height of the seat."""

    radius: float
    seat: float
    angles: list[float]
    gone: list[bool]
    head: str
    head_radius: float
    spacing: str
    kind: str = "ring"
    tops: list[float] = field(default_factory=list)


class Field:
    """The height field: ``height``, ``colour`` (3), ``rough``, ``metal``, ``part`` (0 is the ground)."""

    def __init__(self, rng, reach: float, cells: int) -> None:
        self.rng, self.reach, self.cells = rng, float(reach), cells
        line = (np.arange(cells, dtype=np.float32) + 0.5) / cells * 2 * reach - reach
        self.x, self.y = np.meshgrid(line, line)
        self.rho = np.hypot(self.x, self.y)
        self.turn = np.arctan2(self.y, self.x)
        self.height = np.zeros((cells, cells), np.float32)
        self.colour = np.zeros((cells, cells, 3), np.float32)
        self.rough = np.full((cells, cells), 0.7, np.float32)
        self.metal = np.zeros((cells, cells), np.float32)
        self.part = np.zeros((cells, cells), np.uint8)
        self.rings: list[Ring] = []
        self.casing: float | None = None
        self.step = 2 * reach / cells

    def lay(self, mask, colour, rough, metal, part=1) -> None:
        """Give what is under ``mask`` (bool) a surface."""
        self.colour[mask] = colour[mask] if np.ndim(colour) == 3 else colour
        self.rough[mask], self.metal[mask], self.part[mask] = rough, metal, part


PAINTS = (
    (0.45, 0.45, 0.45),
    (0.75, 0.74, 0.7),
    (0.25, 0.29, 0.16),
    (0.07, 0.07, 0.07),
    (0.5, 0.4, 0.26),
    (0.35, 0.11, 0.07),
    (0.3, 0.16, 0.09),
    (0.15, 0.12, 0.1),
    (0.3, 0.34, 0.38),
    (0.9, 0.9, 0.87),
    (0.55, 0.46, 0.2),
    (0.2, 0.3, 0.22),
    (0.6, 0.57, 0.52),
)


def paint(rng):
    base = np.array(PAINTS[rng.integers(len(PAINTS))], np.float32)
    return np.clip(base * rng.uniform(0.6, 1.2) + rng.uniform(-0.03, 0.03, 3), 0.01, 0.95).astype(np.float32)


def worn(rng, cells, base, span):
    """Colour (cells, cells, 3) of a worn surface; ``span``: cells across the item."""
    if cells > 500:  # noise at half the resolution: the eye does not see it, the clock does
        return cv2.resize(worn(rng, cells // 2, base, span / 2), (cells, cells), interpolation=cv2.INTER_LINEAR)
    coarse = max(2.0, 4.0 * cells / span)
    out = base * (1 + float(rng.uniform(0.02, 0.15)) * fractal(rng, cells, coarse * rng.uniform(0.5, 3), 5)[..., None])
    for _ in range(int(rng.choice([0, 1, 1, 2, 3]))):
        tint = np.array(
            [
                (0.38, 0.15, 0.05),
                (0.2, 0.08, 0.035),
                (0.02, 0.02, 0.02),
                (0.65, 0.6, 0.53),
                (0.45, 0.37, 0.25),
                (0.8, 0.79, 0.75),
            ][rng.integers(6)],
            np.float32,
        )
        noise = fractal(rng, cells, coarse * rng.uniform(0.6, 5), 6, rng.uniform(0.5, 0.75))
        mask = sigmoid((noise - rng.uniform(0.0, 1.8)) * rng.uniform(2, 14)) * rng.uniform(0.4, 1)
        grain = 1 + rng.uniform(0.05, 0.35) * fractal(rng, cells, coarse * 12, 3)
        out = out * (1 - mask[..., None]) + tint * (grain * mask)[..., None]
    return np.clip(out, 0.008, 0.97).astype(np.float32)


def angles_of_ring(rng, counts=COUNTS):
    """Nominal angles: even, in groups, in pairs, with undrilled places, or uneven."""
    count = int(rng.choice(counts))
    kind = str(rng.choice(["even", "even", "grouped", "paired", "gap", "uneven"]))
    pitch, start = 360 / count, rng.uniform(0, 360)
    angles = [k * pitch for k in range(count)]
    groups = [g for g in (2, 3, 4, 6) if count % g == 0 and count // g >= 2]
    if kind == "grouped" and count >= 6 and groups:
        g = int(rng.choice(groups))
        tight = pitch * rng.uniform(0.6, 0.93)
        angles = [k * 360 / g + j * tight for k in range(g) for j in range(count // g)]
    elif kind == "paired" and count % 2 == 0 and count >= 8:
        half = pitch * rng.uniform(0.36, 0.46)
        angles = [2 * k * pitch + s * half for k in range(count // 2) for s in (-1, 1)]
    elif kind == "gap" and count >= 6:
        gone = set(rng.choice(count, int(rng.choice([1, 2])), replace=False).tolist())
        angles = [a for k, a in enumerate(angles) if k not in gone]
    elif kind == "uneven":
        angles = [a + rng.uniform(-0.25, 0.25) * pitch for a in angles]
    else:
        kind = "even"
    return sorted((a + start) % 360 for a in angles), kind


def put_ring(
    f: Field, radius, seat, *, span=(0.0, 360.0), counts=COUNTS, most=0.3, kind="ring", angles=None, head=None
):
    """Fasteners on a circle; those outside ``span`` are left out."""
    rng = f.rng
    nominal, spacing = angles_of_ring(rng, counts) if angles is None else angles
    nearest = min((b - a) % 360 for a, b in zip(nominal, nominal[1:] + nominal[:1], strict=True)) or 360
    size = min(0.4 * math.radians(min(nearest, 90)) * radius, rng.uniform(0.022, 0.1) * radius, most * radius)
    form = str(rng.choice(HEADS)) if head is None else head
    if rng.random() < 0.06 and head is None:
        form = "hole"
    lost = float(rng.choice([0, 0, 0.06, 0.2]))
    base = paint(rng)
    own = rng.random() < 0.4
    shade = rng.uniform(0.75, 1.2)
    metal, rough = float(rng.choice([0, 0, 0.9])), rng.uniform(0.25, 0.8)
    tall, spin = rng.uniform(0.7, 1.3), rng.random() < 0.2
    washer, turn0 = rng.random() < 0.35, rng.uniform(0, 6.28)
    ring = Ring(radius, seat, [], [], form, size, spacing, kind)
    for angle in nominal:
        if not span[0] <= angle <= span[1]:
            continue
        gone = bool(rng.random() < lost)
        a = math.radians(angle)
        turn = a + turn0 if spin else rng.uniform(0, 6.28)
        scale = rng.uniform(0.97, 1.03)
        colour = None if own else base * rng.uniform(0.8, 1.15)
        style = {"tall": tall * rng.uniform(0.9, 1.1), "washer": washer and not gone, "shade": shade}
        shape = "hole" if gone and form != "hole" else form
        if gone and form == "hole":
            gone = False
        grow = scale * (0.7 if shape == "hole" else 1)
        top = fastener(
            f, radius * math.cos(a), radius * math.sin(a), size * grow, shape, turn, colour, metal, rough, style
        )
        ring.angles.append(angle)
        ring.gone.append(gone)
        ring.tops.append(top)
    if ring.angles:
        f.rings.append(ring)
    return ring


def fastener(f: Field, x, y, r, kind, turn, colour, metal, rough, style):
    """Stamp one head (or empty hole) of half width ``r``; returns how far its top stands above its seat."""
    grow = 1.75
    i0, i1 = (int((v - grow * r + f.reach) / f.step) for v in (y, x))
    n = max(4, int(2 * grow * r / f.step) + 2)
    rows, cols = slice(max(i0, 0), i0 + n), slice(max(i1, 0), i1 + n)
    px, py = (f.x[rows, cols] - x) / r, (f.y[rows, cols] - y) / r
    if px.size == 0:
        return 0.0
    rho = np.hypot(px, py)
    u, v = px * math.cos(turn) + py * math.sin(turn), -px * math.sin(turn) + py * math.cos(turn)
    soft = max(1.3 * f.step / r, 0.03)
    edge = lambda d, w=1.0: np.clip(d / (soft * w) + 0.5, 0, 1)  # noqa: E731
    hexed = np.max([np.abs(u), np.abs(0.5 * u + 0.866 * v), np.abs(0.5 * u - 0.866 * v)], axis=0)
    h, dark = np.zeros_like(rho), np.zeros_like(rho)
    cover = edge(1 - rho)
    tall = style["tall"]
    if kind in ("hex", "stud", "bored"):
        up = 0.7 * tall
        cover = edge(0.9 - hexed)
        h = cover * np.minimum(up, up + 0.35 * (0.92 - rho))
        if kind == "stud":
            pin = edge(0.48 - rho)
            h = np.maximum(h, pin * up * (1.5 + 0.5 * tall))
        if kind == "bored":
            sink = edge(1.5 - rho)
            h = h - sink * 0.8
            dark = sink * (1 - cover) * 0.5
    elif kind == "socket":
        up = 1.1 * tall
        pit = edge(0.52 - np.max([np.abs(u), np.abs(0.5 * u + 0.866 * v), np.abs(0.5 * u - 0.866 * v)], axis=0))
        h = cover * up * (1 - 0.65 * pit)
        dark = pit * 0.8
    elif kind in ("slotted", "cross"):
        up = 0.5 * tall
        slot = edge(0.14 - np.abs(v)) * edge(0.88 - np.abs(u))
        if kind == "cross":
            slot = np.maximum(
                edge(0.13 - np.abs(v)) * edge(0.6 - np.abs(u)), edge(0.13 - np.abs(u)) * edge(0.6 - np.abs(v))
            )
        h = cover * up * np.sqrt(np.clip(1.25 - rho**2, 0.02, 1)) * (1 - 0.7 * slot)
        dark = slot * 0.7
    elif kind == "rivet":
        h = 0.55 * tall * np.sqrt(np.clip(1 - rho**2, 0, 1))
    elif kind == "csk":
        lip = edge(0.09 - np.abs(rho - 1), 1.0)
        slot = edge(0.12 - np.abs(v)) * edge(0.85 - np.abs(u)) if tall > 0.9 else edge(0.4 - hexed)
        h = cover * 0.05 * (tall - 0.8) - 0.15 * slot - 0.1 * lip
        dark = np.maximum(lip * 0.6, slot * 0.75)
    elif kind == "hole":
        cover = edge(1 - rho)
        h = -1.4 * cover
        dark = cover * 0.85
    if style.get("washer") and kind in ("hex", "stud", "socket"):
        ring = edge(1.45 - rho)
        h = np.maximum(h, ring * 0.14) if kind != "bored" else h
        cover = np.maximum(cover, ring)
    under = f.height[rows, cols]
    f.height[rows, cols] = under + r * h.astype(np.float32)
    mix = cover[..., None]
    skin = f.colour[rows, cols]
    own = skin * style["shade"] if colour is None else 0.75 * colour + 0.25 * skin
    if kind == "hole":
        own = skin
    f.colour[rows, cols] = np.clip(skin * (1 - mix) + own * mix, 0.005, 0.97) * (1 - dark[..., None])
    if colour is not None and kind != "hole":
        f.metal[rows, cols] = f.metal[rows, cols] * (1 - cover) + metal * cover
        f.rough[rows, cols] = f.rough[rows, cols] * (1 - cover) + rough * cover
    return float(r * max(0.0, h.max()))


def soil(f: Field, level: float) -> None:
    """Ground with stones, far below the face or right under it."""
    rng, n = f.rng, f.cells
    tint = np.array(
        [
            (0.22, 0.16, 0.1),
            (0.08, 0.08, 0.085),
            (0.4, 0.38, 0.36),
            (0.13, 0.14, 0.06),
            (0.1, 0.16, 0.45),
            (0.42, 0.33, 0.2),
            (0.6, 0.6, 0.62),
        ][rng.integers(7)],
        np.float32,
    )
    ground = worn(rng, n, tint * rng.uniform(0.7, 1.3), n / 2)
    rough = rng.uniform(0.0, 0.02) * fractal(rng, n, rng.uniform(4, 20), 6, 0.7)
    f.height[:] = level + rough
    f.colour[:] = ground * (1 + 0.12 * fractal(rng, n, n / 6, 2)[..., None])
    f.rough[:] = rng.uniform(0.7, 1)
    if rng.random() < 0.25:  # cloth or mesh
        pitch = rng.uniform(3, 8)
        weave = np.sin(np.arange(n) * 2 * np.pi / pitch)
        f.colour *= (1 + 0.2 * weave[None, :, None] * weave[:, None, None]).astype(np.float32)
    for _ in range(int(rng.choice([0, 20, 80, 250]))):
        lump(f, *rng.uniform(-f.reach, f.reach, 2), rng.uniform(0.01, 0.07) * rng.choice([0.5, 1, 1]))
    f.colour[:] = np.clip(f.colour, 0.005, 0.97)


def lump(f: Field, x, y, r):
    """A stone."""
    rng = f.rng
    i0, i1 = (int((v - 1.4 * r + f.reach) / f.step) for v in (y, x))
    n = max(4, int(2.8 * r / f.step))
    rows, cols = slice(max(i0, 0), max(i0, 0) + n), slice(max(i1, 0), max(i1, 0) + n)
    px, py = (f.x[rows, cols] - x) / r, (f.y[rows, cols] - y) / r
    if px.size == 0:
        return
    a, b = rng.uniform(0, 6.28), rng.uniform(0.6, 1)
    u, v = px * math.cos(a) + py * math.sin(a), (-px * math.sin(a) + py * math.cos(a)) / b
    turn = np.arctan2(v, u)
    far = np.hypot(u, v) * (1 + 0.12 * np.sin(2 * turn + a * 3) + 0.1 * np.sin(3 * turn + a * 5))
    inside = far < 1
    up = r * rng.uniform(0.3, 0.8) * np.sqrt(np.clip(1 - far**2, 0, 1))
    f.height[rows, cols] += up.astype(np.float32)
    f.colour[rows, cols][inside] = paint(rng) * 0.8


def turned(f: Field, radii, heights, colour, rough, metal, part=1, mask=None):
    """A surface of revolution laid over the field: heights at radii, out to the last."""
    inside = f.rho <= radii[-1] if mask is None else mask & (f.rho <= radii[-1])
    z = np.interp(f.rho, radii, heights).astype(np.float32)
    f.height[inside] = z[inside]
    f.lay(inside, colour, rough, metal, part)
    return inside


def boss(f: Field, radius, seat, colour, rough, metal):
    """What stands or lies in the middle of a plate: boss with a bore, a nut, grooves."""
    rng = f.rng
    if rng.random() < 0.8:
        b = radius * rng.uniform(0.15, 0.5)
        up = b * float(rng.choice([0.08, 0.3, 0.7]))
        bore = rng.uniform(0.2, 0.6)
        inside = f.rho < b
        if rng.random() < 0.25:
            a = f.turn + rng.uniform(0, 6)
            flat = np.max([np.abs(np.cos(a + k * np.pi / 3)) for k in range(3)], axis=0) * f.rho
            inside = flat < 0.87 * b
        f.height[inside] = seat + up
        core = f.rho < b * bore
        f.height[core] = seat + up * rng.uniform(-1.5, 0.6)
        shade = colour * rng.uniform(0.6, 1.2)
        f.lay(inside, np.clip(shade, 0.01, 0.97), rough, metal)
        if rng.random() < 0.6:
            f.colour[core] *= 0.3
    for _ in range(int(rng.choice([0, 0, 1, 2]))):
        g = radius * rng.uniform(0.5, 0.75)
        line = np.abs(f.rho - g) < max(0.006 * radius, 0.8 * f.step)
        f.height[line] -= 0.01 * radius
        f.colour[line] *= 0.35


def writing(f: Field, scale=1.0):
    """Painted letters somewhere on the item: round and dark, and no fasteners."""
    rng, n = f.rng, f.cells
    canvas = np.zeros((n, n), np.uint8)
    text = "".join(rng.choice(list("0123456789ABEKMHOPCTYXQ0O8B."), int(rng.integers(2, 8))))
    size = rng.uniform(0.06, 0.3) * scale / f.step / 22
    spot = ((rng.uniform(-0.7, 0.3, 2) + f.reach) / f.step).astype(int)
    cv2.putText(
        canvas, text, tuple(int(v) for v in spot), int(rng.choice([0, 2, 3])), size, 255, max(1, int(size * 2.2))
    )
    turn = cv2.getRotationMatrix2D((n / 2, n / 2), rng.uniform(0, 360), 1)
    mask = cv2.warpAffine(canvas, turn, (n, n)).astype(np.float32)[..., None] / 255 * (f.part[..., None] > 0)
    f.colour[:] = f.colour * (1 - mask) + paint(rng) * mask


def torn_mask(f: Field, kept: float, lowest: float):
    """Where a fragment is: a sector with ragged sides and inner edge; returns the mask and its span in degrees."""
    rng = f.rng
    half = kept / 2
    turn = np.degrees(np.mod(f.turn, 2 * np.pi))
    off = np.abs((turn - 180 + 180) % 360 - 180)
    rag = fractal(rng, f.cells, 10 * f.reach, 4, 0.7) * rng.uniform(1, 6)
    inner = lowest * (1 + 0.12 * fractal(rng, f.cells, 8 * f.reach, 4, 0.6))
    return (off < half + rag) & (f.rho > inner), (180 - half, 180 + half)


def item(f: Field, kind: str, depth: float) -> None:
    """One item with a ring, its face near height 0; below it the ground."""
    rng, n = f.rng, f.cells
    span_cells = n / f.reach * 2
    base = paint(rng)
    colour = worn(rng, n, base, span_cells)
    other = worn(rng, n, paint(rng) if rng.random() < 0.5 else base * rng.uniform(0.7, 1.2), span_cells)
    rough, metal = rng.uniform(0.25, 0.9), float(rng.choice([0, 0, 0.5, 0.9]))
    fine = rng.uniform(0, 0.004) * fractal(rng, n, 30 * f.reach, 4, 0.6)
    dent = float(rng.choice([0, 0, 0.006, 0.02])) * fractal(rng, n, 3 * f.reach, 2)
    f.casing = 1.0
    if kind in ("plate", "small"):
        inner = [] if kind == "plate" or rng.random() < 0.5 else [0.0, rng.uniform(0.15, 0.45)]
        if inner:
            turned(f, [0, inner[1], inner[1] + 1e-3, 0.985, 1.0], [-depth, -depth, 0, 0, -0.015], colour, rough, metal)
            hole = f.rho < inner[1]
            f.colour[hole] *= 0.4
        else:
            turned(f, [0, 0.985, 1.0], [0, 0, -0.015], colour, rough, metal)
        ring = rng.uniform(0.5 if not inner else inner[1] + 0.25 * (1 - inner[1]), 0.9)
        if rng.random() < 0.3:
            f.casing = None if rng.random() < 0.2 else f.casing
        middle = lambda: None if inner else boss(f, ring * 0.9, 0.0, other, rough, metal)  # noqa: E731
        middle()
        put_ring(f, ring, 0.0, most=0.28 if not inner else 0.4 * (1 - inner[1]) / 1)
        if rng.random() < 0.15:
            put_ring(f, ring * rng.uniform(0.45, 0.6), 0.0, most=0.1)
    elif kind == "dome":
        plate = rng.uniform(0.38, 0.72)
        lift = float(rng.choice([0.0, 0.03, 0.06]))
        radii = np.concatenate([[0, plate, plate + 0.005], np.linspace(plate + 0.01, 1.0, 18)])
        drop = np.sqrt(np.clip(1 - np.linspace(plate + 0.01, 0.999, 18) ** 2, 0, 1))
        heights = np.concatenate([[0, 0, -lift], (drop - drop[0]) * rng.uniform(0.4, 0.8) - lift])
        turned(f, radii, heights, colour, rough, metal)
        if rng.random() < 0.6:
            inside = f.rho < plate
            f.lay(inside, other, rough, metal)
        ring = plate * rng.uniform(0.62, 0.9)
        boss(f, ring * 0.85, 0.0, other, rough, metal)
        put_ring(f, ring, 0.0)
        if rng.random() < 0.3:
            g = rng.uniform(plate + 0.1, 0.98)
            line = np.abs(f.rho - g) < 0.008
            f.height[line] -= 0.01
            f.colour[line] *= 0.5
    elif kind in ("nozzle", "recess"):
        bore = rng.uniform(0.4, 0.7)
        lip = rng.uniform(0.86, 0.97)
        rim = float(rng.choice([0, 0.03, 0.1])) if kind == "nozzle" else rng.uniform(0.05, 0.35)
        if kind == "nozzle":
            deep = rng.uniform(0.3, 0.9)
            radii = [0, 0.4 * bore, bore, bore + 0.004, lip, lip + 0.004, 1.0]
            heights = [-deep, -deep, -0.04, 0, 0, rim, rim]
        else:
            radii, heights = [0, lip, lip + 0.004, 1.0], [0, 0, rim, rim]
        turned(f, radii, heights, colour, rough, metal)
        if rng.random() < 0.6:
            f.lay(f.rho < (bore if kind == "nozzle" else lip), other, rough, metal)
        if kind == "nozzle":
            throat = f.rho < 0.4 * bore
            f.colour[throat] *= 0.15
            middle = (bore + lip) / 2
            put_ring(f, middle * rng.uniform(0.97, 1.03), 0.0, most=0.33 * (lip - bore) / middle)
        else:
            ring = lip * rng.uniform(0.6, 0.9)
            boss(f, ring * 0.85, 0.0, other, rough, metal)
            put_ring(f, ring, 0.0)
    elif kind == "fragment":
        kept, lowest = rng.uniform(60, 230), rng.uniform(0.3, 0.62)
        mask, span = torn_mask(f, kept, lowest)
        turned(f, [0, 0.99, 1.0], [0, 0, -0.01], colour, rough, metal, mask=mask)
        ring = rng.uniform(max(lowest + 0.14, 0.55), 0.9)
        counts = (8, 10, 12, 12, 14, 16, 16, 18, 20, 20, 24, 24, 30, 36)
        put_ring(f, ring, 0.0, span=(span[0] + 4, span[1] - 4), counts=counts)
        f.height[~mask] = np.minimum(f.height[~mask], -depth)
        curl = float(rng.choice([0, 0, 0.15]))
        off = np.abs((np.degrees(np.mod(f.turn, 2 * np.pi)) - 180 + 180) % 360 - 180)
        f.height[mask] += (curl * np.maximum(0, off / (kept / 2) - 0.75))[mask]
    on = f.part > 0
    f.height[on] += (fine + dent)[on]
    for _ in range(int(rng.choice([0, 0, 0, 1, 2]))):
        writing(f)
    if rng.random() < 0.25:  # spots of dirt or holes shot through
        for _ in range(int(rng.integers(1, 12))):
            a, far, r = rng.uniform(0, 6.28), rng.uniform(0, 1), rng.uniform(0.01, 0.05)
            spot = np.hypot(f.x - far * math.cos(a), f.y - far * math.sin(a)) < r * (1 + 0.4 * fine / 0.004)
            f.colour[spot & on] *= rng.uniform(0.1, 0.6)


def bare(f: Field, kind: str, depth: float) -> None:
    """Things without a ring of fasteners of an item: wheels, gears, covers, panels with rows of rivets, pieces."""
    rng, n = f.rng, f.cells
    span_cells = n / f.reach * 2
    base = paint(rng)
    colour = worn(rng, n, base, span_cells)
    rough, metal = rng.uniform(0.25, 0.9), float(rng.choice([0, 0.5, 0.9]))
    if kind == "wheel":
        rim = rng.uniform(0.55, 0.7)
        tyre = np.full(3, rng.uniform(0.02, 0.09), np.float32) * (1 + 0.2 * fractal(rng, n, 9, 4))[..., None]
        turned(f, [0, rim, rim + 0.03, 0.85, 1.0], [-0.1, -0.1, 0, 0.03, -0.1], tyre, 0.9, 0)
        hub, lip = rng.uniform(0.12, 0.25), rng.uniform(0.3, 0.45)
        dish = [-0.05, -0.05, -0.12, -0.16, -0.06, -0.02]
        turned(f, [0, hub, lip, rim * 0.85, rim * 0.95, rim], dish, colour, rough, metal)
        if rng.random() < 0.75:
            dome = f.rho < hub * 0.8
            f.height[dome] += (0.06 * np.sqrt(np.clip(1 - (f.rho / (hub * 0.8)) ** 2, 0, 1)))[dome]
        count = int(rng.choice([4, 5, 5, 6, 8]))
        nuts = [k * 360 / count + rng.uniform(0, 60) * 0 for k in range(count)]
        put_ring(
            f,
            hub * rng.uniform(1.05, 1.6),
            -0.07,
            kind="wheel",
            angles=(nuts, "even"),
            head=str(rng.choice(["hex", "hex", "rivet", "stud", "hole"])),
        )
        if rng.random() < 0.5:
            slots = int(rng.choice([6, 8, 12]))
            for k in range(slots):
                a = k * 2 * math.pi / slots
                spot = np.hypot(f.x - rim * 0.7 * math.cos(a), f.y - rim * 0.7 * math.sin(a)) < 0.05
                f.height[spot] -= 0.2
                f.colour[spot] *= 0.3
        canvas = np.zeros((n, n), np.uint8)
        for k, letter in enumerate("".join(rng.choice(list("ROADKING205/55R16"), 9))):
            a = math.radians(200 + 9 * k)
            spot = (int((0.85 * math.cos(a) + f.reach) / f.step), int((0.85 * math.sin(a) + f.reach) / f.step))
            cv2.putText(canvas, letter, spot, 0, 0.08 / f.step / 22, 255, max(1, int(0.006 / f.step)))
        f.colour[canvas > 128] = paint(rng)
        f.casing = None
    elif kind == "gear":
        teeth = int(rng.choice([12, 18, 24, 36, 48]))
        edge = 0.93 + 0.07 * np.sign(np.sin(f.turn * teeth)) * (np.abs(np.sin(f.turn * teeth)) > 0.2)
        mask = f.rho < edge
        turned(f, [0, 0.25, 0.255, 0.7, 0.705, 1.0], [0.12, 0.12, -0.04, -0.04, 0, 0], colour, rough, metal, mask=mask)
        bore = f.rho < 0.14
        f.height[bore], f.colour[bore] = -depth, f.colour[bore] * 0.3
        if rng.random() < 0.7:
            count = int(rng.choice([3, 4, 5, 6, 8]))
            size = rng.uniform(0.06, 0.12)
            for k in range(count):
                a = k * 2 * math.pi / count
                spot = np.hypot(f.x - 0.48 * math.cos(a), f.y - 0.48 * math.sin(a)) < size
                f.height[spot] = -depth
                f.colour[spot] *= 0.4
    elif kind == "cover":
        turned(f, [0, 0.98, 1.0], [0, 0, -0.03], colour, rough, metal)
        pattern = rng.integers(4)
        pitch = rng.uniform(0.06, 0.2)
        if pattern == 0:
            stud = (np.sin(f.x * 6.28 / pitch) * np.sin(f.y * 6.28 / pitch) > 0.4) & (f.rho < 0.85)
            f.height[stud] += 0.015
        elif pattern == 1:
            for g in np.arange(0.2, 0.95, pitch):
                line = np.abs(f.rho - g) < 0.015
                f.height[line] += 0.02
        elif pattern == 2:
            spokes = (np.sin(f.turn * int(rng.choice([6, 8, 12, 16]))) > 0.6) & (f.rho > 0.3) & (f.rho < 0.85)
            f.height[spokes] -= 0.02
        line = np.abs(f.rho - rng.uniform(0.75, 0.93)) < 0.01
        f.height[line] -= 0.02
        f.colour[line] *= 0.3
    elif kind == "panel":
        rag = fractal(rng, n, 8, 4, 0.6) * 0.06
        mask = (np.abs(f.x) < 0.95 + rag) & (np.abs(f.y) < 0.65 + rag)
        bend = rng.uniform(0, 0.6)
        f.height[mask] = (-bend * f.y**2)[mask] + 0.01 * fractal(rng, n, 3, 2)[mask]
        f.lay(mask, colour, rough, metal)
        for _ in range(int(rng.choice([0, 1, 2, 3]))):
            y, step = rng.uniform(-0.5, 0.5), rng.uniform(0.08, 0.2)
            tilt, form, size = (
                rng.uniform(-0.5, 0.5),
                str(rng.choice(["rivet", "rivet", "csk", "hole", "hex"])),
                rng.uniform(0.015, 0.03),
            )
            tint = None if rng.random() < 0.5 else paint(rng)
            spots = []
            for x in np.arange(-0.85, 0.86, step):
                yy = y + tilt * x
                if abs(yy) < 0.58:
                    fastener(
                        f,
                        x,
                        yy,
                        size,
                        form,
                        rng.uniform(0, 6),
                        tint,
                        0.0,
                        0.6,
                        {"tall": 1.0, "washer": False, "shade": 1.0},
                    )
                    spots.append((x, yy))
            f.rings.append(Ring(0, 0, [], [], form, size, "row", "row", [*spots]))
    elif kind == "perforated":
        turned(f, [0, 1.0], [0, 0], colour, rough, metal, mask=(np.abs(f.x) < 0.9) & (np.abs(f.y) < 0.7))
        pitch, r = rng.uniform(0.12, 0.3), rng.uniform(0.2, 0.35)
        gx, gy = (np.mod(v / pitch + 0.5, 1) - 0.5 for v in (f.x, f.y))
        spot = (np.hypot(gx, gy) < r) & (f.part > 0)
        f.height[spot] = -depth
        f.colour[spot] *= 0.3
    elif kind == "pieces":
        for _ in range(int(rng.integers(3, 14))):
            r, (x, y) = rng.uniform(0.06, 0.5), rng.uniform(-1, 1, 2)
            far = np.hypot(f.x - x, f.y - y)
            form = rng.choice(["disc", "pipe", "washer", "scrap", "scrap", "box"])
            tint = worn(rng, n, paint(rng), span_cells) if r > 0.25 else np.broadcast_to(paint(rng), (n, n, 3))
            tall = r * rng.uniform(0.05, 0.5)
            if form == "disc":
                mask = far < r
            elif form in ("pipe", "washer"):
                mask = (far < r) & (far > r * rng.uniform(0.5, 0.85))
            elif form == "box":
                a = rng.uniform(0, 6)
                u, v = (
                    (f.x - x) * math.cos(a) + (f.y - y) * math.sin(a),
                    -(f.x - x) * math.sin(a) + (f.y - y) * math.cos(a),
                )
                mask = (np.abs(u) < r) & (np.abs(v) < r * rng.uniform(0.1, 0.9))
            else:
                mask = far < r * (1 + 0.35 * fractal(rng, n, 6, 5, 0.7))
                tall = tall + 0.15 * r * fractal(rng, n, 12, 3, 0.6)[mask]
            f.height[mask] = np.maximum(f.height[mask], -depth + tall) if form != "scrap" else -depth + np.abs(tall)
            f.lay(mask, tint, rng.uniform(0.3, 0.9), float(rng.choice([0, 0.8])), 2)
    elif kind == "stones":
        for _ in range(int(rng.integers(60, 400))):
            lump(f, *rng.uniform(-f.reach, f.reach, 2), rng.uniform(0.02, 0.16) * rng.random() ** 0.5)
    on = f.part > 0
    f.height[on] += (rng.uniform(0, 0.004) * fractal(rng, n, 30 * f.reach, 4, 0.6))[on]
    if kind != "wheel":
        f.casing = None
    for _ in range(int(rng.choice([0, 0, 1, 2]))):
        writing(f)
