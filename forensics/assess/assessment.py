"""The room's door: comparisons in, the result document with every number and no sentence out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from forensics.assess.bootstrap import Replicates, replicate
from forensics.assess.conclusion import Standing, Verdict, decide
from forensics.assess.document import Pieces, parameters_digest, rounded
from forensics.assess.engine import Weighing, weigh
from forensics.assess.evidence import gather
from forensics.assess.examination import RIVALS, next_examinations
from forensics.assess.limitations import Circumstances, limitations_of
from forensics.assess.ranges import Recompare
from forensics.assess.sensitivity import Reported, examine_sensitivity
from forensics.assess.settings import Settings
from forensics.assess.tree import Tree, build_tree
from forensics.model.catalogue import Catalogue, Hypothesis
from forensics.model.evidence import Case, Observation, Photograph, UnreadInput
from forensics.model.result import (
    Assessment,
    CatalogueStamp,
    LeaveOneOut,
    NextExamination,
    Sensitivity,
    SensitivityVariant,
    ToolStamp,
)
from forensics.model.tables import Comparison, Edge, TraitTable

__all__ = ["assess"]


def assess(
    comparisons: Sequence[Comparison],
    edges: Sequence[Edge],
    hypotheses: Sequence[Hypothesis],
    catalogue: Catalogue,
    *,
    case: Case,
    photographs: Sequence[Photograph] = (),
    unread: Sequence[UnreadInput] = (),
    observations: Sequence[Observation] = (),
    unreviewed: Sequence[str] = (),
    not_scored: Sequence[tuple[str, str]] = (),
    excluded_types: Sequence[str] = (),
    tool_version: str,
    priors: Mapping[str, float] | None = None,
    tables: Mapping[str, TraitTable] | None = None,
    detail: bool = True,
    recompare: Recompare | None = None,
) -> Assessment:
    """Rank every leaf of the tree and say what may be said.

    Parameters
    ----------
    comparisons : sequence of Comparison
        One for each observed trait; arrays over ``hypotheses`` in the order given.
    edges : sequence of Edge
        Background dependence of pairs of observed traits.
    hypotheses : sequence of Hypothesis
        Leaves: listed types of the relevant population and unlisted designs.
    catalogue : Catalogue
        Names, parameters, limitations, sources.
    case, photographs, unread, observations, unreviewed, not_scored, excluded_types
        Echoed in the document; conditions of limitations look at them.
    tool_version : str
        Version written into the document.
    priors : mapping, optional
        Stated probabilities by state, family or type id; they enter composites and posteriors only.
    tables : mapping, optional
        Every possible record of traits not yet observed, for the next examination.
    detail : bool
        False leaves out sensitivity and next examinations; conclusion, ranking and intervals are the same.
    recompare : Recompare, optional
        How the same findings are compared under other parameters; without it the elicited ranges are left out.

    Returns
    -------
    Assessment
        ``statement`` and the texts of the propositions are empty.

    Raises
    ------
    InputError
        When a stated prior names nothing or is no probability.
    CatalogueError
        When a limitation states an unknown condition.
    """
    settings = Settings.read(catalogue.parameters)
    weighing = weigh(gather(comparisons, edges, hypotheses, catalogue.vocabulary, settings))
    leaves = weighing.evidence.hypotheses
    tree = _grow(leaves, settings.coverage_theta, settings, priors)
    replicates = replicate(weighing)
    verdict = _verdict(weighing, tree, replicates, settings)
    pieces = Pieces(weighing, tree, verdict, replicates, catalogue)
    conclusion = pieces.conclusion()
    sensitivity = Sensitivity()
    following: tuple[NextExamination, ...] = ()
    if detail:
        reported = Reported(
            weighing,
            tree,
            verdict,
            replicates,
            catalogue,
            lambda theta: _grow(leaves, theta, settings, priors),
            recompare,
            tuple(hypotheses),
        )
        sensitivity = _rounded_sensitivity(examine_sensitivity(reported))
        following = _rounded_next(
            next_examinations(weighing, tree, tables or {}, catalogue.vocabulary, pieces.rivals(RIVALS))
        )
    limitations = limitations_of(
        catalogue.limitations,
        Circumstances(
            conclusion,
            tuple(leaves[h] for h in verdict.tie),
            tuple(observations),
            tuple(unreviewed),
            tuple(photographs),
            case,
        ),
    )
    return Assessment(
        tool=ToolStamp(version=tool_version),
        catalogue=CatalogueStamp(
            version=catalogue.version,
            digest=catalogue.digest,
            path_kind=catalogue.path_kind,
            signatures=len(catalogue.signatures),
        ),
        parameters=parameters_digest(catalogue.parameters),
        case=case,
        photographs=tuple(photographs),
        unread=tuple(unread),
        population=tuple(leaf.id for leaf in leaves if leaf.listed),
        excluded_types=tuple(excluded_types),
        propositions=pieces.propositions(),
        observations=tuple(observations),
        unreviewed=tuple(unreviewed),
        not_scored=tuple(not_scored),
        conclusion=conclusion,
        ranking=pieces.ranking(),
        families=pieces.families(),
        states=pieces.states(),
        not_catalogued=pieces.not_catalogued(),
        readings=pieces.readings(),
        circularity=None,
        sensitivity=sensitivity,
        limitations=limitations,
        next=following,
        bibliography=pieces.bibliography(source for entry in limitations for source in entry.sources),
    )


def _grow(leaves: Sequence[Hypothesis], theta: float, settings: Settings, priors: Mapping[str, float] | None) -> Tree:
    return build_tree(leaves, theta=theta, other_prior=settings.unlisted_other_prior, priors=priors)


def _verdict(weighing: Weighing, tree: Tree, replicates: Replicates, settings: Settings) -> Verdict:
    """The conclusion; leaves that outrank the best one under other defensible grades join its tie set."""
    documented = (tree.listed & weighing.own.any(axis=0)) | ~tree.listed
    top = int(np.argmax(np.where(documented, weighing.log_lr, -np.inf)))
    return decide(
        tree,
        Standing(weighing.log_lr, weighing.alone, weighing.known, weighing.own),
        settings,
        outranking=replicates.outranking(top, settings.outrank_share),
    )


def _rounded_sensitivity(found: Sensitivity) -> Sensitivity:
    return Sensitivity(
        leave_one_trait_out=tuple(_rounded_leave(entry) for entry in found.leave_one_trait_out),
        leave_one_source_out=tuple(_rounded_leave(entry) for entry in found.leave_one_source_out),
        variants=tuple(
            SensitivityVariant(
                id=entry.id,
                name=entry.name,
                log10_lr=rounded(entry.log10_lr),
                state_log10_lr=None if entry.state_log10_lr is None else rounded(entry.state_log10_lr),
                note=entry.note,
            )
            for entry in found.variants
        ),
        prior_sweep=tuple((prior, rounded(posterior)) for prior, posterior in found.prior_sweep),
        pivotal=found.pivotal,
        bootstrap=_rounded_points(found.bootstrap),
        contributions=tuple((name, rounded(value)) for name, value in found.contributions),
        elicited_ranges=_rounded_points(found.elicited_ranges),
        state_elicited_ranges=_rounded_points(found.state_elicited_ranges),
        range_drivers=tuple((name, rounded(value)) for name, value in found.range_drivers),
        widest=None if found.widest is None else (rounded(found.widest[0]), rounded(found.widest[1])),
    )


def _rounded_points(points: tuple[float, float, float] | None) -> tuple[float, float, float] | None:
    return None if points is None else (rounded(points[0]), rounded(points[1]), rounded(points[2]))


def _rounded_leave(entry: LeaveOneOut) -> LeaveOneOut:
    return entry.model_copy(update={"log10_lr": rounded(entry.log10_lr), "delta": rounded(entry.delta)})


def _rounded_next(found: Sequence[NextExamination]) -> tuple[NextExamination, ...]:
    names = ("gain_type_bits", "gain_family_bits", "gain_state_bits", "value")
    return tuple(entry.model_copy(update={name: rounded(getattr(entry, name)) for name in names}) for entry in found)
