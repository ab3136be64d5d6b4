"""How long it takes to put a fresh key over the keys of all customers with sealed values.

    uv run python -m benchmarks.keys [CUSTOMERS]

Makes a key for each on a throwaway home, changes the `fields` key, and wraps every one anew in one transaction, as
`keys rotate fields` does. The promise is for 100,000: 60 seconds. Named limit: opening and sealing as many in memory.
Ends with 1 beyond the promise.
"""

import os
import sys
import tempfile
import time
from datetime import UTC, datetime

PROMISED = 60.0  # seconds for 100,000


def main() -> int:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"REGULARS_HOME": f"{folder}/home", "REGULARS_KEY_FILE": f"{folder}/keys.json"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.project.settings"
        import django

        django.setup()
        from regulars.kernel import crypto, keyfile, personkeys

        personkeys.make_keys(range(10_001, 10_001 + customers))
        keyfile.change("fields", at=datetime.now(UTC))
        began = time.perf_counter()
        wrapped = personkeys.wrap_anew()
        took = time.perf_counter() - began
        key, began = keyfile.keys().fields, time.perf_counter()
        for number in range(customers):
            aad = str(number).encode()
            crypto.unseal({key.id: key}, crypto.seal(key.id, key, bytes(32), aad), aad)
        bare = time.perf_counter() - began
        personkeys.close()
    allowed = PROMISED * customers / 100_000
    print(f"{wrapped:,} keys wrapped anew in {took:.2f} s (promised {allowed:.0f} s; {took / bare:.1f}x in memory)")
    return int(took > allowed or wrapped != customers)


if __name__ == "__main__":
    sys.exit(main())
