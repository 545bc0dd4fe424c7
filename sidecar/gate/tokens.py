"""How a text is cut: every kind of piece there is, the stranger ones first, so that each character belongs to one."""

import re

from sidecar.gate.characters import MARKS

TOKEN = re.compile(
    r"""
      `(?P<code>[^`]*)`
    | (?P<url> (?:[a-z][a-z0-9+.\-]*:)?//[^\s)»"'`;,]+ | www\.[^\s)]+
        | (?:mailto|data|javascript):[^\s)]+ | git@\w[^\s)]* )
    | (?P<quoted> "[^"]*" | “[^”]*” | «[^»]*» | „[^“”]*[“”] | 「[^」]*」 | 『[^』]*』 | ‘[^’]*’(?!\w)
        | (?<![\w])'[^']*'(?![\w]) )
    | (?P<email> [\w.+\-]+@[\w\-]+\.[\w.\-]+ )
    | (?P<date> \d{4}-\d{2}(?:-\d{2})?(?:T[\d:]+Z?)? | \d{1,2}[./]\d{1,2}[./]\d{2,4} | \d{1,2}:\d{2} )
    | (?P<option> (?<![\w./])--?[A-Za-z][\w\-]*(?:=[^\s,;)]+)? )
    | (?P<path> (?:\.{0,2}/|~/)?[\w.@*{}\[\]\-]*(?:/[\w.@*{}\[\]\-]+)+/?(?<![.,]) | [\w@\-]+/(?=[\s,;:)]|\.?$|\.\s)
        | \*{1,2}\.[\w.*]+\w | (?<![\w.])\.?[\w\-]+(?:\.[\w\-]+)*\.(?:py|pyi|js|jsx|ts|tsx|mjs|cjs|json
        |jsonc|ya?ml|toml|md|rst|txt|cfg|ini|lock|go|rs|java|kt|rb|php|cs|cpp|cc|c|h|hpp|sql|sh|bash|ps1|html|css|scss|vue|svelte|xml|csv|tsv|proto|graphql|tf|gradle|mod|sum|env
        |swift|scala|ex|exs|lua|pl|r|dart|zig|nix|bat|cmd)(?![\w])
        | (?<![\w.])\.(?:git|env|npmrc|github|githooks|husky|claude|vscode)\w*\b )
    | (?P<decorator> @[A-Za-z_][\w.]*(?:\([^)\s]*\))? )
    | (?P<setting> [\w.\-\[\]"']+\s?={1,3}\s?[^\s,;)]+ | \b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b | \b[a-z]+[A-Z]\w*\b\s*:\s*\w+ )
    | (?P<standard> \b(?:RFC|ISO|PEP|UTF|ES|ECMA)[\- ]?\d{1,5}\b )
    | (?P<id> \#\d+
        | \b(?!UTF-|ISO-|SHA-|RFC-|PEP-|UTC-|ES-|TLS-|IEEE-)[A-Z][A-Z0-9]{1,9}-\d+\b
        | \b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b )
    | (?P<call> @?[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*\((?=[^)\s]*\))[^)\s]*\)
        | [A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+ | \w*_\w+
        | [a-z]+[A-Z]\w* | [A-Z][a-z0-9]+[A-Z]\w* )
    | (?P<number> \d+(?:\.\d+)*%? )
    | (?P<word> [^\W\d_][\w{MARKS}]*(?:['’\-][^\W_][\w{MARKS}]*)* )
    | (?P<comma> [,、，،] )
    | (?P<break> [;:.!?()—–。：；！？（）·…؛؟।] )
    | (?P<slash> (?<=`)/(?=`) )
    | (?P<dash> (?<=\s)-(?=\s) )
    | (?P<space> \s+ )
    | (?P<other> . )
    """.replace("{MARKS}", MARKS),
    re.VERBOSE | re.DOTALL,
)
