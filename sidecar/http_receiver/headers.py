"""Headers of a request by name, decoded once."""

from collections.abc import Mapping

from starlette.types import Scope

_HEADERS = "sidecar.headers"
"""Key of the decoded headers in an ASGI scope."""


def headers_of(scope: Scope) -> dict[str, str]:
    """By name; of one that comes more than once, the last. Kept with the request, which is asked for them often."""
    headers: dict[str, str] | None = scope.get(_HEADERS)
    if headers is None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        scope[_HEADERS] = headers
    return headers


def media_type(headers: Mapping[str, str]) -> str:
    """The content type without its parameters, in lower case; empty where there is none."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
