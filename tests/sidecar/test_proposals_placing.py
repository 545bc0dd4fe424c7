"""Which file of a group holds a rule: each agent reads it once, and its scope's paths bring it where that works."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.domain import EditOperation, Rule, RuleEdit, RuleKind
from sidecar.errors import RulesFileError
from sidecar.proposals import build_files, read_base
from sidecar.rules import BEGIN, END, is_ledger_path, listed_words, parse_rules_file, rule_id, rule_words, scoped_path
from sidecar.targets import CLAUDE_CODE, CLINE, CODEX, Target

CLAUDE = Target(path="CLAUDE.md", name="CLAUDE.md", agents=(CLAUDE_CODE,), is_scoped_apart=True)
IN_WORDS = replace(CLAUDE, is_scoped_apart=False)
OTHER = Target(path=".clinerules/learned.md", name=".clinerules/learned.md", agents=(CLINE,))
SRC = scoped_path("src/**")
Files = dict[str, bytes]


def rule(text: str, scope: str | None = None) -> Rule:
    return Rule(rule_id=rule_id(text, scope), text=text, scope=scope, kind=RuleKind.CONSTRAINT)


ROOT = rule("Run `make check` before a commit.")
SCOPED = rule("Do not edit `src/api.py` by hand.", "src/**")


def edit(of: Rule, operation: EditOperation = EditOperation.ADD) -> RuleEdit:
    return RuleEdit(operation=operation, rule=of, reason="because")


def after(
    files: Files, *edits: RuleEdit, targets: tuple[Target, ...] = (CLAUDE,), first: tuple[str, ...] = ()
) -> Files:
    """The base once a proposal of these edits was merged."""
    built = build_files(files, edits, targets=targets, first_targets=first)
    merged: dict[str, bytes | None] = {**files, **built}
    return {path: content for path, content in merged.items() if content is not None}


def places(files: Files, of: Rule) -> list[str]:
    """Rules files that say the rule."""
    words = rule_words(of.text, of.scope)
    return sorted(
        path for path, content in files.items() if not is_ledger_path(path) and words in listed_words(content.decode())
    )


BASE: Files = {"CLAUDE.md": b"# Shop\n"}
MERGED = after(BASE, edit(ROOT), edit(SCOPED))


def test_rule_with_a_scope_gets_a_file_that_is_loaded_with_its_paths() -> None:
    words = "In `src/**`: Do not edit `src/api.py` by hand."
    assert MERGED[SRC] == f'---\npaths:\n  - "src/**"\n---\n\n{BEGIN}\n- {words}\n{END}\n'.encode()
    assert places(MERGED, ROOT) == ["CLAUDE.md"]


def test_scope_is_said_in_words_where_no_file_is_loaded_by_paths() -> None:
    merged = after(BASE, edit(SCOPED), targets=(IN_WORDS, OTHER))

    assert places(merged, SCOPED) == [".clinerules/learned.md", "CLAUDE.md"]


def test_each_group_says_a_rule_once() -> None:
    merged = after(BASE, edit(SCOPED), targets=(CLAUDE, OTHER))

    assert places(merged, SCOPED) == [SRC, ".clinerules/learned.md"]
    assert build_files(merged, [edit(SCOPED)], targets=(CLAUDE, OTHER)) == {}


def test_rule_that_stands_in_words_is_not_added_again_once_files_by_paths_work() -> None:
    merged = after(BASE, edit(SCOPED), targets=(IN_WORDS,))

    assert build_files(merged, [edit(SCOPED)], targets=(CLAUDE,)) == {}


def test_rule_that_a_person_moved_to_the_other_file_stays_there() -> None:
    line = b"- In `src/**`: Do not edit `src/api.py` by hand.\n"
    moved = MERGED | {SRC: MERGED[SRC].replace(line, b"- A person's own.\n")}
    moved["CLAUDE.md"] = MERGED["CLAUDE.md"].replace(END.encode(), line + END.encode())

    assert read_base(moved).deleted == ()
    assert places(after(moved, edit(SCOPED), edit(rule("Another."))), SCOPED) == ["CLAUDE.md"]


NEW = rule("Do not log prices.")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (edit(NEW), [ROOT, SCOPED, NEW]),
        (edit(ROOT, EditOperation.RETIRE), [SCOPED]),
        (edit(replace(ROOT, text="Run `make check` often."), EditOperation.AMEND), [SCOPED]),
    ],
)
def test_the_first_file_of_an_agent_gets_what_stands_already(change: RuleEdit, said: list[Rule]) -> None:
    merged = after(MERGED, change, targets=(CLAUDE, OTHER), first=(OTHER.path,))

    lines = listed_words(merged[OTHER.path].decode())
    wanted = [one for one in (*said, change.rule) if change.operation is not EditOperation.RETIRE or one != change.rule]
    assert sorted(lines) == sorted({rule_words(one.text, one.scope) for one in wanted})
    assert build_files(merged, [change], targets=(CLAUDE, OTHER), first_targets=(OTHER.path,)) == {}


def test_what_stands_goes_in_a_persons_words_and_what_they_wrote_themselves_stays_where_it_is() -> None:
    theirs = (
        MERGED["CLAUDE.md"]
        .replace(b"before a commit", b"before you commit")
        .replace(END.encode(), f"- Ask Ada.\n{END}".encode())
    )

    merged = after(MERGED | {"CLAUDE.md": theirs}, edit(NEW), targets=(CLAUDE, OTHER), first=(OTHER.path,))

    assert "Run `make check` before you commit." in listed_words(merged[OTHER.path].decode())
    assert "Ask Ada." not in listed_words(merged[OTHER.path].decode())


def test_what_stands_holds_up_no_new_rule_where_it_does_not_fit() -> None:
    full = {OTHER.path: (f"{BEGIN}\n" + "".join(f"- Team {n}.\n" for n in range(19)) + f"{END}\n").encode()}

    merged = after(MERGED | full, edit(NEW), targets=(CLAUDE, OTHER), first=(OTHER.path,))

    assert places(merged, NEW) == [OTHER.path, "CLAUDE.md"]
    assert places(merged, ROOT) == ["CLAUDE.md"]


@pytest.mark.parametrize("operation", [EditOperation.AMEND, EditOperation.MERGE])
def test_rule_that_a_person_took_out_of_one_file_does_not_come_back_there_in_other_words(
    operation: EditOperation,
) -> None:
    merged = after(BASE, edit(ROOT), edit(rule("Another.")), targets=(IN_WORDS, OTHER))
    line = f"- {ROOT.text}\n".encode()
    taken_out = merged | {"CLAUDE.md": merged["CLAUDE.md"].replace(line, b"")}
    amended = replace(ROOT, text="Run `make check` before every commit.")

    assert places(after(taken_out, edit(amended, operation), targets=(IN_WORDS, OTHER)), amended) == [OTHER.path]


@pytest.mark.parametrize("operation", [EditOperation.AMEND, EditOperation.MERGE])
def test_rules_that_people_took_out_everywhere_come_back_in_no_other_words(operation: EditOperation) -> None:
    merged = after(BASE, edit(ROOT), edit(rule("Another.")), targets=(IN_WORDS,))
    taken_out = merged | {"CLAUDE.md": merged["CLAUDE.md"].replace(f"- {ROOT.text}\n".encode(), b"")}
    changed = replace(rule("Run `make check` often."), supersedes=(ROOT.rule_id,))

    assert build_files(taken_out, [edit(changed, operation)], targets=(IN_WORDS,)) == {}
    assert places(after(merged, edit(changed, operation), targets=(IN_WORDS,)), changed) == ["CLAUDE.md"]


def test_last_rule_of_a_scope_takes_its_file_with_it() -> None:
    assert build_files(MERGED, [edit(SCOPED, EditOperation.RETIRE)], targets=(CLAUDE,))[SRC] is None


def test_file_of_a_scope_that_holds_words_of_people_stays() -> None:
    theirs = MERGED | {SRC: MERGED[SRC] + b"\nAsk Ada.\n"}

    kept = after(theirs, edit(SCOPED, EditOperation.RETIRE))[SRC]

    assert kept == b'---\npaths:\n  - "src/**"\n---\n\nAsk Ada.\n'


@pytest.mark.parametrize(("scope", "path"), [(None, "CLAUDE.md"), ("lib/**", scoped_path("lib/**")), ("src/**", SRC)])
def test_amended_rule_stands_where_its_new_scope_belongs(scope: str | None, path: str) -> None:
    amended = replace(SCOPED, text="Do not edit `src/api.py` at all.", scope=scope)

    merged = after(MERGED, edit(amended, EditOperation.AMEND))

    assert places(merged, amended) == [path]
    assert places(merged, SCOPED) == []


def test_merged_rules_of_two_files_become_one() -> None:
    both = replace(rule("Both."), supersedes=(ROOT.rule_id, SCOPED.rule_id))

    merged = after(MERGED, edit(both, EditOperation.MERGE))

    assert places(merged, both) == ["CLAUDE.md"]
    assert SRC not in merged
    assert places(merged, ROOT) == []


def test_words_of_a_person_in_a_file_by_paths_are_carried_to_the_other_targets() -> None:
    merged = after(BASE, edit(SCOPED), targets=(CLAUDE, OTHER))
    theirs = replace(SCOPED, text="Never edit `src/api.py` by hand.")
    base = merged | {SRC: merged[SRC].replace(b"Do not", b"Never")}

    carried = after(base, edit(ROOT), targets=(CLAUDE, OTHER))

    assert places(carried, theirs) == [SRC, ".clinerules/learned.md"]


def test_rule_is_retired_from_a_file_that_is_no_target_any_more() -> None:
    merged = after(BASE, edit(ROOT))
    agents = Target(path="AGENTS.md", name="AGENTS.md", agents=(CODEX,))

    assert after(merged, edit(ROOT, EditOperation.RETIRE), targets=(agents,))["CLAUDE.md"] == b"# Shop\n"
    assert "AGENTS.md" not in after(merged, edit(ROOT, EditOperation.RETIRE), targets=(agents,))


def test_full_file_of_a_scope_refuses_one_more_and_names_itself() -> None:
    full = after(BASE, *(edit(rule(f"Rule {number}.", "src/**")) for number in range(10)))

    with pytest.raises(RulesFileError, match=r"learned-src-\w+\.md: the block would hold 11 rules.* may hold 10"):
        build_files(full, [edit(SCOPED)], targets=(CLAUDE,))


def test_new_rules_count_in_no_other_file_than_their_own() -> None:
    rules = [rule(f"Rule {number}.", scope) for scope in (None, "src/**", "lib/**") for number in range(10)]

    merged = after(BASE, *map(edit, rules))

    assert all(len(places(merged, one)) == 1 for one in rules)


@settings(max_examples=40)  # a chain of merges, each of which parses every file anew
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(EditOperation),
            st.integers(0, 3),
            st.sampled_from([None, "src/**", "lib/**"]),
            st.booleans(),
        ),
        max_size=8,
    )
)
def test_whatever_is_edited_no_group_says_a_rule_twice(
    steps: list[tuple[EditOperation, int, str | None, bool]],
) -> None:
    files = dict(BASE)
    for number, (operation, which, scope, is_apart) in enumerate(steps):
        base_rule = rule(f"The rule number {which} of {'abcd'[which] * 9}.")
        amended = replace(base_rule, scope=scope, text=base_rule.text + " " + "x" * (number % 3))
        made = {EditOperation.ADD: replace(base_rule, scope=scope), EditOperation.RETIRE: base_rule}
        one = edit(made.get(operation, amended), operation)
        files = after(files, one, targets=(replace(CLAUDE, is_scoped_apart=is_apart), OTHER))

    said = {path: parse_rules_file(content).rules for path, content in files.items() if not is_ledger_path(path)}
    claude = [one.text for path, rules in said.items() if path != OTHER.path for one in rules]
    cline = [one.text for one in said.get(OTHER.path, ())]
    letters = [words.partition(".")[0][-1] for words in claude]
    assert len(letters) == len(set(letters))
    assert sorted(cline) == sorted(claude)
