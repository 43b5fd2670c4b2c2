"""What every command prints for people is Russian where that is asked for, also of stores that lack something."""

from __future__ import annotations

import csv
import io
import random
import shlex
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from supportkit.cli import COMMANDS
from supportkit.metrics import METRICS
from supportkit.render.in_language import note_in, translated
from supportkit.render.language import ENGLISH, language_of
from supportkit.result import Result, count
from tests.conftest import Call, StoreOf
from tests.russian_sentences import english, known
from tests.untranslated import UNTRANSLATED

DRAWN = random.Random(7)
CHANNELS, TROUBLES, COUNTRIES = ("chat", "email"), ("payment", "delivery"), ("DE", "US")


def day(number: int) -> str:
    return (date(2026, 7, 1) + timedelta(number)).isoformat()


def table(header: str, rows: Iterator[tuple[object, ...]]) -> str:
    return "\n".join((header, *(",".join(map(str, row)) for row in rows))) + "\n"


def customer(number: int) -> str:
    return f"c{number}@example.org"


BARE = table(
    "ticket_id,created_at,channel,category",
    ((n, f"{day(n % 120)}T10:00:00Z", CHANNELS[n % 2], TROUBLES[n % 3 > 0]) for n in range(240)),
)
"""Tickets of which nobody says whether they were answered, solved or whose they are."""
GAPS = table(
    "ticket_id,created_at,first_reply_at,solved_at,status,channel,country,agent,category,customer_id",
    (
        (
            *(n, f"{day(d)}T10:00:00Z", f"{day(d)}T11:00:00Z" if n % 5 else "", f"{day(d + 1)}T11:00:00Z"),
            *("solved", CHANNELS[n % 2], COUNTRIES[n % 3 == 0], ("Ann", "Bob")[n % 2], TROUBLES[n % 3 > 0]),
            customer(n % 40),
        )
        for n in range(480)
        for d in [n % 125]
        if not 90 <= d < 97
    ),
)
ANSWERS = table(
    "kind,score,responded_at,country,customer_id,ticket_id",
    (
        (("nps", "csat", "ces")[n % 3], 1 + n % 5, f"{day(n % 125)}T12:00:00Z", COUNTRIES[n % 2], customer(n % 40), n)
        for n in range(240)
    ),
)
MONEY = table(
    "order_id,ordered_at,customer_id,amount,currency,status,country",
    (
        (
            *(f"O{n}", f"{day(n * 7 % 125)}T09:00:00Z", customer(n % 60) if n % 20 else "", 5 + n % 40),
            *(("EUR", "USD")[n % 4 == 0], ("paid", "cancelled", "refunded", "mystery")[n % 9 % 4], COUNTRIES[n % 2]),
        )
        for n in range(300)
    ),
)
STEPS = ("visit", "cart", "payment", "paid")
EVENTS = table(
    "user_id,occurred_at,step,country,plan",
    (
        (customer(n), f"{day(n % 125)}T10:0{place}:00Z", step, COUNTRIES[n % 2], ("annual", "monthly")[n % 3 == 0])
        for n in range(200)
        for place, step in enumerate(STEPS)
        if place == 0 or DRAWN.random() < 0.8 - 0.1 * place
    ),
)
ODD = table(
    "order_id,ordered_at,customer_id,amount,currency",
    iter(
        [
            ("A", "2026-07-01", customer(1), "12.50", "EUR"),
            ("B", "2026-07-01", customer(1), "abc", "EUR"),
            ("C", "2031-07-01", customer(2), "5", "EUR"),
            ("D", "1970-01-01", customer(2), "5", "EUR"),
            ("", "2026-07-01", customer(3), "5", "EUR"),
            ("E", "never", customer(3), "5", "EUR"),
            *((f"F{n}", "2026-07-02", customer(n), "7.00", "EUR") for n in range(9)),
        ]
    ),
)
STORES: Mapping[str, Mapping[str, str]] = {
    "tickets alone": {"tickets.csv": BARE},
    "days are missing": {"tickets.csv": GAPS, "surveys.csv": ANSWERS},
    "two currencies": {"orders.csv": MONEY, "events.csv": EVENTS},
}
UNKNOWN = {
    "orders": table(
        "Bestellnummer,Datum,Kunde,Summe,Zustand",
        ((f"B{n}", f"0{n % 9 + 1}.05.2026", customer(n % 9), f"{n}.90", "bezahlt") for n in range(30)),
    ),
    "answers": table("when,points,who,text", ((day(n), n % 11, customer(n), "ok") for n in range(30))),
    "nothing": table("first,second", (("x", "y") for _ in range(3))),
    "tickets": table("nr,opened,topic,person", ((n, day(n), "a b", customer(n)) for n in range(30))),
}
PERIOD = ("--period", "2026-10")
CHECKS = (
    "nps >= 30",
    "service.first_reply_p90_s <= 2h by channel",
    "trends.tickets <= +20% vs previous by category min 30",
    "funnel.drop_share[step=cart] <= 10%",
    "ltv >= 100 EUR",
)


def of_values(*texts: str) -> set[str]:
    """The words of files: their headers and their values."""
    cells = {cell for text in texts for row in csv.reader(io.StringIO(text)) for cell in row}
    return {cell for cell in cells if 1 < len(cell) < 40}


def asked(*, beside: bool) -> Iterator[tuple[str, ...]]:
    """The metrics, with the period before `beside` theirs or alone, and what explains and lists them."""
    for name, metric in METRICS.items():
        yield (name, *PERIOD, *(("--against", "previous") if beside and not metric.compares else ()))
    yield ("service", *PERIOD, "--by", "channel", "-f", "html")
    for name in ("tables", "rejects", "history", "tickets", "orders", "answers", "users"):
        yield (name,)
    yield ("brief", *PERIOD)
    yield ("brief", *PERIOD, "-f", "markdown")
    for audience, period in (("manager", "2026-10-05"), ("director", "2026-10")):
        yield ("report", "--audience", audience, "--period", period, "-f", "text")
    for expectation in CHECKS:
        yield ("check", "--expect", expectation, *PERIOD, "--history", "none.json")
    compared = ("--before", "2026-08", "--after", "2026-10")
    for name in ("why", "affected"):
        yield (name, "funnel", "--step", "cart", "--steps", ",".join(STEPS), *compared)
    yield ("customer", customer(1))
    yield ("issues", "list")


@pytest.mark.parametrize("name", STORES)
def test_no_sentence_of_english_is_printed_of_a_store(
    name: str, store_of: StoreOf, supportkit: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    db = store_of(tmp_path / "store.duckdb", STORES[name])
    allowed = known(of_values(*STORES[name].values()) | set(CHECKS))
    left: dict[str, str] = {}
    for words in asked(beside=name == "days are missing"):
        code, out, err = supportkit(*words, "--db", db, "--lang", "ru")
        assert code in (0, 1, 2, 3), err
        for piece in english(f"{out}\n{err}", allowed):
            left.setdefault(piece, shlex.join(words))
    assert not left, "\n".join(f"{words}: {piece}" for piece, words in left.items())


def test_no_sentence_of_english_is_printed_where_there_is_no_store(
    supportkit: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    left: dict[str, str] = {}
    for name in (*METRICS, *(command.name for command in COMMANDS if command.name not in ("mcp", "demo"))):
        _, out, err = supportkit(name, "--lang", "ru")
        told = err if name in ("schedule", "init", "sources") else f"{out}\n{err}"  # sources lists headers
        for piece in english(told, known(UNTRANSLATED)):
            left.setdefault(piece, name)
    assert not left, "\n".join(f"{words}: {piece}" for piece, words in left.items())


@pytest.mark.parametrize("name", UNKNOWN)
def test_no_sentence_of_english_is_said_of_a_file_that_nobody_knows(
    name: str, supportkit: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("export.csv").write_text(UNKNOWN[name], encoding="utf-8")
    allowed = known(of_values(UNKNOWN[name]) | {"HEADER", "record"})
    left: dict[str, str] = {}
    for words in (("--dry-run",), ("--as", "surveys"), ("--as", "orders", "--guess")):
        _, out, err = supportkit("load", "export.csv", *words, "--db", "a.duckdb", "--lang", "ru")
        for piece in english(f"{out}\n{err}", allowed):
            left.setdefault(piece, shlex.join(words))
    assert not left, "\n".join(f"{words}: {piece}" for piece, words in left.items())


def test_no_sentence_of_english_is_said_of_rows_that_are_refused(
    supportkit: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("orders.csv").write_text(ODD, encoding="utf-8")
    allowed = known(of_values(ODD))
    said = ""
    for words in (
        ("load", "orders.csv", "--dry-run"),
        ("load", "orders.csv", "--strict"),
        ("load", "orders.csv"),
        ("load", "orders.csv", "--map", "amount=missing"),
        ("rejects",),
        ("ltv",),
        ("forget", customer(1), "--dry-run"),
        ("undo",),
    ):
        _, out, err = supportkit(*words, "--db", "a.duckdb", "--lang", "ru")
        said += f"{out}\n{err}\n"
    assert not (left := english(said, allowed)), "\n".join(left)
    assert "столбец amount не читается" in said
    assert "столбец order_id пуст" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("now is 2026-11-08 14:05 UTC, from the clock", "сейчас 8 ноября 2026 г. 14:05 UTC, по часам"),
        ("unknown column of orders 'agent'", "у заказов нет столбца «agent»"),
        (
            "no orders are loaded; exports of magento and stripe have them",
            "заказы не загружены; они есть в выгрузках magento и stripe",
        ),
        (
            "kind may be 'nps' or 'csat': nothing says what kind of survey it is",
            "kind: возможно, «nps» или «csat»; ничто не говорит, какой это опрос",
        ),
        (
            "to load it so: supportkit load a.csv --map \"kind='nps'\"",
            "загрузить так: supportkit load a.csv --map \"kind='nps'\"",
        ),
        (
            "left out of the complaints: 1,700 later ones of the same customer, 33 not closed",
            "не учтено среди жалоб: повторных того же клиента 1\u00a0700, не закрытых 33",
        ),
        ("21 orders dated after the load are left out", "21 заказ с датой позже загрузки не учтён"),
        (
            "To be told before they ask: everybody, dropped at payment in 2–8 ноября 2026 г.",
            "Сказать раньше, чем спросят: все, кто ушёл на шаге payment, 2–8 ноября 2026 г.",
        ),
        ("sql: Catalog Error: Table with name nope does not exist!", "sql: таблицы nope нет"),
        ('Did you mean "tags"; the tables are tickets, loads', "может быть, «tags»; таблицы: tickets, loads"),
        ("make it with: supportkit export --parquet /x", "создайте её: supportkit export --parquet /x"),
        ("there is no figure: n = 0 (Users)", "показателя нет: n = 0 (Пользователи)"),
    ],
)
def test_a_text_is_told_as_people_write(text: str, said: str) -> None:
    assert language_of("ru").text(text) == said


def test_a_note_of_data_alone_has_the_figures_and_the_quotation_marks_of_its_language() -> None:
    note = 'card, declined: "Card declined", "My card" (1,234.5 EUR)'
    assert note_in(language_of("ru"), note) == "card, declined: «Card declined», «My card» (1\u00a0234,5 EUR)"
    assert note_in(ENGLISH, note) == note


def test_a_column_of_the_period_before_is_called_as_the_figure_beside_it() -> None:
    column = count("previous_out_of_hours", "previous at night or at the weekend")
    result = Result("contacts", "Contacts", "", (column,), ((1,),), whole=False)
    (told,) = translated(result, language_of("ru")).columns
    assert told.label == "раньше: ночью и в выходные"


def test_a_sentence_is_found_and_a_name_is_none() -> None:
    allowed = known(["payment declined"])
    assert english("по делу: no ticket is solved", allowed) == ["по делу: no ticket is solved"]
    assert english("payment declined; нужно first_reply_at: supportkit load a.csv b.csv", allowed) == []
