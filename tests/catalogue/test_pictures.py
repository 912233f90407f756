"""Pictures are found by their names, and a catalogue without any reads the same."""

from __future__ import annotations

from forensics.catalogue import load


def values(catalogue, trait: str):
    return {value.id: value.picture for value in catalogue.vocabulary.traits[trait].values}


def test_a_value_takes_the_picture_that_bears_its_name(folder) -> None:
    before = folder.load()
    assert set(values(before, "vane_form").values()) == {None}
    folder.write("vocabulary/pictures/vane_form.rod.svg", "<svg/>")
    folder.write("vocabulary/pictures/ring_spacing.even.svg", "<svg/>")
    folder.write("vocabulary/pictures/jet_vane_count.svg", "<svg/>")
    after = folder.load()
    assert values(after, "vane_form")["rod"] == "vocabulary/pictures/vane_form.rod.svg"
    assert values(after, "vane_form")["block"] is None
    assert after.vocabulary.traits["igniter_bolt_ring"].picture == "vocabulary/pictures/ring_spacing.even.svg"
    assert after.vocabulary.traits["jet_vane_count"].picture == "vocabulary/pictures/jet_vane_count.svg"
    assert before.digest != after.digest


def test_a_new_picture_is_seen_through_the_cache(folder) -> None:
    load(folder.path)
    folder.write("vocabulary/pictures/vane_form.rod.svg", "<svg/>")
    assert values(load(folder.path), "vane_form")["rod"] == "vocabulary/pictures/vane_form.rod.svg"


def test_a_picture_that_is_a_link_is_refused(folder, tmp_path) -> None:
    outside = tmp_path / "outside.svg"
    outside.write_text("<svg/>", encoding="utf-8")
    folder.write("vocabulary/pictures/vane_form.block.svg", "<svg/>")
    (folder.path / "vocabulary" / "pictures" / "vane_form.rod.svg").symlink_to(outside)
    assert "leaves the catalogue folder" in folder.only_fault().message


def test_every_picture_of_the_catalogue_belongs_to_a_value(folder) -> None:
    catalogue = load()
    used = {value.picture for trait in catalogue.vocabulary.traits.values() for value in trait.values}
    used |= {trait.picture for trait in catalogue.vocabulary.traits.values()}
    assert len(used - {None}) >= 50
