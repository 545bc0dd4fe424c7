"""Attaching merges into what is there, twice is once, and detaching leaves every byte as it was."""

import json
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidecar.attach.changing import Change, apply_changes
from sidecar.attach.claude_code import EVENTS, exporter_environment
from sidecar.attach.cline import EVENTS as CLINE_EVENTS
from sidecar.errors import InputError, UnknownAgentError
from tests.sidecar.attach.desk import REMOTE, URL, Desk, made_desk, settings_in

FOREIGN_STOP = [{"matcher": "", "hooks": [{"type": "command", "command": "theirs.sh"}]}]
FOREIGN = {
    "model": "opus",
    "env": {"ZED": "1", "ALPHA": "2"},
    "hooks": {"Stop": FOREIGN_STOP},
}


def test_exporter_goes_to_the_user_and_hooks_and_tags_to_the_clone(desk: Desk) -> None:
    desk.run("attach", "claude-code")

    assert dict(exporter_environment(URL)) == settings_in(desk.user_settings)["env"]
    local = settings_in(desk.local_settings)
    assert sorted(EVENTS) == sorted(local["hooks"])
    expected = {
        "OTEL_METRICS_INCLUDE_REPOSITORY": "1",
        "OTEL_RESOURCE_ATTRIBUTES": "sidecar.project=forge.example/acme/shop",
    }
    assert expected == local["env"]


def test_nothing_that_git_would_commit_appears(desk: Desk) -> None:
    desk.run("attach", "claude-code")
    desk.run("attach", "cline")

    assert desk.git("status", "--short", "--untracked-files=all") == ""


@pytest.mark.parametrize("options", [(), ("--user",), ("--shared",)], ids=["clone", "user", "shared"])
@pytest.mark.parametrize("agent", ["claude-code", "cline"])
def test_attaching_twice_changes_nothing_the_second_time(desk: Desk, agent: str, options: tuple[str, ...]) -> None:
    desk.run("attach", agent, *options)
    once = desk.files()

    said = desk.run("attach", agent, *options)

    assert once == desk.files()
    assert "nothing to do" in said


@pytest.mark.parametrize("options", [(), ("--user",), ("--shared",)], ids=["clone", "user", "shared"])
@pytest.mark.parametrize("agent", ["claude-code", "cline"])
def test_detaching_leaves_a_desk_as_it_was(desk: Desk, agent: str, options: tuple[str, ...]) -> None:
    before = desk.files()

    desk.run("attach", agent, *options)
    attached = desk.files()
    desk.run("detach", agent)

    assert before != attached
    assert before == desk.files()
    assert not (desk.home / ".local").exists()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    document=st.dictionaries(
        st.sampled_from(["model", "env", "hooks", "permissions"]),
        st.dictionaries(st.text("abc"), st.just([])),
        max_size=3,
    ),
    indent=st.sampled_from([None, 1, 4, "\t"]),
    ending=st.sampled_from(["", "\n", "\r\n\r\n"]),
)
def test_foreign_settings_come_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, object], indent: int | str | None, ending: str
) -> None:
    desk = made_desk(tmp_path_factory.mktemp("desk"))
    desk.user_settings.parent.mkdir()
    desk.user_settings.write_text(json.dumps(document, indent=indent) + ending)
    before = desk.files()

    desk.run("attach", "claude-code", "--user")
    desk.run("detach", "claude-code")

    assert before == desk.files()


def test_foreign_hooks_and_variables_stay_before_ours(desk: Desk) -> None:
    desk.user_settings.parent.mkdir()
    desk.user_settings.write_text(json.dumps(FOREIGN))

    desk.run("attach", "claude-code", "--user")

    merged = json.loads(desk.user_settings.read_bytes())
    assert list(merged["env"])[:2] == ["ZED", "ALPHA"]
    assert merged["hooks"]["Stop"][:1] == FOREIGN_STOP


def test_after_an_edit_only_our_entries_go(desk: Desk) -> None:
    desk.user_settings.parent.mkdir()
    desk.user_settings.write_text(json.dumps(FOREIGN))
    desk.run("attach", "claude-code", "--user")
    edited = settings_in(desk.user_settings) | {"theme": {"name": "dark"}}
    edited["env"]["OTEL_LOGS_EXPORTER"] = "console"
    desk.user_settings.write_text(json.dumps(edited))

    said = desk.run("detach", "claude-code")

    left = {**FOREIGN, "env": {"ZED": "1", "ALPHA": "2", "OTEL_LOGS_EXPORTER": "console"}, "theme": {"name": "dark"}}
    assert left == settings_in(desk.user_settings)
    assert "only our entries were taken out" in said
    assert "left as it is: env.OTEL_LOGS_EXPORTER" in said


def test_a_dry_run_prints_the_diff_and_writes_nothing(desk: Desk) -> None:
    desk.user_settings.parent.mkdir()
    desk.user_settings.write_text('{\n  "model": "opus"\n}')
    before = desk.files()

    said = desk.run("attach", "claude-code", "--dry-run")

    assert before == desk.files()
    assert f'--- {desk.user_settings}\n+++ {desk.user_settings}\n@@ -1,3 +1,13 @@\n {{\n-  "model": "opus"\n' in said
    assert '+    "OTEL_TRACES_EXPORTER": "otlp",\n' in said
    assert "\\ No newline at end of file" in said


def test_a_dry_detach_writes_nothing(desk: Desk) -> None:
    desk.run("attach", "claude-code")
    before = desk.files()

    said = desk.run("detach", "claude-code", "--dry-run")

    assert before == desk.files()
    assert '-    "OTEL_TRACES_EXPORTER": "otlp",\n' in said


def test_settings_that_are_no_json_are_refused_with_line_and_column(desk: Desk) -> None:
    desk.user_settings.parent.mkdir()
    desk.user_settings.write_text('{\n  "model": "opus",\n}\n')
    before = desk.files()

    with pytest.raises(InputError, match=r"settings\.json.*line 3, column 1"):
        desk.run("attach", "claude-code")

    assert before == desk.files()


def test_linked_settings_stay_a_link_and_keep_their_permissions(desk: Desk) -> None:
    target = desk.home / "dotfiles.json"
    target.write_text("{}")
    target.chmod(0o640)
    desk.user_settings.parent.mkdir()
    desk.user_settings.symlink_to(target)

    desk.run("attach", "claude-code")

    assert desk.user_settings.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert "OTEL_LOGS_EXPORTER" in settings_in(target)["env"]


def test_telemetry_that_goes_elsewhere_is_left_alone(desk: Desk) -> None:
    desk.user_settings.parent.mkdir()
    theirs = {"env": {"OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector.example", "OTEL_LOGS_EXPORTER": "otlp"}}
    desk.user_settings.write_text(json.dumps(theirs))

    said = desk.run("attach", "claude-code")

    assert theirs == settings_in(desk.user_settings)
    assert "sets OTEL_EXPORTER_OTLP_ENDPOINT already" in said
    assert sorted(EVENTS) == sorted(settings_in(desk.local_settings)["hooks"])


def test_attributes_of_the_users_own_are_not_replaced_by_the_projects(desk: Desk) -> None:
    desk.user_settings.parent.mkdir()
    desk.user_settings.write_text('{"env": {"OTEL_RESOURCE_ATTRIBUTES": "team=checkout"}}')

    desk.run("attach", "claude-code")

    assert settings_in(desk.local_settings)["env"] == {"OTEL_METRICS_INCLUDE_REPOSITORY": "1"}


def test_hooks_of_the_user_are_not_put_into_a_clone_as_well(desk: Desk) -> None:
    desk.run("attach", "claude-code", "--user")

    said = desk.run("attach", "claude-code")

    assert "hooks" not in settings_in(desk.local_settings)
    assert "for every repository" in said


def attach_to_the_teams(desk: Desk) -> None:
    """Attach to a sidecar that asks for a token."""
    (desk.home / "token").write_text("sidecar_qwertyuiopasdfgh\n")
    desk.run("attach", "claude-code", "--url", "https://team.example/", "--token-file", str(desk.home / "token"))


def test_a_second_repository_goes_where_the_first_one_does(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    both = Desk(home=desk.home, repository=made_desk(tmp_path / "second").repository)
    attach_to_the_teams(desk)
    sending = {path: path.read_bytes() for path in (desk.user_settings, desk.scripts / "url", desk.scripts / "headers")}

    said = both.run("attach", "claude-code")

    assert "sends to https://team.example, as was attached before" in said
    assert sending == {path: path.read_bytes() for path in sending}
    assert both.local_settings.is_file()


def test_another_address_is_refused_without_a_word_for_it(desk: Desk) -> None:
    attach_to_the_teams(desk)
    before = desk.files()

    with pytest.raises(InputError, match=r"\(.*shop.*\) sends to https://team\.example, .* add --replace"):
        desk.run("attach", "cline", "--url", URL)

    assert before == desk.files()


def test_a_replaced_address_moves_every_agent_and_leaves_the_token_behind(desk: Desk) -> None:
    attach_to_the_teams(desk)

    said = desk.run("attach", "cline", "--url", URL, "--replace")

    assert f"hooks and telemetry move from https://team.example to {URL}; the token for https://team" in said
    assert dict(exporter_environment(URL)) == settings_in(desk.user_settings)["env"]
    assert (desk.scripts / "url").read_text() == f"{URL}\n"
    holding = [path for path, content in desk.files().items() if b"qwertyuiopasdfgh" in content]
    assert [str(desk.home / "token")] == holding


def test_nothing_to_replace_with_is_refused(desk: Desk) -> None:
    with pytest.raises(InputError, match="name one with --url"):
        desk.run("attach", "cline", "--replace")


def test_hooks_that_reached_no_sidecar_outlive_a_detach(desk: Desk) -> None:
    desk.run("attach", "claude-code")
    state = desk.home / ".local" / "state" / "agent-sidecar"
    (state / "spool").mkdir(parents=True)
    (state / "spool" / "1.2.claude_code.Stop.").write_text("{}")
    (state / "pause").write_text("1")

    dry = desk.run("detach", "claude-code", "--dry-run")
    said = desk.run("detach", "claude-code")

    words = f"hooks that have not reached a sidecar: 1; they stay in {state} and are sent once an agent is attached"
    assert words in dry
    assert words in said
    assert [state / "spool" / "1.2.claude_code.Stop."] == [path for path in state.rglob("*") if path.is_file()]


def test_an_attach_that_cannot_write_all_writes_nothing(desk: Desk) -> None:
    desk.local_settings.parent.symlink_to("/proc/nothing")  # where root cannot write either
    before = desk.files()

    with pytest.raises(InputError, match=r"settings\.local\.json: cannot be written"):
        desk.run("attach", "claude-code")

    assert before == desk.files()
    assert not (desk.home / ".local").exists()


def test_changes_before_one_that_fails_are_put_back(tmp_path: Path) -> None:
    kept, made = tmp_path / "kept", tmp_path / "new" / "made"
    kept.write_bytes(b"old")
    again = Change(path=made, before=None, after=b"again")

    with pytest.raises(InputError, match=r"somebody else.*; nothing was changed"):
        apply_changes((Change(path=kept, before=b"old", after=None), Change(path=made, before=None, after=b"1"), again))

    assert [kept] == list(tmp_path.iterdir())
    assert kept.read_bytes() == b"old"


def test_shared_settings_name_no_machine(desk: Desk) -> None:
    desk.run("attach", "claude-code", "--shared")

    assert str(desk.home) not in desk.shared_settings.read_text()
    assert "secret" not in desk.shared_settings.read_text()


@pytest.mark.parametrize("order", [("claude-code", "cline"), ("cline", "claude-code")])
def test_agents_come_and_go_beside_each_other(desk: Desk, order: tuple[str, str]) -> None:
    before = desk.files()
    desk.run("attach", "claude-code")
    desk.run("attach", "cline")

    again = desk.run("attach", "claude-code")
    first = desk.run("detach", order[0])
    still_there = (desk.scripts / "hook.sh").is_file()
    second = desk.run("detach", order[1])

    assert "nothing to do" in again
    assert "edited" not in first + second
    assert still_there
    assert before == desk.files()


@pytest.mark.parametrize("event", CLINE_EVENTS)
def test_cline_runs_an_executable_for_each_event(desk: Desk, event: str) -> None:
    desk.run("attach", "cline")

    hook = desk.repository / ".clinerules" / "hooks" / event
    assert stat.S_IMODE(hook.stat().st_mode) == 0o755
    assert hook.read_text().startswith("#!/bin/sh\n")


def test_rules_in_a_file_send_clines_hooks_to_the_user(desk: Desk) -> None:
    (desk.repository / ".clinerules").write_text("Be kind.\n")

    said = desk.run("attach", "cline")

    assert ".clinerules is a file" in said
    assert (desk.home / ".cline" / "hooks" / "TaskStart").is_file()


@pytest.mark.parametrize(("agent", "place"), [("cline", ".clinerules/hooks"), ("claude-code", ".claude")])
def test_a_file_where_a_folder_is_needed_is_named_before_anything_is_written(
    desk: Desk, agent: str, place: str
) -> None:
    (desk.repository / place).parent.mkdir(exist_ok=True)
    (desk.repository / place).write_text("mine\n")
    before = desk.files()

    with pytest.raises(InputError, match=f"{place}: is a file, and a folder is needed there"):
        desk.run("attach", agent)

    assert before == desk.files()


def test_somebody_elses_hook_is_left_alone(desk: Desk) -> None:
    hook = desk.repository / ".clinerules" / "hooks" / "TaskStart"
    hook.parent.mkdir(parents=True)
    hook.write_text("#!/bin/sh\ntheirs\n")

    said = desk.run("attach", "cline")

    assert hook.read_text() == "#!/bin/sh\ntheirs\n"
    assert f"{hook}: is somebody else's" in said


def test_a_second_clone_is_attached_beside_the_first(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "second"
    other.mkdir()
    second = made_desk(other)
    both = Desk(home=desk.home, repository=second.repository)
    before = both.files()

    desk.run("attach", "claude-code")
    both.run("attach", "claude-code")
    both.run("detach", "claude-code")

    assert before == both.files()
    assert not desk.local_settings.exists()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://sidecar.example", "in the clear"),
        ("localhost:4318", "an address such as"),
        ("https://a:b@sidecar.example", "process lists"),
        ("https://sidecar.example:port", "an address such as"),
    ],
)
def test_addresses_that_would_leak_or_fail_are_refused(desk: Desk, url: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        desk.run("attach", "claude-code", "--url", url)


def test_an_unknown_agent_is_answered_with_the_known_ones(desk: Desk) -> None:
    with pytest.raises(UnknownAgentError, match="claude-code, cline"):
        desk.run("attach", "cursor")


@pytest.mark.parametrize("agent", ["claude-code", "cline"])
def test_a_folder_without_a_repository_is_named(desk: Desk, agent: str) -> None:
    with pytest.raises(InputError, match=f"{desk.home}: is in no git repository.*--user"):
        Desk(home=desk.home, repository=desk.home).run("attach", agent)


def test_the_password_in_the_remote_is_written_nowhere(desk: Desk) -> None:
    desk.run("attach", "claude-code")
    desk.run("attach", "cline")

    assert "secret" in REMOTE
    assert not any(b"secret" in content for content in desk.files().values())


def test_a_token_goes_where_only_its_user_can_read(desk: Desk) -> None:
    (desk.home / "token").write_text("sidecar_qwertyuiopasdfgh\n")

    desk.run("attach", "claude-code", "--url", "https://sidecar.example", "--token-file", str(desk.home / "token"))

    assert (desk.scripts / "headers").read_text() == "Authorization: Bearer sidecar_qwertyuiopasdfgh\n"
    holding = [path for path, content in desk.files().items() if b"qwertyuiopasdfgh" in content]
    assert all(stat.S_IMODE(Path(path).stat().st_mode) == 0o600 for path in holding if not path.endswith("/token"))
    assert len(holding) == 4


def test_a_token_is_not_shown_in_a_dry_run(desk: Desk) -> None:
    (desk.home / "token").write_text("sidecar_qwertyuiopasdfgh\n")

    said = desk.run(
        "attach", "claude-code", "--url", "https://x.example", "--token-file", str(desk.home / "token"), "--dry-run"
    )

    assert "Bearer [REDACTED]" in said
    assert "qwertyuiopasdfgh" not in said


def test_a_token_is_not_written_into_settings_that_others_read(desk: Desk) -> None:
    (desk.home / "token").write_text("sidecar_qwertyuiopasdfgh\n")
    desk.user_settings.parent.mkdir()
    desk.user_settings.write_text("{}")
    desk.user_settings.chmod(0o644)

    with pytest.raises(InputError, match="chmod 600"):
        desk.run("attach", "claude-code", "--token-file", str(desk.home / "token"))


@pytest.mark.parametrize(
    ("agent", "options"), [("claude-code", "--user"), ("claude-code", "--shared"), ("cline", "--user")]
)
def test_a_second_place_for_the_same_hooks_is_refused(desk: Desk, agent: str, options: str) -> None:
    desk.run("attach", agent)
    before = desk.files()

    with pytest.raises(InputError, match="would run twice"):
        desk.run("attach", agent, options)

    assert before == desk.files()


def test_a_plugin_that_is_on_keeps_its_hooks_the_only_ones(desk: Desk) -> None:
    desk.user_settings.parent.mkdir()
    desk.user_settings.write_text('{"enabledPlugins": {"agent-sidecar@agent-sidecar": true}}')

    said = desk.run("attach", "claude-code")

    assert "hooks" not in settings_in(desk.local_settings)
    assert "the plugin agent-sidecar brings the hooks" in said
