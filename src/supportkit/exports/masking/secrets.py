"""Secrets in a text: passwords after their word, tokens and keys, session ids, links that let somebody in.

A value is one by its own shape (`sk_live_…`, `AKIA…`, a JWT), or by the word before it; a word that only speaks of a
password (`my password is wrong`) is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from supportkit.exports.masking import provider_keys
from supportkit.exports.masking.literals import has_one, matches, places, small_letters
from supportkit.exports.masking.secret_patterns import (
    ACCESS_CODE,
    AFTER_CARD,
    AS_PASSWORD,
    ASSIGNED,
    BEARER,
    BESIDE,
    CARD_CODE,
    CODE,
    CODE_OF_A_THING,
    DIGEST,
    FIELD,
    IN_COMMAND,
    IN_URL,
    LETS_IN,
    LONG_PART,
    NAME_AND_PASSWORD,
    NAMED_SECRET,
    NO_PHRASE,
    ONE_TIME,
    PASSWORD,
    PASSWORD_LATER,
    PHRASE,
    SEED,
    SPARE_CODES,
    TO_ENTER,
    TO_LET_IN,
    TO_USE,
    URL,
    WHOSE_CODE,
    YOUR_CODE,
    YOURS_BEFORE,
)
from supportkit.exports.masking.secret_words import CODE_BEGINS, SHELLS, has_word
from supportkit.system.late_patterns import late

Span = tuple[int, int, str]

_Asked = tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]
_VALUES: Final[_Asked] = (
    (("bearer", "authorization"), BEARER),
    (
        (
            "cvv", "cvc", "sicherheitscode", "kartenprüf", "prüfnum", "prüfziff", "security code", "код безопасности",
        ),
        CARD_CODE,
    ),
    (
        (
            "pin", "otp", "tan", "my pin", "mein", "мой pin", "mi pin", "tu pin", "su pin", "mon pin", "votre pin",
            "пин", "geheim", "passcode", "one time ", "one-time ", "verification code", "security code", "login code",
            "sms", "смс", "2fa code", "confirmation code", "access code", "reset code", "bestätigungs", "sicherheits",
            "zugangs", "код ",
        ),
        ONE_TIME,
    ),
    (("use ", "enter ", "type "), TO_ENTER),
)  # fmt: skip
"""Patterns of values, and what each of their matches begins with, in small letters."""

_YOURS: Final = ("code", "pin", "otp", "digo", "код")
_TEMPORARY: Final = (
    "code", "digo", "clave", "код", "einmal", "de passe", "one time", "one-time", "solo uso", "temp", "парол",
)  # fmt: skip
"""Of these and of those above one stands in each text with a code that lets somebody in."""

_IN_SMALL_LETTERS: Final[_Asked] = (
    (
        (
            "sess", "sid", "csrf", "xsrf", "token", "key", "secret", "schlüssel", "ключ", "токен", "id сессии",
            "идентификатор сессии", "clé ", "cle ", "clave ", "sitzungs",
        ),
        ASSIGNED,
    ),
    (CODE_BEGINS, ACCESS_CODE),
)  # fmt: skip
"""The same of a text in small letters, where the value is no word."""

_PASSWORDS: Final = (
    "pass", "pw", "pswd", "mdp", "senha", "kennw", "парол", "contrase", "mot de passe", "clave", "p/w", "кодовое слово",
    "секретное слово", "ответ на секретный", "security answer", "security word", "secret answer", "secret word",
    "sicherheitsantwort", "respuesta secreta", "réponse secr", "reponse secr", "пасс",
)  # fmt: skip
_COMPOUNDS: Final = (
    "pg", "email", "mail", "portal", "kunden", "start", "master", "einmal", "initial", "benutzer", "zugangs", "konto",
    "standard", "wlan", "wifi", "admin", "root", "user", "account", "login", "db",
)  # fmt: skip
"""What the word for a password begins with where it is one of two."""

_NAMES_AND_PASSWORDS: Final = (
    "login", "user", "логин", "benutzer", "usuario", "identifiant", "zugangsdaten", "logindaten", "credential",
    "credenciales",
)  # fmt: skip
_CODES: Final = ("code", "код", "código", "codigo")
_SPARE: Final = (
    "backup", "recovery", "scratch", "emergency", "wiederherstellungs", "reserve", "ersatz", "резервные", "запасные",
    "коды", "código", "codigo", "codes de ",
)  # fmt: skip
_SEED: Final = ("seed", "recovery", "mnemonic", "secret", "backup")
_LAST_WORD: Final = late(r"[^\W_]+\Z")
_JSON: Final = late(r"[{,]\s*[\"']\Z")
_LONGEST_WORD: Final = 12
_LONGEST_SCHEME: Final = 16
_OF_A_SCHEME: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+.-")
_AROUND: Final = 48
"""How far before a code or a password stands what tells what it is."""

_ENDS: Final = ".,;:!?)]}»”"
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


def secrets(text: str) -> list[Span]:
    """Where the secrets of a text stand, first to last."""
    folded = text.casefold()
    found = [*provider_keys.keys(text, folded)] if provider_keys.has_literal(folded) else []
    found += _by_words(text, folded) if has_word(folded) else ()
    found = sorted((start, end) for start, end in found if end > start and text[start] != "[")
    spans: list[Span] = []
    for start, end in found:
        if spans and start < spans[-1][1]:
            start, end = spans[-1][0], max(end, spans.pop()[1])
        spans.append((start, end, "SECRET"))
    return spans


def card_codes(text: str) -> Iterator[Span]:
    """The codes of cards that are taken out already, which stand behind them."""
    if "[CARD]" in text:
        for match in AFTER_CARD.finditer(text):
            yield *match.span("value"), "SECRET"


def _by_words(text: str, folded: str) -> Iterator[tuple[int, int]]:
    small = small_letters(text)
    for words, pattern in _VALUES:
        if begins := places(small, words):
            yield from (_within(text, *match.span("value")) for match in matches(pattern, text, begins))
    if "digest" in small:
        yield from (match.span("value") for match in DIGEST.finditer(text))
    if has_one(small, _YOURS):
        yield from (_within(text, *match.span("value")) for match in YOUR_CODE.finditer(small))
    for words, pattern in _IN_SMALL_LETTERS:
        if words is not CODE_BEGINS or has_one(small, _TEMPORARY):
            found = (match for match in matches(pattern, small, places(small, words)) if _is_value(match["value"]))
            yield from (_within(text, *match.span("value")) for match in found)
    yield from _codes(small)
    if "cod" in small or "код" in small:
        yield from (match.span("value") for match in matches(SPARE_CODES, small, places(small, _SPARE)))
    if "phrase" in small or " words" in small:
        yield from (match.span("value") for match in matches(SEED, small, places(small, _SEED)))
    yield from (_with_its_sign(text, *span) for span in _passwords(text, small))
    if begins := _commands(small):
        for match in matches(IN_COMMAND, small, begins):
            yield match.span(match.lastgroup or 0)
    for url in matches(URL, text, places(small, ("http",))):
        yield from _in_url(text, *url.span())


def _commands(small: str) -> list[int]:
    """Where a line for a shell or an address may begin, in which a name and a password stand."""
    begins = places(small, SHELLS)
    for place in places(small, ("://",)) if "@" in small else ():
        first = place
        while first > max(0, place - _LONGEST_SCHEME) and small[first - 1] in _OF_A_SCHEME:
            first -= 1
        begins += range(first, place - 1)
    return sorted(begins)


def _codes(small: str) -> Iterator[tuple[int, int]]:
    """Codes behind nothing but the word, that belong to no thing."""
    for match in matches(CODE, small, places(small, _CODES)):
        before = small[max(0, match.start() - _AROUND) : match.start()]
        if _is_the_readers(before) and not CODE_OF_A_THING.search(before):
            yield match.span("value")


def _is_the_readers(before: str) -> bool:
    """Whether a code behind these words is nobody's but the reader's: a sentence begins with it, or they say so."""
    bare = before.rstrip(" \t")
    if not bare:
        return True
    if bare[-1] == "-":
        return len(bare) < len(before)
    if bare[-1] in "_]" or not bare[-1].isalnum():
        return bare[-1] not in "_]" and not _JSON.search(bare)  # `{"code": 4004}` is mostly one of an error
    last = _LAST_WORD.search(bare[-_LONGEST_WORD:])
    return (last is not None and last[0] in WHOSE_CODE) or YOURS_BEFORE.search(before) is not None


def _passwords(text: str, small: str) -> Iterator[tuple[int, int]]:
    words = places(small, _PASSWORDS)
    for match in matches(PASSWORD, small, _with_compounds(small, words)):
        start, end = _within(text, *match.span("value"))
        if match["bare"] and not _is_of_both_sizes(text[start:end]):
            continue
        sign = match["sign"].strip(_NO_SIGN)
        if sign.isspace() and not _begins_a_line(text, match.start()):
            sign = ""  # "I forgot my password", and in the next line who says so
        if not match["sign"] and _IN_AN_ADDRESS.match(small, start):
            values = sorted(_in_url(text, match.start(), end))
            if _is_address(small, start, end, values):
                yield from values
                continue
        if _is_password(text[start:end], sign, alone=_is_alone(text, end)):
            yield start, end
    for match in matches(PASSWORD_LATER, small, words):
        start, end = _within(text, *match.span("value"))
        if match["looks"] and not _is_of_both_sizes(text[start:end]):
            continue
        if _looks_secret(text[start:end]) and (match["weak"] or _is_alone(text, end)):
            yield start, end
        if match["first"] and _looks_secret(match["first"]):
            yield match.span("first")
    for match in matches(NAME_AND_PASSWORD, small, places(small, _NAMES_AND_PASSWORDS)):
        start, end = _within(text, *match.span("value"))
        if _looks_secret(text[start:end]):
            yield start, end
    if not words:
        return
    yield from (match.span("value") for match in FIELD.finditer(small))
    for match in matches(PHRASE, small, words):
        if _is_phrase(text[slice(*match.span("value"))].split()):
            yield match.span("value")
    for match in AS_PASSWORD.finditer(small):
        end = match.start()
        before, _, value = text[max(0, end - _AROUND) : end].replace("\n", " ").rpartition(" ")
        bare = value.strip(_QUOTES)
        if len(bare) > 3 and _is_used(bare, before.rpartition(" ")[2], quoted=bare != value, as_one=bool(match["as"])):
            start = end - len(value) + value.index(bare)
            yield start, start + len(bare)


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


def _in_url(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in IN_URL.finditer(text, start, end):
        if _is_value(match["value"]) or NAMED_SECRET.search(match[0]):
            yield match.span("value")
    if LETS_IN.search(text, max(0, start - BESIDE), end) or TO_LET_IN.match(text, end):
        for match in LONG_PART.finditer(text, start, end):
            yield match.span("value")


def _is_password(value: str, sign: str, *, alone: bool) -> bool:
    """Whether what stands behind the word is a password: it looks like one, or a sign says so and nothing follows."""
    if _NO_SECRET.fullmatch(value.strip("-_.()[]|")):
        return False
    if value.strip(_QUOTES).isdecimal() and len(value) >= _FIGURES:
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


def _within(text: str, start: int, end: int) -> tuple[int, int]:
    """A value without the sign that ends its sentence."""
    while end - start > 4 and text[end - 1] in _ENDS:
        end -= 1
    return start, end


def _with_its_sign(text: str, start: int, end: int) -> tuple[int, int]:
    """A password with the marks behind it, which may end its sentence or be the end of it, and with a bracket that it
    has the other of."""
    while (sign := text[end : end + 1]) in ("!", "?") or (sign in _CLOSED and _CLOSED[sign] in text[start:end]):
        end += 1
    return start, end


def _is_value(value: str) -> bool:
    """Whether this is no word: it has a digit in it, or is long."""
    return any(char.isdecimal() for char in value) or len(value) >= 20


def _begins_a_line(text: str, place: int) -> bool:
    return not text[max(0, place - _AROUND) : place].rpartition("\n")[2].strip(" \t|*")


def _is_alone(text: str, end: int) -> bool:
    """Whether nothing of the sentence follows."""
    rest = text[end : end + 2].lstrip(" \t")
    return rest == "" or rest[0] in _ENDS + "\r\n\"'<"
