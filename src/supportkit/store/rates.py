"""Exchange rates from a file of the user's: date,currency,rate; a rate holds until the next one of its currency."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from supportkit.errors import DataError, UsageError
from supportkit.system.frozen import dataclass

HEADER: Final = ("date", "currency", "rate")

# Bound with the parameters of Rates: each rate with the day before which the next one of its currency begins.
RATE: Final = """
rate as (
  select currency, rate, day, lead(day, 1, date '9999-12-31') over (partition by currency order by day) as next_day
    from (select unnest(cast($rate_currencies as varchar[])) as currency,
                 unnest(cast($rate_days as date[])) as day,
                 unnest(cast($rate_values as decimal(18, 8)[])) as rate)
)"""


@dataclass(frozen=True)
class Rates:
    """Rates to one currency: how many units of it one unit of the other is worth, from a day on."""

    target: str
    rows: tuple[tuple[str, date, Decimal], ...]

    def parameters(self) -> Mapping[str, Any]:
        """What RATE binds."""
        currencies, days, values = zip(*self.rows, strict=True)
        return {
            "target": self.target,
            "rate_currencies": list(currencies),
            "rate_days": list(days),
            "rate_values": [str(value) for value in values],
        }


def read_rates(path: Path, target: str | None) -> Rates:
    """The rates in a CSV file. Raises UsageError without a target and DataError for a file that does not hold rates."""
    if not target:
        raise UsageError(
            "--rates: convert to which currency?", hint="give --currency EUR, or set currency under [data]"
        )
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read: {error}", hint="give a CSV of date,currency,rate") from error
    reader = csv.DictReader(lines)
    missing = [name for name in HEADER if name not in (reader.fieldnames or ())]
    if missing:
        raise DataError(f"{path}: no column {missing[0]!r}", hint="its first line has to be date,currency,rate")
    found: dict[tuple[str, date], Decimal] = {(target.upper(), date.min): Decimal(1)}
    for row in reader:
        where = f"{path}, line {reader.line_num}"
        try:
            key = (row["currency"].strip().upper(), date.fromisoformat(row["date"].strip()))
            rate = Decimal(row["rate"].strip())
        except (ValueError, InvalidOperation, AttributeError) as error:
            raise DataError(f"{where}: not a day, a currency and a rate", hint="write 2024-01-31,USD,0.92") from error
        if not (rate.is_finite() and rate > 0):
            raise DataError(f"{where}: the rate {rate} is not above zero")
        if key[0] == target.upper():
            if rate != 1:
                raise DataError(f"{where}: {target} is what is converted to, its rate is 1")
        elif key in found:
            raise DataError(f"{where}: a second rate of {key[0]} for {key[1]}")
        else:
            found[key] = rate
    return Rates(target.upper(), tuple((currency, day, rate) for (currency, day), rate in sorted(found.items())))
