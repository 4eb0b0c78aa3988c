import type { Browser, Page } from 'playwright-core'
import type { Studio } from './studio'

/** A person's browser with an authenticator of its own, which says yes. */
export async function person(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  const wire = await context.newCDPSession(page)
  await wire.send('WebAuthn.enable')
  await wire.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return page
}

export async function join(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('What shall we call you?').fill(name)
  await page.getByRole('button', { name: 'Join with a passkey' }).click()
  await page.getByRole('link', { name: `Your account, ${name}` }).waitFor()
}

/** The link of an invitation, which an owner makes. */
export async function invited(
  owner: Page,
  studio: Studio,
  role: string,
  whom: string,
): Promise<string> {
  await owner.goto(`${studio.url}/people`)
  await owner.getByLabel('For whom').fill(whom)
  await owner.getByLabel('Role').selectOption(role)
  await owner.getByRole('button', { name: 'Make a link' }).click()
  return owner.getByRole('textbox', { name: 'The invitation' }).inputValue()
}

/** What the API answers a page. */
export function ask(
  page: Page,
  path: string,
  method = 'GET',
  body?: unknown,
): Promise<{ status: number; text: string }> {
  return page.evaluate(
    async ([path, method, body]) => {
      const answer = await fetch(path as string, {
        method: method as string,
        cache: 'no-store', // who has watched a clip may keep it
        headers: { 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      return { status: answer.status, text: await answer.text() }
    },
    [path, method, body] as const,
  )
}

/** The status with which the API answers a page. */
export async function status(
  page: Page,
  path: string,
  method = 'GET',
  body?: unknown,
): Promise<number> {
  return (await ask(page, path, method, body)).status
}
