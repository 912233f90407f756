"""A small vocabulary with one trait of every kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.model.catalogue import Block, Names, Trait, TraitKind, ValueName, Vocabulary


def _trait(trait_id: str, kind: TraitKind, names: Names, **more: object) -> Trait:
    common: dict[str, object] = {
        "id": trait_id,
        "kind": kind,
        "names": names,
        "part": "body",
        "record": f"Record the {names.en[0]}.",
        "block": "body",
        "level": "type",
        "effort": "measure",
        "survival": 0.5,
    }
    return Trait.model_validate({**common, **more})


def _value(value_id: str, en: tuple[str, ...], uk: tuple[str, ...], ko: tuple[str, ...]) -> ValueName:
    return ValueName(id=value_id, names=Names(en=en, uk=uk, ko=ko))


TRAITS = (
    _trait(
        "body_diameter_mm",
        TraitKind.MEASURED,
        Names(en=("body diameter",), uk=("діаметр корпусу",), ko=("동체 직경",)),
        unit="mm",
        plausible=(20, 2500),
    ),
    _trait(
        "wall_thickness_mm",
        TraitKind.MEASURED,
        Names(en=("wall thickness",), uk=("товщина стінки",), ko=("벽 두께",)),
        unit="mm",
        plausible=(0.2, 60),
    ),
    _trait(
        "fin_form",
        TraitKind.CATEGORY,
        Names(en=("fin form",), uk=("форма керм",), ko=("핀 형상",)),
        values=(
            _value("fixed", ("fixed fins",), ("нерухомі",), ("고정형",)),
            _value("lattice", ("lattice", "grid fins"), ("решітчасті",), ("격자형",)),
            _value("folding_curved", ("folding curved", "wrap-around"), ("складані",), ("접이식",)),
            _value("ring_or_band", ("ring or band",), ("кільце або смуга",), ()),
        ),
    ),
    _trait(
        "fin_count",
        TraitKind.COUNT,
        Names(en=("fin count",), uk=("кількість керм",), ko=("핀 개수",)),
        plausible=(0, 16),
    ),
    _trait(
        "suspension_lugs", TraitKind.PRESENCE, Names(en=("suspension lugs",), uk=("підвісні вуха",), ko=("현수 러그",))
    ),
    _trait(
        "igniter_bolt_ring",
        TraitKind.RING,
        Names(en=("igniter bolt ring",), uk=("кільце болтів запальника",), ko=("점화기 볼트 링",)),
    ),
    _trait("marking_text", TraitKind.TEXT, Names(en=("marking text",), uk=("текст маркування",), ko=("표기 문구",))),
    _trait("year_mark", TraitKind.YEAR_MARK, Names(en=("year mark",), uk=("позначка року",), ko=("연도 표기",))),
    _trait(
        "date_code_newest",
        TraitKind.DATE,
        Names(en=("newest date code",), uk=("найновіший код дати",), ko=("최신 날짜 코드",)),
        plausible=(1950, 2035),
    ),
    _trait("use_by_date", TraitKind.DATE, Names(en=("use-by date",), uk=("термін придатності",), ko=("사용 기한",))),
    _trait("reference_match", TraitKind.SCORE, Names(en=("reference likeness",), uk=("подібність",), ko=("유사도",))),
    # Two traits that share a name, as hand-written vocabularies do.
    _trait("nose_form", TraitKind.TEXT, Names(en=("form of the nose", "front form"))),
    _trait("tip_form", TraitKind.TEXT, Names(en=("form of the tip", "front form"))),
)

COLUMNS = {
    "item": Names(en=("item", "exhibit"), uk=("предмет",), ko=("물품",)),
    "trait": Names(en=("trait",), uk=("ознака",), ko=("특징",)),
    "value": Names(en=("value",), uk=("значення",), ko=("값",)),
    "unit": Names(en=("unit",), uk=("одиниця",), ko=("단위",)),
    "uncertainty": Names(en=("uncertainty",), uk=("похибка",), ko=("오차",)),
    "state": Names(en=("state",), uk=("стан",), ko=("상태",)),
    "coverage": Names(en=("coverage",), uk=("охоплення",), ko=("조사 범위",)),
    "confidence": Names(en=("confidence",), uk=("впевненість",), ko=("확신도",)),
    "examiner": Names(en=("examiner",), uk=("експерт",), ko=("조사자",)),
    "method": Names(en=("method",), uk=("метод",), ko=("방법",)),
    "photo": Names(en=("photo", "photograph"), uk=("фото",), ko=("사진",)),
    "note": Names(en=("note",), uk=("примітка",), ko=("비고",)),
    "source": Names(en=("source",), uk=("джерело",), ko=("출처",)),
}

WORDS = {
    "state": {
        "observed": Names(en=("observed",), uk=("спостережено",), ko=("관찰됨",)),
        "absent": Names(en=("absent", "not seen"), uk=("відсутнє",), ko=("없음",)),
        "not_examinable": Names(en=("not examinable", "burnt off"), uk=("неможливо оглянути",), ko=("조사 불가",)),
    },
    "method": {
        "physical": Names(en=("physical", "hands on"), uk=("безпосередній огляд",), ko=("실물 조사",)),
        "photograph": Names(en=("photograph",), uk=("за фото",), ko=("사진 판독",)),
        "low_resolution": Names(en=("low resolution",)),
        "third_party": Names(en=("third party", "press report")),
        "automatic": Names(en=("automatic",)),
    },
}


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary(
        traits={trait.id: trait for trait in TRAITS},
        blocks={"body": Block(id="body", title="Body")},
        columns=COLUMNS,
        words=WORDS,
    )


@pytest.fixture
def sheet(tmp_path: Path):
    """Writes a CSV sheet from rows of (item, trait, value, further columns)."""

    def write(*rows: dict[str, str], name: str = "sheet.csv") -> Path:
        columns = list(dict.fromkeys(["item", "trait", "value", *(key for row in rows for key in row)]))
        lines = [",".join(columns)]
        for given in rows:
            row = {"item": "K-1", **given}
            lines.append(",".join('"' + row.get(column, "").replace('"', '""') + '"' for column in columns))
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write
