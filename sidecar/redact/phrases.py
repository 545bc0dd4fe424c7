"""Every phrase that is looked for."""

from sidecar.redact.answers import ANSWERS
from sidecar.redact.bare_keys import BARE_KEYS
from sidecar.redact.calls import CALLS
from sidecar.redact.commands import COMMANDS
from sidecar.redact.foreign import FOREIGN
from sidecar.redact.kept import KEPT
from sidecar.redact.logins import LOGINS
from sidecar.redact.near import NEAR
from sidecar.redact.passphrases import PASSPHRASES
from sidecar.redact.printed import PRINTED
from sidecar.redact.prose import PROSE
from sidecar.redact.sessions import SESSIONS
from sidecar.redact.shapes import SHAPES
from sidecar.redact.tables import TABLES
from sidecar.redact.wallets import WALLETS

PHRASES = (
    *(*ANSWERS, *CALLS, *FOREIGN, *KEPT, *LOGINS, *NEAR, *PASSPHRASES, *PRINTED, *PROSE, *SESSIONS, *SHAPES, *TABLES),
    *(*BARE_KEYS, *COMMANDS, *WALLETS),
)
