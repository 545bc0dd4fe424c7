"""A desk for each test."""

from pathlib import Path

import pytest

from tests.sidecar.attach.desk import Desk, made_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A developer's home and clone; nothing is attached."""
    return made_desk(tmp_path)
