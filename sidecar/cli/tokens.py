"""Commands around tokens, which let senders and readers in from other machines."""

import secrets
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.cli.options import ConfigOption, DataOption, JsonOption, opened
from sidecar.domain import AccessScope, AccessToken, TeamId, TokenId
from sidecar.errors import InputError, NotFoundError
from sidecar.printing import print_json, print_line
from sidecar.tokens import digest_of, new_token, token_id_of

if TYPE_CHECKING:
    from sidecar.store import Store

DAY_NS = 24 * 3600 * 1_000_000_000
TEAM_CHARACTERS = 64
MOST_DAYS = 3650
"""Ten years; who wants more wants a token that holds until it is revoked."""

app = typer.Typer(no_args_is_help=True, help="Tokens for senders and readers on other machines.")


@app.command("add")
def add(
    team: Annotated[str, typer.Option(help="Team whose sessions it writes or reads.")],
    scope: Annotated[AccessScope, typer.Option(help="ingest for agents and CI, read for people and pages.")],
    note: Annotated[str, typer.Option(help="What to recognise it by, such as whose it is.")] = "",
    days: Annotated[
        int | None, typer.Option(min=1, max=MOST_DAYS, help="Holds that long; else until it is revoked.")
    ] = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token and print it; it is kept as a hash, so nobody can print it again."""
    name = _team(team)
    if len(note.strip().splitlines()) > 1:
        raise InputError(f'--note {note[:40]!r} has a line break; one line was expected, such as "Ada\'s laptop"')
    with opened(data, config, is_made=True) as installation:
        token, text = _kept(installation.store, TeamId(name), scope, note, days)
    if as_json:
        print_json({**_document(token, time.time_ns()), "token": text})
        return
    print_line(text)
    print_line(f"for {scope.value} as team {name}; it is not shown again. Senders use: Authorization: Bearer TOKEN")


def _kept(store: "Store", team: TeamId, scope: AccessScope, note: str, days: int | None) -> tuple[AccessToken, str]:
    now_ns = time.time_ns()
    while True:
        token_id, text = new_token(secrets.token_bytes)
        token = AccessToken(
            token_id=token_id,
            team=team,
            scope=scope,
            digest=digest_of(text),
            note=note.strip(),
            created_ns=now_ns,
            expires_ns=None if days is None else now_ns + days * DAY_NS,
        )
        if store.add_token(token):
            return token, text


def _team(name: str) -> str:
    if not 0 < len(name) <= TEAM_CHARACTERS or not all(ch.isalnum() or ch in "-_." for ch in name):
        raise InputError(
            f"--team {name!r}: 1 to {TEAM_CHARACTERS} letters, digits, '-', '_' or '.' were expected, such as platform"
        )
    return name


@app.command("list")
def list_tokens(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Every token there was, without its secret."""
    with opened(data, config) as installation:
        tokens = installation.store.tokens()
    now_ns = time.time_ns()
    if as_json:
        print_json({"tokens": [_document(token, now_ns) for token in tokens]})
        return
    for token in tokens:
        note = f"  {' '.join(token.note.split())}" if token.note else ""
        print_line(f"{token.token_id}  {token.team}  {token.scope.value}  {_state(token, now_ns)}{note}")
    if not tokens:
        print_line("no token was made; without one, only this machine is let in")


@app.command("revoke")
def revoke(
    token: Annotated[str, typer.Argument(help="Its id, or the whole token.")],
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a token back for ever; a running sidecar notices within five seconds."""
    token_id = token_id_of(token) or TokenId(token)
    with opened(data, config) as installation:
        if not installation.store.revoke_token(token_id, now_ns=time.time_ns()):
            raise NotFoundError(f"no token {token_id[:40]!r} is in force; see: sidecar tokens list")
    if as_json:
        print_json({"revoked": token_id})
    else:
        print_line(f"token {token_id} is taken back")


def _state(token: AccessToken, now_ns: int) -> str:
    if token.revoked_ns is not None:
        return f"revoked {_day(token.revoked_ns)}"
    if token.expires_ns is None:
        return f"since {_day(token.created_ns)}"
    return f"{'until' if token.holds(now_ns) else 'expired'} {_day(token.expires_ns)}"


def _document(token: AccessToken, now_ns: int) -> dict[str, object]:
    moments = {"created": token.created_ns, "expires": token.expires_ns, "revoked": token.revoked_ns}
    return {
        "id": token.token_id,
        "team": token.team,
        "scope": token.scope.value,
        "note": token.note,
        "holds": token.holds(now_ns),
        **{name: None if at_ns is None else _moment(at_ns).isoformat() for name, at_ns in moments.items()},
    }


def _day(at_ns: int) -> str:
    return _moment(at_ns).date().isoformat()


def _moment(at_ns: int) -> datetime:
    return datetime.fromtimestamp(at_ns // 1_000_000_000, UTC)
