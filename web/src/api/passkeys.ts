import { ProblemError } from './client'

type Json = Record<string, unknown>

/** Has the browser make a passkey; `options` and what it answers are JSON, as WebAuthn writes it. */
export function makePasskey(options: Json): Promise<Json> {
  return asked(() =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options as never),
    }),
  )
}

/** Has the browser prove that it has a passkey of this studio. */
export function showPasskey(options: Json): Promise<Json> {
  return asked(() =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options as never),
    }),
  )
}

async function asked(ask: () => Promise<Credential | null>): Promise<Json> {
  if (!window.PublicKeyCredential || !('parseCreationOptionsFromJSON' in PublicKeyCredential)) {
    throw new ProblemError(0, {
      detail: 'This browser makes no passkeys here.',
      hint: 'Bring it up to date, and open the studio over HTTPS.',
    })
  }
  try {
    const credential = (await ask()) as PublicKeyCredential
    return credential.toJSON() as unknown as Json
  } catch (error) {
    throw told(error)
  }
}

/** Why there is no passkey, in words that help. */
function told(error: unknown): ProblemError {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'InvalidStateError') {
    return new ProblemError(0, { detail: 'This device has a passkey of yours already.' })
  }
  if (name === 'NotAllowedError') {
    return new ProblemError(0, {
      detail: 'No passkey was used.',
      hint: 'It was cancelled, took too long, or there is none here: try again, or another device.',
    })
  }
  return new ProblemError(0, { detail: `The passkey did not work: ${String(error)}` })
}
