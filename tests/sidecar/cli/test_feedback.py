"""A person's words about a session, by command."""

import json
from pathlib import Path

from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.cli.feedback import MAX_BYTES
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM
from sidecar.errors import InputError
from sidecar.store import Store
from tests.contracts.records import make_decision, make_key, make_session


def test_the_same_words_are_kept_once_and_a_file_of_words_is_not(tmp_path: Path) -> None:
    DataDir.open(tmp_path)
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    key = make_key("s1", team=LOCAL_TEAM)
    store.set_session(make_session(key), make_decision(), now_ns=1)
    line = ["feedback", "s1", "Use pnpm.", "--data", str(tmp_path), "--json"]

    too_long = CliRunner().invoke(app, [*line[:2], "ü" * (MAX_BYTES // 2 + 1), *line[3:]])
    told = [json.loads(CliRunner().invoke(app, line, catch_exceptions=False).stdout)["new"] for _ in range(2)]

    assert isinstance(too_long.exception, InputError)
    assert "4002 bytes long; at most 4000 are taken" in str(too_long.exception)
    assert told == [True, False]
    assert store.feedback(key) == ["Use pnpm."]
    store.close()
