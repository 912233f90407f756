"""Coverage, what a type shows, what separates two types, the schema for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forensics.catalogue import coverage, difference, load, signature_schema, stated_traits
from forensics.catalogue.readers.signatures import SIGNATURE_KEYS
from forensics.catalogue.wording import value_in_words
from forensics.model.catalogue import ExpectedCount, ExpectedDates, ExpectedPresence, ExpectedRing, MarkCode
from forensics.yamltext import parse, plain


class TestCoverage:
    def test_rows_say_how_well_each_trait_is_known(self, folder) -> None:
        rows = {row.type_id: row for row in coverage(folder.load())}
        assert set(rows) == {"alpha-1", "beta-1", "r-122"}
        alpha = rows["alpha-1"]
        assert alpha.traits["body_diameter_mm"] == "sourced"  # B2 and C3: .945
        assert alpha.traits["vane_form"] == "weak"  # B2 of the family: .765
        assert alpha.traits["cable_raceway"] == "unknown"
        assert "use_by_date" not in alpha.traits
        assert (alpha.count("sourced"), alpha.count("weak"), alpha.count("unknown")) == (4, 2, 2)

    def test_what_a_type_shows(self, folder) -> None:
        rows = {row.trait: row for row in stated_traits(folder.load(), "alpha-1")}
        ring = rows["igniter_bolt_ring"]
        assert (ring.expected, ring.sources, ring.inherited) == ((("20, evenly spaced", 0.9),), (("S1", "B2"),), False)
        assert ring.place.endswith("alpha-1.yaml:16")
        assert (rows["vane_form"].stated_at, rows["vane_form"].inherited) == ("alpha", True)
        assert rows["vane_form"].weight == pytest.approx(0.765)
        with pytest.raises(KeyError):
            stated_traits(folder.load(), "gone")


class TestDifference:
    def test_separating_traits_come_first(self, folder) -> None:
        rows = difference(folder.load(), "alpha-1", "beta-1")
        kinds = {row.trait: row.kind for row in rows}
        assert kinds["body_diameter_mm"] == kinds["igniter_bolt_ring"] == kinds["vane_form"] == "separates"
        assert kinds["jet_vane_count"] == "shared"
        assert kinds["cable_raceway"] == "one_side"
        order = [row.kind for row in rows]
        assert order == sorted(order, key=["separates", "one_side", "shared"].index)
        separations = [row.separation for row in rows if row.kind == "separates"]
        assert separations == sorted(separations, reverse=True)

    def test_it_is_symmetric_and_a_type_does_not_differ_from_itself(self, folder) -> None:
        catalogue = folder.load()
        forth = {row.trait: row for row in difference(catalogue, "alpha-1", "beta-1")}
        for row in difference(catalogue, "beta-1", "alpha-1"):
            other = forth[row.trait]
            assert (row.first, row.second, row.kind) == (other.second, other.first, other.kind)
            assert row.separation == pytest.approx(other.separation)
        assert {row.kind for row in difference(catalogue, "alpha-1", "alpha-1")} == {"shared"}
        assert all(row.separation == pytest.approx(0) for row in difference(catalogue, "alpha-1", "alpha-1"))

    def test_a_wide_spread_does_not_separate(self, folder) -> None:
        folder.change("types/aaa/ballistic_missile/alpha-1.yaml", "between_sd: 60", "between_sd: 600")
        kinds = {row.trait: row.kind for row in difference(folder.load(), "alpha-1", "beta-1")}
        assert kinds["body_diameter_mm"] == "shared"


class TestWords:
    def test_values_in_words(self, folder) -> None:
        traits = folder.load().vocabulary.traits
        ring, year = traits["igniter_bolt_ring"], traits["year_mark"]
        assert value_in_words(ExpectedRing(count=18, spacing="grouped", groups=6), ring) == "18 in 6 groups of 3"
        assert value_in_words(ExpectedCount(probabilities={4: 0.9, 8: 0.1}), ring) == "4 (90%), 8 (10%)"
        assert value_in_words(ExpectedPresence(probability=0.0), ring) == "absent"
        assert value_in_words(ExpectedPresence(probability=0.9), ring) == "present on 90%"
        dates = ExpectedDates(calendars={"juche": 0.42}, codes=(MarkCode(text="112", probability=0.1, meaning=""),))
        assert value_in_words(dates, year) == "juche years (42%), code 112 (10%)"


def fits(schema: dict[str, Any], value: object, root: dict[str, Any]) -> bool:
    """The part of JSON Schema that our schema uses. Text stands for numbers, as the reader takes it."""
    if "$ref" in schema:
        return fits(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], value, root)
    for key, wanted in (("anyOf", range(1, 99)), ("oneOf", (1,))):
        if key in schema and sum(fits(option, value, root) for option in schema[key]) not in wanted:
            return False
    if ("enum" in schema and value not in schema["enum"]) or ("const" in schema and value != schema["const"]):
        return False
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        extra = [key for key in value if key not in properties]
        if extra and schema.get("additionalProperties") is False and "patternProperties" not in schema:
            return False
        known = all(fits(properties[key], child, root) for key, child in value.items() if key in properties)
        return known and set(schema.get("required", ())) <= set(value) and schema.get("type", "object") == "object"
    if isinstance(value, list):
        return schema.get("type", "array") == "array" and all(fits(schema.get("items", {}), v, root) for v in value)
    return schema.get("type") not in ("object", "array")


class TestEditorSchema:
    def test_it_is_json_with_the_closed_lists_of_the_catalogue(self, folder) -> None:
        schema = json.loads(json.dumps(signature_schema(folder.load())))
        assert {option["const"] for option in schema["properties"]["state"]["oneOf"]} == {"AAA", "BBB"}
        traits = schema["properties"]["traits"]["properties"]
        assert "use_by_date" not in traits
        assert traits["body_diameter_mm"]["title"] == "body diameter (mm)"
        assert traits["body_diameter_mm"]["description"] == "Measure across the casing."

    def test_every_key_the_reader_knows_is_in_it(self, folder) -> None:
        assert set(signature_schema(folder.load())["properties"]) == set(SIGNATURE_KEYS)

    def test_signatures_that_load_fit_and_slips_do_not(self, folder) -> None:
        schema = signature_schema(folder.load())
        for path in sorted((folder.path / "types").rglob("*.yaml")):
            root, _ = parse(path.read_bytes(), path.name)
            document = plain(root)
            assert isinstance(document, dict)
            assert fits(schema, document, schema), path.name
            assert not fits(schema, document | {"nmae": "x"}, schema)
            assert not fits(schema, document | {"state": "CCC"}, schema)
            assert not fits(schema, document | {"traits": {"vane_form": {"value": "rod"}}}, schema)
            assert not fits(schema, {key: value for key, value in document.items() if key != "name"}, schema)


class TestTheRealCatalogue:
    """The catalogue that comes with the program."""

    def test_it_is_in_order(self) -> None:
        catalogue = load(use_cache=False)
        assert {"hwasong-11a", "hwasong-11b", "9m723"} <= set(catalogue.signatures)
        assert catalogue.path_kind == "checkout"
        assert str(Path.home()) not in catalogue.model_dump_json()

    def test_every_signature_fits_the_schema_for_editors(self) -> None:
        schema = signature_schema(load(use_cache=False))
        folder = Path(__file__).parents[2] / "signatures"
        for path in sorted(folder.rglob("types/**/*.yaml")):
            root, _ = parse(path.read_bytes(), path.name)
            assert fits(schema, plain(root), schema), path.name
