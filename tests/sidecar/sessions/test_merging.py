"""The envelope of a session."""

import pytest

from sidecar.domain import (
    Channel,
    LoadedRules,
    RulesSource,
    RulesVersion,
)
from sidecar.sessions import MergeContext, merge
from tests.sidecar.sessions.observed import KEY, ended, keyed_hash, seen, session_of


def rules(path: str, *, sha: str | None = None, text: str | None = None) -> LoadedRules:
    source = RulesSource.LOADED_TEXT if sha is None else RulesSource.EXACT
    return LoadedRules(path=path, sha=sha, text=text, source=source)


def test_hash_and_text_of_one_file_are_one_entry() -> None:
    observations = [
        seen(1, cwd="/w", rules=(rules("CLAUDE.md", sha="a" * 40),)),
        seen(2, channel=Channel.TRANSCRIPT, cwd="/w", rules=(rules("/w/CLAUDE.md", text="rule"),)),
    ]

    assert session_of(observations).rules == (
        LoadedRules(path="CLAUDE.md", sha="a" * 40, text="rule", source=RulesSource.EXACT),
    )


def test_rules_outside_the_repository_are_left_out() -> None:
    outside = (rules("/home/dev/CLAUDE.md", text="mine"), rules("../CLAUDE.md", text="above"))

    assert session_of([seen(1, cwd="/w", rules=outside)]).rules == ()


def test_rules_version_is_what_the_context_makes_of_the_rules() -> None:
    def version(loaded: tuple[LoadedRules, ...]) -> RulesVersion:
        return RulesVersion(value=",".join(file.path for file in loaded), source=RulesSource.LOADED_TEXT)

    told = [seen(1, rules=(rules("b.md", text="b"), rules("a.md", text="a")))]
    session = merge(KEY, told, context=MergeContext(keyed_hash=keyed_hash, rules_version=version))

    assert session.rules_version == RulesVersion(value="a.md,b.md", source=RulesSource.LOADED_TEXT)


def test_person_is_the_keyed_hash_of_the_user() -> None:
    assert session_of([seen(1, user="u-1")]).person == keyed_hash("u-1")


def test_newest_version_of_the_agent_counts() -> None:
    assert session_of([seen(1, agent_version="1.0"), seen(2, agent_version="1.1")]).agent_version == "1.1"


def test_model_that_answered_most_is_the_sessions() -> None:
    told = [seen(1, model="small"), seen(2, model="large"), seen(3, model="large"), seen(4)]

    assert session_of(told).model == "large"


def test_every_null_has_its_reason_and_nothing_else_has_one() -> None:
    session = session_of([seen(1)])

    nulls = {"agent_version", "model", "project", "branch", "base_commit", "head_commit", "cwd", "task", "person"}
    nulls |= {"rules_version", "is_headless", "ended_ns", "end_reason", "first_prompt"}
    assert set(session.missing) == nulls


def test_reason_for_no_end_tells_a_reopened_session() -> None:
    reopened = session_of([ended(1), seen(2)])

    assert reopened.missing["end_reason"] == "it went on after its last end"


def test_nothing_to_merge_is_an_error() -> None:
    with pytest.raises(ValueError, match="no observation"):
        session_of([])
