"""What is known of the few programs that come with every shell: which only show, which write what they are given.

No build or test tool is among them; whatever is not named here is known by what it does in a session.
"""

import posixpath
import re
from collections.abc import Sequence

ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
FILTERS = frozenset(
    {"awk", "cat", "cut", "egrep", "fgrep", "grep", "head", "less", "more", "nl", "sed", "sort", "tail", "tr", "uniq"}
)
"""Programs that only shape the text of the command before them."""
SILENT = frozenset((":", "clear", "echo", "exit", "printf", "pwd", "set", "sleep", "true", "unset", "wait"))
"""Shell builtins that do not change whether the next command works."""
EMITTERS = frozenset({"cat", "echo", "printf", "tee"})
"""Programs that pass on what they were given: what they write into a file was written by hand."""
_LOOKERS = frozenset(
    {
        *("ack", "ag", "basename", "bat", "cmp", "command", "date", "df", "diff", "dirname", "du", "env", "fd", "file"),
        *("find", "hostname", "id", "jq", "ls", "man", "printenv", "ps", "readlink", "realpath", "rg", "stat", "test"),
        *("top", "tree", "type", "uname", "wc", "whereis", "which", "whoami", "xxd", "["),
    }
)
_UNDOERS = frozenset(
    {"dd", "ed", "git", "kill", "killall", "mv", "patch", "perl", "pkill", "rm", "rmdir", "sed", "truncate"}
)
"""Programs that change, move or take away work: what they do is of one task, never the way to do the next one."""
_FETCHERS = frozenset({"submodule", "lfs"})
"""What makes a command of version control bring something that was missing."""
_LOOKING_WORDS = frozenset(
    {
        *(
            "--help",
            "--list",
            "--version",
            "-V",
            "-h",
            "config",
            "diff",
            "doctor",
            "env",
            "help",
            "info",
            "list",
            "log",
        ),
        *("logs", "ls", "outdated", "ps", "search", "show", "status", "tree", "version", "versions", "view", "why"),
    }
)
"""Words by which programs of every kind are asked to say something and do nothing."""
_PROGRAM_FOLDERS = frozenset({"", "/bin", "/usr/bin", "/usr/local/bin"})
_IN_PLACE = re.compile(r"-(?!-)\w*i\S*|--in-place\S*")


def program_at(argv: Sequence[str]) -> int:
    """Where the program stands in an argument vector, behind its assignments."""
    return next((at for at, word in enumerate(argv) if not ASSIGNMENT.match(word)), 0)


def _own(argv: Sequence[str]) -> tuple[Sequence[str], str]:
    """A command without its settings, and the name of its program; no name for one that lies in a folder of its own."""
    own = argv[program_at(argv) :]
    folder, name = posixpath.split(own[0]) if own else ("", "")
    return own, name if folder in _PROGRAM_FOLDERS else ""


def only_looks(argv: Sequence[str]) -> bool:
    """Whether a command only asks how things are."""
    own, program = _own(argv)
    if edited_in_place(own):
        return False
    return program in FILTERS | SILENT | _LOOKERS or any(word in _LOOKING_WORDS for word in own[1:3])


def may_set_up(argv: Sequence[str]) -> bool:
    """Whether a command may be what the next task has to run first."""
    own, program = _own(argv)
    if program in _UNDOERS and not any(word in _FETCHERS for word in own[1:2]):
        return False
    # Words with blanks are messages and programs, not ways of doing things.
    return bool(own) and not only_looks(argv) and not any(re.search(r"\s", word) for word in argv)


def edited_in_place(argv: Sequence[str]) -> tuple[str, ...]:
    """The files that a stream editor was told to change where they lie."""
    if not argv or posixpath.basename(argv[0]) not in ("sed", "perl"):
        return ()
    if not any(_IN_PLACE.fullmatch(word) for word in argv[1:]):
        return ()
    files: list[str] = []
    has_script = is_script = False
    for word in argv[1:]:
        if is_script:
            has_script, is_script = True, False
        elif re.fullmatch(r"-\w*e|-f|--expression|--file", word):
            is_script = True
        elif word.startswith("-"):
            has_script = has_script or word.startswith(("--expression=", "--file="))
        else:
            files.append(word)
    return tuple(word for word in (files if has_script else files[1:]) if word)
