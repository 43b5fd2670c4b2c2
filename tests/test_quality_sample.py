"""Quality sample: strata, chances, repeatability, first and last conversations, and the rule of address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from supportkit.desk.address_findings import findings
from supportkit.errors import UsageError
from supportkit.offers.cases import rows_behind
from supportkit.quality_sample import FACTS, cases, quality_sample
from supportkit.render.language import ENGLISH
from supportkit.stats.stratified_sample import SMALL, allocate, strata_for
from supportkit.store import Store
from tests.conftest import Call, shops

Shop = Callable[..., Store]
# by agent and channel: 40, 30, 20 and two of 5; every customer but the last writes twice
SIZES = {("Ann", "email"): 40, ("Ann", "chat"): 30, ("Bob", "email"): 20, ("Bob", "chat"): 5, ("Cat", "chat"): 5}


def desk(texts: dict[str, str] | None = None) -> dict[str, str]:
    tickets, log = ["ticket_id,created_at,customer_id,agent,channel"], ["ticket_id,sent_at,sender,public,text"]
    number = 0
    for (agent, channel), size in SIZES.items():
        for _ in range(size):
            at = f"2026-03-{1 + number // 24:02d}T{number % 24:02d}:00:00Z"
            tickets.append(f"T{number},{at},c{number // 2 if number < 98 else number},{agent},{channel}")
            log.append(f"T{number},{at},agent,true,{(texts or {}).get(f'T{number}', '')}")
            number += 1
    tickets.append("silent,2026-03-20T10:00:00Z,x,Ann,email")
    return {"tickets": "\n".join(tickets), "messages": "\n".join(log)}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with shops(tmp_path_factory.mktemp("desk")) as make:
        yield make(**desk())


def test_each_stratum_has_its_part_and_its_chance(told: Store) -> None:
    result = quality_sample(told, size=50)
    # all but the one that nobody answered; half of each, the two small strata of five each have 2.5
    assert (result.facts["conversations"], result.facts["sampled"], result.facts["strata"]) == (100, 50, 5)
    drawn = Counter((row["agent"], row["channel"]) for row in result.records())
    assert {name: drawn[name] for name in [*SIZES][:3]} == {
        ("Ann", "email"): 20,
        ("Ann", "chat"): 15,
        ("Bob", "email"): 10,
    }
    assert sorted((drawn["Bob", "chat"], drawn["Cat", "chat"])) == [2, 3]
    # of 40 twenty are drawn as two from each of ten parts of four; of 30 fifteen as three from 5 and two from 4 or 5
    for name, size in SIZES.items():
        rows = [row for row in result.records() if (row["agent"], row["channel"]) == name]
        assert {row["stratum_size"] for row in rows} == {size}
        parts = Counter(row["part"] for row in rows)
        assert set(parts.values()) <= {2, 3}
        assert sum(1 / float(str(row["inclusion"])) for row in rows) == pytest.approx(size)
    assert {row["inclusion"] for row in result.records() if row["agent"] == "Ann" and row["channel"] == "email"} == {
        0.5
    }
    assert [column.name for column in result.columns][-6:] == [
        "reader",
        "solved",
        "correct",
        "clear",
        "polite",
        "comment",
    ]


def test_small_strata_are_put_together(told: Store) -> None:
    result = quality_sample(told, size=20)
    rows = [row for row in result.records() if row["stratum"] == SMALL]
    assert {(row["agent"], row["stratum_size"], row["inclusion"]) for row in rows} <= {
        ("Bob", 10, 0.2),
        ("Cat", 10, 0.2),
    }
    assert len(rows) == 2
    assert any(note.startswith("2 small strata are put together") for note in result.notes)


def test_the_same_seed_draws_the_same_and_every_conversation_has_its_chance(told: Store) -> None:
    assert quality_sample(told, size=20).rows == quality_sample(told, size=20).rows
    seen: Counter[object] = Counter()
    for seed in range(100):
        seen.update(row["ticket_id"] for row in quality_sample(told, size=20, seed=seed).records())
    assert len(seen) == 100
    # each is drawn 20 times of 100, give or take 4; of a hundred none is further than five times that
    assert max(seen.values()) <= 40
    assert min(seen.values()) >= 4


def test_first_and_last_conversations_are_drawn_in_their_part(told: Store) -> None:
    moments = Counter(row["moment"] for row in quality_sample(told, size=50).records())
    assert set(moments) <= {"first", "last", "only"}
    assert 22 <= moments["first"] <= 28  # 49 of 100 are first, as many last, two only
    assert 22 <= moments["last"] <= 28


def test_a_sample_as_large_as_all_is_all(told: Store) -> None:
    result = quality_sample(told, size=500)
    assert len({row["ticket_id"] for row in result.records()}) == 100
    assert {row["inclusion"] for row in result.records()} == {1}
    assert "all conversations are drawn" in result.notes


@pytest.mark.parametrize(
    ("text", "mixes"),
    [
        ("Ты можешь прислать фото? Мы вам ответим.", True),
        ("Ваш заказ в пути, спасибо вам.", False),
        ("Тебе ответят, твой заказ в пути.", False),
        ("Новый адрес мы выслали", None),
        ("Kannst du mir schreiben? Dann helfen wir Ihnen.", True),
        ("Sie kommen morgen. Wir melden uns bei dir.", False),  # a sentence may begin with they
        ("Können Sie mir Ihre Nummer nennen?", False),
        ("Thank you", None),
    ],
)
def test_the_rule_of_address(text: str, mixes: bool | None, shop: Shop) -> None:
    tickets = "ticket_id,created_at\nA,2026-03-01T10:00:00Z\nB,2026-03-01T10:00:00Z"
    log = f'ticket_id,sent_at,sender,public,text\nA,2026-03-01T10:00:00Z,agent,true,"{text}"\n'
    log += "A,2026-03-01T11:00:00Z,customer,true,Ты и вы\nB,2026-03-01T11:00:00Z,agent,true,ok"
    store = shop(tickets=tickets, messages=log)
    result = quality_sample(store, size=2)
    shown = {row["ticket_id"]: row["mixes"] for row in result.records()}
    assert shown["A"] is (bool(mixes) if mixes is not None else False)
    assert (result.facts["with_address"], result.facts["mixed"]) == ((0, None) if mixes is None else (1, float(mixes)))
    found = rows_behind(store, cases(store), "mixed", None, "quality-sample", "Quality sample")
    assert len(found.rows) == bool(mixes)


def test_what_an_agent_quotes_of_the_customer_is_not_how_the_agent_writes(shop: Shop) -> None:
    tickets = "ticket_id,created_at,channel,agent\nA,2026-03-01T10:00:00Z,email,ann\nB,2026-03-01T10:00:00Z,email,ann"
    log = (
        'ticket_id,sent_at,sender,public,text\nA,2026-03-01T11:00:00Z,agent,true,"Wir helfen Ihnen.\n> kannst du mir\n'
        ' >> hilf mir, du"\nB,2026-03-01T11:00:00Z,agent,true,"> bitte\nDas helfe ich dir, wenn Sie > 3 haben"'
    )
    found = quality_sample(shop(tickets=tickets, messages=log))
    assert {row["ticket_id"]: row["mixes"] for row in found.records()} == {"A": False, "B": True}


def test_a_mix_is_told_where_it_is_often(shop: Shop) -> None:
    store = shop(**desk({f"T{n}": "Kannst du? Wir helfen Ihnen." if n < 4 else "Wir helfen Ihnen." for n in range(40)}))
    (told,) = findings(quality_sample(store), ENGLISH)
    assert told.text == "10 % of 40 conversations mix the familiar and the formal address"
    assert findings(quality_sample(shop(**desk())), ENGLISH) == []


def test_what_cannot_be_drawn(told: Store, shop: Shop, supportkit: Call, stored: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="at least 2"):
        quality_sample(told, size=1)
    with pytest.raises(UsageError, match="'agent' is a column already"):
        quality_sample(told, criteria=("agent",))
    with pytest.raises(UsageError, match="no column to judge"):
        quality_sample(told, criteria=())
    with pytest.raises(UsageError, match="would be drawn twice"):
        quality_sample(told, by="tags")
    nothing = quality_sample(shop(tickets="ticket_id,created_at"))
    assert nothing.facts == {fact.name: 0 if fact.role == "n" else None for fact in FACTS}
    code, out, _ = supportkit("quality-sample", *stored, "--size", "12", "-f", "csv")
    assert (code, len(out.splitlines())) == (0, 13)


def test_parts_in_proportion() -> None:
    assert allocate({"a": 50, "b": 30, "c": 20}, 10) == {"a": 5, "b": 3, "c": 2}
    assert allocate({"a": 97, "b": 3}, 10) == {"a": 8, "b": 2}
    assert allocate({"a": 97, "b": 1}, 10) == {"a": 9, "b": 1}
    assert allocate({"a": 3, "b": 3}, 100) == {"a": 3, "b": 3}
    assert sum(allocate({str(n): 10 + n for n in range(9)}, 31).values()) == 31
    assert strata_for({"a": 96, "b": 2, "c": 2}, 10) == {"a": "a", "b": SMALL, "c": SMALL}
    assert strata_for({"a": 98, "b": 2}, 10) == {"a": "a", "b": "b"}  # one alone is put together with nothing
