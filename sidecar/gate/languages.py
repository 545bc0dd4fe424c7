"""Neutral convention words of languages other than English.

There is no grammar here, so polarity cannot be proven: each list holds only words that are harmless whether asserted
or denied. Words of tests, checks, security, networks, permissions and agents are in none of them, in no language.
"""

import re
from functools import cache

from sidecar.gate.characters import MARKS
from sidecar.gate.foreign_words import WORDS_OF

_SHARED = frozenset(
    ("api", "json", "yaml", "sql", "css", "html", "utf-8", "utc", "iso", "id", "ui", "url-safe", "commit", "commits")
) | {"snake_case", "camelcase"}
"""Known beside every language."""
_CODE = re.compile(
    r"\b(?:code|código|codice|kod(?:u|en)?|код[ае]?|kode[nt]?|cod(?:ul)?|mã)\b|\bkód|koodi|代码|(?<!ハード)コード|코드|κώδικα|קוד|कोड|โค้ด"
)
_SAID = re.compile(
    r"message|mensa[jg]|messagg|meldung|komunikat|сообщен|消息|信息|メッセージ|메시지|melding|mesaj|texte|meddelande|fejl"
    r"|besked|viesti|hláš|zpráv|повідомл|üzenet|μηνύμ|pesan|thông báo|رسائل|رسالة|הודע|संदेश|ข้อความ"
)
_CODE_IN_COMMENTS = re.compile(
    r"(?:注释|コメント|댓글)\w{0,2}(?:的代码|のコード)|\b(?:code|código|codice|kode?n?|kodu|код|kód|koodi|cod(?:ul)?|mã|קוד|कोड)\s"
    r"(?:dans|des?|du|de los|dos|em|en|in|nei|i|dalam|trong|aus|van|из|в|у|v|ve|w|din|în|ל|में)\s(?:\w+\s)?"
    r"(?:comment|coment|komment|koment|коммент|комент|megjegyz|chú thích|הערו|टिप्पण)"
)
"""The code that stands in comments; that comments stand in the code is the ordinary order of the words."""
_OPEN_FOLDER = re.compile(r"(?:^|/)(?:public|static|www|dist|assets)/")
_PEOPLE = re.compile(r"utilisat|usuari|benutzer|utent|gebruiker|użytkownik|пользоват|用户|ユーザー|kullanıcı|사용자")
_BUILDS = re.compile(r"f-strings?|%s?(?!\w)|\b(?:string|str|text)s?\b")
"""What text is put together with."""
_STATEMENT = re.compile(r"\bsql\b")
_NO_SPACES = frozenset({"japanese", "chinese", "thai"})
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[-{MARKS}])*")


@cache
def _words(language: str) -> frozenset[str]:
    return frozenset(WORDS_OF[language].split())


def unknown_words(words: list[str]) -> list[str]:
    """The words that the best-fitting language does not know either; empty when one language knows them all."""
    return min((_unknown_in(language, words) for language in WORDS_OF), key=len)


def foreign_insinuations(words: list[str]) -> list[str]:
    """What neutral words of any language must not say together: code out of messages, people's texts in the open."""
    text = " ".join(words).lower()
    found: list[str] = []
    if (_CODE.search(text) and _SAID.search(text)) or _CODE_IN_COMMENTS.search(text):
        found.append("it speaks of code in messages or comments, which others write")
    if _BUILDS.search(text) and _STATEMENT.search(text):
        found.append("values become part of a statement")
    if _PEOPLE.search(text) and any(_OPEN_FOLDER.search(word) for word in words):
        found.append("it opens or leaks something")
    return found


def _unknown_in(language: str, words: list[str]) -> list[str]:
    known = _words(language)
    if language in _NO_SPACES:
        return [word for word in words if word.lower() not in _SHARED and not _is_made_of(word, known)]
    return [
        word
        for word in words
        for piece in _WORD.findall(word)
        if piece.lower() not in known and piece.lower() not in _SHARED
    ]


def _is_made_of(text: str, known: frozenset[str]) -> bool:
    """Whether `text`, written without spaces, is nothing but known words one after the other."""
    reachable = [True] + [False] * len(text)
    for end in range(1, len(text) + 1):
        reachable[end] = any(reachable[start] and text[start:end] in known for start in range(max(0, end - 12), end))
    return reachable[-1]
