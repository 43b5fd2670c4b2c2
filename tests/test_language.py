"""Languages: the catalogue is gettext's, Russian figures are those of CLDR, reports are translated whole."""

from __future__ import annotations

import html
import json
import re
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from supportkit.cli import COMMANDS
from supportkit.metrics import LISTINGS, METRICS, Metric
from supportkit.render import Format
from supportkit.render.in_language import definition_in
from supportkit.render.language import ENGLISH, language_of
from supportkit.render.translations import read_catalogue
from supportkit.render.value_text import value_text
from supportkit.result import Kind
from supportkit.store.deciding import DECIDING, SCORE, Deciding
from supportkit.store.schema import TABLES
from supportkit.store.unknown_words import Part, Unknown
from tests.computing import ReportOf, ResultOf, written
from tests.conftest import Call, Words
from tests.untranslated import TYPED, UNTRANSLATED, WORD, english, left, said_by_data, texts

RU = language_of("ru")
FILE = Path(__file__).parent.parent / "src" / "supportkit" / "render" / "languages" / "ru.po"
TERMS = (
    *("Farrington Flexible", "BG/NBD", "AW", "score-интервал", "COPC", "UK Customer Satisfaction Index", "Hill", "CEB"),
    *(
        "Zendesk",
        "Intercom",
        "Chatwoot",
        "ClickHouse",
        "windowFunnel",
        "PostHog",
        "Nicereply",
        "CustomerGauge",
        "Gartner",
    ),
    *(
        "full resolution",
        "public agent reply",
        "ticket deflection",
        "du",
        "Sie",
        "Good",
        "Bad",
        "good",
        "bad",
        "TF-IDF",
    ),
    *("expected", "ratio", "state", "change", "rate", "aov", "alpha", "sequence", "weight", "net", "reader", "comment"),
    *(
        "inclusion",
        "hold",
        "open",
        "new",
        "pending",
        "moment",
        "step",
        "score",
        "item",
        "delivery",
        "touchpoint",
        "sla",
    ),
    *(
        "calendar",
        "classic",
        "topics",
        "rename",
        "merge",
        "split",
        "as-of",
        "is_complaint",
        "true",
        "scope",
        "country",
        "supportkit",
    ),
)
"""Names of columns, methods and vendors, and what vendors call things."""
PLACE = re.compile(r"\{(\w+)[:}]")


def test_the_catalogue_reads_as_gettext_reads_it() -> None:
    pofile = pytest.importorskip("babel.messages.pofile", reason="Babel is not installed")
    with FILE.open("rb") as file:
        theirs = {
            (message.id if isinstance(message.id, str) else message.id[0]): message.string
            for message in pofile.read_po(file)
            if message.id
        }
    ours = read_catalogue(FILE.read_text(encoding="utf-8").splitlines()).messages
    assert {text: (m.forms[0] if m.many is None else tuple(m.forms)) for text, m in ours.items()} == theirs


def test_a_translation_fills_in_only_places_that_are_there() -> None:
    for message in read_catalogue(FILE.read_text(encoding="utf-8").splitlines()).messages.values():
        for form in message.forms:
            assert set(PLACE.findall(form)) <= set(PLACE.findall(message.text)), message.text


def test_a_line_that_is_no_part_of_a_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2"):
        read_catalogue(['msgid "a"', "msgstr a"])


@pytest.mark.parametrize("value", [0.5, 12.34, 1234.0, 1234567, -7.25, 10, 999])
def test_russian_numbers_are_those_of_cldr(value: float) -> None:
    numbers = pytest.importorskip("babel.numbers", reason="Babel is not installed")
    english = numbers.format_decimal(value, locale="en")
    assert RU.figures(english) == numbers.format_decimal(value, locale="ru")


@pytest.mark.parametrize("day", [date(2026, month, 12) for month in range(1, 13)])
def test_dates_are_those_of_cldr(day: date) -> None:
    dates = pytest.importorskip("babel.dates", reason="Babel is not installed")
    assert RU.day(day) == dates.format_date(day, "long", locale="ru").replace("\u202f", " ").replace("\xa0", " ")
    assert ENGLISH.day(day) == dates.format_date(day, "long", locale="en_GB")


@pytest.mark.parametrize("n", [0, 1, 2, 5, 11, 12, 21, 22, 25, 101, 111, 112, 1001])
def test_russian_plurals_are_those_of_cldr(n: int) -> None:
    core = pytest.importorskip("babel.core", reason="Babel is not installed")
    form = {"one": 0, "few": 1, "many": 2}[core.Locale("ru").plural_form(n)]
    said = ("обращение", "обращения", "обращений")[form]
    text = RU.plural("nobody has answered {n} ticket", "nobody has answered {n} tickets", n)
    assert text.split()[-1] == said


def test_days_say_their_month_once() -> None:
    assert ENGLISH.days(date(2026, 11, 2), date(2026, 11, 8)) == "2–8 November 2026"
    assert ENGLISH.days(date(2026, 10, 28), date(2026, 11, 3)) == "28 October – 3 November 2026"
    assert RU.days(date(2025, 12, 29), date(2026, 1, 4)) == "29 декабря 2025 г. – 4 января 2026 г."


def test_ids_weeks_and_dates_are_no_numbers() -> None:
    text = "v1.2.3 2026-W45 2026-11-08 A1,234 order-1,500"
    assert RU.figures(text) == text
    assert RU.figures("1,234.5 EUR in 2 h 5 min") == "1\u00a0234,5 EUR in 2\u00a0ч 5\u00a0мин"


def test_kinds_are_written_in_russian() -> None:
    assert value_text(0.253, "share", None, RU) == "25,3 %"
    assert value_text(7512, "duration", None, RU) == "2\u00a0ч 5\u00a0мин"
    assert value_text(date(2026, 11, 8), "date", None, RU) == "08.11.2026"
    assert value_text(True, "flag", None, RU) == "да"


REPORTS = [("manager", "2026-11-05"), ("head", "2026-W45"), ("director", "2026-10")]


def test_what_is_english_is_found() -> None:
    data = re.compile("payment declined")
    assert english("оплата\n3 tickets are not resolved\npayment declined: 3", data) == ["3 tickets are not resolved"]
    assert english("все: supportkit trends --by=category", data) == []


@pytest.mark.parametrize("column", DECIDING, ids=lambda column: column.place)
def test_a_note_on_unknown_words_is_russian_for_every_column_that_decides(column: Deciding) -> None:
    known, unknown = Part((), None, "EUR", 9, Decimal(90)), Part((), "Кто знает", "EUR", 1, Decimal(10))
    kinds = ("", "nps answers", "csat answers", "csi answers", "ces answers") if column == SCORE else ("",)
    for rows_are in kinds:
        note = Unknown(column, [known, unknown], rows_are or ("answers" if column == SCORE else "")).note()
        shown = language_of("ru").text(note)
        assert shown != note, f"src/supportkit/render/languages/ru.po: write the msgid of: {note}"
        ours = UNTRANSLATED
        assert english(shown, re.compile("|".join(map(re.escape, ours)))) == []


@pytest.mark.parametrize(
    ("audience", "period", "form"),
    [*((audience, period, "html") for audience, period in REPORTS),
     *((*REPORTS[-1], form) for form in ("markdown", "text"))],
)  # fmt: skip
def test_no_english_is_left_in_a_russian_report(
    audience: str, period: str, form: Format, report_of: ReportOf, samples: Path
) -> None:
    page = written(report_of(audience, period, "ru"), form)
    if form == "html":
        assert '<html lang="ru">' in page
        page = re.sub(r"<style>.*?</style>|<code>.*?</code>", "", page, flags=re.DOTALL)
        page = re.sub(r"<[^>]*?aria-label=\"([^\"]*)\"[^>]*>", r"\n\1\n", page)
    if form in ("html", "markdown"):
        page = html.unescape(re.sub(r"<[^>]*>", "\n", page))
    assert english(page, said_by_data(samples)) == []


def test_json_has_the_same_rows_in_every_language(report_of: ReportOf) -> None:
    asked = ("manager", "2026-11-05")
    english, russian = (json.loads(written(report_of(*asked, lang), "json")) for lang in ("en", "ru"))
    assert [one["rows"] for one in english[1:]] == [one["rows"] for one in russian[1:]]
    assert [one["facts"] for one in english] == [one["facts"] for one in russian]


def test_nine_in_ten_of_what_metrics_say_of_the_samples_is_russian(result_of: ResultOf, samples: Path) -> None:
    """Titles, definitions, labels and notes; what is missing is printed (`-rP`), and stays English for its readers."""
    said = {text for name in METRICS for text in texts(result_of(name))}
    missing = {text: name for name in METRICS for text in left(result_of(name), said_by_data(samples))}
    for text, name in missing.items():
        sys.stdout.write(f"{name}: {text}\n")
    assert len(missing) <= len(said) / 10, sorted(missing)


def test_why_a_column_is_taken_is_told_part_by_part_in_russian() -> None:
    assert RU.text("name (English); 40 values in 42 rows") == "название (английский); значений 40, строк 42"
    told = "название (английский); известных слов 2 из 3; «да» в нём значит, что обещание нарушено"
    assert RU.text("name (English); 2 of its 3 words are known; yes says that the promise was broken") == told


def test_the_help_lists_every_command_in_russian() -> None:
    said = [*(one.summary for one in LISTINGS), *(one.help for one in COMMANDS)]
    said += [*(one.group for one in LISTINGS), *(one.group for one in COMMANDS)]
    assert [text for text in said if RU.text(text) == text] == []


@pytest.mark.parametrize("words", [("--help", "--lang", "ru"), ("--lang", "ru"), ("--lang=ru", "help")])
def test_the_help_is_asked_for_in_russian(words: Words, supportkit: Call) -> None:
    code, out, _ = supportkit(*words)
    assert code == 0
    assert out.startswith("Вызов: supportkit [ПАРАМЕТРЫ] КОМАНДА [АРГУМЕНТЫ]...\n")
    assert "Данные:" in out
    assert "  load            Загрузить выгрузки в хранилище." in out
    assert not [line for line in out.splitlines() if len(line) > 80]


def test_no_default_of_an_option_is_told_in_english(supportkit: Call) -> None:
    told = supportkit("nps", "--help", "--lang", "ru")[1]
    assert "[default" not in told
    assert "[по умолчанию table]" in told


def test_a_language_before_the_command_is_that_of_the_command(supportkit: Call, stored: Words) -> None:
    assert supportkit("--lang", "ru", "nps", *stored) == supportkit("nps", *stored, "--lang", "ru")
    code, out, _ = supportkit("--lang", "ru", "load", "--help")
    assert (code, "Показать, что было бы сделано, и ничего не делать." in out) == (0, True)
    assert "[по умолчанию 0]" in out


def test_the_first_sentence_of_every_definition_is_russian() -> None:
    first = [metric.definition.split("\n\n")[0] for metric in METRICS.values()]
    assert [text for text in first if RU.text(text) == text] == []


@pytest.mark.parametrize("name", METRICS)
def test_every_paragraph_of_a_definition_is_russian(name: str, samples: Path) -> None:
    """Beside names of columns, options, commands, methods and vendors no word of English is left in it."""
    paragraphs = METRICS[name].definition.split("\n\n")
    told = definition_in(RU, METRICS[name].definition)
    assert len(told.split("\n\n")) == len(paragraphs)
    assert max(map(len, told.splitlines())) <= 120
    assert _english_words(told, METRICS[name], samples) == set()
    assert set(re.findall(r"--[a-z-]+", told)) == set(re.findall(r"--[a-z-]+", METRICS[name].definition))


@pytest.mark.parametrize("name", METRICS)
def test_the_catalogue_of_a_metric_is_russian_but_for_the_names_that_programs_read(
    name: str, supportkit: Call, samples: Path
) -> None:
    _, out, _ = supportkit("metrics", name, "--lang", "ru")
    table = out[out.index("───") :]
    authors = re.sub(r"[A-Z]\w+( et al\.|,? (& )?[A-Z]\w+)* \d{4}", "", table)
    assert _english_words(authors, METRICS[name], samples) - set(get_args(Kind)) - set(TABLES) == set()


def _english_words(text: str, metric: Metric, samples: Path) -> set[str]:
    """The words of English that are names of nothing: of no column, option, command, method or vendor."""
    figures = {fact.name for fact in metric.facts} | {name.replace("_", "-") for name in METRICS}
    named = "|".join(map(re.escape, sorted((*TERMS, *figures), key=len, reverse=True)))
    rest = TYPED.sub("", re.sub(rf"`[^`]*`|(?<!\w)({named})(?!\w)", "", text))
    return set(WORD.findall(said_by_data(samples).sub("", rest)))


def test_a_definition_is_broken_into_lines_as_the_english_one(supportkit: Call) -> None:
    _, russian, _ = supportkit("metrics", "nps", "--lang", "ru")
    assert "NPS: доля промоутеров (9–10) минус доля критиков (0–6), умноженная на 100.\n\nСчитаются только" in russian
    assert "об одном обращении или на одно приглашение\nсчитается последний.\n\nПоказатель" in russian
    assert "читает таблицы: surveys" in russian


def test_the_books_of_a_load_are_russian_and_no_note_is_taken_for_another(supportkit: Call, tmp_path: Path) -> None:
    """`{n} open ({money})` tells of orders left out; a list of words that ends with those that are open is none."""
    file = tmp_path / "tickets.csv"
    rows = [f"{n},2026-05-01T10:00:00Z,{'closed' if n < 1500 else 'open'}" for n in range(1502)]
    file.write_text("ticket_id,created_at,status\n" + "\n".join(rows) + "\nX,never,open\n")
    code, _, err = supportkit("load", file, "--db", tmp_path / "a.duckdb", "--lang", "ru")
    assert code == 0
    assert "tickets.csv: обращения, прочитано 1503 = загружено 1502 + обновлено 0" in err
    assert "+ отвергнуто 1, " in err
    assert "\n  status: closed (1\u00a0500); open (2)\n" in err
    assert "что отвергнуто, где и почему: supportkit rejects --db " in err


def test_a_file_that_cannot_be_read_is_told_in_russian(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    _, _, err = supportkit("load", tmp_path / "r.csv", "--db", tmp_path / "a.duckdb", "--lang", "ru")
    assert "это документ PDF, а не файл CSV" in err
    assert "подсказка: сохраните или распакуйте его как CSV и загрузите" in err
    (tmp_path / "empty").mkdir()
    _, _, err = supportkit("load", tmp_path / "empty", "--db", tmp_path / "a.duckdb", "--lang", "ru")
    assert "в этой папке нет файла, который можно прочесть: она пуста" in err
    assert "parquet или sqlite" in err
