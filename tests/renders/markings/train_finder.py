"""Train the finder on scenes made as it goes.

    python tests/renders/markings/train_finder.py OUT --minutes 35

The learning rate falls along a cosine over the minutes of wall time; ``OUT/finder.pt`` is written every few minutes
and training goes on from it.
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
from finder_net import FinderNet, loss
from scenes import Scenes


def batch(scenes, size):
    """Pictures with mean 0 and spread 1, and truth."""
    pictures, truths = [], []
    for _ in range(size):
        picture, truth = scenes.scene()
        grey = picture.astype(np.float32)
        if scenes.chance(0.3):
            grey = 255 - grey
        pictures.append((grey - grey.mean()) / (grey.std() + 2.0))
        truths.append(truth)
    return torch.from_numpy(np.stack(pictures)[:, None]), torch.from_numpy(np.stack(truths))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=35)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--check", type=float, default=3.0)
    given = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(1)
    given.out.mkdir(parents=True, exist_ok=True)
    kept = given.out / "finder.pt"
    net = FinderNet().to(memory_format=torch.channels_last)
    smooth = FinderNet()
    smooth.load_state_dict(net.state_dict())
    optimiser = torch.optim.AdamW(net.parameters(), lr=given.rate, weight_decay=0.02)
    spent = steps = cpu = 0.0
    if kept.exists():
        state = torch.load(kept, weights_only=True)
        net.load_state_dict(state["net"])
        smooth.load_state_dict(state["smooth"])
        optimiser.load_state_dict(state["optimiser"])
        spent, steps, cpu = state["spent"], state["steps"], state["cpu"]
    scenes = Scenes(70000 + int(steps))
    print(sum(p.numel() for p in net.parameters()), "parameters", flush=True)
    began, cpu_began, checked_at, recent = time.time(), time.process_time(), time.time(), []
    while True:
        minutes = spent + (time.time() - began) / 60
        share = min(1.0, minutes / given.minutes)
        rate = given.rate * min(1.0, (steps + 1) / 200) * (0.5 + 0.5 * math.cos(math.pi * share)) + 1e-6
        for group in optimiser.param_groups:
            group["lr"] = rate
        x, truth = batch(scenes, given.batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = net(x.contiguous(memory_format=torch.channels_last))
        value, parts = loss(out.float(), truth)
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        steps += 1
        recent.append(parts)
        keep = min(0.998, 1 - 1 / (1 + steps / 10))
        with torch.no_grad():
            for own, new in zip(smooth.state_dict().values(), net.state_dict().values(), strict=True):
                if own.dtype.is_floating_point:
                    own.lerp_(new, 1 - keep)
                else:
                    own.copy_(new)
        if time.time() - checked_at > 60 * given.check or share >= 1:
            checked_at = time.time()
            now = cpu + time.process_time() - cpu_began
            row = {
                "minutes": round(minutes, 1),
                "cpu_minutes": round(now / 60, 1),
                "steps": int(steps),
                "scenes": int(steps) * given.batch,
                "rate": round(rate, 6),
            }
            row |= dict(
                zip(
                    ("entropy", "dice", "direction", "height", "axis"),
                    np.round(np.mean(recent, 0), 4).tolist(),
                    strict=True,
                )
            )
            recent.clear()
            print(json.dumps(row), flush=True)
            with (given.out / "log.jsonl").open("a") as log:
                log.write(json.dumps(row) + "\n")
            torch.save(
                {
                    "net": net.state_dict(),
                    "smooth": smooth.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "spent": minutes,
                    "steps": steps,
                    "cpu": now,
                },
                given.out / "finder.tmp",
            )
            (given.out / "finder.tmp").rename(kept)
        if share >= 1:
            return


if __name__ == "__main__":
    main()
