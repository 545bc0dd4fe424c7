"""The rules version names the set of our rules that a session had, whatever told us."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import LoadedRules, Rule, RuleKind, RulesSource
from sidecar.rules import active_rules, apply_edits, canonical, parse_edits, rule_id, rules_version, rules_version_of


def rule(text: str, scope: str | None = None) -> Rule:
    return Rule(rule_id=rule_id(text, scope), text=text, scope=scope, kind=RuleKind.COMMAND)


ONE, TWO, OLD = rule("Run `one`"), rule("Do not edit `gen/`", "src/**"), rule("Run `old`")
KNOWN = (ONE, TWO, OLD)
EDITS = {"edits": [{"op": "add", "text": one.text} | ({"scope": one.scope} if one.scope else {}) for one in (ONE, TWO)]}
FILE = apply_edits(b"# T\n\n- by hand\n", parse_edits(json.dumps(EDITS).encode()))
NONE = rules_version((), RulesSource.EXACT).value
BOTH = rules_version((ONE, TWO), RulesSource.EXACT).value


def shown(path: str = "CLAUDE.md", text: str = canonical(FILE.decode())) -> LoadedRules:
    return LoadedRules(path=path, text=text, source=RulesSource.LOADED_TEXT)


def hashed(sha: str, path: str = "CLAUDE.md") -> LoadedRules:
    return LoadedRules(path=path, sha=sha, source=RulesSource.EXACT)


def test_rules_are_found_in_text_that_lost_its_markers() -> None:
    assert active_rules([shown()], KNOWN) == (ONE, TWO)


@pytest.mark.parametrize("known", [(), KNOWN])
def test_hashed_files_that_are_none_of_ours_say_exactly_that_no_rule_was_there(known: tuple[Rule, ...]) -> None:
    version = rules_version_of([hashed("ee", ".clinerules/team.md")], {}, known)

    assert version == rules_version((), RulesSource.EXACT)


def test_text_and_hash_give_the_same_version() -> None:
    by_text = rules_version_of([shown()], {}, KNOWN)
    by_hash = rules_version_of([hashed("aa")], {"aa": (TWO, ONE)}, KNOWN)

    assert by_text is not None
    assert by_hash is not None
    assert (by_text.value, by_text.source) == (BOTH, RulesSource.LOADED_TEXT)
    assert (by_hash.value, by_hash.source) == (BOTH, RulesSource.EXACT)


@pytest.mark.parametrize(
    "loaded",
    [
        [shown(text="# T\n\nhand-written")],
        [shown(path="CLAUDE.local.md")],
        [shown(path="docs/extra.md")],
        [hashed("bb")],
    ],
)
def test_session_without_our_rules_has_the_version_of_none(loaded: list[LoadedRules]) -> None:
    version = rules_version_of(loaded, {"bb": ()}, KNOWN)

    assert version is not None
    assert version.value == NONE


def test_nothing_loaded_is_no_version() -> None:
    assert rules_version_of([], {}, KNOWN) is None


def test_hash_that_we_never_saw_is_no_version() -> None:
    assert rules_version_of([hashed("cc")], {"aa": (ONE,)}, KNOWN) is None


def test_hash_that_we_never_saw_holds_none_while_there_are_no_rules() -> None:
    version = rules_version_of([hashed("cc")], {}, ())

    assert version == rules_version((), RulesSource.EXACT)


def test_text_stands_in_for_a_hash_that_we_never_saw() -> None:
    version = rules_version_of([hashed("cc"), shown()], {}, KNOWN)

    assert version is not None
    assert (version.value, version.source) == (BOTH, RulesSource.LOADED_TEXT)


@given(st.permutations([shown(), hashed("aa"), hashed("bb", "AGENTS.md"), shown(path="CLAUDE.local.md")]))
def test_order_and_repetition_do_not_matter(loaded: list[LoadedRules]) -> None:
    rules_by_sha = {"aa": (ONE, TWO), "bb": ()}

    assert rules_version_of(loaded, rules_by_sha, KNOWN) == rules_version_of(loaded * 2, rules_by_sha, KNOWN)
    assert rules_version_of(loaded, rules_by_sha, KNOWN) == rules_version((TWO, ONE), RulesSource.EXACT)


def test_version_is_sixteen_hex_digits_and_tells_sets_apart() -> None:
    values = {
        rules_version(rules, RulesSource.EXACT).value for rules in ([], [ONE], [TWO], [ONE, TWO], [TWO, ONE, ONE])
    }

    assert len(values) == 4
    assert all(len(value) == 16 and int(value, 16) >= 0 for value in values)


def test_amended_words_are_another_version() -> None:
    amended = Rule(rule_id=ONE.rule_id, text="Run `uno`", kind=ONE.kind)

    assert rules_version([amended], RulesSource.EXACT) != rules_version([ONE], RulesSource.EXACT)
