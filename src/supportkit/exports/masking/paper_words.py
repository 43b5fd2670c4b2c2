"""The words before the number of a passport, an identity card or a driving licence, and those between the two."""

from __future__ import annotations

import re
from typing import Final

from supportkit.exports.masking.cues import THINGS
from supportkit.system.late_patterns import late

STEMS: Final = (
    "pass", "pasaport", "paspoort", "paszport", "card", "perso", "licen", "паспорт", "ausweis", "führerschein",
    "fuhrerschein", "удостоверени", "водительски", "identit", "de condu", "patente", "rijbewijs", "jazdy", "dl#", "cni",
)  # fmt: skip
"""One of these stands in each text with the word for a paper."""

BEGINS: Final = (
    "pass", "pasaport", "paspoort", "paszport", "id card", "id-card", "identity", "reisepass", "perso", "ausweis",
    "загранпаспорт", "паспорт", "d'identit", "d’identit", "driv", "führerschein", "водительск", "permis", "licen",
    "carnet", "carta", "patente", "rijbewijs", "prawo", "dl#", "cni",
)  # fmt: skip
"""What the word for a paper begins with."""

_PASSPORT: Final = (
    r"(?:pass(?:e?port|aport[eo])|pasaport|paspoort|paszport|reisepass|personalausweis|ausweis|загранпаспорт|паспорт"
    r"|id(?:entity)?[ -]card|d['’]identit[ée]|driv(?:er['’]?s?|ing)[ ]licen[cs]e|führerschein"
    r"|водительск\w+[ ](?:удостоверени|прав)|(?:permiso?|licencia|carnet|carta)[ ]de[ ]condu\w+"
    r"|patente[ ]di[ ]guida|rijbewijs|prawo[ ]jazdy|dl(?=\#)|cni(?=[ ]?(?:n[°ºo]|num|:)))"
    r"(?!hülle|etui|[fp]h?oto|bild)\w{0,8}"
)
_NUMBER: Final = (
    r"nummer|number|nr|no|id|сери[яиюе]|номер|№|n[°º]|n[.]º|n[úu]m[ée]ro|numara\w{0,2}|numer|\#|is|ist|es|est|le|el|è|é|to"
    r"|lautet|mein|my|мой|данные|hat[ ]die|has[ ]the|tiene[ ]el|a[ ]le|[(][a-z]{2,3}[)]|[.:,=(]"
)
_OTHERS: Final = (
    rf"{THINGS}|book\w*|buch\w*|reserv\w*|r[ée]serv\w*|брон\w*|flights?|flug\w*|vuelos?|vols?|рейс\w*|photos?|foto\w*|фото\w*"
    r"|covers?|cases?|sleeves?|wallets?|hüllen?|etuis?|étuis?|fundas?|housses?|обложк\w*|чехл\w*|scanners?|readers?"
    r"|changed?|ge[äa]ndert|offices?|control\w*|fees?|sizes?"
    r"|and|or|but|und|oder|aber|и|или|но|а|y|o|pero|et|ou|mais|i|en|ve|we|you|phones?|tel|tel[ée]fon\w*|t[ée]l[ée]phone|телефон\w*"
    r"|mobile|handy|изделия|качества|товара|прибора|оборудования|устройства|device|dhl|ups|dpd|fedex|hermes|gls"
)
_WORD: Final = rf"[ ,(:)/–—-]{{1,3}}(?!(?:{_OTHERS})(?![^\W_]))[^\W\d_]{{1,20}}(?:['’]s)?"
_RUSSIAN: Final = r"[0-9]{2}[ -]?[0-9]{2}[ ,]{0,2}(?:номер|№|no)?[ ]?[0-9]{6}|[0-9]{2}[ -]?[0-9]{7}"

PAPER: Final = late(
    rf"""(?<![^\W_])(?<!\[)(?:(?:{_PASSPORT}|(?<!boarding[ ])(?<!bus[ ])pass(?!w)\w{{0,8}}|perso(?=[ .:]|-nr)\w{{0,8}})
        (?:[ ]?-?[ ]?(?:{_NUMBER})){{0,5}}[ ]?
        (?P<number>{_RUSSIAN}|l-[0-9]{{7}}[ ][0-9]
          |[a-z]{{1,3}}[ -][0-9]{{3}}[ ]?[0-9]{{3,6}}|[a-z9]{{5}}[0-9]{{6}}[a-z0-9]{{5}}
          |(?=[a-z]{{0,3}}[0-9])(?=[a-z0-9]{{0,6}}[0-9]{{2}})[a-z0-9]{{6,12}}
          |(?=(?:[a-z]{{0,7}}[0-9]){{2}})[b-df-hj-np-tv-z][0-9b-df-hj-np-tv-z]{{8}}
          |[0-9]{{5}}/[0-9]{{2}}/[0-9]{{4}}|[a-z][0-9]{{3}}(?:-[0-9]{{1,6}}){{2,4}})
      |{_PASSPORT}(?:{_WORD}){{1,5}}?(?:[ ]?[):,–—-])?(?:[ ]?-?[ ]?(?:{_NUMBER})){{0,4}}[ ]?
        (?<![^\W_])(?P<later>{_RUSSIAN}|[0-9]{{9}}|[0-9]{{12}}|[a-z]{{1,3}}[0-9]{{6,9}}
          |(?=(?:[a-z]{{0,3}}[0-9]){{4}})[a-z0-9]{{8,11}}))(?![^\W_])""",
    re.VERBOSE,
)
"""The number of a paper behind its word, or behind what else is said of it (`passport of Germany C01X00T47`): there it
has to look like one. Of a text in small letters."""
