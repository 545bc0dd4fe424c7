"""What is stored, as JSON: sessions, rules and proposals for the read interface and the command line."""

from sidecar.documents.finding import find_session, named, of_agent, session_meant, why_none
from sidecar.documents.rules import (
    ProjectRules,
    differences_document,
    project_rules,
    proposal_document,
    refusal_document,
    rule_document,
    rules_document,
)
from sidecar.documents.sessions import projects_there, session_document, session_summary

__all__ = [
    "ProjectRules",
    "differences_document",
    "find_session",
    "named",
    "of_agent",
    "project_rules",
    "projects_there",
    "proposal_document",
    "refusal_document",
    "rule_document",
    "rules_document",
    "session_document",
    "session_meant",
    "session_summary",
    "why_none",
]
