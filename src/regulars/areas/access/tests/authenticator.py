"""A passkey made of code, for tests: it answers what the house asks, and can be told to answer wrongly."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

HERE = "https://localhost"
_UP, _UV, _AT = 0x01, 0x04, 0x40


class Authenticator:
    """One key. `counter` moves on with each answer; `verifies` says whether it asked for a finger or PIN."""

    def __init__(self, number: bytes = b"a key on the ring", *, origin: str = HERE) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.number, self.origin, self.counter, self.verifies, self.user = number, origin, 0, True, ""

    def make(self, options: dict[str, Any]) -> str:
        """The answer to what `create` is asked."""
        asked = options["publicKey"]
        self.user = asked["user"]["id"]
        data = AttestedCredentialData.create(
            Aaguid.NONE, self.number, ES256.from_cryptography_key(self.key.public_key())
        )
        told = AttestationObject.create("none", self._data(asked["rp"]["id"], _AT, data), {})
        client = CollectedClientData.create("webauthn.create", websafe_decode(asked["challenge"]), self.origin)
        return self._answer({"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(told)})

    def show(self, options: dict[str, Any], *, user: str | None = None) -> str:
        """The answer to what `get` is asked."""
        asked = options["publicKey"]
        self.counter += 1
        client = CollectedClientData.create("webauthn.get", websafe_decode(asked["challenge"]), self.origin)
        data = self._data(asked["rpId"], 0, None)
        signature = self.key.sign(data + sha256(client), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": self.user if user is None else user,
            }
        )

    def _data(self, place: str, flags: int, data: AttestedCredentialData | None) -> AuthenticatorData:
        flag = AuthenticatorData.FLAG(flags | _UP | (_UV if self.verifies else 0))
        told: AuthenticatorData = AuthenticatorData.create(sha256(place.encode()), flag, self.counter, data or b"")
        return told

    def _answer(self, response: dict[str, str]) -> str:
        number = websafe_encode(self.number)
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": response})
