"""The judge `adherence`: says of each rule that was active in a session whether the session followed it, with proof."""

from judges.adherence.judge import AdherenceJudge
from judges.adherence.scope import rules_in_scope, session_rules

__all__ = ["AdherenceJudge", "rules_in_scope", "session_rules"]
