r"""Deny categories: what no rule may ask for, attested or not, in whatever sentence.

Each row is a category and how it looks in canonical text (NFKC, case folded). A clause that provably forbids such a
thing is the one place where it may stand; the grammar decides that, not this table. The table is not what keeps
attacks out (words it does not know are refused anyway); it is what no attestation can buy.
"""

import re

_TABLE: tuple[tuple[str, str], ...] = (
    (
        "fetch and run",
        r"\b(?:curl|wget|fetch|iwr|invoke-webrequest|aria2c)\b.*\|.*\b(?:sh|bash|zsh|python3?|node|perl|ruby"
        r"|sudo)\b",
    ),
    ("fetch and run", r"\b(?:bash|sh|zsh|source|\.)\s+<\(|<\(\s*\w|\$\(\s*\w|\beval\b|\biex\b"),
    ("fetch and run", r"(?<!bundle )(?<!pnpm )(?<!yarn )(?<!dune )(?<!compose )\bexec\b"),
    ("fetch and run", r"\bpowershell\b|\bpwsh\b|-enc(?:odedcommand)?\b|\bmshta\b|\bcertutil\b"),
    ("fetch and run", r"\bbitsadmin\b|\brundll32\b"),
    (
        "fetch and run",
        r"\b(?:npx|bunx|pnpm dlx|yarn dlx|uvx|pipx|npm exec|npm x|deno run|go run)\b.*(?:github:|gitlab:"
        r"|https?:|git\+|git@|--yes|\s-y\b|@latest)",
    ),
    ("fetch and run", r"\b(?:python3?|perl|ruby|node|php|bash|sh|zsh)\s+-[ceSr]\b|\bbase64\s+-{1,2}d"),
    ("fetch and run", r"\bxxd\s+-r|\bnc\s+-|/dev/tcp"),
    ("remote code", r"\b(?:curl|wget|scp|rsync|ftp|sftp|telnet|netcat|ncat|socat|ssh|dig|nslookup)\b"),
    ("package source", r"\bextra-index-url\b|\bindex-url\b|\b--registry\b|\btrusted-host\b"),
    ("package source", r"\bfind-links\b|\bregistry\s*=|\bgit\+|pip\.conf|\bgithub:\w"),
    (
        "package source",
        r"--no-(?:deps|verify-hashes|package-lock|frozen-lockfile|lockfile|audit|build-isolation)",
    ),
    ("package source", r"--ignore-(?:engines|scripts=false|platform)|--legacy-peer-deps|--unsafe-perm"),
    ("package source", r"--allow-root|--force-reinstall|--pre\b"),
    (
        "new dependency",
        r"\bpip3?\s+install\s+(?!-e\s+['\"]?\.|-r\s|--requirement\s|['\"]?\.(?:\s|\[|$)|-c\s|--editable\s+['\"]?\."
        r"|--upgrade pip\b|--require-hashes)\S",
    ),
    ("new dependency", r"\b(?:npm|pnpm|yarn|bun)\s+(?:i|install|add)\s+(?!-)\S"),
    ("new dependency", r"\b(?:uv|poetry|pdm|cargo|pnpm|yarn|bun|composer|dotnet|mix|hatch)\s+add\b"),
    (
        "new dependency",
        r"\b(?:gem|brew|apt|apt-get|apk|yum|dnf|pacman|choco|winget|snap|conda|mamba|luarocks|cpan"
        r"|pipx)\s+(?:-\w+\s+)*(?:install|add|-s)\b",
    ),
    ("new dependency", r"\b(?:cargo|go)\s+(?:install|get)\b|\buv\s+tool\s+install\b"),
    ("privileges", r"\bsudo\b|\bdoas\b|\bsu\s+-|\bnopasswd\b|\bsetuid\b"),
    ("privileges", r"\bchmod\b.*(?:777|666|\+s|a\+w|o\+w|4755)|\bchown\b|--privileged|docker\.sock"),
    ("privileges", r"\bcap_add\b|\bsetenforce\b"),
    ("privileges", r"bypasspermissions|dangerously|skip-permissions|\byolo\b|auto-?approve"),
    ("privileges", r"autoapprove|acceptedits|--allow-all|-a\b.*deno|\ballowedtools\b"),
    ("privileges", r"permission[_-]mode|full-auto|enableallproject|alwaysallow|trust_all"),
    ("destruction", r"\brm\s+(?:-\w*[rf]|--recursive|--force)|\bmkfs|\bdd\s+if=|\bshred\b"),
    ("destruction", r"\bdrop\s+(?:table|database)\b|\btruncate\s+table\b|\bgit\s+clean\b"),
    ("destruction", r"\bgit\s+reset\s+--hard|\bdocker\s+system\s+prune|\bkill(?:all)?\s+-9"),
    ("destruction", r"\bformat\s+c:"),
    ("history", r"\bpush\b.*(?:--force|-f\b|--mirror|--delete|\+\w+:)|\bforce[- ]push"),
    ("history", r"\bfilter-branch\b|\bfilter-repo\b|\bgit\s+push\b|\bgit\s+remote\b"),
    ("history", r"\bgit\s+commit\s+--amend|\bgit\s+config\b|\bupdate-ref\b"),
    ("disabled checks", r"--no-verify|--no-gpg-sign|--no-check|--skip|--no-lint|--exit-zero|--no-fail"),
    ("disabled checks", r"--passwithnotests|--allow-empty|--bail=0|\bskip=|\bhusky=0|--deselect"),
    ("disabled checks", r"--ignore=|--ignore\s+tests|-k\s+['\"]?not\b|\[skip ci\]|\[ci skip\]"),
    ("disabled checks", r"--maxfail=0|--no-cov|--cov-fail-under=0|\bset \+e\b"),
    ("disabled checks", r"\|\|\s*(?:true|:|exit\s+0|echo)|;\s*true\b|continue[-_]on[-_]error"),
    ("disabled checks", r"allow[-_]failure|\bexit\(?\s*0\)?|\bsys\.exit\(0\)|failfast:\s*false"),
    ("disabled checks", r"if:\s*false"),
    ("disabled checks", r"\bnoqa\b|type:\s*ignore|eslint-disable|ts-(?:ignore|nocheck|expect-error)"),
    ("disabled checks", r"\bnosec\b|nosemgrep|pylint:\s*disable|@ts-|#\[allow\(|@suppresswarnings"),
    ("disabled checks", r"//\s*nolint|no-?lint\b|istanbul ignore|pragma:\s*no\s*cover|rubocop:disable"),
    ("disabled checks", r"phpcs:ignore|gitleaks:allow|codeql\["),
    ("disabled checks", r"pytest\.(?:mark\.)?(?:skip|xfail|skipif)|unittest\.skip|@skip|@ignore\b"),
    ("disabled checks", r"@disabled\b|\bxfail\b|\b(?:it|test|describe|t)\.(?:skip|only|todo)|\bxit\b"),
    ("disabled checks", r"\bxdescribe\b|\.skip\(|t\.skip\b|assert\s+true|\bassert\s+1\b|#\[ignore"),
    ("weak transport", r"verify\s*=\s*false|ssl_?verify|sslverify|check_hostname|cert_none"),
    ("weak transport", r"rejectunauthorized|tls_reject|insecureskipverify|--insecure|\bcurl\b.*\s-k\b"),
    ("weak transport", r"--no-check-certificate|strict-ssl|stricthostkeychecking|_create_unverified"),
    ("weak transport", r"http\.sslverify"),
    ("insecure code", r"allow_origins|access-control-allow-origin|\bcors\b.*\*|shell\s*=\s*true"),
    ("insecure code", r"pickle\.loads?|\byaml\.(?:load|unsafe_load)\b|yaml\.unsafe|innerhtml"),
    ("insecure code", r"dangerouslysetinnerhtml|document\.write|os\.system|subprocess\.call"),
    ("insecure code", r"\bmarshal\.loads|unserialize\(|autoescape\s*=\s*false|\|\s*safe\b|mark_safe"),
    ("insecure code", r"\bmd5\b|\bsha1\b|\bdes\b|\becb\b|\brc4\b|math\.random|random\.random"),
    ("insecure code", r"debug\s*=\s*true|algorithms?\s*=\s*\[?['\"]?none|\bnew function\("),
    (
        "environment",
        r"\b(?!node_env=(?:test|testing|ci)\b)(?:anthropic|openai|claude|codex|gemini|aws|azure|google|github|gitlab|npm|pip|node|git|ssl|ld"
        r"|dyld|python|ruby|java|perl|bash|kube|docker|http|https|no|all|ci|sidecar|otel"
        r"|phoenix)_[a-z_]*(?:url|uri|proxy|host|endpoint|path|preload|options|opts|env|home|key|token|secret"
        r"|config|no_verify|verify|unauthorized)\b",
    ),
    ("environment", r"\bld_preload\b|\bbash_env\b|\bpythonstartup\b"),
    ("agent settings", r"\.claude(?:rc|ignore)?\b|claude\.(?:md|local)|agents?\.md|gemini\.md"),
    ("agent settings", r"\.cline\w*|\.cursor\w*|\.mcp\.json|\bmcp\b|settings(?:\.local)?\.json"),
    ("agent settings", r"\.codex\b|\.aider\w*|copilot-instructions|windsurfrules|\.sidecar\b|\.vscode\b"),
    ("agent settings", r"\.idea\b"),
    ("CI and hooks", r"\.github/|\.gitlab-ci|\.circleci|jenkinsfile|azure-pipelines|\.buildkite"),
    ("CI and hooks", r"\.drone\.yml|bitbucket-pipelines|\.git/|\.githooks|\.husky|core\.hookspath"),
    ("CI and hooks", r"\bhookspath\b|pre-commit-config|\.gitattributes|\.gitmodules|codeowners"),
    ("CI and hooks", r"dependabot|renovate\.json|\bworkflow_dispatch|pull_request_target"),
    ("credentials", r"~/|\.ssh\b|\.aws\b|\.netrc|\.npmrc|\.pypirc|\.pgpass|\.kube\b|\.docker/config"),
    ("credentials", r"\.gnupg|id_rsa|id_ed25519|/etc/(?:passwd|shadow|sudoers|hosts)"),
    ("credentials", r"\.env\b(?!\.example)|\.git-credentials|keychain|\bprintenv\b|\benv\s*\|"),
    ("credentials", r"/proc/\w+/environ|169\.254\.169\.254|metadata\.google|authorized_keys"),
    ("credentials", r"\bcrontab\b|\.bashrc|\.zshrc|\.profile\b|\bsystemctl\b"),
    (
        "exfiltration",
        r"^(?:env|printenv|export|set|history|cat|head|less|more|strings|type|echo|printf|whoami|hostname|id"
        r"|ps|w)(?:\s|$)",
    ),
    ("exfiltration", r"pastebin|paste\.|webhook\.site|requestbin|ngrok|transfer\.sh|file\.io|0x0\.st"),
    ("exfiltration", r"gist\.|discord(?:app)?\.com|hooks\.slack|telegram\.org|\bupload|\bexfil"),
    ("exfiltration", r"\bbeacon\b|--upload|--post-file|\bbase32\b"),
    ("outside the repository", r"\.\./"),
    (
        "outside the repository",
        r"(?:^|[\s\"'`=(])/(?:etc|usr|bin|tmp|var|home|root|opt|dev|proc|sys|mnt|users|private)\b",
    ),
    ("outside the repository", r"\bc:\\|\\\\\w|\$home|\$\{?ifs|%appdata%|%userprofile%|file://"),
)
_DENIALS = tuple((category, re.compile(pattern)) for category, pattern in _TABLE)


def denials(canonical: str) -> list[str]:
    """The deny categories that `canonical` text falls under, each once, in the order of the table."""
    return list(dict.fromkeys(category for category, pattern in _DENIALS if pattern.search(canonical)))
