"""Tokens as people carry them: how one is made, read and recognised; nothing here keeps any.

`sidecar_<id>_<secret>`: eight hex digits to find it by and 256 random bits. The word in front lets secret scanners,
ours included, know one when they see it.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable

from sidecar.domain import AccessToken, TokenId

ID_BYTES = 4
SECRET_BYTES = 32
_TOKEN = re.compile(r"sidecar_([0-9a-f]{8})_[A-Za-z0-9_-]{43}")


def new_token(draw: Callable[[int], bytes]) -> tuple[TokenId, str]:
    """A token's id and its text, which nobody can read again later.

    Args:
        draw: Gives that many random bytes, such as `secrets.token_bytes`.
    """
    token_id = TokenId(draw(ID_BYTES).hex())
    secret = urlsafe_b64encode(draw(SECRET_BYTES)).rstrip(b"=").decode()
    return token_id, f"sidecar_{token_id}_{secret}"


def token_id_of(text: str) -> TokenId | None:
    """The id in a token's text; None when the text is no token."""
    found = _TOKEN.fullmatch(text)
    return TokenId(found.group(1)) if found else None


def digest_of(text: str) -> str:
    """What is kept of a token to recognise it by."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_text_of(text: str, token: AccessToken) -> bool:
    """True when this is the text of that token; takes the same time whatever differs."""
    return hmac.compare_digest(digest_of(text), token.digest)
