"""Webhooks over HTTP: who is let in, what is kept, and what the session shows of it."""

import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx
import pytest

from sidecar.config import Config, Credentials, ProjectConfig
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM
from sidecar.installation import Installation
from sidecar.judge_views import Viewer, view_of
from sidecar.serve import Address, running
from tests.contracts import deliveries
from tests.contracts.deliveries import COMMIT, MERGE, SECRET, Body, as_bytes, github_headers, gitlab_headers
from tests.reading import caught_up_by
from tests.sidecar.conftest import Served

SECOND_NS = 1_000_000_000
END_NS = 1_795_600_000 * SECOND_NS


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooked:
    """A sidecar that knows the forges' secret."""

    client: httpx.AsyncClient
    installation: Installation

    async def send(self, event: str, body: Body, *, delivery: str = "d-1", **headers: str) -> httpx.Response:
        """A delivery as GitHub sends it."""
        content = as_bytes(body)
        signed = github_headers(event, content, delivery=delivery) | headers
        return await self.client.post("/webhooks/github", content=content, headers=signed)

    async def edited_session(self) -> None:
        """A session on a branch of its own that changed a file, committed it and ended."""
        base: dict[str, object] = {"session_id": "s-1", "cwd": "/w"}
        response = {"stdout": f"[feature/till {COMMIT[:9]}] x\n", "stderr": "", "interrupted": False}
        repository = {"remote": "https://github.com/fork/shop", "head": "b" * 40, "branch": "feature/till"}
        told: list[dict[str, object]] = [
            {"hook_event_name": "SessionStart", "source": "startup"},
            {
                "hook_event_name": "PostToolUse",
                "tool_name": "Edit",
                "tool_use_id": "t-1",
                "tool_input": {"file_path": "/w/src/cart.py", "old_string": "a", "new_string": "b"},
                "tool_response": {},
            },
            {
                "hook_event_name": "PostToolUse",
                "tool_name": "Bash",
                "tool_use_id": "t-2",
                "tool_input": {"command": "git commit -am x"},
                "tool_response": response,
            },
            {"hook_event_name": "SessionEnd", "reason": "exit"},
        ]
        for at, hook in enumerate(told):
            sent = {"hook": base | hook, "observed_ns": END_NS + at, "repository": repository}
            assert (await self.client.post("/hooks/claude_code", json=sent)).status_code == 200

    async def session(self) -> dict[str, object]:
        """What the API shows of that session."""
        return (await caught_up_by(self.client, "/api/sessions/s-1")).json()

    def packet(self) -> str:
        """What the failure judge is shown of it, as `sidecar packet s-1` prints it."""
        return view_of(self.installation, LOCAL_TEAM, "s-1", None, Viewer.FAILURE)[1].text

    def rows(self) -> int:
        """Rows of the inbox."""
        return sum(self.installation.inbox.counts().values())


@pytest.fixture
async def hooked(tmp_path: Path) -> AsyncGenerator[Hooked]:
    shop = ProjectConfig(url="/nowhere", aliases=("github.com/fork/shop",))
    config = Config(projects={"github.com/acme/shop": shop})
    credentials = Credentials(webhook_secret=SECRET)
    owner = f"test:{time.monotonic_ns()}"
    with Installation.open(DataDir.open(tmp_path), config, owner=owner, credentials=credentials) as installation:
        loopback = Address(host="127.0.0.1", port=0)
        async with (
            running(installation, loopback, None) as sidecar,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{sidecar.http_port}", timeout=20) as client,
        ):
            yield Hooked(client=client, installation=installation)


async def test_a_check_speaks_of_the_session_that_made_its_commit(hooked: Hooked) -> None:
    await hooked.edited_session()

    answer = await hooked.send("check_run", deliveries.check_run("failure"))

    assert (answer.status_code, answer.json()) == (200, {"stored": True, "new": True})
    outcome = (await hooked.session())["outcome"]
    assert isinstance(outcome, dict)
    assert outcome["label"] == "code_fail"
    assert outcome["reason"] == "the only check for commit 0123456789ab: check test failed; it names no test"


async def test_a_delivery_is_taken_once(hooked: Hooked) -> None:
    sent = [await hooked.send("check_run", deliveries.check_run()) for _ in range(2)]
    other = await hooked.send("check_run", deliveries.check_run(), delivery="d-2")

    assert [answer.json()["new"] for answer in (*sent, other)] == [True, False, True]
    assert hooked.rows() == 2


async def test_a_replay_under_another_name_changes_nothing(hooked: Hooked) -> None:
    await hooked.edited_session()
    await hooked.send("check_run", deliveries.check_run())
    before = await hooked.session()

    await hooked.send("check_run", deliveries.check_run(), delivery="replayed")

    assert await hooked.session() == before


@pytest.mark.parametrize("event", ["ping", "star", "issues", "deployment_status"])
async def test_a_kind_we_do_not_use_leaves_nothing(hooked: Hooked, event: str) -> None:
    answer = await hooked.send(event, {"zen": "x", "repository": deliveries.GITHUB_REPOSITORY})

    assert (answer.status_code, answer.json()) == (202, {"stored": False, "new": False})
    assert hooked.rows() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"x-hub-signature-256": "sha256=" + "0" * 64},
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": "sha1=0000000000000000000000000000000000000000"},
    ],
)
async def test_what_is_not_signed_is_refused(hooked: Hooked, headers: dict[str, str]) -> None:
    answer = await hooked.send("check_run", deliveries.check_run(), **headers)

    assert answer.status_code == 401
    assert "expected header X-Hub-Signature-256" in answer.json()["error"]
    assert hooked.rows() == 0


@pytest.mark.parametrize(
    ("content", "kind", "status", "said"),
    [
        (b"{", "application/json", 400, "not JSON"),
        (b"[]", "application/json", 400, "a JSON object was expected, got list"),
        (b"payload=%7B%7D", "application/x-www-form-urlencoded", 415, "application/json"),
    ],
)
async def test_what_cannot_be_read_says_why(hooked: Hooked, content: bytes, kind: str, status: int, said: str) -> None:
    headers = github_headers("check_run", content) | {"content-type": kind}

    answer = await hooked.client.post("/webhooks/github", content=content, headers=headers)

    assert answer.status_code == status
    assert said in answer.json()["error"]


async def test_a_delivery_over_the_limit_is_refused(hooked: Hooked) -> None:
    async def pieces() -> AsyncGenerator[bytes]:
        for _ in range(26):
            yield b" " * 1024 * 1024

    answer = await hooked.client.post("/webhooks/github", content=pieces())

    assert answer.status_code == 413


async def test_gitlab_is_read_too(hooked: Hooked) -> None:
    content = as_bytes(deliveries.pipeline("failed"))

    taken = await hooked.client.post("/webhooks/gitlab", content=content, headers=gitlab_headers("", content))
    wrong = await hooked.client.post("/webhooks/gitlab", content=content, headers={"x-gitlab-token": "x"})

    assert (taken.status_code, wrong.status_code) == (200, 401)


async def test_an_unknown_forge_is_not_found(hooked: Hooked) -> None:
    answer = await hooked.client.post("/webhooks/sourcehut", content=b"{}")

    assert answer.status_code == 404
    assert "/webhooks/github, /webhooks/gitlab" in answer.json()["error"]


async def test_without_a_secret_nothing_is_taken(served: Served) -> None:
    answer = await served.client.post("/webhooks/github", content=b"{}", headers=github_headers("ping", b"{}"))

    assert answer.status_code == 404
    assert "SIDECAR_FORGE__WEBHOOK_SECRET" in answer.json()["error"]


async def test_nothing_is_stored_but_what_is_used(hooked: Hooked, tmp_path: Path) -> None:
    await hooked.send("check_run", deliveries.check_run(name="deploy ghp_0123456789abcdefghijklmnopqrstuvwxyz"))
    await hooked.send("push", deliveries.push("A private message"), delivery="d-2")
    await hooked.session()

    written = _bytes_under(tmp_path)
    assert b"ghp_0123456789" not in written
    assert b"A private message" not in written


async def test_what_became_of_the_change_is_shown(hooked: Hooked) -> None:
    await hooked.edited_session()
    revert = deliveries.push(f"Revert it\n\nThis reverts commit {MERGE}.", ref="refs/heads/main", after="c" * 40)

    await hooked.send("push", deliveries.push(), delivery="1")
    await hooked.send("pull_request", deliveries.pull_request(), delivery="2")
    await hooked.send("push", revert, delivery="3")

    shown = cast("list[dict[str, object]]", (await hooked.session())["follow_ups"])
    assert [(one["kind"], one["changes_again"], one["pull_request"]) for one in sorted(shown, key=_kind)] == [
        ("merged", [], 12),
        ("pushed", ["src/cart.py"], None),
        ("reverted", [], None),
    ]


async def test_a_later_push_of_its_files_reaches_what_a_judge_is_shown(hooked: Hooked) -> None:
    await hooked.edited_session()
    await hooked.send("check_run", deliveries.check_run("failure"), delivery="0")
    before = await hooked.session()
    seen = hooked.packet()

    await hooked.send("push", deliveries.push(), delivery="1")

    pushed = await hooked.session()
    shown = hooked.packet()
    assert "changed after the session" not in seen
    assert "## changed after the session (step t-1)\nsrc/cart.py was changed again by a later push.\n" in shown
    assert (before["revision"], pushed["revision"]) == (1, 2)

    await hooked.send("push", deliveries.push("Round the tax again", after="c" * 40), delivery="2")

    assert await hooked.session() | {"follow_ups": []} == pushed | {"follow_ups": []}
    assert hooked.packet() == shown


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_revert_of_its_merge_reaches_it_in_any_order(hooked: Hooked, order: tuple[int, int]) -> None:
    revert = deliveries.push("Revert it\n\nReverts #12", ref="refs/heads/main", after="c" * 40)
    told = [("pull_request", deliveries.pull_request()), ("push", revert)]
    await hooked.edited_session()
    await hooked.session()

    for number in order:
        event, body = told[number]
        await hooked.send(event, body, delivery=str(number))
        await hooked.session()

    assert "The change was taken back by a later commit." in hooked.packet()


async def test_what_was_told_before_the_session_was_known_reaches_it_too(hooked: Hooked) -> None:
    await hooked.send("push", deliveries.push(), delivery="1")
    await hooked.session()

    await hooked.edited_session()

    await hooked.session()
    assert "src/cart.py was changed again by a later push." in hooked.packet()


def _kind(shown: dict[str, object]) -> str:
    return str(shown["kind"])


def _bytes_under(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
