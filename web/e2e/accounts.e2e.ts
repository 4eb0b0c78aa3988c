import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, launch, SIZES, sideways, spilling } from './browser'
import { freePort, OpenIdServer } from './openid'
import { person as aPerson, invited as invite, join, status } from './people'
import { Studio } from './studio'

const EXPERIMENT = 'hostedWithClips'
const SOON = { timeout: 30_000 }
const PICTURES = process.env.ACCOUNT_PICTURES

let studio: Studio
let provider: OpenIdServer
let browser: Browser
let owner: Page
let maker: Page
let stranger: Page

const person = () => aPerson(browser)
const invited = (role: string, whom: string) => invite(owner, studio, role, whom)

beforeAll(async () => {
  const port = await freePort()
  provider = await OpenIdServer.start(`http://localhost:${port}/api/account/provider/callback`)
  studio = new Studio(['--accounts'], provider.settings)
  studio.url = `http://localhost:${port}`
  studio.seed(`${EXPERIMENT}=3`)
  await studio.start()
  browser = await launch()
  owner = await person()
  maker = await person()
  stranger = await person()
})

afterAll(async () => {
  await browser?.close()
  await provider?.stop()
  await studio?.stop()
})

describe('people with passkeys', () => {
  test('the owner joins by the link in the terminal, once, and has what was there before', async () => {
    const link = /\S+\/join#\S+/.exec(studio.said)?.[0] ?? ''
    await join(owner, link, 'Ada')
    await stranger.goto(link)
    await stranger.getByText('This link invites nobody').waitFor()
    await owner.goto(`${studio.url}/experiments`)
    await owner.getByRole('link', { name: /aloha/i }).first().waitFor()
  })

  test('a maker joins by an invitation and sees nothing of anybody else', async () => {
    await join(maker, await invited('maker', 'For Bob'), 'Bob')
    await maker.goto(`${studio.url}/experiments`)
    await maker.getByText('No robot has learned anything here yet.').waitFor()
    expect(await status(maker, `/api/experiments/${EXPERIMENT}`)).toBe(404)
    expect(await status(maker, '/api/people')).toBe(403)
  })

  test('who signs out is nobody, and comes back with the same passkey', async () => {
    await maker.goto(`${studio.url}/account`)
    await maker.getByRole('button', { name: 'Sign out' }).click()
    await maker.getByRole('link', { name: 'Sign in', exact: true }).first().click()
    expect(await status(maker, '/api/experiments')).toBe(401)
    await maker.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await maker.getByRole('link', { name: 'Your account, Bob' }).waitFor()
    expect(await status(maker, '/api/experiments')).toBe(200)
  })

  test('a browser without a passkey of the studio is told so', async () => {
    await stranger.goto(`${studio.url}/sign-in`)
    await stranger.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await stranger.getByRole('alert').waitFor()
    expect(await stranger.getByRole('alert').innerText()).toContain('No passkey was used.')
  })

  test('a token is shown once, works for a program, and is revoked', async () => {
    await maker.goto(`${studio.url}/account`)
    await maker.getByLabel('What it is for').fill('My script')
    await maker.getByRole('button', { name: 'Make a token' }).click()
    const secret = await maker.getByRole('textbox', { name: 'Your new token' }).inputValue()
    const ask = () =>
      fetch(`${studio.url}/api/experiments`, { headers: { authorization: `Bearer ${secret}` } })
    expect((await ask()).status).toBe(200)
    await maker.reload()
    await maker.getByText('My script').waitFor()
    expect(await maker.content()).not.toContain(secret)
    await maker.getByRole('button', { name: 'Revoke the token My script' }).click()
    await maker.getByText('My script').waitFor({ state: 'detached' })
    expect((await ask()).status).toBe(401)
  })
})

describe('who may see', () => {
  test('what is private is nobody else’s, by link it opens, and shut again it is gone', async () => {
    await owner.goto(`${studio.url}/experiments/${EXPERIMENT}`)
    await owner.getByRole('button', { name: 'Share' }).click()
    await owner.getByRole('radio', { name: /By link/ }).check()
    const field = owner.getByLabel('Link', { exact: true })
    await expect.poll(() => field.inputValue(), SOON).toContain('/s/')
    const link = await field.inputValue()
    const share = link.split('/s/')[1]
    await stranger.goto(link)
    await stranger.getByRole('button', { name: 'Make it mine' }).waitFor()
    const clip = await stranger.evaluate(
      async (share) =>
        (await (await fetch(`/api/shared/${share}`)).json()).approaches[0].files.clip,
      share,
    )
    expect(await status(stranger, clip)).toBe(200)
    expect(await status(stranger, `/api/shared/${share}/fork`, 'POST')).toBe(401)
    expect(await status(stranger, `/api/shared/${share}/vote`, 'POST', { approach: null })).toBe(
      401,
    )
    expect(await status(maker, `/api/shared/${share}/fork`, 'POST')).toBe(201)
    await owner.getByRole('radio', { name: /Private/ }).check()
    await expect.poll(() => status(stranger, `/api/shared/${share}`), SOON).toBe(404)
    expect(await status(stranger, clip)).toBe(401)
    expect(await status(maker, clip)).toBe(404)
    expect(await status(owner, clip)).toBe(200)
  })
})

describe('by OpenID Connect', () => {
  /** Through the provider's own pages. */
  async function say(page: Page, login: string): Promise<void> {
    await page.locator('[name="login"]').fill(login)
    await page.locator('[name="password"]').fill('any')
    await page.locator('[type="submit"]').click()
    await page.locator('[type="submit"]').click() // that the studio may know the name
  }

  test('somebody joins with an invitation, signs out, and comes back', async () => {
    const page = await person()
    await page.goto(await invited('viewer', 'For Cleo'))
    await page.getByRole('button', { name: /Join with localhost/ }).click()
    await say(page, 'cleo')
    await page.getByRole('link', { name: 'Your account, Name of cleo' }).waitFor()
    await page.goto(`${studio.url}/account`)
    await page.getByText('Viewer. You can watch and vote.').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in', exact: true }).first().click()
    await page.getByRole('button', { name: /Sign in with localhost/ }).click()
    await page.getByRole('link', { name: 'Your account, Name of cleo' }).waitFor()
    expect(await status(page, '/api/training/approaches', 'POST', {})).toBe(403)
    await page.context().close()
  })

  test('who was not invited, or cancels, is told so and stays nobody', async () => {
    const page = await person()
    await page.goto(`${studio.url}/sign-in`)
    await page.getByRole('button', { name: /Sign in with localhost/ }).click()
    await page.getByRole('link', { name: /Cancel/ }).click()
    await page.getByText('The sign-in was cancelled.').waitFor()
    await page.getByRole('button', { name: /Sign in with localhost/ }).click()
    await say(page, 'mallory')
    await page.getByText('You have no account here.').waitFor()
    expect(await status(page, '/api/experiments')).toBe(401)
    await page.context().close()
  })

  test('an answer that was sent to another browser signs nobody in', async () => {
    const page = await person()
    await page.goto(`${studio.url}/sign-in`)
    const sent = page.waitForRequest(/provider\/callback/)
    await page.route(/provider\/callback/, (route) => route.abort())
    await page.getByRole('button', { name: /Sign in with localhost/ }).click()
    await say(page, 'cleo')
    const url = (await sent).url()
    await stranger.goto(url)
    await stranger.getByText('Not signed in').waitFor()
    expect(await status(stranger, '/api/experiments')).toBe(401)
    await page.context().close()
  })

  test.each([
    ['expired', 'its token is too old'],
    ['another issuer', 'its token names another issuer'],
    ['another nonce', 'its token was made for another sign-in'],
    ['another audience', 'its token is for another site'],
  ] as const)('a provider that answers with %s signs nobody in: %s', async (fault, _told) => {
    const page = await person()
    provider.fault = fault
    try {
      await page.goto(`${studio.url}/sign-in`)
      await page.getByRole('button', { name: /Sign in with localhost/ }).click()
      await say(page, 'cleo')
      await page.getByText('The sign-in did not succeed.').waitFor()
      expect(await status(page, '/api/experiments')).toBe(401)
    } finally {
      provider.fault = null
      await page.context().close()
    }
  })
})

describe('the pages', () => {
  async function check(context: BrowserContext, page: Page, path: string): Promise<void> {
    await page.goto(studio.url + path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const theme = { message: `${path} ${colorScheme}`, ...SOON } // colours follow in a moment
      await expect.poll(() => barriers(page), theme).toEqual([])
      for (const { width, height } of SIZES) {
        await page.setViewportSize({ width, height })
        const message = `${path} ${width}`
        await expect.poll(() => sideways(page), { message, ...SOON }).toBeLessThanOrEqual(0)
        expect(await spilling(page), message).toEqual([])
        if (PICTURES && (width === 1440 || width === 390)) {
          const name = `${path.replace(/\W/g, '') || 'studio'}-${width}-${colorScheme}`
          await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true })
        }
      }
    }
    expect(context.pages()).toHaveLength(1)
  }

  test('nothing keeps anybody out, and all of it fits, in both themes', async () => {
    const door = await person()
    const link = await invited('maker', 'For Dora, who paints with robots')
    for (const path of ['/account', '/people']) await check(owner.context(), owner, path)
    await check(door.context(), door, '/sign-in')
    await check(door.context(), door, link.replace(studio.url, ''))
    await check(door.context(), door, '/')
    await door.context().close()
  })

  test('the share dialogue is worked by keys alone', async () => {
    await owner.goto(`${studio.url}/experiments/${EXPERIMENT}`)
    await owner.getByRole('button', { name: 'Share' }).focus()
    await owner.keyboard.press('Enter')
    const by = (name: RegExp) => owner.getByRole('radio', { name })
    await by(/Private/).focus()
    await owner.keyboard.press('ArrowDown')
    await expect.poll(() => by(/By link/).isChecked(), SOON).toBe(true)
    await expect.poll(() => by(/By link/).isEnabled(), SOON).toBe(true)
    expect(await barriers(owner)).toEqual([])
    if (PICTURES) {
      await owner.setViewportSize({ width: 1440, height: 900 })
      await owner.screenshot({ path: `${PICTURES}/share-1440.png` })
      await owner.setViewportSize({ width: 390, height: 844 })
      await owner.screenshot({ path: `${PICTURES}/share-390.png` })
    }
  })

  test('who deletes an account is gone with all that was theirs', async () => {
    await maker.goto(`${studio.url}/account`)
    await maker.getByRole('button', { name: 'Delete my account' }).click()
    await maker.getByRole('button', { name: 'Delete all of it' }).click()
    await maker.getByRole('link', { name: 'Sign in', exact: true }).first().waitFor()
    await owner.goto(`${studio.url}/people`)
    await owner.getByText('Ada (you)').waitFor()
    expect(await owner.getByText('Bob', { exact: false }).count()).toBe(0)
    await owner.getByText('account: change').first().waitFor()
  })
})
