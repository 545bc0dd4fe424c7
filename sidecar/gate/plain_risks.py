"""What an unknown word may not hold in any position, by pieces of words, in English and beyond it.

Unknown words stand only where a thing is named, so this is the second net: the things that would be run, sent, opened,
allowed or believed, and the people who would be obeyed.
"""

import re

from sidecar.gate.topics import topics_of

_ANYWHERE = (
    "admin agent alert allow anthrop api-?key approv assist attach audit auth auto-?accept away awk bash beacon"
    " bless blind bypass chat chmod chown claude clipboard codex command consent copilot cred cron curl decod"
    " delet demon deploy disab disclos discord docker download dump egress elev encod encrypt env evade eval excus"
    " exec exempt exfil expos extern fetch forbid forg ftp gist gpt grant grep hack hash hide hidden hijack host"
    " http ignor inject instal instruct jailb kill launch leak leni llm login mail malw master mcp mute ngrok npx"
    " obey oblig off-?site operat overrid pass?ph password passwd paste payload permi phish pipe-?to please"
    " prefer-?over prio privil prompt proof protect proxy prun publi purg push reddit redirect remot remov reset"
    " reveal revo revie root run rubber safe sanct sandbox script secre secur send server setuid shell silenc"
    " silent skip slack smtp sneak socat socket spawn spoof ssh ssl stealth steal submi sudo superus suppres"
    " surrend tele terminal token transcri transf transmi trojan trust tunnel unlock unrestr unsafe unveri upload"
    " url user valid verif virus vouch waive whitelist allowlist heed invok interpret izin povol carry wallet"
    " agree webhook wget wipe world yolo"
)
_STARTS = (
    "boss ceo chief cto director lead manager maintainer officer owner supervisor executive colleague reviewer"
    " customer client human people person guest visitor stranger tomorrow yesterday today tonight midnight noon"
    " monday tuesday wednesday thursday friday saturday sunday january february march april june july august"
    " september october november december deadline expir schedul sometime later whenever weekly daily hourly"
    " nightly holiday key hook connection session quer request response siphon smuggle relay ship deliver dispatch"
    " convey funnel broadcast stream mirror replicat vend courier beam forward harvest collect gather scrape scoop"
    " snatch capture log record report notify ping dial call phone contact bogus moot noise noisy sham fake phony"
    " optional needless pointless worthless useless meaningless harmless benign decor cosmetic advisory bureaucra"
    " formality nag obstacle nuisance burden waste legacy obsolete dead stale green gospel law binding sacred"
    " final supreme canon decree edict order mandate directive dictate oracle wisdom advice requirement manifest"
    " hand readme changelog access pepper hint kosher guidance recommend suggestion hint tip"
)
_ABROAD = (
    "passwort kennwort schlussel geheim zugang benutzer berecht erlaub genehm freigab ausfuhr aufruf herunterlad"
    " hochlad sende schick loesch losch ueberspring uberspring ignorier deaktiv vertrau befehl anweis umgeh"
    " abschalt motdepasse mot-de-passe secret clef autoris permet permis envoi envoy telecharg execut supprim"
    " desactiv ignore contourn confian ordre consigne contrasen clave permis permit permes envia enviar descarg"
    " ejecut borra elimin desactiv omit salta confia orden senha chave envie baix execut apagu desativ pule confie"
    " parola chiave invia scaric esegu cancell disattiv fida ordine wachtwoord sleutel toestem verstuur stuur"
    " uitvoer verwijder negeer vertrouw haslo klucz wyslij pobierz uruchom usun pomin wylacz ufaj heslo klic"
    " odesli stahn spust smaz preskoc vypn losenord nyckel skicka ladda kor hoppa lita sifre anahtar gonder indir"
    " calistir sil atla guven kata-?sandi kirim unduh jalankan hapus"
)
_TURNING_ABROAD = (
    "nicht nie niemals keine? ohne pas jamais rien sans no nunca sin n[ãa]o sem non mai senza nigdy bez не"
    " никогда без niet nooit zonder inte aldrig ikke utan uden"
)
_WEIGHTY_ABROAD = (
    "test prüf prueb lösch überspr schlüssel ausnahm clé exce eccez télé désact contraseñ hasł wyśl usuń pomiń"
    " wyłąc zezw wyjąt загру запус отправ скача удал игнор пропус отключ разреш довер парол ключ исключ"
)
RISKS_ABROAD = "|".join(
    [
        *_ANYWHERE.split(),
        *_ABROAD.split(),
        *_WEIGHTY_ABROAD.split(),
        *(rf"{word}\b" for word in _TURNING_ABROAD.split()),
    ]
)
"""As an alternative of a pattern, for words that are in small letters."""
_RISK = re.compile(
    "|".join([*_ANYWHERE.split(), *(rf"\b{stem}" for stem in (*_STARTS.split(), *_ABROAD.split()))]), re.IGNORECASE
)
_WORD = re.compile(r"[A-Za-z][a-z]{2,19}(?:-[a-z]{2,12})?|[A-Z]{2,6}s?")


def is_harmless_unknown(word: str) -> bool:
    """Whether an unknown word may name a thing: plain letters, no topic, nothing of the lists."""
    return _WORD.fullmatch(word) is not None and not topics_of(word.lower()) and _RISK.search(word) is None
