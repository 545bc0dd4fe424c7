"""Every phrase that is looked for."""

from sidecar.redact.prose import PROSE
from sidecar.redact.shapes import SHAPES

PHRASES = (*PROSE, *SHAPES)
