"""Languages of short texts, and the words of a ticket."""

from __future__ import annotations

import random
from datetime import date

import pytest
from benchmarks.letters import letters

from supportkit.stats.text_language import is_mixed, language
from supportkit.stats.ticket_words import (
    all_stems,
    fingerprint,
    own_words,
    stems,
    template_weeks,
    templates,
    terms,
    ticket_text,
    tokens,
    without_templates,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("где заказ", "ru"),
        ("Де моє замовлення?", "uk"),
        ("тауарды қайтару", "cyrillic"),
        ("My card is declined", "en"),
        ("Meine Karte wurde abgelehnt", "de"),
        ("Rückerstattung", "de"),
        ("refund", "latin"),
        ("оплата через Apple Pay", "ru"),
        ("返金してください", "other"),
        ("😀😀 123 !!", "none"),
        ("https://example.com/declined [EMAIL]", "none"),
        ("", "none"),
    ],
)
def test_the_language_is_told_by_letters_and_common_words(text: str, expected: str) -> None:
    assert language(text) == expected


def test_most_generated_letters_are_told_apart() -> None:
    written = letters(random.Random(1), 600)
    right = sum(language(one.text) == one.language for one in written)
    assert right >= 0.98 * len(written)


def test_a_text_in_two_scripts_is_mixed_and_each_word_is_stemmed_by_its_own() -> None:
    assert is_mixed("оплата через банк, card payment declined")
    assert not is_mixed("оплата через Apple не проходит никогда")
    assert stems("оплаты payments") == ["оплат", "payment"]


def test_a_quoted_reply_and_a_signature_are_not_the_customers_words() -> None:
    letter = "The mug is broken\n> it was fine when we sent it\n\nBest regards,\nRuth\n+44 [PHONE]"
    assert own_words(letter) == "The mug is broken"
    assert own_words("Чашка разбита\n\n12 мая 2026 г. Анна пишет:\nцитата без знаков") == "Чашка разбита"
    assert own_words("Tasse kaputt\nAm 12. Mai 2026 schrieb Support:\nZitat") == "Tasse kaputt"
    assert own_words("-----Original Message-----\nFrom: shop\nSent: today") == ""


def test_the_subject_comes_first_and_not_twice() -> None:
    assert ticket_text("Re: [#123] Broken mug", "It came broken") == "Broken mug\nIt came broken"
    assert ticket_text("Broken mug", "Broken mug, it came so") == "Broken mug, it came so"
    assert ticket_text(None, None) == ""


def test_greetings_thanks_names_and_placeholders_say_nothing() -> None:
    assert stems("Dear Anna,\nplease help me, thank you in advance") == []
    assert stems("Здравствуйте! Подскажите, пожалуйста") == []
    assert stems("[EMAIL] [PHONE] https://example.org 4711") == []
    assert stems("") == stems("😀") == stems("!") == []


def test_a_term_is_a_stem_or_a_pair_of_neighbours() -> None:
    assert terms(["card", "declin", "card"]) == {"card", "declin", "card declin", "declin card"}
    assert terms(["card", "card"]) == {"card"}


def test_words_meet_by_their_stem_and_are_shown_as_written() -> None:
    assert tokens("Платежи отклонены") == [("платеж", "платежи"), ("отклон", "отклонены")]


def test_a_passage_pasted_into_more_than_twenty_tickets_is_a_template() -> None:
    form = "Please describe your problem below this line"
    pasted = [f"{form}\nnumber {word}" for word in "abcdefghijklmnopqrstu"]
    assert len(pasted) == 21
    marks = templates(pasted)
    assert marks == {fingerprint(form)}
    assert without_templates(pasted[0], marks) == "number a"
    assert templates(pasted[:20]) == frozenset()


def test_a_passage_is_a_template_from_the_week_of_its_twenty_first_copy() -> None:
    form = "Please describe your problem below this line"
    early = [(date(2026, 1, 5), form)] * 20
    assert template_weeks(early) == {}
    late = [(date(2026, 2, 5), form), *early, (date(2026, 3, 5), form)]
    assert template_weeks(late) == {fingerprint(form): date(2026, 2, 2)}


def test_a_short_question_that_many_customers_ask_is_no_template() -> None:
    assert templates(["Where is my order?"] * 50) == frozenset()


def test_how_something_is_said_keeps_the_stop_words() -> None:
    assert all_stems("Why was my card declined? See https://example.com") == [
        "whi",
        "was",
        "my",
        "card",
        "declin",
        "see",
    ]
    assert all_stems("Почему карта не прошла") == ["поч", "карт", "не", "прошл"]
    assert all_stems("") == []


def test_what_was_blacked_out_is_no_word() -> None:
    assert stems("XXXX XXXX refused my account") == stems("refused my account")
    assert not {"xx", "xxx", "xxxx"} & {*all_stems("On XX/XX/XXXX I paid XXXX for the account xxx")}
