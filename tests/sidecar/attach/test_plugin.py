"""The plugin brings the very scripts that attach installs, and the same events."""

import json
from pathlib import Path

import pytest

from sidecar.attach.claude_code import EVENTS, HOOK_LIMIT_S
from sidecar.attach.programs import SCRIPTS

PLUGIN = Path(__file__).parents[3] / "deploy" / "claude-code-plugin"


@pytest.mark.parametrize("name", sorted(path.name for path in SCRIPTS.iterdir()))
def test_scripts_are_those_that_attach_installs(name: str) -> None:
    assert (SCRIPTS / name).read_bytes() == (PLUGIN / "hooks" / name).read_bytes()


def test_events_are_those_that_attach_asks_for() -> None:
    hooks = json.loads((PLUGIN / "hooks" / "hooks.json").read_bytes())["hooks"]

    commands = {event: groups[0]["hooks"][0] for event, groups in hooks.items()}
    expected = {
        event: {
            "type": "command",
            "command": f'sh "${{CLAUDE_PLUGIN_ROOT}}/hooks/hook.sh" claude_code {event}',
            "timeout": HOOK_LIMIT_S,
        }
        for event in EVENTS
    }
    assert expected == commands
