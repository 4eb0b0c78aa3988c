import { chromium } from 'playwright-core'
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-background-networking','--mute-audio'] })
const jobs = JSON.parse(process.argv[2])
for (const [path, w, h, name, dark, wait] of jobs) {
  const p = await b.newPage({ viewport: { width: w, height: h }, colorScheme: dark ? 'dark' : 'light' })
  p.on('pageerror', e => console.log('PAGEERROR', path, e.message))
  await p.goto('http://127.0.0.1:8520' + path, { waitUntil: 'domcontentloaded' })
  await p.waitForTimeout(wait ?? 6000)
  await p.screenshot({ path: '/tmp/w/' + name + '.png' })
  await p.close()
}
await b.close()
