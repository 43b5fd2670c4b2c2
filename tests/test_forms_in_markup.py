"""Secrets and people's data in markup, behind the signs of tables and logs, and in the words of five languages."""

from __future__ import annotations

import duckdb
import pytest

from supportkit.exports.masking import mask_text
from supportkit.exports.masking.in_sql import is_likely, is_likely_in_text

MARKUP = (
    ("<b>Password</b>: Winter7!tale", "Winter7"), ("Passwort: <strong>Blume77</strong>", "Blume77"),
    ("<tr><td>Password</td><td>Winter7!tale</td></tr>", "Winter7"), ("<TD>Kennwort</TD>\n  <TD>Blume77</TD>", "Blume"),
    ("пароль:<br>Zx12345", "Zx1"), ("<p>Passwort</p><p>Blume77!</p>", "Blume"),
    ("**Password:** Winter7!tale", "Winter7"), ("*Passwort*: Blume77", "Blume77"), ("__пароль__: Zx12345", "Zx1"),
    ("**PIN:** 4821", "4821"), ("Password: `Winter7!tale`", "Winter7"), ("| Password | Winter7!tale |", "Winter7"),
    ("Passwort\tBlume77", "Blume77"), ("Password | Winter7!tale", "Winter7"), ("password => Winter7", "Winter7"),
    ("Passwort -> Blume77", "Blume77"), ("пароль → Zx12345", "Zx1"), ("mdp -> Ete2024", "Ete"),
    (r'{\"password\":\"winterwald\"}', "winterwald"), (r'{\\\"pwd\\\":\\\"winterwald\\\"}', "winterwald"),
    ("call <b>0152</b> 7654321", "7654321"), ("Phone</td><td>4155552671", "4155552671"),
    ("Телефон | 2128506", "2128506"), ("carla.voss _at_ example _dot_ org", "carla"),
    ("carla.voss%2540example.org", "carla"), ("carla.voss%252540example.org", "carla"),
    ("carla.voss&amp;#64;example.org", "carla"), ("carla.voss&amp;amp;commat;example.org", "carla"),
    (r"carla.voss\u0040example.org", "carla"),
)  # fmt: skip
NAMED = (
    ("<td>SSN</td><td>536904399</td>", "536904399"), ("SSN | 536904399", "536904399"),
    ("<td>PIN</td><td>4821</td>", "4821"),
    ("{\"ssn\":\"536904399\"}", "536904399"), ("Steuer-ID -> 86095742719", "86095742719"), ("PIN | 4821", "4821"),
    ("<tr><th>Passport</th>\n<td><b>C01X00T47</b></td></tr>", "C01X"), ("Passport | 533380006", "533380006"),
    ('{"passport_number": "533380006"}', "533380006"), ('{"otp":482913}', "482913"), ("OTP → 482913", "482913"),
    ("verification code</td><td>482913", "482913"), ("<td>API key</td><td>abcDEF1234567890</td>", "abcDEF"),
    ("API key | abcDEF1234567890", "abcDEF"), ("Token → abcDEF1234567890", "abcDEF"), ("Phone\t2128506", "2128506"),
    ("token (old): abcDEF1234567890", "abcDEF"), ("Phone (mobile): 612345185", "612345185"),
    ("login/pass: anna / Kotik77", "Kotik77"), ("Benutzer/Passwort: anna / Blume77", "Blume77"),
    ('password = "Hunter 22 blue"', "Hunter"), ("carla(dot)voss(at)example(dot)org", "carla"),
)  # fmt: skip
WORDS = (
    ("Password (old): Winter7", "Winter7"), ("Kennwort (vorläufig) Blume77!x", "Blume"),
    ("the temporary password is as follows: Winter7!", "Winter7"), ("Das Kennwort lautet wie folgt: Blume77", "Blume"),
    ("пароль такой Zx12345", "Zx1"), ("парол Zx12345", "Zx1"), ("пароль от кабинета Zx123!q", "Zx1"),
    ("changed my password from Winter7!a to Summer8!b", "Winter7"),
    ("Passwort von Blume77 auf Rose88 geändert", "Rose88"), ("user carla pass Winter7!tale", "Winter7"),
    ("mon mdp c'est Ete2024", "Ete"), ("password is: 'W1nter t@le'", "t@le"), ("mi pin es 4821", "4821"),
    ("my card, pin 4821", "4821"), ('<a title="password: Winter7">', "Winter7"),
    ("Geheimzahl 4821", "4821"), ("кодовое слово: Мурзик", "Мурзик"), ("security answer: Mittens", "Mittens"),
    ("ответ на секретный вопрос: Мурзик", "Мурзик"), ("réponse secrète : Minou", "Minou"),
    ("Use 482-193 to sign in", "482-193"), ("Enter 482193 to verify your account", "482193"),
    ("backup codes: 1234-5678 8765-4321", "8765-4321"), ("recovery codes\na1b2c-d3e4f\ng5h6i-j7k8l", "g5h6i"),
    ("резервные коды: 12345678, 87654321", "87654321"), ("codes de secours : 4821 9917", "9917"),
    ("seed phrase: witch collapse practice feed shame open despair creek road again ice least", "despair"),
    ("https://docs.example/share?sharekey=abcDEF123456", "abcDEF"), ("api key abcDEF123456gh", "abcDEF"),
    ("API-Schlüssel: abcDEF123456", "abcDEF"), ("WLAN-Schlüssel: 1234-5678-9012", "5678"),
    ("ключ API: abcDEF123456", "abcDEF"), ("токен: abcDEF123456", "abcDEF"), ("clé API : abcDEF123456", "abcDEF"),
    ("clave API: abcDEF123456", "abcDEF"), ("ID сессии: 9f8e7d6c5b4a", "9f8e"), ("Sitzungs-ID: 9f8e7d6c5b4a", "9f8e"),
    ("activation key: AB12-CD34-EF56", "CD34"), ("my key is hf_aBcDeFgHiJkLmNoPqRsTuVwXyZ", "aBcDeF"),
    ("lucia.perez(arroba)correo(punto)es", "lucia"), ("lucia.perez arroba correo punto com", "lucia"),
    ("luc.petit [arobase] exemple [point] fr", "luc"), ("luc.petit arobase exemple point fr", "luc"),
    ("карла.фосс собачка яндекс точка ру", "фосс"), ("carla.voss ät example.de", "carla"),
    ("mi móvil es 612345185", "612345185"), ("Llámame al 612345185", "612345185"),
    ("appelez-moi au 612345185", "612345185"), ("mon tel c'est le 6 12 34 56 78", "34 56"),
    ("mon numéro : 612345185", "612345185"), ("Fon 0 30 / 22 33 44 55", "33 44"),
    ("IBANDE89370400440532013000", "0532"), ("DE89370400440532013000BIC COBADEFF", "0532"),
    ("cc:4012888888881881exp1227", "8888"), ("4012 88888888 1881", "8888"),
    ("pasaporte n.º XDB123456", "123456"), ("passeport n° 12AB34567", "12AB"), ("passport is X 123 4567", "123"),
    ("carte d'identité 880692310285", "8806"), ("серия 4509 № 123456", "123456"),
    ("numéro de sécurité sociale 1 84 12 76 451 089 46", "451"), ("NIR: 184127645108946", "1841"),
    ("AHV-Nr. 756.9217.0769.85", "9217"), ("BSN 111222333", "111222333"),
)  # fmt: skip


AROUND = (
    ("> Tel: 0152\n> 7654321", "7654321"), ("> Passwort:\n> Blume77x", "Blume77"), ("☎ 2128506", "2128506"),
    ("📞 0152 7654321 📱612345185", "612345185"), ("ph# 555-0199", "0199"), ("Phone no. is 555 0199", "0199"),
    ("Passw.: Blume77x", "Blume77"), ("логин: anna, пасс: Zima2020", "Zima"), ("password [Winter77x]", "Winter77"),
    ("carla.voss-at-example-dot-org", "carla"), ("DE 89370400440532013000", "3704"),
    ("TEL;CELL;VOICE:2128506", "2128506"),
    ("security code on the card is 737", "737"), ("I entered 482193 as the code", "482193"),
    ("Password:\tWinter77", "Winter77"), ("API key:\tabcDEF1234567890", "abcDEF"),
    ("PGPASSWORD=Winter77 psql", "Winter77"),
    ("Kennwort zurückgesetzt auf Blume77x", "Blume"), ('<input type="password" value="winterwald">', "winterwald"),
    ("Netzwerkschlüssel 1234567890123", "1234567"), ("PIN No. 4821", "4821"),
    ("OTP-482193", "482193"), ("**OTP** `482193`", "482193"),
    ("пришёл код 482193", "482193"), ("WhatsApp code 482-193", "482-193"),
    ("Your Apple ID Code is: 482193. Don't share it", "482193"), ("Zugangsdaten: anna / Blume77x", "Blume77"),
    ("Credentials: carla@example.org / Winter77", "Winter77"),
    ("https://x.example/r/abcDEF123456ghi to reset your password", "abcDEF"),
    ("4012 8888 8888 1881 12/27 737", "737"), ("4012888888881881|12|2027|737", "|737"),
    ("Karte: 4012888888881881, Prüfziffer 737", "737"), ("mi pasaporte es XDB123456", "123456"),
    ("0152 7654 3210 0171 7654", "7654"), ("mon passeport est le 12AB34567", "12AB"),
    ("ИНН/КПП 500100732259/770101001", "500100732259"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "gone"), MARKUP + NAMED + WORDS + AROUND)
def test_what_stands_in_markup_or_behind_another_word_is_taken_out(text: str, gone: str) -> None:
    assert gone in text
    masked, counts = mask_text(text)
    assert gone not in masked
    assert sum(counts.values()) >= 1
    assert mask_text(masked)[0] == masked


def test_markup_around_what_is_taken_out_stays() -> None:
    assert mask_text("<td>Password</td><td>Winter7!tale</td>")[0] == "<td>Password</td><td>[SECRET]</td>"
    assert mask_text("**PIN:** 4821, *urgent*")[0] == "**PIN:** [SECRET], *urgent*"
    assert mask_text(r"{\"password\":\"winterwald\",\"a\":1}")[0] == r"{\"password\":\"[SECRET]\",\"a\":1}"


KEPT = (
    "0034 0434 1610 9404 2557", "Sendung 0034 0434 1610 9455 2648", "tracking 9400 1118 9922 3197 4284 90",
    "> Order 123456789\n> of 2026-11-02", "📦 123456789012", "Zugangsdaten fehlen seit 2026 / nie erhalten",
    "Credentials are wrong / 2 attempts", "tests: 12 pass 0 fail", "4242 items in 12/27 boxes 737",
    "https://x.example/orders/abcdef123456 to see it", "your order code is 482193", "Prüfung 737", "x [2]\n[3] y",
    "state-at-the-art in 2026", "I used 4711 as the article code", "DE 12345678 is no account", "look-at-me-dot-x",
    "<td>Order</td><td>12345678</td>", "| Order | 123456789 |", '{"order":123456789}', '{"code":4004,"message":"no"}',
    "| PIN | yes |", "token | expired", "Passwort: (leer)", "password: null", "mot de passe : aucun",
    "Password: none", "a|b|c", "Germany | 2026-11-02", "<td>1234</td><td>5678</td><td>9012</td><td>3456</td>",
    "<b>Password</b> reset does not work", "<td>Password</td><td>Status</td>", "| Password | Status |",
    "Password\tStatus\tCreated", "**Password** is wrong", "password -> does not work", "2 * 3 * 4 = 24",
    "snake_case_name",
    "<td>4155</td><td>5526</td><td>7112</td>", "the boarding pass LH1234", "a pass for 2 people", "to sign 2 papers",
    "use 12 to 15 eggs", "enter 2026 to see", "words: 12 of 400",
    "seed phrase is what they ask for, please do not tell it",
    "recovery phrase words are not the same as a password", "look at amazon dot com deals",
    "pin 2024 model", "pin 3.14159", '<input type="password" maxlength="12">', "bus pass A1b2C3",
    "passwort von Kunde4711 geändert", '{"passengers":4,"pass":true}',
    "not given at any point in the",
    "USD 1 234 567.89", "https://shop.example/products/1?variant=40012345678901", "security answer is wrong",
    "der Schlüssel passt nicht", "ключ от квартиры", "the answer: 42 pieces", r"C:\users\new", r"\u00e9t\u00e9 2026",
    "the key was 12 months old", "answer my question", "telephone support", "100 &amp; 200",
    "I forgot my password\nThanks", "mein Passwort\nGrüße", "50%25 of it",
)  # fmt: skip


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_it_is_kept(text: str) -> None:
    assert mask_text(text) == (text, {})


@pytest.mark.parametrize("look", [is_likely, is_likely_in_text])
def test_the_look_in_sql_lets_pass_whatever_is_masked(look: object) -> None:
    texts = [text for text, _ in MARKUP + NAMED + WORDS + AROUND]
    query = f"select text from (select unnest($texts) as text) where not ({look('text')})"  # type: ignore[operator]
    assert duckdb.connect().execute(query, {"texts": texts}).fetchall() == []
