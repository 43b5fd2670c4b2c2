"""Adding a metric, or a format, is one file and one line: what prints, lists or explains it follows by itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

SRC = Path(__file__).parent.parent / "src"

BACKLOG = '''
"""Open tickets: those without a solved_at and a closed_at."""

from __future__ import annotations

from typing import Annotated

from supportkit.offers.finding import Finding
from supportkit.store.parameters import Dimension
from supportkit.period import ALL, Period
from supportkit.result import Result, count, figure
from supportkit.store import Store

TITLE = "Open tickets"
TABLES = ("tickets",)
SOURCE = "our own"
EXAMPLES = ("open-tickets", "open-tickets --by channel", "open-tickets -f json")
FACTS = (figure("open", "count", n="tickets", better="down"), count("tickets"))

SQL = """
select grouping(by_1, by_2, over_start) <> 0 as is_total, by_1, by_2, over_start,
       case when count(*) > 0 then count(*) filter (where solved_at is null and closed_at is null) end as open,
       count(*) as tickets
  from tickets
 group by grouping sets ((), (by_1, by_2, over_start))
 order by is_total desc, by_1, by_2, over_start
"""


def open_tickets(
    store: Store, *, period: Period = ALL, by: Annotated[str | None, Dimension("tickets")] = None
) -> Result:
    """Tickets that are open."""
    selection = store.select("tickets", period=period, by=by)
    scope, notes = store.scope(selection)
    total, *groups = store.rows(SQL, selection)
    rows = [(*selection.values(*group[1:4]), *group[4:]) for group in groups] if selection.columns else [total[4:]]
    return Result(
        metric="open-tickets", title=TITLE, definition="tickets neither solved nor closed",
        columns=selection.columns + FACTS, rows=tuple(rows), facts={"open": total[4], "tickets": total[5]},
        fact_columns=FACTS, notes=notes, scope=scope,
    )


def findings(result: Result, language: object) -> list[Finding]:
    return [Finding("changed", 1.0, f"{result.facts['open']} is open", "open", "what is open", ("open-tickets",))]
'''
TICKETS = "ticket_id,created_at,channel,solved_at\nA,2026-01-01,chat,\nB,2026-01-01,email,2026-01-02\n"


TABS = '''
"""Values between tabs: the columns in words, then the rows."""

from __future__ import annotations

from collections.abc import Sequence

from supportkit.render import Display
from supportkit.result import Result


def from_results(results: Sequence[Result], display: Display) -> str:
    """One table after the other."""
    lines = [line for result in results for line in ([column.label for column in result.columns], *result.rows)]
    return "".join("\\t".join("" if value is None else str(value) for value in line) + "\\n" for line in lines)
'''


def program(folder: Path) -> Callable[..., str]:
    """A copy of the package in a folder, to be added to; it runs there, and gives what it prints."""
    shutil.copytree(SRC, folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "tickets.csv").write_text(TICKETS, encoding="utf-8")

    def supportkit(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "supportkit", *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder / "src")},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    return supportkit


def test_a_new_format_is_one_file_and_one_line(tmp_path: Path) -> None:
    supportkit = program(tmp_path)
    package = tmp_path / "src" / "supportkit"
    (package / "render" / "tabs.py").write_text(TABS, encoding="utf-8")
    listing = package / "render" / "__init__.py"
    text = listing.read_text(encoding="utf-8")
    listing.write_text(
        text.replace('    "text": (".txt",),\n', '    "text": (".txt",),\n    "tabs": (".tsv",),\n'), encoding="utf-8"
    )

    words = ("causes", "--by", "channel", "--data", "tickets.csv")
    shown = supportkit(*words, "--format", "tabs")
    assert shown.splitlines()[0].startswith("Channel\tTickets\tShare\t")
    assert [line.split("\t")[:3] for line in shown.splitlines()[1:]] == [["chat", "1", "0.5"], ["email", "1", "0.5"]]
    supportkit(*words, "--output", "causes.tsv")
    assert (tmp_path / "causes.tsv").read_text(encoding="utf-8") == shown
    assert "tabs" in supportkit("causes", "--help")
    (tmp_path / "own.toml").write_text('[report.own]\nsections = ["contacts"]\n', encoding="utf-8")
    report = ("report", "--audience", "own", "--period", "2026-01-01", "--data", "tickets.csv", "--config", "own.toml")
    assert "Weekday\tHour\tContacts" in supportkit(*report, "--format", "tabs")


def test_a_new_metric_is_one_file_and_one_line(tmp_path: Path) -> None:
    supportkit = program(tmp_path)
    package = tmp_path / "src" / "supportkit"
    (package / "open_tickets.py").write_text(BACKLOG, encoding="utf-8")
    listing = package / "metrics.py"
    text = listing.read_text(encoding="utf-8")
    first = next(line for line in text.splitlines(keepends=True) if line.startswith("    Listing("))
    added = '    Listing("open_tickets", "Service", "Which tickets are open."),\n'
    listing.write_text(text.replace(first, first + added), encoding="utf-8")

    shown = json.loads(supportkit("open-tickets", "--data", "tickets.csv", "--by", "channel", "--format", "json"))
    assert shown["facts"] == {"open": 1, "tickets": 2}
    assert shown["rows"] == [
        {"channel": "chat", "open": 1, "tickets": 1},
        {"channel": "email", "open": 0, "tickets": 1},
    ]
    assert "open-tickets" in supportkit("metrics", "--format", "csv")
    assert "open-tickets    Which tickets are open." in supportkit("--help")
    assert "supportkit open-tickets --by channel" in supportkit("open-tickets", "--help")
    assert "neither" in supportkit("open-tickets", "--data", "tickets.csv")
    (tmp_path / "own.toml").write_text('[report.own]\nsections = ["open-tickets"]\n', encoding="utf-8")
    words = ("--audience", "own", "--period", "2026-01-01", "--data", "tickets.csv", "--config", "own.toml")
    message = supportkit("report", *words, "--format", "text")
    assert "What changed: 1 is open." in message
    assert "→ supportkit open-tickets --period 2026-01-01" in message
