import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type KoaContextWithOIDC } from 'oidc-provider'

const CLIENT = { id: 'tabrl', secret: 'a-secret-of-the-tests-that-is-long-enough' }

/** What is wrong in a token that the provider really signed. */
const FAULTS = {
  expired: () => ({ exp: Math.floor(Date.now() / 1000) - 600 }),
  'another issuer': () => ({ iss: 'https://id.example' }),
  'another nonce': () => ({ nonce: 'of-another-sign-in' }),
  'another audience': () => ({ aud: 'another-site' }),
}

export type Fault = keyof typeof FAULTS

/** A real server of OpenID Connect on this machine, which takes any name. */
export class OpenIdServer {
  fault: Fault | null = null

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async start(redirect: string): Promise<OpenIdServer> {
    const port = await freePort()
    const issuer = `http://localhost:${port}`
    const server = createServer()
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const made = new OpenIdServer(server, issuer)
    const provider = new Provider(issuer, {
      clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirect] }],
      claims: { openid: ['sub'], profile: ['name'] },
      pkce: { required: () => true },
      jwks: {
        keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'k' }],
      },
      findAccount: (_: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, name: `Name of ${id}` }),
      }),
    })
    provider.use(async (context: KoaContextWithOIDC, next: () => Promise<void>) => {
      await next()
      const answer = context.body as { id_token?: string } | undefined
      if (context.path === '/token' && answer?.id_token && made.fault) {
        answer.id_token = signedAnew(answer.id_token, FAULTS[made.fault](), privateKey)
      }
    })
    server.on('request', provider.callback())
    await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve))
    return made
  }

  /** What the studio is told of it. */
  get settings(): Record<string, string> {
    return {
      TABRL_OIDC_ISSUER: this.issuer,
      TABRL_OIDC_CLIENT_ID: CLIENT.id,
      TABRL_OIDC_CLIENT_SECRET: CLIENT.secret,
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

/** The token with other claims, signed with the provider's own key. */
function signedAnew(token: string, claims: object, key: KeyObject): string {
  const [header = '', payload = ''] = token.split('.')
  const told = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const body = Buffer.from(JSON.stringify({ ...told, ...claims })).toString('base64url')
  const signature = sign('sha256', Buffer.from(`${header}.${body}`), key)
  return `${header}.${body}.${signature.toString('base64url')}`
}

/** A port of this machine that nobody has. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, 'localhost', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
