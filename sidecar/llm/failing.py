"""What a failed attempt means: from the provider's status and words to what comes next."""

from collections.abc import Mapping

from anthropic import APIStatusError

from sidecar.llm.attempt import Failure, Fate
from sidecar.llm.pace import told_wait_s

_PASSING = frozenset({408, 409, 425, 429})
_BUSY = frozenset({429, 503, 529})
"""Statuses by which a provider speaks of everybody's calls, not of this one."""
_FOR_ALL_CALLS = frozenset({401, 402, 403, 404})
_BILLING = frozenset({"billing_error", "authentication_error", "permission_error", "not_found_error"})


def failure_of_status(exc: APIStatusError) -> Failure:
    """The failure that a response with an error status is."""
    status = exc.status_code
    headers: Mapping[str, str] = exc.response.headers
    words = f"status {status}{f' ({exc.type})' if exc.type else ''}: {first_line(exc.api_message or exc.message)}"
    return Failure(
        fate=_fate(status, exc.type, exc.api_message, headers.get("x-should-retry")),
        words=words,
        told_wait_s=told_wait_s(headers),
        is_busy=status in _BUSY,
        is_unpaid=True,
        status=status,
        request_id=exc.request_id,
    )


def _fate(status: int, kind: str | None, message: str | None, should_retry: str | None) -> Fate:
    # The credit error has no status or type of its own at every gateway, so its words have to do.
    is_credit = status == 400 and "credit balance" in (message or "").lower()
    if status in _FOR_ALL_CALLS or is_credit or (kind in _BILLING and status < 500):
        return Fate.ALL_REFUSED
    is_passing = status in _PASSING or status >= 500
    if should_retry in ("true", "false"):
        is_passing = should_retry == "true"
    return Fate.TRY_AGAIN if is_passing else Fate.REQUEST_REJECTED


def broken(words: str, *, is_unpaid: bool = False) -> Failure:
    """The failure of a line that broke; whether the call was paid is not known unless it is said."""
    return Failure(fate=Fate.TRY_AGAIN, words=words, is_unpaid=is_unpaid)


def first_line(text: str) -> str:
    """The first line of a text that others wrote, fit for a terminal."""
    first = (text.strip().splitlines() or [""])[0]
    return "".join(character if character.isprintable() else "?" for character in first)[:200]
