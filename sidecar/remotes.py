"""What a repository is called here: its remote without all that differs between two clones of it."""

import re

from sidecar.domain import ProjectId

_URL = re.compile(r"\A(?P<scheme>[a-z][a-z0-9+.-]*)://(?:[^@/]*@)?(?P<host>[^/]*)/(?P<path>.*)\Z", re.IGNORECASE)
_SCP = re.compile(r"\A(?:[^@/:]+@)?(?P<host>[^/:@]{2,}):(?!/)(?P<path>(?![^/]*@).+)\Z")
_NAME = re.compile(r"(?:[^/:@\s]+|\[[0-9a-fA-F:]+\])(?::[0-9]+)?/.+")
"""HOST/PATH, perhaps with a port."""
_USUAL_PORT = re.compile(r":(?:443|22|80)?\Z")
_LOCAL_HOST = "localhost"


def project_of(remote: str) -> ProjectId | None:
    """A remote as `host/path` in lower case, without scheme, user, usual port and `.git`; None when it is none."""
    text = remote.strip().split("?")[0].split("#")[0]
    found = _URL.match(text) or _SCP.match(text)
    if found is None:
        return _project(_LOCAL_HOST, text) if text.startswith("/") else None
    return _project(_USUAL_PORT.sub("", found["host"]) or _LOCAL_HOST, found["path"])


def project_named(text: str) -> ProjectId | None:
    """The Project that a person means by `host/path`, or by a remote of it; None when it is neither."""
    return project_of(f"https://{text.strip()}" if _NAME.fullmatch(text.strip()) else text)


def _project(host: str, path: str) -> ProjectId | None:
    name = path.strip("/").removesuffix(".git").strip("/")
    return ProjectId(f"{host}/{name}".lower()) if name else None
