"""Secrets, which come from the environment alone."""

from collections.abc import Mapping
from dataclasses import field

from pydantic.dataclasses import dataclass

WEBHOOK_SECRET = "SIDECAR_FORGE__WEBHOOK_SECRET"  # noqa: S105 # its name, not the secret
"""A secret, so no key of the file: it is read by load_credentials alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Secrets; from the environment alone, never from a file that is shown around."""

    api_key: str | None = field(default=None, repr=False)
    auth_token: str | None = field(default=None, repr=False)
    base_url: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    """By which forges prove themselves; None takes no webhooks."""


def load_credentials(environ: Mapping[str, str]) -> Credentials:
    """What `ANTHROPIC_*` and the secrets among `SIDECAR_*` of the environment say."""
    return Credentials(
        api_key=environ.get("ANTHROPIC_API_KEY") or None,
        auth_token=environ.get("ANTHROPIC_AUTH_TOKEN") or None,
        base_url=environ.get("ANTHROPIC_BASE_URL") or None,
        webhook_secret=environ.get(WEBHOOK_SECRET) or None,
    )
