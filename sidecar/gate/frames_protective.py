"""English clauses that only protect: secrets, input, checks, tests, history and dependencies, in closed words.

What protects speaks of what an attack speaks of, so word lists refuse it. Here each line is a whole clause, and every
reading of it, with every optional piece left out, asks for more care, never for less. `frames` says how a line is read.
"""

_PRIVATE = (
    "(secrets|tokens|access tokens|session tokens|passwords|credentials|api keys|private keys|cookies|card numbers"
    "|personal data|customer data|user data|request bodies|response bodies|authorization headers|email addresses"
    "|e-mail addresses|phone numbers)"
)
_SHOWN_IN = (
    "(code|source code|the code|logs|the logs|log output|test output|fixtures|error messages|the repository|git)"
)
_VERIFYING = (
    "(tls verification|certificate verification|certificate checks|signature checks|csrf protection|input validation"
    "|authentication|authorisation|authorization|branch protection|rate limiting)"
)
_INPUT = (
    "(user input|untrusted input|external input|user-supplied html|user-provided html|request parameters"
    "|query parameters|form fields|uploaded files)"
)
_FIXED = "(fix|bug fix|bug|new endpoint|new function|new class|new feature|new component|new route)"
GUARD = f"""
    (do not|don't|never) (log|print|echo|commit|expose) {_PRIVATE}[ (or|and) {_PRIVATE}][ (in|to|into) {_SHOWN_IN}|
    .. in <P>]
    ..[ not even (in tests|shortened|temporarily)]
    (do not|don't|never) commit '.env'
    (redact|mask) {_PRIVATE}[ (or|and) {_PRIVATE}] in (all |)(logs|log output|test output|error messages)
    (do not|don't|never) (put|store|keep|write) {_PRIVATE} in (code|source code|the code|the repository|git|urls|
    ..connection strings|local storage|plain text|{_SHOWN_IN})
    encrypt backups[ before upload| before uploading them]
    (check|validate|verify) (the |)(webhook|request) (signature|signatures) before (parsing|reading) the body
    (hash|store) passwords with (argon2|argon2id|bcrypt|scrypt)
    passwords are (hashed|stored) with (argon2|argon2id|bcrypt|scrypt)
    {_PRIVATE} are stored in (the vault|the secret store|the secret manager)[ (never|not) in (code|the code|
    ..the repository|git)]
    (escape|sanitise|sanitize|validate) [all |any |every ]{_INPUT}[ before (rendering|storing|using|saving|parsing|
    ..use)[ it| them][ as html| in html]][ on the server| at the boundary]
    validate uploaded files by content not by extension
    (reject|refuse) (requests|calls|uploads|webhooks) without (a csrf token|a valid csrf token|authentication|
    ..a valid signature|a signature|a valid token)
    (rate limits|rate limiting|authentication|authorisation|authorization|csrf protection|input validation) (apply|
    ..applies) to (every|all|each) (public |)(endpoint|endpoints|route|routes|request|requests)
    (use|prefer) (prepared statements|bound parameters|parameterised queries|parameterized queries) (for|in) (every|
    ..all|each) (query|queries)
    cookies (are|must be) set with ('httponly'|'secure'|'samesite')( and ('httponly'|'secure'|'samesite')|)
    (do not|don't|never) (disable|turn off|skip|weaken|bypass) {_VERIFYING}[ not even| even][ in (tests|test code|
    ..development|scripts)| locally| for internal hosts]
    (do not|don't|never) (skip|delete|disable|weaken|remove) (a |any |the |)(failing |flaky |broken |slow |)(test|
    ..tests|assertion|assertions|check|checks)[ to (make it pass|make the build pass|get a green build)][ fix (it|
    ..them|the code|the cause) instead]
    a (failing|flaky|broken) test (must be|is) fixed not (deleted|skipped|disabled)
    a test that fails (must be|is) fixed not (deleted|skipped|disabled)
    (flaky|failing|broken) tests (are|must be) fixed not (retried|skipped|deleted|disabled|ignored)
    (do not|don't|never) (ignore|suppress|silence) (type errors|errors|warnings|lint errors|failures|failing checks)
    ..[ fix (them|the code|the cause)]
    (do not|don't|never) disable (lint rules|eslint rules|linter rules|warnings)[ inline]
    (do not|don't|never) merge with (a red build|failing tests|failing checks)
    (do not|don't|never) (lower|reduce) the coverage (threshold|floor)
    (do not|don't|never) (raise|increase|extend) (a|the) timeout to make a test pass
    (do not|don't|never) change (the|an) expected value to make a test pass
    tests must not (sleep|depend on each other|depend on their order|use the network|access the network|
    ..reach the network|share state|call real services)
    (do not|don't|never) call (real services|the real api|real apis) in tests
    put a regression test next to (the|each|every) (fix|bug fix)
    (add|write) a [regression |unit |request ](test|spec) for (each|every) {_FIXED}[ in <P>]
    every {_FIXED}[ in <P>] (has|needs|gets) a [regression |unit |request ](test|spec)[ in <P>]
    (do not|don't|never) (force-push|force-push to shared branches|force-push to main|rewrite published history|
    ..rewrite shared history)
    (do not|don't|never) push (directly|straight) to main
    (do not|don't|never) commit (build output|binaries|large files|large binaries|debug output|commented-out code|
    ..dead code)[ larger than <M> mb]
    rebase feature branches[ on main][ instead of merging main into them]
    (squash|rebase) commits before merging
    commit generated files (together|along) with the change that (caused|produced) them
    keep (commits|changes|pull requests|diffs|the diff) small
    one change per commit
    (do not|don't|never) (mix|squash) (refactoring|formatting|fixture|style) changes and (code|feature) changes (in|
    ..into) one commit
    (do not|don't|never) add (a |)(new |)(dependency|dependencies)[ without asking
    ..| for something the standard library (does|has)]
    ask before (adding|you add) a (new |)dependency
    ask before you (delete|remove|rename) (a|an|any) <N>[ (in|from|of) <P>]
    quote (variables|all variables) in (shell |)scripts
"""
