"""What a session was about."""

import pytest

from sidecar.capture import normalised_words
from sidecar.issue_keys import issue_key
from tests.sidecar.sessions.observed import ended, keyed_hash, prompted, seen, session_of


@pytest.mark.parametrize(
    ("prompt", "key"),
    [
        ("SHOP-12: round the prices", "SHOP-12"),
        ("Please fix (PAR-3).", "PAR-3"),
        ("see #123 for details", "#123"),
        ("first #7, then SHOP-12", "#7"),
        ("read the file as UTF-8", None),
        ("hash it with SHA-256, dates as ISO-8601", None),
        ("UTF-8 in SHOP-12", "SHOP-12"),
        ("about CVE-2024-1234", None),
        ("MAIN-PROMPT-MARKER", None),
        ("the colour #00ff00", None),
        ("the colour #123abc", None),
        ("shop-12 in lower case", None),
        ("branch feature/SHOP-12-x", None),
        ("&#39; is a quote", None),
        ("", None),
    ],
)
def test_issue_key_of_a_prompt(prompt: str, key: str | None) -> None:
    assert issue_key(prompt) == key


def test_key_in_the_first_prompt_names_the_task() -> None:
    session = session_of([seen(1, branch="fix/x"), prompted(2, "p", "SHOP-12: do it"), prompted(3, "q", "and #5")])

    assert session.task == "key:SHOP-12"


def test_branch_of_its_own_names_the_task() -> None:
    assert session_of([seen(1, branch="fix/x"), prompted(2, "p")]).task == "branch:fix/x"


@pytest.mark.parametrize("branch", ["main", "master", "trunk", "develop", None])
def test_prompt_names_the_task_on_a_shared_branch(branch: str | None) -> None:
    session = session_of([seen(1, branch=branch), prompted(2, "p", "Fix it.")])

    assert session.task == f"prompt:{keyed_hash('fix it')}"


def test_main_branch_of_the_remote_is_shared_whatever_its_name() -> None:
    session = session_of([seen(1, branch="next", default_branch="next"), prompted(2, "p", "Fix it.")])

    assert session.task == f"prompt:{keyed_hash('fix it')}"
    assert session.is_branch_shared


def test_session_without_prompt_and_branch_has_no_task() -> None:
    session = session_of([seen(1, branch="main"), ended(2)])

    assert session.task is None
    assert "prompt" in session.missing["task"]


@pytest.mark.parametrize("typed", ["fix  the TEST", " Fix the test.", "Fix\nthe test!", "ﬁx the test"])
def test_prompt_typed_again_is_the_same_task(typed: str) -> None:
    assert normalised_words(typed) == "fix the test"
