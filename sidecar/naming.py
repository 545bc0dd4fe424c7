"""Names that are known, as a part of a sentence for somebody who gave one that is not."""

from collections.abc import Collection, Iterable

_MOST = 5


def known_names(names: Iterable[str]) -> str:
    """The first names in order, the rest counted; `none yet` where there are none."""
    ordered = sorted(set(names))
    more = f" and {len(ordered) - _MOST} more" if len(ordered) > _MOST else ""
    return f"{', '.join(ordered[:_MOST])}{more}" or "none yet"


def without_settings(project: str, known: Collection[str]) -> str:
    """That a project has no settings, which ones have, and how it gets some."""
    others = f"known: {known_names(known)}; for another one " if known else ""
    return (
        f"no settings for project {project!r}; {others}add to sidecar.toml: "
        f'[projects."{project}"] with url = "…" of the remote that proposals go to'
    )
