"""Passwords in a text: behind the word for one, before it, beside a name, in quotes; a word that only speaks of a
password (`my password is wrong`) is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from supportkit.exports.masking.literals import matches, places
from supportkit.exports.masking.secret_patterns import (
    AS_PASSWORD,
    FIELD,
    NAME_AND_PASSWORD,
    NO_PHRASE,
    PASSWORD,
    PASSWORD_LATER,
    PASSWORD_OF_A_NAME,
    PHRASE,
    TO_USE,
)
from supportkit.exports.masking.secret_values import AROUND, ENDS, in_url, within
from supportkit.system.late_patterns import late

_PASSWORDS: Final = (
    "pass", "pw", "pswd", "mdp", "senha", "kennw", "парол", "contrase", "mot de passe", "clave", "p/w", "кодовое слово",
    "секретное слово", "ответ на секретный", "security answer",
    "security question", "secret question", "security word", "secret answer", "secret word",
    "sicherheitsantwort", "respuesta secreta", "réponse secr", "reponse secr", "пасс", "wachtw", "hasł", "haslo",
    "şifre", "sifre", "parola", "palavra-passe",
)  # fmt: skip
_COMPOUNDS: Final = (
    "pg", "email", "mail", "portal", "kunden", "start", "master", "einmal", "initial", "benutzer", "zugangs", "konto",
    "standard", "wlan", "wifi", "admin", "root", "user", "account", "login", "db",
)  # fmt: skip
"""What the word for a password begins with where it is one of two."""
_NAMES_AND_PASSWORDS: Final = (
    "login", "user", "логин", "benutzer", "usuario", "usuário", "utilisateur", "identifiant", "zugangsdaten",
    "logindaten", "cred", "inloggegevens", "данные", "доступ",
)  # fmt: skip
_CLASSIC: Final = late(r"[^\W\d_][^\W\d_]{3,}[0-9]{2,4}[!?.]*")
_OURS: Final = late(
    r"(?:^|[^\w\s]|(?<![^\W_])(?:my|the|is|and|with|new|old|mein|das|und|mit|neues|мой|новый|старый|и|с|mi|la|y|con|nueva|mon|le|et"
    r"|avec|nouveau))[ \t]*\Z"
)
"""Ends with a word before a password of ours, or with nothing of the sentence; a pass of another kind has its name
before it (`bus pass`)."""
_CLOSED: Final = {")": "(", "]": "[", "}": "{"}
_IN_AN_ADDRESS: Final = late(r"s?(?:[_-][a-z]{1,24}){0,3}(?:/[a-z0-9_-]|\?[a-z_]{1,24}=)")
"""What follows the word where it is a part of an address."""
_OF_A_PASSWORD: Final = late(r"[^a-z/?&;=._%\[\]-]")
"""What in an address is none of its own words."""
_MASKED: Final = late(r"[=/]\[[a-z]{3,9}\]")
_NO_SECRET: Final = late(
    r"reset|wrong|incorrect|invalid|expired|correct|required|missing|forgot\w*|lost|changed?|protected|please|must|should"
    r"|cannot|does\w*|again|field|link|page|email|mail|optional|updated|falsch|ungültig|abgelaufen|vergessen|nicht"
    r"|zurück\w*|geändert|невер\w+|неправил\w+|забы\w+|сброс\w*|устарел\w*|подош\w+|подход\w+|incorrect[oa]|olvid\w+"
    r"|none|null|nil|true|false|yes|n/?a|empty|leer|unknown|aucune?|ningun[oa]|нет|пусто|hidden|unset|not|kein\w?|[*•●x]+|x{4,}"
    r"|onjuist|veranderd|mislukt|verouderd|vervallen|vergeten|gewijzigd|verlopen|geblokkeerd|yanlış|hatalı|geçersiz|unutt\w*"
    r"|nie\w*|złe|zapomnia\w+|wygas\w+|zmienion\w+|sbagliat\w|errat\w|dimenticat\w|scadut\w|occupat\w|non|incorret\w"
    r"|errad\w|esquec\w+|expirad\w|não|niet|değil"
    r"|oubli\w+|faux|fausse|invalide|erron[ée]\w?|perdue?|expir[ée]\w?|err[óo]ne[oa]|caducad[oa]|inv[áa]lid[oa]",
    re.IGNORECASE,
)
_NO_SIGN: Final = " \"'`«„“[\t|…"
"""What stands between the word and a value without saying that it is one: the next cell of a table may be anything."""
_FIGURES: Final = 6
"""Figures alone that are a password behind the word for one: fewer are a year, or how often."""
_QUOTES: Final = "\"'`«»„“”‘’"
_NO_VALUE: Final = late(
    r"th(?:is|at|em|ese|ose|e)|one|your|mine|something|anything|names?|birthdays?|numbers?|letters?|words?|emojis?|same"
    r"|dies\w*|diese[nrs]?|etwas|name|namen|geburtstag|его|это|этот|слово|дату|имя|номер|esto|esta|ese|nombre|cela|ceci"
    r"|nom|phone|telefon|телефон|username|login|логин|default|standard|usuario",
    re.IGNORECASE,
)
"""Words for what somebody may use, which are none of it."""


def passwords(text: str, small: str) -> Iterator[tuple[int, int]]:
    """Where the passwords of a text stand, which is `small` in small letters, with the marks that may be their ends."""
    yield from (_with_its_sign(text, *span) for span in _values(text, small))


def _values(text: str, small: str) -> Iterator[tuple[int, int]]:
    words = places(small, _PASSWORDS)
    for match in matches(PASSWORD, small, _with_compounds(small, words)):
        start, end = within(text, *match.span("value"))
        if match["bare"] and not _is_of_both_sizes(text[start:end]):
            continue
        if match["classic"] and not (_CLASSIC.fullmatch(text, start, end) and _OURS.search(small, 0, match.start())):
            continue
        sign = match["sign"].strip(_NO_SIGN)
        if sign.isspace() and not _begins_a_line(text, match.start()):
            sign = ""  # "I forgot my password", and in the next line who says so
        if not match["sign"] and _IN_AN_ADDRESS.match(small, start):
            values = sorted(in_url(text, match.start(), end))
            if _is_address(small, start, end, values):
                yield from values
                continue
        if _is_password(text[start:end], sign, alone=_is_alone(text, end)):
            yield start, end
    for match in matches(PASSWORD_LATER, small, words):
        start, end = within(text, *match.span("value"))
        if match["looks"] and not _is_of_both_sizes(text[start:end]):
            continue
        if _looks_secret(text[start:end]) and (match["weak"] or _is_alone(text, end)):
            yield start, end
        if match["first"] and _looks_secret(match["first"]):
            yield match.span("first")
    for match in matches(NAME_AND_PASSWORD, small, places(small, _NAMES_AND_PASSWORDS)):
        start, end = within(text, *match.span("value"))
        if _looks_secret(text[start:end]) and (not match["only"] or _CLASSIC.fullmatch(text, start, end)):
            yield start, end
    if not words:
        return
    for match in matches(PASSWORD_OF_A_NAME, small, places(small, _NAMES_AND_PASSWORDS)):
        start, end = within(text, *match.span("value"))
        if _is_password(text[start:end], "", alone=_is_alone(text, end)):
            yield start, end
    yield from (match.span("value") for match in FIELD.finditer(small))
    for match in matches(PHRASE, small, words):
        if _is_phrase(text[slice(*match.span("value"))].split()):
            yield match.span("value")
    for match in AS_PASSWORD.finditer(small):
        end = match.start()
        before, _, value = text[max(0, end - AROUND) : end].replace("\n", " ").rpartition(" ")
        bare = value.strip(_QUOTES)
        if len(bare) > 3 and _is_used(bare, before.rpartition(" ")[2], quoted=bare != value, as_one=bool(match["as"])):
            start = end - len(value) + value.index(bare)
            yield start, start + len(bare)


def _with_its_sign(text: str, start: int, end: int) -> tuple[int, int]:
    """A password with the marks behind it, which may end its sentence or be the end of it, and with a bracket that it
    has the other of."""
    while (sign := text[end : end + 1]) in ("!", "?") or (sign in _CLOSED and _CLOSED[sign] in text[start:end]):
        end += 1
    return start, end


def _is_address(small: str, start: int, end: int, values: list[tuple[int, int]]) -> bool:
    """Whether what follows the word for a password is the rest of an address (`password/edit?token=…`), with something
    in it that lets somebody in, or did until it was masked, and besides that nothing that may be a password."""
    at = start
    for first, last in values:
        if _OF_A_PASSWORD.search(small, at, first):
            return False
        at = max(at, last)
    if _OF_A_PASSWORD.search(small, at, end):
        return False
    return values != [] or _MASKED.search(small, start, end) is not None


def _with_compounds(small: str, words: list[int]) -> list[int]:
    """Where words begin, and where the words do that they are the second part of."""
    begins: list[int] = []
    for word in words:
        first = word - (small[word - 1 : word] in ("-", "_"))
        if small.endswith(_COMPOUNDS, 0, first):
            begins += (first - len(one) for one in _COMPOUNDS if small.endswith(one, 0, first))
        begins.append(word)
    return sorted(begins)


def _is_used(value: str, verb: str, *, quoted: bool, as_one: bool) -> bool:
    """Whether what stands before the word for a password is one: it looks like one, or is what somebody shall use."""
    if _looks_secret(value):
        return True
    if not as_one or not (quoted or TO_USE.fullmatch(verb.strip(":"))) or _NO_SECRET.fullmatch(value):
        return False
    return not _NO_VALUE.fullmatch(value) and "@" not in value and "://" not in value


def _is_password(value: str, sign: str, *, alone: bool) -> bool:
    """Whether what stands behind the word is a password: it looks like one, or a sign says so and nothing follows."""
    if _NO_SECRET.fullmatch(value.strip("-_.()[]|")):
        return False
    bare = value.strip(_QUOTES)
    if bare.isdecimal() and len(bare) >= _FIGURES:
        return True
    odd = any(char in "!@#$%^&*+=?~" for char in value)
    mixed = any(map(str.isdecimal, value)) and any(map(str.isalpha, value))
    return odd or mixed or (bool(sign) and (alone or any(map(str.isdecimal, value))))


def _is_of_both_sizes(value: str) -> bool:
    return any(map(str.isupper, value)) and any(map(str.islower, value))


def _looks_secret(value: str) -> bool:
    """Whether a value has letters and figures or signs in it, and is no address."""
    odd = any(char.isdecimal() or char in "!#$%^&*+=?~" for char in value)
    return odd and any(map(str.isalpha, value)) and "://" not in value and not ("@" in value and "." in value)


def _is_phrase(words: list[str]) -> bool:
    """Whether quoted words are a password of several, and say nothing of one."""
    if any(map(NO_PHRASE.fullmatch, words)):
        return False
    if len(words) > 1 and (any(map(_looks_secret, words)) or any(map(str.isdecimal, words))):
        return True
    return len(words) > 2 and all(word.isalnum() and word.islower() for word in words)


def _begins_a_line(text: str, place: int) -> bool:
    return not text[max(0, place - AROUND) : place].rpartition("\n")[2].strip(" \t|*")


def _is_alone(text: str, end: int) -> bool:
    """Whether nothing of the sentence follows."""
    rest = text[end : end + 2].lstrip(" \t")
    return rest == "" or rest[0] in ENDS + "\r\n\"'<"
