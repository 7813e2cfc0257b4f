"""Small tables in the encodings of spreadsheets: one of the two that are proposed is theirs."""

import random

import pytest

from gdviz.tables.plaintext import likely_encodings

CHINESE = "面积 租金 房龄 楼层 价格 温度 湿度 城市 编号 日期 距离 学生 成绩 年龄 身高 体重"
KOREAN = "면적 임대료 나이 층 가격 온도 습도 서울 부산 번호 날짜 거리 학생 성적 연령"
GERMAN = "Fläche Größe Miete Höhe Übung Straße München Köln Jahr Preis Länge Stück Temperatur"
FRENCH = "surface loyer âge étage température humidité année élève hôtel forêt Genève prix durée"
PRICED = "Preis€ prix(€) Größe surface(m²) Kosten€ café“noir” loyer€ élève Fläche"


def tables(words: str, count: int = 10) -> list[str]:
    """Tables of 2 to 10 rows under some of the words, in some of them names in a column as well."""
    made = []
    for seed in range(count):
        rng = random.Random(seed)
        width = rng.randint(2, 4)
        names, rows = rng.sample(words.split(), width), []
        for _ in range(rng.randint(2, 10)):
            numbers = [f"{rng.uniform(0, 99):.{rng.choice([0, 2])}f}" for _ in range(width)]
            rows.append([rng.choice(words.split()), *numbers[1:]] if seed % 3 == 0 else numbers)
        made.append("\n".join(",".join(row) for row in [names, *rows]) + "\n")
    return made


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        *((CHINESE, codec) for codec in ("gbk", "gb18030", "utf-16-le", "utf-16-be", "utf-32")),
        (KOREAN, "euc_kr"),
        (GERMAN, "latin-1"),
        (GERMAN, "utf-16-le"),
        (FRENCH, "latin-1"),
        (PRICED, "cp1252"),
    ],
)
def test_one_of_two_proposals_reads_as_it_was_written(words, encoding):
    texts = [text for text in tables(words) if not text.isascii()]
    assert len(texts) > 8
    for text in texts:
        data = text.encode(encoding)
        proposals = likely_encodings(data)[:2]
        assert text in [data.decode(name, "replace") for name in proposals], proposals
