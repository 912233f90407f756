"""Which ellipse many fasteners share: concentric with an edge that is seen, or found among the fasteners alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.imaging.arcs import EdgeEllipse
from forensics.examine.imaging.ellipses import fit_ellipses, points_on, radius_of, scatter, turn_of
from forensics.examine.rings.finder import Fasteners

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["Proposal", "drawn_to", "propose_rings", "refit"]

SMALLEST_RATIO, LARGEST_RATIO = 0.22, 1.5
"""How far inside or outside an edge a ring concentric with it is looked for."""

HEAD_SHARE = (0.018, 0.24)
"""Half width of a head as a share of the ring's radius."""

MOST_PROPOSALS = 24
DRAWS, TRIPLES = 2000, 2500
POOL = 70
REFITTED = 30
TILTS = np.array([(1.0, 0.0), *((ratio, k * np.pi / 5) for ratio in (0.88, 0.74, 0.58) for k in range(5))])
"""Ratio of the axes and direction of the long one, of circles tried through three fasteners."""

FEWEST = 3


@dataclass(frozen=True)
class Proposal:
    """A ring that may be there: its ellipse, the rows of the fasteners on it, what speaks for it."""

    ellipse: Floats
    members: npt.NDArray[np.intp]
    head_px: float
    score: float
    edge: EdgeEllipse | None


def propose_rings(found: Fasteners, edges: Sequence[EdgeEllipse], shape: tuple[int, int]) -> list[Proposal]:
    """Proposals, the best first, each set of fasteners claimed once.

    Parameters
    ----------
    found : Fasteners
        What the finder saw, in the same pixels as ``edges``.
    edges : sequence of EdgeEllipse
        Plate, flange, boss or casing edges; circles concentric with the ring.
    shape : (height, width)
        Of the picture.
    """
    if len(found) < FEWEST:
        return []
    proposals = [one for edge in edges for one in _concentric(found, edge)]
    proposals += _drawn(found, shape)
    out: list[Proposal] = []
    for one in sorted(proposals, key=lambda p: -p.score):
        taken = [len(np.intersect1d(one.members, other.members)) for other in out]
        if any(shared > 0.4 * len(one.members) for shared in taken):
            continue
        out.append(one)
        if len(out) == MOST_PROPOSALS:
            break
    return out


def _concentric(found: Fasteners, edge: EdgeEllipse) -> list[Proposal]:
    """Rings at the radii, as multiples of the edge's, where fasteners of like size gather."""
    far = radius_of(edge.ellipse, found.spots)
    share = found.radii / edge.ellipse[2]
    bins = np.geomspace(SMALLEST_RATIO, LARGEST_RATIO, 64)
    out = []
    spread = np.clip(0.45 * share, 0.015, 0.08)
    near = np.exp(-0.5 * ((far[:, None] - bins[None]) / (spread[:, None] + 0.01)) ** 2)
    like = (share[:, None] / bins[None] > HEAD_SHARE[0]) & (share[:, None] / bins[None] < HEAD_SHARE[1])
    total = (near * like * (found.sure**1.5)[:, None]).sum(axis=0)
    peaks = [k for k in range(1, 63) if total[k] >= total[k - 1] and total[k] > total[k + 1] and total[k] > 0.5]
    for k in sorted(peaks, key=lambda k: -total[k])[:3]:
        first = edge.ellipse.copy()
        first[2:4] *= bins[k]
        one = refit(found, first, edge)
        if one is not None:
            out.append(one)
    return out


def _drawn(found: Fasteners, shape: tuple[int, int]) -> list[Proposal]:
    """Ellipses through fasteners of like size drawn at random; the seed is fixed, so the draw is the same.

    Through six of them freely, for rings that are seen well round; through three under a given tilt, for arcs.
    """
    pool = np.argsort(-found.sure, kind="stable")[:POOL]
    if len(pool) < 3:
        return []
    rng = np.random.default_rng(7)
    spots, radii = found.spots[pool], found.radii[pool]
    away = np.hypot(spots[:, None, 0] - spots[None, :, 0], spots[:, None, 1] - spots[None, :, 1])
    size = np.abs(np.log(radii[:, None] / radii[None]))
    # Neighbours of like size first: fasteners of one ring stand nearer to each other than to chance.
    weight = np.exp(-((size / 0.35) ** 2)) / (away + 6 * radii[:, None]) * found.sure[pool][None]
    np.fill_diagonal(weight, 0)
    chance = found.sure[pool] / found.sure[pool].sum()

    def sets(many: int, others: int) -> npt.NDArray[np.intp]:
        seeds = rng.choice(len(pool), many, p=chance)
        keys = np.log(np.maximum(weight[seeds], 1e-12)) + rng.gumbel(size=(many, len(pool)))
        return np.concatenate([seeds[:, None], np.argpartition(-keys, others, axis=1)[:, :others]], axis=1)

    fitted, head = np.zeros((0, 5)), np.zeros(0)
    centre, scale = np.array([shape[1] / 2, shape[0] / 2]), max(shape) / 2
    if len(pool) > 6:
        six = sets(DRAWS, 5)
        points = (spots[six] - centre) / scale
        x, y = points[..., 0], points[..., 1]
        design = np.stack([x * x, x * y, y * y, x, y, np.ones_like(x)], axis=2)
        fitted = fit_ellipses(np.swapaxes(design, 1, 2) @ design, centre, scale)
        head = np.median(radii[six], axis=1)
    if len(pool) > 3:
        three = sets(TRIPLES, 2)
        fitted = np.concatenate([fitted, _tilted_circles(spots[three], TILTS[rng.integers(len(TILTS), size=TRIPLES)])])
        head = np.concatenate([head, np.median(radii[three], axis=1)])
    with np.errstate(invalid="ignore"):
        good = (
            (fitted[:, 3] > 0.3 * fitted[:, 2])
            & (head / fitted[:, 2] > HEAD_SHARE[0])
            & (head / fitted[:, 2] < HEAD_SHARE[1])
            & (fitted[:, 2] < max(shape))
        )
    fitted, head = fitted[good], head[good]
    if not len(fitted):
        return []
    unit = _units(fitted, spots)
    off = np.abs(unit - 1) * np.sqrt(fitted[:, 2] * fitted[:, 3])[:, None]
    near = (off < 0.6 * head[:, None]) & (np.abs(np.log(radii[None] / head[:, None])) < 0.5)
    value = (near * found.sure[pool][None] ** 1.5).sum(axis=1)
    out: list[Proposal] = []
    tried: list[npt.NDArray[np.bool_]] = []
    for k in np.argsort(-value, kind="stable"):
        # The same fasteners again are the same ring again.
        if any((near[k] & other).sum() > 0.8 * near[k].sum() for other in tried):
            continue
        tried.append(near[k])
        one = refit(found, fitted[k], None)
        if one is not None:
            out.append(one)
        if len(tried) == REFITTED:
            break
    return out


def _tilted_circles(triples: Floats, tilts: Floats) -> Floats:
    """The ellipses (n, 5) of given ratio of axes and direction, (n, 2), through three points each, (n, 3, 2)."""
    shape, direction = tilts.T
    c, s = np.cos(direction), np.sin(direction)
    turn = np.stack([np.stack([c, s], 1), np.stack([-s / shape, c / shape], 1)], axis=1)
    flat = np.einsum("nij,nkj->nki", turn, triples)
    one, two = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    cross = 2 * (one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])
    cross = np.where(np.abs(cross) < 1e-9, np.nan, cross)
    p, q = (one**2).sum(axis=1), (two**2).sum(axis=1)
    middle = np.stack([(two[:, 1] * p - one[:, 1] * q) / cross, (one[:, 0] * q - two[:, 0] * p) / cross], axis=1)
    radius = np.hypot(*middle.T)
    middle = middle + flat[:, 0]
    x, y = middle[:, 0] * c - middle[:, 1] * s * shape, middle[:, 0] * s + middle[:, 1] * c * shape
    return np.stack([x, y, radius, radius * shape, direction], axis=1)


def _units(ellipses: Floats, points: Floats) -> Floats:
    """How far out points lie as multiples of each ellipse, (n, m)."""
    x, y, a, b, direction = (column[:, None] for column in ellipses.T)
    right, down = points[None, :, 0] - x, points[None, :, 1] - y
    u = (right * np.cos(direction) + down * np.sin(direction)) / a
    v = (down * np.cos(direction) - right * np.sin(direction)) / b
    return np.asarray(np.hypot(u, v))


def refit(found: Fasteners, first: Floats, edge: EdgeEllipse | None) -> Proposal | None:
    """The ellipse drawn to the fasteners near it, and what speaks for it; None when too few are left."""
    ellipse = first
    rows = np.zeros(0, dtype=np.intp)
    for reach in (1.1, 0.8, 0.65):
        rows = _near(found, ellipse, reach)
        if len(rows) < FEWEST:
            return None
        ellipse = drawn_to(ellipse, found.spots[rows], found.sure[rows])
        if not (ellipse[3] > 0.25 * ellipse[2]):
            return None
    rows = _near(found, ellipse, 0.65)
    if len(rows) < FEWEST:
        return None
    head = float(np.median(found.radii[rows]))
    if not HEAD_SHARE[0] < head / ellipse[2] < HEAD_SHARE[1]:
        return None
    return Proposal(ellipse, rows, head, _score(found, ellipse, rows, head, edge), edge)


def _near(found: Fasteners, ellipse: Floats, reach: float) -> npt.NDArray[np.intp]:
    """Rows within ``reach`` half widths of the ellipse and of one size."""
    off = _off(ellipse, found.spots)
    rows = np.flatnonzero((off < reach * found.radii) & (found.radii < HEAD_SHARE[1] * ellipse[2]))
    if len(rows) < FEWEST:
        return rows
    order = rows[np.argsort(found.radii[rows], kind="stable")]
    mass = np.cumsum(found.sure[order] ** 1.5)
    typical = found.radii[order[int(np.searchsorted(mass, mass[-1] / 2))]]
    alike = (np.abs(np.log(found.radii[rows] / typical)) < 0.55) & (off[rows] < reach * typical)
    return np.asarray(rows[alike], dtype=np.intp)


def _off(ellipse: Floats, spots: Floats) -> Floats:
    """Distance in pixels along the ray from the centre."""
    unit = radius_of(ellipse, spots)
    length = np.hypot(spots[:, 0] - ellipse[0], spots[:, 1] - ellipse[1])
    return np.asarray(np.abs(unit - 1) / np.maximum(unit, 1e-6) * np.maximum(length, 1e-6))


def drawn_to(ellipse: Floats, spots: Floats, weight: Floats) -> Floats:
    """A free ellipse when many fasteners go well round; else the same shape, moved and scaled to them."""
    turns = np.sort(np.mod(turn_of(ellipse, spots), 2 * np.pi))
    widest = float(np.diff(np.append(turns, turns[0] + 2 * np.pi)).max())
    if len(spots) >= 7 and widest < 2.1:
        centre, scale = ellipse[:2], float(ellipse[2])
        fitted = fit_ellipses(scatter(spots, centre, scale)[None], centre, scale)[0]
        if (
            np.isfinite(fitted).all()
            and abs(fitted[2] / ellipse[2] - 1) < 0.3
            and fitted[3] / fitted[2] > 0.6 * ellipse[3] / ellipse[2]
        ):
            return np.asarray(fitted)
    # In the plane of the circle: the centre moves and the radius changes, both held near where they were.
    x, y, a, b, direction = ellipse
    turn = np.array([[np.cos(direction), np.sin(direction)], [-np.sin(direction), np.cos(direction)]])
    unit = (spots - ellipse[:2]) @ turn.T / np.array([a, b])
    far = np.linalg.norm(unit, axis=1)
    way = unit / np.maximum(far, 1e-6)[:, None]
    design = np.column_stack([way, np.ones(len(far))])
    hold = np.diag([0.15 * weight.sum() + 0.3, 0.15 * weight.sum() + 0.3, 1e-3])
    shift = np.linalg.solve(design.T @ (design * weight[:, None]) + hold, design.T @ (weight * (far - 1)))
    move = turn.T @ (shift[:2] * np.array([a, b]))
    grow = float(np.clip(1 + shift[2], 0.7, 1.4))
    return np.array([x + move[0], y + move[1], a * grow, b * grow, direction])


def _score(
    found: Fasteners, ellipse: Floats, rows: npt.NDArray[np.intp], head: float, edge: EdgeEllipse | None
) -> float:
    """Fasteners on the ring, against how many chance would put there, and the edge it is concentric with."""
    sure = found.sure[rows]
    spots = points_on(ellipse, np.linspace(0, 2 * np.pi, 64, endpoint=False))[0]
    band = np.hypot(*(spots - np.roll(spots, 1, axis=0)).T).sum() * 1.3 * head
    low, high = spots.min(axis=0) - 3 * head, spots.max(axis=0) + 3 * head
    inside = ((found.spots > low) & (found.spots < high)).all(axis=1) & (np.abs(np.log(found.radii / head)) < 0.55)
    inside[rows] = False
    density = found.sure[inside].sum() / max(float(np.prod(high - low)), 1.0)
    chance = density * band
    value = float(sure.sum()) - 1.2 * float(chance) - 0.6 * float((1 - sure).mean())
    return value * (1 + (0.35 * edge.share * min(1.0, edge.inside) if edge else 0.0))
