"""The first look at a text as DuckDB takes it: which texts Python has to read for personal data.

It lets through whatever `may_be_personal` does, and more: a sign that hardly a text has (digits of other scripts,
invisible signs, odd spaces) sends a text to Python by itself, so that the patterns here need no more than plain digits.
RE2 compiles a pattern anew for each place in a query and each thread, and classes of hundreds of signs make that take
as long as reading ten thousand cells.
"""

from __future__ import annotations

import re
from typing import Final

from supportkit.exports.masking import provider_keys
from supportkit.exports.masking.first_look import MAY_BE_PERSONAL, NUMBER, SIGNS
from supportkit.exports.masking.secret_words import LITERALS, ODDLY, OTHER_WORDS, PASSWORDS
from supportkit.exports.masking.sign_classes import AT_SIGNS, DIGITS, HIDDEN, SEPARATOR

_SEPARATOR: Final = " \\t\u00a0\u00b7\u2010-\u2014\u202f\\-./()+"
_ODD: Final = (
    "[^\\x00-\\x7f\u00a0-\u00ac\u00ae-\u00b1\u00b4-\u00b8\u00ba-\u024f\u0370-\u052f\u1e00-\u1eff\u2010-\u2027\u202f"
    "\u2030-\u205e\u20a0-\u20bf\u2116\u2122\u2190-\u21ff\u2600-\u27bf\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7af\ufe0f"
    "\U0001f300-\U0001faff]"
)
"""A sign that Python has to look at. Letters of most scripts, marks, arrows and pictures are none."""

_PLAINLY: Final = (
    (ODDLY, "&%="),
    (SEPARATOR, _SEPARATOR),
    (DIGITS, "0-9"),
    (HIDDEN, "\\x00"),
    (AT_SIGNS, ""),
    ("{0,400}", "*"),
    ("{0,200}", "*"),
    ("{2,64}", "+"),
    ("{1,64}", "+"),
)
"""Classes without the odd signs; counts of hundreds, which RE2 pays for, as any number."""


def _plainly(pattern: str) -> str:
    for written, plain in _PLAINLY:
        pattern = pattern.replace(written, plain)
    return pattern


def quoted(pattern: str) -> str:
    """A pattern as a text in SQL."""
    return "'" + pattern.replace("'", "''") + "'"


LIKELY: Final = f"{_plainly(MAY_BE_PERSONAL)}|{_ODD}"
"""In every text that may be personal."""

_OTHERS: Final = f"{_plainly('(?i)' + '|'.join(SIGNS))}|{_ODD}"
_SECRETS: Final = tuple(_plainly(f"(?i){words}") for words in (PASSWORDS, OTHER_WORDS, provider_keys.LOOK))
"""One of these, one after the other: in a single pattern RE2 has more states than it keeps, and takes five times as
long."""

_SHORTEST: Final = sorted(one for one in set(LITERALS) if not any(part in one for part in {*LITERALS} - {one}))
_SPEAKS_OF_SECRETS: Final = f"(?i){'|'.join(map(re.escape, _SHORTEST))}"
"""In each text in which masking looks for secrets, which hardly any has: one pattern is asked instead of three."""

_SIX_DIGITS: Final = _plainly(NUMBER)
_SEVEN_DIGITS: Final = _SIX_DIGITS.replace("){5}", "){6}")

ANY_SIGN: Final = (
    f"(?i)[@%=&<(\\[{{0-9]|{_ODD}|[ ](?:собак|собач|sobaka|arroba|arobase|at[ ]|ät[ ])|[_-]at[_-]"
    "|pass|kennwort|парол|contrase|pwd|(?:^|[^a-z])pw"
    "|pswd|senha|wachtw|has[łl]|[şs]ifre|parola|palavra|mdp|clave|p/w|bearer|authoriz|eyj|akia|asia|sess|token"
    "|secret|key|schlüssel|ключ|токен|сессии|geheim|кодов|секретн|phrase|words|hf_"
    "|zugangsdaten|credential|creds|logindaten|identifiants|answer|antwort|sitzungs|clé "
    "|secrèt|u0040|cv[vc]|link|http|://|curl|mysql|mariadb|sshpass"
)
"""In every text in which something likely stands."""

TELEPHONE: Final = (
    r"(?i)(?:[☎✆📞📱]|(?:^|[^a-zа-яё])(?:"
    r"т[^а-яё]|тел|моб|сот|звон|позвон|перезвон|набер|whats?[ ]?app|ватсап|вотсап|viber|вайбер"
    r"|telegr|телегр"
    r"|phone|mobil|chiam|lig(?:ue|a)|cham[ae]|locali|rappel|cont[áa]ct|m[óo]vil|reach|cel|call|t[ée]l|ph[^a-z]|fon|ll[áa]m|appel|joindre|n[úu]m[ée]ro"
    r"|handy|ruf|anruf|anzuruf|erreich|fax|факс|sms|смс|text|desk|office|answering|contact"
    r"|(?:мо[а-яё]{1,3}|my|наш|ваш|у (?:меня|нас)|our|meine[rn]?|unsere[rn]?|mi|nuestro|mon|notre|meu|nosso|mio|nostro"
    r"|mijn|m[oó]j|benim)[ ](?:[^ 0-9]{1,12}[ ])?(?:номер|num|n[uú]m|n[°ºor])|numaram|связ|ring[ ]"
    r"|wa[.]me|number=|msisdn=))[^0-9]{0,64}[0-9]"
)
"""Holds wherever the words for telephoning of the masking do, which stand close before a number: only there can six
digits be a phone."""

_DAY: Final = "(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR: Final = "(?:19|20)[0-9]{2}"
_BEFORE: Final = f"(?:^|[^0-9{_SEPARATOR}])[ ]?"
_KEPT: Final = (
    f"(?i)({_BEFORE})(?:{_YEAR}-{_DAY}-{_DAY}|{_DAY}[./]{_DAY}[./]{_YEAR})(?:$|[^0-9./-]|[./-](?:$|[^0-9]))"
    f"|({_BEFORE}(?:order|orders|bestellung|ticket|invoice|rechnung|заказ|заказа|ref)(?:[ ](?:number|no\\.|id|nr\\.))?"
    f"[ ]?[#:№]?[ ]?)[0-9]{{4,11}}[{_SEPARATOR}]{{0,3}}(?:$|[^0-9{_SEPARATOR}])"
)
"""Numbers that the masking keeps wherever they stand: a day alone, and the number of an order alone behind its word."""


def is_likely(text: str) -> str:
    """The SQL for whether a short text or a cell may be personal, of more than four bytes."""
    return f"strlen({text}) > 4 and {_has(text, ANY_SIGN)} and ({_other(text)} or {_number(text, _SIX_DIGITS)})"


def is_likely_in_text(text: str) -> str:
    """The same of free text, in which most numbers of six digits are those of orders: only words for telephoning make
    them likely."""
    called = f"({_has(text, TELEPHONE)} and {_has(text, _SIX_DIGITS)})"
    return f"{_has(text, ANY_SIGN)} and ({_other(text)} or {_number(text, _SEVEN_DIGITS)} or {called})"


def _other(text: str) -> str:
    secrets = " or ".join(_has(text, pattern) for pattern in _SECRETS)
    return f"{_has(text, _OTHERS)} or ({_has(text, _SPEAKS_OF_SECRETS)} and ({secrets}))"


def _number(text: str, pattern: str) -> str:
    """Whether a number stands in a text that is not kept anyway."""
    left = f"regexp_replace({text}, {quoted(_KEPT)}, '\\1\\2x', 'g')"
    return f"({_has(text, pattern)} and {_has(left, pattern)})"


def _has(text: str, pattern: str) -> str:
    return f"regexp_matches({text}, {quoted(pattern)})"
