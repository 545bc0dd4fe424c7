"""Each rule reaches each agent once, in a file that may hold rules."""

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from sidecar.domain import AgentName
from sidecar.errors import RulesFileError
from sidecar.rules import is_scoped_path, is_target_path, may_write, scoped_path
from sidecar.targets import (
    CLAUDE_CODE,
    CLINE,
    CODEX,
    GEMINI_CLI,
    OPENCODE,
    PromptFile,
    honours_scope,
    imported_paths,
    rules_paths,
    targets,
)
from sidecar.targets.loading import overridden

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
        ({".claude/CLAUDE.md"}, (), {".claude/CLAUDE.md": "claude_code"}),
        ({".claude/CLAUDE.md", "CLAUDE.md"}, (), {"CLAUDE.md": "claude_code"}),
        ({".claude/CLAUDE.md", "AGENTS.md"}, (CODEX,), {".claude/CLAUDE.md": "claude_code", "AGENTS.md": "codex"}),
        ({".claude/CLAUDE.md"}, (OPENCODE,), {".claude/CLAUDE.md": "claude_code", "AGENTS.md": "opencode"}),
    ],
)
def test_each_agent_is_reached_once(files: set[str], agents: tuple[AgentName, ...], expected: dict[str, str]) -> None:
    assert chosen(files, agents) == expected


def test_link_to_the_other_agents_file_makes_one_target_of_both() -> None:
    assert chosen({"CLAUDE.md", "AGENTS.md"}, BOTH, {"CLAUDE.md": "AGENTS.md"}) == {"AGENTS.md": "claude_code cline"}


def test_link_of_the_shared_file_reaches_nobody_twice() -> None:
    files, links = {"CLAUDE.md", "AGENTS.md"}, {"AGENTS.md": "CLAUDE.md"}

    assert chosen(files, ALL, links) == {"CLAUDE.md": "claude_code cline codex opencode", "GEMINI.md": "gemini_cli"}


NAMES = ("CLAUDE.md", "AGENTS.md", "GEMINI.md", ".claude/CLAUDE.md", ".clinerules", ".clinerules/team.md")
OWN = "prompts/agent.md"
FILES = st.frozensets(st.sampled_from([*NAMES, "README.md"])).filter(
    lambda files: not {".clinerules", ".clinerules/team.md"} <= files
)


def loads(agent: AgentName, after: set[str], imports: dict[str, set[str]]) -> set[str]:
    """What an agent loads, as AGENTS' own behaviour was recorded; written down once more, apart from the program."""
    if agent == CLAUDE_CODE:
        own = {"CLAUDE.md", ".claude/CLAUDE.md"} & after or {"AGENTS.md"}
        return own | {one for name in own for one in imports.get(name, set()) & after}
    if agent == GEMINI_CLI:
        return {"GEMINI.md", *(imports.get("GEMINI.md", set()) & after)}
    if agent == CLINE:
        return {"AGENTS.md"} | {name for name in after if name.startswith(".clinerules")}
    return {"AGENTS.md"} if agent == CODEX or "AGENTS.md" in after else {"CLAUDE.md"}


@given(
    files=FILES,
    agents=st.frozensets(st.sampled_from(ALL)),
    imported=st.frozensets(
        st.tuples(st.sampled_from(["CLAUDE.md", ".claude/CLAUDE.md", "GEMINI.md"]), st.sampled_from(NAMES[:3]))
    ),
    link=st.none() | st.permutations(NAMES[:3]).map(lambda names: (names[0], names[1])),
    given_by_flag=st.none() | st.frozensets(st.sampled_from(ALL)),
)
def test_no_agent_ever_loads_two_targets(
    files: frozenset[str],
    agents: frozenset[AgentName],
    imported: frozenset[tuple[str, str]],
    link: tuple[str, str] | None,
    given_by_flag: frozenset[AgentName] | None,
) -> None:
    links = {link[0]: link[1]} if link and link[1] in files else {}
    files |= set(links)
    imports: dict[str, set[str]] = {}
    for name, other in imported:
        if {name, other} <= files and name not in links and links.get(other, other) != name:
            imports.setdefault(name, set()).add(links.get(other, other))
    # what `imported_paths` gives holds the imports of imports too
    for name, reached in imports.items():
        reached |= {further for one in tuple(reached) for further in imports.get(one, set())} - {name}
    prompt = None if given_by_flag is None else PromptFile(path=OWN, agents=tuple(given_by_flag))

    found = targets(files, links=links, agents=agents, imports=imports, scoped=[CLAUDE_CODE], prompt=prompt)

    chosen = {one.path for one in found}
    after = set(files) | {one.name for one in found}
    for agent in agents:
        held = {links.get(name, name) for name in loads(agent, after, imports)}
        held |= {other for name in held for other in imports.get(name, set()) if agent in (CLAUDE_CODE, GEMINI_CLI)}
        held |= {OWN} if given_by_flag and agent in given_by_flag else set()
        assert len(held & chosen) <= 1
        assert {one.path for one in found if agent in one.agents} == held & chosen
    event(f"reached {len({agent for one in found for agent in one.agents} & agents)} of {len(agents)}")


@given(files=FILES, agents=st.frozensets(st.sampled_from(ALL)))
def test_every_agent_is_reached_but_where_that_would_take_a_teams_own_file(
    files: frozenset[str], agents: frozenset[AgentName]
) -> None:
    missed = agents - {agent for one in targets(files, agents=agents) for agent in one.agents}

    # a new AGENTS.md would take CLAUDE.md from opencode, and Codex loads no other file
    assert missed == (
        {CODEX}
        if {CODEX, OPENCODE} <= agents and "CLAUDE.md" in files - {"AGENTS.md"} and "AGENTS.md" not in files
        else set()
    )


@pytest.mark.parametrize(
    ("files", "agents", "names", "is_told"),
    [
        ({"AGENTS.override.md", "AGENTS.md"}, (CODEX,), ["AGENTS.md"], True),
        ({"AGENTS.override.md"}, (CODEX,), [], True),
        ({"AGENTS.override.md", "AGENTS.md"}, (CLINE,), ["AGENTS.md"], True),
        ({"AGENTS.override.md"}, (CLAUDE_CODE,), ["CLAUDE.md"], False),
        ({"AGENTS.md", "src/AGENTS.override.md"}, (CODEX,), ["AGENTS.md"], False),
    ],
)
def test_a_team_is_told_of_the_file_that_keeps_codex_from_its_rules(
    files: set[str], agents: tuple[AgentName, ...], names: list[str], *, is_told: bool
) -> None:
    said = overridden(files, agents, names)

    assert (said is not None) is is_told
    assert said is None or said.startswith("AGENTS.override.md stands in the repository")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@AGENTS.md\n", {"AGENTS.md"}),
        ("See @AGENTS.md.", {"AGENTS.md"}),
        ("- (@./AGENTS.md)", {"AGENTS.md"}),
        ("@docs/more.md", {"docs/more.md", "AGENTS.md"}),
        ("@docs/../AGENTS.md", {"AGENTS.md"}),
        ("```\n@AGENTS.md\n```\n", set[str]()),
        ("Write `@AGENTS.md` to import it", set[str]()),
        ("mail ada@AGENTS.md", set[str]()),
        ("@CLAUDE.md", set[str]()),
        ("@missing.md @~/AGENTS.md @/AGENTS.md @../AGENTS.md @ ", set[str]()),
    ],
)
def test_imports_are_followed_as_agents_follow_them(text: str, expected: set[str]) -> None:
    contents = {"CLAUDE.md": text.encode(), "AGENTS.md": b"\xff", "docs/more.md": b"@../AGENTS.md"}

    assert imported_paths(contents, {}, contents.get)["CLAUDE.md"] == expected


def test_rules_stand_in_the_imported_file_where_others_load_that() -> None:
    files, imports = {"CLAUDE.md", "AGENTS.md"}, {"CLAUDE.md": {"AGENTS.md"}}

    found = targets(files, agents=[CLAUDE_CODE, CODEX], imports=imports, scoped=[CLAUDE_CODE])

    assert [(one.path, one.agents, one.is_scoped_apart) for one in found] == [
        ("AGENTS.md", (CLAUDE_CODE, CODEX), False)
    ]


def test_file_given_by_flag_replaces_an_agents_own() -> None:
    found = targets({"CLAUDE.md"}, agents=BOTH, prompt=PromptFile(path=OWN, agents=(CLAUDE_CODE,)))

    assert {one.path: one.agents for one in found} == {OWN: (CLAUDE_CODE,), ".clinerules/learned.md": (CLINE,)}


def test_file_given_by_flag_to_agents_without_a_file_stands_beside_the_others() -> None:
    found = targets({"CLAUDE.md"}, agents=[CLAUDE_CODE], prompt=PromptFile(path=OWN))

    assert {one.path: one.agents for one in found} == {OWN: (), "CLAUDE.md": (CLAUDE_CODE,)}


@pytest.mark.parametrize("path", ["prompts/agent.txt", "../agent.md", ".github/agent.md", "/etc/agent.md"])
def test_file_given_by_flag_must_be_one_that_may_hold_rules(path: str) -> None:
    with pytest.raises(RulesFileError, match="the prompt file"):
        targets({"CLAUDE.md"}, prompt=PromptFile(path=path))


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ({"2.1.330"}, True),
        ({"2.1.330", "2.2.0"}, True),
        ({"3"}, True),
        ({"2.1.329", "2.1.330"}, False),
        ({"1.0.44"}, False),
        ({"2.1"}, False),
        ({"nightly"}, False),
        (set[str](), False),
    ],
)
def test_path_scope_is_trusted_where_every_version_honours_it(versions: set[str], expected: bool) -> None:
    assert honours_scope(CLAUDE_CODE, versions) is expected
    assert not honours_scope(CLINE, versions)


@pytest.mark.parametrize(
    ("files", "agents", "links", "expected"),
    [
        ({"CLAUDE.md"}, (CLAUDE_CODE,), {}, {"CLAUDE.md"}),
        ({"CLAUDE.md", ".claude/rules/team.md"}, (CLAUDE_CODE,), {}, {"CLAUDE.md"}),
        ({".claude/CLAUDE.md"}, (CLAUDE_CODE,), {}, {".claude/CLAUDE.md"}),
        ({"CLAUDE.md"}, BOTH, {}, {"CLAUDE.md"}),
        ({"README.md"}, (CLAUDE_CODE,), {}, set[str]()),
        ({"AGENTS.md"}, (CLAUDE_CODE,), {}, set[str]()),
        ({"CLAUDE.md"}, (OPENCODE,), {}, set[str]()),
        ({"CLAUDE.md", "AGENTS.md"}, (CODEX,), {"CLAUDE.md": "AGENTS.md"}, set[str]()),
        ({"CLAUDE.md", ".claude"}, (CLAUDE_CODE,), {".claude": "agents"}, set[str]()),
        ({"CLAUDE.md", ".claude/rules"}, (CLAUDE_CODE,), {".claude/rules": "../docs"}, set[str]()),
        ({"CLAUDE.md", ".Claude/Rules/a.md"}, (CLAUDE_CODE,), {}, set[str]()),
        (
            {"CLAUDE.md", ".claude/rules/learned-a.md"},
            (CLAUDE_CODE,),
            {".claude/rules/learned-a.md": "x.md"},
            set[str](),
        ),
    ],
)
def test_scopes_get_files_of_their_own_where_only_claude_code_reads_the_block(
    files: set[str], agents: tuple[AgentName, ...], links: dict[str, str], expected: set[str]
) -> None:
    found = targets(files, links=links, agents=agents, scoped=[CLAUDE_CODE])

    assert {one.name for one in found if one.is_scoped_apart} == expected


@given(st.text(max_size=90))
def test_every_scope_has_a_file_that_may_be_written(scope: str) -> None:
    path = scoped_path(scope)

    assert is_scoped_path(path)
    assert may_write(path)
    assert is_target_path(path)


def test_scopes_that_look_alike_have_files_of_their_own() -> None:
    assert len({scoped_path(scope) for scope in ("src/**", "src/*", "src", "SRC/**", "s/rc/**")}) == 5


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
        ".claude/rules/team.md",
        ".claude/rules/learned-x/a.md",
        ".claude/rules/learned-.md",
        ".claude/rules/learned-x.md\n",
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
    scoped = ".claude/rules/learned-src.md"
    assert rules_paths({scoped, ".claude/rules/team.md"}) == {scoped}
    assert rules_paths({scoped}, links={".claude/rules": "docs"}) == set()
