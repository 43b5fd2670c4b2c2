"""Passwords, codes and tokens behind the short words that people have for them, in ten languages."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from supportkit.exports.masking import mask_text
from supportkit.exports.masking.in_sql import is_likely, is_likely_in_text

SECRETS = (
    "mdp ⟦Soleil75⟧",
    "mdp : ⟦Soleil75⟧",
    "mon mdp ⟦Soleil75⟧ ne marche pas",
    "pw ⟦Soleil75⟧",
    "senha ⟦Sol2024x⟧",
    "minha senha é ⟦Sol2024x⟧",
    "şifre ⟦Gunes2024⟧",
    "şifrem: ⟦Gunes2024⟧",
    "hasło ⟦Slonce75⟧",
    "hasło: ⟦Slonce75⟧",
    "wachtwoord ⟦Zomer2024⟧",
    "wachtwoord: ⟦Zomer2024⟧",
    "parola ⟦Sole2024⟧",
    "la mia password è ⟦Sole2024⟧",
    "пасс ⟦Soleil75⟧",
    "clave ⟦Soleil75⟧",
    "pass ⟦Soleil75⟧",
    "2FA код ⟦482913⟧",
    "2FA code ⟦482913⟧",
    "2FA-код: ⟦482913⟧",
    "2FA ⟦482913⟧",
    "2fa: ⟦482913⟧",
    "код 2FA ⟦482913⟧",
    "code 2FA ⟦482913⟧",
    "MFA code ⟦482913⟧",
    "TOTP ⟦482913⟧",
    "код двухфакторки ⟦482913⟧",
    "2FA-Code ⟦482913⟧",
    "código 2FA ⟦482913⟧",
    "Cookie: connect.sid=⟦s%3A8fH2kLmN3pQ4rS5tUvWxYz.abcDEF123456⟧",
    "connect.sid=⟦s:8fH2kLmN3pQ4rS5tUvWxYz.abcDEF123456⟧",
    "Set-Cookie: auth=⟦a8f2k3l4m5n6⟧; Path=/",
    "Set-Cookie: sessionid=⟦a8f2k3l4m5n6⟧; HttpOnly",
    "Cookie: PHPSESSID=⟦q1w2e3r4t5y6u7i8⟧",
    "Cookie: remember_me=⟦a8f2k3l4m5n6⟧; theme=dark",
    "refresh token ⟦1//0gAbCdEfGhIjKlMnOp-QrStUv⟧",
    "refresh_token: ⟦1//0gAbCdEfGhIjKlMnOp-QrStUv⟧",
    "refresh token is ⟦1//0gAbCdEfGhIjKlMnOp-QrStUv⟧",
    "credentials ⟦anna:Summer24⟧",
    "credentials anna:⟦Summer24⟧",
    "creds: anna / ⟦Summer24⟧",
    "creds anna:⟦Summer24⟧",
    "login: anna password ⟦Summer24⟧",
    "login: anna password: ⟦Summer24⟧",
    "login anna, pass ⟦Summer24⟧",
    "login anna pw ⟦Summer24⟧",
    "login: anna@x.de / ⟦Summer24⟧",
    "login anna/⟦Summer24⟧",
    "логин: anna пароль: ⟦Summer24⟧",
    "логин anna, пароль ⟦Summer24⟧",
    "логин anna пасс ⟦Summer24⟧",
    "usuario: anna clave: ⟦Summer24⟧",
    "usuario anna contraseña ⟦Summer24⟧",
    "identifiant anna mdp ⟦Summer24⟧",
    "Benutzer: anna Kennwort: ⟦Summer24⟧",
    "⟦1//0gAbCdEfGhIjKlMnOpQrStUvWx-yZ0123456789⟧",
    "⟦AGE-SECRET-KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQQPZRY9X8GF2TVDW0S3JN54⟧",
    "⟦xai-abcdefghij0123456789ABCDEFGHIJ⟧",
    "⟦pat-na1-11111111-2222-3333-4444-555555555555⟧",
    "⟦sbp_0123456789abcdef0123456789abcdef01234567⟧",
    "⟦secret_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG⟧",
    "⟦mfa.abcdefghij0123456789abcdefghij0123456789⟧",
    "il mio codice di verifica: ⟦482913⟧",
    "código de verificação: ⟦482913⟧",
    "doğrulama kodu: ⟦482913⟧",
    "kod weryfikacyjny: ⟦482913⟧",
    "verificatiecode: ⟦482913⟧",
    "my key is ⟦a1b2c3d4e5f6⟧",
    "recovery key: ⟦123456-654321-111111⟧",
    "encryption key: ⟦a1b2c3d4e5f6⟧",
    "ключ шифрования: ⟦a1b2c3d4e5f6⟧",
    "mein Schlüssel lautet ⟦a1b2c3d4e5f6⟧",
)
OTHERS = (
    "2FA is off since 2024",
    "2FA for 2024 users",
    "enable 2FA for 12 accounts",
    "code 2FA not received",
    "код ошибки 482913",
    "2FA codes do not arrive",
    "mdp oublié",
    "mdp perdu",
    "mon mdp ne marche pas",
    "mdp incorrect",
    "pw reset",
    "senha incorreta",
    "esqueci minha senha",
    "şifre unuttum",
    "hasło nie działa",
    "wachtwoord vergeten",
    "password dimenticata",
    "pass the order 123456789 on",
    "credentials: see ticket 12345",
    "credentials wrong: try 2",
    "credentials are invalid: error 401",
    "login: failed 3 times",
    "login: anna password reset",
    "login page: error / 404",
    "login at 10:30 / 2024",
    "login failed: 12345",
    "логин: не помню пароль",
    "token expired 12345",
    "refresh token expired",
    "auth=false",
    "Set-Cookie: theme=dark",
    "Cookie: lang=de; theme=dark",
    "set the cookie policy 2024",
    "the secret garden 2024",
    "mfa. 2024",
    "secret_santa",
    "pat-na1",
    "het wachtwoord is onjuist",
    "la password è errata",
    "parola chiave: scarpe",
    "{'user-agent': 'Batman/1.0'}",
    "hasło jest nieprawidłowe",
    "the product key is missing",
    "my key is broken",
    "login,annual,DE,2026-04-17T17:01:27Z",
    "şifre hatalı",
    "the kod of 2024",
    "user guide/chapter 4",
    "cookies 500 g",
    "a season pass Europa2024",
)


def bare(text: str) -> str:
    """The text without the brackets around its secret."""
    return text.replace("⟦", "").replace("⟧", "")


@pytest.mark.parametrize("text", SECRETS)
def test_the_secret_is_found(text: str) -> None:
    secret = text[text.index("⟦") + 1 : text.index("⟧")]
    masked = mask_text(bare(text))[0]
    assert secret not in masked
    assert "[SECRET]" in masked
    assert mask_text(masked) == (masked, {})


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask_text(text) == (text, {})


@pytest.mark.parametrize("look", [is_likely, is_likely_in_text])
def test_the_look_in_sql_lets_secrets_pass(look: Callable[[str], str]) -> None:
    texts = [bare(text) for text in SECRETS]
    query = f"select text from (select unnest($texts) as text) where not ({look('text')})"
    assert duckdb.connect().execute(query, {"texts": texts}).fetchall() == []
