"""The README and the configuration beside the sample files; every figure in the README is counted from the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from benchmarks.shop_data.damage import Damage
from benchmarks.shop_data.drafts import plan_week
from benchmarks.shop_data.plan import CHANNELS, PLANTED, WEEKS, Rise, week_index, week_name
from benchmarks.shop_data.surveys import went_well
from benchmarks.shop_data.trade import Row

CONFIG = """# Configuration of the sample shop, for --config data/samples/supportkit.toml

[data]
time_zone = "Europe/Berlin"
currency = "EUR"

[sla.messenger]
first_reply = "3m"
resolution = "24h"

[sla.chat]
first_reply = "10m"
resolution = "4h"

[sla.email]
first_reply = "4h"
resolution = "72h"

[sla.phone]
first_reply = "2m"
resolution = "2h"

[funnel]
steps = ["visit", "cart", "payment", "paid"]
window = "7d"

[touchpoint."first contact"]
owner = "Support"
moment = "first"

[touchpoint.visit]
owner = "Marketing"
step = "visit"

[touchpoint.cart]
owner = "Shop"
step = "cart"
tickets = "category=discount code"

[touchpoint.payment]
owner = "Payments"
step = "payment"
tickets = "category in (payment declined, double charge)"

[touchpoint.delivery]
owner = "Logistics"
tickets = "category in (delivery delayed, delivery damaged, wrong item, address change)"
score = "csi[item=delivery]"

[touchpoint.invoice]
owner = "Accounting"
tickets = "category in (invoice, refund)"

[touchpoint.product]
owner = "Product"
tickets = "category in (product question, product quality, repair)"
score = "csi[item=quality]"

[touchpoint.account]
owner = "Accounts"
tickets = "category in (account login, subscription cancel)"

[touchpoint."last contact"]
owner = "Support"
moment = "last"

[[check]]
name = "promises are kept"
expect = "service.sla_met >= 80% by channel"

[[check]]
name = "everybody is answered"
expect = "service.unanswered <= 0"

[[check]]
name = "no complaint rises"
warn = "trends.rising <= 0"

[[check]]
name = "half of those who start pay"
expect = "funnel.conversion >= 50% min 100"
period = "last-month"               # of last week most windows are still open on Monday

[[check]]
name = "customers recommend us"
expect = "nps >= 20 min 30"
period = "last-3-months"            # a week has too few answers
ci = 0.95
"""

Tables = dict[str, list[Row]]


def readme(tables: Tables, texts: dict[str, str], damages: list[Damage], said_twice: Sequence[tuple[str, str]]) -> str:
    """The README of the sample folder."""
    tickets = tables["tickets"]
    (b_before, b_weeks), (c_before, c_weeks) = _rise(tickets, PLANTED.b), _rise(tickets, PLANTED.c)
    template = (Path(__file__).parent / "samples_readme.md").read_text("utf-8")
    return template.format(
        last_week=week_name(WEEKS - 1),
        files="\n".join(_file(name, text, damages) for name, text in texts.items() if name.endswith(".csv")),
        a_start=PLANTED.a.start_week,
        a_weeks="\n".join(_renewals(tables["events"])),
        b_start=PLANTED.b.start_week,
        b_before=b_before,
        b_weeks=b_weeks,
        c_start=PLANTED.c.start_week,
        c_before=c_before,
        c_weeks=c_weeks,
        c_courier=_courier(tickets, late=True),
        c_courier_before=_courier(tickets, late=False),
        d_channels="\n".join(_channel(tickets, channel) for channel in CHANNELS),
        e_silent=sum(not row["first_reply_at"] for row in tickets),
        e_bot=PLANTED.e_with_bot,
        e_note=PLANTED.e_with_note,
        f_agents="\n".join((_offers(tables, picks=True), _offers(tables, picks=False))),
        g_phones=PLANTED.g_phones,
        g_emails=PLANTED.g_emails,
        g_cards=PLANTED.g_cards,
        g_message_phones=PLANTED.g_message_phones,
        g_message_emails=PLANTED.g_message_emails,
        h_lines="\n".join(f"| {d.file} | {d.line} | {d.column or 'line'} | {d.what} | {d.fate} |" for d in damages),
        i_count=len(said_twice),
        i_category=PLANTED.i_category,
        i_channel=PLANTED.i_channel,
        i_pairs="\n".join(_pairs(said_twice)),
    )


def _pairs(said_twice: Sequence[tuple[str, str]]) -> Iterator[str]:
    """(i): the pairs of tickets, five a line."""
    told = [f"{first} {again}" for first, again in said_twice]
    for place in range(0, len(told), 5):
        rest = "," if place + 5 < len(told) else "."
        yield ", ".join(told[place : place + 5]) + rest


def _file(name: str, text: str, damages: list[Damage]) -> str:
    damaged = sum(damage.file == name for damage in damages)
    return f"| {name} | {text.count(chr(10)) - 1 - damaged:,} | {damaged} | {len(text.encode()):,} |"


def _week_of(moment: str) -> int:
    return plan_week(datetime.fromisoformat(moment))


def _week(week: int) -> str:
    return week_name(week) + (" (until Wednesday)" if week == WEEKS else "")


def _renewals(events: list[Row]) -> list[str]:
    """Table rows of (a): users at the payment step and who of them paid, before (a mean) and week by week."""
    leak, users = PLANTED.a, set[tuple[str, int, str]]()
    for row in events:
        if row["country"] == leak.country and row["plan"] == leak.plan:
            users.add((row["step"], _week_of(row["occurred_at"]), row["user_id"]))
    at, paid = (Counter(week for name, week, _ in users if name == step) for step in ("payment", "paid"))
    start = week_index(leak.start_week)
    past = [week for week in sorted(at) if week < start]
    all_at, all_paid = sum(at[week] for week in past), sum(paid[week] for week in past)
    span = f"{week_name(past[0])} to {week_name(past[-1])}, mean"
    lines = [f"| {span} | {all_at / len(past):.1f} | {all_paid / len(past):.1f} | {all_paid / all_at:.2f} |"]
    for week in range(start, WEEKS + 1):
        lines.append(f"| {_week(week)} | {at[week]} | {paid[week]} | {paid[week] / at[week]:.2f} |")
    return lines


def _rise(tickets: list[Row], rise: Rise) -> tuple[str, str]:
    """(b), (c): the usual tickets a week, and those of each week since the start."""
    countries, first = dict(rise.countries), week_index(rise.start_week)
    rows = [row for row in tickets if row["category"] == rise.category and row["country"] in countries]
    counts = Counter(_week_of(row["created_at"]) for row in rows)
    before = sum(counts[week] for week in range(first)) / first
    return f"{before:.1f}", ", ".join(f"{counts[week]} in {_week(week)}" for week in range(first, WEEKS + 1))


def _courier(tickets: list[Row], *, late: bool) -> str:
    """(c): the courier's share of the complaints before the start or since."""
    rise, start = PLANTED.c, week_index(PLANTED.c.start_week)
    couriers = [
        row["courier"]
        for row in tickets
        if row["category"] == rise.category
        and row["country"] in dict(rise.countries)
        and (_week_of(row["created_at"]) >= start) == late
    ]
    return f"{couriers.count(PLANTED.c_courier[0]) / len(couriers):.0%}"


def _channel(tickets: list[Row], channel: str) -> str:
    """Table row of (d): share of the answered tickets within the target, median wait."""
    target = CHANNELS[channel][3]
    rows = [row for row in tickets if row["channel"] == channel and row["first_reply_at"]]
    times = [(datetime.fromisoformat(row["created_at"]), datetime.fromisoformat(row["first_reply_at"])) for row in rows]
    waits = sorted((reply - created).total_seconds() for created, reply in times)
    kept, median = sum(wait <= target for wait in waits) / len(waits), waits[len(waits) // 2] / 60
    return f"| {channel} | {target // 60} min | {kept:.0%} | {median:.1f} min |"


def _offers(tables: Tables, *, picks: bool) -> str:
    """Table row of (f): offers and scores of the agent who picks, or of all others."""
    surveys = [row for row in tables["surveys"] if row["kind"] == "csat" and (row["agent"] == PLANTED.f_agent) == picks]
    offered = {row["ticket_id"] for row in surveys}
    solved = [row for row in tables["tickets"] if row["solved_at"] and (row["agent"] == PLANTED.f_agent) == picks]
    cells = []
    for well in (True, False):
        asked = [row["ticket_id"] in offered for row in solved if went_well(row) == well]
        cells.append(f"{sum(asked)} of {len(asked)} ({sum(asked) / len(asked):.0%})")
    scores = [int(row["score"]) for row in surveys if row["score"]]
    who = PLANTED.f_agent if picks else "the others"
    return f"| {who} | {' | '.join(cells)} | {sum(scores) / len(scores):.2f} | {len(scores)} |"
