"""Whose words a rule is, and what they rest on: nobody may take a model's guess for what sessions showed."""

import re
from collections.abc import Sequence
from enum import Enum

from sidecar.domain import EditOperation, RuleEdit

_MODEL_NAME = re.compile(r"[\w.:/@+-]{1,80}")
"""What may stand in Markdown as it is."""


class _Origin(Enum):
    SHOWN = "drawn from what went wrong, and then right, in recorded sessions of coding agents"
    MODEL = "model"
    PERSON = "person"
    GOING = "going"


def opening(edits: Sequence[RuleEdit]) -> str:
    """Where the rules come from, in one sentence that is true of each."""
    if {_origin(edit) for edit in edits} == {_Origin.SHOWN}:
        return f"Each rule below was {_Origin.SHOWN.value}."
    return "Each rule below says where it comes from."


def origin_line(edit: RuleEdit, edits: Sequence[RuleEdit], *, is_named: bool = True) -> str | None:
    """Where one rule comes from; None where the opening has said it, or its reason does.

    Args:
        is_named: A person is told by name, where that is known.
    """
    match _origin(edit):
        case _Origin.SHOWN:
            is_said = {_origin(one) for one in edits} == {_Origin.SHOWN}
            return None if is_said else f"Origin: {_Origin.SHOWN.value}."
        case _Origin.MODEL:
            return f"Origin: {_of_model(edit)}."
        case _Origin.PERSON:
            instead = ", in place of a draft that was refused" if edit.in_place_of else ""
            return f"Origin: a person's own words{_name(edit) if is_named else ''}{instead}."
        case _Origin.GOING:
            return None


def worded_by(edit: RuleEdit) -> str:
    """Who found the words: the name of a model, `a model`, `a person` or `a template`."""
    if edit.rule.is_human:
        return "a person"
    if edit.worded_by is not None:
        return edit.worded_by if _MODEL_NAME.fullmatch(edit.worded_by) else "a model"
    return "a model" if edit.is_of_model else "a template"


def _origin(edit: RuleEdit) -> _Origin:
    if edit.operation is EditOperation.RETIRE:
        return _Origin.GOING
    if edit.rule.is_human:
        return _Origin.PERSON
    return _Origin.MODEL if edit.worded_by is not None or edit.is_of_model else _Origin.SHOWN


def _name(edit: RuleEdit) -> str:
    """As code, in which a name mentions nobody and links to nothing."""
    name = "".join(one for one in edit.adopted_by or "" if one.isprintable() and one != "`").strip()
    return f" (`{name}`)" if name else ""


def _of_model(edit: RuleEdit) -> str:
    name = worded_by(edit)
    named = name if name == "a model" else f"`{name}`"
    number = len(set(edit.rule.evidence))
    sessions = "session" if number == 1 else "sessions"
    # a rule that took up another one rests on that one's sessions as well
    if not edit.is_of_model or edit.operation is not EditOperation.ADD:
        return f"worded by {named} from {number} {sessions}"
    show = "shows" if number == 1 else "show"
    return (
        f"worded by {named} from {number} failed {sessions}, which {show} what went wrong and not what would have gone "
        "right"
    )
