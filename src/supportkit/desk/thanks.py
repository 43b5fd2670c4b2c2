"""A customer's mere thanks: a message that asks for nothing and waits for nobody.

It is of words of courtesy alone, one of them of thanks, in English, German, Russian, French or Spanish, and has no
question mark; quoted lines below it and a signature after `--` do not count. With any other word, as in "thanks, but it
is still broken", and without a text, it is a message like all others: a ticket too many is listed sooner than one is
lost.

MERE_THANKS is the SQL for it, over a column `text`.
"""

from __future__ import annotations

from typing import Final

_THANKS: Final = (
    "thank thanks thankyou thx ty cheers danke dank dankeschön спасибо благодарю спс merci remercie gracias agradezco"
)
_COURTESY: Final = (
    "you very much so a lot lots many million again for your the quick fast reply answer response help support ok okay "
    "great perfect super dear hi hello all everyone team and best regards kind "
    "vielen herzlichen besten schönen schön sehr ihnen dir euch und für die das ihre eure deine schnelle antwort hilfe "
    "hallo liebe lieben grüße gruß mit freundlichen "
    "большое огромное вам тебе и за ваш ответ вашу помощь быстрый быструю хорошо ок здравствуйте "
    "beaucoup bien je vous te et pour votre la réponse aide bonjour cordialement "
    "muchas mil muchísimas le les y por su respuesta ayuda hola saludos"
)


def _listed(words: str) -> str:
    return f"[{', '.join(repr(word) for word in words.split())}]"


_OWN: Final = r"regexp_replace(text, '(?s)(^|\n)\s*(>|--\s*(\n|$)|[^\n]*:\s*\n+\s*>).*$', '')"
_SAID: Final = rf"regexp_extract_all(lower({_OWN}), '\p{{L}}+')"
MERE_THANKS: Final = f"""(not contains({_OWN}, '?')
                 and list_has_any({_listed(_THANKS)}, {_SAID})
                 and list_has_all({_listed(f"{_THANKS} {_COURTESY}")}, {_SAID}))"""
