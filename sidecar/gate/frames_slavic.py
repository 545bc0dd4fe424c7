"""Frames of Slavic languages; `frames` says how a line is read and when one may be added."""

_POLISH = {
    "and": "i|a potem|oraz|a następnie|i następnie",
    "when": """
        na końcu
        przed (każdym commitem|commitem|zakończeniem|zakończeniem pracy)
    """,
    "upon": """
        po (zmianie|zmianach|edycji|modyfikacji|każdej zmianie) [w |pliku |plików ]<P>
        (gdy|jeśli|kiedy) (zmieniasz|zmienisz|edytujesz) <P>
    """,
    "run": """
        [zamiast tego ][zawsze ](uruchom|uruchamiaj|użyj|używaj) [zawsze ]<C>[ zamiast tego][ (zamiast|a nie) F]
        (testy uruchamiaj|uruchamiaj testy|uruchom testy) (poleceniem|przez|za pomocą) <C>
    """,
    "keep": """
        (nie|nigdy nie) (edytuj|zmieniaj|modyfikuj) [ręcznie ][wygenerowanych ][plików |pliku ][w ]<K>[ ręcznie
        ..| bezpośrednio]
        nie (edytuj|zmieniaj|modyfikuj) (go|ich)[ ręcznie| bezpośrednio]
    """,
    "also": "(zaktualizuj|zmień|zmieniaj|aktualizuj) [również |także |też ]<P>",
    "made": """
        [pliki w ]<K> (jest|są) generowan(y|e)[ automatycznie][ (przez|poleceniem|za pomocą) <C>]
        [te pliki ](jest|są) generowan(y|e)[ automatycznie] (przez|poleceniem|za pomocą) <C>
    """,
}

_CZECH = {
    "and": "a|a potom|a pak|potom|pak",
    "when": """
        na konci
        před (každým commitem|commitem|dokončením|odevzdáním)
    """,
    "upon": """
        po (změně|změnách|úpravě|každé změně) [v |souboru |souborů ]<P>
        (když|pokud) (změníte|změníš|upravíte|upravíš|měníte|měníš) <P>
    """,
    "run": """
        [místo toho ][vždy ](spusťte|spusť|spouštějte|použijte|použij|používejte) [vždy |místo toho |testy pomocí |
        ..testy příkazem ]<C>[ místo toho]
        testy (spouštějte|spouštěj|spusťte|spusť) (pomocí|příkazem|přes) <C>
    """,
    "keep": """
        (neupravujte|neupravuj|neměňte|neměň|nikdy neupravujte|nikdy neměňte) [ručně ][generované ][soubory |soubor ]
        ..[v ]<K>[ ručně| přímo]
        (neupravujte|neupravuj|neměňte|neměň) (ho|je)[ ručně| přímo]
    """,
    "also": "(aktualizujte|aktualizuj|upravte|uprav|změňte|změň) [také |i |taky ]<P>",
    "made": """
        [soubory v ]<K> (je|jsou) generován(y|)[ automaticky][ (pomocí|příkazem) <C>]
        generuje (ho|je) <C>
    """,
}

_RUSSIAN = {
    "and": "и|затем|и затем|а затем|потом|и потом",
    "when": """
        в конце
        перед (каждым коммитом|коммитом|завершением|завершением работы|отправкой)
    """,
    "upon": """
        после (изменения|изменений в|правки|каждого изменения|изменения файлов в) <P>
        при (изменении|каждом изменении|правке) <P>
        (если|когда) (вы меняете|вы изменяете|меняете|изменяете|меняешь|изменяешь) <P>
    """,
    "run": """
        [вместо этого ][всегда ](запускайте|запустите|запускай|запусти|выполните|выполняйте|выполни|выполняй|
        ..используйте|используй) [всегда ]<C>[ вместо этого][ (вместо|а не) F]
        тесты (запускаются|запускайте) (командой|через|с помощью) <C>
        запускайте тесты (командой|через|с помощью) <C>
    """,
    "keep": """
        (не|никогда не) (изменяйте|редактируйте|меняйте|правьте|трогайте) (их|его)[ вручную| руками]
        (не|никогда не) (изменяйте|изменяй|редактируйте|редактируй|меняйте|меняй|правьте|правь|трогайте|
        ..трогай) [вручную ][сгенерированные ][файлы |файл ][(в|из) ]<K>[ вручную| руками| напрямую]
    """,
    "also": "(обновляйте|обновите|обновляй|обнови|меняйте|изменяйте|измените|меняй) (также |и |)<P>",
    "made": """
        [файлы в |код в ]<K> (генерируется|генерируются|создаётся|создается|создаются)[ автоматически][ (командой|через
        ..|с помощью) <C>]
        (он|они|эти файлы) [автоматически ](генерируется|генерируются|создаётся|создается|создаются) (командой|через
        ..|с помощью) <C>
    """,
}

_UKRAINIAN = {
    "and": "і|й|та|потім|а потім|і потім",
    "when": """
        (наприкінці|в кінці)
        перед (кожним комітом|комітом|завершенням)
    """,
    "upon": """
        після (зміни|змін у|змін в|кожної зміни|редагування) <P>
        при (зміні|кожній зміні) <P>
        (якщо|коли) (ви змінюєте|змінюєте|змінюєш) <P>
    """,
    "run": """
        [натомість ][завжди ](запускайте|запустіть|запускай|запусти|виконайте|виконуйте|виконай|використовуйте|
        ..використовуй) [завжди ]<C>[ натомість]
        тести (запускаються|запускайте) (командою|через) <C>
        (запускайте|запускай) тести (командою|через|за допомогою) <C>
    """,
    "keep": """
        (не|ніколи не) (змінюйте|змінюй|редагуйте|редагуй|міняйте|чіпайте|правте) [вручну ][згенеровані ][файли |
        ..файл ][(в|у|з) ]<K>[ вручну| руками| напряму]
    """,
    "also": "(оновлюйте|оновіть|оновлюй|онови|змінюйте|змініть) (також |й |і |)<P>",
    "made": """
        [файли в |файли у ]<K> (генерується|генеруються|створюється|створюються)[ автоматично][ (командою|через|за
        .. допомогою) <C>]
        (він|вони|ці файли) [автоматично ](генерується|генеруються|створюється|створюються) (командою|через|за
        .. допомогою) <C>
        (їх|його) (генерує|створює) <C>
    """,
}

SLAVIC = (_POLISH, _CZECH, _RUSSIAN, _UKRAINIAN)
