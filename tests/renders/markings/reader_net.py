"""The reader's network and its loss: convolutions over 32 px high crops, one column of scores per four pixels."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

_PATH = Path(__file__).resolve().parents[3] / "forensics/examine/markings/alphabet.py"
_SPEC = importlib.util.spec_from_file_location("alphabet", _PATH)
alphabet = importlib.util.module_from_spec(_SPEC)
sys.modules["alphabet"] = alphabet
_SPEC.loader.exec_module(alphabet)

CLASSES = alphabet.HANGUL + 1
PARTS = (CLASSES, alphabet.INITIALS, alphabet.MEDIALS, alphabet.FINALS)


def block(i, o, kernel=3, padding=1, stride=1):
    return nn.Sequential(nn.Conv2d(i, o, kernel, stride, padding, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True))


class Mix(nn.Module):
    """Neighbouring columns seen together: a separable convolution over time with a way around it."""

    def __init__(self, width, kernel=7):
        super().__init__()
        self.deep = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.point = nn.Conv1d(width, width, 1, bias=False)
        self.norm = nn.BatchNorm1d(width)

    def forward(self, x):
        return x + F.relu(self.norm(self.point(self.deep(x))))


class ReaderNet(nn.Module):
    """(batch, 1, 32, width) to (batch, width / 4, 157) scores: symbols, initials, medials, finals."""

    def __init__(self, widths=(32, 64, 96, 160, 256), mixes=3):
        super().__init__()
        a, b, c, d, e = widths
        self.seen = nn.Sequential(
            block(1, a, 3, 1, 2),
            block(a, b),
            nn.MaxPool2d(2),
            block(b, c),
            block(c, c),
            nn.MaxPool2d((2, 1)),
            block(c, d),
            block(d, d),
            block(d, e, (4, 3), (0, 1)),
        )
        self.mixed = nn.Sequential(*[Mix(e) for _ in range(mixes)])
        self.drop = nn.Dropout(0.1)
        self.scores = nn.Conv1d(e, sum(PARTS), 1)

    def forward(self, x):
        x = self.seen(x)
        x = x.flatten(1, 2) if x.shape[2] == 1 else x.mean(2)
        return self.scores(self.drop(self.mixed(x))).transpose(1, 2)


def logs(scores):
    """Log-probabilities of the four parts."""
    return [F.log_softmax(part, -1) for part in scores.float().split(PARTS, -1)]


class _Ctc(torch.autograd.Function):
    """CTC over columns that are not normalised among themselves.

    The ready-made gradient assumes a softmax over exactly these columns; what it adds for that is taken off again.
    """

    @staticmethod
    def forward(ctx, columns, targets, lengths):
        with torch.enable_grad():
            own = columns.detach().requires_grad_()
            frames = torch.full((own.shape[1],), own.shape[0], dtype=torch.long)
            loss = F.ctc_loss(own, targets, frames, lengths, reduction="none", zero_infinity=True)
            (slope,) = torch.autograd.grad(loss.sum(), own)
        keep = (loss > 0).float()[None, :, None]
        ctx.save_for_backward((slope - own.detach().exp()) * keep)
        return loss.detach()

    @staticmethod
    def backward(ctx, out):
        (slope,) = ctx.saved_tensors
        return slope * out[None, :, None], None, None


def loss(scores, texts):
    """Negative log-likelihood of each text, (batch,)."""
    symbols, *letters = logs(scores)
    shapes = [alphabet.shapes_of(text) for text in texts]
    lists = [list(dict.fromkeys(one)) for one in shapes]
    most = max(1, *map(len, lists))
    index = torch.zeros((4, len(texts), most), dtype=torch.long)
    for row, own in enumerate(lists):
        for column, shape in enumerate(own):
            index[0, row, column] = shape.symbol
            for part, value in enumerate((shape.initial, shape.medial, shape.final), 1):
                index[part, row, column] = value + 1
    frames = scores.shape[1]
    wide = index[:, :, None, :].expand(4, len(texts), frames, most)
    columns = symbols.gather(2, wide[0])
    for part, values in enumerate(letters, 1):
        columns = columns + F.pad(values, (1, 0)).gather(2, wide[part])
    columns = torch.cat([symbols[:, :, :1], columns], 2).transpose(0, 1)
    lengths = torch.tensor([len(one) for one in shapes])
    targets = torch.zeros((len(texts), max(1, int(lengths.max()))), dtype=torch.long)
    for row, (one, own) in enumerate(zip(shapes, lists, strict=True)):
        place = {shape: number for number, shape in enumerate(own, 1)}
        targets[row, : len(one)] = torch.tensor([place[shape] for shape in one], dtype=torch.long)
    return _Ctc.apply(columns, targets, lengths)


def greedy(scores):
    """The text of the best symbol in each column."""
    symbols, *letters = logs(scores)
    best = symbols.argmax(-1)
    own = torch.stack([part.argmax(-1) for part in letters], -1)
    out = []
    for row in range(len(best)):
        shapes, last = [], alphabet.BLANK
        for at in range(best.shape[1]):
            now = int(best[row, at])
            if now not in (alphabet.BLANK, last):
                parts = own[row, at].tolist() if now == alphabet.HANGUL else (-1, -1, -1)
                shapes.append(alphabet.Shape(now, *parts))
            last = now
        out.append(alphabet.spelled(tuple(shapes)))
    return out
