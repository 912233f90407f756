"""What stands on the items: strings by the catalogue's own formats, plates, serials, words, single characters.

Every string is drawn from a seeded generator. A few in a hundred are of scripts that the reader does not know.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import yaml

ROOT = Path(__file__).resolve().parents[3]

DIGITS = "0123456789"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CYRILLIC = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
JAMO = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
DOUBLE_JAMO = "ㄲㄸㅃㅆㅉ"
SYLLABLES = [chr(code) for code in range(0xAC00, 0xD7A4)]
COMMON = [one for one in SYLLABLES if len(one.encode("euc_kr", "ignore")) == 2]
PLATE = list("가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주아바사자허하호배국합육해공")
OPEN = [one for one in SYLLABLES if (ord(one) - 0xAC00) % 28 == 0]
SHORT = list(
    "가나다라마바사아자차카타파하방제호번신류시비저순지포성화주체년월일조대련공군특급전후좌우상하중소형식종동서남북산원각통탄약추진제은하천마무"
)

KOREAN = [
    "방사포",
    "로케트",
    "화성",
    "화성포",
    "주체",
    "조선",
    "인민군",
    "로켓",
    "추진제",
    "점화기",
    "조종부",
    "전투부",
    "탄두",
    "신관",
    "발동기",
    "연료",
    "산화제",
    "접속구",
    "시험",
    "검사",
    "합격",
    "제작",
    "공장",
    "번호",
    "무게",
    "길이",
    "직경",
    "위험",
    "주의",
    "취급",
    "보관",
    "년",
    "월",
    "일",
    "제조",
    "일자",
    "품명",
    "규격",
    "수량",
    "단위",
    "부품",
    "조립",
    "완성",
    "교정",
    "압력",
    "온도",
    "전압",
    "전류",
    "안테나",
    "수신기",
    "송신기",
    "전원",
    "건전지",
    "충전",
    "방전",
    "상부",
    "하부",
    "전방",
    "후방",
    "좌측",
    "우측",
    "위로",
    "아래",
    "여기",
    "열림",
    "닫힘",
    "잠금",
    "풀림",
    "고정",
    "안전",
    "해제",
    "폭발",
    "화약",
    "뇌관",
    "도화선",
    "고폭",
    "연막",
    "조명",
    "훈련",
    "연습",
    "모의",
    "표적",
    "포탄",
    "박격포",
    "장갑",
    "관통",
    "파편",
    "소이",
    "은하",
    "광명성",
    "무수단",
    "북극성",
    "천마",
    "현무",
    "천무",
    "비저",
    "순타지",
    "파지",
    "갱도",
    "자주",
    "자력",
    "갱생",
    "평양",
    "함흥",
    "강계",
    "희천",
    "만경대",
    "룡성",
    "대안",
    "서울",
    "부산",
    "대한민국",
    "한국",
    "육군",
    "해군",
    "공군",
    "국방",
    "과학",
    "연구소",
    "주식회사",
    "한화",
    "풍산",
    "대전",
    "창원",
    "구미",
    "금속",
    "기계",
    "공업",
    "산업",
    "전자",
    "정밀",
    "특수강",
    "알루미늄",
    "합금",
    "강판",
    "용접",
    "도장",
    "색상",
    "녹색",
    "적색",
    "황색",
    "흑색",
    "백색",
    "사용",
    "설명",
    "점검",
    "정비",
    "기록",
    "담당",
    "확인",
    "서명",
    "봉인",
    "납품",
    "계약",
    "국제",
    "학교",
    "병원",
    "시장",
    "은행",
    "우체국",
    "약국",
    "식당",
    "호텔",
    "주차",
    "금지",
    "출구",
    "입구",
    "비상",
    "소화기",
    "전기",
    "수도",
    "가스",
    "통신",
    "도로",
    "공사",
    "중",
    "안내",
    "사무실",
    "회의실",
    "화장실",
    "남자",
    "여자",
    "어린이",
    "노인",
    "장애인",
    "휴게소",
]
RUSSIAN = [
    "БЛОК",
    "ПРИБОР",
    "ИЗДЕЛИЕ",
    "ЗАВОД",
    "ПАРТИЯ",
    "ГОД",
    "СЕРИЯ",
    "ИНДЕКС",
    "ВЕС",
    "КГ",
    "ММ",
    "ОТК",
    "ГОСТ",
    "ТУ",
    "МАССА",
    "НЕТТО",
    "БРУТТО",
    "ВЕРХ",
    "НИЗ",
    "ОПАСНО",
    "ОГНЕОПАСНО",
    "СТОП",
    "ПУСК",
    "КОНТРОЛЬ",
    "РАЗЪЁМ",
    "КАБЕЛЬ",
    "ВЫХОД",
    "ВХОД",
    "ПИТАНИЕ",
    "ЗЕМЛЯ",
    "КОРПУС",
    "ДВИГАТЕЛЬ",
    "ТОПЛИВО",
    "ОКИСЛИТЕЛЬ",
    "ГОРЮЧЕЕ",
    "ЗАРЯД",
    "ВЗРЫВАТЕЛЬ",
    "ЗАПАЛ",
    "ГОЛОВНАЯ",
    "ЧАСТЬ",
    "ОТСЕК",
    "ШТЕКЕР",
    "КЛАПАН",
    "БАК",
    "НАСОС",
    "РУЛЬ",
    "КРЫЛО",
    "ОПЕРЕНИЕ",
    "НЕ",
    "БРОСАТЬ",
    "КАНТОВАТЬ",
    "ЗАЛИТО",
    "ПРОВЕРЕНО",
    "ГОДЕН",
    "УЧЕБНЫЙ",
    "ИНЕРТ",
    "МАКЕТ",
    "ИМИТАТОР",
    "ПРАКТ",
    "СТРОПИТЬ",
    "ЗДЕСЬ",
    "ДОМКРАТ",
    "ТАРА",
    "РЖД",
    "ЖД",
    "ВАГОН",
    "ЦИСТЕРНА",
    "РЕМОНТ",
    "ДЕПО",
    "ДР",
    "КР",
    "ТО",
    "СССР",
    "РОССИЯ",
    "УКРАЇНА",
    "КИЇВ",
    "ХАРКІВ",
    "МОСКВА",
    "ГЕРАНЬ",
    "КОМЕТА",
    "ЗАРЯ",
    "ИСКАНДЕР",
    "СМЕРЧ",
    "УРАГАН",
    "ГРАД",
    "ТОЧКА",
    "ПАНЦИРЬ",
    "БУК",
    "СЕВЕР",
    "ВОСТОК",
    "ЭЛЕКТРОН",
    "СИГНАЛ",
    "ИМПУЛЬС",
    "РЕЗИСТОР",
    "ФИЛЬТР",
    "УСИЛИТЕЛЬ",
    "ПРЕОБРАЗОВАТЕЛЬ",
    "ИСТОЧНИК",
    "ЯЧЕЙКА",
    "ПЛАТА",
    "Герань",
    "Комета",
    "Заря",
    "Точка",
    "Искра",
    "Изд",
    "Зав",
    "Пар",
    "шт",
    "кг",
    "мм",
    "вес",
    "дата",
    "год",
    "партия",
    "завод",
]
ENGLISH = [
    "LOT",
    "DATE",
    "SERIAL",
    "MODEL",
    "PART",
    "NO",
    "ASSY",
    "REV",
    "QTY",
    "WEIGHT",
    "NET",
    "TARE",
    "GROSS",
    "CAP",
    "MAX",
    "MIN",
    "DANGER",
    "WARNING",
    "CAUTION",
    "EXPLOSIVE",
    "INERT",
    "DUMMY",
    "ROCKET",
    "MISSILE",
    "MOTOR",
    "FUZE",
    "WARHEAD",
    "GUIDANCE",
    "BATTERY",
    "VOLT",
    "POWER",
    "SIGNAL",
    "INPUT",
    "OUTPUT",
    "TEST",
    "PASS",
    "MADE",
    "IN",
    "CHINA",
    "IRAN",
    "USA",
    "KOREA",
    "FRANCE",
    "GERMANY",
    "JAPAN",
    "TAIWAN",
    "MALAYSIA",
    "THAILAND",
    "FUEL",
    "OXIDIZER",
    "PROPELLANT",
    "TNT",
    "COMP",
    "HE",
    "FRAG",
    "RAYTHEON",
    "LOCKHEED",
    "MARTIN",
    "MARIETTA",
    "BOEING",
    "TEXAS",
    "INSTRUMENTS",
    "ANALOG",
    "DEVICES",
    "XILINX",
    "ALTERA",
    "INTEL",
    "MOTOROLA",
    "TRIMBLE",
    "HITEC",
    "BOSCH",
    "SIEMENS",
    "MURATA",
    "LIFT",
    "HERE",
    "THIS",
    "SIDE",
    "UP",
    "FORWARD",
    "AFT",
    "MFG",
    "MFD",
    "SPEC",
    "DWG",
    "CAGE",
    "NSN",
    "CONTRACT",
    "STEEL",
    "ALUM",
    "TYPE",
    "SIZE",
    "PLANT",
    "SHIFT",
    "UNIVERSITY",
    "OPEN",
    "CLOSE",
    "EXIT",
    "STOP",
    "KEEP",
    "AWAY",
    "HANDLE",
    "WITH",
    "CARE",
    "FRAGILE",
    "GROUND",
    "EARTH",
    "AIR",
    "OIL",
    "WATER",
    "PUMP",
    "MicroPilot",
    "Trimble",
    "Hitec",
    "Model",
    "Made",
    "Part",
    "Lot",
    "Type",
    "Series",
    "Power",
    "Volt",
    "u-blox",
    "Item",
    "Batch",
]
FOREIGN = [
    "一二三四五六七八九十年月日中国人民解放军制造厂北京上海工业电机编号发动机火箭弹引信批号检验合格危险轻放向上防潮",
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگ۰۱۲۳۴۵۶۷۸۹",
    "אבגדהוזחטיכלמנסעפצקרשת",
    "กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวศษสหอฮ๐๑๒๓๔๕๖๗๘๙",
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "अआइईउऊएकखगघचछजझटठडढतथदधनपफबभमयरलवशषसह",
    "ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔ",
]


def _grammars() -> list[str]:
    table = yaml.safe_load((ROOT / "signatures/vocabulary/grammars.yaml").read_text("utf-8"))
    return [entry["pattern"] for entry in table.values()]


def _marks() -> list[str]:
    """The strings that the catalogue's types name."""
    out = set()
    for path in sorted((ROOT / "signatures/types").rglob("*.yaml")):
        for found in re.finditer(r"strings: \{([^}]*)\}", path.read_text("utf-8")):
            out.update(part.rsplit(":", 1)[0].strip().strip("\"'") for part in found[1].split(","))
    return sorted(out)


GRAMMARS = _grammars()
MARKS = _marks()


class Texts:
    """Strings from one seeded generator."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def pick(self, items):
        return items[self.rng.integers(len(items))]

    def some(self, items, low: int, high: int) -> str:
        return "".join(self.pick(items) for _ in range(self.rng.integers(low, high + 1)))

    def digits(self, low: int, high: int) -> str:
        return self.some(DIGITS, low, high)

    def syllable(self) -> str:
        r = self.rng.random()
        if r < 0.25:
            return self.pick(SHORT)
        if r < 0.7:
            return self.pick(COMMON)
        return self.pick(OPEN) if r < 0.8 else self.pick(SYLLABLES)

    def by_pattern(self, pattern: str) -> str:
        """A string of a catalogue pattern."""
        out, at = "", 0
        classes = {"d": DIGITS, "c": CYRILLIC, "l": LATIN, "j": JAMO}
        while at < len(pattern):
            character = pattern[at]
            if character == "\\":
                kind = pattern[at + 1]
                at += 2
                if kind == "h":
                    make = self.syllable
                elif kind == "s":
                    make = lambda: self.pick(["-", " ", " ", ""])  # noqa: E731
                else:
                    make = lambda kind=kind: self.pick(classes[kind])  # noqa: E731
            elif character == "[":
                end = pattern.index("]", at)
                inside = pattern[at + 1 : end]
                make = lambda inside=inside: self.pick(inside)  # noqa: E731
                at = end + 1
            elif character == "(":
                end = pattern.index(")", at)
                choices = pattern[at + 1 : end].split("|")
                make = lambda choices=choices: self.pick(choices)  # noqa: E731
                at = end + 1
            else:
                make = lambda character=character: character  # noqa: E731
                at += 1
            low = high = 1
            if at < len(pattern) and pattern[at] == "?":
                low, at = 0, at + 1
            elif at < len(pattern) and pattern[at] == "{":
                end = pattern.index("}", at)
                numbers = [int(one) for one in pattern[at + 1 : end].split(",")]
                low, high, at = numbers[0], numbers[-1], end + 1
            for _ in range(self.rng.integers(low, high + 1)):
                out += make()
        return out

    def plate(self) -> str:
        syllable = self.pick(PLATE) if self.rng.random() < 0.5 else self.syllable()
        gap = " " if self.rng.random() < 0.8 else ""
        return self.digits(2, 3) + syllable + gap + self.digits(4, 4)

    def number(self) -> str:
        r = self.rng.random()
        if r < 0.4:
            return self.digits(1, 4)
        if r < 0.55:
            return str(self.rng.integers(1950, 2027))
        if r < 0.62:
            return str(self.rng.integers(86, 115))
        if r < 0.7:
            return f"{self.rng.integers(0, 40):02d}{self.rng.integers(1, 54):02d}"
        if r < 0.85:
            return self.digits(5, 9)
        mark = self.pick(["-", ".", "/", " ", "-"])
        return mark.join(self.digits(1, 4) for _ in range(self.rng.integers(2, 4)))

    def freight(self) -> str:
        r = self.rng.random()
        if r < 0.4:
            return (
                self.some(LATIN, 3, 3)
                + "U "
                + self.digits(6, 6)
                + " " * int(self.rng.random() < 0.7)
                + self.digits(1, 1)
            )
        if r < 0.6:
            return self.pick("24L") + self.pick("25") + self.pick("GRTUP") + self.pick(DIGITS)
        if r < 0.85:
            return self.digits(8, 8)
        return (
            self.pick(["MAX.GROSS", "TARE", "NET", "PAYLOAD", "CU.CAP"])
            + " "
            + self.digits(4, 5)
            + self.pick([" KG", ""])
        )

    def korean(self) -> str:
        r = self.rng.random()
        if r < 0.35:
            return " ".join(self.pick(KOREAN) for _ in range(self.pick([1, 1, 1, 2])))
        text = "".join(self.syllable() for _ in range(self.rng.integers(1, 6)))
        if r < 0.5:
            text += self.pick(["-", "", " ", "-"]) + self.digits(1, 4)
        elif r < 0.58:
            text = self.digits(1, 3) + text
        return text

    def single(self) -> str:
        r = self.rng.random()
        if r < 0.45:
            return self.pick(JAMO) if r < 0.4 else self.pick(DOUBLE_JAMO)
        if r < 0.55:
            return self.some(JAMO, 1, 2) + self.pick(["-", " ", ""]) + self.digits(1, 7)
        if r < 0.85:
            return self.syllable()
        return self.pick(DIGITS + LATIN + CYRILLIC)

    def cyrillic(self) -> str:
        r = self.rng.random()
        if r < 0.5:
            return self.pick(RUSSIAN)
        if r < 0.75:
            return self.some(CYRILLIC, 1, 3) + self.pick(["-", "", ".", " "]) + self.digits(1, 5)
        return self.some(CYRILLIC, 2, 7)

    def latin(self) -> str:
        r = self.rng.random()
        if r < 0.4:
            return " ".join(self.pick(ENGLISH) for _ in range(self.pick([1, 1, 2])))
        if r < 0.75:
            return self.some(LATIN, 1, 4) + self.pick(["-", "", " ", "/"]) + self.digits(1, 6)
        return self.some(LATIN + DIGITS, 3, 9)

    def signs(self) -> str:
        r = self.rng.random()
        if r < 0.4:
            return "№" + self.pick(["", " "]) + self.digits(1, 5)
        if r < 0.6:
            return self.latin() + self.pick("/:.,&+#-") + self.digits(1, 4)
        if r < 0.8:
            return "(" + self.number() + ")"
        return self.pick(["#", "№", "S/N ", "P/N ", "N:", "T+", "R&D "]) + self.some(LATIN + DIGITS, 2, 5)

    def any(self) -> str:
        """A string of any kind."""
        makers = (
            (lambda: self.by_pattern(self.pick(GRAMMARS)), 0.17),
            (lambda: self.pick(MARKS), 0.04),
            (self.plate, 0.16),
            (self.number, 0.13),
            (self.freight, 0.08),
            (self.korean, 0.21),
            (self.single, 0.10),
            (self.cyrillic, 0.065),
            (self.latin, 0.06),
            (self.signs, 0.02),
            (lambda: self.some(self.pick(FOREIGN), 1, 5), 0.015),
        )
        weights = np.array([weight for _, weight in makers])
        text = makers[self.rng.choice(len(makers), p=weights / weights.sum())][0]().strip()
        return text[:18] if text else self.number()
