"""What must not get in, and what must not get out: refused, logged, and nothing changed."""

from __future__ import annotations

import io
import json
import logging
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from workbench_materials import HOST, ORIGIN, SHEET, picture

from forensics.casefile import open_case
from forensics.errors import InputError
from forensics.intake import reason_polyglot
from forensics.workbench.guard import COOKIE, Limits
from forensics.workbench.serving import is_loopback, serve
from forensics.workbench.sessions import Password, Sessions, read_password


@pytest.fixture
def refusals(caplog):
    """The lines of the log so far that say what was refused."""
    caplog.set_level(logging.WARNING, logger="forensics.workbench")
    return lambda: [record.getMessage() for record in caplog.records if record.getMessage().startswith("refused")]


class TestTheWayIn:
    def test_nothing_is_shown_without_a_session(self, make_bench, refusals):
        bench = make_bench()
        for address in ("/", "/case", "/photographs", "/report/download/json", "/pictures/x/thumbnail.jpg", "/start"):
            answer = bench.client.get(address)
            assert answer.status_code == 403 and "t-1" not in answer.text
        assert len(refusals()) == 6

    def test_a_token_works_once(self, make_bench, refusals):
        bench = make_bench()
        token = bench.sessions.new_token()
        assert bench.client.get(f"/enter?token={token}").status_code == 200
        thief = TestClient(bench.client.app, base_url=ORIGIN)
        answer = thief.get(f"/enter?token={token}")
        assert answer.status_code == 403 and COOKIE not in answer.cookies
        assert any("the token is used" in line for line in refusals())
        assert thief.get("/case").status_code == 403

    def test_a_guessed_token_is_refused(self, make_bench, refusals):
        answer = make_bench().client.get("/enter?token=guess")
        assert answer.status_code == 403 and COOKIE not in answer.cookies
        assert any("the token is unknown" in line for line in refusals())

    def test_an_old_token_is_refused(self, make_bench, monkeypatch):
        bench = make_bench()
        token = bench.sessions.new_token()
        monkeypatch.setattr("forensics.workbench.sessions.time.monotonic", lambda: 1e9)
        assert bench.sessions.enter_with_token(token) == (None, "expired")

    def test_the_cookie_is_strict(self, make_bench):
        bench = make_bench()
        cookie = bench.client.get(f"/enter?token={bench.sessions.new_token()}").headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie and "path=/" in cookie

    def test_leaving_ends_the_session(self, bench):
        bench.post("/leave")
        assert bench.client.get("/case").status_code == 403

    def test_a_password_for_a_team(self, make_bench, refusals):
        bench = make_bench(password="correct horse")
        assert bench.client.get(f"/enter?token={bench.sessions.new_token()}").status_code == 200
        assert COOKIE not in bench.client.cookies
        headers = {"Origin": ORIGIN}
        wrong = bench.client.post("/enter", data={"password": "wrong", "person": "Eve"}, headers=headers)
        assert wrong.status_code == 403 and COOKIE not in wrong.cookies
        nobody = bench.client.post("/enter", data={"password": "correct horse", "person": " "}, headers=headers)
        assert nobody.status_code == 403
        right = bench.client.post("/enter", data={"password": "correct horse", "person": "Petro"}, headers=headers)
        assert right.status_code == 200 and COOKIE in right.cookies
        assert 'value="Petro"' in bench.client.get("/case").text
        assert sum("password" in line for line in refusals()) == 2

    def test_guessing_a_password_is_slowed_down(self):
        sessions = Sessions("", Password.of("correct horse"))
        for _ in range(5):
            assert sessions.enter_with_password("x", "Eve")[1] == "wrong"
        assert sessions.enter_with_password("correct horse", "Olha") == (None, "wait")

    def test_a_password_file_others_can_read_is_refused(self, tmp_path):
        path = tmp_path / "password"
        path.write_text("correct horse\n")
        path.chmod(0o644)
        with pytest.raises(InputError, match="read by others"):
            read_password(path)
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)
        assert read_password(path).fits("correct horse")
        path.write_text("short\n")
        with pytest.raises(InputError, match="eight characters"):
            read_password(path)

    def test_an_address_others_can_reach_needs_a_password(self):
        with pytest.raises(InputError, match="can be reached by others"):
            serve(None, host="192.0.2.7")
        assert [is_loopback(host) for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "case.example")] == [
            True,
            True,
            True,
            False,
            False,
        ]


class TestWhereRequestsComeFrom:
    @pytest.mark.parametrize("host", ["evil.example", "evil.example:8999", "127.0.0.1:1", f"{HOST}.evil.example", ""])
    def test_a_forged_host(self, bench, refusals, host):
        answer = bench.client.get("/case", headers={"Host": host})
        assert answer.status_code == 421 and "t-1" not in answer.text
        assert "is not this server" in refusals()[-1]

    @pytest.mark.parametrize("origin", ["http://evil.example", "null", f"https://{HOST}", "http://127.0.0.1:1"])
    def test_a_post_from_another_site(self, bench, refusals, origin):
        answer = bench.post("/case/facts", headers={"Origin": origin}, title="taken over")
        assert answer.status_code == 403
        assert open_case(bench.path).case.title == ""
        assert "not from these pages" in refusals()[-1]

    def test_a_post_without_origin_or_from_a_frame(self, bench):
        data = {"csrf": bench.csrf, "title": "taken over"}
        assert bench.client.post("/case/facts", data=data).status_code == 403
        cross = {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}
        assert bench.client.post("/case/facts", data=data, headers=cross).status_code == 403
        assert open_case(bench.path).case.title == ""

    def test_a_post_without_the_token_of_the_session(self, bench, refusals):
        for csrf in ("", "guess", bench.another().csrf):
            answer = bench.post("/case/facts", csrf=csrf, title="taken over")
            assert answer.status_code == 403
        assert open_case(bench.path).case.title == ""
        assert "token is not that of the session" in refusals()[-1]

    def test_another_site_cannot_include_what_is_here(self, bench, refusals):
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        assert bench.client.get("/static/workbench.js", headers=headers).status_code == 403
        assert "include these pages" in refusals()[-1]

    def test_methods_that_are_not_used(self, bench):
        assert bench.client.request("DELETE", "/case", headers={"Origin": ORIGIN}).status_code == 405
        assert bench.client.request("TRACE", "/case").status_code == 405

    def test_a_way_back_to_another_site_is_not_taken(self, bench):
        for to in ("https://evil.example", "//evil.example", "/\\evil.example"):
            answer = bench.client.post(
                "/language",
                data={"csrf": bench.csrf, "language": "uk", "back": to},
                headers={"Origin": ORIGIN},
                follow_redirects=False,
            )
            assert answer.headers["location"] == "/case"


class TestWhatBrowsersMayDo:
    def test_every_page_forbids_inline_script_and_style(self, bench):
        bench.upload("a.jpg", picture())
        photograph = bench.workbench.desk.photographs()[0].id
        pages = ("/case", "/photographs", f"/photographs/{photograph}", "/traits", "/traits/fin_form", "/assessment")
        for address in (*pages, "/report", "/start", "/nowhere"):
            answer = bench.client.get(address)
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "<script>" not in answer.text and " style=" not in answer.text and " onclick" not in answer.text
            # Nothing leaves the machine: no page names another one.
            assert "http://" not in answer.text.replace("http://www.w3.org", "") and "https://" not in answer.text

    def test_the_preview_of_the_report_runs_nothing(self, bench):
        bench.upload("sheet.csv", SHEET.encode())
        answer = bench.client.get("/report/preview")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "script-src" not in answer.headers["content-security-policy"]

    def test_names_from_a_case_are_escaped(self, bench):
        bench.post("/case/facts", title='<script>alert(1)</script>"\u202e')
        text = bench.client.get("/case").text
        assert "<script>alert" not in text and "\u202e" not in text and "⟨U+202E⟩" in text


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("/case")</script></svg>'


def archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        target.writestr("x.html", "<script>alert(1)</script>")
    return written.getvalue()


def bomb() -> bytes:
    """A workbook of some kilobytes whose one sheet unpacks to 300 MB."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        target.writestr("[Content_Types].xml", "<Types/>")
        target.writestr("xl/workbook.xml", "<workbook/>")
        with target.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(300):
                sheet.write(b" " * 1_000_000)
    return written.getvalue()


def huge_png() -> bytes:
    """A PNG whose header promises 40 gigapixels."""
    head = struct.pack(">IIBBBBB", 200_000, 200_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"0" * 100)) + chunk(b"IEND", b"")


HOSTILE = {
    "an SVG with script": ("x.svg", svg(), "neither a photograph"),
    "an SVG that calls itself a photograph": ("x.jpg", svg(), "is no jpg picture"),
    "an SVG that calls itself HEIC": ("x.heic", svg(), "besides the picture"),
    "a photograph that is an archive too": ("x.jpg", picture() + archive(), "besides the picture"),
    "a photograph that is a page too": ("x.jpg", picture() + b"<html><script>1</script></html>", "besides the picture"),
    "a photograph with a script in its comment": ("x.jpg", picture(comment=b"<script>alert(1)</script>"), "besides"),
    "a photograph that is a PDF too": ("x.jpg", picture() + b"%PDF-1.7\n", "besides the picture"),
    "a GIF that is a script too": ("x.png", b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", "is no png picture"),
    "a workbook that unpacks without end": ("x.xlsx", bomb(), "unpacks to"),
    "a picture of forty gigapixels": ("x.png", huge_png(), "was not decoded"),
    "a photograph that is cut off": ("x.jpg", picture(800, 600)[:9000], "cut off"),
    "a program": ("x.sh", b"#!/bin/sh\nrm -rf /\n", "neither a photograph"),
    "a workbook with macros": ("x.xlsm", archive(), "neither a photograph"),
    "a sheet with faults": ("x.csv", b"item,trait,value\n1,no_such_trait,3\n", "no_such_trait"),
    "an empty file": ("x.jpg", b"", "is no jpg picture"),
}


class TestUploads:
    @pytest.mark.parametrize("what", HOSTILE)
    def test_what_is_not_taken(self, bench, refusals, what):
        name, data, reason = HOSTILE[what]
        before = sorted(path.name for path in bench.path.rglob("*") if ".workbench" not in path.parts)
        (told,) = bench.upload(name, data)
        assert told["ok"] == "" and reason in told["message"]
        assert sorted(path.name for path in bench.path.rglob("*") if ".workbench" not in path.parts) == before
        assert any("upload" in line for line in refusals())
        assert not list((bench.path / ".workbench").glob("upload-*"))

    @pytest.mark.parametrize(
        "name",
        [
            "../../outside.jpg",
            "/etc/outside.jpg",
            "..\\outside.jpg",
            "a/b/outside.jpg",
            "outside.jpg\x00.png",
            "CON.jpg",
        ],
    )
    def test_names_are_never_followed(self, bench, tmp_path, name):
        bench.upload(name, picture())
        for path in tmp_path.rglob("*outside*"):
            assert path.parent == bench.path / "photographs"
        assert not Path("/etc/outside.jpg").exists()
        for entry in open_case(bench.path).photograph_entries():
            assert entry.file.startswith("photographs/") and ".." not in entry.file
        assert all(one.is_error is False for one in open_case(bench.path).verify())

    def test_a_sheet_cannot_take_the_place_of_the_case(self, bench):
        before = (bench.path / "case.yaml").read_bytes()
        bench.upload("../case.yaml", b"- {item: 1, trait: fin_count, value: 4}\n")
        assert (bench.path / "case.yaml").read_bytes() == before

    def test_too_much_at_once(self, make_bench, refusals):
        bench = make_bench(limits=Limits(body_bytes=20_000, form_bytes=2_000, file_bytes=9_000))
        bench.enter()
        (told,) = bench.upload("x.jpg", picture(900, 900, quality=95)[:12_000])
        assert told["ok"] == "" and "larger than" in told["message"]
        answer = bench.client.post(
            "/case/upload",
            data={"csrf": bench.csrf},
            files=[("files", ("x.jpg", b"\xff" * 30_000, "image/jpeg"))],
            headers={"Origin": ORIGIN},
        )
        assert answer.status_code == 413
        assert bench.post("/case/facts", title="x" * 3_000).status_code == 413
        assert sum("were sent" in line for line in refusals()) == 2

    def test_too_many_at_once(self, make_bench):
        bench = make_bench(limits=Limits(files=2))
        bench.enter()
        files = [("files", (f"{number}.jpg", picture(), "image/jpeg")) for number in range(3)]
        answer = bench.client.post("/case/upload", data={"csrf": bench.csrf}, files=files, headers={"Origin": ORIGIN})
        assert answer.status_code == 400
        assert not bench.workbench.desk.photographs()

    def test_a_decoder_that_never_ends_is_ended(self, bench):
        workshop = bench.workbench.desk.back
        with pytest.raises(InputError, match="within the limits of time"):
            workshop.ask("register", path=str(bench.path / "case.yaml"), limit_s=0.000001)
        # A new process takes its place.
        (told,) = bench.upload("a.jpg", picture())
        assert told["ok"]

    def test_what_is_good_is_kept_byte_for_byte(self, bench):
        data = picture(400, 300)
        (told,) = bench.upload("IMG 1 ㅈ.jpg", data, item="1", part="label")
        assert told["ok"]
        (entry,) = open_case(bench.path).photograph_entries()
        assert (bench.path / entry.file).read_bytes() == data
        assert (entry.item, entry.part) == ("1", "label")
        assert not open_case(bench.path).verify()


class TestWhatIsHandedOut:
    def test_originals_only_as_downloads(self, bench):
        bench.upload("a.jpg", picture())
        photograph = bench.workbench.desk.photographs()[0]
        answer = bench.client.get(f"/pictures/{photograph.id}/original")
        assert answer.content == photograph.path.read_bytes()
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")
        small = bench.client.get(f"/pictures/{photograph.id}/thumbnail.jpg")
        assert small.headers["content-type"] == "image/jpeg" and small.content != answer.content

    @pytest.mark.parametrize(
        "address",
        [
            "/static/../serving.py",
            "/static/..%2fserving.py",
            "/static/%2e%2e%2f%2e%2e%2fcase.yaml",
            "/pictures/../../etc/passwd/thumbnail.jpg",
            "/pictures/..%2f..%2fcase.yaml/thumbnail.jpg",
            "/values/..%2f..%2fparameters.svg",
            "/photographs/..%2fcase.yaml",
            "/case.yaml",
            "/custody.jsonl",
        ],
    )
    def test_no_other_file(self, bench, address):
        answer = bench.client.get(address)
        assert answer.status_code in (404, 303) or "There is no such page" in answer.text
        assert "root:" not in answer.text and "sequence" not in answer.text

    def test_a_link_out_of_the_case_is_not_followed(self, bench, tmp_path):
        secret = tmp_path / "secret.jpg"
        secret.write_bytes(picture(text="secret"))
        (bench.path / "photographs" / "link.jpg").symlink_to(secret)
        assert bench.workbench.desk.photographs() == ()

    def test_a_damaged_photograph_costs_nothing_else(self, bench):
        (bench.path / "photographs" / "bad.jpg").write_bytes(b"\xff\xd8\xff nothing")
        bench.upload("good.jpg", picture())
        page = bench.client.get("/photographs")
        assert page.status_code == 200 and "cannot be read" in page.text
        bad = next(one for one in bench.workbench.desk.photographs() if one.name == "bad.jpg")
        assert bench.client.get(f"/pictures/{bad.id}/thumbnail.jpg").status_code == 422
        assert bench.client.get(f"/photographs/{bad.id}").status_code == 200


def test_refusals_are_kept_beside_the_case(bench):
    bench.client.get("/case", headers={"Host": "evil.example"})
    assert "evil.example" in (bench.path / ".workbench" / "refusals.log").read_text(encoding="utf-8")


def test_pictures_of_cameras_are_no_polyglots(tmp_path):
    path = tmp_path / "phone.jpg"
    # Phones put a second picture and notes of their own behind the first.
    path.write_bytes(picture(exif=b"Exif\0\0II*\0\x08\0\0\0\0\0") + picture(100, 80) + b"SEFT\0\0")
    assert reason_polyglot(path) is None


def test_json_answers_are_json(bench):
    answer = bench.post("/case/facts", title="Debris", event_date="2024-13-99")
    assert answer.status_code == 422
    assert "is not a date" in json.loads(answer.text)["message"]
