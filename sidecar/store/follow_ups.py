"""What became of changes after their sessions; all within a transaction."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, or_, select

from sidecar.domain import FollowUp, FollowUpKind, ProjectId, TeamId
from sidecar.store import schema
from sidecar.store.commits import commit_prefix
from sidecar.store.insert import insert

follow_ups = schema.follow_ups


def add_follow_up(connection: Connection, one: FollowUp) -> None:
    """Add it; one of this id that is there stays as it is."""
    statement = insert(connection, follow_ups).values(
        team=one.team,
        follow_up_id=one.follow_up_id,
        project=one.project,
        branch=one.branch,
        number=one.number,
        at_ns=one.at_ns,
        body=one,
    )
    connection.execute(statement.on_conflict_do_nothing())
    commits = [
        {"team": one.team, "commit_prefix": prefix, "follow_up_id": one.follow_up_id}
        for prefix in sorted({commit_prefix(commit) for commit in one.commits})
    ]
    if commits:
        connection.execute(insert(connection, schema.follow_up_commits).on_conflict_do_nothing(), commits)


def follow_ups_about(
    connection: Connection,
    team: TeamId,
    commits: Sequence[str],
    project: ProjectId | None,
    branch: str | None,
    number: int | None = None,
) -> list[FollowUp]:
    """Candidates that name one of the commits or the project's branch, and those of their or the named pull requests.

    Commits are compared by their first seven digits only.
    """
    named = schema.follow_up_commits

    def by_commit(of: Iterable[str]) -> ColumnElement[bool]:
        prefixes = sorted({commit_prefix(commit) for commit in of})
        ids = select(named.c.follow_up_id).where(named.c.team == team, named.c.commit_prefix.in_(prefixes))
        return follow_ups.c.follow_up_id.in_(ids)

    is_wanted = by_commit(commits)
    if project is not None and branch is not None:
        is_wanted = or_(is_wanted, (follow_ups.c.project == project) & (follow_ups.c.branch == branch))
    query = select(follow_ups.c.body).where(follow_ups.c.team == team)
    found: list[FollowUp] = list(connection.scalars(query.where(is_wanted)))
    merged = [commit for one in found if one.kind is FollowUpKind.MERGED for commit in one.commits]
    if merged:
        found.extend(connection.scalars(query.where(by_commit(merged))))
    numbers = {(one.project, one.number) for one in found if one.number is not None}
    if project is not None and number is not None:
        numbers.add((project, number))
    for of_project, of_number in sorted(numbers):
        same = query.where(follow_ups.c.project == of_project, follow_ups.c.number == of_number)
        found.extend(connection.scalars(same))
    distinct = {one.follow_up_id: one for one in found}
    return sorted(distinct.values(), key=lambda one: (one.at_ns, one.follow_up_id))
