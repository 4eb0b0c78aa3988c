import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** The usual screens, CSS px; the last two are laptops at 200% zoom. */
export const SIZES = [
  { width: 1920, height: 1080, zoom: 1 },
  { width: 1536, height: 864, zoom: 1 },
  { width: 1440, height: 900, zoom: 1 },
  { width: 1366, height: 768, zoom: 1 },
  { width: 1280, height: 720, zoom: 1 },
  { width: 1024, height: 768, zoom: 1 },
  { width: 768, height: 1024, zoom: 1 },
  { width: 390, height: 844, zoom: 1 },
  { width: 720, height: 450, zoom: 2 },
  { width: 683, height: 384, zoom: 2 },
] as const

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--mute-audio',
      '--enable-unsafe-swiftshader', // WebGL without a card
    ],
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

/** Whether all of what is found is seen whole, uncovered and before any scrolling. */
export async function firstScreen(locator: Locator): Promise<boolean> {
  await locator.first().waitFor()
  return locator.evaluateAll((found) => {
    window.scrollTo({ top: 0, behavior: 'instant' })
    return found.every((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect()
      if (left < 0 || top < 0 || right > window.innerWidth || bottom > window.innerHeight) {
        return false
      }
      const middle = { x: (left + right) / 2, y: (top + bottom) / 2 }
      const edges = [
        [left + 2, middle.y],
        [right - 2, middle.y],
        [middle.x, top + 2],
        [middle.x, bottom - 2],
        [middle.x, middle.y],
      ] as const
      return edges.every(([x, y]) => {
        const seen = document.elementFromPoint(x, y)
        return seen !== null && (element.contains(seen) || seen.contains(element))
      })
    })
  })
}

/** Texts that leave a box they stand in, to the side: none is what we want. */
export function spilling(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const out: string[] = []
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const words = text.textContent?.trim()
      const parent = text.parentElement
      if (!words || !parent?.checkVisibility({ visibilityProperty: true })) continue
      const range = document.createRange()
      range.selectNodeContents(text)
      const { left, right } = range.getBoundingClientRect()
      if (right <= left || parent.closest('.visually-hidden')) continue
      const box = leaves(parent.closest('svg') ?? parent, left, right)
      if (box) out.push(`“${words.slice(0, 60)}” leaves ${box}`)
    }
    return out

    /** The first box around that the text leaves; what scrolls or ends in an ellipsis holds it. */
    function leaves(from: Element, left: number, right: number): string | null {
      for (let box: Element | null = from; box; box = box.parentElement) {
        const style = getComputedStyle(box)
        if (style.display === 'inline' || style.display === 'contents') continue
        if (['auto', 'scroll'].includes(style.overflowX)) return null
        if (style.textOverflow === 'ellipsis') return null
        const edge = box.getBoundingClientRect()
        if (left < edge.left - 1 || right > edge.right + 1) {
          return `${box.tagName.toLowerCase()}.${box.className}`
        }
        if (['absolute', 'fixed'].includes(style.position)) return null
      }
      return null
    }
  })
}
