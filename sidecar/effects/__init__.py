"""What rules did: sessions with a rule held against sessions without, by figures that may be looked at every day."""

from sidecar.effects.comparing import MeasuredSession, measured_effect
from sidecar.effects.words import effect_document, effect_lines, harm_finding

__all__ = ["MeasuredSession", "effect_document", "effect_lines", "harm_finding", "measured_effect"]
