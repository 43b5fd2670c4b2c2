"""What a load says of a file."""

from __future__ import annotations

from supportkit.exports.rows.personal_data import Protection
from supportkit.exports.rows.refund_rows import PutTo
from supportkit.exports.rows.staging import Staging
from supportkit.result import numbered


def notes_of_reading(
    staging: Staging, protection: Protection, orders: int | None, refunds: PutTo | None
) -> tuple[str, ...]:
    """What a load says of how a file was read and what was left out of it."""
    cells = staging.cells
    notes = []
    if not cells.read:
        notes.append("a header and no row: nothing happened in its time, or nothing was exported")
    if preamble := cells.layout.preamble:
        notes.append(
            numbered(len(preamble), "line above the header is not read", "lines above the header are not read")
        )
    if cells.blank:
        notes.append(numbered(cells.blank, "blank line is not read", "blank lines are not read"))
    if cells.encoding.by == "letters":
        notes.append(f"read as {cells.encoding.name}, by its letters; --encoding says otherwise")
    if cells.not_utf8:
        lines = numbered(cells.not_utf8, "line is", "lines are")
        notes.append(f"{lines} not {cells.encoding.name}, and read as well as can be")
    if cells.lost:
        lines = numbered(cells.lost, "line has", "lines have")
        name = cells.encoding.name
        notes.append(f"{lines} bytes that are no letters of {name} and are \ufffd now; --encoding {name} rejects them")
    if orders is not None:
        notes.append(f"lines of one order are one order: {numbered(orders, 'order')}")
    if refunds and refunds.rows:
        one = "row is a refund of an order before it, and no order"
        many = "rows are refunds of orders before them, and no orders"
        notes.append(f"{numbered(refunds.rows, one, many)}: {refunds.amount:,.2f}")
    if staging.settings.mask and staging.known.named:
        headers = ", ".join(staging.headers[place] for place in sorted(staging.known.named))
        notes.append(f"left out as names and addresses: {protection.shown(headers)} ([data] keep holds them)")
    if staging.known.dropped:
        dropped = ", ".join(staging.headers[place] for place in sorted(staging.known.dropped))
        notes.append(f"dropped: {protection.shown(dropped)}")
    if protection.several:
        several = numbered(len(protection.several), "cell names", "different cells name")
        notes.append(f"{several} several people: the first of them is the customer")
    if protection.found:
        found = ", ".join(f"{count} {kind}" for kind, count in sorted(protection.found.items()))
        notes.append(f"masked: {found}")
    return tuple(notes)
