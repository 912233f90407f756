"""Make the sample photographs: path-traced pictures of invented debris, with the truth beside each.

    python3.11 -m venv VENV && VENV/bin/pip install bpy pillow
    VENV/bin/python images/tools/render_samples.py [NAME ...] [--samples 28] [--size 1280x960]

Blender as a Python module (``bpy`` 5.0 was used) renders with Cycles on the processor; a picture takes two to six
minutes on two cores. Shapes, dirt and materials are made here from numbers and noise with fixed seeds; no picture,
model or texture of anybody else goes in. Fonts (Debian packages): ``fonts-nanum-extra`` (NanumPen, for handwriting),
``fonts-dejavu-core`` (DejaVu Sans Bold, for stencils).

Sizes in metres. Angles of bolts and vanes in degrees, counter-clockwise as the viewer sees the face, from the
direction that is up in the picture plane of the part.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import tempfile
import time
from pathlib import Path

import bpy
import numpy as np
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Matrix, Vector, noise
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
FONTS = {
    "hand": "/usr/share/fonts/truetype/nanum/NanumPen.ttf",
    "stencil": "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
}
STATEMENT = (
    "A render made by images/tools/render_samples.py. It shows invented debris and reproduces no real photograph; "
    "shapes, colours and dirt are invented, and only the traits listed under truth are set on purpose."
)


# ---------------------------------------------------------------------------------------------------- meshes


def add_mesh(name, points, faces, uvs=None, material=None, smooth_deg=35.0):
    """An object of points and faces; ``uvs``: one (u, v) in metres a point and face corner."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(point) for point in points], [], faces)
    if uvs is not None:
        layer = mesh.uv_layers.new(name="metres")
        flat = [uv for face in uvs for uv in face]
        for loop, uv in zip(layer.data, flat, strict=True):
            loop.uv = uv
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    mesh.set_sharp_from_angle(angle=math.radians(smooth_deg))
    mesh.update()
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.collection.objects.link(thing)
    if material:
        mesh.materials.append(material)
    return thing


def revolved(name, profile, material, segments=192, dent=0.0, seed=0, from_deg=0.0, to_deg=360.0):
    """A surface of revolution about z: ``profile`` is (radius, height) pairs; u runs round in metres, v along it."""
    whole = to_deg - from_deg >= 359.9
    turns = np.radians(np.linspace(from_deg, to_deg, segments + 1))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(np.array(profile), axis=0).T))])
    broad = max(radius for radius, _ in profile)
    points, faces, uvs = [], [], []
    columns = segments if whole else segments + 1
    for radius, height in profile:
        for turn in turns[:columns]:
            where = Vector((math.cos(turn), math.sin(turn), height * 2.0)) * 2.2
            push = dent * noise.fractal(where + Vector((seed * 7.1, 3.0, 1.0)), 1.0, 2.0, 4) if dent else 0.0
            points.append(((radius + push) * math.cos(turn), (radius + push) * math.sin(turn), height + push * 0.4))
    for row in range(len(profile) - 1):
        for column in range(segments):
            a, b = row * columns + column, row * columns + (column + 1) % columns
            faces.append((a, b, b + columns, a + columns))
            left, right = turns[column] * broad, turns[column + 1] * broad
            uvs.append(((left, along[row]), (right, along[row]), (right, along[row + 1]), (left, along[row + 1])))
    return add_mesh(name, points, faces, uvs, material)


def block(name, size, material, bevel=0.004):
    """A box with rounded edges."""
    bpy.ops.mesh.primitive_cube_add(size=1.0)
    thing = bpy.context.object
    thing.name, thing.scale = name, size
    bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
    edge = thing.modifiers.new("edge", "BEVEL")
    edge.width, edge.segments = bevel, 2
    thing.data.materials.append(material)
    return thing


def rod(name, radius, length, material, sides=48, bevel=0.002):
    """A cylinder about z, centred."""
    bpy.ops.mesh.primitive_cylinder_add(radius=radius, depth=length, vertices=sides)
    thing = bpy.context.object
    thing.name = name
    edge = thing.modifiers.new("edge", "BEVEL")
    edge.width, edge.segments, edge.limit_method = bevel, 2, "ANGLE"
    thing.data.materials.append(material)
    thing.data.polygons.foreach_set("use_smooth", [True] * len(thing.data.polygons))
    thing.data.set_sharp_from_angle(angle=math.radians(35))
    return thing


def hex_bolt(name, across, material, washer):
    """A hexagon head on a washer, standing on z = 0."""
    head = rod(name, across / 2 / math.cos(math.pi / 6), across * 0.62, material, sides=6, bevel=across * 0.07)
    head.location.z = across * 0.62 / 2 + across * 0.1
    ring = rod(name + " washer", across * 0.78, across * 0.12, washer, sides=32, bevel=across * 0.02)
    ring.location.z = across * 0.05
    ring.parent = head
    ring.matrix_parent_inverse = Matrix.Translation(-head.location)
    return head


def ground(material, reach=4.0, steps=420, height=0.05, seed=1, hollow=None):
    """Uneven soil; ``hollow`` (x, y, radius, depth) presses a shallow pit with a rim."""
    points, faces = [], []
    for row in range(steps + 1):
        for column in range(steps + 1):
            x, y = (np.array([column, row]) / steps - 0.5) * 2 * reach
            # finer in the middle, where the camera looks
            x, y = x * abs(x / reach) ** 0.6, y * abs(y / reach) ** 0.6
            z = height * noise.fractal(Vector((x * 1.1, y * 1.1, seed)), 1.0, 2.1, 7)
            z += height * 0.35 * noise.fractal(Vector((x * 9, y * 9, seed + 5)), 0.9, 2.0, 4)
            if hollow:
                away = math.hypot(x - hollow[0], y - hollow[1]) / hollow[2]
                z += hollow[3] * (-math.exp(-((away / 0.75) ** 4)) + 0.7 * math.exp(-(((away - 1.15) / 0.3) ** 2)))
            points.append((x, y, z))
    for row in range(steps):
        for column in range(steps):
            a = row * (steps + 1) + column
            faces.append((a, a + 1, a + steps + 2, a + steps + 1))
    return add_mesh("ground", points, faces, None, material, smooth_deg=180)


def lump(name, radius, material, seed, rough=0.35, detail=4):
    """A stone, a clod or a heap: a sphere pushed about by noise."""
    bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=detail, radius=1.0)
    thing = bpy.context.object
    thing.name = name
    for vertex in thing.data.vertices:
        where = Vector(vertex.co) * 1.3 + Vector((seed * 3.7, seed * 1.3, 0))
        push = 1 + rough * noise.fractal(where, 1.0, 2.0, 5)
        vertex.co = Vector(vertex.co) * push * radius
    thing.data.polygons.foreach_set("use_smooth", [True] * len(thing.data.polygons))
    thing.data.materials.append(material)
    return thing


def strew(rng, materials, count, area, sizes, surface, avoid=None):
    """Stones and clods on the ground, a few meshes used again and again."""
    kinds = [lump(f"stone {k}", 1.0, rng.choice(materials), k + 20, 0.5, 3) for k in range(7)]
    for _ in range(count):
        x, y = rng.uniform(-area, area), rng.uniform(-area, area)
        if avoid and math.hypot(x - avoid[0], y - avoid[1]) < avoid[2]:
            continue
        hit, where, _, _ = surface.ray_cast(Vector((x, y, 5)), Vector((0, 0, -1)))
        if not hit:
            continue
        stone = bpy.data.objects.new("stone", rng.choice(kinds).data)
        size = sizes[0] * (sizes[1] / sizes[0]) ** (rng.random() ** 2.2)
        stone.scale = (size * rng.uniform(0.7, 1.4), size, size * rng.uniform(0.5, 0.9))
        stone.rotation_euler = [rng.uniform(0, 6.3) for _ in range(3)]
        stone.location = (x, y, where.z + size * 0.15)
        bpy.context.collection.objects.link(stone)
    for kind in kinds:
        kind.location = (0, 0, -50)


def grass(rng, material, count, area, surface, avoid=()):
    """Tufts of blades."""
    points, faces = [], []
    for _ in range(count):
        x, y = rng.uniform(-area, area), rng.uniform(-area, area)
        if any(math.hypot(x - a, y - b) < r for a, b, r in avoid):
            continue
        if noise.fractal(Vector((x * 1.5, y * 1.5, 9)), 1.0, 2.0, 3) < 0.05:
            continue
        hit, where, _, _ = surface.ray_cast(Vector((x, y, 5)), Vector((0, 0, -1)))
        if not hit:
            continue
        for _ in range(rng.randint(5, 11)):
            heading, lean, tall = rng.uniform(0, 6.3), rng.uniform(0.1, 0.9), rng.uniform(0.03, 0.13)
            base = Vector((x + rng.gauss(0, 0.015), y + rng.gauss(0, 0.015), where.z - 0.004))
            side = Vector((-math.sin(heading), math.cos(heading), 0)) * rng.uniform(0.0012, 0.0028)
            ahead = Vector((math.cos(heading), math.sin(heading), 0))
            first = len(points)
            for step in range(4):
                share = step / 3
                spot = base + Vector((0, 0, tall * share)) + ahead * (lean * tall * share**2)
                points.extend([spot - side * (1 - share * 0.95), spot + side * (1 - share * 0.95)])
            faces.extend([(first + k, first + k + 1, first + k + 3, first + k + 2) for k in (0, 2, 4)])
    return add_mesh("grass", points, faces, None, material, smooth_deg=180)


# ------------------------------------------------------------------------------------------------- materials


class Nodes:
    """A material's node tree, written as expressions: every method returns an output socket."""

    def __init__(self, name):
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.surface = self.tree.nodes["Principled BSDF"]

    def node(self, kind, **settings):
        made = self.tree.nodes.new(kind)
        for key, value in settings.items():
            setattr(made, key, value)
        return made

    def put(self, source, socket):
        if hasattr(source, "is_output"):
            self.tree.links.new(source, socket)
        else:
            socket.default_value = source

    def place(self, kind="Object"):
        return self.node("ShaderNodeTexCoord").outputs[kind]

    def noise(self, scale, detail=8.0, rough=0.6, stretch=None, at=None, distort=0.0):
        made = self.node("ShaderNodeTexNoise")
        source = at or self.place()
        if stretch:
            mapping = self.node("ShaderNodeMapping")
            mapping.inputs["Scale"].default_value = stretch
            self.put(source, mapping.inputs["Vector"])
            source = mapping.outputs[0]
        self.put(source, made.inputs["Vector"])
        for key, value in (("Scale", scale), ("Detail", detail), ("Roughness", rough), ("Distortion", distort)):
            made.inputs[key].default_value = value
        return made.outputs[0]

    def ramp(self, source, low, high):
        """0 below ``low``, 1 above ``high``."""
        made = self.node("ShaderNodeMapRange", clamp=True, interpolation_type="SMOOTHSTEP")
        self.put(source, made.inputs["Value"])
        made.inputs["From Min"].default_value, made.inputs["From Max"].default_value = low, high
        return made.outputs[0]

    def sum(self, one, other, operation="ADD"):
        made = self.node("ShaderNodeMath", operation=operation, use_clamp=operation != "ADD")
        self.put(one, made.inputs[0])
        self.put(other, made.inputs[1])
        return made.outputs[0]

    def mix(self, share, one, other):
        made = self.node("ShaderNodeMix", data_type="RGBA")
        self.put(share, made.inputs[0])
        for socket, value in ((made.inputs[6], one), (made.inputs[7], other)):
            self.put(value if hasattr(value, "is_output") else (*value, 1.0), socket)
        return made.outputs[2]

    def blend(self, share, one, other):
        made = self.node("ShaderNodeMix", data_type="FLOAT")
        self.put(share, made.inputs[0])
        self.put(one, made.inputs[2])
        self.put(other, made.inputs[3])
        return made.outputs[0]

    def image(self, picture, at, corner, size, closest=False):
        """Alpha-like mask of a picture laid at ``corner`` with ``size`` (metres of the UV map)."""
        loaded = bpy.data.images.load(str(picture))
        loaded.colorspace_settings.name = "Non-Color"
        mapping = self.node("ShaderNodeMapping", vector_type="TEXTURE")
        mapping.inputs["Location"].default_value = (*corner, 0)
        mapping.inputs["Scale"].default_value = (*size, 1)
        self.put(at, mapping.inputs["Vector"])
        made = self.node("ShaderNodeTexImage", image=loaded, extension="CLIP", interpolation="Cubic")
        self.put(mapping.outputs[0], made.inputs["Vector"])
        return made

    def finish(self, colour, roughness, metal=0.0, bump=None, strength=0.3, distance=0.01):
        self.put(colour if hasattr(colour, "is_output") else (*colour, 1.0), self.surface.inputs["Base Color"])
        self.put(roughness, self.surface.inputs["Roughness"])
        self.put(metal, self.surface.inputs["Metallic"])
        if bump is not None:
            made = self.node("ShaderNodeBump")
            made.inputs["Strength"].default_value, made.inputs["Distance"].default_value = strength, distance
            self.put(bump, made.inputs["Height"])
            self.put(made.outputs[0], self.surface.inputs["Normal"])
        return self.material


def weathered(name, paint, *, rust=0.3, bare=0.15, soot=0.0, dust=0.3, scale=1.0, marks=(), gloss=0.45):
    """Painted steel with bare spots, rust, soot and dust. ``marks``: (picture, corner, size, colour) painted on.

    ``rust``, ``bare``, ``soot``, ``dust``: roughly the share of the surface each takes.
    """
    n = Nodes(name)
    edge = n.ramp(n.node("ShaderNodeNewGeometry").outputs["Pointiness"], 0.56, 0.66)
    shade = n.noise(3.0 * scale, 6, 0.7)
    colour = n.mix(n.ramp(shade, 0.3, 0.7), [c * 0.72 for c in paint], [min(1.0, c * 1.12) for c in paint])
    worn = n.noise(26 * scale, 10, 0.72, distort=0.6)
    for picture, corner, size, ink in marks:
        mask = n.image(picture, n.place("UV"), corner, size).outputs["Color"]
        kept = n.ramp(n.noise(60 * scale, 8, 0.75), 0.36, 0.46)
        colour = n.mix(n.sum(mask, kept, "MULTIPLY"), colour, ink)
    scratch = n.ramp(n.noise(5 * scale, 12, 0.8, stretch=(1, 14, 2)), 0.67 - 0.1 * bare, 0.7 - 0.1 * bare)
    chips = n.ramp(n.sum(worn, n.sum(edge, 0.22, "MULTIPLY")), 0.72 - 0.3 * bare, 0.75 - 0.3 * bare)
    bared = n.sum(chips, n.sum(scratch, 0.7, "MULTIPLY"), "MAXIMUM")
    steel = n.mix(n.noise(80 * scale), (0.2, 0.19, 0.18), (0.42, 0.4, 0.38))
    colour = n.mix(bared, colour, steel)
    rusty = n.ramp(
        n.sum(n.noise(7 * scale, 12, 0.7, distort=0.4), n.sum(bared, 0.12, "MULTIPLY")),
        0.74 - 0.34 * rust,
        0.80 - 0.34 * rust,
    )
    red = n.mix(n.noise(45 * scale, 9, 0.75), (0.055, 0.020, 0.010), (0.21, 0.078, 0.032))
    colour = n.mix(rusty, colour, red)
    metal = n.sum(bared, n.sum(1.0, rusty, "SUBTRACT"), "MULTIPLY")
    rough = n.blend(rusty, n.blend(bared, n.blend(n.noise(12 * scale), gloss - 0.12, gloss + 0.15), 0.38), 0.9)
    if soot:
        black = n.ramp(
            n.sum(n.noise(2.4 * scale, 9, 0.62, distort=0.8), n.sum(worn, 0.12, "MULTIPLY")),
            0.78 - 0.5 * soot,
            0.98 - 0.5 * soot,
        )
        colour = n.mix(n.sum(black, 0.93, "MULTIPLY"), colour, (0.012, 0.011, 0.010))
        rough = n.blend(black, rough, 0.88)
        metal = n.sum(metal, n.sum(1.0, black, "SUBTRACT"), "MULTIPLY")
    if dust:
        upward = n.node("ShaderNodeSeparateXYZ")
        n.put(n.node("ShaderNodeNewGeometry").outputs["Normal"], upward.inputs[0])
        lying = n.ramp(
            n.sum(n.sum(upward.outputs[2], 0.35, "MULTIPLY"), n.noise(9 * scale, 9, 0.7)),
            0.95 - 0.5 * dust,
            1.1 - 0.35 * dust,
        )
        colour = n.mix(n.sum(lying, 0.85, "MULTIPLY"), colour, (0.30, 0.24, 0.17))
        rough = n.blend(lying, rough, 0.97)
        metal = n.sum(metal, n.sum(1.0, lying, "SUBTRACT"), "MULTIPLY")
    relief = n.sum(
        n.sum(worn, 0.25, "MULTIPLY"), n.sum(n.sum(rusty, n.noise(120 * scale), "MULTIPLY"), 0.6, "MULTIPLY")
    )
    return n.finish(colour, rough, metal, relief, 0.35, 0.004)


def soil(name, dark=(0.052, 0.036, 0.024), pale=(0.21, 0.155, 0.105), fine=1.0):
    n = Nodes(name)
    share = n.sum(
        n.sum(n.noise(5 * fine, 10, 0.7), 0.5, "MULTIPLY"), n.sum(n.noise(60 * fine, 10, 0.8), 0.5, "MULTIPLY")
    )
    colour = n.mix(n.ramp(share, 0.32, 0.66), dark, pale)
    grit = n.ramp(n.noise(220 * fine, 4, 0.8), 0.62, 0.7)
    colour = n.mix(n.sum(grit, 0.5, "MULTIPLY"), colour, (0.34, 0.31, 0.27))
    return n.finish(colour, 0.95, 0.0, n.sum(share, n.sum(n.noise(300 * fine, 4), 0.4, "MULTIPLY")), 0.9, 0.02)


def plain(name, colour, roughness=0.6, metal=0.0, vary=0.35, scale=20.0):
    n = Nodes(name)
    tone = n.mix(n.noise(scale, 8, 0.7), [c * (1 - vary) for c in colour], [min(1, c * (1 + vary)) for c in colour])
    return n.finish(tone, roughness, metal, n.noise(scale * 4, 8, 0.7), 0.25, 0.003)


# --------------------------------------------------------------------------------------------------- pictures


def stencil(text, folder, *, bridges=True, worn=0.0, seed=0):
    """A stencilled inscription as a white-on-black mask: bold letters, the bridges of a cut stencil, overspray."""
    font = ImageFont.truetype(FONTS["stencil"], 300)
    left, top, right, bottom = font.getbbox(text)
    gap = 26
    width = right - left + gap * (len(text) - 1) + 120
    mask = Image.new("L", (width, bottom - top + 120), 0)
    draw, x = ImageDraw.Draw(mask), 60
    for letter in text:
        box = font.getbbox(letter)
        draw.text((x - box[0], 60 - top), letter, font=font, fill=255)
        if bridges and letter not in "1-":
            middle = x + (box[2] - box[0]) / 2
            draw.rectangle((middle - 9, 0, middle + 9, 60 + (bottom - top) * 0.32), fill=0)
            draw.rectangle((middle - 9, 60 + (bottom - top) * 0.68, middle + 9, mask.height), fill=0)
        x += box[2] - box[0] + gap
    soft = np.asarray(mask.filter(ImageFilter.GaussianBlur(3)), dtype=float)
    spray = np.asarray(mask.filter(ImageFilter.GaussianBlur(22)), dtype=float)
    grain = np.random.default_rng(seed).random(soft.shape)
    value = np.maximum(soft, np.where(grain < spray / 255 * 0.10, 150, 0))
    if worn:
        patches = Image.fromarray(np.uint8(np.random.default_rng(seed + 1).random((12, 40)) * 255)).resize(mask.size, 3)
        value = value * np.clip((np.asarray(patches, dtype=float) / 255 - worn) * 6, 0.0, 1.0)
    path = folder / f"stencil-{seed}.png"
    Image.fromarray(np.uint8(np.clip(value, 0, 255))).save(path)
    return path, width / mask.height


def handwriting(text, folder, seed=3):
    """A paper label with a printed frame and one line written by hand, in colour."""
    rng = random.Random(seed)
    width, height = 1500, 760
    ground_tone = np.random.default_rng(seed).normal(0, 1, (height, width, 1))
    stains = np.asarray(
        Image.fromarray(np.uint8(np.random.default_rng(9).random((9, 16)) * 255)).resize((width, height), 3)
    )
    paper = np.array([214, 203, 172]) + ground_tone * 5 - ((stains[..., None] / 255.0) ** 2.2) * np.array([45, 55, 62])
    sheet = Image.fromarray(np.uint8(np.clip(paper, 0, 255)))
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((40, 40, width - 40, height - 40), outline=(60, 56, 52), width=5)
    for y in (400, 590):
        draw.line((40, y, width - 40, y), fill=(80, 76, 70), width=3)
    draw.line((460, 400, 460, height - 40), fill=(80, 76, 70), width=3)
    ink = Image.new("L", (width, height), 0)
    x = 105.0
    for character in text:
        size = 330 if character == "ㅈ" else 265
        font = ImageFont.truetype(FONTS["hand"], size + rng.randint(-12, 12))
        tile = Image.new("L", (420, 460), 0)
        ImageDraw.Draw(tile).text((70, 60), character, font=font, fill=255, stroke_width=3)
        tile = tile.rotate(rng.uniform(-5, 5), resample=Image.BICUBIC)
        ink.paste(255, (round(x) - 70, round(30 + rng.uniform(-12, 12))), tile)
        x += font.getlength(character) * 1.04 + rng.uniform(-4, 8)
    for mark, where, size in (
        ("✓", (150, 405), 0),
        ("/", (330, 430), 130),
        ("—", (560, 430), 130),
        ("○", (900, 440), 0),
    ):
        pen = ImageDraw.Draw(ink)
        if mark == "✓":
            pen.line([(where[0], 500), (where[0] + 45, 560), (where[0] + 130, 425)], fill=235, width=13)
        elif mark == "○":
            pen.arc((where[0], where[1], where[0] + 150, where[1] + 120), 20, 352, fill=235, width=11)
        else:
            pen.line([(where[0], where[1] + 90), (where[0] + size, where[1] + rng.randint(20, 95))], fill=225, width=11)
    drawn = np.asarray(ink.filter(ImageFilter.GaussianBlur(1.6)), dtype=float)[..., None] / 255
    pressed = (
        0.78
        + 0.22
        * np.asarray(
            Image.fromarray(np.uint8(np.random.default_rng(4).random((60, 120)) * 255)).resize((width, height), 2),
            dtype=float,
        )[..., None]
        / 255
    )
    out = np.asarray(sheet, dtype=float) * (1 - drawn * pressed) + np.array([32, 38, 88]) * drawn * pressed
    path = folder / "label.png"
    Image.fromarray(np.uint8(np.clip(out, 0, 255))).save(path)
    return path, width / height


# -------------------------------------------------------------------------------------------- scene and truth


def fresh(samples, size):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device, scene.cycles.samples = "CPU", samples
    scene.cycles.use_denoising, scene.cycles.seed = True, 7
    scene.cycles.use_adaptive_sampling, scene.cycles.adaptive_threshold = True, 0.03
    scene.cycles.max_bounces, scene.cycles.diffuse_bounces = 6, 3
    scene.render.resolution_x, scene.render.resolution_y = size
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = 0.85
    return scene


def daylight(elevation, azimuth, strength, sky=0.35, colour=(1.0, 0.94, 0.84), softness=1.0, tint=(0.56, 0.68, 0.86)):
    """A sun and a sky with brighter clouds."""
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    tree = world.node_tree
    background = tree.nodes["Background"]
    cloud = tree.nodes.new("ShaderNodeTexNoise")
    cloud.inputs["Scale"].default_value, cloud.inputs["Detail"].default_value = 2.2, 7
    mix = tree.nodes.new("ShaderNodeMix")
    mix.data_type = "RGBA"
    mix.inputs[6].default_value = (*tint, 1)
    mix.inputs[7].default_value = (1.0, 0.98, 0.95, 1)
    tree.links.new(tree.nodes.new("ShaderNodeTexCoord").outputs["Generated"], cloud.inputs["Vector"])
    tree.links.new(cloud.outputs[0], mix.inputs[0])
    tree.links.new(mix.outputs[2], background.inputs[0])
    background.inputs[1].default_value = sky
    lamp = bpy.data.lights.new("sun", "SUN")
    lamp.energy, lamp.color, lamp.angle = strength, colour, math.radians(softness)
    sun = bpy.data.objects.new("sun", lamp)
    sun.rotation_euler = (math.radians(90 - elevation), 0, math.radians(azimuth))
    bpy.context.collection.objects.link(sun)


def camera(place, target, lens, blur_at=None, stop=8.0):
    made = bpy.data.cameras.new("camera")
    made.lens, made.sensor_width = lens, 36
    thing = bpy.data.objects.new("camera", made)
    thing.location = place
    thing.rotation_euler = (Vector(target) - Vector(place)).to_track_quat("-Z", "Y").to_euler()
    thing.rotation_euler.rotate_axis("Z", math.radians(1.5))
    bpy.context.collection.objects.link(thing)
    if blur_at is not None:
        made.dof.use_dof, made.dof.focus_distance, made.dof.aperture_fstop = True, blur_at, stop
    bpy.context.scene.camera = thing
    bpy.context.view_layer.update()
    return thing


def pixel(scene, spot):
    seen = world_to_camera_view(scene, scene.camera, spot)
    return [round(seen.x * scene.render.resolution_x, 1), round((1 - seen.y) * scene.render.resolution_y, 1)]


def visible(scene, spot, thing):
    """Whether the line from the camera reaches the thing (or a part of it) first."""
    bpy.context.view_layer.update()
    eye = scene.camera.matrix_world.translation
    hit, _, _, _, first, _ = scene.ray_cast(
        bpy.context.evaluated_depsgraph_get(), eye, (spot - eye).normalized(), distance=(spot - eye).length + 0.02
    )
    return bool(not hit or first.name == thing.name or (first.parent and first.parent.name == thing.name))


def gathered(name, parts, matrix):
    """Parts under one empty, so that the whole can be laid down at once."""
    hub = bpy.data.objects.new(name, None)
    bpy.context.collection.objects.link(hub)
    for part in parts:
        if part.parent is None:
            part.parent = hub
    hub.matrix_world = matrix
    bpy.context.view_layer.update()
    return hub


def laid(place, axis, roll_deg=0.0):
    """The matrix that turns z to ``axis`` with y as nearly up as can be, rolled about the axis, at ``place``."""
    z = Vector(axis).normalized()
    x = Vector((0, 0, 1)).cross(z).normalized()
    y = z.cross(x)
    turn = Matrix((x, y, z)).transposed().to_4x4()
    return Matrix.Translation(place) @ turn @ Matrix.Rotation(math.radians(roll_deg), 4, "Z")


def fasteners(scene, things, radius_m):
    """Truth of a ring of fasteners: angle, place in the picture, whether the camera sees it."""
    rows = []
    for angle, thing in things:
        spot = thing.matrix_world @ Vector((0, 0, 0.004))
        rows.append(
            {"angle_deg": round(angle % 360, 2), "px": pixel(scene, spot), "visible": visible(scene, spot, thing)}
        )
    return {"count": len(rows), "bolt_circle_diameter_mm": round(2000 * radius_m), "bolts": rows}


# ----------------------------------------------------------------------------------------------- the pictures


def igniter_plate(scene, folder):
    """Forward dome of a motor, half dug in; twenty evenly spaced bolts round the igniter plate, some under soil."""
    rng = random.Random(11)
    earth = soil("soil")
    field = ground(earth, 3.5, 420, 0.06, 4, hollow=(0.0, 0.12, 0.75, 0.14))
    case = weathered("casing", (0.16, 0.18, 0.13), rust=0.42, bare=0.3, soot=0.95, dust=0.42, scale=1.6)
    plate_paint = weathered("plate", (0.30, 0.29, 0.27), rust=0.5, bare=0.4, soot=0.88, dust=0.42, scale=3.2)
    steel = weathered("bolts", (0.13, 0.125, 0.12), rust=0.62, bare=0.3, soot=0.75, dust=0.2, scale=9)
    black = plain("black", (0.012, 0.011, 0.010), 0.9)
    profile = [(0.492, -0.62), (0.492, -0.16), (0.498, -0.155), (0.498, -0.11), (0.485, -0.105), (0.485, -0.085)]
    profile += [(0.485 * math.cos(a), 0.30 * math.sin(a) - 0.085) for a in np.radians(np.linspace(4, 66, 26))]
    rim = profile[-1]
    profile += [(0.196, rim[1] + 0.012), (0.193, rim[1] + 0.024), (0.12, rim[1] + 0.024)]
    top = rim[1] + 0.024
    parts = [revolved("dome", profile, case, 256, 0.006, 2)]
    disc = [
        (0.168, top),
        (0.168, top + 0.012),
        (0.166, top + 0.014),
        (0.098, top + 0.014),
        (0.096, top + 0.011),
        (0.060, top + 0.011),
        (0.058, top + 0.030),
        (0.056, top + 0.032),
        (0.034, top + 0.032),
        (0.032, top + 0.018),
        (0.0001, top + 0.018),
    ]
    parts.append(revolved("igniter plate", disc, plate_paint, 192, 0.0006, 5))
    radius, bolts = 0.135, []
    for k in range(20):
        angle = 4.0 + 18.0 * k
        bolt = hex_bolt(f"bolt {k}", 0.0195, steel, steel)
        bolt.rotation_euler.z = rng.uniform(0, 6.3)
        bolt.location += Vector(
            (radius * math.cos(math.radians(angle)), radius * math.sin(math.radians(angle)), top + 0.014)
        )
        bolts.append((angle - 90.0, bolt))
        parts.append(bolt)
    for angle in (25, 152, 268):
        nipple = rod("connector", 0.010, 0.035, steel)
        nipple.location = (0.078 * math.cos(math.radians(angle)), 0.078 * math.sin(math.radians(angle)), top + 0.025)
        parts.append(nipple)
    hole = rod("hole", 0.024, 0.002, black)
    hole.location.z = top + 0.0195
    parts.append(hole)
    gathered("motor", parts, laid((0, 0.24, 0.12), (0.12, -0.80, 0.62), 0.0))
    camera((0.34, -1.12, 0.98), (0.0, -0.02, 0.27), 50, blur_at=1.28, stop=8)
    # a bank of soil thrown against the lower left of the plate: it hides some of the bolts
    for x, y, z, r, s in (
        (-0.30, -0.24, -0.02, 0.24, 3),
        (-0.17, -0.27, -0.03, 0.22, 8),
        (-0.03, -0.175, 0.16, 0.125, 5),
        (-0.22, -0.13, 0.17, 0.11, 9),
        (-0.02, -0.34, -0.06, 0.20, 12),
        (-0.42, -0.12, -0.02, 0.24, 15),
    ):
        heap = lump("heap", r, earth, s, 0.42, 6)
        heap.location, heap.scale = (x, y, z), (1.25, 0.85, 0.9)
    kinds = [lump(f"clod {k}", 1.0, earth, k + 60, 0.5, 3) for k in range(8)]
    for kind in kinds:
        kind.location = (0, 0, -50)
    bpy.context.view_layer.update()
    graph, spots = bpy.context.evaluated_depsgraph_get(), []
    for _ in range(420):
        x, y = rng.gauss(-0.20, 0.14), -0.12 - abs(rng.gauss(0, 0.13))
        hit, where, *_ = scene.ray_cast(graph, Vector((x, y, 3)), Vector((0, 0, -1)))
        spots.append((x, y, where.z + 0.002 if hit else 0.0))
    for spot in spots:
        clod = bpy.data.objects.new("clod", rng.choice(kinds).data)
        size = 0.002 * 7 ** (rng.random() ** 2.0)
        clod.location, clod.scale = spot, (size, size, size)
        clod.rotation_euler = [rng.uniform(0, 6.3) for _ in range(3)]
        bpy.context.collection.objects.link(clod)
    stones = [plain("stone", (0.16, 0.145, 0.12), 0.9, scale=3), earth, case]
    strew(rng, stones, 900, 1.9, (0.006, 0.05), field, (0, 0.3, 0.45))
    grass(rng, plain("grass", (0.09, 0.12, 0.03), 0.8), 900, 2.4, field, ((0, 0.1, 0.85),))
    daylight(42, -38, 3.6, 0.55)
    return {
        "part": "igniter_plate",
        "shows": "Forward motor dome with the igniter plate, sooted and rusty, seen obliquely; soil covers some bolts.",
        "truth": {
            "igniter_bolt_ring": {
                **fasteners(scene, bolts, radius),
                "spacing": "even",
                "face": "outer",
                "circle_to_casing": round(radius / 0.492, 3),
            },
            "markings": [],
        },
    }


def nozzle(scene, folder):
    """Aft end with the nozzle exit and four jet vanes on their actuators."""
    rng = random.Random(5)
    earth = soil("soil", (0.06, 0.05, 0.04), (0.26, 0.22, 0.17))
    field = ground(earth, 3.5, 380, 0.045, 12, hollow=(0, 0.2, 0.85, 0.08))
    skin = weathered("skin", (0.20, 0.23, 0.16), rust=0.32, bare=0.3, soot=0.5, dust=0.3, scale=1.3)
    ring = weathered("ring", (0.32, 0.31, 0.29), rust=0.42, bare=0.6, soot=0.55, dust=0.3, scale=3)
    char = weathered("liner", (0.10, 0.095, 0.09), rust=0.12, bare=0.05, soot=1.15, dust=0.3, scale=2.5, gloss=0.8)
    graphite = weathered("vane", (0.075, 0.075, 0.08), rust=0.05, bare=0.12, soot=0.7, dust=0.35, scale=5, gloss=0.55)
    steel = weathered("steel", (0.33, 0.33, 0.32), rust=0.36, bare=0.7, soot=0.4, dust=0.25, scale=6)
    parts = [
        revolved(
            "skin",
            [(0.55, -0.62), (0.55, -0.03), (0.548, 0.0), (0.535, 0.0), (0.533, -0.02), (0.533, -0.60)],
            skin,
            256,
            0.014,
            3,
        ),
        revolved(
            "bulkhead",
            [
                (0.533, -0.055),
                (0.41, -0.055),
                (0.405, -0.05),
                (0.405, -0.02),
                (0.398, -0.018),
                (0.398, 0.012),
                (0.376, 0.014),
                (0.372, 0.0),
            ],
            ring,
            256,
            0.002,
            1,
        ),
        revolved(
            "cone",
            [
                (0.372, 0.0),
                (0.33, -0.12),
                (0.27, -0.27),
                (0.20, -0.41),
                (0.15, -0.50),
                (0.135, -0.54),
                (0.14, -0.60),
                (0.20, -0.72),
                (0.21, -0.9),
                (0.0001, -0.9),
            ],
            char,
            192,
            0.002,
            7,
        ),
    ]
    bolts = []
    for k in range(36):
        angle = 5.0 + 10.0 * k
        if min((angle - quarter) % 360 for quarter in (28, 118, 208, 298)) < 34:
            continue
        bolt = hex_bolt(f"flange bolt {k}", 0.016, steel, steel)
        bolt.location += Vector((0.47 * math.cos(math.radians(angle)), 0.47 * math.sin(math.radians(angle)), -0.055))
        parts.append(bolt)
        bolts.append((angle - 90, bolt))
    vanes = []
    for k in range(4):
        turn = math.radians(45 + 90 * k)
        housing = block(f"actuator {k}", (0.085, 0.135, 0.085), skin if k % 2 else ring, 0.010)
        cap = rod(f"cap {k}", 0.034, 0.03, steel)
        cap.rotation_euler = (0, math.pi / 2, 0)
        shaft = rod(f"shaft {k}", 0.017, 0.16, steel)
        shaft.rotation_euler = (0, math.pi / 2, 0)
        outline = [(0.0, -0.10), (0.155, -0.085), (0.175, 0.03), (0.155, 0.085), (0.02, 0.095)]
        points = [(x - 0.16, 0.012 * s * (0.4 if abs(z) > 0.05 else 1), z) for s in (-1, 1) for x, z in outline]
        faces = [(4, 3, 2, 1, 0), (5, 6, 7, 8, 9)] + [(j, (j + 1) % 5, 5 + (j + 1) % 5, 5 + j) for j in range(5)]
        vane = add_mesh(f"vane {k}", points, faces, None, graphite, 30)
        edge = vane.modifiers.new("edge", "BEVEL")
        edge.width, edge.segments = 0.004, 2
        deflect = math.radians((6, -14, 9, 3)[k])
        for thing, out, along in ((housing, 0.462, 0.0), (cap, 0.412, 0.03), (shaft, 0.36, 0.03), (vane, 0.32, 0.03)):
            about = Matrix.Rotation(turn, 4, "Z") @ Matrix.Translation((out, 0, along))
            if thing is vane:
                about = about @ Matrix.Rotation(deflect, 4, "X")
            thing.matrix_world = about @ thing.matrix_world if thing is not vane else about
            parts.append(thing)
        for dy in (-0.05, 0.05):
            for dz in (-0.025, 0.025):
                screw = rod("screw", 0.006, 0.01, steel, 6)
                screw.matrix_world = Matrix.Rotation(turn, 4, "Z") @ Matrix.Translation((0.462 + dz, dy, 0.045))
                parts.append(screw)
        vanes.append((math.degrees(turn) - 90, vane))
    for k, (start, sag) in enumerate(((70, 0.05), (160, 0.03), (255, 0.06))):
        curve = bpy.data.curves.new("cable", "CURVE")
        curve.dimensions, curve.bevel_depth = "3D", 0.006
        line = curve.splines.new("POLY")
        spots = [
            (
                0.49 * math.cos(math.radians(a)),
                0.49 * math.sin(math.radians(a)),
                -0.035 + sag * math.sin((a - start) / 45 * math.pi),
            )
            for a in np.linspace(start, start + 45, 20)
        ]
        line.points.add(len(spots) - 1)
        for spot, to in zip(spots, line.points, strict=True):
            to.co = (*spot, 1)
        cable = bpy.data.objects.new(f"cable {k}", curve)
        curve.materials.append(plain("cable", (0.03, 0.03, 0.03), 0.6))
        bpy.context.collection.objects.link(cable)
        parts.append(cable)
    gathered("aft", parts, laid((0, 0.35, 0.42), (0.20, -0.93, 0.30), 4.0))
    camera((0.98, -1.62, 0.98), (0.02, 0.12, 0.40), 52, blur_at=1.95, stop=8)
    strew(
        rng,
        [plain("stone", (0.17, 0.155, 0.135), 0.9, scale=3), earth, skin, char],
        900,
        2.2,
        (0.006, 0.05),
        field,
        (0, 0.5, 0.6),
    )
    grass(rng, plain("grass", (0.13, 0.14, 0.045), 0.8), 1100, 2.6, field, ((0, 0.3, 0.95),))
    daylight(44, 38, 3.6, 0.5)
    rows = []
    for angle, vane in vanes:
        spot = vane.matrix_world @ Vector((-0.06, 0.012, 0.02))
        rows.append(
            {"angle_deg": round((angle + 4) % 360, 2), "px": pixel(scene, spot), "visible": visible(scene, spot, vane)}
        )
    return {
        "part": "nozzle",
        "shows": "Aft end of a motor section: nozzle exit, four jet vanes with actuators around it, seen obliquely.",
        "truth": {"jet_vane_count": 4, "jet_vanes": rows, "nozzle_count": 1, "body_diameter_mm": 1100, "markings": []},
    }


def label(scene, folder):
    """A label with one handwritten consonant before digits and signs, and a part beside it stencilled 112."""
    rng = random.Random(21)
    bench = weathered("bench", (0.34, 0.36, 0.37), rust=0.12, bare=0.12, dust=0.25, scale=4, gloss=0.5)

    def housing_paint(marks):
        """Green paint with the stencil on it."""
        green = (0.115, 0.15, 0.105)
        return weathered("housing", green, rust=0.4, bare=0.4, soot=0.4, dust=0.34, scale=6, marks=marks)

    steel = weathered("steel", (0.33, 0.33, 0.32), rust=0.3, bare=0.7, dust=0.25, scale=12)
    table = block("table", (1.6, 1.2, 0.03), plain("table", (0.16, 0.125, 0.09), 0.75, scale=9), 0.002)
    table.location.z = -0.015
    written = "ㅈ 4-17/208"
    path, ratio = handwriting(written, folder)
    # the panel that carries the label: bent sheet with a torn edge
    wide, deep, steps = 0.30, 0.21, 90
    points, faces = [], []
    for row in range(steps + 1):
        for column in range(steps + 1):
            x, y = (column / steps - 0.5) * wide, (row / steps - 0.5) * deep
            tear = 0.012 * noise.fractal(Vector((x * 14, y * 14, 2)), 1.0, 2.0, 5)
            lift = 0.10 * max(0.0, abs(x) - 0.105) ** 1.15 + 0.003 * noise.fractal(
                Vector((x * 8, y * 8, 6)), 1.0, 2.0, 4
            )
            points.append((x + tear * (abs(x) > wide * 0.46), y + tear * (abs(y) > deep * 0.44), lift + 0.012))
    for row in range(steps):
        for column in range(steps):
            a = row * (steps + 1) + column
            faces.append((a, a + 1, a + steps + 2, a + steps + 1))
    panel = add_mesh("panel", points, faces, None, bench, 40)
    thick = panel.modifiers.new("thickness", "SOLIDIFY")
    thick.thickness = 0.0022
    width = 0.165
    height = width / ratio
    points, faces, uvs = [], [], []
    for row in range(31):
        for column in range(61):
            u, v = column / 60, row / 30
            x, y = (u - 0.5) * width, (v - 0.5) * height
            curl = 0.010 * max(0.0, u - 0.86) * (v * 1.6) + 0.0007 * noise.fractal(
                Vector((x * 30, y * 30, 1)), 1.0, 2.0, 3
            )
            points.append((x, y, 0.0155 + curl + 0.003 * noise.fractal(Vector((x * 8, y * 8, 6)), 1.0, 2.0, 4)))
    for row in range(30):
        for column in range(60):
            a = row * 61 + column
            faces.append((a, a + 1, a + 62, a + 61))
            uvs.append([((column + i) / 60, (row + j) / 30) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))])
    n = Nodes("paper")
    made = n.image(path, n.place("UV"), (0, 0), (1, 1))
    made.image.colorspace_settings.name = "sRGB"
    dirt = n.ramp(n.noise(28, 10, 0.7), 0.52, 0.72)
    paper = n.finish(
        n.mix(n.sum(dirt, 0.55, "MULTIPLY"), made.outputs["Color"], (0.16, 0.125, 0.09)),
        0.8,
        0.0,
        n.noise(150),
        0.15,
        0.001,
    )
    sheet = add_mesh("label", points, faces, uvs, paper, 180)
    screws = []
    for x, y in ((-0.128, -0.085), (0.122, -0.088), (-0.125, 0.085), (0.125, 0.082)):
        screw = rod("rivet", 0.0055, 0.004, steel, 32, 0.0016)
        screw.location = (x, y, 0.0165)
        screws.append(screw)
    turn = Matrix.Translation((-0.10, -0.02, 0.0)) @ Matrix.Rotation(math.radians(-9), 4, "Z")
    gathered("panel group", [panel, sheet, *screws], turn)
    # the part beside it: a cylinder lying down, stencilled
    mask, shape = stencil("112", folder, seed=112)
    high = 0.040
    radius, length = 0.062, 0.20
    # u runs round in metres (0.5 pi radius is up), v along the profile
    start = 0.004 + radius
    wide_mark = high * shape
    rotated = Image.open(mask).rotate(90, expand=True)
    turned = folder / "stencil-turned.png"
    rotated.save(turned)
    at = (math.radians(118) * radius - high / 2, start + length / 2 - wide_mark / 2)
    paint = housing_paint([(turned, at, (high, wide_mark), (0.62, 0.60, 0.52))])
    body = revolved(
        "housing",
        [
            (0.0001, 0.0),
            (radius - 0.004, 0.0),
            (radius, 0.004),
            *((radius, z) for z in np.linspace(0.01, length - 0.01, 40)),
            (radius, length - 0.004),
            (radius - 0.004, length),
            (0.0001, length),
        ],
        paint,
        160,
        0.0009,
        4,
    )
    collar = revolved(
        "collar",
        [(radius + 0.001, 0.016), (radius + 0.006, 0.017), (radius + 0.006, 0.031), (radius + 0.001, 0.032)],
        plain("collar", (0.06, 0.06, 0.062), 0.5, 0.6),
        128,
    )
    plug = rod("plug", 0.022, 0.05, steel)
    plug.location.z = length + 0.02
    parts = [body, collar, plug]
    for k in range(8):
        bolt = hex_bolt(f"end bolt {k}", 0.009, steel, steel)
        bolt.location += Vector((0.044 * math.cos(k * math.pi / 4), 0.044 * math.sin(k * math.pi / 4), length))
        parts.append(bolt)
    where = Matrix.Translation((0.10, 0.02, radius + 0.006)) @ Matrix.Rotation(math.radians(20), 4, "Z")
    where = where @ Matrix.Rotation(math.radians(90), 4, "Y") @ Matrix.Rotation(math.radians(90), 4, "Z")
    gathered("housing group", parts, where)
    for _ in range(160):
        crumb = lump(
            "crumb",
            rng.uniform(0.0008, 0.0045),
            plain("crumb", (0.12, 0.10, 0.08), 0.9) if rng.random() < 0.03 else table.data.materials[0],
            rng.random() * 30,
            0.6,
            2,
        )
        crumb.location = (rng.uniform(-0.4, 0.4), rng.uniform(-0.3, 0.3), 0.001)
    camera((0.03, -0.50, 0.47), (0.030, 0.004, 0.02), 42, blur_at=0.68, stop=9)
    daylight(52, -40, 1.9, 0.42, softness=4)
    corners = [sheet.matrix_world @ Vector(sheet.data.vertices[k].co) for k in (30 * 61, 30 * 61 + 60, 60, 0)]
    return {
        "part": "label",
        "shows": "A paper label with one handwritten Hangul consonant before digits and signs; a part stencilled 112.",
        "truth": {
            "markings": [
                {
                    "text": written.replace(" ", ""),
                    "script": "hangul",
                    "method": "handwritten",
                    "label_corners_px": [pixel(scene, c) for c in corners],
                },
                {"text": "112", "script": "digits", "method": "stencil"},
            ]
        },
    }


def lattice_fin(name, material, wide=0.40, high=0.34, deep=0.075, cells=7):
    """A lattice fin standing on z = 0: a frame filled with crossed thin plates, on a stem."""
    parts = []

    def bar(a, b, thick):
        middle, along = (Vector(a) + Vector(b)) / 2, Vector(b) - Vector(a)
        piece = block(f"{name} bar", (along.length, deep, thick), material, 0.0006)
        piece.matrix_world = Matrix.Translation(middle) @ Matrix.Rotation(-math.atan2(along.z, along.x), 4, "Y")
        parts.append(piece)

    low = 0.06
    corners = [(-wide / 2, 0, low), (wide / 2, 0, low), (wide / 2, 0, low + high), (-wide / 2, 0, low + high)]
    for k in range(4):
        bar(corners[k], corners[(k + 1) % 4], 0.008)
    pitch = wide / cells
    for sign in (1, -1):
        for k in range(-cells, 2 * cells):
            x0 = -wide / 2 + k * pitch
            # the line x = x0 + sign * (z - low), cut to the frame
            spans = [(x0 + sign * t, t) for t in np.linspace(0, high, 60)]
            inside = [(x, z) for x, z in spans if -wide / 2 <= x <= wide / 2]
            if len(inside) > 3:
                bar((inside[0][0], 0, low + inside[0][1]), (inside[-1][0], 0, low + inside[-1][1]), 0.003)
    stem = block(f"{name} stem", (0.11, 0.055, 0.075), material, 0.008)
    stem.location.z = 0.03
    parts.append(stem)
    return parts


def tail(scene, folder):
    """Tail section of a cylindrical body with four lattice fins, lying on grass."""
    rng = random.Random(31)
    earth = soil("soil", (0.05, 0.038, 0.025), (0.20, 0.15, 0.10))
    field = ground(earth, 4.0, 400, 0.06, 21, hollow=(0, 0.1, 0.8, 0.09))
    olive = weathered("olive", (0.105, 0.135, 0.075), rust=0.45, bare=0.42, soot=0.66, dust=0.3, scale=2.2)
    fin_paint = weathered("fin", (0.13, 0.15, 0.10), rust=0.45, bare=0.45, soot=0.5, dust=0.2, scale=4)
    steel = weathered("steel", (0.33, 0.33, 0.32), rust=0.4, bare=0.7, soot=0.4, dust=0.2, scale=8)
    char = weathered("char", (0.07, 0.068, 0.066), rust=0.12, soot=1.1, dust=0.2, scale=3, gloss=0.8)
    radius = 0.325
    body = revolved(
        "body",
        [(radius, z) for z in np.linspace(-1.25, -0.34, 80)]
        + [(radius + 0.004, -0.335), (radius + 0.004, -0.315), (radius, -0.31)]
        + [(radius, z) for z in np.linspace(-0.30, -0.02, 20)]
        + [
            (radius - 0.004, 0.0),
            (radius - 0.018, 0.0),
            (radius - 0.02, -0.06),
            (0.235, -0.065),
            (0.232, 0.02),
            (0.222, 0.02),
        ],
        olive,
        256,
        0.010,
        6,
    )
    # the front end is torn: push its edge about, more the further forward
    for vertex in body.data.vertices:
        x, y, z = vertex.co
        forward = max(0.0, (-0.75 - z) / 0.5)
        crumple = noise.fractal(Vector((x * 5, y * 5, z * 3)), 1.0, 2.0, 5)
        vertex.co = Vector(
            (
                x * (1 + 0.16 * forward * crumple),
                y * (1 + 0.2 * forward * crumple - 0.10 * forward),
                z + 0.16 * forward * crumple,
            )
        )
    skin = body.modifiers.new("thickness", "SOLIDIFY")
    skin.thickness = 0.006
    parts = [
        body,
        revolved(
            "nozzle",
            [(0.222, 0.02), (0.19, -0.10), (0.14, -0.28), (0.10, -0.36), (0.13, -0.46), (0.0001, -0.46)],
            char,
            160,
        ),
    ]
    for ring_z in (-0.325, -0.70):
        for k in range(48):
            rivet = rod("rivet", 0.005, 0.006, olive, 16, 0.001)
            a = 2 * math.pi * k / 48
            rivet.matrix_world = (
                Matrix.Rotation(a, 4, "Z")
                @ Matrix.Translation((radius + 0.004 if ring_z > -0.5 else radius, 0, ring_z))
                @ Matrix.Rotation(math.pi / 2, 4, "Y")
            )
            parts.append(rivet)
    fins = []
    for k in range(4):
        turn = math.radians(45 + 90 * k)
        pieces = lattice_fin(f"fin {k}", fin_paint)
        lean = math.radians((2, -7, 4, 0)[k])
        about = (
            Matrix.Rotation(turn, 4, "Z")
            @ Matrix.Translation((radius - 0.01, 0, -0.17))
            @ Matrix.Rotation(math.pi / 2, 4, "Y")
            @ Matrix.Rotation(math.pi / 2, 4, "Z")
            @ Matrix.Rotation(lean, 4, "X")
        )
        for piece in pieces:
            piece.matrix_world = about @ piece.matrix_world
        parts.extend(pieces)
        fins.append((math.degrees(turn) - 90, pieces[0]))
        vane = block(f"vane {k}", (0.10, 0.012, 0.09), char, 0.003)
        vane.matrix_world = Matrix.Rotation(turn, 4, "Z") @ Matrix.Translation((0.16, 0, 0.035))
        mount = block(f"vane mount {k}", (0.05, 0.04, 0.05), steel, 0.004)
        mount.matrix_world = Matrix.Rotation(turn, 4, "Z") @ Matrix.Translation((0.238, 0, 0.035))
        parts.extend([vane, mount])
    gathered("tail", parts, laid((0.10, -0.28, 0.40), (0.74, -0.66, 0.10), 8.0))
    camera((0.95, -3.05, 1.25), (-0.02, -0.06, 0.38), 54, blur_at=3.0, stop=9)
    strew(
        rng,
        [plain("stone", (0.17, 0.155, 0.135), 0.9, scale=3), earth, olive],
        700,
        2.6,
        (0.006, 0.045),
        field,
        (0, 0, 0.5),
    )
    grass(rng, plain("grass", (0.10, 0.15, 0.035), 0.75), 5200, 3.4, field, ((0.05, -0.1, 0.55),))
    daylight(36, 25, 4.0, 0.45)
    rows = [
        {"angle_deg": round((angle + 8) % 360, 2), "px": pixel(scene, fin.matrix_world.translation)}
        for angle, fin in fins
    ]
    return {
        "part": "tail",
        "shows": "Tail section of a cylindrical body with four lattice fins and a single nozzle, seen from behind.",
        "truth": {
            "fin_form": "lattice",
            "fin_count": 4,
            "fins": rows,
            "nozzle_count": 1,
            "body_diameter_mm": 650,
            "markings": [],
        },
    }


def serial(scene, folder):
    """The side of a painted body with two stencilled inscriptions."""
    rng = random.Random(41)
    earth = soil("soil")
    field = ground(earth, 2.5, 300, 0.05, 31)
    radius = 0.325
    first, first_shape = stencil("Ш91579", folder, seed=41, worn=0.10)
    second, second_shape = stencil("9М79-1", folder, seed=42, worn=0.12)
    marks = []
    for mask, shape, high, middle, height_deg in (
        (first, first_shape, 0.115, 0.60, 92),
        (second, second_shape, 0.075, 0.57, 60),
    ):
        turned = folder / f"turned-{mask.name}"
        Image.open(mask).rotate(90, expand=True).save(turned)
        marks.append(
            (
                turned,
                (math.radians(height_deg) * radius - high / 2, middle - high * shape / 2),
                (high, high * shape),
                (0.70, 0.68, 0.60),
            )
        )
    olive = weathered("olive", (0.115, 0.145, 0.08), rust=0.46, bare=0.42, soot=0.55, dust=0.34, scale=2.6, marks=marks)
    steel = weathered("rivets", (0.14, 0.165, 0.10), rust=0.25, bare=0.4, soot=0.2, dust=0.2, scale=8)
    body = revolved("body", [(radius, z) for z in np.linspace(0, 1.2, 120)], olive, 256, 0.008, 3)
    band = revolved(
        "band",
        [(radius - 0.002, 0.165), (radius + 0.006, 0.168), (radius + 0.006, 0.205), (radius - 0.002, 0.208)],
        steel,
        256,
        0.008,
        3,
    )
    parts = [body, band]
    for z in (0.186, 1.03, 1.08):
        for k in range(60):
            rivet = rod("rivet", 0.0048, 0.006, steel, 16, 0.0014)
            a = 2 * math.pi * k / 60
            rivet.matrix_world = (
                Matrix.Rotation(a, 4, "Z")
                @ Matrix.Translation((radius + (0.007 if z < 0.5 else 0.001), 0, z))
                @ Matrix.Rotation(math.pi / 2, 4, "Y")
            )
            parts.append(rivet)
    hatch = block("hatch", (0.004, 0.11, 0.14), steel, 0.01)
    hatch.matrix_world = Matrix.Rotation(math.radians(118), 4, "Z") @ Matrix.Translation((radius + 0.001, 0, 0.93))
    # the body lies along x; u = 90 deg faces the camera
    where = (
        Matrix.Translation((-0.6, 0, radius - 0.03))
        @ Matrix.Rotation(math.radians(90), 4, "Y")
        @ Matrix.Rotation(math.radians(180 + 8), 4, "Z")
    )
    gathered("body group", [*parts, hatch], where)
    camera((0.10, -1.18, 0.62), (-0.005, -0.2, 0.36), 40, blur_at=1.08, stop=7)
    strew(rng, [plain("stone", (0.17, 0.155, 0.135), 0.9, scale=3), earth], 700, 1.8, (0.006, 0.04), field)
    grass(rng, plain("grass", (0.10, 0.14, 0.035), 0.75), 1500, 1.9, field, ((0, 0.1, 0.3),))
    daylight(46, -22, 3.4, 0.5)
    return {
        "part": "body",
        "shows": "The side of a painted cylindrical body with two stencilled inscriptions.",
        "truth": {
            "body_diameter_mm": 650,
            "markings": [
                {"text": "Ш91579", "script": "cyrillic", "method": "stencil"},
                {"text": "9М79-1", "script": "cyrillic", "method": "stencil"},
            ],
        },
    }


def fragment(scene, folder):
    """A bent piece of skin with two rows of rivets; no writing anywhere."""
    rng = random.Random(51)
    asphalt = soil("asphalt", (0.035, 0.035, 0.037), (0.13, 0.128, 0.125), 2.2)
    field = ground(asphalt, 2.0, 300, 0.006, 41)
    paint = weathered("skin", (0.17, 0.185, 0.165), rust=0.46, bare=0.45, soot=0.75, dust=0.2, scale=5)
    inner = weathered("rivets", (0.12, 0.125, 0.115), rust=0.5, bare=0.25, soot=0.7, dust=0.2, scale=9)
    wide, deep, columns, rows = 0.42, 0.27, 210, 140

    def bent(x, y):
        """Where a point of the flat sheet lies after a curl along one end and a crumple across."""
        curl = max(0.0, x - 0.04)
        z = 0.035 + 2.1 * curl**2 + 0.9 * max(0.0, -x - 0.12) ** 2
        z += (
            0.028 * noise.fractal(Vector((x * 5, y * 5, 3)), 1.0, 2.0, 4)
            + 0.30 * max(0.0, abs(y + 0.1 * x) - 0.085) ** 1.6
        )
        return Vector((x - 0.55 * curl**1.8, y + 0.05 * math.sin(x * 9) * y, z))

    keep, points, faces = {}, [], []
    for row in range(rows + 1):
        for column in range(columns + 1):
            x, y = (column / columns - 0.5) * wide, (row / rows - 0.5) * deep
            border = min(wide / 2 - abs(x), deep / 2 - abs(y))
            tear = 0.030 + 0.030 * noise.fractal(Vector((x * 11, y * 11, 7)), 0.8, 2.2, 6)
            holes = noise.fractal(Vector((x * 16, y * 16, 17)), 1.0, 2.0, 3)
            if border > tear and holes < 0.98:
                keep[row, column] = len(points)
                points.append(bent(x, y))
    for row in range(rows):
        for column in range(columns):
            spots = [
                keep.get(spot) for spot in ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column))
            ]
            if all(spot is not None for spot in spots):
                faces.append(tuple(spots))
    sheet = add_mesh("sheet", points, faces, None, paint, 60)
    thick = sheet.modifiers.new("thickness", "SOLIDIFY")
    thick.thickness = 0.0025
    parts = [sheet]
    count = 0
    for y in (-0.045, 0.040):
        for x in np.arange(-0.165, 0.17, 0.024):
            spot = bent(x, y)
            normal = (bent(x + 0.003, y) - spot).cross(bent(x, y + 0.003) - spot).normalized()
            rivet = rod("rivet", 0.0048, 0.0035, inner, 24, 0.0015)
            rivet.matrix_world = (
                Matrix.Translation(spot + normal * 0.0012) @ normal.to_track_quat("Z", "Y").to_matrix().to_4x4()
            )
            parts.append(rivet)
            count += 1
    gathered("fragment", parts, Matrix.Rotation(math.radians(-24), 4, "Z"))
    strew(rng, [plain("stone", (0.10, 0.097, 0.092), 0.9, scale=3), asphalt, paint], 900, 1.2, (0.002, 0.016), field)
    camera((0.12, -0.60, 0.46), (0.0, 0.005, 0.03), 50, blur_at=0.76, stop=9)
    daylight(33, 62, 4.8, 0.5)
    return {
        "part": "skin",
        "shows": "A bent, torn piece of sheet metal with two rows of rivets. No writing.",
        "truth": {"rivets": count, "markings": []},
    }


PICTURES = {
    "igniter-plate": ("kharkiv-2024-01-02", igniter_plate),
    "nozzle": ("kharkiv-2024-01-02", nozzle),
    "label": ("kharkiv-2024-01-02", label),
    "tail": ("tochka-tail", tail),
    "serial": ("tochka-tail", serial),
    "fragment": ("bare-fragment", fragment),
}


def developed(path, seed):
    """What a camera adds: a little vignette and noise. Kept modest; the picture must stay readable."""
    picture = np.asarray(Image.open(path).convert("RGB"), dtype=np.float32)
    height, width = picture.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    picture *= (1 - 0.11 * (x**2 + y**2))[..., None]
    rng = np.random.default_rng(seed)
    picture += rng.normal(0, 1, picture.shape) * (1.2 + 0.012 * np.sqrt(np.maximum(picture, 0)) * 6)
    return Image.fromarray(np.uint8(np.clip(picture, 0, 255)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PICTURES))
    parser.add_argument("--samples", type=int, default=28)
    parser.add_argument("--size", default="1280x960")
    parser.add_argument("--output", type=Path, help="a folder for all pictures instead of their sample cases")
    arguments = parser.parse_args()
    size = tuple(int(side) for side in arguments.size.split("x"))
    for number, name in enumerate(PICTURES):
        if arguments.names and name not in arguments.names:
            continue
        case, make = PICTURES[name]
        target = arguments.output or SAMPLES / case / "photographs"
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            scene = fresh(arguments.samples, size)
            truth = make(scene, Path(folder))
            print(f"{name}: built in {time.perf_counter() - start:.0f} s", flush=True)
            scene.render.filepath = str(Path(folder) / "render.png")
            bpy.ops.render.render(write_still=True)
            print(f"{name}: rendered after {time.perf_counter() - start:.0f} s", flush=True)
            developed(scene.render.filepath, number).save(target / f"{name}.jpg", quality=88, subsampling=0)
        about = {
            "file": f"{name}.jpg",
            "made_by": "images/tools/render_samples.py",
            "is_render": True,
            "samples_a_pixel": arguments.samples,
            "statement": STATEMENT,
            "licence": "MIT",
            **truth,
        }
        text = json.dumps(about, ensure_ascii=False, indent=1) + "\n"
        (target / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
