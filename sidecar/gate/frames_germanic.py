"""Frames of Germanic languages; `frames` says how a line is read and when one may be added."""

_GERMAN = {
    "and": "und|und dann|sowie|dann|danach|und danach",
    "when": """
        vor (jedem|dem|einem|jedem neuen) (commit|abschluss|push|merge)
        vor dem (committen|pushen)
        bevor du (committest|fertig bist|pushst)
        am (ende|schluss)
    """,
    "upon": """
        nach [jeder ](änderung|änderungen) (an|in|von) <P>
        nach dem (ändern|bearbeiten) von <P>
        (wenn|sobald) (du|sie) <P> (änderst|ändern|bearbeitest|bearbeiten)
        (für|bei) [jeder |jede ](änderung|änderungen) (an|in|von) <P>
    """,
    "run": """
        [sondern ][bitte ](führe|führen sie|starte|starten sie) [dafür |stattdessen |danach |immer |anschließend ]<C>
        ..[ stattdessen| danach] aus
        (führe|führen sie) [immer ](vor jedem commit|vor dem abschluss|vor dem commit) <C> aus
        (führe|führen sie) [immer ]<C> [immer ](vor jedem commit|vor dem abschluss|vor dem commit|vor jedem push) aus
        [sondern ][bitte |immer |stattdessen |danach |dann ]<C> [stattdessen |immer |danach ](ausführen|laufen lassen|
        ..starten)
        [immer ]<C> im (ordner|verzeichnis) <P> ausführen
        [sondern ](verwende|benutze|nutze|verwenden sie|nutzen sie) [dafür |stattdessen |dazu |immer ]<C>
        ..[ stattdessen]
        (starte|führe) [die |alle ]tests [immer ]mit <C>[ aus]
        [die |alle ]tests (werden|laufen) [immer ](mit|über) <C>[ ausgeführt][ nicht mit F]
    """,
    "keep": """
        (ändere|bearbeite|editiere|verändere|ändern sie|bearbeiten sie) [bitte ]<K> (nicht|nie|niemals)[ von hand
        ..| direkt| manuell]
        (ändere|bearbeite|editiere|verändere|ändern sie|bearbeiten sie) (keine|nie|niemals|nicht) [die ][erzeugten |
        ..generierten ][dateien ][(in|unter|aus|im ordner) ]<K>[ von hand| direkt| manuell]
        [die ][(dateien|code|generierten code|generierte dateien|erzeugte dateien) (in|unter) ]<K> (nicht|nie|
        ..niemals) [von hand |direkt |manuell ](ändern|bearbeiten|editieren|anfassen)
        [und ](sie |)(darf|dürfen) (nicht|nie) [von hand |direkt |manuell ](bearbeitet|geändert|editiert) werden
        [die ][dateien (in|unter) ]<K> (darf|dürfen) (nicht|nie) [von hand |direkt |manuell ](bearbeitet|geändert|
        ..editiert) werden
        (ändere|bearbeite|editiere|ändern sie|bearbeiten sie) [die ]dateien (in|unter) <K> (nicht|nie|niemals)
        ..[ von hand| direkt| manuell]
        (ändere|bearbeite|editiere|ändern sie|bearbeiten sie) (die datei|die dateien|diese datei|diese dateien|sie|es)
        .. (nicht|nie|niemals)[ von hand| direkt| manuell]
        keine [generierten |erzeugten ]dateien (in|unter) <K> [von hand |direkt |manuell ](ändern|bearbeiten|editieren)
    """,
    "also": "(ändere|aktualisiere|pass|passe) (auch|immer auch) <P>[ an]",
    "made": """
        [die ][dateien (in|unter) ]<K> (wird|werden|ist|sind) [automatisch ](erzeugt|generiert)
        (er|sie|es) (entsteht|entstehen) [automatisch ]durch <C>
        (er|sie|es|der code dort) (wird|werden|ist|sind) [automatisch ](erzeugt|generiert)
        [die ][dateien (in|unter) ]<K> (wird|werden) [automatisch ](mit|von|durch|über) <C> (erzeugt|generiert|erstellt)
        (er|sie|es|diese dateien|die datei|die dateien|der code dort) (wird|werden) [automatisch ](mit|von|durch|über)
        .. <C> (erzeugt|generiert|erstellt)
    """,
}

_DUTCH = {
    "and": "en|en dan|daarna|en daarna",
    "when": """
        voor (elke|iedere|de) commit
        (voordat|voor) je (commit|klaar bent|pusht)
    """,
    "upon": """
        na [elke |een ](wijziging|wijzigingen) (in|van|aan) <P>
        (als|wanneer) je <P> (wijzigt|verandert|aanpast)
    """,
    "run": """
        [maar ](voer|draai|gebruik|start) [dan |altijd |daarna |in plaats daarvan ]<C>[ uit][ in plaats daarvan]
        <C> uitvoeren
        (voer|draai) de tests (uit |)met <C>[ uit]
        de tests (draaien|worden uitgevoerd) met <C>
        (voer|draai) (voor elke commit|voor iedere commit|voor de commit|na elke wijziging in <P>|na wijzigingen in <P>
        ..|na wijzigingen aan <P>) <C> uit
    """,
    "keep": """
        (bewerk|wijzig|verander) [de ][gegenereerde ][bestanden ][in ]<K> (niet|nooit)[ met de hand| handmatig
        ..| rechtstreeks]
        (bewerk|wijzig|verander) (geen|nooit) [gegenereerde ]bestanden in <K>[ met de hand| handmatig]
        (bewerk|wijzig|verander|pas) (het|ze|het bestand|de bestanden|dit bestand|deze bestanden) (niet|nooit)
        ..[ met de hand| handmatig| rechtstreeks][ aan]
    """,
    "also": "(wijzig|pas|werk|verander) [dan ][ook ]<P>[ ook][ aan| bij]",
    "made": """
        [de ][bestanden in ]<K> (wordt|worden) [automatisch ]gegenereerd[ (door|met|via) <C>]
        (het|ze|het bestand|de bestanden|deze bestanden) (wordt|worden) [automatisch ]gegenereerd[ (door|met|via) <C>]
    """,
}

_SCANDINAVIAN = {
    "and": "och|och sedan|sedan|og|og så|derefter|deretter",
    "when": """
        (innan du committar|innan du pushar|före varje push|før du pusher|före varje commit|innan varje commit|
        ..före commit|innan du är klar)
        (før hver commit|før du committer|før du er færdig|før du er ferdig)
    """,
    "upon": """
        (efter|etter) (ändringar i|en ändring i|varje ändring i|ændringer i|en ændring i|endringer i|en endring i) <P>
        (när|om|når|hvis) du (ändrar|ændrer|endrer) <P>
    """,
    "run": """
        [men ](kör|använd|kør|brug|kjør|bruk) [alltid |altid |i stället |istället |i stedet ]<C>[ i stället| istället
        ..| i stedet]
        (kör|kør|kjør) [alltid |altid ](testerna|testene|testerne|tester) (med|via) <C>
    """,
    "keep": """
        (redigera|ändra|redigér|rediger|ændr|ændre|endre) (inte|aldrig|ikke|aldri) [genererade |genererede |
        ..genererte ][filer |filerna |filerne |filene ][(i|under) ]<K>[ för hand| manuellt| i hånden| manuelt
        ..| for hånd| direkt]
        ikke (rediger|endre) [filer |filene ][i ]<K>[ for hånd| manuelt| direkte]
    """,
    "also": "(uppdatera|ändra|opdater|opdatér|oppdater|ændr|endre) (också|även|också|også) <P>",
    "made": """
        [filerna i |filerne i |filene i ]<K> (genereras|genereres|blir generert)[ automatiskt| automatisk][ (av|med|af)
        .. <C>]
        (de|den|det|filerna|filerne|filene) (genereras|genereres|blir generert)[ automatiskt| automatisk] (av|med|af)
        .. <C>
    """,
}

GERMANIC = (_GERMAN, _DUTCH, _SCANDINAVIAN)
