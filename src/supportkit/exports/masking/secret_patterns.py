"""Patterns of secrets that are known by the words or the signs before them: passwords, codes, tokens, links.

A word alone says little: which of what they match is a secret is decided in `secrets`.
"""

from __future__ import annotations

import re
from typing import Final

from supportkit.exports.masking.secret_words import (
    AS_A,
    BARE_CODE,
    CHOSE,
    CODE_CAME,
    CODE_IS,
    CODE_WORD,
    FOLLOWED,
    FOR_WHAT,
    IS_A,
    WHICH,
    WHO,
    WHOSE,
    YOURS,
)
from supportkit.system.late_patterns import late

BEARER: Final = late(
    r"\b(?:bearer(?:[ ]?[:=](?=[ ]{0,3}[^\s]{0,64}[0-9]))?"
    r"|authorization[ ]?[:=][ ]?(?:basic|token|digest(?![ ]\w{1,16}=)|apikey))"
    r"(?:(?<=[:=])[ ]{0,3}|[ ]{1,3})(?P<value>[A-Za-z0-9._~+/=-]{8,})",
    re.IGNORECASE,
)
COOKIE: Final = late(
    r"cookies?[\"']?[ ]{0,2}[:=]?[ ]{0,2}[\"']?(?=[^\s=;,]{1,64}=)(?P<line>[^\r\n]{1,4000})", re.IGNORECASE
)
ONE_COOKIE: Final = late(
    r"(?<![^\s;,])(?!(?:path|expires|max-age|domain|samesite|lang\w*|locale|theme|currency|version|date|country)=)"
    r"[^\s=;,]{1,64}=[\"']?(?P<value>[^\s;,\"']{8,})",
    re.IGNORECASE,
)
"""What a browser sends to be known again, and one of it."""

DIGEST: Final = late(r"\b(?:response|c?nonce)[\"']?[=:][ ]?[\"']?(?P<value>[a-z0-9+/=]{8,})", re.IGNORECASE)


def _behind(word: str, *before: str) -> str:
    """A word behind one of some others, with or without a sign between; looked back at, so that it is found by its own
    first letter."""
    return "|".join(f"(?<={one}{between}{word})" for one in before for between in ("", "[ _-]"))


_TOKENS: Final = ("auth", "access", "refresh", "id", "api", "bot", "reset", "session", "security", "login")
_KEYS: Final = (
    "api", "secret", "private", "access", "license", "licence", "account", "activation", "wifi", "encryption",
    "decryption", "product", "recovery", "master", "bitlocker", "auth", "security", "webhook", "signing", "deploy",
    "my",
)  # fmt: skip
ASSIGNED: Final = late(
    rf"""(?:sess(?:ion)?[ _-]?id|sid(?:(?<![^\W_]sid)|(?<=connect\.sid))|session(?<![^\W_]session)
            (?==|:[ ]?(?=[a-z0-9_-]{{16}})(?=[a-z_-]{{0,64}}[0-9])(?=[0-9_-]{{0,64}}[a-z]))
          |csrf[a-z]{{0,16}}|xsrf[a-z_-]{{0,16}}
          |token(?:(?<![^\W_]token)|{_behind("token", *_TOKENS)})|токен[а-я]{{0,2}}(?<![^\W_]токен)
          |key(?:{_behind("key", *_KEYS)})
          |schlüssel(?:{
        _behind(
            "schlüssel",
            "api",
            "zugriffs",
            "wlan",
            "wifi",
            "wpa",
            "wpa2",
            "netzwerk",
            "lizenz",
            "produkt",
            "aktivierungs",
            "wiederherstellungs",
            "mein ",
        )
    })
          |ключ(?:[ ](?:api|доступа|активации|лицензии|шифрования|восстановления)|(?<=api[ -]ключ))
          |cl[ée][ ](?:api|d['’]acc[èe]s|secr[èe]te|wifi)
          |clave[ ](?:api|wifi)|(?:id|идентификатор)[ ]сессии|sitzungs-?id
          |secret(?:(?<![^\W_]secret)|{_behind("secret", "client")}))
        ["']?(?:[ ]?[(][^()\r\n]{{1,32}}[)])?(?:[ ]?[:=][ ]?|[ ](?:is|ist|lautet)[ :]
          |(?<=schlüssel)[ ](?=[0-9]{{8}})|[ ](?=[a-z_-]{{0,64}}[0-9])(?=[0-9_-]{{0,64}}[a-z])(?=[a-z0-9_-]{{12}}))["']?
        (?P<value>[a-z0-9._~%+/=:!-]{{6,}})""",
    re.VERBOSE,
)
"""Of a text in small letters."""

_COMPOUND: Final = (
    "(?:pg|e?mail|portal|kunden|start|master|einmal|initial|benutzer|zugangs|konto"
    "|standard|wlan|wifi|admin|root|user|account|login|db)[-_]?"
)
"""What a password of something is called with, in one word."""

_MIXED: Final = r"[ ](?=[^\s0-9]{0,40}[0-9])(?=[^\s]{0,40}[!@#$%^&*?+=][^\s])"
"""Before a value that no word is: of letters and figures, with a sign among them."""

_CLASSIC: Final = r"[ ][^\W\d_]{4,20}[0-9]{2,4}[!?.]{0,2}(?!\w)"
"""Before a value of a word and figures."""

PASSWORD: Final = late(
    r"""(?:(?<![^\W_])(?<!(?:type|name)=["'])(?:{COMPOUND})?(?:pass-?word|passwd|passcode|pass-?phrase|passwort\w?|kennwort\w?
            |pwd?|(?:passw|kennw)\.|пасс(?=[ ]?[:=])|pass(?=["']?[ ]?(?:[:=|→]|->))|(?P<bare>pass(?={MIXED}))
            |парол(?:[ьяею]\w?)?(?![^\W_])|contrase\w{1,2}a|mot[ ]de[ ]passe
            |mdp|senha|pswd|wachtwoord(?:en)?|(?:hasł[oa]|haslo)(?:[ ]to(?=[ ]))?|[şs]ifre(?:m|n|si|niz)?
            |parola[mn]?(?=[ ]?[:=]|[ ][èe][ ]|{CLASSIC})|palavra-passe
            |(?:p/w|(?<!palabra[ ])clave)(?=[ ]?(?:[:=|→]|->))
            |(?P<classic>(?:pass|пасс|(?<!palabra[ ])clave)(?:[ ](?:is|was|es|est|это|был))?(?={CLASSIC}))
            |кодовое[ ]слово|секретное[ ]слово|ответ[ ]на[ ]секретный[ ]вопрос
            |(?:security|secret)[ ](?:question[ ])?(?:answer|word)
            |sicherheitsantwort|respuesta[ ]secreta|r[ée]ponse[ ]secr[èe]te)
          (?:['’]s(?=[ ]))?)
        (?P<sign>["'>]?(?:[ ]?[(][^()\r\n]{1,32}[)])?
          (?:{FOR_WHAT}[^\s:="'<>]{1,48}(?:[ ][^\s:="'<>]{1,24}){0,2}(?=[ ]?[:=])
            |{FOR_WHAT}[^\W\d_]{1,16}(?:[ ][^\W\d_]{1,16}){0,2}
              (?=[ ](?:is|was|ist|war|lautet|es|est|это|был|-|—|–)[ ]))?
          [ ]{0,2}(?:(?:[:=]{1,2}>?|[-–—=]{1,2}>|[→⇒➜…\t]|(?:[|][ \r\n]{0,3}){1,4}
          |(?:(?:is|was|has[ ]been|wurde)[ ])?
            (?:changed|set|reset|updated|geändert|(?:zurück)?gesetzt|измен[её]н|сброшен|cambiada)
            [ ](?:to|auf|на|a)(?=[ :])
          |(?:is|was|are|will[ ]be|ist|war|lautet|es|est|c['’]est|é|è|это|был|-|—|–)
            (?:[ ](?:übrigens|aktuell|derzeit|jetzt|now|currently|still|сейчас|теперь|ahora))?(?=[ :]))[ :|]{0,3})?
          (?:["'`«„“]|\[(?![a-z]{1,24}\]))?|[ ]?\r?\n)
        (?P<value>[^\s"'<>]{4,400})""".replace("{FOR_WHAT}", FOR_WHAT)
    .replace("{COMPOUND}", _COMPOUND)
    .replace("{MIXED}", _MIXED)
    .replace("{CLASSIC}", _CLASSIC),
    re.VERBOSE,
)
PASSWORD_LATER: Final = late(
    rf"""(?<![^\W_])(?:pass-?word|passwd|passcode|pass-?phrase|passwort\w?|kennwort\w?|pwd?|парол[ьяею]\w?)
        (?:(?P<weak>[ ](?:to|auf|на)[ ]|[ ](?:from|von|с)[ ](?P<first>[^\s"'<>]{{4,64}})[ ](?:to|auf|на|zu|in)[ ]
            |,?[ ](?:{WHICH}[ ])?{WHO}[ ]{CHOSE}[^\W\d_]{{0,12}}(?:[ ][^\W\d_]{{1,12}}){{0,2}},?
              [ ](?:is|was|ist|war|был[аои]?|это)[ :]{{1,2}}
            |[ ]?[:=][ ]?\r?\n[ ]?
            |[ ]{FOLLOWED.replace(" ", "[ ]")}[ ]?(?:[:=–—-]|(?:is|ist|lautet)[ :])?[ ]{{0,2}})
          |(?P<looks>{FOR_WHAT}(?:[^\s:=]{{1,24}}[ ]){{1,3}}?)
            (?=[^\s0-9]{{0,40}}(?:[0-9][^\s0-9]{{0,8}}){{5}}|[^\s]{{0,40}}[0-9][^\W\d_][^\s]{{0,40}}[0-9]
              |[^\s]{{0,40}}[0-9][^\s]{{0,40}}[!@#$%^&*][^\s]))
        (?P<value>[^\s"'<>]{{4,400}})""",
    re.VERBOSE,
)
"""A password behind its word and others, of which only the looks tell that it is one. This and what follows is of
small letters; `bare` and `looks` stand before values of letters of both sizes."""

NAME_AND_PASSWORD: Final = late(
    r"""(?<![^\W_])(?:(?:login|user(?:name)?|логин|benutzer(?:name)?|usuario|identifiant)[ ]?[/|][ ]?
        (?:pass(?:word|wort)?|pw|пароль|kennwort|contrase\w{1,2}a|mdp|mot[ ]de[ ]passe)
        |zugangsdaten|logindaten|(?:login[ ])?cred(?:ential)?s|identifiants|credencia(?:le)?s|credenziali|inloggegevens
        |(?:данные|доступы?)(?:[ ]для[ ]входа)?(?=[ ]?[:–—-])
        |(?P<only>login|логин|user(?:name)?)(?=[ ]{0,2}[:=–—]?[ ]{0,2}[\w.@+-]{2,64}[ ]?[/|:]))
        [ ]{0,2}[:=–—-]{0,2}[ ]{0,2}[^\s/|:(%]{2,64}[ ]?[/|:][ ]?(?P<value>[^\s"'<>]{4,64})""",
    re.VERBOSE,
)
"""Both behind the words for both: `login/password: anna / …`."""

PASSWORD_OF_A_NAME: Final = late(
    r"""(?<![^\W_])(?:login|user(?:name)?|логин|benutzer(?:name)?|usuario|usuário|utilisateur|identifiant)
        [ ]{0,2}[:=]?[ ]{0,2}
        [^\s/|:,;]{2,64}[ ,;/|+]{1,3}(?:(?:and|und|и|y|et|e|ve|с)[ ])?
        (?:pass|pwd?|пасс|mdp|clave|senha|parola|[şs]ifre|hasło)(?![^\W_])[ ]{0,2}[:=]?[ ]{0,2}
        (?P<value>[^\s"'<>]{4,64})""",
    re.VERBOSE,
)
"""Behind a name and a short word for the password: `login anna, pass …`."""

FIELD: Final = late(r"""type=["']password["'][^<>]{0,200}?[ ]value=["'](?P<value>[^"'<>]{4,200})""")
"""The field of a form for a password, with what was entered."""

AS_PASSWORD: Final = late(
    rf"""[ ](?:(?P<as>{AS_A.replace("качестве", "в[ ]качестве")})|{IS_A})[ ](?:{WHOSE}[ ]){{0,2}}
        (?:pass-?(?:word|code|phrase|wort)|passwd|kennwort|парол[ьяею]\w?|contrase\w{{1,2}}a|clave|mot[ ]de[ ]passe
          |pwd|mdp|senha)(?![^\W_])""",
    re.VERBOSE,
)
"""What follows a password that stands before its word: `use … as password`, `… is my password`."""

TO_USE: Final = late(
    r"us(?:e|ed|ing)|tr(?:y|ied)|enter(?:ed)?|set|put|typed?|take|benutz\w*|verwend\w*|nutz\w*|nimm|nehm\w*|gib"
    r"|использ\w+|вв[её]\w+|вводи\w*|постав\w+|укаж\w+|usa|usar|utili[cz]\w+|pon|ponga|utilis\w+|met(?:s|tez|tre)",
    re.IGNORECASE,
)
"""The word before it."""

PHRASE: Final = late(
    r"""(?<![^\W_])(?:pass-?word|passwd|passcode|pass-?phrase|passwort|kennwort|парол[ьяею])[ ]{0,2}
        (?:[:=]|(?:is|was|ist|war|lautet|это)[ :]){0,2}[ ]{0,2}["'«„“](?P<value>[^\r\n"'«»„“”]{8,64})["'»“”]""",
    re.VERBOSE,
)
NO_PHRASE: Final = late(
    r"(?:wrong|incorrect|invalid|expired|required|missing|please|must|should|cannot|does|again|field|falsch|не"
    r"|bitte|пожалуйста|not?|valid|match|matches|short|long|weak|least|characters?|contains?|enter|try|error|is|the|your|too|nicht|ist"
    r"|ein|gib|geben|zu|ваш|введите|или)",
    re.IGNORECASE,
)
CARD_CODE: Final = late(
    r"(?<![^\W_])(?:cv[vc]2?(?:[ -]?code)?|sicherheitscode|(?:karten)?prüf(?:nummer|ziffer)"
    r"|security[ ]code(?:[ ](?:on|of)[ ](?:the|my)[ ](?:back[ ]of[ ](?:the|my)[ ])?card)?"
    r"|код[ ]безопасности)[ ]{0,2}(?:is|ist|lautet|[:=#])?[ ]{0,2}(?P<value>[0-9]{3,4})(?![0-9])",
    re.IGNORECASE,
)
ONE_TIME: Final = late(
    r"""(?<![^\W_])(?:(?-i:PIN|OTP|TAN)|(?:my|mein\w?|мой|mi|tu|su|mon|votre)[ ]pin
          |pin(?:[ -]?code)?(?=[ ]?(?:is|ist|lautet|es|est|[:=]))
          |geheimzahl|geheimcode
          |pin[ -]code(?=[ ][0-9]{4}(?![0-9]))|pin(?=[ ](?!19|20)[0-9]{4}(?![0-9.,:-]))|пин(?:[ -]?код)?
          |(?-i:PIN|TAN)[ -]?(?i:nummer|number|nr|no)\b[.]?|passcode|otp|one[ -]time[ -](?:code|password|pin)
          |(?:verification|security|login|sms|2fa|confirmation|access|reset)[ ]code
          |(?:got|received)[ ](?:(?:an?|the|your)[ ])?code
          |(?:2fa|mfa|totp)[ -]?(?:code|код|kod)|(?:code|код|c[óo]digo|codice|kod)[ ](?:2fa|mfa|totp)
          |(?:2fa|mfa|totp)(?=[ ]?[:=]?[ ]?[0-9]{3}[ ]?[0-9]{3}(?![0-9]))
          |(?:bestätigungs|sicherheits|zugangs|sms-?)code|код[ ](?:из[ ]смс|подтверждения)|(?:смс|sms)[ -]?код)
        (?:['’]s)?
        (?:[ ]{0,2}(?:code|is|ist|lautet|was|war|es|est|это|[:=#]|[–—-](?=[ ])|(?<=otp)-)){0,2}[ ]{0,2}["'`]?
        (?P<value>[0-9]{4,8}|[0-9]{3}[ -][0-9]{3}|(?:[0-9]{2}[ -]){2}[0-9]{2})(?![0-9])""",
    re.IGNORECASE | re.VERBOSE,
)
ACCESS_CODE: Final = late(
    rf"""(?<![^\W_])(?:{CODE_WORD.replace(" ", "[ ]")}|clave(?=[ ]es[ ]))
        (?:(?:[ ][^\W\d_]{{1,12}}){{1,4}}(?=[ ]?[:=]))?
        (?:[ ]{CODE_CAME})?(?:[ ]{{0,2}}(?:[:=\#]|{CODE_IS}(?=[ ])|[–—-](?=[ ]))){{0,2}}
        [ ]{{0,2}}["'«]?(?!(?:19|20)[0-9]{{2}}-[0-9]{{2}}-)
        (?P<value>[0-9]{{3}}[ ][0-9]{{3}}|(?:[0-9]{{2}}[ -]){{2}}[0-9]{{2}}
          |[^\W_](?:[^\W_]|-(?=[^\W_])){{3,31}})(?![^\W_])""",
    re.VERBOSE,
)
CODE: Final = late(
    rf"""(?<![^\W_])(?:{BARE_CODE})(?:[ ](?:{CODE_CAME}))?
        (?:[ ]{{0,2}}(?:[:=]|{CODE_IS}(?=[ :])|[–—-](?=[ ]))){{1,2}}[ ]{{0,2}}["'«]?
        (?P<value>[0-9]{{4,8}}|[0-9]{{3}}[ -][0-9]{{3}}|(?:[0-9]{{2}}[ -]){{2}}[0-9]{{2}})(?![^\W_]|[.,-]?[0-9])""",
    re.VERBOSE,
)
"""A code that nothing is said of: what stands before it tells whether it lets somebody in. Both of a text in small
letters."""

WHOSE_CODE: Final = frozenset((
    "the", "my", "your", "our", "this", "that", "a", "new", "sms", "text", "received", "got", "get", "enter", "entered",
    "with", "and", "is", "der", "den", "dem", "mein", "meinen", "dein", "deinen", "ihr", "ihren", "dieser", "diesen",
    "ein", "einen", "neuer", "neuen", "und", "мой", "ваш", "твой", "этот", "новый", "вот", "пришёл", "пришел", "и",
    "смс", "ввожу", "ввёл", "ввел", "ввела", "el", "mi", "tu", "su", "este", "nuevo", "un", "le", "mon", "votre", "ton",
    "ce", "nouveau",
))  # fmt: skip
"""Words that a code stands behind that is nobody's but the reader's."""

CODE_OF_A_THING: Final = late(
    r"promo|gutschein|rabatt|aktion|voucher|coupon|discount|скидк|промо|купон|descuento|cup[óo]n|r[ée]duc|remise|error"
    r"|fehler|ошибк|сбой|erreur|fallo|fault|status|http|exit|artikel|art[íi]c|product|produkt|товар|produit|\bzip\b|postal"
    r"|postleit|индекс|tracking|order|bestell|заказ|pedido|commande|barcode|bar code|qr"
)
"""What is said before a code that lets nobody in."""

YOURS_BEFORE: Final = late(rf"(?<![^\W_]){YOURS}[ ][^.!?\n]{{0,40}}\Z")
"""Ends with what is yours, a code of some provider."""

AFTER_CARD: Final = late(
    r"\[CARD\][ ,;|]{1,3}(?:(?:exp|valid|gültig)[^\d\n]{0,12})?(?:0[1-9]|1[0-2])[ ]?[/|-][ ]?(?:20)?[0-9]{2}"
    r"[ ,;|]{1,3}(?P<value>[0-9]{3,4})(?![0-9]|[.,/:-][0-9])"
)
"""What stands behind a card that is taken out, and the month until which it is valid."""

TO_LET_IN: Final = late(
    r"[ ]{0,2}(?:to|um|zum|чтобы|для|para|pour)[ ](?:reset|log|sign|verify|activate|recover|unlock"
    r"|confirm[ ]your[ ](?:e-?mail|account)"
    r"|(?:das[ ]|ihr[ ])?(?:passwort|kennwort)|сброс|входа|restablecer|r[ée]initialiser)",
    re.IGNORECASE,
)
"""What a link that lets somebody in is for, behind it."""

IN_COMMAND: Final = late(
    r"""[a-z][a-z0-9+.-]{1,15}://[^\s:/@]{1,64}:(?P<address>[^\s/@]{1,64})(?=@)
      |(?<![^\W_])curl[ ](?:(?:[^\nc]|c(?!url[ ])){0,200}?[ ])?(?:-u|--user|--proxy-user)[ =]?["']?
        [^\s:"']{1,64}:(?P<user>[^\s"']{1,64})
      |(?<![^\W_])(?:(?:mysql[a-z]{0,5}|mariadb)[ ](?:[^\n]{0,200}?[ ])?-p|sshpass[ ]-p[ ]?)["']?
        (?P<flag>[^\s"'-][^\s"']{0,64})""",
    re.VERBOSE,
)
"""A password in an address, or in a line for a shell."""

YOUR_CODE: Final = late(
    rf"""(?P<value>[gG0-9](?<![^\W_].)(?:(?<=G)-[0-9]{{4,8}}|(?<=[0-9])(?:[0-9]{{3,7}}|[0-9]{{2}}[ -][0-9]{{3}})))
        (?=[ ]as[ ](?:the|my|a)[ ](?:code|otp|pin|passcode)\b|[ ]{IS_A}[ ]{YOURS}[ ]
        (?:[^\W\d_]{{1,24}}[ -]){{0,3}}(?:[^\W\d_]{{0,20}}code|pin|otp|tan|код|c[óo]digo|passwor[dt]|пароль)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
TO_ENTER: Final = late(
    r"(?<![^\W_])(?:use|enter|type)[ ](?P<value>[0-9]{4,8}|[0-9]{3}[ -][0-9]{3})(?=[ ]to[ ]"
    r"(?:sign|log|verify|confirm|complete|finish|authenticate|reset|access|unlock|continue)\b)",
    re.IGNORECASE,
)
"""What somebody shall type to be let in."""

_SPARE: Final = "(?=[a-z-]{0,12}[0-9])[a-z0-9]{3,12}(?:-[a-z0-9]{3,12}){0,4}(?![^\\W_])"
SPARE_CODES: Final = late(
    r"(?<![^\W_])(?:(?:backup|recovery|scratch|emergency|wiederherstellungs|reserve|ersatz)[ -]?codes?"
    r"|(?:резервные|запасные)[ ]коды|коды[ ]восстановления|c[óo]digos[ ]de[ ](?:respaldo|recuperaci[óo]n)"
    rf"|codes[ ]de[ ](?:secours|r[ée]cup[ée]ration))(?:[ ](?:are|is|sind|son|sont))?[ ]?[:=]?[\s]{{1,3}}"
    rf"(?P<value>{_SPARE}(?:[\s,;]{{1,3}}{_SPARE}){{0,15}})"
)
"""Codes for the day on which the other way is lost, of a text in small letters."""

SEED: Final = late(
    r"(?:seed|recovery|mnemonic|secret|backup)[ -](?:phrase|words)[^\n:=]{0,24}[:=]?\s{1,2}"
    r"(?P<value>[a-z]{3,8}(?:\s[a-z]{3,8}){11,23})(?![^\W_])"
)
"""The words of a wallet: a sentence of a dozen words has shorter ones."""

URL: Final = late(r"https?://[^\s<>\"']{4,}", re.IGNORECASE)
IN_URL: Final = late(
    r"[?&;#](?:[a-z_.-]{0,24}(?:token|key|secret|signature|password|session)|code|sig|auth|hash|otp|pin|sid|pwd)"
    r"=(?P<value>[^&#\s]{4,})",
    re.IGNORECASE,
)
NAMED_SECRET: Final = late(r"^.(?:[a-z_.-]*(?:token|secret|password|session)|pwd|sid)=", re.IGNORECASE)
LETS_IN: Final = late(
    r"reset|recover|verif|confirm|activat|invit|magic|sign-?in|log-?in|unsubscribe|token|passw|/auth/", re.IGNORECASE
)
BESIDE: Final = 24
"""How far before a link stands what says that it lets somebody in."""

LONG_PART: Final = late(
    r"(?<=[/=])(?P<value>(?=[a-z_-]{0,64}[0-9])(?=[0-9_-]{0,64}[a-z])[a-z0-9_.~%-]{10,}|[a-z0-9]{24,})(?=[/?&#.,)]|\Z)",
    re.IGNORECASE,
)
