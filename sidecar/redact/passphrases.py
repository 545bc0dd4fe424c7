"""Passphrases of words alone: `passphrase: correct horse battery staple`, quoted or up to the line's end.

Prose about passphrases has words that no dice draw: articles, prepositions, and what one does with a passphrase.
"""

from sidecar.redact.phrase import Phrase, phrase

_LETTER = rb"(?:[a-z]|[\xc3-\xc5][\x80-\xbf]|\\{1,15}u0[01][0-9a-f]{2})"
_WORDS = rb"LETTER{3,14}(?:[ -]LETTER{3,14}){2,9}".replace(b"LETTER", _LETTER)
_PROSE = frozenset(
    b"the and for with from that this when which must should will can may not your you are was been has have its his"
    b" our any all one two use used uses using set sets get gets see read reads ask asks enter entered type typed"
    b" repeat confirm again please provide provided given give leave empty none null blank default required optional"
    b" needed invalid wrong missing incorrect bad mismatch match matches error errors failed fails fail failure"
    b" expired changed change updated update new old same unchanged unknown unset supported support protected protect"
    b" prompt prompts prompted stored store saved save kept keep loaded load cached cache rotate rotated rotation"
    b" generate generated random drawn secret secrets secure strong weak common short long minimum maximum least most"
    b" more than characters character chars letters letter words word phrase phrases passphrase passphrases password"
    b" passwords length string strings str bytes value values text field name label hint example placeholder key keys"
    b" private public encrypted encrypt encryption decrypt decrypted unlock unlocks locked lock file files path"
    b" keychain keyring vault agent env environment variable config configuration option argument parameter flag"
    b" test tests user users team ops admin docs documentation page note todo fixme below above here there where why"
    b" how what who only also then else into onto over under before after without within between each every per but"
    b" separated joined hyphens spaces once twice never always ever already still yet just first last sent asked shown"
    b" hidden masked redacted removed remove deleted delete added add fix fixed make makes made allow allows allowed"
    b" reject rejects rejected validate validates check checks checked show shows hide handle return returns call"
    b" true false yes"
    b" der die das den dem des ein eine und oder ist nicht mit von zum zur bitte eingeben wiederholen falsch"
    b" les des est une dans pour avec par que qui las los del con por para una obligatoire saisir requise".split()
)
"""In what is said about a passphrase, and on no short list of words to draw from."""


def _is_drawn(value: bytes) -> bool:
    words = value.lower().replace(b"-", b" ").split()
    # joined by hyphens it may be a name
    is_enough = len(words) >= 4 or (b"-" not in value and sum(map(len, words)) >= 14)
    return is_enough and len(set(words)) == len(words) and not _PROSE.intersection(words) and _is_of_one_case(value)


def _is_of_one_case(value: bytes) -> bool:
    words = value.replace(b"-", b" ").split()
    return value == value.lower() or all(word[:1].isupper() and word[1:] == word[1:].lower() for word in words)


PASSPHRASES: tuple[Phrase, ...] = (
    phrase(
        "password:of words",
        rb"pass[ _-]?phraseQUOTE?(?:[ ](?:for|of|f(?:\xc3\xbc|\\{1,15}u00fc)r|de|du|del)"
        rb"(?:[ ](?:[\w@.'\x80-\xff-]|\\{1,15}u[0-9a-f]{4}){1,30}){1,4}?)?[ \t]{0,4}"
        rb"(?:(?:(?:is|was|to|ist|lautet|est|es|[:=]|=>|->|:=|\xe2\x80[\x93\x94])[ \t]{0,4}){1,2}QUOTE?|QUOTE)"
        rb"(?P<secret>" + _WORDS + rb")",
        _is_drawn,
        behind=rb"(?=[.!]?[ \t]{0,4}(?:[\r\n\"'`]|\\{1,15}[rn\"]|[ ]\#|\Z))",
        signs=(rb"passphrase", rb"pass[ _-]phrase"),
    ),
)
