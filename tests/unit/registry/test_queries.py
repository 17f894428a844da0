"""What people mean by what they type, and how words sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry_api.organisations.queries import MOST_WORDS, understood
from shared.alphabet import ALPHABET, search_key, search_tokens


@pytest.mark.parametrize(
    "spellings",
    [
        ("Қызылорда", "Кызылорда", "Qyzylorda", "Kyzylorda", "QYZYLORDA"),
        ("Маңғыстау", "Мангистау", "Mangystau", "Mañğystau"),
        ("Шымкент", "Шимкент", "Shymkent", "Şymkent"),
        ("Әлем", "Алем", "Alem", "Älem", "əlem"),
        ("Жетісу", "Жетысу", "Zhetisu", "Jetisu"),
        ("гимназия", "gimnaziya", "gimnazia"),
        ("Момышұлы", "Momyshuly", "Momyşūly", "Момышулы"),
        ("Қонаев", "Конаев", "Qonaev", "Qonayev", "Konaev"),
        ("Әл-Фараби", "аль-Фараби", "Al-Farabi", "Al'-Farabi"),
    ],
)
def test_a_word_sounds_the_same_however_it_is_written(spellings: tuple[str, ...]) -> None:
    assert len({search_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize("pair", [("Орал", "Арал"), ("Абай", "Абыл"), ("мектеп", "мектебі"), ("46", "146")])
def test_words_that_differ_stay_apart(pair: tuple[str, str]) -> None:
    assert search_key(pair[0]) != search_key(pair[1])


@given(st.text(alphabet=ALPHABET + ALPHABET.upper() + " №0123456789-«»\u00a0", max_size=60))
def test_every_kazakh_text_sounds_in_plain_letters(text: str) -> None:
    assert all(token.isascii() and token.isalnum() for token in search_tokens(text))


@given(st.text(max_size=200))
def test_any_text_at_all_can_be_searched_for(text: str) -> None:
    words = understood(text)

    assert len(words) <= MOST_WORDS
    for word in words:
        assert word.alternatives
        assert all(pattern.startswith("% ") and pattern.endswith("%") for one in word.alternatives for pattern in one)
        assert "\x00" not in str(word)


@pytest.mark.parametrize(
    "typed", ["№176", "N176", "No.176", "No 176", "номер 176", "176-шы", "#176", "N°176", "176-ая"]
)
def test_however_a_number_is_marked_it_is_the_number(typed: str) -> None:
    (word,) = understood(typed)

    assert (word.is_number, word.alternatives) == (True, (("% 176 %",),))


def test_words_that_say_little_decide_only_when_nothing_else_is_said() -> None:
    assert [word.decides for word in understood("КГУ школа имени Абая")] == [False, False, False, True]
    assert [word.decides for word in understood("школа")] == [True]


def test_a_short_word_is_not_guessed_at_and_a_long_one_may_have_two_mistakes() -> None:
    short, middle, long = understood("Абы Абыла Момышылыв")

    assert [word.guess is not None for word in (short, middle, long)] == [False, True, True]
    assert [middle.mistakes, long.mistakes] == [1, 2]
