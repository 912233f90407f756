"""A case folder over its life: made, added to, written to, verified, opened where nothing may be written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.casefile import CaseFolder, Discrepancy, new_case, open_case, read_chain
from forensics.errors import CaseError, ExitCode
from forensics.model.evidence import Item, Observation, PhotographEntry, Provenance
from forensics.model.values import Count


class Clock:
    """Ten seconds pass between any two looks at it."""

    def __init__(self) -> None:
        self.now = datetime(2024, 1, 5, 12, 0, 0, tzinfo=UTC).timestamp()

    def __call__(self) -> datetime:
        self.now += 10
        return datetime.fromtimestamp(self.now, UTC)


@pytest.fixture
def case(tmp_path) -> CaseFolder:
    items = (Item(id="K-1", description="Tail: burnt"), Item(id="K-2"))
    return new_case(
        tmp_path / "case", "kharkiv", title="Debris", event_date="2024-01-02", items=items, person="Olha", clock=Clock()
    )


@pytest.fixture
def sources(tmp_path) -> Path:
    folder = tmp_path / "from camera"
    folder.mkdir()
    (folder / "IMG_1.jpg").write_bytes(b"first picture")
    (folder / "sheet.csv").write_text("item,trait,value\n")
    return folder


def seen(name: str = "a") -> Observation:
    return Observation(id=name, item="K-1", trait="fin_count", value=Count(count=4), provenance=Provenance())


def found(case: CaseFolder) -> list[tuple[str, str, str]]:
    return [(one.severity, one.kind, one.file) for one in case.verify()]


def refused(action, *parts: str) -> CaseError:
    with pytest.raises(CaseError) as caught:
        action()
    assert caught.value.exit_code is ExitCode.INPUT
    for part in parts:
        assert part in str(caught.value)
    return caught.value


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_new_case_reads_back_and_verifies(case):
    again = open_case(case.path)
    assert again.case == case.case
    assert again.case.event_year == 2024
    assert [item.description for item in again.case.items] == ["Tail: burnt", ""]
    assert case.managed and case.writable
    assert case.verify() == ()
    (record,) = read_chain(case.path).records
    assert (record.action, record.file, record.person, record.at) == (
        "create",
        "case.yaml",
        "Olha",
        "2024-01-05T12:00:10Z",
    )


def test_a_new_case_in_a_folder_that_holds_originals(tmp_path):
    (tmp_path / "photographs").mkdir()
    (tmp_path / "photographs/a.jpg").write_bytes(b"x")
    case = new_case(tmp_path, "x", clock=Clock())
    assert [record.file for record in read_chain(tmp_path).records] == ["case.yaml", "photographs/a.jpg"]
    assert case.verify() == ()


def test_a_new_case_never_goes_where_something_is(case, tmp_path):
    refused(lambda: new_case(case.path, "x"), "is already a case")
    (tmp_path / "notes.txt").write_text("mine")
    refused(lambda: new_case(tmp_path, "x"), "is not empty")
    refused(lambda: new_case(tmp_path / "notes.txt", "x"), "is a file")
    refused(lambda: new_case(tmp_path / "new", "x y/z"), "is not a case id")
    refused(lambda: new_case(tmp_path / "new", "x", event_date="2024-02-30"), "is not a date")
    assert not (tmp_path / "new").exists()


def test_adding_copies_byte_for_byte_and_records(case, sources):
    picture, sheet = sources / "IMG_1.jpg", sources / "sheet.csv"
    os.utime(picture, (1_700_000_000, 1_700_000_000))
    added = case.add([picture, sheet], item="K-1", part="nozzle", person="Petro")
    assert added == (
        ("photographs/IMG_1.jpg", hashlib.sha256(b"first picture").hexdigest()),
        ("sheets/sheet.csv", hashlib.sha256(sheet.read_bytes()).hexdigest()),
    )
    copy = case.path / "photographs/IMG_1.jpg"
    assert copy.read_bytes() == b"first picture"
    assert copy.stat().st_mtime == 1_700_000_000
    assert copy.stat().st_mode & 0o222 == 0
    entry = PhotographEntry(file="photographs/IMG_1.jpg", item="K-1", part="nozzle")
    assert case.photograph_entries() == open_case(case.path).photograph_entries() == (entry,)
    assert case.photograph_path(entry) == copy
    assert case.sheet_paths() == (case.path / "sheets/sheet.csv",)
    assert [record.action for record in read_chain(case.path).records] == ["create", "add", "add", "describe"]
    assert case.verify() == ()
    assert [entry.name for entry in case.path.iterdir() if entry.name.startswith(".")] == []


def test_the_same_bytes_again_are_not_copied_again(case, sources):
    first = case.add([sources / "IMG_1.jpg"])
    before = snapshot(case.path)
    (sources / "copy.jpg").write_bytes(b"first picture")
    assert case.add([sources / "IMG_1.jpg", sources / "copy.jpg"]) == first * 2
    assert snapshot(case.path) == before


def test_a_taken_name_gets_the_digest(case, sources, tmp_path):
    case.add([sources / "IMG_1.jpg"])
    (tmp_path / "img_1.JPG").write_bytes(b"second picture")
    ((name, digest),) = case.add([tmp_path / "img_1.JPG"])
    assert name == f"photographs/img_1-{digest[:8]}.JPG"
    assert (case.path / "photographs/IMG_1.jpg").read_bytes() == b"first picture"
    assert case.verify() == ()


def test_two_sheets_of_one_name_are_refused(case, sources, tmp_path):
    case.add([sources / "sheet.csv"])
    before = snapshot(case.path)
    (tmp_path / "sheet.csv").write_text("item,trait,value\nK-1,fin_count,4\n")
    refused(lambda: case.add([tmp_path / "sheet.csv"]), "another sheet in the case is named sheet.csv")
    assert snapshot(case.path) == before


def test_a_sheet_corrected_in_its_place_is_recorded_by_adding_it(case, sources):
    case.add([sources / "sheet.csv"], person="Olha")
    sheet = case.path / "sheets/sheet.csv"
    sheet.chmod(0o644)
    sheet.write_text("item,trait,value\nK-1,fin_count,4\n")
    assert found(case) == [("error", "altered", "sheets/sheet.csv")]
    case.add([sheet], person="Olha", note="forgot a row")
    assert case.verify() == ()
    assert read_chain(case.path).records[-1].note == "forgot a row"


def test_every_fault_before_anything_is_copied(case, sources, tmp_path):
    (tmp_path / "a.docx").write_text("x")
    (tmp_path / "folder.jpg").mkdir()
    before = snapshot(case.path)
    paths = [sources / "IMG_1.jpg", tmp_path / "no.jpg", tmp_path / "a.docx", tmp_path / "folder.jpg"]
    error = refused(lambda: case.add(paths), "does not exist", "neither a photograph", "is not a file")
    assert len(error.faults) == 3
    refused(lambda: case.add(paths[:1], item="K-9"), "'K-9' is not an item", "K-1, K-2")
    assert snapshot(case.path) == before


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Фото №1.jpg", "Фото №1.jpg"),
        ("사진.jpg", "사진.jpg"),
        ("con.jpg", "_con.jpg"),
        ("a\nb|c.jpg", "a_b_c.jpg"),
        (".hidden.jpg", "hidden.jpg"),
        ("x" * 200 + ".jpg", "x" * 116 + ".jpg"),
    ],
)
def test_names_become_safe(case, sources, name, expected):
    (sources / name).write_bytes(name.encode())
    ((added, _),) = case.add([sources / name])
    assert added == f"photographs/{expected}"
    assert open_case(case.path).photograph_entries()[0].file == added


def test_results_appear_whole_and_only_when_they_change(case):
    assert case.write_document("assessment.json", "{}")
    before = snapshot(case.path)
    assert not case.write_document("assessment.json", b"{}")
    assert not case.write_observations(()) or case.write_observations(()) is False
    case.write_observations((seen("a"), seen("b")))
    assert case.observations() == (seen("a"), seen("b"))
    again = snapshot(case.path)
    case.write_observations((seen("a"), seen("b")))
    assert snapshot(case.path) == again
    assert before["assessment.json"] == b"{}"
    assert case.verify() == ()


@pytest.mark.parametrize(
    "name",
    ["case.yaml", "custody.jsonl", "decisions.jsonl", "../x.json", "photographs/x.json", "", "X.json", "/x.json"],
)
def test_results_take_no_other_name(case, name):
    refused(lambda: case.write_document(name, "x"), "is not a name for a result")


def test_decisions_are_only_appended(case):
    first = case.decide("a", "accept", person="Olha")
    kept = (case.path / "decisions.jsonl").read_bytes()
    second = case.decide("a", "amend", person="Petro", value=Count(count=3), comment="one is a pipe")
    assert (case.path / "decisions.jsonl").read_bytes().startswith(kept)
    assert case.decisions() == (first, second)
    assert first.at == "2024-01-05T12:00:20Z"
    assert case.verify() == ()
    refused(lambda: case.decide("a", "accept", person=" "), "needs the name")
    refused(lambda: case.decide("a", "amend", person="P"), "needs the new value")
    refused(lambda: case.decide("a", "reject", person="P", value=Count(count=3)), "takes no value")


def test_damaged_lines_are_all_named(case):
    (case.path / "decisions.jsonl").write_text('{"observation": "a"}\n\nnot json\n')
    error = refused(case.decisions, "is not a decision")
    assert [fault.row for fault in error.faults] == [1, 3]


def test_a_photograph_nobody_listed_is_still_part_of_the_case(case):
    (case.path / "photographs/b.jpg").write_bytes(b"b")
    (case.path / "photographs/.DS_Store").write_bytes(b"b")
    (case.path / "photographs/readme.txt").write_bytes(b"b")
    assert [entry.file for entry in case.photograph_entries()] == ["photographs/b.jpg"]
    assert found(case) == [("error", "unrecorded", "photographs/b.jpg")]
    case.add([case.path / "photographs/b.jpg"], item="K-1")
    assert case.verify() == ()
    assert open_case(case.path).case.photographs[0].item == "K-1"


class TestVerify:
    """Verify says exactly what is not as it was recorded."""

    @pytest.fixture
    def full(self, case, sources) -> CaseFolder:
        case.add([sources / "IMG_1.jpg", sources / "sheet.csv"], item="K-1", person="Olha")
        case.write_document("assessment.json", "{}")
        case.decide("a", "accept", person="Olha")
        assert case.verify() == ()
        return case

    def test_altered_original(self, full):
        path = full.path / "photographs/IMG_1.jpg"
        path.chmod(0o644)
        path.write_bytes(b"another picture")
        (one,) = full.verify()
        assert (one.kind, one.file, one.record, one.is_error) == ("altered", "photographs/IMG_1.jpg", 2, True)
        assert "record 2 (add, 2024-01-05T12:00:20Z, Olha)" in one.message
        assert hashlib.sha256(b"another picture").hexdigest()[:16] in one.message

    def test_missing_original(self, full):
        (full.path / "sheets/sheet.csv").unlink()
        assert found(full) == [("error", "missing", "sheets/sheet.csv")]

    def test_altered_result(self, full):
        (full.path / "assessment.json").write_text('{"outcome": "named"}')
        assert found(full) == [("error", "altered", "assessment.json")]

    def test_restored_older_result(self, full):
        full.write_document("assessment.json", "{ }")
        (full.path / "assessment.json").write_text("{}")
        (one,) = full.verify()
        assert one.message.endswith("but what record 5 says.")

    def test_edited_case_is_a_notice(self, full):
        with (full.path / "case.yaml").open("a") as file:
            file.write("conditioning:\n  - Fired from the north.\n")
        (one,) = full.verify()
        assert (one.kind, one.severity, one.is_error) == ("edited", "notice", False)
        assert str(one).startswith("notice: case.yaml: was edited since record 4 (describe")

    def test_decisions_added_behind_the_record(self, full):
        path = full.path / "decisions.jsonl"
        path.write_text(path.read_text() * 2)
        (one,) = full.verify()
        assert (one.kind, one.file) == ("unrecorded", "decisions.jsonl")
        assert "has 1 line(s) more" in one.message

    def test_changed_decision(self, full):
        path = full.path / "decisions.jsonl"
        path.write_text(path.read_text().replace("accept", "reject"))
        assert found(full) == [("error", "altered", "decisions.jsonl")]

    def lines(self, case: CaseFolder) -> list[str]:
        return (case.path / "custody.jsonl").read_text().splitlines()

    def rewrite(self, case: CaseFolder, lines: list[str]) -> tuple[Discrepancy, ...]:
        (case.path / "custody.jsonl").write_text("".join(f"{line}\n" for line in lines))
        return case.verify()

    def test_altered_record(self, full):
        lines = self.lines(full)
        lines[1] = lines[1].replace("Olha", "Ivan")
        (one,) = self.rewrite(full, lines)
        assert (one.kind, one.record) == ("broken_chain", 2)
        assert "record 2 was altered" in one.message

    def test_altered_record_with_its_hash_made_to_fit(self, full):
        lines = self.lines(full)
        content = json.loads(lines[1])
        content["person"] = "Ivan"
        del content["hash"]
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        content["hash"] = hashlib.sha256(canonical.encode()).hexdigest()
        lines[1] = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        (one,) = self.rewrite(full, lines)
        assert (one.kind, one.record) == ("broken_chain", 3)
        assert "record 3 does not follow record 2" in one.message

    def test_removed_record(self, full):
        lines = self.lines(full)
        del lines[4]
        found = self.rewrite(full, lines)
        assert [(one.kind, one.record) for one in found] == [("broken_chain", 5)]

    def test_records_in_another_order(self, full):
        lines = self.lines(full)
        lines[1], lines[2] = lines[2], lines[1]
        assert {one.kind for one in self.rewrite(full, lines)} == {"broken_chain"}

    def test_records_removed_at_the_end_show_in_the_head(self, full):
        head = full.custody_head
        self.rewrite(full, self.lines(full)[:-1])
        assert full.custody_head != head

    @pytest.mark.parametrize("line", ["", "{}", "[]", "null", "{", '{"sequence": 1}', "\udcff"])
    def test_unreadable_record(self, full, line):
        lines = self.lines(full)
        lines[1] = line
        (full.path / "custody.jsonl").write_bytes("".join(f"{one}\n" for one in lines).encode(errors="surrogateescape"))
        kinds = {one.kind for one in full.verify()}
        assert "broken_chain" in kinds

    def test_truncated_last_line_and_life_after_it(self, full):
        path = full.path / "custody.jsonl"
        path.write_bytes(path.read_bytes()[:-20])
        one, *rest = full.verify()
        assert (one.kind, one.record) == ("truncated", 6)
        assert "cut off" in one.message
        assert [other.file for other in rest] == []
        torn = path.read_bytes()
        full.decide("b", "reject", person="Olha")
        assert path.read_bytes().startswith(torn)
        # The record cut off was that of an earlier decision: it is recorded again before the new one.
        assert [(one.sequence, one.action) for one in read_chain(full.path).records[-2:]] == [
            (6, "recover"),
            (7, "decide"),
        ]

    def test_no_record_is_a_notice(self, full):
        (full.path / "custody.jsonl").unlink()
        assert found(full) == [("notice", "no_record", "custody.jsonl")]
        assert not full.managed

    def test_link_out_of_the_case(self, full, tmp_path):
        (tmp_path / "secret.csv").write_text("x")
        (full.path / "sheets/link.csv").symlink_to(tmp_path / "secret.csv")
        assert ("error", "outside", "sheets/link.csv") in found(full)
        refused(full.sheet_paths, "leads out of the case folder")

    def test_verifying_writes_nothing(self, full):
        before = snapshot(full.path)
        full.verify()
        assert snapshot(full.path) == before


def test_adding_to_a_case_without_a_record_begins_one_with_everything(tmp_path, sources):
    (tmp_path / "c/photographs").mkdir(parents=True)
    (tmp_path / "c/photographs/old.jpg").write_bytes(b"old")
    (tmp_path / "c/case.yaml").write_text("id: c\n")
    case = open_case(tmp_path / "c", clock=Clock())
    assert not case.managed
    case.add([sources / "IMG_1.jpg"])
    assert case.verify() == ()
    files = [record.file for record in read_chain(case.path).records]
    assert files == ["case.yaml", "photographs/old.jpg", "photographs/IMG_1.jpg", "case.yaml"]


class TestNotWritable:
    """A place where nothing may be written costs nothing that is already there."""

    @pytest.fixture(params=[errno.EACCES, errno.EROFS, errno.ENOSPC])
    def full_disk(self, request, monkeypatch):
        def fail(*_arguments: object, **_options: object) -> None:
            raise OSError(request.param, os.strerror(request.param))

        monkeypatch.setattr("forensics.casefile.writing.tempfile.mkstemp", fail)
        monkeypatch.setattr("forensics.casefile.writing.os.fsync", fail)
        return os.strerror(request.param)

    def test_every_way_of_writing(self, case, sources, full_disk):
        before = {name: data for name, data in snapshot(case.path).items() if name != "decisions.jsonl"}
        for action in (
            lambda: case.write_document("assessment.json", "{}"),
            lambda: case.write_observations((seen(),)),
            lambda: case.add([sources / "IMG_1.jpg"]),
        ):
            refused(action, "cannot be written", full_disk, "Nothing was lost", "Copy the case")
        assert snapshot(case.path) == before
        refused(lambda: case.decide("a", "accept", person="Olha"), "cannot be written")

    def test_a_failing_replace_keeps_the_old_file(self, case, monkeypatch):
        case.write_document("assessment.json", "old")

        def fail(*_arguments: object) -> None:
            raise OSError(errno.EIO, "input/output error")

        monkeypatch.setattr(Path, "replace", fail)
        refused(lambda: case.write_document("assessment.json", "new"), "input/output error")
        assert (case.path / "assessment.json").read_text() == "old"
        assert [path.name for path in case.path.iterdir() if path.name.startswith(".")] == []

    def test_a_file_where_a_folder_should_be(self, case, sources):
        (case.path / "photographs").rmdir()
        (case.path / "photographs").write_text("in the way")
        refused(lambda: case.add([sources / "IMG_1.jpg"]), "cannot be written")

    def test_reading_needs_no_writing(self, case, sources, full_disk):
        again = open_case(case.path)
        assert again.verify() == ()
        assert again.photograph_entries() == ()
        assert again.decisions() == ()

    def test_a_disk_that_fills_up_half_way_keeps_a_true_record(self, case, sources, monkeypatch):
        (sources / "IMG_2.jpg").write_bytes(b"second")
        from forensics.casefile import adding  # noqa: PLC0415

        real = adding.copy_original

        def fail_on_second(source: Path, target: Path, expected: str) -> None:
            if source.name == "IMG_2.jpg":
                raise CaseError(())
            real(source, target, expected)

        monkeypatch.setattr(adding, "copy_original", fail_on_second)
        with pytest.raises(CaseError):
            case.add([sources / "IMG_1.jpg", sources / "IMG_2.jpg"])
        assert open_case(case.path).verify() == ()
        assert [entry.file for entry in open_case(case.path).photograph_entries()] == ["photographs/IMG_1.jpg"]


def test_a_source_that_changes_while_it_is_copied(case, sources, monkeypatch):
    from forensics.casefile import adding  # noqa: PLC0415

    monkeypatch.setattr(adding, "digest_of", lambda _path: "0" * 64)
    refused(lambda: case.add([sources / "IMG_1.jpg"]), "changed while it was copied")
    assert list((case.path / "photographs").iterdir()) == []


def test_record_change_needs_a_person_and_a_reason(case, sources):
    case.add([sources / "sheet.csv"])
    refused(lambda: case.record_change("sheets/sheet.csv", person="", note="x"), "with the person")
    refused(lambda: case.record_change("sheets/no.csv", person="O", note="x"), "does not exist")
    refused(lambda: case.record_change("../x.csv", person="O", note="x"), "does not stay inside")
    case.record_change("sheets/sheet.csv", person="O", note="typo")
    assert read_chain(case.path).records[-1].action == "replace"


def test_the_shipped_samples_open_and_need_no_record():
    samples = Path(__file__).parents[2] / "images/samples"
    for folder in sorted(path.parent for path in samples.glob("*/case.yaml")):
        case = open_case(folder)
        assert not any(one.is_error for one in case.verify()), folder.name
        assert case.sheet_paths()
