"""The whole way in a real browser: from an empty case to a report.

The machine's readings are planted (``planted``), so that the tests take seconds and need no reader of markings; that
the reading process runs, shows progress and can be stopped is tested in ``test_work.py``.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from workbench_materials import SHEET

pytest.importorskip("selenium", reason="selenium is not installed")
pytest.importorskip("uvicorn", reason="the extra [workbench] is not installed")

_SPEC = importlib.util.spec_from_file_location("workbench_browsing", Path(__file__).with_name("browsing.py"))
assert _SPEC is not None and _SPEC.loader is not None
browsing = importlib.util.module_from_spec(_SPEC)
sys.modules["workbench_browsing"] = browsing
_SPEC.loader.exec_module(browsing)

from forensics.casefile import open_case  # noqa: E402
from forensics.catalogue import load  # noqa: E402
from forensics.cli.main import main  # noqa: E402
from forensics.model.evidence import Box, Method, Observation, PhotographReading, Provenance  # noqa: E402
from forensics.model.values import NotExaminable, Reading, Ring, Text  # noqa: E402
from forensics.workbench import jobs  # noqa: E402
from forensics.workflow.inputs import gather, register  # noqa: E402
from forensics.workflow.readings import _key, _pointed  # noqa: E402

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(browsing.reason_no_browser()), reason=browsing.reason_no_browser() or "-"),
]
Keys = browsing.Keys

ROOT = Path(__file__).resolve().parents[2]
PHOTOGRAPHS = ROOT / "images" / "samples" / "kharkiv-2024-01-02" / "photographs"
NAMES = ("label.jpg", "igniter-plate.jpg", "nozzle.jpg")
LABEL_BOX = Box(x=190, y=440, width=340, height=80)
SCREENSHOTS = os.environ.get("FORENSICS_SCREENSHOTS", "")
"""A folder: the pictures of the README are made anew there (``images/screenshots``)."""
FOR_README = ("photographs", "photograph", "ring", "trait", "assessment", "report")
PAGES = (
    "/case",
    "/photographs",
    "/photographs/0",
    "/photographs/1",
    "/traits",
    "/traits/fin_form",
    "/traits/marking_text",
    "/assessment",
    "/report",
    "/start",
)


def planted(folder: Path) -> None:
    """What a reader might have read: a mark it is not sure of, and nothing else."""
    catalogue = load(None)
    gathered = gather([str(folder)])
    photographs, _ = register(gathered)
    files = {gathered.shown_as[path]: path for path, _ in gathered.photographs}
    asked = _pointed(gathered, photographs, catalogue, files)
    for photograph, at in zip(photographs, asked, strict=True):
        found = []
        if photograph.path.endswith("label.jpg"):
            readings = (Reading(text="ス4-17/208", confidence=0.31), Reading(text="ㅈ4-17/208", confidence=0.22))
            found.append(_seen(photograph, LABEL_BOX, Text(readings=readings), 0.31))
        for mark in at.marks if at is not None else ():
            (left, top), _, (right, bottom), _ = mark.corners
            box = Box(x=int(left), y=int(top), width=int(right - left), height=int(bottom - top))
            reason = "A person pointed at this region; no reader could read anything in it."
            found.append(_seen(photograph, box, NotExaminable(reason=reason), None))
        key = _key(photograph, at, catalogue)
        gathered.folder.keep_reading(
            PhotographReading(photograph=photograph.path, sha256=photograph.sha256, key=key, observations=tuple(found))
        )


def _seen(photograph, box: Box, value, confidence) -> Observation:
    return Observation(
        id=f"markings-{box.x:04d}{box.y:04d}{box.width:04d}",
        item=photograph.item,
        trait="marking_text",
        value=value,
        provenance=Provenance(
            examiner="markings", method=Method.AUTOMATIC, photograph=photograph.path, box=box, tool="planted"
        ),
        confidence=confidence,
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The pages, with a reader that answers at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(jobs.ReadingJob, "start", lambda self, only=None: planted(self._folder))
        site = browsing.Served(tmp_path_factory.mktemp("cases"))
        yield site
        site.close()


@pytest.fixture(scope="module")
def browser(served, tmp_path_factory):
    """Chromium, come in."""
    made = browsing.Browser(tmp_path_factory.mktemp("downloads"))
    made.go(served.entrance())
    made.one('form[action="/start/new"]')
    yield made
    made.close()


@pytest.fixture
def shot(browser, tmp_path_factory):
    """Pictures of the pages, kept as artefacts; those of the README made when asked for."""
    folder = Path(os.environ.get("FORENSICS_ARTEFACTS", "") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)

    def take(name: str) -> None:
        path = folder / f"{name}.png"
        browser.picture(str(path))
        if SCREENSHOTS and name in FOR_README:
            target = Path(SCREENSHOTS) / f"{name}.webp"
            target.parent.mkdir(parents=True, exist_ok=True)
            Image.open(path).convert("RGB").save(target, quality=82, method=6)
            assert target.stat().st_size < 300_000

    return take


def bolts() -> list[tuple[float, float]]:
    """Where the visible bolts of the rendered igniter plate are, in pixels."""
    truth = json.loads((PHOTOGRAPHS / "igniter-plate.json").read_text(encoding="utf-8"))
    return [tuple(bolt["px"]) for bolt in truth["truth"]["igniter_bolt_ring"]["bolts"] if bolt["visible"]]


def rows(served) -> list[dict[str, str]]:
    """The sheet that the form fills in."""
    path = served.workbench.desk.path / "sheets" / "workbench.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def decisions(served):
    """What persons decided."""
    return open_case(served.workbench.desk.path).decisions()


def open_photograph(browser, served, name: str) -> None:
    """Open one of the photographs."""
    shown = next(one for one in served.workbench.desk.photographs() if one.name == name)
    browser.go(f"{served.address}/photographs/{shown.id}")
    browser.viewer()


def test_a_new_user_reaches_a_report_in_under_ten_actions(served, browser, tmp_path, shot):
    sheet = tmp_path / "measured.csv"
    sheet.write_text(SHEET, encoding="utf-8")
    browser.actions = 0
    browser.act_type('form[action="/start/new"] [name=id]', "k-1")
    browser.act_click('form[action="/start/new"] button')
    browser.one("#files")
    shot("case-empty")
    browser.act_upload("#files", [*(PHOTOGRAPHS / name for name in NAMES), sheet])
    browser.until(lambda: len(browser.all("form.describe img")) == 3, "three photographs")
    shot("case")
    browser.act_click('.steps a[href="/report"]')
    browser.one("iframe.preview")
    browser.act_click('a[href="/report/download/html"]')
    page = browser.downloads / "k-1.html"
    browser.until(page.is_file, "the report")
    assert "Hwasong-11" in page.read_text(encoding="utf-8")
    assert browser.actions < 10
    case = open_case(served.workbench.desk.path)
    entries = case.photograph_entries()
    assert [entry.file.rpartition("/")[2] for entry in entries] == list(NAMES)
    for entry, name in zip(entries, NAMES, strict=True):
        assert (case.path / entry.file).read_bytes() == (PHOTOGRAPHS / name).read_bytes()
    assert not case.verify()
    assert browser.complaints() == []


def test_correct_the_consonant(served, browser, shot):
    browser.go(f"{served.address}/photographs")
    browser.until(lambda: "1 to review" in browser.text("main"), "a badge")
    shot("photographs")
    open_photograph(browser, served, "label.jpg")
    browser.until(lambda: browser.all(".overlay .box"), "the machine's box over the photograph")
    wide = "return document.querySelector('[data-card] img.crop').naturalWidth > 50"
    browser.until(lambda: browser.driver.execute_script(wide), "the crop")
    browser.press("[data-card] [data-correct]")
    field = browser.one("[data-card] input[name=value]")
    assert field.get_attribute("value") == "ス4-17/208"
    field.send_keys(Keys.HOME, Keys.DELETE)
    shot("photograph")
    next(key for key in browser.all("[data-card] .keys .board button") if key.text == "ㅈ").click()
    assert field.get_attribute("value") == "ㅈ4-17/208"
    browser.press('[data-card] button[value="amend"]')
    browser.until(lambda: browser.all("[data-card] .badge.amended"), "corrected")
    (decision,) = decisions(served)
    assert (decision.action, decision.person) == ("amend", "Olha")
    assert decision.value == Text(readings=(Reading(text="ㅈ4-17/208"),))
    assert not open_case(served.workbench.desk.path).verify()


@pytest.mark.parametrize(
    ("jamo", "text"),
    [
        ("ㅂㅏㅇ", "방"),
        ("ㅈ", "ㅈ"),
        ("ㅎㅏㄴㄱㅡㄹ", "한글"),
        ("ㄱㅏㅂㅅㅣ", "갑시"),
        ("ㅇㅗㅏㄴ", "완"),
        ("ㅈ4", "ㅈ4"),
    ],
)
def test_syllables_are_composed(browser, jamo, text):
    script = (
        "const [before, key, done] = arguments;"
        "import('/static/keyboard.js').then(module => done(module.compose(before, key)));"
    )
    typed = ""
    for key in jamo:
        typed = typed[:-1] + browser.driver.execute_async_script(script, typed[-1], key) if typed else key
    assert typed == text


def test_click_a_ring(served, browser, shot):
    open_photograph(browser, served, "igniter-plate.jpg")
    browser.press('[data-mode="bolts"]')
    clicked = bolts()
    browser.click_at(clicked)
    browser.until(lambda: browser.text("#bolt-count") == str(len(clicked)), "every bolt")
    shot("ring")
    browser.press("#bolt-tray .primary")
    browser.until(lambda: browser.all("[data-ring]"), "the ring among the readings")
    (row,) = rows(served)
    assert (row["trait"], row["examiner"], row["method"]) == ("igniter_bolt_ring", "Olha", "photograph")
    (seen,) = [
        entry.observation
        for entry in served.workbench.desk.docket()[0].entries
        if entry.observation.provenance.sheet == "workbench.csv"
    ]
    assert isinstance(seen.value, Ring)
    angles = seen.value.angles_deg
    pitch = sorted(second - first for first, second in pairwise(angles))
    assert 15 < pitch[len(pitch) // 2] < 21, "twenty bolts stand 18 degrees apart"
    assert not open_case(served.workbench.desk.path).verify()


def test_draw_a_box_and_record_what_stands_there(served, browser):
    open_photograph(browser, served, "label.jpg")
    browser.press('[data-mode="box"]')
    browser.drag((960, 210), (1180, 340))
    browser.until(lambda: browser.one("#box-tray").is_displayed(), "the tray")
    browser.one("#box-tray [name=value]").send_keys("112")
    browser.press('#box-tray option[value="year_mark"]')
    browser.press("#box-tray [data-when]")
    browser.until(lambda: len(browser.all("[data-card]")) == 2, "the new record")
    row = rows(served)[-1]
    assert (row["trait"], row["value"]) == ("year_mark", "112")
    assert row["photo"].startswith("photographs/label.jpg [9")


def test_let_the_machine_read_a_box(served, browser):
    open_photograph(browser, served, "nozzle.jpg")
    browser.press('[data-mode="box"]')
    browser.drag((300, 300), (500, 400))
    browser.press("#box-tray [data-empty]")
    browser.until(lambda: browser.all("[data-card].unread"), "what the reader says of the region")
    (pointing,) = open_case(served.workbench.desk.path).pointings()
    assert (pointing.person, pointing.photograph) == ("Olha", "photographs/nozzle.jpg")


def test_mark_a_trait_absent(served, browser, shot):
    browser.go(f"{served.address}/traits")
    browser.one("#find").send_keys("canard")
    browser.until(lambda: len([one for one in browser.all("[data-find]") if one.is_displayed()]) < 4, "few left")
    browser.press('a[href="/traits/canard_count"]')
    browser.press('input[name="state"][value="absent"]')
    field = browser.one('input[name="coverage_absent"]')
    field.clear()
    field.send_keys("80")
    browser.press("#trait-form .primary")
    browser.until(lambda: "80%" in browser.text("main"), "the record")
    row = rows(served)[-1]
    assert (row["trait"], row["state"], row["coverage"]) == ("canard_count", "absent", "0.8")
    browser.go(f"{served.address}/traits/fin_form")
    browser.until(lambda: browser.all(".value img"), "pictures of the values")
    shot("trait")


def test_read_the_ranking_and_download(served, browser, shot, tmp_path, monkeypatch, capsys):
    browser.go(f"{served.address}/assessment")
    browser.one(".waterfall")
    shot("assessment")
    first = browser.text(".ranking tbody tr th a")
    browser.press('a[href="/assessment?reviewed=1"]')
    browser.one('a[href="/assessment?reviewed=1"][aria-current]')
    browser.go(f"{served.address}/report")
    shot("report")
    browser.press('a[href="/report/download/json"]')
    document = browser.downloads / "k-1.json"
    browser.until(document.is_file, "the document")
    path = served.workbench.desk.path
    saved = (path / "assessment.json").read_bytes()
    browser.until(lambda: document.read_bytes() == saved, "the same as in the case")
    assert json.loads(saved)["ranking"][0]["name"] == first
    # The command line says the same, byte for byte, also after its result was deleted.
    (path / "assessment.json").unlink()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["assess", str(path), "--format", "json", "-o", str(tmp_path / "cli.json")])
    capsys.readouterr()
    assert (path / "assessment.json").read_bytes() == saved == (tmp_path / "cli.json").read_bytes()
    browser.press('a[href="/report/export"]')
    browser.until((browser.downloads / "k-1.zip").is_file, "the exported case")


def test_with_the_keyboard_alone(served, browser):
    open_photograph(browser, served, "nozzle.jpg")
    browser.keys(Keys.TAB)
    assert browser.focused().text == "Skip to the content"
    for _ in range(60):
        if browser.focused().get_attribute("id") == "viewer":
            break
        browser.keys(Keys.TAB)
    browser.keys("b", Keys.ARROW_LEFT, Keys.ENTER, *[Keys.ARROW_DOWN] * 5, *[Keys.ARROW_RIGHT] * 8, Keys.ENTER)
    browser.until(lambda: browser.focused().get_attribute("name") == "value", "the field for what stands there")
    browser.keys("K7")
    # To the keyboard on the screen, and its first key.
    browser.keys(*[Keys.TAB] * 5, Keys.ENTER)
    field = browser.one("#box-tray [name=value]")
    assert field.get_attribute("value") == "K7ㅂ"
    browser.keys(Keys.ENTER)
    browser.until(lambda: any(row["value"] == '"K7ㅂ"' or row["value"] == "K7ㅂ" for row in rows(served)), "the record")
    # One key accepts what waits.
    open_photograph(browser, served, "label.jpg")
    before = len(decisions(served))
    browser.keys("a")
    browser.until(lambda: len(decisions(served)) == before + 1, "accepted with one key")


def test_a_second_browser_loses_nothing(served, browser, tmp_path):
    other = browsing.Browser(tmp_path)
    try:
        other.go(served.entrance())
        other.one(".who [name=person]").send_keys(Keys.CONTROL + "a", Keys.NULL, "Petro", Keys.ENTER)
        other.until(lambda: other.one(".who [name=person]").get_attribute("value") == "Petro", "the other's name")
        open_photograph(other, served, "label.jpg")
        open_photograph(browser, served, "label.jpg")
        card = '[data-card][data-id^="markings"]'
        other.press(f'{card} button[value="reject"]')
        other.until(lambda: other.all(f"{card} .badge.conflict"), "a conflict")
        browser.press(f'{card} button[value="accept"]')
        browser.until(lambda: "Petro: reject" in browser.text("#notices"), "what the other decided meanwhile")
        assert [decision.person for decision in decisions(served)[-2:]] == ["Petro", "Olha"]
        # The one who settles it is asked to say so, and then it is settled.
        browser.until(lambda: browser.all(f"{card} .badge.conflict"), "the conflict here too")
        browser.press(f"{card} [data-correct]")
        field = browser.one(f"{card} input[name=value]")
        field.send_keys(Keys.CONTROL + "a", Keys.NULL, "ㅈ4-17/208")
        browser.press(f'{card} button[value="amend"]')
        browser.until(lambda: browser.all(f"{card} .badge.amended"), "settled")
        assert decisions(served)[-1].settles
    finally:
        other.close()


def test_ukrainian(served, browser):
    browser.go(f"{served.address}/assessment")
    browser.press('button[value="uk"]')
    browser.until(lambda: "Ранжування" in browser.text("main"), "Ukrainian")
    browser.go(f"{served.address}/traits")
    assert "діаметр корпусу" in browser.text("main").lower()
    browser.press('button[value="en"]')
    browser.until(lambda: "body diameter" in browser.text("main").lower(), "English")


def _visit(served, browser, page: str) -> None:
    if page.startswith("/photographs/"):
        page = f"/photographs/{served.workbench.desk.photographs()[int(page[13:])].id}"
    browser.go(f"{served.address}{page}")
    browser.one("main")
    browser.until(lambda: "Computing" not in browser.text("body"), "the ranking")


def test_every_page_fits_a_telephone(served, browser, shot):
    metrics = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        wide = []
        for page in PAGES:
            _visit(served, browser, page)
            wide += [page] if browser.too_wide() else []
            shot(f"390{page.replace('/', '-')}")
        assert wide == []
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.skipif(not browsing.axe_source(), reason="axe-core is not installed (npm install axe-core, AXE_CORE=…)")
def test_nothing_stands_in_anybodys_way(served, browser):
    found = {}
    for page in PAGES:
        _visit(served, browser, page)
        violations = browser.violations(browsing.axe_source())
        if violations:
            found[page] = violations
    assert found == {}


def test_nothing_was_asked_of_another_machine(served, browser):
    browser.go(f"{served.address}/photographs")
    addresses = browser.driver.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    assert addresses and all(address.startswith(served.address) for address in addresses)
    assert browser.complaints() == []
