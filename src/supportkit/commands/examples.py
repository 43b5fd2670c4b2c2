"""Three calls of each command for its help; those of a metric stand in its file."""

from __future__ import annotations

from typing import Final

from supportkit.metrics import METRICS

EXAMPLES: Final = {
    "brief": (
        "brief --period 2026-10",
        "brief --period 2026-W45 --place country -o brief.csv",
        "brief --by product --period 2026-10 -f json",
    ),
    "why": (
        "why funnel --step payment --before 2026-W41 --after 2026-W45",
        "why csat --group channel=messenger --period 2026-10",
        "why service --before 2026-W41 --after 2026-W45 --by channel",
    ),
    "evidence": (
        "evidence funnel --step payment --before 2026-W41 --after 2026-W45",
        "evidence funnel --step payment --group country=DE --period 2026-W45",
        "evidence funnel --step payment --group plan=annual --period 2026-10",
    ),
    "affected": (
        "affected funnel --step payment --before 2026-W41 --after 2026-W45",
        "affected funnel --step payment --slice country=DE --period 2026-10",
        "affected funnel --step payment --group country=DE -o affected.csv",
    ),
    "customer": (
        "customer olivia.f97@example.com",
        "customer olivia.f97@example.com --period 2025-11 -f csv",
        "customer olivia.f97@example.com --columns at,says --top 9",
    ),
    "issues": (
        "issues add 'Payment fails in DE' --terms 'payment declined'",
        "issues list",
        "issues close 1",
    ),
    "report": (
        "report --period 2026-W45",
        "report --audience director --period 2026-10 -o october.html",
        "report --audience manager --period 2026-11-10 --lang ru",
    ),
    "check": (
        "check --period 2026-W44",
        "check --expect 'service.sla_met >= 50% min 30' --period 2026-10",
        "check --period 2026-W44 --write junit=checks.xml",
    ),
    "schedule": ("schedule --cron", "schedule --github", "schedule --systemd"),
    "demo": ("demo", "demo | head -40", "demo > demo.txt"),
    "init": ("init", "init shop.toml", "init other/supportkit.toml"),
    "load": (
        "load data/samples",
        "load tickets.csv --as tickets --map created_at=Opened",
        "load orders.csv --value 'status:storniert=cancelled' --dry-run",
    ),
    "tables": ("tables", "tables -f json", "tables --db supportkit.duckdb"),
    "rejects": ("rejects", "rejects -f csv", "rejects -o rejects.csv"),
    "history": ("history", "history -f json", "history --db supportkit.duckdb"),
    "undo": ("undo", "undo --db supportkit.duckdb", "undo --quiet"),
    "forget": ("forget anna@example.org --dry-run", "forget c1001 --dry-run", "forget c1001"),
    "sources": ("sources", "sources -f json", "sources -f markdown"),
    "tickets": (
        "tickets --top 10",
        "tickets --where channel=chat --period 2026-10",
        "tickets --like 'card declined'",
    ),
    "orders": ("orders --top 10", "orders --where country=DE --period 2026-10", "orders -o orders.csv"),
    "answers": ("answers --top 10", "answers --where 'score<=6' --period 2026-10", "answers -f csv"),
    "users": ("users --top 10", "users --where country=DE --period 2026-W45", "users -f csv"),
    "sql": (
        "sql 'select channel, count(*) from tickets group by 1 order by 2'",
        "sql 'select * from orders order by order_id limit 5' -f csv",
        "sql 'from surveys' --timeout 10s --memory 500 -o answers.csv",
    ),
    "export": (
        "export --parquet tables",
        "export --results figures.csv --period 2026-10",
        "export --results figures.parquet --by country --over month",
    ),
    "mcp": ("mcp", "mcp --db supportkit.duckdb --texts", "mcp --data data/samples --timeout 20s"),
    "metrics": ("metrics", "metrics ltv", "metrics nps --sql"),
}


def examples_of(command: str) -> tuple[str, ...]:
    """Calls of a command, as written after the program's name."""
    return METRICS[command].module.EXAMPLES if command in METRICS else EXAMPLES.get(command, ())


def definition_of(command: str) -> str:
    """Where a metric's definition stands; nothing for other commands."""
    return f"Definition, columns and source: supportkit metrics {command}" if command in METRICS else ""
