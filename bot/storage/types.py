"""Column types: UTC-only instants, text encrypted at rest, JSON validated by pydantic on its way in and out."""

from datetime import UTC, datetime
from typing import Any, Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic_core import to_jsonable_python
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

Id = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; a naive one is refused rather than guessed at."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _in_utc(value)

    # A message is two dozen of these: each database takes the shortest way.

    def bind_processor(self, dialect: Dialect) -> Any:
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """A session of PostgreSQL tells instants in UTC, and psycopg says so: nothing is left to do."""
        return _from_text if dialect.name == "sqlite" else None


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("A datetime without a zone cannot be stored.")
    return value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    """As SQLAlchemy writes it to SQLite, which knows no zones: "2027-01-05 09:00:00.000000"."""
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds")[:26]


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class WrongKeys(Exception):
    """What is stored was sealed with a key that we do not have."""


class Cipher(Protocol):
    """Turns private text into what is stored, and back."""

    def seal(self, text: str) -> str: ...

    def open(self, stored: str) -> str:
        """Raises WrongKeys."""
        ...


class FernetCipher:
    """The first key encrypts, every key decrypts, so that keys can be rotated. Without keys text is stored as it is.

    Stored values say which they are ("e:" or "p:"), so keys can be introduced later.
    """

    def __init__(self, keys: tuple[str, ...] = ()) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None

    def seal(self, text: str) -> str:
        if self._fernet is None:
            return "p:" + text
        return "e:" + self._fernet.encrypt(text.encode()).decode()

    def open(self, stored: str) -> str:
        if stored.startswith("p:"):
            return stored[2:]
        if self._fernet is None:
            raise WrongKeys
        try:
            return self._fernet.decrypt(stored[2:].encode()).decode()
        except InvalidToken:
            raise WrongKeys from None


class PrivateText(TypeDecorator[str]):
    """Text a member wrote, or a secret. The cipher belongs to the engine: `Database` hangs it on the dialect."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _cipher(dialect).seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _cipher(dialect).open(value)


def _cipher(dialect: Dialect) -> Cipher:
    cipher: Cipher = dialect.buddy_cipher  # type: ignore[attr-defined]  # set by Database; a dialect has no typed place for it
    return cipher


class Document(TypeDecorator[Any]):
    """JSON. Models, dates and enums go in as they are; plain data comes out, for the row's record to validate."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return to_jsonable_python(value)
