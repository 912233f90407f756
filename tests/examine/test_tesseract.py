"""The one module for the external program, against programs that misbehave and against the real one."""

from __future__ import annotations

import os
import sys

import numpy as np
import pytest

from forensics.errors import ExitCode, MissingProgramError
from forensics.examine.tesseract import Tesseract, TesseractFailureError, install_advice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the doubles are shell scripts")

CROP = np.full((40, 120), 200, dtype=np.uint8)


class TestReading:
    def test_words_of_each_crop_are_gathered_by_its_page(self, program, tsv):
        double = program(tsv((1, "96", "9М79-1"), (3, "80", "AB"), (3, "50", "CDEF")))
        lines = double.read_lines([CROP, CROP, CROP], ["eng"])
        assert [line.text for line in lines] == ["9М79-1", "", "AB CDEF"]
        assert lines[2].confidence == pytest.approx((2 * 80 + 4 * 50) / 6)

    @pytest.mark.parametrize("written", ["91", "91.0", "91.4321"])
    def test_confidence_may_be_an_integer_or_a_fraction(self, program, tsv, written):
        line = program(tsv((1, written, "112"))).read_lines([CROP], ["eng"])[0]
        assert line.confidence == pytest.approx(91, abs=0.5)

    def test_damaged_rows_cost_themselves_only(self, program, tsv):
        double = program(tsv((1, "high", "bad"), (7, "90", "no such crop"), (1, "-1", "layout"), (1, "90", "good")))
        assert double.read_lines([CROP], ["eng"])[0].text == "good"

    def test_no_crops_no_call(self, program):
        assert program("exit 9").read_lines([], ["eng"]) == ()

    def test_every_argument_is_passed(self, program, tmp_path):
        double = program(f'echo "$@" "threads=$OMP_THREAD_LIMIT" > {tmp_path}/args; : > "$2.tsv"')
        double.read_lines([CROP], ["kor", "eng", "fra"])
        arguments = (tmp_path / "args").read_text()
        assert "-l kor+eng " in arguments
        assert "--psm 7" in arguments
        assert "--oem 1" in arguments
        assert f"threads={os.environ['OMP_THREAD_LIMIT']}" in arguments


class TestMisbehaving:
    def test_crash(self, program):
        with pytest.raises(TesseractFailureError, match="status 139"):
            program("echo boom >&2; exit 139").read_lines([CROP], ["eng"])

    def test_hang(self, program):
        with pytest.raises(TesseractFailureError, match="did not answer"):
            program("exec sleep 30", timeout_s=0.4).read_lines([CROP], ["eng"])

    def test_bytes_that_are_no_utf8_cost_their_character(self, program):
        row = "5\\t1\\t1\\t1\\t1\\t1\\t0\\t0\\t9\\t9\\t90\\t11\\3772"
        assert program(f"printf '{row}\\n' > \"$2.tsv\"").read_lines([CROP], ["eng"])[0].text == "112"

    def test_an_error_message_that_is_no_utf8(self, program):
        with pytest.raises(TesseractFailureError, match="cannot be read"):
            program("printf '\\377\\376' >&2; exit 1").read_lines([CROP], ["eng"])

    def test_no_output_file(self, program):
        with pytest.raises(TesseractFailureError):
            program("exit 0").read_lines([CROP], ["eng"])

    def test_no_wanted_language(self, program):
        with pytest.raises(TesseractFailureError, match="kor"):
            program("exit 0", languages=("eng",)).read_lines([CROP], ["kor"])


class TestStatus:
    def test_missing_program(self):
        double = Tesseract("no-such-program-here")
        assert not double.status().found
        with pytest.raises(MissingProgramError, match="Without it") as raised:
            double.require()
        assert raised.value.exit_code is ExitCode.MISSING
        assert install_advice() in str(raised.value)

    def test_too_old(self, program):
        status = program("exit 0", version="tesseract 3.05.02").status()
        assert not status.usable
        assert "too old" in status.reason

    def test_version_with_a_letter_and_suffix(self, program):
        status = program("exit 0", version="tesseract v5.4.1-10-gabcdef").status()
        assert status.usable
        assert status.version == "5.4.1-10-gabcdef"

    def test_something_else_of_that_name(self, program):
        assert not program("exit 0", version="hello").status().usable

    def test_missing_languages_are_named_with_advice(self, program):
        status = program("exit 0", languages=("eng", "osd")).status()
        assert status.usable
        assert status.missing_languages == ("kor", "rus", "ukr")
        assert status.advice


@pytest.mark.tesseract
class TestReal:
    def test_status(self, real_tesseract):
        status = real_tesseract.status()
        assert status.usable
        assert {"kor", "rus", "eng"} <= set(status.languages)

    def test_a_batch_reads_each_crop(self, real_tesseract, written):
        crops = [written([(text, (30, 14))], size=(420, 100)) for text in ("ENGINE", "MOTOR")]
        assert [line.text for line in real_tesseract.read_lines(crops, ["eng"])] == ["ENGINE", "MOTOR"]
