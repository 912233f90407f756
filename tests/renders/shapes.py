"""Meshes, materials and lights for the generated debris scenes (Blender as a Python module, ``pip install bpy``)."""

from __future__ import annotations

import math
import random

import bpy
from mathutils import Matrix, Vector, noise

HEADS = ("hex", "socket", "slotted", "rivet", "csk", "hole")


def mesh(name, points, faces, material, smooth=35.0):
    """An object of points and faces."""
    made = bpy.data.meshes.new(name)
    made.from_pydata([tuple(point) for point in points], [], faces)
    made.polygons.foreach_set("use_smooth", [True] * len(made.polygons))
    made.set_sharp_from_angle(angle=math.radians(smooth))
    made.materials.append(material)
    thing = bpy.data.objects.new(name, made)
    bpy.context.collection.objects.link(thing)
    return thing


def revolved(name, profile, material, *, span=(0.0, 360.0), segments=128, dent=0.0, torn=0.0, seed=0):
    """Surface of revolution about z of (radius, height) pairs; ``torn``: how far the last row is ripped back."""
    whole = span[1] - span[0] > 359.9
    columns = segments if whole else segments + 1
    points, faces = [], []
    for row, (radius, height) in enumerate(profile):
        for column in range(columns):
            turn = math.radians(span[0] + (span[1] - span[0]) * column / segments)
            spot = Vector((math.cos(turn), math.sin(turn), height * 2))
            push = dent * radius * noise.fractal(spot * 1.7 + Vector((seed, 0, 0)), 1, 2, 3) if dent else 0.0
            rip = (
                torn * abs(noise.fractal(spot * 3 + Vector((0, seed, 0)), 0.8, 2, 4))
                if row == len(profile) - 1
                else 0.0
            )
            points.append(
                (math.cos(turn) * (radius + push), math.sin(turn) * (radius + push), height + push * 0.3 + rip)
            )
    for row in range(len(profile) - 1):
        for column in range(segments):
            a, b = row * columns + column, row * columns + (column + 1) % columns
            faces.append((a, b, b + columns, a + columns))
    return mesh(name, points, faces, material)


def head(kind, radius, material, dark, rng):
    """A fastener's head standing on z = 0, its axis z; returns the objects, the first one the largest."""
    sides = {"hex": 6}.get(kind, 28)
    tall = {"hex": 0.75, "socket": 1.2, "slotted": 0.6, "rivet": 0.55, "csk": 0.06, "hole": 0.02}[kind] * radius
    tall *= rng.uniform(0.8, 1.2)
    if kind == "rivet":
        profile = [(0.0001, tall)]
        profile += [(radius * math.sin(a), tall * math.cos(a)) for a in (0.3, 0.6, 0.9, 1.2, 1.57)]
        profile += [(radius, -radius * 0.2)]
    elif kind == "hole":
        profile = [(0.0001, tall), (radius * 0.8, tall)]
    else:
        profile = [(0.0001, tall), (radius * 0.86, tall), (radius, tall * 0.85), (radius, -radius * 0.2)]
    profile.reverse()
    parts = [revolved(kind, profile, dark if kind == "hole" else material, segments=sides)]
    if kind == "hex" and rng.random() < 0.5:
        washer = [(radius * 1.45, -0.02 * radius), (radius * 1.45, 0.12 * radius), (0.5 * radius, 0.12 * radius)]
        parts.append(revolved("washer", washer, material, segments=28))
    if kind == "socket":
        pit = [(radius * 0.5, tall * 1.01), (0.0001, tall * 1.01)]
        parts.append(revolved("pit", pit, dark, segments=6))
    if kind in ("slotted", "csk"):
        turn = rng.uniform(0, math.pi)
        along, across = Vector((math.cos(turn), math.sin(turn), 0)), Vector((-math.sin(turn), math.cos(turn), 0))
        corners = [
            along * (s * radius * 0.9) + across * (t * radius * 0.13) for s, t in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        parts.append(mesh("slot", [(c.x, c.y, tall * 1.01 + radius * 0.01) for c in corners], [(0, 1, 2, 3)], dark))
    if kind == "csk":
        rim = [(radius * 1.12, tall * 0.9), (radius * 1.0, tall * 0.95)]
        parts.append(revolved("rim", rim, dark, segments=28))
    spin = Matrix.Rotation(rng.uniform(0, 6.28), 4, "Z")
    for part in parts:
        part.data.transform(spin)
    return parts


def box(name, size, matrix, material):
    """A box with slightly rounded edges."""
    x, y, z = (0.5 * one for one in size)
    points = [(i * x, j * y, k * z) for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    thing = mesh(name, points, faces, material, 20)
    thing.matrix_world = matrix
    edge = thing.modifiers.new("edge", "BEVEL")
    edge.width, edge.segments = 0.06 * min(size), 2
    return thing


def stone(name, radius, material, seed, rough=0.4):
    """A lump."""
    bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=2, radius=1.0)
    thing = bpy.context.object
    thing.name = name
    for vertex in thing.data.vertices:
        where = Vector(vertex.co) * 1.3 + Vector((seed * 3.7, seed * 1.3, 0))
        vertex.co = Vector(vertex.co) * (1 + rough * noise.fractal(where, 1, 2, 4)) * radius
    thing.data.polygons.foreach_set("use_smooth", [rough < 0.6] * len(thing.data.polygons))
    thing.data.materials.append(material)
    return thing


def _socket(tree, source, socket):
    if hasattr(source, "is_output"):
        tree.links.new(source, socket)
    else:
        socket.default_value = source


def _noise(tree, scale, detail, low, high):
    made = tree.nodes.new("ShaderNodeTexNoise")
    tree.links.new(tree.nodes.new("ShaderNodeTexCoord").outputs["Object"], made.inputs["Vector"])
    made.inputs["Scale"].default_value, made.inputs["Detail"].default_value = scale, detail
    made.inputs["Roughness"].default_value = 0.68
    ramp = tree.nodes.new("ShaderNodeMapRange")
    ramp.interpolation_type = "SMOOTHSTEP"
    tree.links.new(made.outputs[0], ramp.inputs["Value"])
    ramp.inputs["From Min"].default_value, ramp.inputs["From Max"].default_value = low, high
    return ramp.outputs[0]


def _mix(tree, share, one, other):
    made = tree.nodes.new("ShaderNodeMix")
    made.data_type = "RGBA"
    _socket(tree, share, made.inputs[0])
    _socket(tree, one if hasattr(one, "is_output") else (*one, 1), made.inputs[6])
    _socket(tree, other if hasattr(other, "is_output") else (*other, 1), made.inputs[7])
    return made.outputs[2]


def surface(name, colour, rng: random.Random, *, scale=6.0, rust=0.3, dust=0.2, soot=0.1, metal=0.0, bump=0.15):
    """A paint or metal with rust, dust and soot in patches; the shares are rough parts of the surface."""
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    tree, shader = made.node_tree, made.node_tree.nodes["Principled BSDF"]
    out = _mix(
        tree, _noise(tree, scale * 0.7, 5, 0.3, 0.7), [c * 0.7 for c in colour], [min(1, c * 1.15) for c in colour]
    )
    browns = _mix(tree, _noise(tree, scale * 5, 6, 0.3, 0.7), (0.09, 0.03, 0.012), (0.36, 0.13, 0.045))
    for share, tint, size in (
        (rust, browns, scale),
        (dust, (0.36, 0.29, 0.2), scale * 0.6),
        (soot, (0.015, 0.014, 0.013), scale * 0.4),
    ):
        if share > 0.01:
            edge = 0.72 - 0.42 * share + rng.uniform(-0.03, 0.03)
            mask = _noise(tree, size * rng.uniform(0.6, 1.7), 9, edge, edge + rng.choice((0.03, 0.12)))
            out = _mix(tree, mask, out, tint)
    _socket(tree, out, shader.inputs["Base Color"])
    shader.inputs["Metallic"].default_value = metal
    shader.inputs["Roughness"].default_value = rng.uniform(0.25, 0.9)
    relief = tree.nodes.new("ShaderNodeBump")
    relief.inputs["Strength"].default_value, relief.inputs["Distance"].default_value = bump, 0.01
    tree.links.new(_noise(tree, scale * 9, 8, 0.2, 0.8), relief.inputs["Height"])
    tree.links.new(relief.outputs[0], shader.inputs["Normal"])
    return made


def plain(name, colour, roughness=0.9):
    """One colour."""
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    made.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = (*colour, 1)
    made.node_tree.nodes["Principled BSDF"].inputs["Roughness"].default_value = roughness
    return made


def fresh(samples, size):
    """An empty scene for the path tracer."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device, scene.cycles.samples = "CPU", samples
    scene.cycles.use_denoising, scene.cycles.seed = True, 3
    scene.cycles.max_bounces = 3
    scene.render.resolution_x, scene.render.resolution_y = size
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "AgX"
    return scene


def light(rng: random.Random, eye):
    """Sun and sky, overcast, or a flash beside the camera in the dark; returns the name."""
    kind = rng.choice(("sun", "sun", "overcast", "dusk", "flash"))
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    back = world.node_tree.nodes["Background"]
    back.inputs[0].default_value = (rng.uniform(0.5, 0.8), rng.uniform(0.62, 0.8), rng.uniform(0.75, 0.95), 1)
    back.inputs[1].default_value = {"sun": 0.8, "overcast": 1.7, "dusk": 0.5, "flash": 0.04}[kind] * rng.uniform(
        0.7, 1.3
    )
    if kind == "flash":
        lamp = bpy.data.lights.new("flash", "AREA")
        lamp.energy, lamp.size = 60 * eye.length**2, 0.03
        thing = bpy.data.objects.new("flash", lamp)
        thing.location = eye + Vector((rng.uniform(-0.05, 0.05), 0, rng.uniform(0.03, 0.1)))
        thing.rotation_euler = (-eye).to_track_quat("-Z", "Y").to_euler()
    else:
        lamp = bpy.data.lights.new("sun", "SUN")
        lamp.energy = {"sun": 5.0, "overcast": 0.8, "dusk": 4.5}[kind] * rng.uniform(0.7, 1.3)
        lamp.angle = math.radians({"sun": 0.6, "overcast": 30, "dusk": 1.5}[kind])
        lamp.color = (1.0, 0.75, 0.5) if kind == "dusk" else (1.0, 0.95, 0.88)
        thing = bpy.data.objects.new("sun", lamp)
        high = math.radians({"sun": rng.uniform(25, 75), "overcast": 70, "dusk": rng.uniform(8, 25)}[kind])
        # Mostly from the camera's side: what lies in its own shade is photographed less.
        about = math.atan2(eye.y, eye.x) + rng.uniform(-1.9, 1.9)
        way = Vector((math.cos(high) * math.cos(about), math.cos(high) * math.sin(about), math.sin(high)))
        thing.rotation_euler = way.to_track_quat("Z", "Y").to_euler()
    bpy.context.collection.objects.link(thing)
    return kind
