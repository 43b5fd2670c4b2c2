"""A pattern that is asked only where its words begin finds what it would find in the whole text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from supportkit.exports.masking import emails, paper_words, passwords, provider_keys, secret_patterns, secrets
from supportkit.exports.masking.literals import matches, places, small_letters
from tests.dense_texts import words
from tests.labelled import labelled

CASED = [(begins, pattern) for begins, pattern in secrets._VALUES]
SMALL = [
    *secrets._IN_SMALL_LETTERS,
    (secrets._CODES, secret_patterns.CODE),
    (secrets._SPARE, secret_patterns.SPARE_CODES),
    (secrets._SEED, secret_patterns.SEED),
    (passwords._PASSWORDS, secret_patterns.PASSWORD_LATER),
    (passwords._PASSWORDS, secret_patterns.PHRASE),
    (passwords._NAMES_AND_PASSWORDS, secret_patterns.NAME_AND_PASSWORD),
    (paper_words.BEGINS, paper_words.PAPER),
]
SECRETS = (
    "Portal-Passwort: Abc1234! db_pass=Xy12345! WLAN-Schlüssel: 12345678 e-mail password: hunter22 "
    "wiederherstellungscode 1234-5678 Zugangsdaten: anna / Xy12345 mi clave es 4821 código de acceso: 4821 "
    "codes de secours: a1b2c3d4 e5f6g7h8 ответ на секретный вопрос: Мурка7 резервные коды: 1234-5678 8765-4321 "
    "clé API: abcdef123456 tu pin es 1234 der Sicherheitscode lautet 123456 смс-код 1234 my access code is 8841 "
    "git+ssh://anna:Xy12345@host postgres://anna:Xy12345@host curl -u anna:Xy12345 mysql -u a -pXy12345 "
)


def same(pattern: re.Pattern[str], text: str, begins: list[int]) -> bool:
    return [one.span() for one in pattern.finditer(text)] == [one.span() for one in matches(pattern, text, begins)]


def some_texts() -> list[str]:
    dense = [words(seed, 1500) for seed in range(150)]
    return [SECRETS, SECRETS.upper(), *dense, *(one.text for one in labelled(300))]


@pytest.mark.parametrize(("begins", "pattern"), [*CASED, (provider_keys._BEGIN, provider_keys._SHAPES)])
def test_a_pattern_of_both_sizes_is_found_from_its_words(begins: tuple[str, ...], pattern: re.Pattern[str]) -> None:
    of_both = small_letters if begins is not provider_keys._BEGIN else str
    for text in some_texts():
        assert same(pattern, text, places(of_both(text), begins)), text


@pytest.mark.parametrize(("begins", "pattern"), SMALL)
def test_a_pattern_of_small_letters_is_found_from_its_words(begins: tuple[str, ...], pattern: re.Pattern[str]) -> None:
    for text in map(small_letters, some_texts()):
        assert same(pattern, text, places(text, begins)), text


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        (secret_patterns.PASSWORD, lambda text: passwords._with_compounds(text, places(text, passwords._PASSWORDS))),
        (secret_patterns.IN_COMMAND, secrets._commands),
    ],
)
def test_what_may_stand_before_a_word_is_looked_back_for(
    pattern: re.Pattern[str], begins: Callable[[str], list[int]]
) -> None:
    for text in map(small_letters, some_texts()):
        assert same(pattern, text, begins(text)), text


def test_an_address_is_found_from_its_at_sign() -> None:
    odd = 'a [dot] b (at) x.de "a b"@x.de o\'neill%a@x.de a . b @ x.de, тест собака я точка рф, x-y.z at amazon.com'
    for text in (odd, odd * 20, *some_texts()):
        ends = emails._ends(text, emails._MARKS)
        begins = sorted({one for end in ends for one in emails._begins(text, end)})
        assert same(emails._EMAIL, text, begins), text
        assert same(emails._IN_WORDS, text, begins), text
        assert same(emails._WITH_AT, text, sorted({one for end in ends for one in emails._begins_within(text, end)}))
