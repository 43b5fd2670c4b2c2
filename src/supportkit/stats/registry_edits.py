"""What a person does to the registry of topics: rename, merge, split; and fitting its spaces anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from supportkit.stats.clusters import centres
from supportkit.stats.text_space import SEED, fit_space, one_thread
from supportkit.stats.topic_names import Wording, key_terms
from supportkit.stats.topic_registry import LEAST_TICKETS, Registry, TicketDocument, Topic, free_name


def renamed(registry: Registry, topic_id: int, name: str) -> Registry:
    """The registry in which a topic has a name given by a person. Raises ValueError for an empty or a taken name."""
    shown = " ".join(name.split())
    if not shown:
        raise ValueError("a topic needs a name")
    owner = next((topic.topic_id for topic in registry.topics if topic.name == shown), topic_id)
    if owner != topic_id:
        raise ValueError(f"topic {owner} has this name")
    return _with(registry, replace(_topic(registry, topic_id), name=shown, name_locked=True))


def merged(registry: Registry, into: int, others: Sequence[int]) -> Registry:
    """The registry in which other topics' tickets count for one. Raises ValueError for unknown ids and circles."""
    target = registry.home(_topic(registry, into).topic_id)
    for other in others:
        if registry.home(_topic(registry, other).topic_id) == target:
            raise ValueError(f"topic {other} is in topic {target} already")
        registry = _with(registry, replace(_topic(registry, registry.home(other)), merged_into=target))
    return registry


def split_topic(
    registry: Registry, topic_id: int, documents: Sequence[TicketDocument], everything: Sequence[TicketDocument]
) -> tuple[Registry, Mapping[str, int]]:
    """The registry in which a topic is two, and the texts that go to the new one by key.

    What was merged into the topic leaves it again, and nothing else happens. Otherwise `documents`, its texts, are
    divided by 2-means: the larger part keeps the id and the name. `everything` is what the new name is set apart from.
    Raises ValueError where there are too few texts to divide.
    """
    import numpy as np
    from sklearn.cluster import KMeans

    topic = _topic(registry, topic_id)
    guests = [one for one in registry.topics if one.merged_into == topic_id]
    if guests:
        for guest in guests:
            registry = _with(registry, replace(guest, merged_into=None))
        return registry, {}
    group = next(iter(topic.centres))
    texts = [text for text in documents if text.group == group and text.clauses]
    if len({tuple(text.stems) for text in texts}) < 2 * LEAST_TICKETS:
        raise ValueError(f"topic {topic_id} has fewer than {2 * LEAST_TICKETS} different texts")
    vectors = registry.spaces[group].vectors([text.stems for text in texts])
    with one_thread():
        labels = KMeans(2, n_init=5, random_state=SEED).fit(vectors).labels_
    if 2 * int((labels == 0).sum()) < len(labels):
        labels = 1 - labels
    middles = centres(vectors, labels)
    leaving = [text for text, label in zip(texts, labels.tolist(), strict=True) if label == 1]
    wording = Wording.of([text.clauses for text in leaving], [text.customer for text in leaving])
    apart = Wording.of([text.clauses for text in everything], [text.customer for text in everything])
    terms = key_terms(wording, apart, clusters=max(2, len(registry.topics)), most=6)
    number = 1 + max(one.topic_id for one in registry.topics)
    name = free_name(terms or [topic.name], wording, {one.name for one in registry.topics})
    born = min(text.day for text in leaving)
    new = Topic(number, name, born, tuple(terms), {group: np.asarray(middles[1])})
    registry = _with(registry, replace(topic, centres={**topic.centres, group: np.asarray(middles[0])}))
    return replace(registry, topics=(*registry.topics, new)), {text.key: number for text in leaving}


def refitted(registry: Registry, documents: Sequence[TicketDocument], placed: Mapping[str, int]) -> Registry:
    """The same topics in spaces fitted on today's texts: ids, names and assignments stay, each centre is the mean of
    the topic's texts. For a shop whose language has moved away from the first texts."""
    import numpy as np

    spaces, topics = dict(registry.spaces), {topic.topic_id: topic for topic in registry.topics}
    for group in sorted(spaces):
        texts = [text for text in documents if text.group == group and text.clauses]
        stems = sorted({tuple(text.stems) for text in texts})
        try:
            spaces[group] = fit_space(stems)
        except ValueError:
            continue
        vectors = spaces[group].vectors([text.stems for text in texts])
        ids = np.array([placed.get(text.key, 0) for text in texts])
        for number, topic in topics.items():
            if group in topic.centres:
                mean = vectors[ids == number].sum(axis=0) if (ids == number).any() else np.zeros(vectors.shape[1])
                centre = mean / max(float(np.linalg.norm(mean)), 1e-9)
                topics[number] = replace(topic, centres={**topic.centres, group: centre})
    return Registry(spaces, tuple(topics.values()))


def _topic(registry: Registry, topic_id: int) -> Topic:
    for topic in registry.topics:
        if topic.topic_id == topic_id:
            return topic
    raise ValueError(f"there is no topic {topic_id}")


def _with(registry: Registry, changed: Topic) -> Registry:
    topics = tuple(changed if topic.topic_id == changed.topic_id else topic for topic in registry.topics)
    return replace(registry, topics=topics)
