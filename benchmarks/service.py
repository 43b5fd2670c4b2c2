"""Service on ten million tickets and forty million messages: against the best hand-written query, the rows behind it
against the figure, and business time against the clock, each with its peer in one run.

    python -m benchmarks service [--tickets 10000000]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from supportkit.configuration.calendars import calendars
from supportkit.metrics import METRICS
from supportkit.request import read_request, rows, run
from supportkit.result import Result
from supportkit.service import service
from supportkit.store import Store, open_store
from supportkit.store.opening import connect, create_tables

TICKETS = 10_000_000
RUNS = 5
BARS = {"service by channel": 1.5, "rows all, top 100": 1.3, "working hours": 3.0}

MAKE = (
    """
    insert into tickets (ticket_id, created_at, channel, solved_at, status, subject, source, loaded_at)
    select 'T' || i, made_at, ['chat', 'email', 'messenger', 'phone'][1 + cast(hash(i) % 4 as bigint)],
           case when i % 20 > 0 then made_at + to_seconds(cast(hash(i, 1) % 200000 as bigint)) end,
           case when i % 20 > 0 then 'solved' else 'open' end, 'a subject', 'benchmark',
           timestamptz '2027-01-01 00:00:00Z'
      from (select i, timestamptz '2025-01-01 00:00:00Z' + to_seconds(cast(hash(i, 2) % 60000000 as bigint)) as made_at
              from range($tickets) t(i))
    """,
    """
    insert into messages (ticket_id, sent_at, sender, public, kind, source, source_row, loaded_at)
    select ticket_id, created_at + to_seconds(cast(place * (hash(ticket_id, 3) % 9000) as bigint)),
           case when place % 2 = 0 then 'customer' else 'agent' end, true, 'message', 'benchmark', place,
           timestamptz '2027-01-01 00:00:00Z'
      from tickets, range(4) t(place)
    """,
    """
    insert into loads (load_id, file, table_name, source, sha256, read, loaded, updated, unchanged, rejected, loaded_at)
    values (1, 'benchmark', 'tickets', 'benchmark', '', 0, 0, 0, 0, 0, '2027-01-01 00:00:00Z')
    """,
)
TARGETS = {name: {"first_reply": 3600.0, "resolution": 86400.0} for name in ("chat", "email", "messenger", "phone")}
#: the fastest we found for the same figures: one pass over the messages, one join, quantiles of whole numbers
PEER = """
with answer as (select source, ticket_id, min(sent_at) as replied_at from messages where sender = 'agent' and public
                 group by source, ticket_id),
target as (select unnest(['chat', 'email', 'messenger', 'phone']) as channel, 3600000000 as reply_target,
                  86400000000 as solve_target),
timed as (select channel, epoch_us(replied_at) - epoch_us(created_at) as reply,
                 epoch_us(solved_at) - epoch_us(created_at) as solve,
                 (select greatest(epoch_us(max(created_at)), epoch_us(max(solved_at)),
                                  (select epoch_us(max(sent_at)) from messages))
                    from tickets) - epoch_us(created_at) as age, reply_target, solve_target
            from tickets
            left join answer using (source, ticket_id)
            left join target using (channel)
           where coalesce(epoch_us(replied_at) - epoch_us(solved_at) <= 60000000, true)),
judged as (select *, coalesce(reply, age) > reply_target or coalesce(solve, age) > solve_target as broke,
                  reply is null or solve is null as is_open
             from timed)
select channel, count(*), count(reply), quantile_cont(reply, [0.5, 0.9]), avg(reply),
       count(solve), quantile_cont(solve, [0.5, 0.9]), avg(solve),
       count(*) filter (where not broke and not is_open), count(*) filter (where broke),
       count(*) filter (where reply is null and age > reply_target or solve is null and age > solve_target),
       count(*) filter (where is_open and not broke)
  from judged
 group by grouping sets ((), (channel))
 order by channel nulls first
"""
FIGURES = (
    *("tickets", "replied", "first_reply_p50_s", "first_reply_p90_s", "first_reply_mean_s"),
    *("solved", "resolution_p50_s", "resolution_p90_s", "resolution_mean_s"),
    *("sla_kept", "sla_broken", "sla_open_late", "sla_open_in_time"),
)


def agree(ours: Result, rows: Sequence[tuple[Any, ...]]) -> None:
    """See that the peer gives the same figures, of all and by channel."""
    records = [ours.facts, *ours.records()]
    assert len(records) == len(rows), (len(records), len(rows))
    for record, (_, tickets, replied, reply, reply_mean, solved, solve, solve_mean, *counts) in zip(
        records, rows, strict=True
    ):
        told = (tickets, replied, *_seconds(*reply, reply_mean), solved, *_seconds(*solve, solve_mean), *counts)
        for name, theirs in zip(FIGURES, told, strict=True):
            assert abs(float(str(record[name])) / float(theirs or 1) - (1 if theirs else 0)) < 1e-9, (
                name,
                record[name],
                theirs,
            )


def _seconds(*microseconds: float) -> Iterator[float]:
    return (one / 1e6 for one in microseconds)


def store_of(folder: Path, tickets: int) -> Store:
    """A store file with so many tickets and four messages to each."""
    path = folder / "service.duckdb"
    connection = connect(path)
    create_tables(connection)
    for statement in MAKE:
        connection.execute(statement, {"tickets": tickets} if "$tickets" in statement else {})
    connection.close()
    return open_store(path)


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of one run, of all threads."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Print the median of ours, of the peer and of their ratio, run in turn."""
    tickets = int(sys.argv[sys.argv.index("--tickets") + 1]) if "--tickets" in sys.argv else TICKETS
    hours = calendars({"hours": "Mon-Fri 09:00-18:00", "time_zone": "Europe/Berlin"}).hours
    with tempfile.TemporaryDirectory() as folder, store_of(Path(folder), tickets) as store:
        request = replace(read_request(METRICS["service"]), options={"targets": TARGETS})
        agree(service(store, targets=TARGETS), store.connection.execute(PEER).fetchall())
        pairs: tuple[tuple[str, Callable[[], object], Callable[[], object]], ...] = (
            (
                "service by channel",
                lambda: service(store, targets=TARGETS),
                lambda: store.connection.execute(PEER).fetchall(),
            ),
            ("rows all, top 100", lambda: rows(store, request, "all", 100), lambda: run(store, request)),
            (
                "working hours",
                lambda: service(store, targets=TARGETS, calendar=hours),
                lambda: service(store, targets=TARGETS),
            ),
        )
        print(f"{tickets:,} tickets, {4 * tickets:,} messages: processor seconds, median of {RUNS} pairs")
        for name, ours, peer in pairs:
            ours(), peer()
            timed = [(seconds(ours), seconds(peer)) for _ in range(RUNS)]
            mine, theirs = (statistics.median(each) for each in zip(*timed, strict=True))
            ratio = statistics.median(one / other for one, other in timed)
            print(f"{name:22} {mine:7.2f} s   {theirs:7.2f} s   {ratio:5.2f} x   (at most {BARS[name]} x)")


if __name__ == "__main__":
    main()
