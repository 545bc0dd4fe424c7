"""git without surprises: our own bare clone, read and written by plumbing under a hardened environment."""

from sidecar.git.address import BRANCH_PREFIX, Remote, check_branch, check_own_branch, check_remote
from sidecar.git.clone import WITHOUT_BRANCH, Clone, PushResult, default_branch
from sidecar.git.tree import SIDECAR, Author, TreeEntry

__all__ = [
    "BRANCH_PREFIX",
    "SIDECAR",
    "WITHOUT_BRANCH",
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
