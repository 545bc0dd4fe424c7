"""What a proposal writes and says, and what became of it on the base."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import (
    EditOperation,
    ProjectId,
    Proposal,
    ProposalState,
    PullRequest,
    Refusal,
    Rule,
    RuleEdit,
    RuleId,
    RuleKind,
    RuleQuote,
    SessionId,
    StepId,
    Tombstone,
)
from sidecar.proposals import (
    DECLINED,
    DELETED,
    build_files,
    commit_message,
    content_hash,
    declined_tombstones,
    deletion_tombstones,
    describe,
    fenced,
    live_edits,
    merged_edits,
    proposal_id,
    read_base,
    support_reason,
)
from sidecar.rules import BEGIN, END, ledger_path, rule_id, signature_hash
from sidecar.targets import Target

PROJECT = ProjectId("forge.example/acme/shop")
PATHS = ("CLAUDE.md", ".clinerules/learned.md")
TARGETS = tuple(Target(path=path, name=path, agents=()) for path in PATHS)


def rule(text: str, scope: str | None = None) -> Rule:
    return Rule(
        rule_id=rule_id(text, scope), text=text, scope=scope, kind=RuleKind.COMMAND, evidence=("session-2", "session-1")
    )


RUN = rule("Run `uv run pytest`; `pytest` fails here.")
GENERATED = rule("Do not edit `gen/api.py` by hand.", "src/**")
TOGETHER = rule("Change `schema.sql` together with `models.py`.")
BOTH = replace(rule("both"), kind=RuleKind.FACT, supersedes=(RUN.rule_id, TOGETHER.rule_id))
BASE = {"CLAUDE.md": b"# Shop\n"}


def edit(of: Rule, operation: EditOperation = EditOperation.ADD, **fields: object) -> RuleEdit:
    made = RuleEdit(operation=operation, rule=of, reason="Two sessions needed it", task_count=2, person_count=1)
    return replace(made, **fields)


ADDS = (edit(RUN), edit(GENERATED), edit(TOGETHER))


def proposal(edits: tuple[RuleEdit, ...] = ADDS, *, review: str | None = None) -> Proposal:
    return Proposal(
        proposal_id=proposal_id(PROJECT, "a" * 40, edits),
        project=PROJECT,
        state=ProposalState.OPEN,
        base_commit="a" * 40,
        edits=edits,
        content_hash="",
        created_ns=1,
        pull_request=PullRequest(number=1, url="file:///x", state="closed", review=review),
    )


def after(files: dict[str, bytes], *edits: RuleEdit, tombstones: tuple[Tombstone, ...] = ()) -> dict[str, bytes]:
    """The base once a proposal of these edits was merged."""
    changes = build_files(files, edits, targets=TARGETS, tombstones=tombstones)
    merged = files | {path: content for path, content in changes.items() if content is not None}
    return {path: content for path, content in merged.items() if changes.get(path, b"") is not None}


def reworded(files: dict[str, bytes], old: str, new: str, path: str = "CLAUDE.md") -> dict[str, bytes]:
    assert old.encode() in files[path]
    return files | {path: files[path].replace(old.encode(), new.encode())}


def without(files: dict[str, bytes], *removed: Rule, paths: tuple[str, ...] = PATHS) -> dict[str, bytes]:
    """The base once a person deleted these rules' lines."""
    edited = dict(files)
    for path in paths:
        lines = edited[path].decode().splitlines(keepends=True)
        edited[path] = "".join(line for line in lines if not any(one.text in line for one in removed)).encode()
    return edited


def test_rules_are_written_to_every_target_and_the_ledger() -> None:
    changes = build_files(BASE, ADDS, targets=TARGETS)

    block = f"{BEGIN}\n- {RUN.text}\n- In `src/**`: {GENERATED.text}\n- {TOGETHER.text}\n{END}\n"
    assert changes["CLAUDE.md"] == f"# Shop\n\n{block}".encode()
    assert changes[".clinerules/learned.md"] == block.encode()
    assert set(changes) == {*PATHS, *(ledger_path(one.rule_id) for one in (RUN, GENERATED, TOGETHER))}
    entry = json.loads(changes[ledger_path(RUN.rule_id)] or b"")
    assert (entry["gate"], entry["tasks"], entry["evidence"]) == ("passed", 2, ["session-1", "session-2"])


def test_base_that_holds_the_rules_needs_no_change() -> None:
    assert build_files(after(BASE, *ADDS), ADDS, targets=TARGETS) == {}


def test_part_that_is_missing_on_the_base_is_what_is_written() -> None:
    merged = after(BASE, *ADDS)
    partly = {path: content for path, content in merged.items() if path != ".clinerules/learned.md"}

    assert build_files(partly, ADDS, targets=TARGETS) == {".clinerules/learned.md": merged[".clinerules/learned.md"]}


def test_retiring_every_rule_restores_the_files_and_keeps_tombstones() -> None:
    merged = after(BASE, *ADDS)
    retired = build_files(
        merged, [edit(one.rule, EditOperation.RETIRE, reason="It did harm") for one in ADDS], targets=TARGETS
    )

    assert (retired["CLAUDE.md"], retired[".clinerules/learned.md"]) == (b"# Shop\n", None)
    assert json.loads(retired[ledger_path(RUN.rule_id)] or b"")["tombstone"] == {"reason": "It did harm"}


def test_ledger_keeps_which_lesson_a_rule_came_from() -> None:
    merged = after(BASE, edit(RUN, signature="lesson"), edit(TOGETHER))

    def signature(files: dict[str, bytes], of: Rule) -> object:
        return json.loads(files[ledger_path(of.rule_id)]).get("signature")

    assert (signature(merged, RUN), signature(merged, TOGETHER)) == (signature_hash("lesson"), None)
    retired = after(merged, edit(RUN, EditOperation.RETIRE), edit(TOGETHER, EditOperation.RETIRE, signature="other"))
    assert (signature(retired, RUN), signature(retired, TOGETHER)) == (
        signature_hash("lesson"),
        signature_hash("other"),
    )


def test_first_reason_of_a_tombstone_stays() -> None:
    stone = Tombstone(
        project=PROJECT, rule_id=RUN.rule_id, text=RUN.text, signature="lesson", reason="no thanks", at_ns=1
    )
    buried = after(BASE, tombstones=(stone,))

    again = after(buried, edit(RUN, EditOperation.RETIRE, reason="It did harm"))

    entry = json.loads(again[ledger_path(RUN.rule_id)])
    assert (entry["tombstone"], entry["signature"]) == ({"reason": "no thanks"}, signature_hash("lesson"))


def test_the_words_name_files_that_get_more_than_the_edits_and_what_keeps_agents_from_all() -> None:
    body = describe(proposal((edit(RUN),)), first_targets=["GEMINI.md"], notes=["Codex reads another file"]).body

    assert "\nCodex reads another file.\n" in body
    assert "`GEMINI.md` gets the rules that stand already, too" in body


def test_retirement_says_where_the_rule_came_from_and_why_it_goes() -> None:
    body = describe(proposal((edit(RUN, EditOperation.RETIRE, reason="No session met it."),))).body

    assert "### 1. Retire (command)" in body
    assert "Why: it came from 2 sessions, and has had its time." in body
    assert "```text\nNo session met it.\n```" in body


@pytest.mark.parametrize("operation", [EditOperation.AMEND, EditOperation.MERGE])
def test_change_shows_the_words_that_it_takes_the_place_of(operation: EditOperation) -> None:
    better = replace(RUN, text="Run `make test`.", supersedes=("b" * 12,))
    taken_up = replace(RUN, rule_id=RuleId("b" * 12), text="Never run `tox`.", scope="src/**")
    said = proposal((edit(better, operation),))

    body = describe(said, standing=[RUN, taken_up, replace(RUN, rule_id=RuleId("c" * 12), text="Another.")]).body

    assert f"In place of:\n\n```text\n{RUN.text}\n```\n\n```text\nIn `src/**`: Never run `tox`.\n```" in body
    assert "Another." not in body
    assert "; with what it changes it rests on 2 sessions." in body


def test_rule_that_the_base_has_buried_is_left_out() -> None:
    buried = after(
        BASE,
        tombstones=(
            Tombstone(
                project=PROJECT, rule_id=RUN.rule_id, text=RUN.text, signature=None, reason="no\n\x1bthanks", at_ns=1
            ),
        ),
    )

    assert json.loads(buried[ledger_path(RUN.rule_id)])["tombstone"] == {"reason": "no thanks"}
    assert live_edits(buried, ADDS) == ADDS[1:]
    assert RUN.text.encode() not in after(buried, *ADDS)["CLAUDE.md"]


def test_words_of_a_person_are_carried_to_the_other_target_and_the_ledger() -> None:
    theirs = RUN.text.replace("pytest`;", "pytest -q`;")
    base = reworded(after(BASE, *ADDS), RUN.text, theirs)

    merged = after(base, edit(rule("Another rule")))

    assert theirs.encode() in merged[".clinerules/learned.md"]
    assert RUN.text.encode() not in merged[".clinerules/learned.md"]
    entry = json.loads(merged[ledger_path(RUN.rule_id)])
    assert (entry["text"], entry["human"]) == (theirs, True)


def test_words_of_a_person_are_never_changed_back() -> None:
    theirs = RUN.text.replace("pytest`;", "pytest -q`;")
    base = reworded(after(BASE, *ADDS), RUN.text, theirs)
    amend = edit(replace(RUN, text="Run `make test`."), EditOperation.AMEND)

    assert live_edits(base, [amend, *ADDS]) == ADDS
    assert after(base, amend, *ADDS)["CLAUDE.md"] == base["CLAUDE.md"]


def test_amended_and_merged_rules_replace_the_old_ones() -> None:
    merged = after(BASE, *ADDS)

    changes = build_files(merged, [edit(BOTH, EditOperation.MERGE)], targets=TARGETS)

    assert changes["CLAUDE.md"] == f"# Shop\n\n{BEGIN}\n- both\n- In `src/**`: {GENERATED.text}\n{END}\n".encode()
    assert changes[ledger_path(RUN.rule_id)] is None


def test_what_a_person_took_out_keeps_its_tombstone_where_a_merge_names_it() -> None:
    base = without(after(BASE, *ADDS), RUN)
    (tombstone,) = deletion_tombstones(PROJECT, read_base(base), at_ns=7)

    merged = after(base, edit(BOTH, EditOperation.MERGE), tombstones=(tombstone,))

    assert json.loads(merged[ledger_path(RUN.rule_id)])["tombstone"] == {"reason": DELETED}
    assert ledger_path(TOGETHER.rule_id) not in merged
    assert ledger_path(RUN.rule_id) in after(merged, edit(replace(BOTH, text="all"), EditOperation.MERGE))


@given(st.permutations(ADDS))
def test_id_and_content_do_not_depend_on_the_order_of_edits(edits: list[RuleEdit]) -> None:
    assert proposal_id(PROJECT, "a" * 40, edits) == proposal().proposal_id
    assert len(proposal().proposal_id) == 16


def test_id_depends_on_what_is_proposed_to_whom() -> None:
    ids = {proposal_id(PROJECT, "a", ADDS), proposal_id(PROJECT, "b", ADDS), proposal_id(PROJECT, "a", ADDS[:2])}

    assert len(ids | {proposal_id(ProjectId("other"), "a", ADDS)}) == 4


def test_content_hash_tells_removed_from_empty_and_missing() -> None:
    assert len({content_hash({"a": None}), content_hash({"a": b""}), content_hash({})}) == 3


def test_merged_rules_are_found_on_the_base() -> None:
    reading = read_base(after(BASE, *ADDS), proposals=[proposal()])

    assert merged_edits(proposal(), reading) == ADDS
    assert (reading.amended, reading.deleted) == ((), ())


def test_merge_of_a_part_is_seen_as_that_part() -> None:
    reading = read_base(without(after(BASE, *ADDS), GENERATED), proposals=[proposal()])

    assert merged_edits(proposal(), reading) == (ADDS[0], ADDS[2])


def test_rules_typed_by_hand_without_the_ledger_are_merged() -> None:
    typed = {"CLAUDE.md": f"{BEGIN}\n* {RUN.text}\n{END}\n".encode()}

    assert merged_edits(proposal(), read_base(typed, proposals=[proposal()])) == (ADDS[0],)


def test_unmerged_proposal_stands_nowhere() -> None:
    assert merged_edits(proposal(), read_base(BASE, proposals=[proposal()])) == ()


def test_merged_retirement_needs_a_rule_that_stood() -> None:
    retire = proposal((edit(RUN, EditOperation.RETIRE),))
    gone = read_base(BASE, previous=[RUN], proposals=[retire])

    assert merged_edits(retire, gone, previous=[RUN]) == retire.edits
    assert merged_edits(retire, gone) == ()


def test_retired_rule_is_not_deleted_by_a_person() -> None:
    retire = edit(RUN, EditOperation.RETIRE)
    merged = after(after(BASE, *ADDS), retire)

    assert read_base(merged, previous=[RUN], proposals=[proposal((retire,))]).deleted == ()


@pytest.mark.parametrize("opened", [edit(RUN, EditOperation.RETIRE), edit(BOTH, EditOperation.MERGE)])
def test_line_deleted_while_a_proposal_would_take_it_out_is_the_persons_doing(opened: RuleEdit) -> None:
    reading = read_base(without(after(BASE, *ADDS), RUN), previous=[RUN, TOGETHER], proposals=[proposal((opened,))])

    assert [one.rule_id for one in reading.deleted] == [RUN.rule_id]


def test_rules_that_were_merged_into_one_that_stands_are_not_deleted() -> None:
    merging = edit(BOTH, EditOperation.MERGE)
    merged = after(after(BASE, *ADDS), merging)

    assert read_base(merged, previous=[RUN, TOGETHER], proposals=[proposal((merging,))]).deleted == ()


@pytest.mark.parametrize("previous", [(), (RUN, GENERATED, TOGETHER)])
def test_line_deleted_by_hand_is_a_tombstone(previous: tuple[Rule, ...]) -> None:
    reading = read_base(without(after(BASE, *ADDS), RUN), previous=previous)

    assert [(one.rule_id, one.reason, one.at_ns) for one in deletion_tombstones(PROJECT, reading, at_ns=7)] == [
        (RUN.rule_id, DELETED, 7)
    ]


def test_rule_that_stands_in_one_of_its_files_is_not_deleted() -> None:
    assert read_base(without(after(BASE, *ADDS), RUN, paths=("CLAUDE.md",))).deleted == ()


def test_line_deleted_after_a_declined_retirement_is_the_persons_doing() -> None:
    declined = replace(proposal((edit(RUN, EditOperation.RETIRE),)), state=ProposalState.CLOSED)

    assert read_base(BASE, previous=[RUN], proposals=[declined]).deleted == (RUN,)


def test_buried_rule_is_not_deleted_again() -> None:
    base = without(after(BASE, *ADDS), RUN)
    tombstones = deletion_tombstones(PROJECT, read_base(base), at_ns=7)

    assert read_base(after(base, tombstones=tombstones), previous=[RUN]).deleted == ()


def test_merge_into_words_that_stand_is_merged_once_the_others_are_gone() -> None:
    merge = proposal((edit(replace(RUN, supersedes=(GENERATED.rule_id,)), EditOperation.MERGE),))
    stood = [one.rule for one in ADDS]
    before = after(BASE, *ADDS)

    merged = [
        merged_edits(merge, read_base(base, previous=stood, proposals=[merge]), previous=stood)
        for base in (before, after(before, *merge.edits))
    ]

    assert merged == [(), merge.edits]


def test_reworded_rule_stands_in_the_persons_words() -> None:
    theirs = RUN.text.replace("fails", "breaks")
    reading = read_base(reworded(after(BASE, *ADDS), RUN.text, theirs))

    assert [(one.rule_id, one.text, one.is_human) for one in reading.amended] == [(RUN.rule_id, theirs, True)]
    assert theirs in [one.text for one in reading.standing]


@pytest.mark.parametrize(("review", "reason"), [("we use tox", "we use tox"), (None, DECLINED)])
def test_closed_proposal_buries_its_rules_with_the_reviewers_words(review: str | None, reason: str) -> None:
    said = proposal((edit(RUN, signature="sig"), *ADDS[1:]), review=review)

    found = declined_tombstones(said, read_base(BASE), at_ns=7)

    assert [(one.rule_id, one.reason) for one in found] == [(one.rule.rule_id, reason) for one in ADDS]
    assert [one.signature for one in found] == ["sig", None, None]


def test_declined_amendment_buries_its_words_and_not_the_rule_that_stands() -> None:
    better = replace(RUN, text=f"{RUN.text} Always.")
    said = proposal((edit(better, EditOperation.AMEND),))

    (found,) = declined_tombstones(said, read_base(after(BASE, *ADDS)), at_ns=7)

    assert (found.rule_id, found.text) == (rule_id(better.text, better.scope), better.text)
    assert found.rule_id != RUN.rule_id


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((1, 1, 0, 0), "1 session on 1 distinct task shows it."),
        ((2, 1, 0, 0), "2 sessions on 1 distinct task show it."),
        (
            (3, 2, 1, 1),
            "3 sessions on 2 distinct tasks show what works; 1 of them on 1 distinct task shows what does not.",
        ),
    ],
)
def test_support_is_counted_in_plain_english(counts: tuple[int, int, int, int], expected: str) -> None:
    sessions, tasks, failing, failing_tasks = counts

    assert expected == support_reason(sessions, tasks, failing_sessions=failing, failing_tasks=failing_tasks)


def test_description_names_rules_support_and_evidence() -> None:
    text = describe(proposal((edit(RUN, quotes=("E   ModuleNotFoundError",)),)))

    assert text.title == "Agent rules: add 1 rule"
    assert f"```text\n{RUN.text}\n```" in text.body
    assert "seen in 2 distinct tasks by 1 person, in 2 sessions" in text.body
    assert "```text\nE   ModuleNotFoundError\n```" in text.body
    assert "session-1\nsession-2" in text.body


def test_quote_names_session_step_and_what_was_run_or_changed_there() -> None:
    of = replace(RUN, evidence=("11112222-aaaa", "11112222-bbbb", "3333"))
    ran = RuleQuote(text="No module", session=SessionId("11112222-aaaa"), step_id=StepId("t1"), command="pytest -q")
    worked = replace(ran, step_id=StepId("t2"), command="make check", text="make check")
    wrote = RuleQuote(text="NO = 25", session=SessionId("3333"), step_id=StepId("t3"), path="src/rates.py")

    body = describe(proposal((edit(of, placed_quotes=(ran, worked, wrote)),))).body

    assert "```text\nsession 11112222-a, step t1\n$ pytest -q\nNo module\n```" in body
    assert "```text\nsession 11112222-a, step t2\n$ make check\n```" in body
    assert "```text\nsession 3333, step t3\nchanged src/rates.py:\nNO = 25\n```" in body


def test_quotes_are_left_out_on_request() -> None:
    quote = RuleQuote(text="Secret words", command="Secret words")
    said = edit(RUN, quotes=("Secret words",), placed_quotes=(quote,))

    assert "Secret" not in describe(proposal((said,)), with_quotes=False).body


HOSTILE = [
    "Fixes #1", "@everyone", "/merge", "![x](https://evil.example/?d=1)", "<img src=x onerror=y>", "```\n/approve\n```",
    "~~~\n@a\n~~~", "````\n@b", "\x1b[2K", "a\u202eb", "<!-- x -->", "closes org/repo#3\r\n/close", "    @c",
]  # fmt: skip


def outside_fences(markdown: str) -> str:
    """What a forge renders as markup."""
    kept: list[str] = []
    fence = ""
    for line in markdown.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line.removesuffix("text")
        else:
            kept.append(line)
    assert not fence
    return "\n".join(kept)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_words_of_sessions_command_nothing(hostile: str) -> None:
    hostile_rule = replace(RUN, text=hostile.replace("\n", " "), evidence=(hostile,))
    placed = RuleQuote(
        text=hostile, session=SessionId(hostile), step_id=StepId(hostile), command=hostile * 2, path=hostile
    )
    quotes = (placed, replace(placed, command=None))
    said = proposal((edit(hostile_rule, quotes=(hostile,), placed_quotes=quotes, reason=hostile),))
    refusal = Refusal(project=PROJECT, text=hostile, reasons=(hostile,), at_ns=1)

    text = describe(said, refusals=[refusal])

    rendered = outside_fences(text.body)
    assert not [line for line in hostile.splitlines() if line.strip() and line.strip() in rendered]
    assert hostile not in text.title + commit_message(said)
    assert all(character.isprintable() or character == "\n" for character in text.body)


def test_refused_words_are_counted_and_not_repeated() -> None:
    reasons = ("names the URL `https://evil.example`",)
    refusals = [Refusal(project=PROJECT, text=f"curl {n}", reasons=reasons, at_ns=1) for n in range(3)]

    body = describe(proposal(), refusals=refusals).body

    assert "3 × names the URL …" in body
    assert "evil" not in body
    assert "curl" not in body


@given(st.text(max_size=40))
def test_fence_cannot_be_left(text: str) -> None:
    assert outside_fences(fenced(text)) == ""


def test_commit_message_ends_with_the_proposals_trailer() -> None:
    assert commit_message(proposal()).splitlines()[-1] == f"Sidecar-Proposal: {proposal().proposal_id}"
    assert proposal().branch == f"sidecar/{proposal().proposal_id}"


def test_rule_that_a_person_took_over_is_not_taken_out_by_an_older_draft() -> None:
    merged = after(BASE, edit(RUN))
    theirs = merged | {"CLAUDE.md": merged["CLAUDE.md"].replace(b"fails here", b"fails in our shop")}

    assert live_edits(theirs, [edit(RUN, EditOperation.RETIRE)]) == ()
    assert len(live_edits(merged, [edit(RUN, EditOperation.RETIRE)])) == 1
