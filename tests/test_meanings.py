"""What words mean: phrases and stems in five languages, what a stem must not be taken for, countries and currencies."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportkit.exports import meanings
from supportkit.exports.meanings import Meaning, judge, key, vocabulary
from supportkit.exports.meanings.countries import codes, country
from supportkit.exports.meanings.currencies import currency
from supportkit.exports.meanings.vocabulary import Stem, grammar

ORDERS = vocabulary("orders_status")
NEGATIONS = ("not", "nicht", "pas", "no", "не")
REQUESTS = ("requested", "beantragt", "demandée", "solicitada", "запрошена")
FILES = sorted(path.stem for path in Path(meanings.__file__).parent.glob("*_*.toml"))
STEMS = [(name, stem) for name in FILES for stem in vocabulary(name).stems]


def state(word: str) -> str | None:
    return judge(word, ORDERS).value


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("paid", "sale"),
        ("Processing", "sale"),
        ("wc-completed", "sale"),
        ("Bezahlt", "sale"),
        ("expédiée", "sale"),
        ("Pagada", "sale"),
        ("Оплачен, формируется к отправке", "sale"),
        ("storniert", "cancelled"),
        ("Bestellung storniert", "cancelled"),
        ("annulé", "cancelled"),
        ("отменён", "cancelled"),
        ("Отменен покупателем", "cancelled"),
        ("Cancelado por el cliente", "cancelled"),
        ("Cancelled by customer", "cancelled"),
        ("Cancelled by customer request", "cancelled"),
        ("canceledBySystem", "cancelled"),
        ("VOIDED", "cancelled"),
        ("payment_failed", "failed"),
        ("Zahlung fehlgeschlagen", "failed"),
        ("declined by bank", "failed"),
        ("Refunded (full)", "refunded"),
        ("Refunded 100%", "refunded"),
        ("Refunded (100.0 %)", "refunded"),
        ("Rückerstattet", "refunded"),
        ("zurueckerstattet", "refunded"),
        ("returned to sender", "refunded"),
        ("Payment refused by issuer", "failed"),
        ("remboursée", "refunded"),
        ("возврат", "refunded"),
        ("Pagato", "sale"),
        ("In behandeling", "sale"),
        ("Zrealizowane", "sale"),
        ("Pagamento aprovado", "sale"),
        ("Teslim edildi", "sale"),
        ("KARGOYA VERİLDİ", "sale"),
        ("In attesa di pagamento", "open"),
        ("Wachten op betaling", "open"),
        ("Nieopłacone", "open"),
        ("Aguardando pagamento", "open"),
        ("Ödeme bekleniyor", "open"),
        ("geannuleerd", "cancelled"),
        ("Anulowane", "cancelled"),
        ("İptal edildi", "cancelled"),
        ("mislukt", "failed"),
        ("Estornado", "refunded"),
        ("Rimborso parziale", "partly refunded"),
        ("Częściowy zwrot", "partly refunded"),
        ("partially_refunded", "partly refunded"),
        ("partiallyRefunded", "partly refunded"),
        ("Частичный возврат", "partly refunded"),
        ("wc-on-hold", "open"),
        ("onhold", "open"),
        ("holded", "open"),
        ("pending_payment", "open"),
        ("Waiting for PayPal payment", "open"),
        ("nicht bezahlt", "open"),
        ("не оплачен", "open"),
        ("fraud", "disputed"),
        ("Bogus gateway", "test"),
        ("Тестовый заказ", "test"),
    ],
)
def test_an_order_is_in_the_state_that_its_word_says(word: str, meaning: str) -> None:
    assert state(word) == meaning


@pytest.mark.parametrize(
    "word",
    [
        "not cancelled",
        "Order isn't cancelled",
        "nicht storniert",
        "n'est pas annulé",
        "no cancelado",
        "не отменен",
        "refund requested",
        "refund declined",
        "cancellation declined",
        "Stornierung beantragt",
        "возврат запрошен",
        "will be cancelled",
        "partial refund requested",
        "partially_voided",
        "uncancelled",
        "Cancelled: no",
        "Cancelled: false",
        "is_cancelled=0",
        "storniert=falsch",
        "Refunded 20%",
        "Refunded (50 %)",
        "Cancelled, 10.5% kept",
        "fraud: нет",
        "Remboursement refusé",
        "remboursement annulé",
        "remboursement impossible",
        "возвращение отклонено",
    ],
)
def test_a_negated_requested_or_partial_state_is_not_what_its_stem_says(word: str) -> None:
    assert state(word) is None


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("sla_verdict", "breach avoided"),
        ("sla_verdict", "zero breaches"),
        ("sla_verdict", "overdue risk"),
        ("sla_verdict", "due later"),
        ("sla_verdict", "нарушение предотвращено"),
        ("tickets_status", "к закрытию"),
    ],
)
def test_what_was_avoided_or_is_to_come_is_unknown_in_other_columns_too(name: str, word: str) -> None:
    assert judge(word, vocabulary(name)).value is None


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("breach", "breached"),
        ("Resolution breach", "breached"),
        ("breached by 2h", "breached"),
        ("breach risk", "open"),
        ("At risk of breach", "open"),
    ],
)
def test_a_breach_that_may_come_is_none_yet(word: str, meaning: str) -> None:
    assert judge(word, vocabulary("sla_verdict")).value == meaning


def test_how_a_dispute_ended_stands_beside_it() -> None:
    assert (state("Disputed - won"), state("Disputed (lost)"), state("disputed")) == ("sale", "refunded", "disputed")


def test_an_act_that_is_done_is_known_by_its_phrase() -> None:
    assert state("Remboursement effectué") == state("remboursement") == state("Commande remboursée") == "refunded"


@pytest.mark.parametrize(("name", "stem"), STEMS, ids=lambda value: str(value))
def test_each_stem_is_found_and_never_behind_a_negation_or_in_a_request(name: str, stem: Stem) -> None:
    known, text = vocabulary(name), " ".join(stem.parts)
    assert judge(f"{text}xx", known) == Meaning(stem.meaning, "stem")
    for word in NEGATIONS:
        assert judge(f"{word} {text}xx", known).value is None
    for word in REQUESTS:
        assert judge(f"{text}xx {word}", known).value is None


def test_of_what_is_no_revenue_the_weightiest_state_stands_and_with_revenue_none() -> None:
    assert state("cancelled/refunded") == "cancelled"
    assert state("отменен, не оплачен") == "cancelled"
    assert state("paid - cancelled") is None
    assert state("Delivered (refunded)") is None


def test_a_sale_is_known_by_whole_texts_only_and_a_remark_beside_a_void_order_changes_nothing() -> None:
    assert state("paid in the year of the ox") is None
    assert state("paid (who knows)") is None
    assert state("Cancelled - Kundenwunsch") == "cancelled"


def test_spelling_case_accents_and_blanks_make_no_other_word() -> None:
    spellings = ("Zurückgestellt", "ZURÜCKGESTELLT", "zuru\u0308ckgestellt", " zurück-gestellt ", "zurückgestellt.")
    assert {state(word) for word in spellings} == {"open"}
    assert key("1.0") != key("10") != key("-10")


def test_the_users_word_goes_before_the_vendors_and_the_vendors_before_ours() -> None:
    user, vendor = {key("Paid"): "open"}, {key("paid"): "failed", key("closed"): "refunded"}
    assert judge("PAID", ORDERS, user=user, vendor=vendor) == Meaning("open", "user")
    assert judge("paid", ORDERS, vendor=vendor) == Meaning("failed", "vendor")
    assert judge("Closed", ORDERS, user=user, vendor=vendor) == Meaning("refunded", "vendor")
    assert judge("closed", ORDERS) == Meaning(None, "unknown")


@given(st.text(max_size=200))
def test_any_text_is_judged_without_a_fault(text: str) -> None:
    meaning = judge(text, ORDERS)
    assert (meaning.value is None) == (meaning.how == "unknown")
    assert meaning.value is None or meaning.value in ORDERS.meanings


def test_a_word_around_others_has_one_use() -> None:
    """A filler that hushes would never be dropped; a cause that hushes would never be reached."""
    words = grammar()
    assert not words.fillers & words.hushing
    assert not words.causes & words.hushing


@pytest.mark.parametrize(
    "word", ["DE", "de", "DE ", "DEU", "Germany", "Deutschland", "Allemagne", "Alemania", "Германия", "germany"]
)
def test_one_country_in_many_spellings_is_one_code(word: str) -> None:
    assert country(word) == "DE"


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("UK", "GB"),
        ("England", "GB"),
        ("USA", "US"),
        ("EE.UU.", "US"),
        ("Россия", "RU"),
        ("РФ", "RU"),
        ("EIRE", "IE"),
        ("NA", "NA"),
        ("Czech Republic", "CZ"),
        ("Bosnia and Herzegovina", "BA"),
        ("St. Lucia", "LC"),
        ("Russian Federation", "RU"),
        ("Oesterreich", "AT"),
    ],
)
def test_short_and_official_forms_of_countries_are_known(word: str, code: str) -> None:
    assert country(word) == code


@pytest.mark.parametrize("word", ["Atlantis", "XQ", "EU", "Unspecified", "276", "", "the"])
def test_what_is_no_country_is_none(word: str) -> None:
    assert country(word) is None


def test_every_code_is_known_by_its_three_letters_and_its_names_in_five_languages() -> None:
    from babel import Locale
    from babel.core import get_global

    aliases = {of[0] for alias, of in get_global("territory_aliases").items() if len(alias) == 3 and alias.isalpha()}
    assert codes() <= aliases | {"XK"}
    for language, code in product(("en", "de", "fr", "es", "ru"), codes()):
        assert country(Locale(language).territories[code]) == code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("eur", "EUR"),
        ("€", "EUR"),
        ("руб.", "RUB"),
        ("zł", "PLN"),
        ("KČ", "CZK"),
        ("US$", "USD"),
        ("US Dollar", "USD"),
        ("XAF", "XAF"),
    ],
)
def test_a_currency_is_known_by_its_code_its_sign_and_its_name(word: str, code: str) -> None:
    assert currency(word) == code


def test_a_sign_of_several_currencies_is_settled_by_the_shops_own_alone() -> None:
    assert currency("$") is None
    assert currency("$", "CAD") == "CAD"
    assert currency("$", "EUR") is None
    assert currency("¥", "JPY") == "JPY"
    assert currency("bitcoins") is None
