"""The registry of topics: ids and names that stay from week to week.

A naive weekly refit renames every topic. Here a wording (tickets in near words of one language) keeps its id and its
name, which only a person changes, and its centre moves by at most 5 % a week in a frozen vector space. A text belongs
to the nearest centre of its language when the cosine is at least .45; the others of the last weeks are grouped, and a
group of 8 becomes a wording. Wordings of one problem, in one language or several, are a trouble (`troubles.py`).

What is known after a week depends on the texts up to its Sunday alone: a shop that is read anew every week, with what
came since, gets the same ids and names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from supportkit.stats.topic_course import Course, course, profile_of
from supportkit.stats.topic_records import Assignment, Birth, Registry, TicketDocument, stem_counts
from supportkit.stats.troubles import with_births


def update(registry: Registry, documents: Sequence[TicketDocument]) -> tuple[Registry, list[Assignment]]:
    """The registry after these texts, and where each of them belongs.

    `documents` are the texts without a wording yet, the waiting ones included. The same texts in another order give the
    same result. A language group met for the first time is given its space and its first wordings as it grew; after
    that the texts are taken week by week. What is born of a language with too few texts, which the next week makes
    anew, comes after all others and moves none of their ids.
    """
    ordered = sorted(documents, key=lambda document: (document.day, document.key))
    through = max((document.day for document in ordered), default=date.min)
    courses: list[Course] = []
    for group in sorted({document.group for document in ordered}):
        texts = [document for document in ordered if document.group == group and document.clauses]
        known = [wording for wording in registry.wordings if wording.group == group]
        courses.append(course(registry.spaces.get(group), known, group, texts, through))
    births = sorted(
        (birth for one in courses for birth in one.births),
        key=lambda birth: (not birth.settled, birth.week, birth.group, -birth.wording.wording_id),
    )
    registry, numbers = with_births(registry, births)
    spaces, wordings = dict(registry.spaces), {one.wording_id: one for one in registry.wordings}
    placed = {document.key: Assignment(document.key, None, 0.0) for document in ordered}
    for one in courses:
        if one.space is not None:
            spaces[one.group] = one.space
        for wording in one.wordings:
            number = numbers.get((one.group, wording.wording_id), wording.wording_id)
            wordings[number] = replace(wordings[number], centres=wording.centres, profile=wording.profile)
        for text, local, score in zip(one.texts, one.ids, one.scores, strict=True):
            number = numbers.get((one.group, local), local)
            placed[text.key] = Assignment(text.key, number or None, score)
    registry = Registry(spaces, tuple(wordings[number] for number in sorted(wordings)), registry.troubles)
    return registry, [placed[document.key] for document in ordered]


def births_of(registry: Registry, members: Mapping[int, Sequence[TicketDocument]]) -> list[Birth]:
    """Wordings that have no trouble yet, as a registry of an older release keeps them, as if they were born today."""
    texts = [document for number in sorted(members) for document in members[number]]
    categories = {group: Counter[str]() for group in {text.group for text in texts}}
    for text in texts:
        categories[text.group].update([text.category] if text.category else [])
    week = max((text.monday for text in texts), default=date.min)
    births = []
    for one in registry.wordings:
        mine = tuple(members.get(one.wording_id, ()))
        if one.trouble_id is None and one.group in categories and mine:
            wording = replace(one, profile=profile_of(stem_counts(mine), len(mine)))
            births.append(Birth(week, one.group, wording, (one.name,), mine, categories[one.group]))
    return births
