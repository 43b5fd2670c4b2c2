"""The commands that change the register of topics and that of known issues."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from supportkit.commands.output import print_results, say
from supportkit.commands.shared_options import SharedOptions, existing_store, load_config, open_selected, refuse_filters
from supportkit.errors import UsageError, unknown
from supportkit.explaining.issues import issues

ISSUE_ACTIONS = ("list", "add", "close")


def change_topics(shared: SharedOptions, words: list[str]) -> None:
    """refresh · rename ID NAME · merge ID OTHER_ID… · split ID · refit · link. Without an action, the topics."""
    from supportkit.store.shadow_copy import rewriting
    from supportkit.store.topic_edits import ACTIONS, edit_topics

    if words[0] not in ACTIONS:
        raise unknown("action of topics", words[0], ACTIONS)
    refuse_filters(shared)
    config = load_config(shared)
    path = existing_store(shared, config, "topics")
    with rewriting(path) as store:
        said = edit_topics(store, config.data.time_zone if config else "UTC", words)
    if not shared.quiet:
        say(said)


def issues_command(
    shared: SharedOptions,
    action: Annotated[str, typer.Argument(help="list, add or close.")] = "list",
    what: Annotated[str | None, typer.Argument(help="The title to add, or the id to close.")] = None,
    terms: Annotated[
        str | None, typer.Option("--terms", help="add: words of its tickets; all the words between two commas count.")
    ] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="add: who mends it.")] = None,
    link: Annotated[str | None, typer.Option("--link", help="add: where it is tracked.")] = None,
) -> None:
    """Known problems: list them with their curve, add one, close one."""
    if action not in ISSUE_ACTIONS:
        raise unknown("action of issues", action, ISSUE_ACTIONS)
    if action == "list":
        refuse_filters(shared, but=("--where", "--as-of"))
        with open_selected(shared, load_config(shared), ("tickets",)) as store:
            print_results([issues(store)], shared)
        return
    from supportkit.store.issue_tables import add_issue, close_issue
    from supportkit.store.shadow_copy import rewriting

    refuse_filters(shared)
    path = existing_store(shared, load_config(shared), "issues")
    if action == "close" and not (what or "").isdigit():
        raise UsageError("issues close: an issue is named by its id", hint="supportkit issues list")
    with rewriting(path) as store:
        now = datetime.now(UTC)
        if action == "add":
            issue = add_issue(store, what or "", (terms or "").split(","), now, owner=owner, link=link)
        else:
            issue = close_issue(store, int(what or 0), now)
    if not shared.quiet:
        say(f"issue {issue.issue_id}, {issue.title!r}, is {'closed' if action == 'close' else 'open'}")
