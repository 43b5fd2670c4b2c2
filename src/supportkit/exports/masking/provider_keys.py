"""Keys, tokens and hooks of providers, known by what they begin with, as the providers document it for scanners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from supportkit.exports.masking.literals import has_one, matches, places
from supportkit.system.late_patterns import late

_BEGINS: Final = {
    "[A-Za-z0-9]{16,}": (
        "ghp_", "gho_", "ghs_", "ghu_", "ghr_", "npm_", "shpat_", "shpss_", "shpca_", "shppa_", "whsec_", "rubygems_",
        "hf_", "lin_api_", "nfp_", "dop_v1_", "doo_v1_", "dor_v1_", "glsa_", "gsk_", "phx_", "ntn_", "pscale_tkn_",
    ),
    "(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{16,}": (
        "github_pat_", "glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "gloas-", "glft-", "glimt-",
        "glagent-", "pypi-", "xkeysib-", "PMAK-", "NRAK-", "GOCSPX-", "ATATT3", "sq0atp-", "sq0csp-", "dckr_pat_",
        "figd_", "sntrys_", "sntryu_", "hvs.", "hvb.", "ya29.", "tfp_", "r8_", "nvapi-", "glc_", "pul-",
        "dp.pt.", "tskey-", "xai-", "CFPAT-", "shippo_live_", "FLWSECK-",
    ),
    "[A-Za-z0-9_-]{16,}": ("1//0",),
    "[A-Za-z0-9-]{10,}": ("xoxa-", "xoxb-", "xoxc-", "xoxd-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"),
    "[0-9A-Z]{12,}": ("AKIA", "ASIA", "ABIA", "ACCA"),
    "[A-Za-z0-9]{8,}": tuple(f"{kind}_{mode}_" for kind in ("sk", "pk", "rk") for mode in ("live", "test")),
    "[0-9A-Za-z_-]{30,}": ("AIza",),
    "(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{20,}": ("sk-",),
    "[A-Za-z0-9]{14,}": ("LTAI",),
    "[a-f0-9]{32}": ("dapi", "key-"),
    "[A-Za-z0-9]{60,}": ("EAA",),
    "[a-f0-9]{40}": ("sbp_",),
    "[A-Za-z0-9]{43}": ("secret_",),
    "[A-Z0-9]{50,}": ("AGE-SECRET-KEY-1",),
    "[A-Za-z0-9_-]{40,}": ("mfa.",),
    "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}": ("pat-na1-", "pat-eu1-"),
}  # fmt: skip
"""What follows, and what it begins with."""

_OTHERS: Final = (
    r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?",
    r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    r"xoxe\.xox[bp]-[A-Za-z0-9-]{10,}",
)
"""A JWT, a key of SendGrid, a token of Slack that is exchanged for new ones."""

_PRIVATE_KEY: Final = (
    r"-----BEGIN[ ][A-Z ]{0,24}PRIVATE[ ]KEY-----[A-Za-z0-9+/=\s]*+(?:-----END[ ][A-Z ]{0,24}PRIVATE[ ]KEY-----)?"
)
_HOOKS: Final = (
    r"(?<=hooks\.slack\.com/)(?:services|workflows|triggers)/[^\s<>\"']{8,}",
    r"(?<=/api/webhooks/)[0-9]{8,}/[^\s<>\"']{16,}",
    r"(?<=/webhookb2/)[^\s<>\"']{16,}",
    r"(?<=hooks\.zapier\.com/)hooks/catch/[^\s<>\"']{8,}",
    r"(?<=/with/key/)[A-Za-z0-9_-]{16,}",
    r"(?<![0-9])[0-9]{8,10}:AA[A-Za-z0-9_-]{30,}",
)
"""Addresses at which whoever knows them may write (Slack, Discord, Teams, Zapier, IFTTT), and the token of a bot of
Telegram."""

_SHAPES: Final = late(
    "(?<![^\\W_])(?:"
    + "|".join([*_OTHERS, *(f"{re.escape(begin)}{rest}" for rest, begins in _BEGINS.items() for begin in begins)])
    + f")|{_PRIVATE_KEY}"
)
_BEGIN: Final = ("eyJ", "SG.", "xoxe.xox", "-----BEGIN ", *(begin for begins in _BEGINS.values() for begin in begins))
_HOOK: Final = late("|".join(_HOOKS))
_HOOK_LITERALS: Final = ("hook", "/with/key/", ":aa")

_FEWEST: Final = "[a-z0-9_-]{8}"
LOOK: Final = (
    f"(?:{'|'.join(re.escape(begin.lower()) for begins in _BEGINS.values() for begin in begins)}|eyj|sg[.]){_FEWEST}"
    "|xoxe[.]xox|private key|hooks[.]slack[.]com/|/api/webhooks/|/webhookb2/|hooks/catch/|/with/key/"
    "|[0-9]:aa[a-z0-9_-]{30}"
)
"""What stands in every text with such a key: in RE2 as in Python, in any case."""

_look: Final = late(LOOK, re.IGNORECASE)
_WITH: Final = {
    sign: tuple(dict.fromkeys(one for one in map(str.lower, sum(_BEGINS.values(), ())) if sign in one))
    for sign in ("_", "-", ".", "/")
}
_LITERALS: Final = (
    *(begin.lower() for begins in _BEGINS.values() for begin in begins if begin.isalnum()),
    "eyj", "sg.", "xoxe.", "private key", *_HOOK_LITERALS,
)  # fmt: skip
"""One of these stands in each text with such a key, which is asked sooner; of the others one with its sign."""
LITERALS: Final = (*_LITERALS, *sum(_WITH.values(), ()))


def has_literal(folded: str) -> bool:
    """Whether something that a key begins with stands in a text in small letters."""
    return has_one(folded, _LITERALS) or any(sign in folded and has_one(folded, _WITH[sign]) for sign in _WITH)


def may_hold_keys(text: str, folded: str) -> bool:
    """Whether a key of a provider could stand in a text."""
    return has_literal(folded) and _look.search(text) is not None


def keys(text: str, folded: str) -> Iterator[tuple[int, int]]:
    """Where the keys of a text stand, in which something that one begins with does."""
    yield from (match.span() for match in matches(_SHAPES, text, places(text, _BEGIN)))
    if has_one(folded, _HOOK_LITERALS):
        yield from (match.span() for match in _HOOK.finditer(text))
