"""The renderers: every kind of value, every format, and hostile text at each boundary."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from supportkit.render import Display, render
from supportkit.render.escaping import for_csv, for_markdown, for_terminal
from supportkit.render.scope_line import scope_line
from supportkit.render.value_text import duration, number, value_text
from supportkit.result import Chart, Result, Scope, count, detail, figure, key

HOSTILE = [
    "[/b]",
    "[link=https://evil.example]x[/link]",
    "\x1b[2J\x1b[31mred",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x9b31m",
    "nul\x00byte",
    "del\x7f",
    "=cmd|'/c calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "%0A=1",
    "|a|b|",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "</td></table>",
    "{{ 7*7 }}",
    "{% for x in y %}",
    "[a](javascript:alert(1))",
    "![i](https://evil.example/p.png)",
    "https://evil.example",
    "`code`",
    "# heading",
    "line\nbreak",
    "line\u2028break",
    "\u202ertl override",
    "\u2066isolate",
    "z" + "\u0301" * 40,
    "\ue000private",
    "\ud800lone surrogate",
    "a" * 5000,
    "*bold* _it_ ~~s~~",
    "${jndi:ldap://x}",
    "&lt;b&gt;",
    "'; drop table tickets; --",
]
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\ue000-\uf8ff]")


def of(text: str) -> Result:
    """A result that holds a text in every place that data reaches."""
    return Result(
        "nps",
        f"title {text}",
        f"definition {text}",
        (key("country", label=f"label {text}"), count("n")),
        ((text, 1), ("DE", 2)),
        {"n": 3},
        (f"note {text}",),
        Scope(filters=(f"country={text}",), rows=3),
        fact_columns=(count("n"),),
    )


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [None, 80])
def test_a_terminal_gets_no_control_character(text: str, width: int | None) -> None:
    shown = render([of(text)], "table", Display(width))
    assert not CONTROL.search(shown)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_csv_cell_is_never_a_formula(text: str) -> None:
    shown = render([of(text)], "csv")
    cells = [cell for row in csv.reader(io.StringIO(shown)) for cell in row]
    assert len(cells) == 6
    for cell in cells:
        visible = cell.lstrip(" \t\r\n\u200b\ufeff\u00a0")
        assert not visible.startswith(("=", "+", "-", "@", "|", "%", "＝", "＋"))


@pytest.mark.parametrize("text", HOSTILE)
def test_json_is_ascii_and_reads_back(text: str) -> None:
    shown = render([of(text)], "json")
    assert shown.isascii()
    assert json.loads(shown)["rows"][0]["country"] == text.encode("utf-8", "replace").decode()


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(name for name, _ in attrs)))


@pytest.mark.parametrize("text", HOSTILE)
def test_html_has_the_same_tags_whatever_the_text(text: str) -> None:
    plain, hostile = Tags(), Tags()
    plain.feed(render([of("x" * len(text))], "html"))  # as long: a note tells that a long text was cut
    page = render([of(text)], "html")
    hostile.feed(page)
    assert hostile.seen == plain.seen
    assert not CONTROL.search(page)
    assert "<script" not in page


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_text_holds_no_markup(text: str) -> None:
    shown = for_markdown(text)
    assert not re.search(r"(?<!&)#|[|<>`*\[\]\n]", shown)
    rows = [line for line in render([of(text)], "markdown").splitlines() if line.startswith("|")]
    assert [line.count("|") for line in rows] == [3, 3, 3, 3]


def test_a_command_in_markdown_is_code_and_can_be_pasted_as_it_stands() -> None:
    note = "the first 6 of 91 rows; all of them: supportkit trends --where 'tag=a_b|c' --data only_t"
    shown = render([replace(of("x"), notes=(note, "supportkit tickets --where 'category=``odd`'"))], "markdown")
    assert "all of them: `supportkit trends --where 'tag=a_b|c' --data only_t`\n" in shown
    assert "- ```supportkit tickets --where 'category=``odd`'```\n" in shown


def test_markdown_is_read_as_it_stands_where_nothing_in_it_is_markup() -> None:
    for plain in (
        "Report for the director: October 2026", "2026-11-11 14:43 UTC · Europe/Berlin", "-9.0 points [".strip(" ["),
        "data through 2026-11-11 14:43:07", "nobody's (4 of 307), \"so far\"",
    ):  # fmt: skip
        assert for_markdown(f"x {plain}") == f"x {plain}"
    for markup in (
        "https://x.example", "mailto:a", ":smile:", "12:100:30", "- item", "+ item", "1. item", "12) item", "a_b_c",
        "@me", "#12", "$x$", "![x](y)", "<b>", "&amp;", "~~x~~", "a|b", "`x`", "**x**",
    ):  # fmt: skip
        assert "&#" in for_markdown(markup), markup
        assert html.unescape(for_markdown(markup)) == markup


def test_a_number_keeps_its_sign_in_csv() -> None:
    assert for_csv("-12.5") == "-12.5"
    assert for_csv("-12.5x") == "'-12.5x"


def test_russian_german_and_emoji_are_shown_as_they_are() -> None:
    text = "Где заказ? Schöne Grüße 👩‍👩‍👧 é"
    assert for_terminal(text) == text


GOLDEN = Result(
    "sample",
    "Every kind",
    "one column of each kind",
    (
        key("country"),
        key("week", "period"),
        count("n"),
        figure("score", "number", n="n", better="up"),
        figure("part", "share", n="n"),
        figure("revenue", "money", n="n"),
        figure("wait_s", "duration", n="n"),
        detail("day", "date"),
        detail("low", "flag"),
    ),
    (
        ("DE", "2026-W45", 1234, 12.345, 0.25, Decimal("1234.5000"), 7512, date(2026, 11, 2), True),
        (None, None, None, None, None, None, None, None, None),
    ),
    {"n": 1234, "part": 1 / 3},
    ("a note",),
    Scope("2026-W45", date(2026, 11, 2), date(2026, 11, 9), None, datetime(2026, 11, 8, tzinfo=UTC), rows=2),
    Chart("bar", "country", "n"),
    (count("n"), figure("part", "share", n="n")),
)

TABLE = """\
Every kind
one column of each kind

N      1,234
Part  33.3 %

Country  Week          N  Score    Part   Revenue       Wait  Day         Low
─────────────────────────────────────────────────────────────────────────────
DE       2026-W45  1,234   12.3  25.0 %  1,234.50  2 h 5 min  2026-11-02  yes
–        –             –      –       –         –          –  –             –

· a note
period 2026-W45 · 2 rows · data through 2026-11-08 00:00 UTC · time zone UTC
"""

CSV = """\
country,week,n,score,part,revenue,wait_s,day,low
DE,2026-W45,1234,12.345,0.25,1234.5,7512,2026-11-02,true
,,,,,,,,
"""

MARKDOWN = """\
## Every kind

one column of each kind

N **1,234** · Part **33.3 %**

| Country | Week | N | Score | Part | Revenue | Wait | Day | Low |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| DE | 2026-W45 | 1,234 | 12.3 | 25.0 % | 1,234.50 | 2 h 5 min | 2026-11-02 | yes |
| – | – | – | – | – | – | – | – | – |

- a note

<small>period 2026-W45 · 2 rows · data through 2026-11-08 00:00 UTC · time zone UTC</small>
"""


def test_the_table_of_every_kind() -> None:
    assert render([GOLDEN], "table") == TABLE


def test_the_csv_of_every_kind() -> None:
    assert render([GOLDEN], "csv") == CSV


def test_the_markdown_of_every_kind() -> None:
    assert render([GOLDEN], "markdown") == MARKDOWN


def test_the_json_of_every_kind() -> None:
    shown = json.loads(render([GOLDEN], "json"))
    assert shown["rows"][0] == {
        "country": "DE",
        "week": "2026-W45",
        "n": 1234,
        "score": 12.345,
        "part": 0.25,
        "revenue": 1234.5,
        "wait_s": 7512,
        "day": "2026-11-02",
        "low": True,
    }
    assert shown["facts"] == {"n": 1234, "part": 0.333333}
    assert shown["scope"]["data_through"] == "2026-11-08T00:00:00Z"


def test_several_results_are_a_list_in_json() -> None:
    assert [one["metric"] for one in json.loads(render([GOLDEN, GOLDEN], "json"))] == ["sample", "sample"]


def test_a_wide_table_is_folded_into_blocks_and_never_cropped() -> None:
    columns = (key("country"), *(count(f"quite_long_figure_{n}") for n in range(12)))
    wide = Result("m", "t", "d", columns, (("Germany", *range(1000, 1012)),))
    shown = render([wide], "table", Display(80))
    assert max(len(line) for line in shown.splitlines()) <= 80
    for value in range(1000, 1012):
        assert f"{value:,}" in shown
    assert shown.count("Germany") > 1


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (59.6, "1 min"),
        (125, "2 min 5 s"),
        (3600, "1 h"),
        (7512, "2 h 5 min"),
        (200000, "2 d 7 h"),
        (-90, "-1 min 30 s"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_a_number_has_as_many_decimals_as_it_needs() -> None:
    assert [number(v) for v in (0.1234, 1.234, 12.34, 1234.0, 7)] == ["0.123", "1.23", "12.3", "1,234", "7"]
    assert [number(v) for v in (0.0, -0.0, 0.0006, 0.0004, 1e-9, -1e-9)] == [
        "0", "0", "0.001", "0.0004", "<0.0001", ">-0.0001",
    ]  # fmt: skip
    assert value_text(None, "share") == "–"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), [1], object()])
def test_a_result_refuses_what_cannot_be_shown(value: object) -> None:
    with pytest.raises(ValueError, match=r"^m\.n: "):
        Result("m", "t", "d", (detail("n", "number"),), ((value,),))  # type: ignore[arg-type]


def test_a_result_refuses_ragged_rows_and_unknown_chart_columns() -> None:
    with pytest.raises(ValueError, match="2 values for 1 columns"):
        Result("m", "t", "d", (detail("n", "number"),), ((1, 2),))
    with pytest.raises(ValueError, match="chart"):
        Result("m", "t", "d", (detail("n", "number"),), ((1,),), chart=Chart("bar", "n", "gone"))


def test_a_result_refuses_a_figure_or_a_fact_without_its_n() -> None:
    share = figure("share", "share", n="answers")
    with pytest.raises(ValueError, match=r"m\.share: its n is 'answers', which is none of \[\]"):
        Result("m", "t", "d", (key("country"), share), ())
    with pytest.raises(ValueError, match=r"'answers', which is none of \['n'\]"):
        Result("m", "t", "d", (share, count("n")), ())
    with pytest.raises(ValueError, match=r"'answers', which is none of"):  # there, and no n
        Result("m", "t", "d", (share, figure("answers", "count", n="n"), count("n")), ())
    with pytest.raises(ValueError, match="its n is None"):
        Result("m", "t", "d", (), (), {"gap": 1}, fact_columns=(detail("gap", "count"),))
    Result("m", "t", "d", (share, count("answers"), figure("late", "share", n="n"), count("n")), ())  # several n


def test_no_data_is_an_n_of_0_and_nothing_else() -> None:
    def of_facts(*facts: int | None) -> Result:
        columns = (figure("open", "count", n="tickets"), count("tickets"))
        return Result("m", "t", "d", (), (), dict(zip(("open", "tickets"), facts, strict=True)), fact_columns=columns)

    assert of_facts(None, 0).empty
    assert not of_facts(0, 40).empty  # none of 40 is open
    assert not of_facts(None, 2).empty  # too few to say
    assert Result("m", "t", "d", (key("file"),), ()).empty
    assert not Result("m", "t", "d", (key("file"),), (("a.csv",),)).empty


def test_json_has_the_role_and_the_n_of_every_column() -> None:
    shown = json.loads(render([GOLDEN], "json"))
    roles = {column["name"]: (column["role"], column.get("n")) for column in shown["columns"]}
    assert roles["country"] == ("key", None)
    assert roles["n"] == ("n", None)
    assert roles["score"] == ("figure", "n")
    assert roles["day"] == ("detail", None)


def test_a_frame_has_the_rows_and_columns() -> None:
    frame = GOLDEN.to_frame()
    assert list(frame.columns) == [column.name for column in GOLDEN.columns]
    assert frame.shape == (2, 9)


def test_a_markdown_table_has_as_many_cells_in_every_line_without_what_stands_aside() -> None:
    columns = (key("country"), count("n"), figure("q", "number", n="n", aside=True))
    lines = render([Result("m", "t", "d", columns, (("DE", 1, 0.5),))], "markdown").splitlines()
    assert [line.count("|") for line in lines if line.startswith("|")] == [3, 3, 3]


def test_what_tells_rows_apart_repeats_in_every_block() -> None:
    figures = tuple(count(f"internationalisation{n}") for n in range(8))
    columns = (key("file"), key("line", "count"), *figures)
    rows = (("a.csv", 1, *range(100, 108)), ("a.csv", 2, *range(200, 208)))
    shown = render([Result("m", "t", "d", columns, rows)], "table", Display(80))
    assert re.search(r"a\.csv +2 .* 207", shown)
    assert len(re.findall(r"a\.csv +2 ", shown)) == len(re.findall("File +Line", shown)) > 1


def test_a_decimal_number_is_shown_as_it_is() -> None:
    columns = (detail("amount", "number"), detail("mean", "number"))
    shown = render([Result("m", "t", "d", columns, ((Decimal("1234.5600"), 1234.5678),))], "table")
    assert "1,234.56  1,234.6" in shown


def test_a_terminal_breaks_the_paragraphs_of_a_definition_at_its_own_width() -> None:
    definition = "One sentence that is\nbroken in the source.\n\nAnother.\n    a list\n    of two\nThe end."
    shown = render([Result("m", "t", definition, (count("a"),), ((1,),))], "table", Display(80))
    assert shown.splitlines()[1:7] == [
        "One sentence that is broken in the source.", "", "Another.", "    a list", "    of two", "The end."
    ]  # fmt: skip


def test_one_row_is_told_in_the_singular() -> None:
    assert [scope_line(Scope("all", rows=rows)) for rows in (0, 1, 1_200)] == [
        f"all data · {rows} · time zone UTC" for rows in ("0 rows", "1 row", "1,200 rows")
    ]
