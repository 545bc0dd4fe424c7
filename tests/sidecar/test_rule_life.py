"""The whole life of a rule is told, whatever became of it."""

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sidecar.domain import (
    EditOperation,
    LoadedRules,
    Proposal,
    ProposalState,
    PullRequest,
    Refusal,
    Rule,
    RuleEdit,
    RuleQuote,
    RulesSource,
    SessionId,
    StepId,
    Tombstone,
)
from sidecar.errors import AmbiguousError, NotFoundError
from sidecar.gate import refusal_id
from sidecar.proposals import proposal_id
from sidecar.rule_life import RuleLife, life_document, life_lines, rule_life
from sidecar.store import Store
from tests.contracts.records import COMMIT, PROJECT, TEAM, make_decision, make_key, make_session, make_verdict
from tests.sidecar.jobs.standing import DAY_NS, NOW_NS, edit, rule

RUN = replace(rule("Run `make check`."), evidence=("s1", "gone"))
REQUEST = PullRequest(number=7, url="https://forge.example/7", state="merged", review=None)


@pytest.fixture
def store(tmp_path: Path) -> Generator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    opened.set_session(make_session(make_key("s1"), started_ns=NOW_NS - DAY_NS), make_decision(), now_ns=NOW_NS)
    verdict = make_verdict(make_key("s1"), version="v7")
    opened.set_verdict(make_key("s1"), revision=1, judge="evidence", judge_version="v7", verdict=verdict)
    yield opened
    opened.close()


def propose(
    store: Store,
    *edits: RuleEdit,
    state: ProposalState = ProposalState.OPEN,
    request: PullRequest | None = None,
    at_ns: int = NOW_NS - 100 * DAY_NS,
) -> Proposal:
    made = Proposal(
        proposal_id=proposal_id(PROJECT, f"{COMMIT}{at_ns}", edits),
        project=PROJECT,
        state=state,
        base_commit=COMMIT,
        edits=edits,
        content_hash="",
        created_ns=at_ns,
        pull_request=request,
    )
    store.set_proposal(made)
    return made


def stands(store: Store, *rules: Rule, at_ns: int = NOW_NS - 90 * DAY_NS) -> None:
    store.set_base_rules(PROJECT, COMMIT, rules)
    store.decisions.set_in_force(PROJECT, rules, now_ns=at_ns)


def life(store: Store, identity: str) -> RuleLife:
    return rule_life(store, {PROJECT: TEAM}, identity)


def told(store: Store, identity: str) -> Any:
    """The document as a script reads it."""
    return json.loads(json.dumps(life_document(life(store, identity))))


def test_rule_that_waits_names_its_evidence_and_its_pull_request(store: Store) -> None:
    made = propose(store, edit(RUN), request=replace(REQUEST, state="open"))

    document = told(store, RUN.rule_id)

    assert (document["state"], document["text"], document["gate"]) == (
        "proposed",
        "Run `make check`.",
        {"result": "passed", "reasons": []},
    )
    assert document["evidence"] == {
        "tasks": 2,
        "persons": 1,
        "sessions": [
            {
                "id": "s1",
                "agent": "claude_code",
                "started": "2024-10-03T00:00:00+00:00",
                "task": "branch:feature/x",
                "label": "code_fail",
                "judges": [{"name": "evidence", "version": "v7"}],
                "missing": None,
            },
            {
                "id": "gone",
                "agent": None,
                "started": None,
                "task": None,
                "label": None,
                "judges": [],
                "missing": "not stored any more",
            },
        ],
        "quotes": [],
    }
    (proposed,) = document["proposals"]
    assert (proposed["id"], proposed["state"], proposed["created"], proposed["pull_request"]["url"]) == (
        made.proposal_id,
        "open",
        "2024-06-26T00:00:00+00:00",
        REQUEST.url,
    )


def test_quotes_are_told_as_the_pull_request_shows_them(store: Store) -> None:
    quote = RuleQuote(text="a: not found\nb", session=SessionId("s1"), step_id=StepId("t4"), command="a b")
    propose(store, replace(edit(RUN), placed_quotes=(quote,)))

    told_lines = "\n".join(life_lines(life(store, RUN.rule_id)))

    assert "\n    session s1, step t4\n      $ a b\n      a: not found\n      b\n" in told_lines
    assert told(store, RUN.rule_id)["evidence"]["quotes"] == [
        {"session": "s1", "step": "t4", "command": "a b", "path": None, "text": "a: not found\nb"}
    ]


def test_rule_in_force_says_since_when_and_how_often_it_was_met(store: Store) -> None:
    scoped = rule("Do not edit `src/api.py`.", "src/**")
    propose(store, edit(scoped), state=ProposalState.MERGED, request=REQUEST)
    stands(store, scoped)
    loaded = LoadedRules(
        path="CLAUDE.md", text="- In `src/**`: Do not edit `src/api.py`.", source=RulesSource.LOADED_TEXT
    )
    for name, path in (("a", "src/api.py"), ("b", "lib/a.py")):
        made = replace(make_session(make_key(name), started_ns=NOW_NS), rules=(loaded,))
        steps = tuple(replace(step, path=path) for step in made.steps)
        store.set_session(replace(made, steps=steps), make_decision(), now_ns=NOW_NS)

    document = told(store, scoped.rule_id)

    assert document["state"] == "active"
    assert document["stands"] == {
        "on_base": True,
        "base_commit": COMMIT,
        "since": "2024-07-06T00:00:00+00:00",
        "gone": None,
        "seen_in": ["CLAUDE.md"],
    }
    assert document["exposure"] == {"shown": 2, "met": 1, "last": "2024-10-04T00:00:00+00:00"}


def test_file_that_was_loaded_without_the_rule_did_not_bring_it(store: Store) -> None:
    stands(store, RUN)
    texts = {"CLAUDE.md": f"- {RUN.text}", "AGENTS.md": "Be kind."}
    loaded = tuple(LoadedRules(path=path, text=text, source=RulesSource.LOADED_TEXT) for path, text in texts.items())
    store.set_session(replace(make_session(make_key("a")), rules=loaded), make_decision(), now_ns=NOW_NS)

    assert told(store, RUN.rule_id)["stands"]["seen_in"] == ["CLAUDE.md"]


def test_every_session_that_met_a_rule_counts_however_many_came_since(store: Store) -> None:
    stands(store, RUN)
    loaded = LoadedRules(path="CLAUDE.md", text=f"- {RUN.text}", source=RulesSource.LOADED_TEXT)
    met = replace(make_session(make_key("met"), started_ns=NOW_NS - DAY_NS), rules=(loaded,))
    store.set_session(met, make_decision(), now_ns=NOW_NS)
    for number in range(1000):
        store.set_session(make_session(make_key(f"n{number}"), started_ns=NOW_NS), make_decision(), now_ns=NOW_NS)

    assert told(store, RUN.rule_id)["exposure"]["shown"] == 1


def test_words_of_a_person_are_told_beside_what_was_proposed(store: Store) -> None:
    propose(store, edit(RUN), state=ProposalState.MERGED)
    stands(store, replace(RUN, text="Run `make check` twice.", is_human=True))

    document = told(store, RUN.rule_id)

    assert (document["text"], document["human"]) == ("Run `make check` twice.", True)
    assert [one["text"] for one in document["proposals"]] == [RUN.text]


def test_retired_rule_says_why_and_when_it_went(store: Store) -> None:
    propose(store, edit(RUN), state=ProposalState.MERGED)
    stands(store, RUN)
    gone = replace(edit(RUN, EditOperation.RETIRE), reason="No session met it.")
    propose(store, gone, state=ProposalState.MERGED, at_ns=NOW_NS)
    stands(store, at_ns=NOW_NS)

    document = told(store, RUN.rule_id)

    assert (document["state"], document["ended_because"]) == ("retired", "No session met it.")
    assert [one["op"] for one in document["proposals"]] == ["add", "retire"]
    assert "ended because: No session met it." in "\n".join(life_lines(life(store, RUN.rule_id)))


def test_rule_rests_on_what_speaks_for_it_and_not_on_what_retired_it(store: Store) -> None:
    against = RuleQuote(text="fails all the same", session=SessionId("s9"), step_id=StepId("t1"))
    propose(store, edit(RUN), state=ProposalState.MERGED)
    gone = replace(edit(RUN, EditOperation.RETIRE), task_count=6, person_count=6, placed_quotes=(against,))
    propose(store, gone, state=ProposalState.MERGED, at_ns=NOW_NS)

    evidence = told(store, RUN.rule_id)["evidence"]

    assert (evidence["tasks"], evidence["persons"], evidence["quotes"]) == (2, 1, [])


def test_amended_rule_rests_on_the_tasks_of_its_earlier_words_too(store: Store) -> None:
    for number in (2, 3):
        session = make_session(make_key(f"s{number}"), task=f"branch:{number}", started_ns=NOW_NS)
        store.set_session(session, make_decision(), now_ns=NOW_NS)
    propose(store, edit(RUN), state=ProposalState.MERGED)
    better = replace(RUN, text="Run `make check` first.", evidence=("s1", "s2", "s3"))
    propose(store, edit(better, EditOperation.AMEND), state=ProposalState.MERGED, at_ns=NOW_NS)

    assert "  rests on 4 sessions, 3 tasks, 1 person" in life_lines(life(store, RUN.rule_id))


def test_rule_that_people_deleted_is_retired_with_their_reason(store: Store) -> None:
    stands(store, RUN)
    stands(store, at_ns=NOW_NS)
    store.add_tombstone(stone("deleted from the file"))

    document = told(store, RUN.rule_id)

    assert (document["state"], document["ended_because"]) == ("retired", "deleted from the file")
    assert document["tombstone"] == {"reason": "deleted from the file", "at": "2024-10-04T00:00:00+00:00"}


def stone(reason: str) -> Tombstone:
    return Tombstone(project=PROJECT, rule_id=RUN.rule_id, text=RUN.text, signature=None, reason=reason, at_ns=NOW_NS)


def test_declined_rule_has_the_reviewers_words(store: Store) -> None:
    declined = replace(REQUEST, state="closed", review="We use tox.")
    propose(store, edit(RUN), state=ProposalState.CLOSED, request=declined)
    store.add_tombstone(stone("We use tox."))

    document = told(store, RUN.rule_id)

    assert (document["state"], document["ended_because"]) == ("declined", "We use tox.")
    lines = "\n".join(life_lines(life(store, RUN.rule_id)))
    assert "the reviewer said: We use tox." in lines
    assert f"sidecar rules allow {RUN.rule_id}" in lines


def test_decline_that_people_took_back_is_told_with_their_words(store: Store) -> None:
    propose(store, edit(RUN), state=ProposalState.CLOSED)
    store.add_tombstone(stone("We use tox."))
    store.allow_rules([stone("We use tox.")], because="No more.", now_ns=NOW_NS)

    document = told(store, RUN.rule_id)

    assert (document["state"], document["ended_because"], document["tombstone"]) == ("allowed", None, None)
    assert "allowed to come again 2024-10-04T00:00:00+00:00: No more." in life_lines(life(store, RUN.rule_id))[-1]


def test_merged_rules_name_each_other(store: Store) -> None:
    both = replace(rule("Both."), supersedes=(RUN.rule_id,))
    propose(store, edit(RUN), state=ProposalState.MERGED)
    propose(store, edit(both, EditOperation.MERGE), state=ProposalState.MERGED, at_ns=NOW_NS)
    stands(store, both)

    assert told(store, both.rule_id)["supersedes"] == [RUN.rule_id]
    old = told(store, RUN.rule_id)
    assert (old["state"], old["superseded_by"], old["ended_because"]) == (
        "superseded",
        [both.rule_id],
        f"merged into {both.rule_id}",
    )


def test_refused_text_has_the_gates_reasons_and_the_way_out(store: Store) -> None:
    store.add_refusal(Refusal(project=PROJECT, text="curl it", reasons=("names a URL",), at_ns=NOW_NS))
    identity = refusal_id(PROJECT, "curl it")

    document = told(store, identity)

    assert (document["state"], document["text"]) == ("refused", "curl it")
    assert document["gate"] == {"result": "refused", "reasons": ["names a URL"], "at": "2024-10-04T00:00:00+00:00"}
    assert f"sidecar rules adopt {identity}" in life_lines(life(store, identity))[-1]


@pytest.mark.parametrize("length", [4, 12])
def test_first_characters_of_an_id_are_enough_where_no_other_begins_so(store: Store, length: int) -> None:
    stands(store, RUN, rule("Another."))

    assert life(store, f" {RUN.rule_id[:length].upper()} ").identity == RUN.rule_id


def test_id_that_several_begin_with_names_them(store: Store) -> None:
    rules = [replace(rule(f"Rule {number}."), rule_id=type(RUN.rule_id)(f"aa{number:010}")) for number in range(7)]
    stands(store, *rules)

    with pytest.raises(AmbiguousError, match=r"7 rules .*aa0000000000 in example\.org/shop.* and 2 more; give more"):
        life(store, "aa")


@pytest.mark.parametrize("identity", ["", " ", "zzz", "%", "../x"])
def test_unknown_id_says_where_ids_are(store: Store, identity: str) -> None:
    stands(store, RUN)

    with pytest.raises(NotFoundError, match="`sidecar rules list` shows"):
        life(store, identity)
