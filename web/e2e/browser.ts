import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-background-networking', '--mute-audio'],
  })
}

/** Serious and critical findings of axe, in words; none is what we want. */
export async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help} at ${nodes.map((n) => n.target).join(', ')}`)
}

/** Kilobytes of script, gzipped, that the browser took so far. */
export async function scriptKilobytes(page: Page): Promise<number> {
  const urls = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map((entry) => entry.name)
      .filter((name) => name.endsWith('.js')),
  )
  const { gzipSync } = await import('node:zlib')
  let bytes = 0
  for (const url of urls) {
    const body = await page.request.get(url).then((answer) => answer.body())
    bytes += gzipSync(body).length
  }
  return bytes / 1000
}

/** How far a page can be scrolled sideways, px. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
}
