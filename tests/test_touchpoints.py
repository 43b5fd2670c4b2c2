"""Touchpoints: contacts, complaints, scores, drop-off, trend and signs, worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from supportkit.errors import UsageError
from supportkit.explaining.touchpoint_findings import findings
from supportkit.explaining.touchpoints import cases, touchpoints
from supportkit.offers.cases import rows_behind
from supportkit.period import parse_period
from supportkit.render.language import ENGLISH, language_of
from supportkit.render.value_text import cell
from supportkit.result import detail
from supportkit.stats.intervals import wilson
from supportkit.store import Store
from tests.conftest import CONFIG, Call

Shop = Callable[..., Store]
MAP = {
    "delivery": {"owner": "Ann", "tickets": "category in (late, broken)"},
    "pay": {"step": "pay", "tickets": "category=declined"},
    "hello": {"moment": "first"},
    "bye": {"moment": "last"},
    "parcel": {"score": "csi[item=parcel]"},
}
FUNNEL = {"steps": ("visit", "pay", "paid")}
OCTOBER = parse_period("2026-10", date(2026, 12, 1))
TICKETS = """
ticket_id,created_at,customer_id,category,is_complaint
A,2026-09-05T10:00:00Z,a,late,true
B,2026-10-05T10:00:00Z,a,late,true
C,2026-10-06T10:00:00Z,b,broken,false
D,2026-10-07T10:00:00Z,c,declined,true
E,2026-10-08T10:00:00Z,c,other,false
F,2026-11-20T10:00:00Z,b,other,false
"""
SURVEYS = """
kind,score,responded_at,customer_id,ticket_id,item,scale_min,scale_max
csat,5,2026-10-06T10:00:00Z,a,B,,1,5
csat,2,2026-10-07T10:00:00Z,b,C,,1,5
csi,4,2026-10-07T10:00:00Z,d,,parcel,1,5
csi,2,2026-10-07T10:00:00Z,e,,parcel,1,5
csi,4,2026-10-07T10:00:00Z,f,,parcel,1,5
csi,2,2026-10-07T10:00:00Z,g,,parcel,1,5
csi,3,2026-10-07T10:00:00Z,h,,parcel,1,5
csi,5,2026-10-07T10:00:00Z,e,,price,1,5
"""
EVENTS = "user_id,occurred_at,step\n" + "\n".join(
    f"u{number},2026-10-05T10:0{place}:00Z,{step}"
    for number in range(10)
    for place, step in enumerate(("visit", "pay", "paid")[: 3 if number < 5 else 2 if number < 9 else 1])
)


@pytest.fixture
def told(shop: Shop) -> Store:
    return shop(tickets=TICKETS, surveys=SURVEYS, events=EVENTS)


def test_ten_like_answers_of_a_customer_about_ten_tickets_count_as_one(shop: Shop) -> None:
    # 12 of 20 customers are satisfied, each with all ten tickets
    names = [(who, f"T{who}-{n}") for who in range(20) for n in range(10)]
    tickets = [f"{ticket},2026-10-05T10:00:00Z,c{who},late,true" for who, ticket in names]
    told = [f"csat,{5 if who < 12 else 1},2026-10-06T10:00:00Z,c{who},{ticket},,1,5" for who, ticket in names]
    head, scores = TICKETS.strip().splitlines()[0], SURVEYS.strip().splitlines()[0]
    store = shop(tickets="\n".join([head, *tickets]), surveys="\n".join([scores, *told]))
    found = touchpoints(store, mapped={"delivery": MAP["delivery"]})
    row = next(one for one in found.records() if one["touchpoint"] == "delivery")
    assert row["satisfied"] == 0.6
    assert [row["satisfied_low"], row["satisfied_high"]] == pytest.approx(wilson(12, 20), abs=1e-6)


def test_each_point_has_its_contacts_complaints_score_drop_and_trend(told: Store) -> None:
    result = touchpoints(told, period=OCTOBER, mapped=MAP, funnel=FUNNEL)
    rows = {str(row["touchpoint"]): row for row in result.records()}
    delivery = rows["delivery"]
    assert (delivery["owner"], delivery["contacts"], delivery["complaints"]) == ("Ann", 2, 1)  # B and C
    assert (delivery["contacts_before"], delivery["change"]) == (1, 1)  # A was in September
    # of 5 and 2 one is satisfied: a share, as csat has it, and no number beside those of other scores
    assert (delivery["score_of"], delivery["satisfied"], delivery["answers"]) == ("csat", 0.5, 2)
    assert delivery["score"] is None
    assert next(one.kind for one in result.columns if one.name == "satisfied") == "share"
    # nine came to pay, four of them went no further; of ten visitors one
    assert rows["pay"]["users"] == 9
    assert rows["pay"]["drop_share"] == pytest.approx(4 / 9)
    assert (rows["pay"]["contacts"], rows["pay"]["complaints"]) == (1, 1)
    assert rows["hello"]["contacts"] == 2  # C of b and D of c; a's first was in September
    assert rows["bye"]["contacts"] == 2  # B of a and E of c; b wrote once more in November
    assert rows["bye"]["change"] is None
    # 4 of 1 to 5 is 75, 2 is 25, 3 is 50
    assert (rows["parcel"]["score_of"], rows["parcel"]["score"]) == ("csi[item=parcel]", 50)
    assert rows["parcel"]["satisfied"] is None
    assert rows["parcel"]["contacts"] is None
    assert result.facts == {"touchpoints": 5, "worse": 1, "contacts": 4, "mapped": 0.75}  # B, C and D of four


def test_signs_come_first_and_name_what_is_wrong(shop: Shop) -> None:
    tickets = ["ticket_id,created_at,customer_id,category,is_complaint"]
    tickets += [f"a{n},2026-09-05T10:00:00Z,a{n},late,true" for n in range(10)]
    tickets += [f"b{n},2026-10-05T10:00:00Z,b{n},late,true" for n in range(40)]
    tickets += [f"c{n},2026-{month}-05T10:00:00Z,c{n},other,true" for n in range(60) for month in ("09", "10")]
    tickets += ["z,2026-11-05T10:00:00Z,z,other,true"]
    result = touchpoints(
        shop(tickets="\n".join(tickets), events=EVENTS),
        period=OCTOBER,
        mapped={
            "b": {"tickets": "category=other"},
            "a": {"tickets": "category=late", "owner": "Ann"},
            "p": {"step": "pay"},
        },
        funnel=FUNNEL,
    )
    assert [(row["touchpoint"], row["signs"]) for row in result.records()] == [
        ("a", "contacts rise"),
        ("p", "loses the largest share"),
        ("b", None),
    ]
    assert [one.text for one in findings(result, ENGLISH)] == ["touchpoint a (Ann): contacts rise"]


def test_a_score_below_the_shops_is_a_sign(shop: Shop) -> None:
    tickets = ["ticket_id,created_at,category"]
    surveys = ["kind,score,responded_at,ticket_id,scale_min,scale_max"]
    for number in range(80):
        category, score = ("late", 1) if number < 40 else ("other", 5)
        tickets.append(f"T{number},2026-10-05T10:00:00Z,{category}")
        surveys.append(f"csat,{score},2026-10-06T10:00:00Z,T{number},1,5")
    store = shop(tickets="\n".join(tickets), surveys="\n".join(surveys))
    given = {"bad": {"tickets": "category=late"}, "good": {"tickets": "category=other"}}
    signs = {row["touchpoint"]: row["signs"] for row in touchpoints(store, mapped=given).records()}
    assert signs == {"bad": "score below the shop's", "good": None}


def test_the_rows_of_a_point(told: Store) -> None:
    behind = cases(told, period=OCTOBER, mapped=MAP)
    assert behind.names == ("all", "delivery", "pay", "hello", "bye")
    found = rows_behind(told, behind, "delivery", None, "touchpoints", "Touchpoints")
    assert [row["ticket_id"] for row in found.records()] == ["C", "B"]


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ({"owner": "Ann"}, r"\[touchpoint.x\] maps nothing"),
        ({"tickets": "categry=late"}, r"\[touchpoint.x\] unknown column"),
        ({"score": "ltv"}, r"\[touchpoint.x\] unknown score 'ltv'"),
    ],
)
def test_a_map_that_says_nothing_is_named(point: dict[str, str], message: str, told: Store) -> None:
    with pytest.raises(UsageError, match=message):
        touchpoints(told, mapped={"x": point})


def test_what_is_missing_is_named(told: Store, shop: Shop, supportkit: Call, tmp_path: Path) -> None:
    nothing = touchpoints(told)
    assert nothing.facts == {"touchpoints": 0, "worse": None, "contacts": 0, "mapped": None}
    assert any(note.startswith("no touchpoint is known") for note in nothing.notes)
    given = {"p": {"step": "pay"}, "q": {"moment": "first"}}
    unmarked = touchpoints(shop(tickets="ticket_id,created_at\nA,2026-10-05"), mapped=given)
    assert any("p: no step 'pay' in the funnel" in note for note in unmarked.notes)
    assert any(note.startswith("complaints are not known") for note in unmarked.notes)
    tickets, config = tmp_path / "tickets.csv", tmp_path / "x.toml"
    tickets.write_text(TICKETS.strip())
    config.write_text("[touchpoint.x]\nwoner = 'Ann'\n")
    code, _, err = supportkit("touchpoints", "--data", tickets, "--config", config)
    assert (code, "unknown key 'woner'" in err) == (2, True)
    config.write_text("")
    code, _, err = supportkit("touchpoints", "--data", tickets, "--config", config)
    assert (code, "no data: touchpoints needs a map in [touchpoint.<name>]" in err) == (3, True)


def test_the_samples_map_shows_the_planted_leak_first(supportkit: Call, stored: tuple[str, ...]) -> None:
    code, out, _ = supportkit("touchpoints", *stored, "--period", "2026-10", "-f", "json")
    assert code == 0
    first = json.loads(out)["rows"][0]
    assert (first["touchpoint"], first["owner"]) == ("payment", "Payments")
    assert first["signs"] == "contacts rise, loses the largest share"
    assert "touchpoint" in CONFIG.read_text("utf-8")


def test_signs_and_moments_are_said_in_russian() -> None:
    russian = language_of("ru")
    signs, moment = detail("signs", "text"), detail("moment", "text")
    assert cell("contacts rise, loses the largest share", signs, russian) == "обращений больше, теряет наибольшую долю"
    assert cell("only", moment, russian) == "единственное"
    assert cell("contacts rise", signs) == "contacts rise"
