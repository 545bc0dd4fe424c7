"""The table of forges whose webhooks are read."""

from collections.abc import Callable, Mapping

from collectors.deliveries.delivery import DeliveryReader
from collectors.deliveries.github import GitHubReader
from collectors.deliveries.gitlab import GitLabReader
from sidecar.errors import NotFoundError

DELIVERY_READERS: Mapping[str, Callable[[], DeliveryReader]] = {
    "github": GitHubReader,
    "gitlab": GitLabReader,
}
"""Forge to reader."""


def delivery_reader(name: str) -> DeliveryReader:
    """The reader of a forge's webhooks.

    Raises:
        NotFoundError: there is none; names those that exist.
    """
    if name not in DELIVERY_READERS:
        known = ", ".join(f"/webhooks/{one}" for one in DELIVERY_READERS)
        raise NotFoundError(f"no webhooks of {name[:40]!r} are read here; known are {known}")
    return DELIVERY_READERS[name]()
