"""Views of one document: the same numbers, nothing hidden, nothing executed.

Golden texts live in ``golden/``; a missing one is a failure. ``python tests/report/refresh.py`` writes them anew: read
the difference before it is kept.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from forensics.errors import InputError
from forensics.model.result import Assessment
from forensics.report import explain, offences, render, schema
from forensics.report.examinations import next_examinations_text
from forensics.report.explain import explain_text
from forensics.report.formats.csv_ import render_csv
from forensics.report.layout import cells
from forensics.report.lookalikes import look_alikes
from forensics.report.matrix import matrix_svg
from forensics.report.waterfall import waterfall

GOLDEN = Path(__file__).with_name("golden")
HOSTILE = '<script>alert(1)</script>\x1b[31m"red"\u202e=cmd|calc\n'


@pytest.mark.parametrize("name", ["kharkiv", "tochka", "none_fits", "insufficient", "pattern_tie", "type_candidates"])
def test_golden_text(document, name):
    expected = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert render(document(name), "text", verbosity=2, width=80) == expected


def test_text_keeps_its_width(each):
    for width in (72, 80, 120):
        too_wide = [line for line in render(each, "text", verbosity=1, width=width).splitlines() if cells(line) > width]
        assert not too_wide


def test_text_without_colour_has_no_escapes(each):
    assert "\x1b" not in render(each, "text", verbosity=2)


def test_colour_changes_nothing_but_colour(each):
    coloured = render(each, "text", colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(each, "text")


def test_json_is_safe_to_print_and_reads_back(document):
    kharkiv = document("kharkiv")
    case = kharkiv.case.model_copy(update={"title": "a\u202eb\x9bc\u2028d ㅈ"})
    bad = kharkiv.model_copy(update={"case": case})
    text = render(bad, "json")
    assert not re.search("[\u202e\x9b\u2028]", text)
    assert "ㅈ" in text
    assert Assessment.model_validate_json(text) == bad


def test_json_is_the_document(each):
    text = render(each, "json")
    assert Assessment.model_validate_json(text) == each
    assert text.endswith("}\n")


def table(document):
    return list(csv.DictReader(io.StringIO(render(document, "csv"), newline="")))


def test_csv_holds_the_numbers_of_the_document_in_full(each):
    rows = table(each)
    by_candidate = {candidate.id: candidate for candidate in each.ranking}
    assert {row["id"] for row in rows} >= set(by_candidate)
    for row in rows:
        if row["id"] not in by_candidate:
            continue
        candidate = by_candidate[row["id"]]
        assert float(row["log10_lr"]) == candidate.log10_lr
        assert (float(row["prior"]), float(row["posterior"])) == (candidate.prior, candidate.posterior)
        if row["observation"]:
            line = next(entry for entry in candidate.evidence if entry.observation == row["observation"])
            assert float(row["contribution_log10"]) == line.contribution_log10
            assert float(row["background"]) == line.background
    assert sum(len(candidate.evidence) or 1 for candidate in each.ranking) <= len(rows)


def test_csv_ends_with_what_is_not_catalogued(each):
    last = table(each)[-1]
    assert last["id"] == "not_catalogued"
    assert float(last["posterior"]) == each.not_catalogued.posterior
    for row in table(each):
        assert bool(row["prior"]) == bool(row["posterior"])


def test_csv_is_rfc_4180(each):
    text = render(each, "csv")
    assert text.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n", text)
    assert len({len(row) for row in csv.reader(io.StringIO(text, newline=""))}) == 1
    assert render_csv(each, byte_order_mark=True) == "\ufeff" + text


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-cmd", "@x", "  =1", "＝1", "\t=1"])
def test_a_spreadsheet_runs_no_cell(document, cell):
    tochka = document("tochka")
    first = tochka.ranking[0].model_copy(update={"name": cell})
    rows = table(tochka.model_copy(update={"ranking": (first,)}))
    assert rows[0]["name"].startswith("'")


def test_numbers_agree_across_views(each):
    """Every ratio of the statement stands in the text and in the HTML as it stands in the document."""
    ratios = re.findall(r"(?:about|at least) [\d,./]+ times", each.conclusion.statement)
    text = " ".join(render(each, "text").split())
    page = " ".join(re.sub(r"<[^>]+>", " ", render(each, "html")).split())
    for ratio in ratios:
        assert ratio in text
        assert ratio in page
    for candidate in each.ranking[:3]:
        if each.ranking[0].log10_lr:
            shown = f"{candidate.log10_lr:+.2f}"
            assert shown in text or shown == "+0.00"
            assert shown in page.replace("\u2212", "-") or shown == "+0.00"


def without_annex(page):
    """The page without its machine-readable annex, which is inert data and must not close its own element."""
    annex = re.findall(r'<script type="application/json" id="assessment">(.*?)</script>', page, re.S)
    assert len(annex) == 1
    assert json.loads(annex[0])["schema"] == "forensics.assessment/1"
    return re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.S)


def hostile(document):
    observations = tuple(
        entry.model_copy(update={"note": HOSTILE, "item": f"={HOSTILE}"}) for entry in document.observations
    )
    case = document.case.model_copy(update={"title": HOSTILE, "place": HOSTILE})
    ranking = tuple(
        candidate.model_copy(
            update={"evidence": tuple(line.model_copy(update={"observed": HOSTILE}) for line in candidate.evidence)}
        )
        for candidate in document.ranking
    )
    return document.model_copy(update={"observations": observations, "case": case, "ranking": ranking})


@pytest.mark.parametrize("name", ["kharkiv", "insufficient"])
def test_hostile_text_is_neutralised(document, name):
    bad = hostile(document(name))
    text = render(bad, "text", verbosity=2)
    assert "\x1b" not in text
    assert "\u202e" not in text
    page = without_annex(render(bad, "html"))
    assert "<script" not in page
    assert "\u202e" not in page
    for row in csv.reader(io.StringIO(render(bad, "csv").removeprefix("\ufeff"))):
        for cell in row:
            assert not re.match(r"[=@+]|-\D", cell), cell


def test_html_asks_nothing_of_the_network(each):
    page = without_annex(render(each, "html"))
    assert "Content-Security-Policy" in page
    assert not re.search(r'(?:src|href)="https?://', re.sub(r'<a [^>]*href="https?://[^"]*"', "", page))
    assert "<script" not in page


def test_html_embeds_the_photographs_given(document):
    kharkiv = document("kharkiv")
    target = io.BytesIO()
    Image.new("RGB", (8, 6), "grey").save(target, "JPEG")
    images = {photograph.path: target.getvalue() for photograph in kharkiv.photographs}
    assert "data:image/jpeg;base64," in render(kharkiv, "html", images=images)


def test_explain_says_for_and_against(document):
    kharkiv = document("kharkiv")
    against = explain_text(kharkiv, "9m723")
    assert "Against" in against
    for line in next(entry for entry in kharkiv.ranking if entry.id == "9m723").evidence:
        if line.match == "differs":
            assert line.expected.split(",")[0] in " ".join(against.split())


def test_explain_orders_by_weight_and_names_what_would_have_fitted(document):
    told = explain(document("kharkiv"), "9m723")
    assert told.leader == "hwasong-11a"
    assert told.rank == 7
    for reasons in (told.supporting, told.opposing):
        weights = [abs(reason.contribution_log10) for reason in reasons]
        assert weights == sorted(weights, reverse=True)
    assert {reason.would_have_fitted for reason in told.opposing} == {
        "920 ± 10 mm",
        "18 bolts in 6 groups of 3",
        "Cyrillic",
    }
    assert [reason.trait for reason in told.silent] == ["year_mark"]
    assert told.behind_leader_log10 == pytest.approx(4.17 + 1.76)


def test_explain_the_leader_and_an_unlisted_design(document):
    kharkiv = document("kharkiv")
    assert explain(kharkiv, "hwasong-11a").leader is None
    assert "unlisted design of the DPRK" in explain(kharkiv, "unlisted@DPRK").summary
    assert "Juche year 112" in explain_text(kharkiv, "hwasong-11a")


def test_explain_names_near_ids_for_an_unknown_one(document):
    with pytest.raises(InputError, match="hwasong-11a"):
        explain(document("kharkiv"), "hwasong-11")
    with pytest.raises(InputError, match="relevant population"):
        explain(document("kharkiv"), "arash")


def test_explanation_says_nothing_forbidden(each):
    for candidate in each.ranking:
        for width in (60, 100):
            text = explain_text(each, candidate.id, width=width)
            assert all(cells(line) <= width for line in text.splitlines())
        assert not offences(" ".join(text.split()), quoted=[entry.title for entry in each.bibliography])


def test_waterfall_bars_are_a_running_total(document):
    bars = waterfall(document("kharkiv"), "9m723")
    assert bars[0].kind == "start"
    assert [bar.kind for bar in bars[-2:]] == ["rest", "total"]
    for before, after in itertools.pairwise(bars[:-1]):
        assert after.start == pytest.approx(before.end)
        assert after.end - after.start == pytest.approx(after.log10_lr)


def test_no_other_format(document):
    with pytest.raises(InputError, match="text, json, html, csv"):
        render(document("tochka"), "docx")
    with pytest.raises(InputError, match="render_bytes"):
        render(document("tochka"), "pdf")


def test_waterfall_adds_up(each):
    for candidate in each.ranking:
        if not candidate.evidence:
            continue
        bars = waterfall(each, candidate.id)
        assert bars[-1].end == pytest.approx(candidate.log10_lr, abs=0.011 * len(bars))


def test_look_alikes_are_outside_the_tie_and_have_something_against_them(each):
    for entry in look_alikes(each):
        assert entry.candidate.id not in each.conclusion.members
        assert all(line.contribution_log10 < 0 for line in entry.against)


def test_next_examinations(each):
    text = next_examinations_text(each, limit=2)
    assert text.endswith("\n")
    for entry in each.next[:2]:
        assert entry.trait in text


def test_schemas_are_published():
    for name in ("assessment", "observation", "case"):
        assert json.dumps(schema(name))
    with pytest.raises(InputError):
        schema("nothing")


def test_matrix_escapes_what_it_draws():
    picture = matrix_svg(["a", "<b>"], [[0.0, 0.1], [0.1, 0.0]], [0, 1], 1.0)
    assert "&lt;b&gt;" in picture
    assert "<b>" not in picture
