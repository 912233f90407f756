"""Solved cases: well-formed, never mixed with their answers, scored as they come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.casefile import open_case
from forensics.catalogue import load
from forensics.errors import CaseError
from forensics.intake import check_sheet
from forensics.model.catalogue import Catalogue
from forensics.validate.solved import CaseResult, assess_case, case_folders, cases_text, read_accepted


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def test_every_case_reads_and_its_answer_is_in_the_catalogue(catalogue: Catalogue) -> None:
    folders = case_folders()
    assert len(folders) >= 25
    for folder in folders:
        case = open_case(folder).case
        assert case.id == folder.name
        assert case.event_date
        assert set(case.population.classes) <= set(catalogue.classes)
        sheets = sorted((folder / "sheets").glob("*"))
        assert sheets
        assert not [str(fault) for sheet in sheets for fault in check_sheet(sheet, catalogue.vocabulary)]
        accepted = read_accepted(folder)
        assert accepted.listed == bool(accepted.members)
        for member in accepted.members:
            signature = catalogue.signatures[member]
            assert (signature.state, signature.family) == (accepted.state, accepted.family)
            assert signature.class_id in case.population.classes


def test_no_case_names_its_answer_to_the_assessment() -> None:
    for folder in case_folders():
        assert "accepted" not in (folder / "case.yaml").read_text(encoding="utf-8")


def test_a_case_is_assessed_without_what_the_catalogue_learned_from_it() -> None:
    folder = next(path for path in case_folders() if path.name == "shusha-2021-03-15")
    result = assess_case(folder)
    assert result.left_out > 0
    assert result.accepted.members == ("9m723",)
    assert result.state_rank == 1


def test_an_answer_with_faults_is_refused_with_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "accepted.yaml").write_text("state: RUS\nlisted: yes\nguess: x\n", encoding="utf-8")
    with pytest.raises(CaseError) as error:
        read_accepted(tmp_path)
    text = str(error.value)
    assert "guess" in text
    assert "family" in text
    assert "accepted_by" in text
    assert "names no type" in text


def test_failures_are_printed_first_and_counted(tmp_path: Path) -> None:
    folder = next(path for path in case_folders() if path.name == "shusha-2021-03-15")
    right = assess_case(folder)
    values = {name: getattr(right, name) for name in CaseResult.__dataclass_fields__}
    wrong = CaseResult(**{**values, "id": "zzz-wrong", "verdict": "wrong", "rank": 7})
    text = cases_text([right, wrong])
    assert text.index("zzz-wrong") < text.index("shusha-2021-03-15")
    assert "wrong in 1 of" in text
    assert "accepted type first: 1 of 2" in text
