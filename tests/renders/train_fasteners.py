"""Train the fastener finder on drawn surfaces and write its weights as npz.

    python3.11 -m venv VENV && VENV/bin/pip install jax opencv-python-headless
    VENV/bin/python tests/renders/train_fasteners.py OUT.npz SURFACES_DIR [--scenes DIR] [--steps 1500]

SURFACES_DIR holds what ``surfaces.py`` wrote; ``--scenes`` adds
crops of pictures from ``generate.py``. JAX is needed for training only: ``forensics/examine/rings/finder.py`` applies
the weights with numpy.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import cv2
import jax
import jax.numpy as jnp
import numpy as np

STRIDE = 4
LAYERS = ((3, 16, 2, 1), (16, 32, 2, 1), (32, 32, 1, 1), (32, 32, 1, 2), (32, 32, 1, 4), (32, 32, 1, 2), (32, 32, 1, 1))
OUTPUTS = 5  # fastener, empty hole, log of the half width, offset x, offset y


def initial(rng):
    weights = []
    for before, after, _, _ in LAYERS:
        weights.append(
            (
                rng.normal(0, np.sqrt(2 / (9 * before)), (3, 3, before, after)).astype(np.float32),
                np.zeros(after, np.float32),
            )
        )
    last = np.zeros(OUTPUTS, np.float32)
    last[:2] = -4
    weights.append((rng.normal(0, 0.05, (1, 1, LAYERS[-1][1], OUTPUTS)).astype(np.float32), last))
    return weights


def forward(weights, x):
    for (w, b), (_, _, stride, dilation) in zip(weights[:-1], LAYERS, strict=True):
        pad = dilation
        y = (
            jax.lax.conv_general_dilated(
                x,
                w,
                (stride, stride),
                ((pad, pad), (pad, pad)),
                rhs_dilation=(dilation, dilation),
                dimension_numbers=("NHWC", "HWIO", "NHWC"),
            )
            + b
        )
        y = jax.nn.relu(y)
        x = x + y if x.shape == y.shape else y
    return x @ weights[-1][0][0, 0] + weights[-1][1]


def targets(marks, size):
    """Heat of heads and holes, and what to regress at the middle of each."""
    cells = size // STRIDE
    out = np.zeros((cells, cells, 6), np.float32)
    yy, xx = np.mgrid[0:cells, 0:cells].astype(np.float32)
    for x, y, radius, hole in marks:
        # Cell (i, j) looks at pixel STRIDE * (i, j) + 1.5
        u, v = (x - 1.5) / STRIDE, (y - 1.5) / STRIDE
        spread = max(0.6, 0.3 * radius / STRIDE)
        # The nearest cell is a full positive however the place falls between cells.
        heat = np.exp(-((xx - np.round(u)) ** 2 + (yy - np.round(v)) ** 2) / (2 * spread**2))
        kind = int(hole)
        out[..., kind] = np.maximum(out[..., kind], heat)
        near = heat > 0.55
        out[near, 2], out[near, 3], out[near, 4], out[near, 5] = np.log(radius / 6), (u - xx)[near], (v - yy)[near], 1
    return out


def evened(picture):
    """As ``forensics.examine.rings.finder.evened``: the local mean taken off, the local spread divided out."""
    picture = picture.astype(np.float32)
    grey = picture.mean(axis=2)
    middle = cv2.blur(cv2.blur(picture, (33, 33)), (33, 33))
    spread = np.sqrt(np.maximum(cv2.blur(cv2.blur((grey - middle.mean(axis=2)) ** 2, (33, 33)), (33, 33)), 0))
    return (picture - middle) / (spread[..., None] + 6)


def loss(weights, x, t):
    y = forward(weights, x)
    p = jnp.clip(jax.nn.sigmoid(y[..., :2]), 1e-5, 1 - 1e-5)
    heat = t[..., :2]
    positive = heat > 0.85
    focal = jnp.where(positive, -((1 - p) ** 1.5) * jnp.log(p), -((1 - heat) ** 4) * p**2 * jnp.log(1 - p))
    near = t[..., 5]
    size = near * jnp.abs(y[..., 2] - t[..., 2])
    place = near * (jnp.abs(y[..., 3] - t[..., 3]) + jnp.abs(y[..., 4] - t[..., 4]))
    return focal.sum() / (positive.sum() + 10) + (0.5 * size.sum() + 0.5 * place.sum()) / (near.sum() + 10)


def crops_of_scenes(folder: Path, size: int):
    """Pictures and marks of rendered scenes, held whole; crops are taken while training."""
    held = []
    for path in sorted(folder.glob("img_*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        picture = cv2.imread(str(path.with_suffix(".jpg")))[..., ::-1]
        marks = []
        for ring in truth["rings"]:
            marks += [(*b["xy"], ring["head_radius_px"], 0) for b in ring["bolts"] if b["visible"]]
            marks += [(*b["xy"], ring["head_radius_px"] * 0.6, 1) for b in ring["missing"] if b["visible"]]
        held.append((picture, np.array(marks, np.float32).reshape(-1, 4), truth["scene"]))
    return held


def crop(rng, picture, marks, size):
    """A square of a scene at a scale at which its fasteners are of a size that the finder looks for."""
    if len(marks) and rng.random() < 0.8:
        at = marks[rng.integers(len(marks))]
        radius, centre = at[2], at[:2] + rng.uniform(-0.35, 0.35, 2) * size * max(at[2], 2) / 8
    else:
        radius, centre = (
            float(np.exp(rng.uniform(np.log(3), np.log(14)))),
            rng.uniform(0.1, 0.9, 2) * picture.shape[1::-1],
        )
    scale = float(np.clip(np.exp(rng.uniform(np.log(3.5), np.log(13))) / radius, 0.25, 3))
    matrix = np.array([[scale, 0, size / 2 - scale * centre[0]], [0, scale, size / 2 - scale * centre[1]]])
    if scale < 0.8:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.4 / scale)
    out = cv2.warpAffine(picture, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    moved = marks.copy()
    moved[:, :2] = marks[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    moved[:, 2] *= scale
    keep = ((moved[:, :2] >= 0) & (moved[:, :2] < size)).all(axis=1) & (moved[:, 2] > 2)
    return out, moved[keep]


def turned(rng, picture, marks):
    """Mirror, quarter turns, colour."""
    size = picture.shape[0]
    marks = marks.copy()
    if rng.random() < 0.5:
        picture, marks[:, 0] = picture[:, ::-1], size - 1 - marks[:, 0]
    for _ in range(rng.integers(4)):
        picture = np.rot90(picture)
        marks[:, [0, 1]] = np.stack([marks[:, 1], size - 1 - marks[:, 0]], axis=1)
    picture = picture.astype(np.float32)
    grey = picture.mean(axis=2, keepdims=True)
    picture = grey + (picture - grey) * rng.choice([0, 0.3, 0.6, 1.0])
    picture = (picture - 128) * rng.uniform(0.6, 1.3) + 128 + rng.uniform(-35, 35)
    if rng.random() < 0.5:
        picture = picture[..., rng.permutation(3)] if rng.random() < 0.3 else picture
    return np.clip(picture, 0, 255), marks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("surfaces", type=Path)
    parser.add_argument("--scenes", type=Path)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--resume", type=Path)
    chosen = parser.parse_args()
    rng = np.random.default_rng(1)
    pictures, marks, read = [], [], set()
    scenes = crops_of_scenes(chosen.scenes, 192) if chosen.scenes else []
    weights = initial(rng)
    if chosen.resume:
        held = np.load(chosen.resume)
        weights = [(held[f"w{k}"], held[f"b{k}"]) for k in range(len(weights))]
    moment = jax.tree_util.tree_map(jnp.zeros_like, weights)
    square = jax.tree_util.tree_map(jnp.zeros_like, weights)

    @jax.jit
    def step(weights, moment, square, x, t, count, rate):
        value, slope = jax.value_and_grad(loss)(weights, x, t)
        moment = jax.tree_util.tree_map(lambda m, g: 0.9 * m + 0.1 * g, moment, slope)
        square = jax.tree_util.tree_map(lambda s, g: 0.99 * s + 0.01 * g * g, square, slope)
        fixed = jax.tree_util.tree_map(
            lambda m, s: (m / (1 - 0.9**count)) / (jnp.sqrt(s / (1 - 0.99**count)) + 1e-7), moment, square
        )
        return jax.tree_util.tree_map(lambda w, f: w - rate * f, weights, fixed), moment, square, value

    began, mean = time.time(), None
    size, batch = 192, 8
    for count in range(1, chosen.steps + 1):
        gone = (time.time() - began) / 60 / chosen.minutes
        part = max(gone, count / chosen.steps)
        if gone > 1:
            break
        if count % 400 == 1:
            # More may have been drawn meanwhile.
            for path in sorted(set(chosen.surfaces.glob("*.npz")) - read):
                held = np.load(path)
                pictures += list(held["x"])
                marks += np.split(held["y"], np.cumsum(held["n"])[:-1])
                read.add(path)
        xs, ts = [], []
        for _ in range(batch):
            if scenes and rng.random() < 0.45:
                picture, where, _ = scenes[rng.integers(len(scenes))]
                picture, where = crop(rng, picture, where, size)
            else:
                k = rng.integers(len(pictures))
                picture, where = pictures[k], marks[k]
            picture, where = turned(rng, picture, where)
            xs.append(evened(picture))
            ts.append(targets(where, size))
        rate = 2.0e-3 * min(1, count / 50) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * min(1, part))))
        weights, moment, square, value = step(
            weights, moment, square, np.array(xs, np.float32), np.array(ts), float(count), rate
        )
        mean = float(value) if mean is None else 0.97 * mean + 0.03 * float(value)
        if count % 50 == 0:
            print(count, f"{mean:.3f}", f"{time.time() - began:.0f} s", flush=True)
            save(chosen.out, weights)
    save(chosen.out, weights)


def save(path: Path, weights) -> None:
    held = {}
    for k, (w, b) in enumerate(weights):
        held[f"w{k}"], held[f"b{k}"] = np.asarray(w, np.float32), np.asarray(b, np.float32)
    np.savez(path, **held)


if __name__ == "__main__":
    main()
