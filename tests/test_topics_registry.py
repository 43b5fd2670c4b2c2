"""The vector space, the clusters and the registry that keeps topics from week to week."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from benchmarks.letters import PROBLEMS, Letter, letter

from supportkit.stats.clusters import catalogue, late_groups, usual_count
from supportkit.stats.phrases import free_name, phrases_of, telling_stems
from supportkit.stats.text_space import Space, fit_space
from supportkit.stats.ticket_words import clauses, stems
from supportkit.stats.topic_records import Assignment, Registry, TicketDocument
from supportkit.stats.topic_registry import update

START = date(2026, 1, 5)
PROBLEMS_SEEN = ["late", "declined", "password", "refund", "damaged", "invoice"]


def documents(written: list[Letter], week: int, *, customer: str | None = None, first: int = 0) -> list[TicketDocument]:
    """The letters as documents of one week, in a group named after their language."""
    return [
        TicketDocument(
            f"{week:02d}-{first + number:04d}",
            START + timedelta(weeks=week, days=number % 7),
            one.language,
            tuple(map(tuple, clauses(one.text))),
            customer or f"c{week}-{first + number}",
            one.text,
        )
        for number, one in enumerate(written)
    ]


def mail(seed: int, count: int, problems: list[str] = PROBLEMS_SEEN, language: str = "en") -> list[Letter]:
    rng = random.Random(seed)
    return [letter(rng, rng.choice(problems), language) for _ in range(count)]


def by_key(assigned: list[Assignment]) -> dict[str, int | None]:
    return {one.key: one.wording_id for one in assigned}


def founded() -> tuple[Registry, list[TicketDocument], list[Assignment]]:
    texts = [document for week in range(4) for document in documents(mail(week, 60), week)]
    registry, assigned = update(Registry(), texts)
    return registry, texts, assigned


def test_a_stored_space_gives_the_same_vectors() -> None:
    texts = [stems(one.text) for one in mail(1, 200)]
    space = fit_space(texts)
    again = Space.from_bytes(space.to_bytes())
    assert np.array_equal(space.vectors(texts), again.vectors(texts))


def test_a_text_without_words_is_the_zero_vector() -> None:
    space = fit_space([stems(one.text) for one in mail(1, 200)])
    assert not space.vectors([[], []]).any()
    assert np.allclose(np.linalg.norm(space.vectors([stems("the parcel is late")]), axis=1), 1)


def test_a_space_needs_words() -> None:
    with pytest.raises(ValueError, match="too few words"):
        fit_space([["one"], ["two"]])


def test_clusters_are_the_problems_that_the_letters_are_about() -> None:
    written = mail(2, 400)
    labels = catalogue(fit_space([stems(one.text) for one in written]).vectors([stems(o.text) for o in written]), 12)
    pure = 0
    for label in set(labels.tolist()) - {-1}:
        pure += Counter(one.problem for one, mine in zip(written, labels, strict=True) if mine == label).most_common()[
            0
        ][1]
    assert pure >= 0.85 * len(written)


def test_clusters_repeat() -> None:
    texts = [stems(one.text) for one in mail(3, 300)]
    vectors = fit_space(texts).vectors(texts)
    assert np.array_equal(catalogue(vectors, 8), catalogue(vectors, 8))


def test_a_late_group_has_its_least_size() -> None:
    texts = [stems(one.text.split(". ")[0]) for one in mail(4, 60, ["promo"]) + mail(5, 5, ["size"])]
    labels = late_groups(fit_space(texts).vectors(texts), least=8)
    assert (labels[:60] >= 0).sum() >= 30
    assert all(size >= 8 for size in Counter(labels[labels >= 0].tolist()).values())
    assert (late_groups(np.zeros((20, 5)), least=8) == -1).all()


def test_the_usual_number_of_clusters_grows_with_the_root_of_the_texts() -> None:
    assert (usual_count(1), usual_count(600), usual_count(10**6)) == (2, 30, 200)


def named(mine: list[tuple[str, str]], others: list[str]) -> list[str]:
    """The phrases of texts by (customer, text) that set them apart from others."""
    texts = [
        TicketDocument(f"{number}", START, "de", tuple(map(tuple, clauses(text))), who, text)
        for number, (who, text) in enumerate(mine)
    ]
    here = Counter(stem for text in texts for stem in set(text.stems))
    seen = here + Counter(stem for text in others for stem in set(stems(text)))
    return phrases_of(texts, telling_stems(here, len(texts), seen, len(texts) + len(others)))


def test_a_name_is_a_phrase_as_people_wrote_it() -> None:
    mine = [(f"c{number}", f"Zahlung wurde abgelehnt, Bestellung {number}") for number in range(5)]
    mine += [(f"d{number}", "Meine Karte: Zahlung wurde abgelehnt") for number in range(5)]
    assert named(mine, ["Paket verspätet, Karte und Bestellung"] * 20)[0] == "Zahlung wurde abgelehnt"


def test_a_name_is_a_clause_rather_than_the_beginning_of_one() -> None:
    mine = [
        (f"c{n}", "After I enter the code from my bank the page says payment failed. Paying fails") for n in range(9)
    ]
    assert named(mine, ["Parcel late"] * 20)[0] == "Paying fails"


def test_no_name_is_cut_off_beside_a_negation() -> None:
    mine = [(f"c{n}", "The kettle no longer heats up although it is new. Die Anmeldung klappt nicht") for n in range(9)]
    names = named(mine, ["Parcel late"] * 20)
    assert "Die Anmeldung klappt nicht" in names
    assert not [name for name in names if name.lower().startswith(("heats", "longer"))]


def test_a_name_does_not_end_where_a_number_goes_on() -> None:
    mine = [(f"c{n}", f"Посылка лежит на складе уже {n + 2} дней. Посылка на складе") for n in range(9)]
    names = named(mine, ["Оплата не прошла"] * 20)
    assert names[0] == "Посылка на складе"


def test_a_whole_clause_of_more_than_seven_words_is_a_name() -> None:
    mine = [(f"c{n}", "How do I pay for it by a gift card") for n in range(9)]
    assert named(mine, ["Parcel late"] * 20)[0] == "How do I pay for it by a gift card"


def test_a_phrase_crosses_no_comma_and_no_number_and_begins_and_ends_with_what_says_something() -> None:
    mine = [(f"c{number}", f"Where is the blue kettle, order {number} of the shop") for number in range(9)]
    for phrase in named(mine, ["Parcel late"] * 20):
        assert "," not in phrase
        assert "kettle order" not in phrase.lower()
        assert not phrase.lower().endswith(("the", "is"))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("I received", None),
        ("Mm", None),
        ("Ich habe es erhalten", None),
        ("I attempted", None),
        ("Repeatedly", None),
        ("Score by", "Score"),
        ("Я получил", None),
        ("I received the wrong kettle", "I received the wrong kettle"),
        ("Not received", "Not received"),
        ("水漏", "水漏"),
    ],
)
def test_a_name_has_a_word_that_says_what_it_is_about(said: str, name: str | None) -> None:
    found = named([(f"c{number}", said) for number in range(9)], ["Parcel late"] * 20)
    assert (name in found) if name else not found


def test_a_name_never_shows_what_fewer_than_three_customers_wrote() -> None:
    assert named([(("one", "two")[number % 2], "declined payment secretword") for number in range(9)], []) == []
    three = [(("one", "two", "three")[number % 3], "declined payment secretword") for number in range(9)]
    assert named(three, ["Paket"] * 9)[0] == "Declined payment secretword"


def test_a_taken_name_gives_way_to_the_next_and_to_a_number_at_last() -> None:
    assert free_name(["Late", "Very late"], {"Late"}) == "Very late"
    assert free_name(["Late", "Very late"], {"Late", "Very late", "Late (2)"}) == "Late (3)"


def test_every_text_is_assigned_or_known_to_be_unassigned() -> None:
    registry, texts, assigned = founded()
    assert [one.key for one in assigned] == [text.key for text in sorted(texts, key=lambda t: (t.day, t.key))]
    assert sum(one.wording_id is not None for one in assigned) >= 0.9 * len(texts)
    assert len({topic.name for topic in registry.wordings}) == len(registry.wordings) >= 4


def test_the_order_of_the_texts_changes_nothing() -> None:
    registry, texts, assigned = founded()
    shuffled = list(texts)
    random.Random(9).shuffle(shuffled)
    again, assigned_again = update(Registry(), shuffled)
    assert [(t.wording_id, t.name) for t in again.wordings] == [(t.wording_id, t.name) for t in registry.wordings]
    assert by_key(assigned_again) == by_key(assigned)


def test_names_and_ids_stay_when_weeks_are_added_and_a_new_problem_gets_a_new_id() -> None:
    registry, _, _ = founded()
    names = {topic.wording_id: topic.name for topic in registry.wordings}
    waiting: list[TicketDocument] = []
    found: set[int] = set()
    for week in range(4, 9):
        new = documents(mail(100 + week, 25, ["promo"]), week, first=500) if week >= 6 else []
        registry, assigned = update(registry, documents(mail(week, 60), week) + new + waiting)
        where = by_key(assigned)
        waiting = [text for text in new + waiting if where[text.key] is None]
        found |= {number for key, number in where.items() if int(key[3:]) >= 500 and number is not None}
        assert {t.wording_id: t.name for t in registry.wordings if t.wording_id in names} == names
    late = [topic for topic in registry.wordings if topic.wording_id not in names]
    assert late
    assert found & {topic.wording_id for topic in late}
    assert any("code" in topic.name.lower() or "coupon" in topic.name.lower() for topic in late)


def test_a_language_of_few_texts_moves_no_id_of_another_while_the_store_grows() -> None:
    """Each week is read anew: English has its first names at the third, and a few Germans write now and then."""
    written = [documents(mail(week, 60), week) for week in range(10)]
    for week, count in ((2, 30), (3, 16), (5, 16), (8, 16)):
        german = mail(50 + week, count, ["late", "declined"], "de")
        written[week] += documents(german, week, first=700)
    written[6] += documents(mail(90, 40, ["promo"]), 6, first=500)
    before: dict[int, str] = {}
    fewest = 0
    for weeks in range(3, 11):
        registry, _ = update(Registry(), [text for week in written[:weeks] for text in week])
        now = {one.wording_id: one.name for one in registry.wordings if one.group != "de"}
        homes = {one.trouble_id for one in registry.wordings if one.group != "de"}
        now |= {one.trouble_id: one.name for one in registry.troubles if one.trouble_id in homes}
        assert before.items() <= now.items()
        before = now
        fewest += any(one.group == "de" for one in registry.wordings)
    assert fewest > 4


def test_one_customer_who_writes_fifty_times_makes_no_topic() -> None:
    registry, _, _ = founded()
    before = len(registry.wordings)
    registry, _ = update(registry, documents(mail(77, 50, ["size"]), 5, customer="the same"))
    assert len(registry.wordings) == before


def test_a_pasted_text_makes_no_topic() -> None:
    registry, _, _ = founded()
    before = len(registry.wordings)
    registry, _ = update(registry, documents([mail(78, 1, ["size"])[0]] * 40, 5))
    assert len(registry.wordings) == before


def test_texts_that_say_nothing_stay_unassigned() -> None:
    registry, _, _ = founded()
    said_nothing = [Letter(text, "", "en") for text in ["", "😀😀😀", "Hello", "?", "xyz"]] * 10
    after, assigned = update(registry, documents(said_nothing, 5))
    assert {one.wording_id for one in assigned} == {None}
    assert len(after.wordings) == len(registry.wordings)


def test_a_few_texts_are_too_few_for_topics() -> None:
    registry, assigned = update(Registry(), documents(mail(1, 20), 0))
    assert registry.wordings == ()
    assert {one.wording_id for one in assigned} == {None}


def test_each_language_has_topics_of_its_own() -> None:
    texts = [d for language in ("ru", "en", "de") for d in documents(mail(1, 120, language=language), 0)]
    texts = [TicketDocument(f"{d.group}{d.key}", d.day, d.group, d.clauses, d.customer) for d in texts]
    registry, _ = update(Registry(), texts)
    assert {group for topic in registry.wordings for group in topic.centres} == {"ru", "en", "de"}
    assert len(PROBLEMS) == 12
