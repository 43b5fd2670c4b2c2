"""Words that speak of secrets, in five languages, and the first look: whether a secret could stand in a text at all."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from supportkit.exports.masking import provider_keys
from supportkit.exports.masking.literals import has_one
from supportkit.exports.masking.sign_classes import AT_SIGNS, DIGITS, HIDDEN
from supportkit.system.late_patterns import late

ODDLY: Final = f"&%={AT_SIGNS}．。｡ａ-ｚＡ-Ｚ{HIDDEN}"
"""What may stand for other signs, inside a character class: behind it a text has to be looked at in plain signs."""

_PASSWORD_WORD: Final = (
    "pass-?wor|passwd|passcode|pass-?phrase|kennwort|парол|contrase|mot de passe|pwd|pswd|senha|wachtw"
    "|has[łl]o|hasła|[şs]ifre|parola|palavra-passe|(?:^|[^a-z])(?:pw|mdp)"
    "|kennw[.]|passw[.]|пасс|кодовое слово|(?:security|secret) (?:question )?(?:answer|word)"
    "|секретн[а-я]{2} (?:вопрос|слов)|sicherheitsantwort"
    "|(?:respuesta|r[ée]ponse) secr[eè]t"
)
FOR_WHAT: Final = "[ ](?:for|of|to|from|für|zu[mr]?|vom|от|для|к|de|del|para|pour|du)[ ]"
FOLLOWED: Final = (
    "(?:(?:is |are |ist |lautet )?(?:такой|такие|вот|следующий|as follows|below|here|folgendes|wie folgt|jetzt|now"
    "|como sigue|le suivant))"
)
WHICH: Final = "(?:das|that|which|который)"
WHO: Final = "(?:i|we|he|she|ich|wir|er|sie|я|мы)"
CHOSE: Final = (
    "(?:us|set|cho|pick|enter|tr[iy]|typ|have|had|g[ao][vt]|creat|remember|benutz|nutz|verwend|hab|eingeb|eingegeb"
    "|gesetzt|wähl|gewählt|ввел|ввёл|ввод|использ|указ|постав|зада|помн|придум)"
)
_PASSWORD_FOLLOWS: Final = (
    f"[^ \\t\\r\\n]{{0,8}}(?:[ ]{{0,2}}(?:[:>|→⇒➜\\t\\r\\n{ODDLY}]|[-=–—]>|[(][^()\\r\\n]{{1,32}}[)][ :=])"
    f"|[ ]{{0,2}}(?:"
    f"(?:is|was|has|wurde|changed|set|reset|updated|geändert|zurückgesetzt|gesetzt|изменён|изменен|сброшен|cambiada|are|ist|war|lautet|es|est|é|è|c['’]est|это|был|-|—|–|…)"
    f"[ :{ODDLY}])"
    f"|[ ]will[ ]be[ ]|[ ]{FOLLOWED}[ :=\u2013\u2014-]|[ ](?:to|auf|на|from|von|с)[ ][^ ]{{0,64}}[{DIGITS}!#$*]"
    f"|,?[ ](?:{WHICH}[ ])?{WHO}[ ]{CHOSE}"
    "|[ ]{0,2}[\"'«„“][^ ]{1,64}[ ][^\\r\\n]{1,64}[\"'»“”]"
    f"|{FOR_WHAT}[^\\r\\n]{{1,48}}[ :=-]|[^\\r\\n]{{0,24}}[{HIDDEN}]"
    f"|[ ]{{0,4}}[^ \\t\\r\\n]{{0,400}}[{DIGITS}!@#$%^&*+=?~])"
)
"""What tells a password from its word alone: a sign or a verb between the two, or a value that is no word."""

AS_A: Final = "(?:as|als|как|качестве|como|comme)"
WHOSE: Final = (
    "(?:an?|the|my|your|our|new|das|mein|meine|ihr|dein|neues|neue|мой|моего|ваш|свой|своего|la|el|mi|tu|su|un|una|le"
    "|mon|votre|ton)"
)
IS_A: Final = "(?:is|was|ist|war|это|es|est|[-–—](?:[ ]это)?)"

CODE_WORD: Final = (
    "(?:access|activation|entry|door|gate|unlock|recovery|backup|pairing|verification|confirmation|security|login"
    "|log-?in|sign-?in|reset|authentication|authenticator|authorization|auth|two-factor|one(?: |-)time|otp|2fa|mfa|sms"
    "|zugangs|zugriffs|zutritts|aktivierungs|freischalt|entsperr|bestätigungs|sicherheits|wiederherstellungs"
    "|verifizierungs|verifikations|anmelde|einmal|tür)(?: |-)?code"
    "|one(?: |-)time (?:password|passcode|pin)|einmal-?(?:passwort|kennwort|pin)"
    "|c[óo]digo (?:de )?(?:acceso|verificaci[óo]n|seguridad|activaci[óo]n|confirmaci[óo]n|entrada|desbloqueo"
    "|recuperaci[óo]n|secreto|un solo uso|autenticaci[óo]n|inicio de sesi[óo]n|sms)"
    "|clave (?:de acceso|de seguridad|secreta|personal|de un solo uso|temporal|din[áa]mica)|(?:mi|tu|su) clave"
    "|contrase[ñn]a (?:de un solo uso|temporal)|mot de passe (?:[àa] usage unique|temporaire|provisoire|actuel|initial)"
    "|code (?:d(?:['’]| )?acc[èe]s|de v[ée]rification|de s[ée]curit[ée]|confidentiel|secret|d(?:['’]| )?activation"
    "|de confirmation|de d[ée]verrouillage|d(?:['’]| )?entr[ée]e|de connexion|de validation"
    "|d(?:['’]| )?authentification|[àa] usage unique|sms)"
    "|код (?:доступа|подтверждения|активации|безопасности|для входа|входа|разблокировки|восстановления|авторизации"
    "|аутентификации|из (?:смс|sms|сообщения|письма|приложения))"
    "|код двухфактор\\w*|codice (?:di )?(?:verifica|accesso|sicurezza|conferma|temporaneo)"
    "|c[óo]digo de (?:verifica[çc][ãa]o|acesso|seguran[çc]a|confirma[çc][ãa]o)"
    "|(?:doğrulama|onay|güvenlik) kodu\\w{0,2}|kod (?:weryfikacyjny|dostępu|sms|jednorazowy)"
    "|(?:verificatie|beveiligings|toegangs)code"
    "|(?:секретный|проверочный|одноразовый|приш[её]л|ввожу|вв[её]ла?|получила?) код|одноразовый пароль"
    "|(?:whatsapp|telegram|viber|google|apple|facebook|instagram|microsoft|paypal)(?: |-)code"
)
"""What a code is called that lets somebody in, in five languages."""

CODE_BEGINS: Final = (
    "access", "activation", "entry", "door", "gate", "unlock", "recovery", "backup", "pairing", "verification",
    "confirmation", "security", "login", "log-in", "signin", "sign-in", "reset", "auth", "two-factor", "one time ",
    "one-time ", "otp", "2fa", "mfa", "sms", "zugangs", "zugriffs", "zutritts", "aktivierungs", "freischalt",
    "entsperr", "bestätigungs", "sicherheits", "wiederherstellungs", "verifizierungs", "verifikations", "anmelde",
    "einmal", "tür", "código ", "codigo ", "clave ", "mi clave", "tu clave", "su clave", "contrase", "mot de passe ",
    "code ", "код ",
    "секретный код", "проверочный код", "одноразовый ", "пришел код", "пришёл код", "ввожу код", "ввел", "ввёл",
    "получил", "codice ", "doğrulama", "onay ", "güvenlik", "kod ", "verificatie", "beveiligings", "toegangs",
    "whatsapp", "telegram", "viber", "google", "apple", "facebook", "instagram", "microsoft", "paypal",
)  # fmt: skip
"""What it begins with."""

BARE_CODE: Final = "(?:code|код|c[óo]digo)"
CODE_CAME: Final = (
    "(?:re[çc]u|envoy[ée]|received|sent|i[ ](?:got|received)|you[ ]sent|erhalten|geschickt|recibido|enviado"
    "|que[ ]me[ ](?:lleg[óo]|enviaron)|приш[её]л"
    "|полученный|который[ ]приш[её]л)"
)
CODE_IS: Final = "(?:is|was|ist|war|lautet|es|est|это)"
YOURS: Final = "(?:your|ihr|dein|tu|su|votre|ton|ваш|твой)"

SHELLS: Final = ("curl", "mysql", "mariadb", "sshpass")
"""Programs that people give a name and a password in one line."""

_CALLED: Final = "(?:pass-?wor|pass[cp]|kennwort|парол|contrase|clave|mot de passe|pwd|mdp|senha)"
PASSWORDS: Final = f"(?:{_PASSWORD_WORD}){_PASSWORD_FOLLOWS}"
OTHER_WORDS: Final = (
    "(?:zugangsdaten|logindaten|creds|credentials?|identifiants|credencia(?:le)?s|credenziali|inloggegevens|login|логин"
    f"|доступы?|данные|user)[^\\n/|]{{1,80}}[/|:][ ]?[^ ]{{0,40}}[{DIGITS}]|"
    f"passw[^ \\t\\r\\n]{{0,8}}[={HIDDEN}]|pass[\"']?[ ]?[:={HIDDEN}]"
    f"|(?:^|[^a-z])pass[ ](?:(?:is|was|es|est)[ ])?[^ ]{{0,40}}[{DIGITS}]"
    f"|[ ](?:{AS_A}|{IS_A})[ ](?:{WHOSE}[ ]){{0,2}}{_CALLED}"
    f"|clave[ ]?(?:[:={ODDLY}]|es[ ]|[^ ]{{4,20}}[{DIGITS}])|p/w[ ]?[:=]"
    f"|(?:^|[^a-z])(?:pin|t?otp|tan|пин)(?:[^a-z][^{DIGITS}]{{0,12}})?(?:[{DIGITS}]{{4}}|(?:&#|%)[{DIGITS}])"
    f"|(?:one[ -]time|(?:s|ation|y|n|ss|reset)[ -]?code[^a-z]|2fa|mfa"
    f"|(?:got|received)[ ](?:(?:an?|the|your)[ ])?code|код[ ](?:из|подтв))[^{DIGITS}]{{0,40}}[{DIGITS}]"
    f"|{BARE_CODE}(?:[ ]{CODE_CAME})?[ ]{{0,2}}(?:[:=–—-]|{CODE_IS}[ :])[^a-zа-я{DIGITS}]{{0,6}}[{DIGITS}]"
    f"|(?:{CODE_WORD.replace(' ', '[ ]')})[^{DIGITS}]{{0,40}}[{DIGITS}]|(?:{'|'.join(SHELLS)})[a-z]{{0,5}}[ ]"
    "|://[^ /@]{1,64}:[^ /@]{1,64}@"
    f"|[{DIGITS}][ ](?:{IS_A}[ ]{YOURS}|as[ ](?:the|my|a)[ ](?:code|otp|pin|pass))"
    f"|(?:смс|sms)[ -]?код[^{DIGITS}]{{0,40}}[{DIGITS}]|prüf(?:num|ziff)"
    f"|(?:use|enter|type)[ ][{DIGITS}]{{3,8}}[ -]?[{DIGITS}]{{0,3}}[ ]to[ ]"
    "|(?:seed|recovery|mnemonic|secret|backup)[ -](?:phrase|words)|коды восстановления|(?:резервные|запасные) коды"
    "|c[óo]digos de resp|codes de (?:secours|r[ée]cup)|(?:scratch|emergency|reserve|ersatz)[ -]?code"
    "|bearer|authorization|sess(?:ion)?[ _-]?id|session[:=]|sid=|token|secret"
    "|(?:api|access|licen[cs]e|account|activation|wifi|[ed][en]cryption|product|recovery|master|bitlocker|auth|security"
    "|webhook|signing|deploy|private|my)[ _-]?key|cookies?[\"']?[ ]{0,2}[:=]?[ ]{0,2}[\"']?[^ =;,]{1,64}="
    "|токен|geheim(?:zahl|code)|cv[vc]2?[^a-z]"
    "|(?:api|zugriffs|wlan|wifi|wpa2?|netzwerk|lizenz|produkt|aktivierungs|wiederherstellungs|mein)[ -]?schlüssel"
    "|ключ (?:api|доступа|активации|лицензии|шифрования|восстановления)"
    "|api[ -]ключ|cl[ée] (?:api|d['’]acc|secr|wifi)|clave (?:api|wifi)|(?:id|идентификатор) сессии|sitzungs-?id"
    "|(?:reset|magic|activation|confirmation|login|verification|invit[a-z]{0,7})[ -]link"
    "|[?&;#](?:[a-z_.-]{0,24}(?:key|signature|password|session)|code|sig|auth|hash|otp|pin)="
    "|https?://[^ ]{0,200}(?:reset|recover|verif|confirm|activat|invit|magic|sign-?in|log-?in|unsubscribe|/auth/)"
)
WORDS: Final = f"{PASSWORDS}|{OTHER_WORDS}"
"""What stands in every text with a secret that is none by its own shape: in RE2 as in Python, in any case."""

_LITERALS: Final = (
    "passw", "passc", "passp", "de pass", "pw", "pswd", "mdp", "senha", "one time", "code", "2fa", "kennw",
    "contrase", "bearer", "authorization", "sess", "token", "secret", "key", "cvv", "cvc", "link", "http", "digo",
    "clave", "geheim", "sitzungs", "gangsdaten", "logindaten", "creden", "creds", "identifiants", "wachtw",
    "haslo", "sifre", "parola", "palavra-p", "codice", "kod", "inloggeg", "cookie",
    "answer", "phrase", "words", *SHELLS,
)  # fmt: skip
_LITERALS_WITH: Final = {
    "-": ("pass-", "one-time"),
    "=": ("pass", "sid=", "sig=", "signature=", "auth=", "hash=", "otp=", "pin=", "p/w"),
    ":": ("pass", "p/w", "login", "данные", "доступ"),
    "/": ("login", "user", "логин"),
    "@": ("://",),
}
_OTHER_LITERALS: Final = (
    "пин", "код", "hasł", "şifre", "парол", "пасс", "pass", "prüfn", "prüfz", "ключ", "токен", "сессии",
    "секретн", "schlüssel", "clé ",
    "secrèt",
)  # fmt: skip
_LITERALS_WITH_FIGURES: Final = (
    "pin", "otp", "tan", "mfa", "pass ", "to sign", "to log", "to verif", "to confirm",
    "to complete", "to unlock", "to reset", "to access",
)  # fmt: skip
"""One of these stands in each text with a secret, which is asked sooner: some only where a sign does that they have, or
a figure."""

LITERALS: Final = (
    *_LITERALS, *sum(_LITERALS_WITH.values(), ()), *_OTHER_LITERALS, *_LITERALS_WITH_FIGURES, *provider_keys.LITERALS,
)  # fmt: skip
"""All of them, and those of keys."""

SHORT: Final = 64
"""Signs of a text beyond which a closer look takes longer than to search it at once."""

_LOOK: Final = late(WORDS, re.IGNORECASE)


def may_hold_secrets(text: str) -> bool:
    """Whether a secret could stand in a text."""
    folded = text.casefold()
    if has_word(folded) and (len(text) > SHORT or _LOOK.search(text) is not None):
        return True
    return provider_keys.may_hold_keys(text, folded)


def speaks_of_secrets(folded: str) -> bool:
    """Whether something stands in a text in small letters without which there is no secret in it."""
    return has_word(folded) or provider_keys.has_literal(folded)


@cache
def is_silent(kind: str) -> bool:
    """Whether the token of a kind says nothing of secrets. No word that does has its brackets in it, so that a text
    which says nothing of them says nothing either with such a token in place of a part."""
    return not speaks_of_secrets(f"[{kind}]".casefold())


def has_word(folded: str) -> bool:
    """Whether a word or a sign that speaks of secrets stands in a text in small letters."""
    if has_one(folded, _LITERALS):
        return True
    for sign, words in _LITERALS_WITH.items():
        if sign in folded and has_one(folded, words):
            return True
    if has_one(folded, _LITERALS_WITH_FIGURES) and any(map(str.isdigit, folded)):
        return True
    return not folded.isascii() and has_one(folded, _OTHER_LITERALS)
