"""What a session was about, so that resumes and retries of one task count once."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from sidecar.domain import Step, StepKind, TaskId

_KEY = re.compile(r"(?<![\w/.-])([A-Z][A-Z0-9]+)-(\d+)(?![\w-])")
_NUMBER = re.compile(r"(?<![\w&#/])#([1-9]\d{0,6})(?![\w-])")
_NOT_TRACKERS = frozenset(
    {
        *("AES", "ANSI", "ASCII", "BASE", "CP", "CRC", "CVE", "CWE", "EC", "ECMA", "FIPS", "GHSA", "GPT", "HMAC"),
        *("HTTP", "IEC", "IEEE", "IPV", "ISO", "JSR", "KOI8", "LATIN", "MD", "OWASP", "PEP", "PKCS", "RFC", "RIPEMD"),
        *("RSA", "SHA", "SHA1", "SHA2", "SHA3", "SSL", "TLS", "UCS", "UTC", "UTF", "UTF8", "WIN", "X86", "XXH"),
    }
)
"""First halves of names of standards, ciphers and encodings that look like an issue key."""


def first_human_prompt(steps: Sequence[Step]) -> str | None:
    """Text of the first prompt that a person gave to the main agent."""
    prompts = (step.text for step in steps if step.kind is StepKind.PROMPT and step.is_human and step.agent_id is None)
    return next((text for text in prompts if text), None)


def task_of(prompt: str | None, own_branch: str | None, keyed_hash: Callable[[str], str]) -> TaskId | None:
    """The issue key that the prompt names, else the branch, else the keyed hash of the prompt; None without any.

    Args:
        own_branch: The session's branch where it is not one that many tasks share.
    """
    key = None if prompt is None else issue_key(prompt)
    if key is not None:
        return TaskId(f"key:{key}")
    if own_branch is not None:
        return TaskId(f"branch:{own_branch}")
    return None if prompt is None else TaskId(f"prompt:{keyed_hash(normalised_prompt(prompt))}")


def issue_key(prompt: str) -> str | None:
    """The first issue key that a text names, such as `SHOP-12` or `#123`; None when it names none."""
    keys = [(found.start(), found[0]) for found in _KEY.finditer(prompt) if found[1] not in _NOT_TRACKERS]
    numbers = [(found.start(), found[0]) for found in _NUMBER.finditer(prompt)]
    return min(keys + numbers)[1] if keys or numbers else None


def normalised_prompt(prompt: str) -> str:
    """A prompt without what a person changes when typing it again: case, spacing, closing marks."""
    return " ".join(unicodedata.normalize("NFKC", prompt).casefold().split()).rstrip(" .!?")
