"""The base as the flows see it: the targets follow from the agents and versions of the sessions, and from the files."""

from pathlib import Path
from typing import Any

import pytest

from sidecar.config import Config, ProjectConfig
from sidecar.data_dir import DataDir
from sidecar.domain import AgentName, SessionState
from sidecar.engine import prompt_file
from sidecar.errors import ConfigError
from sidecar.installation import Installation
from sidecar.jobs.drafting import Terms, draft
from sidecar.rules import BEGIN, END
from sidecar.targets import CLAUDE_CODE, CLINE, CODEX, GEMINI_CLI, PromptFile
from tests.contracts.records import PROJECT, make_decision, make_key, make_session
from tests.sidecar.jobs.standing import NOW_NS, Standing, rule, standing


def add(base: Standing, name: str, *, agent: AgentName = CLAUDE_CODE) -> None:
    session = make_session(make_key(name, agent=agent), state=SessionState.SETTLED, started_ns=NOW_NS)
    base.store.set_session(session, make_decision(), now_ns=NOW_NS)


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([("2.1.330", 1)], True),
        ([("2.1.400", 1), ("2.1.330", 20)], True),
        ([("2.1.400", 1), ("2.0.9", 20)], False),
        ([("2.1.400", 1), ("2.0.9", 32)], True),
        ([("2.1.400", 1), (None, 2)], True),
        ([(None, 1)], False),
        ([], False),
    ],
)
def test_scopes_get_files_of_their_own_once_every_version_in_use_honours_them(
    tmp_path: Path, versions: list[tuple[str | None, int]], expected: bool
) -> None:
    with standing(tmp_path, {"CLAUDE.md": "# Shop\n"}) as shop:
        for number, (version, days_ago) in enumerate(versions):
            shop.add_session(f"s{number}", days_ago=days_ago, version=version)

        (target,) = shop.base().targets

        assert target.is_scoped_apart is expected


def test_imported_file_is_the_target_where_another_agent_loads_it(tmp_path: Path) -> None:
    with standing(tmp_path, {"CLAUDE.md": "See @AGENTS.md\n", "AGENTS.md": "# Shop\n"}) as shop:
        add(shop, "s1")
        add(shop, "s2", agent=CODEX)

        assert [(one.path, one.agents) for one in shop.base().targets] == [("AGENTS.md", (CLAUDE_CODE, CODEX))]


RULE = rule("The price index is empty for a minute after each start.")
"""Stands in CLAUDE.md."""


@pytest.mark.parametrize(
    ("files", "agent", "expected"),
    [
        pytest.param({}, GEMINI_CLI, {"GEMINI.md"}, id="an agent joined"),
        pytest.param({"GEMINI.md": "# Shop\n"}, GEMINI_CLI, {"GEMINI.md"}, id="with a file of the team's"),
        pytest.param({}, CLAUDE_CODE, set[str](), id="nobody joined"),
        pytest.param({"GEMINI.md": "@CLAUDE.md\n"}, GEMINI_CLI, set[str](), id="it reads them by an import"),
        pytest.param({".clinerules/a.md": "# Shop\n"}, CLINE, {".clinerules/learned.md"}, id="a folder"),
    ],
)
def test_file_whose_readers_read_no_rule_that_stands_is_the_first_they_get(
    tmp_path: Path, files: dict[str, str], agent: AgentName, expected: set[str]
) -> None:
    with standing(tmp_path, {"CLAUDE.md": "# Shop\n", **files}) as shop:
        shop.merge(RULE)
        add(shop, "s1")
        add(shop, "s2", agent=agent)

        assert shop.base().first_targets == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("The price\u200b index is empty.", ["line 4 of CLAUDE.md holds U+200B (zero width space)"]),
        (
            "Not\u202e now\U000e0041.",
            ["line 4 of CLAUDE.md holds U+202E (right-to-left override), U+E0041 (tag latin c"],
        ),
        ("Prüfe «日本» 👩\u200d💻 \u2192 caf\u00e9.", list[str]()),
    ],
)
def test_character_that_no_reader_sees_in_our_block_is_noted_with_its_line(
    tmp_path: Path, written: str, expected: list[str]
) -> None:
    with standing(tmp_path, {"CLAUDE.md": "# Sh\u200bop\n"}) as shop:
        shop.merge(RULE)
        text = (shop.work / "CLAUDE.md").read_text()
        shop.push({"CLAUDE.md": text.replace(f"- {RULE.text}", f"\t- {written}")})

        notes = shop.base().notes

    assert [note[: len(start)] for note, start in zip(notes, expected, strict=True)] == expected


def test_file_that_a_person_took_our_block_out_of_gets_no_old_rule_again(tmp_path: Path) -> None:
    with standing(tmp_path, {"CLAUDE.md": "# Shop\n"}) as shop:
        shop.merge(RULE)
        add(shop, "s1", agent=GEMINI_CLI)
        shop.push({"GEMINI.md": f"{BEGIN}\n- {RULE.text}\n{END}\n"})
        shop.push({"GEMINI.md": "# Ours\n"})

        assert shop.base().first_targets == set()


def test_a_draft_says_which_file_keeps_codex_from_its_rules(tmp_path: Path) -> None:
    with standing(tmp_path, {"AGENTS.md": "# Shop\n", "AGENTS.override.md": ""}) as shop:
        add(shop, "s1", agent=CODEX)
        base = shop.base()

        drafted = draft(shop.store, base, [], Terms(min_tasks=2, max_edits=4), now_ns=NOW_NS)

        assert [one.name for one in base.targets] == ["AGENTS.md"]
        assert [note.partition(",")[0] for note in drafted.notes] == ["AGENTS.override.md stands in the repository"]


def test_file_in_the_folder_of_claude_code_holds_its_rules_where_a_team_has_that_one(tmp_path: Path) -> None:
    path = ".claude/CLAUDE.md"
    with standing(tmp_path, {path: "# Shop\n"}) as shop:
        (target,) = shop.base().targets
        shop.merge(RULE, target=target)
        base = shop.base()

        assert (target.path, target.agents, base.targets) == (path, (CLAUDE_CODE,), (target,))
        assert base.contents[path].startswith(b"# Shop\n")
        assert [one.text for one in base.reading.standing] == [RULE.text]


def test_file_given_by_flag_is_a_target_and_read(tmp_path: Path) -> None:
    with standing(tmp_path, {"CLAUDE.md": "# Shop\n", "prompts/agent.md": "You are Ada's.\n"}) as shop:
        base = shop.base(prompt=PromptFile(path="prompts/agent.md", agents=(CLAUDE_CODE,)))

        assert [one.path for one in base.targets] == ["prompts/agent.md"]
        assert base.contents["prompts/agent.md"] == b"You are Ada's.\n"


def test_rules_of_a_scoped_file_stand_on_the_base(tmp_path: Path) -> None:
    with standing(tmp_path, {"CLAUDE.md": "# Shop\n"}) as shop:
        shop.add_session("s1", version="2.1.330")
        shop.merge(rule("Everywhere."))
        text = (shop.work / "CLAUDE.md").read_text()
        shop.push({"CLAUDE.md": "# Shop\n", ".claude/rules/learned-src.md": text})

        base = shop.base()

        assert [one.text for one in base.reading.standing] == ["Everywhere."]
        assert base.reading.deleted == ()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, None),
        ({"prompt_file": "prompts/agent.md"}, PromptFile(path="prompts/agent.md")),
        (
            {"prompt_file": "prompts/agent.md", "prompt_file_agents": ("claude-code",)},
            PromptFile(path="prompts/agent.md", agents=(CLAUDE_CODE,)),
        ),
    ],
)
def test_settings_name_the_file_that_is_given_by_flag(
    tmp_path: Path, settings: dict[str, Any], expected: PromptFile | None
) -> None:
    config = Config(projects={PROJECT: ProjectConfig(url="/nowhere", **settings)})
    with Installation.open(DataDir.open(tmp_path / "data"), config, owner="test") as installation:
        assert prompt_file(installation, PROJECT) == expected


def test_settings_that_name_an_unknown_agent_are_refused_with_the_known_ones(tmp_path: Path) -> None:
    settings = ProjectConfig(url="/nowhere", prompt_file="prompts/agent.md", prompt_file_agents=("emacs",))
    config = Config(projects={PROJECT: settings})
    with (
        Installation.open(DataDir.open(tmp_path / "data"), config, owner="test") as installation,
        pytest.raises(ConfigError, match="names 'emacs'; known agents are: claude_code, cline, codex"),
    ):
        prompt_file(installation, PROJECT)
