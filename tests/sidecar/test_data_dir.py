"""The data folder: one key, one process in each role, clear refusals."""

from pathlib import Path

import pytest

from sidecar.data_dir import DataDir, Role
from sidecar.errors import DataDirError, DataDirInUseError
from sidecar.redact import Redactor


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


def test_folder_is_served_and_worked_on_by_one_process_each(tmp_path: Path) -> None:
    data = DataDir.open(tmp_path / "data")

    with (
        data.held(Role.SERVE),
        data.held(Role.WORK),
        pytest.raises(DataDirInUseError, match="already worked on by process"),
        data.held(Role.WORK),
    ):
        pass


def test_named_key_file_is_used_and_none_is_made(tmp_path: Path) -> None:
    first = DataDir.open(tmp_path / "first")

    second = DataDir.open(tmp_path / "second", key_file=tmp_path / "first" / "key")

    assert second.key == first.key
    assert second.key_print == first.key_print
    assert not (tmp_path / "second" / "key").exists()


@pytest.mark.parametrize(("content", "words"), [(None, "No such file"), (b"short", "32 bytes were expected, got 5")])
def test_named_key_file_that_is_no_key_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "secret"
    written = [file.write_bytes(one) for one in [content] if one is not None]

    with pytest.raises(DataDirError, match=f"SIDECAR_KEY_FILE=.*secret: {words}"):
        DataDir.open(tmp_path / "data", key_file=file)
    assert len(written) == (content is not None)


def test_print_tells_keys_apart_and_gives_none_away(tmp_path: Path) -> None:
    one, other = DataDir.open(tmp_path / "one"), DataDir.open(tmp_path / "other")

    assert one.key_print != other.key_print
    assert one.key_print not in one.key.hex()


def test_node_keeps_its_name_until_it_is_renamed(tmp_path: Path) -> None:
    data = DataDir.open(tmp_path / "data")

    first, again, renamed = data.node(), DataDir.open(tmp_path / "data").node(), data.rename_node()

    assert first == again
    assert renamed not in ("", first)
    assert data.node() == renamed


def test_strings_that_could_not_be_scanned_stay_counted_over_restarts(tmp_path: Path) -> None:
    data = DataDir.open(tmp_path / "data")
    assert data.unscannable == 0

    redactor = Redactor(data.key, note_unscannable=data.note_unscannable)
    redactor.redact_json({"a": "x\ud800", "b": ["fine", "y\udfff"]})

    assert DataDir.open(tmp_path / "data").unscannable == 2
