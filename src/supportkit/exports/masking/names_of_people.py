"""Columns that hold people's names and addresses, known by their headers in ten languages: they are left out.

Only a header that says nothing else is one: "Customer name" and "Billing street" are, "Product name" and "Street food"
are not. An address or a street is somebody's whatever stands before it ("Incident Address", "Unfalladresse", "адрес
объекта"), but for that of a mailbox or a machine ("E-mail address", "IP address") and of a firm ("Store address").
"""

from __future__ import annotations

import re
from typing import Final

from supportkit.system.late_patterns import late

_WHOSE: Final = (
    r"customer|cust|client|buyer|user|contact|requester|requestor|recipient|receiver|sender|guest|patient"
    r"|member|person|owner"
    r"|subscriber|applicant|payer|cardholder|account holder|employee|caller|visitor|your|shipping|ship to"
    r"|billing|bill to"
    r"|bill|ship|delivery|deliver to|invoice|home|work|postal|mailing|residential|private|permanent"
    r"|current|legal|primary|reporter|complainant|claimant|respondent|reviewer|submitter|passenger|student|driver"
    r"|tenant|resident|citizen|lead|consumer|shopper|purchaser|participant|attendee|insured|beneficiary|policyholder"
    r"|traveller|traveler|payee|consignee|end user|donor|holder|contact person|card ?holder|account ?holder"
    r"|preferred|real|mother|father|parent|guardian|spouse|husband|wife|child|next of kin|emergency(?: contact)?"
)
_NAME: Final = (
    r"name|names|full ?name|first ?name|second ?name|patronymic|[fl]name|last ?name"
    r"|middle ?name|given ?name|family ?name|fore ?name"
    r"|surname|maiden name"
    r"|birth name|nick ?name|initials|first and last name|name (?:surname|first|last)"
    r"|name (?:as )?(?:it )?(?:appears |printed |shown )?on (?:the |your )?(?:credit |bank |debit )?"
    r"(?:card|account|passport|id|document)"
)
_WHO: Final = (
    r"recipient|addressee|consignee|card ?holder|account holder|contact person|empfänger(?:in)?|karteninhaber(?:in)?"
    r"|получатель|адресат|destinatari[oa]|persona de contacto|destinataire|personne [àa] contacter"
    r"|(?:konto|karten|versicherungs)inhaber(?:in)?|inhaber(?:in)?(?: de[rs] (?:karte|kontos?))?|fahrgast"
    r"|passagier(?:in)?"
    r"|titulaire(?: d[eu] (?:la )?(?:carte|compte))?|passager|passag[èe]re|titular(?: d[ea] (?:la )?(?:tarjeta|cuenta"
    r"|cart[ãa]o|conta))?|pasajer[oa]|passageir[oa]|destinat[áa]ri[oa]|intestatario(?: della carta)?"
    r"|passegger[oa]|(?:владелец|держатель|владельца) (?:карты|сч[её]та)|пассажир|passenger"
    r"|ontvanger|rekeninghouder|kaarthouder|contactpersoon|odbiorca|pasażer|posiadacz (?:karty|konta)"
    r"|al[ıi]c[ıi]|kart sahibi|hesap sahibi|yolcu|teslim alan"
)
"""Whoever is meant, with nothing said of what stands there."""

_STREET: Final = (
    r"street(?: (?:(?:and|&) (?:house )?(?:number|no)|name|address|number|no|line))?|house(?: ?(?:number|no))?"
    r"|apartment|flat(?: no)?"
)
_ADDRESS: Final = rf"addr(?:ess(?:es)?)?(?: line)?|{_STREET}"
_NO_HOME: Final = (
    r"e ?mail|remote|ip|ipv4|ipv6|mac|web|website|url|site|page|internet|network|server|host|https?|memory|wallet"
    r"|contract|crypto|from|to|cc|bcc|reply ?to|return|company|firm|business|store|shop|branch|office|warehouse"
    r"|depot|outlet|pick ?up|vendor|supplier|merchant|seller"
)
_WHEREVER: Final = (
    rf"(?!(?:.* )?(?:{_NO_HOME}) addr(?:ess)?\b)(?:[^\W\d_'’]+ ){{0,3}}(?:{_ADDRESS})"
    rf"|(?:{_ADDRESS}) of (?:the )?(?!(?:{_NO_HOME})\b)[^\W\d_]+(?: [^\W\d_]+)?"
)
_GERMAN: Final = (
    r"(?:(?:kunden|käufer|empfänger|besteller|rechnungs|liefer|ansprechpartner|kontakt|melder|nutzer|vor"
    r"|nach|familien|geburts"
    r"|zu|mädchen|spitz)[ -]?)?namen?|(?:vollständiger|ganzer) name|vor-? ?und (?:nachname|zuname)|vorname,? nachname"
    r"|(?:kunde|käufer|empfänger|besteller) (?:vor|nach)?name|(?:vor|nach)?namen? de[rs] (?:kunde|käufer"
    r"|empfänger|besteller"
    r"|karteninhaber|kontoinhaber)(?:s|n|in)?"
    r"|name,? vorname|ansprech(?:partner(?:in)?|person)"
    r"|(?!.*(?:mail|ip|mac|web|internet|url|netz|firmen|filial|lager|laden|shop|geschäfts)[ -]?(?:adresse|anschrift))"
    r"(?:[^\W\d_]+ ){0,2}[^\W\d_]*(?:adresse|anschrift)(?: de[rs] [^\W\d_]+)?|wohnort und straße"
    r"|[^\W\d_]*stra(?:ß|ss)e(?: (?:und|&|/) ?hausnummer| ?nr\.?)?|haus(?:nummer|nr\.?)"
)
_RUSSIAN: Final = (
    r"(?:полное |первое )?имя|фамилия|отчество|ф\.? ?и\.? ?о\.?|фамилия,? имя(?:,? отчество)?"
    r"|имя (?:и )?(?:фамилия|отчество)"
    r"|ф\.? ?и\.? ?о\.? (?:клиента|покупателя|получателя|заказчика|отправителя|контакта|пользователя)"
    r"|(?:имя|фамилия|фио|адрес|улица) (?:клиента|покупателя|получателя|заказчика|отправителя|контакта"
    r"|пользователя|доставки)"
    r"|(?:клиент|покупатель|получатель|заказчик) (?:имя|фамилия|фио|адрес)|контактное лицо"
    r"|(?!электронный|сетевой|юридический|ip|mac|e ?mail|web)(?:[^\W\d_]+ )?адрес"
    r"(?: (?!электронн|почты|e ?mail|ip|mac|сайт|страниц|магазин|склад|пункт|офис|филиал|компании|url)[^\W\d_]+"
    r"(?: [^\W\d_]+)?)?|(?:[^\W\d_]+ )?улица(?:,? дом)?|квартира|место (?:жительства|проживания)(?: [^\W\d_]+)?"
)
_SPANISH: Final = (
    r"(?:nombres?|apellidos?)(?: (?:completo|y apellidos?|del? (?:cliente|comprador|destinatario|usuario|titular"
    r"|contacto|pila)))?"
    r"|(?:primer|segundo) (?:nombre|apellido)"
    r"|direcci[oó]n(?:es)?(?: (?:postal|completa|fiscal|particular|principal|exacta"
    r"|de(?:l| la)? (?!correo|e ?mail|ip|mac|internet|empresa|tienda|web|url)"
    r"[^\W\d_]+))?|calle(?: y n[uú]mero| de(?:l| la)? [^\W\d_]+)?"
    r"|domicilio(?: (?:fiscal|particular|legal|completo|de(?:l| la)? [^\W\d_]+))?"
)
_FRENCH: Final = (
    r"(?:nom|pr[ée]noms?)(?: (?:complet|de famille|de jeune fille"
    r"|d[eu] (?:client|naissance|destinataire|contact|titulaire"
    r"|l.acheteur)))?"
    r"|(?:nom et pr[ée]nom|pr[ée]nom et nom)"
    r"|adresse (?:postale|compl[èe]te|personnelle|principale|exacte|(?:du |des? |de la |de l['’ ]|d['’ ])"
    r"(?!messagerie|courriel|e ?mail|site|magasin|boutique|entreprise|soci[ée]t[ée])[^\W\d_]+)"
    r"|(?:(?:num[ée]ro|n[°º]|no) et )?rue(?: et num[ée]ro| d[^\W\d_]*['’ ][^\W\d_]+)?"
)
_ITALIAN_AND_PORTUGUESE: Final = (
    r"(?:nome|cognome|sobrenome|apelido)(?: (?:completo|e (?:cognome|sobrenome|apelido)"
    r"|d(?:el|i|o|a) (?:cliente|titolare|titular|destinatario|destinat[áa]rio|comprador|acquirente|passageiro|contato"
    r"|usu[áa]rio|intestatario)))?|(?:cognome|sobrenome) e nome|primeiro nome|[úu]ltimo nome"
    r"|indirizzo(?: (?:completo|di (?:spedizione|consegna|fatturazione|residenza|casa)))?"
    r"|endere[çc]o(?: (?:completo|residencial|de (?:entrega|envio|cobran[çc]a|fatura[çc][ãa]o)|do cliente))?"
    r"|morada(?: (?:completa|de (?:entrega|envio|fatura[çc][ãa]o)))?|via e numero|rua(?: e n[uú]mero)?|logradouro"
)
_DUTCH_POLISH_AND_TURKISH: Final = (
    r"(?:voor|achter|klant)?naam|volledige naam|naam van de klant|(?:aflever|bezorg|factuur|verzend|woon)?adres"
    r"|straat(?:naam)?(?: en huisnummer)?|huisnummer"
    r"|imi[ęe](?: i nazwisko)?|nazwisko|adres (?:dostawy|zamieszkania|rozliczeniowy)|ulica(?: i numer)?"
    r"|ad(?:[ıi]|[ıi]? soyad[ıi]?)|soyad[ıi]?|soyisim|isim(?: soyisim)?"
    r"|(?:müşteri|alıcı) (?:ad[ıi](?: soyad[ıi])?|ismi)"
    r"|(?:teslimat |fatura |ev )?adresi?|sokak|cadde"
)
_OF_PEOPLE: Final = late(
    rf"(?:(?:{_WHOSE})(?:'?s)? )?(?:{_NAME}|{_ADDRESS})(?: of (?:the )?(?:{_WHOSE}))?"
    rf"|(?:{_NAME}|{_ADDRESS}) (?:shipping|billing|customer|client|buyer|recipient)|{_WHO}|{_WHEREVER}"
    rf"|{_GERMAN}|{_RUSSIAN}|{_SPANISH}|{_FRENCH}|{_ITALIAN_AND_PORTUGUESE}|{_DUTCH_POLISH_AND_TURKISH}"
)
_ASKED: Final = late(
    r"(?:(?:(?:what(?:'s| is| was)|(?:please )?(?:enter|give|type|provide)|wie (?:ist|lautet)|bitte|quel(?:le)? est"
    r"|cu[aá]l es|укажите|введите|напишите) )?"
    r"(?:your|ihr(?:e[nr]?)?|dein(?:e[nr]?)?|votre|vos|su|tu|ваш[аеиу]?|тво[её]) "
    r"|(?:please )?(?:enter|provide) )"
)
"""What stands before a name or an address that somebody is asked for."""

_ASKED_FOR_NAMES: Final = late(
    r"как (?:вас|тебя) зовут|wie hei(?:ß|ss)(?:en sie|t du)|comment vous appelez vous|c[oó]mo (?:se llama|te llamas)"
    r"(?: usted)?"
)
_ASIDE: Final = late(r"\s*[(\[]([^()\[\]]*)[)\]]\s*")
_SAYS_NOTHING: Final = late(
    r"required|optional|mandatory|full|legal|home|work|private|postal|delivery|billing|shipping"
    r"|as on (?:the )?(?:card|passport)|in full|pflicht(?:feld)?|erforderlich|freiwillig|vollständig|privat|полностью"
    r"|обязательно(?:е поле)?|необязательно|домашний|полное|целиком|obligatorio|opcional|completo|obligatoire"
    r"|facultatif|complet"
)
"""What is said beside a header of names or addresses without making it another thing."""

_OF_A_NAME: Final = late(r"(?:(?:vor|nach|familien|zu)-|first|last|middle|given|family|fore|sur)", re.IGNORECASE)
"""The first of two names that share their last word."""

_AND: Final = late(r"\s*(?:[,;/&+|]|\b(?:and|und|и|y|et)\b)\s*")
_BESIDE: Final = late(
    r"title|titel|anrede|salutation|prefix|suffix|mr|mrs|ms|обращение|tratamiento|civilit[ée]|titre|city|town|state"
    r"|zip|zip ?code|post ?code|postal code|country|plz|ort|wohnort|stadt|land|город|индекс|страна|ciudad|ville"
    r"|code postal|phone|telephone|telefon|телефон|tel[ée]fono|t[ée]l[ée]phone|e[ -]?mail|mail|contact|kontakt"
    r"|date of birth|birthday"
)
"""What stands with a name or an address in one cell and is none."""

_BETWEEN: Final = late(r"[\s_.:/()\[\]-]+")
_CAMEL: Final = late(r"(?<=[a-zа-яß-ÿ])(?=[A-ZА-Я])")
_COUNTED: Final = late(r"[ #]*\d{1,2}$")


def is_of_people(header: str) -> bool:
    """Whether a column holds people's names or addresses, by its header."""
    header = header.replace("’", "'").replace("`", "'")
    if _is_one(header):
        return True
    if aside := _ASIDE.search(header):
        said, rest = aside[1].strip(), f"{header[: aside.start()]} {header[aside.end() :]}".strip()
        if _is_one(rest) and (_SAYS_NOTHING.fullmatch(said.casefold()) or _is_list(said)):
            return True
    return _is_list(header)


def _is_one(header: str) -> bool:
    """Whether a header names one thing of people: a name or an address."""
    words = _BETWEEN.sub(" ", _CAMEL.sub(" ", header)).strip(" *?#¿!,").casefold()
    start, _, last = words.rpartition(" ")
    asked = _ASKED.match(words)
    ways = {words, " ".join(header.strip(" *?:").casefold().split())}
    ways |= {words[asked.end() :]} if asked else set()
    ways |= {start} if _SAYS_NOTHING.fullmatch(last) else set()
    return _ASKED_FOR_NAMES.fullmatch(words) is not None or any(
        _OF_PEOPLE.fullmatch(_COUNTED.sub("", one)) is not None for one in ways
    )


def _is_list(header: str) -> bool:
    """Whether a header lists names or addresses, and at most what stands with them in one cell."""
    parts = [part for part in _AND.split(header) if part.strip()]
    ours = [part for part in parts if _is_one(part) or (_OF_A_NAME.fullmatch(part) and _is_one(parts[-1]))]
    others = [part.strip(" *?.:").casefold() for part in parts if part not in ours]
    return len(parts) > 1 and bool(ours) and all(map(_BESIDE.fullmatch, others))
