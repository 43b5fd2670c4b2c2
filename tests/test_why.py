"""why, evidence and affected on the command line: what they say, on data written here and on the sample shop."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from supportkit.stats.break_point import best_break
from supportkit.stats.exact_tests import binomial_upper, fisher_upper
from tests.conftest import Call, Words

FACTS = ["rate_before", "rate_after", "change", "mix", "rate_effect", "coverage", "n_before", "n_after"]
ROWS = ["slice", "n_before", "n_after", "rate_before", "rate_after", "excess", "share", "p_fwer", "q"]


def shop_of(folder: Path, *parts: tuple[int, str, int, int]) -> Path:
    """Events of weeks of 2026: (week, "country plan", users at payment, of them paid)."""
    lines = ["user_id,occurred_at,step,country,device,payment_method,plan"]
    for number, (week, values, users, paid) in enumerate(parts):
        country, plan = values.split()
        day = f"2026-09-{28 + (week - 40) * 7:02d}" if week == 40 else f"2026-10-{5 + (week - 41) * 7:02d}"
        for user in range(users):
            name = f"u{number}x{user}@example.org"
            lines.append(f"{name},{day}T10:00:00Z,payment,{country},,,{plan}")
            if user < paid:
                lines.append(f"{name},{day}T10:05:00Z,paid,{country},,,{plan}")
    lines.append("last@example.org,2026-10-28T10:00:00Z,other,,,,")
    folder.mkdir(exist_ok=True)
    (folder / "events.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def ask(supportkit: Call, *words: str | Path) -> dict[str, Any]:
    code, out, err = supportkit(*words, "--format", "json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


STEPS = ("--steps", "payment,paid", "--step", "payment")


def test_simpsons_case_is_said_in_words(supportkit: Call, tmp_path: Path) -> None:
    parts = [(40, "DE year", 400, 200), (40, "GB year", 600, 420), (41, "DE year", 700, 364), (41, "GB year", 300, 216)]
    folder = shop_of(tmp_path / "shop", *parts)
    shown = ask(supportkit, "why", "funnel", *STEPS, "--after", "2026-W41", "--data", folder)
    assert list(shown["facts"]) == FACTS
    assert shown["facts"] == {
        "rate_before": 0.62, "rate_after": 0.58, "change": -0.04, "mix": -0.06, "rate_effect": 0.02, "coverage": None,
        "n_before": 1000, "n_after": 1000,
    }  # fmt: skip
    assert shown["rows"] == []
    assert any("each country rose, the mix moved" in note for note in shown["notes"])


def test_a_group_is_compared_with_the_rest_without_its_own_dimension(supportkit: Call, tmp_path: Path) -> None:
    parts = [(41, "DE year", 200, 40), (41, "DE month", 100, 80), (41, "GB year", 200, 160), (41, "GB month", 100, 80)]
    folder = shop_of(tmp_path / "shop", *parts)
    shown = ask(supportkit, "why", "funnel", *STEPS, "--group", "country=DE", "--data", folder)
    assert shown["facts"]["rate_before"] == 0.8
    assert shown["facts"]["rate_after"] == 0.4
    assert list(shown["rows"][0])[: len(ROWS)] == ROWS
    assert [row["slice"] for row in shown["rows"]] == ["plan=year"]
    assert (shown["rows"][0]["n_before"], shown["rows"][0]["n_after"]) == (200, 200)
    assert shown["rows"][0]["excess"] == 60  # 160 failures, of 200 in both tables half expected


def test_a_group_is_split_into_what_it_chose_and_how_it_fared(supportkit: Call, tmp_path: Path) -> None:
    # year 2/3 of DE against 1/3: mix 1/3 x (.5 - .6) - 1/3 x (.8 - .6) = -.1; rate .5 x (.2 - .8) = -.3
    parts = [(41, "DE year", 200, 40), (41, "DE month", 100, 80), (41, "GB year", 100, 80), (41, "GB month", 200, 160)]
    folder = shop_of(tmp_path / "shop", *parts)
    shown = ask(supportkit, "why", "funnel", *STEPS, "--group", "country=DE", "--data", folder)
    assert (
        "country=DE against the others: -10.0 points by who chose which plan (mix), "
        "-30.0 points by what happened then (rate)"
    ) in shown["notes"]
    beside = ask(supportkit, "evidence", "funnel", *STEPS, "--group", "country=DE", "--data", folder)
    counts = {(row["kind"], row["what"]): (row["here_after"], row["elsewhere_after"]) for row in beside["rows"]}
    assert counts == {("events", "other"): (0, 1), ("plan", "year"): (200, 100), ("plan", "month"): (100, 200)}
    assert beside["facts"]["rising"] == 1


def test_a_dimension_with_a_value_for_each_customer_does_not_hide_the_country(supportkit: Call, tmp_path: Path) -> None:
    # with the plan a leaf has one customer and one week, so that nothing could be compared by leaf
    weeks = ((40, 0.8, 0.8), (41, 0.3, 0.8))
    parts = [
        (week, f"{country} p{week}{country}{user}", 1, user < 100 * share)
        for week, *shares in weeks
        for country, share in zip(("DE", "GB"), shares, strict=True)
        for user in range(100)
    ]
    folder = shop_of(tmp_path / "shop", *parts)
    words = ("why", "funnel", *STEPS, "--after", "2026-W41", "--data", folder)
    shown = ask(supportkit, *words)
    assert [row["slice"] for row in shown["rows"]] == ["country=DE"]
    assert any(note.startswith("plan left out: too few cases") for note in shown["notes"])
    named = ask(supportkit, *words, "--by", "country,plan")
    assert named["rows"] == []
    assert "too few cases: no slice could be told from chance" in named["notes"]


def test_a_table_without_dimensions_has_no_slice_and_blames_none(supportkit: Call, tmp_path: Path) -> None:
    folder = shop_of(tmp_path / "shop", (41, "DE year", 200, 40), (41, "GB year", 200, 160))
    shown = ask(supportkit, "why", "funnel", *STEPS, "--group", "country=DE", "--data", folder)
    assert shown["rows"] == []
    assert "no dimension has two values here, so there is no slice to look at" in shown["notes"]
    assert not any("outside" in note or "too few" in note for note in shown["notes"])


def test_a_fall_everywhere_lies_outside(supportkit: Call, tmp_path: Path) -> None:
    parts = [
        (w, f"{c} {p}", 300, x) for w, x in ((40, 240), (41, 180)) for c in ("DE", "GB") for p in ("year", "month")
    ]
    shown = ask(
        supportkit, "why", "funnel", *STEPS, "--after", "2026-W41", "--data", shop_of(tmp_path / "shop", *parts)
    )
    assert any("the cause lies outside these dimensions: country, plan" in note for note in shown["notes"])


def test_the_change_of_a_country_dated_by_the_week_it_broke(supportkit: Call, tmp_path: Path) -> None:
    parts = [(w, "DE year", 100, 80 if w < 43 else 40) for w in range(40, 45)]
    parts += [(w, "GB year", 100, 80) for w in range(40, 45)]
    folder = shop_of(tmp_path / "shop", *parts[:4], *parts[5:9])
    words = ("why", "funnel", *STEPS, "--before", "2026-W41", "--after", "2026-W43", "--data", folder)
    shown = ask(supportkit, *words)
    assert shown["rows"][0]["slice"] == "country=DE"
    assert any("it broke with 2026-W43: 240 of 300 (80 %)" in note for note in shown["notes"])


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("why", "npss", "--after", "2026-W41"), 2, "unknown metric 'npss'"),
        (("why", "nps", "--after", "2026-W41"), 2, "error: why nps: nps is not made of slices that can be compared"),
        (("evidence", "ltv"), 2, "error: evidence ltv: ltv is not made of slices"),
        (("affected", "csat"), 2, "hint: these are: funnel"),
        (("why", "funnel", "--steps", "payment,paid", "--after", "2026-W41"), 2, "which step"),
        (("affected", "--steps", "payment,other,paid"), 2, "hint: --step payment, --step other"),
        (("why", "funnel", "--steps", "payment,paid", "--step", "paid", "--after", "2026-W41"), 2, "payment"),
        (("why", "funnel", *STEPS), 2, "two whole periods or a group"),
        (("why", "funnel", *STEPS, "--after", "2026-W44"), 3, "part period"),
        (("why", "funnel", *STEPS, "--after", "2026-W30"), 3, "no users at payment"),
        (("why", "funnel", *STEPS, "--group", "country=XX"), 2, "XX"),
        (("why", "funnel", *STEPS, "--group", "contry=DE"), 2, "country"),
        (("why", "funnel", *STEPS, "--group", "country=DE", "--after", "2026-W41"), 2, "excludes"),
        (("affected", "funnel", *STEPS, "--after", "2026-W41", "--slice", "contry=DE"), 2, "country"),
        (("affected", "funnel", *STEPS, "--after", "2026-W41"), 3, "no slice is beyond chance"),
    ],
)
def test_what_cannot_be_explained_is_named(
    words: tuple[str, ...], code: int, message: str, supportkit: Call, tmp_path: Path
) -> None:
    folder = shop_of(tmp_path / "shop", *[(w, f"{c} year", 50, 25) for w in (40, 41, 44) for c in ("DE", "GB")])
    found, out, err = supportkit(*words, "--data", folder)
    assert (found, out) == (code, ""), err
    assert message in err
    assert "Traceback" not in err


WHY = ("why", "funnel", "--step", "payment", "--before", "2026-W41", "--after", "2026-W45")


def test_the_samples_name_germany_the_annual_plan_cards_and_the_week(supportkit: Call, stored: Words) -> None:
    shown = ask(supportkit, *WHY, *stored)
    best = shown["rows"][0]
    assert best["slice"] == "country=DE & payment_method=card & plan=annual"
    assert best["p_fwer"] == 0.005
    notes = "\n".join(shown["notes"])
    assert "it broke with 2026-W42" in notes
    assert "together in time and place: 36 tickets 'payment declined' in country=DE (2026-W45)" in notes
    assert "because" not in notes
    assert "the window of the last entries in 2026-W45 ends after the data: some may still convert" in notes


def test_people_see_the_evidence_beside_it(supportkit: Call, stored: Words) -> None:
    code, out, _ = supportkit(*WHY, *stored)
    assert code == 0
    assert "Together in time and place: 2026-W45 against 2026-W41" in out
    shown = ask(supportkit, "evidence", *WHY[1:], *stored)
    row = shown["rows"][0]
    assert (row["kind"], row["what"], row["place"]) == ("tickets", "payment declined", "country=DE")
    assert row["here_after"] == 36
    assert row["q"] < 1e-4


def test_tickets_without_categories_are_told_by_their_words(supportkit: Call, samples: Path, tmp_path: Path) -> None:
    for name in ("events.csv", "supportkit.toml"):
        (tmp_path / name).write_bytes((samples / name).read_bytes())
    with (samples / "tickets.csv").open(encoding="utf-8", newline="") as file:
        header, *all_rows = csv.reader(file)
    rows = [header, *(row for row in all_rows if row[1] >= "2026-09")]
    bare = {header.index("category"), header.index("tags")}
    with (tmp_path / "tickets.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [cell if place not in bare or not number else "" for place, cell in enumerate(row)]
            for number, row in enumerate(rows)
        )
    words = ("evidence", "funnel", "--step", "payment", "--before", "2026-W41", "--after", "2026-W45")
    shown = ask(supportkit, *words, "--data", tmp_path, "--config", tmp_path / "supportkit.toml")
    best = shown["rows"][0]
    assert (best["kind"], best["place"], best["here_before"], best["elsewhere_after"]) == (
        "tickets",
        "country=DE",
        0,
        0,
    )
    assert best["here_after"] >= 10
    assert "Zahlung abgelehnt" in best["what"]


def test_affected_lists_who_dropped_and_did_not_write(supportkit: Call, stored: Words) -> None:
    shown = ask(supportkit, "affected", *WHY[1:], *stored)
    assert list(shown["facts"]) == ["customers", "value"]
    assert list(shown["rows"][0])[:4] == ["customer_id", "dropped_at", "step", "value"]
    assert shown["facts"]["customers"] == len({row["customer_id"] for row in shown["rows"]}) > 0
    assert all(row["step"] == "payment" and "2026-11-02" <= row["dropped_at"] <= "2026-11-09" for row in shown["rows"])


def test_affected_is_cut_to_the_first_and_keeps_its_figures(supportkit: Call, stored: Words) -> None:
    whole = ask(supportkit, "affected", *WHY[1:], *stored)
    cut = ask(supportkit, "affected", *WHY[1:], "--top", "2", "--columns", "customer_id,value", *stored)
    assert cut["facts"] == whole["facts"]
    assert cut["rows"] == [{name: row[name] for name in ("customer_id", "value")} for row in whole["rows"][:2]]
    assert f"the first 2 of {len(whole['rows'])} rows, as --top asks" in cut["notes"]
    assert supportkit("affected", *WHY[1:], "--top", "0", *stored)[0] == 2


def test_affected_leaves_out_who_has_written_and_adds_what_they_bought(supportkit: Call, tmp_path: Path) -> None:
    folder = shop_of(tmp_path / "shop", (41, "DE year", 4, 1), (41, "GB year", 2, 0))
    # u0x0 paid; u0x1 wrote after, u0x2 wrote only before, u0x3 did not write
    (folder / "tickets.csv").write_text(
        "ticket_id,created_at,customer_id\n1,2026-10-06T00:00:00Z,u0x1@example.org\n2,2026-10-01T00:00:00Z,u0x2@example.org\n",
        encoding="utf-8",
    )
    (folder / "orders.csv").write_text(
        "order_id,ordered_at,customer_id,amount,currency,refunded\n"
        "1,2026-09-01T00:00:00Z,u0x2@example.org,50,EUR,20\n2,2026-10-07T00:00:00Z,u0x2@example.org,12,EUR,0\n",
        encoding="utf-8",
    )
    words = ("affected", "funnel", *STEPS, "--period", "2026-W41", "--slice", "country=DE", "--data", folder)
    shown = ask(supportkit, *words)
    assert shown["facts"] == {"customers": 2, "value": 42}
    assert [row["value"] for row in shown["rows"]] == [42, None]
    assert [row["ordered_since"] for row in shown["rows"]] == [True, False]
    assert any("3 dropped, 1 of them have written since" in note for note in shown["notes"])


def test_affected_of_no_slice_are_all_who_dropped(supportkit: Call, stored: Words, tmp_path: Path) -> None:
    def facts(*words: str) -> dict[str, object]:
        return dict(ask(supportkit, "affected", "--step", "payment", *words, *stored)["facts"])

    german, others = facts("--slice", "country=DE"), facts("--slice", "country=GB")
    assert 0 < german["customers"] + others["customers"] < facts()["customers"]  # type: ignore[operator]
    crm = tmp_path / "crm.csv"
    crm.write_text("Name,Email\nNobody,nobody@example.org\n", encoding="utf-8")
    shown = ask(supportkit, "affected", "--step", "payment", "--match", str(crm), "--on", "email", *stored)
    assert shown["title"] == "To be told before they ask: everybody, dropped at payment"
    assert any("are in crm.csv by email; nothing is kept" in note for note in shown["notes"])


@pytest.mark.parametrize("name", ["why", "evidence", "affected"])
def test_each_command_has_help(name: str, supportkit: Call) -> None:
    code, out, _ = supportkit(name, "--help")
    assert code == 0
    assert "--step" in out


def test_fishers_exact_test_of_the_lady_tasting_tea() -> None:
    # 4 of 4 right: 1/70; 3 of 4: 17/70 (Fisher 1935)
    assert fisher_upper(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert fisher_upper(3, 4, 1, 4) == pytest.approx(17 / 70)
    with pytest.raises(ValueError, match="between"):
        fisher_upper(5, 4, 0, 4)


def test_the_binomial_tail_of_ten_coins() -> None:
    assert binomial_upper(8, 10, 0.5) == pytest.approx(56 / 1024)  # 45 + 10 + 1
    assert binomial_upper(0, 10, 0.3) == pytest.approx(1)
    with pytest.raises(ValueError, match="inside"):
        binomial_upper(1, 2, 1.0)


def test_a_break_is_where_two_rates_fit_best() -> None:
    assert best_break([(10, 8), (10, 8), (10, 2), (10, 2)]) == 2
    assert best_break([(10, 8)]) is None
    assert best_break([(0, 0), (10, 8)]) is None


@pytest.mark.parametrize("metric", ["service", "trends"])
def test_other_shares_hand_over_leaves_that_sum_to_the_share(metric: str, supportkit: Call, stored: Words) -> None:
    words = ("why", metric, "--before", "2026-W40", "--after", "2026-W45")
    shown = ask(supportkit, *words, *stored)["facts"]
    facts = ask(supportkit, metric, "--period", "2026-W45", *stored)["facts"]
    if metric == "service":
        assert shown["rate_after"] == pytest.approx(facts["sla_met"], abs=1e-6)
    # each is rounded to 6 decimals
    assert shown["change"] == pytest.approx(shown["mix"] + shown["rate_effect"], abs=3e-6)


def test_complaints_are_explained_by_where_they_rose(supportkit: Call, stored: Words) -> None:
    words = ("why", "trends", "--before", "2026-07", "--after", "2026-10", "--by", "channel,country")
    shown = ask(supportkit, *words, *stored)
    assert shown["title"].startswith("Why: tickets that are complaints")
    assert {row["slice"].split("=")[0] for row in shown["rows"]} <= {"channel", "country"}
    assert supportkit(*words[:-1], "chanel", *stored)[0] == 2


def test_no_cause_is_claimed_where_nothing_moved(supportkit: Call, stored: Words) -> None:
    shown = ask(supportkit, "why", "service", "--before", "2026-W43", "--after", "2026-W45", *stored)
    assert not any("outside these dimensions" in note for note in shown["notes"])


def test_a_country_that_is_known_only_where_it_was_paid_is_no_country_of_who_left_before(
    supportkit: Call, tmp_path: Path
) -> None:
    lines = ["user_id,occurred_at,step,country"]
    for user in range(400):  # DE and FR alike: half is known at the visit, half at the payment, four of ten pay
        country, early, pays = ("DE", "FR")[user % 2], user % 4 < 2, user % 10 < 4
        lines.append(f"u{user},2026-08-21T10:00:00Z,visit,{country if early else ''}")
        if pays:
            lines.append(f"u{user},2026-08-21T10:01:00Z,pay,{country}")
    (tmp_path / "e.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = ("why", "funnel", "--steps", "visit,pay", "--step", "visit", "--data", tmp_path / "e.csv")
    shown = ask(supportkit, *words, "--group", "country=DE")
    assert shown["facts"]["n_after"] == 100
    assert shown["facts"]["rate_after"] == shown["facts"]["rate_before"] == 0.4
