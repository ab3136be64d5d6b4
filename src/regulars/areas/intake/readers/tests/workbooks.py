"""Workbooks of other programs, written by hand: Excel before 2007 and OpenDocument. No kept library writes them."""

import struct
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

Records = list[list[object]]
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def old_excel(folder: Path, sheets: dict[str, Records], name: str = "list.xls") -> Path:
    """BIFF8 in a compound file ([MS-XLS] 2.4, [MS-CFB] 2.2)."""
    path = folder / name
    path.write_bytes(compound(_biff(sheets)))
    return path


def compound(stream: bytes) -> bytes:
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    fats = 1
    while fats * 128 < count + 1 + fats:
        fats += 1
    chain = [*range(1, count), _END]
    fat = [*chain, _END, *[_FAT] * fats]
    fat += [_FREE] * (fats * 128 - len(fat))
    root = _entry("Root Entry", 5, child=1, start=_END, size=0)
    book = _entry("Workbook", 2, child=_FREE, start=0, size=len(stream))
    places = [count + 1 + at for at in range(fats)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fats, count, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", *places, *[_FREE] * (109 - fats))
    return head + stream + root + book + bytes(256) + struct.pack(f"<{len(fat)}I", *fat)


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _biff(sheets: dict[str, Records]) -> bytes:
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    bodies = [_sheet(records) for records in sheets.values()]
    bounds = [_bound(name, 0) for name in sheets]
    start = len(_record(0x0809, begin)) + sum(map(len, bounds)) + 4
    globals_ = _record(0x0809, begin)
    for name, body in zip(sheets, bodies, strict=True):
        globals_ += _bound(name, start)
        start += len(body)
    return globals_ + _record(0x000A, b"") + b"".join(bodies)


def _bound(name: str, start: int) -> bytes:
    text = name.encode("utf-16-le")
    return _record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(text) // 2, 1) + text)


def _sheet(records: Records) -> bytes:
    width = max((len(record) for record in records), default=0)
    found = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    found += _record(0x0200, struct.pack("<IIHHH", 0, len(records), 0, width, 0))
    for row, record in enumerate(records):
        for column, value in enumerate(record):
            if isinstance(value, int | float):
                found += _record(0x0203, struct.pack("<HHHd", row, column, 0, value))
            elif value:
                text = str(value).encode("utf-16-le")
                found += _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)
    return found + _record(0x000A, b"")


_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>{sheets}'
    "</office:spreadsheet></office:body></office:document-content>"
)
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def open_document(folder: Path, sheets: dict[str, Records], name: str = "list.ods") -> Path:
    tables = "".join(
        f'<table:table table:name="{escape(sheet)}">{"".join(map(_ods_row, records))}</table:table>'
        for sheet, records in sheets.items()
    )
    return open_document_of(folder, tables, name)


def open_document_of(folder: Path, tables: str, name: str = "list.ods") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), ODS_TYPE)
        archive.writestr("content.xml", _ODS.format(sheets=tables))
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/></manifest:manifest>',
        )
    return path


def _ods_row(record: list[object]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, record))}</table:table-row>"


def _ods_cell(value: object) -> str:
    if isinstance(value, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
            "</table:table-cell>"
        )
    if not value:
        return "<table:table-cell/>"
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
