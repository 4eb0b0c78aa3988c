import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers, launch, sideways, spilling } from './browser'
import { Studio } from './studio'

const PUP = new URL('../../tests/robots/pup', import.meta.url).pathname
const MAKING_MS = 300_000 * Number(process.env.PATIENCE ?? 1)
const THEMES = ['light', 'dark'] as const

const studio = new Studio()
let browser: Browser
let page: Page

beforeAll(async () => {
  await studio.start()
  browser = await launch()
  page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage()
  page.setDefaultTimeout(60_000)
})

afterAll(async () => {
  await browser?.close()
  await studio.stop()
})

/** A zip of the pup's folder. */
function zipped(): Buffer {
  const base = join(mkdtempSync(join(tmpdir(), 'tabrl-pup-')), 'pup')
  const pack = 'import shutil, sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[2])'
  execFileSync('python3', ['-c', pack, base, PUP])
  return readFileSync(`${base}.zip`)
}

/** Drop a file on the panel, as a person does. */
async function drop(name: string, data: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([name, text]) => {
      const made = new DataTransfer()
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
      made.items.add(new File([bytes], name))
      return made
    },
    [name, data.toString('base64')] as const,
  )
  await page.locator('[data-drop]').dispatchEvent('drop', { dataTransfer: transfer })
}

/** Nothing bars anybody's way, at a desk and on a telephone, by day and by night. */
async function open(): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 })
    expect(await sideways(page)).toBeLessThanOrEqual(0)
    expect(await spilling(page)).toEqual([])
  }
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme })
    expect(await barriers(page)).toEqual([])
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
}

test('a zip becomes a robot that is understood, corrected, taught and removed', async () => {
  const panel = page.locator('dialog[open]')
  const card = page.getByRole('button', { name: /Add your own robot/ })
  await page.goto(studio.url)
  await card.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'ANYmal C' }).waitFor()
  await open()

  await drop('notes.txt', Buffer.from('a dog'))
  await page.getByRole('alert').getByText('notes.txt is no model').waitFor()
  await drop('rex.xml', Buffer.from('<mujoco><include file="../../rex.xml"/></mujoco>'))
  await page.getByRole('alert').getByText('outside of its own folders').waitFor()

  await drop('pup.zip', zipped())
  await page.getByRole('progressbar').waitFor()
  await page.keyboard.press('Escape') // it goes on
  await page.getByText('One is on its way').waitFor()
  await card.click()
  const name = panel.getByRole('heading', { name: 'Pup', exact: true })
  await name.waitFor({ timeout: MAKING_MS })
  const facts = panel.locator('dl').first()
  expect(await facts.innerText()).toMatch(/quadruped[\s\S]*FR, FL, RR, RL/)
  await open()

  const kind = page.getByRole('combobox', { name: 'Kind' })
  await kind.selectOption('other')
  await page.getByRole('button', { name: 'Make it again' }).click()
  await page.getByRole('progressbar').waitFor()
  await page.getByRole('progressbar').waitFor({ state: 'detached', timeout: MAKING_MS })
  expect(await facts.innerText()).toMatch(/Kind\s+other/)

  await page.getByLabel('Call it').fill('Pippin')
  await page.getByRole('button', { name: 'Teach it' }).click()
  await page.getByLabel('What should Pippin do?').waitFor()
  expect(new URL(page.url()).searchParams.get('robot')).toBe('pup')
  expect(await page.locator('#sentence').evaluate((box) => box === document.activeElement)).toBe(
    true,
  )

  await page.getByRole('button', { name: /^Your own/ }).click()
  await page.locator('[data-robot="pup"]').waitFor()
  await page.getByRole('button', { name: 'What was understood of Pippin' }).click()
  await page.getByRole('button', { name: 'Remove Pippin' }).click()
  await page.getByRole('button', { name: 'Yes, remove it' }).click()
  await page.getByText('Removed Pippin.').waitFor()
  await page.locator('[data-robot="pup"]').waitFor({ state: 'detached' })
  expect(new URL(page.url()).searchParams.get('robot')).toBeNull()
})
