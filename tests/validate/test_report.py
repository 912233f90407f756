"""The validation report: one set of numbers, three renderings, pictures where Matplotlib is there."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from forensics.cli.validate import command
from forensics.errors import InputError, MissingProgramError
from forensics.validate import Run, run_validation, sections_of, write_report
from forensics.validate.plots import draw_figures
from forensics.validate.rendering import render_html, render_markdown, render_text

SMALL = ("submunition", "mortar_bomb", "anti_ship_missile")


@pytest.fixture(scope="module")
def run() -> Run:
    return run_validation(classes=SMALL, worlds=2, sheets=100, families=2, left_out_sheets=30)


def test_every_number_of_the_text_is_in_the_page(run: Run) -> None:
    sections = sections_of(run)
    text, page, markdown = render_text(sections), render_html(sections), render_markdown(sections)
    cells = [cell for section in sections for row in section.rows for cell in row]
    assert len(cells) > 100
    for cell in cells:
        assert cell in text
        assert cell in markdown
    assert page.count("<tr>") == sum(len(section.rows) + 1 for section in sections if section.rows)
    assert "NaN" not in text
    assert "nan" not in text.split()


def test_the_report_is_the_same_every_time(run: Run) -> None:
    again = run_validation(classes=SMALL, worlds=2, sheets=100, families=2, left_out_sheets=30)
    assert render_markdown(sections_of(run)) == render_markdown(sections_of(again))


def test_a_class_that_is_none_is_refused_with_the_classes_there_are() -> None:
    with pytest.raises(InputError, match=r"'missile' is no class\. Classes are: .*submunition"):
        run_validation(classes=("missile",))
    with pytest.raises(InputError, match="fewer than two types"):
        run_validation(classes=("torpedo",))


def test_files_are_written(run: Run, tmp_path: Path) -> None:
    written = {path.name for path in write_report(run, tmp_path / "new" / "folder", figures=False)}
    assert written == {"validation.md", "validation.html", "validation.json"}
    document = json.loads((tmp_path / "new" / "folder" / "validation.json").read_text(encoding="utf-8"))
    assert document["schema"] == "forensics.validation/1"
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        write_report(run, tmp_path / "file", figures=False)


def test_pictures_are_drawn_where_matplotlib_is(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    names = draw_figures(dataclasses.replace(run, studies=run.studies[:1]), tmp_path)
    assert names == ("calibration.svg", "cost.svg", "tippett.svg")
    assert all((tmp_path / name).stat().st_size > 2000 for name in names)
    placed = [name for section in sections_of(run, names) for name in section.figures]
    assert sorted(placed) == sorted(names)


def test_the_page_with_its_pictures_is_one_file(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    write_report(run, tmp_path)
    page = (tmp_path / "validation.html").read_text(encoding="utf-8")
    assert page.count("data:image/svg+xml;base64,") == 3
    assert 'src="c' not in page
    assert "http" not in page.split("</style>", 1)[1]


def test_leaving_the_twins_out_too_leaves_no_twin(run: Run) -> None:
    assert [entry.id for entry in run.without_twins] == [entry.id for entry in run.families]
    assert not any(entry.twins for entry in run.without_twins)


def test_without_matplotlib_the_way_to_get_it_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingProgramError, match=r"missile-forensics\[validate\]"):
        draw_figures(run, tmp_path)


def test_the_command_prints_results_to_standard_output_and_progress_to_standard_error() -> None:
    result = CliRunner().invoke(
        command, ["--sheets", "50", "--worlds", "2", "--class", "submunition"], standalone_mode=False
    )
    assert result.exception is None
    assert "Cost of the likelihood ratios" in result.stdout
    assert "severe worlds" in result.stderr
    assert "severe worlds" not in result.stdout
