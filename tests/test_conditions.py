"""Conditions: one language for --where, --keep, the brackets of a check and the steps of a funnel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportkit.checks.rule import read_rule
from supportkit.errors import UsageError
from supportkit.exports import LoadOptions, load
from supportkit.exports.recognising.keeping import parse_kept
from supportkit.funnel import funnel
from supportkit.store import Store, memory_store
from supportkit.store.conditions import Condition, Operator, equals, parse_conditions, read_step, split_list
from tests.conftest import Call

SYMBOLS: Final[tuple[Operator, ...]] = ("=", "!=", "<", "<=", ">", ">=", "like", "not like")

# ---- the language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("country=DE", Condition("country", "=", "DE")),
        ("  country == 'DE' ", Condition("country", "=", "DE")),
        ("channel<>chat", Condition("channel", "!=", "chat")),
        ("channel != chat", Condition("channel", "!=", "chat")),
        ("amount>=100", Condition("amount", ">=", "100")),
        ("amount < 1.5", Condition("amount", "<", "1.5")),
        ("category=payment declined", Condition("category", "=", "payment declined")),
        ("Ticket type = a/b (c)", Condition("Ticket type", "=", "a/b (c)")),
        ("subject=don't worry", Condition("subject", "=", "don't worry")),
        ("subject='don''t'", Condition("subject", "=", "don't")),
        ('subject="say ""yes"""', Condition("subject", "=", 'say "yes"')),
        ("subject='black and white, or = so'", Condition("subject", "=", "black and white, or = so")),
        ("subject=the 'black and white' one", Condition("subject", "=", "the 'black and white' one")),
        ('"is it = ""so""?"=yes', Condition('is it = "so"?', "=", "yes")),
        ("Amount in (EUR)>5", Condition("Amount in (EUR)", ">", "5")),
        ("How do you like it=5", Condition("How do you like it", "=", "5")),
        ("channel in (chat, 'e, mail',phone)", Condition("channel", "in", "chat", ("e, mail", "phone"))),
        ("channel NOT  IN(chat)", Condition("channel", "not in", "chat")),
        ("country in ('', DE)", Condition("country", "in", "", ("DE",))),
        ("subject like '%a=b%'", Condition("subject", "like", "%a=b%")),
        ("subject not like %late%", Condition("subject", "not like", "%late%")),
        ("country is empty", Condition("country", "is empty")),
        ("country IS NOT empty", Condition("country", "is not empty")),
        ("country=", Condition("country", "is empty")),
        ("country!=''", Condition("country", "is not empty")),
        ("code='007'", Condition("code", "=", "007", quoted=True)),
        ("code='x7'", Condition("code", "=", "x7")),
    ],
)
def test_a_condition_is_read(text: str, expected: Condition) -> None:
    assert parse_conditions([text]) == (expected,)
    assert parse_conditions([str(expected)]) == (expected,)


def test_conditions_are_joined_by_and() -> None:
    text = "amount>=10 and country in (DE, AT) AND note is empty and plan='a and b'"
    found = ("amount>=10", "country in (DE, AT)", "note is empty", "plan='a and b'")
    assert tuple(map(str, parse_conditions([text]))) == found
    assert parse_conditions(["amount>=10", "country=DE"]) == parse_conditions(["amount>=10 and country=DE"])


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("country", 8, "'country' is no condition"),
        ("", 1, "name of a column is missing"),
        ("=DE", 1, "name of a column is missing"),
        ("country=DE and", 15, "name of a column is missing"),
        ("amount>", 8, "a value is missing"),
        ("subject like", 13, "a value is missing"),
        ("channel in ()", 13, "a value is missing"),
        ("channel in (chat", 17, "the list is not closed"),
        ("channel in (chat) or more", 19, "'or more' is not understood"),
        ("amount=>5", 8, "a value that begins with > stands in quotes"),
        ("country='DE", 9, "a quote is not closed"),
        ("country='DE' x", 14, "'x' is not understood"),
        ("country='DE'and kind=nps", 13, "'and kind=nps' is not understood"),
        ("'Plan Type'=Pro", 1, "in double quotes"),
        ("country=DE or country=AT", 11, "reads like a second condition"),
        ("country=DE, channel=chat", 11, "reads like a second condition"),
        ("a=1 and b in (2", 16, "the list is not closed"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, column: int, message: str) -> None:
    with pytest.raises(UsageError, match=f"column {column}: .*") as told:
        parse_conditions([text])
    assert message in told.value.message
    assert told.value.hint


words = st.text(min_size=1, max_size=12)
conditions = st.builds(Condition, words, st.sampled_from(SYMBOLS), words, st.just(()), st.booleans()) | st.builds(
    Condition, words, st.sampled_from(["in", "not in"]), words | st.just(""), st.lists(words, max_size=3).map(tuple)
)


@settings(max_examples=500, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=3))
def test_a_condition_that_is_written_and_read_is_the_same(made: list[Condition]) -> None:
    """What is equal is what selects the same rows: quotes matter to numbers and days alone, and to `=` alone."""
    text = " and ".join(map(str, made))
    found = parse_conditions([text])
    assert [(one.column, one.operator, one.values) for one in found] == [
        (one.column, one.operator, one.values) for one in made
    ]
    assert parse_conditions([" and ".join(map(str, found))]) == found
    assert read_rule(f"service.tickets[{', '.join(map(str, found))}] >= 1").where == found
    assert read_step(f"orders where {text} as big order", len("orders where "))[:2] == (found, "big order")
    (step,) = split_list(f"orders where {text} as big order")
    assert step == f"orders where {text} as big order"


def test_steps_are_parted_at_commas_outside_quotes_and_lists() -> None:
    text = "visit,cart?,orders where product in (beans, tea) and note='a,b' as first, don't, can't,x (y"
    parts = [
        "visit",
        "cart?",
        "orders where product in (beans, tea) and note='a,b' as first",
        " don't",
        " can't",
        "x (y",
    ]
    assert split_list(text) == parts


def test_the_value_of_a_row_of_a_result_becomes_its_condition() -> None:
    assert str(equals("category", "payment declined")) == "category=payment declined"
    assert str(equals("category", "(none)")) == "category is empty"


# ---- what is selected

ORDERS = """order_id,ordered_at,customer_id,amount,currency,country,product,Plan Type,Due
o1,2026-03-01T23:30:00Z,c1,10,EUR,DE,beans xl,pro,2026-04-01
o2,2026-03-02T08:00:00Z,c2,100.5,EUR,AT,tea,10,2026-04-02
o3,2026-03-02T22:59:59Z,c3,9.5,EUR,,"tea, green",9,
o4,2026-03-02T23:00:00Z,c4,0,EUR,FR,it's,007,2026-04-02T10:00:00Z
o5,2026-03-03T08:00:00Z,c5,250,EUR,DE,,,
"""
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("orders") / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shop(orders: Path) -> Iterator[Store]:
    with store_of(orders) as store:
        yield store


def store_of(path: Path, *keep: str) -> Store:
    from dataclasses import replace

    store = memory_store()
    load(store, [path], LoadOptions(zone="Europe/Berlin", keep=keep))
    return replace(store, zone="Europe/Berlin")


def ids(store: Store) -> str:
    """The orders of a store, as cut."""
    found = store.rows("select order_id from orders order by order_id", store.select("orders"))
    return " ".join(str(row[0]).removeprefix("o") for row in found)


SELECTED = [
    ("country=DE", "1 5"),
    ("country!=DE", "2 3 4"),
    ("country<>'DE'", "2 3 4"),
    ("country is empty", "3"),
    ("country=", "3"),
    ("country is not empty", "1 2 4 5"),
    ("country in (DE, AT)", "1 2 5"),
    ("country not in (DE, AT)", "3 4"),
    ("country in ('', AT)", "2 3"),
    ("country like '_E'", "1 5"),
    ("country not like 'D%'", "2 3 4"),
    ("product='tea, green'", "3"),
    ("product='it''s'", "4"),
    ("product in (tea, 'tea, green', 'beans xl')", "1 2 3"),
    ("product like 'tea%' and amount>9.6", "2"),
    ("product > m", "2 3"),  # "beans xl" and "it's" are before it
    ("amount=100.5", "2"),
    ("amount=10.00", "1"),
    ("amount!=0", "1 2 3 5"),
    ("amount in (0, 250)", "4 5"),
    ("amount>9.5 and amount<=100.5", "1 2"),
    ("amount is empty", ""),
    # in Berlin o1 is of March 2nd, o3 of the last second of it, o4 of March 3rd
    ("ordered_at=2026-03-02", "1 2 3"),
    ("ordered_at!=2026-03-02", "4 5"),
    ("ordered_at<2026-03-02", ""),
    ("ordered_at<=2026-03-02", "1 2 3"),
    ("ordered_at>2026-03-02", "4 5"),
    ("ordered_at>=2026-03-03", "4 5"),
    ("ordered_at in (2026-03-03, 2026-03-04)", "4 5"),
    ("ordered_at>=2026-03-02T09:00", "2 3 4 5"),  # 8:00 UTC
    ("ordered_at>2026-03-02T08:00:00Z", "3 4 5"),
    # a column that nobody has typed: by the value, in quotes a text
    ('"Plan Type"=pro', "1"),
    ("Plan Type>9", "2"),
    ("Plan Type=7", "4"),
    ("Plan Type='7'", ""),
    ("Plan Type='007'", "4"),
    ("Plan Type!=7", "1 2 3 5"),
    ("Plan Type in (9, 10)", "2 3"),
    ("Plan Type is empty", "5"),
    ("Due>2026-04-01", "2 4"),
    ("Due=2026-04-02", "2 4"),
    ("Due<=2026-04-01", "1"),
    ("Due is not empty and country=AT", "2"),
]


@pytest.mark.parametrize(("text", "expected"), SELECTED)
def test_a_condition_selects_the_same_rows_wherever_it_is_written(
    text: str, expected: str, orders: Path, shop: Store
) -> None:
    assert ids(shop.filtered(parse_conditions([text]))) == expected, "--where"
    bracketed = text.replace(" and ", ", ")
    assert ids(shop.filtered(read_rule(f"ltv.orders[{bracketed}] >= 0").where)) == expected, "a check's brackets"
    started = funnel(shop, steps=(f"orders where {text} as some", "tickets")).facts["started"]
    assert started == len(expected.split()), "a funnel's step"
    with store_of(orders, text) as kept:
        assert ids(kept) == expected, "--keep"


values = st.sampled_from(["DE", "AT", "tea", "tea, green", "it's", "10", "9", "007", "0", "2026-03-02", "2026-04-02"])
columns = st.sampled_from(["country", "product", "Plan Type", "Due"])
made = st.builds(
    Condition, columns, st.sampled_from([*SYMBOLS, "in", "not in"]), values, st.just(()), st.booleans()
) | st.builds(Condition, columns, st.sampled_from(["is empty", "is not empty"]))


@settings(max_examples=60, deadline=None)
@given(st.lists(made, min_size=1, max_size=2))
def test_any_condition_selects_the_same_rows_wherever_it_is_written(made: list[Condition]) -> None:
    import tempfile

    texts = [str(one) for one in made]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        path.write_text(ORDERS, encoding="utf-8")
        with store_of(path) as shop, store_of(path, *texts) as kept:
            where = ids(shop.filtered(parse_conditions(texts)))
            assert ids(shop.filtered(read_rule(f"ltv.orders[{', '.join(texts)}] >= 0").where)) == where
            step = f"orders where {' and '.join(texts)} as some"
            assert funnel(shop, steps=(step, "tickets")).facts["started"] == len(where.split())
            assert ids(kept) == where


@settings(max_examples=60, deadline=None)
@given(made)
def test_a_condition_and_its_opposite_part_all_rows(one: Condition) -> None:
    """Empty rows are never lost: they are on the side of `!=`, `not in`, `not like`."""
    opposite: dict[str, Operator] = {"=": "!=", "in": "not in", "like": "not like", "is empty": "is not empty"}
    if one.operator not in opposite:
        return
    from dataclasses import replace

    with memory_store() as store:
        load_text(store)
        here = ids(store.filtered([one])).split()
        there = ids(store.filtered([replace(one, operator=opposite[one.operator])])).split()
    assert sorted([*here, *there]) == ["1", "2", "3", "4", "5"]


def load_text(store: Store) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        path.write_text(ORDERS, encoding="utf-8")
        load(store, [path], LoadOptions())


def test_tags_and_flags_are_compared_as_such(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,created_at,subject,tags,is_complaint\n"
        't1,2026-03-01T08:00Z,a,"vip,new",true\n'
        "t2,2026-03-01T08:00Z,b,new,false\n"
        "t3,2026-03-01T08:00Z,c,,\n",
        encoding="utf-8",
    )
    expected = {
        "tags=new": 2,
        "tags!=vip": 2,
        "tags in (vip, old)": 1,
        "tags not in (vip, old)": 2,
        "tags like 'n%'": 2,
        "tags is empty": 1,
        "tags is not empty": 2,
        "is_complaint=true": 1,
        "is_complaint!=true": 2,
        "is_complaint is empty": 1,
    }
    for text, count in expected.items():
        out = supportkit("contacts", "--data", tmp_path, "--where", text, "--format", "json")[1]
        assert json.loads(out)["facts"]["contacts"] == count, text
        db = tmp_path / f"{len(text)}{hash(text)}.duckdb"
        supportkit("load", tmp_path / "tickets.csv", "--db", db, "--keep", text, "-q")
        out = supportkit("contacts", "--db", db, "--format", "json")[1]
        assert json.loads(out)["facts"]["contacts"] == count, f"--keep {text}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("amount>high", "'high' is not a number"),
        ("amount in (1, high)", "'high' is not a number"),
        ("ordered_at>=2026-13-01", "'2026-13-01' is not a day or a time"),
        ("amount like '1%'", "like is for texts"),
        ("amount>1e999", "'1e999' is not a number"),
        ("product like 'a\\'", "a backslash itself is written twice"),
        ("contry=DE", "unknown column of orders 'contry'"),
    ],
)
def test_a_value_that_the_column_cannot_have_is_told(text: str, message: str, supportkit: Call, orders: Path) -> None:
    code, out, err = supportkit("ltv", "--data", orders, "--where", text)
    assert (code, out) == (2, "")
    assert message in err


def test_values_are_bound_and_never_pasted(shop: Store) -> None:
    hostile = "x'; drop table orders; --"
    for operator in ("=", "!=", "like", "in"):
        condition = Condition("Plan Type", operator, hostile)
        selection = shop.filtered([condition]).select("orders")
        assert "drop" not in selection.sql
        assert hostile in selection.parameters.values()


# ---- what each place has of its own


def test_keep_compares_columns_and_calculations(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "order_id,ordered_at,customer_id,amount,Paid,Unit Price,Quantity,Billed,Shipped\n"
        "o1,2026-03-01,c1,10,10,5,2,DE,DE\n"
        "o2,2026-03-01,c2,9,10,4.5,2,DE,AT\n"
        "o3,2026-03-01,c3,100,,50,2,,\n",
        encoding="utf-8",
    )
    expected = {
        "amount < Paid": "2",  # 9 is less than 10, as numbers
        "amount >= [Paid]": "1",
        'Billed = "Shipped"': "1 3",
        "Billed != [Shipped]": "2",
        "Quantity*Unit Price = amount": "1 2 3",
        "amount/2 > 2*4": "3",
        "Quantity > 1 and Unit Price in (5, 50)": "1 3",
        "record in (1, 3)": "1 3",
        "record<=2": "1 2",
        "Billed=DE": "1 2",
        "'DE' = Billed": "1 2",
        "Paid is empty": "3",
        "Billed > [Shipped]": "2",  # DE is behind AT
        "Paid+amount > 19.5": "1",
    }
    for text, rows in expected.items():
        with store_of(path, text) as kept:
            assert ids(kept) == rows, text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Quantitty>0", "column 1: expected a header"),
        ("Quantity>0 and Quantitty>0", "column 16: expected a header"),
        ("Quantity", "column 9: 'Quantity' is no condition"),
        ("Billed=Shipped", "column 8: 'Shipped' is a text and a column"),
        ("'x'=y", "'x' is no header of the file"),
        ('"Biled"=DE', "'Biled' is no header of the file"),
    ],
)
def test_a_fault_of_keep_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(UsageError) as told:
        parse_kept(text, ["Quantity", "Billed", "Shipped"])
    assert message in told.value.message


def test_the_nearest_header_is_named() -> None:
    with pytest.raises(UsageError) as told:
        parse_kept("Quantitty in (1, 2)", ["Order", "Quantity"])
    assert told.value.hint.startswith("did you mean 'Quantity'?")


def test_keep_in_the_configuration_may_end_in_a_quote(supportkit: Call, orders: Path, tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text("[columns.orders]\nkeep = \"country = 'DE'\"\n", encoding="utf-8")
    code, _, err = supportkit("load", orders, "--config", config, "--db", tmp_path / "a.duckdb")
    assert (code, "loaded 2" in err, "rejected 3" in err) == (0, True, True)


def test_a_check_takes_values_with_commas_and_brackets(supportkit: Call, orders: Path) -> None:
    words = ("--data", orders, "--period", "all", "--format", "json")
    rule = "ltv.orders[product in ('tea, green', tea), country is empty] == 1"
    code, out, _ = supportkit("check", "--expect", rule, *words)
    assert (code, json.loads(out)["rows"][0]["value"]) == (0, 1)
    code, _, err = supportkit("check", "--expect", "ltv.orders[product=tea >= 1", *words)
    assert (code, "column 28: the bracket is not closed" in err) == (2, True)
    code, _, err = supportkit("check", "--expect", "ltv.orders[amount>high] >= 1", *words)
    assert (code, "'high' is not a number" in err) == (2, True)


def test_the_steps_of_a_funnel_take_lists_with_commas(supportkit: Call, orders: Path) -> None:
    steps = "orders where product in (tea, 'tea, green') as tea,orders where amount>1000 as rich"
    code, out, _ = supportkit("funnel", "--data", orders, "--steps", steps, "--format", "json")
    assert (code, json.loads(out)["facts"]["started"]) == (0, 2)
    assert [row["step"] for row in json.loads(out)["rows"]] == ["tea", "rich"]


def test_a_day_begins_in_the_configured_time_zone(shop: Store) -> None:
    selection = shop.filtered(parse_conditions(["ordered_at>=2026-03-03"])).select("orders")
    bounds = [value for name, value in selection.parameters.items() if "_where_" in name]
    assert bounds == [datetime(2026, 3, 3, tzinfo=BERLIN)]


def test_a_filter_is_shown_as_it_can_be_given_again(supportkit: Call, orders: Path) -> None:
    words = ("ltv", "--data", orders, "--format", "json")
    text = "product in (tea, 'tea, green') and country!='it''s'"
    filters: list[Any] = json.loads(supportkit(*words, "--where", text)[1])["scope"]["filters"]
    assert filters == ["product in (tea, 'tea, green')", "country!='it''s'"]
    again = [word for one in filters for word in ("--where", one)]
    assert supportkit(*words, *again) == supportkit(*words, "--where", text)


@pytest.mark.parametrize("metric", ["trends", "contacts", "service", "nps", "ltv", "cost"])
def test_the_as_of_of_a_metric_is_the_same_whoever_is_looked_at(
    metric: str, supportkit: Call, stored: tuple[str, ...]
) -> None:
    asked = [(), ("--where", "country=DE"), ("--where", "country=nosuch")]
    scopes = [json.loads(supportkit(metric, *stored, *words, "-f", "json")[1])["scope"] for words in asked]
    assert len({(scope["as_of"], scope["period"]) for scope in scopes}) == 1
