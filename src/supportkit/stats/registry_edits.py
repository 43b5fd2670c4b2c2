"""What a person does to the registry of topics: rename, merge, split; and fitting its spaces anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from supportkit.stats.clusters import centres
from supportkit.stats.phrases import free_name, most_telling, phrases_of, telling_stems
from supportkit.stats.text_space import SEED, fit_space, one_thread
from supportkit.stats.topic_course import LEAST_TICKETS, profile_of
from supportkit.stats.topic_records import Registry, TicketDocument, Trouble, Wording, stem_counts
from supportkit.stats.wording_likeness import in_two


def renamed(registry: Registry, number: int, name: str) -> Registry:
    """The registry in which a topic or a wording has a name given by a person.

    Raises ValueError for an empty or a taken name.
    """
    shown = " ".join(name.split())
    if not shown:
        raise ValueError("a topic needs a name")
    if (trouble := _trouble(registry, number)) is not None:
        owner = next((one.trouble_id for one in registry.troubles if one.name == shown), number)
        changed = _with_trouble(registry, replace(trouble, name=shown, name_locked=True))
    else:
        owner = next((one.wording_id for one in registry.wordings if one.name == shown), number)
        changed = _with_wording(registry, replace(_wording(registry, number), name=shown, name_locked=True))
    if owner != number:
        raise ValueError(f"topic {owner} has this name")
    return changed


def name_of(registry: Registry, number: int) -> str:
    """The name of a topic or a wording. Raises ValueError where there is none of this id."""
    trouble = _trouble(registry, number)
    return _wording(registry, number).name if trouble is None else trouble.name


def merged(registry: Registry, into: int, others: Sequence[int]) -> Registry:
    """The registry in which the tickets of other topics or wordings count for one; a wording may go into a topic.

    Raises ValueError for unknown ids, for circles, and for a topic that is to go into a wording.
    """
    target = registry.home(into)
    trouble = _trouble(registry, target)
    if trouble is None:
        _wording(registry, target)
    for other in others:
        home = registry.home(other)
        guest = _trouble(registry, home)
        if guest is None and trouble is not None:
            wording = _wording(registry, home)
            if wording.trouble_id is not None and registry.home(wording.trouble_id) == target:
                raise ValueError(f"wording {other} is in topic {target} already")
            registry = _with_wording(registry, replace(wording, trouble_id=target))
        elif home == target:
            raise ValueError(f"topic {other} is in topic {target} already")
        elif guest is not None and trouble is None:
            raise ValueError(f"{other} is a topic, and {into} a wording of one")
        elif guest is not None:
            registry = _with_trouble(registry, replace(guest, merged_into=target))
        else:
            registry = _with_wording(registry, replace(_wording(registry, home), merged_into=target))
    return registry


def split_topic(
    registry: Registry, number: int, texts: Mapping[int, Sequence[TicketDocument]]
) -> tuple[Registry, Mapping[str, int]]:
    """The registry in which a topic is two, and the texts that go to a new wording by key; `texts` are by wording.

    What a person has merged into it leaves it again, and nothing else happens. Otherwise the wordings of a topic are
    divided in two by their languages and words, and the part with more texts keeps id and name; a topic of one wording
    has its texts divided by 2-means. A wording leaves its topic. What is parted stays so: nothing joins it by itself.
    Raises ValueError where there is nothing to divide.
    """
    guests = [one for one in registry.troubles if one.merged_into == number]
    if guests:
        for guest in guests:
            registry = _with_trouble(registry, replace(guest, merged_into=None, name_locked=True))
        return registry, {}
    merged_wordings = [one for one in registry.wordings if one.merged_into == number]
    if merged_wordings:
        for one in merged_wordings:
            registry = _with_wording(registry, replace(one, merged_into=None))
        return registry, {}
    trouble = _trouble(registry, number)
    if trouble is None:
        wording = _wording(registry, number)
        mine = [one for one in registry.wordings if one.trouble_id == wording.trouble_id and one.centres]
        if len(mine) > 1:
            return _parted(registry, [wording], wording.name), {}
        return _divided(registry, wording, texts)
    mine = [one for one in registry.wordings if one.trouble_id == number and one.centres and one.merged_into is None]
    if len(mine) == 1:
        return _divided(registry, mine[0], texts)
    if not mine:
        raise ValueError(f"topic {number} has no tickets to divide")
    parts = in_two(mine)
    sizes = [sum(len(texts.get(one.wording_id, ())) for one in part) for part in parts]
    leaving = parts[0] if sizes[0] < sizes[1] else parts[1]
    largest = max(leaving, key=lambda one: (len(texts.get(one.wording_id, ())), -one.wording_id))
    return _parted(registry, leaving, largest.name), {}


def refitted(registry: Registry, documents: Sequence[TicketDocument], placed: Mapping[str, int]) -> Registry:
    """The same topics in spaces fitted on today's texts: ids, names and assignments stay, each centre and each profile
    is that of the wording's texts. For a shop whose language has moved away from the first texts."""
    import numpy as np

    spaces, wordings = dict(registry.spaces), {one.wording_id: one for one in registry.wordings}
    for group in sorted(spaces):
        texts = [text for text in documents if text.group == group and text.clauses]
        try:
            spaces[group] = fit_space(sorted({tuple(text.stems) for text in texts}))
        except ValueError:
            continue
        vectors = spaces[group].vectors([text.stems for text in texts])
        ids = np.array([placed.get(text.key, 0) for text in texts])
        for number, wording in wordings.items():
            if group not in wording.centres:
                continue
            mine = np.flatnonzero(ids == number)
            mean = vectors[mine].sum(axis=0) if len(mine) else np.zeros(vectors.shape[1])
            centre = mean / max(float(np.linalg.norm(mean)), 1e-9)
            profile = profile_of(stem_counts(texts[place] for place in mine.tolist()), max(len(mine), 1))
            wordings[number] = replace(wording, centres={group: centre}, profile=profile)
    return replace(registry, spaces=spaces, wordings=tuple(wordings.values()))


def _parted(registry: Registry, wordings: Sequence[Wording], name: str) -> Registry:
    """The registry in which these wordings are a topic of their own."""
    number = registry.next_id
    title = free_name([name], {one.name for one in registry.troubles})
    born = min(one.born for one in wordings)
    registry = replace(registry, troubles=(*registry.troubles, Trouble(number, title, born, name_locked=True)))
    for one in wordings:
        registry = _with_wording(registry, replace(one, trouble_id=number))
    return registry


def _divided(
    registry: Registry, wording: Wording, texts: Mapping[int, Sequence[TicketDocument]]
) -> tuple[Registry, Mapping[str, int]]:
    """The registry in which the smaller half of a wording's texts is a wording and a topic of its own."""
    from sklearn.cluster import KMeans

    group = wording.group
    mine = [text for text in texts.get(wording.wording_id, ()) if text.group == group and text.clauses]
    if len({tuple(text.stems) for text in mine}) < 2 * LEAST_TICKETS:
        raise ValueError(f"topic {wording.wording_id} has fewer than {2 * LEAST_TICKETS} different texts")
    vectors = registry.spaces[group].vectors([text.stems for text in mine])
    with one_thread():
        labels = KMeans(2, n_init=5, random_state=SEED).fit(vectors).labels_
    if 2 * int((labels == 0).sum()) < len(labels):
        labels = 1 - labels
    middles = centres(vectors, labels)
    leaving = [text for text, label in zip(mine, labels.tolist(), strict=True) if label == 1]
    here = stem_counts(leaving)
    others = [text for number in sorted(texts) for text in texts[number] if text.group == group]
    telling = telling_stems(here, len(leaving), stem_counts(others), len(others))
    number = registry.next_id
    names = phrases_of(leaving, telling) or [wording.name]
    taken = {one.name for one in registry.wordings} | {one.name for one in registry.troubles}
    name = free_name(names, taken)
    born, profile = min(text.day for text in leaving), profile_of(here, len(leaving))
    new = Wording(number, name, born, most_telling(telling), {group: middles[1]}, profile=profile)
    registry = _with_wording(registry, replace(wording, centres={group: middles[0]}))
    registry = replace(registry, wordings=(*registry.wordings, new))
    return _parted(registry, [new], name), {text.key: number for text in leaving}


def _trouble(registry: Registry, number: int) -> Trouble | None:
    return next((one for one in registry.troubles if one.trouble_id == number), None)


def _wording(registry: Registry, number: int) -> Wording:
    for one in registry.wordings:
        if one.wording_id == number:
            return one
    raise ValueError(f"there is no topic {number}")


def _with_trouble(registry: Registry, changed: Trouble) -> Registry:
    return replace(
        registry,
        troubles=tuple(changed if one.trouble_id == changed.trouble_id else one for one in registry.troubles),
    )


def _with_wording(registry: Registry, changed: Wording) -> Registry:
    return replace(
        registry,
        wordings=tuple(changed if one.wording_id == changed.wording_id else one for one in registry.wordings),
    )
