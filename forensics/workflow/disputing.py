"""Two hypotheses in dispute over one case: weighed against each other, and what would tell them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from forensics.model.catalogue import Catalogue
from forensics.model.result import Dispute
from forensics.workflow.assessing import AssessOptions, Progress, cases_left_out, findings_of, observe
from forensics.workflow.inputs import Gathered
from forensics.workflow.population import population_of

if TYPE_CHECKING:
    from forensics.report.language import Language

__all__ = ["dispute_inputs", "dispute_page"]


def dispute_inputs(
    gathered: Gathered, options: AssessOptions, between: tuple[str, str], progress: Progress | None = None
) -> Dispute:
    """What was gathered, put to two hypotheses.

    Raises
    ------
    InputError
        When a sheet has faults, or the ids name nothing compared, or overlap.
    """
    from forensics.catalogue import load  # noqa: PLC0415

    return _disputed(gathered, load(options.catalogue_path), options, between, progress)


def dispute_page(
    gathered: Gathered,
    options: AssessOptions,
    between: tuple[str, str],
    progress: Progress | None = None,
    *,
    limit: int | None = 10,
) -> str:
    """``dispute_inputs`` as a page in the language of the options; raises what it raises."""
    from forensics.catalogue import load  # noqa: PLC0415
    from forensics.report.disputes import dispute_text  # noqa: PLC0415
    from forensics.report.language import speaking  # noqa: PLC0415

    catalogue = load(options.catalogue_path)
    found = _disputed(gathered, catalogue, options, between, progress)
    with speaking(cast("Language", options.language)):
        return dispute_text(found, catalogue, limit=limit)


def _disputed(
    gathered: Gathered,
    catalogue: Catalogue,
    options: AssessOptions,
    between: tuple[str, str],
    progress: Progress | None,
) -> Dispute:
    from forensics.assess import dispute  # noqa: PLC0415
    from forensics.compare import background_edges, compare  # noqa: PLC0415

    observations, photographs, _ = observe(gathered, catalogue, options, progress)
    findings = findings_of(gathered, observations, photographs, options)
    case = gathered.case
    population = population_of(catalogue, cases_left_out(gathered, catalogue, options), case)
    hypotheses = population.hypotheses
    comparisons, _ = compare(findings, hypotheses, catalogue, event_year=case.event_year)
    observed = {observation.trait for observation in observations}
    stated = {trait for hypothesis in hypotheses for trait in hypothesis.expectations}
    tables = {trait: table for trait in sorted(stated - observed) if (table := population.table(trait)) is not None}
    return dispute(
        comparisons,
        background_edges(comparisons, hypotheses, catalogue),
        hypotheses,
        catalogue,
        tables=tables,
        between=between,
    )
