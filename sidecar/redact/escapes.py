r"""Characters that JSON text writes as `\u0041`: some serializers do so for `&`, whoever hides something for all.

Quotes, backslashes, blanks and angle brackets stay as they are: written plainly they would end what they stand in.
"""

import re

ESCAPE = re.compile(
    rb"\\{1,15}u00(2[13-689a-fA-F]|3[0-9abdfABDF]|4[0-9a-fA-F]|5[0-9abd-fABD-F]|6[1-9a-fA-F]|7[0-9a-eA-E])"
)
"""Of one character; what it stands for is the group."""


def without_escapes(body: bytes) -> bytes:
    """`body` with its escaped characters written plainly, which at any depth mean the same; as it is if it has none."""
    if b"\\u00" not in body or ESCAPE.search(body) is None:
        return body
    return ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), body)
