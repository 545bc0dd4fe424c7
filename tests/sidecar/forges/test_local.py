"""The local forge's files: readable, edited by hand, replaced whole."""

import json
from pathlib import Path

import pytest

from sidecar.errors import ConfigError, ForgeError
from sidecar.forges.local import LocalForge
from sidecar.git import Clone
from sidecar.proposals import ProposalText
from tests.sidecar.remotes import make_remote

BRANCH = "sidecar/0123456789abcdef"
TEXT = ProposalText(title="Agent rules: add 1 rule", body="## Rules\n\nRun caf\u00e9.\n")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return make_remote(tmp_path, {"CLAUDE.md": "# Shop\n"})


@pytest.fixture
def forge(tmp_path: Path, remote: Path) -> LocalForge:
    return LocalForge(Clone.open(tmp_path / "clone.git", f"file://{remote}"))


def record(remote: Path) -> Path:
    return Path(f"{remote}.proposals") / f"{BRANCH}.json"


async def test_text_stands_beside_the_remote(forge: LocalForge, remote: Path) -> None:
    opened = await forge.open(BRANCH, TEXT)

    assert record(remote).with_suffix(".md").read_text() == f"# {TEXT.title}\n\n{TEXT.body}"
    assert opened.url == record(remote).with_suffix(".md").as_uri()
    assert sorted(path.name for path in record(remote).parent.iterdir()) == [
        "0123456789abcdef.json",
        "0123456789abcdef.md",
    ]


async def test_person_closes_with_a_reason(forge: LocalForge, remote: Path) -> None:
    opened = await forge.open(BRANCH, TEXT)
    fields = json.loads(record(remote).read_text())
    record(remote).write_text(json.dumps(fields | {"state": "closed", "review": "We use tox."}))

    closed = await forge.read(opened.number)

    assert (closed.state, closed.review) == ("closed", "We use tox.")
    assert await forge.find(BRANCH) == closed


async def test_review_of_a_person_outlives_an_update(forge: LocalForge, remote: Path) -> None:
    opened = await forge.open(BRANCH, TEXT)
    fields = json.loads(record(remote).read_text())
    record(remote).write_text(json.dumps(fields | {"review": "Almost."}))

    assert (await forge.update(opened.number, TEXT)).review == "Almost."


async def test_comments_are_kept_once_each(forge: LocalForge, remote: Path) -> None:
    opened = await forge.open(BRANCH, TEXT)

    for comment in ("a", "b", "a"):
        await forge.comment(opened.number, comment)
    await forge.close(opened.number, reason="b")

    assert json.loads(record(remote).read_text())["comments"] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("{", "is not JSON"),
        ("[]", "lost its shape"),
        ('{"state":"closed"}', "lost its shape"),
    ],
)
async def test_file_that_lost_its_shape_says_how_to_mend_it(
    forge: LocalForge, remote: Path, content: str, what: str
) -> None:
    await forge.open(BRANCH, TEXT)
    record(remote).write_text(content)

    with pytest.raises(ForgeError, match=rf'{what}.*set "state" to open, closed or merged'):
        await forge.find(BRANCH)


@pytest.mark.parametrize(("key", "value"), [("state", "declined"), ("review", 1)])
async def test_value_that_is_none_is_named(forge: LocalForge, remote: Path, key: str, value: object) -> None:
    await forge.open(BRANCH, TEXT)
    fields = json.loads(record(remote).read_text())
    record(remote).write_text(json.dumps(fields | {key: value}))

    with pytest.raises(ForgeError, match=f'"{key}" is {value!r}'):
        await forge.find(BRANCH)


async def test_folder_that_cannot_be_written_says_so(forge: LocalForge, remote: Path) -> None:
    record(remote).parent.parent.write_text("a file where the proposals go")

    with pytest.raises(ForgeError, match="lie beside the remote"):
        await forge.open(BRANCH, TEXT)


def test_remote_elsewhere_is_refused(tmp_path: Path) -> None:
    clone = Clone.open(tmp_path / "clone.git", "https://forge.example/acme/shop.git")

    with pytest.raises(ConfigError, match="needs a remote on this machine"):
        LocalForge(clone)
