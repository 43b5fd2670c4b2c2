"""Where a secret ends: with the sign that it ends with, and before what is no part of it."""

from __future__ import annotations

import pytest

from supportkit.exports.masking import mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("пароль: Zima2024!", "пароль: [SECRET]"),
        ("Пароль Zima2024!", "Пароль [SECRET]"),
        ("(password: Zima2024!)", "(password: [SECRET])"),
        ("passwd=abc!23!!, ok", "passwd=[SECRET], ok"),
        ("password: Zima(2024)", "password: [SECRET]"),
        ("mot de passe : Hiver2024?!", "mot de passe : [SECRET]"),
        ("use Zima2024! as password", "use [SECRET] as password"),
        ("my password is abc123.", "my password is [SECRET]."),
        ("password: wrong!", "password: wrong!"),
    ],
)
def test_a_password_goes_with_its_last_sign_and_its_sentence_keeps_its_stop(text: str, masked: str) -> None:
    assert mask_text(text)[0] == masked
    assert mask_text(masked) == (masked, {})


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("password/edit?reset_password_token=abcDEF123456", "password/edit?reset_password_token=[SECRET]"),
        ("GET /password?token=abcDEF123456 HTTP/1.1", "GET /password?token=[SECRET] HTTP/1.1"),
        ("/passwords/new?code=123456&page=about", "/passwords/new?code=[SECRET]&page=about"),
        ("password_reset/abcdef123456789", "password_reset/[SECRET]"),
        ("password/Zima2024?code=123456", "password[SECRET]"),  # what is no word of an address may be a password
        ("password/Geheim!x?code=123456", "password[SECRET]"),
    ],
)
def test_an_address_with_the_word_for_a_password_keeps_its_path(text: str, masked: str) -> None:
    assert mask_text(text)[0] == masked
    assert mask_text(masked) == (masked, {})


@pytest.mark.parametrize(
    "text", ["BOEING 777-30100", "an Airbus A320-200, Boeing 737-80000 (2 class)", "Боинг 777-30100"]
)
def test_the_number_of_an_aircraft_stays(text: str) -> None:
    assert mask_text(text) == (text, {})


def test_a_phone_behind_a_maker_of_aircraft_is_masked() -> None:
    assert mask_text("call Boeing 206-655-2121")[0] == "call Boeing [PHONE]"
