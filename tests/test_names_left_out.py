"""Columns of people's names and addresses are left out, whoever wrote the export, and the load says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from supportkit.exports import LoadOptions, load, loading
from supportkit.exports.masking.names_of_people import is_of_people
from supportkit.exports.masking.pseudonyms import Key
from supportkit.store import memory_store
from tests.conftest import Call

OF_PEOPLE = (
    "Name", "Customer name", "customer_name", "cust_name", "CustomerName", "Full name", "FullName", "First name",
    "Last_Name", "Surname", "Name (first)", "Address", "Address 1", "address_line_2", "Street", "Billing street",
    "Ship-to Name",
    "Shipping Address1", "Home address", "Customer's name", "Name of customer", "User name",
    "Vorname", "Nachname", "Kundenname", "Straße", "Straße und Hausnummer", "Lieferadresse", "Rechnungsanschrift",
    "Имя", "Фамилия", "ФИО", "Ф.И.О.", "Имя клиента", "ФИО получателя", "Адрес доставки", "Улица",
    "Nombre", "Apellidos", "Nombre del cliente", "Dirección de envío", "Calle",
    "Incident Address", "incident_address", "Cross Street 1", "Street Name", "Property address", "Address of incident",
    "Reviewer name", "Unfalladresse", "Einsatzstraße", "Adresse des Melders", "Anschrift der Störung",
    "Адрес происшествия", "Фактический адрес", "Адрес заявителя", "Dirección del incidente", "Calle del incidente",
    "Dirección fiscal", "Domicilio particular", "Adresse personnelle",
    "Adresse de l'incident", "Adresse d'intervention",
    "Recipient", "Contact person", "Card holder", "Empfänger", "Получатель", "Destinatario", "Destinataire",
    "fname", "lname", "Holder name", "Contact person name", "Name (customer)", "Name des Kunden", "Kunde Name",
    "Vorname, Nachname", "Ф.И.О. клиента", "Имя и отчество", "Nombre del titular", "Nom du titulaire", "Numéro et rue",
    "Card Holder Name", "Name on card", "Name on the credit card", "Customer’s name", "Name (required)",
    "Name [optional]", "What is your name?", "Please enter your full name", "Your name", "Ihr Name", "Votre nom",
    "Ваше имя", "Как вас зовут?", "Wie heißen Sie?", "¿Cómo se llama usted?", "Su nombre",
    "Name (Vor- und Nachname)", "Titel, Name", "Nom/Prénom", "Prénom & Nom", "Имя (полностью)", "ФИО полностью",
    "Имя, Фамилия", "Name, city", "Address / ZIP code", "Preferred name", "Real name", "Mother's maiden name",
    "Emergency contact name", "Guardian's name", "Address (home)", "Addr", "Addr1", "addr_line_1", "Shipping addr 2",
    "Mail address", "Name and address", "First/Last name", "First & Last Name", "Street & number", "Vor-/Nachname",
    "N° et rue", "N° et rue", "Kontoinhaber", "Titulaire", "Titulaire du compte", "Titular de la tarjeta",
    "Владелец карты", "Держатель счёта", "Passenger", "Пассажир", "Fahrgast", "Nome completo",
    "Nome do titular", "Nome e cognome", "Endereço de entrega", "Morada", "Rua", "Indirizzo di spedizione",
    "Achternaam", "Bezorgadres", "Straat en huisnummer", "Imię i nazwisko", "Adres dostawy", "Ulica", "Adı Soyadı",
    "Ad Soyad", "Müşteri adı", "Teslimat adresi", "Alıcı", "Kart sahibi",
    "Second name", "Patronymic", "Nom de jeune fille", "Ansprechperson", "Ansprechpartnerin", "Место жительства",
    "Nom", "Prénom", "Nom de famille", "Nom du client", "Adresse de livraison", "Rue",
)  # fmt: skip
OTHERS = (
    "Product name", "File name", "Group name", "Event name", "Plan name", "Lineitem name", "Company name", "Named",
    "E-mail address", "IP address", "Customer email address", "MAC Address", "From address", "Store address",
    "Address Type", "Wallet Address", "IP-Adresse", "E-Mail-Adresse", "E-Mail Adresse des Kunden", "Filialadresse",
    "Адрес электронной почты", "IP адрес", "Адрес магазина", "Dirección de correo electrónico", "Dirección IP",
    "Adresse e-mail", "Adresse de messagerie", "Adresse du site", "Address changed at",
    "Name (product)", "Name, product", "Product / Name", "Address (IP)", "IP addr", "mac_addr", "REMOTE_ADDR",
    "First, last", "First / last order", "E-mail addr",
    "What is your order?", "Your plan name", "Ihr Produkt", "Name of your product", "City, country", "Real time",
    "Preferred language", "Parent ID", "Child ticket", "Title", "Phone, e-mail", "Emergency", "Ваш заказ", "Name/ID",
    "Web address", "Street food", "City", "Country", "Name id", "Address changed",
    "Passengers", "Passenger ID", "Ad", "Гость", "Nome do produto", "Nome prodotto",
    "Productnaam", "Bestandsnaam", "Nazwa produktu",
    "Ürün adı", "Adres e-mail", "E-posta adresi", "Via", "Endereço IP", "Customer", "Kunde", "Клиент", "Guest", "Buyer",
    "Имя файла", "Название", "Nombre del producto", "Nom du produit", "Namensraum",
)  # fmt: skip


@pytest.mark.parametrize("header", OF_PEOPLE)
def test_a_header_says_that_a_column_is_one_of_names_or_addresses(header: str) -> None:
    assert is_of_people(header)


@pytest.mark.parametrize("header", OTHERS)
def test_the_name_of_a_thing_is_no_name_of_a_person(header: str) -> None:
    assert not is_of_people(header)


TICKETS = (
    "ticket_id,created_at,body,Customer name,Straße,Product name\n"
    "T1,2026-01-01,hello,Anna Berg,Ahornweg 7,Kettle\n"
    "T2,never,hello,Bo Lind,Birkenweg 3,Lamp\n"
)


@pytest.mark.parametrize("large", [0, 16 << 20])
def test_nothing_of_them_is_stored_nor_kept_of_a_reject_and_the_load_says_so(
    large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE", large)
    path = tmp_path / "tickets.csv"
    path.write_text(TICKETS)
    with memory_store() as store:
        (done,) = load(store, [path], LoadOptions(key=Key(bytes(32))))
        rows = store.connection.execute("select cast(properties as varchar) from tickets").fetchall()
        rejects = store.connection.execute("select raw from rejects").fetchall()
        names = store.connection.execute("select name from property_names").fetchall()
    assert [json.loads(row) for (row,) in rows] == [{"Product name": "Kettle"}]
    assert rejects == [("T2,never,hello,[LEFT OUT],[LEFT OUT],Lamp",)]
    assert names == [("Product name",)]
    assert "left out as names and addresses: Customer name, Straße ([data] keep holds them)" in done.notes


def test_what_is_kept_or_mapped_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(TICKETS)
    with memory_store() as store:
        options = LoadOptions(key=Key(bytes(32)), kept=("customer NAME",), map={"team": "Straße"})
        load(store, [path], options)
        rows = store.connection.execute("select team, cast(properties as varchar) from tickets").fetchall()
    assert [(team, json.loads(row)) for team, row in rows] == [
        ("Ahornweg 7", {"Customer name": "Anna Berg", "Product name": "Kettle"})
    ]


def test_the_guess_says_what_a_load_leaves_out(tmp_path: Path, supportkit: Call) -> None:
    shop, config = tmp_path / "shop.csv", tmp_path / "keep.toml"
    shop.write_text(
        "Order No,Placed at,Grand total,Courier,Customer Name,Billing Street\n"
        + "".join(f"A{day},2026-01-{day:02}T10:00:00Z,{day}.50,Polar,Anna Berg,Ahornweg {day}\n" for day in range(1, 9))
    )
    notes = [note for note in json.loads(supportkit("load", shop, "-f", "json")[1])["notes"] if "left o" in note]
    assert notes == [
        "left over, kept as properties: Courier",
        "left out as names and addresses: Customer Name, Billing Street ([data] keep holds them)",
    ]
    for text in ("[data]\nkeep = ['customer name', 'Billing Street']\n", "[data]\nprivacy = 'keep'\n"):
        config.write_text(text)
        notes = json.loads(supportkit("load", shop, "--config", config, "-f", "json")[1])["notes"]
        assert "left over, kept as properties: Courier, Customer Name, Billing Street" in notes


def test_a_configuration_keeps_names_only_where_it_is_named(
    tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "tickets.csv").write_text(TICKETS)
    (data / "supportkit.toml").write_text('[data]\nkeep = ["Customer name", "Straße"]\n')
    db = str(tmp_path / "shop.duckdb")
    monkeypatch.chdir(data)
    code, _, err = supportkit("load", str(data / "tickets.csv"), "--db", db)
    assert (code, "--config" in err) == (2, True)
    code, _, err = supportkit("load", str(data / "tickets.csv"), "--db", db, "--config", str(data / "supportkit.toml"))
    assert code == 0, err
    _, out, _ = supportkit("sql", "select properties from tickets", "--db", db, "--format", "csv")
    assert "Anna Berg" in out
