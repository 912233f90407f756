"""Result documents written by hand: realistic, small, and complete enough to exercise every part of a view.

The numbers are invented to look like those of a real case; no view may depend on where they come from.
"""

from __future__ import annotations

from typing import Any

from forensics.model.catalogue import (
    Catalogue,
    Family,
    Names,
    Parameters,
    Signature,
    State,
    Trait,
    TraitKind,
    Vocabulary,
)
from forensics.model.evidence import (
    Box,
    Case,
    Item,
    Method,
    Observation,
    Photograph,
    Population,
    Provenance,
    UnreadInput,
)
from forensics.model.result import (
    Assessment,
    Candidate,
    CatalogueStamp,
    Circularity,
    Conclusion,
    EvidenceLine,
    Leaf,
    LeaveOneOut,
    Limitation,
    NextExamination,
    Node,
    NotCatalogued,
    ReadingWeight,
    Sensitivity,
    SensitivityVariant,
    SourceEntry,
    ToolStamp,
)
from forensics.model.values import (
    Absent,
    Category,
    Count,
    Measured,
    NotExaminable,
    Reading,
    Ring,
    Text,
    TraitValue,
    YearMark,
)
from forensics.report import word

STATES = {"DPRK": "DPRK", "RUS": "USSR / Russia", "ROK": "ROK", "IRN": "Iran", "UKR": "Ukraine"}
TYPES = {
    # id: (name, family, state, class, pattern)
    "hwasong-11a": ("Hwasong-11A", "hwasong-11", "DPRK", "ballistic_missile", "quasi-ballistic-solid"),
    "hwasong-11b": ("Hwasong-11B", "hwasong-11", "DPRK", "ballistic_missile", "quasi-ballistic-solid"),
    "hwasong-11c": ("Hwasong-11C", "hwasong-11", "DPRK", "ballistic_missile", "quasi-ballistic-solid"),
    "kn-25": ("KN-25", "kn-25", "DPRK", "rocket_artillery", None),
    "9m723": ("Iskander-M 9M723", "iskander", "RUS", "ballistic_missile", "iskander"),
    "9m79-1": ("9M79-1 Tochka-U", "tochka", "RUS", "ballistic_missile", "tochka"),
    "hyunmoo-2": ("Hyunmoo-2", "hyunmoo", "ROK", "ballistic_missile", "quasi-ballistic-solid"),
    "fateh-110": ("Fateh-110", "fateh", "IRN", "ballistic_missile", "fateh"),
    "9m22u": ("9M22U", "grad", "RUS", "rocket_artillery", "grad-122"),
    "r-122": ("R-122", "r-122", "DPRK", "rocket_artillery", "grad-122"),
    "arash": ("Arash", "arash", "IRN", "rocket_artillery", "grad-122"),
}
FAMILIES = {
    "hwasong-11": "Hwasong-11",
    "kn-25": "KN-25",
    "iskander": "Iskander",
    "tochka": "Tochka",
    "hyunmoo": "Hyunmoo",
    "fateh": "Fateh",
    "grad": "Grad",
    "r-122": "R-122",
    "arash": "Arash",
}
TRAITS = {
    "body_diameter_mm": "body diameter",
    "igniter_bolt_ring": "igniter bolt ring",
    "jet_vane_actuator_form": "jet vane actuator form",
    "jet_vane_count": "jet vane count",
    "marking_script": "marking script",
    "year_mark": "year mark",
    "electronics_grade": "electronics grade",
    "cable_raceway_start": "cable raceway start",
    "fin_form": "fin form",
    "marking_text": "marking text",
    "fin_count": "fin count",
    "body_material": "body material",
}
PHOTO = "photographs/IMG_0412 кормовий відсік.jpg"
NEXT_MARK = "photographs/IMG_0420.jpg"


def catalogue() -> Catalogue:
    """Names only: what wording needs."""
    return Catalogue(
        version="2026.11",
        digest="c0ffee" + "0" * 58,
        path_kind="checkout",
        vocabulary=Vocabulary(
            traits={
                trait: Trait(
                    id=trait,
                    names=Names(en=(name,)),
                    kind=TraitKind.CATEGORY,
                    part="body",
                    record="Look.",
                    block="body",
                    level="type",
                    effort="photo",
                    survival=0.5,
                )
                for trait, name in TRAITS.items()
            },
            blocks={},
        ),
        sources={},
        states={key: State(id=key, name=name) for key, name in STATES.items()},
        families={key: Family(id=key, name=name, state="DPRK") for key, name in FAMILIES.items()},
        patterns={"grad-122": Names(en=("122 mm Grad pattern",))},
        classes={
            "ballistic_missile": Names(en=("ballistic missile",)),
            "rocket_artillery": Names(en=("artillery rocket",)),
        },
        signatures={
            key: Signature(
                id=key, name=name, family=family, state=state, class_id=kind, pattern=pattern, status="reviewed"
            )
            for key, (name, family, state, kind, pattern) in TYPES.items()
        },
        backgrounds={},
        parameters=Parameters(entries={}),
    )


def line(
    observation: str,
    trait: str,
    observed: str,
    expected: str,
    contribution: float,
    match: str = "fits",
    alone: float | None = None,
    **more: Any,
) -> EvidenceLine:
    fields: dict[str, Any] = {
        "item": "K-1",
        "block": "body",
        "because": "",
        "quality": 0.95,
        "weight": 0.7,
        "likelihood": 0.013,
        "background": 0.00114,
        "sources": (),
    }
    return EvidenceLine.model_validate(
        {
            "observation": observation,
            "trait": trait,
            "trait_name": TRAITS[trait],
            "observed": observed,
            "expected": expected,
            "match": match,
            "log10_lr": contribution if alone is None else alone,
            "contribution_log10": contribution,
            **fields,
            **more,
        }
    )


def candidate(
    type_id: str,
    log10_lr: float,
    evidence: tuple[EvidenceLine, ...] = (),
    interval: tuple[float, float] | None = None,
    known: int | None = None,
    posterior: float = 0.01,
    prior: float = 0.02,
) -> Candidate:
    if type_id.startswith("unlisted@"):
        state = type_id.removeprefix("unlisted@")
        name = "unlisted design, another state" if state == "other" else f"unlisted design, {STATES[state]}"
        family, pattern, listed = None, None, False
    else:
        name, family, state, _, pattern = TYPES[type_id]
        listed = True
    return Candidate(
        id=type_id,
        name=name,
        listed=listed,
        family=family,
        family_name=FAMILIES[family] if family else "",
        state=state,
        state_name=STATES.get(state, "another state"),
        pattern=pattern,
        log10_lr=log10_lr,
        interval=interval,
        posterior=posterior,
        prior=prior,
        known_traits=sum(1 for entry in evidence if entry.match != "unknown") if known is None else known,
        status="reviewed" if listed else "",
        evidence=evidence,
    )


def node(
    node_id: str,
    members: tuple[str, ...],
    log10_lr: float,
    interval: tuple[float, float] | None = None,
    posterior: float = 0.5,
    prior: float = 0.1,
) -> Node:
    return Node(
        id=node_id,
        name=FAMILIES.get(node_id) or STATES[node_id],
        members=members,
        log10_lr=log10_lr,
        interval=interval,
        best_in_best_out=log10_lr + 0.2,
        worst_in_best_out=log10_lr - 0.9,
        posterior=posterior,
        prior=prior,
    )


def observation(
    number: str, trait: str, value: TraitValue, method: Method = Method.PHOTOGRAPH, **provenance: Any
) -> Observation:
    note = provenance.pop("note", "")
    item = provenance.pop("item", "K-1")
    confidence = provenance.pop("confidence", None)
    return Observation(
        id=number,
        item=item,
        trait=trait,
        value=value,
        provenance=Provenance(method=method, **provenance),
        confidence=confidence,
        note=note,
    )


def document(case: Case, conclusion: Conclusion, **fields: Any) -> Assessment:
    """A worded document with everything not given left at a sensible default."""
    defaults: dict[str, Any] = {
        "tool": ToolStamp(version="1.0.0"),
        "catalogue": CatalogueStamp(version="2026.11", digest="c0ffee" + "0" * 58, path_kind="checkout", signatures=64),
        "parameters": "5eed" + "0" * 60,
        "propositions": (),
        "observations": (),
        "families": (),
        "states": (),
        "not_catalogued": NotCatalogued(log10_lr=-2.0, posterior=0.02, prior=0.2, leaves=()),
        "limitations": (
            Limitation(
                id="not_the_user",
                because="The result may mislead because captured, exported and copied munitions are fired by others.",
            ),
        ),
    }
    assessment = Assessment(case=case, conclusion=conclusion, **{**defaults, **fields})
    return word(assessment, catalogue())


# -- Kharkiv, 2 January 2024: a family, not a type; values learned from the incident itself left out -------------------


def _kharkiv_lines(diameter: float, actuator: str, ring: str, year: float) -> tuple[EvidenceLine, ...]:
    return (
        line(
            "o1",
            "body_diameter_mm",
            "1100 ± 20 mm",
            "1100 ± 60 mm" if diameter > 0.5 else "1020 ± 100 mm",
            diameter,
            because="11 times more often seen on this type than on munitions at large",
            sources=("DS06", "DS42"),
            photograph=PHOTO,
            box=Box(x=120, y=80, width=640, height=520),
            alone=0.9,
        ),
        line(
            "o2",
            "igniter_bolt_ring",
            "7 bolts in 126°, even pitch 18.0° ± 1.0°",
            "20 bolts, evenly spaced" if ring == "fits" else "",
            0.55 if ring == "fits" else 0.0,
            ring,
            block="aft",
            because="9 families documented; a copied ring is allowed for",
            sources=("DS05",) if ring == "fits" else (),
            photograph=PHOTO,
            box=Box(x=300, y=210, width=260, height=240),
            alone=1.22 if ring == "fits" else 0.0,
        ),
        line(
            "o3",
            "jet_vane_actuator_form",
            "block, electromechanical",
            actuator,
            0.12 if actuator else 0.0,
            "fits" if actuator else "unknown",
            block="aft",
            sources=("DS03",) if actuator else (),
            alone=0.3 if actuator else 0.0,
        ),
        line("o4", "jet_vane_count", "4", "4", 0.07, block="aft", sources=("DS42",), alone=0.28),
        line(
            "o5",
            "marking_script",
            "Hangul (one handwritten ㅈ)",
            "Hangul",
            1.36,
            block="marking",
            because="Hangul on about 2 in 100 munitions of other states",
            sources=("DS01", "DS02"),
            photograph=NEXT_MARK,
            box=Box(x=40, y=44, width=90, height=70),
        ),
        line(
            "o6",
            "year_mark",
            "“112”, seen on 3 assemblies",
            "Juche year 112 (2023) or plant number",
            year,
            block="date",
            because="parts dated to 2023; 10 bare numbers assumed looked at",
            sources=("DS01", "DS19"),
            photograph=NEXT_MARK,
            box=Box(x=210, y=60, width=120, height=64),
            alone=1.5,
        ),
        line("o7", "electronics_grade", "commercial, western", "commercial, western", 0.30, block="electronics"),
    )


def kharkiv() -> Assessment:
    """A tie inside one family, circular values left out, two readings of a year mark, one machine reading."""
    case = Case(
        id="kharkiv-2024-01-02",
        title="Missile remnants, Kharkiv",
        event_date="2024-01-02",
        place="Kharkiv, Ukraine",
        mandate="What can be said about the origin of item K-1 from the remnants recovered?",
        items=(
            Item(
                id="K-1",
                description="aft section with motor closure and jet vane assembly",
                found="Kharkiv, Шевченківський район",
                custodian="regional forensic institute, shelf 14",
            ),
        ),
        population=Population(classes=("ballistic_missile", "rocket_artillery")),
        conditioning=(
            "The strike was on 2 January 2024.",
            "Officials named Russia as the user. The user says nothing about the maker.",
        ),
        sources={"CAR": "field documentation, January 2024"},
    )
    observations = (
        observation(
            "o1",
            "body_diameter_mm",
            Measured(value=1100, uncertainty=20, unit="mm"),
            Method.PHYSICAL,
            examiner="О. Коваленко",
            sheet="sheets/k1.csv",
            row=2,
            photograph=PHOTO,
            box=Box(x=120, y=80, width=640, height=520),
            note="two chords, tape along the seam",
        ),
        observation(
            "o2",
            "igniter_bolt_ring",
            Ring(angles_deg=(10, 28, 46, 64, 82, 100, 118), windows_deg=((5, 131),), sigma_deg=1.0, face="outer"),
            Method.AUTOMATIC,
            photograph=PHOTO,
            box=Box(x=300, y=210, width=260, height=240),
            tool="rings 1.0.0",
            confidence=0.81,
        ),
        observation(
            "o3", "jet_vane_actuator_form", Category(weights={"block_electromechanical": 1.0}), examiner="О. Коваленко"
        ),
        observation("o4", "jet_vane_count", Count(count=4), examiner="О. Коваленко"),
        observation(
            "o5",
            "marking_script",
            Category(weights={"hangul": 1.0, "katakana": 0.05}),
            examiner="О. Коваленко",
            photograph=NEXT_MARK,
            box=Box(x=40, y=44, width=90, height=70),
            note="ㅈ, handwritten on a label ahead of digits",
        ),
        observation(
            "o6",
            "year_mark",
            YearMark(readings=(Reading(text="112", confidence=0.97), Reading(text="113", confidence=0.03)), repeats=3),
            examiner="О. Коваленко",
            photograph=NEXT_MARK,
            box=Box(x=210, y=60, width=120, height=64),
        ),
        observation(
            "o7", "electronics_grade", Category(weights={"western_commercial": 1.0}), Method.THIRD_PARTY, source="DS17"
        ),
        observation("o8", "fin_form", NotExaminable(reason="tail fins not recovered"), examiner="О. Коваленко"),
        observation("o9", "cable_raceway_start", NotExaminable(reason="outer skin burnt off"), examiner="О. Коваленко"),
    )
    a = _kharkiv_lines(0.63, "block, electromechanical", "fits", 1.21)
    b = _kharkiv_lines(0.45, "block, electromechanical", "fits", 1.21)
    c = _kharkiv_lines(0.52, "", "unknown", 1.21)
    against = (
        line("o1", "body_diameter_mm", "1100 ± 20 mm", "920 ± 10 mm", -0.84, "differs", sources=("OR30",)),
        line("o2", "igniter_bolt_ring", "7 bolts in 126°, even pitch 18.0° ± 1.0°", "18 bolts in 6 groups of 3", -0.71, "differs",
             block="aft", sources=("DS05",)),
        line("o4", "jet_vane_count", "4", "4", 0.07, block="aft", sources=("OR30",)),
        line("o5", "marking_script", "Hangul (one handwritten ㅈ)", "Cyrillic", -0.62, "differs", block="marking", sources=("OR02",)),
        line("o6", "year_mark", "“112”, seen on 3 assemblies", "no year numeral of this form", 0.0, "unknown", block="date"),
        line("o7", "electronics_grade", "commercial, western", "commercial, western or Soviet", 0.18, "partly", block="electronics"),
    )  # fmt: skip
    ranking = (
        candidate("hwasong-11a", 4.17, a, (3.62, 4.66), posterior=0.46, prior=0.011),
        candidate("hwasong-11b", 4.08, b, (3.50, 4.60), posterior=0.37, prior=0.011),
        candidate("hwasong-11c", 3.37, c, (2.80, 3.90), posterior=0.08, prior=0.011),
        candidate("unlisted@DPRK", 2.41, (), (1.9, 3.0), posterior=0.03, prior=0.05),
        candidate("kn-25", 1.72, (a[4], a[5]), (1.2, 2.4), posterior=0.004, prior=0.033),
        candidate("hyunmoo-2", 0.98, (a[4],), (0.4, 1.6), posterior=0.001, prior=0.05),
        candidate("fateh-110", -0.2, (against[0],), (-0.9, 0.3), posterior=0.0001, prior=0.05),
        candidate("9m723", -1.76, against, (-2.4, -1.1), posterior=0.000004, prior=0.05),
        candidate("9m79-1", -2.1, (against[0], against[3]), (-2.8, -1.4), posterior=0.000002, prior=0.05),
    )
    conclusion = Conclusion(
        outcome="named",
        level="family",
        node="hwasong-11",
        node_name="Hwasong-11",
        members=("hwasong-11a", "hwasong-11b", "hwasong-11c"),
        strength="favours",
        statement="",
        log10_lr=2.83,
        uncapped_log10_lr=2.83,
        capped=False,
        interval=(2.45, 3.38),
        state="DPRK",
        state_name="DPRK",
        state_log10_lr=3.07,
        reasons=("indistinguishable:hwasong-11a|hwasong-11b",),
        separating_traits=("body_diameter_mm", "cable_raceway_start", "fin_form"),
    )
    return document(
        case,
        conclusion,
        photographs=(
            Photograph(
                path=PHOTO,
                sha256="ab" * 32,
                bytes=482_113,
                format="JPEG",
                width_px=900,
                height_px=675,
                taken="2024-01-02T14:11:09",
                camera="Pixel 7",
                part="motor_closure",
                item="K-1",
            ),
            Photograph(
                path=NEXT_MARK,
                sha256="cd" * 32,
                bytes=91_224,
                format="JPEG",
                width_px=480,
                height_px=320,
                orientation=6,
                item="K-1",
            ),
        ),
        observations=observations,
        unreviewed=("o2",),
        not_scored=(("o9", "not examinable"),),
        excluded_types=("9m22u", "r-122", "arash"),
        ranking=ranking,
        families=(
            node("hwasong-11", ("hwasong-11a", "hwasong-11b", "hwasong-11c"), 2.83, (2.45, 3.38), 0.958, 0.033),
            node("kn-25", ("kn-25",), -0.4, (-1.0, 0.3), 0.004, 0.033),
            node("hyunmoo", ("hyunmoo-2",), -1.3, (-2.0, -0.6), 0.001, 0.05),
        ),
        states=(
            node("DPRK", ("hwasong-11a", "hwasong-11b", "hwasong-11c", "kn-25"), 3.07, (2.51, 3.63), 0.9964, 0.2),
            node("ROK", ("hyunmoo-2",), -1.4, (-2.1, -0.7), 0.003, 0.2),
            node("RUS", ("9m723", "9m79-1"), -3.6, (-4.4, -2.9), 0.00003, 0.2),
        ),
        not_catalogued=NotCatalogued(
            log10_lr=-1.52,
            posterior=0.028,
            prior=0.48,
            leaves=(
                Leaf(state="DPRK", name="DPRK", log10_lr=2.41, posterior=0.024),
                Leaf(state="ROK", name="ROK", log10_lr=1.06, posterior=0.003),
                Leaf(state="RUS", name="USSR / Russia", log10_lr=-0.5, posterior=0.0002),
                Leaf(state="other", name="another state", log10_lr=0.0, posterior=0.0001),
            ),
        ),
        readings=(
            ReadingWeight(hypothesis="hwasong-11a", reading="Juche year 112 = 2023", weight=0.51),
            ReadingWeight(hypothesis="hwasong-11a", reading="plant number (February 11 plant)", weight=0.485),
            ReadingWeight(hypothesis="hwasong-11a", reading="serial or other number", weight=0.005),
        ),
        circularity=Circularity(
            left_out_cases=("kharkiv-2024-01-02",),
            values_left_out=(
                "hwasong-11a: jet_vane_actuator_form",
                "hwasong-11a: body_diameter_mm",
                "DPRK: year_mark (plant reading)",
            ),
            full_log10_lr=3.48,
            reported_log10_lr=2.83,
            state_full_log10_lr=4.26,
            state_reported_log10_lr=3.07,
        ),
        sensitivity=Sensitivity(
            leave_one_trait_out=(
                LeaveOneOut(left_out="year_mark", name="year mark", node="hwasong-11", log10_lr=1.71, delta=-1.12, pivotal=True),
                LeaveOneOut(
                    left_out="igniter_bolt_ring", name="igniter bolt ring", node="DPRK", log10_lr=2.45, delta=-0.62, pivotal=True
                ),
                LeaveOneOut(
                    left_out="marking_script", name="marking script", node="hwasong-11", log10_lr=2.45, delta=-0.38, pivotal=False
                ),
            ),
            leave_one_source_out=(
                LeaveOneOut(left_out="DS05", name="DS05", node="hwasong-11", log10_lr=2.4, delta=-0.43, pivotal=False),
            ),
            variants=(
                SensitivityVariant(id="ladder:design", name="design traits only", log10_lr=1.30, state_log10_lr=1.15),
                SensitivityVariant(name="mixture product", log10_lr=3.31, state_log10_lr=3.6, note="ignores dependence"),
                SensitivityVariant(name="without unreviewed machine readings", log10_lr=2.31, state_log10_lr=2.5),
            ),
            prior_sweep=((0.001, 0.41), (0.01, 0.87), (0.05, 0.973), (0.2, 0.994), (0.5, 0.998)),
            pivotal=("year_mark", "igniter_bolt_ring"),
            bootstrap=(2.45, 2.86, 3.36),
        ),
        limitations=(
            Limitation(
                id="shared_parts",
                because="The result may mislead because the Hwasong-11 variants share motor parts; debris of the aft end "
                "cannot tell them apart.",
                sources=("DS05",),
            ),
            Limitation(
                id="hangul",
                because="The result may mislead because Hangul is written in two states, and few ROK designs are documented.",
            ),
            Limitation(
                id="unreviewed",
                because="The result may mislead because a machine reading that nobody has reviewed carries part of the weight.",
            ),
        ),
        next=(
            NextExamination(
                trait="fin_form",
                name="fin form",
                how="Look for the tail fins; photograph one from the side with a scale.",
                effort="photo",
                gain_type_bits=0.54,
                gain_family_bits=0.12,
                gain_state_bits=0.05,
                value=0.3,
                separates=("hwasong-11a", "hwasong-11b"),
            ),
            NextExamination(
                trait="cable_raceway_start",
                name="cable raceway start",
                how="Find a skin panel with raceway footings; record where along the body the raceway begins.",
                effort="measure",
                gain_type_bits=0.31,
                gain_family_bits=0.22,
                gain_state_bits=0.11,
                value=0.2,
            ),
        ),
        bibliography=(
            SourceEntry(id="DS01", publisher="KBS World", title="Handwritten Korean character on missile debris",
                        date="2024-01-24", address="http://world.kbs.co.kr/service/news_view.htm?Seq_Code=183300&lang=e",
                        reliability="B"),
            SourceEntry(id="DS02", publisher="서울신문", title="미사일 잔해에서 한글 ㅈ 표기", date="2024-01-24",
                        address="https://www5.seoul.co.kr/news/20240124500035", reliability="B"),
            SourceEntry(id="DS03", publisher="Dong-A Ilbo", title="Hangul on missile fired at Ukraine", date="2024-01-25",
                        address="", reliability="B"),
            SourceEntry(id="DS05", publisher="SPN", title="Debris similar to KN-23, experts", date="2024-01", address="",
                        reliability="B"),
            SourceEntry(id="DS06", publisher="Kyodo", title="Diameters of the missile", date="2024-01-11",
                        address="https://dailysunny.com/?p=724865", reliability="B"),
            SourceEntry(id="DS19", publisher="AFP", title="US and European parts", date="2024-02", address="", reliability="C"),
            SourceEntry(id="DS42", publisher="analyst", title="Dimensions", date="2024", address="", reliability="B"),
        ),
    )  # fmt: skip


# -- a Soviet Tochka: one type, above the reporting limit ------------------------------------------------------------


def tochka() -> Assessment:
    """One type stands alone and the ratio is beyond the reporting limit."""
    lines = (
        line("t1", "body_diameter_mm", "650 ± 5 mm", "650 ± 3 mm", 0.95, sources=("OR20",)),
        line("t2", "fin_form", "lattice", "lattice", 1.40, block="surfaces", sources=("OR20",)),
        line("t3", "marking_text", "“9М79-1 Ш91565”", "9М79, 9М79-1; serial Ш and 5 or 6 digits", 2.00, block="marking",
             sources=("OR20", "OR21")),
        line("t4", "fin_count", "4", "4", 0.10, block="surfaces", sources=("OR20",)),
    )  # fmt: skip
    other = (
        line("t1", "body_diameter_mm", "650 ± 5 mm", "920 ± 10 mm", -0.92, "differs"),
        line("t2", "fin_form", "lattice", "fixed", -0.84, "differs", block="surfaces"),
    )
    conclusion = Conclusion(
        outcome="named",
        level="type",
        node="9m79-1",
        node_name="9M79-1 Tochka-U",
        members=("9m79-1",),
        strength="supports",
        statement="",
        log10_lr=4.0,
        uncapped_log10_lr=4.38,
        capped=True,
        interval=(3.7, 4.9),
        state="RUS",
        state_name="USSR / Russia",
        state_log10_lr=4.0,
    )
    return document(
        Case(id="tochka-sample", title="Tail section in a field", event_date="2022-04-08", place="Kramatorsk, Ukraine"),
        conclusion,
        observations=(
            observation(
                "t1", "body_diameter_mm", Measured(value=650, uncertainty=5, unit="mm"), Method.PHYSICAL, item="T-1"
            ),
            observation("t2", "fin_form", Category(weights={"lattice": 1.0}), item="T-1"),
            observation(
                "t3", "marking_text", Text(readings=(Reading(text="9М79-1 Ш91565", confidence=0.93),)), item="T-1"
            ),
            observation("t4", "fin_count", Count(count=4), item="T-1"),
        ),
        ranking=(
            candidate("9m79-1", 4.45, lines, (3.8, 5.0), posterior=0.9991, prior=0.1),
            candidate("9m723", -1.7, other, (-2.2, -1.1), posterior=0.00001, prior=0.1),
            candidate("hyunmoo-2", -2.0, other, None, posterior=0.00001, prior=0.1),
        ),
        families=(node("tochka", ("9m79-1",), 4.38, (3.7, 4.9), 0.9991, 0.1),),
        states=(node("RUS", ("9m79-1", "9m723"), 4.51, (3.9, 5.1), 0.9994, 0.3),),
        not_catalogued=NotCatalogued(
            log10_lr=-3.1,
            posterior=0.0007,
            prior=0.4,
            leaves=(Leaf(state="RUS", name="USSR / Russia", log10_lr=1.2, posterior=0.0006),),
        ),
        sensitivity=Sensitivity(
            leave_one_trait_out=(
                LeaveOneOut(
                    left_out="marking_text", name="marking text", node="9m79-1", log10_lr=2.5, delta=-1.9, pivotal=True
                ),
            ),
            bootstrap=(3.7, 4.4, 4.9),
        ),
    )


# -- nothing in the catalogue fits -----------------------------------------------------------------------------------


def none_fits() -> Assessment:
    """Every catalogued type explains the observations worse than an unlisted design does."""
    lines = (
        line("n1", "body_diameter_mm", "1700 ± 30 mm", "1250 ± 20 mm", -0.7, "differs"),
        line("n2", "jet_vane_count", "2", "4", -0.3, "differs", block="aft"),
        line("n3", "electronics_grade", "military", "military", 0.2, block="electronics"),
    )
    return document(
        Case(id="unknown-2026"),
        Conclusion(
            outcome="none_fits",
            level="none",
            node=None,
            node_name="",
            members=(),
            strength="none",
            statement="",
            log10_lr=-0.8,
            uncapped_log10_lr=-0.8,
            capped=False,
            reasons=("worse_than_unlisted", "contradicted:5"),
        ),
        observations=(
            observation("n1", "body_diameter_mm", Measured(value=1700, uncertainty=30, unit="mm"), item="U-1"),
            observation("n2", "jet_vane_count", Count(count=2), item="U-1"),
            observation("n3", "electronics_grade", Category(weights={"military": 1.0}), item="U-1"),
            observation("n4", "fin_form", Absent(coverage=0.6), item="U-1"),
        ),
        ranking=(
            candidate("9m723", -0.8, lines, (-1.4, -0.2), posterior=0.05, prior=0.2),
            candidate("fateh-110", -1.1, lines[:2], None, posterior=0.03, prior=0.2),
        ),
        families=(node("iskander", ("9m723",), -0.9, None, 0.05, 0.2),),
        states=(node("RUS", ("9m723",), 0.1, None, 0.3, 0.25),),
        not_catalogued=NotCatalogued(
            log10_lr=0.85,
            posterior=0.78,
            prior=0.33,
            leaves=(
                Leaf(state="UKR", name="Ukraine", log10_lr=0.45, posterior=0.2),
                Leaf(state="other", name="another state", log10_lr=0.0, posterior=0.1),
            ),
        ),
        sensitivity=Sensitivity(
            leave_one_trait_out=(
                LeaveOneOut(
                    left_out="body_diameter_mm",
                    name="body diameter",
                    node=None,
                    log10_lr=-0.1,
                    delta=0.7,
                    pivotal=False,
                ),
            )
        ),
        next=(
            NextExamination(
                trait="marking_text",
                name="marking text",
                how="Photograph every marking with a scale.",
                effort="photo",
                gain_type_bits=0.9,
                gain_family_bits=0.9,
                gain_state_bits=0.8,
                value=0.9,
            ),
        ),
    )


# -- nothing could be weighed ----------------------------------------------------------------------------------------


def insufficient() -> Assessment:
    """An unread photograph and one trait that could not be examined: no evaluable observation."""
    return document(
        Case(id="burnt-fragment", event_date="2025-03-01"),
        Conclusion(
            outcome="insufficient",
            level="none",
            node=None,
            node_name="",
            members=(),
            strength="none",
            statement="",
            log10_lr=0.0,
            uncapped_log10_lr=0.0,
            capped=False,
        ),
        observations=(observation("b1", "marking_script", NotExaminable(reason="burnt"), item="B-1"),),
        unread=(
            UnreadInput(
                path="photographs/broken.jpg", reason="The file ends before the picture does.", sha256="ef" * 32
            ),
        ),
        not_scored=(("b1", "not examinable"),),
        ranking=(
            candidate("9m723", 0.0, (), None, known=0, posterior=0.2, prior=0.2),
            candidate("hwasong-11a", 0.0, (), None, known=0, posterior=0.2, prior=0.2),
        ),
        not_catalogued=NotCatalogued(log10_lr=0.0, posterior=0.6, prior=0.6, leaves=()),
        next=(
            NextExamination(
                trait="body_diameter_mm",
                name="body diameter",
                how="Measure a chord and its height on any curved skin fragment.",
                effort="measure",
                gain_type_bits=0.8,
                gain_family_bits=0.77,
                gain_state_bits=0.23,
                value=0.4,
            ),
        ),
    )


# -- a design that several states make -------------------------------------------------------------------------------


def pattern_tie() -> Assessment:
    """122 mm rockets of three producers share the pattern; nothing observed tells the producer."""

    def lines(extra: float = 0.0) -> tuple[EvidenceLine, ...]:
        return (
            line("g1", "body_diameter_mm", "122.4 ± 0.3 mm", "122 ± 1 mm", 1.5, sources=("OR55",)),
            line(
                "g2", "fin_form", "folding, curved", "folding, curved", 1.1 + extra, block="surfaces", sources=("OR55",)
            ),
        )

    return document(
        Case(id="grad-field", event_date="2023-08-10", place="southern front"),
        Conclusion(
            outcome="tie",
            level="pattern",
            node="grad-122",
            node_name="122 mm Grad pattern",
            members=("9m22u", "arash", "r-122"),
            strength="supports",
            statement="",
            log10_lr=3.12,
            uncapped_log10_lr=3.12,
            capped=False,
            interval=(2.6, 3.7),
            state="RUS",
            state_name="USSR / Russia",
            state_log10_lr=0.12,
            separating_traits=("marking_text", "body_material"),
        ),
        observations=(
            observation(
                "g1", "body_diameter_mm", Measured(value=122.4, uncertainty=0.3, unit="mm"), Method.PHYSICAL, item="G-1"
            ),
            observation("g2", "fin_form", Category(weights={"folding_curved": 1.0}), Method.PHYSICAL, item="G-1"),
        ),
        ranking=(
            candidate("9m22u", 2.60, lines(), (2.1, 3.1), posterior=0.3, prior=0.05),
            candidate("arash", 2.60, lines(), (2.1, 3.1), posterior=0.3, prior=0.05),
            candidate("r-122", 2.60, lines(), (2.0, 3.1), posterior=0.3, prior=0.05),
            candidate("9m79-1", -0.9, lines()[:1], None, posterior=0.001, prior=0.05),
            candidate("hyunmoo-2", 0.0, (), None, known=0, posterior=0.01, prior=0.05),
        ),
        families=(node("grad", ("9m22u",), 0.15, (-0.4, 0.6), 0.3, 0.2),),
        states=(node("RUS", ("9m22u", "9m79-1"), 0.12, (-0.4, 0.6), 0.3, 0.25),),
        sensitivity=Sensitivity(
            leave_one_trait_out=(
                LeaveOneOut(
                    left_out="fin_form", name="fin form", node="grad-122", log10_lr=1.9, delta=-1.2, pivotal=True
                ),
            ),
            variants=(SensitivityVariant(name="tempered blocks", log10_lr=3.0),),
        ),
    )


def type_candidates() -> Assessment:
    """A single observation: something can be weighed, but only candidates are listed."""
    told = kharkiv()
    conclusion = told.conclusion.model_copy(
        update={
            "outcome": "tie",
            "level": "none",
            "node": None,
            "node_name": "",
            "strength": "candidates_only",
            "log10_lr": 1.1,
            "uncapped_log10_lr": 1.1,
            "interval": (-0.4, 1.9),
            "members": ("hwasong-11a", "hwasong-11b", "kn-25", "unlisted@DPRK"),
            "reasons": (),
        }
    )
    return word(told.model_copy(update={"conclusion": conclusion, "circularity": None}), catalogue())


DOCUMENTS = {
    "kharkiv": kharkiv,
    "tochka": tochka,
    "none_fits": none_fits,
    "insufficient": insufficient,
    "pattern_tie": pattern_tie,
    "type_candidates": type_candidates,
}
