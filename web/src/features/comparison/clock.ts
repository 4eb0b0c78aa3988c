/** Clips have 50 frames a second. */
export const FRAME_S = 0.02

/** What the clock needs of a video element. */
export type Video = Pick<
  HTMLVideoElement,
  | 'currentTime'
  | 'duration'
  | 'playbackRate'
  | 'paused'
  | 'seeking'
  | 'readyState'
  | 'error'
  | 'play'
  | 'pause'
>

/** How far the videos are apart: now, at worst, and at how many of all ticks over a frame. */
export type Apart = { seconds: number; worst: number; ticks: number; over: number }

const HAVE_FUTURE_DATA = 3
const SAME_S = 0.003 // nearer than this two places are one
const CALM_S = 0.006 // nearer than this a video keeps the clock's rate: each change shakes it
const REST_S = 0.5 // the least time from one wait for stragglers to the next
const CREEP = 1 / 16 // rate at which videos start: however late one does, it is hardly behind
const MOVED_S = 0.0005
const GAIN_PER_S = 4 // rate correction for each second of drift
const MOST = 0.25 // of the rate

/**
 * One clock that all videos follow.
 *
 * Between two ticks it runs on the machine's time; at each it agrees with the middle one of the
 * videos. Videos start at a creep, and at full rate once all move. One that drifts plays a little
 * faster or slower; when one is a frame off, all of them wait for it.
 */
export class SyncClock {
  rate = 1
  loop = true
  playing = false
  readonly apart: Apart = { seconds: 0, worst: 0, ticks: 0, over: 0 }
  private readonly videos = new Set<Video>()
  private place = 0 // s, where the clock stood at `since`
  private since = 0 // s of machine time
  private began = 0 // s of machine time, when they last began to flow
  private state: 'waiting' | 'creeping' | 'flowing' = 'flowing' // while `playing`

  constructor(private readonly now: () => number = () => performance.now() / 1000) {}

  get duration(): number {
    const known = [...this.videos].map((v) => v.duration).filter((d) => d > 0 && Number.isFinite(d))
    return known.length ? Math.min(...known) : 10
  }

  /** The clock's place in the clips, s. */
  get time(): number {
    if (!this.flowing) return this.place
    return Math.min(this.duration, this.place + (this.now() - this.since) * this.rate)
  }

  /** Whether the videos run, and nothing waits. */
  get flowing(): boolean {
    return this.playing && this.state === 'flowing'
  }

  add(video: Video): () => void {
    this.videos.add(video)
    video.currentTime = this.middle(this.time)
    if (this.playing) this.wait()
    return () => this.videos.delete(video)
  }

  play(): void {
    if (this.time >= this.duration - FRAME_S / 2) this.place = 0
    this.playing = true
    this.wait()
  }

  pause(): void {
    this.seek(this.time, false)
  }

  /** Go to a place; `playing` says whether to go on from there. */
  seek(time: number, playing = this.playing): void {
    this.place = Math.min(Math.max(0, time), this.duration)
    this.playing = playing
    if (playing) return this.wait()
    for (const video of this.videos) {
      video.pause()
      video.currentTime = this.middle(this.place)
    }
  }

  /** One frame on or back, standing still. */
  step(frames: number): void {
    const frame = Math.floor(this.time / FRAME_S + 1e-6) + frames
    this.seek(frame * FRAME_S, false)
  }

  setRate(rate: number): void {
    this.place = this.time
    this.since = this.now()
    this.rate = rate
  }

  /** Call once a displayed frame: measures, corrects, starts over at the end. */
  tick(): void {
    if (!this.playing) return
    if (this.state === 'waiting') return this.creepWhenReady()
    if (this.state === 'creeping') return this.flowWhenMoving()
    if (this.time >= this.duration - FRAME_S / 2) return this.end()
    const going = this.sound
    this.measure(going)
    if (this.apart.seconds > FRAME_S && this.now() - this.began > REST_S) return this.wait(true)
    this.agree(going)
    for (const video of going) this.correct(video)
  }

  /** Those that can be played at all. */
  private get sound(): Video[] {
    return [...this.videos].filter((v) => !v.error)
  }

  private end(): void {
    if (this.loop) this.seek(0)
    else this.seek(this.duration, false)
  }

  /** Stop all videos at one place until each has its picture. */
  private wait(atSlowest = false): void {
    const places = this.sound.map((v) => v.currentTime)
    const first = Math.min(...places)
    const together = Math.max(...places) - first < SAME_S
    // Standing in the right frame is good enough: a jump would show each its picture later.
    if (atSlowest || (together && Math.abs(first - this.place) < FRAME_S)) this.place = first
    this.state = 'waiting'
    for (const video of this.videos) {
      video.pause()
      if (Math.abs(video.currentTime - this.place) > SAME_S) video.currentTime = this.place
    }
  }

  private creepWhenReady(): void {
    if (this.sound.some((v) => v.seeking || v.readyState < HAVE_FUTURE_DATA)) return
    this.state = 'creeping'
    for (const video of this.sound) {
      video.playbackRate = CREEP
      video.play().catch((error: unknown) => {
        // Where a browser lets nothing play by itself, the button says so.
        if (error instanceof DOMException && error.name === 'NotAllowedError') this.pause()
      })
    }
  }

  private flowWhenMoving(): void {
    this.measure(this.sound)
    const places = this.sound.map((v) => v.currentTime)
    if (places.some((place) => place < this.place + MOVED_S)) return
    this.place = (Math.max(...places) + Math.min(...places)) / 2
    this.since = this.now()
    this.began = this.since
    this.state = 'flowing'
    for (const video of this.sound) video.playbackRate = this.rate
  }

  private measure(videos: readonly Video[]): void {
    const times = videos.filter((v) => !v.seeking && !v.paused).map((v) => v.currentTime)
    if (times.length < 2) return
    this.apart.seconds = Math.max(...times) - Math.min(...times)
    this.apart.worst = Math.max(this.apart.worst, this.apart.seconds)
    this.apart.ticks += 1
    if (this.apart.seconds > FRAME_S) this.apart.over += 1
  }

  /** The clock stands where the middle one of the videos does: it waits when all of them do. */
  private agree(videos: readonly Video[]): void {
    const places = videos.map((v) => v.currentTime).sort((a, b) => a - b)
    this.place = places[Math.floor((places.length - 1) / 2)] ?? this.place
    this.since = this.now()
  }

  private correct(video: Video): void {
    if (video.seeking || video.paused) return
    const drift = video.currentTime - this.time
    const pull = Math.max(-MOST, Math.min(MOST, drift * GAIN_PER_S))
    const rate = Math.abs(drift) < CALM_S ? this.rate : this.rate * (1 - pull)
    if (Math.abs(video.playbackRate - rate) > 0.004) video.playbackRate = rate
  }

  /** The middle of the frame at a time, where rounding cannot show its neighbour. */
  private middle(time: number): number {
    const frame = Math.floor(time / FRAME_S + 1e-6)
    return Math.min((frame + 0.5) * FRAME_S, this.duration)
  }
}
