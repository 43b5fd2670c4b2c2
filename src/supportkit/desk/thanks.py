"""A message that closes a conversation: it asks for nothing and waits for nobody.

Thanks, "that worked", "ok" or a thumb up, in English, German, Russian, French or Spanish: all of its words stand in
`closings.txt`, and one of them is of thanks, of something done or of something seen. Quoted lines, names in greetings
and a signature do not count. With any other word, with a digit, a question or a sad face, as in "thanks, but it is
still broken", and without a text, it is a message like all others: a ticket too many is listed sooner than one is lost.

CLOSINGS gives, from the CTE `words` (source, ticket_id, sent_at, source_row, text), `courtesy`: those that close.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from supportkit.stats.lexicon import lines, roles

_SHORT: Final = r"^[\s\S]{1,600}$"  # in a longer letter nobody only thanks
_ROLES: Final = roles("closings")
_EDGE: Final = r"(?:[\s!-/:-?]|$)"  # where a word ends: \b knows the letters of ASCII alone
_UPPER: Final = "[A-ZÄÖÜÀÁÂÇÉÈÊÍÑÓÚА-ЯЁ]"
_LETTER: Final = "[^\\x00-@\\[-`{-\\x7f]"  # of any script; classes of Unicode make a pattern slow
_LOWER: Final = "[^\\x00-`{-\\x7f]"


def _words(*roles_asked: str) -> list[str]:
    return [one for role in roles_asked for one in _ROLES[role] if " " not in one and one.isalpha()]


def _signs(role: str) -> list[str]:
    return [one for one in _ROLES[role] if " " not in one and not one.isalpha()]


def _either(patterns: Sequence[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


def _known(name: str) -> str:
    """The patterns of a word list as one that serves in a whole text, where they are those of a line."""
    return _either([re.sub(r"\.\{\d+,\d+\}", r"[^\\n]*", one).replace(r"\b", _EDGE) for one in lines(name)])


def _literal(pattern: str) -> str:
    return "'" + pattern.replace("'", "''") + "'"


def _without(text: str, pattern: str, instead: str) -> str:
    """All that a pattern finds in a text is said as one known word."""
    return f"regexp_replace({text}, {_literal(pattern)}, '{instead}', 'g')"


def _cut(text: str, pattern: str) -> str:
    """A text up to where a pattern begins, which goes to the end."""
    return f"regexp_replace({text}, {_literal(pattern)}, '')"


def _word(*roles_asked: str) -> str:
    return f"(?:^| ){_either(_words(*roles_asked))}(?: |$)"


def _phrased(text: str) -> str:
    """Words, each between spaces, with the phrases of each role as one word of it, the longest first."""
    for role, word in (("done", "solved"), ("thanks", "thanks"), ("seen", "okay"), ("beside", "very")):
        phrases = sorted((one for one in _ROLES[role] if " " in one), key=lambda one: (-len(one), one))
        text = _without(text, rf"(?:^| ){_either([one.replace(' ', ' +') for one in phrases])}(?: |$)", f" {word} ")
    return text


_ONE_NAME: Final = rf"{_UPPER}{_LOWER}(?:{_LETTER}|['’.-])*"
_NAMES: Final = rf"(?:(?:Mr|Mrs|Ms|Dr|Frau|Herrn?|Mme|Sra?)\.?\s+)?(?:{_ONE_NAME} ?)+"
_SIGNED: Final = (  # a word of a signature: a name or a firm, a mask, an address, a number
    rf"(?:{_UPPER}(?:{_LETTER}|['’.&-])*|of|and|for|the|und|der|die|für|von|de|du|la|et|y|del|и|по|от|"
    r"\[[^\]\n]*\]|[^\s?]*(?:@|\d|\w\.\w)[^\s?]*|[,|&·•+()/-]+)"
)
_MARKUP: Final = r"</?(?:p|div|span|br|b|i|a|ul|ol|li|strong|em)(?:\s[^<>]*)?/?>|&nbsp;|\r"
_QUOTED: Final = rf"(?ims)^\s*(?:>|<blockquote|[^\n]*:\s*\n+\s*>|{_known('quotes')}).*$"
_SIGNATURE: Final = rf"(?im)^\s*{_known('farewells')}(?-i:(?:[ ,.!]*{_SIGNED})*(?:\s*\n\s*(?:{_SIGNED}[ ,]*)+)*\s*\z)"
_LAST_NAME: Final = rf"\n\s*\n\s*{_ONE_NAME}(?: {_ONE_NAME})?\s*$"
_OPENING: Final = r"(?:hi|hello|hey|dear|hallo|liebe|lieber|guten tag|здравствуйте|привет|bonjour|hola|estimad[oa])"
_THANKED: Final = _either([*_words("thanks"), "thank you"])
_ENDS: Final = r"\s*(?:[,.!;:)\n]|$)"
_START: Final = r"(?:^|[.!,;:\n])\s*"
_ASKS: Final = (
    r"[?？¿⁉❓]|[:;=][''’]?-?[(/|\\]|\({2}"
    rf"|(?i){_START}(?:help|answer|reply|respond|hilfe|antwort|помощь|ответ|aide|ayuda|respuesta){_EDGE}"
    rf"|(?i){_START}(?:(?:is|are|has|have|did|does|do|will|can) (?:it|this|that|everything|all|the|you|we|i|my|our)"
    rf"|(?:ist|sind|hat|haben|geht|klappt|funktioniert|läuft|passt) (?:das|es|die|der|sie|alles|ihr)|est.ce){_EDGE}"
    rf"|(?i)(?:^|[^a-zа-яё])(?:i|we|you|it)['’]?d{_EDGE}"
)

_UNQUOTED: Final = _without(_cut(_without("text", _MARKUP, "\n"), _QUOTED), _SIGNATURE, "")
_UNNAMED: Final = _without(
    _without(_without("own", _LAST_NAME, ""), rf"(?:^|[^a-zа-яё])(?i:{_THANKED})\s*!?\s*{_NAMES}{_ENDS}", " thanks "),
    rf"(?:(?:^|[^a-zа-яё])(?i:{_OPENING})\s|,)\s*{_NAMES}{_ENDS}",
    " hello ",
)
_FACES: Final = rf"[:;=]-?[)D*]+|<3|\^\^|\+1|{_either(_signs('seen'))}"
_GLUED: Final = _either(_signs("beside"))
_BETWEEN: Final = r"(?:[\s!-/:-@\[-`{-~¡…„“”«»‘’‹›–—·•]|[\x{FE0F}\x{200D}\x{1F3FB}-\x{1F3FF}])+"
_FACED: Final = _without(_without("unnamed", _FACES, " okay "), _GLUED, " very ")
_SPACED: Final = _without(_without(f"lower({_FACED})", "ё", "е"), _BETWEEN, "  ")
_ANY: Final = _word("thanks", "done", "seen")
_DONE: Final = _word("done")
_THING: Final = _word("thing")
_ALL: Final = f"^ *(?:{_either(_words('thanks', 'done', 'seen', 'beside', 'thing'))}(?: +|$))+$"
CLOSINGS: Final = rf"""
     unquoted as (
        select source, ticket_id, sent_at, source_row, {_UNQUOTED} as own
          from words
         where regexp_matches(text, '{_SHORT}')),
     named as (
        select unquoted.*, {_UNNAMED} as unnamed
          from unquoted
         where own <> ''),
     spoken as (
        select source, ticket_id, sent_at, source_row, unnamed, {_phrased(_SPACED)} as spoken_words
          from named),
     courtesy as (
        select distinct source, ticket_id, sent_at, source_row
          from spoken
         where regexp_matches(spoken_words, {_literal(_ALL)})
           and regexp_matches(spoken_words, {_literal(_ANY)})
           and (regexp_matches(spoken_words, {_literal(_DONE)}) or not regexp_matches(spoken_words, {_literal(_THING)}))
           and not regexp_matches(unnamed, {_literal(_ASKS)})),"""
