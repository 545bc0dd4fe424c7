"""The sentences by which a person tells an agent that it was wrong, in the languages that people write most.

By words alone, so it errs both ways; it is tuned to keep out what only sounds like a correction: thanks, answers to a
question, leave to go on. The same sentences come out of what was kept of a prompt as out of the whole prompt.
"""

import re

MOST_CORRECTION = 400
"""Characters of corrections kept of one prompt."""
_LONGEST = 600
"""Characters of a sentence that are looked at; pasted logs have no full stops."""
_BETWEEN_SENTENCES = re.compile("(?<=[.!?…])\\s+|(?<=[\u3002\uff01\uff1f])\\s*|\\n+")
"""The marks by number end Chinese and Japanese sentences; no blank follows them."""


def _one_of(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


_LEAD = (
    r"^\W*(?:(?:but|and|so|ok|okay|well|hey|hi|sorry|please|pls|hmm+|oh|ah|ja|aber|bitte|mais|pero|ma|mas|por favor)"
    r"\b\W*)*"
)
_REFUSALS = _one_of(
    r"no(?:\W+no)*|nope|nah|wrong|stop(?: it| that)?|wait|undo(?: that| it| this)?",
    "nein|falsch|stopp|halt|non|faux|arr[eê]te|mal|incorrecto|errado|n[aã]o|sbagliato|fermati|nee|fout|nie|źle",
    "нет|неправильно|стоп|hayır|yanlış|不|不对|不對|不是|错了|錯了|停|違う|違います|ちがう|いや|やめて"
    "|아니|아니요|틀렸어|멈춰",
)
_ALONE = re.compile(rf"(?i){_LEAD}{_REFUSALS}\W*$")
"""A whole sentence of refusal: what is meant stands in the next one."""
_ANSWERS = re.compile(r"(?i)\W*(?:no|nope|nah|wait|nein|non|n[aã]o|nee|nie|нет|hayır|不|不是|いや|아니|아니요|mal)\W*$")
"""A refusal that alone may as well answer a question."""

_NO = r"(?:no|nope|nah|not|never|wait|actually|non|nein|nicht|pas|n[aã]o|nee|niet|nie|нет|не|hayır)\b\W*"
_NEED_NOT = _one_of(
    r"(?:a |any |other |more |further |additional |big |real )*(?:problems?|worr(?:y|ies)|probs?|rush"
    r"|hurry|thank(?:s| you)|thx|ty"
    r"|questions?|comments?|issues?|objections?|changes?|bad|sure|yet|now|necessary|needed|at all|really|idea|mind"
    r"|biggie|deal|doubt|kidding|complaints?|clue|preference|way)\b",
    r"need(?:ed)?(?: to)?\W*$|need(?:ed)?\W+(?:thanks|for now)",
)
_PRAISE = (
    r"(?:i'?m|we'?re|that'?s|it'?s|this is|that is|it is|all|everything(?:'?s| is)?|you(?:'?re| are)?"
    r"|(?:that |it )?looks?"
    r"|you did|just|nothing|i (?:like|love)|please (?:go|do|continue|proceed))\b"
    r"(?!.*\b(?:not|n't|wrong|instead|but|broken)\b)(?:\W+\w+){0,3}?\W*"
    r"\b(?:fine|good|great|perfect|ok(?:ay)?|right|correct|all|it|done|nice|ahead|continue|proceed)\b|go ahead\b"
)
_OTHER_PRAISE = _one_of(
    "danke|passt|schlecht|n[oö]tig|merci|grazie|gracias|obrigad[oa]|bedankt|dzi[eę]kuj[eę]|спасибо"
    "|teşekkür|за что|za co",
    r"(?:de |hay |c'è |tem |ma |há )?(?:souci|probl[eèé]m|проблем|sprawy)|mal\b|pasa nada",
)
_HARMLESS = re.compile(
    rf"(?i){_LEAD}"
    + _one_of(
        _NO + _one_of(_NEED_NOT, _PRAISE, _OTHER_PRAISE),
        r"(?:kein|geen|nessun|sem|aucun|sin|sans|brak)\w* (?:\w+ )?(?:probl\w+|ursache|souci|eile|fragen?)",
        r"stop (?:by|here|there|for|the (?:server|container|process|service|app|job|build|dev))\b",
        r"(?:don['’]?t|do not) (?:worry|mind|sweat|bother|know|think so|disturb)|never ?mind|always (?:a |happy)",
        r"use(?:d|s|ful|r|rs)? (?:cases?|to|of)\b|wait (?:for|until|till)\b|not only\b",
        "没问题|沒問題|不错|不錯|不客气|不客氣|不用谢|不用了|没关系|別擔心|别担心|問題(?:ない"
        "|ありません)|大丈夫|いいえ、大丈夫",
        r"문제\s?없|괜찮|sorun (?:değil|yok)",
    )
)
"""What begins like a correction and is none."""
_QUESTION = re.compile(
    rf"(?i){_LEAD}(?:what|which|how|when|where|who|is|are|am|do|does|did|should|shall|was|were|has|have"
    r"|could i|can i|will"
    r"|wie|wo|wann|qu'est|quel\w*|comment|qu[eé]|c[oó]mo|cu[aá]l)\b.*\?\W*$"
)
"""A question asks; one that begins with why, or asks the agent to do otherwise, corrects."""
_BEGINS = re.compile(
    rf"(?i){_LEAD}"
    + _one_of(
        r"(?:no|nope|nah|wrong|undo|revert|(?:roll|put) (?:it|that|this|them) back|don['’]?t|do not|dont"
        r"|never|always|not|instead"
        r"|actually,? (?:no|don['’]?t|do not|use|we|it|that|this|the|you|i (?:said|meant|asked|want))"
        r"|use|stop|wait|leave"
        r"|that['’]?s not|this is(?: not|n['’]t)|that is not|i (?:said|meant|told you|asked (?:you )?(?:for|to|not))"
        r"|i (?:did not|didn['’]?t) (?:ask|want|mean|say)|we (?:never|always|don['’]?t|do not)"
        r"|(?:this|that|it|you) (?:broke|breaks)|why (?:did|are|do|would|have)(?:n['’]?t)? you)\b",
        r"(?:nein|nicht|falsch\w*|stattdessen|nutze|benutze?|verwende?|nimm|lass (?:das|die|den)|h[oö]r auf|so nicht"
        r"|mach (?:das )?(?:nicht|r[uü]ckg[aä]ngig)|das (?:ist|war) (?:falsch|nicht)|warum hast du"
        r"|du (?:hast|solltest))\b",
        r"(?:non|pas|utilise[rz]?|plut[oô]t|arr[eê]te[rz]?|n['e]\s?\w+ pas|ne \w+ (?:pas|jamais)|c['’]est (?:faux|pas)"
        r"|ce n['’]est pas|pourquoi (?:as-tu|tu as)|tu (?:as|n['’]as pas|devais))\b",
        r"(?:usa|usad|utiliza|mejor|nunca|siempre|no (?:uses|toques|hagas|es)|est[aá] mal|eso no"
        r"|as[ií] no|deshaz|detente"
        r"|has (?:roto|borrado|olvidado)|por qu[eé] has)\b",
        r"(?:n[aã]o|errado|pare(?! (?:el|la))|desfa[cç]a|em vez|voc[eê] (?:quebrou|apagou|esqueceu))\b",
        r"(?:sbagliato|fermati|non \w+|invece|annulla|hai (?:rotto|cancellato|dimenticato))\b",
        r"(?:nee|niet|gebruik|fout|doe dat niet|je (?:hebt|moet))\b|(?:nie|u[zż]yj|przesta[nń]|cofnij|zamiast|źle)\b",
        r"(?:нет|не|неправильно|неверно|используй\w*|стоп|отмени|верни|вместо|зачем ты|ты (?:сломал|забыл|удалил))\b",
        r"(?:hayır|yanlış|kullanma|geri al|yapma)\b",
        "不对|不對|不是|别|別|错了|錯了|停|请?(?:改用|使用|用)|应该用|應該用|撤销|恢复|违|違う|違います"
        "|ちがう|いや|ダメ|だめ|やめて",
        "元に戻して|아니|틀렸|멈춰|되돌려|잘못",
    )
)
_WITHIN = re.compile(
    r"(?i)\b"
    + _one_of(
        "instead(?: of)?|rather than|should(?:n['’]?t| not)? have|not what i (?:asked|wanted|meant|said)",
        r"(?:in|on|at|to|from|editing|using|changing|touching|changed|edited|used|picked|have|got|is"
        r"|was) the wrong \w+",
        "you(?:['’]ve| have)? (?:just )?(?:forgot(?:ten)?|missed|broke(?:n)?|deleted|ignored|overwrote|skipped)",
        "you (?:did not|didn['’]?t|have not|haven['’]?t|should|must|need to|have to|(?:are|were)(?: not"
        "|n['’]?t)? supposed to)(?: not)?",
        "still (?:fails?|failing|broken|wrong|not working|does(?:n['’]?t| not))|does(?:n['’]?t| not) work",
        "(?:is|was|are|that['’]?s|this is) (?:wrong|incorrect|not (?:right|correct|what|how))",
        r"(?:please|just) (?:don['’]?t|do not|stop|revert|undo|never)|, not (?!only\b|yet\b|sure\b"
        r"|just\b)\w+(?: \w+){0,3}\W*$",
        "statt|anstatt|sondern|(?:funktioniert|stimmt|geht) nicht|au lieu de|(?:marche|fonctionne) pas"
        "|tu as oubli[eé]|en lugar de",
        "en vez de|no funciona|olvidaste|em vez de|n[aã]o funciona|invece di|non funziona|in plaats van|werkt niet",
        "zamiast|nie dzia[lł]a|вместо|не работает|yerine|çalışmıyor",
    )
    + r"\b|不要|而不是|不应该|不應該|不能用|没有用|(?:改|弄|搞|写|用)错|代わりに|ではなく"
    r"|ないで(?:ください)?|대신|하지\s?마|쓰지\s?마|안\s?돼"
)


def corrections_in(words: str) -> str:
    """The sentences that tell the agent it was wrong, cut at MOST_CORRECTION characters.

    A refusal that is a sentence of its own takes the next sentence with it.
    """
    kept: list[str] = []
    is_refused = False
    for sentence in filter(None, (part.strip() for part in _BETWEEN_SENTENCES.split(words))):
        start = sentence[:_LONGEST]
        is_alone = _ALONE.search(start) is not None
        if is_alone or (is_refused and not _HARMLESS.search(start)) or _is_correction(start):
            kept.append(sentence)
        is_refused = is_alone
    if all(_ANSWERS.match(sentence) for sentence in kept):
        return ""
    return " ".join(kept)[:MOST_CORRECTION]


def _is_correction(sentence: str) -> bool:
    if _HARMLESS.search(sentence) or _QUESTION.search(sentence):
        return False
    return _BEGINS.search(sentence) is not None or _WITHIN.search(sentence) is not None
