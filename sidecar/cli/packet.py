"""The command that prints what a judge sees of a session."""

import time
from typing import Annotated

import typer

from sidecar.cli.options import ConfigOption, DataOption, JsonOption, opened
from sidecar.domain import LOCAL_TEAM, TeamId
from sidecar.errors import InputError
from sidecar.printing import print_json, print_line, print_text

_VIEWERS = ("failure", "blind", "adherence")


def packet(
    session: Annotated[str, typer.Argument(help="Session id, as the agent names it, or its first characters.")],
    agent: Annotated[str | None, typer.Option(help="Whose session, where two agents use the same id.")] = None,
    team: Annotated[str, typer.Option(help="Team whose session it is.")] = LOCAL_TEAM,
    judge: Annotated[str, typer.Option(help=f"Whose view of it: {', '.join(_VIEWERS)}.")] = "failure",
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print what a judge that asks a model sees of a session, word for word; nobody is asked."""
    from sidecar.judge_views import Viewer, view_of

    if judge not in _VIEWERS:
        named = ", ".join(_VIEWERS)
        raise InputError(f"--judge {judge[:40]!r}: no judge of that name is shown packets; there are: {named}")
    with opened(data, config) as installation:
        installation.projector().run(now_ns=time.time_ns())
        key, view = view_of(installation, TeamId(team), session, agent, Viewer(judge))
    if as_json:
        named = {"session": key.session_id, "agent": key.agent, "judge": judge}
        counted = {"tokens": view.tokens, "instruction_tokens": view.instruction_tokens}
        print_json({**named, **counted, "not_asked_because": view.not_asked_because, "text": view.text})
        return
    if view.text:
        print_text(view.text.rstrip("\n"))
        print_line("")
    print_line(f"about {view.tokens} tokens, and {view.instruction_tokens} of the judge's instructions before them")
    if view.not_asked_because is not None:
        print_line(f"{judge} is not asked about this session: {view.not_asked_because}")
