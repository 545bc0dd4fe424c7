"""Settings: the file, the environment over it, and errors that name the key."""

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from sidecar.config import Config, find_config_file, load_config, load_credentials, parse_config
from sidecar.errors import ConfigError


def test_no_file_and_no_environment_are_the_defaults() -> None:
    assert Config() == load_config(None, {})


def test_environment_overrides_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sidecar.toml"
    file.write_text("[learn]\nmin_tasks = 3\nmax_edits = 1\n")

    config = load_config(file, {"SIDECAR_LEARN__MIN_TASKS": "5", "SIDECAR_PHOENIX": "elsewhere", "HOME": "/"})

    assert (config.learn.min_tasks, config.learn.max_edits) == (5, 1)


def test_array_is_written_with_commas_in_the_environment() -> None:
    config = load_config(None, {"SIDECAR_RECEIVE__ALLOWED_HOSTS": "a.example, b.example"})

    assert config.receive.allowed_hosts == ("a.example", "b.example")


def test_error_names_the_place_that_holds_the_wrong_value(tmp_path: Path) -> None:
    file = tmp_path / "sidecar.toml"
    file.write_text("[learn]\nmin_tasks = 3\n")

    with pytest.raises(ConfigError, match=r"^the environment: learn.min_tasks"):
        load_config(file, {"SIDECAR_LEARN__MIN_TASKS": "many"})


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"lern": {}}, "unknown key 'lern'; did you mean 'learn'?"),
        ({"learn": {"min_task": 1}}, "unknown key 'learn.min_task'; did you mean 'min_tasks'?"),
        ({"learn": {"zzz": 1}}, "known here: min_tasks, max_edits"),
        ({"projects": {"a/b": {"url": "x", "forg": "y"}}}, "unknown key 'projects.a/b.forg'; did you mean 'forge'?"),
        ({"projects": {"a/b": {}}}, "projects.a/b.url: is missing; expected: the remote that proposals are pushed to"),
        ({"projects": {"a/b": {"url": ""}}}, "projects.a/b.url: string should have at least 1 character, got ''"),
        ({"projects": {"Forge.example/acme/Shop.git": {"url": "x"}}}, "name it: 'forge.example/acme/shop'"),
        ({"projects": {"git@forge.example:acme/shop": {"url": "x"}}}, "name it: 'forge.example/acme/shop'"),
        ({"projects": {"shop": {"url": "x"}}}, "projects.shop: is no project; HOST/PATH of its remote was expected"),
        ({"projects": {"a/b": {"url": "x", "aliases": ["A/c"]}}}, "projects.a/b.aliases: A/c: no session"),
        ({"model": {"base_url": "foo"}}, "model.base_url: input should be an address such as https://"),
        ({"model": {"base_url": "http://a:secret@h:port"}}, "not shown, as it may hold a password"),
        ({"learn": {"min_tasks": "many"}}, "learn.min_tasks: input should be a valid integer"),
        ({"learn": {"min_tasks": 0}}, "learn.min_tasks: input should be greater than or equal to 1, got 0"),
        ({"learn": 3}, "learn: input should be a table, got 3"),
    ],
)
def test_wrong_settings_are_named(document: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(document, where="sidecar.toml")

    assert words in str(caught.value)
    assert "secret" not in str(caught.value)
    assert str(caught.value).startswith("sidecar.toml: ")


def numeric_settings(record: type, *path: str) -> Iterator[tuple[str, ...]]:
    """Where each number stands in the file; of tables that hold one for each name, under the name `x`."""
    for name, hint in get_type_hints(record).items():
        kinds = [hint, *get_args(hint)]
        if int in kinds or float in kinds:
            yield (*path, name)
        for kind in kinds:
            if isinstance(kind, type) and is_dataclass(kind):
                yield from numeric_settings(kind, *path, name, *(["x"] if kind is not hint else []))


NUMBERS = tuple(numeric_settings(Config))
WRONG = ("true", "false", '"many"', '"5 USD"', '""', "[1]", "-7", "inf", "-inf", "nan", "1e308", f"0x{'f' * 5000}")
BESIDE = {"projects": 'url = "u"\n', "prices": "input_usd = 1\noutput_usd = 1\n"}


@pytest.mark.parametrize("path", NUMBERS, ids=".".join)
def test_what_is_no_fitting_number_is_refused_by_every_setting_that_is_one(
    tmp_path: Path, path: tuple[str, ...]
) -> None:
    *tables, name = path
    beside = [line for table in tables for line in BESIDE.get(table, "").splitlines() if not line.startswith(name)]
    file = tmp_path / "sidecar.toml"
    said: list[str] = []

    for value in WRONG:
        file.write_text("\n".join([f"[{'.'.join(tables)}]", *beside, f"{name} = {value}"]))
        with pytest.raises(ConfigError) as caught:
            load_config(file, {})
        said.append(str(caught.value))

    place = f"{file}: {'.'.join(path)}: "
    assert [one for one in said if not one.startswith(place) or ", got " not in one] == []
    assert said[0] == f"{place}input should be a number, got True"


def test_every_number_of_the_schema_is_tried() -> None:
    assert len(NUMBERS) >= 30
    assert ("model", "max_usd_per_day") in NUMBERS
    assert ("model", "prices", "x", "input_usd") in NUMBERS
    assert ("projects", "x", "outcome_window_s") in NUMBERS


def test_number_with_more_digits_than_can_be_read_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "sidecar.toml"
    file.write_text(f"[learn]\nmin_tasks = {'9' * 5000}\n")

    with pytest.raises(ConfigError, match="value has 5000 digits"):
        load_config(file, {})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SIDECAR_LEARN__MIN_TASK", "did you mean 'min_tasks'"),
        ("SIDECAR_LEARN_MIN_TASKS", "did you mean SIDECAR_LEARN__MIN_TASKS?"),
        ("SIDECAR_KEYFILE", "did you mean SIDECAR_KEY_FILE?"),
        ("SIDECAR_DATA", "give --data DIR instead"),
    ],
)
def test_misspelt_name_of_the_environment_is_an_error(name: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(None, {name: "5"})

    assert str(caught.value).startswith("the environment: ")
    assert words in str(caught.value)


def test_name_of_the_environment_that_resembles_none_of_ours_is_somebody_elses() -> None:
    assert load_config(None, {"SIDECAR_ISTIO_INJECT": "true"}) == load_config(None, {})


def test_names_that_other_parts_read_or_kubernetes_puts_there_are_let_be() -> None:
    tree = Path(__file__).parents[2]
    folders = (tree / "sidecar", tree / "deploy", tree / "collectors")
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".sh", ".ps1")]
    texts = [path.read_text() for path in [*files, *tree.glob("*.py")] if path.parent.name != "config"]
    read = {name for text in texts for name in re.findall(r"\bSIDECAR_[A-Z]+(?:_[A-Z]+)*\b", text)}
    links = {"SIDECAR_SERVICE_HOST", "SIDECAR_SERVICE_PORT_HTTP", "SIDECAR_PORT", "SIDECAR_PORT_4318_TCP_ADDR"}

    assert read >= {"SIDECAR_KEY_FILE", "SIDECAR_URL", "SIDECAR_TOKEN", "SIDECAR_SESSION_ID"}
    assert load_config(None, dict.fromkeys(read | links, "x")) == Config()


def test_file_that_is_no_toml_is_an_error_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "sidecar.toml"
    file.write_text("[learn\n")

    with pytest.raises(ConfigError, match="not TOML"):
        load_config(file, {})


def test_file_is_found_in_the_data_folder_before_the_users(tmp_path: Path) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    (home / "agent-sidecar").mkdir(parents=True)
    data.mkdir()
    (home / "agent-sidecar" / "sidecar.toml").touch()

    from_home = find_config_file(None, data, home)
    (data / "sidecar.toml").touch()
    from_data = find_config_file(None, data, home)

    assert from_home == home / "agent-sidecar" / "sidecar.toml"
    assert from_data == data / "sidecar.toml"


def test_file_that_was_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        find_config_file(tmp_path / "none.toml", tmp_path, tmp_path)
    with pytest.raises(ConfigError, match=f"--config {tmp_path}: is a folder, and a settings file was expected"):
        find_config_file(tmp_path, tmp_path, tmp_path)


def test_what_stands_in_the_place_of_the_file_and_is_none_is_an_error(tmp_path: Path) -> None:
    place = tmp_path / "sidecar.toml"
    place.mkdir()

    with pytest.raises(ConfigError, match=f"^{place}: is a folder, and a settings file was expected"):
        find_config_file(None, tmp_path, None)
    place.rmdir()
    place.symlink_to("gone.toml")
    with pytest.raises(ConfigError, match=f"^{place}: is a link to gone.toml, where nothing is"):
        find_config_file(None, tmp_path, None)
    (tmp_path / "gone.toml").touch()

    assert find_config_file(None, tmp_path, None) == place


def test_the_webhook_secret_is_no_setting() -> None:
    environ = {"SIDECAR_FORGE__WEBHOOK_SECRET": "s3cret"}

    assert load_config(None, environ) == Config()
    assert load_credentials(environ).webhook_secret == "s3cret"
    assert "s3cret" not in repr(load_credentials(environ))


def test_the_webhook_secret_in_the_file_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "sidecar.toml"
    file.write_text('[forge]\nwebhook_secret = "s3cret"\n')

    with pytest.raises(ConfigError, match="unknown key 'forge'"):
        load_config(file, {})


def test_how_long_is_kept_is_set_in_days_and_sessions_for_ever() -> None:
    config = load_config(None, {"SIDECAR_RETENTION__SESSIONS_DAYS": "90", "SIDECAR_SESSIONS__IDLE_S": "60"})

    assert (config.retention.inbox_days, config.retention.failed_days, config.retention.sessions_days) == (7, 30, 90)
    assert (config.sessions.idle_s, Config().sessions.idle_s) == (60, 21_600)
    assert Config().retention.sessions_days is None
