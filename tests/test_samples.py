"""The sample shop's files hold what their README says, counted here without the generator and without the package."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from benchmarks.shop_data.damage import PLAN, Damage
from benchmarks.shop_data.drafts import poisson_tail
from benchmarks.shop_data.files import make_samples
from benchmarks.shop_data.plan import CATEGORIES, CHANNELS, COUNTRIES, PLANTED, Rise

from tests.conftest import Call

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "samples"
TABLES = ("tickets", "messages", "orders", "surveys", "events")
BERLIN = ZoneInfo("Europe/Berlin")
LUHN_CARD = re.compile(r"\b(?:\d[ ]?){13,19}\b")

Row = dict[str, str]


def damaged_lines(table: str) -> dict[int, tuple[str, str]]:
    """From the README: physical line to (column, fate)."""
    found = re.findall(rf"^\| {table}\.csv \| (\d+) \| (.+?) \| .+? \| (.+?) \|$", readme(), re.MULTILINE)
    return {int(line): (column, fate) for line, column, fate in found}


def readme() -> str:
    return (SAMPLES / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Row]]:
    """The sound rows: every line that the README does not call damaged."""
    found: dict[str, list[Row]] = {}
    for table in TABLES:
        damaged = damaged_lines(table)
        with (SAMPLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file))
        found[table] = [
            dict(zip(lines[0], line, strict=True))
            for number, line in enumerate(lines, start=1)
            if number > 1 and number not in damaged
        ]
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@cache
def week(text: str) -> str:
    year, number, _ = at(text).astimezone(BERLIN).isocalendar()
    return f"{year}-W{number:02d}"


def wait(ticket: Row) -> float:
    return (at(ticket["first_reply_at"]) - at(ticket["created_at"])).total_seconds()


def test_the_command_writes_the_bundled_files_byte_for_byte(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "shop.py"), str(tmp_path)]
    subprocess.run(command, check=True, cwd=tmp_path, timeout=60)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in SAMPLES.iterdir()}


def test_another_seed_gives_another_shop_with_the_same_troubles() -> None:
    other = make_samples("another seed")
    assert other.texts["tickets.csv"].encode() != (SAMPLES / "tickets.csv").read_bytes()
    assert "14 in 2026-W42, 18 in 2026-W43, 24 in 2026-W44, 36 in 2026-W45" in other.texts["README.md"]


def test_the_files_are_at_most_four_megabytes() -> None:
    assert sum((SAMPLES / f"{table}.csv").stat().st_size for table in TABLES) <= 4_000_000


def test_a_year_of_eight_countries_three_languages_and_four_channels(tables: dict[str, list[Row]]) -> None:
    tickets = tables["tickets"]
    assert {row["country"] for row in tickets} == set(COUNTRIES)
    assert {row["language"] for row in tickets} == {"de", "en", "ru"}
    assert {row["channel"] for row in tickets} == {"email", "chat", "messenger", "phone"}
    weeks = {week(row["created_at"]) for row in tickets}
    assert (min(weeks), max(weeks), len(weeks)) == ("2025-W45", "2026-W46", 54)
    for language, share in Counter(row["language"] for row in tickets).items():
        assert share > 600, language


def test_no_two_customers_write_the_same_words(tables: dict[str, list[Row]]) -> None:
    assert max(Counter(row["body"] for row in tables["tickets"]).values()) == 1


def renewals(events: list[Row], **where: str) -> dict[str, float]:
    """By week: of the users at the payment step the share that paid."""
    users: dict[str, set[tuple[str, str]]] = {"payment": set(), "paid": set()}
    for row in events:
        if row["step"] in users and all(row[column] == value for column, value in where.items()):
            users[row["step"]].add((week(row["occurred_at"]), row["user_id"]))
    reached = Counter(name for name, _ in users["payment"])
    done = Counter(name for name, _ in users["paid"] & users["payment"])
    return {name: done[name] / count for name, count in sorted(reached.items())}


def test_a_germans_leave_at_the_payment_step_of_the_annual_renewal(tables: dict[str, list[Row]]) -> None:
    leak, events = PLANTED.a, tables["events"]
    shares = renewals(events, country="DE", plan="annual")
    payment = Counter(
        name
        for name, _ in {
            (week(row["occurred_at"]), row["user_id"])
            for row in events
            if (row["country"], row["plan"], row["step"]) == ("DE", "annual", "payment")
        }
    )
    for place, name in enumerate(("2026-W42", "2026-W43", "2026-W44", "2026-W45")):
        assert payment[name] == leak.payment_users[place]
        assert shares[name] == pytest.approx(leak.paid_users[place] / leak.payment_users[place])
    assert all(0.68 <= share <= 0.82 for name, share in shares.items() if name < "2026-W42")
    cards = renewals(events, country="DE", plan="annual", payment_method="card")
    assert all(cards[name] < 0.2 for name in cards if name >= "2026-W42")
    others = [row for row in events if row["country"] != "DE" or row["plan"] != "annual"]
    assert all(share > 0.65 for share in renewals(others).values())


def rises(tickets: list[Row], rise: Rise) -> Counter[str]:
    return Counter(
        week(row["created_at"])
        for row in tickets
        if row["category"] == rise.category and row["country"] in dict(rise.countries) and row["is_complaint"] == "true"
    )


@pytest.mark.parametrize("rise", [PLANTED.b, PLANTED.c], ids=["b", "c"])
def test_b_and_c_complaints_rise_from_their_week_to_the_last_complete_one(
    rise: Rise, tables: dict[str, list[Row]]
) -> None:
    counts = rises(tables["tickets"], rise)
    start = int(rise.start_week[-2:])
    names = [f"2026-W{number}" for number in range(start, 46)]
    assert tuple(counts[name] for name in names) == rise.tickets
    assert counts["2026-W46"] == rise.part_week
    before = [count for name, count in counts.items() if name < rise.start_week]
    assert sum(before) / 53 == pytest.approx(rise.before, rel=0.25)
    assert max(before) < rise.tickets[0]


def test_c_is_in_russian(tables: dict[str, list[Row]]) -> None:
    rows = [row for row in tables["tickets"] if row["country"] in ("RU", "KZ")]
    assert {row["language"] for row in rows} == {"ru"}


def test_d_the_messenger_breaks_its_promise_and_the_others_keep_theirs(tables: dict[str, list[Row]]) -> None:
    for channel, (_, _, _, target, _) in CHANNELS.items():
        waits = sorted(wait(row) for row in tables["tickets"] if row["channel"] == channel and row["first_reply_at"])
        kept = sum(seconds <= target for seconds in waits) / len(waits)
        if channel == PLANTED.d_channel:
            assert kept < 0.25
            assert 9 * 60 < waits[len(waits) // 2] < 13 * 60
        else:
            assert kept > 0.9


def test_e_thirty_one_complaints_have_no_answer_and_every_other_ticket_has(tables: dict[str, list[Row]]) -> None:
    silent = {row["ticket_id"]: row for row in tables["tickets"] if not row["first_reply_at"]}
    assert len(silent) == PLANTED.e_unanswered == 31
    assert {row["is_complaint"] for row in silent.values()} == {"true"}
    assert {row["status"] for row in silent.values()} == {"new", "open"}
    said = {
        row["ticket_id"]: row["sender"]
        for row in tables["messages"]
        if row["ticket_id"] in silent and row["sender"] != "customer"
    }
    assert Counter(said.values()) == {"bot": PLANTED.e_with_bot, "agent": PLANTED.e_with_note}
    assert not [
        row
        for row in tables["messages"]
        if row["ticket_id"] in silent and row["sender"] == "agent" and row["public"] == "true"
    ]


def test_f_mark_asks_only_after_good_conversations(tables: dict[str, list[Row]]) -> None:
    offered = {row["ticket_id"] for row in tables["surveys"] if row["kind"] == "csat"}
    counts: Counter[tuple[bool, bool, bool]] = Counter()
    for row in tables["tickets"]:
        if row["solved_at"]:
            well = wait(row) <= CHANNELS[row["channel"]][3] and row["reopens"] == "0"
            counts[row["agent"] == "Mark", well, row["ticket_id"] in offered] += 1
    rate = {key: counts[*key, True] / (counts[*key, True] + counts[*key, False]) for key in {key[:2] for key in counts}}
    assert rate[True, True] > 0.55
    assert rate[True, False] < 0.04
    assert abs(rate[False, True] - rate[False, False]) < 0.05
    scores = [int(row["score"]) for row in tables["surveys"] if row["agent"] == "Mark" and row["score"]]
    assert sum(scores) / len(scores) > 4.8


def test_g_personal_data_stands_in_texts(tables: dict[str, list[Row]]) -> None:
    phone, email = re.compile(r"\+\d[\d \-]{9,}\d"), re.compile(r"\S+@\S+")
    bodies = [row["body"] for row in tables["tickets"]]
    texts = [row["text"] for row in tables["messages"]]
    assert sum(bool(phone.search(body)) for body in bodies) == PLANTED.g_phones
    assert sum(bool(email.search(body)) for body in bodies) == PLANTED.g_emails
    assert sum(bool(LUHN_CARD.search(body)) and not phone.search(body) for body in bodies) == PLANTED.g_cards
    assert sum(bool(phone.search(text)) for text in texts) == PLANTED.g_message_phones
    assert sum(bool(email.search(text)) for text in texts) == PLANTED.g_message_emails


def test_h_each_damaged_line_is_where_the_readme_says() -> None:
    damages = make_samples().damages
    assert [(d.file, d.line) for d in damages] == [(f"{t}.csv", line) for t in TABLES for line in damaged_lines(t)]
    assert len(damages) == sum(len(plan) for plan in PLAN.values())
    for damage in damages:
        lines = (SAMPLES / damage.file).read_text("utf-8").split("\n")
        assert is_damaged(damage, lines), damage


def is_damaged(damage: Damage, lines: list[str]) -> bool:
    header, line = (next(csv.reader([lines[number]])) for number in (0, damage.line - 1))
    if damage.what.startswith("two fields too many"):
        return len(line) == len(header) + 2
    if damage.what.startswith("an exact duplicate"):
        return lines[damage.line - 1] == lines[damage.line - 2]
    row, values = dict(zip(header, line, strict=True)), {plan[1]: plan[2] for plan in PLAN[damage.file[:-4]]}
    return row[damage.column] in values[damage.column] or damage.column in ("score",)


def test_messages_agree_with_their_tickets(tables: dict[str, list[Row]]) -> None:
    replies: dict[str, list[str]] = {}
    reopened: Counter[str] = Counter()
    solved: dict[str, str] = {}
    for row in tables["messages"]:
        if row["sender"] == "agent" and row["public"] == "true":
            replies.setdefault(row["ticket_id"], []).append(row["sent_at"])
        if (row["from_value"], row["to_value"]) == ("solved", "open"):
            reopened[row["ticket_id"]] += 1
        if row["to_value"] == "solved":
            solved[row["ticket_id"]] = max(row["sent_at"], solved.get(row["ticket_id"], ""))
    assert {row["ticket_id"] for row in tables["messages"]} >= {row["ticket_id"] for row in tables["tickets"]}
    for row in tables["tickets"]:
        sent = replies.get(row["ticket_id"], [])
        assert row["first_reply_at"] == min(sent, default="")
        assert int(row["replies"]) == len(sent)
        assert int(row["reopens"]) == reopened[row["ticket_id"]]
        assert row["solved_at"] == solved.get(row["ticket_id"], "")
        assert row["created_at"] <= (row["first_reply_at"] or "9") <= (row["solved_at"] or "9")
        assert row["updated_at"] < "2026-11-11T17:00:00Z"


def test_customers_join_across_the_tables(tables: dict[str, list[Row]]) -> None:
    buyers = {row["customer_id"] for row in tables["orders"]} | {row["user_id"] for row in tables["events"]}
    writers = {row["customer_id"] for table in ("tickets", "surveys") for row in tables[table]}
    assert len(writers - buyers) <= 2  # the damaged orders of (h) may have been somebody's only ones
    assert all(re.fullmatch(r"[a-z]+\.[a-z]\d+@example\.(com|org|net)", buyer) for buyer in buyers)
    ids = [row["order_id"] for row in tables["orders"]]
    assert len(ids) == len(set(ids))


def test_nothing_else_rises_in_the_last_weeks(tables: dict[str, list[Row]]) -> None:
    planted = {(rise.category, country) for rise in (PLANTED.b, PLANTED.c) for country, _ in rise.countries}
    quiet = [row for row in tables["tickets"] if (row["category"], row["country"]) not in planted]
    series = {
        **{(name, ""): [row for row in quiet if row["category"] == name] for name in CATEGORIES},
        **{("", name): [row for row in quiet if row["country"] == name] for name in COUNTRIES},
        **{
            (a, b): [r for r in quiet if (r["category"], r["country"]) == (a, b)] for a in CATEGORIES for b in COUNTRIES
        },
    }
    for key, rows in series.items():
        counts = Counter(week(row["created_at"]) for row in rows)
        usual = sum(count for name, count in counts.items() if name < "2026-W42") / 49
        names = [f"2026-W{number}" for number in range(41, 46)]
        for before, name in pairwise(names):
            if counts[name] > 3:
                assert poisson_tail(counts[name], max(usual, 0.3)) > 0.004, (key, name, counts[name], usual)
            if "" in key and key[0] not in {category for category, _ in planted}:
                assert counts[name] <= max(1.34 * counts[before], counts[before] + 1, usual * 1.3), (key, name)


def big_files(folder: Path, threads: int) -> dict[str, bytes]:
    """Small ones of the slow tables, and of the fast ones enough rows to keep two threads at work."""
    import duckdb
    from benchmarks.shop_data.bulk import write_big

    rows = {"tickets": 20_000, "surveys": 20_000, "orders": 130_000, "events": 130_000}
    with duckdb.connect(config={"threads": threads}) as connection:
        list(write_big(folder, rows, "seed", connection=connection))
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name: text.count(b"\n") - 1 for name, text in files.items()} == {
        f"{name}.csv": n for name, n in rows.items()
    }
    return files


def test_big_files_repeat_on_any_number_of_threads_and_have_the_columns_of_the_samples(tmp_path: Path) -> None:
    one, two = big_files(tmp_path / "one", 1), big_files(tmp_path / "two", 2)
    assert one == two
    for name, text in one.items():
        with (SAMPLES / name).open(encoding="utf-8") as sample:
            assert text.split(b"\n", 1)[0].decode() + "\n" == sample.readline()
    bodies = [row["body"] for row in csv.DictReader(one["tickets.csv"].decode().splitlines())]
    personal = sum("example.org" in body or "+" in body or bool(LUHN_CARD.search(body)) for body in bodies)
    assert 0.045 < personal / len(bodies) < 0.055
    assert 320 < len(one["tickets.csv"]) / len(bodies) < 380


ALIKE = (
    "select category, country, tags, count(*), min(created_at), max(solved_at), count(properties) from tickets",
    "select product, currency, count(*), sum(amount), sum(refunded), count(distinct customer_id) from orders",
    "select kind, channel, scale_max, count(*), sum(score), count(distinct invited_at) from surveys",
    "select step, plan, payment_method, count(*), min(occurred_at), count(distinct user_id) from events",
)


def test_a_big_store_holds_what_a_load_of_the_big_files_leaves(tmp_path: Path, supportkit: Call) -> None:
    from benchmarks.shop_data.bulk import write_big
    from benchmarks.shop_data.bulk_store import write_store

    from supportkit.store import open_store

    rows = {"tickets": 2_000, "orders": 2_000, "surveys": 2_000, "events": 5_000}
    list(write_big(tmp_path / "files", rows, "seed"))
    assert supportkit("load", tmp_path / "files", "--db", tmp_path / "loaded.duckdb", "-q")[0] == 0
    write_store(tmp_path / "written.duckdb", rows, "seed")
    found = []
    for name in ("loaded.duckdb", "written.duckdb"):
        with open_store(tmp_path / name) as store:
            assert store.properties("tickets") == {"courier"}
            found.append([store.rows(f"{query} group by all order by all") for query in ALIKE])
    assert found[0] == found[1]


def test_the_last_whole_week_of_the_big_tables_has_rows_of_each(tmp_path: Path) -> None:
    from benchmarks.shop_data.bulk_store import write_store

    from supportkit.store import open_store

    write_store(tmp_path / "big.duckdb", {"tickets": 1_000, "orders": 1_000, "events": 50_000}, "seed")
    with open_store(tmp_path / "big.duckdb") as store:
        ends = [store.latest(table) for table in ("tickets", "orders", "events")]
    assert all("2026-11-09" <= f"{end:%Y-%m-%d}" <= "2026-11-11" for end in ends if end)


def said_twice() -> list[tuple[str, str]]:
    """The pairs of tickets that the README names."""
    return re.findall(r"\b(T\d{5}) (T\d{5})\b", readme().split("**(i) Said twice.**")[1])


def test_i_twenty_customers_ask_again_in_another_channel_within_a_week(tables: dict[str, list[Row]]) -> None:
    tickets = {row["ticket_id"]: row for row in tables["tickets"]}
    last = {row["ticket_id"]: row["sent_at"] for row in tables["messages"] if row["kind"] == "message"}
    pairs = [(tickets[first], tickets[again]) for first, again in said_twice()]
    assert len({first["customer_id"] for first, _ in pairs}) == len(pairs) == PLANTED.i_customers == 20
    for first, again in pairs:
        assert first["channel"] == PLANTED.i_channel != again["channel"]
        assert first["category"] == again["category"] == PLANTED.i_category
        assert first["customer_id"] == again["customer_id"]
        waited = at(again["created_at"]) - at(last[first["ticket_id"]])
        assert timedelta(0) < waited <= timedelta(days=7)


def test_i_an_answer_about_a_ticket_is_of_its_customer(tables: dict[str, list[Row]]) -> None:
    writer = {row["ticket_id"]: row["customer_id"] for row in tables["tickets"]}
    rated = [row for row in tables["surveys"] if row["ticket_id"] in writer]
    assert all(writer[row["ticket_id"]] == row["customer_id"] for row in rated)
    assert len(rated) > 1000
