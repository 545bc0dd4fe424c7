"""The made-up developers on whose machines the scenarios run."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """One developer, as git and Claude Code know them."""

    name: str
    email: str

    @property
    def device_id(self) -> str:
        """The id that Claude Code keeps for a machine, the same in all sessions of this person."""
        return hashlib.sha256(self.email.encode()).hexdigest()


PEOPLE = {
    "ines": Person("Ines Moreau", "ines@acme.example"),
    "robin": Person("Robin Vale", "robin@acme.example"),
    "sam": Person("Sam Adeyemi", "sam@acme.example"),
}
