"""The one address that all attached agents of a user send to, and the token that goes there and nowhere else."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sidecar.attach.attaching import Plan, plan_wishes
from sidecar.attach.places import Places
from sidecar.attach.programs import installed_headers, installed_url
from sidecar.attach.record import Record, Written
from sidecar.attach.registry import TELEMETRY
from sidecar.attach.wish import Asked
from sidecar.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where sessions go, and as whose."""

    url: str
    token: str | None = field(default=None, repr=False)
    """None for a sidecar that asks for none, as one on this machine."""


def installed_address(places: Places) -> Address | None:
    """What the installed scripts send to; None where none are installed."""
    url = installed_url(places)
    if not url:
        return None
    token = installed_headers(places, url).get("Authorization", "").removeprefix("Bearer ")
    return Address(url=url, token=token or None)


def chosen_address(before: Address, url: str | None, token: str | None, used_by: str, *, replaces: bool) -> Address:
    """Where to send from now on: to what is there already, unless it is to be replaced.

    Args:
        before: What the agents that are attached send to.
        url: What was asked for; None for nothing.
        token: Likewise.
        used_by: Whose sessions go there, in words.
    Raises:
        InputError: another address was asked for, and not that it replaces the one before.
    """
    if url is None or url == before.url:
        return Address(url=before.url, token=token or before.token)
    if not replaces:
        raise InputError(
            f"--url {url}: what is attached ({used_by}) sends to {before.url}, and all agents of a user send to one "
            "sidecar; leave --url out to send there too, or add --replace to move all of it"
        )
    return Address(url=url, token=token)


def moved_telemetry(asked: Asked, before: Address | None, records: Mapping[str, Record]) -> Mapping[str, Plan]:
    """What a new address or token changes in the settings of agents that are attached already, by agent."""
    if before == Address(url=asked.url, token=asked.token):
        return {}
    return {
        agent: plan_wishes(wishes(replace(asked, record=records[agent])), records[agent])
        for agent, wishes in TELEMETRY.items()
        if records[agent].files
    }


def moved(before: Address, after: Address, used_by: str) -> str:
    """What an address that replaces another one changes, for a person."""
    if before.url == after.url:
        return f"sends to {before.url}, as was attached before; --url URL --replace moves all of it ({used_by})"
    left = f"; the token for {before.url} does not go along" if before.token and after.token is None else ""
    return f"{used_by}: hooks and telemetry move from {before.url} to {after.url}{left}"


def users_of(records: Collection[Record]) -> str:
    """Whose sessions go to the address: the repositories that are attached, in words."""
    files = [written for record in records for written in record.files]
    projects = sorted({str(written.project) for written in files if written.project is not None})
    if not projects or any(_holds_hooks_of_the_user(written) for written in files):
        return "every repository of this user"
    return _listed(projects)


def _holds_hooks_of_the_user(written: Written) -> bool:
    return written.project is None and (bool(written.lines) or any(entry.key is None for entry in written.entries))


def _listed(names: Sequence[str], most: int = 3) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
