"""(i) Customers who ask in the messenger, and within seven days ask again in another channel.

Nobody's ticket is added: a later question of somebody else, in the same country and language, is given to the customer
who asked before, so that no count of tickets, of messages or of words moves.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from benchmarks.shop_data.dice import Dice
from benchmarks.shop_data.plan import END, PLANTED
from benchmarks.shop_data.trade import Row

WITHIN = timedelta(days=7)
ALIKE = ("category", "country", "language")


def plant_repeats(seed: str, tickets: list[Row], messages: list[Row]) -> list[tuple[str, str]]:
    """Give later questions to customers who asked before; the pairs of tickets, the first one first."""
    last = {
        row["ticket_id"]: datetime.fromisoformat(row["sent_at"]) for row in messages if row["kind"] == "message"
    }  # the messages are in the order of time
    asked = [row for row in tickets if row["category"] == PLANTED.i_category]
    used, people, pairs = set[str](), set[str](), list[tuple[Row, Row]]()
    for place in Dice(f"{seed} said twice").shuffled_places(len(asked)):
        first = asked[place]
        end = last[first["ticket_id"]]
        if first["channel"] != PLANTED.i_channel or first["customer_id"] in people or end + WITHIN >= END:
            continue
        later = [
            row
            for row in asked
            if row["channel"] != first["channel"]
            and end < datetime.fromisoformat(row["created_at"]) <= end + WITHIN
            and all(row[name] == first[name] for name in ALIKE)
            and row["customer_id"] not in {first["customer_id"], *people}
            and not {row["ticket_id"], first["ticket_id"]} & used
        ]
        if later:
            pairs.append((first, later[0]))
            used |= {first["ticket_id"], later[0]["ticket_id"]}
            people |= {first["customer_id"], later[0]["customer_id"]}
        if len(pairs) == PLANTED.i_customers:
            break
    for first, again in pairs:
        again["customer_id"] = first["customer_id"]
    return sorted((first["ticket_id"], again["ticket_id"]) for first, again in pairs)
