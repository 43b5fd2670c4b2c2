"""The messages of one ticket of the sample shop: who answers when, until it is solved and perhaps opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.shop_data.dice import Dice
from benchmarks.shop_data.plan import CHANNELS, END
from benchmarks.shop_data.talk import Talk
from benchmarks.shop_data.trade import Row, stamp


class Thread:
    """The messages of one ticket."""

    def __init__(self, ticket: str, rows: list[Row]) -> None:
        self._ticket, self._rows = ticket, rows
        self.last = datetime.min.replace(tzinfo=END.tzinfo)

    def say(self, moment: datetime, sender: str, text: str = "") -> None:
        """Append a message that the customer can read."""
        self._add(moment, sender, "message", "true", ("", ""), text)

    def note(self, moment: datetime, text: str) -> None:
        """Append a private note of an agent."""
        self._add(moment, "agent", "note", "false", ("", ""), text)

    def turn(self, moment: datetime, sender: str, before: str, after: str) -> None:
        """Append a change of the status."""
        self._add(moment, sender, "status", "false", (before, after), "")

    def _add(self, moment: datetime, sender: str, kind: str, public: str, change: tuple[str, str], text: str) -> None:
        if moment >= END:
            return
        self.last = max(self.last, moment)
        self._rows.append(
            {
                "ticket_id": self._ticket,
                "sent_at": stamp(moment),
                "sender": sender,
                "public": public,
                "kind": kind,
                "from_value": change[0],
                "to_value": change[1],
                "text": text,
            }
        )


@dataclass
class Outcome:
    """What became of a ticket."""

    status: str
    first_reply: datetime | None = None
    solved: datetime | None = None
    replies: int = 0
    reopens: int = 0


def answered(
    dice: Dice, talk: Talk, thread: Thread, created: datetime, channel: str, language: str, order: str
) -> Outcome:
    """Replies in turn with the customer, then solved, now and then opened once more; all before the data end."""
    _, median, spread, _, resolution = CHANNELS[channel]
    wait = timedelta(seconds=round(max(8.0, dice.lognormal(median, spread))))
    first = moment = min(created + wait, created + (END - created) * 0.6)
    span = dice.lognormal(resolution, 0.9)
    turns = dice.weighted((1, 2, 3, 4), (56, 28, 12, 4))
    outcome = Outcome("pending", first)
    for turn in range(turns):
        if turn:
            step = timedelta(seconds=round(span / turns))
            if dice.chance(0.7):
                thread.say(moment + step * 0.6, "customer", talk.follow_up(dice, language))
            moment += step
        if moment > END - timedelta(minutes=5):
            break
        outcome.replies += 1
        thread.say(moment, "agent", talk.reply(dice, language, order))
    one = outcome.replies == 1
    solved = moment + timedelta(seconds=round(span) if one else dice.whole(30, 600))
    if solved < END and not (created > END - timedelta(days=2) and dice.chance(0.3)):
        thread.turn(solved, "agent", "open", "solved")
        outcome.solved = solved
        if dice.chance(0.09):
            _opened_again(dice, talk, thread, outcome, channel, language, order)
        outcome.status = "closed" if outcome.solved < END - timedelta(days=28) else "solved"
    return outcome


def _opened_again(
    dice: Dice, talk: Talk, thread: Thread, outcome: Outcome, channel: str, language: str, order: str
) -> None:
    assert outcome.solved is not None
    _, median, spread, _, _ = CHANNELS[channel]
    again = outcome.solved + timedelta(seconds=round(dice.lognormal(14 * 3600, 0.8)))
    answer = again + timedelta(seconds=round(max(30.0, dice.lognormal(median * 2, spread))))
    solved = answer + timedelta(seconds=dice.whole(60, 7200))
    if solved < END:
        outcome.solved, outcome.replies, outcome.reopens = solved, outcome.replies + 1, 1
        thread.say(again, "customer", talk.follow_up(dice, language))
        thread.turn(again, "system", "solved", "open")
        thread.say(answer, "agent", talk.reply(dice, language, order))
        thread.turn(solved, "agent", "open", "solved")
