"""Sessions of every recorded agent name their model, without which a new model would be taken for a rule."""

import pytest

from sidecar.effects.pairs import model_family
from tests.recordings.observing import recording_names, sessions_of


@pytest.mark.parametrize(
    ("agent", "model"),
    [
        ("claude_code", "claude-opus-5-5"),
        ("cline", "claude-sonnet-4-5"),
        ("codex", "gpt-5.1-codex"),
        ("gemini_cli", "gemini-2.5-pro"),
        ("opencode", "claude-sonnet-4-5"),
    ],
)
def test_recorded_session_names_its_model(agent: str, model: str) -> None:
    name = next(one for one in recording_names() if one.startswith(agent.replace("_", "-")) and "shop" in one)

    assert {model_family(session.model) for session in sessions_of(name).values()} == {model}
