"""Keys for a throwaway home."""

import json
import os
import secrets
from pathlib import Path


def write_keys(path: Path) -> None:
    keys = {name: secrets.token_hex(32) for name in ("home", "database", "fields", "chain", "sign")}
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        json.dump(keys, file)
