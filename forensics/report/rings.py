"""Rings of fasteners beside the catalogue patterns that were compared: each pattern at its best turn, with residuals.

For a reader, not for the weight: the weight averages over every turn and every pitch (docs/method.md 3.5). Here the
best turn alone is shown, so that a person sees where a pattern fits and where it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from forensics.model.catalogue import Catalogue, ExpectedRing
from forensics.model.evidence import Observation
from forensics.model.result import Assessment, Candidate, RingFigure, RingFit
from forensics.model.values import Ring

__all__ = ["best_turn", "described_angles", "ring_figures"]

Floats = NDArray[np.float64]

STEP_DEG = 0.25
PITCH_STEPS = 17
CUT_SIGMAS = 4.0
"""An observed fastener further from every place of a pattern than this is one the pattern does not explain."""
LEAST_CUT_DEG = 3.0

_EVEN = re.compile(r"even|equal|regular|uniform|рівн|균등|등간격", re.IGNORECASE)
_UNEVEN = re.compile(r"irregular|uneven|unequal|нерівн|불규칙", re.IGNORECASE)
_GROUPED = re.compile(r"group|cluster|груп|묶|그룹", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")
_ASSUMED_PITCH = 0.5  # of the even spacing, where a sheet states groups and no angle


def ring_figures(assessment: Assessment, catalogue: Catalogue) -> tuple[RingFigure, ...]:
    """One figure for each ring observed, with the two leading patterns that contradict each other.

    The patterns are those of the best-ranked type for which one was compared, and of the best-ranked type whose pattern
    is another. Values left out of the comparison are left out here: a pattern is taken only where the document says
    that it was expected.
    """
    known = _patterns(catalogue)
    return tuple(
        _figure(entry, entry.value, assessment, known)
        for entry in assessment.observations
        if isinstance(entry.value, Ring)
    )


def _figure(observation: Observation, ring: Ring, assessment: Assessment, known: dict[str, ExpectedRing]) -> RingFigure:
    measured = bool(ring.angles_deg)
    angles = ring.angles_deg or described_angles(ring)
    fits = []
    if angles:
        chosen = _contradicting(observation, assessment.ranking, known)
        fits = [
            fit.model_copy(update={"pattern": words, "types": types})
            for words, types in chosen
            for fit in (best_turn(angles, ring, known[words]),)
        ]
    return RingFigure(
        observation=observation.id,
        angles_deg=tuple(round(angle % 360.0, 2) for angle in angles),
        windows_deg=ring.windows_deg,
        sigma_deg=ring.sigma_deg,
        measured=measured,
        fits=tuple(fits),
    )


def described_angles(ring: Ring) -> tuple[float, ...]:
    """Where the fasteners of a ring known by its number and spacing in words would stand ("20 even", "6 groups of 3").

    Empty where the spacing is not stated: a number alone has no angles. The pitch inside a group is not stated either;
    half of the even spacing is drawn.
    """
    count, stated = ring.counted or 0, ring.stated or ""
    if not count or _UNEVEN.search(stated):
        return ()
    if _GROUPED.search(stated):
        divisors = [n for n in map(int, _NUMBERS.findall(stated)) if 1 < n < count and count % n == 0]
        if not divisors:
            return ()
        groups = divisors[0]
        pitch = _ASSUMED_PITCH * 360.0 / count
        return tuple(float(angle) for angle in _grouped(count, groups, pitch))
    if not _EVEN.search(stated):
        return ()
    return tuple(360.0 * k / count for k in range(count))


def best_turn(angles_deg: Sequence[float], ring: Ring, pattern: ExpectedRing) -> RingFit:
    """The pattern turned (and, for an unknown face, mirrored; for groups, pitched) so that the least is unexplained.

    The cost of a turn is the squared distance of each observed fastener to the nearest place, cut off where the pattern
    does not explain it, plus the same amount for each place in view at which nothing was seen.

    Returns
    -------
    RingFit
        Places of the pattern in degrees, the residual of each observed fastener (None where it is unexplained), the
        places in view with nothing seen, and those out of view.
    """
    observed = np.asarray(angles_deg, dtype=float)
    cut = max(LEAST_CUT_DEG, CUT_SIGMAS * ring.sigma_deg)
    best: tuple[float, Floats] | None = None
    for layout in _layouts(pattern, mirrored=ring.face == "unknown"):
        cost, turn = _least(observed, layout, ring, cut)
        if best is None or cost < best[0] - 1e-9:
            best = (cost, np.mod(layout + turn, 360.0))
    places = np.sort(best[1]) if best is not None else np.zeros(0)
    gaps = _signed(observed[:, None] - places[None, :])
    nearest = np.abs(gaps).argmin(axis=1)
    residuals = gaps[np.arange(observed.size), nearest]
    explained = np.abs(residuals) <= cut
    taken = set(nearest[explained].tolist())
    in_view = _in_view(places, ring.windows_deg)
    kept = residuals[explained]
    return RingFit(
        pattern="",
        types=(),
        places_deg=tuple(round(float(place), 2) for place in places),
        residuals_deg=tuple(
            round(float(gap), 2) if good else None for gap, good in zip(residuals, explained, strict=True)
        ),
        missing_deg=tuple(
            round(float(place), 2) for index, place in enumerate(places) if in_view[index] and index not in taken
        ),
        hidden_deg=tuple(round(float(place), 2) for index, place in enumerate(places) if not in_view[index]),
        rms_deg=round(float(np.sqrt((kept**2).mean())), 2) if kept.size else None,
    )


def _least(observed: Floats, layout: Floats, ring: Ring, cut: float) -> tuple[float, float]:
    """Least cost over all turns, and the turn, in degrees."""
    turns = np.arange(0.0, 360.0, STEP_DEG)
    places = np.mod(layout[None, :] + turns[:, None], 360.0)
    gaps = np.abs(_signed(observed[None, :, None] - places[:, None, :]))
    from_seen = np.minimum(gaps.min(axis=2), cut) ** 2
    unseen = gaps.min(axis=1) > cut
    cost = from_seen.sum(axis=1) + cut**2 * (unseen & _in_view(places, ring.windows_deg)).sum(axis=1)
    at = int(cost.argmin())
    # Between two steps: the mean of the residuals of what is explained moves the pattern onto it.
    signed = _signed(observed[:, None] - places[at][None, :])
    nearest = np.abs(signed).argmin(axis=1)
    residuals = signed[np.arange(observed.size), nearest]
    inside = residuals[np.abs(residuals) <= cut]
    return float(cost[at]), float(turns[at] + (inside.mean() if inside.size else 0.0))


def _layouts(pattern: ExpectedRing, *, mirrored: bool) -> Iterator[Floats]:
    if pattern.spacing == "angles":
        angles = np.asarray(pattern.angles_deg, dtype=float)
        yield angles
        if mirrored:
            yield -angles
    elif pattern.spacing == "grouped" and (pattern.groups or 1) < pattern.count:
        groups = pattern.groups or 1
        between = 360.0 / pattern.count
        low, high = pattern.pitch_deg or (0.3 * between, between)
        for pitch in np.linspace(low, high, PITCH_STEPS):
            yield _grouped(pattern.count, groups, float(pitch))
    else:
        yield np.arange(pattern.count) * 360.0 / pattern.count


def _grouped(count: int, groups: int, pitch: float) -> Floats:
    members = count // groups
    offsets = (np.arange(members) - (members - 1) / 2) * pitch
    angles: Floats = (np.arange(groups)[:, None] * 360.0 / groups + offsets[None, :]).ravel()
    return np.mod(angles, 360.0)


def _signed(difference: Floats) -> Floats:
    folded: Floats = np.mod(difference + 180.0, 360.0) - 180.0
    return folded


def _in_view(places: Floats, windows: Sequence[tuple[float, float]]) -> NDArray[np.bool_]:
    seen = np.zeros(places.shape, dtype=bool)
    for start, end in windows:
        seen |= np.mod(places - start, 360.0) <= min(end - start, 360.0)
    return seen


def _contradicting(
    observation: Observation, ranking: Sequence[Candidate], known: dict[str, ExpectedRing]
) -> list[tuple[str, tuple[str, ...]]]:
    """Words of the two leading patterns, each with the types that it was expected of, best first."""
    types: dict[str, list[str]] = {}
    for candidate in ranking:
        for line in candidate.evidence:
            if line.trait != observation.trait or line.item != observation.item:
                continue
            for words in line.expected.split("; or "):
                if words in known:
                    types.setdefault(words, []).append(candidate.id)
    return [(words, tuple(ids)) for words, ids in list(types.items())[:2]]


def _patterns(catalogue: Catalogue) -> dict[str, ExpectedRing]:
    """Every ring pattern of the catalogue by the words that a comparison uses for it."""
    stated = [
        *(node.values for node in catalogue.signatures.values()),
        *(node.values for node in catalogue.families.values()),
        *(node.values for node in catalogue.design_patterns.values()),
        *(node.values for node in catalogue.states.values()),
    ]
    found: dict[str, ExpectedRing] = {}
    for of_node in stated:
        for values in of_node:
            for statement in (*values.statements, *values.fallback):
                if isinstance(statement.value, ExpectedRing):
                    found.setdefault(_words(statement.value), statement.value)
    return found


def _words(value: ExpectedRing) -> str:
    """As ``forensics.compare`` says it; a test holds the two together."""
    if value.spacing == "even":
        return f"{value.count} bolts, evenly spaced"
    if value.spacing == "grouped":
        groups = value.groups or 1
        return f"{value.count} bolts in {groups} groups of {value.count // groups}"
    return f"{value.count} bolts, unevenly spaced"
