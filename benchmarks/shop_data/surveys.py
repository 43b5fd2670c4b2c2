"""Survey invitations and answers of the sample shop."""

from __future__ import annotations

from datetime import datetime, timedelta

from benchmarks.shop_data import words_de, words_en, words_ru
from benchmarks.shop_data.dice import Dice
from benchmarks.shop_data.plan import CHANNELS, END, PLANTED
from benchmarks.shop_data.trade import Row, Trade, stamp

WORDS = {"de": words_de, "en": words_en, "ru": words_ru}
CSI_ITEMS = (("delivery", 9, 7.2), ("quality", 10, 8.3), ("price", 7, 6.6), ("support", 8, 7.0))
#: chances of the scores 1 to 5 after a good and after a bad ticket, and for the tickets that Mark picks
CSAT = {"good": (3, 4, 10, 28, 55), "bad": (22, 18, 20, 20, 20), "picked": (0, 0, 1, 9, 90)}
NPS = (2, 1, 2, 3, 3, 6, 6, 13, 19, 22, 23)
CES = (4, 6, 9, 14, 20, 26, 21)
OFFERED = 0.5  # of the solved tickets, good or bad
PICKED, PICKED_BAD = 0.62, 0.015  # what the agent who picks offers on good and on bad tickets


def went_well(ticket: Row) -> bool:
    """Answered within the channel's target and never reopened."""
    wait = (
        datetime.fromisoformat(ticket["first_reply_at"]) - datetime.fromisoformat(ticket["created_at"])
    ).total_seconds()
    return wait <= CHANNELS[ticket["channel"]][3] and ticket["reopens"] == "0"


def make_surveys(seed: str, trade: Trade, tickets: list[Row]) -> list[Row]:
    """All invitations, answered or not, by time of the invitation."""
    dice = Dice(f"{seed} surveys")
    rows: list[Row] = []
    language = {customer.email: customer.language for customer in trade.customers}
    for ticket in tickets:
        if not ticket["solved_at"]:
            continue
        well, picks = went_well(ticket), ticket["agent"] == PLANTED.f_agent
        if not dice.chance((PICKED if well else PICKED_BAD) if picks else OFFERED):
            continue
        invited = datetime.fromisoformat(ticket["solved_at"]) + timedelta(minutes=dice.whole(5, 60))
        score = dice.weighted((1, 2, 3, 4, 5), CSAT["picked" if picks else "good" if well else "bad"])
        row = _invitation("csat", (1, 5), ticket["customer_id"], ticket["country"], invited)
        row |= {"ticket_id": ticket["ticket_id"], "agent": ticket["agent"], "channel": ticket["channel"]}
        _answer(dice, row, invited, score, 0.38, ticket["language"], good=score >= 4)
        rows.append(row)
    for order in dice.shuffled(trade.orders)[:1050]:
        kind = dice.weighted(("nps", "ces", "csi"), (68, 17, 15))
        invited = datetime.fromisoformat(order["ordered_at"]) + timedelta(
            days=dice.whole(6, 12), minutes=dice.whole(0, 600)
        )
        scale = {"nps": (0, 10), "ces": (1, 7), "csi": (1, 10)}[kind]
        row = _invitation(kind, scale, order["customer_id"], order["country"], invited)
        spoken = language[order["customer_id"]]
        if kind == "csi":
            if dice.chance(0.6):
                rows += _csi(dice, row, invited)
            continue
        score = dice.weighted(range(11), NPS) if kind == "nps" else dice.weighted(range(1, 8), CES)
        _answer(dice, row, invited, score, 0.42, spoken, good=score >= 9 or (kind == "ces" and score > 5))
        rows.append(row)
    rows = [row for row in rows if datetime.fromisoformat(row["invited_at"]) < END]
    rows.sort(key=lambda row: (row["invited_at"], row["customer_id"], row["kind"], row["item"]))
    return rows


def _invitation(kind: str, scale: tuple[int, int], customer: str, country: str, invited: datetime) -> Row:
    return {
        "kind": kind,
        "score": "",
        "responded_at": "",
        "scale_min": str(scale[0]),
        "scale_max": str(scale[1]),
        "item": "",
        "weight": "",
        "comment": "",
        "customer_id": customer,
        "ticket_id": "",
        "channel": "",
        "country": country,
        "agent": "",
        "invited_at": stamp(invited),
    }


def _answer(dice: Dice, row: Row, invited: datetime, score: int, rate: float, language: str, *, good: bool) -> None:
    responded = invited + timedelta(seconds=round(dice.lognormal(4 * 3600, 1.3)))
    if not dice.chance(rate) or responded >= END:
        return
    row["score"], row["responded_at"] = str(score), stamp(responded)
    if dice.chance(0.12):
        words = WORDS[language]
        row["comment"] = str(dice.pick(words.COMMENT_GOOD if good else words.COMMENT_BAD))


def _csi(dice: Dice, row: Row, invited: datetime) -> list[Row]:
    """One answered questionnaire: a row per item, with the importance as its weight."""
    responded, mood = invited + timedelta(seconds=round(dice.lognormal(4 * 3600, 1.3))), dice.normal()
    if responded >= END:
        return []
    rows = []
    for item, importance, level in CSI_ITEMS:
        score = min(10, max(1, round(level + 1.1 * mood + 1.2 * dice.normal())))
        weight = min(10, max(1, importance + dice.whole(-1, 1)))
        rows.append(row | {"item": item, "weight": str(weight), "score": str(score), "responded_at": stamp(responded)})
    return rows
