"""The words that names and places are made of: what a misspelt word is compared with."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Index, Integer, Text, bindparam, func, select, text, type_coerce
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base

_MOST_GUESSES = 8

REMEMBER = """
CREATE OR REPLACE FUNCTION remember_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_words (word)
    SELECT DISTINCT found.word FROM written, unnest(string_to_array(written.search_key, ' ')) AS found (word)
    WHERE found.word ~ '^[a-z]{4,40}$' AND NOT EXISTS (SELECT FROM search_words known WHERE known.word = found.word);
    RETURN NULL;
END
$$
""".strip()
"""Two transactions may write the same new word: a unique index would make one wait for the other's import to end."""


def remembered(table: str) -> str:
    """The trigger by which the words of a table with a `search_key` are remembered."""
    return f"""
CREATE TRIGGER {table}_remember_search_words AFTER INSERT ON {table} REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION remember_search_words()
""".strip()


class SearchWord(Base):
    """A word, as it sounds, that was ever in a name of an organisation or a place."""

    __tablename__ = "search_words"
    __audit__ = False
    __table_args__ = (Index("ix_search_words_word", "word"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    """Not a counted number: of a database that was copied from another, a crash may give the same one twice."""
    word: Mapped[str] = mapped_column(Text(collation="C"))


def nearest(word: str, mistakes: str) -> ColumnElement[Any]:
    """Patterns of the words nearest to one that nobody knows, an empty list for one that begins a known word.

    The arguments name bound parameters: the word as it sounds, and how many letters of it may be wrong.
    """
    typed, most = bindparam(word, type_=Text), bindparam(mistakes, type_=Integer)
    known = select(SearchWord.id).where(SearchWord.word.startswith(typed, autoescape=False)).exists()
    distance = func.levenshtein_less_equal(SearchWord.word, typed, most)
    near = select("% " + SearchWord.word + " %").where(~known, distance <= most)
    nearest_first = near.order_by(distance, SearchWord.word).limit(_MOST_GUESSES)
    return type_coerce(func.array(nearest_first.scalar_subquery()), ARRAY(Text))
