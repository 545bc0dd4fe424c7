"""git without surprises: our own bare clone, read and written by plumbing under a hardened environment."""

from sidecar.git.address import BRANCH_PREFIX, Remote, check_branch, check_own_branch, check_remote
from sidecar.git.clone import Clone, PushResult
from sidecar.git.default_branch import default_branch
from sidecar.git.tree import SIDECAR, Author, TreeEntry

__all__ = [
    "BRANCH_PREFIX",
    "SIDECAR",
    "Author",
    "Clone",
    "PushResult",
    "Remote",
    "TreeEntry",
    "check_branch",
    "check_own_branch",
    "check_remote",
    "default_branch",
]
