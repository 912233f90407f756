"""A case described in CASE 1.5 / UCO 1.5 (JSON-LD): what other forensic tools read.

Every file with its digest, every item as a provenance record with its exhibit number, every line of the custody record
as an investigative action with who, when and with what, and the result as an analytic result whose content is the
result document. Identifiers are made from the case and its digests, so that equal cases give equal documents.
"""

from __future__ import annotations

import json
import mimetypes
import uuid
from collections.abc import Iterable
from pathlib import Path

from forensics.casefile.custody import CustodyRecord, read_chain
from forensics.casefile.exchange.contents import files_of
from forensics.casefile.layout import ASSESSMENT, CUSTODY, PHOTOGRAPHS
from forensics.casefile.writing import digest_of
from forensics.model.evidence import Case

__all__ = ["case_uco"]

Node = dict[str, object]

_CONTEXT = {
    "kb": "urn:forensics:",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-analysis": "https://ontology.unifiedcyberontology.org/uco/analysis/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_DONE = {
    "create": "Case made",
    "add": "Original added",
    "describe": "Case description changed",
    "write": "Result written",
    "decide": "Decision recorded",
    "replace": "File replaced",
    "import": "Case imported",
}


def case_uco(root: Path, case: Case, *, version: str, statement: str = "") -> str:
    """The case as JSON-LD text.

    Parameters
    ----------
    version
        Version of this program, named as the instrument of what it did.
    statement
        The sentence of the result document; the analytic result is left out when there is none.
    """
    made = _Graph(root, case, version)
    made.describe(statement)
    return json.dumps({"@context": _CONTEXT, "@graph": made.nodes}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class _Graph:
    """The nodes, each made once."""

    def __init__(self, root: Path, case: Case, version: str) -> None:
        self.nodes: list[Node] = []
        self._root = root
        self._case = case
        self._space = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:forensics:case:{case.id}")
        self._chain = read_chain(root)
        self._tool = self._node("uco-tool:Tool", "tool", **{"uco-core:name": "forensics", "uco-tool:version": version})

    def describe(self, statement: str) -> None:
        files = {path.relative_to(self._root).as_posix(): path for path in files_of(self._root)}
        shown = {name: self._file(name, path) for name, path in files.items()}
        records = self._provenance(shown)
        actions = self._actions(shown)
        results = self._result(shown, statement) if statement and ASSESSMENT in shown else []
        self._node(
            "case-investigation:Investigation",
            "investigation",
            **{
                "uco-core:name": self._case.title or self._case.id,
                "uco-core:description": self._description(),
                "case-investigation:focus": "Who made the items",
                "case-investigation:investigationForm": "case",
                "uco-core:object": [{"@id": one} for one in (*shown.values(), *records, *actions, *results)],
            },
        )

    def _description(self) -> str:
        told = (f"Case {self._case.id}", self._case.place, self._case.event_date, self._case.mandate)
        return "; ".join(text for text in told if text)

    def _node(self, kind: str, key: str, **properties: object) -> str:
        """Add a node; its id is made from its kind and key. Empty values are left out."""
        name = f"kb:{kind.rpartition(':')[2]}-{uuid.uuid5(self._space, f'{kind} {key}')}"
        filled = {label: value for label, value in properties.items() if value not in ("", None, [])}
        self.nodes.append({"@id": name, "@type": kind, **filled})
        return name

    def _file(self, name: str, path: Path) -> str:
        digest, size = digest_of(path), path.stat().st_size
        hash_ = self._node(
            "uco-types:Hash",
            f"{name} {digest}",
            **{
                "uco-types:hashMethod": "SHA256",
                "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": digest.upper()},
            },
        )
        content = self._node(
            "uco-observable:ContentDataFacet",
            name,
            **{
                "uco-observable:hash": [{"@id": hash_}],
                "uco-observable:sizeInBytes": _integer(size),
                "uco-observable:mimeType": mimetypes.guess_type(name)[0],
            },
        )
        facet = self._node(
            "uco-observable:FileFacet",
            name,
            **{
                "uco-observable:fileName": path.name,
                "uco-observable:filePath": name,
                "uco-observable:extension": path.suffix.lstrip(".").lower(),
                "uco-observable:sizeInBytes": _integer(size),
                "uco-observable:isDirectory": {"@type": "xsd:boolean", "@value": "false"},
            },
        )
        kind = "uco-observable:RasterPicture" if name.startswith(f"{PHOTOGRAPHS}/") else "uco-observable:File"
        return self._node(kind, name, **{"uco-core:hasFacet": [{"@id": facet}, {"@id": content}]})

    def _provenance(self, shown: dict[str, str]) -> list[str]:
        """One record an item: its exhibit number and what shows it."""
        made = []
        for item in self._case.items:
            about = [shown[one.file] for one in self._case.photographs if one.item == item.id and one.file in shown]
            told = (item.description, f"found {item.found}" if item.found else "")
            made.append(
                self._node(
                    "case-investigation:ProvenanceRecord",
                    item.id,
                    **{
                        "case-investigation:exhibitNumber": item.id,
                        "uco-core:description": "; ".join(text for text in told if text),
                        "uco-core:object": [{"@id": one} for one in about],
                    },
                )
            )
        return made

    def _actions(self, shown: dict[str, str]) -> list[str]:
        persons = {
            name: self._node("uco-identity:Person", name, **{"uco-core:name": name})
            for name in sorted({record.person for record in self._chain.records} - {""})
        }
        return [self._action(record, persons, shown) for record in self._chain.records]

    def _action(self, record: CustodyRecord, persons: dict[str, str], shown: dict[str, str]) -> str:
        file = shown.get(record.file)
        told = (f"SHA-256 of {record.file}: {record.sha256}", record.note, f"custody record {record.hash}")
        return self._node(
            "case-investigation:InvestigativeAction",
            record.hash,
            **{
                "uco-core:name": _DONE.get(record.action, record.action),
                "uco-core:description": "; ".join(text for text in told if text),
                "uco-action:startTime": {"@type": "xsd:dateTime", "@value": record.at},
                "uco-action:performer": {"@id": persons[record.person]} if record.person else None,
                "uco-action:instrument": [{"@id": self._tool}],
                "uco-action:object": _refer([file]),
                "uco-action:result": _refer([file] if record.action in ("write", "decide", "create") else []),
            },
        )

    def _result(self, shown: dict[str, str], statement: str) -> list[str]:
        """The result document, as what an analysis found: the sentence as it stands in it, never shortened."""
        analysis = self._node(
            "uco-analysis:Analysis",
            ASSESSMENT,
            **{
                "uco-core:name": "Origin assessment",
                "uco-action:instrument": [{"@id": self._tool}],
                "uco-action:object": _refer([one for name, one in shown.items() if name != CUSTODY]),
            },
        )
        found = self._node(
            "uco-analysis:AnalyticResult",
            ASSESSMENT,
            **{
                "uco-core:statement": statement,
                "uco-analysis:originatingAnalysis": {"@id": analysis},
                "uco-analysis:resultContent": _refer([shown[ASSESSMENT]]),
            },
        )
        return [analysis, found]


def _integer(value: int) -> Node:
    return {"@type": "xsd:integer", "@value": str(value)}


def _refer(ids: Iterable[str | None]) -> list[Node]:
    return [{"@id": one} for one in ids if one is not None]
