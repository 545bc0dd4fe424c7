"""What a scenario says: the prompts a person gives, the turns the scripted model answers, and what is sent afterwards.

Scripts name neutral acts (run, look, change); `scripted_model` writes them as the tool calls of each agent. The text of
a turn is bland on purpose: what the sidecar learns must come from what the tools did, never from the model's words.
"""

from dataclasses import dataclass
from enum import StrEnum


class Agent(StrEnum):
    """The agents that the recorder can run."""

    CLAUDE_CODE = "claude_code"
    CLINE = "cline"
    CODEX = "codex"
    GEMINI_CLI = "gemini_cli"
    OPENCODE = "opencode"


class Protocol(StrEnum):
    """How Claude Code sends its telemetry."""

    JSON = "http/json"
    PROTOBUF = "http/protobuf"
    GRPC = "grpc"


class Hooks(StrEnum):
    """How Claude Code delivers its hooks; Cline's are always commands."""

    COMMAND = "command"
    HTTP = "http"
    """It posts them itself, without a time; all but the start, for which it takes only a command."""


@dataclass(frozen=True, slots=True)
class Run:
    """Run a shell command."""

    command: str
    timeout_ms: int | None = None
    """Limit given with the call; None leaves the agent's own."""


@dataclass(frozen=True, slots=True)
class Look:
    """Read a file, by its path in the repository."""

    path: str


@dataclass(frozen=True, slots=True)
class Change:
    """Replace one piece of text in a file."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Create:
    """Write a new file."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Delegate:
    """Give a part of the work to a sub-agent, which has turns of its own."""

    prompt: str
    turns: "tuple[Turn, ...]"


Act = Run | Look | Change | Create | Delegate


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer of the model."""

    text: str
    act: Act | None = None
    """None ends the model's work on the prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One start of the agent: a prompt and the turns that follow it."""

    prompt: str
    turns: tuple[Turn, ...]
    signal: int | None = None
    """Sent while the last turn's command runs; None lets the agent finish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    """What Claude Code is told to export; Cline's export cannot be directed."""

    protocol: Protocol = Protocol.JSON
    gzip: bool = False
    content: bool = True
    """Whether the switches for prompts, answers, tool details and tool content are on."""
    repository: bool = False
    """Whether the remote stands on every record, and the commit on a commit's result."""


class Report(StrEnum):
    """What continuous integration reports after the session."""

    NONE = "none"
    BY_SESSION = "session"
    BY_COMMIT = "commit"


class Ending(StrEnum):
    """How the session leaves the repository; the recorder checks the first two by running the tests itself."""

    PASSES = "passes"
    FAILS = "fails"
    NOTHING_RAN = "nothing ran"
    NOTHING_CHANGED = "nothing changed"
    BROKEN_OFF = "broken off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One session to record."""

    agent: Agent
    repository: str
    name: str
    branch: str
    person: str
    """Whose machine it is: a key of `people.PEOPLE`."""
    description: str
    ending: Ending
    visits: tuple[Visit, ...]
    """The second and later ones resume the session."""
    telemetry: Telemetry = Telemetry()
    hooks: Hooks = Hooks.COMMAND
    report: Report = Report.NONE
    upload_bytes: int = 1 << 20
    """Largest body of one session file upload."""
    files: tuple[tuple[str, str], ...] = ()
    """Path and text of files that lie in the work tree without being in git."""

    @property
    def recording(self) -> str:
        """The name of its recording."""
        return f"{self.agent.replace('_', '-')}-{self.repository}-{self.name}"


def session(prompt: str, *turns: Turn, signal: int | None = None) -> Visit:
    """A visit from a prompt and its turns."""
    return Visit(prompt=prompt, turns=turns, signal=signal)
