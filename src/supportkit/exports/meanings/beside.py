"""What other columns of an export say of a state: Shopify's `Cancelled at`, Stripe's `Captured` and `Dispute Status`.

They are joined to the word as written, `paid · Cancelled at`, `Paid · Captured: false`, so that whatever decides is one
text, which is read, told and mapped like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import cache
from typing import Final

from supportkit.exports.meanings.vocabulary import Vocabulary, vocabulary
from supportkit.exports.meanings.word_meaning import UNKNOWN, Meaning, judge
from supportkit.exports.meanings.words import key
from supportkit.system.frozen import dataclass

APART: Final = " · "
_LETTERS: Final = r"\p{L}"
OneOf = Callable[[str, Iterable[str]], str]
"""The SQL for whether a text is one of these words."""


@dataclass(frozen=True)
class Beside:
    """A column of an export beside the one of a state.

    `filled` is what any value but no makes of the state, `flag` what yes makes of it, while no and numbers are silent;
    `words` what each makes of it, `among` what each of a list, as tags are; `silent` ones say nothing of it, and
    neither do `others` where that is "silent": else they are words that nobody knows.
    """

    column: str
    header: str
    filled: str = ""
    flag: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    among: Mapping[str, str] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    others: str = "unknown"

    def sql(self, cell: str, header: str, bind: Callable[[str], str], is_one_of: OneOf) -> str:
        """What is joined to the word: the header, and the cell where it matters what stands in it."""
        if self.filled:
            empty = f"{cell} is null or {is_one_of(cell, _answers('false'))}"
            return f"case when {empty} then '' else {bind(APART + header)} end"
        if self.flag:
            silent = f"{is_one_of(cell, _answers('false'))} or not regexp_matches({cell}, {bind(_LETTERS)})"
            yes = f"when {is_one_of(cell, _answers('true'))} then {bind(APART + header)}"
            return f"case {yes} when {cell} is null or {silent} then '' else {bind(f'{APART}{header}: ')} || {cell} end"
        if self.among:
            found = {word: f"regexp_matches({cell}, {bind(_in_list(word))})" for word in self.among}
            cases = (f"when {sql} then {bind(f'{APART}{header}: {word}')}" for word, sql in found.items())
            return f"case {' '.join(cases)} else '' end"
        told = is_one_of(cell, self.words) if self.others == "silent" else f"not {is_one_of(cell, self.silent)}"
        return f"case when {cell} is not null and {told} then {bind(f'{APART}{header}: ')} || {cell} else '' end"

    def says(self, text: str, header: str) -> str | None:
        """What the joined text says of the state."""
        if self.filled or (self.flag and text == header):
            return self.filled or self.flag
        words = {key(word): meaning for word, meaning in {**self.words, **self.among}.items()}
        return words.get(key(text.removeprefix(f"{header}: ")))


@cache
def _answers(said: str) -> tuple[str, ...]:
    """The words for yes (`true`) or no (`false`)."""
    return tuple(word for word, meaning in vocabulary("yes_no").phrases.items() if meaning == said)


def _in_list(word: str) -> str:
    """The pattern of a list that has a word."""
    return rf"(?i)(^|[\s,;|\[\"']){re.escape(word)}($|[\s,;|\]\"'])"


def judge_joined(
    text: str,
    known: Vocabulary,
    besides: Mapping[str, Beside],
    *,
    user: Mapping[str, str],
    vendor: Mapping[str, str],
) -> Meaning:
    """The meaning of a word and of what is joined to it: the weightiest; `besides` are by the header as written."""
    word, *joined = text.split(APART) if besides else [text]
    if not joined or key(text) in user or (key(text) in vendor and key(word) not in user):
        return judge(text, known, user=user, vendor=vendor)
    said = [user.get(key(part)) or _of(part, besides) for part in joined]
    own = judge(word, known, user=user, vendor=vendor) if word else None
    values = {*said, *([own.value] if own else ())}
    found = next((meaning for meaning in known.meanings if meaning in values), None)
    if found is None or (None in values and found in known.counted):
        return UNKNOWN
    return own if own and own.value == found else Meaning(found, "vendor")


def _of(part: str, besides: Mapping[str, Beside]) -> str | None:
    header = next((header for header in besides if part == header or part.startswith(f"{header}: ")), None)
    return besides[header].says(part, header) if header is not None else None
