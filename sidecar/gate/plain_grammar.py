"""The grammar of plain sentences: where an unknown word may stand, and that what acts is a known verb.

N is a known word that names or describes, Z one without any topic, T one that is no kind of package, X an unknown one
(XS, XED by its ending), E a known one that protects, K a check, Y one that may only be forbidden, W a tool; I an
identifier, V one with a member, F a file of no path, J a name that may only be denied, L a well-known name; of the
names that the source holds A is any that may be told to be used, S one of a single word, which may where a path of code
stands beside it, U one that guards, of which nothing is said but how to use it, H one of weight, which is described
only; P a path, Q
one of tests, R one of code; C a command that worked, O one that did not; G a gerund. `np` may hold unknown words, `dnp`
only behind an article, `bnp` (what is brought in) and `knp` (by which means) only before a known name, `place` (where
something is put) no identifier, `rnp` (what is denied) no word that protects.
"""

from functools import cache

from sidecar.gate.ebnf import Grammar

_RULES = """
clause = [('in'|'for') gplace ','] gbody {contrast|[','] reason} | {lead} body {tail} | {lead} never ['unless' [ADV]
    (ADJ|DONE)]
lead = cond ',' | scene ',' | 'instead' [','] | 'otherwise' [',']
scene = 'in' ['unit'|'integration'] ('tests'|'test' 'code') | ('in'|'for'|'inside'|'under'|'within'|'on'|'across')
    dnps {pp}
body = orders | ban | says | ksays | csays | isays | hsays | what
tail = [','] ('unless' [ADV] (ADJ|DONE [pp]|says) | cond | reason | contrast | without | ADV | 'as' 'well') | ',' rel
    | [','] 'so' (orders|ban) | [','] 'but' (ban|never|orders|'add' 'no' no) | [','] ('but'|'and') says | [','] 'as'
    'in' P | [','] 'see' P | [','] 'as' ('the'|'in' 'the') ['existing'|'other'] (K|N) ['do'|'does']
remedy = run | look | ksays | 'fix' ('it'|'them'|'the' ('code'|'cause'|'test')) [('instead'|'first')]

cond = WHEN condition | ('after'|'before'|'when'|'while'|'by') doing | ('after'|'before'|'on'|'for'|'with') change |
    ('when'|'where'|'if'|'as') ('possible'|'needed'|'necessary'|'applicable') | ('before'|'after') C | 'at' 'the'
    'end' | 'before' ['the'] K | WHEN 'you' ('commit'|'push'|'finish'|'work'|'start'|'debug'|'develop'|'iterate') |
    'before' ('commit'|'push'|'finishing'|'committing'|'pushing') | WHEN C ('reports'|'complains' 'about'|'finds') nps
condition = 'there' ('is'|'are') 'no' no {pp} | isays | 'you' {ADV} (EDIT|TOUCH|BRING|PUT|'need'|'work'|'touch')
    [full|'anything'] {pp} | says | DONE {pp}
doing = G 'anything' ('in'|'under') P |
    (G|'committing'|'pushing'|'merging'|'opening'|'releasing'|'touching'|'reading'|'using'|'calling'|'writing'|'returning'|'comparing')
    full
change = [DET] [Z] ('change'|'changes'|'edit'|'edits') [('in'|'of'|'to'|'under'|'on') full]
reason = 'so' ['that'] (says|ksays) | ('because'|'since'|'as') (says|ksays) | 'to' (EDIT|'keep'|'make'|'match'|'help')
    full [ADJ]
without = 'without' G full
contrast = 'instead' 'of' ('raising'|'returning'|'throwing') [rnps] | [','] ('not'|'instead' 'of'|'rather'
    'than'|'over'|'never'|'and' 'not') [PREP|INTO|WITH] ([G] rnps {rpp} [testing_place] | O [pp]) [',' pp]

ensure = ('ensure'|'make' 'sure') ['that'] says
orders = order {joint order} ['and' (ban|never)]
joint = [','] ('and'|'then'|'and' 'then') | ','
order = {ADV} (ensure | run | edit | put | keep | bring | testing | look | ask)
run = ('run'|'use'|'start') C {where} {joint ['run'] C {where}} | (EDIT|'start'|'check'|'lint'|'test') full
    ('with'|'by'|'using'|'through'|'via') C {where} | ('compile'|'lint'|'format'|'build'|'check'|'test')
    ('with'|'using') C {where}
where = ('in'|'from'|'under'|'for'|'on') dnps {pp} | ('from'|'in'|'at') 'the' ('root'|'end') | ['instead'|'again'] ADV
    | 'for' K | 'to' (EDIT|TOUCH|'check'|'see'|'build'|'write') nps | 'and' 'commit' commits | cond | INTO Z | 'while'
    'you' 'work' 'and' 'the' ('whole'|'full') 'suite' ['once'] ['at' 'the' 'end']
commits = ('the'|'its') ('result'|'results'|'changes') | 'it' ['with' 'it'] | P ['with' 'it'|'too'|'together'] | 'the'
    ('new'|'generated'|'updated') N
edit = 'break' 'the' 'line' | 'open' ('a'|'one') ['new'] ('one'|'connection'|'session') {pp} | 'open' 'one' 'per' N |
    (EDIT|TOUCH) PREP dnps {pp} | 'fix' ('what'|'all'|'everything') 'the' ('compiler'|'linter'|'build')
    ('reports'|'finds') | EDIT ('the'|'each'|'every'|'one') {N} Y | EDIT nps {pp} {ADV} | TOUCH (tnps|'it'|'them')
    {ppt} {ADV} | EDIT nps INTO bnps {pp} | EDIT nps WITH knps {pp} | EDIT nps ('as'|'to') dnps {pp} | 'commit'
    commits | 'make' nps {pp} (ADJ|Z) | 'mark' nps ['as'] 'deprecated' | 'write' Y 'in' ('lower'|'upper') 'case' {pp}
    | 'mark' ['slow'|'integration'|'flaky'] K 'with' L | EDIT nps ['in'] 'as' dnps | 'end' nps 'with' nps | 'change'
    'both' 'or' 'neither' | 'close' ('the'|'each'|'every') {N|Y} (N|Y) {pp} | 'follow' [DET] {Z}
    ('order'|'layout'|'pattern'|'structure'|'style'|'naming'|'convention'|'conventions') {pp}
put = 'add' ('a'|'each'|'every'|'one') ['new'|'matching'] Y ('to'|'in'|'for') (P|dnps) {ipp} | PUT nps
    ('in'|'into'|'to'|'under'|'beside'|'at' ['the'] ('end'|'top') 'of') R {sep R} {ipp} | PUT wnps {ipp} {ADV} | PUT
    wnps putpp {sep putpp} {ipp}
ipp = ('of'|'for'|'in'|'under'|'as'|'from'|'between'|'per') dnps
putpp = ('in'|'into'|'to'|'under'|'at'|'on'|'next' 'to'|'beside'|'below'|'above'|'inside'|'within') place {sep place}
place = [DET] {X|N|E|L|A|ADJ|DONE|P} (N|E|L|A|P|F) {post} | PRON
keep = 'keep' dnps {pp} (ADJ|DONE|Z|'in' ('step'|'sync'|'order'|'place')|'up' 'to' 'date'|'together') {pp} | 'keep'
    dnps {pp} 'free' 'of' no
bring = ('use'|'prefer') tnp {ipp} | ('go'|'work') ('through'|'via') bnps {bpp} |
    ('read'|'slice'|'process'|'query'|'iterate' 'over') nps ('through'|'with'|'via') knps | BRING bnps contrast [',']
    {bpp} | BRING bnps {bpp ['and' bpp]} ['for' G nps] | BRING bnps bpp 'and' bnps bpp | BRING bnps
    ('for'|'to'|'as'|'in') nps {pp}
bpp = ('for'|'in'|'of'|'from'|'on'|'under'|'inside'|'across'|'as'|'between'|'within'|'at'|'around'|'before'|'after')
    dnps | 'in' (N|X) {N|X} 'tests' | 'to' EDIT nps | 'when' doing
testing = ('add'|'write'|'create') tnp {('with'|'for'|'and'|'per') (full|tnp)} [('in'|'under'|'to') Q]
tnp = [DET] {Z|E|'unit'|'regression'} K | 'one'
look = 'await' PRON | ('validate'|'check') (I|S|'the' ('result'|'value'|'argument'|'input')|'with' A) ['first'] ['and'
    'raise' (I|S)] | 'cover' ['the'] ('case'|'cases'|'it') 'in' Q | ('accept'|'take') (A|S) 'as' dnps | 'check'
    ('it'|'them'|'for' VALUE) ['first'] | ('strip'|'trim'|'clear') (PRON|thing) {ppt} {ADV} | ('patch'|'mock') (A|S)
    'in' ('tests'|'a' 'test') | ('look'|'refer') ('at'|'to') (full|kn) | ('see'|'check'|'read') P ['for' nps] {pp} |
    'find' 'the' 'cause' | 'find' 'what' 'is' 'slow'
ask = 'ask' ('before'|'first') [('you' (EDIT|'delete'|'remove'|'rename'|'move')|G) full] ['and'
    ('say'|'explain'|'state') 'why' {pp}]

never = 'never' deny | ('no'|'avoid') (no|G rnps) {rpp}
ban = ('do' 'not'|'dont') deny [testing_place]
testing_place = ('in'|'inside') [DET] ('tests'|'test')
deny = DENY ['or' DENY] (rnps|'it'|'them'|'that'|'this') {rpp} ['yourself'|'themselves'] {ADV} ['without' DET
    {N|'load'} K] | ('run'|'use'|'call') ['a' 'bare'] O ['yourself'] {ADV} | 'mark' ('it'|'them'|'a' K|K) 'as'
    ('skipped'|'flaky')

says = dsub xverb {[','] 'and' (vp|xverb)} | zsub BE {ADV} XED {ADV|'only'} {pp} [AND (XED|DONE) {pp}] | zsub BE
    ('not'|'never') DONE {rpp} {ADV} | ('the'|'all') 'build' ('output'|'artifacts'|'files'|'folder') {ppo} BE
    ('not'|'never') 'committed' | zsub [vp [','] 'and'] MODAL 'be' XED {pp} | zsub BE 'fixed' | [DET|'new']
    'environment' ('variable'|'variables') (BE|'must' 'be')
    ('read'|'declared'|'documented'|'defined'|'parsed'|'added'|'listed') ['only'] ('in'|'to') P [ADV] | ['there'] snps
    vp {[','] 'and' vp}
dsub = DET {mod} head {post} {pp} {sep dnp}
zsub = [DET] {N|X|I|L|S|ADJ|DONE} (N|I|L|S|P|X) {pp} {sep dnp}
xverb = {ADV} XS [ADV] [full] {pp} {ADV}
snps = full | PRON | G full
ksays = kn ('do'|'does'|'must'|'should') 'not' ('wait'|'sleep'|'hang') | kn ['that' ('need'|'use'|'touch'|'call')
    ['the'|'a'] (N|X|'network'|'internet')] (BE|'must' 'be') 'marked' ('with'|'as') TL ['and' 'run' ['only'] 'in' K] |
    kn 'can' (EDIT|BRING|TOUCH) PRON | kn [MODAL] {ADV} STRICT {ADV} [full|kn] {pp} [[','] cond] | (kn|C)
    ('must'|'has' 'to') 'pass' | kn BE 'not' ('flaky'|'optional') | kn 'that' ('need'|'use'|'touch'|'call') nps
    ('use'|'take') bnps
kn = [DET] {N|X|DONE|K|'failing'} K {pp}
csays = cn {ADV} (SAYS|STRICT) [full] {pp} {ADV} [[','] cond] | cn BE {ADV} DONE {pp}
cn = [DET {N|X}] C
vp = 'rounds' 'half' ('to' 'even'|'up'|'down') | {ADV} (SAYS|HAVE) 'no' no {rpp} | {ADV|'only'} SAYS [ADV]
    [full|tnp|said|'what' (SAYS|DENIED)] {pp} {ADV|'only'} | {ADV|'only'} 'override' (full|'what' SAYS) {pp} | {ADV}
    SAYS 'to' (EDIT|SAYS|'be') [full] {pp} | 'only' ('runs'|'starts'|'calls'|'checks') kn | BE ('tested'|'checked')
    {pp} | BE {ADV|'only'} pred | MODAL {ADV} (EDIT|SAYS|'be' pred|PUT|BRING|TOUCH) [full] {pp} {ADV} | HAVE {ADV}
    (full|'to' (SAYS|EDIT|'be' pred) [full] {pp}|DONE {pp}) | ('does'|'do'|'must'|'should'|'can'|'will'|'cannot')
    ('not'|'never') (SAYS|DENY|EDIT) [rnps] {rpp} ['themselves'|'itself'] | BE 'not' | BE ('not'|'never') rpred |
    ('must'|'should') ('not'|'never') 'be' rpred | 'never' (SAYS|DENY) (rnps|'each' 'other') {rpp} | 'needs' 'a' 'run'
    'of' C [reason] | SAYS C
said = [DET] {mod} ('request'|'requests'|'response'|'responses'|'connection'|'connections'|'query'|'queries') {pp}
pred = ('older'|'newer'|'larger'|'smaller'|'longer'|'shorter'|'greater') 'than' (full|M) | DONE 'by' 'hand' | ADJ {AND
    ADJ} {pp} | {ADV} DONE {ADV|'only'} {pp} {ADV} | dnps {pp} | pp | DONE ['as'] full | {Z|ADJ} Z {pp} | DONE
    ('by'|'with'|'through') C | 'overwritten' ('by'|'with'|'when') C | 'run' 'by' K | DONE 'by' ['all'|'the'|'each'] K
    | 'checked' 'in' K
rpred = ('safe'|'unique'|'stable') ('across'|'between'|'for') nps | ADJ {rpp} | DENIED {rpp} {ADV} | rnps
rel = ('which'|'that'|'where'|'whose'|'who') vp

nps = np {sep np}
full = np {pp} {sep np {pp}}
np = N M | 'all' 'times' | [DET ['own']] [DET|M] {mod} head {post} | 'test' TH {post} | M [N|X] | G np | PRON
dnps = dnp {sep dnp}
dnp = 'the' 'only' {mod} head | DET [DET|M] {mod} head {post} | [M] {kmod} khead {post} | PRON | 'the' 'root'
isays = isub [ADV] ('returns'|'yields'|'gives'|'is'|'defaults' 'to'|'starts' 'at') ['only'] (VALUE|M|'a' 'tuple')
    {ipp} [cond]
guard = [DET] {N} U {N}
gplace = DET {N|X|ADJ|DONE} (N|X) | R | A
gbody = gsays | BRING {bnp sep} guard {sep (guard|bnp)} {gbpp} | ('go'|'work') ('through'|'via') guard
gbpp = ('from'|'in'|'on') R | ('before'|'around'|'in'|'on'|'for'|'inside') gplace | 'before' doing | 'when' doing
gsays = guard {ADV} ('returns'|'expects'|'raises'|'throws'|'takes'|'rejects'|'runs'|'checks'|'counts'|'applies' 'to')
    [full] {pp} [cond] | guard (BE|('must'|'should') 'be') {ADV}
    ('called'|'defined'|'declared'|'run'|'required'|'used'|'set'|'measured'|'given') {gbpp} [cond] | full
    ('must'|'has' 'to'|'have' 'to') ('call'|'take'|'use') guard {'or' guard} {gbpp} | guard BE 'in' N | guard 'is' M Z
    | guard 'limits' full {pp} | full {ADV} ('calls'|'call'|'uses'|'use'|'needs'|'need'|'runs'|'run') guard {gbpp}
what = isub 'is' 'what' nps SAYS {ipp}
isub = [DET] {N} (I|S) {N} ['in' P]
hsays = H hvp {[','] 'and' hvp}
hvp = {ADV} ('returns'|'expects'|'raises'|'throws'|'takes'|'yields'|'retries'|'waits') [full|VALUE] {pp} [cond] | BE
    ('called'|'defined'|'declared') ('by'|'in') (full|H) | BE {ADV} ADJ | 'does' 'not' (SAYS|'retry') [rnps] {rpp}
knps = knp {sep knp}
knp = [DET] [DET|M] {N|E|L|V|U|ADJ|DONE|W|P} (N|E|L|V|U|P|F) {post} | DET {mod} T {post} | PRON
bnps = bnp {sep bnp}
bnp = [DET] [DET|M] {kmod} khead {post} | DET {mod} T {post} | PRON
wnps = wnp {sep wnp}
wnp = [DET] [DET|M] {kmod} khead {post} | PRON | ('every'|'each'|'a') ['new'] ('hook'|'query')
rnps = rnp {sep rnp}
rnp = [DET] ['bare'|'plain'|'raw'] {X|N|I|L|S|Y|J|ADJ|DONE} (N|I|L|S|P|X|Y|J) {rpost} | M [N]
no = [DET] {X|N|I|L|S|Y} (N|I|L|S|Y) {sep [DET] {X|N|I|L|S} (N|I|L|S)}
tnps = thing {sep thing}
thing = [DET] {X|N|I|L|S} (N|I|L|S|X) {rpost} | M [N]
sep = [','] ('and'|'or'|'nor'|'plus'|'as' 'well' 'as') | ',' | '/'
mod = N|X|E|I|L|S|ADJ|DONE|W|P|'broken'
kmod = N|E|I|L|ADJ|DONE|W|P
head = N|E|X|I|L|S|P
khead = N|E|I|L|P
post = DONE [pp] | 'such' 'as' (P|I|L) | '(' {N|X|I|L|S|P} ')' | ('that'|'which'|'whose') vp {'and' vp} | 'that'
    (dnps|kn sep dnps|dnps sep kn) SAYS | ['that'] ('a' 'user'|'users') ('sees'|'see') | ['that'] ('a'
    'user'|'users'|'you'|'callers') ('can'|'must'|'should') (SAYS|EDIT|'see'|'fix')
rpost = DONE [rpp] | 'that' ['only'] (SAYS|DENY) rnps | ('a' 'user'|'users') ('sees'|'see')
pp = ppo {('and'|'or') ppo}
ppo = PREP nps | INTO bnps | WITH knps | 'out' 'of' dnps | 'next' 'to' (dnps|['the'] K) | 'in'
    ['a'|'the'|'each'|'every'] K | ('on'|'of') ('its'|'their') 'own'
ppt = PREP nps | INTO bnps | WITH knps
rpp = 'outside' ['of'] dnps | 'out' 'of' (rnps|'it'|'them') | PREP ('it'|'them') | PREP rnps | 'by' 'hand' |
    (INTO|WITH) rbnps | ('in'|'from'|'under'|'between') rbnps
rbnps = [DET] {N|I|L|S} (N|I|L|S|P) {('and'|'or') [DET] {N|I|L|S} (N|I|L|S|P)}
"""


@cache
def plain_grammar() -> Grammar:
    """The grammar, put together when it is first asked for."""
    return Grammar(_RULES)
