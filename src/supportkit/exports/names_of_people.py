"""Columns that hold people's names and addresses, known by their headers in five languages: they are left out.

Only a header that says nothing else is one: "Customer name" and "Billing street" are, "Product name", "E-mail address"
and "Street food" are not.
"""

from __future__ import annotations

from typing import Final

from supportkit.system.late_patterns import late

_WHOSE: Final = (
    r"customer|client|buyer|user|contact|requester|requestor|recipient|receiver|sender|guest|patient"
    r"|member|person|owner"
    r"|subscriber|applicant|payer|cardholder|account holder|employee|caller|visitor|your|shipping|ship to"
    r"|billing|bill to"
    r"|bill|ship|delivery|deliver to|invoice|home|work|postal|mailing|residential|private|permanent"
    r"|current|legal|primary"
)
_NAME: Final = (
    r"name|names|full ?name|first ?name|last ?name|middle ?name|given ?name|family ?name|fore ?name"
    r"|surname|maiden name"
    r"|birth name|nick ?name|initials|first and last name|name (?:surname|first|last)"
)
_STREET: Final = r"street(?: (?:name|address|number|no|line))?|house(?: ?(?:number|no))?|apartment|flat(?: no)?"
_ADDRESS: Final = rf"address(?:es)?(?: line)?|{_STREET}"
_GERMAN: Final = (
    r"(?:(?:kunden|käufer|empfänger|besteller|rechnungs|liefer|ansprechpartner|kontakt|melder|nutzer|vor"
    r"|nach|familien|geburts"
    r"|zu|mädchen|spitz)[ -]?)?namen?|(?:vollständiger|ganzer) name|vor-? ?und (?:nachname|zuname)"
    r"|name,? vorname|ansprechpartner"
    r"|(?:(?:liefer|rechnungs|kunden|post|wohn|privat|versand)[ -]?)?(?:adresse|anschrift)|wohnort und straße"
    r"|(?:(?:liefer|rechnungs)[ -]?)?stra(?:ß|ss)e(?: (?:und|&|/) ?hausnummer| ?nr\.?)?|haus(?:nummer|nr\.?)"
)
_RUSSIAN: Final = (
    r"(?:полное |первое )?имя|фамилия|отчество|ф\.? ?и\.? ?о\.?|фамилия,? имя(?:,? отчество)?|имя (?:и )?фамилия"
    r"|(?:имя|фамилия|фио|адрес|улица) (?:клиента|покупателя|получателя|заказчика|отправителя|контакта"
    r"|пользователя|доставки)"
    r"|(?:клиент|покупатель|получатель|заказчик) (?:имя|фамилия|фио|адрес)|контактное лицо"
    r"|(?:почтовый |домашний )?адрес(?: (?:проживания|регистрации|прописки))?|улица(?:,? дом)?|квартира"
)
_SPANISH: Final = (
    r"(?:nombres?|apellidos?)(?: (?:completo|y apellidos?|del? (?:cliente|comprador|destinatario|usuario"
    r"|contacto|pila)))?"
    r"|(?:primer|segundo) (?:nombre|apellido)"
    r"|direcci[oó]n(?:es)?(?: (?:postal|de (?:env[ií]o|facturaci[oó]n|entrega)|del cliente))?"
    r"|calle(?: y n[uú]mero)?|domicilio"
)
_FRENCH: Final = (
    r"(?:nom|pr[ée]noms?)(?: (?:complet|de famille|d[eu] (?:client|naissance|destinataire|contact|l.acheteur)))?"
    r"|(?:nom et pr[ée]nom|pr[ée]nom et nom)"
    r"|adresse (?:postale|de (?:livraison|facturation)|du client)|rue(?: et num[ée]ro)?"
)
_OF_PEOPLE: Final = late(
    rf"(?:(?:{_WHOSE})(?:'s)? )?(?:{_NAME}|{_ADDRESS})(?: of (?:the )?(?:{_WHOSE}))?"
    rf"|(?:{_NAME}|{_ADDRESS}) (?:shipping|billing)|{_GERMAN}|{_RUSSIAN}|{_SPANISH}|{_FRENCH}"
)
_BETWEEN: Final = late(r"[\s_.:/()\[\]-]+")
_CAMEL: Final = late(r"(?<=[a-zа-яß-ÿ])(?=[A-ZА-Я])")
_COUNTED: Final = late(r"[ #]*\d{1,2}$")


def is_of_people(header: str) -> bool:
    """Whether a column holds people's names or addresses, by its header."""
    words = _BETWEEN.sub(" ", _CAMEL.sub(" ", header)).strip(" *?#").casefold()
    return any(
        _OF_PEOPLE.fullmatch(one) is not None
        for one in {_COUNTED.sub("", words), _COUNTED.sub("", " ".join(header.strip(" *?:").casefold().split()))}
    )
