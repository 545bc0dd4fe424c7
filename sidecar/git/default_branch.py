"""The branch that a remote calls its own."""

from sidecar.errors import NoBaseBranchError
from sidecar.git.address import check_branch
from sidecar.git.command import GitCommand


def default_branch(git: GitCommand, url: str) -> str:
    """The branch that a remote calls its own: where proposals go unless the settings name another.

    Raises:
        GitUnavailableError: the remote did not answer.
        NoBaseBranchError: it has none, or one without a commit.
    """
    listed = git.run("ls-remote", "--symref", "--end-of-options", url, "HEAD")
    for line in listed.decode("utf-8", "replace").splitlines():
        if line.startswith("ref: refs/heads/") and line.endswith("\tHEAD"):
            return check_branch(line.removeprefix("ref: refs/heads/").removesuffix("\tHEAD"))
    raise NoBaseBranchError(
        f"{url} has no default branch with a commit on it; push one, or name the branch of its proposals as "
        f"default_branch"
    )
