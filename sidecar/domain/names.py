"""Names that things go by, each a type of its own so that they cannot be mixed up."""

from typing import NewType

TeamId = NewType("TeamId", str)
"""Name of a Team."""
LOCAL_TEAM = TeamId("local")
"""The Team of everything that comes over loopback without a token."""
ProjectId = NewType("ProjectId", str)
"""Normalised remote of a repository, `host/path` in lower case without `.git`; never a URL with credentials."""
TaskId = NewType("TaskId", str)
"""`key:SHOP-12`, `branch:feature/x` or `prompt:<keyed hash>`; unique within a Project."""
PersonId = NewType("PersonId", str)
"""Keyed hash of an agent's user id or of a git author."""
AgentName = NewType("AgentName", str)
"""Name of a collector: `claude_code`, `cline`."""
SessionId = NewType("SessionId", str)
"""The agent's own session id, unchanged."""
StepId = NewType("StepId", str)
"""The agent's tool-use id or message id; the same whichever channel brought it."""
