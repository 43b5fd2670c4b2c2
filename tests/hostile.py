"""Files that break loaders: every kind that was measured, made here, with what a careful loader must say of each.

A case has the bytes of a file, how many rows it holds, the physical lines that must be refused, and (where it is not
the plain ten rows of `row`) the cells expected. `error` is a word of the message where the file as a whole is refused.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

HEADER: Final = "id,name,text"
MB: Final = 1 << 20


@dataclass(frozen=True)
class Case:
    """One hostile file. `make` gives its bytes; `cells` maps (row, column) to the text expected there."""

    name: str
    make: Callable[[], bytes]
    rows: int = 10
    refused: tuple[int, ...] = ()
    blank: int = 0
    names: tuple[str, ...] = ("id", "name", "text")
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    error: str = ""
    filename: str = "export.csv"


def row(number: int) -> str:
    """A plain row."""
    return f"{number},name {number},text {number}"


def lines(*, header: str = HEADER, end: str = "\n", count: int = 10, **changed: str) -> str:
    """Header and rows; `line5="…"` puts other text on that physical line (the header is line 1)."""
    texts = [header, *(row(n) for n in range(1, count + 1))]
    for name, text in changed.items():
        texts[int(name.removeprefix("line")) - 1] = text
    return end.join(texts) + end


def _of(text: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: text.encode(encoding)


def _zip(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


def _zst(data: bytes) -> bytes:
    import importlib

    return bytes(importlib.import_module("backports.zstd").compress(data))


def _packed(count: int = 20_000) -> bytes:
    return lines(count=count).encode()


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :]


_RU: Final = "Здравствуйте, заказ не пришёл"
_WIDE: Final = ",".join(f"c{n}" for n in range(100))

CASES: Final[tuple[Case, ...]] = (
    Case("UTF-8 byte order mark", lambda: b"\xef\xbb\xbf" + lines().encode()),
    Case("CRLF", _of(lines(end="\r\n"))),
    Case("CR only", _of(lines(end="\r"))),
    Case("CR CR LF", _of(lines(end="\r\r\n"))),
    Case("CR CR LF after quotes", _of('"id","name","text"\r\r\n' + '1,"a, b","c"\r\r\n' * 10), cells={(9, 2): "c"}),
    Case("CR CR LF in UTF-16", lambda: b"\xff\xfe" + lines(end="\r\r\n").encode("utf-16-le")),
    Case("CR CR LF and blank lines", _of(lines(end="\r\r\n").replace("text 4", "text 4\r\r\n")), blank=1),
    Case("LF CR", _of(lines(end="\n\r")), blank=1, cells={(3, 1): "name 4"}),
    Case("no newline at the end", _of(lines()[:-1])),
    Case(
        "a hundred columns",
        _of("\n".join([_WIDE, *(",".join(f"{r}-{c}" for c in range(100)) for r in range(10))])),
        names=tuple(f"c{n}" for n in range(100)),
        cells={(9, 99): "9-99"},
    ),
    Case("repeated header names", _of(lines(header="id,Text,text")), names=("id", "Text", "text_2")),
    Case("empty header names", _of(lines(header="id,,")), names=("id", "column_2", "column_3")),
    Case("a header name over two lines", _of(lines(header='id,"na\nme",text')), names=("id", "na me", "text")),
    Case("header only", _of(HEADER + "\n"), rows=0),
    Case("no bytes", lambda: b"", rows=0, names=()),
    Case("newlines only", lambda: b"\n\n\n", rows=0, names=()),
    Case("cp1251", _of(lines(line4=f'3,"{_RU}",x'), "cp1251"), cells={(2, 1): _RU}),
    Case("latin-1", _of(lines(line4="3,Größe naïve,déjà"), "latin-1"), cells={(2, 1): "Größe naïve", (2, 2): "déjà"}),
    Case(
        "mixed encodings",
        lambda: lines(count=2).encode() + f"3,{_RU[:12]},x\n".encode("cp1251") + "4,Größe,ж\n".encode(),
        rows=4,
        cells={(2, 1): _RU[:12], (3, 1): "Größe", (3, 2): "ж"},
    ),
    Case(
        "one bad byte",
        lambda: lines(line4=f"3,{_RU[14:]},ok").encode().replace("пришёл".encode(), "при".encode() + b"\xff", 1),
        cells={(2, 1): "заказ не при\ufffd"},
    ),
    Case("UTF-16 LE", lambda: b"\xff\xfe" + lines(line4=f'3,"{_RU}",x').encode("utf-16-le"), cells={(2, 1): _RU}),
    Case("UTF-16 BE", lambda: b"\xfe\xff" + lines(line4=f'3,"{_RU}",x').encode("utf-16-be"), cells={(2, 1): _RU}),
    Case("UTF-16 without a mark", _of(lines(end="\r\n"), "utf-16-le")),
    Case("LF and CRLF mixed", lambda: lines().encode().replace(b"text 4\n", b"text 4\r\n")),
    Case("a bare CR inside a cell", _of(lines(line5="4,na\rme,text 4")), cells={(3, 1): "na\rme"}),
    Case("a bare CR in the first cell", _of(lines(line2="1\r2,name,x")), cells={(0, 0): "1\r2"}),
    Case("a bare CR in quotes", _of(lines(line2='1,"na\rme",x')), cells={(0, 1): "na\rme"}),
    Case("a bare CR in a CRLF file", _of(lines(end="\r\n", line2='1,"na\rme",x\ry')), cells={(0, 2): "x\ry"}),
    Case("a bare CR in the header", _of(lines(header='id,"na\rme",text')), names=("id", "na me", "text")),
    Case("newlines in the cells of a CR file", _of(lines(end="\r", line5='4,"a\nb",x')), cells={(3, 1): "a\nb"}),
    Case("a quote inside a cell", _of(lines(line5='4,5" disk,text 4')), cells={(3, 1): '5" disk'}),
    Case("a quote inside a quoted cell", _of(lines(line5='4,"the "best" disk",text 4')), rows=9, refused=(5,)),
    Case("backslash escapes", _of(lines(line5='4,"the \\"best\\" disk",text 4')), cells={(3, 1): 'the "best" disk'}),
    Case("blanks around quoted cells", _of(lines(line5='4, "a, b" ,text 4')), cells={(3, 1): "a, b"}),
    Case("an unclosed quote", _of(lines(line5='4,"name 4,text 4')), rows=9, refused=(5,)),
    Case(
        "an unclosed quote in 200,000 rows",
        _of(lines(count=200_000, line5='4,"name 4,text 4')),
        rows=199_999,
        refused=(5,),
    ),
    Case(
        "an unclosed quote before a quoted cell",
        _of(lines(line5='4,"name 4,text 4', line8='7,"a, b",text 7')),
        rows=9,
        refused=(5,),
        cells={(5, 1): "a, b"},
    ),
    Case("short rows", _of(lines(line4="3,name", line7="6")), rows=8, refused=(4, 7)),
    Case("long rows", _of(lines(line4="3,name,text,more")), rows=9, refused=(4,)),
    Case("surplus empty cells", _of(lines(line4="3,name 3,text 3,,")), rows=9, refused=(4,)),
    Case("a shift that ends in an empty cell", _of(lines(line4="3,1,000.00,")), rows=9, refused=(4,)),
    Case(
        "a delimiter more in every row",
        _of("\n".join(f"{line}{',' if n else ''}" for n, line in enumerate(lines().splitlines())) + "\n"),
        cells={(9, 2): "text 10"},
    ),
    Case("a delimiter more in the header", _of(lines(header=HEADER + ",")), cells={(9, 2): "text 10"}),
    Case("a quote over two cells", _of(lines(line5='4,9"Sofa, red",', line6='5,9"Sofa, red"')), rows=8, refused=(5, 6)),
    Case("a mark for inches at the end of a cell", _of(lines(line5='4,Screen 27",x')), cells={(3, 1): 'Screen 27"'}),
    Case("titles with delimiters", _of("Report,,\n,,\n" + lines()), blank=0),
    Case(
        "cells above the header",
        _of("Made by,Anna\nfor,Otto\n" + lines().replace("name", "a,name")),
        names=("id", "a", "name", "text"),
        refused=(1, 2),
    ),
    Case("the header once more", _of(lines() + lines()), rows=20, refused=(12,)),
    Case(
        "another table below",
        _of(lines() + "\nnumber,when,what\n" + "1,2,3\n" * 4),
        refused=(13, 14, 15, 16, 17),
        blank=1,
    ),
    Case("rows of delimiters alone", _of(lines(line4=",,", line7=",,,")), rows=8, blank=2),
    Case("ragged rows", _of(lines(line3="2,x", line5="4,a,b,c", line9="8")), rows=7, refused=(3, 5, 9)),
    Case("the last row cut short", _of(lines()[:-12]), rows=9, refused=(11,)),
    Case("Ctrl-Z at the end", _of(lines() + "\x1a"), blank=1),
    Case("a ragged row late", _of(lines(count=30_000, line25001="25000,x")), rows=29_999, refused=(25001,)),
    Case("newlines inside cells", _of(lines(line5='4,"a\n\nb",text 4')), cells={(3, 1): "a\n\nb"}),
    Case(
        "50,000 records over two lines",
        _of(HEADER + "\n" + "".join(f'{n},"a\n{n}",x\n' for n in range(50_000))),
        rows=50_000,
        cells={(49_999, 1): "a\n49999"},
    ),
    Case(
        "the first quote after the sample",
        _of(lines(count=30_000, line25001='25000,"a, b",x')),
        rows=30_000,
        cells={(24_999, 1): "a, b"},
    ),
    Case("a NUL byte", _of(lines(line5="4,na\x00me,text 4")), cells={(3, 1): "na\x00me"}),
    Case("a cell of 1 MB", _of(lines(line5=f"4,{'x' * MB},text 4")), cells={(3, 1): "x" * MB}),
    Case("a cell of 5 MB", _of(lines(line5=f"4,{'x' * 5 * MB},text 4")), cells={(3, 1): "x" * 5 * MB}),
    Case("a line of 9 MB", _of(lines(line5=f"4,{'x' * 9 * MB},text 4")), rows=9, refused=(5,)),
    Case("gzip", lambda: gzip.compress(_packed()), rows=20_000, filename="export.csv.gz"),
    Case("zstd", lambda: _zst(_packed()), rows=20_000, filename="export.csv.zst"),
    Case("zip", lambda: _zip(("export.csv", _packed())), rows=20_000, filename="export.zip"),
    Case("gzip named csv", lambda: gzip.compress(_packed()), rows=20_000),
    Case("gzip cut short", lambda: gzip.compress(_packed())[:-2000], error="damaged or cut short"),
    Case("gzip with a wrong checksum", lambda: _flipped(gzip.compress(_packed()), -6), error="damaged or cut short"),
    Case("gzip with a flipped bit", lambda: _flipped(gzip.compress(_packed()), 9_000), error="damaged or cut short"),
    Case("zstd cut short", lambda: _zst(_packed(10))[:-5], error="damaged or cut short"),
    Case("zip of two files", lambda: _zip(("a.csv", b"x"), ("b.csv", b"y")), error="holds 2 files"),
    Case("an archive in an archive", lambda: gzip.compress(gzip.compress(b"x")), error="archive within an archive"),
    Case("a gzip bomb", lambda: gzip.compress(b"0" * (80 * MB)), error="times its size"),
    Case("an Excel workbook", lambda: _zip(("[Content_Types].xml", b"x")), error="workbook is damaged"),
    Case(
        "a type that changes after the sample",
        _of(lines(count=40_000, line30001="N/A,x,y")),
        rows=40_000,
        cells={(29_999, 0): "N/A"},
    ),
    Case("decimal commas", _of(lines(line5='4,"12,50",x')), cells={(3, 1): "12,50"}),
    Case(
        "semicolons and decimal commas",
        _of(lines(line5="4,12,x").replace(",", ";").replace("12", "12,5")),
        cells={(3, 1): "12,5"},
    ),
    Case("thousands", _of(lines(line5='4,"1,234.50",x')), cells={(3, 1): "1,234.50"}),
    Case("phones and leading zeros", _of(lines(line5="4,+4915123,00042")), cells={(3, 1): "+4915123", (3, 2): "00042"}),
    Case("a column of t", _of("id,flag\n" + "1,t\n" * 10), names=("id", "flag"), cells={(0, 1): "t"}),
    Case("words for null", _of(lines(line5="4,NULL,NA")), cells={(3, 1): "NULL", (3, 2): "NA"}),
    Case("junk above the header", _of("Report for May\nmade by hand\n" + lines())),
    Case("junk, a blank line and a mark", lambda: b"\xef\xbb\xbfReporting period 1 to 2\n\n" + lines().encode()),
    Case("a sep= line", _of("sep=;\n" + lines().replace(",", ";"))),
    Case("a footer", _of(lines() + "Total: 10\n"), refused=(12,)),
    Case("tabs in a file named csv", _of(lines().replace(",", "\t"))),
    Case("pipes", _of(lines().replace(",", "|"))),
    Case("blanks between cells", _of("id  name  text\n" + "  1   anna    hello \n" * 10), cells={(9, 2): "hello"}),
    Case("single quotes", _of(lines(line5="4,'a, b',text 4")), cells={(3, 1): "a, b"}),
    Case("no header", _of(lines().split("\n", 1)[1]), names=("column_1", "column_2", "column_3")),
    Case("blank lines between rows", _of(lines().replace("text 4\n", "text 4\n\n \n")), blank=2),
    Case(
        "three header rows",
        _of(
            'StartDate,Q1\nStart Date,"How\nlikely?"\n'
            + '"{""ImportId"":""startDate""}","{""ImportId"":""QID1""}"\n'
            + "2026-05-01,9\n" * 10
        ),
        names=("StartDate", "How likely?"),
    ),
    Case(
        "two header rows",
        _of("Respondent ID,How was it?,,Email\n,Price,Speed,Response\n" + "7,4,5,a\n" * 10),
        names=("Respondent ID", "How was it?: Price", "How was it?: Speed", "Email"),
    ),
)
