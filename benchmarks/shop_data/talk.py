"""What is said in the sample shop: ticket texts made from the words of three languages, and the replies."""

from __future__ import annotations

from types import ModuleType

from benchmarks.shop_data import words_de, words_en, words_ru
from benchmarks.shop_data.dice import Deck, Dice
from benchmarks.shop_data.plan import AGENTS, CHANNELS, COURIERS, PLANTED

WORDS: dict[str, ModuleType] = {"de": words_de, "en": words_en, "ru": words_ru}
CARDS = ("4111 1111 1111 1111", "5555 5555 5555 4444", "4242424242424242", "3782 822463 10005", "4012 8888 8888 1881")


class Talk:
    """Deals every wording evenly over the year."""

    def __init__(self, seed: str) -> None:
        dice = Dice(f"{seed} talk")
        self._seen: set[str] = set()
        self._channels = Deck(dice, [name for name, plan in CHANNELS.items() for _ in range(round(24 * plan[0]))])
        self._couriers = Deck(dice, [name for name, share in COURIERS.items() for _ in range(round(20 * share))])
        self._agents = {language: Deck(dice, agents) for language, agents in AGENTS.items()}
        self._decks: dict[tuple[str, ...], Deck] = {}
        for language, words in WORDS.items():
            for frame in ("GREETING", "ASK", "CLOSING", "ITEMS", "WEEKDAYS"):
                self._decks[language, frame] = Deck(dice, getattr(words, frame))
            for category, (subjects, problems, details) in words.WORDS.items():
                for part, lines in (("subject", subjects), ("problem", problems), ("detail", details)):
                    self._decks[language, category, part] = Deck(dice, lines)
            for letter, (subjects, problems) in words.PLANTED.items():
                self._decks[language, letter, "subject"] = Deck(dice, subjects)
                self._decks[language, letter, "problem"] = Deck(dice, problems)

    def text(
        self, dice: Dice, language: str, category: str, plant: str, order: str, amount: float, personal: str
    ) -> tuple[str, str]:
        """Subject and body of a ticket; a planted trouble has words of its own."""

        def deal(*key: str) -> str:
            return self._decks[language, *key].deal()

        slots = {
            "order": order or "",
            "amount": f"{amount:.2f}",
            "days": str(dice.whole(5, 9)),
            "item": deal("ITEMS"),
            "weekday": deal("WEEKDAYS"),
        }
        source = plant or category
        greeting = deal("GREETING")
        problem = deal(source, "problem").format(**slots)
        problem = problem[0].upper() + problem[1:] if not greeting.endswith(",") else problem
        detail, line, body = deal(category, "detail").format(**slots), personal_line(dice, language, personal), ""
        while not body or body in self._seen:  # no two customers write the very same
            parts = (greeting, problem, detail, line, deal("ASK") if dice.chance(0.7) else "", deal("CLOSING"))
            body = " ".join(part for part in parts if part)
            if body in self._seen:
                greeting, detail = deal("GREETING"), deal(category, "detail").format(**slots)
                problem = (
                    problem[0].lower() + problem[1:] if greeting.endswith(",") else problem[0].upper() + problem[1:]
                )
        self._seen.add(body)
        return deal(source, "subject").format(**slots), body

    def agent(self, language: str) -> str:
        """Who takes the ticket."""
        return self._agents[language].deal()

    def channel(self) -> str:
        """Where the customer writes."""
        return self._channels.deal()

    def courier(self) -> str:
        """Who carries the parcel."""
        return self._couriers.deal()

    def note(self, dice: Dice, language: str) -> str:
        """A note between agents."""
        return str(dice.pick(WORDS[language].NOTE))

    def reply(self, dice: Dice, language: str, order: str) -> str:
        """An agent's words; most are left out of the export."""
        if not dice.chance(0.2):
            return ""
        line = str(dice.pick(WORDS[language].REPLY))
        return line.format(order=order) if order else line.replace(" {order}", "")

    def follow_up(self, dice: Dice, language: str) -> str:
        """A customer's second message."""
        return str(dice.pick(WORDS[language].FOLLOW_UP)) if dice.chance(0.5) else ""

    def tags(self, dice: Dice, plan: str) -> str:
        """Tags, comma-separated."""
        tags = [plan] if plan and dice.chance(0.5) else []
        return ",".join(tags + (["vip"] if dice.chance(0.06) else []) + (["callback"] if dice.chance(0.05) else []))

    def personal(self, dice: Dice, tickets: int, avoid: set[int]) -> dict[int, str]:
        """Which tickets carry personal data, and of what kind."""
        kinds = ["phone"] * PLANTED.g_phones + ["email"] * PLANTED.g_emails + ["card"] * PLANTED.g_cards
        places: dict[int, str] = {}
        for kind in kinds:
            place = dice.whole(0, tickets - 1)
            while place in places or place in avoid:
                place = dice.whole(0, tickets - 1)
            places[place] = kind
        return places

    def add_to_messages(self, dice: Dice, messages: list[dict[str, str]]) -> None:
        """Phones and e-mails in customers' later messages."""
        spoken = [row for row in messages if row["sender"] == "customer" and row["text"]]
        rows = [spoken[k] for k in dice.shuffled_places(len(spoken))]
        kinds = ["phone"] * PLANTED.g_message_phones + ["email"] * PLANTED.g_message_emails
        for row, kind in zip(rows, kinds, strict=False):
            row["text"] = f"{row['text']} {personal_line(dice, 'en', kind)}"


def personal_line(dice: Dice, language: str, kind: str) -> str:
    """A sentence with a phone, an e-mail or a card; all are of ranges kept for examples and tests."""
    if not kind:
        return ""
    words = WORDS[language]
    if kind == "card":
        return str(words.CARD).format(card=dice.pick(CARDS))
    if kind == "email":
        return str(words.EMAIL).format(
            email=f"{dice.pick(('private', 'home', 'office', 'old'))}{dice.whole(100, 999)}@example.org"
        )
    if language == "de":
        return str(words.PHONE).format(phone=f"+49 30 23125{dice.whole(100, 999)}")
    if language == "ru":
        return str(words.PHONE).format(phone=f"+7 999 555-{dice.whole(10, 99)}-{dice.whole(10, 99)}")
    return str(words.PHONE).format(phone=f"+44 20 7946 0{dice.whole(100, 999)}")
