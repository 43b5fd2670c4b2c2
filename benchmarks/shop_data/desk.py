"""Tickets and messages of the sample shop's support desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.shop_data.dice import Dice
from benchmarks.shop_data.drafts import Draft, make_drafts
from benchmarks.shop_data.plan import CATEGORIES, CHANNELS, END, PLANTED, WEEKS
from benchmarks.shop_data.talk import Talk
from benchmarks.shop_data.trade import Row, Trade, stamp


@dataclass
class Desk:
    """What the support desk exports."""

    tickets: list[Row]
    messages: list[Row]


def make_desk(seed: str, trade: Trade) -> Desk:
    """All tickets and messages of the sample."""
    dice = Dice(f"{seed} desk")
    talk = Talk(seed)
    desk = Desk([], [])
    drafts = make_drafts(seed, trade)
    complaints = [dice.chance(1.0 if draft.plant else CATEGORIES[draft.category][1]) for draft in drafts]
    late = [k for k, draft in enumerate(drafts) if complaints[k] and 34 <= draft.week < WEEKS and not draft.plant]
    silent = dice.shuffled(late)[: PLANTED.e_unanswered]
    personal = talk.personal(dice, len(drafts), avoid=set(silent))
    for number, draft in enumerate(drafts):
        place = silent.index(number) if number in silent else -1
        _ticket(dice, talk, desk, draft, number + 20_001, complaints[number], place, personal.get(number, ""))
    talk.add_to_messages(dice, desk.messages)
    desk.messages.sort(key=lambda row: (row["sent_at"], row["ticket_id"], row["kind"], row["sender"]))
    return desk


def _ticket(
    dice: Dice, talk: Talk, desk: Desk, draft: Draft, number: int, complaint: bool, silent: int, personal: str
) -> None:
    """One ticket and its messages; silent >= 0 is a complaint that nobody answers."""
    assert draft.customer is not None
    language = draft.customer.language
    rise = PLANTED.b if draft.plant == "b" else PLANTED.c
    if draft.plant:
        language = rise.language
    channel = talk.channel()
    if silent >= 0:  # nobody leaves a phone call unanswered; a bot answers messengers only
        channel = "messenger" if silent < PLANTED.e_with_bot else dice.weighted(("email", "messenger"), (7, 3))
    agent = talk.agent(language)
    _, median, spread, _, resolution = CHANNELS[channel]
    messages = Thread(f"T{number}", desk.messages)
    created = draft.created
    messages.add(created, "customer", "message")
    bot = silent < PLANTED.e_with_bot if silent >= 0 else channel in ("chat", "messenger") and dice.chance(0.5)
    if bot:
        messages.add(created + timedelta(seconds=dice.whole(2, 6)), "bot", "message", text=talk.bot(language))
    if dice.chance(0.1) if silent < 0 else PLANTED.e_with_bot <= silent < PLANTED.e_with_bot + PLANTED.e_with_note:
        messages.add(
            created + timedelta(seconds=dice.whole(30, 900)),
            "agent",
            "note",
            public=False,
            text=talk.note(dice, language),
        )
    solved, status, reopens, replies = None, "open", 0, 0
    first = None
    if silent < 0:
        wait = max(8.0, dice.lognormal(median, spread))
        first = min(created + timedelta(seconds=round(wait)), created + (END - created) * 0.6)
        moment = first
        span = dice.lognormal(resolution, 0.9)
        replies = dice.weighted((1, 2, 3, 4), (56, 28, 12, 4))
        for turn in range(replies):
            if turn:
                step = timedelta(seconds=round(span / replies))
                if dice.chance(0.7):
                    messages.add(moment + step * 0.6, "customer", "message", text=talk.follow_up(dice, language))
                moment += step
            if moment > END - timedelta(minutes=5):
                replies = turn
                break
            messages.add(moment, "agent", "message", text=talk.reply(dice, language, draft.order))
        solved = moment + timedelta(seconds=round(span / replies) if replies == 1 else dice.whole(30, 600))
        status = "pending"
        if solved < END and not (created > END - timedelta(days=2) and dice.chance(0.3)):
            messages.add(solved, "agent", "status", public=False, change=("open", "solved"))
            if dice.chance(0.09):
                again = solved + timedelta(seconds=round(dice.lognormal(14 * 3600, 0.8)))
                answer = again + timedelta(seconds=round(max(30.0, dice.lognormal(median * 2, spread))))
                last = answer + timedelta(seconds=dice.whole(60, 7200))
                if last < END:
                    reopens, replies, solved = 1, replies + 1, last
                    messages.add(again, "customer", "message", text=talk.follow_up(dice, language))
                    messages.add(again, "system", "status", public=False, change=("solved", "open"))
                    messages.add(answer, "agent", "message", text=talk.reply(dice, language, draft.order))
                    messages.add(last, "agent", "status", public=False, change=("open", "solved"))
            status = "closed" if solved < END - timedelta(days=28) else "solved"
        else:
            solved = None
    elif dice.chance(0.5):
        status = "new"
    weights = (2, 6, 3, 1) if complaint else (3, 7, 1, 0)
    subject, body = talk.text(dice, language, draft.category, draft.plant, draft.order, draft.amount, personal)
    courier = talk.courier()
    if draft.plant == "c" and dice.chance(PLANTED.c_courier[1]):
        courier = PLANTED.c_courier[0]
    shipped = draft.category in ("delivery delayed", "delivery damaged", "wrong item")
    desk.tickets.append(
        {
            "ticket_id": f"T{number}",
            "created_at": stamp(created),
            "customer_id": draft.customer.email,
            "channel": channel,
            "status": status,
            "priority": dice.weighted(("low", "normal", "high", "urgent"), weights),
            "subject": subject,
            "body": body,
            "category": draft.category,
            "tags": talk.tags(dice, draft.customer.plan),
            "country": draft.country,
            "language": language,
            "product": draft.product,
            "agent": agent,
            "team": CATEGORIES[draft.category][2],
            "first_reply_at": stamp(first) if first else "",
            "solved_at": stamp(solved) if solved else "",
            "updated_at": stamp(messages.last),
            "reopens": str(reopens),
            "replies": str(replies),
            "is_complaint": "true" if complaint else "false",
            "courier": courier if shipped else "",
        }
    )


class Thread:
    """The messages of one ticket."""

    def __init__(self, ticket: str, rows: list[Row]) -> None:
        self._ticket, self._rows = ticket, rows
        self.last = datetime.min.replace(tzinfo=END.tzinfo)

    def add(
        self,
        moment: datetime,
        sender: str,
        kind: str,
        *,
        public: bool = True,
        change: tuple[str, str] = ("", ""),
        text: str = "",
    ) -> None:
        """Append one message, unless it lies behind the end of the data."""
        if moment >= END:
            return
        self.last = max(self.last, moment)
        self._rows.append(
            {
                "ticket_id": self._ticket,
                "sent_at": stamp(moment),
                "sender": sender,
                "public": "true" if public else "false",
                "kind": kind,
                "from_value": change[0],
                "to_value": change[1],
                "text": text,
            }
        )
