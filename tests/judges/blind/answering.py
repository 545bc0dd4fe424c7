"""How models answer the blind judge: by what they were shown, never by what they were not."""

from tests.scripted_model import Asked

REASON = "The change divides the amount and the task says that it is an integer of cents."


def record_in(asked: Asked) -> str:
    """What stands between the marks of a request."""
    mark = asked.user.split("\n", 1)[0]
    return asked.user.split(f"{mark}\n")[1]


def guessed(asked: Asked) -> dict[str, object]:
    """A careful model: a division in a change is a failure."""
    answer = "fail" if "/ 100" in record_in(asked) else "pass"
    return {"reason": REASON, "answer": answer, "confidence": 0.8}
