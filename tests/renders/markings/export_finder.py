"""Write the trained finder as the packaged ONNX, half precision on disk, and check it.

python tests/renders/markings/export_finder.py OUT/finder.pt VERSION forensics/examine/markings/finder.onnx
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from export_reader import exported
from finder_net import FinderNet


def main():
    state = torch.load(sys.argv[1], weights_only=True)
    net = FinderNet()
    net.load_state_dict(state["smooth"])
    told = {"version": sys.argv[2], "steps": str(int(state["steps"])), "minutes": f"{state['spent']:.0f}"}
    target = Path(sys.argv[3])
    axes = {"picture": {0: "batch", 2: "height", 3: "width"}, "cells": {0: "batch", 2: "rows", 3: "columns"}}
    apart = exported(net, torch.randn(1, 1, 256, 320), target, (["picture"], ["cells"]), told, axes)
    print(f"{target}: {target.stat().st_size / 1e6:.2f} MB, largest difference {apart:.4f}")


if __name__ == "__main__":
    main()
