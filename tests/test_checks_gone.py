"""Slices that are gone, in metrics of every kind: rows of cells, stocks, lives; and what is too small to be missed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import Call
from tests.test_checks_missing import MONDAY, judged, tickets

GONE = "was there in 2026-W38 with n = {} and is gone"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Four e-mails a day from DE in W37 to W39, one chat from AT in W37 and W38, three faxes from FR in W38.

    Every ticket stays open, and beside each stands an order of its own customer from that country.
    """
    tickets, orders = ["ticket_id,created_at,channel,status"], ["order_id,ordered_at,customer_id,amount,country"]
    for day in range(21):
        for channel, country, count in (
            ("email", "DE", 4),
            ("chat", "AT", 1 if day < 14 else 0),
            ("fax", "FR", 1 if day in (8, 9, 10) else 0),
        ):
            for n in range(count):
                when = f"{MONDAY + timedelta(days=day)}T10:{n:02}:00Z"
                tickets.append(f"{channel}{day}-{n},{when},{channel},open")
                orders.append(f"{channel}{day}-{n},{when},{channel}{day}-{n}@example.org,10,{country}")
    (tmp_path / "tickets.csv").write_text("\n".join(tickets) + "\n", encoding="utf-8")
    (tmp_path / "orders.csv").write_text("\n".join(orders) + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("rule", "name", "n"),
    [
        ("contacts.contacts <= 500 by channel", "chat", 7),  # seven days with one contact each
        ("backlog.backlog <= 500 by channel", "chat", 7),  # the old ones are open still
        ("backlog.backlog[channel=chat] <= 500", "", 7),
        ("unanswered.tickets <= 500 by channel", "chat", 7),
        ("ltv.customers >= 1 by country", "AT", 7),
        ("ltv.customers[country=AT] >= 1", "", 7),
        ("cohorts.customers >= 1 by country", "AT", 7),
    ],
)
def test_a_slice_of_which_nothing_came_is_gone_whatever_is_left_of_it(
    rule: str, name: str, n: int, supportkit: Call, shop: Path, tmp_path: Path
) -> None:
    words = ("--data", shop, "--expect", rule)
    code, rows = judged(supportkit, *words, "--period", "2026-W39")
    assert (code, rows[name]["state"]) == (3, "no verdict")
    assert rows[name]["reason"].startswith(GONE.format(n))
    assert {one for one, row in rows.items() if row["state"] == "no verdict"} == {name}  # three faxes are too few
    assert judged(supportkit, *words, "--period", "2026-W38")[0] == 0
    (tmp_path / "c.toml").write_text(f"[[check]]\nexpect = '{rule}'\n[checks]\nretired = ['chat', 'AT']\n")
    assert judged(supportkit, "--data", shop, "--config", tmp_path / "c.toml", "--period", "2026-W39")[0] == 0


@pytest.mark.parametrize("rule", ["service.tickets <= 500 by channel", "backlog.backlog <= 500 by channel"])
@pytest.mark.parametrize(("least", "missed"), [(3, {"chat", "fax"}), (4, {"chat"}), (8, set())])
def test_the_minimum_of_a_rule_says_what_is_missed(
    least: int, missed: set[str], rule: str, supportkit: Call, shop: Path
) -> None:
    rows = judged(supportkit, "--data", shop, "--expect", f"{rule} min {least}", "--period", "2026-W39")[1]
    assert {name for name, row in rows.items() if "is gone" in row["reason"]} == missed


@pytest.mark.parametrize(
    "rule",
    [
        "service.first_reply_p90_s <= 2h by channel",
        "service.tickets <= 500 by channel",
        "service.tickets <= +500% vs previous by channel",
        "service.tickets >= -90% vs avg(2) by channel",
        "backlog.backlog <= 500 by channel",
    ],
)
@pytest.mark.parametrize(("weeks", "last"), [((21, 3, 0, 0, 0), 0), ((3, 21, 4, 2, 0), 1), ((8, 0, 0, 0, 0), 0)])
def test_a_slice_that_shrinks_before_it_ends_is_gone_all_the_same(
    weeks: tuple[int, ...], last: int, rule: str, supportkit: Call, tmp_path: Path
) -> None:
    """Twenty-one chats a week, then three, then none; e-mails come each day."""
    days = [(day, "email", 4) for day in (MONDAY + timedelta(days=n) for n in range(35))]
    for week, chats in enumerate(weeks):
        share = [chats // 7 + (day < chats % 7) for day in range(7)]
        days += [(MONDAY + timedelta(days=7 * week + day), "chat", n) for day, n in enumerate(share)]
    words = ("--data", tickets(days, tmp_path), "--expect", rule)
    for week, n in enumerate(weeks):
        code, rows = judged(supportkit, *words, "--period", f"2026-W{37 + week}")
        if n == 0:
            told = f"was there in 2026-W{37 + last} with n = {weeks[last]} and is gone"
            assert (code, rows["chat"]["state"]) == (3, "no verdict"), (week, rows)
            assert rows["chat"]["reason"].startswith(told)
        elif n >= 5:
            assert rows["chat"]["reason"][:9] != "was there"


def test_a_slice_that_has_never_been_large_is_not_missed(supportkit: Call, tmp_path: Path) -> None:
    days = [(day, "email", 4) for day in (MONDAY + timedelta(days=n) for n in range(28))]
    days += [(MONDAY + timedelta(days=7 * week), "fax", 4) for week in range(3)]
    words = ("--data", tickets(days, tmp_path), "--expect", "service.tickets <= 500 by channel")
    assert judged(supportkit, *words, "--period", "2026-W40")[0] == 0


def test_a_day_is_missed_by_the_same_weekday(supportkit: Call, tmp_path: Path) -> None:
    """Chat is open on Mondays alone: its Tuesday is none, and the Monday after the last is missed."""
    days = [(day, "email", 4) for day in (MONDAY + timedelta(days=n) for n in range(28))]
    days += [(MONDAY + timedelta(days=7 * week), "chat", 6) for week in range(3)]
    words = ("--data", tickets(days, tmp_path), "--expect", "service.tickets <= 500 by channel")
    assert judged(supportkit, *words, "--period", "2026-09-24")[0] == 0
    code, rows = judged(supportkit, *words, "--period", "2026-09-28")
    assert (code, rows["chat"]["reason"][:39]) == (3, "was there in 2026-09-21 with n = 6 and ")


def test_nothing_in_either_period_is_no_pass(supportkit: Call, shop: Path) -> None:
    words = ("--data", shop, "--period", "2026-W39", "--expect")
    for versus in ("previous", "avg(2)"):
        code, rows = judged(supportkit, *words, f"service.tickets[channel=pigeon] >= -5% vs {versus}")
        assert (code, rows[""]["reason"]) == (3, "nothing to compare with: nothing in either period")


def test_brackets_choose_a_step_of_a_funnel_or_are_refused(supportkit: Call, tmp_path: Path) -> None:
    """Ten visit and five of them pay in W37, and as many in W38."""
    rows = [
        f"u{week}{user},{MONDAY + timedelta(days=7 * week + user % 7)}T{hour}:00:00Z,{step}"
        for week in range(2)
        for user in range(10)
        for step, hour in (("visit", 10), *((("pay", 11),) if user < 5 else ()))
    ]
    (tmp_path / "events.csv").write_text("user_id,occurred_at,step\n" + "\n".join(rows) + "\n", encoding="utf-8")
    config = tmp_path / "c.toml"
    config.write_text('[funnel]\nsteps = ["visit", "pay"]\n', encoding="utf-8")
    words = ("--data", tmp_path, "--config", config, "--period", "2026-W38", "--as-of", "2026-09-28", "--expect")
    for rule, value in (
        ("funnel.users[step=pay] >= -5% vs previous", 5),
        ("funnel.users[step=visit] == 10", 10),
        ("funnel.conversion_from_start[step=pay] == 50%", 0.5),
    ):
        code, found = judged(supportkit, *words, rule)
        assert (code, [row["value"] for row in found.values()]) == (0, [value]), found
    assert judged(supportkit, *words, "funnel.users[step=pay] >= 6")[0] == 1
    code, _, err = supportkit("check", *words, "funnel.users[step=nonsense] >= 0")
    assert (code, "the funnel has no step 'nonsense'" in err, "steps: visit, pay" in err) == (2, True, True)
    code, _, err = supportkit("check", *words, "funnel.users[step!=pay] >= 0")
    assert (code, "one step of a funnel" in err) == (2, True)


def test_a_stock_that_came_to_nothing_long_ago_is_not_missed_again(supportkit: Call, shop: Path) -> None:
    """One fax in W37 and one in W38: the history knows of two that are open, and nobody misses the third."""
    rows = (shop / "tickets.csv").read_text().splitlines()
    kept = [row for row in rows if "fax" not in row] + [
        "f1,2026-09-08T10:00:00Z,fax,open",
        "f2,2026-09-15T10:00:00Z,fax,open",
    ]
    kept += [f"e{n},{MONDAY + timedelta(days=21 + n % 7)}T10:00:00Z,email,open" for n in range(28)]
    (shop / "tickets.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    words = ("--data", shop, "--history", shop / "h.json", "--expect", "backlog.backlog <= 500 by channel min 2")
    for week, missed in (("2026-W38", set()), ("2026-W39", {"chat"}), ("2026-W40", {"chat"})):
        found = judged(supportkit, *words, "--period", week)[1]
        assert {name for name, row in found.items() if "is gone" in row["reason"]} == missed, week


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ("service.tickets[channel=chat] <= 50", ""),
        ("service.tickets[channel=chat] <= +0% vs previous", ""),
        ("service.tickets[channel=fax] <= 3", ""),
        ("service.tickets <= 50", "channel=chat"),
    ],
)
def test_how_far_the_data_reach_does_not_depend_on_who_is_looked_at(
    rule: str, where: str, supportkit: Call, tmp_path: Path
) -> None:
    """Chat is open from Monday to Wednesday, and nobody has sent a fax; e-mails come each day."""
    rows = [f"e{n},{MONDAY + timedelta(days=n)}T10:00:00Z,email" for n in range(21)]
    rows += [f"c{n},{MONDAY + timedelta(days=n)}T10:00:00Z,chat" for n in range(21) if n % 7 < 3]
    (tmp_path / "t.csv").write_text("ticket_id,created_at,channel\n" + "\n".join(rows) + "\n", encoding="utf-8")
    words = ("--data", tmp_path / "t.csv", "--expect", rule, *(("--where", where) if where else ()), "--max-age", "2d")
    code, found = judged(supportkit, *words, "--as-of", "2026-09-28")
    assert (code, found[""]["state"]) == (0, "pass"), found
    code, found = judged(supportkit, *words, "--as-of", "2026-09-30", "--period", "2026-W39")
    assert (code, found[""]["reason"][:45]) == (3, "stale: the data goes through 2026-09-27 10:00")


@pytest.mark.parametrize(("period", "code"), [("2026-W39", 0), ("2026-W40", 3), ("2027-01", 3)])
def test_a_life_is_not_judged_at_the_end_of_a_period_that_begins_after_the_data(
    period: str, code: int, supportkit: Call, shop: Path
) -> None:
    (shop / "orders.csv").write_text(
        "order_id,ordered_at,customer_id,amount\n1,2026-09-21T10:00:00Z,a@example.org,5\n", encoding="utf-8"
    )
    found, rows = judged(supportkit, "--data", shop, "--period", period, "--expect", "ltv.customers >= 1")
    assert (found, rows[""]["value"]) == (code, 1)
    told = f"{period} begins after the data, which ends 2026-09-21 10:00 UTC"
    assert rows[""]["reason"] == (told if code else "wanted at least 1")


@pytest.mark.parametrize(
    "rule", ["service.first_reply_p90_s[channel=chat] <= 2h", "contacts.contacts[channel=chat] >= 1"]
)
@pytest.mark.parametrize("word", ["chat", "channel=chat"])
def test_a_rule_about_what_is_retired_is_skipped_once_nothing_comes(
    rule: str, word: str, supportkit: Call, shop: Path, tmp_path: Path
) -> None:
    (tmp_path / "c.toml").write_text(f"[[check]]\nexpect = '{rule}'\n[checks]\nretired = ['{word}']\n")
    words = ("--data", shop, "--config", tmp_path / "c.toml")
    code, rows = judged(supportkit, *words, "--period", "2026-W39")
    assert (code, rows[""]["state"]) == (0, "skipped"), rows
    code, rows = judged(supportkit, "--data", shop, "--expect", rule, "--period", "2026-W39")
    assert (code, rows[""]["state"]) in ((3, "no verdict"), (1, "fail")), rows
