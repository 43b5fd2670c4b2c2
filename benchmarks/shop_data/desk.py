"""Tickets and messages of the sample shop's support desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from benchmarks.shop_data.dice import Dice
from benchmarks.shop_data.drafts import Draft, make_drafts
from benchmarks.shop_data.plan import CATEGORIES, PLANTED, WEEKS
from benchmarks.shop_data.said_twice import plant_repeats
from benchmarks.shop_data.talk import Talk
from benchmarks.shop_data.thread import Outcome, Thread, answered
from benchmarks.shop_data.trade import Row, Trade, stamp

SHIPPED = ("delivery delayed", "delivery damaged", "wrong item")  # categories that a courier stands behind
SILENT_FROM = 34  # the week since when complaints stay without an answer


@dataclass
class Desk:
    """What the support desk exports."""

    tickets: list[Row]
    messages: list[Row]
    said_twice: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Case:
    """What is decided about a ticket before it is written."""

    number: int
    draft: Draft
    complaint: bool
    personal: str  # "phone", "email", "card" or ""
    silent: int  # its place among the complaints that nobody answers, or -1

    @property
    def bot(self) -> bool:
        """Whether it is one of the unanswered that a robot greets."""
        return 0 <= self.silent < PLANTED.e_with_bot

    @property
    def note(self) -> bool:
        """Whether it is one of the unanswered with a private note."""
        return 0 <= self.silent - PLANTED.e_with_bot < PLANTED.e_with_note


def make_desk(seed: str, trade: Trade) -> Desk:
    """All tickets and messages of the sample."""
    dice = Dice(f"{seed} desk")
    talk = Talk(seed)
    desk = Desk([], [])
    drafts = make_drafts(seed, trade)
    complaints = [dice.chance(1.0 if draft.plant else CATEGORIES[draft.category][1]) for draft in drafts]
    late = [
        k for k, draft in enumerate(drafts) if complaints[k] and SILENT_FROM <= draft.week < WEEKS and not draft.plant
    ]
    silent = dice.shuffled(late)[: PLANTED.e_unanswered]
    personal = talk.personal(dice, len(drafts), avoid=set(silent))
    for k, draft in enumerate(drafts):
        place = silent.index(k) if k in silent else -1
        _ticket(dice, talk, desk, Case(20_001 + k, draft, complaints[k], personal.get(k, ""), place))
    talk.add_to_messages(dice, desk.messages)
    desk.messages.sort(key=lambda row: (row["sent_at"], row["ticket_id"], row["kind"], row["sender"]))
    desk.said_twice = tuple(plant_repeats(seed, desk.tickets, desk.messages))
    return desk


def _ticket(dice: Dice, talk: Talk, desk: Desk, case: Case) -> None:
    """Write one ticket and its messages."""
    draft, customer = case.draft, case.draft.customer
    assert customer is not None
    language = {"b": PLANTED.b.language, "c": PLANTED.c.language}.get(draft.plant, customer.language)
    channel = _channel(dice, talk, case)
    agent = talk.agent(language)
    thread = Thread(f"T{case.number}", desk.messages)
    outcome = _conversation(dice, talk, thread, case, channel, language)
    subject, body = talk.text(dice, language, draft.category, draft.plant, draft.order, draft.amount, case.personal)
    courier = talk.courier()
    if draft.plant == "c" and dice.chance(PLANTED.c_courier[1]):
        courier = PLANTED.c_courier[0]
    weights = (2, 6, 3, 1) if case.complaint else (3, 7, 1, 0)
    desk.tickets.append(
        {
            "ticket_id": f"T{case.number}",
            "created_at": stamp(draft.created),
            "customer_id": customer.email,
            "channel": channel,
            "status": outcome.status,
            "priority": dice.weighted(("low", "normal", "high", "urgent"), weights),
            "subject": subject,
            "body": body,
            "category": draft.category,
            "tags": talk.tags(dice, customer.plan),
            "country": draft.country,
            "language": language,
            "product": draft.product,
            "agent": agent,
            "team": CATEGORIES[draft.category][2],
            "first_reply_at": stamp(outcome.first_reply) if outcome.first_reply else "",
            "solved_at": stamp(outcome.solved) if outcome.solved else "",
            "updated_at": stamp(thread.last),
            "reopens": str(outcome.reopens),
            "replies": str(outcome.replies),
            "is_complaint": "true" if case.complaint else "false",
            "courier": courier if draft.category in SHIPPED else "",
        }
    )


def _channel(dice: Dice, talk: Talk, case: Case) -> str:
    channel = talk.channel()
    if case.silent < 0:
        return channel
    # nobody leaves a phone call unanswered, and the robot greets in the messenger
    return "messenger" if case.bot else dice.weighted(("email", "messenger"), (7, 3))


def _conversation(dice: Dice, talk: Talk, thread: Thread, case: Case, channel: str, language: str) -> Outcome:
    created, silent = case.draft.created, case.silent >= 0
    thread.say(created, "customer")
    if case.bot or (not silent and channel in ("chat", "messenger") and dice.chance(0.5)):
        thread.say(created + timedelta(seconds=dice.whole(2, 6)), "bot")
    if case.note or (not silent and dice.chance(0.1)):
        thread.note(created + timedelta(seconds=dice.whole(30, 900)), talk.note(dice, language))
    if silent:
        return Outcome("new" if dice.chance(0.5) else "open")
    return answered(dice, talk, thread, created, channel, language, case.draft.order)
