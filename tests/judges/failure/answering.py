"""How a good model answers: it quotes what it was shown, by the ids it was shown."""

import re

from tests.scripted_model import Asked

EXPLANATION = "The change returns a float, and the test demands an integer, because the sum was not rounded."
LESSON = "Do not keep an amount as a float."
_SECTION = re.compile(r"^## (?P<title>[^\n(]+?)(?: \(step (?P<step>[^)\n]+)\))?\n(?P<text>.*?)(?=^## |\Z)", re.M | re.S)


def packet_in(asked: Asked) -> str:
    """The packet of a request, without its marks."""
    mark = asked.user.split("\n", 1)[0]
    return asked.user.split(f"{mark}\n")[1]


def sections_in(asked: Asked) -> list[tuple[str, str]]:
    """Step id, empty where there is none, and text of each section."""
    return [(match["step"] or "", match["text"]) for match in _SECTION.finditer(packet_in(asked))]


def explained(asked: Asked, **changes: object) -> dict[str, object]:
    """A reply that quotes the last line of the first section with one worth quoting, step ids before none."""
    sections = sorted(sections_in(asked), key=lambda section: not section[0])
    quotes = [
        {"step_id": step_id, "text": line.strip()}
        for step_id, text in sections
        for line in reversed(text.splitlines())
        if len(line.strip()) >= 8
    ]
    return {
        "explanation": EXPLANATION,
        "quotes": quotes[:1],
        "failure_class": "broken_convention",
        "convention": "amounts as integer cents",
        "lesson": LESSON,
        "scope": None,
        "is_avoidable_by_rule": True,
        **changes,
    }
