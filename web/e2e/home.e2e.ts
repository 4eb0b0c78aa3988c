import type { Browser, CDPSession, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { barriers, firstScreen, launch, SIZES, sideways, spilling } from './browser'
import { Studio } from './studio'

const KEY_MS = 30
const SLOWER = 6 // than this machine is the one that is typed on
const LONGEST = 'Dance like a flamingo on hot sand, '.repeat(60).slice(0, 2000)

const studio = new Studio()
let browser: Browser

beforeAll(async () => {
  await studio.start()
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await studio.stop()
})

const sentence = (page: Page) => page.locator('#sentence')
const button = (page: Page) => page.getByRole('button', { name: /Dream up/ })
const presets = (page: Page) => page.locator('label:has([name="length"])')
const said = (page: Page, name = 'say') => new URL(page.url()).searchParams.get(name)

async function ready(page: Page, path = '/'): Promise<void> {
  await page.goto(studio.url + path)
  await page.locator('[data-robot]').first().waitFor()
  await page.getByRole('list', { name: 'Ideas' }).waitFor()
  await page.evaluate(() => document.fonts.ready)
}

describe('typing on a slow machine', () => {
  let page: Page
  let wire: CDPSession

  beforeAll(async () => {
    const context = await browser.newContext()
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: studio.url })
    page = await context.newPage()
    wire = await context.newCDPSession(page)
  })

  beforeEach(async () => {
    await wire.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    await ready(page)
    await wire.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  })

  afterAll(() => page.context().close())

  /** Each key at its time, whether or not the page is done with the one before. */
  async function type(words: string): Promise<void> {
    const sent: Promise<unknown>[] = []
    for (const key of words) {
      sent.push(wire.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key }))
      sent.push(wire.send('Input.dispatchKeyEvent', { type: 'keyUp', key }))
      await new Promise((resolve) => setTimeout(resolve, KEY_MS))
    }
    await Promise.all(sent)
  }

  /** Put words into a field and the caret after the first `at` of their letters. */
  async function standing(field: Locator, words: string, at: number): Promise<void> {
    await field.fill(words)
    await field.evaluate(
      (box: HTMLTextAreaElement | HTMLInputElement, at) => box.setSelectionRange(at, at),
      at,
    )
  }

  test('every key arrives, wherever the caret is, and the address follows', async () => {
    await page.getByRole('button', { name: /Show all/ }).click()
    const entries = await page.evaluate(() => history.length)
    await sentence(page).focus()
    await type('Dance like a flamingo on hot sand')
    expect(await sentence(page).inputValue()).toBe('Dance like a flamingo on hot sand')
    await standing(sentence(page), 'Dance son hot sand', 6)
    await type('softly and slowly ')
    expect(await sentence(page).inputValue()).toBe('Dance softly and slowly son hot sand')
    await expect.poll(() => said(page)).toBe('Dance softly and slowly son hot sand')
    expect(await page.evaluate(() => history.length)).toBe(entries)
  })

  test('an input method composes in the middle, slower than the address follows', async () => {
    await standing(sentence(page), 'Dance now', 6)
    for (const text of ['ゆ', 'ゆっ', 'ゆっくり']) {
      const end = text.length
      const composing = { text, selectionStart: end, selectionEnd: end }
      await wire.send('Input.imeSetComposition', composing)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    await wire.send('Input.insertText', { text: 'ゆっくり' })
    await type(' and ')
    expect(await sentence(page).inputValue()).toBe('Dance ゆっくり and now')
    await expect.poll(() => said(page)).toBe('Dance ゆっくり and now')
  })

  test('what is pasted stands where the caret was', async () => {
    await page.evaluate(() => navigator.clipboard.writeText('like a crab '))
    await standing(sentence(page), 'Walk sideways', 5)
    await sentence(page).press('Control+v')
    await type('and ')
    expect(await sentence(page).inputValue()).toBe('Walk like a crab and sideways')
  })

  test('an idea replaces the sentence; a link, Back and Forward bring theirs', async () => {
    await page.goto(`${studio.url}/?say=Take%20a%20bow`)
    expect(await sentence(page).inputValue()).toBe('Take a bow')
    const idea = page.getByRole('list', { name: 'Ideas' }).getByRole('button').nth(1)
    await idea.click()
    const words = await idea.innerText()
    expect(await sentence(page).inputValue()).toBe(words)
    await expect.poll(() => said(page)).toBe(words)
    await page.getByRole('link', { name: 'Explore', exact: true }).click()
    await page.waitForURL(/explore/)
    await page.goBack()
    await expect.poll(() => sentence(page).inputValue()).toBe(words)
    await sentence(page).press('End')
    await type('!')
    await page.getByRole('link', { name: 'Explore', exact: true }).click() // before the pause
    await page.waitForURL(/explore/)
    await page.goBack()
    await expect.poll(() => sentence(page).inputValue()).toBe(`${words}!`)
    await page.goForward()
    await page.waitForURL(/explore/)
  })

  test('what stands in the box is what is sent, before the address follows', async () => {
    const sent = page.waitForRequest(/training\/approaches/)
    await page.route(/training\/approaches/, (route) => route.abort()) // nothing need train here
    await sentence(page).focus()
    await type('Wiggle')
    await sentence(page).press('Control+Enter')
    expect((await sent).postDataJSON().sentence).toBe('Wiggle')
    await page.unroute(/training\/approaches/)
  })

  test('a robot chosen while the keys still rest keeps both', async () => {
    await sentence(page).focus()
    await type('Roll')
    await page.locator('[data-robot="SpotFlatTerrainJoystick"]').dispatchEvent('click')
    await expect.poll(() => said(page)).toBe('Roll')
    expect(said(page, 'robot')).toBe('SpotFlatTerrainJoystick')
    expect(await sentence(page).inputValue()).toBe('Roll')
  })

  test('both searches take every key as well', async () => {
    const robots = page.getByRole('searchbox', { name: 'Search robots' })
    await standing(robots, 'go1 stand', 4)
    await type('hand')
    expect(await robots.inputValue()).toBe('go1 handstand')
    await expect.poll(() => said(page, 'find')).toBe('go1 handstand')
    await expect.poll(() => page.locator('[data-robot]').count()).toBe(1)
    expect(await page.locator('[data-robot="Go1Handstand"]').isVisible()).toBe(true)
    await page.goto(`${studio.url}/experiments`)
    const experiments = page.getByRole('searchbox', { name: 'Search experiments' })
    await standing(experiments, 'no words', 3)
    await type('such ')
    expect(await experiments.inputValue()).toBe('no such words')
    await page.getByText('Nothing found for “no such words”.').waitFor()
    expect(said(page, 'q')).toBe('no such words')
  })
})

describe('the first screen', () => {
  let page: Page
  let wire: CDPSession

  beforeAll(async () => {
    page = await browser.newPage({ reducedMotion: 'reduce' })
    wire = await page.context().newCDPSession(page)
    await ready(page)
  })

  afterAll(() => page.close())

  for (const { width, height, zoom } of SIZES) {
    test(`${width} x ${height}, zoom ${zoom}: sentence, button and presets are on it`, async () => {
      const metrics = { width, height, deviceScaleFactor: zoom, mobile: false }
      await wire.send('Emulation.setDeviceMetricsOverride', metrics)
      await page.waitForFunction((width) => window.innerWidth === width, width)
      await sentence(page).fill('')
      expect(await firstScreen(sentence(page))).toBe(true)
      expect(await firstScreen(button(page))).toBe(true)
      expect(await presets(page).count()).toBe(3)
      expect(await firstScreen(presets(page))).toBe(true)
      expect(await spilling(page)).toEqual([])
      expect(await sideways(page)).toBeLessThanOrEqual(0)

      await sentence(page).fill(LONGEST)
      expect(await firstScreen(sentence(page))).toBe(true)
      expect(await firstScreen(button(page))).toBe(true)
      const hidden = await sentence(page).evaluate((box) => box.scrollHeight - box.clientHeight)
      expect(hidden).toBeGreaterThan(0) // and can be scrolled to, within
    })

    test(`${width} x ${height}, zoom ${zoom}: nor does an open drawer spill`, async () => {
      await page.locator('details').evaluateAll(open, true)
      expect(await spilling(page)).toEqual([])
      expect(await sideways(page)).toBeLessThanOrEqual(0)
      await page.locator('details').evaluateAll(open, false)
    })
  }
})

function open(drawers: Element[], wide: boolean): void {
  for (const drawer of drawers) (drawer as HTMLDetailsElement).open = wide
}

describe('what is read', () => {
  const chips = (page: Page) => page.getByRole('group', { name: 'What I read' })
  const words = (page: Page) => chips(page).getByRole('button').allTextContents()

  test('stands under the sentence, is corrected, and is kept with the experiment', async () => {
    const page = await (await browser.newContext()).newPage()
    await ready(page)
    await sentence(page).pressSequentially('Walk 2 m to the left, then sit, my cucumber')
    await expect.poll(() => words(page)).toContain('sit')
    expect((await words(page)).filter((text) => !text.startsWith('+'))).toEqual([
      'walk',
      'to the left',
      '2 m',
      'sit',
    ])
    expect(await chips(page).locator('s').allTextContents()).toEqual(['cucumber'])
    expect(await barriers(page)).toEqual([])

    const left = chips(page).getByRole('button', { name: 'to the left' })
    await left.press('Enter')
    const menu = page.getByRole('menu', { name: 'Change which way' })
    await menu.waitFor()
    expect(await barriers(page)).toEqual([])
    await page.keyboard.press('Escape')
    await menu.waitFor({ state: 'detached' })
    expect(await left.evaluate((it) => it === document.activeElement)).toBe(true)
    await left.click()
    await menu.getByRole('menuitemradio', { name: 'to the right' }).click()
    await expect.poll(() => words(page)).toContain('to the right')

    await button(page).click()
    await page.waitForURL(/experiments/)
    const kept = page.getByText(/^Read as/)
    await kept.waitFor()
    expect(await kept.textContent()).toBe(
      'Read as walk · to the right · 2 m, then sit; not read: cucumber',
    )
    await page.close()
  })

  test('does not move the sentence, and a menu is whole on a telephone', async () => {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } })
    await ready(page)
    const box = await button(page).boundingBox()
    await sentence(page).fill('Turn left')
    await expect.poll(() => words(page)).toContain('turn')
    expect(await button(page).boundingBox()).toEqual(box)
    await chips(page).getByRole('button', { name: 'turn' }).click()
    const menu = await page.getByRole('menu').boundingBox()
    expect(menu && menu.x >= 0 && menu.x + menu.width <= 390).toBe(true)
    expect(menu && menu.y >= 0 && menu.y + menu.height <= 844).toBe(true)
    expect(await sideways(page)).toBeLessThanOrEqual(0)
    await page.close()
  })
})

describe('the page', () => {
  test('the button is the next stop after the sentence', async () => {
    const page = await browser.newPage()
    await ready(page)
    await sentence(page).press('Tab')
    expect(await button(page).evaluate((it) => it === document.activeElement)).toBe(true)
    await page.close()
  })

  test('a learned behaviour plays at its own size, with its sentence', async () => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await ready(page)
    const clip = page.locator('figure video')
    await expect
      .poll(() => clip.evaluate((it: HTMLVideoElement) => it.currentTime), { timeout: 10_000 })
      .toBeGreaterThan(0.2)
    const size = await clip.evaluate((it: HTMLVideoElement) => ({
      film: [it.videoWidth, it.videoHeight],
      shown: it.clientWidth,
    }))
    expect(size.film).toEqual([640, 480])
    expect(size.shown).toBeLessThanOrEqual(640)
    const caption = page.locator('figcaption q')
    expect(await caption.textContent()).toBe('Keep shaking your hips aloha dude!')
    await page.getByRole('button', { name: 'Do the robot dance from the 80s' }).click()
    await expect.poll(() => caption.textContent()).toBe('Do the robot dance from the 80s')
    await page.getByRole('link', { name: 'Watch 3 ways' }).click()
    await page.getByRole('heading', { level: 1, name: /robot dance/ }).waitFor()
    await page.close()
  })

  test('who wants less movement sees the picture, and no robot goes without one', async () => {
    const page = await browser.newPage({ reducedMotion: 'reduce' })
    await ready(page)
    expect(await page.locator('figure img').isVisible()).toBe(true)
    expect(await page.locator('figure video').count()).toBe(0)
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    await ready(page, '/?robot=CartpoleBalance')
    await page.locator('figure video').waitFor()
    expect(await page.locator('figcaption q').count()).toBe(0)
    await page.close()
  })

  test('says in one line who proposes, and opens to what each model needs', async () => {
    const page = await (await browser.newContext()).newPage()
    await ready(page)
    const line = page.getByText('Built in · add Claude, GPT, Gemini…', { exact: true })
    expect(await page.getByText(/ANTHROPIC_API_KEY/).isVisible()).toBe(false)
    await line.click()
    expect(await page.getByText(/ANTHROPIC_API_KEY/).isVisible()).toBe(true)
    expect(await barriers(page)).toEqual([])
    await page.close()
  })
})

test('the gallery finds makers and kinds, and no syllables', async () => {
  const page = await browser.newPage()
  await ready(page)
  const search = page.getByRole('searchbox', { name: 'Search robots' })
  const found = async (words: string) => {
    await search.fill(words)
    await expect.poll(() => said(page, 'find')).toBe(words)
    return page.locator('[data-robot]').evaluateAll((all) => all.map((it) => it.dataset.robot))
  }
  const franka = await found('franka')
  expect(franka.length).toBe(5)
  expect(franka.every((id) => id?.startsWith('Panda'))).toBe(true)
  expect(
    new Set((await found('unitree')).map((id) => /^[A-Z][a-z]*1/.exec(id ?? '')?.[0])),
  ).toEqual(new Set(['Go1', 'G1', 'H1']))
  const arms = await found('arm')
  expect(arms.slice(0, 5).sort()).toEqual(franka.sort())
  expect((await found('car')).filter((id) => id?.startsWith('Panda'))).toEqual([])
  await page.reload()
  expect(await search.inputValue()).toBe('car')
  await page.close()
})
