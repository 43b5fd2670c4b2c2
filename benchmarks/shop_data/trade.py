"""Customers, orders and the web log of the sample shop."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from benchmarks.shop_data.dice import Dice
from benchmarks.shop_data.plan import (
    COUNTRIES,
    END,
    EVENTS_FROM,
    FIRST_MONDAY,
    PART_WEEK,
    PLANTED,
    WEEKS,
    ZONE,
    week_index,
)

Row = dict[str, str]

FIRST_NAMES = {
    "de": ("anna", "jonas", "lena", "felix", "marie", "paul", "emma", "lukas", "clara", "max", "greta", "finn", "ida"),
    "en": ("olivia", "harry", "amy", "jack", "chloe", "sam", "grace", "leo", "kate", "ben", "zoe", "adam", "ruth"),
    "ru": ("olga", "ivan", "maria", "pavel", "irina", "sergey", "elena", "anton", "vera", "nikita", "daria", "igor"),
}
GOODS = (("beans", 14.9), ("beans xl", 34.0), ("grinder", 89.0), ("kettle", 54.0), ("carafe", 29.0), ("machine", 349.0))
PLANS = {"annual": 96.0, "monthly": 9.9}
WEEKDAYS = (1.2, 1.1, 1.05, 1.0, 0.95, 0.65, 0.6)
HOURS = (1, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 12, 11, 11, 11, 11, 11, 11, 12, 13, 13, 10, 6, 3)
METHODS = {"DE": (0.5, 0.25, 0.25), "AT": (0.55, 0.2, 0.25)}


@dataclass
class Customer:
    """A customer and the orders so far, oldest first."""

    email: str
    country: str
    language: str
    plan: str = ""
    orders: list[tuple[datetime, str, float]] = field(default_factory=list)


@dataclass
class Trade:
    """What the shop sold, and to whom."""

    customers: list[Customer]
    orders: list[Row]
    events: list[Row]


def stamp(moment: datetime) -> str:
    """ISO time in UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_in(dice: Dice, week: int) -> datetime:
    """A moment of that week: more on weekdays, less at night; in the part week before the end of the data."""
    while True:
        day = dice.weighted(range(7), WEEKDAYS)
        hour = (
            dice.weighted(range(24), HOURS) if day else dice.weighted(range(1, 24), HOURS[1:])
        )  # no visit across two weeks
        monday = datetime.combine(FIRST_MONDAY, datetime.min.time()) + timedelta(weeks=week)
        local = monday + timedelta(days=day, hours=hour, minutes=dice.whole(0, 59), seconds=dice.whole(0, 59))
        moment = local.replace(tzinfo=ZONE).astimezone(UTC)
        if moment < END - timedelta(hours=1):
            return moment


def season(week: int) -> float:
    """Growth of a fifth over the year, and a little more before Christmas."""
    advent = 0.12 if 3 <= week <= 6 else 0.0
    return (1 + 0.2 * week / WEEKS) * (1 + advent)


def make_trade(seed: str) -> Trade:
    """All customers, orders and events of the sample."""
    dice = Dice(f"{seed} trade")
    trade = Trade([], [], [])
    regulars: dict[str, list[Customer]] = {country: [] for country in COUNTRIES}
    for week in range(WEEKS + 1):
        part = PART_WEEK if week == WEEKS else 1.0
        for country, (share, _, _) in COUNTRIES.items():
            german = country == PLANTED.a.country
            mean = part * season(week) * (96 if not german else 62) * share
            other = max(0, round(mean + 0.4 * mean**0.5 * dice.normal()))
            for _ in range(other):
                plan = dice.weighted(("", "monthly", "annual"), (0.5, 0.2, 0.0 if german else 0.3))
                _order(
                    dice,
                    trade,
                    _buyer(dice, trade, regulars[country], country, plan),
                    moment_in(dice, week),
                    plan,
                    week,
                )
        _renewals(dice, trade, regulars[PLANTED.a.country], week)
    trade.orders.sort(key=lambda row: (row["ordered_at"], row["customer_id"], row["product"]))
    for number, row in enumerate(trade.orders, start=100_001):
        row["order_id"] = str(number)
    trade.events.sort(key=lambda row: (row["occurred_at"], row["user_id"], row["step"]))
    by_email = {customer.email: customer for customer in trade.customers}
    for row in trade.orders:
        moment = datetime.fromisoformat(row["ordered_at"])
        by_email[row["customer_id"]].orders.append((moment, row["order_id"], float(row["amount"])))
    return trade


def _new_customer(dice: Dice, trade: Trade, country: str) -> Customer:
    _, language, english = COUNTRIES[country]
    name = dice.pick(FIRST_NAMES[language])
    host = dice.weighted(("com", "org", "net"), (6, 2, 2))
    email = f"{name}.{dice.pick('abcdefghklmnprstw')}{len(trade.customers) + 11}@example.{host}"
    customer = Customer(email, country, "en" if dice.chance(english) else language)
    trade.customers.append(customer)
    return customer


def _buyer(dice: Dice, trade: Trade, regulars: list[Customer], country: str, plan: str) -> Customer:
    if plan != "annual" and regulars and dice.chance(0.66):
        # a half of the repeat orders comes from the most loyal fifth
        pool = regulars[:: 5 if dice.chance(0.5) else 1]
        return dice.pick(pool)
    customer = _new_customer(dice, trade, country)
    customer.plan = plan
    regulars.append(customer)
    return customer


def _renewals(dice: Dice, trade: Trade, regulars: list[Customer], week: int) -> None:
    """Annual renewals in Germany: the payment step and who got past it, at the numbers planned."""
    leak, first = PLANTED.a, week_index(PLANTED.a.start_week)
    if week < EVENTS_FROM:
        # the yearly plan was new in summer 2025: renewals come due from then on, more each week
        for _ in range(round(28 + 30 * week / EVENTS_FROM + dice.normal())):
            customer = _new_customer(dice, trade, leak.country)
            customer.plan = leak.plan
            regulars.append(customer)
            _order(dice, trade, customer, moment_in(dice, week), leak.plan, week)
        return
    if week == WEEKS:
        users, paid = leak.part_week
    elif week >= first:
        users, paid = leak.payment_users[week - first], leak.paid_users[week - first]
    else:
        users = dice.whole(76, 86)
        paid = round(users * leak.before) + dice.whole(-2, 2)
    # cards fail since the start; the other methods go on as ever
    cards = round(users * 0.72)
    others_paid = round((users - cards) * leak.before) if week >= first else min(paid, round(paid * 0.28))
    for place in range(users):
        by_card = place < cards
        done = place < paid - others_paid if by_card else place - cards < others_paid
        customer = _new_customer(dice, trade, leak.country)
        customer.plan = leak.plan
        regulars.append(customer)
        method = "card" if by_card else dice.pick(("paypal", "sepa"))
        moment = moment_in(dice, week)
        _session(dice, trade, customer, moment, leak.plan, "paid" if done else "payment", method)
        if done:
            _order(dice, trade, customer, moment, leak.plan, week, method, logged=True)
        elif week >= first and dice.chance(0.25):  # some call and pay by invoice
            later = min(moment + timedelta(hours=dice.whole(4, 60)), END - timedelta(minutes=dice.whole(5, 50)))
            _order(dice, trade, customer, later, leak.plan, week, "invoice", logged=True, channel="phone")
    for _ in range(round(users * 0.32)):  # and who left before
        last = "cart" if dice.chance(0.4) else "visit"
        _session(dice, trade, _new_customer(dice, trade, leak.country), moment_in(dice, week), leak.plan, last, "")


def _order(
    dice: Dice,
    trade: Trade,
    customer: Customer,
    moment: datetime,
    plan: str,
    week: int,
    method: str = "",
    *,
    logged: bool = False,
    channel: str = "",
) -> None:
    """One order, and its way through the shop where the web log reaches back so far."""
    country = customer.country
    product, price = (f"{plan} plan", PLANS[plan]) if plan else dice.weighted(GOODS, (40, 22, 10, 8, 12, 4))
    pieces = 1 if plan or price > 50 else dice.weighted((1, 2, 3), (7, 2, 1))
    amount = round(price * pieces * (0.9 if dice.chance(0.12) else 1.0), 2)
    method = method or dice.weighted(("card", "paypal", "sepa"), METHODS.get(country, (0.78, 0.22, 0.0)))
    channel = channel or dice.weighted(("web", "app", "phone"), (60, 36, 4))
    status = dice.weighted(("completed", "refunded", "cancelled"), (93, 5, 2))
    refunded = (
        amount if status == "refunded" and dice.chance(0.7) else round(amount / 2, 2) if status == "refunded" else 0
    )
    trade.orders.append(
        {
            "ordered_at": stamp(moment),
            "customer_id": customer.email,
            "amount": f"{amount:.2f}",
            "currency": "EUR",
            "refunded": f"{refunded:.2f}" if refunded else "0",
            "status": status,
            "country": country,
            "channel": channel,
            "payment_method": method,
            "product": product,
            "plan": plan,
        }
    )
    if logged or week < EVENTS_FROM or channel == "phone":
        return
    _session(dice, trade, customer, moment, plan or "none", "paid", method)
    for last, share in (
        ("payment", 0.25),
        ("cart", 0.28),
        ("visit", 0.45),
    ):  # others who came as far, for each who paid
        if dice.chance(share):
            other = _new_customer(dice, trade, country) if dice.chance(0.7) else customer
            when = moment_in(dice, week)
            tried = dice.weighted(("card", "paypal", "sepa"), METHODS.get(country, (0.78, 0.22, 0.0)))
            _session(dice, trade, other, when, plan or "none", last, tried)


def _session(dice: Dice, trade: Trade, customer: Customer, end: datetime, plan: str, last: str, method: str) -> None:
    """A way through the shop that ends with `last` at `end`, minutes from step to step."""
    steps = ["visit", "cart", "payment", "paid"]
    device = dice.weighted(("mobile", "desktop"), (55, 45))
    session, moment = f"s{len(trade.events):05d}", end
    for step in reversed(steps[: steps.index(last) + 1]):
        known = method if step in ("payment", "paid") else ""
        trade.events.append(
            {
                "user_id": customer.email,
                "occurred_at": stamp(moment),
                "step": step,
                "country": customer.country,
                "device": device,
                "payment_method": known,
                "plan": "" if plan == "none" else plan,
                "session_id": session,
            }
        )
        moment -= timedelta(seconds=dice.whole(20, 900))
