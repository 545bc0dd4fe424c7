"""English clauses about commands and paths that the shapes are too narrow for: several commands, where and when.

`frames` says how a line is read and when one may be added.
"""

from sidecar.gate.frames_protective import GUARD

ENGLISH = {
    "and": "and|then|and then|and also",
    "when": """
        (before|after) (each|every|a|any) (change|commit|push|edit)
        before (you|) (commit|push|finish|committing|pushing|finishing)
        before (you open|opening) a pull request
        while (you work|working)
        at the end
    """,
    "upon": """
        (after|when|whenever|before) you (change|edit|touch|update|modify) (it|them|one|<P>|[(a|the|any|an) ]<N>[ (in
        ..|of|under) <P>])
        (after|when|before) (changing|editing|touching|updating|modifying) (it|them|one|<P>|[(a|the|any|an) ]<N>[ (in
        ..|of|under) <P>])
        after (a change|changes|each change|every change|any change) (in|of|to|under) (<P>|[(a|the|any|an) ]<N>[ (in|
        ..of|under) <P>])
    """,
    "run": """
        [always |then |also ](run|use) <C>[ (from|in|inside) (<P>|the repository root|the root|the project root|
        ..the package folder)][ not (from|in) (the repository root|the root|the project root)][ instead][ again]
        [always |then |also ](regenerate|rebuild|update|refresh|format|generate|build|check|type-check|lint|
        ..start) (it|them|[the ]<N>[ in <P>]) (with|by|using|through) <C>
        [always |then |also ]run <C> to (regenerate|rebuild|update|refresh|write) (it|them|<P>|[the ]<N>)
        [always |then |also ]run <C> and commit (it|<P>|the result|the results)[ with it]
        (a pull request|a change|a commit) that (changes|touches|edits) <P> needs [a run of ]<C>
        (type-check|lint|check|format|build) with <C>[ and fix (all|the) warnings]
        the (tests|unit tests|linter|build|formatter) (run|runs|start|starts) with <C>
        (update|refresh) the (lock file|lockfile) (with|using) <C>
    """,
    "keep": """
        (do not|don't|never) (edit|change|modify|touch|reorder|rename|sort|reformat|renumber) (the|any|) <N> (in|of|
        ..under) <K>[ by hand]
        (do not|don't|never) (edit|change|modify) (it|them|<K>)( yourself| by hand| directly|)
        (do not|don't|never) (copy|move) (it|them|[the ]<N>) (to|into) <P>
        (do not|don't|never) move files between <P>
        (do not|don't|never) bump the version in <P>
        (do not|don't|never) (raise|lower|change) the limit in <P>
        (do not|don't|never) (convert|translate) [the ]<N> in <P>
        (do not|don't|never) (write|put|build) (sql|raw sql|sql strings|queries|sql queries) in <P>
        keep <P> up to date
        keep <P> (in step|in sync|together)[ with <P>]
        change both or neither
    """,
    "guard": GUARD,
    "also": "(also |)(change|update|adjust|edit) <P>[ as well| too]",
    "made": """
        (the|) (integration|unit|end-to-end|e2e|database|browser) tests need (a|the|) (database|database container|
        ..test database|container|browser|redis|postgres|docker|chromium|service|services)
        add (an entry|an example) to <P> for (every|each) change[ a user can see]
        add (an entry|an example|a new one|new ones|yours|one) (there|to <P>)
        import (it|them) from <P>
        (state|name|explain|give) the reason in the commit message[ when you change <P>|when you change [the |
        ..a ]<N> in <P>]
        bump the version in <P> (when|whenever) (a <N>|the <N>|<P>) changes
        (the|) (build|check|test|lint|linter|ci) (fails|breaks) (otherwise|without it|without one|(if|when) (it|one|
        ..a <N>|any) is missing|(if|when) they differ)
        (ci|the build|the linter|the check|<C>) (rejects|refuses) (any|every) (warning|difference)
        (ci|the build|the check|<C>) checks that they (match|agree)
        <C> (fails|refuses) (otherwise|without it|without one|(if|when) (it|one|a <N>) is missing)
        (it|they|<K>|the <N> in <K>) (is|are) (generated|written|created|built) by <C>
    """,
}
