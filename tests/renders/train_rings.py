"""Train the reader of unrolled rings on pictures of height fields and write it as ONNX.

    python3.11 -m venv VENV && VENV/bin/pip install torch onnx opencv-python-headless pydantic
    python -m tests.renders.mine_rings PROPOSALS.json PICTURES
    VENV/bin/python -m tests.renders.train_rings OUT.onnx PICTURES PROPOSALS.json [--minutes 20]

``mine_rings.py`` writes the ellipses that the search proposes on each picture, wrong ones above all: the reader must
learn to refuse what the search really offers.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from forensics.examine.imaging.ellipses import fit_ellipses, radius_of, scatter, turn_of
from forensics.examine.rings.strip import CELL, HEAD_PX, ROWS, WRAP, network_input, unrolled
from tests.renders.relief_view import degraded

VERSIONS = 3


def truth_ellipse(ring):
    points = np.array(ring["circle"])
    centre, scale = points.mean(axis=0), float(np.ptp(points, axis=0).max() / 2)
    return fit_ellipses(scatter(points, centre, scale)[None], centre, scale)[0]


def on_circle(ring, turns_deg):
    """Places of angles on the projected circle, by trigonometric interpolation of its 36 samples."""
    z = np.fft.fft(np.array(ring["circle"]) @ [1, 1j]) / 36
    order = np.fft.fftfreq(36, 1 / 36)
    at = np.exp(1j * np.outer(np.radians(turns_deg), order)) @ z
    return np.column_stack([at.real, at.imag])


def rings_of(truth):
    """All circles of fasteners on the picture, wheels among them."""
    return [r for r in truth["rings"] + truth["others"] if "bolts" in r]


def agreement(ellipse, head_px, truth):
    """The ring that an ellipse runs along best, and the share of its visible places that lie on it."""
    best, chosen = 0.0, None
    for ring in rings_of(truth):
        shown = np.array([b["xy"] for b in ring["bolts"] + ring["missing"] if b["visible"]]).reshape(-1, 2)
        if len(shown) < 3:
            continue
        off = np.abs(radius_of(ellipse, shown) - 1) * ellipse[2]
        near = (off < 1.0 * max(ring["head_radius_px"], 2)).mean()
        own = truth_ellipse(ring)
        alike = abs(np.log(ellipse[2] / own[2])) < 0.35 and math.dist(ellipse[:2], own[:2]) < 0.4 * own[2]
        size = abs(np.log(head_px / max(ring["head_radius_px"], 1e-3))) < 0.7
        if near * alike * size > best:
            best, chosen = near * alike * size, ring
    return best, chosen


def labels(strip, head_px, truth, ring):
    """Per cell bolt, hole (heat), seen, row and column offset, log size; and the weights of heat, seen, offsets."""
    cells = strip.length // CELL
    out = np.zeros((6, cells), np.float32)
    heat_w, seen_w, off_w = np.ones(cells, np.float32), np.zeros(cells, np.float32), np.zeros(cells, np.float32)
    where = np.arange(cells)
    head = head_px / strip.ellipse[2] * strip.radius
    for one in rings_of(truth):
        for kind in ("bolts", "missing"):
            for bolt in one[kind]:
                spot = np.array([bolt["xy"]])
                column = float(turn_of(strip.ellipse, spot)[0] % (2 * np.pi)) * strip.radius - 0.5
                row = float(np.log(max(radius_of(strip.ellipse, spot)[0], 1e-3))) * strip.radius
                if abs(row) > 2.6 * head:
                    continue
                at = (column - (CELL - 1) / 2) / CELL
                far = (where - at + cells / 2) % cells - cells / 2
                own = bolt["radius_px"] / strip.ellipse[2] * strip.radius
                if not bolt["visible"] or abs(row) > 1.3 * head or abs(np.log(own / head)) > 0.9:
                    heat_w[np.abs(far) < max(1.2 * own / CELL, 1.2)] = 0
                    continue
                k = int(kind == "missing" or one["head"] == "hole")
                out[k] = np.maximum(out[k], np.exp(-0.5 * (far / max(0.35 * own / CELL, 0.6)) ** 2))
                out[k, int(np.argmin(np.abs(far)))] = 1
                near = np.abs(far) < 1.6
                out[3][near], out[4][near], out[5][near] = row / HEAD_PX, -far[near], np.log(own / HEAD_PX)
                off_w[near] = 1
    if ring is not None and "seen" in ring:
        turns = (np.arange(len(ring["seen"])) + 0.5) * 360 / len(ring["seen"])
        column = np.mod(turn_of(strip.ellipse, on_circle(ring, turns)), 2 * np.pi) * strip.radius / CELL
        far = np.abs((where[:, None] - column[None] + cells / 2) % cells - cells / 2)
        out[2] = np.array(ring["seen"], np.float32)[far.argmin(axis=1)]
        seen_w[:] = 1
    return out, heat_w, seen_w, off_w


def jittered(rng, ellipse, head):
    out = ellipse.copy()
    loose = rng.choice([0.3, 0.8])
    out[:2] += rng.normal(0, loose * head * 0.7, 2)
    out[2:4] *= 1 + rng.normal(0, loose * 0.6 * head / ellipse[2], 2)
    out[4] += rng.normal(0, 0.03 + 0.1 * (ellipse[3] / ellipse[2] > 0.9))
    if out[3] > out[2]:
        out[2], out[3], out[4] = out[3], out[2], out[4] + np.pi / 2
    return out


def sample(rng, row, mined):
    """A strip with its labels: ring 1, 0, or -1 for not to be learned from."""
    versions, truth, stem = row
    proposals = mined.get(stem, [])
    rgb = versions[0]
    rings = rings_of(truth)
    known = [r for r in rings if sum(b["visible"] for b in r["bolts"]) >= 3]
    draw = rng.random()
    if known and draw < (0.55 if truth["rings"] else 0.3):
        ring = known[rng.integers(len(known))]
        head = ring["head_radius_px"]
        ellipse, head = jittered(rng, truth_ellipse(ring), head), head * np.exp(rng.normal(0, 0.15))
    elif proposals and draw < 0.93:
        ellipse, head = proposals[rng.integers(len(proposals))]
        ellipse = np.array(ellipse)
        if rng.random() < 0.5:
            ellipse = jittered(rng, ellipse, head)
    elif known and rng.random() < 0.5:
        ring = known[rng.integers(len(known))]
        ellipse, head = truth_ellipse(ring), ring["head_radius_px"]
        ellipse[2:4] *= rng.choice([rng.uniform(0.5, 0.85), rng.uniform(1.18, 1.6)])
        ellipse[:2] += rng.normal(0, 0.1 * ellipse[2], 2)
    else:
        h, w = rgb.shape[:2]
        a = np.exp(rng.uniform(np.log(25), np.log(0.6 * max(h, w))))
        ellipse = np.array([*(rng.uniform(0.1, 0.9, 2) * [w, h]), a, a * rng.uniform(0.4, 1), rng.uniform(0, 3.14)])
        head = a * np.exp(rng.uniform(np.log(0.025), np.log(0.15)))
    share, ring = agreement(ellipse, head, truth)
    is_ring = -1 if 0.35 < share < 0.7 else int(share >= 0.7 and ring.get("kind", "ring") == "ring")
    if share >= 0.7 and sum(b["visible"] for b in ring["bolts"]) < 3:
        is_ring = -1
    strip = unrolled(versions[rng.integers(len(versions))], ellipse, head)
    wanted = labels(strip, head, truth, ring if share >= 0.7 else None)
    strip_in, thumb_in = network_input(strip)
    if rng.random() < 0.5:  # the other way round
        strip_in, thumb_in = strip_in[..., ::-1].copy(), thumb_in[..., ::-1].copy()
        wanted = tuple(np.ascontiguousarray(one[..., ::-1]) for one in wanted)
        wanted[0][4] *= -1
    return strip_in, thumb_in, wanted, is_ring


def network():
    def conv(a, b, stride=1, kernel=3, pad=1):
        return nn.Sequential(nn.Conv2d(a, b, kernel, stride, pad, bias=False), nn.BatchNorm2d(b), nn.ReLU())

    class Along(nn.Module):
        def __init__(self, width, dilation):
            super().__init__()
            self.body = nn.Sequential(
                nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation, bias=False),
                nn.BatchNorm1d(width),
                nn.ReLU(),
                nn.Conv1d(width, width, 1, bias=False),
                nn.BatchNorm1d(width),
            )

        def forward(self, x):
            return torch.relu(x + self.body(x))

    class Reader(nn.Module):
        """Strip and thumbnail in; per cell bolt, hole, seen (logits), row, column, log size; and whether a ring."""

        def __init__(self, width=64):
            super().__init__()
            self.strip = nn.Sequential(
                conv(4, 16, 2),
                conv(16, 24, 2),
                conv(24, 24),
                conv(24, 48, (2, 1)),
                conv(48, 64, (2, 1)),
                conv(64, width, 1, (3, 3), (0, 1)),
            )
            self.along = nn.ModuleList([Along(width, d) for d in (1, 2, 4, 8, 1, 2)])
            self.ask = nn.Conv1d(width, 3 * 32, 1)
            self.told = nn.Conv1d(32, width, 1)
            self.thumb = nn.Sequential(conv(4, 16, 2), conv(16, 24, 2), conv(24, 32, 2), conv(32, 48, 2), conv(48, 48))
            self.merge = nn.Linear(96, width)
            self.after = nn.ModuleList([Along(width, d) for d in (1, 2)])
            self.cells = nn.Conv1d(width, 6, 1)
            self.whole = nn.Sequential(nn.Linear(2 * width + 96, 48), nn.ReLU(), nn.Dropout(0.2), nn.Linear(48, 1))
            nn.init.zeros_(self.cells.bias)
            self.cells.bias.data[:2] = -3

        def forward(self, strip, thumb):
            x = self.strip(strip).squeeze(2)
            for one in self.along:
                x = one(x)
            # Each place compares itself with all others: heads of one ring look alike.
            q, k, v = self.ask(x).chunk(3, dim=1)
            like = torch.softmax(q.transpose(1, 2) @ k / 32**0.5, dim=2)
            x = x + self.told(v @ like.transpose(1, 2))
            t = self.thumb(thumb)
            t = torch.cat([t.mean(dim=(2, 3)), t.amax(dim=(2, 3))], dim=1)
            x = x + self.merge(t)[:, :, None]
            for one in self.after:
                x = one(x)
            ring = self.whole(torch.cat([x.mean(dim=2), x.amax(dim=2), t], dim=1))
            return self.cells(x), ring[:, 0]

    return Reader()


def loss(cells, ring, wanted, heat_w, seen_w, off_w, is_ring):
    edge = WRAP // CELL
    cells = cells[:, :, edge:-edge]
    chance = torch.sigmoid(cells[:, :2]).clamp(1e-5, 1 - 1e-5)
    heat = wanted[:, :2]
    at = (heat > 0.999).float()
    pos = -torch.log(chance) * (1 - chance) ** 2 * at
    neg = -torch.log(1 - chance) * chance**2 * (1 - heat) ** 4 * (1 - at)
    total = ((pos + neg) * heat_w[:, None]).sum() / (at.sum() + 6)
    seen = functional.binary_cross_entropy_with_logits(cells[:, 2], wanted[:, 2], reduction="none")
    total = total + 0.6 * (seen * seen_w).sum() / (seen_w.sum() + 30)
    away = functional.smooth_l1_loss(cells[:, 3:], wanted[:, 3:], reduction="none", beta=0.2) * off_w[:, None]
    total = total + 0.7 * away.sum() / (3 * off_w.sum() + 8)
    known = (is_ring >= 0).float()
    sure = functional.binary_cross_entropy_with_logits(ring, is_ring.clamp(0, 1).float(), reduction="none")
    return total + 0.7 * (sure * known).sum() / (known.sum() + 0.5)


def load(folder):
    rows = []
    for path in sorted(Path(folder).glob("img_*.json")):
        try:
            truth = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        rgb = cv2.imread(str(path.with_suffix(".jpg")))
        if rgb is None:
            continue
        rgb = np.ascontiguousarray(rgb[..., ::-1])
        rng = np.random.default_rng([int(path.stem[4:]), 3])
        # A few bad photographs of each, made once: making one costs more than reading it.
        versions = [degraded(rgb, rng) for _ in range(VERSIONS)]
        rows.append((versions, truth, path.stem))
    return rows


def train(chosen) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(2)
    rng = np.random.default_rng(2)
    proposals = json.loads(chosen.proposals.read_text()) if chosen.proposals else {}
    rows = load(chosen.pictures)
    print(len(rows), "pictures", flush=True)
    read = time.time()
    net = network()
    if chosen.before:
        net.load_state_dict(torch.load(chosen.before))
    best = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=2e-3)
    waiting: dict[int, list] = {}
    began, step, kept, right = time.time(), 0, [], []
    net.train()
    while (share := (time.time() - began) / 60 / chosen.minutes) < 1:
        if chosen.proposals and time.time() - read > 60:  # more may have been mined
            read = time.time()
            with contextlib.suppress(ValueError):  # being written
                proposals = json.loads(chosen.proposals.read_text(encoding="utf-8"))
        one = sample(rng, rows[rng.integers(len(rows))], proposals)
        bucket = waiting.setdefault(one[0].shape[2], [])
        bucket.append(one)
        if len(bucket) < 8:
            continue
        waiting[one[0].shape[2]] = []
        for group in best.param_groups:
            group["lr"] = 2e-3 * min(1, (step + 1) / 60) * (0.5 + 0.5 * math.cos(math.pi * share)) + 1e-5
        stack = lambda parts: torch.from_numpy(np.stack(parts))  # noqa: E731
        cells, ring = net(stack([b[0] for b in bucket]), stack([b[1] for b in bucket]))
        is_ring = torch.tensor([b[3] for b in bucket])
        value = loss(cells, ring, *(stack([b[2][k] for b in bucket]) for k in range(4)), is_ring)
        best.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
        best.step()
        kept.append(float(value.detach()))
        known = is_ring >= 0
        right += ((ring.detach() > 0).long() == is_ring)[known].tolist()
        step += 1
        if step % 50 == 0:
            print(
                f"{step} {time.time() - began:.0f} s loss {np.mean(kept[-50:]):.3f} "
                f"ring right {np.mean(right[-400:]):.3f}",
                flush=True,
            )
        if step % 200 == 0:
            write(net, chosen.out)
    write(net, chosen.out)


def write(net, path):
    torch.save(net.state_dict(), path.with_suffix(".pt"))
    net.eval()
    torch.onnx.export(
        net,
        (torch.zeros(1, 4, ROWS, 512), torch.zeros(1, 4, 96, 96)),
        str(path),
        input_names=["strip", "thumb"],
        output_names=["cells", "ring"],
        dynamic_axes={"strip": {0: "n", 3: "w"}, "thumb": {0: "n"}, "cells": {0: "n", 2: "w"}, "ring": {0: "n"}},
        dynamo=False,
    )
    net.train()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("proposals", type=Path, nargs="?")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--from", dest="before", type=Path)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
