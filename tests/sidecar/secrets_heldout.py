"""Draw the held-out secrets and their look-alikes, from templates that were written without sight of the rules.

A template is one line of heldout/*.txt. `‹kind:argument›` is drawn at random, `«…»` marks the secret, and `\\n` starts
a new line. Every value is random, so none is valid, and a seed fixes the whole set.
"""

import base64
import json
import random
import re
import string
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "heldout"
_DRAWN = re.compile("‹([A-Za-z0-9]+):([^›]+)›")
_MARKED = re.compile("«([^»]*)»")
_ALPHABETS = {
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "b32": string.ascii_uppercase + "234567",
    "b62": string.ascii_letters + string.digits,
    "b64": string.ascii_letters + string.digits + "+/",
    "url": string.ascii_letters + string.digits + "-_",
    "low": string.ascii_lowercase + string.digits,
    "up": string.ascii_uppercase + string.digits,
    "num": string.digits,
    "b58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "sym": string.ascii_letters + string.digits + "!@#%^*-_+=.~?",
}
_SYLLABLES = (
    "ba",
    "cor",
    "del",
    "fen",
    "gri",
    "hal",
    "jo",
    "kem",
    "lu",
    "mar",
    "nis",
    "pol",
    "rav",
    "sto",
    "ti",
    "vex",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """One text with the secrets (as they stand in it) that must not survive; none for a look-alike."""

    kind: str
    template: str
    context: str
    text: str
    secrets: tuple[str, ...] = ()

    def leaks(self, redacted: str) -> bool:
        """Whether a secret, or the larger part of one in one piece, is still in the redacted text."""
        return any(_survives(secret, redacted) for secret in self.secrets)


def secrets(seed: int, file: str) -> list[HeldOut]:
    """Every template of the file in two of the contexts, the contexts taken in turn."""
    rng = random.Random(seed)
    drawn: list[HeldOut] = []
    for number, (kind, template) in enumerate(_templates(file)):
        for turn in (0, 3):
            drawn.append(_draw(rng, kind, template, number + turn))
    return drawn


def benign(seed: int, file: str) -> list[HeldOut]:
    """Every template of the file as it is and in one more context."""
    rng = random.Random(seed)
    drawn: list[HeldOut] = []
    for number, (kind, template) in enumerate(_templates(file)):
        drawn.append(_draw(rng, kind, template, 0))
        drawn.append(_draw(rng, kind, template, 1 + number % (len(_CONTEXTS) - 1)))
    return drawn


def _templates(file: str) -> Iterator[tuple[str, str]]:
    kind = "benign"
    for line in (_FOLDER / file).read_text(encoding="utf-8").splitlines():
        if re.fullmatch("# [a-z]+", line):
            kind = line[2:]
        elif line:
            yield kind, line


def _draw(rng: random.Random, kind: str, template: str, turn: int) -> HeldOut:
    marked = _DRAWN.sub(lambda drawn: _value(rng, drawn[1], drawn[2]), template.replace("\\n", "\n"))
    context, wrap = _CONTEXTS[turn % len(_CONTEXTS)]
    found = tuple(secret for secret in _MARKED.findall(marked))
    text = wrap(_MARKED.sub(lambda mark: mark[1], marked))
    return HeldOut(kind=kind, template=template, context=context, text=text, secrets=found)


def _survives(secret: str, redacted: str) -> bool:
    """Lines of a key are looked for one by one, and half of a value in one piece counts as the value."""
    plain = redacted.replace("\\\\", "\\").replace("\\n", "\n").replace('\\"', '"').replace("\\/", "/")
    for line in secret.replace("\\n", "\n").splitlines():
        if line.startswith("-----") or len(line) < 6:
            continue
        size = max(6, (len(line) + 1) // 2)
        if any(line[at : at + size] in plain for at in range(len(line) - size + 1)):
            return True
    return False


def _value(rng: random.Random, kind: str, argument: str) -> str:
    if kind in _ALPHABETS:
        return "".join(rng.choices(_ALPHABETS[kind], k=int(argument)))
    return _VALUES[kind](rng, argument)


def _word(rng: random.Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=3))


def _password(rng: random.Random, symbols: str) -> str:
    return f"{_word(rng).capitalize()}{rng.choice(symbols)}{rng.randint(10, 9999)}{rng.choice(symbols)}"


def _phrase(rng: random.Random, gap: str, count: int) -> str:
    return gap.join(_word(rng) for _ in range(count))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _jwt(rng: random.Random) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": str(rng.randint(1, 10**9)), "iat": 1790000000, "n": _word(rng)})
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*coded, _value(rng, "url", "43")])


def _pem(rng: random.Random, label: str, *, gap: str = "\n", is_cut: bool = False) -> str:
    lines = [_value(rng, "b64", "64") for _ in range(6)]
    end = [lines[0][:31]] if is_cut else [lines[0][:40] + "==", f"-----END {label}-----"]
    return gap.join([f"-----BEGIN {label}-----", *lines, *end])


_VALUES: dict[str, Callable[[random.Random, str], str]] = {
    "uuid": lambda rng, _: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "word": lambda rng, _: _word(rng),
    "words": lambda rng, count: _phrase(rng, " ", int(count)),
    "pp": lambda rng, _: f"{_phrase(rng, '-', 3)}-{rng.randint(10, 99)}",
    "pass": lambda rng, _: _password(rng, "!#%*+_.~"),
    "passurl": lambda rng, _: _password(rng, "!*_.~"),
    "basic": lambda rng, _: _base64(f"{_word(rng)}:{_password(rng, '!#')}".encode()),
    "jwt": lambda rng, _: _jwt(rng),
    "pem": _pem,
    "pemcut": lambda rng, label: _pem(rng, label, is_cut=True),
    "pemline": lambda rng, label: _pem(rng, label, gap=" "),
    "pemjson": lambda rng, label: _pem(rng, label, gap="\\n"),
}

_CONTEXTS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("plain", lambda text: text),
    ("json", lambda text: json.dumps({"tool_name": "Bash", "tool_input": {"command": text}})),
    ("log", lambda text: f"2026-11-02T10:11:12.345Z INFO runner[311]: {text}"),
    ("diff", lambda text: "@@ -1,2 +1,3 @@\n" + "\n".join(f"+{line}" for line in text.split("\n"))),
    ("markdown", lambda text: f"Run this:\n\n```sh\n{text}\n```\n"),
    ("nested json", lambda text: json.dumps({"type": "tool_result", "content": json.dumps({"stdout": text})})),
    ("yaml", lambda text: "run: |\n" + "\n".join(f"    {line}" for line in text.split("\n"))),
)
