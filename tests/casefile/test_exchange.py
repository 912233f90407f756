"""A case handed over and taken back: whole, or refused with every reason."""

from __future__ import annotations

import json
import random
import stat
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.casefile import CaseFolder, new_case, open_case, read_chain
from forensics.casefile.exchange import case_uco, import_case, write_archive, write_bag
from forensics.casefile.exchange.unpacking import unpack
from forensics.errors import CaseError
from forensics.model.evidence import Item

_VALIDATE = "from case_utils.case_validate import main; main()"


def clock() -> datetime:
    return datetime(2024, 1, 5, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def case(tmp_path) -> CaseFolder:
    items = (Item(id="K-1", description="Tail", found="a street"), Item(id="K-2"))
    made = new_case(tmp_path / "case", "kharkiv", title="Debris", items=items, person="Olha", clock=clock)
    source = tmp_path / "camera"
    source.mkdir()
    (source / "фото 1.jpg").write_bytes(bytes(range(256)) * 40)
    (source / "sheet.csv").write_text("item,trait,value\nK-1,fin count,4\n")
    made.add([source / "фото 1.jpg", source / "sheet.csv"], item="K-1", person="Olha")
    made.write_document("assessment.json", '{"a": 1}')
    made.decide("o-1", "accept", person="Olha")
    return made


def contents(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def refused(action, *parts: str) -> CaseError:
    with pytest.raises(CaseError) as caught:
        action()
    for part in parts:
        assert part in str(caught.value)
    return caught.value


def nothing_left(folder: Path) -> bool:
    return not any(path.name.endswith((".part", ".part.d")) for path in folder.iterdir())


@pytest.mark.parametrize("name", ["bag", "bag.zip", "plain.zip"])
def test_there_and_back_byte_for_byte(case, tmp_path, name):
    target = tmp_path / name
    write_archive(case.path, target) if name == "plain.zip" else write_bag(case.path, case.case, target)
    imported = import_case(target, tmp_path / "back", person="Ivan", clock=clock)
    assert imported.is_bag == (name != "plain.zip")
    before, after = contents(case.path), contents(tmp_path / "back")
    # Only the custody record is longer: who took it in, from what.
    assert after.pop("custody.jsonl").startswith(before.pop("custody.jsonl"))
    assert after == before
    record = read_chain(tmp_path / "back").records[-1]
    assert (record.action, record.file, record.person) == ("import", "case.yaml", "Ivan")
    assert name in record.note
    assert open_case(tmp_path / "back").verify() == ()
    assert nothing_left(tmp_path)


def test_originals_come_back_read_only(case, tmp_path):
    write_bag(case.path, case.case, tmp_path / "bag.zip")
    import_case(tmp_path / "bag.zip", tmp_path / "back")
    assert not stat.S_IMODE((tmp_path / "back/photographs/фото 1.jpg").stat().st_mode) & 0o222


def test_a_bag_is_a_bag_to_its_own_library_and_names_the_head(case, tmp_path):
    write_bag(case.path, case.case, tmp_path / "bag")
    run = subprocess.run(
        [sys.executable, "-m", "bagit", "--validate", "--quiet", str(tmp_path / "bag")],
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0
    assert read_chain(case.path).head in (tmp_path / "bag" / "bag-info.txt").read_text()


def test_equal_cases_give_equal_archives(case, tmp_path):
    write_archive(case.path, tmp_path / "a.zip")
    write_archive(case.path, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_every_altered_byte_of_a_bag_is_refused(case, tmp_path):
    """One byte anywhere in the payload or the manifests."""
    write_bag(case.path, case.case, tmp_path / "bag")
    rng = random.Random(7)
    for path in sorted((tmp_path / "bag").rglob("*")):
        if not path.is_file() or path.name == "bagit.txt":
            continue
        data = path.read_bytes()
        place = rng.randrange(len(data))
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        refused(lambda: import_case(tmp_path / "bag", tmp_path / "back"))
        assert not (tmp_path / "back").exists()
        path.write_bytes(data)
    import_case(tmp_path / "bag", tmp_path / "back")


def test_a_bag_that_lacks_or_gained_a_file_is_refused(case, tmp_path):
    write_bag(case.path, case.case, tmp_path / "bag")
    (tmp_path / "bag/data/extra.txt").write_text("x")
    refused(lambda: import_case(tmp_path / "bag", tmp_path / "back"), "extra.txt, unlisted")
    (tmp_path / "bag/data/sheets/sheet.csv").unlink()
    refused(
        lambda: import_case(tmp_path / "bag", tmp_path / "back"), "lacks data/sheets/sheet.csv", "extra.txt, unlisted"
    )


def test_an_honest_bag_around_an_altered_case_is_refused(case, tmp_path):
    """The manifests were made after the change; the custody record knows."""
    original = case.path / "photographs/фото 1.jpg"
    original.chmod(0o644)
    original.write_bytes(original.read_bytes()[:-1])
    write_bag(case.path, case.case, tmp_path / "bag.zip")
    refused(lambda: import_case(tmp_path / "bag.zip", tmp_path / "back"), "фото 1.jpg", "was altered")
    assert nothing_left(tmp_path)


def test_a_bag_that_would_fetch_or_lead_out_is_refused(case, tmp_path):
    write_bag(case.path, case.case, tmp_path / "bag")
    (tmp_path / "bag/fetch.txt").write_text("http://example.org/x 3 data/x\n")
    manifest = tmp_path / "bag/manifest-sha256.txt"
    manifest.write_text(manifest.read_text() + f"{'0' * 64}  data/../../../etc/passwd\n{'0' * 64}  ~/x\n")
    found = refused(lambda: import_case(tmp_path / "bag", tmp_path / "back"), "fetched from elsewhere", "leads out")
    assert len(found.faults) == 3


def test_links_are_neither_handed_over_nor_taken_in(case, tmp_path):
    write_bag(case.path, case.case, tmp_path / "bag")
    (tmp_path / "bag/data/link").symlink_to("/etc/hostname")
    refused(lambda: import_case(tmp_path / "bag", tmp_path / "back"), "is a link")
    (case.path / "photographs/link.jpg").symlink_to("/etc/hostname")
    refused(lambda: write_archive(case.path, tmp_path / "a.zip"), "is a link")


@pytest.mark.parametrize(
    ("name", "mode", "reason"),
    [
        ("../out.txt", 0, "leads out"),
        ("/etc/out.txt", 0, "leads out"),
        ("a/../../out.txt", 0, "leads out"),
        ("C:/out.txt", 0, "leads out"),
        ("a\\..\\out.txt", 0, "leads out"),
        ("a/li\x07nk", 0, "control characters"),
        ("a/link", stat.S_IFLNK | 0o777, "a link or a device"),
    ],
)
def test_an_archive_that_leads_out_writes_nothing(tmp_path, name, mode, reason):
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("a/case.yaml", "id: x\n")
        entry = zipfile.ZipInfo("placeholder")
        entry.filename = name
        entry.external_attr = mode << 16
        archive.writestr(entry, "x")
    (tmp_path / "in").mkdir()
    refused(lambda: unpack(tmp_path / "bad.zip", tmp_path / "in"), reason)
    assert list((tmp_path / "in").iterdir()) == []
    refused(lambda: import_case(tmp_path / "bad.zip", tmp_path / "back"), reason)
    assert nothing_left(tmp_path)


def test_two_names_that_fold_to_one_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("a/Case.yaml", "id: x\n")
        archive.writestr("a/case.yaml", "id: y\n")
    (tmp_path / "in").mkdir()
    refused(lambda: unpack(tmp_path / "bad.zip", tmp_path / "in"), "twice")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/zeros", b"\0" * (80 << 20))
    (tmp_path / "in").mkdir()
    refused(lambda: unpack(tmp_path / "bomb.zip", tmp_path / "in"), "bomb")
    assert list((tmp_path / "in").iterdir()) == []


def test_a_file_larger_than_the_list_says_is_stopped(tmp_path):
    with zipfile.ZipFile(tmp_path / "lie.zip", "w") as archive:
        archive.writestr("a/x", b"x" * 5000)
    data = (tmp_path / "lie.zip").read_bytes()
    (tmp_path / "lie.zip").write_bytes(data.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    (tmp_path / "in").mkdir()
    refused(lambda: unpack(tmp_path / "lie.zip", tmp_path / "in"))
    assert (tmp_path / "in/a/x").stat().st_size <= 10


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no archive at all", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_archive_or_no_case_says_so(tmp_path, data):
    (tmp_path / "x.zip").write_bytes(data)
    refused(lambda: import_case(tmp_path / "x.zip", tmp_path / "back"), "x.zip")
    assert nothing_left(tmp_path)


def test_an_existing_folder_is_never_written_to(case, tmp_path):
    write_archive(case.path, tmp_path / "a.zip")
    (tmp_path / "back").mkdir()
    refused(lambda: import_case(tmp_path / "a.zip", tmp_path / "back"), "exists already")
    refused(lambda: write_archive(case.path, tmp_path / "a.zip"), "exists already")
    refused(lambda: write_archive(case.path, tmp_path / "no" / "a.zip"), "is no folder")


def test_one_altered_byte_in_any_file_is_named_by_verify(case):
    """Originals, sheets, decisions, results and the custody record itself."""
    rng = random.Random(3)
    for path in sorted(case.path.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        path.chmod(0o644)
        for _ in range(6):
            place = rng.randrange(len(data))
            path.write_bytes(data[:place] + bytes([data[place] ^ (1 << rng.randrange(8))]) + data[place + 1 :])
            named = {one.file for one in case.verify()}
            assert path.relative_to(case.path).as_posix() in named
        path.write_bytes(data)
    assert case.verify() == ()


def test_case_uco_tells_files_items_acts_and_the_result(case):
    text = case_uco(case.path, case.case, version="9.9", statement="about 300 times more probable if A than if B")
    graph = json.loads(text)["@graph"]
    by_kind: dict[str, list[dict]] = {}
    for node in graph:
        by_kind.setdefault(node["@type"].partition(":")[2], []).append(node)
    assert len({node["@id"] for node in graph}) == len(graph)
    assert len(by_kind["InvestigativeAction"]) == len(read_chain(case.path).records)
    assert {node["case-investigation:exhibitNumber"] for node in by_kind["ProvenanceRecord"]} == {"K-1", "K-2"}
    assert len(by_kind["RasterPicture"]) == 1
    assert by_kind["AnalyticResult"][0]["uco-core:statement"].startswith("about 300 times")
    assert by_kind["Tool"][0]["uco-tool:version"] == "9.9"
    named = {node["@id"] for node in graph}
    for node in graph:
        for value in node.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict) and "@id" in one:
                    assert one["@id"] in named
    assert text == case_uco(
        case.path, case.case, version="9.9", statement="about 300 times more probable if A than if B"
    )


def test_case_uco_conforms_to_the_ontology(case, tmp_path):
    """The validator of the CASE project, offline; a test extra because it brings an RDF library."""
    pytest.importorskip("case_utils", reason="pip install case-utils to validate against the ontology")
    path = tmp_path / "case.jsonld"
    path.write_text(case_uco(case.path, case.case, version="1", statement="s"), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", _VALIDATE, "--built-version", "case-1.5.0", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
