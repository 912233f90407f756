"""The questions of ``forensics catalogue new``, asked on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from forensics.workflow.drafting import DraftRequest

__all__ = ["interview"]

SHOWN = 24
"""A longer list of choices is searched instead of printed."""
Choices = Sequence[tuple[str, str]]

_SOURCE_PROMPTS = (
    ("publisher", "  Who published it?", True),
    ("title", "  Its title?", True),
    ("date", "  Its date, as 2024-05-10 or 2024. Empty: undated.", False),
    ("address", "  Its address on the web. Empty: none.", False),
    ("language", "  Its language, as en, uk, ko. Empty: not known.", False),
)
_RELIABILITY = (
    ("A", "completely reliable"),
    ("B", "usually reliable"),
    ("C", "fairly reliable"),
    ("D", "not usually reliable"),
    ("E", "unreliable"),
    ("F", "cannot be judged"),
)
_CREDIBILITY = (
    ("1", "confirmed by other sources"),
    ("2", "probably true"),
    ("3", "possibly true"),
    ("4", "doubtful"),
    ("5", "improbable"),
    ("6", "cannot be judged"),
)
_BASIS = (
    ("debris", "measured or seen on debris"),
    ("photographs", "read off photographs"),
    ("parade", "read off parade or exhibition pictures"),
    ("design", "a design figure of the maker"),
    ("background", "general reference"),
    ("derived", "derived from something else"),
)


def interview(request: DraftRequest) -> None:
    """Ask for what was not answered beforehand, then for the traits; the answers are added to the request."""
    from forensics.workflow.drafting import questions_for  # noqa: PLC0415

    given = request.answers
    known: dict[str, Choices] = {}
    for question in questions_for(request):
        known[question.id] = question.choices
        listed = {key for key, _ in known.get(question.asked_for_new, ())}
        if question.asked_for_new and given.get(question.asked_for_new, "") in {"", *listed}:
            continue
        if question.id not in given:
            given[question.id] = _ask(
                question.prompt,
                question.choices,
                required=question.required,
                open_list=question.open_list,
                several=question.several,
            )
    if request.from_type is None:
        _ask_traits(request)


def _ask_traits(request: DraftRequest) -> None:
    from forensics.workflow.drafting import source_ids, trait_prompt  # noqa: PLC0415

    described: set[str] = set(source_ids(request))
    while True:
        name = _line("A trait that is known, by id or name ('forensics traits' lists them). Empty: no more.")
        if not name:
            return
        trait = trait_prompt(request, name)
        if trait is None:
            click.echo("  No trait of that name takes a value.", err=True)
            continue
        click.echo(f"  {trait.id}. {trait.record}", err=True)
        row = {"trait": trait.id, "value": _ask(f"  Its value: {trait.how}", trait.choices, open_list=True)}
        if not row["value"]:
            click.echo("  Left out: what is not known is left out.", err=True)
            continue
        row["source"] = _ask("  Which source says so? Its id in sources.yaml, or a new short id.", (), required=True)
        letter = ""
        if row["source"] not in described:
            for key, prompt, required in _SOURCE_PROMPTS:
                row[f"source_{key}"] = _ask(prompt, (), required=required)
            letter = _ask("  How reliable is the publisher?", _RELIABILITY, required=True)
            row["source_reliability"] = letter
            described.add(row["source"])
        letter = letter or _ask("  Grade of the source?", _RELIABILITY, required=True)
        row["grade"] = letter + _ask("  How credible is this piece of information?", _CREDIBILITY, required=True)
        row["basis"] = _ask("  What does it rest on?", _BASIS, required=True)
        request.traits.append(row)


def _line(prompt: str) -> str:
    return str(click.prompt(prompt, default="", show_default=False, prompt_suffix=" ", err=True)).strip()


def _ask(
    prompt: str, choices: Choices, *, required: bool = False, open_list: bool = False, several: bool = False
) -> str:
    """Ask on the terminal; a closed list shows its choices, or finds them by a part of their names."""
    known = {key for key, _ in choices}
    if len(choices) > SHOWN:
        click.echo(f"    {len(choices)} choices; a part of a name finds them.", err=True)
    else:
        _show(choices)
    while True:
        answer = _line(prompt)
        parts = [part.strip() for part in answer.split(";")] if several else [answer]
        unknown = [part for part in parts if known and part not in known]
        if not answer:
            if not required:
                return ""
            click.echo("  This one is needed.", err=True)
        elif not unknown:
            return answer
        else:
            found = [choice for part in unknown for choice in _near(part, choices)]
            if open_list and (not found or click.confirm(_unlisted(answer, found), prompt_suffix=" ", err=True)):
                return answer
            if not open_list:
                click.echo("  Not among the choices." + (" Perhaps:" if found else ""), err=True)
                _show(found[:SHOWN])


def _unlisted(answer: str, near: Choices) -> str:
    return f"  {answer!r} is not listed; near are {', '.join(key for key, _ in near[:5])}. Is it a new one?"


def _show(choices: Choices) -> None:
    for key, meaning in choices:
        click.echo(f"    {key}: {meaning}" if meaning else f"    {key}", err=True)


def _near(part: str, choices: Choices) -> list[tuple[str, str]]:
    """Choices whose id or meaning holds the part, else those spelled almost like it."""
    from difflib import get_close_matches  # noqa: PLC0415

    folded = part.casefold()
    holding = [(key, meaning) for key, meaning in choices if folded in f"{key} {meaning}".casefold()]
    close = get_close_matches(part, [key for key, _ in choices], n=3)
    return holding or [(key, meaning) for key, meaning in choices if key in close]
