"""An authenticator in software: its keys and signatures are real, only the finger is missing."""

import base64
import hashlib
import json
import os

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Authenticator:
    """One passkey (ES256, no attestation), as WebAuthn level 3 lays out its bytes.

    Args:
        origin: that the browser says it is at.
        verifies: whether it knows its user, by a finger or a number.
    """

    def __init__(self, origin: str, host: str = "localhost", *, verifies: bool = True) -> None:
        self.origin, self.host = origin, host
        self.id, self.count = os.urandom(16), 0
        self.user = b""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._flags = PRESENT | (VERIFIED if verifies else 0)

    def make(self, options: dict) -> dict:
        """What `navigator.credentials.create` answers."""
        self.user = unb64(options["user"]["id"])
        numbers = self._key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"),
               -3: numbers.y.to_bytes(32, "big")}  # fmt: skip
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(key)
        made = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested}
        client = self._client("webauthn.create", options["challenge"])
        return self._credential(
            clientDataJSON=b64(client), attestationObject=b64(cbor2.dumps(made))
        )

    def sign(self, options: dict) -> dict:
        """What `navigator.credentials.get` answers."""
        self.count += 1
        client, data = self._client("webauthn.get", options["challenge"]), self._data()
        signed = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            clientDataJSON=b64(client),
            authenticatorData=b64(data),
            signature=b64(signed),
            userHandle=b64(self.user),
        )

    def _data(self, more: int = 0) -> bytes:
        head = hashlib.sha256(self.host.encode()).digest() + bytes([self._flags | more])
        return head + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _credential(self, **response: str) -> dict:
        id = b64(self.id)
        return {"id": id, "rawId": id, "type": "public-key", "response": response,
                "clientExtensionResults": {}}  # fmt: skip
