"""The worlds with hidden lessons, each with its repository and the model that explains its sessions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.planted import desk, desk_persona, lessons, persona
from tests.planted.world import TIMES, Planted, Played, planted_sessions
from tests.scripted_model.answers import Script


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One repository whose conventions nobody wrote down."""

    lessons: Sequence[Planted]
    files: Mapping[str, str]
    model: Callable[[int], Script]
    """How the model of a seed answers."""
    said: Mapping[str, str]
    """What each true rule says: its words, and the lesson's name."""
    times: tuple[int, int] = TIMES

    def sessions(self, seed: int, count: int) -> Iterator[Played]:
        """Of a seed, in mixed order."""
        return planted_sessions(seed, count=count, lessons=self.lessons, times=self.times)


SHOP = World(
    lessons=lessons.LESSONS,
    files=lessons.FILES,
    model=lambda seed: persona.Persona(seed=seed).answer,
    said={one.rule: one.name for one in lessons.LESSONS},
)
DESK = World(
    lessons=desk.LESSONS,
    files=desk.FILES,
    model=lambda seed: desk_persona.Persona(seed=seed).answer,
    said={words: one.name for one in desk.LESSONS for words in (one.rule, one.reworded) if words},
    times=(3, 6),
)
"""Three sessions at least: one in three suggests nothing or is mistaken, so that of two seldom both would teach."""
