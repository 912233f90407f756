"""Writing as it stands on items: a mask of the line, put on a surface as paint, relief, punch marks or print.

``Marks(seed).sample()`` gives one grey crop around one line with its text and the box of the line in the crop.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from grounds import WORKED, Bank, fractal
from PIL import ImageFont
from texts import Texts

FONTS = Path("/usr/share/fonts")
SIZE_PX = 44  # of the fonts in the drawing; a line is about 34 px high

_NANUM = "truetype/nanum/Nanum"
_UN = "truetype/unfonts-"
KOREAN = [
    *[
        f"{_NANUM}{one}.ttf"
        for one in (
            "BarunGothic",
            "BarunGothicBold",
            "BarunGothicLight",
            "BarunGothicUltraLight",
            "Gothic",
            "GothicBold",
            "GothicCoding",
            "GothicCodingBold",
            "GothicExtraBold",
            "Myeongjo",
            "MyeongjoBold",
            "MyeongjoExtraBold",
            "SquareB",
            "SquareEB",
            "SquareL",
            "SquareR",
        )
    ],
    *[f"truetype/baekmuk/{one}.ttf" for one in ("batang", "dotum", "gulim")],
    *[
        f"{_UN}core/{one}.ttf"
        for one in ("UnBatang", "UnBatangBold", "UnDotum", "UnDotumBold", "UnGraphic", "UnGraphicBold", "UnGungseo")
    ],
    *[
        f"{_UN}extra/{one}.ttf"
        for one in ("UnShinmun", "UnYetgul", "UnVada", "UnJamoBatang", "UnJamoDotum", "UnJamoSora")
    ],
    *[f"opentype/noto/NotoSansCJK-{one}.ttc#1" for one in ("Black", "Bold", "Light", "Medium", "Regular", "Thin")],
    *[f"opentype/noto/NotoSerifCJK-{one}.ttc#1" for one in ("Bold", "Medium", "Light")],
]
KOREAN_HAND = [f"{_NANUM}{one}.ttf" for one in ("Brush", "Pen", "Pen")] + [
    f"{_UN}core/UnPilgi.ttf",
    f"{_UN}core/UnPilgiBold.ttf",
    f"{_UN}extra/UnPen.ttf",
    f"{_UN}extra/UnPenheulim.ttf",
    f"{_UN}extra/UnPilgia.ttf",
]
KOREAN_HELD = [
    f"{_NANUM}SquareRoundB.ttf",
    f"{_NANUM}SquareRoundR.ttf",
    f"{_NANUM}SquareRoundEB.ttf",
    f"{_UN}core/UnDinaru.ttf",
    f"{_UN}core/UnDinaruBold.ttf",
    "truetype/baekmuk/hline.ttf",
    f"{_NANUM}BarunpenB.ttf",
    f"{_NANUM}BarunpenR.ttf",
]
WESTERN = [
    *[
        f"truetype/croscore/{one}.ttf"
        for one in ("Arimo-Bold", "Arimo-Regular", "Cousine-Bold", "Cousine-Regular", "Tinos-Bold", "Tinos-Regular")
    ],
    *[
        f"truetype/dejavu/{one}.ttf"
        for one in (
            "DejaVuSans",
            "DejaVuSans-Bold",
            "DejaVuSansCondensed",
            "DejaVuSansCondensed-Bold",
            "DejaVuSansMono",
            "DejaVuSansMono-Bold",
            "DejaVuSerif",
            "DejaVuSerif-Bold",
            "DejaVuSans-ExtraLight",
        )
    ],
    *[f"truetype/freefont/{one}.ttf" for one in ("FreeSans", "FreeSansBold", "FreeSerifBold")],
    *[
        f"truetype/liberation/{one}.ttf"
        for one in (
            "LiberationMono-Bold",
            "LiberationSansNarrow-Regular",
            "LiberationSansNarrow-Bold",
            "LiberationSans-BoldItalic",
        )
    ],
    *[
        f"truetype/open-sans/{one}.ttf"
        for one in ("OpenSans-CondBold", "OpenSans-CondLight", "OpenSans-Regular", "OpenSans-ExtraBold")
    ],
    *[f"truetype/paratype/{one}.ttf" for one in ("PTM75F", "PTM55F", "PTC55F", "PTC75F", "PTS55F", "PTS75F", "PTF75F")],
    *[
        f"truetype/roboto/unhinted/RobotoTTF/{one}.ttf"
        for one in ("Roboto-Black", "Roboto-Regular", "Roboto-Thin", "Roboto-Medium")
    ],
    *[f"truetype/lato/{one}.ttf" for one in ("Lato-Regular", "Lato-Heavy", "Lato-Light", "Lato-Black")],
    *[f"truetype/hack/{one}.ttf" for one in ("Hack-Regular", "Hack-Bold")],
    *[
        f"truetype/noto/{one}.ttf"
        for one in ("NotoSans-Regular", "NotoSans-Bold", "NotoSansDisplay-Regular", "NotoSerif-Bold")
    ],
    *[f"truetype/comfortaa/{one}.ttf" for one in ("Comfortaa-Regular", "Comfortaa-Bold")],
]
WESTERN_HELD = [
    "truetype/freefont/FreeMonoBold.ttf",
    "truetype/freefont/FreeMono.ttf",
    "truetype/paratype/PTN57F.ttf",
    "truetype/paratype/PTN77F.ttf",
    "truetype/roboto/unhinted/RobotoCondensed-Bold.ttf",
    "truetype/roboto/unhinted/RobotoCondensed-Regular.ttf",
    "truetype/inconsolata/Inconsolata.otf",
]
THIN = [
    f"{_NANUM}BarunGothicUltraLight.ttf",
    f"{_NANUM}SquareL.ttf",
    "opentype/noto/NotoSansCJK-Thin.ttc#1",
    "opentype/noto/NotoSansCJK-Light.ttc#1",
    f"{_NANUM}BarunGothicLight.ttf",
    f"{_UN}core/UnGraphic.ttf",
    f"{_NANUM}Gothic.ttf",
    f"{_NANUM}Pen.ttf",
]
THIN_WESTERN = [
    "truetype/roboto/unhinted/RobotoTTF/Roboto-Thin.ttf",
    "truetype/dejavu/DejaVuSans-ExtraLight.ttf",
    "truetype/open-sans/OpenSans-CondLight.ttf",
    "truetype/lato/Lato-Light.ttf",
    "truetype/freefont/FreeSans.ttf",
]
FOREIGN_FONTS = (
    ("opentype/noto/NotoSansCJK-Bold.ttc#2", "opentype/noto/NotoSerifCJK-Medium.ttc#0"),
    ("opentype/noto/NotoSansCJK-Medium.ttc#0",),
    ("truetype/noto/NotoNaskhArabic-Bold.ttf", "truetype/noto/NotoSansArabic-Regular.ttf"),
    ("truetype/noto/NotoSansHebrew-Bold.ttf",),
    ("truetype/noto/NotoLoopedThai-Bold.ttf", "truetype/noto/NotoSerifThai-Regular.ttf"),
    ("truetype/noto/NotoSansGeorgian-Bold.ttf", "truetype/noto/NotoSerifGeorgian-Regular.ttf"),
    ("truetype/noto/NotoSansDevanagari-Bold.ttf",),
    ("truetype/noto/NotoSansArmenian-Bold.ttf",),
)


def has_hangul(text):
    return any("ㄱ" <= one <= "ㅎ" or "가" <= one <= "힣" for one in text)


def foreign(text):
    """Index of the unknown script, or None."""
    code = max(map(ord, text))
    for index, (low, high) in enumerate(
        (
            (0x4E00, 0x9FFF),
            (0x3040, 0x30FF),
            (0x600, 0x6FF),
            (0x590, 0x5FF),
            (0xE00, 0xE7F),
            (0x10A0, 0x10FF),
            (0x900, 0x97F),
            (0x530, 0x58F),
        )
    ):
        if low <= code <= high:
            return index
    return None


@dataclass
class Sample:
    """One crop: ``picture`` (h, w) uint8, ``text``, ``box`` x0, y0, x1, y1 of the line in the picture, how it was made."""

    picture: np.ndarray
    text: str
    box: tuple[float, float, float, float]
    how: str


class Marks:
    """Samples from one seed; ``held`` takes the fonts that training never sees."""

    def __init__(self, seed, held=False, surfaces=160, texts=None):
        self.rng = np.random.default_rng(seed)
        self.texts = texts or Texts(self.rng)
        self.bank = Bank(self.rng, surfaces, makes=WORKED)
        self.wild = Bank(self.rng, surfaces)
        self.held = held
        self.fonts = {}
        self.glyphs = {}
        self.noises = [
            fractal(self.rng, 160, 512, self.rng.uniform(4, 60), 4, self.rng.uniform(0.4, 0.8)) for _ in range(40)
        ]

    # ------------------------------------------------------------------ helpers
    def chance(self, p):
        return self.rng.random() < p

    def pick(self, items):
        return items[self.rng.integers(len(items))]

    def noise(self, h, w):
        """A piece of ready noise, mean 0, spread 1."""
        whole = self.pick(self.noises)
        if h > 160 or w > 512:
            return cv2.resize(whole, (w, h))
        y, x = self.rng.integers(161 - h), self.rng.integers(513 - w)
        return whole[y : y + h, x : x + w]

    def font(self, name):
        if name not in self.fonts:
            path, _, index = name.partition("#")
            self.fonts[name] = ImageFont.truetype(str(FONTS / path), SIZE_PX, index=int(index or 0))
        return self.fonts[name]

    def glyph(self, name, character):
        """Picture of one character, where it begins right of and below the pen, and how far the pen moves."""
        key = (name, character)
        if key not in self.glyphs:
            if len(self.glyphs) > 60000:
                self.glyphs.clear()
            font = self.font(name)
            mask, (dx, dy) = font.getmask2(character, "L")
            array = (
                np.asarray(mask, np.uint8).reshape(mask.size[1], mask.size[0])
                if mask.size[0] and mask.size[1]
                else None
            )
            self.glyphs[key] = (array, dx, dy, font.getlength(character))
        return self.glyphs[key]

    # ------------------------------------------------------------------ the line
    def choose_font(self, text, way):
        index = foreign(text)
        if index is not None:
            return self.pick(FOREIGN_FONTS[index])
        korean = has_hangul(text)
        if self.held:
            return self.pick(KOREAN_HELD if korean or self.chance(0.3) else WESTERN_HELD)
        if way in ("stroke", "dots") and self.chance(0.8):
            return self.pick(THIN if korean or self.chance(0.4) else THIN_WESTERN)
        if way == "hand":
            return self.pick(KOREAN_HAND)
        return self.pick(KOREAN if korean or self.chance(0.35) else WESTERN)

    def line(self, text, way):
        """Mask of a line, (h, w) uint8, trimmed. ``way``: font, stencil, stroke, dots, hand."""
        rng = self.rng
        name = self.choose_font(text, way)
        spread = (
            rng.choice(
                [0, 0, rng.uniform(-0.06, 0.08), rng.uniform(0, 0.5), rng.uniform(0.3, 1.2)],
                p=[0.28, 0.18, 0.24, 0.2, 0.1],
            )
            * SIZE_PX
        )
        loose = way in ("hand", "stroke") or self.chance(0.12)
        jitter = rng.uniform(0.01, 0.06) * SIZE_PX if loose else 0.0
        turning = loose and self.chance(0.5)
        small = rng.uniform(0.6, 0.95) if self.chance(0.25) else 1.0  # one syllable among digits is often smaller
        if foreign(text) == 2:  # joined script: one piece
            pieces = [(self.glyph(name, text[::-1]))]
            letters = [text]
        else:
            letters = list(text)
            pieces = [self.glyph(name, one) for one in letters]
        total = int(sum(one[3] for one in pieces) + max(spread, 0) * len(pieces) + 3 * SIZE_PX)
        canvas = np.zeros((int(2.4 * SIZE_PX), total), np.uint8)
        x = float(SIZE_PX)
        for letter, (array, dx, dy, advance) in zip(letters, pieces, strict=True):
            if array is None:
                x += advance * rng.uniform(0.6, 1.6) + 0.3 * spread
                continue
            shift = 0.0
            if small < 1 and has_hangul(letter):
                array = cv2.resize(array, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
                shift = (1 - small) * 0.5 * SIZE_PX
                advance *= small
            if turning:
                h, w = array.shape
                pad = 6
                turn = cv2.getRotationMatrix2D((w / 2, h / 2), rng.normal(0, 3.5), rng.uniform(0.92, 1.08))
                turn[:, 2] += pad
                array = cv2.warpAffine(array, turn, (w + 2 * pad, h + 2 * pad))
                dx, dy = dx - pad, dy - pad
            at_y = round(0.4 * SIZE_PX + dy + shift + rng.normal(0, 1) * jitter)
            at_x = round(x + dx)
            h, w = array.shape
            if at_y < 0 or at_x < 0 or at_y + h > canvas.shape[0] or at_x + w > canvas.shape[1]:
                x += advance + spread
                continue
            spot = canvas[at_y : at_y + h, at_x : at_x + w]
            np.maximum(spot, array, out=spot)
            if way == "stencil":
                self._bridges(spot)
            x += max(advance, 3) + spread + rng.normal(0, 0.3) * jitter
        return self._worked(self._trimmed(canvas), way)

    def _bridges(self, spot):
        """One or two bars of sheet left standing across a stencilled character."""
        h, w = spot.shape
        if h < 8 or w < 8:
            return
        thick = max(2, round(self.rng.uniform(0.04, 0.11) * SIZE_PX))
        if self.chance(0.8):
            for at in [0.5] if self.chance(0.8) else [0.3, 0.7]:
                x = int(w * (at + self.rng.normal(0, 0.04)) - thick / 2)
                spot[:, max(0, x) : x + thick] = 0
        else:
            y = int(h * (0.5 + self.rng.normal(0, 0.08)) - thick / 2)
            spot[max(0, y) : y + thick] = 0

    @staticmethod
    def _trimmed(mask):
        rows, columns = np.flatnonzero(mask.max(1) > 60), np.flatnonzero(mask.max(0) > 60)
        if not len(rows) or not len(columns):
            return np.full((SIZE_PX, SIZE_PX), 0, np.uint8)
        return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

    def _worked(self, mask, way):
        rng = self.rng
        if way in ("stroke", "dots", "hand"):
            mask = cv2.copyMakeBorder(mask, 6, 6, 6, 6, cv2.BORDER_CONSTANT)
        if way == "stroke":
            k = int(rng.integers(2, 7))
            mask = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (k, k)))
        elif way == "hand" and self.chance(0.5):
            k = int(rng.integers(2, 5))
            mask = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (k, max(1, k + rng.integers(-1, 2)))))
        elif way == "dots":
            pitch = rng.uniform(2.6, 5.0)
            h, w = mask.shape
            mask = cv2.dilate(mask, np.ones((2, 2), np.uint8))
            cells = cv2.resize(mask, (max(2, int(w / pitch)), max(2, int(h / pitch))), interpolation=cv2.INTER_AREA)
            ys, xs = np.nonzero(cells > rng.uniform(60, 110))
            out = np.zeros_like(mask)
            radius = pitch * rng.uniform(0.28, 0.5)
            for y, x in zip(ys, xs, strict=True):
                if rng.random() < 0.02:
                    continue
                centre = (
                    (x + 0.5) * w / cells.shape[1] + rng.normal(0, 0.2),
                    (y + 0.5) * h / cells.shape[0] + rng.normal(0, 0.2),
                )
                cv2.circle(out, (int(centre[0] * 8), int(centre[1] * 8)), int(radius * 8), 255, -1, cv2.LINE_AA, 3)
            mask = out
        elif way == "font" and self.chance(0.05):
            k = np.ones((3, 3), np.uint8)
            mask = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, k)  # hollow letters
        stretch = np.exp(rng.normal(0, 0.16)) if self.chance(0.6) else 1.0
        if self.chance(0.16):
            stretch *= rng.uniform(0.5, 0.8)
        if stretch != 1.0:
            mask = cv2.resize(mask, None, fx=float(np.clip(stretch, 0.5, 1.8)), fy=1.0, interpolation=cv2.INTER_AREA)
        return mask

    # ------------------------------------------------------------------ bending
    def bent(self, mask, gentle=False):
        """The line on an oblique, curved surface, with a margin: mask (h, w) uint8."""
        rng = self.rng
        h, w = mask.shape
        pad = int(0.7 * h)
        oh, ow = h + 2 * pad, w + 2 * pad
        sag = 0.0
        if not gentle and self.chance(0.22):
            sag = rng.normal(0, 0.35) * h * min(1.0, w / (2.5 * h))
        elif not gentle and self.chance(0.06):  # a legend along a circle, cut as if it were straight
            sag = rng.choice([-1, 1]) * rng.uniform(0.4, 1.0) * h * min(1.0, w / (3 * h))
        slope = np.tan(np.deg2rad(rng.normal(0, 2.5 if not gentle else 1.0)))
        slope = float(np.clip(slope, -0.5 * h / w - 0.03, 0.5 * h / w + 0.03)) if self.chance(0.7) else 0.0
        shear = rng.normal(0, 0.13) if self.chance(0.5) else 0.0
        if self.chance(0.08):
            shear += rng.choice([-1, 1]) * rng.uniform(0.2, 0.4)
        taper = rng.normal(0, 0.1) if self.chance(0.5) else 0.0
        squeeze = rng.uniform(0, 0.35) if self.chance(0.15) else 0.0
        yy, xx = np.mgrid[0:oh, 0:ow].astype(np.float32)
        u = (xx - ow / 2) / (w / 2)
        v = yy - oh / 2
        scale = 1 + taper * u
        v = (v - slope * (xx - ow / 2) - sag * (u * u - 0.4)) / np.maximum(scale, 0.5)
        x = (xx - ow / 2) + shear * v
        if abs(sag) > 0.3 * h:  # letters along a circle lean with it
            x = x + v * 2 * sag * u / (w / 2)
        if squeeze:
            x = x * (1 + squeeze * (u + rng.uniform(-1, 1)) ** 2 * 0.3)
        map_x, map_y = x + w / 2, v + h / 2
        if self.chance(0.3):
            strength = rng.uniform(0.3, 1.6)
            small = (max(3, ow // 24), max(3, oh // 24))
            for target in (map_x, map_y):
                target += strength * cv2.resize(
                    rng.standard_normal(small[::-1]).astype(np.float32), (ow, oh), interpolation=cv2.INTER_CUBIC
                )
        return cv2.remap(mask, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR)

    # ------------------------------------------------------------------ on the surface
    def painted(self, ground, mask):
        """Paint, print, marker: one tone laid over the ground, worn through in places."""
        rng = self.rng
        a = mask.astype(np.float32) / 255
        h, w = a.shape
        if self.chance(0.35):
            a = np.clip(
                a * rng.uniform(0.8, 1.0) + rng.uniform(0.05, 0.3) * cv2.GaussianBlur(a, (0, 0), rng.uniform(1, 4)),
                0,
                1,
            )
        if self.chance(0.5):
            worn = 1 / (1 + np.exp(-(self.noise(h, w) + rng.uniform(0.8, 2.8)) * rng.uniform(2, 8)))
            a = a * worn
        if self.chance(0.15):
            a = a * rng.uniform(0.35, 0.8)
        middle = float(ground.mean())
        contrast = rng.choice([rng.uniform(0.08, 0.25), rng.uniform(0.2, 0.8)], p=[0.3, 0.7])
        dark = middle > rng.uniform(0.25, 0.75)
        ink = np.clip(middle - contrast if dark else middle + contrast, 0.03, 0.97)
        shade = ground / max(middle, 0.05)
        tone = ink * (1 + rng.uniform(0, 0.8) * (shade - 1))
        if self.chance(0.3):
            tone = tone * (1 + 0.12 * self.noise(h, w))
        return ground * (1 - a) + np.clip(tone, 0, 1) * a

    def raised(self, ground, mask):
        """Relief: engraved, punched, embossed, cast; lit from any side, sometimes with paint in it."""
        rng = self.rng
        a = mask.astype(np.float32) / 255
        if self.chance(0.35):  # rounded: cast and embossed letters are highest along the middle of the stroke
            inside = cv2.distanceTransform((mask > 100).astype(np.uint8), cv2.DIST_L2, 3)
            a = np.sqrt(np.clip(inside / rng.uniform(3, 8), 0, 1))
        depth = cv2.GaussianBlur(a, (0, 0), rng.choice([rng.uniform(0.5, 1.2), rng.uniform(1, 2.6)]))
        if self.chance(0.25):  # burr pushed up around a punch mark
            depth = depth - rng.uniform(0.2, 0.6) * cv2.GaussianBlur(a, (0, 0), rng.uniform(2, 4))
        h, w = a.shape
        if self.chance(0.4):
            depth = depth * (1 / (1 + np.exp(-(self.noise(h, w) + rng.uniform(0.8, 2.8)) * rng.uniform(1, 5))))
        gx = cv2.Sobel(depth, cv2.CV_32F, 1, 0, ksize=3) / 4
        gy = cv2.Sobel(depth, cv2.CV_32F, 0, 1, ksize=3) / 4
        turn = rng.uniform(0, 2 * np.pi)
        slope = gx * np.cos(turn) + gy * np.sin(turn)
        strength = rng.choice([rng.uniform(0.4, 1.2), rng.uniform(1.0, 3.5)])
        lit = np.tanh(strength * slope * 2)
        out = ground * (1 + np.where(lit > 0, lit * rng.uniform(0.4, 1.4), lit * rng.uniform(0.4, 1.0)))
        if self.chance(0.3):  # a highlight where the slope faces the lamp
            out = out + rng.uniform(0.1, 0.6) * np.clip(lit, 0, 1) ** 3
        if self.chance(0.45):  # recesses are darker, or hold dirt or paint; tops are rubbed bright
            out = out * (1 + rng.normal(0, 0.22) * np.clip(depth, 0, 1))
        if self.chance(0.4):
            around = cv2.GaussianBlur(a, (0, 0), rng.uniform(2, 5)) - a
            out = out * (1 - rng.uniform(0, 0.35) * np.clip(around, 0, 1))
        return out

    def plate(self, ground, box):
        """A plate or label of another tone under the line, with its edge, frame and screws."""
        rng = self.rng
        h, w = ground.shape
        x0, y0, x1, y1 = box
        high = y1 - y0
        m = rng.uniform(0.08, 0.6, 4) * high
        m[:2] = rng.uniform(0.05, 0.9, 2) * high
        corners = np.array(
            [(x0 - m[0], y0 - m[2]), (x1 + m[1], y0 - m[2]), (x1 + m[1], y1 + m[3]), (x0 - m[0], y1 + m[3])]
        )
        corners += rng.normal(0, 0.03 * high, (4, 2))
        tone = float(rng.uniform(0.05, 0.95))
        sheet = np.full((h, w), 0, np.uint8)
        points = np.round(corners * 8).astype(np.int32)
        cv2.fillPoly(sheet, [points], 255, cv2.LINE_AA, 3)
        a = sheet.astype(np.float32) / 255
        if self.chance(0.35):  # what lies behind a plate is often dark
            ground = ground * rng.uniform(0.1, 0.5)
        mottled = tone * (1 + rng.uniform(0, 0.1) * self.noise(h, w))
        out = ground * (1 - a) + np.clip(mottled, 0, 1) * a
        if self.chance(0.6):
            inner = corners.mean(0) + (corners - corners.mean(0)) * np.array([1 - 0.06 * high / max(w, 1), 0.93])
            line = float(np.clip(tone + rng.choice([-1, 1]) * rng.uniform(0.15, 0.7), 0.02, 0.98))
            cv2.polylines(
                out, [np.round(inner * 8).astype(np.int32)], True, line, int(rng.integers(1, 4)), cv2.LINE_AA, 3
            )
        if self.chance(0.45):
            for x in (x0 - rng.uniform(0.3, 0.7) * m[0], x1 + rng.uniform(0.3, 0.7) * m[1]):
                cv2.circle(
                    out,
                    (int(x), int((y0 + y1) / 2 + rng.normal(0, 0.1) * high)),
                    int(max(1, rng.uniform(0.04, 0.13) * high)),
                    float(rng.uniform(0.05, 0.95)),
                    -1,
                    cv2.LINE_AA,
                )
        return out.astype(np.float32)

    def photographed(self, picture, high):
        """Dirt, light, blur, few pixels, noise, JPEG. ``high`` is the line's height in pixels."""
        rng = self.rng
        h, w = picture.shape
        out = picture
        if self.chance(0.15):  # dirt, rust, scorch over the writing
            blot = 1 / (1 + np.exp(-(self.noise(h, w) - rng.uniform(0.8, 2.2)) * rng.uniform(2, 8)))
            out = out * (1 - blot * rng.uniform(0.3, 0.9)) + rng.uniform(0.03, 0.8) * blot * rng.uniform(0.3, 0.9)
        out = np.ascontiguousarray(out, dtype=np.float32)
        if self.chance(0.1):
            for _ in range(int(rng.integers(1, 4))):
                p = rng.uniform(0, 1, 4) * (w, h, w, h)
                cv2.line(
                    out,
                    (int(p[0]), int(p[1])),
                    (int(p[2]), int(p[3])),
                    float(rng.uniform(0.05, 0.95)),
                    int(rng.integers(1, 3)),
                    cv2.LINE_AA,
                )
        if self.chance(0.06):  # something in front, over part of a character
            x, wide = rng.uniform(0, w), rng.uniform(0.1, 0.3) * high
            lean = rng.normal(0, 0.3) * h
            cv2.line(
                out, (int(x), -2), (int(x + lean), h + 2), float(rng.uniform(0.02, 0.9)), max(1, int(wide)), cv2.LINE_AA
            )
        if self.chance(0.5):
            ramp = np.linspace(-1, 1, w, dtype=np.float32)[None, :] * rng.normal(0, 0.25) + np.linspace(
                -1, 1, h, dtype=np.float32
            )[:, None] * rng.normal(0, 0.15)
            out = out * np.clip(1 + ramp, 0.2, 1.8)
        if self.chance(0.1):  # the edge of a shadow
            turn, at = rng.uniform(0, 6.28), rng.uniform(-0.4, 0.4) * w
            yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
            edge = 1 / (
                1 + np.exp(-((xx - w / 2) * np.cos(turn) + (yy - h / 2) * np.sin(turn) - at) / rng.uniform(0.5, 4))
            )
            out = out * (1 - rng.uniform(0.2, 0.65) * edge)
        if self.chance(0.07):  # glare
            x, y, r = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0.5, 2) * high
            yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
            out = out + rng.uniform(0.2, 0.8) * np.exp(-((xx - x) ** 2 + (yy - y) ** 2) / (2 * r * r))
        gain = rng.uniform(0.7, 1.2)
        if self.chance(0.18):
            gain = rng.uniform(0.12, 0.6)
        elif self.chance(0.07):
            gain = rng.uniform(1.3, 2.2)
        out = np.clip(out, 0, 1.5) * gain
        if self.chance(0.35):
            out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.5) if self.chance(0.75) else rng.uniform(1.5, 2.8))
        if self.chance(0.06):
            k = int(rng.integers(3, 8))
            kernel = np.zeros((k, k), np.float32)
            turn = rng.uniform(0, np.pi)
            c = (k - 1) / 2
            cv2.line(
                kernel,
                (round(c - c * np.cos(turn)), round(c - c * np.sin(turn))),
                (round(c + c * np.cos(turn)), round(c + c * np.sin(turn))),
                1.0,
                1,
            )
            out = cv2.filter2D(out, -1, kernel / max(kernel.sum(), 1))
        small = None
        if self.chance(0.5):
            small = rng.uniform(0.35, 0.95) if self.chance(0.75) else rng.uniform(0.26, 0.4)
            out = cv2.resize(out, (max(8, int(w * small)), max(6, int(h * small))), interpolation=cv2.INTER_AREA)
        noise = rng.choice([0.004, 0.015, 0.035], p=[0.5, 0.35, 0.15]) * rng.uniform(0.5, 1.6)
        out = np.clip(out, 0, 1) + noise * rng.standard_normal(out.shape, dtype=np.float32)
        out = np.clip(out * 255, 0, 255).astype(np.uint8)
        if self.chance(0.35):
            out = cv2.imdecode(
                cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 92))])[1],
                cv2.IMREAD_GRAYSCALE,
            )
        if small is not None:
            out = cv2.resize(out, (w, h), interpolation=cv2.INTER_CUBIC if self.chance(0.5) else cv2.INTER_LINEAR)
        return out

    def way(self):
        """How a line is drawn and how it sits on the surface."""
        drawn = self.rng.choice(["font", "stencil", "stroke", "dots", "hand"], p=[0.52, 0.14, 0.17, 0.06, 0.11])
        if drawn == "dots":
            sits = "raised" if self.chance(0.7) else "painted"
        elif drawn in ("stencil", "hand"):
            sits = "painted" if self.chance(0.93) else "raised"
        else:
            sits = "raised" if self.chance(0.48) else "painted"
        return str(drawn), sits

    def sample(self, text=None):
        """One line of writing on a surface."""
        rng = self.rng
        text = self.texts.any() if text is None else text
        drawn, sits = self.way()
        mask = self.bent(self.line(text, drawn))
        h, w = mask.shape
        rows, columns = np.flatnonzero(mask.max(1) > 90), np.flatnonzero(mask.max(0) > 90)
        if not len(rows) or not len(columns):
            return self.sample(text)
        box = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
        high = box[3] - box[1]
        if self.chance(0.22):
            mask = self._neighbours(mask, box, drawn)
        if sits == "raised" and self.chance(0.3):
            mask = self._rim(mask, box)
        picture = None
        for _ in range(3):
            ground = self.bank.cut(h, w)
            ground = ground.mean() + (ground - ground.mean()) * rng.uniform(0.15, 1.0)
            if sits == "painted" and self.chance(0.4):
                ground = self.plate(ground, box)
            picture = self.raised(ground, mask) if sits == "raised" else self.painted(ground, mask)
            if self._legible(picture, ground, mask):
                break
        if self.chance(0.04):
            tone = float(rng.uniform(0.05, 0.95))
            g = 0.15 * high
            picture = np.ascontiguousarray(picture, dtype=np.float32)
            cv2.rectangle(
                picture,
                (int(box[0] - g), int(box[1] - g)),
                (int(box[2] + g), int(box[3] + g)),
                tone,
                int(rng.integers(1, 3)),
            )
        if sits == "raised" and self.chance(0.1):
            picture = self.painted(picture, mask)
        picture = self.photographed(picture, high)
        return self._cut(picture, text, box, f"{drawn}/{sits}")

    def _rim(self, mask, box):
        """The raised rim, groove, bead row or ornament beside writing on castings and coins."""
        rng = self.rng
        out = mask.copy()
        w = out.shape[1]
        high, middle = box[3] - box[1], (box[0] + box[2]) / 2
        for side in self.pick([(-1,), (1,), (-1, 1)]):
            gap = rng.uniform(0.08, 0.5) * high
            bend = rng.normal(0, 0.5) * high / max((w / 2) ** 2, 1)
            xs = np.arange(-4, w + 4)
            ys = (box[3] + gap if side > 0 else box[1] - gap) + bend * (xs - middle) ** 2 * side
            points = np.column_stack([xs, ys]).astype(np.int32)
            thick = int(rng.integers(1, 5))
            if self.chance(0.3):
                step = int(rng.integers(6, 14))
                for x, y in points[::step]:
                    cv2.circle(out, (int(x), int(y)), thick, 255, -1, cv2.LINE_AA)
            else:
                cv2.polylines(out, [points], False, 255, thick, cv2.LINE_AA)
        return out

    @staticmethod
    def _legible(picture, ground, mask):
        """Whether the writing stands out of the grain of its surface at all."""
        grain = float((ground - cv2.blur(ground, (9, 9))).std())
        near = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 128
        shows = float(np.abs(picture - ground)[near].mean()) if near.any() else 0.0
        return shows > 0.6 * grain + 0.025

    def _neighbours(self, mask, box, drawn):
        """Pieces of other lines above or below, as a second line of a mark leaves in the crop."""
        out = mask.copy()
        high = box[3] - box[1]
        for side in self.pick([(-1,), (1,), (-1, 1)]):
            other = self.line(self.texts.any(), drawn)
            scale = self.rng.uniform(0.5, 1.1) * high / other.shape[0]
            other = cv2.resize(other, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            gap = int(self.rng.uniform(0.06, 0.4) * high)
            x = int(self.rng.uniform(-0.5, 0.8) * out.shape[1])
            y = box[3] + gap if side > 0 else box[1] - gap - other.shape[0]
            y0, y1, x0, x1 = (
                max(0, y),
                min(out.shape[0], y + other.shape[0]),
                max(0, x),
                min(out.shape[1], x + other.shape[1]),
            )
            if y1 > y0 and x1 > x0:
                spot = out[y0:y1, x0:x1]
                np.maximum(spot, other[y0 - y : y1 - y, x0 - x : x1 - x], out=spot)
        return out

    @staticmethod
    def _cut(picture, text, box, how, margin=0.5):
        """The crop with a margin of half the line's height, reduced to a line of at most 34 px."""
        high = box[3] - box[1]
        m = margin * high
        x0, y0 = max(0, int(box[0] - m)), max(0, int(box[1] - m))
        x1, y1 = min(picture.shape[1], int(box[2] + m)), min(picture.shape[0], int(box[3] + m))
        piece = picture[y0:y1, x0:x1]
        scale = min(1.0, 34 / high)
        if scale < 1:
            piece = cv2.resize(
                piece,
                (max(8, round(piece.shape[1] * scale)), max(8, round(piece.shape[0] * scale))),
                interpolation=cv2.INTER_AREA,
            )
        sx, sy = piece.shape[1] / (x1 - x0), piece.shape[0] / (y1 - y0)
        inside = ((box[0] - x0) * sx, (box[1] - y0) * sy, (box[2] - x0) * sx, (box[3] - y0) * sy)
        return Sample(piece, text, inside, how)

    def empty(self):
        """A crop without writing."""
        rng = self.rng
        h = int(rng.uniform(34, 70))
        w = int(h * np.exp(rng.uniform(-0.3, 2.0)))
        ground = self.wild.cut(h, w)
        if self.chance(0.3):  # rivets, studs, seams and frames in relief or paint
            mask = np.zeros((h, w), np.uint8)
            for _ in range(int(rng.integers(1, 5))):
                p = rng.uniform(-0.1, 1.1, 4) * (w, h, w, h)
                kind = rng.integers(4)
                thick = int(rng.integers(1, 7))
                if kind == 0:
                    cv2.line(mask, (int(p[0]), int(p[1])), (int(p[2]), int(p[3])), 255, thick, cv2.LINE_AA)
                elif kind == 1:
                    cv2.circle(
                        mask,
                        (int(p[0]), int(p[1])),
                        int(rng.uniform(0.05, 0.9) * h),
                        255,
                        -1 if self.chance(0.5) else thick,
                        cv2.LINE_AA,
                    )
                elif kind == 2:
                    cv2.rectangle(mask, (int(p[0]), int(p[1])), (int(p[2]), int(p[3])), 255, thick)
                else:
                    step, radius = int(rng.integers(8, 40)), int(rng.integers(1, 6))
                    for x in range(int(rng.integers(step)), w, step):
                        cv2.circle(mask, (x, int(p[1])), radius, 255, -1, cv2.LINE_AA)
            ground = self.raised(ground, mask) if self.chance(0.5) else self.painted(ground, mask)
        return Sample(self.photographed(ground, 0.7 * h), "", (0, 0, w, h), "empty")
