import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { barriers, firstScreen, launch, sideways, spilling } from './browser'
import { Studio } from './studio'

const SCREENS = [
  [1440, 900],
  [1024, 768],
  [768, 1024],
  [720, 450],
  [390, 844],
] as const
const PATIENCE = Number(process.env.PATIENCE ?? 1)

const studio = new Studio()
let browser: Browser
let page: Page

beforeAll(async () => {
  studio.seed('two-clips=2', 'three-clips=3', 'six-clips=6', 'nine-clips=9')
  await studio.start()
  browser = await launch()
}, 120_000 * PATIENCE)

afterEach(() => page?.context().close())

afterAll(async () => {
  await browser?.close()
  await studio.stop()
})

async function open(
  path: string,
  [width, height]: readonly [number, number] = [1440, 900],
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height }, ...options })
  page = await context.newPage()
  page.setDefaultTimeout(30_000 * PATIENCE)
  await page.goto(studio.url + path)
  await page.locator('video').first().waitFor()
}

const own = (name: string) => `/experiments/${name}-clips?view=compare`
const clips = (): Locator => page.locator('figure:has(video)')
const transport = (): Locator => page.getByRole('toolbar', { name: 'All clips' })
const places = () => page.$$eval('video', (all) => all.map((video) => video.currentTime))
const sizes = () => clips().evaluateAll((all) => all.map((clip) => clip.clientWidth))

/** Waits until all clips have come so far, s. */
const reached = (seconds: number) =>
  page.waitForFunction(
    (least) => [...document.querySelectorAll('video')].every((v) => v.currentTime > least),
    seconds,
  )

describe('clips play at once', () => {
  test.each([
    ["one's own", own('three')],
    ['of the library', '/s/library-hip-shake'],
  ])('muted and in lockstep: %s', async (_, path) => {
    await open(path)
    await reached(1)
    expect(await page.$$eval('video', (all) => all.every((v) => v.muted))).toBe(true)
    const comparison = page.getByRole('region', { name: 'Comparison' })
    // Each tick brings them together; how far they come apart between two follows from the machine.
    const { ticks, worstMs } = await comparison.evaluate((e) => ({ ...e.dataset }))
    expect(Number(ticks)).toBeGreaterThan(5)
    expect(Number(worstMs)).toBeLessThan(1000)
    await page.keyboard.press('k')
    expect(new Set(await places()).size).toBe(1)
  })

  test('in the report, served or saved to a file, too', async () => {
    await open('/api/experiments/two-clips/report')
    await reached(0.3)
    const report = await (await page.request.get(page.url())).body()
    const saved = join(studio.home, 'report.html')
    writeFileSync(saved, report)
    await page.goto(`file://${saved}`)
    await reached(0.3)
    expect(await page.locator('.clips').innerText()).toMatch(/Look for yourself/)
  })

  test('but stand where the address has a place, and go on from there', async () => {
    await open(`${own('two')}&t=2.50`)
    await expect.poll(() => places()).toEqual([2.51, 2.51])
    await page.waitForTimeout(400)
    expect(await places()).toEqual([2.51, 2.51])
    await page.keyboard.press('k')
    await reached(2.8)
    expect(page.url()).not.toContain('t=')
  })

  test('and stand for who asked for less movement', async () => {
    await open(own('two'), [1440, 900], { reducedMotion: 'reduce' })
    await page.getByRole('button', { name: 'Play all' }).waitFor()
    await page.waitForTimeout(400)
    expect(await places()).toEqual([0.01, 0.01])
  })

  test('and rest while nobody sees the tab', async () => {
    await open(own('two'))
    await reached(0.3)
    const hide = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, hidden)
    await hide(true)
    await page.waitForFunction(() => [...document.querySelectorAll('video')].every((v) => v.paused))
    const [stood = 0] = await places()
    await hide(false)
    await reached(stood + 0.2)
  })
})

describe('clips and words fit', () => {
  test.each([
    [
      'nine',
      [
        [1440, 900],
        [1920, 1080],
        [768, 1024],
      ],
    ],
    ['six', [[1440, 900]]],
    [
      'three',
      [
        [1366, 768],
        [1280, 720],
        [768, 1024],
        [390, 844],
      ],
    ],
    [
      'two',
      [
        [1440, 900],
        [1366, 768],
      ],
    ],
  ] as const)('all of %s are in view with their transport', async (name, screens) => {
    await open(own(name))
    for (const [width, height] of screens) {
      await page.setViewportSize({ width, height })
      const seen = () => firstScreen(clips().or(transport()))
      await expect.poll(seen, { message: `${name} at ${width} x ${height}` }).toBe(true)
    }
  })

  test.each(['nine', 'three', 'two'])('nothing of %s leaves its box', async (name) => {
    await open(own(name))
    await page.getByRole('heading', { name: 'How they learned' }).waitFor()
    for (const [width, height] of SCREENS) {
      await page.setViewportSize({ width, height })
      await expect.poll(() => spilling(page), { message: `${name} at ${width} px` }).toEqual([])
      expect(await sideways(page)).toBeLessThanOrEqual(0)
    }
  })

  test('two use the room, and a wide screen its width', async () => {
    await open(own('two'))
    await expect.poll(async () => Math.min(...(await sizes()))).toBeGreaterThan(600)
    await page.setViewportSize({ width: 1920, height: 1080 })
    await expect.poll(async () => Math.min(...(await sizes()))).toBeGreaterThan(800)
  })

  test('nine fit the full screen', async () => {
    await open(own('nine'))
    await page.getByRole('button', { name: 'All clips full screen' }).click()
    await page.waitForFunction(() => document.fullscreenElement !== null)
    await expect.poll(() => firstScreen(clips())).toBe(true)
    expect(await firstScreen(transport())).toBe(true)
    const [first = 0] = await sizes()
    expect(first).toBeGreaterThan(290)
  })

  test('with large zoom the transport hides no clip', async () => {
    await open(own('nine'), [720, 450], { deviceScaleFactor: 2 })
    await expect.poll(async () => Math.min(...(await sizes()))).toBeGreaterThan(200)
    const boxes = await clips().evaluateAll((all) =>
      all.map((clip) => clip.getBoundingClientRect().bottom),
    )
    const bar = await transport().evaluate((e) => e.getBoundingClientRect().top)
    expect(bar).toBeGreaterThanOrEqual(Math.max(...boxes))
  })
})

describe('each clip says what it is', () => {
  test('provider, name and verdict stand on it, with a hue of its own', async () => {
    await open(own('nine'))
    await clips().nth(8).getByText('GPT').waitFor()
    const told = await clips().evaluateAll((all) => all.map((clip) => clip.textContent))
    expect(told.slice(0, 3)).toEqual(
      [
        'Aloha RollBuilt inDoes it',
        'Side GlideBuilt inLook for yourself',
        'Hula CircleBuilt inNot yet',
      ].map((words) => expect.stringContaining(words)),
    )
    expect(told.map((words) => /Built in|Claude|GPT/.exec(words ?? '')?.[0])).toEqual([
      ...Array(3).fill('Built in'),
      ...Array(3).fill('Claude'),
      ...Array(3).fill('GPT'),
    ])
    const hues = await clips().evaluateAll((all) => all.map((clip) => clip.dataset.hue))
    expect(new Set(hues).size).toBe(9)
    expect(await barriers(page)).toEqual([])
  })

  test('what is missing, what is reached and what became better stand below it', async () => {
    await open(own('three'))
    const card = page.getByRole('article', { name: 'Verdict on Hula Circle' })
    await card.getByText('Too little hip swing: 0.002 of 0.15 rad').waitFor()
    await card.getByText(/^Does already: .*no falls/).waitFor()
    await card.getByText(/^Better than Aloha Roll: hip swing 0.021 → 0.287 rad/).waitFor()
    expect(await card.getByRole('button', { name: 'Train on Hula Circle' }).isVisible()).toBe(true)
    expect(await page.locator('main').innerText()).not.toMatch(/\bFail\b/)
  })

  test('a winner is crowned with one press and kept, for the list and for others, too', async () => {
    await open(own('three'))
    await page.getByRole('button', { name: 'Crown Side Glide' }).click()
    await clips().nth(1).getByText('Winner').waitFor()
    await page.reload()
    const crown = page.getByRole('button', { name: 'Take the crown from Side Glide' })
    await crown.waitFor()
    expect(await crown.getAttribute('aria-pressed')).toBe('true')
    const at = `${studio.url}/api/experiments`
    const share = await page.request.post(`${at}/three-clips/share`)
    await page.goto(`${studio.url}/s/${(await share.json()).share_id}`)
    await clips().nth(1).getByText('Winner').waitFor()
    expect(await page.getByRole('button', { name: /^Crown/ }).count()).toBe(0)
    const seen = await (await page.request.get(`${at}/three-clips`)).json()
    const { items } = await (await page.request.get(at)).json()
    const listed = items.find((item: { id: string }) => item.id === 'three-clips')
    expect(listed.poster).toBe(seen.approaches[1].files.poster)
  })
})
