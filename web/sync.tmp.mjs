import { chromium } from 'playwright-core'
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-background-networking'] })
const p = await b.newPage({ viewport: { width: 1440, height: 900 } })
p.on('console', m => console.log('C', m.text()))
await p.goto('http://127.0.0.1:8231'+process.argv[2]); await p.waitForSelector('[aria-label="Play all"]'); await p.waitForTimeout(3000)
await p.click('[aria-label="Play all"]')
for (let i=0;i<14;i++) { await p.waitForTimeout(1000); console.log(await p.evaluate(()=>{ const r=document.querySelector('[aria-label=Comparison]'); return JSON.stringify({...r.dataset, t:[...document.querySelectorAll('video')].map(v=>v.currentTime.toFixed(3)), rate:[...document.querySelectorAll('video')].map(v=>v.playbackRate.toFixed(3)), shown: document.querySelector('[data-testid=clip-time]').textContent})})) }
await p.screenshot({path:'/tmp/lead/h/web/shots/playing.png'})
await b.close()
