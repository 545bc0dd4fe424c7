"""Frames of languages of Asia; `frames` says how a line is read and when one may be added."""

_TURKISH = {
    "and": "ve|ardından|ve ardından|sonra|ve sonra",
    "when": """
        (commit etmeden|commitlemeden|her commitden|her committen|bitirmeden|göndermeden) önce
        her commit öncesinde
    """,
    "upon": """
        <P> (değiştikten|değiştirildikten) sonra
        <P> (dosyasını|klasörünü|) (değiştirdikten|değiştirdiğinizde|değiştirdiğinde|düzenledikten) [sonra]
    """,
    "run": """
        [bunun yerine |yerine |her zaman |mutlaka ]<C> [komutunu |ile testleri ](çalıştır|çalıştırın|çalıştırınız|
        ..kullan|kullanın)
        testleri [her zaman ]<C> ile (çalıştır|çalıştırın)
    """,
    "keep": """
        <K> [altındaki |içindeki ][dosyaları |dosyalarını |dosyasını |klasörünü ][elle |doğrudan ](düzenleme|
        ..düzenlemeyin|değiştirme|değiştirmeyin)
    """,
    "also": "<P> dosyasını da (güncelle|güncelleyin|değiştir|değiştirin)",
    "made": """
        <K> [altındaki dosyalar ]otomatik [olarak ](üretilir|oluşturulur)
        [<K> [altındaki dosyalar |içindeki dosyalar ]]<C> ile (üretilir|üretilirler|oluşturulur|oluşturulurlar)
    """,
}

_VIETNAMESE = {
    "and": "và|rồi|sau đó",
    "when": """
        cuối cùng
        trước khi (commit|hoàn thành|kết thúc|push)
        trước (mỗi|mỗi lần) commit
    """,
    "upon": """
        sau khi (sửa|thay đổi|chỉnh sửa) <P>
        khi (sửa|thay đổi|chỉnh sửa) <P>
    """,
    "run": "[thay vào đó ][hãy |luôn ](chạy|dùng|sử dụng|chạy kiểm thử bằng) <C>[ thay vào đó]",
    "keep": """
        (không|không được|đừng) (sửa|chỉnh sửa|thay đổi) [trực tiếp ][các ][tệp |file ][(trong|ở) ]<K>[ bằng tay
        ..| trực tiếp| thủ công]
        (không|không được|đừng) (sửa|chỉnh sửa|thay đổi) (bằng tay|trực tiếp|thủ công) [các ][tệp |file ][(trong|ở) ]<K>
    """,
    "also": "[hãy ](cập nhật|sửa) (cả|luôn) <P>",
    "made": """
        [các ](tệp|file) trong <K> được (tạo|sinh) tự động[ (bởi|bằng) <C>]
        (chúng|nó|<K>) được (tạo|sinh)[ tự động] (bởi|bằng) <C>
    """,
}

_INDONESIAN = {
    "and": "dan|lalu|kemudian|dan kemudian",
    "when": """
        sebelum (commit|setiap commit|selesai|melakukan commit)
    """,
    "upon": """
        setelah (mengubah|mengedit|perubahan di) <P>
        (jika|saat|ketika) (mengubah|mengedit|anda mengubah) <P>
    """,
    "run": """
        [sebagai gantinya ][selalu ](jalankan|gunakan|pakai) [selalu ]<C>[ sebagai gantinya]
        jalankan (tes|pengujian) dengan <C>
    """,
    "keep": """
        jangan [pernah ](mengedit|mengubah|edit|ubah) [berkas |file ][(di|dalam) ]<K>[ secara manual| secara langsung]
    """,
    "also": "(perbarui|ubah) juga <P>",
    "made": """
        [berkas |file ][di ]<K> (dibuat|dihasilkan) [secara ]otomatis[ (oleh|dengan) <C>]
        (berkas itu|file itu|semuanya|<K>) (dibuat|dihasilkan) (oleh|dengan) <C>
    """,
}

_JAPANESE = {
    "spaces": "no",
    "and": "と|および|、|の後に",
    "when": """
        最後に
        (コミット|コミットする|完了する|終了する|作業を終える|プッシュ|プッシュする)[の]前に[は][必ず]
    """,
    "upon": """
        <P> ?を(変更したら|編集したら|修正したら|変更した場合は|編集した場合は|変更する場合は|変更するときは|
        ..変更した後は|変更した後に)
        <P> ?の(変更後は|変更後に|変更時は|変更時には)
    """,
    "run": """
        [代わりに|必ず|その後] ?<C> ?を[必ず](実行してください|実行する|実行すること|実行します|使うこと|使う|
        ..使ってください|使用する|使用すること|使用してください)
        テストは ?<C> ?で(実行する|実行してください|実行すること|実行します|実行)
        [代わりに|必ず] ?<C> ?で(再生成してください|再生成する|再生成すること|生成してください|生成する|生成すること)
    """,
    "keep": """
        <K> ?(は|を|のファイルは|のファイルを|内のファイルは|内のファイルを|以下のファイルは|以下のファイルを|
        ..配下のファイルは|配下のファイルを|以下は|以下を)(直接|手動で|手で)?(編集せず|編集せずに|
        ..変更せず|変更せずに|編集しないこと|編集しないでください|変更しないこと|変更しないでください|編集しない|
        ..変更しない|編集してはいけません)
        <K> ?(は|以下は|のファイルは|以下のファイルは)(自動生成されるため|自動生成なので|生成されるため)(直接|手動で|
        ..手で)?(編集せず|編集しないこと|編集しないでください|変更しないこと|
        ..変更しないでください)
        <K> ?(は|以下は|のファイルは|以下のファイルは) ?<C> ?(で|により|によって)(自動)?生成される(ため|ので) ?
        ..(直接|手動で|手で)?(編集しないこと|編集しないでください|変更しないこと|変更しないでください)
    """,
    "also": """
        <P> ?も(更新すること|更新してください|更新する|変更すること|変更してください|変更する|修正すること|
        ..修正してください)
    """,
    "made": """
        <K> ?(は|以下は|のファイルは|以下のファイルは)(自動生成されます|自動生成される|自動生成されている|
        ..自動生成です)
        [<K> ?(は|以下は|のファイルは|以下のファイルは) ?]<C> ?(で|により|によって)(自動)?生成
        ..(されます|される|されています)
    """,
}

_CHINESE = {
    "spaces": "no",
    "and": "和|与|并|并运行|然后|然后运行|再运行|及|和运行",
    "when": """
        最后[请|必须|务必]
        (每次)?(提交|完成|推送|结束)(之前|前)[请先|请|必须|务必|先|都要]
        在(提交|完成|推送)(之前|前)[请|必须|务必]
    """,
    "upon": """
        (修改|更改|编辑|改动) ?<P> ?(之后|后|时)[请|必须|务必|都要]
    """,
    "run": """
        [请|必须|务必|而是|应|要|请改用|改用]?[请|总是|始终]?(运行|执行|使用|用) ?<C>[ ?重新生成| ?生成]
        [请]?(使用|用|通过|运行) ?<C> ?(运行|执行|来运行)(所有|全部)?测试
        (请改用|改用) ?<C>[ ?重新生成| ?生成]
    """,
    "keep": """
        [请|切勿]?(不要|请不要|请勿|勿|切勿|禁止|不得)(手动|直接|手工)?(修改|编辑|更改|改动) ?<K>[ ?(下|中|里|
        ..内)?的?(文件|生成文件|代码)]
        <K> ?[(下|中|里|内)?的(文件|代码)]?(是自动生成的|由工具生成)? ?(请勿|不要|请不要|不得|禁止)(手动|直接|
        ..手工)?(修改|编辑|更改|改动)
        <K> ?[(下|中|里|内)?的文件]?(是自动生成的|由工具生成)?(不要|请勿|不得|禁止)(手动|直接|手工)?(修改|编辑|更改)
    """,
    "also": "[请|也要|要|必须|还要]?(同时|同步|一并|也)(更新|修改) ?<P>",
    "made": """
        <K> ?[(下|中|里|内)?的文件]?(是自动生成的|自动生成|由 ?<C> ?生成)
        (它|它们|该文件|这些文件)(是)?由 ?<C> ?(自动)?生成(的)?
    """,
}

_KOREAN = {
    "spaces": "no",
    "and": "와|과|및|그리고|다음|한 다음|을 실행한 다음|를 실행한 다음",
    "when": """
        마지막에 ?[반드시|항상]
        (커밋|커밋하기|완료하기|마치기|푸시하기) ?전에[는] ?[반드시|항상]
    """,
    "upon": """
        <P> ?(을|를|) ?(수정한|변경한|수정하면|변경하면|편집한) ?(후에는|후에|뒤에는|뒤에|후|)
    """,
    "run": """
        [대신|반드시|항상|테스트는] ?<C> ?(을|를|으로|로|) ?[반드시 |테스트를 ](실행하세요|실행하십시오|실행한다|
        ..실행할 것|실행해 주세요|실행합니다|사용하세요|사용하십시오|사용한다|
        ..사용할 것|사용합니다|생성하세요|다시 생성하세요)
    """,
    "keep": """
        <K> ?(은|는|을|를|의 파일은|의 파일을|아래의 파일은|아래의 파일을|아래 파일은|아래 파일을|안의 파일은|
        ..안의 파일을|파일은|파일을|) ?(직접|손으로|수동으로|) ?(수정하지 말고|
        ..편집하지 말고|변경하지 말고|수정하지 마세요|편집하지 마세요|변경하지 마세요|수정하지 마십시오|
        ..수정하지 않는다|편집하지 않는다|수정하지 말 것|편집하지 말 것)
        <K> ?(은|는) ?<C> ?(로|으로) ?(자동 )?생성되므로 ?(직접|손으로|수동으로|) ?(수정하지 마세요|편집하지 마세요|
        ..수정하지 말 것|편집하지 말 것)
    """,
    "also": """
        <P> ?(도|파일도) ?(함께|같이|) ?(수정하세요|업데이트하세요|변경하세요|갱신하세요|수정한다|업데이트한다|
        ..수정할 것)
    """,
    "made": """
        <K> ?(은|는|의 파일은|아래의 파일은|파일은) ?(자동으로 |자동 )생성(됩니다|된다)
        [<K> ?(은|는|의 파일은|아래의 파일은|파일은) ?]<C> ?(로|으로) ?(자동으로 |자동 |)생성(됩니다|된다)
    """,
}

ASIAN = (_TURKISH, _VIETNAMESE, _INDONESIAN, _JAPANESE, _CHINESE, _KOREAN)
