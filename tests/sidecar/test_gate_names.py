"""Names of code: what stands in the source at the base may be spoken of, as far as the words of the name allow."""

import json
from pathlib import Path

import pytest

from sidecar.gate import GateContext, check, decode_check_line, is_source, names_in
from sidecar.git import Clone
from sidecar.jobs.attesting import SourceNames
from tests.sidecar.remotes import make_remote

HELD = (
    "parse_config HttpClient.retry MAX_ROWS Settings.timeout build_query OrderRepository paginate slugify send_receipt"
    " validate_order can_edit default_role skip_auth eval_expr unsafe_load API_TOKEN NotFoundError bootstrap sync_state"
    " load_all to_dict CartLine"
)
SHOP = GateContext(
    repository_files=frozenset({"src/shop/db.py", "src/shop/http.py", "tests/test_db.py", "docs/adr.md"}),
    attested_commands=frozenset({"make check"}),
    identifiers=frozenset(HELD.split()),
)


def reasons(text: str, context: GateContext = SHOP) -> tuple[str, ...]:
    return check(text, kind=None, scope=None, context=context).reasons


@pytest.mark.parametrize(
    "text",
    [
        "`parse_config()` returns None when the file is missing; check it before reading a value.",
        "Do not call `build_query` directly; go through `OrderRepository`.",
        "`Settings.timeout` is in seconds.",
        "`HttpClient.retry` already retries; do not wrap it in another loop.",
        "`slugify` keeps dots; strip them first.",
        "Use `paginate` from `src/shop/db.py`.",
        "Call `validate_order` before `OrderRepository`.",
        "`send_receipt` is called by `parse_config`; do not call it from views.",
        "Raise `NotFoundError` in `src/shop/db.py`; do not use `skip_auth`.",
        "Run `make check` after you change `src/shop/db.py`, or the client misses the new fields.",
        "Sort the entries in `src/shop/db.py` by name; the loader does a binary search.",
    ],
)
def test_honest_rule_on_names_of_the_source_is_allowed(text: str) -> None:
    assert reasons(text) == ()


@pytest.mark.parametrize("text", ["Use `frob_rows` in `src/shop/db.py`.", "`Zorbl.timeout` is in seconds."])
def test_name_that_no_source_file_holds_is_refused(text: str) -> None:
    assert any(reason.startswith("unattested name") for reason in reasons(text))


def test_only_a_name_of_several_words_is_told_to_be_used_without_its_file() -> None:
    assert reasons("Use `slugify` for titles.") != ()


@pytest.mark.parametrize(
    "text",
    [
        "Use `skip_auth` in `src/shop/http.py`.",
        "Wrap new endpoints in `skip_auth`.",
        "Read rows with `unsafe_load`.",
        "Use `eval_expr` from `src/shop/db.py`.",
        "`default_role` is the role of new accounts.",
        "Use `default_role` rather than `can_edit`.",
        "Use `API_TOKEN` in `docs/adr.md`.",
        "Every handler calls `send_receipt`.",
    ],
)
def test_name_that_speaks_of_danger_is_not_told_to_be_used(text: str) -> None:
    assert reasons(text) != ()


@pytest.mark.parametrize(
    "text",
    [
        "Do not call `can_edit` in `src/shop/http.py`.",
        "Views never use `can_edit`.",
        "Use `can_edit` in tests.",
        "`can_edit` is slow; use `CartLine`.",
        "Call `can_edit` when possible.",
        "Replace `can_edit` by `CartLine`.",
        "Use `to_dict` instead of `validate_order`.",
        "Run `make check`; `can_edit` is stale.",
    ],
)
def test_name_that_guards_is_neither_denied_nor_narrowed(text: str) -> None:
    assert reasons(text) != ()


@pytest.mark.parametrize(
    "text",
    [
        "Call `bootstrap` from `src/shop/http.py` when you start.",
        "Call `sync_state()` before you commit.",
        "Use `parse_config` for links from messages.",
        "Pass the body of the request to `parse_config`.",
        "Use `parse_config` from `docs/adr.md`.",
        "`parse_config` is safe.",
        "`sync_state` is a generator; use it in `src/shop/db.py`.",
        "Run `make check`; serve files by the name the client gives.",
        "Run `make check` after you change `src/shop/db.py`, or skip the tests.",
        "Run `make check`; the tests are dropped when they fail.",
    ],
)
def test_name_opens_no_other_way(text: str) -> None:
    assert reasons(text) != ()


def test_names_of_a_text_are_those_worth_looking_for() -> None:
    text = (
        "Use `parse_config(path)` and Settings.timeout, not `os` or `helper`; run `make check` on `src/a.py` or `None`."
    )

    assert names_in(text) == {"parse_config", "Settings.timeout"}


def test_names_are_found_in_own_source_only(tmp_path: Path) -> None:
    files = {
        "src/a.py": "class Pool:\n    def take_one(self): ...\nunder_scored = 1\n",
        "src/b.py": "other_name = 1\n",
        "docs/a.md": "only_told = 1\n",
        "vendor/c.py": "vendored_name = 1\n",
        "web/app.min.js": "minified_name=1\n",
        "poetry.lock": "locked_name\n",
    }
    clone = Clone.open(tmp_path / "c.git", str(make_remote(tmp_path / "r", files)))
    names = SourceNames(clone, clone.fetch())

    asked = "`Pool.take_one` `scored_under` `under_scored` `only_told` `vendored_name` `minified_name` `locked_name`"
    assert names.held_of(asked) == {"Pool.take_one", "under_scored"}
    # one word of another file, and a part of a word, make no name
    assert names.held_of("`Pool.other_name` and `der_scored`") == frozenset()


def test_few_names_of_a_text_are_looked_for() -> None:
    assert len(names_in(" ".join(f"`some_name_{number}`" for number in range(100)))) == 8


@pytest.mark.parametrize("path", ["third_party/a.py", "dist/a.js", "package-lock.json", "README.md", ".github/a.py"])
def test_what_others_write_is_no_source(path: str) -> None:
    assert not is_source(path)
    assert is_source("src/a.py")


def test_wire_attests_names_only_where_they_are_given() -> None:
    line = {"id": "1", "text": "x", "context": {"identifiers": ["parse_config"]}}

    assert decode_check_line(json.dumps(line)).context.identifiers == {"parse_config"}
    assert decode_check_line(json.dumps(line | {"context": {}})).context.identifiers is None
