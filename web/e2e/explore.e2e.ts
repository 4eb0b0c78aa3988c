import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { barriers, launch, SIZES, sideways, spilling } from './browser'
import { freePort } from './openid'
import { ask, invited, join, person, status } from './people'
import { Studio } from './studio'

const SENTENCE = 'Walk backwards as if nobody were watching'
const ACTS = new URL('../../tests/experiments', import.meta.url).pathname
const SOON = { timeout: 60_000 * Number(process.env.PATIENCE ?? 1) }
const PICTURES = process.env.EXPLORE_PICTURES

// Jobs that learn nothing and leave real files: nobody waits for a training here.
const studio = new Studio(['--accounts'], { TABRL_WORKER_HANDLERS: 'small_acts', PYTHONPATH: ACTS })
let browser: Browser
let owner: Page
let ada: Page
let bob: Page
let stranger: Page
let share = ''
let clip = ''

beforeAll(async () => {
  studio.url = `http://localhost:${await freePort()}`
  await studio.start()
  browser = await launch()
  owner = await person(browser)
  ada = await person(browser)
  bob = await person(browser)
  stranger = await person(browser)
  for (const page of [owner, ada, bob, stranger]) page.setDefaultTimeout(SOON.timeout)
  await join(owner, /\S+\/join#\S+/.exec(studio.said)?.[0] ?? '', 'Olga')
  await join(ada, await invited(owner, studio, 'maker', 'Ada'), 'Ada')
  await join(bob, await invited(owner, studio, 'maker', 'Bob'), 'Bob')
})

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return
  for (const [name, page] of Object.entries({ owner, ada, bob, stranger })) {
    await page?.screenshot({ path: path(tmpdir(), `tabrl-explore-${name}.png`) })
  }
  console.error(`As in ${tmpdir()}/tabrl-explore-*.png`)
})

afterAll(async () => {
  await browser?.close()
  await studio.stop()
})

const card = (page: Page, sentence = SENTENCE): Locator =>
  page.locator('main article', { hasText: sentence })

async function explore(page: Page, words = ''): Promise<void> {
  await page.goto(`${studio.url}/explore`)
  if (!words) return
  await page.getByRole('searchbox', { name: 'Search what people taught' }).fill(words)
  await page.waitForURL(/q=/) // what is seen from here on is what was found
  await page.locator('main ul:not([data-stale])').waitFor({ state: 'attached' })
}

async function choose(page: Page, name: string): Promise<void> {
  await card(page).getByRole('button', { name: 'More about' }).click()
  await page.getByRole('button', { name }).click()
}

describe('people who show and find', () => {
  test('what one teaches is in Explore once it is public', async () => {
    await ada.goto(`${studio.url}/?say=${encodeURIComponent(SENTENCE)}`)
    await ada.getByRole('button', { name: /Dream up/ }).click()
    await ada.getByRole('button', { name: /Train all/ }).click()
    await ada.waitForURL(/experiments/)
    const id = ada.url().split('/experiments/')[1]?.split('?')[0]
    const trained = async () => {
      const { approaches } = JSON.parse((await ask(ada, `/api/experiments/${id}`)).text)
      return approaches.every((each: { status: string }) => each.status === 'finished')
    }
    await expect.poll(trained, SOON).toBe(true)
    await explore(bob, 'nobody were watching')
    await bob.getByText('Nobody has taught that here yet.').waitFor()
    await ada.getByRole('button', { name: 'Share' }).click()
    await ada.getByRole('radio', { name: /Public/ }).check()
    const link = ada.getByLabel('Link', { exact: true })
    await expect.poll(() => link.inputValue(), SOON).toContain('/s/')
    share = (await link.inputValue()).split('/s/')[1] ?? ''
  })

  test('another finds it by what it means, forks it with credit, and reports it', async () => {
    await explore(bob, 'camina hacia atrás')
    await bob.getByText('found by what is meant').waitFor()
    await card(bob).getByText('by Ada', { exact: false }).waitFor()
    clip = JSON.parse((await ask(bob, `/api/shared/${share}`)).text).approaches[0].files.clip
    await card(bob).getByRole('button', { name: 'Make it mine' }).click()
    await bob.getByRole('link', { name: /Forked from Ada’s/ }).waitFor()
    await explore(bob, 'nobody were watching')
    await choose(bob, 'Report')
    await bob.getByRole('radio', { name: 'It is somebody else’s work' }).check()
    await bob.getByLabel('What should they know?').fill('I walked so last week.')
    await bob.getByRole('button', { name: 'Report it' }).click()
    await bob.getByText('The owners of the studio will look at it.').waitFor()
  })

  test('a third without an account looks, and touches nothing', async () => {
    await explore(stranger, 'nobody were watching')
    await card(stranger).waitFor()
    expect(
      await card(stranger)
        .getByRole('button', { name: /Make it mine|More/ })
        .count(),
    ).toBe(0)
    await card(stranger).getByRole('link', { name: SENTENCE }).click()
    await stranger.getByText('Taught by Ada').waitFor()
    expect(await status(stranger, clip)).toBe(200)
    for (const [where, body] of [
      ['fork', undefined],
      ['reports', { reason: 'spam' }],
      ['vote', { approach: null }],
    ] as const) {
      expect(await status(stranger, `/api/shared/${share}/${where}`, 'POST', body)).toBe(401)
    }
    expect(await status(stranger, '/api/reports')).toBe(401)
  })

  test('an owner keeps it in the library, reads the report, hides it, and it is gone', async () => {
    await explore(owner, 'nobody were watching')
    await choose(owner, 'Add to the library')
    await owner.getByLabel('Licence').fill('CC-BY-4.0')
    await owner.getByRole('button', { name: 'Add it' }).click()
    await card(owner).getByText('In the library', { exact: true }).waitFor()
    const copy = '/api/shared/library-walk-backwards-as-if-nobody-were-wat'
    expect(await status(stranger, copy)).toBe(200)
    await owner.goto(`${studio.url}/people`)
    await owner.getByText('I walked so last week.').waitFor()
    await owner.getByRole('button', { name: `Hide from everybody ${SENTENCE}` }).click()
    await owner.getByRole('button', { name: `Show again ${SENTENCE}` }).waitFor()
    for (const page of [ada, bob, stranger, owner]) {
      expect(await status(page, `/api/shared/${share}`)).toBe(404)
      expect(await status(page, copy)).toBe(404)
      await explore(page, 'nobody were watching')
      await page.getByText('Nobody has taught that here yet.').waitFor()
    }
    expect(await status(bob, clip)).toBe(404)
    expect(await status(stranger, clip)).toBe(401)
    await stranger.goto(`${studio.url}/s/${share}`)
    await stranger.getByText('Nothing is shared under this link.').waitFor()
    await ada.goto(`${studio.url}/experiments`)
    await ada.getByRole('link', { name: SENTENCE }).first().click()
    await ada.getByText('Hidden by an owner of the studio').waitFor()
  })

  test('shown again it is back, and what was decided is noted', async () => {
    await owner.goto(`${studio.url}/people`)
    await owner.getByRole('button', { name: `Show again ${SENTENCE}` }).click()
    await owner.getByRole('button', { name: `Dismiss reports of ${SENTENCE}` }).click()
    await owner.getByText('Nobody complains, and nothing is hidden.').waitFor()
    await explore(stranger, 'nobody were watching')
    await card(stranger).waitFor()
    await owner.reload()
    for (const what of ['hidden', 'shown again', 'reports dismissed']) {
      await owner
        .getByRole('cell', { name: `experiment: hide · `, exact: false })
        .filter({ hasText: what })
        .first()
        .waitFor()
    }
  })
})

describe('the page', () => {
  test('nothing keeps anybody out, and all of it fits, in both themes', async () => {
    for (const [page, name] of [
      [owner, 'owner'],
      [stranger, 'stranger'],
    ] as const) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await explore(page) // anew: what is far from the screen changes its colours once it is near
        await page.locator('main article').first().waitFor()
        await expect.poll(() => barriers(page), { message: colorScheme, ...SOON }).toEqual([])
        for (const { width, height } of SIZES) {
          await page.setViewportSize({ width, height })
          const message = `${name} ${width}`
          await expect.poll(() => sideways(page), { message, ...SOON }).toBeLessThanOrEqual(0)
          expect(await spilling(page), message).toEqual([])
          if (PICTURES && (width === 1440 || width === 390)) {
            await page.screenshot({ path: `${PICTURES}/${name}-${width}-${colorScheme}.png` })
          }
        }
      }
    }
  })

  test('a few clips play at once, and none where less movement is asked for', async () => {
    await stranger.setViewportSize({ width: 1440, height: 2400 })
    await stranger.emulateMedia({ reducedMotion: 'no-preference' })
    await explore(stranger)
    const clips = stranger.locator('main video')
    await expect.poll(() => clips.count(), SOON).toBe(3)
    expect(await stranger.locator('main article').count()).toBeGreaterThan(6)
    await stranger.emulateMedia({ reducedMotion: 'reduce' })
    await explore(stranger)
    await stranger.locator('main article').first().waitFor()
    expect(await clips.count()).toBe(0)
    await stranger.locator('main article').nth(4).hover()
    await expect.poll(() => clips.count(), SOON).toBe(1)
  })

  test('a search and its filters are in the address, and Back brings them', async () => {
    await explore(stranger, 'walk')
    await stranger.getByLabel('Verdict').selectOption('pass')
    await stranger.waitForURL(/q=walk.*verdict=pass/)
    await stranger.getByRole('button', { name: 'Newest' }).click()
    await stranger.waitForURL(/order=newest/)
    await stranger.locator('main article').first().getByRole('link').first().click()
    await stranger.waitForURL(/\/s\//)
    await stranger.goBack()
    expect(await stranger.getByRole('searchbox').inputValue()).toBe('walk')
    expect(await stranger.getByLabel('Verdict').inputValue()).toBe('pass')
  })
})
