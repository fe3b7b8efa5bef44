"""Groups of five more languages, from the first line to the last: date, marks, who came and who left."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from qunying.carriers.files.records import PastJoin, PastLeave, PastMessage, PastNotice
from qunying.carriers.files.tests.reading import chat, only, read_text
from qunying.carriers.files.whatsapp import FORMAT

PORTUGUESE = """31/12/2023 23:58 - As mensagens e as chamadas são protegidas com a criptografia de ponta a ponta.
31/12/2023 23:58 - Ana criou o grupo "Clube: leitura"
31/12/2023 23:59 - Ana adicionou João e Rui
01/01/2024 00:00 - João: Feliz ano novo! Ana removeu o bolo
01/01/2024 00:01 - Ana: <Mídia oculta>
01/01/2024 00:02 - João: Mensagem apagada
01/01/2024 00:03 - Maria entrou usando o link de convite deste grupo
01/01/2024 00:03 - Ana removeu a descrição do grupo
01/01/2024 00:04 - João saiu
13/01/2024 00:05 - Ana removeu Maria
"""
FRENCH = """31/12/2023, 23:58 - Les messages et les appels sont chiffrés de bout en bout.
31/12/2023, 23:58 - Ana a créé le groupe "Clube: leitura"
31/12/2023, 23:59 - Ana a ajouté João et Rui
01/01/2024, 00:00 - João: Bonne année ! Ana a retiré le gâteau
01/01/2024, 00:01 - Ana: <Médias omis>
01/01/2024, 00:02 - João: Ce message a été supprimé
01/01/2024, 00:03 - Maria a rejoint le groupe via un lien d'invitation
01/01/2024, 00:03 - Ana a supprimé l'icône du groupe
01/01/2024, 00:04 - João est parti
13/01/2024, 00:05 - Ana a retiré Maria
"""
ITALIAN = """31/12/23, 23:58 - I messaggi e le chiamate sono crittografati end-to-end.
31/12/23, 23:58 - Ana ha creato il gruppo "Clube: leitura"
31/12/23, 23:59 - Ana ha aggiunto João e Rui
01/01/24, 00:00 - João: Buon anno! Ana ha rimosso la torta
01/01/24, 00:01 - Ana: <Media omessi>
01/01/24, 00:02 - João: Questo messaggio è stato eliminato
01/01/24, 00:03 - Maria è entrata tramite il link d'invito del gruppo
01/01/24, 00:03 - Ana ha rimosso l'immagine del gruppo
01/01/24, 00:04 - João ha abbandonato
13/01/24, 00:05 - Ana ha rimosso Maria
"""
ARABIC = """‏31‏/12‏/2023، 11:58 م - الرسائل والمكالمات مشفّرة تمامًا بين الطرفين.
‏31‏/12‏/2023، 11:58 م - قام Ana بإنشاء المجموعة "Clube: leitura"
‏31‏/12‏/2023، 11:59 م - قام Ana بإضافة João و Rui
‏1‏/1‏/2024، 12:00 ص - João: كل عام وأنتم بخير
‏1‏/1‏/2024، 12:01 ص - Ana: <تم استبعاد الوسائط>
‏1‏/1‏/2024، 12:02 ص - João: تم حذف هذه الرسالة
‏1‏/1‏/2024، 12:03 ص - انضم Maria باستخدام رابط دعوة هذه المجموعة
‏1‏/1‏/2024، 12:03 ص - قام Ana بتغيير صورة المجموعة
‏1‏/1‏/2024، 12:04 ص - غادر João
‏13‏/1‏/2024، 12:05 ص - قام Ana بإزالة Maria
"""
KOREAN = """2023. 12. 31. 오후 11:58 - 메시지와 통화는 종단간 암호화됩니다.
2023. 12. 31. 오후 11:58 - Ana님이 "Clube: leitura" 그룹을 만들었습니다
2023. 12. 31. 오후 11:59 - Ana님이 João님과 Rui님을 추가했습니다
2024. 1. 1. 오전 12:00 - João: 새해 복 많이 받으세요! Ana님이 나갔습니다
2024. 1. 1. 오전 12:01 - Ana: <미디어 제외됨>
2024. 1. 1. 오전 12:02 - João: 삭제된 메시지입니다
2024. 1. 1. 오전 12:03 - Maria님이 이 그룹의 초대 링크를 사용하여 참여했습니다
2024. 1. 1. 오전 12:03 - Ana님이 그룹 사진을 변경했습니다
2024. 1. 1. 오전 12:04 - João님이 나갔습니다
2024. 1. 13. 오전 12:05 - Ana님이 Maria님을 내보냈습니다
"""


@pytest.mark.parametrize("text", [PORTUGUESE, FRENCH, ITALIAN, ARABIC, KOREAN], ids=["pt", "fr", "it", "ar", "ko"])
def test_who_came_and_left_is_told_when_the_phone_speaks_another_language(tmp_path: Path, text: str) -> None:
    records = read_text(FORMAT, tmp_path, text)
    joins, leaves, messages = only(PastJoin, records), only(PastLeave, records), only(PastMessage, records)
    assert chat(records).name == "Clube: leitura"
    assert [([one.name for one in join.people], join.inviter and join.inviter.name, join.via) for join in joins] == [
        (["Ana"], None, "created"),
        (["João", "Rui"], "Ana", "added"),
        (["Maria"], None, "link"),
    ]
    assert [([one.name for one in leave.people], leave.operator and leave.operator.name) for leave in leaves] == [
        (["João"], None),
        (["Maria"], "Ana"),
    ]
    assert [(bool(one.media), one.is_recalled) for one in messages] == [(False, False), (True, False), (False, True)]
    assert messages[0].at == datetime(2024, 1, 1)
    assert len(only(PastNotice, records)) == 2


def test_arabic_digits_are_read_when_the_phone_writes_them(tmp_path: Path) -> None:
    (message,) = only(PastMessage, read_text(FORMAT, tmp_path, "٣١/١٢/٢٠٢٣، ١١:٥٨ م - سارة: مرحبا\n"))
    assert (message.at, message.text) == (datetime(2023, 12, 31, 23, 58), "مرحبا")


def test_a_mention_names_its_person_when_marks_stand_around_the_name(tmp_path: Path) -> None:
    line = "15/01/2024, 10:00 - Bob: @\u2068Anna Müller\u2069 und @\u2068+49 170 1234567\u2069 bitte\n"
    (message,) = only(PastMessage, read_text(FORMAT, tmp_path, line))
    assert [person.name for person in message.mentions] == ["Anna Müller", "+49 170 1234567"]


def test_who_exported_is_one_person_when_sentences_begin_and_end_with_them(tmp_path: Path) -> None:
    records = read_text(FORMAT, tmp_path, "15/01/24, 13:06 - Raj added you\n15/01/24, 13:08 - You removed Raj: x\n")
    assert [one.people[0].name for one in only(PastJoin, records)] == ["You"]
