"""The command `sidecar`: one verb per act, the same three exit codes everywhere.

0 done, 1 found something or the gate refused, 2 could not run.
"""

import sys

from sidecar.cli.app import app
from sidecar.errors import SidecarError
from sidecar.installed import check_packages
from sidecar.printing import EXIT_COULD_NOT_RUN, print_error


def main() -> None:
    """Run the command line; the one place where an error becomes words and an exit code."""
    try:
        check_packages()
        app(prog_name="sidecar")
    except SidecarError as exc:
        print_error(str(exc))
        sys.exit(EXIT_COULD_NOT_RUN)
    except BrokenPipeError:
        sys.exit(EXIT_COULD_NOT_RUN)
    except KeyboardInterrupt:
        sys.exit(130)
