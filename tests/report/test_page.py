"""The HTML page: complete, sealed, and with the numbers of the document."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser

import pytest

from forensics.report import render
from forensics.report.numbers import log10_text, probability

HEADINGS = [
    "Question and mandate",
    "Items, custody, integrity",
    "Conditioning information",
    "Propositions",
    "Observations",
    "Method, versions, validity",
    "Results",
    "Trait by trait",
    "Sensitivity",
    "Priors and posteriors",
    "Circularity",
    "Not observed; what to examine next",
    "Limitations",
    "Review and signatures",
    "Annex: sources, machine-readable document",
]
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """Checks that elements close in order and collects ids, links and the cells of tables."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.rows = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found.get("href", ""))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_startendtag(self, tag, attrs):
        """Self-closed elements of SVG."""

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.rows and {"td", "th"} & set(self.open[-4:]):
            self.rows[-1][-1] += data


def test_the_fifteen_headings_in_order(each):
    page = render(each, "html")
    found = re.findall(r"<h2 id=\"s(\d+)\">(\d+)\. (.*?)</h2>", page)
    assert [html.unescape(title) for _, _, title in found] == HEADINGS
    assert [number for number, _, _ in found] == [str(n) for n in range(1, 16)]


def test_elements_close_ids_are_unique_and_links_lead_somewhere(each):
    page = Page(render(each, "html"))
    assert not page.open
    assert len(page.ids) == len(set(page.ids))
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert inside <= set(page.ids)


def test_the_policy_allows_this_style_sheet_and_nothing_else(each):
    page = render(each, "html")
    policy = html.unescape(re.search(r'Content-Security-Policy" content="(.*?)"', page).group(1))
    style = re.search(r"<style>(.*?)</style>", page, re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert not re.search(r"\sstyle=|\son\w+=", page)


def test_the_ranking_holds_every_candidate_with_its_numbers(each):
    if not any(candidate.evidence for candidate in each.ranking):
        return
    rows = Page(render(each, "html")).rows
    for candidate in each.ranking:
        found = [row for row in rows if log10_text(candidate.log10_lr) in row]
        assert found, candidate.id
        if candidate.interval is not None:
            low, high = (log10_text(end) for end in candidate.interval)
            assert any(f"{low} to {high}" in row for row in found)


def test_every_posterior_has_its_prior_in_the_same_row(each):
    rows = Page(render(each, "html")).rows
    for node in (*each.states, *each.families):
        assert any(row[-2:] == [probability(node.prior), probability(node.posterior)] for row in rows)
    page = render(each, "html")
    before = page[: page.index('id="s10"')]
    assert "posterior" not in re.sub(r"<nav.*?</nav>", "", before, flags=re.S).lower()


def test_the_annex_is_the_document(each):
    page = render(each, "html")
    annex = re.search(r'<script type="application/json" id="assessment">\n(.*?)</script>', page, re.S).group(1)
    assert json.loads(annex) == json.loads(render(each, "json"))
    assert hashlib.sha256(render(each, "json").encode()).hexdigest() in page


def test_an_address_that_is_no_web_address_is_no_link(document):
    kharkiv = document("kharkiv")
    entry = kharkiv.bibliography[0].model_copy(update={"address": "javascript:alert(1)"})
    page = Page(render(kharkiv.model_copy(update={"bibliography": (entry,)}), "html"))
    assert not [link for link in page.links if link.startswith("javascript")]


def test_an_empty_limitation_list_marks_the_report_incomplete(document):
    bare = document("kharkiv").model_copy(update={"limitations": ()})
    for format_ in ("text", "html"):
        told = " ".join(render(bare, format_).split())
        assert "This report is incomplete: no limitation is stated." in told


@pytest.mark.parametrize("format_", ["text", "json", "html", "csv"])
def test_the_same_document_gives_the_same_bytes(each, format_):
    assert render(each, format_) == render(each.model_copy(deep=True), format_)


def test_dates_places_and_custody_are_told(document):
    page = render(document("kharkiv"), "html")
    for fact in ("regional forensic institute, shelf 14", "ab" * 32, "2024-01-02T14:11:09", "Шевченківський район"):
        assert fact in page


def test_an_unread_input_is_told_at_the_top_and_listed(document):
    told = document("insufficient")
    page = render(told, "html")
    assert page.index("could not be read") < page.index('id="s1"')
    assert "photographs/broken.jpg" in page
    text = render(told, "text")
    assert text.index("could not be read") < text.index("CANDIDATES")
    assert "photographs/broken.jpg" in text
