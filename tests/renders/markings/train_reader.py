"""Train the marking reader on rendered shards.

    python tests/renders/markings/train_reader.py SHARDS OUT --minutes 95

The learning rate falls along a cosine over the given minutes of wall time; ``OUT/reader.pt`` is written every few
minutes and training goes on from it. ``OUT/log.jsonl`` has one row per check: minutes, samples, loss, exact share on
the held-out fonts.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from reader_net import ReaderNet, alphabet, greedy, loss

HEIGHT = 32
POOL = 4096
NEWER_FROM = 3000
NEWER_SHARE = 0.45


class Shards:
    """Crops of all shards found so far, cut to the reader's height with a new margin each time."""

    def __init__(self, folder, rng):
        self.folder, self.rng = folder, rng
        self.data, self.rows, self.known, self.newest = [], [], set(), []
        self.look()

    def look(self):
        for path in sorted(self.folder.glob("*.json")):
            if path.name in self.known:
                continue
            self.known.add(path.name)
            number, first = len(self.data), len(self.rows)
            self.data.append(np.load(path.with_suffix(".npy"), mmap_mode="r"))
            self.rows.extend((number, *row) for row in json.loads(path.read_text()))
            if int(path.stem) >= NEWER_FROM:
                self.newest.extend(range(first, len(self.rows)))

    def crop(self, row, plain=False):
        """(32, w) uint8 and its text."""
        rng = self.rng
        number, at, h, w, x0, y0, x1, y1, text, _ = row
        whole = np.asarray(self.data[number][at : at + h * w]).reshape(h, w)
        high = y1 - y0
        if text:
            if plain:
                m = [0.1] * 4
            else:
                base = rng.choice([rng.uniform(-0.02, 0.12), rng.uniform(0.05, 0.42)])
                m = [
                    base + rng.normal(0, 0.04),
                    base + rng.normal(0, 0.04),
                    rng.uniform(-0.03, 0.5),
                    rng.uniform(-0.03, 0.5),
                ]
            t, b = max(0, round(y0 - m[0] * high)), min(h, round(y1 + m[1] * high))
            left, right = max(0, round(x0 - m[2] * high)), min(w, round(x1 + m[3] * high))
            if b - t < 6 or right - left < 3:
                t, b, left, right = 0, h, 0, w
            whole = whole[t:b, left:right]
        elif not plain:
            t, left = rng.integers(max(1, h // 3)), rng.integers(max(1, w // 3))
            whole = whole[t : h - rng.integers(max(1, h // 4)), left : w - rng.integers(max(1, w // 4))]
        h, w = whole.shape
        stretch = 1.0 if plain else math.exp(rng.normal(0, 0.1))
        wide = int(np.clip(round(w * HEIGHT / h * stretch), 12, 480))
        way = cv2.INTER_AREA if h > HEIGHT else cv2.INTER_CUBIC
        if not plain and rng.random() < 0.3:
            way = cv2.INTER_LINEAR
        out = cv2.resize(whole, (wide, HEIGHT), interpolation=way)
        if not plain:
            if rng.random() < 0.3:
                out = 255 - out
            if rng.random() < 0.25:
                out = np.clip(out + rng.normal(0, rng.uniform(1, 9), out.shape), 0, 255).astype(np.uint8)
            if rng.random() < 0.2:
                out = (255 * (out / 255.0) ** math.exp(rng.normal(0, 0.4))).astype(np.uint8)
            if rng.random() < 0.1:
                out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.2))
        return out, text

    def batches(self, size):
        """Batches of one pool of random samples, alike in width."""
        chosen = self.rng.integers(len(self.rows), size=POOL)
        if self.newest:  # what a later generator made comes up more often
            newer = self.rng.random(POOL) < NEWER_SHARE
            chosen[newer] = self.rng.choice(self.newest, size=int(newer.sum()))
        made = [self.crop(self.rows[one]) for one in chosen]
        made.sort(key=lambda one: one[0].shape[1] + self.rng.uniform(0, 12))
        groups = [made[at : at + size] for at in range(0, POOL, size)]
        for at in self.rng.permutation(len(groups)):
            yield stacked(groups[at])


def stacked(crops):
    """Crops as one tensor, each with mean 0 and spread 1, and their texts."""
    wide = max(one.shape[1] for one, _ in crops)
    wide = -(-wide // 8) * 8
    out = np.zeros((len(crops), 1, HEIGHT, wide), np.float32)
    for row, (one, _) in enumerate(crops):
        grey = one.astype(np.float32)
        out[row, 0, :, : one.shape[1]] = (grey - grey.mean()) / (grey.std() + 2.0)
    return torch.from_numpy(out), [text for _, text in crops]


def checked(net, held, count=1200):
    """Exact share and character error on held-out fonts, and how often bare surfaces are read as writing."""
    net.eval()
    right = seen = ghosts = empty = errors = characters = 0
    made = sorted((held.crop(row, plain=True) for row in held.rows[:count]), key=lambda one: one[0].shape[1])
    with torch.no_grad():
        for at in range(0, len(made), 64):
            x, texts = stacked(made[at : at + 64])
            for got, text in zip(greedy(net(x)), texts, strict=True):
                if not text:
                    empty += 1
                    ghosts += bool(got)
                    continue
                wanted = alphabet.spelled(alphabet.shapes_of(text))
                seen += 1
                right += got == wanted
                errors += distance(got, wanted)
                characters += len(wanted)
    net.train()
    return right / max(1, seen), errors / max(1, characters), ghosts / max(1, empty)


def distance(a, b):
    """Edit distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("shards", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=95)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--check", type=float, default=4.0, help="minutes between checks")
    parser.add_argument("--held", type=Path, default=None)
    given = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(1)
    given.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(int(time.time()) if (given.out / "reader.pt").exists() else 1)
    shards = Shards(given.shards, rng)
    held = Shards(given.held, np.random.default_rng(2)) if given.held else None
    net = ReaderNet().to(memory_format=torch.channels_last)
    smooth = ReaderNet()
    smooth.load_state_dict(net.state_dict())
    optimiser = torch.optim.AdamW(net.parameters(), lr=given.rate, weight_decay=0.02)
    spent = steps = samples = cpu = 0.0
    kept = given.out / "reader.pt"
    if kept.exists():
        state = torch.load(kept, weights_only=True)
        net.load_state_dict(state["net"])
        smooth.load_state_dict(state["smooth"])
        optimiser.load_state_dict(state["optimiser"])
        spent, steps, samples, cpu = state["spent"], state["steps"], state["samples"], state["cpu"]
    print(sum(p.numel() for p in net.parameters()), "parameters;", len(shards.rows), "samples", flush=True)
    began, cpu_began, checked_at, recent = time.time(), time.process_time(), time.time(), []
    while True:
        shards.look()
        for x, texts in shards.batches(given.batch):
            minutes = spent + (time.time() - began) / 60
            share = min(1.0, minutes / given.minutes)
            rate = given.rate * min(1.0, (steps + 1) / 300) * (0.5 + 0.5 * math.cos(math.pi * share)) + 1e-6
            for group in optimiser.param_groups:
                group["lr"] = rate
            x = x.contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = net(x)
            value = loss(scores, texts).mean()
            optimiser.zero_grad(set_to_none=True)
            value.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 10.0)
            optimiser.step()
            steps += 1
            samples += len(texts)
            recent.append(float(value.detach()))
            keep = min(0.999, 1 - 1 / (1 + steps / 10))
            with torch.no_grad():
                for own, new in zip(smooth.state_dict().values(), net.state_dict().values(), strict=True):
                    if own.dtype.is_floating_point:
                        own.lerp_(new, 1 - keep)
                    else:
                        own.copy_(new)
            if time.time() - checked_at > 60 * given.check or share >= 1:
                checked_at = time.time()
                row = {
                    "minutes": round(minutes, 1),
                    "cpu_minutes": round((cpu + time.process_time() - cpu_began) / 60, 1),
                    "steps": int(steps),
                    "samples": int(samples),
                    "pool": len(shards.rows),
                    "loss": round(float(np.mean(recent)), 3),
                    "rate": round(rate, 6),
                }
                recent.clear()
                if held:
                    exact, errors, ghosts = checked(smooth, held)
                    row |= {"exact": round(exact, 3), "cer": round(errors, 3), "ghosts": round(ghosts, 3)}
                print(json.dumps(row), flush=True)
                with (given.out / "log.jsonl").open("a") as log:
                    log.write(json.dumps(row) + "\n")
                state = {
                    "net": net.state_dict(),
                    "smooth": smooth.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "spent": minutes,
                    "steps": steps,
                    "samples": samples,
                    "cpu": cpu + time.process_time() - cpu_began,
                }
                torch.save(state, given.out / "reader.tmp")
                (given.out / "reader.tmp").rename(kept)
            if share >= 1:
                return


if __name__ == "__main__":
    main()
