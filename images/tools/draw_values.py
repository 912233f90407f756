"""Draw the small pictures of the vocabulary's values: line drawings made from nothing but the code below.

    python images/tools/draw_values.py [OUTPUT_DIR]

Writes one SVG a value into ``signatures/vocabulary/pictures/`` (or OUTPUT_DIR), 160 by 120 units, black lines on
nothing, so that they print and sit on any background. Sheets, help and reports use them; they show a form, not a type.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path

Drawing = Callable[[], str]

STYLE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"'
THIN = 'fill="none" stroke="currentColor" stroke-width="1"'


def svg(body: str, title: str) -> str:
    """A complete picture with its title for screen readers."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 120" role="img" aria-label="{title}">'
        f"<title>{title}</title><g {STYLE}>{body}</g></svg>\n"
    )


def line(x1: float, y1: float, x2: float, y2: float, extra: str = "") -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" {extra}/>'


def circle(x: float, y: float, r: float, extra: str = "") -> str:
    return f'<circle cx="{x:.4g}" cy="{y:.4g}" r="{r:g}" {extra}/>'


def path(d: str, extra: str = "") -> str:
    return f'<path d="{d}" {extra}/>'


def polygon(points: list[tuple[float, float]], extra: str = "") -> str:
    return f'<polygon points="{" ".join(f"{x:.4g},{y:.4g}" for x, y in points)}" {extra}/>'


def text(x: float, y: float, words: str, size: float = 30, extra: str = "") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="monospace" font-size="{size:g}" text-anchor="middle" '
        f'stroke="none" fill="currentColor" {extra}>{words}</text>'
    )


def polar(angle_deg: float, radius: float, x: float = 80, y: float = 60) -> tuple[float, float]:
    angle = math.radians(angle_deg)
    return x + radius * math.cos(angle), y - radius * math.sin(angle)


def ring(angles: list[float]) -> str:
    """A plate with its bolts, seen face on."""
    bolts = "".join(circle(*polar(angle, 40), 3.4, 'fill="currentColor"') for angle in angles)
    return circle(80, 60, 52) + circle(80, 60, 26) + bolts


TUBE = path("M10 48 H92 M10 72 H92 M92 46 V74")
"""The rear end of a body, side view: body to the left, open end at x = 92."""


def fins(upper: str) -> str:
    """A body with the same surface above and, mirrored, below."""
    return TUBE + path(upper) + f'<g transform="matrix(1 0 0 -1 0 120)">{path(upper)}</g>'


def lattice() -> str:
    grid = "".join(line(96 + 9 * i, 14, 96 + 9 * i, 46) for i in range(5))
    grid += "".join(line(96, 14 + 8 * i, 132, 14 + 8 * i) for i in range(5))
    return (
        TUBE + grid + f'<g transform="matrix(1 0 0 -1 0 120)">{grid}</g>' + line(88, 48, 96, 44) + line(88, 72, 96, 76)
    )


def nozzles(holes: list[tuple[float, float, float]], outer: float = 50) -> str:
    """The rear face with nozzle mouths: (x, y, radius) each."""
    return circle(80, 60, outer) + "".join(circle(x, y, r) + circle(x, y, r * 0.45) for x, y, r in holes)


def body(extra: str) -> str:
    """A whole missile, side view, nose right."""
    return path("M14 52 H112 L146 60 L112 68 H14 Z") + extra


def plan(extra: str) -> str:
    """A body seen from above, nose up."""
    return path("M74 112 V24 L80 8 L86 24 V112 Z") + extra


def mirrored(shape: str) -> str:
    """A shape right of the body and its mirror image left of it."""
    return shape + f'<g transform="matrix(-1 0 0 1 160 0)">{shape}</g>'


def mark(words: str, extra: str) -> str:
    return path("M8 20 H152 V100 H8 Z", 'stroke-width="1"') + extra.replace("@", words)


def dotted(words: str) -> str:
    return text(80, 74, words, 46, 'style="fill:none;stroke:currentColor;stroke-width:3;stroke-dasharray:0.1 5"')


PICTURES: dict[str, dict[str, tuple[str, Drawing]]] = {
    "ring_spacing": {
        "even": ("Bolts evenly spaced on a circle", lambda: ring([18 * k for k in range(20)])),
        "grouped": (
            "Bolts in groups of three",
            lambda: ring([60 * group + step for group in range(6) for step in (-12, 0, 12)]),
        ),
        "uneven": ("Bolts unevenly spaced", lambda: ring([0, 14, 38, 75, 90, 128, 160, 181, 230, 244, 300, 331])),
        "partial": (
            "Part of a ring: only an arc survives",
            lambda: (
                path("M128 60 A48 48 0 0 0 56 18 L67 37 A26 26 0 0 1 106 60 Z")
                + "".join(circle(*polar(a, 37), 3.2, 'fill="currentColor"') for a in range(9, 118, 18))
            ),
        ),
    },
    "fin_form": {
        "fixed": ("Fixed fins", lambda: fins("M56 48 V16 H84 L92 48")),
        "cropped_delta": ("Cropped delta fins", lambda: fins("M40 48 L74 18 H90 V48")),
        "folding_curved": (
            "Curved fins that fold round the body",
            lambda: (
                circle(80, 60, 26)
                + "".join(
                    f'<g transform="rotate({a} 80 60)">{path("M106 60 C124 56 128 34 118 22")}</g>'
                    for a in (0, 90, 180, 270)
                )
            ),
        ),
        "folding_flat": (
            "Flat fins hinged to fold",
            lambda: fins("M60 48 V40 M60 40 L92 12 L98 20 L72 44 M56 44 a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0"),
        ),
        "lattice": ("Lattice (grid) fins", lattice),
        "boom_fins": (
            "Fins on a tail boom",
            lambda: (
                path("M12 44 C50 36 60 44 72 54 H120 M12 76 C50 84 60 76 72 66 H120 V54")
                + path("M100 54 L108 34 H122 V54 M100 66 L108 86 H122 V66")
            ),
        ),
        "ring_shroud": (
            "Fins inside a ring shroud",
            lambda: TUBE + path("M92 48 H104 M92 72 H104 M104 24 H134 V96 H104 Z") + line(104, 60, 134, 60),
        ),
        "none": ("No fins", lambda: TUBE),
    },
    "nozzle_layout": {
        "single_central": ("One central nozzle", lambda: nozzles([(80, 60, 30)])),
        "central_and_ring": (
            "A central nozzle and a ring of smaller ones",
            lambda: nozzles([(80, 60, 11), *((*polar(60 * k, 33), 11) for k in range(6))]),
        ),
        "ring_only": ("A ring of nozzles", lambda: nozzles([(*polar(60 * k, 32), 11) for k in range(6)])),
        "cluster": ("A cluster of equal nozzles", lambda: nozzles([(*polar(45 + 90 * k, 27), 17) for k in range(4)])),
        "twin_chamber": ("Two chambers", lambda: nozzles([(80, 36, 19), (80, 84, 13)])),
        "side_nozzles": (
            "Nozzles on the side of the body",
            lambda: path("M14 44 H146 M14 76 H146") + path("M70 44 L62 26 H82 L78 44 M70 76 L62 94 H82 L78 76"),
        ),
    },
    "body_cross_section": {
        "circular": ("Circular section", lambda: circle(80, 60, 44)),
        "flattened": ("Flattened section", lambda: path("M40 34 H120 L146 62 Q140 88 116 88 H44 Q20 88 14 62 Z")),
        "box": (
            "Box section",
            lambda: path("M46 20 H114 Q122 20 122 28 V92 Q122 100 114 100 H46 Q38 100 38 92 V28 Q38 20 46 20 Z"),
        ),
    },
    "cable_raceway_start": {
        "forward_cone": (
            "Raceway from the forward cone to the base",
            lambda: body(line(124, 57, 20, 57, 'stroke-width="4"')),
        ),
        "mid_body": ("Raceway from mid-body to the base", lambda: body(line(72, 57, 20, 57, 'stroke-width="4"'))),
        "aft_section": ("Raceway on the aft section only", lambda: body(line(40, 57, 20, 57, 'stroke-width="4"'))),
        "no_raceway": ("No raceway", lambda: body("")),
    },
    "nose_form": {
        "conical": ("Conical nose", lambda: path("M10 36 H80 L148 60 L80 84 H10")),
        "pointed_ogive": ("Long pointed ogive", lambda: path("M10 36 H60 Q112 40 150 60 Q112 80 60 84 H10")),
        "ogive": ("Ogive", lambda: path("M10 36 H86 Q128 40 144 60 Q128 80 86 84 H10")),
        "blunt": ("Blunt nose", lambda: path("M10 36 H112 Q140 36 140 60 Q140 84 112 84 H10")),
        "winged_glide": (
            "Winged glide body",
            lambda: path("M10 44 H70 L148 60 L70 76 H10 M24 44 L60 12 L84 47 M24 76 L60 108 L84 73"),
        ),
    },
    "marking_method": {
        "stamped": (
            "Stamped: pressed into the metal",
            lambda: mark(
                "112",
                text(81.5, 75.5, "@", 46, 'opacity="0.35"')
                + text(80, 74, "@", 46, 'style="fill:none;stroke:currentColor;stroke-width:2"'),
            ),
        ),
        "engraved": (
            "Engraved: cut with a tool",
            lambda: mark("112", text(80, 74, "@", 46, 'style="fill:none;stroke:currentColor;stroke-width:1"')),
        ),
        "dot_peen": ("Dot-peened", lambda: mark("112", dotted("112"))),
        "laser": ("Laser marked", lambda: mark("112", text(80, 68, "@", 26))),
        "cast": (
            "Cast: raised with the part",
            lambda: mark(
                "112",
                text(83, 77, "@", 46, 'opacity="0.5"')
                + text(80, 74, "@", 46, 'style="fill:none;stroke:currentColor;stroke-width:3"'),
            ),
        ),
        "stencilled": (
            "Stencilled, with bridges",
            lambda: (
                mark("112", text(80, 74, "@", 46, 'font-weight="bold"'))
                + "".join(line(20, y, 140, y, 'stroke="white" stroke-width="4"') for y in (58,))
            ),
        ),
        "printed": ("Printed", lambda: mark("112", text(80, 70, "@", 30))),
        "decal": (
            "Decal or label",
            lambda: (
                path("M8 12 H152 V108 H8 Z", 'stroke-width="1"')
                + path("M36 36 H124 V84 H36 Z")
                + text(80, 70, "112", 30)
            ),
        ),
        "handwritten": (
            "Handwritten",
            lambda: path("M34 40 L42 34 V84 M62 42 L70 34 V86 M92 46 Q98 32 112 38 Q122 48 94 82 L126 80"),
        ),
    },
    "wing_planform": {
        "delta": ("Delta wing", lambda: plan(mirrored(path("M86 40 L146 104 H86")))),
        "cropped_delta": ("Cropped delta wing", lambda: plan(mirrored(path("M86 44 L132 88 V104 H86")))),
        "straight_folding": (
            "Straight folding wing",
            lambda: plan(mirrored(path("M86 54 H150 V66 H86 M86 60 a3 3 0 1 0 6 0 a3 3 0 1 0 -6 0"))),
        ),
        "swept_folding": (
            "Swept folding wing",
            lambda: plan(mirrored(path("M86 52 L150 78 V88 L86 66 M86 60 a3 3 0 1 0 6 0 a3 3 0 1 0 -6 0"))),
        ),
        "straight_fixed": ("Straight fixed wing", lambda: plan(mirrored(path("M86 52 H150 V68 H86")))),
        "swept_fixed": ("Swept fixed wing", lambda: plan(mirrored(path("M86 44 L148 80 V92 L86 68")))),
        "trapezoidal": ("Trapezoidal wing", lambda: plan(mirrored(path("M86 48 L128 62 V82 L86 90")))),
        "x_wing": (
            "X-shaped wing",
            lambda: (
                circle(80, 60, 12)
                + "".join(line(*polar(a, 12), *polar(a, 54), 'stroke-width="4"') for a in (35, 145, 215, 325))
            ),
        ),
        "long_chord": ("Long narrow wing along the body", lambda: plan(mirrored(path("M86 36 L100 46 V98 H86")))),
        "strake": ("Strakes", lambda: plan(mirrored(path("M86 40 L93 50 V92 L86 98")))),
        "folding_small": (
            "Several small folding wings",
            lambda: plan(mirrored(path("M86 50 L112 62 V68 L86 58 M86 76 L112 88 V94 L86 84"))),
        ),
    },
    "booster": {
        "none": ("No booster", lambda: body("")),
        "tandem": ("Booster behind the body", lambda: path("M58 50 H122 L148 60 L122 70 H58 Z M10 48 H56 V72 H10 Z")),
        "tandem_lattice": (
            "Booster with lattice stabilisers",
            lambda: (
                path("M62 50 H122 L148 60 L122 70 H62 Z M20 48 H60 V72 H20 Z")
                + "".join(line(20 + 7 * i, 22, 20 + 7 * i, 48) + line(20 + 7 * i, 72, 20 + 7 * i, 98) for i in range(4))
                + "".join(line(20, 22 + 8 * i, 41, 22 + 8 * i) + line(20, 78 + 8 * i, 41, 78 + 8 * i) for i in range(3))
            ),
        ),
        "bicalibre": (
            "Fat booster, thin sustainer",
            lambda: path("M10 38 H74 L84 52 H128 L150 60 L128 68 H84 L74 82 H10 Z"),
        ),
        "side": (
            "Boosters on the side",
            lambda: body(path("M26 34 H74 L84 42 L74 50 H26 Z M26 70 H74 L84 78 L74 86 H26 Z")),
        ),
        "integral": ("Booster inside the body", lambda: body(path("M20 56 H62 V64 H20 Z"))),
    },
    "engine_mount": {
        "internal_ventral_intake": (
            "Inside, intake below",
            lambda: body(path("M60 68 L70 80 H84 V68 M18 57 H50 V63 H18 Z")),
        ),
        "internal_side_intake": (
            "Inside, intakes at the sides",
            lambda: body(path("M56 60 a7 5 0 1 0 14 0 a7 5 0 1 0 -14 0 M18 57 H44 V63 H18 Z")),
        ),
        "internal_nose_intake": (
            "Inside, intake in the nose",
            lambda: path("M14 48 H126 L134 42 M14 72 H126 L134 78 M112 60 L146 52 V68 Z"),
        ),
        "external_ventral": (
            "Outside, below the body, on a pylon",
            lambda: body(path("M36 68 V78 M58 68 V78 M28 78 H68 V92 H28 Z")),
        ),
        "external_dorsal": (
            "Outside, above the body",
            lambda: body(path("M36 52 V42 M58 52 V42 M28 28 H68 V42 H28 Z")),
        ),
        "pod_below": (
            "In a pod below the body",
            lambda: body(path("M30 80 Q52 70 76 80 V90 Q52 100 30 90 Z M48 68 V74 M58 68 V74")),
        ),
        "four_side_ducts": (
            "Four ducts along the sides",
            lambda: circle(80, 60, 26) + "".join(circle(*polar(45 + 90 * k, 36), 11) for k in range(4)),
        ),
        "rear_pusher": ("Propeller at the rear", lambda: body(line(10, 36, 10, 84, 'stroke-width="4"'))),
        "nose_tractor": ("Propeller in the nose", lambda: body(line(150, 36, 150, 84, 'stroke-width="4"'))),
        "rear_internal": ("Inside the rear body", lambda: body(path("M16 56 H48 V64 H16 Z"))),
    },
    "fragment_form": {
        "natural": (
            "Natural splinter",
            lambda: path("M30 84 L52 26 L70 44 L96 18 L128 58 L104 66 L122 98 L74 82 L56 102 Z"),
        ),
        "cube": ("Cube", lambda: path("M44 46 L92 46 V94 H44 Z M44 46 L64 26 H112 L92 46 M112 26 V74 L92 94")),
        "bow_tie": ("Bow tie", lambda: path("M36 30 L80 50 L124 30 V90 L80 70 L36 90 Z")),
        "sphere": ("Sphere", lambda: circle(80, 60, 34) + path("M52 78 Q80 94 108 78", 'stroke-width="1"')),
        "rod": ("Rod", lambda: path("M20 50 H134 V70 H20 Z M134 50 q8 10 0 20")),
        "tungsten_pellet": (
            "Small dense pellets",
            lambda: "".join(circle(x, y, 9) for x, y in ((56, 48), (84, 40), (108, 58), (70, 74), (96, 82))),
        ),
        "steel_prism": ("Prism", lambda: path("M40 84 L64 34 L88 84 Z M64 34 L112 26 L134 74 L88 84")),
    },
    "submunition_form": {
        "m42_cup": (
            "Cup with a ribbon, M42 form",
            lambda: path("M56 46 V98 H104 V46 Q80 34 56 46 Z M72 40 V28 H88 V40 M80 28 Q96 18 84 6 M80 28 Q68 14 76 4"),
        ),
        "sphere": ("Sphere", lambda: circle(80, 60, 36) + line(44, 60, 116, 60)),
        "n24_sector": ("Spherical sector", lambda: path("M80 96 L44 40 Q80 12 116 40 Z M80 96 V26")),
        "n210_cylinder": (
            "Short cylinder with vanes",
            lambda: path("M46 46 H110 V88 H46 Z M110 52 L130 40 M110 60 L134 56 M110 74 L134 78 M110 82 L130 94"),
        ),
        "pfm1_wing": (
            "Winged scatter mine",
            lambda: path("M20 58 Q60 30 84 56 Q118 30 142 48 Q132 80 90 76 Q52 96 20 58 Z"),
        ),
        "hexagonal_incendiary": (
            "Hexagonal element",
            lambda: polygon([polar(60 * k, 34) for k in range(6)]) + circle(80, 60, 12),
        ),
    },
}


def main() -> None:
    """Write every picture."""
    default = Path(__file__).resolve().parents[2] / "signatures/vocabulary/pictures"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for trait, values in PICTURES.items():
        for value, (title, draw) in values.items():
            (folder / f"{trait}.{value}.svg").write_text(svg(draw(), title), encoding="utf-8")
            count += 1
    print(f"{count} pictures in {folder}")


if __name__ == "__main__":
    main()
