"""Render invented debris with rings of fasteners, vanes and distractors, and write the truth beside each picture.

    python3.11 -m venv VENV && VENV/bin/pip install bpy pillow
    VENV/bin/python tests/renders/generate.py OUT_DIR --first 0 --count 200 [--samples 12] [--long-side 960]

Scene ``n`` depends on ``n`` alone. The truth has the form that ``tests/benchmarks/geometry.py`` reads. Sizes are in
metres, angles in degrees, pixels with the origin in the middle of the top left one.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import random
import sys
import tempfile
import time
from pathlib import Path

import bpy
import numpy as np
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Matrix, Vector
from PIL import Image, ImageFilter

sys.path.insert(0, str(Path(__file__).resolve().parent))
import shapes

KINDS = (
    "plate",
    "plate",
    "dome",
    "dome",
    "nozzle",
    "nozzle",
    "vanes",
    "fragment",
    "fragment",
    "panel",
    "wheel",
    "clutter",
)


def angles_of_ring(rng: random.Random) -> tuple[list[float], str]:
    """Nominal angles: even, in groups, in pairs, with undrilled places, or uneven."""
    count = rng.choice((4, 5, 6, 6, 8, 8, 10, 12, 12, 16, 18, 20, 20, 24, 30, 36))
    kind = rng.choice(("even", "even", "grouped", "paired", "gap", "uneven"))
    pitch, start = 360 / count, rng.uniform(0, 360)
    angles = [k * pitch for k in range(count)]
    if kind == "grouped" and count >= 6:
        groups = rng.choice([g for g in (2, 3, 4, 6) if count % g == 0 and count // g >= 2] or [1])
        tight = pitch * rng.uniform(0.72, 0.93)
        angles = [g * 360 / groups + k * tight for g in range(groups) for k in range(count // groups)]
    elif kind == "paired" and count % 2 == 0 and count >= 8:
        half = pitch * rng.uniform(0.36, 0.46)
        angles = [2 * k * pitch + s * half for k in range(count // 2) for s in (-1, 1)]
    elif kind == "gap" and count >= 6:
        gone = set(rng.sample(range(count), rng.choice((1, 2))))
        angles = [a for k, a in enumerate(angles) if k not in gone]
    elif kind == "uneven":
        angles = [a + rng.uniform(-0.18, 0.18) * pitch for a in angles]
    else:
        kind = "even"
    return sorted((a + start) % 360 for a in angles), kind


class Scene:
    """What is built for one picture; the item's face is z = 0 of its own frame, looking up."""

    def __init__(self, number: int) -> None:
        self.rng = random.Random(number * 7919 + 5)
        self.kind = self.rng.choice(KINDS)
        self.parts: list[bpy.types.Object] = []
        self.rings: list[dict] = []
        self.vanes: list[tuple[float, Vector, bool]] = []
        self.casing: tuple[float, float] | None = None  # radius, height
        self.radius = 0.0
        self.depth = 0.05
        self.vane_nominal = 0

    def materials(self) -> None:
        rng = self.rng
        paints = (
            (0.3, 0.3, 0.3),
            (0.2, 0.22, 0.13),
            (0.5, 0.5, 0.48),
            (0.08, 0.08, 0.08),
            (0.45, 0.36, 0.24),
            (0.3, 0.08, 0.05),
        )
        wear = {
            "rust": rng.choice((0.05, 0.3, 0.6, 0.9)),
            "dust": rng.choice((0, 0.3, 0.6)),
            "soot": rng.choice((0, 0.2, 0.6)),
        }
        scale = rng.uniform(2, 5) / max(self.radius, 0.03)
        self.paint = shapes.surface(
            "paint", rng.choice(paints), rng, scale=scale, metal=rng.choice((0, 0, 0.6)), **wear
        )
        self.other = shapes.surface("other", rng.choice(paints), rng, scale=scale, metal=rng.choice((0, 0.8)), **wear)
        bolt = rng.choice(((0.5, 0.48, 0.45), (0.4, 0.28, 0.08), (0.1, 0.1, 0.1), (0.25, 0.12, 0.07)))
        wear["rust"] *= rng.choice((0, 0.5, 1))
        fresh = shapes.surface("bolt", bolt, rng, scale=scale * 3, metal=rng.choice((0, 0.9)), **wear)
        self.bolt = self.paint if rng.random() < 0.35 else fresh
        self.dark = shapes.plain("dark", (0.012, 0.011, 0.01))

    def ring(self, radius: float, height: float, *, span=(0.0, 360.0), most=0.25, role="ring", axis_tilt=None) -> float:
        """Put a ring of fasteners; returns the head radius."""
        rng = self.rng
        angles, spacing = angles_of_ring(rng)
        nearest = min((b - a) % 360 for a, b in zip(angles, angles[1:] + angles[:1], strict=True))
        head = min(0.36 * math.radians(nearest) * radius, rng.uniform(0.035, 0.11) * radius, most * radius)
        kind = rng.choice(shapes.HEADS)
        lost = rng.choice((0, 0, 0.08, 0.2))
        rows = []
        for angle in angles:
            if not span[0] <= angle <= span[1]:
                continue
            gone = rng.random() < lost
            spot = Vector((radius * math.cos(math.radians(angle)), radius * math.sin(math.radians(angle)), height))
            made = shapes.head("hole" if gone else kind, head * (0.6 if gone else 1), self.bolt, self.dark, rng)
            for part in made:
                part.matrix_world = Matrix.Translation(spot)
            self.parts += made
            top = max(v.co.z for v in made[0].data.vertices)
            rows.append(
                {"angle_deg": angle, "spot": spot + Vector((0, 0, top)), "names": {p.name for p in made}, "gone": gone}
            )
        if rows:
            self.rings.append(
                {
                    "radius": radius,
                    "height": height,
                    "rows": rows,
                    "nominal": len(angles),
                    "head": kind,
                    "spacing": spacing,
                    "head_radius": head,
                    "role": role,
                }
            )
        return head

    def build(self) -> None:
        getattr(self, f"_{self.kind}")()

    def _boss(self, radius: float, height: float) -> None:
        rng = self.rng
        if rng.random() < 0.85:
            b = radius * rng.uniform(0.15, 0.5)
            up = b * rng.choice((0.1, 0.3, 0.7))
            profile = [
                (b * 1.04, height),
                (b, height + up),
                (b * 0.55, height + up),
                (b * 0.5, height + up * 0.3),
                (0.0001, height + up * 0.3),
            ]
            self.parts.append(shapes.revolved("boss", profile, rng.choice((self.paint, self.other, self.dark))))
        if rng.random() < 0.35:
            g = radius * rng.uniform(0.5, 0.68)
            self.parts.append(shapes.revolved("groove", [(g * 1.012, height + 1e-4), (g, height + 1e-4)], self.dark))

    def _plate(self) -> None:
        rng = self.rng
        R = self.radius = rng.uniform(0.06, 0.3)
        self.materials()
        thick = self.depth = R * rng.uniform(0.05, 0.2)
        profile = [(R, -thick), (R, -0.01 * R), (0.99 * R, 0), (0.0001, 0)]
        self.parts.append(shapes.revolved("plate", profile, self.paint, dent=rng.choice((0, 0.01))))
        self.casing = (R, 0.0)
        self.ring(R * rng.uniform(0.55, 0.88), 0.0)
        self._boss(R * 0.8, 0.0)

    def _dome(self) -> None:
        rng = self.rng
        R = self.radius = rng.uniform(0.15, 0.55)
        self.materials()
        P = R * rng.uniform(0.42, 0.75)
        drop = math.sqrt(1 - (P / R) ** 2)
        high = R * rng.uniform(0.35, 0.7)
        lift = R * 0.03
        dome = [(R * math.cos(a), high * (math.sin(a) - drop) - lift) for a in np.linspace(0, math.acos(P / R), 14)]
        long = R * rng.uniform(0.3, 1.2)
        profile = [(R, dome[0][1] - long), (R, dome[0][1] - 0.02 * R), *dome]
        profile = [(R, dome[0][1] - long - 0.03 * R), *profile]
        self.depth = -(dome[0][1] - long)
        self.parts.append(
            shapes.revolved("dome", profile, self.paint, dent=rng.choice((0, 0.01, 0.03)), seed=rng.random() * 9)
        )
        plate = [(P * 1.0, -lift), (P * 0.99, 0), (0.0001, 0)]
        self.parts.append(shapes.revolved("igniter plate", plate, rng.choice((self.paint, self.other))))
        self.casing = (R, dome[0][1])
        self.ring(P * rng.uniform(0.62, 0.88), 0.0)
        self._boss(P * 0.75, 0.0)

    def _tube(self, R: float, bore: float, deep: float, long: float, face: float) -> None:
        inside = [(bore, -0.002 * R), (bore * 0.45, -deep), (bore * 0.43, -deep * 1.6), (0.0001, -deep * 1.6)]
        profile = [(R, -long), (R, -0.01 * R), (0.99 * R, 0.0), (face, 0.0), (bore, 0.0)]
        self.parts.append(shapes.revolved("flange", profile, self.paint, dent=self.rng.choice((0, 0.01))))
        self.parts.append(shapes.revolved("bore", inside, self.rng.choice((self.dark, self.other))))
        self.casing = (R, 0.0)
        self.depth = long

    def _nozzle(self) -> None:
        rng = self.rng
        R = self.radius = rng.uniform(0.12, 0.5)
        self.materials()
        bore = R * rng.uniform(0.4, 0.68)
        self._tube(R, bore, R * rng.uniform(0.6, 1.2), R * rng.uniform(0.3, 1.5), R * 0.97)
        if rng.random() < 0.85:
            self.ring((bore + R) / 2 * rng.uniform(0.97, 1.06), 0.0, most=0.35 * (R - bore) / R)

    def _vanes(self) -> None:
        rng = self.rng
        R = self.radius = rng.uniform(0.12, 0.5)
        self.materials()
        bore = R * rng.uniform(0.6, 0.93)
        self._tube(R, bore, R * rng.uniform(0.5, 1.0), R * rng.uniform(0.4, 1.5), R * 0.97)
        number = self.vane_nominal = rng.choice((4, 4, 4, 4, 3, 6))
        start = rng.uniform(0, 360)
        inner = rng.uniform(0.15, 0.45) * bore
        for k in range(number):
            angle = start + 360 / number * k
            here = rng.random() > 0.15
            turn = Matrix.Rotation(math.radians(angle), 4, "Z")
            z = R * rng.uniform(-0.2, 0.1)
            length, mid = bore - inner, (bore + inner) / 2
            spot = (turn @ Matrix.Translation((mid, 0, z))).translation
            pitch = Matrix.Rotation(math.radians(rng.uniform(-12, 12)), 4, "X")
            if here:
                matrix = turn @ Matrix.Translation((mid, 0, z)) @ pitch
                vane = shapes.box(
                    "vane",
                    (length, R * rng.uniform(0.03, 0.08), R * rng.uniform(0.15, 0.4)),
                    matrix,
                    rng.choice((self.dark, self.other)),
                )
                self.parts.append(vane)
            if here or rng.random() < 0.6:
                wide = rng.uniform(0.1, 0.2) * R
                matrix = turn @ Matrix.Translation((bore * 0.98, 0, z))
                self.parts.append(shapes.box("mount", (0.12 * R, wide, wide * 1.5), matrix, self.other))
            self.vanes.append((angle % 360, spot, here))
        if rng.random() < 0.4:
            self.ring((bore + R) / 2, 0.0, most=0.35 * (R - bore) / R)

    def _fragment(self) -> None:
        rng = self.rng
        R = self.radius = rng.uniform(0.1, 0.45)
        self.materials()
        half = rng.uniform(35, 100)
        span = (180 - half, 180 + half)
        thick = self.depth = R * 0.06
        inner = R * rng.uniform(0.3, 0.6)
        profile = [(inner, -thick), (R, -thick), (R, 0), (inner, 0)]
        torn = shapes.revolved("fragment", profile, self.paint, span=span)
        curl = rng.choice((0, 0, 0.1, 0.25)) * R
        for vertex in torn.data.vertices:
            x, y = vertex.co.x, vertex.co.y
            turn, out = abs(math.atan2(y, -x)) / math.radians(half), math.hypot(x, y)
            if out < inner * 1.05:
                bite = 1 + 0.12 * math.sin(turn * 11 + R * 40) + 0.08 * math.sin(turn * 29)
                vertex.co.x, vertex.co.y = x * bite, y * bite
            vertex.co.z += curl * max(0.0, turn - 0.75)
        self.parts.append(torn)
        self.casing = (R, 0.0)
        self.ring(rng.uniform(max(inner / R + 0.12, 0.6), 0.88) * R, 0.0, span=(span[0] + 3, span[1] - 3))

    def _panel(self) -> None:
        rng = self.rng
        R = self.radius = rng.uniform(0.15, 0.4)
        self.materials()
        self.depth = R * 0.3
        points, faces, n = [], [], 30
        bend = rng.uniform(0.2, 0.9)
        for i in range(n + 1):
            for j in range(n + 1):
                x, y = (i / n - 0.5) * 2, (j / n - 0.5) * 1.4
                rag = 0.1 if i in (0, n) or j in (0, n) else 0
                points.append(
                    (R * (x + rng.uniform(-rag, rag)), R * (y + rng.uniform(-rag, rag)), R * bend * 0.5 * (-y * y))
                )
        for i in range(n):
            for j in range(n):
                a = i * (n + 1) + j
                faces.append((a, a + n + 1, a + n + 2, a + 1))
        self.parts.append(shapes.mesh("panel", points, faces, self.paint))
        for row in range(rng.choice((0, 1, 2, 2))):
            y = rng.uniform(-0.5, 0.5)
            for k in range(rng.choice((8, 12, 16))):
                x = -0.85 + 0.1 * k
                made = shapes.head(rng.choice(("rivet", "rivet", "csk")), R * 0.022, self.bolt, self.dark, rng)
                for part in made:
                    part.matrix_world = Matrix.Translation((R * x, R * y, R * bend * 0.5 * (-y * y)))
                self.parts += made
            del row

    def _wheel(self) -> None:
        rng = self.rng
        R = self.radius = rng.uniform(0.2, 0.35)
        self.materials()
        self.depth = R * 0.3
        tyre = [
            (R * 0.95, -0.3 * R),
            (R, -0.2 * R),
            (R, -0.05 * R),
            (0.9 * R, 0.02 * R),
            (0.7 * R, 0.0),
            (0.66 * R, -0.04 * R),
        ]
        rim = [(0.66 * R, -0.04 * R), (0.6 * R, -0.15 * R), (0.45 * R, -0.08 * R), (0.0001, -0.08 * R)]
        self.parts.append(shapes.revolved("tyre", tyre, shapes.plain("rubber", (0.02, 0.02, 0.02))))
        self.parts.append(shapes.revolved("rim", rim, self.paint))
        cap = [(0.16 * R, -0.08 * R), (0.15 * R, -0.02 * R), (0.1 * R, 0.02 * R), (0.0001, 0.03 * R)]
        if rng.random() < 0.7:
            self.parts.append(shapes.revolved("cap", cap, self.other))
        if rng.random() < 0.6:
            number, start = rng.choice((4, 5, 5, 6)), rng.uniform(0, 360)
            for k in range(number):
                a = math.radians(start + 360 * k / number)
                for part in shapes.head(rng.choice(("hex", "hole")), 0.035 * R, self.bolt, self.dark, rng):
                    part.matrix_world = Matrix.Translation((0.27 * R * math.cos(a), 0.27 * R * math.sin(a), -0.08 * R))
                    self.parts.append(part)

    def _clutter(self) -> None:
        rng = self.rng
        R = self.radius = rng.uniform(0.1, 0.3)
        self.materials()
        for _ in range(rng.randint(1, 9)):
            r = R * rng.uniform(0.05, 0.6)
            x, y = rng.uniform(-R, R), rng.uniform(-R, R)
            kind = rng.choice(("disc", "pipe", "stone", "box", "washer", "gear"))
            z = -self.depth
            if kind == "disc":
                profile = [
                    (r, z),
                    (r, z + 0.1 * r),
                    (0.9 * r, z + 0.12 * r),
                    (0.88 * r, z + 0.1 * r),
                    (0.0001, z + 0.1 * r),
                ]
                made = shapes.revolved("disc", profile, rng.choice((self.paint, self.other)))
            elif kind in ("pipe", "washer"):
                tall = r * (1.2 if kind == "pipe" else 0.15)
                profile = [(r, z), (r, z + tall), (0.7 * r, z + tall), (0.7 * r, z)]
                made = shapes.revolved("pipe", profile, self.other)
            elif kind == "gear":
                teeth = rng.choice((12, 18, 24, 30))
                profile = [(r, z), (r, z + 0.2 * r), (0.5 * r, z + 0.2 * r), (0.2 * r, z + 0.2 * r), (0.2 * r, z)]
                made = shapes.revolved("gear", profile, self.paint, segments=teeth * 4)
                for vertex in made.data.vertices:
                    out = math.hypot(vertex.co.x, vertex.co.y)
                    if out > 0.9 * r and math.floor((math.atan2(vertex.co.y, vertex.co.x) + 4) * teeth / math.pi) % 2:
                        vertex.co.x, vertex.co.y = vertex.co.x * 0.88, vertex.co.y * 0.88
            elif kind == "stone":
                made = shapes.stone("stone", r * 0.5, self.other, rng.random() * 9)
            else:
                made = shapes.box(
                    "box", (r, r * rng.uniform(0.2, 1), r * 0.3), Matrix.Translation((0, 0, z)), self.paint
                )
            made.matrix_world = (
                Matrix.Translation((x, y, 0)) @ Matrix.Rotation(rng.uniform(0, 6), 4, "Z") @ made.matrix_world
            )
            self.parts.append(made)


def place(scene: Scene) -> tuple[Vector, Matrix]:
    """Lay the item down or stand it up, and find a place for the camera; returns its place and the item's matrix."""
    rng = scene.rng
    standing = scene.kind in ("nozzle", "vanes", "dome", "wheel") and rng.random() < 0.55
    if standing:
        base = Matrix.Rotation(math.radians(90 + rng.uniform(-8, 8)), 4, "X") @ Matrix.Rotation(
            rng.uniform(0, 6), 4, "Z"
        )
        floor = -scene.radius * rng.uniform(0.9, 1.0)
    else:
        base = Matrix.Rotation(math.radians(rng.uniform(0, 7)), 4, "X") @ Matrix.Rotation(rng.uniform(0, 6), 4, "Z")
        floor = -scene.depth * rng.uniform(0.7, 1.0)
    axis = (base.to_3x3() @ Vector((0, 0, 1))).normalized()
    side = axis.orthogonal()
    tilt = math.radians(rng.choice((rng.uniform(0, 25), rng.uniform(15, 50), rng.uniform(30, 62))))
    away = scene.radius * rng.uniform(2.6, 8.0)
    for _ in range(200):
        turned = Matrix.Rotation(rng.uniform(0, 6.2832), 3, axis) @ side
        eye = (axis * math.cos(tilt) + turned * math.sin(tilt)) * away
        if eye.z > floor + 0.35 * scene.radius:
            break
        tilt *= 0.98
    ground(scene, floor)
    return eye, base


def ground(scene: Scene, floor: float) -> None:
    """Soil, asphalt, concrete or a cloth, with stones."""
    rng, R = scene.rng, scene.radius
    tint = rng.choice(
        (
            (0.2, 0.14, 0.09),
            (0.07, 0.07, 0.075),
            (0.35, 0.34, 0.32),
            (0.12, 0.13, 0.05),
            (0.1, 0.15, 0.4),
            (0.4, 0.32, 0.2),
        )
    )
    soil = shapes.surface(
        "soil",
        tint,
        rng,
        scale=rng.uniform(1, 4) / R,
        rust=0,
        dust=rng.choice((0, 0.3)),
        soot=rng.choice((0, 0.3)),
        bump=rng.uniform(0.1, 1),
    )
    reach = 30 * R
    shapes.mesh(
        "ground",
        [(-reach, -reach, floor), (reach, -reach, floor), (reach, reach, floor), (-reach, reach, floor)],
        [(0, 1, 2, 3)],
        soil,
    )
    if scene.kind in ("nozzle", "dome", "vanes", "wheel") and rng.random() < 0.3:
        wall = shapes.surface("wall", (0.4, 0.3, 0.25), rng, scale=2 / R)
        y = 3 * R
        shapes.mesh(
            "wall",
            [(-reach, y, floor), (reach, y, floor), (reach, y, floor + 9 * R), (-reach, y, floor + 9 * R)],
            [(0, 1, 2, 3)],
            wall,
        )
    pale = shapes.surface("stones", (0.4, 0.38, 0.35), rng, scale=9 / R, rust=0)
    lumps = [shapes.stone(f"stone{k}", 1.0, rng.choice((pale, soil)), k, 0.5) for k in range(3)]
    for _ in range(rng.choice((0, 40, 250))):
        near = bpy.data.objects.new("pebble", rng.choice(lumps).data)
        size = R * rng.uniform(0.008, 0.06) * rng.choice((0.5, 1, 1))
        spot = Vector((rng.uniform(-5, 5) * R, rng.uniform(-5, 5) * R, floor + size * 0.2))
        near.matrix_world = (
            Matrix.Translation(spot) @ Matrix.Rotation(rng.uniform(0, 6), 4, "Z") @ Matrix.Scale(size, 4)
        )
        bpy.context.collection.objects.link(near)
    for one in lumps:
        one.location = (0, 0, floor - 90 * R)


def pixel(scene, spot: Vector, size: tuple[int, int]) -> list[float]:
    seen = world_to_camera_view(scene, scene.camera, spot)
    return [round(seen.x * size[0] - 0.5, 2), round((1 - seen.y) * size[1] - 0.5, 2)]


def seen(scene, spot: Vector, names: set[str], slack: float) -> bool:
    """Whether the ray from the camera ends on the thing or near enough to the spot."""
    eye = scene.camera.matrix_world.translation
    hit, where, _, _, first, _ = scene.ray_cast(bpy.context.evaluated_depsgraph_get(), eye, (spot - eye).normalized())
    return bool(not hit or first.name in names or (where - spot).length < slack)


def circle(scene, matrix, radius, height, size) -> list[list[float]]:
    turns = np.linspace(0, 2 * math.pi, 37)[:-1]
    return [pixel(scene, matrix @ Vector((radius * math.cos(t), radius * math.sin(t), height)), size) for t in turns]


def degrade(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Defocus, motion, noise, exposure and JPEG, as telephones do."""
    noise = np.random.default_rng(rng.randrange(1 << 30))
    if rng.random() < 0.5:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.8)))
    pixels = np.asarray(picture, dtype=np.float32)
    pixels = (pixels / 255) ** rng.uniform(0.75, 1.3) * 255 * rng.uniform(0.85, 1.15)
    pixels = (
        pixels
        + noise.normal(0, rng.uniform(0.5, 7), pixels.shape)
        + noise.normal(0, rng.uniform(0.5, 4), pixels.shape[:2])[..., None]
    )
    out = Image.fromarray(np.uint8(np.clip(pixels, 0, 255)))
    if rng.random() < 0.3:
        out = out.filter(ImageFilter.UnsharpMask(2, 120, 2))
    held = io.BytesIO()
    out.save(held, "JPEG", quality=rng.randint(55, 94))
    return Image.open(io.BytesIO(held.getvalue())).convert("RGB")


def render(number: int, folder: Path, samples: int, long_side: int) -> None:
    made = Scene(number)
    rng = made.rng
    size = rng.choice(
        ((long_side, long_side * 3 // 4), (long_side, long_side * 9 // 16), (long_side * 3 // 4, long_side))
    )
    scene = shapes.fresh(samples, size)
    made.build()
    eye, matrix = place(made)
    for part in made.parts:
        part.matrix_world = matrix @ part.matrix_world
    lens = bpy.data.cameras.new("camera")
    lens.sensor_width = lens.sensor_height = 36
    lens.sensor_fit = "HORIZONTAL" if size[0] >= size[1] else "VERTICAL"
    fill = rng.uniform(0.7, 1.3) if rng.random() < 0.8 else rng.uniform(0.4, 0.7)
    lens.lens = 36 * (eye.length / (2 * made.radius)) * fill * min(size) / max(size)
    thing = bpy.data.objects.new("camera", lens)
    thing.location = eye
    aim = Vector([rng.uniform(-0.35, 0.35) * made.radius for _ in range(3)])
    thing.rotation_euler = (aim - eye).to_track_quat("-Z", "Y").to_euler()
    thing.rotation_euler.rotate_axis("Z", rng.gauss(0, 0.15))
    bpy.context.collection.objects.link(thing)
    scene.camera = thing
    lit = shapes.light(rng, eye)
    bpy.context.view_layer.update()
    with tempfile.TemporaryDirectory() as held:
        scene.render.filepath = str(Path(held) / "a.png")
        bpy.ops.render.render(write_still=True)
        picture = Image.open(scene.render.filepath).convert("RGB")
    degrade(picture, rng).save(folder / f"img_{number:04d}.jpg", quality=93)
    truth = {
        "image": f"img_{number:04d}.jpg",
        "scene": made.kind,
        "light": lit,
        "width": size[0],
        "height": size[1],
        "rings": [],
    }
    view = (matrix.inverted() @ eye).normalized()
    truth["tilt_deg"] = math.degrees(math.acos(max(-1, min(1, view.z))))
    for ring in made.rings:
        bolts, missing = [], []
        for row in ring["rows"]:
            spot = matrix @ row["spot"]
            xy = pixel(scene, spot, size)
            inside = 2 <= xy[0] < size[0] - 2 and 2 <= xy[1] < size[1] - 2
            is_seen = inside and seen(scene, spot, row["names"], ring["head_radius"] * 0.5)
            (missing if row["gone"] else bolts).append({"angle_deg": row["angle_deg"], "xy": xy, "visible": is_seen})
        edge = pixel(scene, matrix @ Vector((ring["radius"], 0, ring["height"])), size)
        wide = pixel(scene, matrix @ Vector((ring["radius"] + ring["head_radius"], 0, ring["height"])), size)
        other = pixel(scene, matrix @ Vector((0, ring["radius"], ring["height"])), size)
        other2 = pixel(scene, matrix @ Vector((0, ring["radius"] + ring["head_radius"], ring["height"])), size)
        truth["rings"].append(
            {
                "bolts": bolts,
                "missing": missing,
                "nominal": ring["nominal"],
                "head": ring["head"],
                "spacing": ring["spacing"],
                "head_radius_px": max(math.dist(edge, wide), math.dist(other, other2)),
                "circle": circle(scene, matrix, ring["radius"], ring["height"], size),
                "ratio": ring["radius"] / made.casing[0] if made.casing else None,
            }
        )
    truth["casing"] = circle(scene, matrix, *made.casing, size) if made.casing else None
    truth["casing_diameter_mm"] = 2000 * made.casing[0] if made.casing else None
    truth["vanes"] = {
        "nominal": made.vane_nominal,
        "present": sum(here for _, _, here in made.vanes),
        "items": [
            {"angle_deg": a, "xy": pixel(scene, matrix @ spot, size), "present": here} for a, spot, here in made.vanes
        ],
    }
    (folder / f"img_{number:04d}.json").write_text(json.dumps(truth), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--samples", type=int, default=12)
    parser.add_argument("--long-side", type=int, default=960)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for number in range(chosen.first, chosen.first + chosen.count):
        began = time.time()
        render(number, chosen.folder, chosen.samples, chosen.long_side)
        print(number, f"{time.time() - began:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
