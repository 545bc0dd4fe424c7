"""Which module runs which agent: how it is prepared and started, and where its session lies."""

import subprocess
from collections.abc import Iterator
from typing import BinaryIO

from tests.recordings import claude_code, cline, codex, gemini_cli, opencode
from tests.recordings.installed import Executable
from tests.recordings.script import Agent, Scenario, Visit
from tests.recordings.stage import Place

GROWING = frozenset({Agent.CLAUDE_CODE})
"""Agents whose session files only grow while several visits upload them; those of others go whole."""


def prepare(scenario: Scenario, place: Place) -> None:
    """Put into the home folder what the agent needs."""
    match scenario.agent:
        case Agent.CLAUDE_CODE:
            claude_code.prepare(scenario, place)
        case Agent.CLINE:
            cline.prepare(place)
        case Agent.CODEX:
            codex.prepare(place)
        case Agent.GEMINI_CLI:
            gemini_cli.prepare(place)
        case Agent.OPENCODE:
            opencode.prepare(place)


def started(
    executable: Executable, scenario: Scenario, visit: Visit, place: Place, output: BinaryIO
) -> subprocess.Popen[bytes]:
    """The running agent, in a process group of its own.

    Raises:
        CannotRecord: the agent cannot be directed so.
    """
    match scenario.agent:
        case Agent.CLAUDE_CODE:
            start = claude_code.started
        case Agent.CLINE:
            start = cline.started
        case Agent.CODEX:
            start = codex.started
        case Agent.GEMINI_CLI:
            start = gemini_cli.started
        case Agent.OPENCODE:
            start = opencode.started
    return start(executable, scenario, visit, place, output)


def session_id(scenario: Scenario, place: Place) -> str:
    """The agent's own id of the session that ran in a place.

    Raises:
        CannotRecord: it left none, or several.
    """
    match scenario.agent:
        case Agent.CLAUDE_CODE:
            return claude_code.session_id_of(scenario)
        case Agent.CLINE:
            return cline.session_id_in(place)
        case Agent.CODEX:
            return codex.session_id_in(place)
        case Agent.GEMINI_CLI:
            return gemini_cli.session_id_in(place)
        case Agent.OPENCODE:
            return opencode.session_id_in(place)


def session_files(scenario: Scenario, place: Place) -> Iterator[tuple[str, bytes]]:
    """The session's files as parts, without the vendor's own prompts."""
    match scenario.agent:
        case Agent.CLAUDE_CODE:
            return claude_code.session_files(scenario, place)
        case Agent.CLINE:
            return cline.session_files(place)
        case Agent.CODEX:
            return codex.session_files(place)
        case Agent.GEMINI_CLI:
            return gemini_cli.session_files(place)
        case Agent.OPENCODE:
            return opencode.session_files(place)
