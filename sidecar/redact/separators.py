r"""What stands between a key and its value, in the syntaxes of configuration files, languages, markup and prose.

The name of the group that matched says how much the value must look like a secret: `member` and `typed` are plain
assignments; in `call`, `wrapped`, `fallback`, `told`, `cell` and `argument` anything may stand there.
"""

import re

_QUOTE = rb"(?:\\{0,15}[\"'`])"
_STYLE = rb"(?:(?:\x1b|\\{1,15}(?:x1[bB]|u001[bB]|033|e))\[[0-9;]{0,12}m){0,3}"
"""Colour of a terminal, raw or as strings write it."""
_LINE_END = rb"[ \t]{0,4}(?:\r?\n|(?:\\{1,15}r)?\\{1,15}n)"
_INDENT = rb"[ \t+\-]{0,40}"
_READ = rb"(?:new[ ]|await[ ]|!)?[A-Za-z_][\w.:]{0,60}"
_OR = rb"[ ]{0,2}(?:\|\||\?\?|\?:|\bor\b|\{|\.(?:unwrap_or|unwrap_or_else|orElse|getOrElse)\((?:\|_\|[ ]?)?)[ ]{0,2}"
"""Between what is read from the environment and what stands in for it."""
_SIGN = rb"(?:\|\|=|\?\?=|<-|\+=|=>|:=|:{1,3}=|===?|!==?|\?=|\.=|=|:(?:\*\*)?|\xef\xbc\x9a)"

SEPARATOR = re.compile(
    rb"""
      (?P<typed> : [ \t]{0,4} (?:\&|\&?'static[ ])?[A-Za-z_][\w.:<>\[\]]{0,30} (?:\?|[ ]\|[ ]\w{1,12})?
        [ \t]{0,4} = [ \t]{0,4} (?=[bN@]?QUOTE) )
    | (?P<basic> [ \t]{1,4} As [ \t]{1,4} String [ \t]{0,4} = [ \t]{0,4} (?=QUOTE) )
    | (?P<list> QUOTE? [ \t]{0,8} (?:=>|[:=]) [ \t]{0,8} [\[(] [ \t\r\n]{0,20} (?=QUOTE) )
    | (?P<object> QUOTE? [ \t]{0,8} (?:=>|[:=]) [ \t]{0,8} \{ [ \t\r\n]{0,20} QUOTE?
        (?:value|Value|secret|plain|raw|stringValue|string_value) QUOTE? [ \t]{0,4} (?:=>|[:=]) [ \t]{0,4} (?=QUOTE) )
    | (?P<block> QUOTE? (?: : [ \t]{1,4} [|>][+\-0-9]{0,2} | [ \t]{0,4} = [ \t]{0,4} <<[~\-]?QUOTE?\w{1,20}QUOTE?)
        LINE_END INDENT )
    | (?P<braced> [ \t]{0,4} = [ \t]{0,4} \{ (?=[^{}\s"'\\]{6,100}\}(?:[;"'\\\s]|\Z)) )
    | (?P<continued> QUOTE? [ \t]{0,4} [:=] [ \t]{0,4} \\{1,31} LINE_END INDENT )
    | (?P<item> QUOTE? : LINE_END [ \t]{0,40} - [ \t]{1,4} )
    | (?P<default> QUOTE?+ \]?+ [ \t]{0,8}+ (?::[ ]?\w{1,20}[ ]{0,2}=|=>|:=|[:=]) [ \t]{0,8}+
        (?: (?: READ [(\[] [ ]{0,2} QUOTE[\w.\-]{1,60}QUOTE
              (?: [ ]?[)\]] OR | [ ]{0,2},[ ]{0,2} (?:default[ ]?[:=][ ]?)? )
            | (?:[A-Za-z_]\w{0,40}[.!?]{1,2}){1,4} \w{1,60} OR
          ) (?=QUOTE)
        | QUOTE?+ \$\{[\w.\-]{1,60}:[-=]? (?=[\w+/=.\-]{8,200}\}) ) )
    | (?P<wrapped> QUOTE? \]? [ \t]{0,8} (?:=>|:=|[:=]) [ \t]{0,8} (?:new[ ])? [A-Za-z_][\w.:!]{0,40} [({] [ \t]{0,4}
        (?=QUOTE) )
    | (?P<member> STYLE QUOTE? \]? STYLE [ \t]{0,8} STYLE SIGN STYLE [ \t]{0,20} STYLE
        (?:(?:@|N|b|B|r|L|R|u8?)(?=["'])|(?:%[qQ]?|qq?)[({\[|])? (?:\\{0,15}"\\{0,15}"(?=\\{0,15}")|''(?='))? )
    | (?P<coded> (?:%22|%27)? (?:%3[dDaA]|%253[dD]) (?:%20)? (?:%22|%27)?
        | (?:&quot;|&\#34;|&\#39;|&apos;) [ ]? [:=] [ ]? (?:&quot;|&\#34;|&\#39;|&apos;)? )
    | (?P<entry> < / (?:key|name|Key|Name) > (?:[ \t\r\n]|\\{1,15}[nrt]){0,40} < (?:string|value|Value) > )
    | (?P<tag> QUOTE?> (?:[ \t\r\n]|\\{1,15}[nrt]){0,40} (?:<!\[CDATA\[)? )
    | (?P<here> [ \t]{1,4} <<< [ \t]{0,4} )
    | (?P<cell> [ \t`*]{1,20} \| [ \t]{1,20} (?=`) )
    | (?P<column> [ \t`*]{1,20} \| [ \t]{1,20} )
    | (?P<below> (?:[ \t\r\n+\-]|\\{1,15}[nrt]){1,40} (?<=[ \tt]) value: [ \t]{1,4} )
    | (?P<told> [ \t]{1,4} (?:-{1,2}>?|=>|\xe2\x80[\x93\x94]|\xe2\x86\x92|[|]{2}|[?]{2}|is:?|was) [ \t]{1,4} QUOTE? )
    | (?P<noted> [ \t]{1,2} \( [\w /.\-]{1,30} \) [ \t]{0,4} [:=] [ \t]{1,4} QUOTE? )
    | (?P<spaced> [ \t]{1,4} (?=\\{0,15}["']) )
    | (?P<fallback> QUOTE? [\])]{0,2} [ \t]{0,4} (?:\|\||\?\?|\.unwrap_or\(|\bor\b) [ \t]{0,4} (?=QUOTE) )
    | (?P<argument> QUOTE [ \t]{0,4} , [ \t]{0,4} (?=QUOTE) (?!QUOTE[vV]alue) )
    | (?P<symbol> , [ \t]{1,4} (?=QUOTE) )
    | (?P<variable> QUOTE [ \t]{0,4} \{ [^{}]{0,200}? \bdefault [ \t]{0,20} = [ \t]{0,4} (?=QUOTE) )
    | (?P<attribute> QUOTE [ \t]{0,4} ,? [ \t]{0,4}
        (?: (?: LINE_END INDENT QUOTE? (?![vV]alue) \w{1,30} QUOTE? [ \t]{0,20} [:=] [^\n{}]{0,80}? ){0,3}
          LINE_END INDENT )?
        QUOTE? (?:value|Value)QUOTE? [ \t]{0,8} [=:] [ \t]{0,4}
        (?: \{ [ \t]{0,4} \\{0,15}"stringValue\\{0,15}" [ \t]{0,4} : [ \t]{0,4} )? )
    | (?P<valued> [ \t]{1,4} value [ \t]{0,2} = [ \t]{0,2} (?=QUOTE) )
    | (?P<tagged> [ ][^<>\r\n]{1,200} > (?:[ \t\r\n]|\\{1,15}[nrt]){0,40} (?:<!\[CDATA\[)? )
    | (?P<call> [ \t]{0,2} [({] [ \t]{0,4} (?=QUOTE) )
    """.replace(b"QUOTE", _QUOTE)
    .replace(b"READ", _READ)
    .replace(b"OR", _OR)
    .replace(b"STYLE", _STYLE)
    .replace(b"LINE_END", _LINE_END)
    .replace(b"INDENT", _INDENT)
    .replace(b"SIGN", _SIGN),
    re.VERBOSE,
)

STRICT = frozenset(("wrapped", "fallback", "call", "column", "told", "list", "item", "braced", "symbol", "default"))
"""Between keys and values that may be anything: the value itself must look drawn at random."""

BEGINNING = (
    rb"(?:[ \t\r\n\\\"'`\]=:!>\x1b]|[?.+]=|\?[ ]"
    rb"|[|?]{2}=|<-|,[ \t]{1,4}\\{0,15}[\"'`]|[({][ \t]{0,4}\\{0,15}[\"'`]|%[23]"
    rb"|&(?:quot|#3|apos)|\xef\xbc\x9a|\)[ \t]{0,4}(?:\|\||\?\?|or|\.unwrap_or)|</)"
)
"""What a separator begins with, for a look over the bytes; longest matches count."""
MAX_BEGINNING = 24
"""Bytes of it, at most."""
