"""Refuses what a web page could send: a foreign Host (DNS rebinding), a foreign Origin, a cross-site fetch."""

from collections.abc import Collection, Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from sidecar.addresses import LOOPBACK_HOSTS
from sidecar.answers import answer_to
from sidecar.errors import ForbiddenError
from sidecar.http_receiver.failures import error_response
from sidecar.http_receiver.headers import headers_of


class Hosts:
    """Which hosts and origins are this sidecar's own."""

    def __init__(self, allowed: Collection[str]) -> None:
        """Allow host names, without ports, beside those of this machine."""
        self._allowed = LOOPBACK_HOSTS | frozenset(allowed)

    def check(self, headers: Mapping[str, str]) -> None:
        """Let a request pass by its headers.

        Raises:
            ForbiddenError: it may come from a foreign page.
        """
        host = headers.get("host", "")
        if _without_port(host) not in self._allowed:
            raise ForbiddenError(
                f"Host {host[:80]!r} is not served here; use localhost, or add it to receive.allowed_hosts"
            )
        origin = headers.get("origin")
        if origin is not None and _without_port(origin.partition("://")[2]) not in self._allowed:
            raise ForbiddenError(f"Origin {origin[:80]!r} is foreign; only pages of this sidecar may call it")
        if headers.get("sec-fetch-site") == "cross-site":
            raise ForbiddenError("a page of another site may not call this sidecar")


class Gate:
    """Lets requests in by their Host and Origin."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        """Wrap `app`."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 or pass the request on."""
        if scope["type"] == "http":
            headers = headers_of(scope)
            try:
                self._hosts.check(headers)
            except ForbiddenError as error:
                refused = error_response(scope["path"], headers.get("content-type", ""), answer_to(error))
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name.lower() if colon and port.isdecimal() else host.lower()
