"""The command `sidecar`: one verb per act, the same three exit codes everywhere.

0 done, 1 found something or the gate refused, 2 could not run.
"""

import logging
import os
import sys

from sidecar.errors import OutputError, SidecarError
from sidecar.printing import EXIT_COULD_NOT_RUN, log_to_standard_error, print_error

EXIT_INTERRUPTED = 130
"""What shells give a process that ended by SIGINT."""


def main() -> None:
    """Run the command line; the one place where an error becomes words and an exit code."""
    log_to_standard_error("%(message)s", logging.WARNING)
    try:
        from sidecar.cli.app import app
        from sidecar.installed import check_packages

        check_packages()
        app(prog_name="sidecar")
    except OutputError as exc:
        _discard_output()
        if not isinstance(exc.__cause__, BrokenPipeError):
            print_error(str(exc))
        sys.exit(EXIT_COULD_NOT_RUN)
    except SidecarError as exc:
        print_error(str(exc))
        sys.exit(EXIT_COULD_NOT_RUN)
    except OSError as exc:
        # no command foresaw it: a disk that filled up, or a folder that was taken away meanwhile
        print_error(f"{exc.filename or 'the system'}: {exc.strerror or exc}")
        sys.exit(EXIT_COULD_NOT_RUN)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)


def _discard_output() -> None:
    """Send what is still buffered nowhere, or Python would fail over it once more at its exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
