"""Changes of the topic registry in a store that is open for writing: refresh, rename, merge, split, refit, link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from supportkit.errors import UsageError, unknown
from supportkit.result import counted, numbered
from supportkit.store.ticket_topics import documents, documents_by, key_of, refreshed
from supportkit.store.topic_tables import members, replace_assignments, write_registry

if TYPE_CHECKING:
    from supportkit.stats.topic_records import Registry
    from supportkit.store.store import Store

SQL_FORGOTTEN: Final = """
delete from main.topic_assignment
 where (source, ticket_id) not in (select (source, ticket_id) from main.tickets)
"""
SQL_MOVED: Final = """
update main.topic_assignment set topic_id = $topic where source = $source and ticket_id = $ticket
"""


def edit_topics(store: Store, zone: str, words: Sequence[str]) -> str:
    """Do what the words say (`rename 3 Late parcels`), write the registry, and tell what was done.

    Raises UsageError for words that are not understood and for topics that are not there.
    """
    action, *rest = words
    if action not in ACTIONS:
        raise unknown("action of topics", action, ACTIONS)
    registry, placed = refreshed(store.engine, zone)
    write_registry(store.connection, registry)
    replace_assignments(store, placed)
    store.connection.execute(SQL_FORGOTTEN)
    try:
        registry, said = ACTIONS[action](store, zone, registry, rest)
    except ValueError as error:
        raise UsageError(f"topics {action}: {error}", hint="supportkit topics lists the ids") from error
    write_registry(store.connection, registry)
    return said


def _refresh(store: Store, zone: str, registry: Registry, words: Sequence[str]) -> tuple[Registry, str]:
    query = "select count(topic_id), count(*) from main.topic_assignment"
    assigned, tickets = store.engine.rows(query, {})[0]
    count = len({trouble.trouble_id for _, wording, trouble in registry.places() if trouble and wording.centres})
    topics = counted(count, "{n} topic", "{n} topics")
    return (
        registry,
        f"{topics}; {assigned} of {numbered(tickets, 'ticket')} {'is' if assigned == 1 else 'are'} assigned",
    )


def _rename(store: Store, zone: str, registry: Registry, words: Sequence[str]) -> tuple[Registry, str]:
    from supportkit.stats.registry_edits import name_of, renamed

    number, name = _ids(words[:1], "rename ID NEW NAME")[0], " ".join(words[1:])
    before = name_of(registry, number)
    return renamed(registry, number, name), f"topic {number}, {before!r}, is now {' '.join(name.split())!r}"


def _merge(store: Store, zone: str, registry: Registry, words: Sequence[str]) -> tuple[Registry, str]:
    from supportkit.stats.registry_edits import merged

    into, *others = _ids(words, "merge ID OTHER_ID …")
    if not others:
        raise UsageError("topics merge: which topics?", hint="topics merge ID OTHER_ID …: the others go into the first")
    return merged(registry, into, others), f"{', '.join(map(str, others))} merged into topic {into}"


def _split(store: Store, zone: str, registry: Registry, words: Sequence[str]) -> tuple[Registry, str]:
    from supportkit.stats.registry_edits import split_topic

    number = _ids(words, "split ID")[0]
    before = len(registry.troubles)
    registry, moved = split_topic(registry, number, documents_by(members(store.engine), store.engine, zone))
    for key, new in moved.items():
        source, ticket = key_of(key)
        store.connection.execute(SQL_MOVED, {"topic": new, "source": source, "ticket": ticket})
    if len(registry.troubles) == before:
        return registry, f"what was merged into topic {number} stands by itself again"
    topic = registry.troubles[-1]
    own = [wording.wording_id for wording in registry.wordings if wording.trouble_id == topic.trouble_id]
    left = sum(owner in own for owner in members(store.engine).values())
    told = counted(left, f"{{n}} ticket of topic {number} is", f"{{n}} tickets of topic {number} are")
    return registry, f"{told} now topic {topic.trouble_id}, {topic.name!r}"


def _refit(store: Store, zone: str, registry: Registry, words: Sequence[str]) -> tuple[Registry, str]:
    from supportkit.stats.registry_edits import refitted

    texts = documents(store.engine, zone)
    owners = members(store.engine)
    placed = {text.key: owners.get(key_of(text.key), 0) for text in texts}
    registry = refitted(registry, texts, placed)
    return (
        registry,
        f"the vector spaces are fitted on {numbered(len(texts), 'ticket')}; every topic keeps its id and name",
    )


def _link(store: Store, zone: str, registry: Registry, words: Sequence[str]) -> tuple[Registry, str]:
    from supportkit.stats.registry_edits import merged
    from supportkit.stats.semantic import INSTALL, TEXTS_OF_A_TOPIC, is_installed, meanings, pairs

    if not is_installed():
        raise UsageError("topics link: the extra semantic is not installed", hint=INSTALL)
    places = {number: trouble.trouble_id for number, _, trouble in registry.places() if trouble}
    texts: dict[tuple[int, str], list[str]] = {}
    for number, mine in sorted(documents_by(members(store.engine), store.engine, zone).items()):
        for document in mine:
            of = texts.setdefault((places[number], document.group), [])
            if len(of) < TEXTS_OF_A_TOPIC:
                of.append(" ".join(form for clause in document.clauses for _, form in clause))
    keys = sorted(texts)
    vectors = meanings([text for key in keys for text in texts[key]])
    centres = {}
    for place, key in enumerate(keys):
        own, vectors = vectors[: len(texts[key])], vectors[len(texts[key]) :]
        mean = own.mean(axis=0)
        centres[place] = (key[1], mean / max(float((mean @ mean) ** 0.5), 1e-9))
    names = {topic.trouble_id: topic.name for topic in registry.troubles}
    said = []
    for one, other in pairs(centres):
        into, guest = sorted((registry.home(keys[one][0]), registry.home(keys[other][0])))
        if into != guest:
            registry = merged(registry, into, [guest])
            said.append(f"topic {guest}, {names[guest]!r}, merged into topic {into}, {names[into]!r}")
    return registry, "\n".join(said) or "no topics of different languages are about one problem"


Edit = Callable[["Store", str, "Registry", Sequence[str]], "tuple[Registry, str]"]
ACTIONS: Final[Mapping[str, Edit]] = {
    "refresh": _refresh,
    "rename": _rename,
    "merge": _merge,
    "split": _split,
    "refit": _refit,
    "link": _link,
}


def _ids(words: Sequence[str], usage: str) -> list[int]:
    if not words or not all(word.isdigit() for word in words):
        raise UsageError(f"topics {usage.split()[0]}: a topic is named by its id", hint=f"topics {usage}")
    return [int(word) for word in words]
