"""Troubles: wordings that are of one problem, in one language or in several.

Within a language wordings are joined by average linkage of their profiles (`wording_likeness.py`), while the mean
cosine is at least .18. The desk's own category helps: one that most tickets of two wordings share makes .12 enough, and
two wordings of different categories are never joined. The group that holds half of a category's tickets in a language,
and four times as many as any other there, stands for it, and those of all languages are one trouble: a coarse category,
of several troubles, ties none of them. What no category ties is tied to a group of
another language by product, by time or by meaning (`trouble_ties.py`). A trouble keeps its id, its name and its
wordings: what is born later joins it or founds another.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from supportkit.stats.phrases import free_name, phrases_of
from supportkit.stats.topic_records import Birth, Registry, TicketDocument, Trouble, Wording, stem_counts
from supportkit.stats.trouble_ties import Group, tied
from supportkit.stats.wording_likeness import MIXED, joined

OF_CATEGORY = 0.6
"""Most tickets of a wording: at least this part of those with a category, and five."""
LEAST_OF_CATEGORY = 5
STANDS_FOR = 0.5
RIVAL = 0.25
"""Of what a group holds of a category: where another group of its language holds as much, the category is coarse."""
WIDEST = 0.5
"""A category of more than this part of all tickets is no trouble."""


def with_births(registry: Registry, births: Sequence[Birth]) -> tuple[Registry, dict[tuple[str, int], int]]:
    """The registry with the new wordings, each in a trouble; and their ids by language group and provisional id.

    `births` are in the order of their weeks, those of languages that are not settled after the others; those of a week
    are looked at together.
    """
    numbers: dict[tuple[str, int], int] = {}
    texts: dict[int, tuple[TicketDocument, ...]] = {}
    for _, together in groupby(births, key=lambda birth: (birth.settled, birth.week)):
        week = list(together)
        for birth in week:
            wording = birth.wording
            if wording.wording_id < 0:
                number = registry.next_id
                numbers[birth.group, wording.wording_id] = number
                taken = {one.name for one in registry.wordings}
                wording = replace(wording, wording_id=number, name=free_name(birth.names, taken))
                registry = replace(registry, wordings=(*registry.wordings, wording))
            else:
                kept = tuple(one for one in registry.wordings if one.wording_id != wording.wording_id)
                registry = replace(registry, wordings=(*kept, wording))
            texts[wording.wording_id] = birth.documents
        registry = _with_troubles(registry, week, texts)
    return registry, numbers


def category_of(documents: Sequence[TicketDocument]) -> str | None:
    """The category of most of these tickets; MIXED where none has most, None where too few have any."""
    seen = Counter(document.category for document in documents if document.category)
    category = min(seen, key=lambda name: (-seen[name], name), default=None)
    most = seen[category] if category else 0
    if seen.total() < LEAST_OF_CATEGORY:
        return None
    return category if most >= OF_CATEGORY * seen.total() else MIXED


def _with_troubles(
    registry: Registry, week: Sequence[Birth], texts: Mapping[int, tuple[TicketDocument, ...]]
) -> Registry:
    """Every wording of these births in a trouble."""
    counts: dict[str, Counter[str]] = {birth.group: Counter(birth.categories) for birth in week}
    everywhere = sum(counts.values(), Counter[str]())
    wide = {category for category, seen in everywhere.items() if seen > WIDEST * everywhere.total()}
    found = [one for group in sorted(counts) for one in _groups(registry, group, texts, wide)]
    untied: list[Group] = []
    for one in sorted(found, key=lambda one: (-len(one.documents), one.wordings)):
        stands = bool(one.category) and _stands(one, found, counts[one.group][one.category or ""])
        owner = next((each for each in registry.troubles if one.category and each.category == one.category), None)
        home = None if owner is None else registry.home(owner.trouble_id)
        if (
            home is not None
            and home not in one.troubles
            and not (stands and one.group not in _languages(registry, home))
        ):
            home = None
        if one.troubles:
            locked = {each.trouble_id for each in registry.troubles if each.name_locked}
            free = [number for number in one.troubles if number not in locked]
            into = home if home is not None else (free or one.troubles)[0]
            registry = _merged(registry, free, into)
            registry = _moved(registry, one.wordings, into)
            if stands and owner is None:
                registry = _standing_for(registry, into, one.category)
        elif stands and owner is None:
            registry = _founded(registry, one)
        elif home is not None:
            registry = _moved(registry, one.wordings, home)
        else:
            untied.append(replace(one, category=None))
    return _with_ties(registry, untied, texts) if untied else registry


def _stands(one: Group, found: Sequence[Group], of_category: int) -> bool:
    """Whether a group holds half of its category's tickets in its language, and no other group a large part of them: a
    category of several troubles is none of them."""
    beside = [
        _held(each) for each in found if each is not one and (each.group, each.category) == (one.group, one.category)
    ]
    return _held(one) >= max(STANDS_FOR * of_category, max(beside, default=0) / RIVAL)


def _held(group: Group) -> int:
    return sum(document.category == group.category for document in group.documents)


def _with_ties(
    registry: Registry, untied: Sequence[Group], texts: Mapping[int, tuple[TicketDocument, ...]]
) -> Registry:
    """The groups that no category ties, with one of another language where something else does, or by themselves."""
    of_wording = {one.wording_id: one for one in registry.wordings}
    known = [
        Group(group, ids, tuple(text for number in ids for text in texts.get(number, ())), None, (trouble.trouble_id,))
        for trouble in registry.troubles
        if trouble.category is None and trouble.merged_into is None
        for group in sorted(_languages(registry, trouble.trouble_id))
        for ids in [tuple(n for n, w in of_wording.items() if w.trouble_id == trouble.trouble_id and w.group == group)]
    ]
    homes = {one.wordings: one.troubles[0] for one in known}
    for pair in tied(untied, known):
        first, second = (homes.get(one.wordings) for one in pair)
        if first is not None and second is not None:
            continue
        into = first if first is not None else second
        if into is None:
            registry = _founded(registry, max(pair, key=lambda one: (len(one.documents), one.wordings)))
            into = registry.troubles[-1].trouble_id
        for one in pair:
            if one.wordings not in homes and (
                one.group not in _languages(registry, into) or set(one.wordings) <= _members(registry, into)
            ):
                homes[one.wordings] = into
                registry = _moved(registry, one.wordings, into)
    for one in untied:
        if one.wordings not in homes:
            registry = _founded(registry, one)
    return registry


def _groups(
    registry: Registry, group: str, texts: Mapping[int, tuple[TicketDocument, ...]], wide: set[str]
) -> list[Group]:
    """The wordings of a language, joined; those of one trouble stay together."""
    wordings = [one for one in registry.wordings if one.group == group and one.merged_into is None]
    of_trouble = {one.trouble_id: one.category for one in registry.troubles}
    fixed = [None if one.trouble_id is None else registry.home(one.trouble_id) for one in wordings]
    categories: list[str | None] = []
    for wording, trouble in zip(wordings, fixed, strict=True):
        own = category_of(texts.get(wording.wording_id, ()))
        mine_or_its = (of_trouble[trouble] or own) if trouble is not None else own
        categories.append(mine_or_its if mine_or_its not in wide else None)
    labels = joined([one.profile for one in wordings], categories, fixed)
    found = []
    for label in range(max(labels, default=-1) + 1):
        mine = [place for place, other in enumerate(labels) if other == label]
        ids = tuple(wordings[place].wording_id for place in mine)
        category = next((categories[place] for place in mine if categories[place]), None)
        documents = tuple(text for number in ids for text in texts.get(number, ()))
        troubles = sorted({one for place in mine if (one := fixed[place]) is not None})
        found.append(Group(group, ids, documents, category, troubles))
    return found


def _founded(registry: Registry, group: Group) -> Registry:
    """The registry with a trouble of this group, named in the words of its tickets, of its category's where it has one.

    What sets a trouble apart is told against all texts of its language that wordings were made of.
    """
    number = registry.next_id
    mine = [text for text in group.documents if group.category is None or text.category == group.category]
    wordings = [one for one in registry.wordings if one.wording_id in group.wordings]
    others = [one for one in registry.wordings if one.group == group.group]
    telling = _telling(mine, others)
    names = phrases_of(mine, telling, titles=True) if telling else []
    taken = {one.name for one in registry.troubles}
    locked = [one.name for one in wordings if one.name_locked]
    names += [one.name for one in wordings]
    name = free_name(locked or sorted(names, key=lambda name: " " not in name), taken)
    born = min(one.born for one in wordings)
    trouble = Trouble(number, name, born, group.category, name_locked=bool(locked) and name == locked[0])
    return _moved(replace(registry, troubles=(*registry.troubles, trouble)), group.wordings, number)


def _telling(documents: Sequence[TicketDocument], others: Sequence[Wording]) -> dict[str, float]:
    """How much each stem is of these texts and not of the other wordings of their language."""
    means: dict[str, float] = {}
    for one in others:
        for stem, share in one.profile.items():
            means[stem] = means.get(stem, 0.0) + share / len(others)
    found = {}
    for stem, seen in stem_counts(documents).items():
        p, q = seen / len(documents), max(means.get(stem, 0.0), seen / len(documents) / max(len(others), 1))
        if p > q:
            found[stem] = p * math.log(p / q)
    return found


def _moved(registry: Registry, ids: Sequence[int], trouble: int) -> Registry:
    mine = set(ids)
    return replace(
        registry,
        wordings=tuple(
            replace(one, trouble_id=trouble) if one.wording_id in mine and one.trouble_id is None else one
            for one in registry.wordings
        ),
    )


def _merged(registry: Registry, troubles: Sequence[int], into: int) -> Registry:
    """The registry in which these troubles are one; what a person has named or parted is not among them."""
    guests = set(troubles) - {into}
    return replace(
        registry,
        troubles=tuple(
            replace(one, merged_into=into) if one.trouble_id in guests else one for one in registry.troubles
        ),
    )


def _standing_for(registry: Registry, number: int, category: str | None) -> Registry:
    return replace(
        registry,
        troubles=tuple(
            replace(one, category=category) if one.trouble_id == number and one.category is None else one
            for one in registry.troubles
        ),
    )


def _members(registry: Registry, number: int) -> set[int]:
    home = registry.home(number)
    return {
        one.wording_id
        for one in registry.wordings
        if one.trouble_id is not None and registry.home(one.trouble_id) == home
    }


def _languages(registry: Registry, number: int) -> set[str]:
    """The language groups in which a trouble has wordings in use."""
    members = _members(registry, number)
    return {one.group for one in registry.wordings if one.wording_id in members and one.centres}
