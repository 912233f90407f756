"""The hand-written documents, worded, by name."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("report_documents", Path(__file__).with_name("documents.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
documents = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(documents)


@pytest.fixture(scope="session")
def document():
    """``document("kharkiv")``: one document, worded."""
    return lambda name: documents.DOCUMENTS[name]()


@pytest.fixture(params=sorted(documents.DOCUMENTS))
def each(request):
    """Every document in turn."""
    return documents.DOCUMENTS[request.param]()


@pytest.fixture(scope="session")
def catalogue():
    return documents.catalogue()
