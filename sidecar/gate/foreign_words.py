"""Neutral convention words of languages other than English; see `languages` for what being on a list means.

Left out on purpose, in every language: what may be said of tests, checks, safety, networks, permissions, agents and
time, and the verbs to follow, run, take, copy and send.
"""

WORDS_OF: dict[str, str] = {
    "french": (
        "le la les l un une des de du d et ou à au aux en dans sur sous pour par avec ce cette ces qui que qu est"
        " sont doit doivent reste restent être a ont ne pas jamais toujours il elle ils elles on se s y n nom noms"
        " fichier fichiers message messages erreur erreurs visible visibles utilisateur utilisateurs français"
        " anglais écrire écris écrit écrits utiliser utilise utilisez utilisent nommer nomme variable variables"
        " fonction fonctions classe classes module modules dossier dossiers code commentaire commentaires ligne"
        " lignes majuscule majuscules minuscule minuscules texte textes traduction traductions chaque tout tous"
        " toute toutes court courte courtes courts montant montants centimes entier entiers date dates format liste"
        " listes ajouter ajoute placer place préférer préfère plutôt même type types constante constantes méthode"
        " méthodes composant composants racine dépôt documentation rédiger rédigée rédigés exemple exemples titre"
        " titres commit commits au-dessus convention conventions clé clés trié triée triées alphabétique ordre"
    ),
    "german": (
        "der die das den dem des ein eine einen einem einer und oder in im an am auf aus für mit von vom zu zum zur"
        " bei ist sind wird werden muss müssen soll sollen bleiben bleibt nicht nie niemals immer kein keine keinen"
        " auch es sie er wir man datei dateien ordner name namen fehler fehlermeldung fehlermeldungen meldung"
        " meldungen deutsch englisch deutsche englische schreiben schreibe geschrieben verwenden verwende benutzen"
        " nutzen benennen variable variablen funktion funktionen klasse klassen modul module code kommentar"
        " kommentare zeile zeilen groß klein großgeschrieben kleingeschrieben text texte übersetzung übersetzungen"
        " jede jeder jedes alle kurz kurze beträge betrag cent ganzzahl ganzzahlen datum format liste listen statt"
        " bevorzugen typ typen konstante konstanten methode methoden komponente komponenten dokumentation beispiel"
        " beispiele titel ordnung alphabetisch sortiert schnittstelle benutzer sichtbare sichtbar einrückung"
        " leerzeichen tabulatoren stehen steht liegen liegt gehört gehören ergänzen ergänze variablennamen"
        " funktionsnamen klassennamen dateinamen codekommentare code-kommentare commit-nachrichten eintragen"
    ),
    "spanish": (
        "el la los las un una unos unas de del y o en al a para por con que es son debe deben está están se su sus"
        " no nunca siempre lo cada todo todos toda todas nombre nombres archivo archivos mensaje mensajes error"
        " errores visible visibles usuario usuarios español inglés escribir escribe escriben escritos usar usa use"
        " usan nombrar variable variables función funciones clase clases módulo módulos carpeta carpetas código"
        " comentario comentarios línea líneas mayúscula mayúsculas minúscula minúsculas texto textos traducción"
        " traducciones corto corta cortos cortas importe importes céntimos entero enteros fecha fechas formato lista"
        " listas añadir añade preferir prefiere tipo tipos constante constantes método métodos componente"
        " componentes documentación ejemplo ejemplos título títulos orden alfabético ordenados ordenadas van va"
        " quedan permanecen repositorio raíz"
    ),
    "portuguese": (
        "o a os as um uma de do da dos das e ou em no na nos nas para por com que é são deve devem está estão se"
        " seu sua não nunca sempre cada todo todos toda todas nome nomes arquivo arquivos ficheiro ficheiros"
        " mensagem mensagens erro erros visível visíveis usuário usuários utilizador português inglês escrever"
        " escreva escritas usar use usam variável variáveis função funções classe classes módulo módulos pasta"
        " pastas código comentário comentários linha linhas maiúsculas minúsculas texto textos tradução traduções"
        " curto curtas curtos valor valores centavos inteiro inteiros data datas formato lista listas adicionar"
        " adicione prefira tipo tipos constante constantes método métodos componente componentes documentação"
        " exemplo exemplos título títulos ordem alfabética ficam permanecem repositório raiz"
    ),
    "italian": (
        "il lo la i gli le l un una di del della dei delle e o in nel nella a al per con che è sono deve devono non"
        " mai sempre ogni tutti tutte nome nomi file messaggio messaggi errore errori visibili utente utenti"
        " italiano inglese scrivere scrivi usare usa variabile variabili funzione funzioni classe classi modulo"
        " moduli cartella cartelle codice commento commenti riga righe maiuscole minuscole testo testi traduzione"
        " traduzioni breve brevi importo importi centesimi interi data date formato lista aggiungere aggiungi tipo"
        " tipi costante costanti metodo metodi componente componenti documentazione esempio titolo ordine alfabetico"
        " restano"
    ),
    "dutch": (
        "codecommentaar de het een en of in op aan voor met van naar bij is zijn wordt worden moet moeten blijven"
        " blijft niet nooit altijd geen elke alle naam namen bestand bestanden map mappen fout fouten foutmelding"
        " foutmeldingen melding meldingen nederlands engels schrijven schrijf gebruik gebruiken variabele variabelen"
        " functie functies klasse klassen module modules code commentaar regel regels hoofdletters kleine letters"
        " tekst teksten vertaling vertalingen kort bedrag bedragen centen datum datums formaat lijst voeg toe type"
        " types constante constanten methode component componenten documentatie voorbeeld titel volgorde"
        " alfabetische gebruiker zichtbare"
    ),
    "polish": (
        "i lub w we na do z ze dla przez o od po jest są musi muszą nie nigdy zawsze każdy każda każde wszystkie"
        " nazwa nazwy plik pliki pliku plików katalog katalogu błąd błędy błędów komunikat komunikaty polsku"
        " angielsku pisz pisać używaj używać zmienna zmienne zmiennych funkcja funkcje funkcji klasa klasy moduł"
        " moduły kod kodu komentarz komentarze linia linie tekst teksty tłumaczenie tłumaczenia krótkie kwoty kwota"
        " groszach data daty format lista dodaj dodawaj typ typy stała stałe metoda metody dokumentacja przykład"
        " tytuł użytkownika widoczne pozostają wielkich małych liter literą"
    ),
    "russian": (
        "и или в во на к с со для по от до из о об это не никогда всегда каждый каждая каждое все имя имена имён"
        " коммитов файл файлы файле файлов файла папка папке папки ошибка ошибки ошибок ошибках сообщение сообщения"
        " сообщений русском английском языке пиши пишите писать пишутся используй используйте использовать"
        " переменная переменные переменных функция функции функций класс классы классов модуль модули код кода коде"
        " комментарий комментарии строка строки строк текст тексты перевод переводы короткие коротким суммы сумма"
        " копейках целых числах дата даты формат формате список добавь добавляй добавляйте добавлять тип типы"
        " константа константы метод методы документация пример примеры заголовок порядке алфавитном пользователя"
        " видимые остаются именуются названия"
    ),
    "japanese": (
        "エラーメッセージ エラー メッセージ は が を に の へ で と も や から まで より"
        " 追加 し する した して します ない こと ハードコード ファイル フォルダ ディレクトリ"
        " 変数 変数名 関数 関数名 クラス クラス名 メソッド モジュール 定数 型 名前 命名"
        " コメント コード 行 文字列 テキスト 翻訳 日本語 英語 書く 書き 書いて 使う 使い 使用"
        " 使わ 付ける 付け 置く 置き 置いて ください てください 必ず 常に 短く 小文字 大文字"
        " スネークケース キャメルケース 金額 ファイル名 モジュール名 日付は 整数 日付 形式 一覧"
        " 並べる 並べ 順 アルファベット ドキュメント 例 タイトル コンポーネント ユーザー 画面"
        " 表示 される れる 統一 すべて 各 同じ 記述 ずに ず として です ます"
        " コミットメッセージ コミット"
    ),
    "chinese": (
        "错误 信息 消息 错误信息 文件 文件夹 目录 变量 变量名 函数 函数名 类 类名 方法 模块"
        " 常量 类型 名称 命名 注释 代码 行 字符串 文本 翻译 文件名 中文 英文 使用 编写 写"
        " 放 在 中 里 到 添加 加 的 和 与 或 用 以 为 是 请 不要 不 要 应 应该 必须"
        " 始终 保持 简短 小写 大写 金额 整数 分 日期 格式 列表 排序 按 字母 顺序 文档 示例"
        " 标题 组件 用户 可见 所有 每个 相同 统一 硬编码 提交信息 驼峰 下划线"
    ),
    "korean": (
        "오류 메시지 메시지는 메시지를 파일 파일에 파일은 폴더 폴더에 변수 변수명은 함수"
        " 함수명은 클래스 모듈 상수 타입 이름은 주석 주석은 코드 한국어로 영어로 작성 작성한다"
        " 작성합니다 작성하세요 사용 사용한다 사용합니다 사용하세요 추가 추가한다 추가하세요 항상"
        " 모든 짧게 소문자로 대문자로 금액은 정수로 날짜는 형식으로 문서 문서는 예제 제목은"
    ),
    "turkish": (
        "ve veya bir bu her tüm için ile de da hata mesajı mesajları dosya dosyası dosyaları klasör klasörüne"
        " değişken değişkenler fonksiyon fonksiyonlar sınıf sınıflar modül kod yorum yorumlar satır metin çeviri"
        " çeviriler türkçe ingilizce yaz yazılır yazın kullan kullanın kullanılır ekle ekleyin kısa küçük büyük harf"
        " harfle tutar tarih biçim liste tip sabit belge örnek başlık daima"
    ),
    "swedish": (
        "och eller i på till för med av från är ska skall måste inte aldrig alltid varje alla ett en den det de som"
        " namn namnen filnamn fil filer mapp mappen mappar fel felmeddelande felmeddelanden meddelande meddelanden"
        " svenska engelska skriv skriva skrivs använd använda används variabel variabler variabelnamn funktion"
        " funktioner funktionsnamn klass klasser modul moduler kod koden kommentar kommentarer rad rader text texter"
        " översättning översättningar stora små bokstäver gemener versaler belopp ören heltal datum format lista"
        " lägg dokumentation exempel rubrik rubriker ordning bokstavsordning"
    ),
    "danish": (
        "og eller i på til for med af fra er skal ikke aldrig altid hver alle et en den det de som navn navne"
        " filnavn filnavne fil filer mappe mappen mapper fejl fejlmeddelelse fejlmeddelelser feilmelding"
        " feilmeldinger besked beskeder meldinger dansk norsk engelsk skriv skrive skrives bruk brug bruges brukes"
        " variabel variabler variabelnavn variabelnavne funktion funktioner funksjon funksjoner klasse klasser modul"
        " moduler kode kommentar kommentarer linje linjer tekst tekster oversættelse oversættelser små store"
        " bogstaver bokstaver beløb heltal dato datoer format liste tilføj legg dokumentation dokumentasjon eksempel"
        " overskrift overskrifter"
    ),
    "finnish": (
        "ja tai on ovat ei älä aina jokainen kaikki nimi nimet tiedosto tiedostot tiedostojen tiedostoon kansio"
        " kansioon virhe virheet virheilmoitus virheilmoitukset viesti viestit suomeksi englanniksi kirjoita"
        " kirjoitetaan käytä käytetään muuttuja muuttujat muuttujien funktio funktiot funktioiden luokka luokat"
        " moduuli koodi kommentti kommentit rivi rivit teksti tekstit käännös käännökset pienillä isoilla"
        " kirjaimilla summa summat sentteinä päivämäärä päivämäärät muoto lista lisää dokumentaatio esimerkki"
        " otsikko otsikot"
    ),
    "czech": (
        "a nebo v ve na do s se z ze pro podle od po je jsou musí nikdy vždy každý každá každé všechny název názvy"
        " souboru soubor soubory souborů složka složky složce chyba chyby chyb chybové hlášení hlášky zpráva zprávy"
        " česky anglicky češtině angličtině v piš pište psát píší používej používejte používají proměnná proměnné"
        " proměnných funkce funkcí třída třídy tříd modul moduly kód kódu komentář komentáře řádek řádky text texty"
        " překlad překlady malými velkými písmeny částka částky haléřích celá čísla datum data formát seznam přidej"
        " přidávejte dokumentace příklad nadpis nadpisy"
    ),
    "ukrainian": (
        "і й та або в у на до з із для по від не ніколи завжди кожен кожна кожне усі всі ім'я імена імен назви файл"
        " файли файлів папка папці помилка помилки помилок повідомлення повідомлень про українською англійською"
        " мовою пиши пишіть писати пишуться використовуй використовуйте змінна змінні змінних функція функції"
        " функцій клас класи класів модуль модулі код коді коментар коментарі рядок рядки текст тексти переклад"
        " переклади малими великими літерами сума суми копійках цілих числах дата дати формат форматі список додай"
        " додавай додавайте документація приклад заголовок комітів"
    ),
    "romanian": (
        "se și sau în pe la cu din pentru de este sunt trebuie să nu niciodată întotdeauna mereu fiecare toate toți"
        " nume numele fișier fișiere fișierelor fișierul director directorul eroare erori erorilor mesaj mesaje"
        " mesajele română engleză scrie scrieți scriu folosește folosiți variabilă variabile variabilelor funcție"
        " funcții funcțiilor clasă clase modul module cod codul comentariu comentarii comentariile linie linii text"
        " texte traducere traduceri litere mici mari sumă sumele bani întregi dată date format listă adaugă adăugați"
        " documentație documentația exemplu titlu titluri"
    ),
    "hungarian": (
        "és vagy a az egy is nem soha mindig minden összes név nevek neve nevei fájl fájlok fájlba mappa mappába"
        " hiba hibák hibaüzenet hibaüzenetek üzenet üzenetek magyarul angolul írd írjuk írjátok használj használd"
        " használjunk változó változók változónevek függvény függvények függvénynevek osztály osztályok modul"
        " modulok kód megjegyzés megjegyzések sor sorok szöveg szövegek fordítás fordítások kisbetűs nagybetűs"
        " kisbetűvel nagybetűvel összeg összegek fillérben egész dátum dátumok formátum lista dokumentáció példa cím"
        " címek"
    ),
    "greek": (
        "και ή σε στο στη στα στον στην με από για είναι πρέπει να δεν μη μην ποτέ πάντα κάθε όλα όλες όλοι το τα η"
        " οι ο του των της όνομα ονόματα αρχείο αρχεία αρχείων φάκελο φάκελος σφάλμα σφάλματα σφαλμάτων μήνυμα"
        " μηνύματα ελληνικά αγγλικά γράφονται γράψε γράφετε χρησιμοποίησε χρησιμοποιήστε μεταβλητή μεταβλητές"
        " μεταβλητών συνάρτηση συναρτήσεις συναρτήσεων κλάση κλάσεις μονάδα κώδικας σχόλιο σχόλια γραμμή γραμμές"
        " κείμενο κείμενα μετάφραση μεταφράσεις πεζά κεφαλαία ποσά ακέραιοι ημερομηνία ημερομηνίες μορφή λίστα"
        " πρόσθεσε προσθέστε τεκμηρίωση παράδειγμα τίτλος τίτλοι"
    ),
    "indonesian": (
        "dan atau di ke dari untuk dengan pada adalah harus tidak jangan pernah selalu setiap semua yang nama"
        " berkas file folder kesalahan pesan galat bahasa indonesia inggris tulis ditulis menulis gunakan memakai"
        " variabel fungsi kelas modul kode komentar baris teks terjemahan huruf kecil besar jumlah sen bilangan"
        " bulat tanggal format daftar tambahkan dokumentasi contoh judul komponen tipe konstanta metode dalam"
    ),
    "vietnamese": (
        "và hoặc trong vào từ cho với ở là phải không bao giờ luôn mỗi mọi tất cả các những được bằng tên tệp thư"
        " mục lỗi thông báo tiếng việt anh viết dùng sử dụng biến hàm lớp mô-đun mã chú thích dòng văn bản bản dịch"
        " chữ thường hoa số tiền nguyên ngày định dạng danh sách thêm tài liệu ví dụ tiêu đề kiểu hằng phương thức"
        " đặt"
    ),
    "arabic": (
        "و أو في إلى من على مع كل جميع دائما دائمًا لا أبدا أبدًا يجب أن اسم أسماء الملف الملفات ملف ملفات المجلد"
        " مجلد خطأ الخطأ الأخطاء رسالة رسائل الرسائل بالعربية بالإنجليزية العربية الإنجليزية باللغة اكتب تكتب تُكتب"
        " استخدم استخدموا متغير المتغيرات دالة الدوال صنف الأصناف الوحدات تعليق التعليقات سطر الأسطر نص النصوص"
        " الترجمة الترجمات أحرف صغيرة كبيرة التاريخ التواريخ صيغة قائمة أضف الوثائق التوثيق مثال عنوان العناوين"
    ),
    "hebrew": (
        "ו או ב ל של על עם כל תמיד לא אף פעם יש את שם שמות קובץ קבצים הקבצים תיקייה תיקיית שגיאה שגיאות השגיאה"
        " הודעה הודעות הודעת בעברית באנגלית עברית אנגלית כתוב כתבו נכתבות נכתבים לכתוב השתמש השתמשו להשתמש משתנה"
        " משתנים המשתנים פונקציה פונקציות הפונקציות מחלקה מחלקות מודול קוד בקוד הערה הערות ההערות שורה שורות טקסט"
        " טקסטים תרגום תרגומים באותיות קטנות גדולות תאריך תאריכים תבנית רשימה הוסף הוסיפו תיעוד דוגמה כותרת כותרות"
    ),
    "hindi": (
        "और या में को से के की का पर लिए साथ हर सभी हमेशा कभी न नहीं नाम फ़ाइल फाइल फ़ाइलों फ़ोल्डर त्रुटि"
        " त्रुटियाँ संदेश संदेशों हिंदी हिन्दी अंग्रेज़ी अंग्रेजी लिखें लिखे लिखो जाएँ जाएं जाते हैं है करें उपयोग"
        " प्रयोग वेरिएबल चर फ़ंक्शन फलन क्लास मॉड्यूल टिप्पणी टिप्पणियाँ कोड पंक्ति पाठ अनुवाद छोटे बड़े अक्षरों"
        " राशि तारीख तारीखें प्रारूप सूची जोड़ें दस्तावेज़ उदाहरण शीर्षक"
    ),
    "thai": (
        "ข้อความ ข้อผิดพลาด ไฟล์ ชื่อ ชื่อไฟล์ โฟลเดอร์ ตัวแปร ฟังก์ชัน คลาส โมดูล คอมเมนต์ ความคิดเห็น โค้ด บรรทัด"
        " คำแปล ภาษา ไทย อังกฤษ เขียน ใช้ ใน เป็น ด้วย และ หรือ ที่ ของ ทุก เสมอ ต้อง ไม่ ตัวพิมพ์ เล็ก ใหญ่ วันที่"
        " รูปแบบ รายการ เพิ่ม เอกสาร ตัวอย่าง หัวข้อ"
    ),
}
