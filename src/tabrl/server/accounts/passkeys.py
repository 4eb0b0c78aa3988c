"""Passkeys: made by an invitation, added to an account, and signed in with."""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from tabrl.errors import NotAllowedError
from tabrl.server.accounts.pending import Pending
from tabrl.store.people import People, new_person_id
from tabrl.store.tables import PasskeyRow, PersonRow

log = logging.getLogger(__name__)
NAME = "TabRL"


@dataclass(frozen=True)
class _Begun:
    """What a browser was asked to sign.

    Attributes:
        person: whose passkey it will be; empty to sign in.
        invitation: the secret of the invitation, where it makes the person.
    """

    challenge: bytes
    person: str = ""
    name: str = ""
    invitation: str = ""


class Passkeys:
    """WebAuthn ceremonies, each in two halves: `begin_` gives a secret and what the browser's
    `navigator.credentials` takes, and the other half takes the secret and what that answered.

    Args:
        origin: where people open the studio; its host name is what passkeys are bound to.
    """

    def __init__(self, people: People, origin: str) -> None:
        self._people, self._origin = people, origin
        self._host = urlsplit(origin).hostname or ""
        self._pending: Pending[_Begun] = Pending()

    def begin_join(self, invitation: str, name: str) -> tuple[str, dict[str, Any]]:
        """For somebody new; `NotFoundError` where the invitation is good no more."""
        self._people.invitation(invitation)
        return self._begin(new_person_id(), name, invitation)

    def join(self, secret: str, answer: dict[str, Any], label: str) -> PersonRow:
        """The new person.

        Raises:
            NotAllowedError: what the browser answered does not prove anything.
            NotFoundError: it took too long, or the invitation was used.
        """
        begun = self._pending.take(secret)
        row = self._verified(begun, answer, label)
        return self._people.join(begun.invitation, begun.name, id=begun.person, passkey=row)

    def begin_add(self, person: PersonRow) -> tuple[str, dict[str, Any]]:
        """For another passkey of a person."""
        return self._begin(person.id, person.name)

    def add(self, person: PersonRow, secret: str, answer: dict[str, Any], label: str) -> None:
        """Add a passkey to a person; raises as `join`."""
        begun = self._pending.take(secret)
        if begun.person != person.id or begun.invitation:
            raise NotAllowedError("This was begun by somebody else.", "Begin again.")
        row = self._verified(begun, answer, label)
        row.person_id = person.id
        self._people.add_passkey(row)

    def begin_sign_in(self) -> tuple[str, dict[str, Any]]:
        """For anybody: the browser knows which passkeys it has for this studio."""
        from webauthn import generate_authentication_options, options_to_json
        from webauthn.helpers.structs import UserVerificationRequirement

        options = generate_authentication_options(
            rp_id=self._host, user_verification=UserVerificationRequirement.REQUIRED
        )
        secret = self._pending.hold(_Begun(options.challenge))
        return secret, json.loads(options_to_json(options))

    def sign_in(self, secret: str, answer: dict[str, Any]) -> str:
        """The id of the person who signed; raises as `join`."""
        from webauthn import verify_authentication_response

        begun = self._pending.take(secret)
        known = self._people.passkey(str(answer.get("id", "")))
        if known is None or begun.person:
            raise NotAllowedError("This passkey is not known here.", "It may have been removed.")
        verified = _checked(
            verify_authentication_response,
            credential=answer,
            expected_challenge=begun.challenge,
            expected_rp_id=self._host,
            expected_origin=self._origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
        self._people.use_passkey(known.id, verified.new_sign_count)
        return known.person_id

    def _begin(self, person: str, name: str, invitation: str = "") -> tuple[str, dict[str, Any]]:
        from webauthn import base64url_to_bytes, generate_registration_options, options_to_json
        from webauthn.helpers.structs import (
            AuthenticatorSelectionCriteria,
            PublicKeyCredentialDescriptor,
            ResidentKeyRequirement,
            UserVerificationRequirement,
        )

        options = generate_registration_options(
            rp_id=self._host,
            rp_name=NAME,
            user_id=person.encode(),
            user_name=name,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.id))
                for row in self._people.passkeys(person)
            ],
        )
        secret = self._pending.hold(_Begun(options.challenge, person, name, invitation))
        return secret, json.loads(options_to_json(options))

    def _verified(self, begun: _Begun, answer: dict[str, Any], label: str) -> PasskeyRow:
        from webauthn import verify_registration_response
        from webauthn.helpers import bytes_to_base64url

        verified = _checked(
            verify_registration_response,
            credential=answer,
            expected_challenge=begun.challenge,
            expected_rp_id=self._host,
            expected_origin=self._origin,
            require_user_verification=True,
        )
        return PasskeyRow(
            id=bytes_to_base64url(verified.credential_id),
            name=label,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            created=datetime.now(UTC),
        )


def _checked(verify: Any, **given: Any) -> Any:
    """What the library makes of a browser's answer, which is a stranger's."""
    try:
        return verify(**given)
    except Exception as error:  # its own, and those of what it parses with
        log.info("a passkey was refused", extra={"why": str(error)})
        raise NotAllowedError(
            "The passkey could not be verified.",
            f"Open the studio at {given['expected_origin']}, and try again.",
        ) from error
