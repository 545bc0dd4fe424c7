"""Pieces of the names that a repository gives to what it runs: what they say of checks, and of harm."""

_WORK = (
    "all analyze api assemble bench benchmark bootstrap build builds check checks ci client clippy codegen"
    " compile cov coverage css data dev develop doc docs e2e fixtures fmt format gen generate hooks html i18n"
    " integration lint lints locales mypy package prepare pretty prettier proto quality routes schema schemas"
    " setup smoke spec specs start style styles test tests translations tsc type typecheck types unit validate"
    " verify vet web"
)
WORK = frozenset(_WORK.split())
"""Pieces of names that say what is built or checked."""

_DANGEROUS = (
    "accept admin apply approve bypass console dangerous delete deploy deployment destroy disable down drop"
    " erase eval exec fetch flush force kill login logout nuke nothing only prod production promote prune"
    " publish pull purge push rebase release remote replant reset rm rollback root runner send sh shell ship"
    " shutdown skip ssh staging sudo token truncate uninstall unsafe updatesnapshot upload wipe yolo"
)
DANGEROUS_PIECES = frozenset(_DANGEROUS.split())
"""Pieces of names that a repository gives to what leaves it or cannot be undone."""

_OUTWARD = (
    "allow amend chmod chown clobber cred credentials creds delete deploy destroy drop drops dropdb exfil expose fake"
    " grant ignore kill killall leak mute noop nop noverify nuke prod production publish purge push release rollback"
    " send shutdown truncate trust tunnel uninstall unlock upload wipe"
)
OUTWARD_PIECES = frozenset(_OUTWARD.split())
"""Those that scripts are named with, too, and those that a path of tests may hold and a target may not."""

_PREPARING = (
    "clean cleanup dev doc docs fmt format help html install package prettier pretty serve server start version watch"
)
PREPARING = frozenset(_PREPARING.split())
"""Pieces of names of targets that find no fault in anything."""
