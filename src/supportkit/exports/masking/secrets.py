"""Secrets in a text: passwords after their word, tokens and keys, session ids, links that let somebody in.

A value is one by its own shape (`sk_live_…`, `AKIA…`, a JWT), or by the word before it; a word that only speaks of a
password (`my password is wrong`) is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from supportkit.exports.masking.literals import has_one, small_letters
from supportkit.exports.masking.sign_classes import AT_SIGNS, DIGITS, HIDDEN
from supportkit.system.late_patterns import late

Span = tuple[int, int, str]

ODDLY: Final = f"&%={AT_SIGNS}．。｡ａ-ｚＡ-Ｚ{HIDDEN}"
"""What may stand for other signs, inside a character class: behind it a text has to be looked at in plain signs."""

_PASSWORD_WORD: Final = (
    "pass-?wor|passwd|passcode|pass-?phrase|kennwort|парол|contrase|mot de passe|pwd|pswd|senha|(?:^|[^a-z])(?:pw|mdp)"
)
_FOR_WHAT: Final = "[ ](?:for|of|to|from|für|zu[mr]?|vom|от|для|к|de|del|para|pour|du)[ ]"
_FOLLOWED: Final = "(?:такой|такие|вот|следующий|as follows|below|here|folgendes|jetzt|now)"
_WHICH: Final = "(?:das|that|which|который)"
_WHO: Final = "(?:i|we|he|she|ich|wir|er|sie|я|мы)"
_CHOSE: Final = (
    "(?:us|set|cho|pick|enter|tr[iy]|typ|have|had|g[ao][vt]|creat|remember|benutz|nutz|verwend|hab|eingeb|eingegeb"
    "|gesetzt|wähl|gewählt|ввел|ввёл|ввод|использ|указ|постав|зада|помн|придум)"
)
_PASSWORD_FOLLOWS: Final = (
    f"[^ \\t\\r\\n]{{0,8}}(?:[ ]{{0,2}}(?:[:>\\r\\n{ODDLY}]"
    f"|(?:is|was|has|wurde|changed|set|reset|updated|geändert|are|ist|war|lautet|es|est|это|был|-|—|–)[ :{ODDLY}])"
    f"|[ ]{_FOLLOWED}[ :=\u2013\u2014-]|[ ](?:to|auf|на)[ ][^ ]{{0,64}}[{DIGITS}!#$*]"
    f"|,?[ ](?:{_WHICH}[ ])?{_WHO}[ ]{_CHOSE}"
    "|[ ]{0,2}[\"'«„“][^ ]{1,64}[ ][^\\r\\n]{1,64}[\"'»“”]"
    f"|{_FOR_WHAT}[^\\r\\n]{{1,48}}[ :=-]|[^\\r\\n]{{0,24}}[{HIDDEN}]"
    f"|[ ]{{0,4}}[^ \\t\\r\\n]{{0,400}}[{DIGITS}!@#$%^&*+=?~])"
)
"""What tells a password from its word alone: a sign or a verb between the two, or a value that is no word."""

_CODE_WORD: Final = (
    "(?:access|activation|entry|door|gate|unlock|recovery|backup|pairing|verification|confirmation|security|login|reset"
    "|authentication|authorization|2fa|mfa|sms|zugangs|zugriffs|zutritts|aktivierungs|freischalt|entsperr|bestätigungs"
    "|sicherheits|wiederherstellungs|verifizierungs|verifikations|anmelde|einmal|tür)(?: |-)?code"
    "|c[óo]digo (?:de )?(?:acceso|verificaci[óo]n|seguridad|activaci[óo]n|confirmaci[óo]n|entrada|desbloqueo"
    "|recuperaci[óo]n|secreto)|clave (?:de acceso|de seguridad|secreta|personal)|(?:mi|tu|su) clave"
    "|code (?:d(?:['’]| )?acc[èe]s|de v[ée]rification|de s[ée]curit[ée]|confidentiel|secret|d(?:['’]| )?activation"
    "|de confirmation|de d[ée]verrouillage|d(?:['’]| )?entr[ée]e)"
    "|код (?:доступа|подтверждения|активации|безопасности|для входа|входа|разблокировки|восстановления|авторизации)"
    "|(?:секретный|проверочный|одноразовый) код"
)
"""What a code is called that lets somebody in, in five languages."""

_SHELLS: Final = ("curl", "mysql", "mariadb", "sshpass")
"""Programs that people give a name and a password in one line."""

WORDS: Final = (
    f"(?:{_PASSWORD_WORD}){_PASSWORD_FOLLOWS}|passw[^ \\t\\r\\n]{{0,8}}[={HIDDEN}]|pass[\"']?[ ]?[:={HIDDEN}]"
    f"|(?:^|[^a-z])(?:pin|otp|tan|пин)(?:[^a-z][^{DIGITS}]{{0,12}})?(?:[{DIGITS}]{{4}}|(?:&#|%)[{DIGITS}])"
    f"|(?:one[ -]time|(?:s|ation|y|n|ss|reset)[ -]?code[^a-z]|2fa|код[ ](?:из|подтв))[^{DIGITS}]{{0,40}}[{DIGITS}]"
    f"|(?:{_CODE_WORD.replace(' ', '[ ]')})[^{DIGITS}]{{0,40}}[{DIGITS}]|(?:{'|'.join(_SHELLS)})[a-z]{{0,5}}[ ]"
    "|://[^ /@]{1,64}:[^ /@]{1,64}@"
    f"|[{DIGITS}][ ]is[ ]your[ ]|(?:смс|sms)[ -]?код[^{DIGITS}]{{0,40}}[{DIGITS}]|kartenprüf"
    "|bearer|authorization|eyj[a-z0-9_-]{8}|[a-z]{2}_(?:live|test)_|akia[0-9a-z]{8}|asia[0-9a-z]{12}"
    "|gh[a-z]_[a-z0-9]{8}|github_pat|glpat-|xox[a-z]-|aiza[0-9a-z_-]{8}|sk-[a-z0-9]|shp(?:at|ss|ca|pa)_|whsec_"
    "|sg[.][a-z0-9_-]{16}|sess(?:ion)?[ _-]?id|session=|sid=|token|secret"
    "|(?:api|access|license)[ _-]?key|private key|cv[vc]2?[^a-z]"
    "|(?:reset|magic|activation|confirmation|login|verification|invit[a-z]{0,7})[ -]link"
    "|[?&;#](?:key|code|sig|signature|auth|hash|otp|pin)="
    "|https?://[^ ]{0,200}(?:reset|recover|verif|confirm|activat|invit|magic|sign-?in|log-?in|unsubscribe|/auth/)"
)
"""What stands in every text with a secret: in RE2 as in Python, in any case."""

LITERALS: Final = (
    "passw", "passc", "passp", "de pass", "pw", "pswd", "mdp", "senha", "one time", "code", "2fa", "kennwort",
    "contrase", "bearer", "authorization", "eyj", "akia", "asia", "xox", "aiza", "sess", "token", "secret", "key",
    "cvv", "cvc", "link", "http", "sg.", "digo", "clave", "kartenprüf", *_SHELLS,
)  # fmt: skip
_LITERALS_WITH: Final = {
    "-": ("pass-", "one-time", "glpat-", "sk-"),
    "=": ("pass", "sid=", "sig=", "signature=", "auth=", "hash=", "otp=", "pin="),
    ":": ("pass",),
    "@": ("://",),
    "_": (
        "_live_", "_test_", "github_pat", "ghp_", "gho_", "ghs_", "ghu_", "ghr_", "shpat_", "shpss_", "shpca_",
        "shppa_", "whsec_",
    ),
}  # fmt: skip
_OTHER_LITERALS: Final = ("пин", "код ", "-код", "ный код", "вый код", "парол", "pass")
_LITERALS_WITH_FIGURES: Final = ("pin", "otp", "tan")
"""One of these stands in each text with a secret, which is asked sooner: some only where a sign does that they have, or
a figure."""

LONG: Final = 2000
"""Signs of a text from which on a closer look takes longer than to search it at once."""

_LOOK: Final = late(WORDS, re.IGNORECASE)

_SHAPES: Final = late(
    r"""(?P<value>(?<![^\W_])(?:
        eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?
      | (?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{8,}
      | (?:AKIA|ASIA)[0-9A-Z]{12,}
      | gh[pousr]_[A-Za-z0-9]{16,} | github_pat_[A-Za-z0-9_]{16,} | glpat-[A-Za-z0-9_-]{16,}
      | xox[a-z]-[A-Za-z0-9-]{10,} | AIza[0-9A-Za-z_-]{30,} | sk-[A-Za-z0-9_-]{20,}
      | shp(?:at|ss|ca|pa)_[A-Za-z0-9]{16,} | whsec_[A-Za-z0-9]{16,}
      | SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}
    )"""
    r"|-----BEGIN[ ][A-Z ]{0,24}PRIVATE[ ]KEY-----[A-Za-z0-9+/=\s]*+(?:-----END[ ][A-Z ]{0,24}PRIVATE[ ]KEY-----)?)",
    re.VERBOSE,
)
_BEARER: Final = late(
    r"\b(?:bearer(?:[ ]?[:=](?=[ ]{0,3}[^\s]{0,64}[0-9]))?"
    r"|authorization[ ]?[:=][ ]?(?:basic|token|digest(?![ ]\w{1,16}=)|apikey))"
    r"(?:(?<=[:=])[ ]{0,3}|[ ]{1,3})(?P<value>[A-Za-z0-9._~+/=-]{8,})",
    re.IGNORECASE,
)
_DIGEST: Final = late(r"\b(?:response|c?nonce)[\"']?[=:][ ]?[\"']?(?P<value>[a-z0-9+/=]{8,})", re.IGNORECASE)


def _behind(word: str, *before: str) -> str:
    """A word behind one of some others, with or without a sign between; looked back at, so that it is found by its own
    first letter."""
    return "|".join(f"(?<={one}{between}{word})" for one in before for between in ("", "[ _-]"))


_TOKENS: Final = ("auth", "access", "refresh", "id", "api", "bot", "reset", "session", "security", "login")
_ASSIGNED: Final = late(
    rf"""(?:sess(?:ion)?[ _-]?id|sid(?:(?<![^\W_]sid)|(?<=connect\.sid))|session(?<![^\W_]session)(?==)
          |csrf[a-z]{{0,16}}|xsrf[a-z_-]{{0,16}}
          |token(?:(?<![^\W_]token)|{_behind("token", *_TOKENS)})
          |key(?:{_behind("key", "api", "secret", "private", "access", "license")})
          |secret(?:(?<![^\W_]secret)|{_behind("secret", "client")}))
        ["']?(?:[ ]?[:=][ ]?|[ ](?:is|ist|lautet)[ :]|[ ](?=[a-z_-]{{0,64}}[0-9])(?=[a-z0-9_-]{{16}}))["']?
        (?P<value>[a-z0-9._~%+/=:!-]{{6,}})""",
    re.VERBOSE,
)
"""Of a text in small letters."""

_PASSWORD: Final = late(
    r"""(?:(?<![^\W_])(?:pass-?word|passwd|passcode|pass-?phrase|passwort\w?|kennwort\w?|pwd?|pass(?=["']?[ ]?[:=])
          |парол[ьяею]\w?|contrase\w{1,2}a|mot[ ]de[ ]passe|(?:pswd|mdp|senha)(?=[ ]?[:=]))(?:['’]s(?=[ ]))?)
        (?P<sign>["'>]?
          (?:{FOR_WHAT}[^\s:="'<>]{1,48}(?:[ ][^\s:="'<>]{1,24}){0,2}(?=[ ]?[:=])
            |{FOR_WHAT}[^\W\d_]{1,16}(?:[ ][^\W\d_]{1,16}){0,2}
              (?=[ ](?:is|was|ist|war|lautet|es|est|это|был|-|—|–)[ ]))?
          [ ]{0,2}(?:(?:[:=]
          |(?:(?:is|was|has[ ]been|wurde)[ ])?(?:changed|set|reset|updated|geändert)[ ](?:to|auf)(?=[ :])
          |(?:is|was|are|ist|war|lautet|es|est|это|был|-|—|–)(?=[ :]))[ :]{0,3})?
          ["']?|[ ]?\r?\n)
        (?P<value>[^\s"'<>]{4,400})""".replace("{FOR_WHAT}", _FOR_WHAT),
    re.IGNORECASE | re.VERBOSE,
)
_PASSWORD_LATER: Final = late(
    rf"""(?<![^\W_])(?:pass-?word|passwd|passcode|pass-?phrase|passwort\w?|kennwort\w?|pwd?|парол[ьяею]\w?)
        (?:(?P<weak>[ ](?:to|auf|на)[ ]
            |,?[ ](?:{_WHICH}[ ])?{_WHO}[ ]{_CHOSE}[^\W\d_]{{0,12}}(?:[ ][^\W\d_]{{1,12}}){{0,2}},?
              [ ](?:is|was|ist|war|был[аои]?|это)[ :]{{1,2}}
            |[ ]?[:=][ ]?\r?\n[ ]?
            |[ ]{_FOLLOWED.replace(" ", "[ ]")}[ ]?(?:[:=–—-]|(?:is|ist|lautet)[ :])[ ]{{0,2}})
          |{_FOR_WHAT}(?:[^\s:=]{{1,24}}[ ]){{1,3}}?(?=[^\s]{{0,40}}(?-i:[A-ZА-Я]))(?=[^\s]{{0,40}}(?-i:[a-zа-я]))
            (?=[^\s0-9]{{0,40}}(?:[0-9][^\s0-9]{{0,8}}){{5}}|[^\s]{{0,40}}[0-9][^\W\d_][^\s]{{0,40}}[0-9]))
        (?P<value>[^\s"'<>]{{4,400}})""",
    re.IGNORECASE | re.VERBOSE,
)
"""A password behind its word and others, of which only the looks tell that it is one."""

_PHRASE: Final = late(
    r"""(?<![^\W_])(?:pass-?word|passwd|passcode|pass-?phrase|passwort|kennwort|парол[ьяею])[ ]{0,2}
        (?:[:=]|(?:is|was|ist|war|lautet|это)[ ])?[ ]{0,2}["'«„“](?P<value>[^\r\n"'«»„“”]{8,64})["'»“”]""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_PHRASE: Final = late(
    r"(?:wrong|incorrect|invalid|expired|required|missing|please|must|should|cannot|does|again|field|falsch|не"
    r"|bitte|пожалуйста|not?|valid|match|matches|short|long|weak|least|characters?|contains?|enter|try|error|is|the|your|too|nicht|ist"
    r"|ein|gib|geben|zu|ваш|введите|или)",
    re.IGNORECASE,
)
_CARD_CODE: Final = late(
    r"(?<![^\W_])(?:cv[vc]2?(?:[ -]?code)?|sicherheitscode|kartenprüf(?:nummer|ziffer)|security[ ]code"
    r"|код[ ]безопасности)[ ]{0,2}(?:is|ist|lautet|[:=#])?[ ]{0,2}(?P<value>[0-9]{3,4})(?![0-9])",
    re.IGNORECASE,
)
_ONE_TIME: Final = late(
    r"""(?<![^\W_])(?:(?-i:PIN|OTP|TAN)|(?:my|mein\w?|мой)[ ]pin|pin(?:[ -]?code)?(?=[ ]?(?:is|ist|lautet|[:=]))
          |pin[ -]code(?=[ ][0-9]{4}(?![0-9]))|пин(?:[ -]?код)?
          |(?-i:PIN|TAN)[ -]?(?i:nummer|number|nr)\b[.]?|passcode|otp|one[ -]time[ -](?:code|password|pin)
          |(?:verification|security|login|sms|2fa|confirmation|access|reset)[ ]code
          |(?:bestätigungs|sicherheits|zugangs|sms-?)code|код[ ](?:из[ ]смс|подтверждения)|(?:смс|sms)[ -]?код)
        (?:[ ]{0,2}(?:code|is|ist|lautet|was|[:=#])){0,2}[ ]{0,2}(?P<value>[0-9]{4,8}|[0-9]{3}[ -][0-9]{3})(?![0-9])""",
    re.IGNORECASE | re.VERBOSE,
)
_ACCESS_CODE: Final = late(
    rf"""(?<![^\W_])(?:{_CODE_WORD.replace(" ", "[ ]")})
        (?:[ ]{{0,2}}(?:[:=\#]|(?:is|was|ist|lautet|es|est|это)(?=[ ]))){{0,2}}[ ]{{0,2}}["'«]?
        (?!(?:19|20)[0-9]{{2}}-[0-9]{{2}}-)(?P<value>[^\W_](?:[^\W_]|-(?=[^\W_])){{3,31}})(?![^\W_])""",
    re.VERBOSE,
)
_IN_COMMAND: Final = late(
    r"""[a-z][a-z0-9+.-]{1,15}://[^\s:/@]{1,64}:(?P<address>[^\s/@]{1,64})(?=@)
      |(?<![^\W_])curl[ ](?:[^\n]{0,200}?[ ])?(?:-u|--user|--proxy-user)[ =]?["']?
        [^\s:"']{1,64}:(?P<user>[^\s"']{1,64})
      |(?<![^\W_])(?:(?:mysql[a-z]{0,5}|mariadb)[ ](?:[^\n]{0,200}?[ ])?-p|sshpass[ ]-p[ ]?)["']?
        (?P<flag>[^\s"'-][^\s"']{0,64})""",
    re.VERBOSE,
)
"""A password in an address, or in a line for a shell."""

_IN_SMALL_LETTERS: Final = (_ASSIGNED, _ACCESS_CODE)

_YOUR_CODE: Final = late(
    r"(?<![^\W_])(?P<value>(?:G-)?[0-9]{4,8})(?=[ ]is[ ]your[ ](?:[^\W\d_]{1,24}[ -]){0,3}(?:code|pin|otp)\b)",
    re.IGNORECASE,
)
_URL: Final = late(r"https?://[^\s<>\"']{4,2000}", re.IGNORECASE)
_IN_URL: Final = late(
    r"[?&;#](?:[a-z_.-]{0,24}(?:token|key|secret|signature|password|session)|code|sig|auth|hash|otp|pin|sid|pwd)"
    r"=(?P<value>[^&#\s]{4,})",
    re.IGNORECASE,
)
_NAMED_SECRET: Final = late(r"^.(?:[a-z_.-]*(?:token|secret|password|session)|pwd|sid)=", re.IGNORECASE)
_LETS_IN: Final = late(
    r"reset|recover|verif|confirm|activat|invit|magic|sign-?in|log-?in|unsubscribe|token|passw|/auth/", re.IGNORECASE
)
_BESIDE: Final = 24
"""How far before a link stands what says that it lets somebody in."""

_LONG_PART: Final = late(
    r"(?<=[/=])(?P<value>(?=[a-z_-]{0,64}[0-9])(?=[0-9_-]{0,64}[a-z])[a-z0-9_.~%-]{10,}|[a-z0-9]{24,})(?=[/?&#.,)]|\Z)",
    re.IGNORECASE,
)
_VALUES: Final = (
    (
        (
            "eyj",
            "_live_",
            "_test_",
            "akia",
            "asia",
            "gh",
            "glpat",
            "xox",
            "aiza",
            "sk-",
            "shp",
            "whsec",
            "sg.",
            "private key",
        ),
        _SHAPES,
    ),
    (("bearer", "authorization"), _BEARER),
    (("digest",), _DIGEST),
    (("sess", "sid", "csrf", "xsrf", "token", "key", "secret"), _ASSIGNED),
    (("cvv", "cvc", "code", "kartenprüf", "код"), _CARD_CODE),
    (("pin", "otp", "tan", "code", "код", "пин"), _ONE_TIME),
    (("code", "digo", "clave", "код"), _ACCESS_CODE),
    ((" is your ",), _YOUR_CODE),
)
"""Patterns of values, and words of which one stands in each text that has such."""

_ENDS: Final = ".,;:!?)]}»”"
_NO_SECRET: Final = late(
    r"reset|wrong|incorrect|invalid|expired|correct|required|missing|forgot\w*|lost|changed?|protected|please|must|should"
    r"|cannot|does\w*|again|field|link|page|email|mail|optional|updated|falsch|ungültig|abgelaufen|vergessen|nicht"
    r"|zurück\w*|geändert|невер\w+|неправил\w+|забы\w+|сброс\w*|устарел\w*|подош\w+|подход\w+|incorrect[oa]|olvid\w+"
    r"|oubli\w+",
    re.IGNORECASE,
)


def may_hold_secrets(text: str) -> bool:
    """Whether a secret could stand in a text."""
    return _has_literal(text.casefold()) and (len(text) > LONG or _LOOK.search(text) is not None)


def _has_literal(folded: str) -> bool:
    if has_one(folded, LITERALS):
        return True
    for sign, words in _LITERALS_WITH.items():
        if sign in folded and has_one(folded, words):
            return True
    if has_one(folded, _LITERALS_WITH_FIGURES) and any(map(str.isdigit, folded)):
        return True
    return not folded.isascii() and has_one(folded, _OTHER_LITERALS)


def secrets(text: str) -> list[Span]:
    """Where the secrets of a text stand, first to last."""
    folded = text.casefold()
    if not _has_literal(folded):
        return []
    found = sorted((start, end) for start, end in _all(text, folded) if end > start and text[start] != "[")
    spans: list[Span] = []
    for start, end in found:
        if spans and start < spans[-1][1]:
            start, end = spans[-1][0], max(end, spans.pop()[1])
        spans.append((start, end, "SECRET"))
    return spans


def _all(text: str, folded: str) -> Iterator[tuple[int, int]]:
    small = small_letters(text)
    for words, pattern in _VALUES:
        if has_one(folded, words):
            in_small = pattern in _IN_SMALL_LETTERS
            for match in pattern.finditer(small if in_small else text):
                if not in_small or _is_value(match["value"]):
                    yield _within(text, *match.span("value"))
    if has_one(folded, ("pass", "pw", "pswd", "mdp", "senha", "kennwort", "парол", "contrase")):
        for match in _PASSWORD.finditer(text):
            start, end = _within(text, *match.span("value"))
            if _is_password(text[start:end], match["sign"].strip(" \"'"), alone=_is_alone(text, end)):
                yield start, end
        for match in _PASSWORD_LATER.finditer(text):
            start, end = _within(text, *match.span("value"))
            if _looks_secret(text[start:end]) and (match["weak"] or _is_alone(text, end)):
                yield start, end
        for match in _PHRASE.finditer(text):
            if _is_phrase(match["value"].split()):
                yield match.span("value")
    if "://" in folded or has_one(folded, _SHELLS):
        for match in _IN_COMMAND.finditer(small):
            yield match.span(match.lastgroup or 0)
    if "http" in folded:
        for url in _URL.finditer(text):
            yield from _in_url(text, *url.span())


def _in_url(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _IN_URL.finditer(text, start, end):
        if _is_value(match["value"]) or _NAMED_SECRET.search(match[0]):
            yield match.span("value")
    if _LETS_IN.search(text, max(0, start - _BESIDE), end):
        for match in _LONG_PART.finditer(text, start, end):
            yield match.span("value")


def _is_password(value: str, sign: str, *, alone: bool) -> bool:
    """Whether what stands behind the word is a password: it looks like one, or a sign says so and nothing follows."""
    if _NO_SECRET.fullmatch(value.strip("-_.")):
        return False
    odd = any(char in "!@#$%^&*+=?~" for char in value)
    mixed = any(map(str.isdecimal, value)) and any(map(str.isalpha, value))
    return odd or mixed or (bool(sign) and (alone or any(map(str.isdecimal, value))))


def _looks_secret(value: str) -> bool:
    """Whether a value has letters and figures or signs in it, and is no address."""
    odd = any(char.isdecimal() or char in "!#$%^&*+=?~" for char in value)
    return odd and any(map(str.isalpha, value)) and "://" not in value and not ("@" in value and "." in value)


def _is_phrase(words: list[str]) -> bool:
    """Whether quoted words are a password of several, and say nothing of one."""
    if any(map(_NO_PHRASE.fullmatch, words)):
        return False
    return len(words) > 2 and all(word.isalnum() and word.islower() for word in words)


def _within(text: str, start: int, end: int) -> tuple[int, int]:
    """A value without the sign that ends its sentence."""
    while end - start > 4 and text[end - 1] in _ENDS:
        end -= 1
    return start, end


def _is_value(value: str) -> bool:
    """Whether this is no word: it has a digit in it, or is long."""
    return any(char.isdecimal() for char in value) or len(value) >= 20


def _is_alone(text: str, end: int) -> bool:
    """Whether nothing of the sentence follows."""
    rest = text[end : end + 2].lstrip(" \t")
    return rest == "" or rest[0] in _ENDS + "\r\n\"'<"
