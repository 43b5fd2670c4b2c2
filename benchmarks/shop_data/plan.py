"""The plan of the sample shop: its calendar, countries and usual levels, and the troubles planted in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
FIRST_MONDAY = date(2025, 11, 3)
WEEKS = 53  # complete weeks, 2025-W45 to 2026-W45; a part week follows
PART_WEEK = 0.44  # of a week's volume falls between Monday and Wednesday 18:00
END = datetime(2026, 11, 11, 17, 0, tzinfo=UTC)
EVENTS_FROM = 39  # the web log reaches back a hundred days, to Monday 2026-08-03
SEED = "supportkit samples"

#: share of the customers, language, and the chance that a customer there writes English instead
COUNTRIES: dict[str, tuple[float, str, float]] = {
    "DE": (0.34, "de", 0.06),
    "GB": (0.18, "en", 0.0),
    "RU": (0.15, "ru", 0.0),
    "US": (0.09, "en", 0.0),
    "FR": (0.08, "en", 0.0),
    "PL": (0.07, "en", 0.0),
    "KZ": (0.05, "ru", 0.0),
    "AT": (0.04, "de", 0.0),
}

#: tickets a week in all countries, share of them that are complaints, team
CATEGORIES: dict[str, tuple[float, float, str]] = {
    "delivery delayed": (11.0, 1.0, "logistics"),
    "payment declined": (7.0, 1.0, "payments"),
    "product question": (6.0, 0.0, "product"),
    "account login": (4.6, 0.2, "accounts"),
    "product quality": (3.9, 1.0, "product"),
    "repair": (3.7, 0.6, "product"),
    "delivery damaged": (3.7, 1.0, "logistics"),
    "refund": (3.7, 0.6, "payments"),
    "subscription cancel": (3.5, 0.1, "accounts"),
    "wrong item": (3.3, 1.0, "logistics"),
    "invoice": (3.2, 0.0, "payments"),
    "discount code": (2.8, 0.3, "accounts"),
    "double charge": (2.4, 1.0, "payments"),
    "address change": (2.4, 0.0, "logistics"),
}
#: where a category's countries differ from the customers' shares
COUNTRY_MIX: dict[str, dict[str, float]] = {
    "payment declined": {"DE": 0.52, "GB": 0.14, "RU": 0.1, "US": 0.07, "FR": 0.06, "PL": 0.05, "KZ": 0.03, "AT": 0.03},
    "delivery delayed": {
        "RU": 0.55,
        "KZ": 0.22,
        "DE": 0.09,
        "GB": 0.06,
        "US": 0.03,
        "FR": 0.02,
        "PL": 0.02,
        "AT": 0.01,
    },
}

#: share of tickets; median first reply and its spread (log); target of the first reply; median resolution in seconds
CHANNELS: dict[str, tuple[float, float, float, int, float]] = {
    "email": (0.42, 5400, 0.65, 4 * 3600, 18 * 3600),
    "messenger": (0.25, 660, 1.3, 180, 3 * 3600),
    "chat": (0.21, 200, 0.65, 600, 2400),
    "phone": (0.12, 42, 0.65, 120, 900),
}
AGENTS: dict[str, tuple[str, ...]] = {
    "de": ("Julia", "Lena", "Tom", "Mark"),
    "en": ("Priya", "Sofia", "Tom", "Mark"),
    "ru": ("Oleg", "Dina", "Sofia", "Mark"),
}
COURIERS: dict[str, float] = {"Nordpost": 0.4, "Kurier24": 0.35, "Polar": 0.25}


def week_name(index: int) -> str:
    """The ISO week of that week of the plan, such as 2026-W45."""
    year, week, _ = date.fromordinal(FIRST_MONDAY.toordinal() + 7 * index).isocalendar()
    return f"{year}-W{week:02d}"


def week_index(name: str) -> int:
    """The plan's week of an ISO week's name."""
    monday = date.fromisocalendar(int(name[:4]), int(name[6:]), 1)
    return (monday - FIRST_MONDAY).days // 7


@dataclass(frozen=True)
class RenewalLeak:
    """(a) Annual renewals in Germany, week by week: users at the payment step and users who paid."""

    country: str = "DE"
    plan: str = "annual"
    step: str = "payment"
    start_week: str = "2026-W42"
    payment_users: tuple[int, ...] = (84, 88, 86, 90)
    paid_users: tuple[int, ...] = (26, 27, 25, 27)
    part_week: tuple[int, int] = (38, 11)
    before: float = 0.75  # payment to paid in the weeks before
    method: str = "card"


@dataclass(frozen=True)
class Rise:
    """(b), (c) A category that rises: tickets of each week from start_week on."""

    category: str
    language: str
    countries: tuple[tuple[str, float], ...]
    start_week: str
    tickets: tuple[int, ...]
    part_week: int
    before: float  # usual tickets a week


@dataclass(frozen=True)
class Planted:
    """Every trouble of the sample files, with its exact size."""

    a: RenewalLeak = RenewalLeak()
    b: Rise = Rise("payment declined", "de", (("DE", 1.0),), "2026-W42", (14, 18, 24, 36), 17, 3.6)
    c: Rise = Rise("delivery delayed", "ru", (("RU", 0.7), ("KZ", 0.3)), "2026-W44", (22, 34), 16, 8.5)
    c_courier: tuple[str, float] = ("Polar", 0.8)
    d_channel: str = "messenger"
    e_unanswered: int = 31
    e_with_bot: int = 9
    e_with_note: int = 6
    f_agent: str = "Mark"
    g_phones: int = 24
    g_emails: int = 22
    g_cards: int = 14
    g_message_phones: int = 12
    g_message_emails: int = 8
    i_customers: int = 20
    i_category: str = "product question"
    i_channel: str = "messenger"


PLANTED = Planted()
