"""Texts of strangers that are as dense as can be: runs of numbers of all groupings, and words that masking knows, with
numbers, hex and base64 between. Made from a seed, so that one that is slow can be made again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final

_BETWEEN: Final = (
    " ", "-", ".", "/", "  ", " - ", "(", ") ", "+", " +", " (", "·", "\u00a0", "–", ".-", "\t", "\u200b",
)  # fmt: skip
_PARTING: Final = (
    " a ", ", ", "; ", "\n", " x ", ": ", " and ", "#", "|", " call ", " order ", "@", "_", "*", " [", "] ", "=", "&",
    "%20", " pass ", " card ", " ИНН ", " тел. ", '"', "<", "&nbsp;", "{", "e", "A-", "0x", " id ", " ref: ", "?",
    "https://", "token=", "eyJ", "=\n", "@x.de ", " at ", " dot ", " №",
)  # fmt: skip
_BEGINS: Final = ("", "", "+", "(", "0", "00", "8", "+49 ", "1")
_KNOWN: Final = (
    "pass", "password: ", "passwort ", "пароль ", "PIN: 1234", "otp 123456", "код ", "token=", "secret ", "key=",
    "api key ", "sk_live_", "AKIA", "eyJhbGciOiJ9.", "Bearer ", "https://x.de/reset/", "http://a.b/?token=", "?code=",
    "sid=", "session id ", "passport no ", "паспорт ", "id card ", "nino ", "серия 12 34", "a@b.de", "a@", "a.b.c@",
    "x (at) y.de", "x at y dot com", " at ", "собака ", "&#64;", "%40", "=40", "&nbsp;", "＠", "９", "²", "a@b ",
    "\u200b", "DE89 3704 0044", "408 17", "BG 12 34 56 A", "ABCDEF12A34B567C", "12345678Z", "tel. +49 170",
    "+7 (495) 123-45-67", "8 916 123 45 67", "order 1234567", "2024-01-02", "10:20:30 +0000 2017",
    "4111 1111 1111 1111", "030/1234567", "карта ", "SSN 123-45-6789", "12345 is your code ", "cvv 123", "deadbeef",
    "<td>", "</td><td>", "<div>", "<td", "**", "_x_ ", "| ", " → ", "=> ", '":"', "\\u0040", '\\"', "&amp;amp;",
    "%2540", "seed phrase ", "backup codes ", "login/pass: a / ", "use 1234 to sign in ", "(old): ",
    "security answer: ", "password from a1 to ", "ключ api ", "token → ", " arroba ", "(dot)", "curl -u a:", "\t",
    "Phone | ", "pass a1!b ",
    "QUJDREVGR0g=", "\n", " ", ", ", "_", "[", "]", "[PHONE]", "<", '"', "(", "+", "/", "é", "я", "我",
)  # fmt: skip
_ALPHABETS: Final = ("0123456789", "0123456789abcdef", "ABCDEFabcdefXYZ0123456789+/=")


def numbers(seed: int, signs: int) -> str:
    """A text of runs of 2 to 60 groups of digits."""
    rng = random.Random(seed)
    between = rng.sample(_BETWEEN, rng.choice((1, 1, 2, 3)))
    parting = rng.sample(_PARTING, rng.choice((1, 1, 2, 3)))
    widths = rng.sample((1, 2, 3, 4, 7, 10, 16), rng.choice((1, 1, 2, 3)))
    groups, begin, first = rng.choice((2, 3, 5, 8, 16, 24, 25, 30, 60)), rng.choice(_BEGINS), rng.choice("000000０")

    def run() -> Iterator[str]:
        yield begin
        for _ in range(groups):
            yield "".join(chr(ord(first) + rng.randrange(10)) for _ in range(rng.choice(widths)))
            yield rng.choice(between)
        yield rng.choice(parting)

    return _long(lambda: "".join(run()), signs)


def words(seed: int, signs: int) -> str:
    """A text of a few words that masking knows, with digits, hex or base64 behind some of them."""
    rng = random.Random(seed)
    known, alphabet = rng.sample(_KNOWN, rng.choice((1, 2, 3, 4))), rng.choice(_ALPHABETS)

    def word() -> str:
        behind = "".join(rng.choice(alphabet) for _ in range(rng.choice((0, 0, 1, 3, 4, 7, 10, 24))))
        return rng.choice(known) + behind + rng.choice(("", " ", "\n"))

    return _long(word, signs)


def _long(piece: Callable[[], str], signs: int) -> str:
    pieces: list[str] = []
    length = 0
    while length < signs:
        pieces.append(piece())
        length += len(pieces[-1])
    return "".join(pieces)[:signs]
