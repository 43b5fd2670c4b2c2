"""Whether the texts under two names are the same ones, against what is written under all other names."""

from __future__ import annotations

from collections import Counter

from supportkit.stats.same_words import alike, tell_names_apart

PARCEL = Counter(help=50, parcel=50, courier=30, lost=30)
CARD = Counter(help=50, card=50, declined=30, money=30)
LOGIN = Counter(help=50, password=50, code=30, login=30)


def everything(*names: Counter[str]) -> Counter[str]:
    return sum(names, Counter())


def test_a_part_has_the_words_of_the_whole() -> None:
    part = Counter(help=5, parcel=5, lost=5)
    assert alike(part, PARCEL, everything(part, PARCEL, CARD, LOGIN))
    assert alike(PARCEL, part, everything(part, PARCEL, CARD, LOGIN))


def test_other_words_are_not_alike_though_all_share_one() -> None:
    part = Counter(help=5, card=5, declined=5)
    assert not alike(part, PARCEL, everything(part, PARCEL, CARD, LOGIN))


def test_a_name_of_very_many_words_is_not_alike_to_everything() -> None:
    """Each word of the lesser name is in the greater one too, but no more often there than anywhere."""
    wide = Counter(help=90, parcel=90, courier=60, lost=60, card=9, declined=9, money=9)
    part = Counter(help=5, card=5, declined=5)
    assert not alike(part, wide, everything(part, wide, CARD, LOGIN))


def test_a_form_that_all_send_tells_no_names_apart() -> None:
    form = [Counter(contact=n, form=n) for n in (5, 50, 500)]
    assert not tell_names_apart(form, everything(*form))
    assert tell_names_apart([PARCEL, CARD, LOGIN], everything(PARCEL, CARD, LOGIN))
    assert not tell_names_apart([], Counter())
