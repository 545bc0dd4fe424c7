"""Names of code: which a text mentions, which of them the repository holds, and what the words of a name allow.

A name that stands in the source at the base was let in by a review, so it may be spoken of. What it does nobody here
knows; dangerous things stand in most repositories. So the words of the name decide what may be said of it: a dangerous
name is only ever forbidden, a weighty one described or forbidden, and any other may be told to be used as well.
"""

import re
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from sidecar.gate.literals import is_safe_call, is_safe_literal, is_unsafe_literal
from sidecar.gate.parts import Part
from sidecar.gate.plain_words import LIGHT
from sidecar.gate.programs import CHECKERS, INTERPRETERS, SCRIPTED, TARGETED, VERBS
from sidecar.gate.topics import PLAIN_IN_NAMES, Topic, topics_of
from sidecar.gate.vocabulary import part_of_word

MAX_NAMES = 8
"""Names of one text that are looked up; a rule that mentions more is no rule."""
_SHORTEST = 3
_LONGEST = 48
_MOST_WORDS = 6
_NAME = re.compile(
    r"(?:new )?@?(?P<name>[A-Za-z_]\w*(?:(?:\.|::|->|\#)[A-Za-z_]\w*)*)!?"
    r"(?:<\w+(?:, ?\w+)*>)?(?:\((?:\w+(?:, ?\w+)*|\.\.\.)?\))?",
    re.ASCII,
)
"""A name as it is written in a sentence: with its decorator sign, its brackets and plain arguments."""
_CODE_SHAPED = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2,}[a-z]|\w_\w|^_\w|[.:>#(<@]\w|\(\)|\w!|^[A-Z][A-Z0-9]+$")
_MENTIONED = re.compile(r"`([^`]+)`|([A-Za-z_][\w.:]*\w(?:\(\))?)", re.ASCII)
_PART = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_WORD = re.compile(r"[A-Z]+\d*(?![a-z])|[A-Z]?[a-z]+\d*")
_PROGRAMS = CHECKERS | TARGETED | SCRIPTED | INTERPRETERS | frozenset(VERBS) | frozenset(("docker", "git", "pip"))

_DANGEROUS = re.compile(
    r"^(?:admin|allow|anonym|approv|arbitrar|backdoor|bypass|circumvent|cookie|cred|curl|danger|demot"
    r"|destr|disabl|dump|elevat|env$|environ|erase|eval|exec$|execv|execfile|exempt|exfil|expose|exploit|forc"
    r"|forge|god|grant|hijack|ignor|impersonat|inject|innerhtml|insecure|install|jwt|kill|leak|lenient|malic|mute"
    r"|noauth|nocheck|noop|noverify|obey|off$|passphrase|passw|pass$|payload|permi|permissiv|pickle|popen|priv"
    r"|proxy|purge|raw|root|sandbox|secret|shell|silen|skip|sudo|super|suppress|swallow|system|tamper"
    r"|telemetry|terminal|trust|unauth|uncheck|unescap|unguard|unlimit|unlock|unprotect|unrestrict|unsafe"
    r"|unsani|unsign|untrust|unvalid|unverif|vault|wget|whitelist|wildcard|wipe|without|xfail|yolo)"
)
"""Beginnings of words that make a name one that is only ever forbidden."""
_LOADED = re.compile(r"^(?:all|always|any|anyone|everyone|everything|nobody|nothing|please)$")
"""Words that turn a name around, or make it a sentence: `no_auth`, `any_user_may_write`."""
_WEIGHTY = re.compile(
    r"^(?:agent|api?key|archive|backup|bridge|broadcast|collector|command|debug|delet|deliver|dispatch|download"
    r"|drop(?:s|ped)?$|email|execut|export|extern|fallback|ftp|guest|hook|lax$|legacy|loose|mail|master|mirror|notif"
    r"|outbox|overrid|passthrough|ping$|plugin|post$|print$|public|publish|push|relax|relay|remov|replicat|report"
    r"|run(?:s|ner|ning)?$|s3|script|send|share|ship$|smtp|socket|spawn|submit|sync(?:s|ing|er)?$|token|track|transmit"
    r"|transport|truncat|tunnel|upload|weak|webhook)"
)
"""Beginnings of words of what sends, starts, takes away or stands in: such a name is described, not told to be used."""
_PLAIN_TEXT = (
    "accept activity best broad cipher client close closing concat confirm context copied copy count create decision"
    " decod decode decoder else emit empty entire entry equal error exception expect expected fetch few full general"
    " global half history home host important interpolate judge kernel large later launch layer lead leader left less"
    " loop loops machine main make manager matrix middle mode narrow network never no non none normal not null object"
    " offset old one or original output parent partial partner past patch people person pipeline profile promise"
    " promises quick raise rare reg registry repeat reply reset resolver result retries retry review same scope score"
    " screen session setting settings shared simple single small snippet source startup status straight success switch"
    " tenant time times total totals turn typical undefined undo union unit upper user users usual void well wide"
    " workflow zero"
)
_PLAIN = PLAIN_IN_NAMES | LIGHT | frozenset(_PLAIN_TEXT.split())
"""Words that weigh in a sentence and say nothing as a word of a name that the source holds."""
_GUARDING = re.compile(
    r"^(?:access|acl$|authent|authori|can$|check|csrf|deny|ensure|escap|forbid|guard|limit|login|may$|must|only|owner|permit|polic|protect|role|quot|readonly"
    r"|redact|reject|requir|restrict|saniti|secur|sign(?:ed|ature|er)?$|strict|timeout|throttl|valid|verif|verify)"
)
"""Beginnings of words of what protects: such a name is never denied."""


class Weight(StrEnum):
    """What the words of a name allow to say of it."""

    LIGHT = "light"
    GUARDING = "guarding"
    """It protects: may be used and described, never denied."""
    WEIGHTY = "weighty"
    """It may be described or forbidden."""
    DANGEROUS = "dangerous"
    """It may only be forbidden."""


def name_of(text: str) -> str | None:
    """The bare name in what stands between backticks: `parse_config` of `parse_config(path)`; None where it is none."""
    match = _NAME.fullmatch(text)
    return match["name"] if match and len(text) <= _LONGEST else None


def names_in(text: str) -> frozenset[str]:
    """The names of code that a text mentions and that are worth looking for in the source; at most `MAX_NAMES`.

    Short names, plain words and what is well known anyway are left out. The parts of `a.b` are looked for together.
    """
    found: dict[str, None] = {}
    for code, bare in _MENTIONED.findall(text):
        name = name_of(code) if code else (name_of(bare) if is_code_shaped(bare) else None)
        if name is not None and not is_common(name) and not _is_known(code or bare):
            found[name] = None
    return frozenset(list(found)[:MAX_NAMES])


def parts_of_name(name: str) -> tuple[str, ...]:
    """The words of source that must stand in one file for a name to be there: `HttpClient` and `retry`."""
    return tuple(dict.fromkeys(_PART.findall(name)))


def is_code_shaped(text: str) -> bool:
    """Whether `text` cannot be a word of a sentence: it has an underscore, a capital inside, a member or a call."""
    return _CODE_SHAPED.search(text) is not None


def is_common(name: str) -> bool:
    """Whether a name is too short, or a word of English, so that standing somewhere in the source says nothing."""
    if len(name) < _SHORTEST or name.lower() in _PROGRAMS:
        return True
    return name.islower() and not is_code_shaped(name) and part_of_word(name) is not Part.UNKNOWN


def is_attested_name(text: str, identifiers: frozenset[str]) -> bool:
    """Whether the name that `text` is was found in the source: as it is, or each of its parts."""
    name = name_of(text)
    if name is None or is_common(name):
        return False
    parts = parts_of_name(name)
    return name in identifiers or (len(parts) > 1 and all(part in identifiers for part in parts))


@lru_cache(maxsize=1024)
def weight_of(text: str) -> Weight:
    """What the words of a name allow, its arguments read as well."""
    words = [word.lower() for word in _WORD.findall(text)]
    if _is_dangerous(text, words):
        return Weight.DANGEROUS
    made = [word for word in words if word not in _STAND_INS]
    if made != words and any(map(_GUARDING.match, made)):
        return Weight.DANGEROUS
    words = made
    others = [word for word in words if not _GUARDING.match(word)]
    topics = {topic for word in others if word not in _PLAIN for topic in topics_of(word)}
    is_weighty = any(map(_WEIGHTY.match, (*others, "".join(others)))) or _OPENS.search("".join(words)) is not None
    if topics & _NEVER or is_weighty:
        return Weight.WEIGHTY
    return Weight.GUARDING if is_guarding_name(text) else Weight.LIGHT


def turns_off(text: str) -> bool:
    """Whether a name says that it takes something away that protects: `skip_auth`; to forbid that protects."""
    words = [word.lower() for word in _WORD.findall(text)]
    is_off = words != [] and words[0] in _TURNING_OFF
    return is_off and not any(_DANGEROUS.match(word) or word in _TURNING for word in words[1:])


_TURNING_OFF = frozenset(("allow", "bypass", "disable", "ignore", "skip", "suppress", "trust", "without"))


def is_guarding_name(text: str) -> bool:
    """Whether a name says that something is checked, limited or recorded."""
    words = [word.lower() for word in _WORD.findall(text)]
    said = {topic for word in words if word not in _PLAIN for topic in topics_of(word)}
    is_caller = "current" in words and any(map(_PERSONS.match, words))
    return is_caller or Topic.PROTECTING in said or any(map(_GUARDING.match, words))


_STAND_INS = frozenset(("create", "dummy", "fake", "make", "mock", "stub"))
"""Words of what stands in for another thing in tests; what stands in for a guard is a danger."""
_OPENS = re.compile(r"open(?:url|link|browser|file)|load(?:module|class|library|script|url)|fromurl|(?:from|by)name$")


_NEVER = frozenset((Topic.CLOSED, Topic.CONFIDENTIAL, Topic.WEAKENING, Topic.LENIENT, Topic.NEGATING))


_TURNING = frozenset(("never", "no", "non", "not"))
_TURNED = re.compile(
    r"available|blank|content|data|empty|exist|found|implement|item|match|modified|more|negative|null|ready|result|row"
    r"|std|such|support|unique|value|zero"
)
"""What a name may deny: `NotFoundError`."""
_OPENING_TEXT = (
    "default easy empty fake fast guest inner lax legacy loose minimal mock none null old open optional public quick"
    " relaxed simple soft stub weak"
)
_OPENING = frozenset(_OPENING_TEXT.split())
_OPENED = frozenset(("any", "default", "guest", "none", "optional", "public"))
_PERSONS = re.compile(r"^(?:account|identit|principal|tenant|user)")
_ACCESS = re.compile(
    r"^(?:access|acl|auth|can$|check|crypt|csrf|encrypt|guard|hash|login|may$|owner|polic|protect|role|scope$|session|valid|verif)"
)


def _is_dangerous(text: str, words: list[str]) -> bool:
    pairs = list(pairwise(words))
    if any(one in _TURNING and not _TURNED.match(other) for one, other in pairs):
        return True
    # `default_role`, `PublicAccess`: an opening beside what decides about access
    if not _OPENING.isdisjoint(words) and any(map(_ACCESS.match, words)):
        return True
    if not _OPENED.isdisjoint(words) and any(map(_PERSONS.match, words)):
        return True
    # words run together are read, too: `skipauth`, `NoAuth`
    together = "".join(words)
    said = any(_DANGEROUS.match(word) or _LOADED.match(word) for word in (*words, together))
    return said or _HIDDEN.search(together) is not None or len(words) > _MOST_WORDS or is_unsafe_literal(text)


_HIDDEN = re.compile(
    r"bypass|disabl|unsafe|insecure|password|secret|(?:no|skip|allow|without)(?:auth|check|verif|valid|tls|ssl|csrf)"
    r"|trustall|allowall|evalu|apikey|privatekey|accesskey|(?:set|insert|append|write|inner|outer)html"
)


def _is_known(text: str) -> bool:
    return is_safe_literal(text) or is_safe_call(text) or is_unsafe_literal(text)
