"""Render invented aft ends with jet vanes, things that look alike, and scales beside them, with the truth.

    VENV/bin/python tests/renders/aft.py OUT_DIR --first 0 --count 200 [--samples 8] [--long-side 640] [--vanes 0.5]

``VENV`` as for ``generate.py``, with opencv-python-headless for the markers. Scene ``n`` depends on ``n`` alone. The
truth has the fields of ``generate.py`` and: per vane both ends in pixels, whether it is there and seen; ``scale``
(ArUco markers of 50, 100 and 150 mm, rulers with centimetre and millimetre ticks) with corners, where it was put
(``face``: in the plane of the casing's rim; ``propped``: upright beside the item; ``ground``: lying on the ground);
``rim``: the casing's circle.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import tempfile
import time
from pathlib import Path

import bpy
import cv2
import numpy as np
from mathutils import Matrix, Vector
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))
import shapes
from generate import Scene, circle, degrade, ground, pixel, seen

OTHERS = ("nozzle", "nozzle", "nozzle", "wheel", "wheel", "plate", "dome", "fragment", "clutter", "finned", "spokes")


class Aft(Scene):
    """Scenes of this file: half of them vanes, the others what could be taken for them."""

    def __init__(self, number: int, share: float) -> None:
        super().__init__(number)
        self.rng = random.Random(number * 104_729 + 11)
        self.kind = "vanes" if self.rng.random() < share else self.rng.choice(OTHERS)
        self.blades: list[dict] = []

    def _vanes(self) -> None:
        rng = self.rng
        R = self.radius = rng.uniform(0.1, 0.55)
        self.materials()
        skirt = rng.random() < 0.6
        bore = R * (rng.uniform(0.5, 0.75) if skirt else rng.uniform(0.6, 0.92))
        if skirt:
            back = -R * rng.uniform(0.15, 0.6)
            exit_at = back + R * rng.uniform(0.0, 0.35)
            long = R * rng.uniform(0.6, 1.8)
            torn = R * rng.choice((0, 0, 0.3, 0.6))
            shell = [(R * 0.985, -long), (R, -long * 0.6), (R, 0.0), (R * 0.985, 0.0), (R * 0.975, back)]
            self.parts.append(shapes.revolved("skirt", shell, self.paint, dent=rng.choice((0, 0.01, 0.02))))
            del torn
            web = [(R * 0.975, back), (bore * 1.08, back)]
            self.parts.append(shapes.revolved("web", web, rng.choice((self.paint, self.other))))
            lip = [(bore * 1.08, back), (bore * 1.06, exit_at), (bore, exit_at)]
            self.parts.append(shapes.revolved("lip", lip, self.other))
        else:
            exit_at, long = 0.0, R * rng.uniform(0.4, 1.5)
            shell = [(R, -long), (R, -0.01 * R), (0.99 * R, 0.0), (bore, 0.0)]
            self.parts.append(shapes.revolved("flange", shell, self.paint, dent=rng.choice((0, 0.01))))
        deep, throat = R * rng.uniform(0.4, 1.1), bore * rng.uniform(0.12, 0.45)
        cone = [(bore, exit_at), ((bore + throat) / 2 * 1.06, exit_at - deep / 2), (throat, exit_at - deep)]
        self.parts.append(shapes.revolved("cone", cone, rng.choice((self.other, self.paint, self.dark))))
        hole = [(throat, exit_at - deep), (throat * 0.98, exit_at - deep * 1.6), (0.0001, exit_at - deep * 1.6)]
        self.parts.append(shapes.revolved("throat", hole, self.dark))
        self.casing, self.depth = (R, 0.0), long
        self._blades(R, bore, exit_at, skirt)
        if rng.random() < 0.3 and not skirt:
            self.ring((bore + R) / 2, 0.0, most=0.35 * (R - bore) / R)

    def _blades(self, R: float, bore: float, exit_at: float, skirt: bool) -> None:
        """Vanes, each with or without shaft and actuator housing; some lost, leaving the housing or nothing."""
        rng = self.rng
        number = rng.choice((4, 4, 4, 4, 4, 3, 6, 8, 2))
        self.vane_nominal = number
        start, uneven = rng.uniform(0, 360), rng.choice((0, 0, 0, 6))
        lost = rng.choice((0, 0, 0, 0.2, 0.45))
        inner = bore * rng.uniform(0.2, 0.6)
        outer = bore * rng.uniform(0.86, 1.0)
        thick = R * rng.uniform(0.022, 0.075)
        tall = R * rng.uniform(0.12, 0.4)
        z = exit_at + R * rng.uniform(-0.12, 0.18)
        graphite = shapes.surface(
            "graphite",
            rng.choice(((0.03, 0.03, 0.032), (0.1, 0.1, 0.1), (0.28, 0.27, 0.26))),
            rng,
            scale=6 / R,
            rust=0,
            dust=rng.choice((0, 0.3)),
            soot=rng.choice((0, 0.4)),
        )
        housing = shapes.surface(
            "housing",
            rng.choice(((0.6, 0.58, 0.5), (0.25, 0.25, 0.22), (0.2, 0.25, 0.15))),
            rng,
            scale=5 / R,
            rust=rng.choice((0.05, 0.4)),
        )
        has_housing, has_shaft = rng.random() < (0.8 if skirt else 0.35), rng.random() < 0.7
        blade = self.paint if rng.random() < 0.1 else graphite
        for k in range(number):
            angle = start + 360 / number * k + rng.uniform(-1, 1) * uneven
            turn = Matrix.Rotation(math.radians(angle), 4, "Z")
            here = rng.random() >= lost
            deflect = Matrix.Rotation(math.radians(rng.gauss(0, 1) * rng.choice((0, 5, 15))), 4, "X")
            burnt = rng.choice((0, 0, 0, 0.2, 0.4)) * (outer - inner)
            near = inner + burnt
            names = set()
            if here:
                length, mid = outer - near, (outer + near) / 2
                made = shapes.box(
                    "vane", (length, thick, tall), turn @ Matrix.Translation((mid, 0, z)) @ deflect, blade
                )
                if rng.random() < 0.5:
                    for vertex in made.data.vertices:  # swept leading edge
                        if vertex.co.x < 0 and vertex.co.z < 0:
                            vertex.co.x += length * 0.25
                self.parts.append(made)
                names.add(made.name)
            reach = (R if skirt else (bore + R) / 2) - outer
            if has_shaft and (here or rng.random() < 0.6):
                wide = thick * rng.uniform(1, 1.6)
                spot = turn @ Matrix.Translation((outer + reach * 0.25, 0, z))
                self.parts.append(shapes.box("shaft", (reach * 0.5 + 0.06 * R, wide, wide), spot, self.bolt))
            if has_housing and (here or rng.random() < 0.75):
                wide = R * rng.uniform(0.08, 0.16)
                size = (max(reach * 0.7, 0.1 * R), wide, wide * rng.uniform(1, 2.5))
                spot = turn @ Matrix.Translation((outer + reach * rng.uniform(0.6, 0.75), 0, z))
                self.parts.append(shapes.box("housing", size, spot, housing))
            ends = [(turn @ Vector((r, 0, z))) for r in (near if here else inner, outer)]
            self.blades.append({"angle": angle % 360, "ends": ends, "here": here, "names": names})

    def _finned(self) -> None:
        """A body with fins outside, seen from behind: a dark bore without vanes."""
        rng = self.rng
        self._nozzle()
        R = self.radius
        number, start = rng.choice((3, 4, 4, 6)), rng.uniform(0, 360)
        for k in range(number):
            turn = Matrix.Rotation(math.radians(start + 360 / number * k), 4, "Z")
            far = R * rng.uniform(0.3, 0.8)
            size = (far, R * 0.04, R * rng.uniform(0.4, 0.9))
            spot = turn @ Matrix.Translation((R + far / 2, 0, -size[2] * 0.6))
            self.parts.append(shapes.box("fin", size, spot, rng.choice((self.paint, self.other))))

    def _spokes(self) -> None:
        """A hand wheel or fan: a rim with spokes to a hub. No nozzle."""
        rng = self.rng
        R = self.radius = rng.uniform(0.12, 0.4)
        self.materials()
        self.depth = R * 0.15
        t = R * rng.uniform(0.06, 0.14)
        rim = [(R, -t), (R, 0), (R - t, 0), (R - t, -t)]
        hub = [(0.2 * R, -t), (0.2 * R, t * 0.4), (0.0001, t * 0.4)]
        self.parts += [shapes.revolved("rim", rim, self.paint), shapes.revolved("hub", hub, self.other)]
        number, start = rng.choice((3, 4, 5, 5, 6, 8)), rng.uniform(0, 360)
        for k in range(number):
            turn = Matrix.Rotation(math.radians(start + 360 / number * k), 4, "Z")
            size = (R * 0.72, R * rng.uniform(0.05, 0.2), t * 0.6)
            spot = turn @ Matrix.Translation((R * 0.56, 0, -t / 2)) @ Matrix.Rotation(rng.choice((0, 0, 0.5)), 4, "X")
            self.parts.append(shapes.box("spoke", size, spot, self.paint))


def lay(scene: Aft) -> tuple[Vector, Matrix, float, bool]:
    """Like ``generate.place``; returns also the ground's height and whether the item stands."""
    rng = scene.rng
    standing = scene.kind in ("nozzle", "vanes", "dome", "wheel", "finned", "spokes") and rng.random() < 0.65
    spin = Matrix.Rotation(rng.uniform(0, 6), 4, "Z")
    if standing:
        base = Matrix.Rotation(math.radians(90 + rng.uniform(-6, 6)), 4, "X") @ spin
        floor = -scene.radius * rng.uniform(0.96, 1.0)
    else:
        base = Matrix.Rotation(math.radians(rng.uniform(0, 6)), 4, "X") @ spin
        floor = -scene.depth * rng.uniform(0.75, 1.0)
    axis = (base.to_3x3() @ Vector((0, 0, 1))).normalized()
    side = axis.orthogonal()
    tilt = math.radians(rng.choice((rng.uniform(0, 25), rng.uniform(10, 45), rng.uniform(25, 62))))
    away = scene.radius * rng.uniform(2.6, 9.0)
    for _ in range(200):
        turned = Matrix.Rotation(rng.uniform(0, 6.2832), 3, axis) @ side
        eye = (axis * math.cos(tilt) + turned * math.sin(tilt)) * away
        if eye.z > floor + 0.3 * scene.radius:
            break
        tilt *= 0.98
    ground(scene, floor)
    return eye, base, floor, standing


def flat(name: str, picture: np.ndarray, wide: float, high: float, matrix: Matrix) -> bpy.types.Object:
    """A card of ``wide`` x ``high`` metres with a grey picture on it, in the plane z = 0 of ``matrix``."""
    held = Path(tempfile.gettempdir()) / f"{name}.png"
    cv2.imwrite(str(held), picture)
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    tree, shader = made.node_tree, made.node_tree.nodes["Principled BSDF"]
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = bpy.data.images.load(str(held))
    texture.image.pack()
    held.unlink()
    tree.links.new(texture.outputs[0], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.7
    x, y = wide / 2, high / 2
    thing = shapes.mesh(name, [(-x, -y, 0), (x, -y, 0), (x, y, 0), (-x, y, 0)], [(0, 1, 2, 3)], made)
    layer = thing.data.uv_layers.new()
    for loop, uv in zip(layer.data, ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True):
        loop.uv = uv
    thing.matrix_world = matrix
    return thing


def ruler_picture(rng: random.Random, length_mm: int) -> np.ndarray:
    """A ruler at 4 pixels a millimetre: millimetre, half and whole centimetre ticks, with or without digits."""
    light = rng.choice(((235, 20), (245, 40), (150, 10), (40, 235)))
    board = np.full((28 * 4, (length_mm + 10) * 4), light[0], np.uint8)
    fine = rng.random() < 0.75
    for mm in range(length_mm + 1):
        if not fine and mm % 10:
            continue
        x = (mm + 5) * 4
        long = 12 if mm % 10 == 0 else 8.5 if mm % 5 == 0 else 5.5
        cv2.line(board, (x, 0), (x, int(long * 4)), light[1], 2 if mm % 10 else 3)
        if mm % 10 == 0 and rng.random() < 0.98:
            cv2.putText(board, str(mm // 10), (x - 9, 80), 0, 0.9, light[1], 2)
    return board


def put_scale(scene: Aft, matrix: Matrix, floor: float, eye: Vector, standing: bool) -> list[dict]:
    """A marker or a ruler beside the item; corners in the world, in metres."""
    rng, R = scene.rng, scene.radius
    if rng.random() < 0.3:
        return []
    where = rng.choice(("face", "face", "ground", "propped") if standing else ("face", "face", "ground", "ground"))
    axis = (matrix.to_3x3() @ Vector((0, 0, 1))).normalized()
    ruler = rng.random() < 0.3
    side = rng.choice((0.05, 0.1, 0.1, 0.15))
    side = side if side > 0.14 * R else 0.1 if R < 0.7 else 0.15
    if ruler:
        length_mm = rng.choice((150, 200, 300))
        board = ruler_picture(rng, length_mm)
        wide, high = board.shape[1] / 4000, board.shape[0] / 4000
    else:
        number = rng.randrange(50)
        code = cv2.aruco.generateImageMarker(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50), number, 240)
        board = cv2.copyMakeBorder(code, 50, 50, 50, 50, cv2.BORDER_CONSTANT, value=245)
        wide = high = side * 340 / 240
    reach = max(wide, high) / 2
    if where == "face":
        angle = rng.uniform(0, 360)
        low = matrix @ Vector((R * math.cos(math.radians(angle)), R * math.sin(math.radians(angle)), 0))
        for _ in range(60):
            out = R + reach * 1.1 + rng.uniform(0, 0.3) * R
            low = matrix @ Vector((out * math.cos(math.radians(angle)), out * math.sin(math.radians(angle)), 0))
            if low.z > floor + reach * 1.05 or not standing:
                break
            angle = rng.uniform(0, 360)
        spot = Matrix.Translation(low) @ matrix.to_3x3().to_4x4() @ Matrix.Rotation(rng.uniform(0, 6.28), 4, "Z")
    elif where == "ground":
        for _ in range(60):
            toward = Vector((eye.x, eye.y, 0)).normalized() * R * rng.uniform(0.2, 1.4)
            low = Vector((rng.uniform(-1.7, 1.7) * R, rng.uniform(-1.7, 1.7) * R, 0)) + toward
            if low.xy.length > R + reach * 1.2 if not standing else low.length > reach * 1.2 + 0.3 * R:
                break
        tip = Matrix.Rotation(rng.gauss(0, 0.03), 4, "X") @ Matrix.Rotation(rng.gauss(0, 0.03), 4, "Y")
        spot = Matrix.Translation((low.x, low.y, floor + 0.003)) @ tip @ Matrix.Rotation(rng.uniform(0, 6.28), 4, "Z")
    else:
        aside = rng.choice((-1, 1)) * (R + reach * 1.3)
        flat_axis = Vector((axis.x, axis.y, 0)).normalized()
        low = Vector((-flat_axis.y, flat_axis.x, 0)) * aside + flat_axis * rng.uniform(-0.15, 0.15) * R
        face = (flat_axis + Vector((0, 0, rng.uniform(0, 0.3)))).normalized()
        turn = face.to_track_quat("Z", "Y").to_matrix().to_4x4() @ Matrix.Rotation(rng.gauss(0, 0.1), 4, "Z")
        spot = Matrix.Translation((low.x, low.y, floor + reach * 1.02)) @ turn
    card = flat("scale", board, wide, high, spot)
    half = side / 2
    if ruler:
        half_x = length_mm / 2000
        top = high / 2
        ends = [spot @ Vector((x, top, 0)) for x in (-half_x, half_x)]
        truth = {"type": "ruler", "length_mm": length_mm, "ends": ends}
    else:
        quad = ((-half, half), (half, half), (half, -half), (-half, -half))
        truth = {
            "type": "aruco",
            "id": number,
            "side_mm": side * 1000,
            "dictionary": "DICT_4X4_50",
            "quad": [spot @ Vector((x, y, 0)) for x, y in quad],
        }
    off = abs(axis.dot(spot.translation - matrix @ Vector((0, 0, scene.casing[1] if scene.casing else 0.0))))
    normal = (spot.to_3x3() @ Vector((0, 0, 1))).normalized()
    between = math.degrees(math.acos(min(1.0, abs(normal.dot(axis)))))
    return [
        truth
        | {
            "placement": where,
            "plane_offset_mm": off * 1000,
            "plane_angle_deg": between,
            "name": card.name,
            "centre": spot.translation.copy(),
        }
    ]


def render(number: int, folder: Path, samples: int, long_side: int, share: float) -> None:
    made = Aft(number, share)
    rng = made.rng
    size = rng.choice(
        ((long_side, long_side * 3 // 4), (long_side, long_side * 9 // 16), (long_side * 3 // 4, long_side))
    )
    scene = shapes.fresh(samples, size)
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    made.build()
    eye, matrix, floor, standing = lay(made)
    for part in made.parts:
        part.matrix_world = matrix @ part.matrix_world
    scales = put_scale(made, matrix, floor, eye, standing)
    lens = bpy.data.cameras.new("camera")
    lens.sensor_width = lens.sensor_height = 36
    lens.sensor_fit = "HORIZONTAL" if size[0] >= size[1] else "VERTICAL"
    fill = rng.uniform(0.65, 1.15) if rng.random() < 0.8 else rng.uniform(0.4, 0.65)
    lens.lens = 36 * (eye.length / (2 * made.radius)) * fill * min(size) / max(size)
    thing = bpy.data.objects.new("camera", lens)
    thing.location = eye
    aim = Vector([rng.uniform(-0.3, 0.3) * made.radius for _ in range(3)])
    if scales:
        aim += (scales[0]["centre"] - aim) * 0.25
    thing.rotation_euler = (aim - eye).to_track_quat("-Z", "Y").to_euler()
    thing.rotation_euler.rotate_axis("Z", rng.gauss(0, 0.12))
    bpy.context.collection.objects.link(thing)
    scene.camera = thing
    lit = shapes.light(rng, eye)
    bpy.context.view_layer.update()
    with tempfile.TemporaryDirectory() as held:
        scene.render.filepath = str(Path(held) / "a.png")
        bpy.ops.render.render(write_still=True)
        picture = Image.open(scene.render.filepath).convert("RGB")
    degrade(picture, rng).save(folder / f"img_{number:04d}.jpg", quality=93)
    view = (matrix.inverted() @ eye).normalized()
    items = []
    for blade in made.blades:
        ends = [matrix @ end for end in blade["ends"]]
        spots = [ends[0] + (ends[1] - ends[0]) * share for share in (0.2, 0.5, 0.8)]
        inside = [0 <= x < size[0] and 0 <= y < size[1] for x, y in (pixel(scene, spot, size) for spot in spots)]
        shown = [
            ok and seen(scene, spot, blade["names"], 0.06 * made.radius) for ok, spot in zip(inside, spots, strict=True)
        ]
        items.append(
            {
                "angle_deg": blade["angle"],
                "ends": [pixel(scene, end, size) for end in ends],
                "present": blade["here"],
                "visible": bool(blade["here"] and sum(shown) >= 2),
            }
        )
    out_scales = []
    for one in scales:
        corners = [pixel(scene, spot, size) for spot in one.get("quad", one.get("ends"))]
        row = {k: v for k, v in one.items() if k not in ("quad", "ends", "name", "centre")} | {"corners": corners}
        row["in_frame"] = all(4 <= x < size[0] - 4 and 4 <= y < size[1] - 4 for x, y in corners)
        row["seen"] = sum(seen(scene, spot, {one["name"]}, 0.01) for spot in one.get("quad", one.get("ends")))
        out_scales.append(row)
    truth = {
        "image": f"img_{number:04d}.jpg",
        "scene": made.kind,
        "light": lit,
        "width": size[0],
        "height": size[1],
        "tilt_deg": math.degrees(math.acos(max(-1, min(1, view.z)))),
        "f35_mm": lens.lens,
        "standing": standing,
        "rings": [],
        "scale": out_scales,
        "casing": circle(scene, matrix, *made.casing, size) if made.casing else None,
        "casing_diameter_mm": 2000 * made.casing[0] if made.casing else None,
        "vanes": {
            "nominal": made.vane_nominal,
            "present": sum(one["present"] for one in items),
            "visible": sum(one["visible"] for one in items),
            "items": items,
        },
    }
    (folder / f"img_{number:04d}.json").write_text(json.dumps(truth), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--long-side", type=int, default=640)
    parser.add_argument("--vanes", type=float, default=0.5)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for number in range(chosen.first, chosen.first + chosen.count):
        if (chosen.folder / f"img_{number:04d}.json").exists():
            continue
        began = time.time()
        render(number, chosen.folder, chosen.samples, chosen.long_side, chosen.vanes)
        print(number, f"{time.time() - began:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
