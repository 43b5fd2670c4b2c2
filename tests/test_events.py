"""Events that somebody declares: lines in pictures over time, and beside a break the nearest before it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from supportkit.explaining.events import nearest_before, with_events
from supportkit.render.charts import caption, spec
from supportkit.result import Chart, Event, Result, Scope, count, figure, key
from tests.conftest import Call, Words

EVENTS = """\
at,text,where
2026-09-20,old banner,
2026-10-10,"release 4.2, checkout",
2026-10-11T09:00:00+02:00,3-D Secure,country=DE
2026-10-11,campaign,country=FR
2026-10-20,call centre moved,
"""


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """Five events around the samples' planted break of 12 October 2026."""
    file = tmp_path / "releases.csv"
    file.write_text(EVENTS, encoding="utf-8")
    return file


def test_beside_a_rise_stands_the_event_declared_nearest_before_it(
    releases: Path, supportkit: Call, stored: Words
) -> None:
    words = ("trends", "--by", "category,country", "--period", "2026-W45", *stored, "--events", releases, "-f", "json")
    found = json.loads(supportkit(*words)[1])
    rows = {(row["category"], row["country"]): row for row in found["rows"]}
    declined = rows["payment declined", "DE"]
    assert (declined["since"], declined["event"]) == ("2026-10-12", "2026-10-11 3-D Secure (1 day before)")
    assert "declared before: declared nearest before it, in time and not as its cause" in found["notes"]
    assert [column["name"] for column in found["columns"]].index("event") == 1 + [
        column["name"] for column in found["columns"]
    ].index("since")
    assert all(row["event"] is None for row in rows.values() if row["since"] is None)
    plain = json.loads(supportkit(*words[:-4], "-f", "json")[1])
    assert "event" not in plain["rows"][0]


def test_why_says_it_of_its_break(releases: Path, supportkit: Call, stored: Words) -> None:
    words = ("why", "funnel", "--step", "payment", "--after", "2026-W45", "--before", "2026-W41", *stored)
    (told,) = [line for line in supportkit(*words, "--events", releases)[1].splitlines() if "it broke with" in line]
    assert "it broke with 2026-W42" in told
    assert told.endswith(
        "; declared nearest before it, in time and not as its cause: 2026-10-11 3-D Secure (1 day before)"
    )
    assert "declared" not in supportkit(*words)[1]


def test_a_report_and_a_configuration_know_events(supportkit: Call, stored: Words, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[event]]\nat = 2026-10-10\ntext = "release 4.2 & <b>"\n', encoding="utf-8")
    words = ("report", "--period", "2026-W45", *stored[:2], "--config", config, "-q", "-f", "html")
    page = supportkit(*words)[1]
    assert "2026-10-10 release 4.2 &amp; &lt;b&gt; (2 days before)" in page
    assert "upright lines: 2026-10-10 release 4.2 &amp; &lt;b&gt;" in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("at,text\nsoon,x\n", 2, "line 2, at: 'soon' is no day and no time"),
        ("at,text\n2026-10-10,\n", 2, "line 2, text: it has none"),
        ("at,text,where\n2026-10-10,x,amount>3\n", 2, "is not of one value"),
        ("at,what\n2026-10-10,x\n", 2, "unknown column"),
        ("at\n2026-10-10\n", 2, "the columns at and text are needed"),
        ("at,at,text\n2026-10-10,2026-10-11,x\n", 2, "the columns at and text are needed, each once"),
        ("at,text\n\n2026-10-10,release 4.2, checkout\n", 2, "line 3: more cells than columns"),
        ("at,text\n2026-10-10\n", 2, "line 2, text: it has none"),
        ("at,text,where\n2026-10-10,x,country\n", 2, "line 2, where: condition 'country', column 8"),
        ("at,text\n0001-01-01T00:00:00+14:00,x\n", 2, "line 2, at: '0001-01-01T00:00:00+14:00' is no day"),
        ("at,text\n9999-12-31T23:59:59-14:00,x\n", 2, "line 2, at: '9999-12-31T23:59:59-14:00' is no day"),
        (None, 3, "No such file"),
    ],
)
def test_a_file_that_is_none_of_events_is_told_with_the_place(
    text: str | None, code: int, said: str, supportkit: Call, tmp_path: Path
) -> None:
    file, surveys = tmp_path / "e.csv", tmp_path / "surveys.csv"
    surveys.write_text("kind,score,responded_at\nnps,9,2026-10-07T10:00:00Z\n")
    if text is not None:
        file.write_text(text, encoding="utf-8")
    found = supportkit("nps", "--data", surveys, "--events", file)
    assert (found[0], found[1], said in found[2]) == (code, "", True), found


def test_an_event_of_no_column_is_refused_wherever_events_are_read(
    supportkit: Call, stored: Words, tmp_path: Path
) -> None:
    config, file = tmp_path / "c.toml", tmp_path / "e.csv"
    config.write_text('[[event]]\nat = 2026-10-10\ntext = "x"\nwhere = "contry=DE"\n', encoding="utf-8")
    file.write_text("at,text,where\n2026-10-10,x,chanel=chat\n", encoding="utf-8")
    why = ("why", "funnel", "--step", "payment", "--after", "2026-W45", "--before", "2026-W41")
    for words in (("trends", "--past", "-f", "svg"), ("report", "--period", "2026-W45", "-f", "html"), why):
        code, out, err = supportkit(*words, *stored[:2], "--config", config, "-q")
        assert (code, out) == (2, ""), words
        assert "c.toml: [[event]] 1, where: unknown column 'contry'" in err
        assert "did you mean 'country'?" in err
        code, out, err = supportkit(*words, *stored, "--events", file, "-q")
        assert (code, out) == (2, ""), words
        assert "e.csv, line 2, where: unknown column 'chanel'" in err
        assert "did you mean 'channel'?" in err


def scores(by: bool = False) -> Result:
    """Scores of three months, of two countries if asked."""
    groups = ("DE", "FR") if by else ("",)
    rows = tuple(
        (*((group,) if by else ()), month, 20, 50.0) for group in groups for month in ("2026-08", "2026-09", "2026-10")
    )
    keys = (*((key("country"),) if by else ()), key("period", "period"))
    return Result(
        metric="nps",
        title="",
        definition="",
        columns=(*keys, count("answers"), figure("nps", "number", n="answers")),
        rows=rows,
        chart=Chart("line", "period", "nps", "country" if by else None),
        scope=Scope(),
    )


HAPPENED = (
    Event(date(2026, 7, 31), "before all"),
    Event(date(2026, 9, 30), "release"),
    Event(date(2026, 10, 1), "campaign", (("country", "DE"),)),
    Event(date(2026, 10, 2), "elsewhere", (("channel", "chat"),)),
)


def test_an_event_is_a_line_at_its_period_in_the_pictures_that_it_concerns() -> None:
    drawn = spec(with_events(scores(), HAPPENED))
    assert drawn is not None
    assert [one["event"] for one in drawn["data"]["values"]] == ["", "release", ""]
    marks = [layer["mark"]["type"] for layer in drawn["layer"]]
    assert (marks[0], marks[-1]) == ("rule", "text")
    by = spec(with_events(scores(by=True), HAPPENED))
    assert by is not None
    assert [(one["series"], one["event"]) for one in by["data"]["values"]] == [
        ("DE", ""), ("DE", "release"), ("DE", "campaign"), ("FR", ""), ("FR", "release"), ("FR", ""),
    ]  # fmt: skip
    assert caption(with_events(scores(), HAPPENED)).endswith("; upright lines: 2026-09-30 release")
    cut = Scope(filters=("country=DE",))
    german = with_events(Result(**{**vars(scores()), "scope": cut}), HAPPENED)
    assert caption(german).endswith("; upright lines: 2026-09-30 release; 2026-10-01 campaign")
    plain = spec(scores())
    assert plain is not None
    assert "rule" not in [layer["mark"]["type"] for layer in plain["layer"]]


RELEASES = {
    "neighbouring weeks": {
        20: "release 4.2 of the checkout",
        21: "3-D Secure everywhere",
        22: "call centre moved to Leipzig",
    },
    "the last weeks": {49: "release 4.2 of the checkout", 50: "3-D Secure everywhere", 51: "call centre moved"},
    "the first and the last": {
        0: "CAPITALS AND MORE OF THEM WITHOUT",
        1: "переезд колл-центра в Казань",
        51: "結帳頁面的新版本",
    },
    "every week": {week: f"release {week} of the checkout" for week in range(52)},
}


@pytest.mark.parametrize("weeks", RELEASES.values(), ids=RELEASES)
@pytest.mark.parametrize("by", [False, True])
def test_no_words_of_events_lie_over_others_and_none_are_cut_at_the_edge(by: bool, weeks: dict[int, str]) -> None:
    monday = date(2025, 12, 29)  # of 2026-W01
    countries = ("DE", "FR") if by else ("",)
    rows = [(*((one,) if by else ()), f"2026-W{week + 1:02}", 20, 50.0) for one in countries for week in range(52)]
    events = tuple(Event(monday + timedelta(weeks=week), text) for week, text in weeks.items())
    drawn = spec(with_events(replace(scores(by), rows=tuple(rows)), events))
    assert drawn is not None
    width, beyond = (
        (drawn["spec"]["width"], drawn["spacing"]["column"]) if by else (drawn["width"], drawn["padding"]["right"])
    )
    for panel in countries:
        data = [one for one in drawn["data"]["values"] if one["series"] == panel]
        boxes = []
        for place, one in enumerate(data):
            if not one["event"]:
                continue
            at, long = (place + 0.5) * width / 52, 7 * len(one["words"])  # 13 pixels high, about 7 wide
            boxes.append((one["lift"], *((at, at + long) if one["side"] == "right" else (at - long, at))))
            assert one["words"].rstrip("…") == one["event"][: len(one["words"].rstrip("…"))]
            assert len(one["words"]) >= 8
        assert len(boxes) == len(weeks)
        assert all(start >= 0 and end <= width + beyond for _, start, end in boxes), boxes
        assert all(lift <= -8 for lift, _, _ in boxes)  # above the picture
        for (lift, start, end), (other, begin, finish) in combinations(boxes, 2):
            assert abs(lift - other) >= 16 or end <= begin or finish <= start


@pytest.mark.parametrize("metric", ["nps", "csat", "csi", "service", "backlog", "unanswered", "funnel"])
def test_every_picture_over_time_has_the_lines_of_events(
    metric: str, releases: Path, supportkit: Call, stored: Words
) -> None:
    words = (metric, "--over", "month", *stored, "--events", releases, "-q", "-f", "html")
    (told,) = re.findall(r"<figcaption[^>]*>(.*?)</figcaption>", supportkit(*words)[1], re.DOTALL)
    assert told.startswith("line: ")
    assert "upright lines: 2026-09-20 old banner; 2026-10-10 release 4.2, checkout" in told


@pytest.mark.parametrize(
    ("day", "known", "told"),
    [
        (date(2026, 7, 30), set(), None),
        (date(2026, 9, 30), set(), "2026-09-30 release (the same day)"),
        (date(2026, 10, 3), set(), "2026-09-30 release (3 days before)"),
        (date(2026, 10, 3), {("country", "DE")}, "2026-10-01 campaign (2 days before)"),
        (date(2026, 10, 3), {("country", "FR")}, "2026-09-30 release (3 days before)"),
    ],
)
def test_the_nearest_before_concerns_the_row(day: date, known: set[tuple[str, str]], told: str | None) -> None:
    assert nearest_before(HAPPENED, day, known) == told
