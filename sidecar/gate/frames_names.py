"""What other languages say with names of code: which one to use, what a new thing needs, where tests are.

Each entry is read beside the tables of its language. `<L>` is a well-known name or an identifier of no weight. It may
be one that protects where it is used, not where it is denied or replaced (`<D>`); and one that shows or builds text,
but not where it is used for just anything (`<U>`): those (`<O>`) are used for what is said anyway (`<S>`). `<W>` is one
word that is on no list of risks, `<E>` what a new thing may need, `<Q>` a path of tests. Nothing is denied here but the
use of a name.
"""

SAID = (
    "(?:(?:fehler)?meldungen|ausgaben|protokolle|logs|meldingen|uitvoer|meddelanden|beskeder|meldinger|messages|journaux"
    "|erreurs|mensajes|errores|mensagens|erros|messaggi|errori|komunikatów|błędów|zprávy|chyby|сообщений|ошибок|логов)"
)
"""What is written out in any case."""
NEEDED = (
    "(?:test|tests|unittest|migration|eintrag|übersetzung|beschreibung|dokumentation|kommentar|docstring|typ|beispiel"
    "|schema|index|fixture|factory|serializer|story|migratie|vertaling|beschrijving|documentatie|commentaar|voorbeeld"
    "|entrée|traduction|description|documentation|commentaire|exemple|schéma|prueba|migración|entrada|traducción"
    "|descripción|documentación|comentario|ejemplo|esquema|índice|teste|migração|tradução|descrição|documentação"
    "|comentário|exemplo|migrazione|voce|traduzione|descrizione|documentazione|commento|esempio|indice)"
)
"""What comes with a new thing and does nothing by itself."""

NAMES = {
    "de": """
        (verwende|nutze|benutze|verwenden sie) [in <P> |immer ][immer ](<L>|<U> für <W>|<O> für <S>)[ in <P>]
        (verwende|nutze|benutze|verwenden sie) [in <P> ](<L>|<U> für <W>) (statt|anstelle von|
        ..und nicht|nicht) <D>[ in <P>]
        (verwende|nutze|benutze|verwenden sie) [in <P> ]<U> (statt|anstelle von|und nicht|nicht) <D>[ in <P>] für <W>
        (verwende|nutze|benutze|verwenden sie) [in <P> ](niemals|nie|nicht|kein|keine) <D>[ für <W>][ in <P>][ sondern
        .. [immer ](<L>|<C>)]
        (in|unter) <P> (wird|gilt) [immer ]<L> (verwendet|benutzt)
        (neue|neuer|neues|jede neue|jeder neue|jedes neue|alle neuen) <W> in <P> (braucht|brauchen|bekommt|bekommen)
        .. [immer |auch ](eine|einen|ein) (neue |neuen |neues |)<E>[ in (<P>|<Q>)]
        [neue |die ]tests (liegen|gehören|stehen|kommen) (in|nach|unter) <Q>
        (schreibe|ergänze) [immer ]einen test [in <Q> ]für (jede|jeden|jedes|alle) (korrektur|fehlerbehebung|bugfix|
        ..neue funktion|neuen endpunkt|neue regel|änderung)
        [alle |die ]tests müssen [alle ](grün sein|bestehen|durchlaufen)
        (füge|nimm) keine (neue abhängigkeit|neuen abhängigkeiten|abhängigkeiten) (hinzu|auf)[ ohne zu fragen| ohne
        .. rückfrage]
        halte <P> (aktuell|auf dem neuesten stand|synchron)
        [und ](committe|übernimm) (das ergebnis|die änderungen|die ergebnisse)
    """,
    "nl": """
        gebruik [in <P> |altijd ](<L>|<U> voor <W>|<O> voor <S>)[ in <P>]
        gebruik [in <P> ]<L> (in plaats van|en niet|niet) <D>[ in <P>]
        gebruik (geen|nooit) <D>[ in <P>][ voor <W>][ maar <L>]
        [nieuwe |de ]tests (staan|horen) in <Q>
        (schrijf|voeg) een test [in <Q> ](voor elke|voor iedere) (bugfix|fix|nieuwe functie|wijziging)[ toe]
        alle tests moeten slagen
        (elke|iedere) nieuwe <W> in <P> (heeft|krijgt) een <E> [nodig ]in (<P>|<Q>)
        voeg geen (nieuwe |)(afhankelijkheden|dependencies) toe[ zonder te vragen| zonder overleg]
        houd <P> (bij|in sync|actueel)
    """,
    "nordic": """
        (använd|brug|bruk) [alltid |altid ](<L>[ i <P>]|<U>[ i <P>] (för|til|for) <W>|<O>[ i <P>] (för|til|for) <S>)
        (använd|brug|bruk) <L> (i stället för|istället för|i stedet for|inte|ikke) <D>[ i <P>]
        (använd|brug|bruk) (inte|aldrig|ikke|aldri) <D>[ i <P>]
        (nya tester|nye tests|nye tester|tester|tests|testerna) (ligger|hör hemma|hører hjemme) i <Q>
        (skriv) (ett test|en test) (för varje|for hver) (buggfix|bugfix|feilretting|fejlrettelse|ny funktion|
        ..ny funksjon)
        alla tester måste (gå igenom|passera)
        håll <P> (uppdaterad|i synk)
    """,
    "fr": """
        (utilise|utilisez|utiliser) [toujours ](<L>|<U> pour (le |la |les |l'|)<W>|
        ..<O> pour (le |la |les |l'|)<S>)[ dans <P>]
        (utilise|utilisez|utiliser) <L> (au lieu de|plutôt que|et non|pas) <D>[ dans <P>]
        dans <P> (utilise|utilisez|utiliser) [toujours ]<L>[ (au lieu de|plutôt que|et non) <D>]
        (n'utilise|n'utilisez) (pas|jamais) <D>[ dans <P>][ pour <W>][ (mais|utilise|utilisez) <L>[ à la place]]
        ne (pas|jamais) utiliser <D>[ dans <P>]
        (chaque|tout|toute) (nouveau|nouvelle|nouvel|) <W> (de|dans) <P> (doit avoir|a besoin d'|nécessite) (un|une)
        .. <E> (de|dans) (<P>|<Q>)
        [les |les nouveaux ]tests (vont|sont|se trouvent|vivent) dans <Q>
        (écris|écrivez|ajoute|ajoutez) un test [dans <Q> ]pour (chaque|toute) (correction|correction de bug|correctif|
        ..nouvelle fonction|nouvelle route|modification)
        [tous ]les tests doivent [tous ]passer
        (n'ajoute|n'ajoutez) (pas de|aucune) (nouvelle |nouvelles |)(dépendance|dépendances)[ sans demander]
        garde <P> à jour
        [et ](valide|validez|committe|ajoute) le résultat
    """,
    "es": """
        (usa|use|utiliza|utilice) [siempre ](<L>|<U> para <W>|<O> para <S>)[ en <P>]
        (usa|use|utiliza|utilice) <L> (en lugar de|en vez de|y no|no) <D>[ en <P>]
        (usa|use|utiliza|utilice) <U> (en lugar de|en vez de|y no|no) <D>[ en <P>] para <W>
        en <P> (usa|use|utiliza|utilice) [siempre ]<L>[ (en lugar de|en vez de|y no) <D>]
        (no uses|nunca uses|no use|no utilices|nunca utilices|no usar) <D>[ en <P>][ para <W>][ (sino|usa) <L>]
        (cada|todo|toda) (nuevo|nueva|) <W> (de|en) <P> (necesita|requiere|debe tener) (un|una) <E> en (<P>|<Q>)
        [los |las ](tests|pruebas|nuevas pruebas) (van|están|viven) en <Q>
        (escribe|añade|agrega) (una prueba|un test) [en <Q> ]para cada (corrección|arreglo|error corregido|
        ..función nueva|
        ..nueva función|cambio)
        (todas las pruebas|todos los tests|los tests|las pruebas) deben pasar
        (añade|agrega) (una prueba|un test)[ en <Q>]
        (cuando|si|al) (cambies|cambias|cambiar|modifiques|modificas|modificar) (un|una|el|la) <W> (en|
        ..de) <P> ejecuta <C>
        ..[ y (añade|agrega) (una prueba|un test)]
        [y ](guarda|confirma|incluye) (el resultado|los cambios|los resultados)
        (no añadas|no agregues) (dependencias|dependencias nuevas|nuevas dependencias)[ sin preguntar]
        (ejecuta|usa|corre) <C> mientras (trabajas|desarrollas) y la suite completa al final
        mantén <P> actualizado
    """,
    "pt": """
        (use|utilize|usa) [sempre ](<L>|<U> para <W>|<O> para <S>)[ em <P>]
        (use|utilize) <L> (em vez de|ao invés de|e não|não) <D>[ em <P>]
        (use|utilize) <U> (em vez de|ao invés de|e não|não) <D>[ em <P>] para <W>
        em <P> (use|utilize) [sempre ]<L>[ (em vez de|ao invés de|e não) <D>]
        (não use|nunca use|não utilize|não usar) <D>[ em <P>][ para <W>]
        (cada|todo|toda) (novo|nova|) <W> em <P> (precisa de|deve ter|requer) (um|uma) <E> em (<P>|<Q>)
        [os ]testes (ficam|estão|vão) em <Q>
        [sempre ](escreva|adicione|crie) um teste [em <Q> ]para cada (correção|correção de erro|correção de bug|
        ..nova função|
        ..mudança|novo endpoint)
        todos os testes devem passar
        (rode|execute) <C> depois de (mudar|alterar) (um|uma|o|a) (dependência|<W>)
        (não adicione) (dependências|novas dependências|dependências novas)[ sem perguntar]
        [e ](salve|inclua|confirme) o resultado
        mantenha <P> (atualizado|em sincronia)
    """,
    "it": """
        (usa|usate|usare|utilizza) [sempre ](<L>|<U> per <W>|<O> per <S>)[ in <P>]
        (usa|usate|usare|utilizza) <L> (invece di|al posto di|e non|non) <D>[ in <P>]
        (usa|usate|usare|utilizza) <U> (invece di|al posto di|e non|non) <D>[ in <P>] per <W>
        in <P> (usa|usate|utilizza) [sempre ]<L>[ (invece di|al posto di|e non) <D>]
        (non usare|non usate|mai usare|non utilizzare) <D>[ in <P>][ per <W>]
        (ogni) (nuovo|nuova|) <W> in <P> (richiede|deve avere|ha bisogno di) (un|una) <E> in (<P>|<Q>)
        [i ]test (stanno|vanno|si trovano) in <Q>
        (scrivi|aggiungi) un test [in <Q> ]per ogni (correzione|bug corretto|nuova funzione|modifica|nuovo endpoint)
        tutti i test devono passare
        non aggiungere (dipendenze|nuove dipendenze)[ senza chiedere]
        [e ](salva|includi) il risultato
        (mantieni|tieni) <P> aggiornato
    """,
    "pl": """
        (używaj|użyj) [zawsze ](<L>|<U> do <W>|<O> do <S>)[ w <P>]
        (używaj|użyj) <L> (zamiast|a nie) <D>[ w <P>]
        w <P> (używaj|użyj) [zawsze ]<L>[ (zamiast|a nie) <D>]
        (nie używaj|nigdy nie używaj) <D>[ w <P>]
        [nowe ]testy (są|leżą|umieszczaj) w <Q>
        (napisz|dodaj|pisz|dodawaj) test [w <Q> ]dla (każdej|każdego) (poprawki|nowej funkcji|zmiany|
        ..naprawionego błędu)
        wszystkie testy muszą przechodzić
        nie dodawaj [nowych ]zależności[ bez pytania]
    """,
    "cs": """
        (používejte|používej|použijte|použij) [vždy ](<L>|<U> pro <W>|<O> pro <S>)[ v <P>]
        (používejte|používej|použijte|použij) <L> (místo|a ne) <D>[ v <P>]
        (nepoužívejte|nepoužívej) <D>[ v <P>]
        [nové ]testy (jsou|patří|leží) (v|do) <Q>
        (napište|napiš|přidejte|přidej) test [do <Q> ]pro každou (opravu|novou funkci|změnu)
        všechny testy musí projít
        (nepřidávejte|nepřidávej) [nové ]závislosti[ bez dotazu]
    """,
    "ru": """
        (используйте|используй) [всегда ](<L>|<U> для <W>|<O> для <S>)[ в <P>]
        (используйте|используй) <L> (вместо|а не) <D>[ в <P>]
        в <P> (используйте|используй) [всегда ]<L>[ (вместо|а не) <D>]
        не (используйте|используй) <D>[ в <P>]
        [новые ]тесты (лежат|находятся) в <Q>
        (пишите|добавляйте|напишите|добавьте) тест [в <Q> ](на|для) (каждое исправление|каждого исправления|
        ..каждую новую
        .. функцию|каждой новой функции|каждого изменения)
        все тесты должны проходить
        не добавляйте [новые |новых ](зависимости|зависимостей)[ без обсуждения]
    """,
    "tr": """
        [<P> içinde ]<D> yerine <L> (kullan|kullanın)
        <P> içinde <L> (kullan|kullanın)
        <P> içinde <D> (kullanma|kullanmayın)
        [yeni ]testler <Q> altında (durur|bulunur)
        her (düzeltme|hata düzeltmesi|yeni fonksiyon) için [<Q> altına ]bir test (yaz|yazın|ekle|ekleyin)
        tüm testler geçmeli
    """,
    "vi": """
        [hãy ](dùng|sử dụng) <L> thay (cho|vì) <D>[ trong <P>]
        (không dùng|đừng dùng|không sử dụng) <D> trong <P>
        [các ](bài kiểm thử|test) nằm trong <Q>
        (viết|thêm) (một bài kiểm thử|một test|test) cho mỗi (lần sửa lỗi|hàm mới|thay đổi)
    """,
    "id": """
        gunakan <L> (sebagai ganti|bukan) <D>[ di <P>]
        jangan gunakan <D> di <P>
        tes (berada|ada) di <Q>
        (tulis|tambahkan) tes untuk setiap (perbaikan|perbaikan bug|fungsi baru|perubahan)
        semua tes harus lulus
    """,
    "ja": """
        [<P> ?では]<D> ?(ではなく|の代わりに) ?<L> ?を(使うこと|使う|使ってください|使用する|使用すること|
        ..使用してください)
        <P> ?(では|で) ?<D> ?を(使わない|使わないこと|使わないでください|使用しない|使用しないこと|
        ..使用しないでください)
        [新しい]テストは ?<Q> ?に(置く|置くこと|追加する|追加すること|追加してください|置いてください)
        (バグ修正|修正|新しい関数|変更)(ごとに|には)[必ず]?[<Q> ?に]?テストを(追加する|追加すること|
        ..追加してください|書くこと)
        <P> ?を(変更したら|変更した場合は|変更するときは) ?<P> ?に(マイグレーション|項目|翻訳|テスト)を追加(し|
        ..して) ?<C> ?を
        ..実行(する|すること|してください)
        すべてのテストが(通ること|通る必要があります)
    """,
    "zh": """
        [在 ?<P> ?(中|里)]?[请|应]?(使用|用) ?<L> ?(而不是|代替|，而不是|不要用|而非) ?<D>
        [在] ?<P> ?(中|里)(不要|请勿|禁止)(使用|用) ?<D>
        [新]?测试(放在|写在|位于) ?<Q> ?[中|下|里]
        (每次|每个)(修复|修复缺陷|新函数|修改|新接口)(都要|都必须|都应)[在 ?<Q> ?(中|里)]?(添加|编写|写)(一个)?测试
        (修改|更改) ?<P> ?(之后|后|时)[，]? ?[必须|请|要]?在 ?<P> ?(中|里)(添加|增加)(迁移|条目|翻译|测试)(并|
        ..然后)运行 ?<C>
        所有测试(都)?必须通过
    """,
    "ko": """
        [<P> ?에서는 ?]<D> ?(대신|말고) ?<L> ?(을|를) ?(사용하세요|사용하십시오|사용한다|쓰세요|씁니다|사용합니다)
        <P> ?에서는 ?<D> ?(을|를) ?(사용하지 마세요|사용하지 않는다|쓰지 마세요|사용하지 마십시오)
        [새 ]테스트는 ?<Q> ?에 ?(둡니다|두세요|추가하세요|작성하세요)
        모든 테스트(가|는) 통과해야 (합니다|한다)
    """,
}
