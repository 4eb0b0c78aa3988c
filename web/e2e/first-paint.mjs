// Prints when Chromium first shows something of a page, ms: `node first-paint.mjs URL`.
import { chromium } from 'playwright-core'

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
})
try {
  const page = await browser.newPage()
  await page.goto(process.argv[2] ?? '')
  const paint = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const seen = new PerformanceObserver((list) => {
          const first = list.getEntriesByName('first-contentful-paint')[0]
          if (first) resolve(first.startTime)
        })
        seen.observe({ type: 'paint', buffered: true })
      }),
  )
  console.log(paint)
} finally {
  await browser.close()
}
