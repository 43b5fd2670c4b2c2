"""The customer's way on a million tickets: each command against the metrics that it asks, or one of the same tables.

    python -m benchmarks way [--tickets 1000000] [--store FILE] [touchpoints …]

With --store the file is kept and read again.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.service import seconds
from benchmarks.shop_data.bulk_store import write_store
from benchmarks.shop_data.plan import SEED
from supportkit.config import Config, read_config
from supportkit.explaining.customer import customer
from supportkit.metrics import METRICS
from supportkit.period import ALL
from supportkit.request import read_request, run
from supportkit.store import Store, open_store
from supportkit.store.conditions import Condition
from supportkit.store.opening import connect

TICKETS = 1_000_000
RUNS = 3
BAR = 3.0
CONFIG = Path(__file__).parent.parent / "data" / "samples" / "supportkit.toml"
MESSAGES = """
insert into messages (ticket_id, sent_at, sender, public, kind, text, source, source_row, loaded_at)
select ticket_id, created_at + to_seconds(cast(place * (hash(ticket_id, 3) % 9000) as bigint)),
       case when place % 2 = 0 then 'customer' else 'agent' end, true, 'message',
       case when place = 1 then 'Können Sie mir Ihre Nummer nennen? Dann helfen wir Ihnen.' end,
       source, place, loaded_at
  from tickets, range(4) t(place)
"""


def store_of(path: Path, tickets: int) -> Store:
    """A store with so many tickets and orders, events and answers, and four messages to each ticket."""
    if not path.exists():
        write_store(path, {"tickets": tickets, "orders": tickets, "surveys": tickets // 3, "events": tickets}, SEED)
        connection = connect(path)
        connection.execute(MESSAGES)
        connection.close()
    return replace(open_store(path), zone="Europe/Berlin", currency="EUR")


def asked(store: Store, config: Config, name: str, person: str | None = None, **options: Any) -> Callable[[], object]:
    """A metric under the samples' configuration, for all or for one person."""
    request = read_request(METRICS[name], options, config)
    if person is not None:
        request = replace(request, conditions=(Condition("customer_id", "=", person),))
    return lambda: run(store, request)


def together(*works: Callable[[], object]) -> Callable[[], object]:
    """One after the other."""
    return lambda: [work() for work in works]


def main() -> None:
    """Print the median of ours, of the peer and of their ratio, run in turn."""
    tickets = int(sys.argv[sys.argv.index("--tickets") + 1]) if "--tickets" in sys.argv else TICKETS
    config = read_config(CONFIG)
    with tempfile.TemporaryDirectory() as folder:
        kept = sys.argv[sys.argv.index("--store") + 1] if "--store" in sys.argv else f"{folder}/way.duckdb"
        with store_of(Path(kept), tickets) as store:
            ((person,),) = store.rows("select min(customer_id) from main.tickets")

            def of(name: str, person: str | None = None, **options: Any) -> Callable[[], object]:
                return asked(store, config, name, person, **options)

            pairs: tuple[tuple[str, Callable[[], object], str, Callable[[], object]], ...] = (
                (
                    "cost",
                    of("cost"),
                    "contacts, service-value",
                    together(of("contacts"), of("service-value")),
                ),
                (
                    "customer",
                    lambda: customer(store, [person], config, period=ALL),
                    "service and ltv of one",
                    together(of("service", person), of("ltv", person)),
                ),
                (
                    "touchpoints",
                    of("touchpoints"),
                    "funnel, csat, csi",
                    together(of("funnel"), of("csat"), of("csi")),
                ),
                ("handoffs", of("handoffs", by="category"), "handling", of("handling", by="category")),
                ("self-service", of("self-service", by="category"), "handling", of("handling", by="category")),
                ("quality-sample", of("quality-sample"), "handling", of("handling", by="category")),
                ("quality-score", of("quality-score"), "handling", of("handling", by="category")),
            )
            print(f"{tickets:,} tickets, {4 * tickets:,} messages: processor seconds, median of {RUNS} pairs")
            wanted = [word for word in sys.argv[1:] if word in {name for name, *_ in pairs}]
            for name, ours, other, peer in pairs:
                if wanted and name not in wanted:
                    continue
                timed = [(seconds(ours), seconds(peer)) for _ in range(RUNS)]
                mine, theirs = (statistics.median(each) for each in zip(*timed, strict=True))
                ratio = statistics.median(one / other for one, other in timed)
                print(
                    f"{name:15}{mine:7.2f} s   {other:24}{theirs:7.2f} s   {ratio:5.2f} x   (at most {BAR} x)",
                    flush=True,
                )
