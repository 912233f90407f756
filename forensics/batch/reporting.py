"""Results as tables: one row a case, one a candidate, one a piece of evidence; CSV and Parquet, same bytes each time.

Made from the ledger and the documents it names, in the order of the keys, as a stream: memory does not grow with the
number of cases.
"""

from __future__ import annotations

import csv
import gzip
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from forensics.batch import places
from forensics.errors import Fault, InputError, MissingProgramError

__all__ = ["TABLES", "document_of", "rows_of", "write_tables"]

Row = dict[str, Any]
Form = Literal["csv", "parquet"]

TABLES: dict[str, dict[str, str]] = {
    "cases": {
        "key": "text",
        "case": "text",
        "state": "text",
        "event_date": "text",
        "outcome": "text",
        "level": "text",
        "node": "text",
        "node_name": "text",
        "strength": "text",
        "log10_lr": "number",
        "interval_low": "number",
        "interval_high": "number",
        "members": "text",
        "producer_state": "text",
        "producer_log10_lr": "number",
        "not_catalogued_log10_lr": "number",
        "statement": "text",
        "observations": "count",
        "photographs": "count",
        "unread": "count",
        "limitations": "text",
        "separating_traits": "text",
        "catalogue": "text",
        "catalogue_digest": "text",
        "tool_version": "text",
        "digest": "text",
        "document": "text",
        "reason": "text",
    },
    "candidates": {
        "key": "text",
        "case": "text",
        "rank": "count",
        "candidate": "text",
        "name": "text",
        "family": "text",
        "producer_state": "text",
        "log10_lr": "number",
        "interval_low": "number",
        "interval_high": "number",
        "posterior": "number",
        "prior": "number",
        "known_traits": "count",
    },
    "evidence": {
        "key": "text",
        "case": "text",
        "rank": "count",
        "candidate": "text",
        "observation": "text",
        "item": "text",
        "trait": "text",
        "observed": "text",
        "expected": "text",
        "match": "text",
        "log10_lr": "number",
        "contribution_log10": "number",
        "block": "text",
        "quality": "number",
        "weight": "number",
        "sources": "text",
        "photograph": "text",
    },
}
"""The columns of every table and what they hold. Lists are joined with a semicolon. A posterior stands beside the prior
that made it."""

_GROUP = 20_000
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_ARROW = {"text": "string", "number": "float64", "count": "int64"}


def document_of(output: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The result document a line of the ledger names."""
    place = places.join(output, str(entry["document"]))
    data = places.read_bytes(place)
    try:
        loaded = json.loads(gzip.decompress(data) if place.endswith(".gz") else data)
    except (ValueError, OSError, EOFError) as error:
        raise InputError(Fault(place, message=f"is damaged: {error}.", advice="Restore it from a copy.")) from None
    if not isinstance(loaded, dict):
        raise InputError(Fault(place, message="is no result document."))
    return loaded


def rows_of(entry: Mapping[str, Any], document: Mapping[str, Any] | None, *, top: int) -> dict[str, list[Row]]:
    """The rows one case adds to each table. ``document`` None: a case that failed. ``top``: candidates kept, 0 all."""
    if document is None:
        row = {"key": entry["key"], "state": "failed", "outcome": "failed", "reason": entry.get("reason", "")}
        return {"cases": [row], "candidates": [], "evidence": []}
    conclusion, case = document["conclusion"], document["case"]
    common = {"key": entry["key"], "case": case["id"]}
    low, high = conclusion["interval"] or (None, None)
    found: dict[str, list[Row]] = {
        "cases": [
            {
                **common,
                "state": "done",
                "event_date": case["event_date"],
                **{name: conclusion[name] for name in ("outcome", "level", "node", "node_name", "strength")},
                "log10_lr": conclusion["log10_lr"],
                "interval_low": low,
                "interval_high": high,
                "members": ";".join(conclusion["members"]),
                "producer_state": conclusion["state"],
                "producer_log10_lr": conclusion["state_log10_lr"],
                "not_catalogued_log10_lr": document["not_catalogued"]["log10_lr"],
                "statement": conclusion["statement"],
                "observations": len(document["observations"]),
                "photographs": len(document["photographs"]),
                "unread": len(document["unread"]),
                "limitations": ";".join(limitation["id"] for limitation in document["limitations"]),
                "separating_traits": ";".join(conclusion["separating_traits"]),
                "catalogue": document["catalogue"]["version"],
                "catalogue_digest": document["catalogue"]["digest"],
                "tool_version": document["tool"]["version"],
                "digest": entry["digest"],
                "document": entry["document"],
                "reason": "",
            }
        ],
        "candidates": [],
        "evidence": [],
    }
    ranking = document["ranking"][:top] if top else document["ranking"]
    for rank, candidate in enumerate(ranking, start=1):
        low, high = candidate["interval"] or (None, None)
        found["candidates"].append(
            {
                **common,
                "rank": rank,
                "candidate": candidate["id"],
                "producer_state": candidate["state"],
                "interval_low": low,
                "interval_high": high,
                **{
                    name: candidate[name]
                    for name in ("name", "family", "log10_lr", "posterior", "prior", "known_traits")
                },
            }
        )
        copied = ("observation", "item", "trait", "observed", "expected", "match", "log10_lr", "contribution_log10")
        for line in candidate["evidence"]:
            found["evidence"].append(
                {
                    **common,
                    "rank": rank,
                    "candidate": candidate["id"],
                    **{name: line[name] for name in (*copied, "block", "quality", "weight", "photograph")},
                    "sources": ";".join(line["sources"]),
                }
            )
    return found


class _Writer(Protocol):
    def add(self, rows: Sequence[Row]) -> None: ...

    def close(self) -> None: ...


class _CsvWriter:
    """UTF-8, comma, lines ended with a line feed; text that a spreadsheet would take for a formula is quoted with '."""

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        self._columns = columns
        self._stream = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._stream, lineterminator="\n")
        self._writer.writerow(columns)

    def add(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._writer.writerow([_cell(row.get(name)) for name in self._columns])

    def close(self) -> None:
        self._stream.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


class _ParquetWriter:
    """Zstandard, row groups of 20,000 rows."""

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        self._pa = pa
        self._schema = pa.schema([(name, pa.type_for_alias(_ARROW[kind])) for name, kind in columns.items()])
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[Row] = []

    def add(self, rows: Sequence[Row]) -> None:
        self._rows.extend(rows)
        while len(self._rows) >= _GROUP:
            self._flush(_GROUP)

    def _flush(self, count: int) -> None:
        part, self._rows = self._rows[:count], self._rows[count:]
        self._writer.write_table(self._pa.Table.from_pylist(part, schema=self._schema))

    def close(self) -> None:
        if self._rows:
            self._flush(len(self._rows))
        self._writer.close()


def write_tables(output: str, entries: Iterable[Mapping[str, Any]], forms: Sequence[Form], *, top: int) -> list[str]:
    """Write ``cases``, ``candidates`` and ``evidence`` below the output, in each form asked for.

    Parameters
    ----------
    entries
        Lines of the ledger; they are put in the order of their keys.
    top
        Candidates kept of each case, best first; 0 keeps all.

    Returns
    -------
    The places written.

    Raises
    ------
    MissingProgramError
        When Parquet is asked for and pyarrow is not installed.
    """
    if "parquet" in forms:
        _require_pyarrow()
    written: list[str] = []
    with tempfile.TemporaryDirectory(prefix="forensics-tables-") as folder:
        files = {(name, form): Path(folder) / f"{name}.{form}" for name in TABLES for form in forms}
        writers: dict[tuple[str, str], _Writer] = {
            (name, form): (_ParquetWriter if form == "parquet" else _CsvWriter)(path, TABLES[name])
            for (name, form), path in files.items()
        }
        try:
            for found in _all_rows(output, entries, top):
                for (name, _), writer in writers.items():
                    writer.add(found[name])
        finally:
            for writer in writers.values():
                writer.close()
        for path in files.values():
            place = places.join(output, path.name)
            places.put(path, place)
            written.append(place)
    return written


def _require_pyarrow() -> None:
    try:
        import pyarrow as pa  # noqa: F401, PLC0415
    except ImportError:
        message = "Parquet needs the package pyarrow (pip install 'missile-forensics[tables]'); --tables csv works."
        raise MissingProgramError(message) from None


def _all_rows(output: str, entries: Iterable[Mapping[str, Any]], top: int) -> Iterator[dict[str, list[Row]]]:
    for entry in sorted(entries, key=lambda entry: str(entry["key"])):
        document = document_of(output, entry) if entry["state"] == "done" else None
        yield rows_of(entry, document, top=top)
