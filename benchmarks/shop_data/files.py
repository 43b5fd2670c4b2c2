"""The sample files as text: five CSVs, their README and a configuration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.shop_data.damage import Damage, with_damage
from benchmarks.shop_data.desk import make_desk
from benchmarks.shop_data.plan import SEED
from benchmarks.shop_data.readme import CONFIG, readme
from benchmarks.shop_data.surveys import make_surveys
from benchmarks.shop_data.trade import Row, make_trade

COLUMNS = {
    "orders": (
        "order_id",
        "ordered_at",
        "customer_id",
        "amount",
        "currency",
        "refunded",
        "status",
        "country",
        "channel",
        "payment_method",
        "product",
        "plan",
    ),
    "events": ("user_id", "occurred_at", "step", "country", "device", "payment_method", "plan"),
}


@dataclass(frozen=True)
class Samples:
    """The sample files by name, and what is damaged in them."""

    texts: dict[str, str]
    damages: tuple[Damage, ...]

    def write(self, folder: Path) -> None:
        """Write every file into the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.texts.items():
            (folder / name).write_bytes(text.encode("utf-8"))


def make_samples(seed: str = SEED) -> Samples:
    """All sample files, the same for the same seed."""
    trade = make_trade(seed)
    desk = make_desk(seed, trade)
    tables: dict[str, list[Row]] = {
        "tickets": desk.tickets,
        "messages": desk.messages,
        "orders": [{column: row[column] for column in COLUMNS["orders"]} for row in trade.orders],
        "surveys": make_surveys(seed, trade, desk.tickets),
        "events": [{column: row[column] for column in COLUMNS["events"]} for row in trade.events],
    }
    texts, damages = dict[str, str](), list[Damage]()
    for name, rows in tables.items():
        texts[f"{name}.csv"], found = with_damage(name, rows)
        damages += found
    texts["supportkit.toml"] = CONFIG
    texts["README.md"] = readme(tables, texts, damages, desk.said_twice)
    return Samples(texts, tuple(damages))
