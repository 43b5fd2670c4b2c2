"""Dates and times of a column: one order of day, month and year, chosen only where it alone explains every value.

A value's shape is what is left when each digit is written 9 and a month's name bbb; a tilde before it says that the
month was a word of another form than the plain English one, and is brought to that first. Shapes say how a value is
written (four-digit year first, month as a word, seconds, zone); only for numbers alone must the order be found, and
there the whole column votes. Where two orders explain all values the column is refused with both readings.
What has no shape that is known is brought out of its long form, with two tildes before its shape. Numbers alone are
seconds since 1970 and their parts, or a spreadsheet's days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from supportkit.errors import DataError
from supportkit.exports.value_formats.long_dates import ENGLISH_DAYS, WRITTEN_OUT, long_sql
from supportkit.exports.value_formats.month_words import ENGLISH, plain_sql, worded_sql
from supportkit.system.frozen import dataclass
from supportkit.system.late_patterns import late
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: Final[tuple[Order, ...]] = ("dmy", "mdy", "ymd")

_DATE: Final = late(
    r"""(?P<ymd>9999(?P<s1>[-/.])9{1,2}(?P=s1)9{1,2}) | (?P<compact>99999999)
      | (?P<year_last>9{1,2}(?P<s2>[-/. ])9{1,2}(?P=s2)9999)
      | (?P<short>9{1,2}(?P<s3>[-/.])9{1,2}(?P=s3)99) | (?P<word>9{1,2}(?P<s4>[-/. ])bbb(?P=s4)(?:9999|99))
      | (?P<word_first>bbb[ ]9{1,2}(?P<comma>,?)[ ](?:9999|(?<=,[ ])99))
      | (?P<word_joined>bbb(?P<s5>[-/])9{1,2}(?P=s5)(?:9999|99))""",
    re.VERBOSE,
)
_TIME: Final = late(
    r"(?P<gap>t|,?[ ]+|[ ](?:-|à|um|@)[ ]|:(?=99:99:99))(?P<hours>9{1,2})(?P<colon>[:.]?)99"
    r"(?P<seconds>(?P=colon)99(?P<fraction>[.,]9{1,9})?)?(?P<noon>[ ]?[ap]m)?"
)
_ZONE: Final = late(r"(?P<utc>[ ]?(?:z|utc|gmt))|(?P<offset>[ ]?(?:gmt|utc)?[+-]9{1,2}(?::?99)?)")
Form = Literal["", "worded", "long"]
EpochUnit = Literal["s", "ms", "us", "ns"]
_WEEKDAY: Final = late(rf"(?:{ENGLISH_DAYS})(,?) +(?=bbb|9)")
_CTIME: Final = late(r"(bbb +9{1,2}) (9{1,2}:99:99)(?: (?P<utc>z|utc|gmt)| [+-]9{4})? 9999")
EPOCHS: Final[dict[int, tuple[EpochUnit, str]]] = {
    9: ("s", "seconds"), 10: ("s", "seconds"), 13: ("ms", "milliseconds"), 16: ("us", "microseconds"),
    19: ("ns", "nanoseconds"),
}  # fmt: skip
_EPOCH: Final = late(r"(?P<whole>9{9,10}|9{13}|9{16}|9{19})(?P<fraction>\.9{1,9})?")
_SERIAL: Final = late(r"9{5}([.,]9{1,15})?")
_PATTERN: Final = {"dmy": "%d{0}%m{0}{1}", "mdy": "%m{0}%d{0}{1}", "ymd": "{1}{0}%m{0}%d"}


class Format(NamedTuple):
    """A strptime format, where its zone comes from (the source's, UTC, an offset in the value, its name), and what the
    text has to be brought out of first. A number has no format: it counts from 1970 (`epoch`), or days (`serial`)."""

    text: str
    zone: Literal["local", "utc", "offset", "named", "epoch", "serial"] = "local"
    form: Form = ""
    unit: EpochUnit = "s"
    name: str = ""
    """The name of the zone as it stands at the end, blank included."""

    @property
    def local_time(self) -> bool:
        """Whether it reads a time of day on the source's clock."""
        return self.zone == "local" and "%M" in self.text


@dataclass(frozen=True)
class DateShape:
    """The values of a column that are written alike: how many, an example, and how many fit each order, day or month
    first, and any order; `last_varies` where the last figure varies more than the first, as days beside years do."""

    text: str
    count: int
    example: str
    fits: tuple[int, int, int] = (0, 0, 0)
    fits_day_month: int = 0
    fits_any: int = 0
    last_varies: bool = False


class Dates(NamedTuple):
    """How a column's dates are read: the formats, the order where there was one to choose, and why."""

    formats: tuple[Format, ...]
    order: Order | None
    why: str
    example: str = ""
    settled: bool = True

    def of(self, form: Form) -> list[Format]:
        """The formats of texts in one form."""
        return [one for one in self.formats if one.form == form]

    @property
    def short(self) -> str:
        """The formats in words for people."""
        return ", ".join(dict.fromkeys(form.text for form in self.formats)) or "(no date)"


class AmbiguousDatesError(DataError):
    """Two orders of day and month explain a column; the person has to say which."""


_WORDS: Final = r"[^\W\d_]{2}|[ap]\.[ \u00a0\u202f]?m|^99?:99[^-]*9[-/. ]"
MOST_SHAPES: Final = 200
DIGITS: Final = "'0123456789', '9999999999'"
SIMPLY_SHAPED_SQL: Final = f"""
select value, translate(lower(value), {DIGITS}) as shape
  from (:values) as given(value)
 where value is not null
"""
"""For values without words: the patterns for the names of months take longer to compile than most columns to read."""
SHAPED_SQL: Final = f"""
select value, case when worded then '~' else '' end
              || translate(lower(regexp_replace(case when worded then {plain_sql("value")} else value end,
                                                '{ENGLISH}', 'bbb')), {DIGITS}) as shape
  from (select value, {worded_sql("value")} as worded
          from (:values) as given(value)
         where value is not null)
"""
SHAPES_SQL: Final = f"""
select shape, count(*) as n, coalesce(min(value) filter (a <> b), min(value)) as example,
       count(*) filter (dmy), count(*) filter (mdy), count(*) filter (ymd),
       count(*) filter (dmy or mdy), count(*) filter (dmy or mdy or ymd),
       coalesce(max(a) - min(a) < max(c) - min(c), false)
  from (select *, coalesce(a between 1 and 31 and b between 1 and 12, false) as dmy,
               coalesce(a between 1 and 12 and b between 1 and 31, false) as mdy,
               coalesce(b between 1 and 12 and c between 1 and 31, false) as ymd
          from (select value, try_cast(regexp_extract(value, '^(\\d{{1,4}})', 1) as integer) as a,
                       try_cast(regexp_extract(value, '^\\d{{1,4}}\\D(\\d{{1,2}})', 1) as integer) as b,
                       try_cast(regexp_extract(value, '^\\d{{1,4}}\\D\\d{{1,2}}\\D(\\d{{1,2}})(\\D|$)', 1)
                                as integer) as c, shape
                  from (:shaped)))
 group by shape
 order by n desc, shape
 limit {MOST_SHAPES}
"""


def date_shapes(connection: DuckDBPyConnection, values: str, parameters: dict[str, object]) -> list[DateShape]:
    """The shapes of a column's values, and those of what is read as a long date alone; `values` is a query of one text
    column."""
    found = _shapes(connection, SIMPLY_SHAPED_SQL, values, parameters)
    if len(found) < MOST_SHAPES and not any(map(_has_words, found)):
        return found
    found = _shapes(connection, SHAPED_SQL, values, parameters)
    read = [shape.text for shape in found if any(_formats(shape.text, order) for order in ORDERS)]
    if any(_has_words(shape) for shape in found if shape.text not in read):
        lettered = f"from ({values}) as t(value) where regexp_matches(value, '{WRITTEN_OUT}')"
        written = (
            f"select {long_sql('value')} from ({SHAPED_SQL.replace(':values', lettered)}) "
            "where not list_contains($read, shape)"
        )
        written = f"with written as materialized ({written}) from written"  # or it is read anew wherever it is named
        out_of_long = _shapes(connection, SHAPED_SQL, written, {**parameters, "read": read})
        found += [replace(shape, text=f"~~{shape.text}") for shape in out_of_long if not shape.text.startswith("~")]
    return found


def _has_words(shape: DateShape) -> bool:
    """Whether values of a shape may be dates that are written out: with a month, a weekday or a zone, or behind their
    time of day."""
    return "9" in shape.text and bool(re.search(_WORDS, shape.text))


def _shapes(connection: DuckDBPyConnection, shaped: str, values: str, parameters: dict[str, object]) -> list[DateShape]:
    query = SHAPES_SQL.replace(":shaped", shaped).replace(":values", values)
    rows = connection.execute(query, parameters).fetchall()
    return [
        DateShape(text, n, example, (d, m, y), dm, dmy, varies) for text, n, example, d, m, y, dm, dmy, varies in rows
    ]


def choose_date_order(
    column: str, found: Sequence[DateShape], *, stated: Order | None = None, by: str = "--dates", zone: str = "UTC"
) -> Dates:
    """The reading of a column from its shapes; the short names of its `zone` may stand behind its times.

    Raises AmbiguousDatesError where two orders explain all its values.
    """
    numeric = [shape for shape in found if _kind(shape.text) in ("year_last", "short")]
    order: Order | None = None
    why = _plain_reason(found)
    if numeric:
        order, why = (stated, f"stated by {by}") if stated else _vote(column, numeric)
    formats: list[Format] = []
    for shape in found:
        formats += [form for form in _formats(shape.text, order, zone) if form not in formats]
    example = next((shape.example for shape in found if _formats(shape.text, order, zone)), "")
    return Dates(tuple(formats), order, why, example, settled=not numeric or stated is not None)


def _vote(column: str, numeric: Sequence[DateShape]) -> tuple[Order, str]:
    """The one order in which every value that is a date in any order is a date."""
    total = sum(_dates_in(shape) for shape in numeric)
    explaining = [
        order
        for place, order in enumerate(ORDERS)
        if (order != "ymd" or all(_kind(shape.text) == "short" for shape in numeric))
        and sum(shape.fits[place] for shape in numeric) == total
    ]
    example = numeric[0].example
    if not total:
        return "dmy", "no value is a date"
    if len(explaining) == 1:
        return explaining[0], f"the only order that explains all {total:,} dates"
    if "dmy" in explaining and all(_is_dotted(shape.text) for shape in numeric):
        explaining = [order for order in explaining if order != "mdy"]
        if not any(shape.last_varies for shape in numeric if _kind(shape.text) == "short"):
            return "dmy", "with dots between them the day stands before the month"
    if explaining:
        readings = " or ".join(f"{day_under_order(example, order)} ({order})" for order in explaining)
        raise AmbiguousDatesError(
            f"column {column!r}: {example!r} may be {readings}; every value can be read both ways",
            hint=f"say which: --dates {explaining[0]} or --dates {explaining[1]}",
        )
    raise AmbiguousDatesError(
        f"column {column!r}: no one order of day and month explains all its dates, for example {example!r}",
        hint="say --dates dmy or --dates mdy to read those that fit and refuse the rest",
    )


def readable_dates(shape: DateShape, zone: str = "UTC") -> int:
    """How many values of a shape are dates of a zone, in whatever order of day, month and year."""
    if _kind(shape.text) in ("year_last", "short"):
        return _dates_in(shape) if any(_formats(shape.text, order, zone) for order in ORDERS) else 0
    return shape.count if _formats(shape.text, None, zone) else 0


def _dates_in(shape: DateShape) -> int:
    """How many values of a shape are a date in any order that the shape can have."""
    return shape.fits_any if _kind(shape.text) == "short" else shape.fits_day_month


def day_under_order(value: str, order: Order) -> str:
    """The day that a value is under an order, as YYYY-MM-DD."""
    parts = re.findall(r"\d+", value)[:3]
    year, month, day = (parts[order.index(letter)] for letter in "ymd")
    return f"{year if len(year) == 4 else '20' + year.zfill(2)}-{int(month):02d}-{int(day):02d}"


def _is_dotted(shape: str) -> bool:
    """Whether day, month and year stand between dots: nobody writes the month first then, and hardly anybody a year of
    two digits."""
    match = _DATE.match(shape.lstrip("~"))
    return match is not None and "." in match[0]


def _kind(shape: str) -> str:
    match = _DATE.match(shape.lstrip("~"))
    return str(match.lastgroup and next((k for k in _KINDS if match[k]), "")) if match else ""


_KINDS: Final = ("ymd", "compact", "year_last", "short", "word", "word_first", "word_joined")


def _formats(shape: str, order: Order | None, of_zone: str = "UTC") -> list[Format]:
    """The formats of a shape under an order; none where it is no date. A name behind the time that several zones bear
    is that of the column's own zone where it bears it."""
    if shape.startswith("~"):
        form: Literal["worded", "long"] = "long" if shape.startswith("~~") else "worded"
        return [one._replace(form=form) for one in _formats(shape.lstrip("~"), order, of_zone)]
    if numbers := _EPOCH.fullmatch(shape):
        unit, name = EPOCHS[len(numbers["whole"])]
        return [Format(f"{name} since 1970", "epoch", unit=unit)]
    if _SERIAL.fullmatch(shape):
        return [Format("days since 1899-12-30, as spreadsheets count", "serial")]
    if shape in ("9" * 14, "9" * 12):
        return [Format("%Y%m%d%H%M%S" if len(shape) == 14 else "%Y%m%d%H%M")]
    if day := _WEEKDAY.match(shape):
        return _with_weekday(shape[day.end() :], day)
    date = _DATE.match(shape)
    if not date:
        return []
    texts = _date_formats(date, order)
    rest = shape[date.end() :]
    time = _TIME.match(rest) if rest else None
    if rest and not time:
        return []
    clock = ""
    if time:
        gap = {"t": "T"}.get(time["gap"], time["gap"])
        colon, noon = time["colon"], time["noon"]
        clock = f"{gap}{'%I' if noon else '%H'}{colon}%M"
        clock += f"{colon}%S" if time["seconds"] else ""
        clock += (time["fraction"][0] + ("%f" if len(time["fraction"]) <= 7 else "%n")) if time["fraction"] else ""
        clock += f"{' ' if noon.startswith(' ') else ''}%p" if noon else ""
        rest = rest[time.end() :]
    if not rest:
        return [Format(text + clock) for text in texts]
    zone = _ZONE.fullmatch(rest)
    if not zone and rest[0] in " ,":
        from supportkit.exports.value_formats.zone_names import is_short_name, zone_named

        if zone_named(rest.strip(" ,")) is not None:
            return [Format(text + clock, "named", name=rest) for text in texts]
        if clock and is_short_name(rest.strip(), of_zone):
            return [Format(text + clock + rest.upper()) for text in texts]
    if not zone:
        return []
    if zone["utc"]:
        return [Format(text + clock + zone["utc"].upper(), "utc") for text in texts]
    return [Format(f"{text}{clock} %z", "offset") for text in texts]


def _with_weekday(shape: str, day: re.Match[str]) -> list[Format]:
    """The formats of a shape behind its weekday: as RFC 2822 and ctime write it, else with a month as a word."""
    before = f"{'%a' if len(day[0].rstrip(', ')) == 3 else '%A'}{day[1]} "
    if found := _CTIME.fullmatch(shape):
        middle = found["utc"].upper() if found["utc"] else "%z" if "+" in shape or "-" in shape else ""
        text = f"{before}%b %d %H:%M:%S {f'{middle} ' if middle else ''}%Y"
        return [Format(text, "utc" if found["utc"] else "offset" if middle else "local")]
    if _kind(shape) not in ("word", "word_first", "word_joined"):
        return []
    return [one._replace(text=before + one.text) for one in _formats(shape, None)]


def _date_formats(date: re.Match[str], order: Order | None) -> list[str]:
    if date["ymd"]:
        return ["%Y{0}%m{0}%d".format(date["s1"])]
    if date["compact"]:
        return ["%Y%m%d"]
    if date["year_last"]:
        return [_PATTERN[order].format(date["s2"], "%Y")] if order in ("dmy", "mdy") else []
    if date["short"]:
        return [_PATTERN[order].format(date["s3"], "%y")] if order else []
    if date["word"]:
        year = "%Y" if date["word"].endswith("9999") else "%y"
        return [f"%d{date['s4']}{month}{date['s4']}{year}" for month in ("%b", "%B")]
    if date["word_joined"]:
        year = "%Y" if date["word_joined"].endswith("9999") else "%y"
        return [f"{month}{date['s5']}%d{date['s5']}{year}" for month in ("%b", "%B")]
    year = "%Y" if date["word_first"].endswith("9999") else "%y"
    return [f"{month} %d{date['comma']} {year}" for month in ("%b", "%B")]


def _plain_reason(found: Iterable[DateShape]) -> str:
    """Why texts are read in the one way that they can be."""
    forms = [form for shape in found for form in _formats(shape.text, None)]
    if any("%b" in form.text or "%B" in form.text for form in forms):
        return "the month is written as a word"
    counted = next((form.text for form in forms if form.zone in ("epoch", "serial")), None)
    return counted or ("the year comes first" if forms else "no value is a date")
