"""The words of a pull request and of its commit, made by template.

Whatever came out of a session, a gate's reasons included, is untrusted: it stands in fenced code blocks, where forges
render no markup, notify nobody, close nothing and run no command. The same proposal gives the same text; there is no
time, path or keyed hash in it.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sidecar.domain import EditOperation, Proposal, Refusal, Rule, RuleEdit, RuleId
from sidecar.proposals.text_origin import opening, origin_line
from sidecar.proposals.text_quotes import quote_texts
from sidecar.rules import rule_words

_MAX_REASONS = 10
_VERBS = {
    EditOperation.ADD: "Add",
    EditOperation.AMEND: "Amend",
    EditOperation.MERGE: "Merge",
    EditOperation.RETIRE: "Retire",
}
_CHANGES = (EditOperation.AMEND, EditOperation.MERGE)
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”|'[^']*'(?!\w)")
CLOSING = "Close this pull request: none of its rules is proposed again, and your closing words are kept as the reason."
"""How to decline all of a proposal; a forge without such a button says its own way instead."""
_DECLINE = f"""## How to decline
- {CLOSING}
- Reword a line, here or after the merge: your words stay, they are never changed back.
- Delete a line, here or after the merge: that rule stays out.
- Merge a part: what stands in the file counts, nothing else.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalText:
    """What a pull request says."""

    title: str
    body: str
    """Markdown, ends with a line end."""


def describe(
    proposal: Proposal,
    *,
    refusals: Sequence[Refusal] = (),
    with_quotes: bool = True,
    first_targets: Collection[str] = (),
    notes: Sequence[str] = (),
    standing: Sequence[Rule] = (),
) -> ProposalText:
    """The pull request's words.

    Args:
        refusals: Drafts of this project that the gate refused; counted by reason, their words are left out, for a
            poisoned text must not reach a reader through the back door.
        with_quotes: Of sessions, and names of people; False where the repository is public.
        first_targets: Files that get the rules which stand already, too.
        notes: What keeps an agent from our rules in this repository, one sentence each.
        standing: Rules on the base: the words of those that an edit changes or takes up are shown beside the new ones.
    """
    there = {rule.rule_id: rule for rule in standing}
    parts = [
        f"{opening(proposal.edits)} Nothing but the marked block of the rules files and the ledger is changed.",
        *(
            f"`{path}` gets the rules that stand already, too: who reads it reads no other file that holds them."
            for path in sorted(first_targets)
        ),
        *(f"{note}." for note in notes),
        "## Rules",
        *(
            _rule_section(
                edit,
                number,
                origin_line(edit, proposal.edits, is_named=with_quotes),
                _replaced(edit, there),
                with_quotes,
            )
            for number, edit in enumerate(proposal.edits, start=1)
        ),
    ]
    if refusals:
        parts += ["## Refused", _refused(refusals)]
    parts += [_DECLINE.rstrip(), f"Proposal `{proposal.proposal_id}`"]
    return ProposalText(title=_title(proposal.edits), body="\n\n".join(parts) + "\n")


def commit_message(proposal: Proposal) -> str:
    """Subject and trailer; no word of a session, for commit messages can close issues."""
    drawn = "" if any(edit.rule.is_human for edit in proposal.edits) else ", drawn from recorded sessions"
    told = f"Proposes {len(proposal.edits)} change(s) of the rules that agents read here{drawn}."
    return f"{_title(proposal.edits)}\n\n{told}\n\nSidecar-Proposal: {proposal.proposal_id}\n"


def support_reason(sessions: int, tasks: int, *, failing_sessions: int = 0, failing_tasks: int = 0) -> str:
    """Why a rule is proposed, by what teaches it.

    Args:
        failing_sessions: Of these, the ones that show its half about what does not work; 0 where all or none do.
        failing_tasks: Distinct tasks of those.
    """
    show = "shows" if sessions == 1 else "show"
    supported = f"{counted(sessions, 'session')} on {counted(tasks, 'distinct task')} {show}"
    if not failing_sessions:
        return f"{supported} it."
    fewer = f"{failing_sessions} of them on {counted(failing_tasks, 'distinct task')}"
    return f"{supported} what works; {fewer} {'shows' if failing_sessions == 1 else 'show'} what does not."


def fenced(text: str) -> str:
    """A text as a code block that it cannot leave; what no screen shows is written as an escape."""
    shown = "".join(_shown(character) for character in text.replace("\r\n", "\n"))
    ticks = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, ticks + 1)
    return f"{fence}text\n{shown}\n{fence}"


def _title(edits: Sequence[RuleEdit]) -> str:
    counts = Counter(edit.operation for edit in edits)
    named = [f"{_VERBS[operation].lower()} {counts[operation]}" for operation in EditOperation if counts[operation]]
    noun = "rule" if len(edits) == 1 else "rules"
    return f"Agent rules: {', '.join(named)} {noun}"


def _replaced(edit: RuleEdit, there: Mapping[RuleId, Rule]) -> Sequence[Rule]:
    """Rules on the base whose words go for those of the edit."""
    if edit.operation not in _CHANGES:
        return ()
    return [there[one] for one in dict.fromkeys((edit.rule.rule_id, *edit.rule.supersedes)) if one in there]


def _rule_section(edit: RuleEdit, number: int, origin: str | None, replaced: Sequence[Rule], with_quotes: bool) -> str:
    rule = edit.rule
    lines = [
        f"### {number}. {_VERBS[edit.operation]} ({rule.kind.value})",
        fenced(rule_words(rule.text, rule.scope)),
        *(["In place of:", *(fenced(rule_words(one.text, one.scope)) for one in replaced)] if replaced else []),
        *([origin] if origin else []),
        f"Why: {_support(edit)}.",
        *([f"Mind: {edit.caveat}."] if edit.caveat else []),
        fenced(edit.reason),
    ]
    if with_quotes and edit.all_quotes:
        lines += ["Evidence, as recorded:", *map(fenced, quote_texts(edit))]
    if rule.evidence:
        lines.append(f"Sessions:\n\n{fenced(chr(10).join(sorted(set(rule.evidence))))}")
    return "\n\n".join(lines)


def _support(edit: RuleEdit) -> str:
    if edit.operation is EditOperation.RETIRE:
        return f"it came from {counted(len(set(edit.rule.evidence)), 'session')}, and has had its time"
    if edit.rule.is_human and not edit.task_count:
        return "a person wrote it; the gate looked for what no rule may hold, and accounted for no more"
    people = "1 person" if edit.person_count == 1 else f"{edit.person_count} people"
    seen, sessions = f"seen in {counted(edit.task_count, 'distinct task')} by {people}", len(set(edit.rule.evidence))
    if edit.operation in _CHANGES:
        # tasks and people are of what asks for the change, the sessions of what it changes too
        return f"{seen}; with what it changes it rests on {counted(sessions, 'session')}"
    return f"{seen}, in {counted(sessions, 'session')}"


def counted(number: int, noun: str) -> str:
    """A number of things, in the singular where it is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _refused(refusals: Sequence[Refusal]) -> str:
    """Counts by reason, without the pieces of text that a reason quotes."""
    counts = Counter(_QUOTED.sub("…", reason) for refusal in refusals for reason in refusal.reasons)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    listed = "\n".join(f"{count} × {reason}" for reason, count in ordered[:_MAX_REASONS])
    told = f"{counted(len(refusals), 'draft')} did not pass the gate; their words are kept where the sidecar runs."
    return f"{told}\n\n{fenced(listed)}" if listed else told


def _shown(character: str) -> str:
    return character if character.isprintable() or character == "\n" else f"\\u{{{ord(character):x}}}"
