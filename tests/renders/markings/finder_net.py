"""The finder's network: a small U-shaped network with one column of answers for every fourth pixel."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812


def block(i, o, stride=1, dilation=1):
    return nn.Sequential(
        nn.Conv2d(i, o, 3, stride, dilation, dilation, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True)
    )


class FinderNet(nn.Module):
    """(batch, 1, h, w) to (batch, 6, h / 4, w / 4): middle of a line (logit), cos and sin of the reading
    direction, log2 of height / 16, cos and sin of twice the direction (the axis, without which way along it)."""

    def __init__(self, a=16, b=32, c=64, d=96):
        super().__init__()
        self.first = block(1, a, 2)
        self.four = nn.Sequential(block(a, b, 2), block(b, b))
        self.eight = nn.Sequential(block(b, c, 2), block(c, c))
        self.sixteen = nn.Sequential(block(c, d, 2), block(d, d), block(d, d, 1, 2))
        self.wide = nn.Sequential(block(d, d, 2), block(d, d), block(d, d, 1, 2))
        self.side_sixteen = nn.Conv2d(d, c, 1)
        self.side_wide = nn.Conv2d(d, c, 1)
        self.side_eight = nn.Conv2d(c, c, 1)
        self.join_eight = block(c, c)
        self.down = nn.Conv2d(c, b, 1)
        self.join_four = block(b, b)
        self.out = nn.Conv2d(b, 6, 1)

    def forward(self, x):
        four = self.four(self.first(x))
        eight = self.eight(four)
        sixteen = self.sixteen(eight)
        wide = self.wide(sixteen)
        up = self.side_sixteen(sixteen) + F.interpolate(self.side_wide(wide), scale_factor=2.0, mode="bilinear")
        up = self.join_eight(self.side_eight(eight) + F.interpolate(up, scale_factor=2.0, mode="bilinear"))
        return self.out(self.join_four(four + F.interpolate(self.down(up), scale_factor=2.0, mode="bilinear")))


def loss(out, truth):
    """Cross-entropy with the hardest of the ground and dice for the middle, direction and height on lines only."""
    logit = out[:, 0]
    middle, ground = (truth[:, 0] == 1).float(), (truth[:, 0] == 0).float()
    each = F.binary_cross_entropy_with_logits(logit, middle, reduction="none")
    most = int(min(float(ground.sum()), max(3 * float(middle.sum()), 400 * len(out))))
    hard = (each * ground).flatten().topk(max(1, most)).values
    chance = torch.sigmoid(logit) * (middle + ground)
    dice = 1 - (2 * (chance * middle).sum() + 1) / (chance.pow(2).sum() + middle.sum() + 1)
    n = middle.sum() + 1
    entropy = (each * middle).sum() / n + hard.mean()
    unit = F.normalize(out[:, 1:3], dim=1)
    way = ((1 - (unit * truth[:, 1:3]).sum(1)) * middle).sum() / n
    norm = ((out[:, 1:3].pow(2).sum(1) - 1).abs() * middle).sum() / n
    high = (F.smooth_l1_loss(out[:, 3], truth[:, 3], reduction="none") * middle).sum() / n
    cos, sin = truth[:, 1], truth[:, 2]
    double = torch.stack([cos * cos - sin * sin, 2 * cos * sin], 1)
    axis = ((1 - (F.normalize(out[:, 4:6], dim=1) * double).sum(1)) * middle).sum() / n
    return entropy + dice + 0.7 * axis + 0.5 * way + 0.05 * norm + 0.5 * high, (
        entropy.item(),
        dice.item(),
        way.item(),
        high.item(),
        axis.item(),
    )
