"""The words beside a number that say what it is: Russian, German and English.

The patterns of what stands before it are of small letters.
"""

from __future__ import annotations

import re
from typing import Final

from supportkit.system.late_patterns import late

_ID = r"(?:[ ]?-?[ ]?(?:number|numbers|num|no|nr|id|ids|code|nummer|nummern|номера?|код)\b\.?)?"
_IS = r"(?:[ ]?(?:is|was|are|ist|war|lautet|under|под|mit|with|vom|от|[:#№=.,\"'«„(\[-])){0,4}[ ]?"
_LIST = r"(?:[a-z]{0,3}\d[\w-]*+(?:[ ]?[,;&/][ ]?|[ ](?:and|und|и|or|oder|или)[ ])(?:[#№][ ]?)?){0,4}"
THINGS: Final = (
    r"orders?|pedidos?|commandes?|заказ\w*|bestell\w*|auftr[aä]g\w*|tickets?|тикет\w*|обращени\w*|заявк\w*|заявлени\w*|invoices?|factur\w+"
    r"|сч[её]т\w*|накладн\w+|чек\w?|квитанци\w+|rechnung\w*|track\w*|трек\w*|отправлени\w*|посылк\w*|доставк\w+"
    r"|sendung\w*|pakete?\w*|parcels?|packages?|colis|paquetes?|env[íi]os?|shipments?|lieferung\w*|артикул\w*|арт\.?"
    r"|art(?=\.?[ ]?-?[ ]?n(?:r|o|ummer))\.?"
    r"|chargen?(?=[ ]?-?[ ]?n(?:r|ummer))|lot(?=[ ]?(?:n(?:o|r|umber)|id)\b|[ ]?[#№])"
    r"|sku|items?|товар\w*"
    r"|artikel\w*|art[íi]c(?:ul[oe]s?|le)|asin|ean|isbn|gtin|upc|serial|серийн\w+|s/n|imei|ref|r[ée]f[ée]ren\w+|cases?|vorgang\w*"
    r"|kunden-?(?:nr|nummer|konto)\w*|customer|договор\w*|contract|vertrag\w*|транзакци\w+|transa[ck]tion\w*"
    r"|boeing|боинг|airbus|аэробус|embraer|bombardier|cessna|tupolev|antonov|receipt|beleg\w*|quittung\w*|version|версия|build|сборка|sprint|model|modell\w*|модел\w+|mod[èe]le?|sizes?|größen?|размер\w*|tailles?|tallas?|batch"
    r"|bag[ ]tag|гост|снип|iso|din|iec|ansi|astm|coupon|voucher"
    r"|gutschein\w*|промокод\w*|купон\w*|payment|платеж\w*|zahlung\w*|user|account|konto\w*|аккаунт\w*|индекс\w*|plz|zip|бик|кпп|огрн|окпо|bic|blz|swift|hrb|po"
)
"""Words for things that have numbers, of small letters."""

NAMED: Final = late(rf"(?<![^\W_])(?:{THINGS}){_ID}{_IS}{_LIST}\s?\Z")
"""Ends with a word for a thing that has a number: an order, a ticket, a parcel, an article."""

THING_STEMS: Final = (
    "order", "bestell", "auftr", "ticket", "invoice", "rechnung", "track", "sendung", "paket", "parcel", "package",
    "shipment", "lieferung", "sku", "item", "artikel", "asin", "ean", "isbn", "gtin", "upc", "serial", "s/n", "imei",
    "ref", "case", "vorgang", "kunden", "customer", "contract", "vertrag", "transa", "receipt", "beleg", "quittung",
    "pedido", "commande", "factur", "colis", "paquete", "envio", "articul", "articl", "modele", "size", "taille",
    "batch", "charge", "lot", "art", "talla", "bag tag", "iso", "din", "iec", "ansi", "astm",
    "version", "build", "sprint", "model", "coupon", "voucher", "gutschein", "payment", "zahlung", "user", "account",
    "konto", "plz", "zip", "bic", "blz", "swift", "hrb", "po",
    "boeing", "airbus", "embraer", "bombardier", "cessna", "tupolev", "antonov",
)  # fmt: skip
"""What one of these words begins with where it has Latin letters only."""

NUMBERED: Final = late(rf"(?:(?:(?<![^\W_])(?:id|no|nr|ids|код|code)\b[.:]?|[#№]|n°)[ :.]{{0,2}}){_LIST}\s?\Z")
"""Ends with a bare sign for "number"."""

_NUMBER_WORD = "(?:номер[а-я]?|numbers?|nummer|numer|n[uú]m[eé]ro|numar[ae]?[mn]?[ıi]?|num|nr|no|n[°º])(?![^\\W_])[.]?"
_OURS = (
    "(?:my|our|мо(?:й|ему|[её]м)|наш|ваш|у[ ](?:меня|нас)|meine[rn]?|unsere[rn]?|mi|nuestro|mon|ma|notre|meu|nosso"
    "|mio|nostro|mijn|m[oó]j|benim)(?:[ ](?:new|own|other|second|нов(?:ый|ому)|друг(?:ой|ому)|личн(?:ый|ому)|neuen?"
    "|eigenen?|zweite|nuevo|otro|nouveau|autre|novo|nuovo|nieuwe|nowy|yeni))?"
)
TELEPHONE: Final = late(
    r"""(?:(?<![^\W_])(?:[☎✆📞📱]\ufe0f?|т|тел
        |телефон\w*|моб\w*|сот\w*|звон\w+|позвон\w+|перезвон\w+|набер\w+|whats?[ ]?app|ватсап\w*
        |вотсап\w*|viber|вайбер\w*|telegram|телеграм\w*|(?:tele)?phones?|mobile|call|calls|called|tel|telefon\w*|handy\w*
        |(?<!-)ph(?=[.:\#]|[ ]\Z|[ ][+(])|(?<=my[ ])cell|(?<![\w)][ ])cell
        |cell(?:phone)?(?=[ ]?(?:phone|number|no|nr|is)\b|[ ]?[:.=\#])
        |(?:my|our|your|emergency)[ ]contact|(?<![\w)][ ])contacts?
        |contacts?(?=[ ](?:me|us|number|no|nr|phone|is|at|on|under)\b|[ ]?[:.=\#])
        |ring(?=[ ](?:me|us|my|our|on|\Z))|reach(?=[ ](?:me|us)\b)
        |t[ée]l[ée]phones?|tel[ée]fonos?|t[ée]l|t(?:e?l)?fno|tlf|m[óo]vil|celular|fon
        |(?<!se[ ])ll[áa]m[ae][dnr]?(?:me|nos|le)?|cont[áa]ct[ae][dnr]?(?:me|nos)
        |locali[zc][ae][dnr]?(?:me|nos)
        |(?<!si[ ])chiam(?:[ai]|ate|ino|are?)(?:mi|ci)?|chiamar(?:mi|ci)
        |lig(?:uem?|ar)|(?<=me[ ])liga|liga(?=-(?:me|nos)[ ])
        |(?<=me[ ])cham(?:[ae]|em|ar)|cham[ae]r?m?(?=-(?:me|nos)[ ])
        |r?appele[rz]|contacte[rz](?=-(?:moi|nous)[ ])|joindre
        |(?:mon|ma|notre)[ ]portable|{OURS}[ ]{NUMBER}|(?<![\w)][ ])numaram
        |mobil\w*|rufnummer\w*|ruf\w*|anruf\w*|anzurufen|erreich\w+|fax|факс\w*|sms|смс|text|desk|office|answering
        |wa\.me/|callto:|(?:phone|number|msisdn)=
        |связ\w+)
        (?:['’]s(?=[ ])|-(?:me|nos|moi|nous)(?![^\W_]))?
        (?:[ ](?:{NUMBER}|(?:por[ ]favor|per[ ]favore|s['’]il[ ]vous[ ]pla[iî]t|svp|bitte|please
            |me|us|мне|нам|mich|uns|back|your|my|our|мой|наш|meine|unsere|office|у[ ](?:меня|нас))
            (?![^\W_])[.]?)
          (?:['’]s(?=[ ]))?){0,3}
        (?:[ ](?:is|on|at|under|ist|unter|auf|по|на|it's|to|:|-|{NUMBER}|мой|lautet|wäre|это|теперь|now|jetzt|é|è
          |jest|es|est|c['’]est|el|le|al|au|ao|en|para|pelo|o|de[ ]contacto)){0,3}
        (?:[ ]?[(][^()\n]{1,16}[)]|(?:;[a-z=,-]{2,16}){1,4}(?=:))?[\s.:=,№\#(+|>→–—-]{0,6})\Z""".replace(
        "{OURS}", _OURS
    ).replace("{NUMBER}", _NUMBER_WORD),
    re.VERBOSE,
)
"""Ends with a word for telephoning, close before the number."""

TELEPHONE_STEMS: Final = (
    "what", "viber", "telegram", "phone", "mobil", "call", "tel", "ph", "cell", "handy", "ruf", "erreich", "fax", "sms",
    "text", "desk", "office", "answering", "contact", "ring", "wa.me", "number=", "msisdn", "my ", "mein", "our ",
    "unser", "mon n", "mi n", "nuestro", "notre", "meu ", "nosso", "mio ", "nostro", "mijn", "moj ", "benim", "numaram",
    "movil", "celular", "fno", "tlf", "reach", "fon", "llam",
    "chiam", "ligu", "liga", "cham", "locali", "☎", "✆", "📞", "📱", "appel",
    "joindre", "numero", "portable",
)  # fmt: skip

TAX_CUE: Final = late(
    r"(?<![^\W_])(?:инн(?:/кпп)?|снилс|steuer\w*(?:[ -]?(?:id|nr|nummer))*|idnr|tin|ssn|social security|tax|nino"
    r"|ss(?=[ ]?(?:\#|n[°ºro]))|(?<=n[°º] )ss|(?<=n[°º])ss|(?:t[.]?c[.]? )?kimlik|contribuinte"
    r"|itin|pesel|aadhaar|dni|nif|nie|codice fiscale|(?:num[ée]ro |n° ?|identifiant )fiscal|s[ée]cu"
    r"|sozialversicherung\w*"
    r"|s[ée]curit[ée] sociale|seguridad social|nir|insee|ahv|avs|bsn|cpf"
    r"|(?:national|personal|citizen)(?: id(?:entity|entification)?| insurance| code))"
    r"(?:[ ]?(?:number|no|nr|id|code|card|is|ist|es|est|номер|lautet"
    r"|nummer|numer|numara\w{0,2}|n[uú]m[eé]ro|n[°º]|[.:№#=-])){0,4}"
    r"[ ]?\Z"
)
"""Ends with the name of a tax or insurance number."""

TAX_STEMS: Final = (
    "steuer", "idnr", "tin", "ssn", "social", "tax", "nino", "pesel", "aadhaar", "dni", "nif", "nie", "codice", "soz",
    "national", "personal", "citizen", "nir", "insee", "ahv", "avs", "bsn", "cpf", "fiscal", "secu",
    "ss#", "ss #", "ss n", "° ss", "º ss", "°ss", "kimlik", "contribuinte",
)  # fmt: skip

CARD_CUE: Final = late(r"(?<![^\W_])(?:(?:credit|debit|kredit)?(?:cards?|karten?|карт\w{1,3})\W)[^0-9\n]{0,24}\Z")
"""Ends with the word for a payment card, close before the number."""

_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)[0-9]{2}"
_CLOCK = r"(?:[ T][0-2]?[0-9](?=:))?"
_STOP = r"(?![0-9]|[-./][0-9])"
PLAIN: Final = late(
    rf"""(?=[0-9]{{1,4}}[-–—./ \u00a0\u202f])(?:
        {_YEAR}[-./]{_MONTH}[-./]{_DAY}(?:[ ]?[-–—/][ ]?{_YEAR}[-./]{_MONTH}[-./]{_DAY})?
      | (?:000[01]|[12][0-9]{{3}}|9999)-(?:0[0-9]|1[0-2])-(?:[0-2][0-9]|3[01])
      | {_DAY}[./-]{_DAY}[./-]{_YEAR}(?:[ ]?[-–—][ ]?{_DAY}[./-]{_DAY}[./-]{_YEAR})?
      | {_DAY}\.{_MONTH}\.?[ ]?[-–—][ ]?{_DAY}\.{_MONTH}\.(?:{_YEAR}|[0-9]{{2}})?
      | {_DAY}(?P<part>[./-]){_DAY}(?P=part)[0-9]{{2}}
        [ ]?(?!(?P=part))[-–—/][ ]?{_DAY}(?P=part){_DAY}(?P=part)[0-9]{{2}}
      | {_YEAR}[ ]?[-–—/][ ]?{_YEAR}
      | (?P<short>{_DAY}[./-]{_DAY}[./-][0-9]{{2}}
        | {_YEAR}(?P<between>[-.])[0-9]{{2}}(?P=between)[0-9]{{2}}
        | [0-9]{{2}}(?P<parts>[-.])[0-9]{{2}}(?P=parts){_YEAR})
      | (?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){{3}}
      | 97[89]-[0-9]+(?:-[0-9]+){{3}}
      | [0-9]{{3}}-[0-9]{{7}}-[0-9]{{7}}
      | [1-9][0-9]{{0,2}}(?:[ \u00a0\u202f.][0-9]{{3}})+(?:\.[0-9]{{1,2}})?
        (?=[ \u00a0]?(?:,[0-9]{{1,2}}(?![0-9])|{{UNIT}}))
      | [0-9]{{1,3}}\.[0-9]{{4,}}
    ){_CLOCK}{_STOP}""".replace("{UNIT}", "(?:₽|руб|€|eur|usd|\\$|£|kzt|тенге|грн)"),
    re.IGNORECASE | re.VERBOSE,
)
"""A date (in `short` one that may be none), a period, an amount with its currency, a network address, a book's number,
a decimal fraction."""

AFTER_AMOUNT: Final = late(
    r"""[ \u00a0\u202f]?(?:₽|руб|р\.|€|eur\b|usd\b|\$|£|%|kzt|тенге|грн|kg\b|кг\b|mm\b|мм\b|км\b|km\b
        |[mcd]?l(?![\w'’])|мл\b|mg\b|мг\b|g(?![\w'’])|гр\b|cm\b|см\b|inch|zoll|дюйм|oz\b|lbs?\b|kwh|квт|hz\b|mhz|ghz|ah\b|mah
        |шт|stück|stk\b|pcs|mb\b|gb\b|мб\b|гб\b
        |bytes?\b|байт|ms\b|мс\b|views|просмотр|rows?\b|строк|бонус|балл|points?\b|punkte)|,[0-9]{1,2}(?![0-9])""",
    re.IGNORECASE | re.VERBOSE,
)
"""Begins with a currency, a unit or a decimal part."""

BEFORE_AMOUNT: Final = late(r"(?:[$€£₽¥]|\b(?:usd|eur|chf|gbp|rub|pln|uah|kzt))[ \u00a0]?-?\Z", re.IGNORECASE)
"""Ends with a currency sign."""
