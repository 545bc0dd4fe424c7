"""The whole life of one rule: where it came from, who decided what, who met it, how it ended."""

from sidecar.rule_life.document import life_document
from sidecar.rule_life.finding import rule_life
from sidecar.rule_life.life import RuleLife
from sidecar.rule_life.text import life_lines

__all__ = ["RuleLife", "life_document", "life_lines", "rule_life"]
