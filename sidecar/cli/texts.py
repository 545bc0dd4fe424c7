"""Commands over texts that need no data folder: rules check, rules apply, redact; and rules list."""

import json
import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from sidecar.cli.allowing import never_again
from sidecar.cli.options import ConfigOption, DataOption, JsonOption, opened, read_file
from sidecar.errors import DecodeError, RulesFileError
from sidecar.gate import check, decision_as_json, decode_check_line, refusal_id
from sidecar.printing import (
    EXIT_FOUND,
    print_bytes,
    print_json,
    print_json_line,
    print_json_text,
    print_line,
    typed_bytes,
)
from sidecar.redact import Redactor
from sidecar.rules import (
    ROOT_BUDGET,
    SCOPED_BUDGET,
    apply_edits,
    is_scoped_path,
    parse_edits,
    parse_rules_file,
    rule_words,
)


def list_rules(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Our rules as they stood on each project's base at the last sync, what waits for a person, what was refused."""
    from sidecar.documents import project_rules, rules_document
    from sidecar.engine import differences_of, watched_projects

    with opened(data, config) as installation:
        names = watched_projects(installation)
        differing = {name: differences_of(installation, name) for name in names}
        if as_json:
            print_json(rules_document(installation.store, names, differing))
            return
        found = project_rules(installation.store, names)
    for one in found:
        print_line(f"{one.project} at {one.commit or 'no sync yet'}")
        for rule in one.rules:
            print_line(f"  {rule.rule_id} {rule.kind.value}: {rule_words(rule.text, rule.scope)}")
            for other in differing[one.project]:
                if other.rule_id == rule.rule_id:
                    print_line(f"    {other.sentence}")
        for proposal in one.waiting:
            for edit in proposal.edits:
                words = rule_words(edit.rule.text, edit.rule.scope)
                print_line(f"  waits in {proposal.branch}: {edit.operation.value} {edit.rule.rule_id}: {words}")
        for stone in one.tombstones:
            print_line(f"  {never_again(stone)}")
        for refusal in one.refusals:
            identity = refusal_id(refusal.project, refusal.text)
            taken = one.adopted.get(identity)
            became = "refused" if taken is None else f"adopted as {taken.rule_id}, refused"
            print_line(f"  {became} {identity}: {refusal.text} ({'; '.join(refusal.reasons)})")
    if not found:
        print_line("no session of a known project is stored yet")


def check_rules(as_json: JsonOption = False) -> None:
    """The gate on texts, one JSON object a line on standard input; exit 1 if any is refused.

    \b
    {"id":"r1","text":"Run `make check`.","context":{"attested_commands":["make check"]}}

    Beside them may stand "kind", "scope", and in "context" all that is held against a text.
    """
    is_any_refused = False
    for number, line in enumerate(typed_bytes(), 1):
        if not line.strip():
            continue
        try:
            request = decode_check_line(line.decode())
        except UnicodeDecodeError as exc:
            raise DecodeError(f"line {number}: not UTF-8 (byte {exc.start}); send JSON as UTF-8") from exc
        except DecodeError as exc:
            raise DecodeError(f"line {number}: {exc}") from exc
        decision = check(request.text, kind=request.kind, scope=request.scope, context=request.context)
        is_any_refused = is_any_refused or not decision.is_allowed
        if as_json:
            print_json_text(decision_as_json(request.request_id, decision))
        else:
            reasons = "; ".join(decision.reasons)
            print_line(f"{request.request_id}: {'allowed' if decision.is_allowed else f'refused: {reasons}'}")
    if is_any_refused:
        raise typer.Exit(EXIT_FOUND)


def apply_rules(
    target: Annotated[Path, typer.Option(help="Rules file; missing means empty.")],
    edits: Annotated[Path, typer.Option(help='JSON: {"edits": [{"op": "add", "text": …}]}.')],
    as_json: JsonOption = False,
) -> None:
    """Print the rules file as it would be after the edits; only renders, asks no gate, writes nothing."""
    _check_links(target)
    content = read_file(target) if target.exists() else b""
    document = read_file(edits)
    try:
        asked = parse_edits(document)
    except DecodeError as exc:
        raise DecodeError(f"{edits}: {exc}") from exc
    try:
        is_scoped = is_scoped_path("/".join(target.parts[-3:]))
        rendered = apply_edits(content, asked, budget=SCOPED_BUDGET if is_scoped else ROOT_BUDGET)
    except RulesFileError as exc:
        raise RulesFileError(f"{target}: {exc}") from exc
    if as_json:
        text = rendered.decode(parse_rules_file(rendered).encoding, "replace")
        print_json({"target": str(target), "changed": rendered != content, "text": text})
    else:
        print_bytes(rendered)


def _check_links(target: Path) -> None:
    """Follow links inside the repository only; outside of any repository, inside the link's own folder."""
    if target.is_symlink() and not target.exists():
        raise RulesFileError(f"{target}: is a link that leads nowhere; name the file it should change")
    named = Path(os.path.abspath(target))  # noqa: PTH100 - resolve() would follow the links that are in question
    repository = next((folder for folder in named.parents if (folder / ".git").exists()), None)
    if repository is None and not target.is_symlink():
        return
    if not named.resolve().is_relative_to((repository or named.parent).resolve()):
        left = f"the repository {repository}" if repository else "its folder"
        raise RulesFileError(f"{target}: is a link that leaves {left}; name the file it should change")


def redact(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON string per line in and out.")] = False,
) -> None:
    """Standard input without its secrets, on standard output."""
    redactor = Redactor(key=os.environ.get("SIDECAR_REDACT_KEY", "").encode() or secrets.token_bytes(32))
    if not jsonl:
        print_bytes(redactor.redact_bytes(typed_bytes().read()))
        return
    for number, line in enumerate(typed_bytes(), 1):
        print_json_line(redactor.redact(_json_string(line, number)))


def _json_string(line: bytes, number: int) -> str:
    try:
        text: object = json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise DecodeError(f"line {number}: not JSON ({exc}); expected one JSON string per line") from exc
    if not isinstance(text, str):
        raise DecodeError(f"line {number}: expected a JSON string, got {type(text).__name__}")
    return text
