"""Which exports have a column that a figure of the desk needs: for the notes of what is missing.

The vendors' profiles in exports/sources say it, which nothing here may read; a test holds one against the other.
"""

from __future__ import annotations

from typing import Final

HAVING: Final = {
    "messages": ("Chatwoot", "Intercom"),
    "first_reply_at": ("Freshdesk", "Freshservice", "Intercom", "Jira", "Zammad"),
    "vendor_first_reply_s": ("Freshdesk", "Freshservice", "Intercom", "Zammad", "Zendesk"),
    "replies": ("Freshdesk", "Zendesk"),
    "reopens": ("Zendesk",),
}


def exports_with(*names: str) -> str:
    """The exports that have one of these columns, or the table `messages`, as words."""
    every = sorted({one for name in names for one in HAVING[name]})
    return " and ".join(filter(None, (", ".join(every[:-1]), every[-1])))


NO_REPLIES: Final = (
    f"there are no messages (as exports of {exports_with('messages')} have them) and no first_reply_at or "
    f"vendor_first_reply_s (as ticket exports of {exports_with('first_reply_at', 'vendor_first_reply_s')} have them)"
)
NO_TOUCHES: Final = (
    f"there are no messages (as exports of {exports_with('messages')} have them) and no replies (as ticket exports of "
    f"{exports_with('replies')} have them)"
)
NO_REOPENS: Final = (
    "there is no log of states (messages of kind status, as a desk's export of events or audits has them) and no "
    f"reopens (as the ticket export of {exports_with('reopens')} has them)"
)
