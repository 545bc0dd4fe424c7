"""Fills in what was run or changed where a rule's quotes stand; reads each quoted session once."""

from collections.abc import Sequence
from dataclasses import replace

from sidecar.domain import RuleEdit, SessionId, Step, TeamId
from sidecar.rule_quotes import placed
from sidecar.store import Store


def with_places(store: Store, team: TeamId, edits: Sequence[RuleEdit]) -> list[RuleEdit]:
    """The edits, their quotes with commands and files of their steps as far as those are stored."""
    named = dict.fromkeys(quote.session for edit in edits for quote in edit.placed_quotes if quote.session)
    steps = {session: _steps(store, team, session) for session in named}
    return [replace(edit, placed_quotes=placed(edit.placed_quotes, steps)) for edit in edits]


def _steps(store: Store, team: TeamId, session: SessionId) -> tuple[Step, ...]:
    """Of every agent that uses this id; a step's id tells them apart."""
    stored = [store.session(key) for key in store.session_keys(team, session)]
    return tuple(step for one in stored if one is not None for step in one.session.steps)
