"""Targets, said once: for rules, for the lights of a report, and as lines in pictures."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from supportkit.config import read_config
from supportkit.render.charts import caption, spec
from supportkit.render.document import DocumentSection
from supportkit.result import Chart, Goal, Result, Scope, count, figure, key
from tests.conftest import Call

# September: 10 promoters of 20 in DE (nps 0 there: 10 detractors), 20 promoters in FR; October: all promoters
ANSWERS = [*[("2026-09-15", 9, "DE")] * 10, *[("2026-09-15", 3, "DE")] * 10, *[("2026-09-16", 9, "FR")] * 20]
ANSWERS += [(f"2026-10-{day}", 9, country) for day in (13, 30) for country in ("DE", "FR") for _ in range(10)]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """These answers."""
    lines = [f"nps,{score},{day}T10:00:{n:02}Z,{country}" for n, (day, score, country) in enumerate(ANSWERS[:59])]
    lines += [f"nps,{score},{day}T11:00:{n:02}Z,{country}" for n, (day, score, country) in enumerate(ANSWERS[59:])]
    file = tmp_path / "surveys.csv"
    file.write_text("kind,score,responded_at,country\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return file


TARGETS = """
[[target]]
metric = "nps"
value = 60
from = 2026-01-01
[[target]]
metric = "nps.nps"
value = "45"
from = 2026-10-01
[[target]]
metric = "nps"
where = "country=DE"
value = 10
from = 2026-09-01
"""


def judged(supportkit: Call, desk: Path, text: str, *words: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code and the rows by slice of a check under a configuration."""
    config = desk.parent / "c.toml"
    config.write_text(text)
    code, out, err = supportkit(
        "check", "--data", desk, "--config", config, "--period", "2026-09", "-f", "json", *words
    )
    return code, {row["slice"]: row for row in json.loads(out)["rows"]} if out else {"": {"reason": err}}


@pytest.mark.parametrize(
    ("rule", "period", "code", "wanted"),
    [
        ("nps >= target", "2026-09", 1, {"": "60"}),  # 30 promoters less 10 detractors of 40: 50
        ("nps >= target", "2026-10", 0, {"": "45"}),  # from October on
        ("nps >= target by country", "2026-09", 1, {"DE": "10", "FR": "60"}),  # DE has one of its own
        ("nps[country=DE] >= target", "2026-09", 1, {"": "10"}),
        ("nps[country=FR] >= target", "2026-09", 0, {"": "60"}),
        ("nps >= target", "2025-12", 3, {"": None}),
    ],
)
def test_a_rule_takes_the_target_that_holds_for_its_slice_when_the_period_begins(
    rule: str, period: str, code: int, wanted: dict[str, str | None], supportkit: Call, desk: Path
) -> None:
    text = f"{TARGETS}[[check]]\nexpect = {json.dumps(rule)}\n"
    found, rows = judged(supportkit, desk, text, "--period", period)
    assert (found, set(rows)) == (code, set(wanted))
    for name, value in wanted.items():
        assert value is None or rows[name]["reason"].startswith(f"wanted at least {value}"), rows[name]


def test_the_conditions_of_a_run_choose_the_target_as_those_of_its_rule_do(supportkit: Call, desk: Path) -> None:
    text = f'{TARGETS}[[check]]\nexpect = "nps >= target"\n'
    for where, wanted in (("country=DE", "10"), ("country = 'DE'", "10"), ("country=FR", "60")):
        row = judged(supportkit, desk, text, "--where", where)[1][""]
        assert row["reason"].startswith(f"wanted at least {wanted}"), where


def test_a_period_before_the_first_target_has_no_verdict(supportkit: Call, desk: Path) -> None:
    text = '[[target]]\nmetric = "nps"\nvalue = 1\nfrom = 2026-09-02\n[[check]]\nexpect = "nps >= target"\n'
    code, rows = judged(supportkit, desk, text)
    assert (code, rows[""]["reason"]) == (3, "no target holds on 2026-09-01")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[check]]\nexpect = "nps >= target"\n', "there is no target of nps.nps"),
        ('[[target]]\nmetric = "csat.csat"\nvalue = 1\n[[check]]\nexpect = "nps >= target"\n', "no target of nps.nps"),
        ('[[target]]\nmetric = "nps"\nvalue = "1 by country"\n[[check]]\nexpect = "nps >= 1"\n', "it is one figure"),
        ('[[target]]\nmetric = "nps"\nvalue = "60%"\n[[check]]\nexpect = "nps >= 1"\n', "is a number, it has no %"),
        (
            '[[target]]\nmetric = "ltv"\nvalue = "2h"\n[[check]]\nexpect = "nps >= 1"\n',
            "[[target]] 1, value: check 'ltv == 2h': ltv is a money, it has no h",
        ),
        ('[[target]]\nmetric = "nps"\nvalue = 1\nfrm = 2026-01-01\n', "from"),
        ('[[check]]\nexpect = "nps >= target vs previous"\n', "compared with no past"),
    ],
)
def test_a_target_that_does_not_fit_is_exit_code_2(text: str, said: str, supportkit: Call, desk: Path) -> None:
    code, rows = judged(supportkit, desk, text)
    assert (code, said in rows[""]["reason"]) == (2, True), rows


def test_a_target_that_no_rule_speaks_of_is_a_light_of_the_report(supportkit: Call, desk: Path) -> None:
    config = desk.parent / "c.toml"
    text = TARGETS + '[report.own]\ngrain = "month"\nsections = [{ metric = "nps", by = "country" }]\n'
    words = ("report", "--audience", "own", "--period", "2026-09", "--data", desk, "--config", config, "-q")
    config.write_text(text)
    rows = next(one for one in json.loads(supportkit(*words, "-f", "json")[1]) if one["metric"] == "check")["rows"]
    assert [(row["check"], row["state"]) for row in rows] == [
        ("nps.nps >= target", "warn"),  # 50 of 60
        ("nps.nps[country=DE] >= target", "warn"),  # 0 of 10
    ]
    config.write_text(text + '[[check]]\nexpect = "nps >= target"\n')
    rows = next(one for one in json.loads(supportkit(*words, "-f", "json")[1]) if one["metric"] == "check")["rows"]
    assert [(row["check"], row["state"]) for row in rows] == [("nps >= target", "fail")]
    page = supportkit(*words, "-f", "html")[1]
    assert "thick stroke: the target" in page
    page = supportkit("nps", "--over", "month", "--data", desk, "--config", config, "-f", "html", "-q")[1]
    assert "long dashes: the target" in page


def result(goals: tuple[Goal, ...], *, over: bool) -> Result:
    """Scores of two months, or of two countries."""
    return Result(
        metric="nps",
        title="",
        definition="",
        columns=(
            key("period", "period") if over else key("country"),
            count("answers"),
            figure("nps", "number", n="answers"),
        ),
        rows=(("2026-09" if over else "DE", 20, 50.0), ("2026-10" if over else "FR", 20, 100.0)),
        chart=Chart("line" if over else "bar", "period" if over else "country", "nps"),
        scope=Scope(start=None if over else date(2026, 9, 1)),
        goals=goals,
    )


@pytest.mark.parametrize(
    ("entry", "said", "hint"),
    [
        ('metric = "npz"', "[[target]] 1, metric: unknown metric 'npz'", "did you mean 'nps'?"),
        ('metric = "nps.nsp"', "[[target]] 1, metric: unknown figure of nps 'nsp'", "did you mean 'nps'?"),
        ('metric = "service"', "[[target]] 1, metric: check 'service == 0'", "service.first_reply_p50_s"),
        (
            'metric = "nps"\nwhere = "contry=DE"',
            "[[target]] 1, where: unknown column 'contry'",
            "did you mean 'country'?",
        ),
        ('metric = "nps"\nwhere = "country"', "[[target]] 1, where: check 'nps[country] == 0'", "country=DE"),
        (
            'metric = "nps"\nwhere = "country=DE"\nvalue = 2\n'
            '[[target]]\nmetric = "nps.nps"\nwhere = "country = \'DE\'"',
            "[[target]] 2, metric: nps.nps has a target for these rows and days already, [[target]] 1",
            "say with from",
        ),
    ],
)
def test_a_target_that_would_do_nothing_is_refused_wherever_targets_are_read(
    entry: str, said: str, hint: str, supportkit: Call, desk: Path
) -> None:
    config = desk.parent / "c.toml"
    config.write_text(f"[[target]]\n{entry}\nvalue = 3\n", encoding="utf-8")
    for words in (("check", "--expect", "nps >= 1"), ("report", "-f", "html"), ("nps", "--over", "month", "-f", "svg")):
        code, out, err = supportkit(*words, "--period", "2026-09", "--data", desk, "--config", config, "-q")
        assert (code, out) == (2, ""), words
        assert f"c.toml: {said}" in err
        assert hint in err


def test_a_target_of_what_was_not_read_is_not_judged_by_it(supportkit: Call, desk: Path) -> None:
    config = desk.parent / "c.toml"
    config.write_text('[[target]]\nmetric = "service.sla_met"\nwhere = "plan=pro"\nvalue = "80%"\n', encoding="utf-8")
    words = ("nps", "--data", desk, "--config", config, "-q")  # tickets, which may have a column plan, are not read
    assert supportkit(*words)[0] == 0


def test_a_small_target_is_read_and_one_of_a_figure_that_is_not_shown_is_said(
    supportkit: Call, desk: Path, stored: tuple[str, ...]
) -> None:
    config = desk.parent / "c.toml"
    config.write_text('[[target]]\nmetric = "trends.ratio"\nvalue = 2\n[[target]]\nmetric = "nps"\nvalue = 0.000001\n')
    notes = json.loads(supportkit("nps", "--data", desk, "--config", config, "-f", "json", "-q")[1])["notes"]
    assert not any("target" in note for note in notes)
    words = ("trends", *stored[:2], "--config", config, "-f", "json", "-q")
    assert not any("target" in note for note in json.loads(supportkit(*words)[1])["notes"])
    told = json.loads(supportkit(*words, "--past")[1])["notes"]
    assert "the target of trends.ratio is of no figure here" in told


def test_the_line_of_a_target_changes_with_time() -> None:
    goals = (Goal("nps", 60), Goal("nps", 45, date(2026, 10, 1)), Goal("csat", 1))
    drawn = result(goals, over=True)
    picture = spec(drawn)
    assert picture is not None
    assert [one["goal"] for one in picture["data"]["values"]] == [60, 45]
    assert sum(layer["encoding"]["y"]["field"] == "goal" for layer in picture["layer"]) == 1
    assert caption(drawn).endswith("; long dashes: the target")
    plain = result((), over=True)
    assert "target" not in caption(plain)
    assert not any(layer["encoding"]["y"]["field"] == "goal" for layer in (spec(plain) or {})["layer"])


def test_each_bar_has_the_target_of_its_group() -> None:
    goals = (Goal("nps", 60), Goal("nps", 10, where=(("country", "DE"),)))
    picture = spec(result(goals, over=False))
    assert picture is not None
    assert [one["goal"] for one in picture["data"]["values"]] == [10, 60]


def test_the_template_of_a_configuration_has_a_target(
    supportkit: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    supportkit("init")
    text = (tmp_path / "supportkit.toml").read_text()
    assert "# [[target]]" in text
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    start = next(number for number, line in enumerate(lines) if line.startswith("[[target]]"))
    (tmp_path / "whole.toml").write_text("\n".join(lines[start:]), encoding="utf-8")
    assert read_config(tmp_path / "whole.toml").target[0].value == 35


@pytest.mark.parametrize(
    ("words", "metric"),
    [
        (("trends",), "trends"),
        (("emerging",), "emerging"),
        (("check", "--expect", "trends.rising <= 0"), "trends"),
    ],
)
def test_all_data_are_refused_where_a_period_is_compared_with_those_before(
    words: tuple[str, ...], metric: str, supportkit: Call, samples: Path
) -> None:
    code, out, err = supportkit(*words, "--period", "all", "--data", samples / "tickets.csv")
    assert (code, out) == (2, "")
    assert f"{metric} --period all: it compares a period with those before it" in err


def test_a_report_of_all_data_leaves_out_what_compares_periods_and_says_so(
    supportkit: Call, stored: tuple[str, ...]
) -> None:
    found = json.loads(supportkit("report", *stored, "--period", "all", "-f", "json", "-q")[1])
    assert {one["scope"]["period"] for one in found[2:]} == {"all"}
    assert "trends" not in {one["metric"] for one in found}
    told = "left out: trends --period all: it compares a period with those before it, and before all data is none"
    assert told in found[0]["notes"]
    assert not any("against the period before" in str(row["finding"]) for row in found[0]["rows"])


def test_a_cell_of_a_table_that_fails_its_target_is_red_and_marked(supportkit: Call, desk: Path) -> None:
    """In September 10 of Germany's 20 answers are promoters and 10 detractors, 0 where 10 is wanted; France has 100."""
    config = desk.parent / "c.toml"
    config.write_text(TARGETS)
    words = ("--data", desk, "--config", config, "--period", "2026-09", "--by", "country")
    page = supportkit("nps", *words, "--format", "html")[1]
    rows = [row for row in page.split("<tr>") if 'scope="row"' in row]
    assert [">✗ 0" in row and 'class="number failed"' in row for row in rows] == [True, False]
    assert page.count("✗") == page.count(' failed"') + page.count("✗ 0", page.index("<svg"), page.index("</svg>"))


def test_a_target_of_some_rows_marks_no_cell_of_a_table_that_does_not_name_its_rows() -> None:
    columns = (key("country"), figure("nps", "number", n="answers", better="up"), count("answers"))
    found = Result(
        "nps", "NPS", "d", columns, (("DE", 0.0, 20),), goals=(Goal("nps", 10.0, where=(("country", "DE"),)),)
    )
    assert DocumentSection(found, ("country", "nps")).failing() == {(0, "nps")}
    assert DocumentSection(found, ("nps",)).failing() == frozenset()
