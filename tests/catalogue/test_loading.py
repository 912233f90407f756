"""Loading: what comes out, the digest, the cache, and what a stranger's folder cannot do."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from forensics.catalogue import cache, load, locate
from forensics.catalogue import loading as loading_module
from forensics.catalogue.folder import read_files
from forensics.errors import CatalogueError
from forensics.model.catalogue import ExpectedDates, ExpectedMeasure, ExpectedRing, ExpectedText

ALPHA = "types/aaa/ballistic_missile/alpha-1.yaml"
BETA = "types/bbb/ballistic_missile/beta-1.yaml"


def value_of(catalogue, type_id: str, trait: str):
    values = catalogue.signatures[type_id].values
    return next(v for v in values if v.trait == trait).statements[0].value


class TestValues:
    def test_each_kind_becomes_its_class(self, folder) -> None:
        catalogue = folder.load()
        assert value_of(catalogue, "alpha-1", "body_diameter_mm") == ExpectedMeasure(mean=1100, between_sd=60)
        assert value_of(catalogue, "r-122", "body_diameter_mm") == ExpectedMeasure(low=121, high=123)
        assert value_of(catalogue, "beta-1", "igniter_bolt_ring") == ExpectedRing(
            count=18, spacing="grouped", groups=6, pitch_deg=(5, 17)
        )
        assert value_of(catalogue, "beta-1", "jet_vane_count").probabilities == {4: 1.0}
        assert value_of(catalogue, "beta-1", "vane_form").probabilities == {"rod": 1.0}
        assert value_of(catalogue, "beta-1", "cable_raceway").probability == 1.0
        assert value_of(catalogue, "r-122", "cable_raceway").probability == 0.1
        assert value_of(catalogue, "beta-1", "marking_text") == ExpectedText(grammars={"index-m": 1.0})
        dates = next(v for v in catalogue.states["AAA"].values if v.trait == "year_mark").statements[0].value
        assert isinstance(dates, ExpectedDates)
        assert (dates.calendars["juche"], dates.codes[0].text) == (0.42, "112")

    def test_angles_alone_make_a_ring(self, folder) -> None:
        folder.change(ALPHA, "{count: 20, spacing: even}", "{angles_deg: [0, 90.5, 180]}")
        assert value_of(folder.load(), "alpha-1", "igniter_bolt_ring").angles_deg == (0, 90.5, 180)

    def test_zero_is_a_value(self, folder) -> None:
        folder.change(BETA, "jet_vane_count: {value: 4,", "jet_vane_count: {value: 0,")
        folder.change(BETA, "value: present", "value: absent")
        catalogue = folder.load()
        assert value_of(catalogue, "beta-1", "jet_vane_count").probabilities == {0: 1.0}
        assert value_of(catalogue, "beta-1", "cable_raceway").probability == 0.0

    def test_unweighted_marks_share_evenly(self, folder) -> None:
        folder.change(BETA, "{grammars: [index-m]}", "{grammars: [index-m], strings: [X1, X2, X3]}")
        text = value_of(folder.load(), "beta-1", "marking_text")
        assert {**text.grammars, **text.strings} == pytest.approx(dict.fromkeys(("index-m", "X1", "X2", "X3"), 0.25))

    @pytest.mark.parametrize("written", ["NO", "0123", "1e3", "2024-01-02", "true", "0x1F", "12:30:45"])
    def test_yaml_guesses_no_types(self, folder, written: str) -> None:
        folder.change(BETA, "name: Beta-1", f"name: {written}")
        assert folder.load().signatures["beta-1"].name == written

    def test_places_are_file_and_line_below_the_folder(self, folder) -> None:
        values = folder.load().signatures["alpha-1"].values
        assert [v.line for v in values] == [f"{ALPHA}:11", f"{ALPHA}:16"]

    def test_tables_arrive(self, folder) -> None:
        catalogue = folder.load()
        assert catalogue.sources["S3"].origin == "S1"
        assert catalogue.backgrounds["body_diameter_mm"].ln_mean == {"any": 5.5, "rocket": 4.9}
        assert catalogue.backgrounds["jet_vane_count"].counts == {3: 0.1, 4: 0.9}
        assert catalogue.limitations[0].when == {"pattern_in_tie": ("grad-122",)}
        assert catalogue.vocabulary.words["unit"]["mm"].uk == ("мм",)
        assert catalogue.parameters["weight_cap"] == 0.98
        assert catalogue.patterns["grad-122"].en == ("122 mm Grad pattern",)
        assert catalogue.vocabulary.traits["vane_form"].values[0].similar == ("rod",)


class TestLocate:
    def test_the_checkout_comes_before_the_installed_copy(self, tmp_path: Path) -> None:
        package = tmp_path / "forensics"
        installed = package / "_data" / "signatures" / "vocabulary" / "traits.yaml"
        installed.parent.mkdir(parents=True)
        installed.write_text("")
        assert locate(package=package) == (installed.parent.parent, "installed")
        checkout = tmp_path / "signatures" / "vocabulary" / "traits.yaml"
        checkout.parent.mkdir(parents=True)
        checkout.write_text("")
        assert locate(package=package) == (checkout.parent.parent, "checkout")

    def test_nothing_found_says_what_to_do(self, tmp_path: Path) -> None:
        with pytest.raises(CatalogueError, match="--catalogue"):
            locate(package=tmp_path / "forensics")

    @pytest.mark.parametrize("name", ["absent", "a-file", "empty"])
    def test_a_given_path_that_is_no_catalogue_is_refused(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "a-file").write_text("")
        (tmp_path / "empty").mkdir()
        with pytest.raises(CatalogueError, match=name):
            locate(tmp_path / name)

    def test_the_working_directory_does_not_matter(self, folder, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(folder.path.parent)
        assert locate(Path("signatures")) == (folder.path.resolve(), "given")


class TestDigest:
    def test_the_digest_is_that_of_paths_and_bytes(self, folder) -> None:
        first = read_files(folder.path).digest
        assert first == read_files(folder.path).digest
        assert folder.load().digest == first
        folder.write("README.md", "not YAML, not digested")
        assert read_files(folder.path).digest == first
        folder.change(BETA, "Beta-1", "Beta-2")
        second = read_files(folder.path).digest
        assert second != first
        (folder.path / "limitations/shared-design.yaml").rename(folder.path / "limitations/shared.yaml")
        assert read_files(folder.path).digest not in (first, second)


class TestCache:
    def test_the_cached_catalogue_is_the_one_that_was_read(self, folder, own_cache: Path) -> None:
        fresh = load(folder.path)
        assert [path.suffix for path in own_cache.iterdir()] == [".json"]
        assert load(folder.path) == fresh == load(folder.path, use_cache=False)

    def test_a_hit_reads_no_yaml(self, folder, monkeypatch: pytest.MonkeyPatch) -> None:
        fresh = load(folder.path)
        monkeypatch.setattr(loading_module, "read_catalogue", lambda *_: pytest.fail("the cache was not used"))
        assert load(folder.path) == fresh

    def test_a_changed_file_is_read_again(self, folder) -> None:
        load(folder.path)
        folder.change(BETA, "name: Beta-1", "name: Beta-One")
        assert load(folder.path).signatures["beta-1"].name == "Beta-One"

    @pytest.mark.parametrize("key", ["tool", "code", "digest"])
    def test_an_entry_of_another_version_or_digest_is_ignored(self, folder, own_cache: Path, key: str) -> None:
        load(folder.path)
        (path,) = own_cache.iterdir()
        entry = json.loads(path.read_text(encoding="utf-8"))
        entry[key] = "other"
        entry["catalogue"]["signatures"]["beta-1"]["name"] = "forged"
        path.write_text(json.dumps(entry), encoding="utf-8")
        assert load(folder.path).signatures["beta-1"].name == "Beta-1"

    @pytest.mark.parametrize("content", [b"", b"{", b"\x80\x04\x95", b"[]", b'{"tool": 1}'])
    def test_a_damaged_entry_is_ignored_and_replaced(self, folder, own_cache: Path, content: bytes) -> None:
        load(folder.path)
        (path,) = own_cache.iterdir()
        whole = path.read_bytes()
        path.write_bytes(content)
        assert load(folder.path).signatures["beta-1"].name == "Beta-1"
        assert path.read_bytes() == whole

    def test_a_place_that_cannot_be_written_is_ignored(self, folder, own_cache: Path) -> None:
        own_cache.parent.mkdir(parents=True)
        own_cache.write_text("a file where the cache folder should be")
        assert len(load(folder.path).signatures) == 3

    def test_old_entries_are_pruned(self, folder, own_cache: Path) -> None:
        for number in range(9):
            folder.change(BETA, f"name: Beta-{number if number else 1}\n", f"name: Beta-{number + 1}\n")
            load(folder.path)
        assert len(list(own_cache.iterdir())) == 6

    def test_no_home_no_cache(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
        monkeypatch.setattr(Path, "home", classmethod(lambda cls: (_ for _ in ()).throw(RuntimeError)))
        assert cache.cache_folder() is None
        assert cache.fetch("0" * 64) is None

    def test_a_faulty_catalogue_is_never_cached(self, folder, own_cache: Path) -> None:
        folder.change(BETA, "value: rod", "value: rodd")
        with pytest.raises(CatalogueError):
            load(folder.path)
        assert not own_cache.exists()


class TestStrangers:
    def test_an_alias_bomb_is_refused_without_expanding_it(self, folder) -> None:
        bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
        for last, name in zip("abcdefgh", "bcdefghi", strict=True):
            bomb += f"{name}: &{name} [{', '.join([f'*{last}'] * 9)}]\n"
        folder.write("types/bbb/rocket/bomb.yaml", bomb)
        started = time.perf_counter()
        assert any("anchor" in fault.message for fault in folder.faults())
        assert time.perf_counter() - started < 5

    def test_many_slips_and_endless_words_stay_cheap(self, folder) -> None:
        _many(folder, 1500)
        names = ", ".join(f"bulk-x{number}" for number in range(2000))
        folder.change(ALPHA, "confusable_with: [beta-1]", f"confusable_with: [{names}, {'z' * 1_000_000}]")
        started = time.process_time()
        faults = folder.faults()
        assert time.process_time() - started < 10
        assert len(faults) == 2001
        assert max(len(fault.message) for fault in faults) < 200

    def test_a_huge_file_is_refused_before_it_is_read(self, folder) -> None:
        path = folder.path / "types/bbb/rocket/huge.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.truncate(200_000_000)
        fault = folder.only_fault()
        assert "200.0 MB" in fault.message
        assert "huge.yaml" in fault.file

    def test_links_that_leave_the_folder_are_not_followed(self, folder, tmp_path: Path) -> None:
        secret = tmp_path / "secret.yaml"
        secret.write_text("password: x\n")
        inside = folder.path / "types/bbb/rocket"
        inside.mkdir(parents=True)
        (inside / "link.yaml").symlink_to(secret)
        (folder.path / "types/ccc").symlink_to(tmp_path)
        (inside / "lost.yaml").symlink_to(tmp_path / "nowhere.yaml")
        (inside / "loop").symlink_to(folder.path / "types")
        faults = folder.faults()
        assert [fault.file for fault in faults] == [
            "types/bbb/rocket/link.yaml", "types/bbb/rocket/loop", "types/bbb/rocket/lost.yaml", "types/ccc",
        ]  # fmt: skip
        assert "password" not in str(faults)

    def test_a_link_inside_the_folder_is_read(self, folder) -> None:
        target = folder.path / "limitations/shared-design.yaml"
        moved = folder.path / "limitations/.kept"
        target.rename(moved)
        target.symlink_to(moved)
        assert folder.faults() == ()
        assert folder.load().limitations[0].id == "shared-design"

    @pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
    def test_a_pipe_with_a_yaml_name_does_not_hang(self, folder) -> None:
        (folder.path / "types/bbb/rocket").mkdir(parents=True)
        os.mkfifo(folder.path / "types/bbb/rocket/pipe.yaml")
        assert "not an ordinary file" in folder.only_fault().message

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("name: Ракета\n".encode("cp1251"), "not UTF-8"),
            (b"name: \xff\xfe\n", "not UTF-8"),
            (b"\x00\x01\x02", "not valid YAML"),
            (b"", "is empty"),
            (b"- a\n- b\n", "needs 'key: value' lines"),
            (b"just text", "needs 'key: value' lines"),
            (b"a: " + b"[" * 5000, ""),
            (b"id: x\nid: y\n", "twice"),
            (b"? [a, b]\n: c\n", "not plain text"),
            (b"--- \na: 1\n--- \nb: 2\n", "not valid YAML"),
        ],
    )
    def test_bytes_that_are_no_signature(self, folder, content: bytes, message: str) -> None:
        folder.write("types/bbb/rocket/odd.yaml", content)
        faults = folder.faults()
        assert faults
        assert {fault.file for fault in faults} == {"types/bbb/rocket/odd.yaml"}
        assert any(message in fault.message for fault in faults)

    def test_utf_16_with_its_mark_is_read(self, folder) -> None:
        path = folder.path / ALPHA
        path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
        assert folder.load().signatures["alpha-1"].aliases.ko == ("알파-1",)

    @pytest.mark.parametrize(
        "value",
        [
            "!!python/object/apply:os.system ['touch PWNED']",
            "!!python/name:os.system",
            "!!python/module:antigravity",
            "!forensics.catalogue.load x",
        ],
    )
    def test_a_tag_that_would_build_an_object_is_refused(self, folder, value: str, monkeypatch) -> None:
        monkeypatch.chdir(folder.path)
        folder.change(BETA, "name: Beta-1", f"name: {value}")
        assert any("tag" in fault.message for fault in folder.faults())
        assert "antigravity" not in sys.modules
        assert not (folder.path / "PWNED").exists()

    @pytest.mark.parametrize("text", ["os.system", "antigravity", "__import__('os')", "${HOME}", "{{ 7 * 7 }}", "%s%n"])
    def test_a_value_that_names_code_stays_text(self, folder, text: str) -> None:
        folder.change(BETA, "name: Beta-1", f'name: "{text}"')
        assert folder.load().signatures["beta-1"].name == text
        assert "antigravity" not in sys.modules

    @pytest.mark.parametrize("escape", [r"\e[2J", r"\x9b31m", r"\u202egnirts", r"\0"])
    def test_control_and_direction_characters_are_refused(self, folder, escape: str) -> None:
        folder.change(BETA, "name: Beta-1", f'name: "Beta{escape}"')
        assert "control or text-direction" in folder.only_fault().message

    def test_a_family_cannot_have_a_parent_so_there_is_no_cycle(self, folder) -> None:
        folder.write(
            "families.yaml",
            "alpha: {name: A, state: AAA, family: beta}\nbeta: {name: B, state: BBB, family: alpha}\n",
        )
        messages = [fault.message for fault in folder.faults()]
        assert messages == ["unknown key 'family'.", "unknown key 'family'."]


def _many(folder, count: int) -> None:
    body = (folder.path / BETA).read_text(encoding="utf-8").replace("confusable_with: [alpha-1]", "confusable_with: []")
    body = body.replace("examples: [{case: images/samples/beta, outcome: named, members: [beta-1]}]\n", "")
    for number in range(count):
        name = f"bulk-{number:05d}"
        text = body.replace("id: beta-1", f"id: {name}").replace("name: Beta-1", f"name: {name}")
        (folder.path / f"types/bbb/ballistic_missile/{name}.yaml").write_text(text, encoding="utf-8")


def test_a_thousand_types_load_in_a_few_seconds(folder) -> None:
    _many(folder, 1000)
    started = time.process_time()
    catalogue = folder.load()
    spent = time.process_time() - started
    assert len(catalogue.signatures) == 1003
    # 0.7 s where it was written; the bound leaves room for a slow machine
    assert spent < 4


@pytest.mark.slow
def test_ten_thousand_types_load(folder) -> None:
    _many(folder, 10_000)
    assert len(folder.load().signatures) == 10_003
