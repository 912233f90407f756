"""The main job: read, examine, review, compare, assess, word. The only place where those rooms meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from forensics import __version__
from forensics.errors import CaseError, Fault, InputError
from forensics.model.catalogue import Catalogue, Hypothesis, Parameters
from forensics.model.evidence import Finding, Method, Observation, Photograph, UnreadInput
from forensics.model.result import Assessment, Circularity, SensitivityVariant
from forensics.workflow.inputs import Gathered, read_observations, register
from forensics.workflow.population import population_of
from forensics.workflow.priors import read_priors
from forensics.workflow.readings import read_photographs

if TYPE_CHECKING:
    from forensics.model.tables import Comparison, Edge

__all__ = [
    "AssessOptions",
    "Progress",
    "assess_gathered",
    "assess_inputs",
    "assess_observations",
    "save_results",
]

Progress = Callable[[str, int, int], None]
Registered = tuple[tuple[Photograph, ...], tuple[UnreadInput, ...]]


@dataclass(frozen=True)
class AssessOptions:
    """What a caller may choose about an assessment. Every command-line flag is one field.

    ``keep_readings``: keep in the case what is read from its photographs. ``kept_readings_only``: read none anew.
    """

    catalogue_path: Path | None = None
    priors_path: Path | None = None
    reviewed_only: bool = False
    without_cases: frozenset[str] = frozenset()
    full_catalogue: bool = False
    read_photographs: bool = True
    kept_readings_only: bool = False
    keep_readings: bool = False
    detail: bool = True
    language: str = "en"


@dataclass(frozen=True)
class _Evidence:
    """What goes into the comparison, whichever way the catalogue is cut."""

    gathered: Gathered
    observations: tuple[Observation, ...]
    photographs: tuple[Photograph, ...]
    unread: tuple[UnreadInput, ...]
    findings: tuple[Finding, ...]
    set_aside: tuple[tuple[str, str], ...]
    unreviewed: tuple[str, ...]


def assess_inputs(
    gathered: Gathered,
    options: AssessOptions,
    progress: Progress | None = None,
    *,
    registered: Registered | None = None,
) -> Assessment:
    """Assess everything gathered; a photograph that cannot be read is listed and the rest goes on.

    ``registered``: what ``register`` gave, for a caller that has it.

    Raises
    ------
    InputError
        When a sheet or the catalogue has faults, or when nothing at all could be read.
    """
    from forensics.catalogue import load  # noqa: PLC0415

    return assess_gathered(gathered, load(options.catalogue_path), options, progress, registered=registered)


def assess_gathered(
    gathered: Gathered,
    catalogue: Catalogue,
    options: AssessOptions,
    progress: Progress | None = None,
    *,
    registered: Registered | None = None,
) -> Assessment:
    """``assess_inputs`` under a catalogue that is already loaded: what a run over many cases calls for each."""
    observations, photographs, unread = observe(gathered, catalogue, options, progress, registered=registered)
    return assess_observations(gathered, observations, photographs, unread, catalogue, options)


def observe(
    gathered: Gathered,
    catalogue: Catalogue,
    options: AssessOptions,
    progress: Progress | None = None,
    *,
    registered: Registered | None = None,
) -> tuple[tuple[Observation, ...], tuple[Photograph, ...], tuple[UnreadInput, ...]]:
    """Everything the sheets state and the photographs show, the photographs, and what could not be read."""
    observations = read_observations(gathered, catalogue)
    photographs, unread = registered if registered is not None else register(gathered)
    if not photographs and not gathered.sheets and unread:
        raise InputError([Fault(entry.path, message=entry.reason) for entry in unread])
    if options.read_photographs and photographs:
        readings = read_photographs(
            gathered,
            photographs,
            catalogue,
            progress,
            kept_only=options.kept_readings_only,
            keep=options.keep_readings,
        )
        photographs = readings.photographs
        observations += readings.observations
    return observations, photographs, unread


def assess_observations(
    gathered: Gathered,
    observations: tuple[Observation, ...],
    photographs: tuple[Photograph, ...],
    unread: tuple[UnreadInput, ...],
    catalogue: Catalogue,
    options: AssessOptions,
) -> Assessment:
    """Assess observations that are already read, leaving out what the catalogue learned from this very case.

    The number reported is the one without such values; the one with them stands beside it as circular.
    """
    from forensics.report import word  # noqa: PLC0415

    evidence = _weigh_in(gathered, observations, photographs, unread, options)
    own = _cases_known(catalogue) & {gathered.case.id}
    left_out = cases_left_out(gathered, catalogue, options)
    priors = read_priors(options.priors_path, catalogue)
    assessment = _judge(evidence, catalogue, left_out, priors, options.detail)
    if left_out or own:
        full = assessment if not left_out else _judge(evidence, catalogue, frozenset(), priors, False)
        reported = assessment if left_out else _judge(evidence, catalogue, own, priors, False)
        assessment = assessment.model_copy(
            update={"circularity": _circularity(catalogue, left_out or own, full, reported)}
        )
    if evidence.unreviewed and options.detail:
        reviewed = tuple(finding for finding in evidence.findings if finding.reviewed)
        without = _judge(_with_findings(evidence, reviewed), catalogue, left_out, priors, False)
        assessment = _add_variant(assessment, "without unreviewed machine readings", without)
    return word(assessment, catalogue, options.language)


def cases_left_out(gathered: Gathered, catalogue: Catalogue, options: AssessOptions) -> frozenset[str]:
    """Incidents whose teaching is left out: those asked for, and this very one unless the full catalogue is wanted."""
    own = _cases_known(catalogue) & {gathered.case.id}
    return options.without_cases | (frozenset() if options.full_catalogue else own)


def findings_of(
    gathered: Gathered,
    observations: tuple[Observation, ...],
    photographs: tuple[Photograph, ...],
    options: AssessOptions,
) -> tuple[Finding, ...]:
    """The findings that are weighed, as ``assess_observations`` takes them."""
    return _weigh_in(gathered, observations, photographs, (), options).findings


def _weigh_in(
    gathered: Gathered,
    observations: tuple[Observation, ...],
    photographs: tuple[Photograph, ...],
    unread: tuple[UnreadInput, ...],
    options: AssessOptions,
) -> _Evidence:
    """Turn observations into findings, and say of each one set aside why."""
    from forensics.review import findings  # noqa: PLC0415

    # A render shows what its maker drew: whatever is read from one says nothing about an item.
    renders = {photograph.path for photograph in photographs if photograph.is_render}
    kept: list[Finding] = []
    set_aside: list[tuple[str, str]] = []
    for finding in findings(observations, gathered.decisions):
        observation = finding.observation
        if observation.provenance.method is Method.AUTOMATIC and observation.provenance.photograph in renders:
            set_aside.append((observation.id, "read from a render, which is no evidence of the item"))
        elif options.reviewed_only and not finding.reviewed:
            set_aside.append((observation.id, "a machine reading nobody has reviewed (--reviewed-only)"))
        else:
            kept.append(finding)
    unreviewed = tuple(
        finding.observation.id
        for finding in kept
        if not finding.reviewed and finding.observation.state != "not_examinable"
    )
    return _Evidence(gathered, observations, photographs, unread, tuple(kept), tuple(set_aside), unreviewed)


def _with_findings(evidence: _Evidence, kept: tuple[Finding, ...]) -> _Evidence:
    return _Evidence(
        evidence.gathered,
        evidence.observations,
        evidence.photographs,
        evidence.unread,
        kept,
        evidence.set_aside,
        (),
    )


def _judge(
    evidence: _Evidence,
    catalogue: Catalogue,
    left_out: frozenset[str],
    priors: dict[str, float] | None,
    detail: bool,
) -> Assessment:
    """Compare and assess once, under one cut of the catalogue."""
    from forensics.assess import Recompare, assess  # noqa: PLC0415
    from forensics.compare import background_edges, compare  # noqa: PLC0415

    case = evidence.gathered.case
    population = population_of(catalogue, left_out, case)
    hypotheses, excluded = population.hypotheses, population.excluded
    comparisons, not_scored = compare(evidence.findings, hypotheses, catalogue, event_year=case.event_year)
    edges = background_edges(comparisons, hypotheses, catalogue)
    observed = {observation.trait for observation in evidence.observations}
    tables = (
        {
            trait: table
            for trait in sorted(_stated_traits(hypotheses) - observed)
            if (table := population.table(trait)) is not None
        }
        if detail
        else {}
    )

    def again(
        event_year: int | None, parameters: Parameters | None = None
    ) -> tuple[tuple[Comparison, ...], tuple[Edge, ...]]:
        cut = catalogue if parameters is None else catalogue.model_copy(update={"parameters": parameters})
        found, _ = compare(evidence.findings, hypotheses, cut, event_year=event_year)
        return found, background_edges(found, hypotheses, cut)

    dated = case.event_year is not None
    recompare = Recompare(
        lambda parameters: again(case.event_year, parameters), (lambda: again(None)) if dated else None
    )
    return assess(
        comparisons,
        edges,
        hypotheses,
        catalogue,
        case=case,
        photographs=evidence.photographs,
        unread=evidence.unread,
        observations=evidence.observations,
        unreviewed=evidence.unreviewed,
        not_scored=evidence.set_aside + not_scored,
        excluded_types=excluded,
        tool_version=__version__,
        priors=priors,
        tables=tables,
        detail=detail,
        recompare=recompare if detail else None,
    )


def _stated_traits(hypotheses: tuple[Hypothesis, ...]) -> set[str]:
    return {trait for hypothesis in hypotheses for trait in hypothesis.expectations}


def _cases_known(catalogue: Catalogue) -> frozenset[str]:
    """Every incident some catalogue value was learned from."""
    from forensics.catalogue import incidents  # noqa: PLC0415

    return incidents(catalogue)


def _circularity(catalogue: Catalogue, cases: frozenset[str], full: Assessment, reported: Assessment) -> Circularity:
    from forensics.catalogue import values_learned_from  # noqa: PLC0415

    return Circularity(
        left_out_cases=tuple(sorted(cases)),
        values_left_out=values_learned_from(catalogue, cases),
        full_log10_lr=full.conclusion.log10_lr,
        reported_log10_lr=reported.conclusion.log10_lr,
        state_full_log10_lr=full.conclusion.state_log10_lr,
        state_reported_log10_lr=reported.conclusion.state_log10_lr,
    )


def _add_variant(assessment: Assessment, name: str, other: Assessment) -> Assessment:
    variant = SensitivityVariant(
        name=name, log10_lr=other.conclusion.log10_lr, state_log10_lr=other.conclusion.state_log10_lr
    )
    variants = (*assessment.sensitivity.variants, variant)
    return assessment.model_copy(
        update={"sensitivity": assessment.sensitivity.model_copy(update={"variants": variants})}
    )


def save_results(gathered: Gathered, assessment: Assessment) -> tuple[Fault, ...]:
    """Write the stages' files into a managed case folder (one with a custody record); others are only read.

    Returns the faults instead of raising: the report has been printed by then, and nothing is lost.
    """
    from forensics.report import render  # noqa: PLC0415

    folder = gathered.folder
    if folder is None or not folder.managed:
        return ()
    try:
        folder.write_observations(assessment.observations)
        folder.write_document("assessment.json", render(assessment, "json"))
    except CaseError as error:
        return error.faults
    return ()
