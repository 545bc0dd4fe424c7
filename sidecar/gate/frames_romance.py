"""Frames of Romance languages; `frames` says how a line is read and when one may be added."""

_FRENCH = {
    "and": "et|puis|et puis|et ensuite",
    "when": """
        avant (de terminer|de finir|de committer|de pousser|chaque commit|le commit|tout commit|de valider)
        à la fin
        pour finir
    """,
    "upon": """
        après [chaque |toute |une ](modification|changement) (de|dans|sous) <P>
        après avoir (modifié|changé) <P>
        (si|quand|lorsque) (tu modifies|vous modifiez|tu changes|vous changez) <P>
    """,
    "run": """
        [mais ][toujours ](exécute|exécutez|exécuter|lance|lancez|lancer|utilise|utilisez|utiliser) [toujours |
        ..plutôt |ensuite ]<C>[ à la place| plutôt]
        (lance|lancez|exécute|exécutez) les tests avec <C>
        les tests (se lancent|sont lancés|s'exécutent|sont exécutés) avec <C>
        (utilise|utilisez) <C> (au lieu de|et non|pas) F
        pour (lancer|exécuter) les tests (utilise|utilisez|lance|lancez) <C>
    """,
    "keep": """
        (ne modifie|ne modifiez|n'édite|n'éditez|ne change|ne changez|ne touche|ne touchez) (pas|jamais) [à ]
        ..[les fichiers ][générés ][(dans|de|sous) ]<K>[ à la main| directement| manuellement]
        ne (les|le|la) (modifiez|modifie|changez|change) (pas|jamais)[ à la main| directement]
        ne (pas|jamais) (modifier|éditer|changer) [les fichiers ][générés ][(dans|de|sous) ]<K>[ à la main
        ..| directement| manuellement]
    """,
    "also": """
        (modifie|modifiez|mets aussi à jour|mettez aussi à jour|mets à jour|mettez à jour|change|changez) [aussi |
        ..également ]<P>
    """,
    "made": """
        (le code y est|c'est du code|les fichiers y sont|il est|ils sont) générés?[ automatiquement][ par <C>]
        [les ]fichiers (de|dans|sous) <K> sont générés[ automatiquement][ par <C>]
        <K> est généré[ automatiquement][ par <C>]
    """,
}

_SPANISH = {
    "and": "y|y luego|luego|y después|después",
    "when": """
        al (final|terminar)
        antes de (terminar|acabar|hacer commit|cada commit|hacer push|confirmar|subir|subir cambios|subir los cambios)
    """,
    "upon": """
        después de (cambiar|modificar|editar) <P>
        después de [cada ](cambio|modificación|cambios) en <P>
        tras (cambiar|modificar|editar) <P>
        (si|cuando) (cambias|cambies|modificas|modifiques|editas|edites) <P>
        al (cambiar|modificar) <P>
    """,
    "run": """
        [sino ][siempre ](ejecuta|ejecute|corre|usa|use|utiliza|utilice|ejecutar) [siempre |luego ]<C>[ en su lugar]
        (los tests|las pruebas) se (ejecutan|lanzan|corren) con <C>
        (ejecuta|lanza|corre) (los tests|las pruebas) con <C>
        (usa|use|utiliza) <C> (en lugar de|en vez de|no) F
        para (ejecutar|correr|lanzar) (los tests|las pruebas) (usa|use|ejecuta|utiliza) <C>
    """,
    "keep": """
        (no|nunca) (edites|edites nunca|edite|modifiques|modifique|cambies|cambie|toques|toque|editar|
        ..modificar) [los |el ]
        ..[archivos |ficheros |archivo |fichero ][generados ][(en|de|bajo) ]<K>[ a mano| directamente| manualmente]
        (no|nunca) (los|lo|las|la) (edites|edite|modifiques|modifique|cambies|cambie)[ a mano| directamente
        ..| manualmente]
    """,
    "also": "(actualiza|actualice|cambia|cambie|modifica|modifique) [también ]<P>",
    "made": """
        (es|son) (código generado|generado|generados|archivos generados)[ automáticamente]
        [los ](archivos|ficheros) (de|en|bajo) <K> (se generan|son generados)[ automáticamente][ con <C>]
        <K> (se genera|es generado)[ automáticamente][ (con|por|mediante) <C>]
        (se genera|se generan|es generado|son generados)[ automáticamente] (con|por|mediante) <C>
    """,
}

_PORTUGUESE = {
    "and": "e|e depois|depois|e em seguida",
    "when": """
        antes de (terminar|finalizar|cada commit|fazer commit|commitar|fazer push|enviar|concluir)
        (no final|ao terminar|ao finalizar)
    """,
    "upon": """
        (depois de|após) (alterar|mudar|modificar|editar) <P>
        (depois de|após) [cada ](alteração|mudança|alterações) em <P>
        ao (alterar|mudar|modificar|editar) <P>
        (se|quando|sempre que) (alterar|mudar|modificar|editar) <P>
    """,
    "run": """
        [mas ][sempre ](execute|executa|rode|roda|use|usa|utilize) [sempre ]<C>[ em vez disso| no lugar][ (em vez de|
        ..e não|não) F]
        os testes são executados com <C>
        (execute|rode) os testes com <C>
    """,
    "keep": """
        (não|nunca) (edite|altere|modifique|mude|toque|mexa em|editar|alterar|modificar) [os |o ][arquivos |
        ..ficheiros |arquivo ][gerados ][(em|de|sob) ]<K>[ manualmente| à mão| diretamente]
        (não|nunca) (os|o) (edite|altere|modifique)[ manualmente| à mão| diretamente]
    """,
    "also": "(atualize|altere|mude|modifique) [também ]<P>",
    "made": """
        (é código gerado|são gerados|é gerado)[ automaticamente]
        [os ](arquivos|ficheiros) (de|em) <K> são gerados[ automaticamente][ por <C>]
        <K> é gerado[ automaticamente][ (por|com|pelo comando) <C>]
        [ele |eles ](é gerado|são gerados)[ automaticamente] (por|com|pelo comando) <C>
    """,
}

_ITALIAN = {
    "and": "e|e poi|poi|e dopo",
    "when": """
        prima (di ogni commit|del commit|di terminare|di finire|di fare commit|di committare|del push)
        alla fine
    """,
    "upon": """
        dopo (ogni|una|la) modifica (in|a|di) <P>
        dopo aver (modificato|cambiato) <P>
        (se|quando) (modifichi|cambi|modificate) <P>
    """,
    "run": """
        [ma ][sempre ](esegui|eseguite|eseguire|lancia|lanciate|usa|usate|usare) [sempre |invece |i test con ]<C>
        ..[ invece][ (invece di|e non|non) F]
    """,
    "keep": """
        (non|mai) (modificare|modifica|modificate|editare|toccare|cambiare) [mai ][i |il ][file ][generati ][(in|di|
        ..sotto) ]<K>[ a mano| direttamente| manualmente]
        non (modificarli|modificarlo)[ a mano| direttamente]
        non (modificare|modifica|modificate) (a mano|direttamente|manualmente) [i ]file (in|di) <K>
    """,
    "also": "(aggiorna|aggiornate|modifica|modificate|cambia) [anche ]<P>",
    "made": "[i file (in|di) <K> |<K> ](è|sono|viene|vengono) [codice ](generato|generati)[ automaticamente][ da <C>]",
}

ROMANCE = (_FRENCH, _SPANISH, _PORTUGUESE, _ITALIAN)
