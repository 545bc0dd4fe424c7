"""Whether a value only stands for a secret: `${TOKEN}`, `xxxxxxxx`, `change-me`, `your-api-key-here`."""

import re

_PLACEHOLDER = re.compile(
    rb"""
      \$\w+ | \$[({].* | %\w+% | %\(.* | \{.* | <.* | \[[A-Za-z<].* | \*+     # $TOKEN, ${TOKEN}, %TOKEN%, {{ token }}
    | \#\{[\w. -]+\}\#?                                                     # #{Token}, as deployments fill in
    | !\w+ | \.\*.* | \[\^.*                                                  # !vault, .* of a pattern
    """,
    re.VERBOSE | re.DOTALL,
)
_FILLER = re.compile(
    rb"\.\.\.|\xe2\x80\xa6|\*\*\*|\[REDACTED:|\$\{|\{\{|<[a-z][^<>]*>|([xX*0.#_\-])\1{5}|(\xe2..|\\{1,15}u2[0-9a-fA-F]{3})\2{2}",
    re.DOTALL,
)
_MAX_STAND_IN = 60
"""Bytes; longer values are no stand-ins, and the pattern below need not be tried on them."""
_CUT = "…".encode()
_MIN_CUT = 24
_STAND_IN = re.compile(
    rb"""
      x{3,} | y{3,} | n/?a | nil | null | none | undefined | true | false | yes | no | on | off | auto | default
    | (?:a|an|the|my|your|our|some|any|new|old|this|test|dummy|fake|sample|example|demo|insert|enter|add|put|use|set
         |replace|change|invalid|wrong|bad|valid|missing|empty|no)?[\s_\-]*
      (?:github|gitlab|aws|api|db|database|auth|access|secret|private|client|user|admin|root|session|bearer|jwt|openai)?
      [\s_\-]* (?:pass|password|passwd|pwd|passphrase|secret|token|key|api[\s_\-]?key|value|credentials?
          |string|me|here)
      [\s_\-]* (?:here|value|goes[\s_\-]here|123|1234|abc|with[\s_\-].*)? \d{0,2}
    | [a-z]{2,8}[\-_]your[\-_].* | (?:your[\-_\s]?)?(?:super|very)?[\-_\s]?secret.{0,3}
    | @?(?:keyring|vault|ssm|op|file|env|secret|secrets):.*
    | change[\s_\-]?(?:me|it|this)[\w\s\-:.,()/]*[!.]* | replace.* | your[\s_\-].* | todo.* | tbd | fixme
    | redacted | removed | hidden | masked
    | generate | generate[\s_\-](?:with|using|via|by|me|it|one|your|a)\b.* | generate[_\-](?:with|using|via|me)[_\-].*
    | placeholder.* | .*[\s_\-]here | example.* | sample.* | dummy.* | (?:foo|bar|baz|qux|abc|foobar)\d{0,3}
    | str | string | text | number | int | integer | bool | boolean | bytes | object | any | optional | required
    | (?:[a-z_]+(?::[\w,]+)?\|)+[a-z_]+(?::[\w,]+)?
    | secretstr | input | prompt | env | file | vault | keyring | disabled | enabled | basic | bearer
    | oauth2? | self | unset
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def is_placeholder(value: bytes) -> bool:
    """Whether `value` stands for a secret without being one."""
    if value.endswith(_CUT) and len(value) >= _MIN_CUT:
        value = value.removesuffix(_CUT)  # enough of a secret to tell it by
    if _PLACEHOLDER.fullmatch(value) or _FILLER.search(value):
        return True
    return len(value) <= _MAX_STAND_IN and _STAND_IN.fullmatch(value) is not None
