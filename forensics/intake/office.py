"""XLSX and ODS sheets with drop-down lists, the same bytes for the same input."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from forensics.model.catalogue import Trait, TraitKind

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from forensics.intake.layout import Layout

__all__ = ["ods_bytes", "xlsx_bytes"]

_SPARE_ROWS = 100
_WIDTHS = {"item": 12, "trait": 28, "value": 34, "note": 40, "photo": 28, "source": 16, "examiner": 18, "method": 16}
_OFFERED = {"trait": "trait", "unit": "unit", "state": "state", "method": "method"}
_GUIDE = ["Trait", "Names", "Unit", "How to record", "Write it like this", "Listed values"]
_WHEN = (1980, 1, 1, 0, 0, 0)


def _settled(data: bytes) -> bytes:
    """The archive without the time it was made."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", content)
            if member.filename.endswith(".xml"):
                content = _namespaces_in_order(content)
            entry = zipfile.ZipInfo(member.filename, date_time=_WHEN)
            entry.compress_type = member.compress_type
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)
    return target.getvalue()


def _namespaces_in_order(content: bytes) -> bytes:
    """Only the name spaces a document uses, sorted: odfpy declares all that any document before it used."""
    found = re.search(rb"(?:\s+xmlns:\w+=\"[^\"]*\"){2,}", content)
    if found is None:
        return content
    rest = content[: found.start()] + content[found.end() :]
    used = [
        declared
        for declared in sorted(found[0].split())
        if re.search(rb"[<\s/\"]" + declared[6 : declared.index(b"=")] + b":", rest)
    ]
    return content[: found.start()] + b"".join(b" " + one for one in used) + content[found.end() :]


def _values(trait: Trait, layout: Layout) -> tuple[str, ...]:
    """What the drop-down list of a value offers."""
    if trait.kind is TraitKind.CATEGORY:
        return tuple(value.id for value in trait.values)
    if trait.kind is TraitKind.PRESENCE:
        return layout.words["presence"] or ("present", "absent")
    return ()


def _plain(text: str) -> str:
    """Without the control characters XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def xlsx_bytes(layout: Layout) -> bytes:
    """A workbook: the sheet to fill in, a sheet that says how, and the lists on a hidden one."""
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    page: Worksheet = book.worksheets[0]
    page.title = "observations"
    columns = list(layout.headings)
    for place, column in enumerate(columns, start=1):
        page.cell(1, place, layout.headings[column]).font = Font(bold=True)
        page.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(column, 12)
    page.freeze_panes = "C2"
    last = len(layout.rows) + 1 + (_SPARE_ROWS if layout.hints else 0)
    for number in range(2, last + 1):
        row = layout.rows[number - 2] if number - 2 < len(layout.rows) else {}
        for place, column in enumerate(columns, start=1):
            cell = page.cell(number, place)
            cell.number_format = "@"  # or the spreadsheet makes numbers and dates of marks
            if row.get(column):
                cell.value = _plain(row[column])
                cell.data_type = "s"  # text that begins with = stays text
    if layout.hints:
        _lists(book, page, layout, columns, last)
        guide = book.create_sheet("how to record")
        guide.append(_GUIDE)
        for trait, hint in zip(layout.traits, layout.hints, strict=True):
            guide.append(_guide_row(trait, hint))
        for letter, width in zip("ABCDEF", (28, 40, 8, 70, 50, 60), strict=True):
            guide.column_dimensions[letter].width = width
        for line in guide.iter_rows():
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(bold=cell.row == 1)
    target = io.BytesIO()
    book.save(target)
    return _settled(target.getvalue())


def _guide_row(trait: Trait, hint: str) -> list[str]:
    names = "; ".join((*trait.names.en[:1], *trait.names.uk[:1], *trait.names.ko[:1]))
    how, _, like = hint.rpartition(" [")
    return [trait.id, names, trait.unit or "", how, like.rstrip("]"), "; ".join(value.id for value in trait.values)]


def _lists(book: Any, page: Any, layout: Layout, columns: list[str], last: int) -> None:
    """Drop-down lists. They warn and do not forbid: other languages, and several values with |, are right too."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.workbook.defined_name import DefinedName  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    hidden = book.create_sheet("lists")
    hidden.sheet_state = "hidden"
    ranges: dict[str, str] = {}

    def keep(name: str, entries: tuple[str, ...]) -> None:
        place = len(ranges) + 1
        hidden.cell(1, place, name)
        for number, entry in enumerate(entries, start=2):
            hidden.cell(number, place, entry)
        letter = get_column_letter(place)
        ranges[name] = f"lists!${letter}$2:${letter}${len(entries) + 1}"

    def offer(formula: str | None, cells: str, title: str = "", prompt: str = "") -> None:
        rule = DataValidation(type="list" if formula else None, formula1=formula, allow_blank=True)
        rule.showDropDown = False
        rule.errorStyle = "warning"
        rule.showErrorMessage = formula is not None
        rule.showInputMessage = bool(prompt)
        rule.promptTitle, rule.prompt = title[:32] or None, prompt[:255] or None
        page.add_data_validation(rule)
        rule.add(cells)

    for column, group in _OFFERED.items():
        if layout.words[group]:
            keep(group, layout.words[group])
            letter = get_column_letter(columns.index(column) + 1)
            offer(ranges[group], f"{letter}2:{letter}{last}")
    value = get_column_letter(columns.index("value") + 1)
    trait_cell = f"${get_column_letter(columns.index('trait') + 1)}{len(layout.rows) + 2}"
    for trait in layout.lexicon.vocabulary.traits.values():
        offered = _values(trait, layout)
        if offered:
            keep(f"values_{trait.id}", offered)
            book.defined_names[f"values_{trait.id}"] = DefinedName(
                f"values_{trait.id}", attr_text=ranges[f"values_{trait.id}"]
            )
    for number, (trait, hint) in enumerate(zip(layout.traits, layout.hints, strict=True), start=2):
        offer(ranges.get(f"values_{trait.id}"), f"{value}{number}", (trait.names.en or (trait.id,))[0], hint)
    spare = len(layout.rows) + 2
    if spare <= last:
        offer(f'INDIRECT("values_"&{trait_cell})', f"{value}{spare}:{value}{last}")


def ods_bytes(layout: Layout) -> bytes:
    """An OpenDocument spreadsheet: the sheet to fill in with its lists, and one that says how."""
    from odf.opendocument import OpenDocumentSpreadsheet  # noqa: PLC0415
    from odf.table import ContentValidations  # noqa: PLC0415

    document = OpenDocumentSpreadsheet()
    rules = ContentValidations()
    columns = list(layout.headings)
    offered: dict[str, str] = {}
    if layout.hints:
        for column, group in _OFFERED.items():
            if layout.words[group]:
                offered[column] = _ods_rule(rules, f"list_{column}", layout.words[group])
    lines = [[(layout.headings[column], "") for column in columns]]
    for number, row in enumerate(layout.rows):
        trait = layout.traits[number]
        validations = dict(offered)
        if layout.hints:
            title = (trait.names.en or (trait.id,))[0]
            name = f"value_{number}"
            validations["value"] = _ods_rule(rules, name, _values(trait, layout), title, layout.hints[number])
        lines.append([(row.get(column, ""), validations.get(column, "")) for column in columns])
    if layout.hints:
        document.spreadsheet.addElement(rules)
    document.spreadsheet.addElement(_ods_table("observations", lines))
    if layout.hints:
        guide = [_GUIDE, *(_guide_row(trait, hint) for trait, hint in zip(layout.traits, layout.hints, strict=True))]
        document.spreadsheet.addElement(_ods_table("how to record", [[(text, "") for text in line] for line in guide]))
    target = io.BytesIO()
    document.save(target)
    return _settled(target.getvalue())


def _ods_rule(rules: Any, name: str, offered: tuple[str, ...], title: str = "", prompt: str = "") -> str:
    from odf.table import ContentValidation, HelpMessage  # noqa: PLC0415
    from odf.text import P  # noqa: PLC0415

    options: dict[str, str] = {"name": name, "allowemptycell": "true", "displaylist": "unsorted"}
    if offered:
        entries = ";".join('"' + entry.replace('"', '""') + '"' for entry in offered)
        options["condition"] = f"of:cell-content-is-in-list({entries})"
    made = ContentValidation(**options)
    if prompt:
        message = HelpMessage(title=title, display="true")
        message.addElement(P(text=prompt))
        made.addElement(message)
    rules.addElement(made)
    return name


def _ods_table(name: str, lines: list[list[tuple[str, str]]]) -> Any:
    """A table of (text, name of a validation) cells."""
    from odf.table import Table, TableCell, TableRow  # noqa: PLC0415
    from odf.teletype import addTextToElement  # noqa: PLC0415
    from odf.text import P  # noqa: PLC0415

    table = Table(name=name)
    for line in lines:
        row = TableRow()
        for text, validation in line:
            options = {"contentvalidationname": validation} if validation else {}
            cell = TableCell(valuetype="string", **options) if text else TableCell(**options)
            if text:
                paragraph = P()
                addTextToElement(paragraph, _plain(text))  # keeps several spaces in a row
                cell.addElement(paragraph)
            row.addElement(cell)
        table.addElement(row)
    return table
