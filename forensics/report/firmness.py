"""How firm the reported ratio is, in a few sentences: grades, judgements of the method, other reckonings."""

from __future__ import annotations

from forensics.model.result import Assessment
from forensics.report.choice import weighs
from forensics.report.language import say
from forensics.report.numbers import range_text, ratio_text, reporting_limit

__all__ = ["firmness"]

_OTHERS = {
    "naive": "a naive product that trusts every catalogue value, {ratio}",
    "product": "a product of single traits without regard to dependence, {ratio}",
    "ladder:design": "the design traits alone, {ratio}",
}


def firmness(assessment: Assessment) -> tuple[str, ...]:
    """Sentences on what the ratio would be under other assumptions; empty where nothing was examined or weighed.

    Parameters the result depends on are named as the parameter file names them.
    """
    told = assessment.sensitivity
    if told.bootstrap is None or not weighs(assessment):
        return ()
    limit = reporting_limit(assessment)
    found = [
        say(
            "Under other defensible grades of the sources the ratio would be {range} (5 to 95 %).",
            range=range_text((told.bootstrap[0], told.bootstrap[2]), limit),
        )
    ]
    if told.elicited_ranges is not None:
        ranges = range_text((told.elicited_ranges[0], told.elicited_ranges[2]), limit)
        drivers = ", ".join(name for name, _ in told.range_drivers)
        if drivers:
            sentence = (
                "Under other values of the method's own judgements it would be {range}; it depends most on {drivers}."
            )
            found.append(say(sentence, range=ranges, drivers=drivers))
        else:
            found.append(say("Under other values of the method's own judgements it would be {range}.", range=ranges))
    others = [
        say(_OTHERS[variant.id], ratio=ratio_text(variant.log10_lr, limit))
        for variant in told.variants
        if variant.id in _OTHERS
    ]
    if others:
        found.append(say("What other reckonings would give: {others}.", others="; ".join(others)))
    return tuple(found)
