"""Whose fault an error is: of one row or session, which is put aside, or of the store, for which everything waits."""

import traceback
from pathlib import PurePath

from sidecar.errors import DamagedError, SidecarError, StoreError


def own_fault(error: Exception) -> str:
    """Why this one row or session cannot be used, now or later.

    Raises:
        StoreError: `error` itself, where the next row would fail like this one.
    """
    if isinstance(error, StoreError) and not isinstance(error, DamagedError):
        raise error
    if isinstance(error, SidecarError):
        return str(error)
    # its words may quote what was sent, so only the place is told
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{PurePath(place.filename).name}, line {place.lineno}"
    return f"{type(error).__name__} in {where}: a fault of this program, please report it; the row is kept"
