"""What one word means: a whole phrase, or stems that no negation and no request makes say something else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from supportkit.exports.meanings.vocabulary import START, Stem, Vocabulary, grammar, vocabulary
from supportkit.exports.meanings.words import LONGEST, clauses_of, joined, key_of, plain
from supportkit.system.late_patterns import late
from supportkit.system.named import NamedTuple

How = Literal["user", "vendor", "phrase", "stem", "unknown"]


class Meaning(NamedTuple):
    """What a word means, None where nobody knows, and how that was found."""

    value: str | None
    how: How


UNKNOWN: Final = Meaning(None, "unknown")
_PART: Final = late(r"(?<![\d.,])(?!100(?:[.,]0+)?\s*%)\d[\d.,]*\s*%")
"""A share below the whole: `Refunded 20%` is not refunded."""

_AHEAD: Final = late(
    r"\bin \d+ ?(?:s|m|min|mins|minutes?|h|hrs?|hours?|d|days?)\b(?: ?\d+ ?(?:m|min|mins|minutes?)\b)?"
)
"""A span ahead: a verdict that comes `in 2h` is none yet."""
VERDICT: Final = "sla_verdict"


def judge(
    word: str, known: Vocabulary, *, user: Mapping[str, str] | None = None, vendor: Mapping[str, str] | None = None
) -> Meaning:
    """The meaning of a word; `user` and `vendor` have further words by their `key`."""
    if len(word) > LONGEST:
        return UNKNOWN
    text = plain(word)
    whole = key_of(text)
    for words, how in ((user, "user"), (vendor, "vendor"), (known.phrases, "phrase")):
        if words and whole in words:
            return Meaning(words[whole], how)  # type: ignore[arg-type]
    if known.name == VERDICT and (ahead := _AHEAD.sub("soon", text)) != text:
        return Meaning(known.phrases[key_of(ahead)], "phrase") if key_of(ahead) in known.phrases else UNKNOWN
    parts = clauses_of(text)
    if not any(_may_mean(part, known) for part in parts) or _PART.search(word):
        return UNKNOWN
    said = [None if _is_figure(part) else _of_clause(part, known) for part in parts]
    if any(_is_no(part) or (meaning is None and _is_hush(part)) for part, meaning in zip(parts, said, strict=True)):
        return UNKNOWN
    value = _together((meaning.value for meaning in said if meaning and meaning.value), known)
    if value is None or (value in known.whole and not all(said)):
        return UNKNOWN
    return Meaning(value, "stem" if any(meaning and meaning.how == "stem" for meaning in said) else "phrase")


def _may_mean(words: tuple[str, ...], known: Vocabulary) -> bool:
    """Whether a part of a text could have a meaning: one of its words begins as a stem does, or the whole as a phrase,
    which is asked soon."""
    starts, phrases = known.stems_by_start, known.phrase_starts
    if words[0][:START] in phrases or any(word[:START] in starts for word in words):
        return True
    fillers = grammar().fillers
    if len(words[0]) >= START and words[0] not in fillers:
        return False
    without = "".join(word for word in words if word not in fillers)
    return without[:START] in phrases or "".join(words)[:START] in phrases


def _of_clause(words: tuple[str, ...], known: Vocabulary) -> Meaning | None:
    """The meaning of a part of a text; None where it has none that is known."""
    without = tuple(word for word in words if word not in grammar().fillers)
    for spelled in (joined(words), joined(without)):
        if spelled in known.phrases:
            return Meaning(known.phrases[spelled], "phrase")
    likely = dict.fromkeys(stem for word in words for stem in known.stems_by_start.get(word[:START], ()))
    found = [stem for stem in likely if _says(stem, words)]
    narrow = [stem for stem in found if not any(set(stem.parts) < set(other.parts) for other in found)]
    value = _together((stem.meaning for stem in narrow), known)
    return None if value is None or value in known.whole else Meaning(value, "stem")


def _says(stem: Stem, words: tuple[str, ...]) -> bool:
    """Whether all beginnings of a stem are there, and no other word before a cause that makes it say nothing.

    A noun of an act is no stem of its own: `remboursement refusé` is not `remboursé`."""
    hushing, found = grammar().hushing, list[int]()
    for part in stem.parts:
        place = next((n for n, word in enumerate(words) if n not in found and word.startswith(part)), None)
        if place is None or (len(stem.parts) == 1 and words[place] in hushing):
            return False
        found.append(place)
    before = next((n for n, word in enumerate(words) if word in grammar().causes), len(words))
    return not any(word in hushing for n, word in enumerate(words[:before]) if n not in found)


def _is_figure(words: tuple[str, ...]) -> bool:
    """Whether a part is a bare number: of `0:05` neither is a yes or a no."""
    return all(word.lstrip("-").isdigit() for word in words)


def _is_no(words: tuple[str, ...]) -> bool:
    """Whether a part is a no to the others, even where no alone is a meaning: `SLA breached: no`."""
    return vocabulary("yes_no").phrases.get(joined(words)) == "false"


def _is_hush(words: tuple[str, ...]) -> bool:
    """Whether a part says nothing but no, as in `Cancelled: no`."""
    return all(word in grammar().hushing for word in words)


def _together(meanings: Iterable[str], known: Vocabulary) -> str | None:
    """What several meanings come to: the weightiest where all are of one group, else nothing."""
    found = set(meanings)
    for group in known.groups:
        if found and found <= set(group):
            return next(meaning for meaning in group if meaning in found)
    return None
