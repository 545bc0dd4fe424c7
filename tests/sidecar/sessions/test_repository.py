"""What repository a session worked on."""

import pytest

from sidecar.domain import (
    Channel,
    ProjectId,
    StepId,
    StepKind,
    StepPart,
)
from sidecar.sessions import MergeContext, merge, project_of
from tests.sidecar.sessions.observed import KEY, command, ended, keyed_hash, seen, session_of

BASE = "9782ca2"
FULL_BASE = "9782ca2" + "0" * 33
FULL_HEAD = "1234567" + "a" * 33


@pytest.mark.parametrize(
    ("line", "output", "head"),
    [
        ("git commit -m x", "[main 1234567] x\n 1 file changed", "1234567"),
        ("git add -A && git commit -m x", "[fix/y (root-commit) 1234567] x", "1234567"),
        ("git commit -m x", "[detached HEAD 1234567] x", "1234567"),
        ("git commit -m a; git commit -m b", "[m 1111111] a\n[m 2222222] b", "2222222"),
        ("git commit -qm x; git rev-parse HEAD", "noise\n" + FULL_HEAD, FULL_HEAD),
        ("git -C sub commit -q -m x && git rev-parse --short HEAD", "1234567", "1234567"),
        ("git commit -m x", "nothing to commit, working tree clean", None),
        ("git commit -qm x; git rev-parse HEAD", FULL_BASE, None),
        ("cat log", "[main 1234567] x", None),
        ("git log", "[main 1234567] x", None),
    ],
)
def test_head_commit_is_the_last_one_that_the_agent_made(line: str, output: str, head: str | None) -> None:
    session = session_of([seen(0, base_commit=BASE), command(1, line, output)])

    assert session.head_commit == head


def test_command_that_committed_is_a_commit() -> None:
    (step,) = session_of([command(1, "git commit -m x", "[main 1234567] x")]).steps

    assert step.kind is StepKind.COMMIT


def test_command_that_had_nothing_to_commit_is_no_commit() -> None:
    asked = command(1, "git commit -qm x; git rev-parse HEAD", FULL_BASE)

    (step,) = session_of([seen(0, base_commit=BASE), asked]).steps

    assert step.kind is StepKind.TOOL_CALL


def test_quiet_commit_is_known_from_what_the_agent_measured() -> None:
    exported = seen(
        2, channel=Channel.OTLP, head_commit=FULL_HEAD, step=StepPart(step_id=StepId("t"), kind=StepKind.TOOL_CALL)
    )

    session = session_of([command(1, "git commit -qm x", "", step_id="t"), exported])

    assert (session.head_commit, session.steps[0].kind) == (FULL_HEAD, StepKind.COMMIT)


def test_full_hash_replaces_its_prefix() -> None:
    made = command(1, "git commit -m x", "[main 1234567] x")
    starts = [seen(0, base_commit=BASE), seen(9, base_commit=FULL_HEAD), seen(8, base_commit=FULL_BASE)]

    session = session_of([made, *starts])

    assert (session.base_commit, session.head_commit) == (FULL_BASE, FULL_HEAD)


@pytest.mark.parametrize(
    ("line", "output"), [("git commit -m x", "[main 1234567] x"), ("git commit -qm x", ""), ("make release", None)]
)
def test_commit_measured_at_the_end_is_the_sessions_where_it_asked_for_one(line: str, output: str | None) -> None:
    measured = [seen(0, base_commit=FULL_BASE), ended(9, head_commit=FULL_HEAD)]

    session = session_of([*measured, command(1, line, output or "pulled")])

    assert session.head_commit == (None if output is None else FULL_HEAD)


def test_commit_measured_at_the_end_is_none_where_the_session_committed_nothing() -> None:
    measured = [seen(0, base_commit=FULL_BASE), ended(9, head_commit=FULL_BASE)]

    session = session_of([*measured, command(1, "git commit -m x", "nothing to commit, working tree clean")])

    assert (session.base_commit, session.head_commit) == (FULL_BASE, None)


def test_prefix_that_two_hashes_share_stays_a_prefix() -> None:
    others = [seen(n, base_commit=BASE + str(n) * 33) for n in (1, 2)]

    assert session_of([seen(0, base_commit=BASE), *others]).base_commit == BASE


def test_commit_of_a_resume_is_not_the_one_it_began_on() -> None:
    session = session_of([seen(1, base_commit=FULL_BASE), seen(9, base_commit=FULL_HEAD)])

    assert (session.base_commit, session.head_commit) == (FULL_BASE, None)


def test_branch_is_the_tasks_own_once_there_is_one() -> None:
    session = session_of([seen(1, branch="main"), seen(2, branch="fix/x"), seen(3, branch="main")])

    assert session.branch == "fix/x"


@pytest.mark.parametrize(
    ("remote", "project"),
    [
        ("https://github.com/Example-Org/Calc.git", "github.com/example-org/calc"),
        ("https://user:token@github.com/a/b", "github.com/a/b"),
        ("https://[REDACTED:basic-auth:0a1b2c3d]@github.com/a/b.git", "github.com/a/b"),
        ("git@github.com:a/b.git", "github.com/a/b"),
        ("github.com:a/b", "github.com/a/b"),
        ("ssh://git@host:22/a/b.git", "host/a/b"),
        ("ssh://git@host:2222/a/b.git", "host:2222/a/b"),
        ("https://host:443/a/b/", "host/a/b"),
        ("git://host/a/b.git?x=1", "host/a/b"),
        ("https://gitlab.example/group/sub/project.git", "gitlab.example/group/sub/project"),
        ("file:///srv/git/calc.git", "localhost/srv/git/calc"),
        ("/srv/git/calc.git", "localhost/srv/git/calc"),
        ("  https://host/a/b  ", "host/a/b"),
        ("https://host/", None),
        ("", None),
        ("calc", None),
    ],
)
def test_project_is_host_and_path_of_the_remote(remote: str, project: str | None) -> None:
    assert project_of(remote) == project


@pytest.mark.parametrize("channel", [Channel.TRANSCRIPT, Channel.HOOK, Channel.OTLP])
def test_remote_told_while_the_session_ran_counts_before_one_of_no_time(channel: Channel) -> None:
    told = seen(9, channel=channel, remote="https://host/a/then")
    measured = seen(1, is_timed=False, channel=Channel.TRANSCRIPT, remote="https://host/a/now")

    assert session_of([measured, told]).project == "host/a/then"
    assert session_of([measured]).project == "host/a/now"


def test_alias_of_a_remote_is_its_project() -> None:
    aliases = {ProjectId("host/me/calc"): ProjectId("host/us/calc")}

    session = merge(
        KEY,
        [seen(1, remote="git@host:me/calc.git")],
        context=MergeContext(keyed_hash=keyed_hash, project_aliases=aliases),
    )

    assert session.project == "host/us/calc"


@pytest.mark.parametrize(("branch", "is_shared"), [("next", True), ("topic", False)])
def test_main_branch_that_people_named_is_shared(branch: str, is_shared: bool) -> None:
    project = ProjectId("host/us/calc")
    context = MergeContext(keyed_hash=keyed_hash, default_branches={project: "next"})

    session = merge(KEY, [seen(1, remote="git@host:us/calc.git", branch=branch)], context=context)

    assert (session.project, session.is_branch_shared) == (project, is_shared)
    assert session.task == (None if is_shared else "branch:topic")
