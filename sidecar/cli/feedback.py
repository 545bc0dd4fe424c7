"""A person's own words about a session."""

import time
from typing import Annotated

import typer

from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened
from sidecar.domain import LOCAL_TEAM, TeamId
from sidecar.errors import InputError
from sidecar.printing import print_json, print_line

MAX_BYTES = 4_000
"""Of one feedback: more than twice what a judge is shown of it; what is longer is a file, not a remark."""


def feedback(
    session: Annotated[str, typer.Argument(help="Session id, as the agent names it, or its first characters.")],
    text: Annotated[str, typer.Argument(help="What you want to say about it.")],
    agent: Annotated[str | None, typer.Option(help="Whose session, where two agents use the same id.")] = None,
    team: Annotated[str, typer.Option(help="Team whose session it is.")] = LOCAL_TEAM,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Add a person's own words to a session; judges read them."""
    from sidecar.documents import session_meant

    if not text.strip():
        raise InputError("the feedback is empty; say what the agent should have known")
    length = len(text.encode("utf-8", "surrogatepass"))
    if length > MAX_BYTES:
        raise InputError(
            f"the feedback is {length} bytes long; at most {MAX_BYTES} are taken. "
            f"Say in a few sentences what the agent should have known, several things in several feedbacks"
        )
    with opened(data, config) as installation:
        key = session_meant(installation.store, TeamId(team), session, agent)
        words = installation.redactor.redact(text.strip())
        is_new = words not in installation.store.feedback(key)
        if is_new and not dry_run:
            installation.store.add_feedback(key, words, at_ns=time.time_ns())
    if as_json:
        print_json({"session": key.session_id, "text": words, "new": is_new})
        return
    kept = "would be kept" if dry_run else "kept"
    print_line(f"{kept if is_new else 'was kept before'} for {key.agent} session {key.session_id}")
