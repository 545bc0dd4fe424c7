"""Each rule reaches each agent once, in a file that may hold rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import AgentName
from sidecar.errors import RulesFileError
from sidecar.rules import may_write
from sidecar.targets import CLAUDE_CODE, CLINE, CODEX, GEMINI_CLI, OPENCODE, rules_paths, targets

BOTH = (CLAUDE_CODE, CLINE)
ALL = (CLAUDE_CODE, CLINE, CODEX, GEMINI_CLI, OPENCODE)


def chosen(files: set[str], agents: tuple[AgentName, ...] = (), links: dict[str, str] | None = None) -> dict[str, str]:
    return {one.path: " ".join(one.agents) for one in targets(files, links=links, agents=agents)}


@pytest.mark.parametrize(
    ("files", "agents", "expected"),
    [
        (set[str](), (), {}),
        ({"README.md"}, BOTH, {"CLAUDE.md": "claude_code", ".clinerules/learned.md": "cline"}),
        ({"CLAUDE.md", ".clinerules/team.md"}, (), {"CLAUDE.md": "claude_code", ".clinerules/learned.md": "cline"}),
        ({"CLAUDE.md", ".clinerules"}, (), {"CLAUDE.md": "claude_code", ".clinerules": "cline"}),
        ({"CLAUDE.md"}, (CLAUDE_CODE,), {"CLAUDE.md": "claude_code"}),
        ({"CLAUDE.md"}, (CLINE,), {"CLAUDE.md": "claude_code", ".clinerules/learned.md": "cline"}),
        ({"AGENTS.md"}, BOTH, {"AGENTS.md": "claude_code cline"}),
        ({"AGENTS.md", ".clinerules/a.md"}, (CLAUDE_CODE,), {"AGENTS.md": "claude_code cline"}),
        ({"AGENTS.md", "CLAUDE.md"}, BOTH, {"CLAUDE.md": "claude_code", ".clinerules/learned.md": "cline"}),
        ({"AGENTS.md"}, (CLINE,), {".clinerules/learned.md": "cline"}),
        ({"README.md"}, (AgentName("emacs"),), {}),
        ({"README.md"}, (CODEX,), {"AGENTS.md": "codex"}),
        ({"README.md"}, (CODEX, OPENCODE), {"AGENTS.md": "codex opencode"}),
        ({"README.md"}, (GEMINI_CLI,), {"GEMINI.md": "gemini_cli"}),
        ({"GEMINI.md"}, (), {"GEMINI.md": "gemini_cli"}),
        (set[str](), ALL, {"AGENTS.md": "claude_code cline codex opencode", "GEMINI.md": "gemini_cli"}),
        ({"AGENTS.md"}, ALL, {"AGENTS.md": "claude_code cline codex opencode", "GEMINI.md": "gemini_cli"}),
        ({"CLAUDE.md", "AGENTS.md"}, (CLAUDE_CODE, CODEX), {"CLAUDE.md": "claude_code", "AGENTS.md": "codex"}),
        ({"CLAUDE.md"}, (CLINE, CODEX), {"CLAUDE.md": "claude_code", "AGENTS.md": "cline codex"}),
        ({"CLAUDE.md", ".clinerules"}, (CODEX,), {"CLAUDE.md": "claude_code", "AGENTS.md": "cline codex"}),
        ({"AGENTS.md", ".clinerules"}, (OPENCODE,), {"AGENTS.md": "cline opencode"}),
        ({"CLAUDE.md"}, (OPENCODE,), {"CLAUDE.md": "claude_code opencode"}),
        ({"CLAUDE.md"}, (CODEX, OPENCODE), {"CLAUDE.md": "claude_code opencode"}),
    ],
)
def test_each_agent_is_reached_once(files: set[str], agents: tuple[AgentName, ...], expected: dict[str, str]) -> None:
    assert chosen(files, agents) == expected


def test_link_to_the_other_agents_file_makes_one_target_of_both() -> None:
    assert chosen({"CLAUDE.md", "AGENTS.md"}, BOTH, {"CLAUDE.md": "AGENTS.md"}) == {"AGENTS.md": "claude_code cline"}


def test_link_of_the_shared_file_reaches_nobody_twice() -> None:
    files, links = {"CLAUDE.md", "AGENTS.md"}, {"AGENTS.md": "CLAUDE.md"}

    assert chosen(files, ALL, links) == {"CLAUDE.md": "claude_code cline codex opencode", "GEMINI.md": "gemini_cli"}


@given(
    files=st.frozensets(st.sampled_from(["CLAUDE.md", "AGENTS.md", "GEMINI.md", ".clinerules", "README.md"])),
    agents=st.frozensets(st.sampled_from(ALL)),
)
def test_no_agent_ever_loads_two_targets(files: frozenset[str], agents: frozenset[AgentName]) -> None:
    found = {one.name: set(one.agents) for one in targets(files, agents=agents)}
    after = files | found.keys()

    loaded = {
        CLAUDE_CODE: {"CLAUDE.md"} if "CLAUDE.md" in after else {"AGENTS.md"},
        CLINE: {"AGENTS.md", ".clinerules", ".clinerules/learned.md"},
        CODEX: {"AGENTS.md"},
        OPENCODE: {"AGENTS.md"} if "AGENTS.md" in after else {"CLAUDE.md"},
        GEMINI_CLI: {"GEMINI.md"},
    }
    assert {agent: len(loaded[agent] & found.keys()) for agent in agents if len(loaded[agent] & found.keys()) > 1} == {}
    assert all(name in loaded[agent] for name, readers in found.items() for agent in readers)


@given(agents=st.frozensets(st.sampled_from(ALL)))
def test_no_target_takes_a_teams_own_file_from_an_agent(agents: frozenset[AgentName]) -> None:
    made = {one.name for one in targets({"CLAUDE.md"}, agents=agents)}

    assert not (OPENCODE in agents and "AGENTS.md" in made)


@pytest.mark.parametrize(
    ("links", "path"),
    [
        ({"CLAUDE.md": "docs/agents.md"}, "docs/agents.md"),
        ({"CLAUDE.md": "./docs/../docs/agents.md"}, "docs/agents.md"),
        ({"CLAUDE.md": "other.md", "other.md": "docs/agents.md"}, "docs/agents.md"),
        ({"CLAUDE.md": "d/agents.md", "d": "docs"}, "docs/agents.md"),
    ],
)
def test_link_is_followed_inside_the_repository(links: dict[str, str], path: str) -> None:
    found = targets({"CLAUDE.md", "docs/agents.md", *links}, links=links)

    assert [(one.path, one.name) for one in found] == [(path, "CLAUDE.md")]


def test_folder_that_is_a_link_gets_our_file_where_it_lies() -> None:
    found = targets({".clinerules", "rules/team.md"}, links={".clinerules": "rules"})

    assert [(one.path, one.name) for one in found] == [("rules/learned.md", ".clinerules/learned.md")]


@pytest.mark.parametrize(
    ("links", "what"),
    [
        ({"CLAUDE.md": "/etc/passwd"}, "outside the repository"),
        ({"CLAUDE.md": "../other/CLAUDE.md"}, "outside the repository"),
        ({"CLAUDE.md": "docs/../../x.md"}, "outside the repository"),
        ({"CLAUDE.md": "."}, "outside the repository"),
        ({"CLAUDE.md": "CLAUDE.md"}, "never ends"),
        ({"CLAUDE.md": "a.md", "a.md": "CLAUDE.md"}, "never ends"),
        ({"CLAUDE.md": ".github/workflows/ci.yml"}, "where no rules belong"),
        ({"CLAUDE.md": ".claude/settings.json"}, "where no rules belong"),
        ({"CLAUDE.md": ".git/config"}, "where no rules belong"),
        ({"CLAUDE.md": ".sidecar/rules/0123456789ab.json"}, "where no rules belong"),
        ({"CLAUDE.md": "src/main.py"}, "where no rules belong"),
    ],
)
def test_link_to_anything_else_is_refused(links: dict[str, str], what: str) -> None:
    with pytest.raises(RulesFileError, match=what):
        targets({"CLAUDE.md", *links}, links=links)


@pytest.mark.parametrize("other", ["claude.md", "Claude.MD"])
def test_same_name_in_other_letters_is_refused(other: str) -> None:
    with pytest.raises(RulesFileError, match=r"same file as CLAUDE\.md on macOS"):
        targets({other}, agents=[CLAUDE_CODE])


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/ci.yml",
        ".claude/settings.json",
        ".mcp.json",
        ".git/config",
        ".GIT/hooks/x.md",
        "git~1/x.md",
        "../CLAUDE.md",
        "/CLAUDE.md",
        "a//b.md",
        "a/./b.md",
        "a\\..\\b.md",
        "C:x.md",
        ".sidecar/trial.json",
        ".sidecar/rules/x.json",
        ".sidecar/rules/0123456789ab.json/x",
        "src/main.py",
        "a\u200b/x.md",
        "x.md\n",
        "",
    ],
)
def test_everything_but_rules_and_ledger_is_never_written(path: str) -> None:
    assert not may_write(path)


@pytest.mark.parametrize("path", ["CLAUDE.md", "AGENTS.md", ".clinerules", ".clinerules/learned.md", "docs/agents.md"])
def test_rules_files_may_be_written(path: str) -> None:
    assert may_write(path)


def test_rules_are_looked_for_wherever_they_may_stand() -> None:
    ledger = ".sidecar/rules/0123456789ab.json"
    files = {"CLAUDE.md", "AGENTS.md", "docs/a.md", "README.md", ".clinerules/team.md", ledger}

    assert rules_paths(files, links={"CLAUDE.md": "docs/a.md"}) == {"docs/a.md", "AGENTS.md", ledger}
    assert rules_paths(files, links={"CLAUDE.md": "/etc/passwd"}) == {"AGENTS.md", ledger}
