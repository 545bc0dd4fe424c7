"""Every phrase that is looked for."""

from sidecar.redact.calls import CALLS
from sidecar.redact.foreign import FOREIGN
from sidecar.redact.kept import KEPT
from sidecar.redact.near import NEAR
from sidecar.redact.passphrases import PASSPHRASES
from sidecar.redact.prose import PROSE
from sidecar.redact.shapes import SHAPES
from sidecar.redact.tables import TABLES
from sidecar.redact.wallets import WALLETS

PHRASES = (*CALLS, *FOREIGN, *KEPT, *NEAR, *PASSPHRASES, *PROSE, *SHAPES, *TABLES, *WALLETS)
