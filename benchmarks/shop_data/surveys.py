"""Survey invitations and answers of the sample shop."""

from __future__ import annotations

from datetime import datetime, timedelta

from benchmarks.shop_data import words_de, words_en, words_ru
from benchmarks.shop_data.dice import Deck, Dice
from benchmarks.shop_data.plan import CHANNELS, END, PLANTED
from benchmarks.shop_data.trade import Row, Trade, stamp

WORDS = {"de": words_de, "en": words_en, "ru": words_ru}
CSI_ITEMS = (("delivery", 9, 7.2), ("quality", 10, 8.3), ("price", 7, 6.6), ("support", 8, 7.0))
#: the scores 1 to 5 after a good and a bad ticket, and for the tickets that Mark picks: so many of each in turn
CSAT = {"good": (1, 1, 2, 7, 13), "bad": (5, 4, 5, 5, 5), "picked": (0, 0, 1, 3, 44)}
NPS = (0, 1, 0, 1, 1, 1, 2, 3, 4, 6, 5)  # 0 to 10
CES = (1, 1, 2, 3, 5, 6, 5)  # 1 to 7
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
    scores = Scores(dice)
    rows: list[Row] = []
    language = {customer.email: customer.language for customer in trade.customers}
    for ticket in tickets:
        if not ticket["solved_at"]:
            continue
        well, picks = went_well(ticket), ticket["agent"] == PLANTED.f_agent
        if not dice.chance((PICKED if well else PICKED_BAD) if picks else OFFERED):
            continue
        invited = datetime.fromisoformat(ticket["solved_at"]) + timedelta(minutes=dice.whole(5, 60))
        row = _invitation("csat", (1, 5), ticket["customer_id"], ticket["country"], invited)
        row |= {"ticket_id": ticket["ticket_id"], "agent": ticket["agent"], "channel": ticket["channel"]}
        if _answered(dice, row, invited, 0.38):
            score = scores.csat("picked" if picks else "good" if well else "bad", ticket["agent"])
            _answer(dice, row, score, ticket["language"], good=score >= 4)
        rows.append(row)
    for order in dice.shuffled(trade.orders)[:1050]:
        kind = dice.weighted(("nps", "ces", "csi"), (68, 17, 15))
        invited = datetime.fromisoformat(order["ordered_at"])
        invited += timedelta(days=dice.whole(6, 12), minutes=dice.whole(0, 600))
        scale = {"nps": (0, 10), "ces": (1, 7), "csi": (1, 10)}[kind]
        row = _invitation(kind, scale, order["customer_id"], order["country"], invited)
        if kind == "csi":
            if dice.chance(0.6):
                rows += _csi(dice, row, invited)
            continue
        if _answered(dice, row, invited, 0.42):
            score = scores.nps(order["country"]) if kind == "nps" else scores.ces()
            _answer(dice, row, score, language[order["customer_id"]], good=score >= (9 if kind == "nps" else 6))
        rows.append(row)
    rows = [row for row in rows if datetime.fromisoformat(row["invited_at"]) < END]
    rows.sort(key=lambda row: (row["invited_at"], row["customer_id"], row["kind"], row["item"]))
    return rows


class Scores:
    """Deals scores from decks, so that no agent and no country stands out by chance."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._decks: dict[tuple[str, str], Deck] = {}

    def csat(self, went: str, agent: str) -> int:
        """1 to 5, by how the conversation went."""
        return self._deal(went, agent, CSAT[went], 1)

    def nps(self, country: str) -> int:
        """0 to 10."""
        return self._deal("nps", country, NPS, 0)

    def ces(self) -> int:
        """1 to 7."""
        return self._deal("ces", "", CES, 1)

    def _deal(self, kind: str, who: str, counts: tuple[int, ...], low: int) -> int:
        cards = [str(low + place) for place, count in enumerate(counts) for _ in range(count)]
        return int(self._decks.setdefault((kind, who), Deck(self._dice, cards)).deal())


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


def _answered(dice: Dice, row: Row, invited: datetime, rate: float) -> bool:
    """Whether the customer answers, and when."""
    responded = invited + timedelta(seconds=round(dice.lognormal(4 * 3600, 1.3)))
    if not dice.chance(rate) or responded >= END:
        return False
    row["responded_at"] = stamp(responded)
    return True


def _answer(dice: Dice, row: Row, score: int, language: str, *, good: bool) -> None:
    row["score"] = str(score)
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
