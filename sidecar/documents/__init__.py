"""What is stored, as JSON: sessions, rules and proposals for the read interface and the command line."""

from sidecar.documents.rules import (
    ProjectRules,
    differences_document,
    project_rules,
    proposal_document,
    refusal_document,
    rule_document,
    rules_document,
)
from sidecar.documents.sessions import (
    find_session,
    of_agent,
    projects_there,
    session_document,
    session_summary,
    why_none,
)

__all__ = [
    "ProjectRules",
    "differences_document",
    "find_session",
    "of_agent",
    "project_rules",
    "projects_there",
    "proposal_document",
    "refusal_document",
    "rule_document",
    "rules_document",
    "session_document",
    "session_summary",
    "why_none",
]
