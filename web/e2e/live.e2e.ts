import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { barriers, launch } from './browser'
import { Studio } from './studio'

const PATIENCE = Number(process.env.PATIENCE ?? 1)
const GO1 = '/?robot=Go1JoystickFlatTerrain'
const SMALL = { width: 640, height: 520 } // software WebGL draws small pictures only

const studio = new Studio()
let browser: Browser
let page: Page
let asked: string[] = []

beforeAll(async () => {
  studio.seed('three-clips=3', 'trained-on=1')
  await studio.start()
  browser = await launch()
}, 120_000 * PATIENCE)

afterEach(() => page?.context().close())

afterAll(async () => {
  await browser?.close()
  await studio.stop()
})

async function open(path: string, wasm = true): Promise<void> {
  const context = await browser.newContext({ viewport: SMALL })
  if (!wasm) await context.route(/\.wasm$/, (route) => route.abort())
  page = await context.newPage()
  asked = []
  page.on('request', (request) => asked.push(request.url()))
  page.setDefaultTimeout(60_000 * PATIENCE)
  await page.goto(studio.url + path)
}

const canvas = () => page.getByRole('application')
const number = async (name: string) =>
  Number.parseFloat((await page.locator(`[data-number="${name}"]`).textContent()) ?? 'NaN')

const running = () => page.locator('canvas[data-state="running"]').waitFor()

async function steered(wasm = true): Promise<void> {
  await open(GO1, wasm)
  await page.getByText('It walks already').click()
  await page.getByRole('button', { name: 'Live Steer it' }).click()
  await running()
}

/** How many pixels of the picture are of the colour of a box. */
async function orange(): Promise<number> {
  const picture = (await page.locator('canvas').screenshot()).toString('base64')
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes]))
    const drawn = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    drawn?.drawImage(bitmap, 0, 0)
    const pixels = drawn?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? []
    let count = 0
    for (let i = 0; i < pixels.length; i += 4) {
      const [red, green, blue] = [pixels[i], pixels[i + 1], pixels[i + 2]] as [
        number,
        number,
        number,
      ]
      if (red > 140 && red > 1.6 * green && red > 2 * blue) count++
    }
    return count
  }, picture)
}

async function until(true_: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 60_000 * PATIENCE
  while (!(await true_())) {
    if (Date.now() > end) throw new Error(`it did not happen: ${what}`)
    await new Promise((wake) => setTimeout(wake, 50))
  }
}

describe('a live robot', () => {
  test('is a policy of the library that moves, from this server alone', async () => {
    await open('/s/library-hip-shake?view=compare')
    const before = asked.filter((url) => url.includes('wasm'))
    expect(before).toEqual([])
    await page.getByRole('button', { name: /^Live/ }).first().click()
    await running()
    await until(async () => (await number('Time')) > 2, 'two seconds')
    expect(await page.getByText('Fell, and began again').count()).toBe(0)
    const measured = page.getByRole('dialog').getByRole('row', { name: 'hip swing (rad)' })
    await until(
      async () => /0\.[12]/.test((await measured.textContent()) ?? ''),
      'a measured swing',
    )
    expect(new Set(asked.map((url) => new URL(url).origin))).toEqual(new Set([studio.url]))
    expect(await barriers(page)).toEqual([])
  })

  test('plays beside the others of its experiment, in step and under the same pushes', async () => {
    await open('/experiments/three-clips?view=compare')
    await page.getByRole('button', { name: 'All live' }).click()
    await running()
    await page.getByRole('button', { name: 'Push' }).first().click()
    await until(async () => (await number('Time')) > 3, 'three seconds')
    const cells = page.getByRole('dialog').locator('ol > li')
    expect(await cells.count()).toBe(3)
    await until(
      async () => (await cells.allTextContents()).every((text) => /does it|as asked/.test(text)),
      'all are measured',
    )
    // one policy three times: in step to the last digit
    const ways = (await cells.allTextContents()).map((text) => /[\d.]+ m/.exec(text)?.[0])
    expect(new Set(ways).size).toBe(1)
    expect(await barriers(page)).toEqual([])
  })

  test('plays beside what it was before it trained on, which one press shows again', async () => {
    await open('/experiments/trained-on?view=compare')
    const versions = page.getByRole('region', { name: /^Versions of/ })
    const rows = versions.getByRole('listitem')
    expect(await rows.nth(1).textContent()).toMatch(/^Version 2.*shown$/)
    await versions.getByRole('button', { name: 'Go back to version 1' }).click()
    await rows.filter({ hasText: /^Version 1.*shown$/ }).waitFor()
    const verdict = page.getByRole('article', { name: /^Verdict on/ })
    await verdict.getByText('Not yet').first().waitFor()
    await versions.getByRole('button', { name: 'Go forth to version 2' }).click()
    await rows.filter({ hasText: /^Version 2.*shown$/ }).waitFor()
    expect(await barriers(page)).toEqual([])
    await versions.getByRole('button', { name: 'Versions live' }).click()
    await running()
    const names = page.getByRole('dialog').locator('ol > li strong')
    expect(await names.allTextContents()).toEqual(['Version 1', 'Version 2'])
  })

  test('is taken away as a page of its own', async () => {
    await open('/experiments/three-clips?view=compare')
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Live page (zip)' }).click()
    expect((await saved).suggestedFilename()).toMatch(/-page\.zip$/)
  })

  test('walks as the keys say, and turns', async () => {
    await steered()
    const begun = await number('Time')
    await canvas().focus()
    await page.keyboard.down('KeyW')
    await until(async () => (await number('Time')) > begun + 5, 'five seconds ahead')
    expect(await number('From its start')).toBeGreaterThan(2)
    await page.keyboard.up('KeyW')
    await page.keyboard.down('ArrowLeft')
    await until(async () => (await number('Turn')) > 0.3, 'a turn')
    await page.keyboard.up('ArrowLeft')
  })

  test('is moved by a push and stays up', async () => {
    await steered()
    await until(async () => (await number('Time')) > 1, 'it stands')
    const before = await number('From its start')
    await page.getByRole('button', { name: 'Push' }).first().click()
    await until(async () => Math.abs((await number('From its start')) - before) > 0.03, 'a push')
    const at = await number('Time')
    await until(async () => (await number('Time')) > at + 2, 'two seconds more')
    expect(await page.getByText('Fell, and began again').count()).toBe(0)
  })

  test('a box falls in its way, lies there and is gone when it begins again', async () => {
    await steered()
    await until(async () => (await number('Time')) > 1, 'it stands')
    await page.getByRole('button', { name: 'Pause' }).click() // however long pictures take
    expect(await orange()).toBe(0)
    await page.getByRole('button', { name: 'Drop a box' }).click()
    const gone = page.getByRole('button', { name: 'Take it away' })
    await gone.waitFor()
    await until(async () => (await orange()) > 200, 'a box is seen')
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/box.png` })
    expect(await barriers(page)).toEqual([])
    await gone.click()
    await gone.waitFor({ state: 'detached' })
    await until(async () => (await orange()) === 0, 'it is gone')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.keyboard.press('KeyB')
    await gone.waitFor()
    await page.getByRole('button', { name: 'Begin again' }).click()
    await gone.waitFor({ state: 'detached' })
  })

  test('begins again after a fall, and says so', async () => {
    await steered()
    const strength = page.getByLabel(/^Motor strength/)
    await strength.fill('0.1')
    await page.getByText('Fell, and began again').waitFor()
    await strength.fill('1')
    await until(async () => (await number('Time')) > 1.5, 'it stands again')
  })
})

describe('where WASM is blocked', () => {
  const state = (words: string) => page.getByRole('dialog').getByText(words, { exact: true })

  test('the server runs it, the page says so and steers it', async () => {
    await steered(false)
    await state('Connected').waitFor()
    await page.getByText(/^This browser cannot run it/).waitFor()
    const server = page.getByRole('button', { name: 'The server' })
    expect(await server.getAttribute('aria-pressed')).toBe('true')
    expect(await page.getByRole('button', { name: 'Twenty starts' }).count()).toBe(0)
    await canvas().focus()
    await page.keyboard.down('KeyW') // the server goes on while this browser draws its pictures
    await until(async () => (await number('From its start')) > 2, 'two metres ahead')
    await page.keyboard.up('KeyW')
    await until(async () => (await number('Delay')) > 0, 'a delay')
    await page.keyboard.press('KeyB')
    await page.getByRole('button', { name: 'Take it away' }).waitFor()
    expect(await barriers(page)).toEqual([])
  })

  test('several run beside each other, and pushes are felt', async () => {
    await open('/experiments/three-clips?view=compare', false)
    await page.getByRole('button', { name: 'All live' }).click()
    await running()
    await state('Connected').waitFor()
    const cells = page.getByRole('dialog').locator('ol > li')
    await until(
      async () => (await cells.allTextContents()).every((text) => /does it|as asked/.test(text)),
      'all are measured',
    )
    const ways = (await cells.allTextContents()).map((text) => /[\d.]+ m/.exec(text)?.[0])
    expect(new Set(ways).size).toBe(1)
  })

  test('it goes on within five seconds of a server that was killed and is back', async () => {
    await steered(false)
    await canvas().focus()
    await page.keyboard.down('KeyW')
    await until(async () => (await number('Time')) > 3, 'three seconds')
    await studio.kill()
    await page.getByText('Connection lost, trying again').first().waitFor()
    const [time, way] = [await number('Time'), await number('From its start')]
    await studio.start()
    const back = Date.now()
    await until(async () => (await number('Time')) > time + 0.5, 'it goes on')
    expect(Date.now() - back).toBeLessThan(5000 * PATIENCE)
    await state('Connected').waitFor()
    expect(await number('From its start')).toBeGreaterThan(way) // still told to walk, from there
    await page.keyboard.up('KeyW')
  })
})

test('who runs the robot is chosen, and stays so', async () => {
  await steered()
  const [here, there] = ['This page', 'The server'].map((name) =>
    page.getByRole('button', { name }),
  ) as [Locator, Locator]
  expect(await here.getAttribute('aria-pressed')).toBe('true')
  await page.getByLabel(/^Mass/).fill('1.5')
  await there.click()
  await page.getByText('Connected', { exact: true }).waitFor()
  await running()
  expect(await page.getByText('Mass 150%').count()).toBe(1)
  await page.reload()
  await page.getByText('It walks already').click()
  await page.getByRole('button', { name: 'Live Steer it' }).click()
  await running()
  expect(await there.getAttribute('aria-pressed')).toBe('true')
  await here.click()
  await running()
  await until(async () => (await number('Time')) > 0.5, 'the page runs it again')
  await page.getByText('No connection needed').waitFor()
})
