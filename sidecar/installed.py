"""Check that the packages that run are ours: other distributions on the index install the same import names."""

from importlib import import_module
from pathlib import Path

from sidecar.errors import InstallError

FAMILIES = ("collectors", "judges")


def check_packages() -> None:
    """Compare where our packages were loaded from.

    Raises:
        InstallError: another distribution overwrote one of them.
    """
    home = Path(__file__).resolve().parent.parent
    for name in FAMILIES:
        found = import_module(name).__file__
        if found is None or Path(found).resolve().parent.parent != home:
            raise InstallError(
                f"the package {name!r} was loaded from {found}, not from beside {home / 'sidecar'}: another "
                "distribution installs the same name. Install agent-sidecar in an environment of its own "
                "(pipx, uv tool, or a fresh virtual environment)"
            )
