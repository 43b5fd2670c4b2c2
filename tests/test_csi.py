"""Customer satisfaction index: published numbers, importance, scales."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from supportkit.csi import csi
from supportkit.errors import DataError
from supportkit.period import containing
from supportkit.result import Chart
from supportkit.store import Store
from tests.survey_answers import WEEK, WEEK_BEFORE, fact, said

Shop = Callable[..., Store]


CSI_HEADER = "kind,score,responded_at,scale_min,scale_max,item,weight,customer_id"


def respondent(name: str, scores: Sequence[object], weights: Sequence[object], scale: str = "1,10") -> list[str]:
    """The lines of one respondent of a CSI survey."""
    return [
        f"csi,{score},{WEEK},{scale},item{place},{weight},{name}"
        for place, (score, weight) in enumerate(zip(scores, weights, strict=True))
    ]


def test_csi_is_the_published_one_on_both_scales(shop: Shop) -> None:
    # importance 7 5 9 3 6, scores 8 4 8 3 4: 181/30 = 6.033333, 60.33 % of the maximum, 55.926 rescaled
    lines = [line for number in range(5) for line in respondent(f"c{number}", (8, 4, 8, 3, 4), (7, 5, 9, 3, 6))]
    found = csi(shop(surveys="\n".join([CSI_HEADER, *lines])))
    assert fact(found, "csi", "csi_percent_of_max", "answers") == (
        pytest.approx(55.926, abs=5e-4),
        pytest.approx(60.333, abs=5e-4),
        5,
    )
    # five equal respondents say nothing about the spread
    assert fact(found, "csi_low", "csi_high") == (None, None)
    assert said(found, "no interval where all respondents have one index, above 0 and below 100")


def test_an_index_that_is_100_for_all_has_the_interval_of_a_share(shop: Shop) -> None:
    lines = [line for number in range(5) for line in respondent(f"c{number}", (10, 10, 10), (7, 5, 0.1))]
    found = csi(shop(surveys="\n".join([CSI_HEADER, *lines])))
    # Wilson's of 5 of 5: 5/(5 + 1.96^2)
    assert fact(found, "csi", "csi_low", "csi_high") == pytest.approx((100, 100 * 5 / 8.841459, 100))
    assert not said(found, "no interval")


def test_csi_without_importance_counts_all_items_alike(shop: Shop) -> None:
    lines = [line for number in range(5) for line in respondent(f"c{number}", (8, 4, 8, 3, 4), [""] * 5)]
    found = csi(shop(surveys="\n".join([CSI_HEADER, *lines])))
    # (8 + 4 + 8 + 3 + 4)/5 = 5.4, 54 % of the maximum
    assert fact(found, "csi_percent_of_max") == (pytest.approx(54.0),)
    assert said(found, "items without an importance (weight): all count alike")


def test_a_scale_from_nought_to_one_is_one(shop: Shop) -> None:
    # of five respondents two say 1 and three 0: two fifths of the maximum, and of the way up
    lines = [line for n in range(5) for line in respondent(f"c{n}", (int(n < 2),), ("",), "0,1")]
    found = csi(shop(surveys="\n".join([CSI_HEADER, *lines])))
    assert fact(found, "csi", "csi_percent_of_max", "answers") == (pytest.approx(40.0), pytest.approx(40.0), 5)


def holds_wilsons_equation(ends: Sequence[object], mean: float, variance: float, n: int) -> bool:
    """Whether (m - e)^2 is 1.96^2 f / n x e (1 - e) at both ends, in shares of the scale; f is the spread of the
    indices against that of all-or-nothing ones with .3 of a respondent more at that end. Towards a bound that is nearer
    than the middle, .3 of the skewness, f / n x (2 e - 1), is on top."""
    share, held = mean / 100, []
    for end, at, way in zip([float(str(one)) / 100 for one in ends], (0.0, 100.0), (-1, 1), strict=True):
        middle = (n * mean + 0.3 * at) / (n + 0.3)
        square = (variance * (n - 1) + n * mean**2 + 0.3 * at**2) / (n + 0.3)
        spread = (square - middle**2) / (middle * (100 - middle))
        moved = way * (end - share) - 0.3 * spread / n * max(0.0, way * (2 * end - 1))
        held.append(moved**2 == pytest.approx(1.959964**2 * spread / n * end * (1 - end), rel=1e-3))
    return all(held)


def test_csi_renormalises_the_importance_of_the_items_answered(shop: Shop) -> None:
    # indices on 0..100 by hand: 100, 0, and (w 1: 10, w 3: 1) = 25, and an unanswered item leaves (10) = 100, (1) = 0
    lines = [
        *respondent("a", (10, 10), (1, 3)),
        *respondent("b", (1, 1), (1, 3)),
        *respondent("c", (10, 1), (1, 3)),
        *respondent("d", (10,), (1,)),
        *respondent("e", (1,), (1,)),
    ]
    found = csi(shop(surveys="\n".join([CSI_HEADER, *lines])))
    # mean 45, variance (55^2 + 45^2 + 20^2 + 55^2 + 45^2)/4 = 2625
    assert fact(found, "csi", "answers") == (45.0, 5)
    assert holds_wilsons_equation(fact(found, "csi_low", "csi_high"), 45, 2625, 5)


def test_csi_on_an_undeclared_scale_that_could_be_two_is_refused(shop: Shop) -> None:
    lines = [line for number in range(9) for line in respondent(f"c{number}", (5, 4), (1, 1), ",")]
    store = shop(surveys="\n".join([CSI_HEADER, *lines]))
    with pytest.raises(DataError, match="declare no scale") as refused:
        csi(store)
    assert refused.value.hint == "say which it is: --scale 1-5 or --scale 1-10"
    assert fact(csi(store, scale="1-5"), "csi") == (pytest.approx(87.5),)


def test_csi_takes_the_items_mean_importance_where_one_is_missing_or_negative(shop: Shop) -> None:
    lines = [
        *(line for number in range(4) for line in respondent(f"c{number}", (10, 1), (1, 3))),
        *respondent("d", (10, 1), ("", -2)),
    ]
    found = csi(shop(surveys="\n".join([CSI_HEADER, *lines])))
    # every respondent: (1 * 100 + 3 * 0)/4
    assert fact(found, "csi", "answers") == (25.0, 5)
    assert said(found, "2 answers without an importance of 0 or more: the mean of the item is taken")


def by_channel(name: str, channel: str, *items: tuple[object, object, object], when: str = WEEK) -> list[str]:
    """The lines of one respondent of a channel from (item, score, weight), on a scale of 1 to 5."""
    return [f"csi,{score},{when},1,5,{item},{weight},{name},{channel}" for item, score, weight in items]


def shop_of(shop: Shop, *lines: list[str], **tables: str) -> Store:
    header = f"{CSI_HEADER},channel"
    return shop(surveys="\n".join([header, *(line for part in lines for line in part)]), **tables)


def test_the_whole_result_of_eleven_respondents(shop: Shop) -> None:
    # chat, six: price 5 (w 1) and speed 3 (w 3): (1 * 100 + 3 * 50)/4 = 62.5, of the maximum (1 * 100 + 3 * 60)/4 = 70
    # email, five: price 1 (w 2) and speed 2 (w 2): (0 + 25)/2 = 12.5, of the maximum (20 + 40)/2 = 30
    chat = [by_channel(f"c{n}", "chat", ("price", 5, 1), ("speed", 3, 3)) for n in range(6)]
    email = [by_channel(f"e{n}", "email", ("price", 1, 2), ("speed", 2, 2)) for n in range(5)]
    odd = [
        f"csi,6,{WEEK},1,5,price,1,off,email",
        f"csi,4.5,{WEEK},1,5,price,1,half,email",
        f"nps,9,{WEEK},0,10,,,n,fax",
    ]
    found = csi(shop_of(shop, *chat, *email, odd), by="channel")
    assert (found.metric, found.title) == ("csi", "Customer satisfaction index")
    assert found.definition == (
        "importance-weighted mean of a respondent's items, lowest score 0, highest 100; 95 % interval"
    )
    total = (6 * 62.5 + 5 * 12.5) / 11
    assert fact(found, "csi", "csi_percent_of_max", "answers") == pytest.approx((total, (6 * 70 + 5 * 30) / 11, 11))
    # over all: squares 6 * (62.5 - total)^2 + 5 * (12.5 - total)^2 over 10
    variance = (6 * (62.5 - total) ** 2 + 5 * (12.5 - total) ** 2) / 10
    assert holds_wilsons_equation(fact(found, "csi_low", "csi_high"), total, variance, 11)
    assert [row[:6] for row in found.rows] == [
        ("chat", 62.5, None, None, 70.0, 6),
        ("email", 12.5, None, None, 30.0, 5),
    ]
    assert [row[6] for row in found.rows] == [None, None]  # nobody in a group differs from another
    assert found.notes[0] == "2 answers off their scale left out"
    assert found.chart == Chart("interval", x="channel", y="csi", low="csi_low", high="csi_high")
    assert (found.scope.period, found.scope.rows) == ("all", 25)


def test_every_option_of_csi_is_passed_on(shop: Shop) -> None:
    lines = [
        *(by_channel(f"c{n}", "chat", ("price", 5 - n % 2, 1)) for n in range(6)),  # 100 and 75: 87.5
        *(by_channel(f"e{n}", "email", ("price", 3 - n % 2, 1)) for n in range(6)),  # 50 and 25: 37.5
        *(by_channel(f"b{n}", "chat", ("price", 4 - n % 2, 1), when=WEEK_BEFORE) for n in range(6)),  # 62.5
        by_channel("later", "chat", ("price", 5, 1), when="2026-11-10T10:00:00Z"),
    ]
    channels = ["chat"] * 30 + ["email"] * 10
    closed = [f"{n},2026-11-03T09:00:00Z,{channel},closed" for n, channel in enumerate(channels)]
    store = shop_of(shop, *lines, tickets="\n".join(["ticket_id,created_at,channel,status", *closed]))
    week = containing(date(2026, 11, 3), "week")
    assert fact(csi(store, period=week), "answers", "csi") == (12, 62.5)
    chat, email = csi(store, period=week, by="channel", against="rest").rows
    assert (chat[6], email[6]) == (50.0, -50.0)
    # three of 100 and three of 75 vary by 187.5, as do the others: Welch on 10 degrees of freedom, t(10) = 2.2281
    half = 2.2281 * (2 * 187.5 / 6) ** 0.5
    assert chat[7:9] == pytest.approx((50 - half, 50 + half), abs=1e-3)
    assert [row[6] for row in csi(store, period=week, by="channel", against="before").rows] == [25.0, None]
    assert [row[:2] for row in csi(store, by="channel", over="week").rows] == [
        ("chat", "2026-W44"),
        ("chat", "2026-W45"),
        ("chat", "2026-W46"),
        ("email", "2026-W45"),
    ]
    weighed = csi(store, weigh_by="channel")
    # chat: 13 respondents of (6 * 87.5 + 6 * 62.5 + 100)/13 = 76.92, three quarters of the closed tickets; email 37.5
    assert fact(weighed, "csi") == (pytest.approx(0.75 * 1000 / 13 + 0.25 * 37.5),)
    assert said(weighed, "raw 64.5, weighted 67.1")  # raw (6 * 87.5 + 6 * 37.5 + 6 * 62.5 + 100)/19
    rest = csi(store, period=week, by="channel", against="rest")
    assert said(rest, "chat (+50.0 points), email (-50.0 points)")


def test_importance_counts_only_where_every_item_has_some(shop: Shop) -> None:
    # speed has no importance anywhere: all items count alike, (100 + 0)/2
    lines = [by_channel(f"c{n}", "chat", ("price", 5, 3), ("speed", 1, "")) for n in range(5)]
    found = csi(shop_of(shop, *lines))
    assert fact(found, "csi") == (50.0,)
    assert found.notes[0] == "items without an importance (weight): all count alike"
    # of importance 0 everywhere: the same
    lines = [by_channel(f"c{n}", "chat", ("price", 5, 0), ("speed", 1, 0)) for n in range(5)]
    found = csi(shop_of(shop, *lines))
    assert fact(found, "csi") == (50.0,)
    assert found.notes[0] == "items without an importance (weight): all count alike"


def test_an_item_of_no_importance_counts_nothing_and_who_answered_only_such_is_left_out(shop: Shop) -> None:
    lines = [
        *(by_channel(f"c{n}", "chat", ("price", 5, 1), ("speed", 1, 0)) for n in range(5)),
        by_channel("x", "chat", ("speed", 1, 0)),
    ]
    found = csi(shop_of(shop, *lines))
    assert fact(found, "csi", "csi_percent_of_max", "answers") == (100.0, 100.0, 5)
    assert found.notes[0] == "1 respondent with items of no importance only left out"
    lines = [by_channel(f"c{n}", "chat", ("price", 5, 1)) for n in range(5)]
    assert not any("importance" in note for note in csi(shop_of(shop, *lines)).notes)


def test_the_mean_importance_is_that_of_the_item(shop: Shop) -> None:
    # price has 1 and 3: 2 in the mean; speed has 1, 1, 1 and 0: .75 (and f, who changes neither)
    lines = [
        by_channel("a", "chat", ("price", 5, 1), ("speed", 2, 1)),  # (100 + 25)/2 = 62.5
        by_channel("b", "chat", ("price", 5, 3), ("speed", 2, 1)),  # (300 + 25)/4 = 81.25
        by_channel("c", "chat", ("price", 5, ""), ("speed", 2, "")),  # (200 + 18.75)/2.75
        by_channel("d", "chat", ("price", 5, -4), ("speed", 2, 1)),  # (200 + 25)/3 = 75
        by_channel("e", "chat", ("speed", 2, 0)),  # nothing but an item of no importance
        by_channel("f", "chat", ("price", 5, 2), ("speed", 2, 0.75)),  # the means themselves: as c
    ]
    found = csi(shop_of(shop, *lines))
    assert fact(found, "csi", "answers") == (pytest.approx((62.5 + 81.25 + 2 * 218.75 / 2.75 + 75) / 5, abs=1e-5), 5)
    assert said(found, "3 answers without an importance of 0 or more: the mean of the item is taken")


def test_an_item_without_a_name_has_a_mean_importance_too(shop: Shop) -> None:
    # the nameless item weighs 3 in the mean: c's index is (3 * 100 + 1 * 0)/4
    lines = [
        *(by_channel(f"c{n}", "chat", ("", 5, 3), ("speed", 1, 1)) for n in range(4)),
        by_channel("c", "chat", ("", 5, ""), ("speed", 1, 1)),
    ]
    assert fact(csi(shop_of(shop, *lines)), "csi", "answers") == (75.0, 5)


def test_respondents_are_told_apart_by_customer_ticket_order_and_time(shop: Shop) -> None:
    text = f"""
    kind,score,responded_at,scale_min,scale_max,item,customer_id,ticket_id,order_id
    csi,5,{WEEK},1,5,price,a,,1
    csi,1,{WEEK},1,5,speed,a,,1
    csi,5,{WEEK},1,5,price,b,,1
    csi,5,{WEEK},1,5,price,a,2,1
    csi,5,{WEEK},1,5,price,a,,2
    csi,5,{WEEK_BEFORE},1,5,price,a,,1
    """
    # a's first answer is of two items: 50; the other four are 100 each
    assert fact(csi(shop(surveys=text)), "csi", "answers") == (90.0, 5)


def test_scales_from_zero_and_below_count_and_one_that_ends_at_nought_does_not(shop: Shop) -> None:
    text = ["kind,score,responded_at,scale_min,scale_max,item,customer_id"]
    text += [f"csi,2,{WEEK},0,4,price,z{n}" for n in range(5)]  # 50; of the maximum 50
    text += [f"csi,-1,{WEEK},-2,0,price,m{n}" for n in range(5)]
    found = csi(shop(surveys="\n".join(text)))
    assert fact(found, "csi", "csi_percent_of_max", "answers") == (50.0, 50.0, 5)
    assert said(found, "several scales: -2-0 (5 answers), 0-4 (5 answers)")
    # nor does one of a single score, declared or with the usual lowest one; a 0 on 0-4 does
    text += [f"csi,5,{WEEK},5,5,price,s", f"csi,1,{WEEK},,1,price,u", f"csi,0,{WEEK},0,4,price,v"]
    found = csi(shop(surveys="\n".join(text)))
    assert fact(found, "csi", "answers") == (pytest.approx(250 / 6), 6)


def test_an_index_has_no_interval_beyond_0_and_100(shop: Shop) -> None:
    lines = [by_channel(f"c{n}", "chat", ("price", 5 if n else 4, 1)) for n in range(6)]
    found = csi(shop_of(shop, *lines))
    # 100 five times and 75: mean 95.83, variance 104.17; Student's reaches to 106.5
    low, high = fact(found, "csi_low", "csi_high")
    assert low < 95.8333 < high < 100
    assert holds_wilsons_equation((low, high), 575 / 6, 625 / 6, 6)
    lines = [by_channel(f"c{n}", "chat", ("price", 1 if n else 2, 1)) for n in range(6)]
    mirrored = fact(csi(shop_of(shop, *lines)), "csi_low", "csi_high")
    assert mirrored == (pytest.approx(100 - high), pytest.approx(100 - low))


def test_a_score_above_five_shows_which_scale_was_meant(shop: Shop) -> None:
    lines = [line for n in range(9) for line in respondent(f"c{n}", (6, 4), (1, 1), ",")]
    found = csi(shop(surveys="\n".join([CSI_HEADER, *lines])))
    assert fact(found, "csi") == (
        pytest.approx((500 / 9 + 300 / 9) / 2, abs=1e-5),
    )  # (5 + 3)/9 of the way from 1 to 10
    assert found.notes[0] == "18 answers without a declared scale, read as 1-10"
    lines = [line for n in range(9) for line in respondent(f"c{n}", (5, 4), (1, 1), "1,5")]
    assert fact(csi(shop(surveys="\n".join([CSI_HEADER, *lines]))), "csi") == (87.5,)  # declared: no question
    beyond = [line for n in range(9) for line in respondent(f"c{n}", (50, 40), (1, 1), ",")]
    with pytest.raises(DataError, match="18 of 18 csi answers lie off the 1-10 scale"):
        csi(shop(surveys="\n".join([CSI_HEADER, *beyond])))


def test_no_answers_are_no_index(shop: Shop) -> None:
    found = csi(shop(surveys=f"kind,score,responded_at\nnps,9,{WEEK}"))
    assert list(found.facts.values()) == [None, None, None, None, 0]
    assert found.notes == ()
