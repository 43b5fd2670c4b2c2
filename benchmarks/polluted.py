"""Generated files of the kinds of the Pollock benchmark: a clean table with one thing changed in it at a time.

Pollock (Vitagliano, Hameed, Jiang, Reisener, Wu & Naumann, VLDB 2023) changes the signs between cells, rows and
columns, the header and what stands above it, or one row: a delimiter more, one less, a quote, another delimiter. Here
it is done to a table of our own; beside each file stands what is to be read from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

NAMES = ("id", "created", "price", "product", "subject", "text", "note")
ROWS = 24
LETTERS = {
    "cp866": "ru", "koi8-r": "ru", "cp1251": "ru", "cp1250": "pl", "cp1254": "tr", "cp1252": "de",
    "gb18030": "zh", "shift_jis": "ja", "utf-16": "ru", "utf-32": "ru",
}  # fmt: skip
SUBJECTS = {
    "de": ("Bestellung nicht erhalten", "Größe falsch geliefert", "Rückgabe für Schuhe", "Wo bleibt mein Geld"),
    "ru": ("Не пришёл заказ", "Верните деньги за кроссовки", "Размер не подошёл", "Где моя посылка"),
    "pl": ("Gdzie jest moja przesyłka", "Zły rozmiar butów", "Proszę o zwrot pieniędzy", "Paczka przyszła pusta"),
    "tr": ("Siparişim gelmedi", "Yanlış ürün gönderildi", "Paramı geri istiyorum", "Kargo nerede kaldı"),
    "zh": ("我的订单还没有收到", "尺寸不对", "请退款", "包裹在哪里"),
    "ja": ("注文した商品が届きません", "サイズが違います", "返金してください", "荷物はどこですか"),
}


@dataclass(frozen=True)
class Polluted:
    """A file: its bytes, its clean table (the header first), and whether its header is part of the file."""

    name: str
    data: bytes
    clean: tuple[tuple[str, ...], ...]
    headed: bool = True


def clean(language: str = "de") -> list[tuple[str, ...]]:
    """Rows of an export with commas, quotes and an empty last column, under their header."""
    subjects = SUBJECTS[language]
    rows = [
        (
            f"T{n}",
            f"2026-01-{n:02d}",
            f"{n * 7 % 50}.90",
            ("Sofa", "Tisch, rund", 'Bildschirm 27"', "Regal")[n % 4],
            subjects[n % len(subjects)],
            (f"Zeile {n}, und mehr", f"ein {n}. Text", 'sie sagten "bald", und nichts kam')[n % 3],
            "",
        )
        for n in range(1, ROWS + 1)
    ]
    return [NAMES, *rows]


def written(row: tuple[str, ...], quote: str = '"', escape: str = "") -> list[str]:
    """Cells as they stand in a file, those with a text in quotes."""
    inner = [cell.replace(quote, (escape or quote) + quote) for cell in row]
    return [f"{quote}{cell}{quote}" if place in (3, 4, 5) else cell for place, cell in enumerate(inner)]


def line(row: tuple[str, ...], delimiter: str = ",", quote: str = '"', *, escape: str = "") -> str:
    """A row as a line of a file."""
    return delimiter.join(written(row, quote, escape))


def files() -> Iterator[Polluted]:
    """All files, each with its kind for a name."""
    yield from _whole_files()
    yield from _encodings()
    yield from _rows()


def _whole_files() -> Iterator[Polluted]:
    table = tuple(clean())
    lines = [line(row) for row in table]

    def made(name: str, texts: list[str], end: str = "\r\n", *, last: bool = True, headed: bool = True) -> Polluted:
        return Polluted(name, (end.join(texts) + end * last).encode(), table, headed)

    for end, name in (("\r\n", "CRLF"), ("\n", "LF"), ("\r", "CR")):
        yield made(f"record delimiter {name}", lines, end)
    yield made("no newline at the end", lines, last=False)
    yield made("two newlines at the end", [*lines, ""])
    for delimiter in (";", "\t", "|", ", "):
        yield made(f"field delimiter {delimiter!r}", [line(row, delimiter) for row in table])
    yield made("field delimiter ' '", [line(row, " ") for row in table])
    yield made("quotation character '", [line(row, quote="'") for row in table])
    yield made("escape character \\", [line(row, escape="\\") for row in table])
    yield made("no escape character", [line(row).replace('""', '"') for row in table])
    yield made("no header", lines[1:], headed=False)
    for count, name in ((1, "a header alone"), (2, "one row")):
        yield Polluted(name, ("\r\n".join(lines[:count]) + "\r\n").encode(), table[:count])
    for count in (1, 2):
        yield made(f"the header {count + 1} times", [lines[0]] * count + lines)
    yield made("a title with delimiters", ["Export" + "," * 6, "," * 6, *lines])
    yield made("a title of one cell", ["Export of May", "", *lines])
    yield made("two pairs above the header", ["By,Anna", "For,Otto", *lines])
    yield made("a footnote", [*lines, "", "all rows of May"])
    yield Polluted("the table twice", ("\r\n".join(lines + lines) + "\r\n").encode(), (*table, *table[1:]))
    more = [line(row) + ",x" for row in table]
    less = [line(row[:-1]) for row in table]
    yield made("another table below, a column more", lines + more)
    yield made("another table below, a column less", lines + less)
    yield made("another table below, with other names", [*lines, "", "a,b,c,d,e,f,g", *["1,2,3,4,5,6,7"] * 5])
    yield made("a delimiter more in every row", [lines[0], *(text + "," for text in lines[1:])])
    yield Polluted("no bytes", b"", (), headed=False)


def _encodings() -> Iterator[Polluted]:
    for encoding, language in LETTERS.items():
        table = tuple(clean(language))
        if language != "de":  # the other columns hold no letter that the encoding has not
            table = tuple((*row[:3], "-", row[4], f"{n}", "") if n else row for n, row in enumerate(table))
        text = "\r\n".join(line(row) for row in table) + "\r\n"
        yield Polluted(f"encoding {encoding}", text.encode(encoding), table)


def _rows() -> Iterator[Polluted]:
    table = tuple(clean())
    lines = [line(row) for row in table]
    for number, row in enumerate(table):
        for name, text in _changed(row):
            texts = [*lines[:number], text, *lines[number + 1 :]]
            yield Polluted(f"{name}, row {number}", ("\r\n".join(texts) + "\r\n").encode(), table)


def _changed(row: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """One row in every way in which it may be broken."""
    cells = written(row)
    for place in range(len(cells)):
        before, after = ",".join(cells[:place]), ",".join(cells[place:])
        comma = "," if place else ""
        yield f"a delimiter more at {place}", f"{before}{comma},{after}"
        yield f"a quote more at {place}", f'{before}{comma}"{after}'
        if place:
            yield f"a delimiter less at {place}", before + after
    for delimiter in (";", "\t", " "):
        yield f"delimiter {delimiter!r} in it", line(row, delimiter)
