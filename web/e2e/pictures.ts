import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { launch } from './browser'
import { Studio } from './studio'

/** The documentation's pictures of the page, as PNG in the folder PICTURES: `make pictures`. */
const OUT = process.env.PICTURES ?? '.'
const SHARED = '/s/library-hip-shake'
const LOOKS = ['light', 'dark'] as const
const SIZES = { 1440: 900, 1024: 900, 390: 844 }

const studio = new Studio()
let browser: Browser

beforeAll(async () => {
  mkdirSync(OUT, { recursive: true })
  studio.seed('nine-clips=9')
  await studio.start()
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await studio.stop()
})

for (const look of LOOKS) {
  for (const [width, height] of Object.entries(SIZES)) {
    test(`the studio and the clips, ${width} px, ${look}`, async () => {
      const page = await browser.newPage({
        colorScheme: look,
        viewport: { width: Number(width), height },
      })
      await page.goto(studio.url)
      await settled(page)
      await page.screenshot({ path: join(OUT, `studio-${width}-${look}.png`) })
      await page.goto(`${studio.url}${SHARED}?t=2.10`)
      await settled(page)
      await page.screenshot({ path: join(OUT, `compare-${width}-${look}.png`) })
      await page.close()
    })
  }
}

for (const look of LOOKS) {
  for (const [width, height] of Object.entries({ 1440: 900, 390: 844 })) {
    test(`robots live, ${width} px, ${look}`, async () => {
      const page = await browser.newPage({
        colorScheme: look,
        viewport: { width: Number(width), height },
      })
      page.setDefaultTimeout(120_000)
      for (const [name, path, button] of [
        ['one', SHARED, /^Live/],
        ['nine', '/experiments/nine-clips?view=compare', 'All live'],
      ] as const) {
        await page.goto(studio.url + path)
        await page.getByRole('button', { name: button }).first().click()
        await page.locator('canvas[data-state="running"]').waitFor()
        await page.waitForTimeout(9000)
        await page.screenshot({ path: join(OUT, `live-${name}-${width}-${look}.png`) })
      }
      await page.close()
    }, 300_000)
  }
}

test('the gallery', async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1060 } })
  await page.goto(studio.url)
  await settled(page)
  await page.getByRole('searchbox', { name: 'Search robots' }).evaluate((box) => {
    window.scrollTo(0, box.getBoundingClientRect().top + window.scrollY - 140)
  })
  await settled(page)
  await page.screenshot({ path: join(OUT, 'gallery-1440-light.png') })
  await page.close()
})

test('the editor with a finding', async () => {
  const page = await browser.newPage({
    colorScheme: 'dark',
    viewport: { width: 1440, height: 900 },
  })
  await page.goto(studio.url + SHARED)
  await page.getByRole('button', { name: 'Make it mine' }).click()
  const card = page.locator('article[data-approach]').first()
  await card.getByText('Tune').click()
  await card.getByRole('button', { name: 'Edit code' }).click()
  const editor = page.getByRole('textbox', { name: 'Reward source' })
  await editor.press('ControlOrMeta+End')
  for (const key of ['ArrowUp', 'ArrowUp', 'End']) await editor.press(key)
  await page.keyboard.insertText('\n        "wave": near(s.hip_swing, 0.2, 0.1),')
  await page.getByText('Not valid yet').waitFor()
  await settled(page)
  await page.screenshot({ path: join(OUT, 'edit-1440-dark.png') })
  await page.close()
})

/** Pictures loaded, clips at their place, nothing moving in. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(2500)
}
