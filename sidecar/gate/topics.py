"""What a word touches, by its stem: the topics that decide whether an open convention may hold it.

A topic is not a verdict. `open_clauses` says which topics may stand where: what protects is never denied, what weakens
is never asked for, and what speaks of agents, people, permission, places outside or leniency stands nowhere.
"""

import re
from enum import StrEnum
from functools import lru_cache

from sidecar.gate.parts import Part
from sidecar.gate.vocabulary import base_forms, part_of_word
from sidecar.gate.words import IRREGULAR


class Topic(StrEnum):
    """What a word touches."""

    CLOSED = "closed"
    """Agents, people's consent, places outside, running and sending: in no open convention."""
    LENIENT = "lenient"
    """Grants, excuses, belittles or puts off."""
    PROTECTING = "protecting"
    """Checks, limits or records something: may be asked for, never denied."""
    WEAKENING = "weakening"
    """Takes away, hides or lets through: may be forbidden, never asked for."""
    CONFIDENTIAL = "confidential"
    OUTCOME = "outcome"
    """How a check ends or is made to end; never beside a check."""
    NEGATING = "negating"
    """Turns a sentence around in a way that the grammar does not follow."""


_STEMS: tuple[tuple[Topic, str], ...] = (
    (
        Topic.CLOSED,
        r"above account admin agent ais?$ anybody anyone anything approv ask(?:s|ed|ing)?$ assistant assum"
        r" attachment attack authorit base64 beacon believ bless blob bootstrap boss bots?$ bottom channel chats?$"
        r" chroot claude cleartext clerk client-supplied clipboard codex colleague collect computer config confirm"
        r" consent context conversation copilot covert cron curl daemon decision decod deploy dotenv download elevat"
        r" endless entire env$ environment everybody everyone everything exfil exploit faith fetch forever forum"
        r" friend full$ gather gemini gist god gpt grant guidance hands harvest hidden histor home honest host human"
        r" infinit install instruct internet judg judge kernel laptop launch lead(?:s|er)?$ llm loop machine mail"
        r" maintainer malware manager mine$ mirror mode$ my$ network nobody obedien obey os$ outside owner parent"
        r" partner payload people permi perso pipeline policies policy privileg prod$ produc(?:tion|)$ profile"
        r" promis(?:ed|ing) prompt proxy publish re-?read registr(?:y|ies) remote repeat repl(?:y|ies) reply review"
        r" role(?:s)?$ sandbox scope scor(?:e|ing) secretly session setting shared slack snippet somebody someone"
        r" spawn staff startup stranger sudo super system telemetry tenant terminal think those$ thrice ticket times$"
        r" token_?url transcript trust twice unattend upload vault vendor verdict webhook wget whatever whichever"
        r" whoever whole$ wiki workflow you$ your yours",
    ),
    (
        Topic.LENIENT,
        r"accept advis allow(?!-?list) anymore appreciat bare(?:ly)?$ benign best$ blind broad can$ care cosmetic"
        r" could$ deadline doubt drop dummy earlier enough eventual except(?!ion) exempt expect fake fewer fine$"
        r" flexib forgiv formalit former generous good$ green hack half harmless history hurr important irrelev"
        r" later$ leav left$ legacy lenien less$ let(?:s|ting)?$ longer$ loos loose matter may$ mere might$ mind$"
        r" minor narrow needless nice nois(?:e|y) normal obsolet occasion ok$ okay old(?:er|est)?$ omit optional"
        r" outrank overrid partial past$ permiss pleas preced pretend previous priorit rare red$ relax rush seldom"
        r" shortcut simulat sometim straight stub suffic suggest supersed suppos suspic temporar toler trivial"
        r" typical unless unnecess until urgent usual waiv well$ wide withdr workaround worr would$ small$",
    ),
    (
        Topic.PROTECTING,
        r"alert assert audit auth backup barrier bound bug careful cases$ caution cert check checksum ci$ cipher"
        r" clean$ cleanup compat constraint cors cover csp$ csrf detect digest encrypt error escap examin exception"
        r" expir eyes fail fence filter firewall fix gate guard hash httponly initiali[sz]ation inspect integrity"
        r" limit lint lock log(?:s|ged|ging|in|ins)?$ look mask mocks$ monitor nonce pair paramet pin(?:s|ned|ning)?$"
        r" prepared proof protect prov(?:e|en) question quota rais redact report review rollback rotat runner safe"
        r" salt samesite sanit scan scenario second secur seed sieve sign(?:ed|ing|atur|s)? ssl$ stop strict suite"
        r" test throttl timeout tls$ trac(?:e|ing) transaction valid vector verif wait warn",
    ),
    (
        Topic.WEAKENING,
        r"attach bypass circumvent clos(?:e|ing) comment(?:ed|ing)?-?out concat copied copies copy delet destroy"
        r" disabl drop dump echo emit eval$ exec expos fabricat forc forg(?:e|ing) forward global hard-?cod ignor"
        r" insecure interpolat invent kill leak monkey mut(?:e|ed|ing)$ off$ overwrit past(?:e|ed|ing)$ patch pickle"
        r" plain-?text post(?:s|ed|ing)?$ print purg push quiet raw$ remov rerun reset retr(?:y|ies) rewrit root$"
        r" send sent$ shar(?:e|ed|ing)$ shell$ silen skip suppress swallow switch(?:ed|ing)?$ tamper truncat turn"
        r" unchecked unescaped unsafe unsaniti unsanitised unsanitized untrusted unvalid unvalidated vendor weaken"
        r" wip(?:e|ing) xfail",
    ),
    (
        Topic.CONFIDENTIAL,
        r"bearer card(?:s)?$ cookie credential customer gpg jwt oauth passphrase passw password personal pgp pii$"
        r" rsa secret ssh ssn$ token",
    ),
    (
        Topic.OUTCOME,
        r"abort broken change[sd]?$ comfort convenien count crash easi easy edit equal exit expected false fast few"
        r" flak golden happy itself just$ known main$ mock once$ one$ only$ output own$ pass(?:es|ed|ing)?$ quick"
        r" result same simpl(?:y|er) skip sleep small$ smaller snapshot speed status succeed success summary"
        r" themselves threshold total true zero",
    ),
    (
        Topic.NEGATING,
        r"\w*n['’]t$ \w+-free$ \w+less$ absen anti apart away beside but$ cannot despite dis(?!play|k|t|c) else"
        r" empty far$ hardly however lack mis(?:s|us|tak|ma) neither nevertheless no-one non-? none nor$ not$ nothing"
        r" otherwise$ scarcely though un(?!i|der|til|trusted|valid|escaped|checked|sanit)\w void without",
    ),
)
"""Beginnings of words, as patterns, in alphabetical order."""
_NO_SUPERLATIVES_TEXT = (
    "contest digest forest guest harvest honest interest invest jest manifest nest pest protest pytest quest request"
    " rest suggest test unittest vitest"
)
_NO_SUPERLATIVES = frozenset(_NO_SUPERLATIVES_TEXT.split())
"""Words in -est; every other one says that something is the most, which no rule needs."""
_TOPICS = tuple(
    (topic, re.compile("|".join(f"(?:{stem})" for stem in stems.split()), re.IGNORECASE)) for topic, stems in _STEMS
)
_OF_PART = {
    Part.GOOD: Topic.PROTECTING,
    Part.SAFE: Topic.PROTECTING,
    Part.SAFE_CALL: Topic.PROTECTING,
    Part.TEST_PATH: Topic.PROTECTING,
    Part.BAD: Topic.WEAKENING,
    Part.BAD_VERB: Topic.WEAKENING,
    Part.EMITTING: Topic.WEAKENING,
    Part.CONFIDENTIAL: Topic.CONFIDENTIAL,
    Part.SICK: Topic.OUTCOME,
}
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def topic_of_part(part: Part) -> frozenset[Topic]:
    """What a slot or a phrase touches by the part it plays."""
    return frozenset({_OF_PART[part]} if part in _OF_PART else ())


@lru_cache(maxsize=4096)
def topics_of(word: str) -> frozenset[Topic]:
    """Every topic that a word touches, in any of its inflections."""
    if word.endswith("est") and word not in _NO_SUPERLATIVES:
        return frozenset({Topic.LENIENT})
    found = {topic for topic, stems in _TOPICS if stems.match(word)}
    return topic_of_part(part_of_word(word)) | found


_PLAIN_IN_NAMES_TEXT = (
    "build ci collection config context empty error exception false field fix get history home host left log loop main"
    " one output owner result session settings small status time times total true user users zero"
)
PLAIN_IN_NAMES = frozenset(_PLAIN_IN_NAMES_TEXT.split())
"""Words that say nothing when they are a piece of an identifier."""


def topics_of_name(name: str) -> frozenset[Topic]:
    """Every topic that the pieces of an identifier touch: `bypassPermissions` says two words."""
    pieces = (piece.lower() for piece in _PIECE.findall(name))
    return frozenset(topic for piece in pieces if piece not in PLAIN_IN_NAMES for topic in topics_of(piece))


def is_form_of(word: str, verbs: frozenset[str]) -> bool:
    """Whether `word` is one of `verbs` in any inflection."""
    lowered = word.lower()
    return any(form in verbs for form in base_forms(IRREGULAR.get(lowered, lowered)))
