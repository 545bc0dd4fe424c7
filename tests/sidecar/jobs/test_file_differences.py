"""An edit of one of several rules files is told beside the rule, which stands as long as one file holds it."""

from pathlib import Path

import pytest

from sidecar.git import Clone
from sidecar.jobs.file_differences import file_differences
from sidecar.targets import CLINE, Target
from tests.sidecar.jobs.standing import CLAUDE_FILE, Standing, rule, standing

OTHER_FILE = Target(path=".clinerules/learned.md", name=".clinerules/learned.md", agents=(CLINE,))
FIRST = rule("The price index is empty for a minute after each start.")
SECOND = rule("The till rounds half a cent up, and the shop rounds it down.")


def differences(shop: Standing) -> list[tuple[str, str]]:
    base = shop.base()
    found = file_differences(shop.clone, base.commit, base.reading.standing)
    return [(one.rule_id, one.sentence) for one in found]


@pytest.mark.parametrize("edited", [CLAUDE_FILE.path, OTHER_FILE.path])
@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("", "not in {path}, where people took it out"),
        ("- Ask Ada about everything.\n", "not in {path}, where people took it out"),
        (f"- {FIRST.text[:-1]} of the till.\n", "reworded in {path}: " + FIRST.text[:-1] + " of the till."),
    ],
    ids=["deleted", "replaced", "reworded"],
)
def test_edit_of_one_of_two_files_is_told(tmp_path: Path, edited: str, new: str, sentence: str) -> None:
    with standing(tmp_path, {CLAUDE_FILE.path: "# Shop\n", OTHER_FILE.path: "# Team\n", "AGENTS.md": "# A\n"}) as shop:
        for target in (CLAUDE_FILE, OTHER_FILE):
            shop.merge(FIRST, SECOND, target=target)
        before = differences(shop)
        text = (shop.work / edited).read_text()
        shop.push({edited: text.replace(f"- {FIRST.text}\n", new)})

        assert (before, differences(shop)) == ([], [(FIRST.rule_id, sentence.format(path=edited))])


def test_rule_that_a_file_never_held_is_not_missed_there(tmp_path: Path) -> None:
    with standing(tmp_path, {CLAUDE_FILE.path: "# Shop\n", OTHER_FILE.path: "# Team\n"}) as shop:
        shop.merge(FIRST, SECOND)
        shop.merge(SECOND, target=OTHER_FILE)

        assert differences(shop) == []


def test_edit_of_both_files_is_no_difference(tmp_path: Path) -> None:
    with standing(tmp_path, {CLAUDE_FILE.path: "# Shop\n", OTHER_FILE.path: "# Team\n"}) as shop:
        for target in (CLAUDE_FILE, OTHER_FILE):
            shop.merge(FIRST, SECOND, target=target)
        texts = {one.path: (shop.work / one.path).read_text() for one in (CLAUDE_FILE, OTHER_FILE)}
        shop.push({path: text.replace("a minute", "an hour") for path, text in texts.items()})

        assert differences(shop) == []


def test_a_clone_that_is_not_here_is_not_made_and_tells_nothing(tmp_path: Path) -> None:
    clone = Clone.open(tmp_path / "clones" / "none", "/no/such.git", is_only_read=True)

    assert file_differences(clone, "0" * 40, [FIRST]) == []
    assert list(tmp_path.iterdir()) == []
