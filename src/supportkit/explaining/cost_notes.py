"""What has to be said beside what contacts and lost customers cost."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from supportkit.desk.known_customers import NO_CUSTOMER
from supportkit.explaining.lost_customers import Lost
from supportkit.explaining.order_contacts import Contacts
from supportkit.result import Result
from supportkit.stats.skewed_mean import FEWEST


def cost_notes(
    total: Decimal | None, rate: Decimal | None, work: str | None, sums: Contacts, orders: int, within: int
) -> Iterator[str]:
    """What each figure is of, and what is not known and how to say it."""
    if not orders:
        yield "no order counts: contacts per 1,000 orders need the shop's export of orders (supportkit sources)"
    elif sums.contacts and not sums.with_customer:
        yield f"{NO_CUSTOMER}; contacts by customer and who left after a complaint are not known without"
    yield (
        f"gross: all contacts over all orders; by customer: contacts within {within} days after an order of the same "
        "customer, each for the last one, over orders whose days are over"
    )
    if total is not None:
        yield "average cost: the total over all contacts, also what would cost the same with one contact fewer"
    if rate is not None and sums.with_work:
        yield "cost of one contact more: the rate times the work that the export states, on average"
    if total is None and rate is None and not sums.costed:
        yield "what a contact costs is not known: --total for the period, or --rate of an hour with --work COLUMN"
    if work is not None and not sums.with_work:
        yield f"no ticket states time worked in {work}"


def lost_notes(gone: Lost | None, value: Result, horizon: int) -> Iterator[str]:
    """Who is looked at where a lost customer is priced, and what is not shown."""
    if gone is None or not gone.complained:
        yield f"nobody with an order before a complaint is followed for {horizon} days: no cost of one lost is known"
        return
    yield (
        f"of {value.facts['tickets']:,} first complaints followed {gone.complained:,} are of customers with an order "
        f"before; who ordered nothing for {horizon} days after has left"
    )
    if not gone.matched_gone:
        yield "none of those who left has a like customer: what one lost costs is not known"
        return
    yield (
        f"a lost customer costs what like customers bring in {horizon} days, net: customers who never complained, with "
        f"as many orders and the last one as long ago, in the same month; {gone.matched_gone:,} of {gone.gone:,} who "
        "left have such. It is associated with leaving; that the complaint made them leave is not shown: compare how "
        "many like customers left"
    )
    if gone.alike < FEWEST:
        yield f"no interval of {gone.alike} like customers: {FEWEST} at least"
