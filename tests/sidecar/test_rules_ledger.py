"""The ledger: the same bytes for the same entry, and nothing read that this program did not write so."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import Rule, RuleId, RuleKind
from sidecar.errors import DecodeError
from sidecar.rules import (
    GateResult,
    LedgerEntry,
    decode_ledger,
    decode_ledger_entry,
    encode_ledger_entry,
    ledger_path,
    signature_hash,
)

ID = RuleId("0123456789ab")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ENTRIES = st.builds(
    LedgerEntry,
    rule=st.builds(
        Rule,
        rule_id=st.just(ID),
        text=TEXT,
        kind=st.sampled_from(RuleKind),
        scope=st.none() | TEXT,
        is_human=st.booleans(),
        evidence=st.lists(TEXT, unique=True).map(sorted).map(tuple),
        supersedes=st.lists(st.sampled_from(["a" * 12, "b" * 12]), unique=True).map(sorted).map(tuple),
    ),
    task_count=st.integers(0, 9),
    person_count=st.integers(0, 9),
    gate=st.sampled_from(GateResult),
    tombstone=st.none() | TEXT,
    signature=st.none() | TEXT.map(signature_hash),
)
ENTRY = LedgerEntry(rule=Rule(rule_id=ID, text="Run `a`", kind=RuleKind.COMMAND, evidence=("s2", "s1")))


def changed(change: Callable[[dict[str, object]], object]) -> bytes:
    fields = json.loads(encode_ledger_entry(ENTRY))
    change(fields)
    return json.dumps(fields).encode()


@given(ENTRIES)
def test_entry_comes_back_as_it_was_written(entry: LedgerEntry) -> None:
    assert decode_ledger_entry(encode_ledger_entry(entry), ledger_path(ID)) == entry


def test_entry_is_readable_and_does_not_depend_on_order() -> None:
    content = encode_ledger_entry(ENTRY).decode()

    assert content.startswith(
        '{\n  "version": 1,\n  "id": "0123456789ab",\n  "text": "Run `a`",\n  "kind": "command",\n'
    )
    assert content.index('"s1"') < content.index('"s2"')
    assert content.endswith("}\n")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "not JSON"),
        (b"[]", "expected a JSON object"),
        (b"{}", "version None"),
        (b" " * 70_000, "70000 bytes"),
        (changed(lambda fields: fields.update(version=2)), "version 2, this program reads 1; upgrade"),
        (changed(lambda fields: fields.update(id="ffffffffffff")), "holds the id 'ffffffffffff'"),
        (changed(lambda fields: fields.update(url="x")), "unknown key 'url'"),
        (changed(lambda fields: fields.pop("tasks")), "missing key 'tasks'"),
        (changed(lambda fields: fields.update(kind="advice")), "'advice' is not a valid RuleKind"),
        (changed(lambda fields: fields.update(text=1)), "'text' is 1; expected text"),
        (changed(lambda fields: fields.update(tasks=True)), "'tasks' is True; expected a count"),
        (changed(lambda fields: fields.update(persons=-1)), "'persons' is -1"),
        (changed(lambda fields: fields.update(human="no")), "expected true or false"),
        (changed(lambda fields: fields.update(evidence=[1])), "expected a list of texts"),
        (changed(lambda fields: fields.update(supersedes="a")), "expected a list of texts"),
        (changed(lambda fields: fields.update(tombstone="x")), "'tombstone' is 'x'"),
        (changed(lambda fields: fields.update(signature=1)), "'signature' is 1; expected text"),
    ],
)
def test_file_that_is_no_entry_is_refused_by_name(content: bytes, what: str) -> None:
    with pytest.raises(DecodeError, match=rf"^\.sidecar/rules/0123456789ab\.json: .*{what}"):
        decode_ledger_entry(content, ledger_path(ID))


def test_entry_without_a_signature_is_written_as_before_there_were_any() -> None:
    assert b"signature" not in encode_ledger_entry(ENTRY)
    assert decode_ledger_entry(encode_ledger_entry(ENTRY), ledger_path(ID)).signature is None


def test_signature_is_written_as_a_hash_that_tells_nothing_of_a_session() -> None:
    entry = replace(ENTRY, signature=signature_hash('{"symptom":"secret words"}'))

    written = json.loads(encode_ledger_entry(entry))["signature"]

    assert (len(written), int(written, 16) > 0) == (16, True)


def test_other_files_are_passed_over() -> None:
    files = {ledger_path(ID): encode_ledger_entry(ENTRY), "CLAUDE.md": b"# T", ".sidecar/rules/notes.md": b"x"}

    assert list(decode_ledger(files)) == [ID]
