"""What several built-in methodologies rest on alike."""

from services.rating_engine.methodologies.built_in.words import Note, text

LEVELS = (
    Note(
        "norms",
        text(
            "№ 114-НҚ бұйрықтың деңгей шектері бар көрсеткіште балл солар арқылы өткен сызық бойынша беріледі: 3, 4 "
            "және 5-деңгей 33⅓, 66⅔ және 100 балл.",
            "Где приказ № 114-НҚ задаёт уровни, балл берётся по линии через их границы: уровни 3, 4 и 5 стоят 33⅓, 66⅔ "
            "и 100.",
            "Where order No. 114-NK sets levels, the score follows the line through their cut points: levels 3, 4 "
            "and 5 are worth 33⅓, 66⅔ and 100.",
        ),
        "Order No. 114-NK of 30 April 2026, criteria 5, 6, 7, 36 and 38",
    ),
    Note(
        "rounding",
        text(
            "Бұйрықтың шектері бүтін пайызбен берілген: алдымен бүтінге, жартысы жоғары қарай дөңгелектейміз, "
            "сондықтан 90 %-дық шек 89,5-те тұрады. Дәл 45 % анықталмаған, 4-деңгей деп қабылданды. Бастауыш пен "
            "негізгі буынның шектері бір мектеп үшін ортасынан алынды: 30, 40, 51.",
            "Границы приказа даны целыми процентами: сначала округляем до целого, половину вверх, поэтому граница 90 % "
            "стоит на 89,5. Ровно 45 % не определено, принято как уровень 4. Для школы в целом взята середина между "
            "начальной и основной ступенью: 30, 40, 51.",
            "The cut points of the order are whole percents: we round half up to the integer first, so the cut of 90 % "
            "stands at 89.5. Exactly 45 % is undefined and taken as level 4. For a whole school the middle between "
            "primary and secondary is taken: 30, 40, 51.",
        ),
        "Order No. 114-NK; the choice is recorded in /v1/attestations/criteria",
    ),
)
COMMON = (
    Note(
        "percentiles",
        text(
            "Норма жоқ жерде балл — теңдестердің ішінде кімнен жоғары екені, шеткі мәндер көршісіне тартылады.",
            "Где нормы нет, балл — доля сравнимых, которые хуже; крайние значения подтянуты к соседним.",
            "Where no norm exists the score is the share of its peers that are worse, extreme values drawn in.",
        ),
        "OECD/JRC Handbook on composite indicators (2008), step 5",
    ),
    Note(
        "gaps",
        text(
            "Ешкімнің кінәсінсіз бос орынның салмағы бағыттың ішінде қайта бөлінеді; есеп бермегені үшін төменгі ондық "
            "мән қойылады: жасыру пайдалы болмауы керек. Бағытқа салмағының жартысы, ұйымға 60 %-ы керек.",
            "Вес пропуска, в котором никто не виноват, перераспределяется внутри направления; за непредставленное "
            "ставится нижний дециль: сокрытие не должно быть выгодно. Направлению нужна половина веса, организации "
            "60 %.",
            "A gap that is nobody's doing is reweighted inside its pillar; what was not reported counts as the low "
            "decile, since hiding must not pay. A pillar needs half of its weight, an organisation 60 %.",
        ),
        "proposal; England's reason codes",
    ),
    Note(
        "limits",
        text(
            "20 балдан төмен бағыт топты C-дан жоғары көтермейді.",
            "Направление ниже 20 баллов не даёт группы выше C.",
            "A pillar under 20 points caps the band at C.",
        ),
        "proposal",
    ),
    Note(
        "uncertainty",
        text(
            "1000 рет қайта есептеледі: мәндер өз дәлдігімен, салмақтар ±20 % өзгереді. A–E топтары жарияланады, жалаң "
            "орын ешқашан.",
            "1000 пересчётов: значения в пределах их точности, веса ±20 %. Публикуются группы A–E, никогда голое "
            "место.",
            "1,000 recomputations: values within their precision, weights ±20 %. Bands A–E are published, never a bare "
            "rank.",
        ),
        "OECD/JRC Handbook on composite indicators (2008), step 7",
    ),
    Note(
        "appeals",
        text(
            "Ұйымдар өз нәтижесін алдын ала көреді және 10 жұмыс күні ішінде шағымдана алады.",
            "Организации видят свой результат заранее и могут подать апелляцию в течение 10 рабочих дней.",
            "Organisations see their result first and may appeal for 10 working days.",
        ),
        "proposal",
    ),
)
VOICE = Note(
    "voice",
    text(
        "Ата-ана сауалнамасы тек 20 және одан көп жауаппен есептеледі.",
        "Опрос родителей учитывается только с 20 ответов.",
        "The survey of parents counts only from 20 answers.",
    ),
    "proposal; indicator ORG_PARENT_SATISFACTION",
)
