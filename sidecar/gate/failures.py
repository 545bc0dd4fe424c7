"""What a failing command may be said to have printed."""

import re

_FAILURE = re.compile(
    r"(?:(?:ModuleNotFound|Import)Error: )?no module named '?([\w.]+)'?|(?:([\w./-]+): )?(?:command )?not found"
    r"|command not found: ([\w.-]+)|no such file or directory(?:: '?([\w./-]+)'?)?|exit (?:code|status) \d{1,3}"
    r"|missing script: \"?([\w:-]+)\"?|(?:error: )?cannot find module '?([\w./@-]+)'?"
    r"|no rule to make target '?([\w-]+)'?|unknown command:? \"?([\w-]+)\"?|unrecognized arguments: ([\w=-]+)"
    r"|could not find ([\w.]+)",
    re.IGNORECASE,
)
"""What a failing command may be said to have printed: closed forms that name words of the command itself."""
_CODE = re.compile(r"`([^`]*)`")
_NAME = re.compile(r"[^\W_]+")
_FAILURE_IN_BRACKETS = re.compile(r"(?P<said>does not work here|fails otherwise) \((?P<failure>[^()]*)\)")


def failure_words(text: str) -> str:
    """`text` with the bracketed words of a known failure taken out: `… does not work here (No module named x).`"""
    own = {piece for code in _CODE.findall(text) for piece in _NAME.findall(code.lower())}

    def without(match: re.Match[str]) -> str:
        failure = match["failure"].strip()
        known = _FAILURE.fullmatch(failure)
        # whoever writes into an output must not name a package, an option or a word of their own here
        named = {piece for name in (known.groups() if known else ()) if name for piece in _NAME.findall(name.lower())}
        return match["said"] if known and named <= own else match.group()

    return _FAILURE_IN_BRACKETS.sub(without, text)
