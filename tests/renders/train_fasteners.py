"""Train the fastener finder on pictures of height fields and write it as ONNX.

    python3.11 -m venv VENV && VENV/bin/pip install torch onnx opencv-python-headless
    VENV/bin/python -m tests.renders.relief_view PICTURES --count 1500
    VENV/bin/python -m tests.renders.train_fasteners OUT.onnx PICTURES [--minutes 25]

One process, one core. ``forensics/examine/rings/finder.py`` runs what comes out and must prepare pictures alike.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from tests.renders.relief_view import degraded

STRIDE = 4
UNIT = 6.0
CROP = 256


def evened(rgb):
    """As ``forensics.examine.rings.finder.evened``: local mean off, local spread out, and the grey value itself."""
    picture = rgb.astype(np.float32)
    grey = picture.mean(axis=2)
    middle = cv2.blur(cv2.blur(picture, (33, 33)), (33, 33))
    spread = np.sqrt(np.maximum(cv2.blur(cv2.blur((grey - middle.mean(axis=2)) ** 2, (33, 33)), (33, 33)), 0))
    return np.dstack([(picture - middle) / (spread[..., None] + 6), grey / 64 - 2]).astype(np.float32)


class Separable(nn.Module):
    def __init__(self, width, dilation=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation, groups=width, bias=False),
            nn.BatchNorm2d(width),
            nn.Conv2d(width, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
        )

    def forward(self, x):
        return x + self.body(x)


def conv(a, b, stride=1):
    return nn.Sequential(nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU())


class Finder(nn.Module):
    """4 channels in; for 4 x 4 pixels head, hole (logits), log half width / 6 px, offset x and y in cells."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(conv(4, 16, 2), conv(16, 32, 2), conv(32, 32))
        self.down = nn.Sequential(conv(32, 64, 2), *[Separable(64, d) for d in (1, 2, 4, 8, 1, 2, 4, 1)])
        self.up = nn.Conv2d(64, 32, 1)
        self.last = nn.Sequential(conv(32, 32), nn.Conv2d(32, 5, 1))
        nn.init.zeros_(self.last[1].bias)
        self.last[1].bias.data[:2] = -4

    def forward(self, x):
        x = self.first(x)
        y = self.up(self.down(x))
        y = nn.functional.interpolate(y, scale_factor=2.0, mode="nearest")
        return self.last(x + y)


def load(folder):
    rows = []
    for path in sorted(Path(folder).glob("img_*.json")):
        try:
            truth = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:  # being written
            continue
        rgb = cv2.imread(str(path.with_suffix(".jpg")))
        if rgb is None:
            continue
        spots = []  # x, y, radius, class (0 head, 1 hole), known
        for ring in truth["rings"] + truth["others"]:
            if "spots" in ring:
                for xy, shown, radius in zip(ring["spots"], ring["visible"], ring["radius_px"], strict=True):
                    spots.append((*xy, radius, ring["head"] == "hole", shown))
                continue
            for name in ("bolts", "missing"):
                for one in ring[name]:
                    hole = name == "missing" or ring["head"] == "hole"
                    spots.append((*one["xy"], one["radius_px"], hole, one["visible"]))
        rows.append((np.ascontiguousarray(rgb[..., ::-1]), np.array(spots, np.float32).reshape(-1, 5)))
    return rows


def crop(rgb, spots, rng):
    """A square of the picture, resized, turned and photographed badly; and its spots."""
    h, w = rgb.shape[:2]
    if len(spots) and rng.random() < 0.7:
        focus = spots[rng.integers(len(spots))]
        wanted = np.exp(rng.uniform(np.log(2.8), np.log(13)))
        scale = float(np.clip(wanted / focus[2], 0.45, 1.8))
        centre = focus[:2] + rng.uniform(-0.4, 0.4, 2) * CROP / scale
    else:
        scale = rng.uniform(0.5, 1.5)
        centre = rng.uniform(0, 1, 2) * [w, h]
    a = rng.uniform(0, 6.2832) if rng.random() < 0.5 else rng.integers(4) * np.pi / 2
    flip = np.diag([1.0, rng.choice([-1.0, 1.0])])
    m = scale * np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) @ flip
    shift = np.array([CROP / 2, CROP / 2]) - m @ centre
    matrix = np.column_stack([m, shift])
    if scale < 0.7:
        rgb = cv2.GaussianBlur(rgb, (0, 0), 0.45 / scale)
    out = cv2.warpAffine(rgb, matrix, (CROP, CROP), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    inside = cv2.warpAffine(np.ones((h, w), np.uint8), matrix, (CROP, CROP), flags=cv2.INTER_NEAREST)
    moved = spots.copy()
    moved[:, :2] = spots[:, :2] @ m.T + shift
    moved[:, 2] *= scale
    return degraded(out, rng), moved, inside


def targets(spots, inside):
    """Heat (2), weight of the heat (1), log radius and offsets (3), weight of those (1)."""
    n = CROP // STRIDE
    out, weight = np.zeros((5, n, n), np.float32), np.zeros((2, n, n), np.float32)
    weight[0] = cv2.resize(inside, (n, n), interpolation=cv2.INTER_NEAREST)
    yy, xx = np.mgrid[0:n, 0:n].astype(np.float32)
    for x, y, r, hole, shown in spots:
        cx, cy = (x - 1.5) / STRIDE, (y - 1.5) / STRIDE
        if not (-4 < cx < n + 4 and -4 < cy < n + 4):
            continue
        far = np.hypot(xx - cx, yy - cy)
        if not shown or not 2.2 < r < 17:
            weight[0][far < max(1.3 * r / STRIDE, 1.5)] = 0
            continue
        spread = max(0.4 * r / STRIDE, 0.8)
        bell = np.exp(-0.5 * (far / spread) ** 2)
        k = int(hole)
        out[k] = np.maximum(out[k], bell)
        j, i = round(float(cy)), round(float(cx))
        if 0 <= i < n and 0 <= j < n:
            out[k, j, i] = 1
        near = far < 1.6
        out[2][near] = np.log(r / UNIT)
        out[3][near], out[4][near] = (cx - xx)[near], (cy - yy)[near]
        weight[1][near] = 1
    return out, weight


def loss(answer, wanted, weight):
    chance = torch.sigmoid(answer[:, :2]).clamp(1e-5, 1 - 1e-5)
    heat, known = wanted[:, :2], weight[:, :1]
    at = (heat > 0.999).float()
    pos = -torch.log(chance) * (1 - chance) ** 2 * at
    neg = -torch.log(1 - chance) * chance**2 * (1 - heat) ** 4 * (1 - at)
    count = at.sum() + 8
    away = nn.functional.smooth_l1_loss(answer[:, 2:], wanted[:, 2:], reduction="none") * weight[:, 1:]
    return ((pos + neg) * known).sum() / count + 1.0 * away.sum() / (3 * weight[:, 1:].sum() + 8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--from", dest="before", type=Path)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    rows = load(chosen.pictures)
    print(len(rows), "pictures", flush=True)
    net = Finder().to(memory_format=torch.channels_last)
    if chosen.before:
        net.load_state_dict(torch.load(chosen.before))
    best = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=1e-3)
    began, step, kept, loaded = time.time(), 0, [], time.time()
    net.train()
    while (share := (time.time() - began) / 60 / chosen.minutes) < 1:
        for group in best.param_groups:
            group["lr"] = 3e-3 * min(1, (step + 1) / 60) * (0.5 + 0.5 * np.cos(np.pi * share)) + 1e-5
        if time.time() - loaded > 240:  # pictures may still be coming
            rows, loaded = load(chosen.pictures), time.time()
        xs, ys, ws = [], [], []
        for _ in range(chosen.batch):
            picture, spots, inside = crop(*rows[rng.integers(len(rows))], rng)
            y, w = targets(spots, inside)
            xs.append(evened(picture).transpose(2, 0, 1))
            ys.append(y)
            ws.append(w)
        x, y, w = (torch.from_numpy(np.stack(v)) for v in (xs, ys, ws))
        value = loss(net(x.to(memory_format=torch.channels_last)), y, w)
        best.zero_grad()
        value.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        best.step()
        kept.append(float(value))
        step += 1
        if step % 50 == 0:
            print(
                f"{step} {time.time() - began:.0f} s, {len(rows)} pictures, loss {np.mean(kept[-50:]):.3f}", flush=True
            )
        if step % 300 == 0:
            write(net, chosen.out)
    write(net, chosen.out)


def write(net, path):
    torch.save(net.state_dict(), path.with_suffix(".pt"))
    net.eval()
    torch.onnx.export(
        net,
        (torch.zeros(1, 4, 64, 64),),
        str(path),
        input_names=["picture"],
        output_names=["answer"],
        dynamic_axes={"picture": {0: "n", 2: "h", 3: "w"}, "answer": {0: "n", 2: "h", 3: "w"}},
        dynamo=False,
    )
    net.train()


if __name__ == "__main__":
    main()
