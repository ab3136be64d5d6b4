"""What the operator chose: the `REGULARS_…` names of the environment, read once, in one place."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_config_path, user_data_path

from regulars.kernel import crypto, keyfile


@dataclass(frozen=True, slots=True)
class Environment:
    """The operator's choices with their defaults. Empty values count as not given."""

    home: Path
    database_url: str
    key_file: Path | None
    base_url: str
    trusted_proxies: tuple[str, ...]

    @classmethod
    def read(cls, given: Mapping[str, str] = os.environ) -> "Environment":
        key_file = given.get("REGULARS_KEY_FILE") or ""
        proxies = given.get("REGULARS_TRUSTED_PROXIES") or ""
        return cls(
            home=Path(given.get("REGULARS_HOME") or user_data_path("regulars", appauthor=False))
            .expanduser()
            .absolute(),
            database_url=given.get("REGULARS_DATABASE_URL") or "",
            key_file=Path(key_file).expanduser().absolute() if key_file else None,
            base_url=(given.get("REGULARS_BASE_URL") or "").rstrip("/"),
            trusted_proxies=tuple(proxies.replace(",", " ").split()),
        )

    @property
    def https(self) -> bool:
        """Whether others reach this house by https; then cookies are `__Host-` and the browser is told to stay."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """The host name others use, or '' when only this machine does."""
        return urlsplit(self.base_url).hostname or ""

    def keys(self) -> Path:
        """Where the keys lie: as told, else the file in the config folder named by the home's id."""
        if self.key_file:
            return self.key_file
        marker = self.home / "home.id"
        name = marker.read_text(encoding="ascii").strip() if marker.is_file() else "new"
        return user_config_path("regulars", appauthor=False) / f"{name}.json"

    def secret_keys(self) -> list[str]:
        """Django's secret, drawn from the keys, so that it needs no file of its own; behind it the one before, for a
        day after it was changed.

        Where there are no keys yet (help texts, a first start before it makes them) it lasts for this process only.
        """
        if not self.keys().is_file():
            return [crypto.random_key().hex()]
        return keyfile.session_secrets(datetime.now(UTC))
