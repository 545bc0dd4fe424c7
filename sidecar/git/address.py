"""Remote addresses and branch names that may reach git's command line.

They come from configuration and from repositories, so each is held against what is allowed rather than what is known to
be bad; nothing here contacts anything.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import SplitResult, urlsplit

from sidecar.errors import GitError

BRANCH_PREFIX = "sidecar/"
"""The only branches that may ever be written to."""

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_HOST = re.compile(r"[A-Za-z0-9:][A-Za-z0-9.:-]*")
_SCP = re.compile(r"(?:[A-Za-z0-9_][\w.-]*@)?([A-Za-z0-9][A-Za-z0-9.-]*):([^-:][^:]*)")
_PROTOCOLS = {"https": "https", "http": "http", "ssh": "ssh", "file": "file"}
_BRANCH = re.compile(r"(?!-)[^\x00-\x20\x7f~^:?*\[\\]+")
_EXPECTED = "expected an https or ssh address, a file:// address or an absolute path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A remote that git may be sent to."""

    url: str
    protocol: str
    """The one transport that git is allowed to use for it."""
    is_local: bool


def check_remote(url: str) -> Remote:
    """The remote behind an address.

    Raises:
        GitError: an address that runs a program, holds a secret, or is none.
    """
    if not url or url.startswith("-") or any(ord(character) < 33 or ord(character) == 127 for character in url):
        raise GitError(f"the remote {url!r} is no address; {_EXPECTED}, without blanks or a leading dash")
    if re.match(r"[A-Za-z0-9+.-]+::", url):
        raise GitError(f"the remote {url!r} would run a program of its own; {_EXPECTED}")
    if PurePath(url).is_absolute():
        return Remote(url=url, protocol="file", is_local=True)
    if "://" in url:
        return _checked_url(url, urlsplit(url))
    match = _SCP.fullmatch(url)
    if match is None:
        raise GitError(f"the remote {url!r} is no address; {_EXPECTED}")
    return Remote(url=url, protocol="ssh", is_local=False)


def check_branch(branch: str) -> str:
    """The branch name itself, once it is one.

    Raises:
        GitError: not a name that `git check-ref-format --branch` accepts.
    """
    parts = branch.split("/")
    is_name = (
        _BRANCH.fullmatch(branch)
        and ".." not in branch
        and "@{" not in branch
        and branch != "@"
        and not branch.endswith(".")
        and all(part and not part.startswith(".") and not part.endswith(".lock") for part in parts)
    )
    if not is_name:
        raise GitError(f"{branch!r} is no branch name; name the branch as `git branch` lists it")
    return branch


def check_own_branch(branch: str) -> str:
    """The branch name itself, once it is one that we may write.

    Raises:
        GitError: any other branch; none is ever written outside `sidecar/`.
    """
    if not check_branch(branch).startswith(BRANCH_PREFIX):
        raise GitError(f"{branch!r} is not ours to write: this program writes branches under {BRANCH_PREFIX} only")
    return branch


def _checked_url(url: str, parts: SplitResult) -> Remote:
    protocol = _PROTOCOLS.get(parts.scheme)
    if protocol is None:
        raise GitError(f"the remote {url!r} uses {parts.scheme!r}; {_EXPECTED}")
    if protocol == "file":
        return Remote(url=url, protocol=protocol, is_local=True)
    if parts.password is not None or (parts.username is not None and protocol != "ssh"):
        shown = f"{parts.scheme}://{parts.hostname}{parts.path}"
        raise GitError(f"the remote {shown} holds a user name or secret; give it without, and the token separately")
    host = parts.hostname or ""
    if _HOST.fullmatch(host) is None or (parts.username or "").startswith("-"):
        raise GitError(f"the remote {url!r} names no host; {_EXPECTED}")
    if protocol == "http" and host not in _LOOPBACK:
        raise GitError(f"the remote {url!r} is not encrypted; use https (http is for this machine only)")
    return Remote(url=url, protocol=protocol, is_local=False)
