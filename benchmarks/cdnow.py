"""Lifetime value on CDNOW: what each reading of the formula says of 1997's customers, and what they then spent.

    SUPPORTKIT_REAL=… python -m benchmarks.cdnow

2,357 customers who first bought in January to March 1997. Every figure is worked out from the 39 weeks to 1997-09-30;
the truth is what the same customers had spent at each age when the data end, 39 weeks later. The table is the one of
docs/ltv.md, where a test compares it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from supportkit.buyers import buyers
from supportkit.ltv import ltv
from supportkit.store import Store, memory_store

HALF, END = date(1997, 9, 30), date(1998, 6, 30)
WEEKS = 39
AGES = (26, 38, 52, 66)

Purchases = dict[str, dict[date, float]]


def purchases(file: Path) -> Purchases:
    """What each customer spent on each day; purchases of one day are one."""
    found: Purchases = {}
    for line in file.read_text().splitlines():
        cells = line.split()
        if len(cells) == 5:
            day = date(int(cells[2][:4]), int(cells[2][4:6]), int(cells[2][6:]))
            days = found.setdefault(cells[1], {})
            days[day] = days.get(day, 0.0) + float(cells[4])
    return found


def stored(customers: Purchases) -> Store:
    """The same in a store."""
    store = memory_store()
    rows = [(who, day, spent) for who, days in customers.items() for day, spent in days.items()]
    store.connection.execute(
        "insert into orders (order_id, customer_id, ordered_at, amount) "
        "select cast(row_number() over () as varchar), unnest($who), unnest($at), unnest($spent)",
        {
            "who": [who for who, _, _ in rows],
            "at": [datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for _, day, _ in rows],
            "spent": [round(spent, 2) for _, _, spent in rows],
        },
    )
    return store


def spent_by(customers: Purchases, weeks: int) -> float:
    """The truth: revenue per customer up to an age, from the whole of the data."""
    return sum(
        spent for days in customers.values() for day, spent in days.items() if day - min(days) <= timedelta(weeks=weeks)
    ) / len(customers)


def readings(customers: Purchases) -> Iterator[tuple[str, float]]:
    """What the usual readings of the formula make of the first half."""
    early = [{day: spent for day, spent in days.items() if day <= HALF} for days in customers.values()]
    number, orders = len(early), sum(map(len, early))
    value = sum(sum(days.values()) for days in early) / orders
    share = sum(len(days) > 1 for days in early) / number
    spans = [(max(days) - min(days)).days for days in early]
    span = sum(spans) / number
    for unit, length in (("years", 365.25), ("months", 365.25 / 12), ("weeks", 7), ("days", 1)):
        yield f"AOV × share who bought again × days from first to last order, in {unit}", value * share * span / length
    rate = orders / number / (WEEKS * 7)
    yield "AOV × orders per customer a day × days from first to last order", value * rate * span
    repeaters = [days for days in spans if days > 0]
    yield "the same, of those who bought again", value * rate * sum(repeaters) / len(repeaters)
    yield "AOV × orders per customer a year × a lifespan of 3 years", value * rate * 365.25 * 3


def table(folder: Path) -> list[str]:
    """The lines of the page's tables."""
    customers = purchases(folder / "CDNOW_sample.txt")
    with stored(customers) as whole:
        early = replace(whole, as_of=datetime(HALF.year, HALF.month, HALF.day, 23, tzinfo=UTC))
        lines = ["| reading, from the first 39 weeks | per customer |", "|---|---:|"]
        lines += [f"| {words} | {value:,.2f} |" for words, value in readings(customers)]
        final = sum(sum(days.values()) for days in customers.values()) / len(customers)
        spent = sum(v for days in customers.values() for day, v in days.items() if day <= HALF) / len(customers)
        lines += [f"| **what they had spent by then** | **{spent:,.2f}** |"]
        lines += [f"| **what they had spent 39 weeks later** | **{final:,.2f}** |", ""]
        truth = {weeks: spent_by(customers, weeks) for weeks in AGES}
        lines += ["| at the age of | " + " | ".join(f"{weeks} weeks" for weeks in AGES) + " |", "|---|" + "---:|" * 4]
        lines += ["| truth | " + " | ".join(f"{truth[weeks]:,.2f}" for weeks in AGES) + " |"]
        definitions: tuple[tuple[str, Literal["by-age", "classic"]], ...] = (
            ("`ltv`", "by-age"),
            ("`ltv --definition classic`", "classic"),
        )
        for name, definition in definitions:
            cells = []
            for weeks in AGES:
                facts = ltv(early, horizon=7 * weeks, definition=definition).facts
                said = float(str(facts["ltv"]))
                off = 100 * (said / truth[weeks] - 1)
                cells.append(f"{said:,.2f} ({off:+.1f} %)" + (", forecast" if facts["forecast"] else ""))
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        ahead = buyers(early, horizon=(END - HALF).days)
        said = spent + float(str(ahead.facts["expected_value"])) / len(customers)
    off = 100 * (said / final - 1)
    lines += ["", f"What they had spent, and what `buyers` expects of the next 39 weeks: {said:,.2f} ({off:+.1f} %)."]
    return lines


def main() -> None:
    """Print the tables."""
    folder = Path(os.environ.get("SUPPORTKIT_REAL", "")) / "cdnow"
    if not (folder / "CDNOW_sample.txt").is_file():
        print("cdnow    CDNOW is not here, set SUPPORTKIT_REAL")
        return
    print("\n".join(table(folder)))


if __name__ == "__main__":
    main()
