"""Django's SQLite engine on SQLCipher: the encrypted file, with the settings that keep what was confirmed.

Every setting has its reason in `docs/decisions/0015-sqlcipher.md`.
"""
