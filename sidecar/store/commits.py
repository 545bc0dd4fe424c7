"""When two commit names mean one commit: agents and CI often write short ones."""

SHORTEST_PREFIX = 7
"""git's own shortest abbreviation; shorter names match too much."""


def commit_prefix(commit: str) -> str:
    """What an index finds candidates by; equal for all names of one commit."""
    return commit.lower()[:SHORTEST_PREFIX]


def is_same_commit(one: str, other: str) -> bool:
    """The names are equal, or one is a prefix of at least seven digits of the other."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    return short == long or (len(short) >= SHORTEST_PREFIX and long.startswith(short))
