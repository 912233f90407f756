"""Who may use the pages: a one-time token or a password is exchanged for a session."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from forensics.errors import Fault, InputError

__all__ = ["Password", "Session", "Sessions", "read_password"]

SESSION_S = 12 * 3600
TOKEN_S = 15 * 60
_TRIES, _TRIES_S = 5, 60.0
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


@dataclass
class Session:
    """One browser. ``csrf`` has to come back with everything it posts."""

    id: str
    csrf: str
    person: str
    language: str = "en"
    until: float = 0.0
    notices: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Password:
    """A password as salt and scrypt digest, so that it is not kept in memory."""

    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, text: str) -> Password:
        salt = secrets.token_bytes(16)
        return cls(salt, hashlib.scrypt(text.encode(), salt=salt, **_SCRYPT))

    def fits(self, text: str) -> bool:
        """Compared in constant time."""
        given = hashlib.scrypt(text.encode()[:1024], salt=self.salt, **_SCRYPT)
        return hmac.compare_digest(given, self.digest)


def read_password(path: Path) -> Password:
    """The first line of a file that nobody else may read.

    Raises
    ------
    InputError
        When it cannot be read, is readable by others, or holds fewer than eight characters.
    """
    try:
        text = path.read_text(encoding="utf-8").splitlines()[:1]
        mode = path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Fault(str(path), message=f"cannot be read: {error}.")) from None
    if mode & 0o077:
        raise InputError(Fault(str(path), message="can be read by others.", advice=f"Run: chmod 600 {path}"))
    if not text or len(text[0].strip()) < 8:
        raise InputError(Fault(str(path), message="holds no password of eight characters or more in its first line."))
    return Password.of(text[0].strip())


class Sessions:
    """Tokens, sessions and failed tries. Only digests of tokens are kept, and each works once."""

    def __init__(self, person: str, password: Password | None = None) -> None:
        self._person = person
        self._password = password
        self._tokens: dict[bytes, float] = {}
        self._used: set[bytes] = set()
        self._sessions: dict[str, Session] = {}
        self._failed: list[float] = []
        self._lock = threading.Lock()

    @property
    def wants_password(self) -> bool:
        """Whether people come in with a password (a team) instead of a token (the one who started it)."""
        return self._password is not None

    def new_token(self) -> str:
        """A token for one entry, good for a quarter of an hour."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens[_digest(token)] = time.monotonic() + TOKEN_S
        return token

    def enter_with_token(self, token: str) -> tuple[Session | None, str]:
        """A session, or why there is none: ``used``, ``expired`` or ``unknown``."""
        digest = _digest(token)
        with self._lock:
            if digest in self._used:
                return None, "used"
            until = self._tokens.pop(digest, None)
            if until is None:
                return None, "unknown"
            self._used.add(digest)
        if until < time.monotonic():
            return None, "expired"
        return self._new(self._person), ""

    def enter_with_password(self, password: str, person: str) -> tuple[Session | None, str]:
        """A session, or why there is none: ``wrong``, ``wait`` or ``nobody``."""
        now = time.monotonic()
        with self._lock:
            self._failed = [one for one in self._failed if one > now - _TRIES_S]
            if len(self._failed) >= _TRIES:
                return None, "wait"
        if not person.strip():
            return None, "nobody"
        if self._password is None or not self._password.fits(password):
            with self._lock:
                self._failed.append(now)
            return None, "wrong"
        return self._new(person.strip()[:120]), ""

    def find(self, name: str) -> Session | None:
        """The session of a cookie."""
        with self._lock:
            session = self._sessions.get(name)
            if session is None or session.until < time.monotonic():
                self._sessions.pop(name, None)
                return None
            return session

    def leave(self, session: Session) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(session.id, None)

    def _new(self, person: str) -> Session:
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(24), person)
        session.until = time.monotonic() + SESSION_S
        with self._lock:
            self._sessions[session.id] = session
        return session


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()[:512]).digest()
