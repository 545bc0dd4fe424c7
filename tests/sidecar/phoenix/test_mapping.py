"""What a session looks like in Phoenix, whatever is in it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from sidecar.domain import (
    AgentName,
    LoadedRules,
    ProjectId,
    RuleId,
    RulesSource,
    Session,
    SessionId,
    SessionKey,
    Step,
    StepId,
    StepKind,
    TeamId,
)
from sidecar.phoenix.mapping import (
    active_rule_ids,
    phoenix_project,
    phoenix_session,
    root_span_ids,
    session_spans,
    span_request,
)
from sidecar.phoenix.values import HEAD_CHARACTERS, TAIL_CHARACTERS
from tests.contracts.records import PROJECT, TEAM, make_key, make_rule, make_session

HOSTILE = st.text(st.characters(codec=None), max_size=40)
"""Any text, halves of surrogate pairs and NUL included."""
STEPS = st.lists(
    st.builds(
        Step,
        step_id=st.uuids().map(lambda one: StepId(str(one))),
        kind=st.sampled_from(StepKind),
        at_ns=st.integers(-(2**70), 2**70),
        ended_ns=st.none() | st.integers(-(2**70), 2**70),
        tool=st.none() | HOSTILE,
        command=st.none() | HOSTILE,
        path=st.none() | HOSTILE,
        new_text=st.none() | HOSTILE,
        output=st.none() | HOSTILE,
        is_success=st.none() | st.booleans(),
        exit_code=st.none() | st.integers(),
        text=st.none() | HOSTILE,
        agent_id=st.none() | HOSTILE,
    ),
    max_size=8,
)


def step(step_id: str, kind: StepKind = StepKind.TOOL_CALL, **fields: object) -> Step:
    return Step(step_id=StepId(step_id), kind=kind, at_ns=int(step_id.strip("abcp") or 1), **fields)  # pyright: ignore[reportArgumentType] # fields of the record


def with_steps(*steps: Step) -> Session:
    return Session(
        key=make_key(), state=make_session().state, project=PROJECT, started_ns=1, last_activity_ns=9, steps=steps
    )


def values(span: Span) -> dict[str, str]:
    return {pair.key: pair.value.string_value for pair in span.attributes}


@given(steps=STEPS)
def test_every_session_becomes_spans_that_can_be_sent(steps: list[Step]) -> None:
    session = with_steps(*steps)

    spans = session_spans(session, ())

    sent = ExportTraceServiceRequest.FromString(span_request("p", spans).SerializeToString())
    assert len(sent.resource_spans[0].scope_spans[0].spans) == len(spans)
    assert all("\0" not in text for span in spans for text in values(span).values())
    assert all(span.start_time_unix_nano <= span.end_time_unix_nano < 2**63 for span in spans)


@given(steps=STEPS)
def test_each_step_is_one_span_of_its_own_under_the_root_of_its_turn(steps: list[Step]) -> None:
    session = with_steps(*steps)

    spans = session_spans(session, ())

    roots = {span.span_id: span.trace_id for span in spans if not span.parent_span_id}
    children = [span for span in spans if span.parent_span_id]
    prompts = [one for one in steps if one.kind is StepKind.PROMPT and one.agent_id is None]
    assert [span_id.hex() for span_id in roots] == root_span_ids(session)
    assert len(children) == len(steps) - len(prompts)
    assert len({span.span_id for span in spans}) == len(spans)
    assert all(roots[span.parent_span_id] == span.trace_id for span in children)


def test_a_resume_adds_spans_and_changes_none_of_the_known_ids() -> None:
    before = session_spans(with_steps(step("1p", StepKind.PROMPT), step("2a")), ())

    after = session_spans(with_steps(step("1p", StepKind.PROMPT), step("2a"), step("3p", StepKind.PROMPT)), ())

    assert [span.span_id for span in before] == [span.span_id for span in after[:2]]
    assert len(after) == 3


def test_equal_step_ids_of_two_sessions_are_two_spans() -> None:
    first, second = with_steps(step("1a")), with_steps(step("1a"))
    second = replace(second, key=make_key("s2"))

    ids = [span.span_id for session in (first, second) for span in session_spans(session, ())]

    assert len(set(ids)) == 4


def test_a_turn_shows_what_was_asked_and_last_answered() -> None:
    session = with_steps(
        step("1p", StepKind.PROMPT, text="fix it"),
        step("2a", StepKind.MODEL_CALL, text="let me look"),
        step("3a", StepKind.MODEL_CALL, text="done"),
        step("4a", StepKind.MODEL_CALL, text="a sub-agent's words", agent_id="sub"),
    )

    root, *_ = session_spans(session, ())

    assert (values(root)["input.value"], values(root)["output.value"]) == ("fix it", "done")
    assert values(root)["openinference.span.kind"] == "AGENT"


def test_a_failed_command_is_an_error_with_its_input_and_output() -> None:
    session = with_steps(step("1a", tool="Bash", command="make", output="no rule", is_success=False, exit_code=2))

    _, span = session_spans(session, ())

    assert (span.name, span.status.code, span.status.message) == ("Bash", Status.STATUS_CODE_ERROR, "exit code 2")
    assert (values(span)["input.value"], values(span)["output.value"]) == ("make", "no rule")
    assert values(span)["openinference.span.kind"] == "TOOL"


def test_an_edit_shows_its_file_and_both_texts() -> None:
    session = with_steps(step("1a", StepKind.EDIT, path="a.py", old_text="x", new_text="y"))

    _, span = session_spans(session, ())

    assert json.loads(values(span)["input.value"]) == {"path": "a.py", "old_text": "x", "new_text": "y"}


def test_a_long_output_keeps_its_head_and_tail() -> None:
    output = "a" * HEAD_CHARACTERS + "b" * 1_000_000 + "c" * TAIL_CHARACTERS

    _, span = session_spans(with_steps(step("1a", output=output)), ())

    shown = values(span)["output.value"]
    assert shown.startswith("a" * HEAD_CHARACTERS + "\n")
    assert shown.endswith("\n" + "c" * TAIL_CHARACTERS)
    assert "1000000 characters" in shown


def test_sessions_can_be_filtered_by_what_was_active() -> None:
    session = make_session(task="key:A-1")

    root, *_ = session_spans(session, (RuleId("aaaabbbbcccc"),))

    metadata = json.loads(values(root)["metadata"])
    assert metadata["rules_version"] == "0011223344556677"
    assert metadata["rules"] == ["aaaabbbbcccc"]
    assert (metadata["project"], metadata["task"]) == (PROJECT, "key:A-1")


def test_rules_that_are_not_known_are_not_said_to_be_none() -> None:
    root, *_ = session_spans(with_steps(), active_rule_ids(with_steps(), {}))

    assert "rules" not in json.loads(values(root)["metadata"])


@pytest.mark.parametrize(
    "loaded",
    [
        LoadedRules(path="CLAUDE.md", sha="aa" * 20, source=RulesSource.EXACT),
        LoadedRules(path="CLAUDE.md", text="- Run the tests with `make test`.\n", source=RulesSource.LOADED_TEXT),
    ],
)
def test_active_rules_are_found_by_the_files_hash_or_by_its_text(loaded: LoadedRules) -> None:
    session = replace(make_session(), rules=(loaded,))

    assert active_rule_ids(session, {"aa" * 20: [make_rule()]}) == ("aaaabbbbcccc",)


def test_names_hold_no_character_that_phoenix_takes_for_a_path() -> None:
    assert phoenix_project(TEAM, ProjectId("git.corp/a/b#?c")) == "git.corp:a:b::c"
    assert phoenix_project(TEAM, None) == "unassigned"
    assert phoenix_project(TeamId("other"), PROJECT) != phoenix_project(TEAM, PROJECT)


def test_two_teams_never_share_a_session() -> None:
    keys = [
        SessionKey(team=TeamId(team), agent=AgentName("cline"), session_id=SessionId("1")) for team in ("a", "local")
    ]

    assert [phoenix_session(key) for key in keys] == ["1@a", "1"]


def test_a_turn_whose_words_were_not_kept_shows_what_is_known_of_it() -> None:
    mark = "[prompt 0123456789abcdef 52 SHOP-12]"
    session = with_steps(
        step("1p", StepKind.PROMPT, text=f"{mark} No, use make."),
        step("2a", command="make check", exit_code=2, is_success=False),
        step("3a", StepKind.MODEL_CALL),
    )

    root, *_ = session_spans(session, ())

    assert values(root)["input.value"] == "SHOP-12: a prompt of 52 characters, not kept; of it: No, use make."
    assert values(root)["output.value"] == "$ make check\nexit code 2"
