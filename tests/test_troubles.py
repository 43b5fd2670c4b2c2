"""Two levels of topics: each trouble is one topic, whatever its words and languages, and no name ever changes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from benchmarks.troubles import bare, coarse, document, provider_documents, sample_documents, topics_of, whole_troubles

from supportkit.stats import trouble_ties
from supportkit.stats.registry_edits import merged, renamed, split_topic
from supportkit.stats.topic_course import profile_of
from supportkit.stats.topic_records import Registry, TicketDocument, Wording
from supportkit.stats.topic_registry import update
from supportkit.stats.trouble_ties import Group, tied
from supportkit.stats.troubles import category_of
from supportkit.stats.wording_likeness import MIXED, in_two, joined
from tests.conftest import Call, Words

START = date(2026, 1, 5)
Known = tuple[Registry, dict[str, int], list[TicketDocument], dict[str, str]]


@pytest.fixture(autouse=True)
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tied by meaning where the extra is installed is not looked at here."""
    monkeypatch.setattr(trouble_ties, "is_installed", lambda: False)


@pytest.fixture(scope="module")
def samples_known() -> Known:
    """The samples' registry, the topic of each ticket, the tickets, and what each was written for."""
    documents, truth = sample_documents()
    registry, assigned = update(Registry(), documents)
    return registry, topics_of(registry, documents, assigned), documents, truth


def test_each_of_the_samples_14_kinds_of_trouble_is_one_topic(samples_known: Known) -> None:
    _, topics, _, truth = samples_known
    assert whole_troubles(topics, truth) == set(truth.values())
    assert len(set(topics.values())) == len(set(truth.values())) == 14


def test_causes_of_the_samples_have_a_row_per_trouble_and_a_phrase_for_a_name(
    supportkit: Call, stored_with_topics: Words, samples: Path
) -> None:
    _, out, _ = supportkit("causes", *stored_with_topics, "--format", "json")
    names = [row["topic"] for row in json.loads(out)["rows"] if row["topic"] != "unassigned"]
    assert 8 <= len(names) <= 14
    with (samples / "tickets.csv").open(encoding="utf-8") as file:
        written = [re.sub(r"\s+", " ", f"{row['subject']}\n{row['body']}").lower() for row in csv.DictReader(file)]
    for name in names:
        assert " " in name
        assert sum(name.lower() in text for text in written) >= 3, name


def test_wordings_add_up_to_their_topics(supportkit: Call, stored_with_topics: Words) -> None:
    def rows(*words: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(supportkit(*words, *stored_with_topics, "--format", "csv")[1])))

    for metric in ("causes", "topics"):
        whole, parts = rows(metric), rows(metric, "--wordings")
        assert len(parts) > 2 * len(whole)
        assert "wording" in parts[0]
        assert "wording" not in whole[0]
        total = Counter[str]()
        for row in parts:
            total[row["topic"]] += int(row["tickets"])
        assert total == {row["topic"]: int(row["tickets"]) for row in whole}


def test_wordings_are_of_topics_alone(supportkit: Call, stored: Words) -> None:
    code, out, err = supportkit("causes", "--by", "category", "--wordings", *stored)
    assert (code, out) == (2, "")
    assert "only topics have wordings" in err


def test_no_id_and_no_name_changes_while_the_samples_grow(samples_known: Known) -> None:
    registry, _, documents, _ = samples_known
    first = min(one.day for one in documents)
    names: dict[int, str] = {}
    for week in (9, 14, 21, 33, 47):
        known = [one for one in documents if one.day < first + timedelta(weeks=week)]
        before, _ = update(Registry(), known)
        now = {one.trouble_id: one.name for one in before.troubles} | {
            one.wording_id: one.name for one in before.wordings
        }
        assert names.items() <= now.items()
        assert len(now) > len(names)
        names = now
    assert (
        names.items()
        <= (
            {one.trouble_id: one.name for one in registry.troubles}
            | {one.wording_id: one.name for one in registry.wordings}
        ).items()
    )


def test_the_order_of_the_tickets_changes_no_trouble(samples_known: Known) -> None:
    registry, _, documents, _ = samples_known
    again, _ = update(Registry(), documents[::-1])
    assert again.troubles == registry.troubles


@pytest.mark.parametrize("seed", [2, 11])
def test_each_trouble_of_a_shop_with_other_words_is_one_topic(seed: int) -> None:
    documents, truth = provider_documents(seed)
    registry, assigned = update(Registry(), documents)
    assert whole_troubles(topics_of(registry, documents, assigned), truth) == set(truth.values())


@pytest.mark.parametrize("categories", [3, 5])
def test_a_coarse_category_glues_no_troubles(categories: int) -> None:
    """A desk with a few categories, each of several troubles: topics are of one trouble, as without categories."""
    documents, truth = provider_documents(11)
    few = coarse(documents, truth, categories)
    registry, assigned = update(Registry(), few)
    topics = topics_of(registry, few, assigned)
    mixed = Counter((topic, truth[key]) for key, topic in topics.items())
    most = {topic: max(count for (each, _), count in mixed.items() if each == topic) for topic in set(topics.values())}
    assert sum(most.values()) >= 0.97 * len(topics)


def test_without_categories_each_trouble_is_a_topic_of_its_language() -> None:
    documents, truth = provider_documents(1)
    plain = bare(documents)
    registry, assigned = update(Registry(), plain)
    topics = topics_of(registry, plain, assigned)
    spoken = {one.key: f"{truth[one.key]} {one.group}" for one in plain}
    assert len(whole_troubles(topics, spoken)) >= 27  # of 30


def test_wordings_are_joined_by_their_words_and_the_desk_s_category() -> None:
    parcel, late = {"parcel": 0.9, "late": 0.6}, {"parcel": 0.8, "depot": 0.5, "late": 0.3}
    card, login = {"card": 0.9, "declined": 0.7}, {"password": 0.9, "reset": 0.6}
    few = {"page": 0.9, "card": 0.15}  # a likeness of .145 to card
    four = [parcel, late, card, login]
    assert joined(four, [None] * 4, [None] * 4) == [0, 0, 1, 2]
    # of different categories they stay apart, and what is of two topics already stays in one
    assert joined(four, ["delivery", "depot", None, None], [None] * 4) == [0, 1, 2, 3]
    assert joined(four, [None] * 4, [7, None, 7, None]) == [0, 0, 0, 1]
    # less is enough where the category says the same, and not without it; very little is not
    five = [*four, few]
    assert joined(five, [None] * 5, [None] * 5) == [0, 0, 1, 2, 3]
    assert joined(five, [None, None, "payment", None, "payment"], [None] * 5) == [0, 0, 1, 2, 1]
    assert joined(five, [None, None, MIXED, None, MIXED], [None] * 5) == [0, 0, 1, 2, 3]
    five[-1] = {"page": 0.9, "card": 0.05}  # .086: a category may be of several troubles
    assert joined(five, [None, None, "payment", None, "payment"], [None] * 5) == [0, 0, 1, 2, 3]
    assert joined([], [], []) == []


def ticket(key: str, day: date, group: str, category: str | None = None, product: str | None = None) -> TicketDocument:
    return TicketDocument(key, day, group, (), key, "", category, product)


def of_category(*categories: str | None) -> str | None:
    return category_of([ticket(f"{n}", START, "en", category) for n, category in enumerate(categories)])


def test_a_category_is_that_of_six_in_ten_tickets_that_have_one() -> None:
    assert of_category(*["late"] * 6, *["lost"] * 4) == "late"
    assert of_category(*["late"] * 11, *["lost"] * 9) == MIXED
    assert of_category(*["late"] * 4, *[None] * 20) is None


def group(language: str, number: int, documents: Sequence[TicketDocument]) -> Group:
    return Group(language, (number,), tuple(documents), None)


def weekly(name: str, language: str, counts: Sequence[int]) -> list[TicketDocument]:
    return [
        ticket(f"{name}{week}-{n}", START + timedelta(weeks=week), language)
        for week, count in enumerate(counts)
        for n in range(count)
    ]


def test_groups_of_two_languages_that_rise_in_the_same_weeks_are_tied() -> None:
    flat, burst, other = [3] * 12, [0] * 7 + [20, 30, 20, 0, 0], [15, 25, 15] + [0] * 9
    groups = [
        group("en", 1, weekly("a", "en", burst)), group("en", 2, weekly("b", "en", flat)),
        group("en", 3, weekly("c", "en", other)), group("ru", 4, weekly("d", "ru", flat)),
        group("ru", 5, weekly("e", "ru", burst)),
    ]  # fmt: skip
    assert [{*one.wordings, *two.wordings} for one, two in tied(groups, [])] == [{1, 5}]
    assert list(tied(groups[:3], [])) == []


def test_groups_of_the_one_product_that_both_are_about_are_tied() -> None:
    def about(name: str, language: str, *products: str) -> list[TicketDocument]:
        return [ticket(f"{name}{n}", START, language, product=product) for n, product in enumerate(products)]

    groups = [
        group("en", 1, about("a", "en", *["mill"] * 8, *["cup"] * 2)), group("en", 2, about("b", "en", *["cup"] * 20)),
        group("de", 3, about("c", "de", *["mill"] * 9)), group("de", 4, about("d", "de", *["pot"] * 20)),
    ]  # fmt: skip
    assert [{*one.wordings, *two.wordings} for one, two in tied(groups, [])] == [{1, 3}]
    # a third group about the mill leaves open which is meant
    assert list(tied([*groups, group("de", 5, about("e", "de", *["mill"] * 9))], [])) == []


def test_a_person_s_edits_of_topics_and_wordings(samples_known: Known) -> None:
    registry, *_ = samples_known
    first, second = (one.trouble_id for one in registry.troubles[:2])
    mine = [one.wording_id for one in registry.wordings if one.trouble_id == first and one.centres]
    named = renamed(registry, first, "Late parcels")
    assert {trouble.name for _, _, trouble in named.places() if trouble and trouble.trouble_id == first} == {
        "Late parcels"
    }
    with pytest.raises(ValueError, match=f"topic {second} has this name"):
        renamed(registry, first, registry.troubles[1].name)
    with pytest.raises(ValueError, match="no topic 99999"):
        renamed(registry, 99999, "x")
    moved = merged(registry, second, mine[:1])
    assert [trouble.trouble_id for number, _, trouble in moved.places() if number == mine[0] and trouble] == [second]
    with pytest.raises(ValueError, match="is a topic, and"):
        merged(registry, mine[0], [second])
    with pytest.raises(ValueError, match="already"):
        merged(registry, first, [mine[0]])
    one = merged(registry, first, [second])
    assert second not in {trouble.trouble_id for _, _, trouble in one.places() if trouble}
    apart, gone = split_topic(one, first, {})
    assert gone == {}
    assert {first, second} <= {trouble.trouble_id for _, _, trouble in apart.places() if trouble}
    # a wording leaves its topic, a topic is parted by languages first, and what is parted is not joined again
    left, _ = split_topic(registry, mine[0], {})
    assert left.troubles[-1].name_locked
    assert [one.wording_id for one in left.wordings if one.trouble_id == left.troubles[-1].trouble_id] == [mine[0]]
    guests = {one.merged_into for one in registry.troubles}
    whole = next(
        one.trouble_id
        for one in registry.troubles
        if one.trouble_id not in guests
        and len({each.group for each in registry.wordings if each.trouble_id == one.trouble_id and each.centres}) > 1
    )
    parted, _ = split_topic(registry, whole, {})
    assert parted.troubles[-1].name_locked
    sides = [
        {one.group for one in parted.wordings if one.trouble_id == number and one.centres}
        for number in (whole, parted.troubles[-1].trouble_id)
    ]
    assert all(sides)
    assert sides[0].isdisjoint(sides[1])


def test_wordings_in_two_parts_are_parted_by_their_words() -> None:
    said = ["the parcel is late", "where is my late parcel", "card declined again", "my card was declined"]
    documents = [document(f"{n}", START, f"c{n}", text, None, None) for n, text in enumerate(said)]
    profiles = [dict.fromkeys(one.stems, 1.0) for one in documents]
    wordings = [Wording(n, "", START, (), {"en": None}, profile=profile) for n, profile in enumerate(profiles)]
    assert [[one.wording_id for one in part] for part in in_two(wordings)] == [[0, 1], [2, 3]]


def test_a_profile_has_the_shares_of_the_commonest_stems() -> None:
    assert profile_of(Counter(parcel=8, late=4, once=1), 10) == {"late": 0.4, "parcel": 0.8}


def test_a_store_of_the_release_before_gets_its_troubles_and_keeps_its_names(
    sample_store: Path, supportkit: Call, tmp_path: Path
) -> None:
    import shutil

    import duckdb

    path = tmp_path / "old.duckdb"
    shutil.copy(sample_store, path)
    assert supportkit("topics", "refresh", "--db", path)[0] == 0
    with duckdb.connect(str(path)) as connection:
        before = connection.execute("select topic_id, name from topic order by topic_id").fetchall()
        connection.execute("drop table trouble; drop table topic_trouble")
        connection.execute("update topic set name = 'By hand', name_locked = true where topic_id = 1")
    _, out, err = supportkit("topics", "--db", path, "--format", "json")
    rows = json.loads(out)["rows"]
    assert len(rows) <= 30, err
    assert supportkit("topics", "refresh", "--db", path)[0] == 0
    assert json.loads(supportkit("topics", "--db", path, "--format", "json")[1])["rows"] == rows
    with duckdb.connect(str(path)) as connection:
        after = connection.execute("select topic_id, name from topic order by topic_id").fetchall()
    assert dict(after) == {**dict(before), 1: "By hand"}
