"""The CDNOW purchases (Fader & Hardie), read where SUPPORTKIT_REAL points to them."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

HALF = date(1997, 9, 30)
FOLDER = Path(os.environ.get("SUPPORTKIT_REAL", "")) / "cdnow"
needs_cdnow = pytest.mark.skipif(
    not os.environ.get("SUPPORTKIT_REAL") or not FOLDER.is_dir(),
    reason="the CDNOW purchases are not here: set SUPPORTKIT_REAL to the folder with cdnow/",
)


def purchases(which: str) -> dict[str, list[tuple[date, float]]]:
    """Each customer's (day, value), for which = "sample" (2,357 customers) or "master" (23,570)."""
    found: dict[str, list[tuple[date, float]]] = defaultdict(list)
    for line in (FOLDER / f"CDNOW_{which}.txt").read_text().splitlines():
        cells = line.split()[-4:]
        if len(cells) == 4 and cells[1].isdigit():
            customer, day, _, value = cells
            found[customer].append((date(int(day[:4]), int(day[4:6]), int(day[6:])), float(value)))
    return found


def write_orders(which: str, path: Path) -> Path:
    """The same as a CSV of canonical columns: order_id, ordered_at, customer_id, amount."""
    rows = [
        f"{which}-{customer}-{number},{day.isoformat()},{customer},{value}"
        for customer, orders in purchases(which).items()
        for number, (day, value) in enumerate(orders, start=1)
    ]
    path.write_text("\n".join(["order_id,ordered_at,customer_id,amount", *rows]) + "\n")
    return path
