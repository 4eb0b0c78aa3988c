import { chromium } from 'playwright-core'
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-background-networking'] })
const p = await b.newPage({ viewport: { width: 1440, height: 900 } })
await p.goto('http://127.0.0.1:8231'+process.argv[2]); await p.waitForSelector('[aria-label="Play all"]'); await p.waitForTimeout(3000)
await p.evaluate(()=>{
  const vs=[...document.querySelectorAll('video')]; const last=new Map(); window.log=[]; window.hist={}; window.edt={}
  for(const v of vs){ const cb=(now,m)=>{last.set(v,[Math.round(m.mediaTime*50),m.expectedDisplayTime,m.presentedFrames, now]); v.requestVideoFrameCallback(cb)}; v.requestVideoFrameCallback(cb)}
  let n=0; (function f(t){ n++; if(last.size>1 && !vs[0].paused){ const fr=[...last.values()].map(x=>x[0]); const a=Math.max(...fr)-Math.min(...fr); window.hist[a]=(window.hist[a]||0)+1; 
   const off=[...last.values()].map(x=>x[0]*20-x[1]); const o=Math.round(Math.max(...off)-Math.min(...off)); window.edt[o]=(window.edt[o]||0)+1
   if(a>1) window.log.push([Math.round(t),...[...last.values()].map(x=>x[0]+'@'+Math.round(x[1]-t)), vs.map(v=>v.currentTime.toFixed(3)).join()].join(' ')) } requestAnimationFrame(f)})(0)
})
await p.click('[aria-label="Play all"]'); await p.waitForTimeout(13000)
console.log(await p.evaluate(()=>JSON.stringify({h:window.hist,e:window.edt,log:window.log.slice(0,15),q:[...document.querySelectorAll('video')].map(v=>{const q=v.getVideoPlaybackQuality();return [q.totalVideoFrames,q.droppedVideoFrames]})},null,1)))
await b.close()
