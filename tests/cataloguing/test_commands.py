"""The other catalogue commands end to end: list, show, lint, diff, overlap, try, coverage, traits."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

SMERCH = "types/rus/rocket_artillery/9m55.yaml"
NEW = ("catalogue", "new", "--yes", "--from", "9m55", "--answer", "owner=Desk 4", "--answer", "review_by=2027-06-30")


class TestLooking:
    def test_list_by_state_and_class(self, run) -> None:
        listed = run("catalogue", "list", "--state", "DPRK", "--class", "mortar_bomb")
        assert listed.exit_code == 0
        assert listed.output.startswith("North Korea (DPRK)\n  dprk-120mm-mortar-bomb ")
        assert "ballistic_missile" not in listed.output

    def test_a_filter_that_leaves_nothing_says_so(self, run) -> None:
        listed = run("catalogue", "list", "--state", "XYZ")
        assert listed.exit_code == 2
        assert "no type is left" in listed.output

    def test_show_by_any_name_says_where_each_value_stands(self, run) -> None:
        shown = run("catalogue", "show", "방-122").output
        assert shown.startswith("R-122 rocket (r-122)")
        assert re.search(r"nozzle_count +7 \(85%\) +\[weight 0\.\d\d; OB04 \(B3\); stated at pattern grad-122\]", shown)
        assert re.search(r"calibre_mm +122 mm .*\[weight 0\.\d\d; DS55 \(B1\), DS63 \(A2\)\]", shown)

    def test_an_unknown_type_gets_near_names(self, run) -> None:
        shown = run("catalogue", "show", "hwasong-11")
        assert shown.exit_code == 2
        assert re.search(r"Near: hwasong-11[a-d]|Near: hwasong-11s", shown.output)

    def test_difference_of_two_copies_and_of_two_designs(self, run) -> None:
        assert "No trait that both state separates them" in run("catalogue", "diff", "emad", "shahab-3").output
        text = run("catalogue", "diff", "hwasong-11a", "9m723").output
        separates = text.split("Separates them")[1].split("\n\n")[0]
        assert "igniter_bolt_ring" in separates

    def test_coverage_as_text_and_as_a_table(self, run) -> None:
        assert "sourced values (weight at least .8)" in run("catalogue", "coverage").output
        table = run("catalogue", "coverage", "--format", "csv").output.splitlines()
        assert table[0].startswith("type,state,class,status,")
        assert any(line.startswith("r-122,DPRK,rocket_artillery,reviewed,") for line in table)

    def test_traits_show_the_pictures_of_their_values(self, run) -> None:
        pictures = re.findall(r"picture: (.*)", run("traits", "fin_form").output)
        assert len(pictures) >= 5
        assert all(Path(picture).is_file() for picture in pictures)
        rings = re.findall(r"picture: (.*)", run("traits", "igniter_bolt_ring").output)
        assert {Path(ring).name for ring in rings} >= {"ring_spacing.even.svg", "ring_spacing.grouped.svg"}


class TestLint:
    def test_the_catalogue_has_no_error_and_no_warning_of_its_files(self, run) -> None:
        result = run("catalogue", "lint", "--quick")
        assert result.exit_code == 0
        assert result.output.startswith("0 errors, 0 warnings"), result.output

    def test_a_planted_near_duplicate_is_named_with_its_twin_and_the_trait_to_find(self, run, few: Path) -> None:
        text = (few / SMERCH).read_text(encoding="utf-8")
        text = re.sub(r"^id: .*", "id: 9m55-bis", text, flags=re.MULTILINE)
        text = re.sub(r"^name: .*", "name: Smerch once more", text, flags=re.MULTILINE)
        text = re.sub(r"^(aliases|confusable_with): .*\n", "", text, flags=re.MULTILINE)
        (few / "types/rus/rocket_artillery/9m55-bis.yaml").write_text(text, encoding="utf-8")
        found = run("catalogue", "lint", "--check", "not-separable", "--catalogue", few).output
        line = next(line for line in found.splitlines() if "9m55 and 9m55-bis" in line or "9m55-bis and 9m55 " in line)
        assert "warning [not-separable]" in line
        assert "expected weight 10^0.0" in line
        assert re.search(r"stated for neither: [a-z_]+", line)

    def test_a_declared_pair_is_no_warning(self, run, few: Path) -> None:
        found = run("catalogue", "lint", "--check", "not-separable", "--catalogue", few).output
        assert "of-25 and of-540" not in found
        noted = run("catalogue", "lint", "--check", "not-separable", "--notes", "--catalogue", few).output
        assert "note [not-separable] of-25 and of-540 are not told apart" in noted

    def test_an_example_that_does_not_come_out_as_stated_is_an_error(self, run, few: Path) -> None:
        shutil.copytree(Path(__file__).parents[2] / "signatures" / "examples", few / "examples")
        path = few / "types/dprk/rocket_artillery/r-122.yaml"
        text = path.read_text(encoding="utf-8")
        for said, code in (("named, members: [r-122]", 0), ("none_fits", 2)):
            path.write_text(f"{text}examples:\n  - {{case: examples/r-122.csv, outcome: {said}}}\n", encoding="utf-8")
            result = run("catalogue", "lint", "--check", "example-differs", "--catalogue", few)
            assert result.exit_code == code, result.output
        assert "comes out as named, not as none_fits" in result.output

    def test_an_unknown_check_is_refused(self, run) -> None:
        assert run("catalogue", "lint", "--check", "nonsense").exit_code == 2


class TestTry:
    def test_a_draft_is_tried_on_recorded_cases(self, run, few: Path, tmp_path: Path) -> None:
        assert run(*NEW, "--answer", "name=Smerch draft", "--keep", "canard_count", "--catalogue", few).exit_code == 0
        cases = tmp_path / "cases"
        cases.mkdir()
        for name in ("9m55", "r-122"):
            shutil.copy(Path(__file__).parents[2] / "signatures" / "examples" / f"{name}.csv", cases)
        draft = few / "draft/rus/rocket_artillery/smerch-draft.yaml"
        before = draft.read_bytes()
        result = run("catalogue", "try", draft, "--cases", cases, "--catalogue", few)
        assert result.exit_code == 0, result.output
        assert "2 cases scored again with smerch-draft in place" in result.output
        assert "9m55" in result.output
        assert draft.read_bytes() == before

    def test_a_file_in_no_place_is_refused(self, run, few: Path, tmp_path: Path) -> None:
        stray = tmp_path / "stray.yaml"
        shutil.copy(few / SMERCH, stray)
        result = run("catalogue", "try", stray, "--catalogue", few)
        assert result.exit_code == 2
        assert "does not stand where a signature stands" in result.output


@pytest.mark.parametrize("suffix", ["svg", "csv"])
def test_overlap_is_written_to_a_file(run, few: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"overlap.{suffix}"
    result = run("catalogue", "overlap", "-o", target, "--catalogue", few)
    assert result.exit_code == 0, result.output
    assert "9m22u" in target.read_text(encoding="utf-8")
