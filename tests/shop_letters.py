"""The tickets.csv of a shop whose customers write letters, week by week."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from datetime import date, timedelta

from benchmarks.letters import Letter, letter, letters

from supportkit.period import Period

START = date(2026, 1, 5)


WEEK_20 = Period("2026-W22", START + timedelta(weeks=20), START + timedelta(weeks=21))


COLUMNS = "ticket_id,created_at,customer_id,body,is_complaint,solved_at"


def tickets(*weeks: tuple[int, Sequence[Letter], str | None]) -> str:
    """A tickets.csv of letters by (week, letters, their one customer or None for one each)."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for number, (week, written, customer) in enumerate(weeks):
        for place, one in enumerate(written):
            day = START + timedelta(weeks=week, days=place % 7)
            name = f"{number:02d}-{place:03d}"
            rows.writerow([name, f"{day}T10:00:00Z", customer or f"c{name}", one.text, "true", f"{day}T12:00:00Z"])
    return COLUMNS + "\n" + text.getvalue()


def quiet(weeks: int = 21, size: int = 30) -> list[tuple[int, list[Letter], str | None]]:
    return [(week, letters(random.Random(week), size), None) for week in range(weeks)]


def said(text: str, times: int) -> list[Letter]:
    return [Letter(text, "", "en")] * times


def news(count: int, languages: Sequence[str] = ("en",)) -> list[Letter]:
    rng = random.Random(5)
    return [letter(rng, "new", languages[i % len(languages)]) for i in range(count)]
