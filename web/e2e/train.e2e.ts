import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { barriers, firstScreen, launch, SIZES, sideways, spilling } from './browser'
import { Studio } from './studio'

const LONG_MS = 480_000 * Number(process.env.PATIENCE ?? 1) // for checks and trainings
const SENTENCE = 'Balance as calmly as you can'
const ENDLESS = `Sway ${'to the left, to the right and '.repeat(66)}`.slice(0, 1990)
const ROBOT = 'CartpoleBalance'

const studio = new Studio()
let browser: Browser
let page: Page

beforeAll(async () => {
  await studio.start()
  browser = await launch()
  page = await (await browser.newContext()).newPage()
  page.setDefaultTimeout(30_000)
})

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return
  const picture = join(tmpdir(), 'tabrl-train.png')
  await page.screenshot({ path: picture })
  console.error(`${page.url()}, as in ${picture}\n${await page.innerText('main')}`)
})

afterAll(async () => {
  await browser?.close()
  await studio.stop()
})

const approach = (place: number): Locator => page.locator('article[data-approach]').nth(place)
const jobs = (): Locator => page.locator('article[data-job]')
const cards = (): Locator => page.locator('main article')

/** A draft, made as any program may make one; it opens at what is returned. */
async function draft(sentence: string, approaches = 3): Promise<string> {
  const answer = await page.request.post(`${studio.url}/api/training/approaches`, {
    data: {
      robot: ROBOT,
      sentence,
      approaches,
      steps: 60_000_000, // more than a test waits for
      hyperparameters: { num_envs: 64 },
    },
  })
  expect(answer.status()).toBe(201)
  return `${studio.url}/experiments/${(await answer.json()).id}`
}

/** Texts in the colour of failure. */
function red(shown: Locator): Promise<string[]> {
  return shown.evaluate((main) => {
    const probe = main.appendChild(document.createElement('i'))
    probe.style.color = 'var(--fail)'
    const fail = getComputedStyle(probe).color
    probe.remove()
    const texts = [...main.querySelectorAll('*')].filter((e) =>
      [...e.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      ),
    )
    return texts
      .filter((e) => getComputedStyle(e).color === fail)
      .map((e) => e.textContent?.trim() ?? '')
  })
}

async function headingOrder(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withRules(['heading-order']).analyze()
  return violations.flatMap(({ nodes }) => nodes.map((node) => node.html))
}

describe('a draft', () => {
  let address = ''

  test('of an endless sentence leaves the page to its approaches', async () => {
    await page.goto(await draft(ENDLESS, 1))
    const title = page.getByRole('heading', { level: 1 })
    await page.getByRole('button', { name: 'Show all' }).waitFor()
    const height = async () => (await title.boundingBox())?.height ?? 0
    const short = await height()
    expect(short).toBeLessThan(140)
    await page.getByRole('button', { name: 'Show all' }).click()
    expect(await height()).toBeGreaterThan(4 * short)
    await page.getByRole('button', { name: 'Show less' }).click()
    expect(await height()).toBe(short)
    await page.goto(`${studio.url}/experiments`)
    await cards().first().waitFor()
    expect((await cards().first().boundingBox())?.height).toBeLessThan(420)
  })

  test('shows its robot, and the button that trains all on every first screen', async () => {
    address = await draft(SENTENCE)
    await page.goto(address)
    const train = page.getByRole('button', { name: 'Train all 3' })
    await train.waitFor({ timeout: LONG_MS })
    const picture = approach(0).locator('figure')
    await picture.locator('video').waitFor()
    for (const { width, height, zoom } of SIZES) {
      await page.setViewportSize({ width, height })
      expect(await firstScreen(train), `the button at ${width}x${height}`).toBe(true)
      if (zoom === 1) expect(await firstScreen(picture), `the robot, ${width} px`).toBe(true)
      expect(await spilling(page)).toEqual([])
      expect(await sideways(page)).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize({ width: 1366, height: 768 })
    expect(await headingOrder()).toEqual([])
  })

  test('says what a term is for, and puts a weight back', async () => {
    await approach(0).getByText('Tune').click()
    const term = approach(0)
      .getByRole('listitem')
      .filter({ has: page.getByRole('slider') })
      .first()
    const slider = term.getByRole('slider')
    const before = await slider.getAttribute('aria-valuetext')
    expect(await term.getByRole('paragraph').textContent()).toMatch(/\w+ ?\w+ \w+/)
    expect(await term.getByLabel(/^What .* pays$/).textContent()).toMatch(/standing still [−\d.]+/)
    expect(await spilling(page)).toEqual([])
    await slider.press('ArrowRight')
    await page.reload()
    await approach(0).getByText('Tune').click()
    expect(await slider.getAttribute('aria-valuetext')).not.toBe(before)
    await term.getByRole('button', { name: `to ${before}` }).click()
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe(before)
  })

  test('is edited with the typed line in sight, and keeps what was not kept', async () => {
    const open = () => approach(0).getByRole('button', { name: 'Edit code' }).click()
    const editor = page.getByRole('textbox', { name: 'Reward source' })
    await page.setViewportSize({ width: 1280, height: 720 })
    await open()
    await editor.press('ControlOrMeta+End')
    await page.keyboard.insertText('\n# a line of my own')
    const line = page.locator('.cm-activeLine')
    expect(await line.textContent()).toBe('# a line of my own')
    expect(await firstScreen(line)).toBe(true)
    expect(await barriers(page)).toEqual([])
    await page.keyboard.press('Escape') // is the editor's own
    await page.getByRole('button', { name: 'Close' }).click()
    await approach(0).getByText('Draft, not kept yet').waitFor()
    await page.reload()
    await approach(0).getByText('Tune').click()
    await open()
    await page.getByText('# a line of my own').waitFor()
    await page.getByRole('button', { name: 'Discard changes' }).click()
    await editor.waitFor({ state: 'hidden' })
    expect(await approach(0).getByText('Draft, not kept yet').count()).toBe(0)
  })
})

describe('a training', () => {
  test('is on the first screen at every size', async () => {
    await page.getByRole('button', { name: 'Train all 3' }).click({ timeout: LONG_MS })
    await expect
      .poll(
        () =>
          jobs()
            .getByText(/ left$/)
            .count(),
        { timeout: LONG_MS },
      )
      .toBe(3)
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0)
    await jobs().locator('video').nth(2).waitFor()
    for (const { width, height } of SIZES) {
      await page.setViewportSize({ width, height })
      for (const seen of [
        jobs().getByRole('progressbar'),
        jobs().getByText(/^Practising \d+%$/),
        jobs().getByText(/ left$/),
      ]) {
        expect(await seen.count()).toBe(3)
        expect(await firstScreen(seen), `${width}x${height}`).toBe(true)
      }
      expect(await spilling(page)).toEqual([])
      expect(await sideways(page)).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize({ width: 1366, height: 768 })
    expect(await barriers(page)).toEqual([])
    expect(await headingOrder()).toEqual([])
    const current = page.getByRole('navigation', { name: 'Steps' }).locator('[aria-current="step"]')
    expect(await current.textContent()).toContain('Training')
  })

  test('that is stopped says so at once, and ends without a red word', async () => {
    for (const place of [0, 1, 2]) {
      const job = jobs().nth(place)
      await job.getByRole('button', { name: 'Stop' }).click()
      await job.getByText('Stopping').waitFor({ timeout: 1000 })
    }
    await expect
      .poll(
        () =>
          jobs()
            .getByText(/^Stopped/)
            .count(),
        { timeout: LONG_MS },
      )
      .toBeGreaterThanOrEqual(6) // a chip and a sentence each
    await jobs().getByText('Stopped. It keeps what it learned so far.').first().waitFor()
    expect(await red(jobs().first())).toEqual([])
    expect(await jobs().getByRole('alert').count()).toBe(0)
    expect(await jobs().getByText('First clip').count()).toBe(0)
  })
})

describe('the list', () => {
  test('shows what is of a kind, and searches among it', async () => {
    await page.getByRole('link', { name: 'Experiments' }).click()
    await page.getByRole('button', { name: 'Stopped or failed' }).click()
    await expect.poll(() => cards().count()).toBe(1)
    expect(await cards().first().textContent()).toContain(SENTENCE)
    await page.getByRole('button', { name: 'Drafts' }).click()
    await expect.poll(() => cards().first().textContent()).toContain('Sway')
    await cards().first().locator('img').waitFor()
    expect(page.url()).toContain('show=drafts')
    await page.getByRole('searchbox').fill('calmly')
    await page.getByText('Nothing found for “calmly” among “Drafts”.').waitFor()
    await page.getByRole('button', { name: 'All', exact: true }).click()
    await expect.poll(() => cards().count()).toBe(1)
    expect(await headingOrder()).toEqual([])
    expect(await spilling(page)).toEqual([])
  })

  test('brings back what was deleted by mistake, and nothing that is gone', async () => {
    const address = await draft('Nothing that anybody needs', 1)
    await page.goto(address)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.waitForURL(/\/experiments$/)
    await page.getByText('Deleted “Nothing that anybody needs”').waitFor()
    await cards().or(page.getByText('No robot has learned')).first().waitFor()
    expect(await cards().getByText('Nothing that').count()).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => cards().getByText('Nothing that').count()).toBe(1)
    await page.goto(address)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.waitForURL(/\/experiments$/)
    await page.goBack()
    await page.getByRole('heading', { name: 'It is gone' }).waitFor()
    await page.reload() // leaving the page sends what was to be undone
    await page.getByText(/no such experiment/).waitFor()
    const kept = await page.request.get(address.replace('/experiments/', '/api/experiments/'))
    expect(kept.status()).toBe(404)
  })
})
