"""Which rules a session had does not depend on when it was projected, nor on how its machine ends lines."""

import asyncio
import hashlib
import json
import time

from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, AgentName, Intake, RulesVersion, SessionId, SessionKey
from sidecar.installation import Installation
from sidecar.receive import Arrival
from sidecar.recordings.repositories import REMOTES
from tests.loop.conftest import MakeLoop
from tests.loop.loop import Loop

AT_NS = 1_795_000_000_000_000_000


def blob_sha(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def merged(loop: Loop) -> Loop:
    loop.propose_and_sync()
    loop.squash_merge()
    loop.run("sync")
    return loop


def rules_text(loop: Loop, commit: str = "main") -> str:
    return loop.git("cat-file", "-p", f"{commit}:CLAUDE.md") + "\n"


def arrived(loop: Loop, *arrivals: Arrival) -> None:
    with Installation.open(DataDir.open(loop.data), load_config(loop.data / "sidecar.toml", {}), owner="t") as opened:

        async def receive() -> None:
            for arrival in arrivals:
                await opened.receiver().receive(arrival)

        asyncio.run(receive())
        opened.projector().run(now_ns=time.time_ns())


def started(loop: Loop, session_id: str, sha: str | None) -> Arrival:
    """Our start hook's message, with the hash of the rules file as it lies on the machine."""
    body = {
        "hook": {"session_id": session_id, "hook_event_name": "SessionStart", "source": "startup", "cwd": "/w"},
        "observed_ns": AT_NS,
        "repository": {"remote": REMOTES[loop.repository], "head": "0" * 40, "branch": "main"},
        "rules": [] if sha is None else [{"path": "CLAUDE.md", "sha": sha}],
    }
    return Arrival(
        team=LOCAL_TEAM, intake=Intake.HOOK, body=json.dumps(body).encode(), received_ns=AT_NS, agent="claude-code"
    )


def loaded(session_id: str, text: str) -> Arrival:
    """The line of a session file that shows the rules as the agent loaded them."""
    files = [{"type": "Project", "path": "/w/CLAUDE.md", "content": text}]
    line = {
        "type": "attachment",
        "uuid": f"{session_id}-rules",
        "cwd": "/w",
        "timestamp": "2026-11-20T10:00:00Z",
        "attachment": {"type": "instructions", "files": files},
    }
    return Arrival(
        team=LOCAL_TEAM,
        intake=Intake.TRANSCRIPT,
        body=json.dumps(line).encode() + b"\n",
        received_ns=AT_NS,
        agent="claude-code",
        parameters={"session": session_id},
    )


def stopped(session_id: str, at_ns: int) -> Arrival:
    body = {"session_id": session_id, "hook_event_name": "Notification", "message": f"{at_ns}"}
    return Arrival(
        team=LOCAL_TEAM,
        intake=Intake.HOOK,
        body=json.dumps(body).encode(),
        received_ns=at_ns,
        agent="claude-code",
        observed_ns=at_ns,
    )


def in_my_words(loop: Loop, old: str = "Run the checks", new: str = "Always run the checks") -> None:
    """A person rewords a rule in every target."""
    texts = {
        path: loop.git("cat-file", "-p", f"main:{path}") + "\n" for path in ("CLAUDE.md", ".clinerules/learned.md")
    }
    loop.commit("In my words", {path: text.replace(old, new) for path, text in texts.items()})


def version(loop: Loop, session_id: str) -> RulesVersion | None:
    config = load_config(loop.data / "sidecar.toml", {})
    with Installation.open(DataDir.open(loop.data), config, owner="t") as opened:
        key = SessionKey(team=LOCAL_TEAM, agent=AgentName("claude_code"), session_id=SessionId(session_id))
        stored = opened.store.session(key)
    assert stored is not None
    return stored.session.rules_version


def test_windows_line_ends_are_the_same_rules(judged: MakeLoop) -> None:
    loop = merged(judged("shop"))
    text = rules_text(loop)

    arrived(loop, started(loop, "unix", blob_sha(text.encode())))
    arrived(loop, started(loop, "windows", blob_sha(text.replace("\n", "\r\n").encode())))

    assert version(loop, "unix") is not None
    assert version(loop, "windows") == version(loop, "unix")


def test_rules_file_that_stood_between_two_syncs_is_found_in_the_history(judged: MakeLoop) -> None:
    loop = merged(judged("shop"))
    now = rules_text(loop)
    loop.commit("Another head line", {"CLAUDE.md": f"# For a while\n\n{now}"})
    between = rules_text(loop)
    loop.commit("And back", {"CLAUDE.md": now})
    arrived(loop, started(loop, "now", blob_sha(now.encode())), started(loop, "between", blob_sha(between.encode())))

    loop.run("sync")

    assert version(loop, "between") == version(loop, "now") is not None


def test_words_that_a_person_changed_are_known_after_the_sync(judged: MakeLoop) -> None:
    loop = merged(judged("shop"))
    theirs = rules_text(loop).replace("Run the checks", "Always run the checks")
    arrived(loop, started(loop, "before", None), loaded("before", theirs))
    in_my_words(loop)

    loop.run("sync")
    arrived(loop, started(loop, "after", None), loaded("after", theirs))

    assert version(loop, "before") == version(loop, "after") is not None


def test_words_that_were_changed_twice_are_still_known(judged: MakeLoop) -> None:
    loop = merged(judged("shop"))
    first = rules_text(loop).replace("Run the checks", "Always run the checks")
    in_my_words(loop)
    loop.run("sync")
    arrived(loop, started(loop, "s", None), loaded("s", first))
    told = version(loop, "s")
    in_my_words(loop, "Always run", "Please always run")
    loop.run("sync")

    arrived(loop, stopped("s", AT_NS + 10**15))

    assert version(loop, "s") == told is not None
