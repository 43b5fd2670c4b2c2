"""What a report says and how one finds one's way in it: names, links, the newest rows, commands at the foot."""

from __future__ import annotations

import csv
import email
import email.policy
import html
import json
import re
import shlex
import shutil
import subprocess
import zlib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from supportkit.offers.finding import Finding
from supportkit.render import terminal_chart
from supportkit.render.charts import caption, spec
from supportkit.render.html import SHAPES
from supportkit.render.language import ENGLISH, language_of
from supportkit.reports.summary import sentences
from supportkit.result import Chart, Result, count, key
from tests.browser import QUIET, browser
from tests.computing import ReportOf, written
from tests.conftest import Call, Words
from tests.untranslated import english, said_by_data

SAMPLES = Path(__file__).parent.parent / "data" / "samples"

REPORTS = [("manager", "2026-11-05"), ("head", "2026-W45"), ("director", "2026-10")]


def text_of(page: str) -> str:
    """What a page shows, its commands and pictures left out."""
    page = re.sub(r"<style>.*?</style>|<code>.*?</code>|<svg .*?</svg>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "\n", page))


def test_a_page_names_countries_languages_and_periods(report_of: ReportOf) -> None:
    shown = text_of(written(report_of("director", "2026-10"), "html"))
    assert "Report for the director: October 2026" in shown
    assert "Germany" in shown
    assert not re.findall(r"\b(DE|RU|GB|2026-10|2026-09)\b(?!-)", shown)
    assert not re.findall(r"\bp[59]0\b", shown)
    assert "First reply, median".lower() in shown.lower()
    head = text_of(written(report_of("head", "2026-W45"), "html"))
    assert "delivery delayed, language Russian: 34 tickets" in head
    assert "\nRussia\n" in head


@pytest.mark.parametrize("form", ["table", "markdown"])
@pytest.mark.parametrize(("audience", "period"), REPORTS)
def test_a_report_on_a_terminal_and_in_markdown_names_periods_too(
    audience: str, period: str, form: str, report_of: ReportOf
) -> None:
    for language in ("en", "ru"):
        told = html.unescape(written(report_of(audience, period, language), form))
        told = re.sub(r"supportkit [a-z][^|\n]*|`[^`]*`", "", told)
        assert re.findall(r"(?<![\d-])\d{4}-(?:W\d\d|[01]\d)(?![\d-]).*", told) == []
        assert re.findall(r"\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d", told) == []


def test_a_check_by_itself_has_the_period_that_can_be_typed_again(supportkit: Call, samples: Path) -> None:
    words = ("check", "--data", samples, "--expect", "nps >= 90", "--period", "2026-10")
    _, out, _ = supportkit(*words)
    assert " 2026-10 " in out


def test_the_numbers_of_a_column_have_as_many_decimals(report_of: ReportOf) -> None:
    made = report_of("director", "2026-10")
    for form in ("markdown", "table"):
        text = written(made, form)
        trends = text[text.index("Trends: what rises, by category\n") :]
        rows = re.findall(r"^(?:\| )?(?:payment declined|refund|discount code)\b.*", trends, re.MULTILINE)[:3]
        ratios = [re.findall(r"(?<![\d.+-])\d\.\d+(?![\d%]| %)", row)[-1] for row in rows]
        assert [len(one) for one in ratios] == [4, 4, 4], form


def test_programs_get_the_codes_that_options_take(report_of: ReportOf) -> None:
    told = json.loads(written(report_of("director", "2026-10"), "json"))
    funnel = next(one for one in told if one["metric"] == "funnel" and "country" in one["rows"][0])
    assert {row["country"] for row in funnel["rows"]} >= {"DE", "RU", "GB"}
    nps = next(one for one in told if one["metric"] == "nps")
    assert nps["rows"][-1]["period"] == "2026-10"


@pytest.mark.parametrize(("audience", "period"), REPORTS)
def test_contents_sentences_and_lights_lead_to_sections_that_are_there(
    audience: str, period: str, report_of: ReportOf
) -> None:
    page = written(report_of(audience, period), "html")
    ids = re.findall(r' id="([^"]+)"', page)
    links = re.findall(r'href="#([^"]+)"', page)
    assert set(links) <= set(ids)
    sections = re.findall(r'<section class="part" aria-labelledby="([^"]+)"', page)
    contents = re.search(r'<nav class="contents".*?</nav>', page, re.DOTALL)
    assert contents
    heads = ["figures", "checks"] if audience != "director" else ["brief", "figures", "checks"]
    assert re.findall(r'href="#([^"]+)"', contents[0]) == [*heads, *sections, "further"]
    said = re.search(r'<dl class="sentences">.*?</dl>', page, re.DOTALL)
    assert said
    assert re.findall(r'class="see" href="#([^"]+)"', said[0])
    lights = re.search(r'<section class="lights.*?</section>', page, re.DOTALL)
    assert lights
    assert 'href="#service-channel"' in lights[0]


def test_a_section_keeps_its_id_from_period_to_period(report_of: ReportOf) -> None:
    pages = [written(report_of("director", period), "html") for period in ("2026-10", "2026-09")]
    first, second = (re.findall(r'<h2 id="([^"]+)"', page) for page in pages)
    assert first == second
    assert "funnel-country" in first


def test_commands_stand_at_the_foot_of_a_page_alone(report_of: ReportOf) -> None:
    page = written(report_of("director", "2026-10"), "html")
    body, foot = page.split("<footer")
    assert "supportkit " not in html.unescape(body)
    assert "supportkit why funnel --step payment" in html.unescape(foot)
    assert "supportkit trends --by=category --period 2026-10" in html.unescape(foot)


def test_terminal_and_markdown_show_the_newest_rows_and_say_how_many_there_are(report_of: ReportOf) -> None:
    for form in ("markdown", "table"):
        text = html.unescape(written(report_of("head", "2026-W45"), form))
        weeks = text[text.index("by category, over time") :]
        weeks = weeks[: weeks.index("Funnel")]
        assert "2–8 November 2026" in weeks
        assert "May 2026" not in weeks
        assert re.search(r"the latest 8 of [\d,]+ rows; all of them: `?supportkit trends --by=category --past", weeks)


def test_cohorts_say_that_the_newest_rows_are_shown(report_of: ReportOf) -> None:
    text = html.unescape(written(report_of("director", "2026-10"), "markdown"))
    cohorts = text[text.index("## Cohorts") :]
    assert "October 2026" in cohorts[: cohorts.index("rows; all of them")]
    assert re.search(r"the latest 12 of [\d,]+ rows; all of them: `?supportkit cohorts", cohorts)


def test_a_period_without_data_names_the_last_one_that_has_some(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,created_at,status,category\n1,2026-03-05 10:00,open,a\n2,2026-04-05 10:00,open,a\n", encoding="utf-8"
    )
    words = ("report", "--audience", "director", "--data", tmp_path, "-q", "--format", "text")
    code, out, _ = supportkit(*words, "--period", "2026-09")
    assert code == 3
    assert "there is no data in September 2026; without rows: tickets" in out
    assert "; the last period with data is April 2026." in out


def test_a_page_that_counts_what_is_not_loaded_says_up_to_when_the_rest_is(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "order_id,ordered_at,customer_id,amount,status\n1,2010-12-13 10:00,a,5,paid\n2,2010-12-23 10:00,b,5,paid\n",
        encoding="utf-8",
    )
    words = ("report", "--audience", "manager", "--data", tmp_path, "-q", "--format", "text")
    code, out, _ = supportkit(*words, "--period", "2010-12-13")
    assert code == 3
    assert "there is no data on 13 December 2010; without rows: tickets; orders: data up to 23 December 2010." in out


def test_what_could_not_be_tested_is_not_called_quiet(supportkit: Call, tmp_path: Path) -> None:
    rows = "".join(f"{n},2026-04-{1 + n % 30:02d} 10:00,open,a\n" for n in range(40))
    (tmp_path / "tickets.csv").write_text(f"ticket_id,created_at,status,category\n{rows}", encoding="utf-8")
    out = supportkit("report", "--audience", "director", "--data", tmp_path, "-q", "-f", "text", "--period", "2026-04")[
        1
    ]
    assert "What changed: Not tested: history too short." in out
    assert "beyond chance" not in out


def test_a_figure_beyond_chance_is_what_changed_where_nothing_else_is(supportkit: Call, tmp_path: Path) -> None:
    months = (("06", 30), ("07", 31), ("08", 93))  # too few months to test a complaint by its past
    rows = [f"{m}-{n},2026-{m}-{1 + n % 31:02d} 10:00,solved,a" for m, tickets in months for n in range(tickets)]
    (tmp_path / "tickets.csv").write_text(
        "\n".join(["ticket_id,created_at,status,category", *rows, "last,2026-09-01 10:00,open,a"]) + "\n",
        encoding="utf-8",
    )
    words = ("report", "--audience", "director", "--data", tmp_path, "-q", "-f", "text", "--period")
    told = supportkit(*words, "2026-08")[1].splitlines()
    assert told[2].startswith("What changed: Tickets 93: +200.0 % [")
    assert told[2].endswith("against July 2026: beyond chance.")
    assert told[4] == "What to look at: The figures that are beyond chance: Tickets."
    page = supportkit(*words[:-2], "html", "--period", "2026-08")[1]
    assert page.partition("</dl>")[0].count('<a class="see" href="#figures">Figures</a>') == 2
    assert 'id="figures"' in page
    russian = supportkit(*words, "2026-08", "--lang", "ru")[1].splitlines()
    assert russian[2].endswith("против июля 2026 г.: за пределами случайности.")
    assert russian[4] == "На что смотреть: Показатели за пределами случайности: Обращения."


def test_checks_that_fail_are_what_to_look_at_where_nothing_else_stands_out() -> None:
    told = sentences([], ENGLISH, lambda one: "", lambda one: "", failing=("half pay", "all are answered"))
    assert told[2].text == "The checks that fail: half pay; all are answered."
    assert "beyond chance" not in " ".join(one.text for one in told)
    assert [one.sections for one in told] == [(), (), ("checks",)]


def test_a_finding_is_told_once_where_it_is_the_only_one() -> None:
    only = Finding("look", 1.0, "messenger keeps its promise in 12 % of 56 tickets", "sla", "messenger", (), 0.0)
    told = sentences([only], ENGLISH, lambda one: "", lambda one: "")
    assert told[2].text == "Messenger keeps its promise in 12 % of 56 tickets."


def test_days_that_count_from_today_are_named(supportkit: Call, stored: Words) -> None:
    words = ("report", *stored, "--period", "last-28-days", "--as-of", "2026-11-10", "-q", "-f")
    days = "13 October – 9 November 2026"  # up to the day before
    text = supportkit(*words, "text")[1].splitlines()
    assert text[0] == f"Report for the head of support: {days}"
    assert text[1].startswith("Data through ")
    shown = supportkit(*words, "markdown")[1]
    assert f"## Figures of {days}\n" in shown
    assert f"<small>{days} · " in shown
    assert f"tickets of {days} against 15 September – 12 October 2026 and against what" in shown
    russian = supportkit(*words, "markdown", "--lang", "ru")[1]
    assert "обращения за 13 октября – 9 ноября 2026 г.; для сравнения — 15 сентября – 12 октября 2026 г." in russian


def test_a_report_of_some_rows_says_so_in_its_title(supportkit: Call, stored: Words, tmp_path: Path) -> None:
    words = ("report", "--audience", "manager", *stored, "--period", "2026-11-05", "-q", "--where", "country=DE")
    title = "Report for the support manager: 5 November 2026, only Germany, replies>=1"
    for form, shown in (("text", f"{title}\n"), ("html", f"<h1>{title}</h1>"), ("markdown", f"## {title}\n")):
        out = supportkit(*words, "--where", "replies>=1", "-f", form)[1]
        assert shown in html.unescape(out)
    supportkit(*words, "--mail", f"head@example.com={tmp_path / 'day.eml'}")
    assert "only Germany" in re.sub(r"\r?\n ", " ", (tmp_path / "day.eml").read_text(encoding="utf-8"))
    assert "5 ноября 2026 г., только Германия\n" in supportkit(*words, "--lang", "ru", "-f", "text")[1]


def test_the_title_of_a_report_of_several_places_names_them(supportkit: Call, stored: Words) -> None:
    words = ("report", "--audience", "manager", *stored, "--period", "2026-11-05", "-q", "-f", "text")
    out = supportkit(*words, "--where", "country in (DE, AT)")[1]
    assert out.startswith("Report for the support manager: 5 November 2026, only Germany or Austria\n")


def test_a_promise_that_is_broken_is_told_in_russian() -> None:
    assert language_of("ru").text("breached") == "нарушено"


def test_how_many_rows_there_are_is_told_in_the_case_of_the_number(report_of: ReportOf) -> None:
    told = [one.more for one in report_of("head", "2026-W45", "ru").sections if one.more]
    assert told
    for one in told:
        number, word = re.findall(r"из (\d+) (\w+)", one)[0]
        assert word == ("строки" if number.endswith("1") and not number.endswith("11") else "строк")
    russian = language_of("ru")
    ends = [
        russian.plural("the first {top} of {n} row", "the first {top} of {n} rows", n, top="6") for n in (91, 92, 11)
    ]
    assert [one.split()[-1] for one in ends] == ["строки", "строк", "строк"]


def test_orders_alone_test_nothing_and_nothing_is_at_risk_without_a_look(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes((SAMPLES / "orders.csv").read_bytes())
    words = ("report", "--audience", "director", "--data", tmp_path, "--period", "2026-10", "-q", "-f")
    code, out, _ = supportkit(*words, "markdown")
    assert code == 0
    assert "| What changed | Not tested: nothing here is compared with a period before. |" in out
    assert "| Where | Not tested: no groups are compared here. |" in out
    assert "| What to look at | The sections below: nothing was tested. |" in out
    assert "What is at risk" not in out
    assert "## Figures until 31 October 2026\n" in out
    code, out, _ = supportkit("brief", "--data", tmp_path, "--period", "2026-10")
    assert "· no complaint is looked at: there are no tickets\n" in out
    assert "history too short" not in out


def test_the_command_of_a_page_without_data_asks_the_same_data(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text("ticket_id,created_at,country\n1,2026-03-05 10:00,DE\n", encoding="utf-8")
    words = ("report", "--data", tmp_path, "--period", "2026-09", "--where", "country=DE", "-q", "-f", "text")
    command = next(line[2:] for line in supportkit(*words)[1].splitlines() if line.startswith("→ "))
    assert shlex.split(command) == ["supportkit", "tables", "--data", str(tmp_path)]
    code, out, _ = supportkit(*shlex.split(command)[1:], "-f", "json")
    assert (code, json.loads(out)["rows"][0]["rows"]) == (0, 1)


def test_what_was_never_loaded_is_named_once_with_its_exports_and_no_empty_section_follows(
    supportkit: Call, tmp_path: Path
) -> None:
    (tmp_path / "tickets.csv").write_bytes((SAMPLES / "tickets.csv").read_bytes())
    words = ("report", "--audience", "director", "--data", tmp_path, "--period", "2026-10", "-q", "-f")
    code, out, _ = supportkit(*words, "markdown")
    text = html.unescape(out)
    assert code == 0
    left = [line for line in text.splitlines() if line.startswith("- left out: ")]
    assert [line.split(": ")[1] for line in left] == [
        "Funnel", "Net promoter score, Customer satisfaction, Survey quality", "Lifetime value, Cohorts",
    ]  # fmt: skip
    assert "no orders are loaded; exports of magento, shopify" in left[2]
    titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert not [title for title in titles if title.startswith(("Net", "Customer", "Lifetime", "Cohorts", "Survey"))]
    assert any(title.startswith("Service") for title in titles)
    assert "Left out: Lifetime value, Cohorts: no orders are loaded" in text_of(supportkit(*words, "html")[1])
    russian = supportkit(*words, "text", "--lang", "ru")[1]
    assert "Не вошло: Воронка: события не загружены; они есть в выгрузках ga4" in russian
    assert "Не вошло: Ценность клиента (LTV), Когорты: заказы не загружены" in russian


def test_orders_in_two_currencies_are_said_at_the_head_and_never_added(supportkit: Call, tmp_path: Path) -> None:
    for path in SAMPLES.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    orders = (SAMPLES / "orders.csv").read_text(encoding="utf-8").splitlines()
    place = orders[0].split(",").index("currency")
    changed = [line.split(",") for line in orders]
    for row in changed[1:]:
        if row[place] == "EUR" and "US" in row:
            row[place] = "USD"
    (tmp_path / "orders.csv").write_text("\n".join(map(",".join, changed)), encoding="utf-8")
    words = ("report", "--audience", "director", "--data", tmp_path, "--period", "2026-10", "-q", "-f")
    text = html.unescape(supportkit(*words, "markdown")[1])
    assert re.search(r"\| LTV \| – \| [\d,]+ \|.*the amounts are in several currencies, which are never added", text)
    assert re.search(r"\| Germany \| Euro \| 1", text)
    assert re.search(r"\| United States \| US Dollar \| 1", text)
    assert re.search(r"At risk \*\*[\d,.]+ EUR\*\*", text)  # Germany's, whose customers pay in the shop's currency


def test_a_month_without_its_tickets_says_that_days_are_missing_and_asks_for_the_export(
    supportkit: Call, tmp_path: Path
) -> None:
    first = date(2025, 6, 1)
    days = [day for n in range(400) if (day := first + timedelta(days=n)).isoformat()[:7] != "2026-04"]
    rows = "".join(f"{n},{day} 10:00,open,{'a' if n % 3 else 'b'}\n" for n, day in enumerate(days))
    (tmp_path / "tickets.csv").write_text(f"ticket_id,created_at,status,category\n{rows}", encoding="utf-8")
    (tmp_path / "supportkit.toml").write_text(
        '[report.gap]\ngrain = "month"\nsections = ["trends", "nps", "backlog"]\n',
        encoding="utf-8",
    )
    words = ("report", "--audience", "gap", "--config", tmp_path / "supportkit.toml", "--data", tmp_path, "-q")
    out = supportkit(*words, "-f", "text", "--period", "2026-04")[1]
    assert "What changed: Not tested: days are missing in the data." in out
    assert "What to look at: Whether the exports of this period are loaded." in out
    later = supportkit(*words, "-f", "text", "--period", "2026-05")[1]
    assert "What changed: Not compared with the period before: days are missing in April 2026." in later
    assert "What changed: Not tested" not in later
    assert "Where: Not tested: no groups are compared here." in later


def test_the_picture_of_a_day_draws_the_seven_days_that_are_told(report_of: ReportOf) -> None:
    document = report_of("manager", "2026-11-07")
    shown = next(one for one in document.sections if one.result.metric == "trends")
    told = " ".join([*(one.text for one in document.sentences), *shown.says])
    drawn = spec(shown.pictured, ENGLISH)
    assert drawn is not None
    marked = [one for one in drawn["data"]["values"] if one["mark"]]
    assert len(marked) == 2
    for one in marked:
        assert f"{one['value']:.0f} where {round(one['before'])} were in the seven days up to 7 November" in told
    assert caption(shown.pictured).startswith("ring: expected over seven days; dot: tickets over seven days; marked: ")
    assert "○ expected over seven days, ● tickets over seven days" in "\n".join(
        terminal_chart.drawn(replace(shown.result, chart=shown.pictured.chart), 100)
    )


def test_the_legend_of_what_rises_says_what_is_marked(report_of: ReportOf) -> None:
    shown = next(one for one in report_of("head", "2026-W45").sections if one.key == "trends-category-country")
    result = shown.pictured
    beyond = [row for row in result.records() if float(str(row["tickets"])) > float(str(row["expected_high"]))]
    assert [row for row in beyond if not row["rising"]]  # drawn beyond the bar, and not marked
    assert caption(result).endswith("bar: what was to be expected; marked: what is named, tested over all series")


def test_a_split_by_what_no_row_has_says_what_is_missing(supportkit: Call, tmp_path: Path) -> None:
    orders = "".join(f"{n},2026-0{1 + n % 4}-0{1 + n % 9},c{n % 50}@x.com,{10 + n % 7}\n" for n in range(200))
    (tmp_path / "orders.csv").write_text(f"order_id,ordered_at,customer_id,amount\n{orders}", encoding="utf-8")
    (tmp_path / "supportkit.toml").write_text(
        '[report.worth]\ngrain = "month"\nsections = [{ metric = "ltv", by = "country" }]\n', encoding="utf-8"
    )
    words = ("report", "--audience", "worth", "--config", tmp_path / "supportkit.toml", "--data", tmp_path, "-q")
    page = text_of(supportkit(*words, "--period", "2026-04", "--format", "html")[1])
    assert "(none)" not in page
    assert "nothing is split by country: no row of orders has one" in page
    assert "[columns.orders] country" in page


def sheets(page: str, folder: Path) -> tuple[int, str]:
    """How many sheets a page has on paper, and what stands on them."""
    source, printed = folder / "page.html", folder / "page.pdf"
    source.write_text(page, encoding="utf-8")
    words = (*QUIET, f"--user-data-dir={folder / 'profile'}", "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    subprocess.run((browser(), *words, source.as_uri()), capture_output=True, timeout=120, check=True)
    reader = shutil.which("pdftotext")
    told = subprocess.run((reader, printed, "-"), capture_output=True, text=True, check=True).stdout if reader else ""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", printed.read_bytes())), told


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_directors_page_prints_on_seven_sheets_at_most(language: str, report_of: ReportOf, tmp_path: Path) -> None:
    page = written(report_of("director", "2026-10", language), "html")
    count, told = sheets(page, tmp_path)
    assert 1 < count <= 7
    commands = re.findall(r"<code>(.*?)</code>", page)
    for command in commands if told else ():  # the foot is printed too, whatever line its words end on
        assert re.sub("[ -]", "", html.unescape(command)) in re.sub(r"[\s-]", "", told)


CHECKS = """
[[check]]
expect = "service.unanswered <= 9 by country"

[[check]]
expect = "csat[country=DE] >= 80%"

[[check]]
expect = "service.tickets >= 1 by language"

[[target]]
metric = "csat"
value = "80%"
where = "country=AT"
"""


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", ("[Germany]", "csat [Germany] ≥ 80%", "[language Russian]", "csat [Austria] ≥ target")),
     ("ru", ("[Германия]", "csat [Германия] ≥ 80%", "[язык русский]", "[США]"))],
)  # fmt: skip
def test_lights_name_places_in_slices_and_in_rules_that_have_no_name(
    language: str, told: tuple[str, ...], supportkit: Call, stored: Words, tmp_path: Path
) -> None:
    (tmp_path / "supportkit.toml").write_text(CHECKS, encoding="utf-8")
    words = (
        "report",
        "--audience",
        "manager",
        "--period",
        "2026-11-05",
        "--data",
        SAMPLES,
        "-q",
        "--section",
        "checks",
    )
    config = ("--config", tmp_path / "supportkit.toml")
    for form in ("html", "markdown"):
        shown = supportkit(*words, *config, "--lang", language, "--format", form)[1]
        shown = text_of(shown) if form == "html" else html.unescape(shown.replace("\\", ""))
        for one in told:
            assert one in shown or one.strip("[]") in shown, (form, one)
        assert "country=" not in shown
        assert not re.search(r"\b(DE|US|AT)\b", shown)
    (_, lights) = json.loads(supportkit(*words, *config, "--format", "json")[1])
    assert {row["slice"] for row in lights["rows"]} >= {"DE", "US", "ru"}  # a program reads what options take


def test_twenty_lights_stand_open_the_worst_first_and_the_others_are_folded_and_counted(
    supportkit: Call, stored: Words, tmp_path: Path
) -> None:
    rules = ("service.tickets >= 1 by category,country", "service.unanswered <= 0 by agent")
    text = "\n".join(f'[[check]]\nexpect = "{rule}"' for rule in rules)
    (tmp_path / "supportkit.toml").write_text(text, encoding="utf-8")
    words = ("report", "--audience", "manager", "--period", "2026-10", *stored[:2], "-q")
    words = (*words, "--config", str(tmp_path / "supportkit.toml"))
    page = supportkit(*words, "--format", "html")[1]
    lights = page[page.index('<section class="lights') :]
    lights = lights[: lights.index("</section>")]
    opened, folded = lights.split('<details class="long">')
    states = re.findall(r'<li class="([\w-]+)"', lights)
    assert opened.count("<li") == 20
    assert states[: states.count("fail")] == ["fail"] * states.count("fail") != []
    said = f"and {len(states) - 20} more: "
    assert f'<p class="soft paper">{said}' in opened
    assert f"<summary>{said}" in folded
    (tmp_path / "mail").mkdir()
    assert supportkit(*words, "--mail", f"a@x.org={tmp_path / 'mail' / 'x.eml'}")[0] == 0
    message = email.message_from_bytes((tmp_path / "mail" / "x.eml").read_bytes(), policy=email.policy.default)
    body = message.get_body(("html",))
    assert body is not None
    assert said in body.get_content()


def test_a_page_of_a_shop_with_many_kinds_prints_on_seven_sheets_too(supportkit: Call, tmp_path: Path) -> None:
    """Each category in four, each channel in three, and the customers of all countries but one in forty."""
    codes = "AT CH FR GB RU KZ PL US CA MX BR AR ES PT IT NL BE LU DK SE NO FI EE LV LT CZ SK HU RO BG GR TR UA GE AM"
    countries = [*codes.split(), "JP", "KR", "IN", "AU"]
    for path in SAMPLES.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as source:
            rows = csv.DictReader(source)
            lines = [row for row in rows if None not in row]
        for number, row in enumerate(lines):
            who = zlib.crc32(str(row.get("customer_id") or row.get("user_id")).encode())
            if row.get("country") not in (None, "", "DE"):
                row["country"] = countries[who % len(countries)]
            if path.stem == "tickets":
                row["category"] = row["category"] and f"{row['category']} {number % 4}"
                row["channel"] = row["channel"] and f"{row['channel']} {number % 3}"
        with (tmp_path / path.name).open("w", encoding="utf-8", newline="") as target:
            kept = csv.DictWriter(target, rows.fieldnames or (), extrasaction="ignore")
            kept.writeheader()
            kept.writerows(lines)
    words = ("report", "--audience", "director", "--data", tmp_path, "--config", SAMPLES / "supportkit.toml", "-q")
    page = supportkit(*words, "--period", "2026-10", "--format", "html")[1]
    assert "the first 12 of 5" in page  # of the categories
    assert 1 < sheets(page, tmp_path)[0] <= 7


def test_a_long_table_stays_folded_on_paper_and_a_short_one_does_not(report_of: ReportOf) -> None:
    page = written(report_of("director", "2026-10"), "html")
    for opened, rows in re.findall(r"<details( class=\"long\")?><summary>table, (\d+) row", page):
        assert bool(opened) == (int(rows) > 20)
    assert re.search(r"@media print.* \.long, [^{]*\{ display: none; }", page, re.DOTALL)


def test_signs_of_lights_are_drawn_whole_and_one_problem_has_no_share_of_all(report_of: ReportOf) -> None:
    page = written(report_of("director", "2026-10"), "html")
    assert page.count(f'<path d="{SHAPES["pass"]}"/>') == 3  # chat, email and the recommendation
    assert "of all</span>" not in page


def test_one_page_writes_its_days_in_one_way(report_of: ReportOf) -> None:
    shown = text_of(written(report_of("manager", "2026-11-05"), "html"))
    assert "tickets of 5 November 2026 against 4 November 2026 and against what was to be expected" in shown
    assert "data through 11 November 2026 14:43\u00a0UTC" in shown
    assert "26 October 2026" in shown
    assert not re.search(r"\d{4}-\d\d-\d\d", shown)


def test_an_axis_of_periods_has_words_and_tells_days_of_two_years_apart(report_of: ReportOf) -> None:
    page = written(report_of("director", "2026-10"), "html")
    pictures = "".join(re.findall(r"<svg .*?</svg>", page, flags=re.DOTALL))
    assert ">Oct 2026<" in pictures
    assert not re.findall(r">20\d\d-\d\d<", pictures)
    columns = (key("period", "period"), count("answers"))
    days = [("2025-11-05", 1), ("2026-11-05", 2)]
    result = Result("nps", "NPS", "", columns, tuple(days), chart=Chart("line", "period", "answers"))
    drawn = spec(result)
    assert drawn
    known = [one["x"] for one in drawn["data"]["values"] if one["value"] is not None]
    assert known == ["2025-11-05", "2026-11-05"]


def test_a_light_is_judged_by_tables_that_no_section_reads(supportkit: Call, samples: Path) -> None:
    """A manager's sections read no survey, and one of the rules is of NPS."""
    words = ("report", "--audience", "manager", "--period", "2026-11-05", "--data", samples, "-q", "-f", "json")
    _, out, _ = supportkit(*words)
    (lights,) = [one for one in json.loads(out) if one["metric"] == "check"]
    (nps,) = [row for row in lights["rows"] if row["check"] == "customers recommend us"]
    assert (nps["state"], nps["n"]) == ("pass", 86)


def test_no_command_stands_twice_at_the_foot_of_a_page(report_of: ReportOf) -> None:
    page = written(report_of("director", "2026-10"), "html")
    commands = re.findall(r"<code>(.*?)</code>", page)
    assert len(commands) == len(set(commands)) > 1


def test_a_sentence_in_russian_ends_and_a_month_has_its_year_in_words(report_of: ReportOf) -> None:
    page = text_of(written(report_of("director", "2026-10", "ru"), "html")).replace("\u00a0", " ")
    assert "61 обращение (октябрь 2026 г.) вместо ожидаемых 16, с 12 октября 2026 г.\n" in page
    assert "Под угрозой 14 212 EUR" in page
    assert "−10,3 п. п. [−14,3; −6,2] против сентября 2026 г.: за пределами случайности" in page
    assert "тариф annual (208 из 231); способ оплаты card (190 из 231)" in page


def test_the_demo_speaks_russian(supportkit: Call, samples: Path) -> None:
    code, out, _ = supportkit("demo", "--lang", "ru")
    assert code == 0
    told = "\n".join(line for line in out.splitlines() if "supportkit" not in line and "2026-W45 --" not in line)
    assert english(told, said_by_data(samples)) == []
