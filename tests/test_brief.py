"""brief: problems by what is at risk, worked out by hand on sets of customers, on a small shop, and on the samples."""

from __future__ import annotations

import html
import json
import re
import shlex
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from supportkit.explaining.brief import owner_of
from supportkit.explaining.problem_customers import Touched
from supportkit.explaining.problem_values import Worth, counted_once
from supportkit.explaining.problems import Complaint, DropOff, Problem
from supportkit.offers.finding import Finding
from supportkit.reports.summary import distinct
from supportkit.stats.estimates import Estimate, product, weighted_sum
from supportkit.stats.rate_rise import rise
from tests.computing import ReportOf, written
from tests.conftest import Call, Words

DROP = DropOff((("country", "DE"),), "payment", 100, 60, Estimate(0.4, 0.3, 0.5))
CARD = Complaint("card", (("country", "DE"),), 40, 10.0, 30.0, Estimate(0.75, 0.5, 0.9), None)
LATE = Complaint("late", (), 40, 20.0, 20.0, Estimate(0.5, 0.25, 0.75), None)


def people(letter: str, first: int, last: int) -> frozenset[str]:
    return frozenset(f"{letter}{number}" for number in range(first, last + 1))


FOUND = [
    Touched(Problem(LATE), people("w", 1, 10) | people("x", 1, 30)),
    Touched(Problem(CARD, DROP), people("d", 1, 10) | people("w", 1, 20), people("d", 1, 60), people("d", 11, 60)),
]


def worth(problem: Problem) -> Worth:
    """A customer of DE is worth 100 [90, 110], any other 120 [100, 140]."""
    return Worth(Estimate(100.0, 90.0, 110.0) if problem.place else Estimate(120.0, 100.0, 140.0), 50)


def test_what_is_at_risk_is_customers_times_the_share_beyond_times_their_worth() -> None:
    card = counted_once(FOUND, worth)[0]
    # 60 dropped x 0.4 / 0.6 of them beyond the others, 20 more who wrote x 0.75: 40 + 15 customers, x 100
    assert (card.touched.problem.name, card.counted) == ("card", 80)
    assert card.value is not None
    assert card.beyond.value == pytest.approx(55)
    assert card.value.value == pytest.approx(5500)
    # the shares end at 0.3 / 0.6 and 0.5: 10 and 5 customers below, the worth 10 below
    assert card.value.low == pytest.approx(5500 - sqrt((100 * sqrt(10**2 + 5**2)) ** 2 + (55 * 10) ** 2))
    assert card.value.high == pytest.approx(5500 + sqrt((100 * sqrt(10**2 + 3**2)) ** 2 + (55 * 10) ** 2))


def test_a_customer_of_two_problems_counts_in_the_larger_one_alone() -> None:
    card, late = counted_once(FOUND, worth)
    # w1 to w10 wrote of both: of the 40 who wrote of the late parcels 30 are left, x 0.5 x 120
    assert (late.touched.problem.name, late.counted) == ("late", 30)
    assert late.value is not None
    assert late.value.value == pytest.approx(1800)
    everyone = frozenset[str]().union(*(one.customers for one in FOUND))
    assert card.counted + late.counted == len(everyone) == 110


def test_who_has_ordered_since_is_not_at_risk_and_stays_touched() -> None:
    late, card = FOUND
    bought = card._replace(ordered=people("d", 51, 60) | people("w", 1, 5))
    first, second = counted_once([late, bought], worth)
    # 50 dropped x 0.4 / 0.6 and 15 who wrote x 0.75: w1 to w5 ordered since their trouble with the card
    assert (first.counted, len(first.touched.customers)) == (65, 80)
    assert first.beyond.value == pytest.approx(50 * 0.4 / 0.6 + 15 * 0.75)
    # and count where they wrote of the late parcels, since which they have ordered nothing: 40 less w6 to w10
    assert second.counted == 35


def test_the_order_of_problems_changes_nothing() -> None:
    assert counted_once(FOUND[::-1], worth) == counted_once(FOUND, worth)


def test_without_a_worth_the_problems_stand_by_the_customers_beyond() -> None:
    ranked = counted_once(FOUND, lambda _: None)
    assert [one.touched.problem.name for one in ranked] == ["card", "late"]
    assert [one.value for one in ranked] == [None, None]


def test_estimates_keep_the_distances_to_their_own_ends() -> None:
    added = weighted_sum([(2, Estimate(10, 7, 14)), (1, Estimate(5, 1, 8))])
    assert added == Estimate(25, 25 - sqrt(6**2 + 4**2), 25 + sqrt(8**2 + 3**2))
    assert weighted_sum([]) == Estimate(0, 0, 0)
    # 10 x 5, each three and one below: sqrt((5 x 3)^2 + (10 x 4)^2) = 42.7 below
    assert product(Estimate(10, 7, 14), Estimate(5, 1, 8)).low == pytest.approx(50 - sqrt(15**2 + 40**2))
    assert product(Estimate(10, -90, 10), Estimate(5, 5, 5)).low == 0


def test_a_weight_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        weighted_sum([(-1, Estimate(1, 1, 1))])


def test_an_owner_is_named_by_the_complaint_then_the_step_then_the_place() -> None:
    problem = Problem(CARD, DROP)
    owners = {"Card": "payments", "payment": "checkout", "DE": "Berlin"}
    assert owner_of(problem, owners) == "payments"
    assert owner_of(problem, {name: owners[name] for name in ("payment", "DE")}) == "checkout"
    assert owner_of(problem, {"de": "Berlin"}) == "Berlin"
    assert owner_of(Problem(LATE), {"DE": "Berlin"}) is None


def week(number: int) -> str:
    """The Tuesday of a week of 2026, from week 30 on."""
    from datetime import date

    return date.fromisocalendar(2026, number, 2).isoformat()


def small_shop(folder: Path) -> Path:
    """Two tickets a week on cards from weeks 30 to 44 and 20 in week 45, all from DE, of which 5 left at the payment.

    In week 45, 40 of 80 users from DE leave at the payment and 10 of 80 from FR; every customer has ordered once.
    """
    folder.mkdir()
    tickets = ["ticket_id,created_at,customer_id,country,category"]
    for number in range(30, 46):
        for one in range(20 if number == 45 else 2):
            who = f"de{one}" if number == 45 and one < 5 else f"w{number}x{one}"
            tickets.append(f"{number}x{one},{week(number)}T{8 + one % 12:02d}:30:00Z,{who}@example.org,DE,card")
        tickets += [f"f{number}x{one},{week(number)}T09:00:00Z,f{one}@example.org,FR,other" for one in range(4)]
    tickets.append(f"last,{week(46)}T09:00:00Z,z@example.org,FR,other")
    events = ["user_id,occurred_at,step,country"]
    orders = ["order_id,ordered_at,customer_id,amount,currency,country"]
    for country, lost in (("DE", 40), ("FR", 10)):
        for one in range(80):
            who = f"{country.lower()}{one}@example.org"
            events.append(f"{who},{week(45)}T08:00:00Z,payment,{country}")
            if one >= lost:
                events.append(f"{who},{week(45)}T08:05:00Z,paid,{country}")
            orders.append(f"{country}{one},2026-01-05T10:00:00Z,{who},50,EUR,{country}")
    orders.append(f"last,{week(47)}T08:00:00Z,z@example.org,50,EUR,FR")
    events.append(f"last@example.org,{week(47)}T08:00:00Z,other,FR")
    for name, lines in (("tickets", tickets), ("events", events), ("orders", orders)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "supportkit.toml").write_text(
        '[data]\ncurrency = "EUR"\n[funnel]\nsteps = ["payment", "paid"]\nwindow = "1d"\n[owners]\ncard = "Ann"\n',
        encoding="utf-8",
    )
    return folder


def asked(supportkit: Call, *words: str | Path) -> dict[str, Any]:
    code, out, err = supportkit("brief", *words, "--format", "json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small shop's exports."""
    return small_shop(tmp_path_factory.mktemp("brief") / "shop")


def test_a_small_shop_is_counted_by_hand(supportkit: Call, folder: Path) -> None:
    found = asked(supportkit, "--data", folder, "--period", "2026-W45")
    (row,) = found["rows"]
    assert (row["problem"], row["place"], row["step"], row["owner"]) == ("card", "DE", "payment", "Ann")
    assert (row["tickets"], row["dropped"], row["at_step"]) == (20, 40, 80)
    # 40 of 80 left where 10 of 80 did elsewhere; 15 more wrote, 5 of the 40 did, so that 35 are silent
    assert row["drop_difference"] == 0.5 - 0.125
    assert (row["customers"], row["silent"], row["counted"]) == (55, 35, 55)
    # every customer has ordered once for 50
    assert row["ltv"] == pytest.approx(50)
    beyond = 40 * (0.375 / 0.5) + 15 * (20 - row["expected"]) / 20
    assert row["excess_share"] * 55 == pytest.approx(beyond, rel=1e-4)
    assert row["value_at_risk"] == pytest.approx(50 * beyond, rel=1e-4)
    assert row["value_low"] < row["value_at_risk"] < row["value_high"]
    assert found["facts"]["problems"] == 1
    assert found["facts"]["value_at_risk"] == row["value_at_risk"]


def test_an_order_by_another_way_since_takes_its_customer_out_of_what_is_at_risk(
    supportkit: Call, folder: Path, tmp_path: Path
) -> None:
    for name in ("tickets.csv", "events.csv", "supportkit.toml"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    later = [
        ("de10", f"{week(46)}T09:00:00Z", "sale", "phone"),
        ("de11", f"{week(46)}T09:00:00Z", "sale", "phone"),
        ("de12", "2026-01-06T09:00:00Z", "sale", "phone"),  # before
        ("de13", f"{week(46)}T09:00:00Z", "cancelled", "web"),  # is no purchase
        ("w45x7", f"{week(46)}T09:00:00Z", "sale", "web"),
    ]
    header, *lines = (folder / "orders.csv").read_text(encoding="utf-8").splitlines()
    rows = [f"new{n},{at},{who}@example.org,50,EUR,DE,{state},{way}" for n, (who, at, state, way) in enumerate(later)]
    text = "\n".join([f"{header},status,channel", *(f"{line},sale,web" for line in lines), *rows])
    (tmp_path / "orders.csv").write_text(text, encoding="utf-8")
    words = ("--data", tmp_path, "--config", tmp_path / "supportkit.toml", "--period", "2026-W45")
    found = asked(supportkit, *words)
    (row,) = found["rows"]
    assert (row["customers"], row["ordered_since"], row["counted"]) == (55, 3, 52)
    assert (found["facts"]["customers"], found["facts"]["ordered_since"]) == (55, 3)
    # de10 and de11 of the 40 who dropped out, w45x7 of the 15 others who wrote
    beyond = 38 * (0.375 / 0.5) + 14 * (20 - row["expected"]) / 20
    assert row["excess_share"] * 52 == pytest.approx(beyond, rel=1e-4)
    said = "3 customers have ordered since the trouble, by whatever way: not lost, and not counted in what is at risk"
    assert said in found["notes"]
    page = tmp_path / "brief.html"
    supportkit("brief", *words, "--output", page)
    read = page.read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "customers of each problem who have not ordered since × the share" in read
    russian = supportkit("brief", *words, "--lang", "ru")[1]
    assert "3 клиента с новым заказом после этого" in russian


def test_a_complaint_that_is_spelt_in_two_ways_is_one_problem(supportkit: Call, folder: Path, tmp_path: Path) -> None:
    for name in ("events.csv", "orders.csv", "supportkit.toml"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    lines = (folder / "tickets.csv").read_text(encoding="utf-8").replace(",DE,card", ",DE,Card").splitlines()
    # most write card, those from DE alone, whose it rises, Card
    lines += [f"n{w}x{one},{week(w)}T10:00:00Z,n{one}@example.org,FR,card" for w in range(30, 46) for one in range(5)]
    (tmp_path / "tickets.csv").write_text("\n".join(lines), encoding="utf-8")
    found = asked(supportkit, "--data", tmp_path, "--config", tmp_path / "supportkit.toml", "--period", "2026-W45")
    (row,) = found["rows"]
    assert (row["problem"], row["place"], row["tickets"], row["owner"]) == ("Card", "DE", 20, "Ann")
    finding = Finding("changed", 1.0, "", "card", "", ())
    assert len(distinct([finding, replace(finding, subject="Card")])) == 1


def test_a_drop_off_without_a_complaint_says_since_when_it_is(
    supportkit: Call, samples: Path, folder: Path, tmp_path: Path
) -> None:
    words: tuple[str | Path, ...] = ("--data", samples / "events.csv", "--data", samples / "orders.csv")
    own = ("--config", samples / "supportkit.toml")
    for period in ("2026-10", "2026-W45"):  # data/samples/README.md (a): from 2026-W42 on
        (row,) = asked(supportkit, *words, *own, "--period", period)["rows"]
        assert (row["problem"], row["since"], row["since_unknown"]) == ("drop-off at payment", "2026-10-12", None)
    config = tmp_path / "supportkit.toml"
    config.write_text(
        (samples / "supportkit.toml").read_text(encoding="utf-8").partition("[[check]]")[0]
        + '[report.own]\ngrain = "month"\nbrief = true\nsections = ["funnel"]\n',
        encoding="utf-8",
    )
    report = ("report", "--audience", "own", *words, "--config", config, "--period", "2026-10", "--format", "html")
    page = supportkit(*report)[1].replace("\u00a0", " ")
    assert "47 % leave at payment (231 of 492), of the others 15 %, since 12 October 2026." in page
    assert "у остальных 15 %, с 12 октября 2026" in supportkit(*report, "--lang", "ru")[1].replace("\u00a0", " ")
    # of the small shop one week of events is there
    words = ("--data", folder / "events.csv", "--config", folder / "supportkit.toml", "--period", "2026-W45")
    found = asked(supportkit, *words)
    why = "1 week whose windows are over are there, and that needs 5"
    assert [(row["since"], row["since_unknown"]) for row in found["rows"]] == [(None, why)]
    assert f"DE, payment: since when is not known: {why}" in found["notes"]


def test_a_rate_rises_from_the_period_that_two_rates_fit_best() -> None:
    usual, worse = (100, 20), (100, 50)
    assert rise([usual] * 8 + [worse] * 3) == 8
    assert rise([usual] * 8 + [worse]) == 8
    assert rise([usual] * 12) is None
    assert rise([worse] * 8 + [usual] * 4) is None  # it falls
    assert rise([usual] * 3 + [worse] * 8) is None  # before it are too few
    # 25 of 100 after 20: twice the gain in log-likelihood is 2 of the 8.85 that it takes
    assert rise([usual] * 8 + [(100, 25)]) is None
    # one rate from 5 to 35 of 100 varies so much that 40 is none of another
    assert rise([(100, 5), (100, 35)] * 5 + [(100, 40)]) is None


def test_without_orders_nothing_is_priced_and_that_is_said(supportkit: Call, folder: Path) -> None:
    config = folder / "supportkit.toml"
    found = asked(
        supportkit, "--data", folder / "tickets.csv", "--data", folder / "events.csv", "--config", config,
        "--period", "2026-W45",
    )  # fmt: skip
    (row,) = found["rows"]
    # tickets are measured against the customers who wrote, of whom there are as many more: no complaint rises
    assert (row["problem"], row["customers"]) == ("drop-off at payment", 40)
    assert (row["value_at_risk"], row["ltv_customers"]) == (None, 0)
    assert "nothing tells what a customer is worth: there are no orders" in found["notes"]


def test_a_place_that_is_chosen_keeps_its_drop_off_against_the_others(
    supportkit: Call, folder: Path, stored: Words
) -> None:
    whole, *_ = asked(supportkit, "--data", folder, "--period", "2026-W45")["rows"]
    (row,) = asked(supportkit, "--data", folder, "--period", "2026-W45", "--where", "country=DE")["rows"]
    names = ("place", "step", "drop_share", "others_share", "dropped", "at_step", "silent")
    assert [row[name] for name in names] == [whole[name] for name in names]
    (row,) = asked(supportkit, *stored, "--period", "2026-10", "--where", "country=DE")["rows"]
    # a group is compared with the rest: what cuts to it is left out of the command
    assert "why funnel --step payment --group country=DE --period 2026-10" in row["next"]
    assert "--where" not in row["next"]
    both = asked(supportkit, "--data", folder, "--period", "2026-W45", "--where", "country=FR")
    assert both["rows"] == []  # which loses less than the others


def test_steps_may_be_named_where_no_configuration_has_them(
    supportkit: Call, folder: Path, stored: Words, tmp_path: Path
) -> None:
    for name in ("tickets", "events", "orders"):
        (tmp_path / f"{name}.csv").write_bytes((folder / f"{name}.csv").read_bytes())
    (tmp_path / "supportkit.toml").write_text('[funnel]\nwindow = "1d"\n', encoding="utf-8")
    found = asked(supportkit, "--data", tmp_path, "--period", "2026-W45")
    (note,) = (one for one in found["notes"] if one.startswith("no drop-off is looked at"))
    assert note.endswith("or --steps in their order, of these, most frequent first: payment, paid, other")
    (row,) = asked(supportkit, "--data", tmp_path, "--period", "2026-W45", "--steps", "payment,paid")["rows"]
    assert (row["step"], row["dropped"]) == ("payment", 40)
    steps = ("--steps", "visit,cart,payment,paid")
    (of_samples,) = asked(supportkit, *stored, "--period", "2026-10", *steps)["rows"]
    assert "--group country=DE --steps visit,cart,payment,paid" in of_samples["next"]
    (tmp_path / "events.csv").unlink()
    notes = asked(supportkit, "--data", tmp_path, "--period", "2026-W45")["notes"]
    assert "no drop-off is looked at: there are no events" in notes


def in_two_currencies(folder: Path, target: Path, paid_in: dict[str, str]) -> Path:
    """The small shop, whose customers of a country paid in a currency."""
    for name in ("tickets.csv", "events.csv", "supportkit.toml"):
        (target / name).write_bytes((folder / name).read_bytes())
    lines = (folder / "orders.csv").read_text(encoding="utf-8").splitlines()
    changed = [line.replace("EUR", paid_in.get(line.rsplit(",", 1)[1], "EUR")) for line in lines]
    (target / "orders.csv").write_text("\n".join(changed), encoding="utf-8")
    return target


def test_two_currencies_are_never_added_and_what_is_done_is_said(
    supportkit: Call, folder: Path, tmp_path: Path
) -> None:
    shop = in_two_currencies(folder, tmp_path, {"DE": "USD"})
    found = asked(supportkit, "--data", shop, "--config", shop / "supportkit.toml", "--period", "2026-W45")
    (row,) = found["rows"]
    assert (row["currency"], found["scope"]["currency"]) == ("USD", "USD")  # the one problem is valued in it
    assert found["facts"]["value_at_risk"] == row["value_at_risk"] > 0
    said = "orders are in EUR, USD, which are never added: the total is in USD"
    assert any(note.startswith(said) for note in found["notes"])
    words = ("brief", "--data", shop, "--config", shop / "supportkit.toml", "--period", "2026-W45", "--lang")
    assert " USD " in supportkit(*words, "en")[1]
    assert "заказы в EUR, USD, они не складываются: итог в USD" in supportkit(*words, "ru")[1]


def test_problems_of_two_currencies_are_ranked_one_currency_after_the_other() -> None:
    def in_currency(problem: Problem) -> Worth:
        return Worth(worth(problem).value, 50, "USD" if problem.place else "EUR")

    # of which card is worth more, in USD; w1 to w10, who wrote of both, count where the total is
    late, card = counted_once(FOUND, in_currency, "EUR")
    assert [(one.touched.problem.name, one.currency, one.counted) for one in (late, card)] == [
        ("late", "EUR", 40), ("card", "USD", 70),
    ]  # fmt: skip


def test_people_read_names_and_days_in_words(supportkit: Call, folder: Path) -> None:
    words = ("brief", "--data", folder, "--config", folder / "supportkit.toml", "--period", "2026-W45")
    out = supportkit(*words)[1]
    (row,) = (line for line in out.splitlines() if line.startswith("card"))
    assert re.split(r"\s{2,}", row)[1:3] == ["Germany", "2 November 2026"]
    assert "week 45, 2–8 November 2026 · " in out
    codes = asked(supportkit, *words[1:])["rows"][0]
    assert (codes["place"], codes["since"]) == ("DE", "2026-11-02")


def test_a_rise_that_several_weeks_told_names_their_count_beside_that_of_the_period(
    supportkit: Call, stored: Words
) -> None:
    found = asked(supportkit, *stored, "--period", "2026-W45")
    _, late = found["rows"]
    said = "delivery delayed: found by 60 tickets in 2 weeks where 24 were expected; its tickets here are those of the"
    assert any(note.startswith(said) for note in found["notes"])
    assert late["tickets"] == 36
    russian = supportkit("brief", *stored, "--period", "2026-W45", "--lang", "ru")[1]
    assert "60 обращений за 2 нед. вместо ожидаемых 24" in russian
    assert re.search(r"^delivery delayed +везде ", russian, re.MULTILINE)


def test_without_steps_of_a_funnel_there_are_complaints_alone(supportkit: Call, folder: Path, tmp_path: Path) -> None:
    config = tmp_path / "supportkit.toml"
    config.write_text('[data]\ncurrency = "EUR"\n', encoding="utf-8")
    found = asked(supportkit, "--data", folder, "--config", config, "--period", "2026-W45")
    (row,) = found["rows"]
    assert (row["step"], row["silent"], row["customers"]) == (None, None, 20)
    assert found["facts"]["silent"] is None
    assert any(note.startswith("no drop-off is looked at: a funnel needs its steps") for note in found["notes"])


def test_a_quiet_period_has_no_problem_and_says_so(supportkit: Call, folder: Path) -> None:
    found = asked(supportkit, "--data", folder, "--period", "2026-W44")
    assert found["rows"] == []
    assert (found["facts"]["problems"], found["facts"]["value_at_risk"]) == (0, None)
    assert "no problem is beyond chance" in found["notes"]


def test_a_period_without_data_ends_with_3(supportkit: Call, folder: Path) -> None:
    code, _, err = supportkit("brief", "--data", folder, "--period", "2031-W02")
    assert code == 3
    assert "no data: tickets are loaded, and none is in scope" in err


def test_a_column_that_is_two_is_refused(supportkit: Call, folder: Path) -> None:
    code, _, err = supportkit("brief", "--data", folder, "--by", "country")
    assert (code, "two columns" in err) == (2, True)


def test_the_samples_have_the_planted_troubles_and_shares_that_add_up(supportkit: Call, stored: Words) -> None:
    found = asked(supportkit, *stored, "--period", "2026-W45")
    card, late = found["rows"]
    # data/samples/README.md (a) and (b): of plan annual 90 at the payment, 27 of them paid; 36 tickets
    assert (card["problem"], card["place"], card["tickets"]) == ("payment declined", "DE", 36)
    assert (card["step"], card["since"]) == ("payment", "2026-10-12")
    assert card["mostly"].startswith("plan annual (63 of ")
    assert "; payment method card (" in card["mostly"]
    assert late["problem"] == "delivery delayed"
    assert sum(row["share"] for row in found["rows"]) == pytest.approx(1, abs=1e-6)
    facts = found["facts"]
    assert sum(row["counted"] for row in found["rows"]) == facts["customers"] - facts["ordered_since"]
    assert sum(row["value_at_risk"] for row in found["rows"]) == pytest.approx(found["facts"]["value_at_risk"])
    for row in found["rows"]:
        code, _, err = supportkit(*shlex.split(row["next"])[1:], "--format", "json")
        assert code == 0, err


def test_who_can_still_go_on_is_told_as_the_funnel_tells_it(supportkit: Call, stored: Words) -> None:
    words = ("funnel", "--dropped", "payment", "--where", "country=DE", "--period", "2026-W45", *stored, "-f", "json")
    note = next(one for one in json.loads(supportkit(*words)[1])["notes"] if "can still go on" in one)
    still = int(note.partition(" ")[0])
    assert 0 < still < 66
    told = f"{still} of those who dropped out can still go on: the window of the funnel is open"
    assert told in asked(supportkit, *stored, "--period", "2026-W45")["notes"]
    assert not any("go on" in one for one in asked(supportkit, *stored, "--period", "2026-10")["notes"])


def test_the_owner_of_a_touchpoint_owns_what_is_mapped_there(supportkit: Call, stored: Words) -> None:
    rows = asked(supportkit, *stored, "--period", "2026-W45")["rows"]
    assert [row["owner"] for row in rows] == ["Payments", "Logistics"]


def test_it_names_as_many_silent_as_affected_lists(supportkit: Call, stored: Words) -> None:
    row = asked(supportkit, *stored, "--period", "2026-W45")["rows"][0]
    words = ("affected", "funnel", "--step", "payment", "--slice", "country=DE")
    _, out, _ = supportkit(*words, "--period", "2026-W45", *stored, "--format", "json")
    assert json.loads(out)["facts"]["customers"] == row["silent"]


def test_it_heads_the_directors_report_with_the_same_figures(
    report_of: ReportOf, supportkit: Call, stored: Words
) -> None:
    made = report_of("director", "2026-10")
    alone = asked(supportkit, *stored, "--period", "2026-10")
    results = json.loads(written(made, "json"))
    assert [one["metric"] for one in results[:2]] == ["report", "brief"]
    assert results[1]["facts"] == alone["facts"]
    facts = alone["facts"]
    total, low, high = (f"{facts[name]:,.0f}" for name in ("value_at_risk", "value_low", "value_high"))
    left = facts["customers"] - facts["ordered_since"]
    said = f"{total} EUR at risk [{low}, {high}], {left} customers; {facts['ordered_since']} more have ordered since"
    assert said in written(made, "text")
    page = written(made, "html").replace("\u00a0", " ")
    assert page.index(said) < page.index('id="figures"') < page.index('id="checks"')
    row = alone["rows"][0]
    share = f"{100 * row['drop_share']:.0f} %"
    assert f"{share} leave at payment ({row['dropped']} of {row['at_step']}), of the others" in page
    assert f"{row['silent']} dropped out and have not written" in page
    assert f"{row['ordered_since']} of them have ordered since: not counted" in page
    assert f"{row['tickets']} tickets (October 2026) where" in page


def test_an_own_audience_may_have_it_too(supportkit: Call, folder: Path, tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    text = (folder / "supportkit.toml").read_text(encoding="utf-8")
    config.write_text(text + '[report.shop]\nbrief = true\nsections = ["service"]\n', encoding="utf-8")
    words = ("report", "--audience", "shop", "--data", folder, "--config", config, "--period", "2026-W45")
    code, out, _ = supportkit(*words, "--format", "text")
    assert (code, "EUR at risk [" in out) == (0, True)
    # of all data no complaint is tested: the problems of its last week are none of the page's period
    assert "at risk" not in supportkit(*words[:-1], "all", "--format", "text")[1]
    config.write_text(text + '[report.shop]\nbrief = "yes"\nsections = ["service"]\n', encoding="utf-8")
    code, _, err = supportkit(*words)
    assert (code, "brief is true or false" in err) == (2, True)


def test_a_page_of_it_names_its_next_commands_at_its_foot(supportkit: Call, stored: Words, tmp_path: Path) -> None:
    page = tmp_path / "brief.html"
    first = asked(supportkit, *stored, "--period", "2026-10")["rows"][0]["next"]
    for language, lone in (("en", "next"), ("ru", "далее")):
        words = ("--period", "2026-10", "--lang", language, "--output", page)
        assert supportkit("brief", *stored, *words)[0] == 0
        body, _, foot = page.read_text(encoding="utf-8").partition("<footer")
        assert f"<code>{html.escape(first.split(' --db ')[0])}" in foot
        assert "supportkit" not in body.partition("<main")[2]
        assert f"<li>{lone}</li>" not in body
