import { chromium } from 'playwright-core'
const [,, path, name, widths='1440', themes='light', full='0', wait='1500', action=''] = process.argv
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-background-networking','--autoplay-policy=no-user-gesture-required'] })
for (const theme of themes.split(',')) for (const w of widths.split(',')) {
  const p = await b.newPage({ viewport: { width: +w, height: +w<500?844:900 }, colorScheme: theme, deviceScaleFactor: 1, hasTouch: +w<500 })
  p.on('console', m => (m.type()==='error'||m.type()==='warning') && console.log('CONSOLE', m.text().slice(0,300)))
  p.on('pageerror', e => console.log('PAGEERROR', e.message))
  await p.goto('http://127.0.0.1:8231'+path)
  await p.waitForTimeout(+wait)
  if (action) { await (new Function('p','return (async()=>{'+action+'})()'))(p); await p.waitForTimeout(800) }
  await p.screenshot({ path: `/tmp/lead/h/web/shots/${name}-${w}-${theme}.png`, fullPage: full==='1' })
  const over = await p.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  console.log(name, w, theme, 'overflow', over)
  await p.close()
}
await b.close()
