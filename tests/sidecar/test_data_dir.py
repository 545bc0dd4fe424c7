"""The data folder: one key, one serve, clear refusals."""

from pathlib import Path

import pytest

from sidecar.data_dir import DataDir
from sidecar.errors import DataDirError, DataDirInUseError


def test_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first = DataDir.open(tmp_path / "data")
    second = DataDir.open(tmp_path / "data")

    assert first.key == second.key
    assert len(first.key) == 32
    assert (tmp_path / "data" / "key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_damaged_key_is_refused_rather_than_replaced(tmp_path: Path) -> None:
    DataDir.open(tmp_path / "data")
    (tmp_path / "data" / "key").write_bytes(b"short")

    with pytest.raises(DataDirError, match="32 bytes were expected, got 5"):
        DataDir.open(tmp_path / "data")


def test_folder_under_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DataDirError, match="give a folder you can write"):
        DataDir.open(tmp_path / "file" / "data")


def test_second_holder_is_told_who_the_first_is(tmp_path: Path) -> None:
    data = DataDir.open(tmp_path / "data")

    with data.held(), pytest.raises(DataDirInUseError, match="already served by process"), data.held():
        pass

    with data.held():
        pass
