import { expect, test } from 'vitest'
import { FRAME_S, SyncClock, type Video } from './clock'

/** A video whose own clock runs `skew` times as fast, on a time that the test tells. */
class FakeVideo implements Video {
  duration = 10
  readyState = 4
  seeking = false
  paused = true
  playbackRate = 1
  error: MediaError | null = null
  stalled = false
  private place = 0
  private since = 0

  constructor(
    private readonly now: () => number,
    private readonly skew = 1,
    private readonly delay = 0, // s from `play` to the first movement
  ) {}

  get waits() {
    return this.now() < this.since
  }
  get currentTime() {
    if (this.paused || this.stalled) return this.place
    return this.place + Math.max(0, this.now() - this.since) * this.playbackRate * this.skew
  }
  set currentTime(time: number) {
    this.place = time
    this.since = this.now()
  }
  play() {
    this.place = this.currentTime
    this.since = this.now() + this.delay
    this.paused = false
    return Promise.resolve()
  }
  pause() {
    this.place = this.currentTime
    this.paused = true
  }
}

function stage(...makers: ((now: () => number) => FakeVideo)[]) {
  let now = 0
  const clock = new SyncClock(() => now)
  const videos = makers.map((make) => make(() => now))
  for (const video of videos) clock.add(video)
  return {
    clock,
    videos,
    run(seconds: number) {
      for (let t = 0; t < seconds; t += 1 / 60) {
        now += 1 / 60
        for (const video of videos) rebase(video)
        clock.tick()
      }
    },
  }
}

/** A new rate counts from now on, as in a browser. */
function rebase(video: FakeVideo) {
  if (!video.waits) video.currentTime = video.currentTime + 0
}

test('videos that run alike stay together and on time', () => {
  const { clock, videos, run } = stage(
    (now) => new FakeVideo(now),
    (now) => new FakeVideo(now),
  )
  clock.play()
  run(5)
  expect(clock.time).toBeCloseTo(5, 1)
  expect(videos[0]?.currentTime).toBeCloseTo(clock.time, 2)
  expect(clock.apart.worst).toBeLessThan(1e-6)
})

test('a video that drifts is brought back before it is a frame away', () => {
  const { clock, run } = stage(
    (now) => new FakeVideo(now),
    (now) => new FakeVideo(now, 1.01),
    (now) => new FakeVideo(now, 0.99),
  )
  clock.play()
  run(9)
  expect(clock.apart.worst).toBeGreaterThan(0)
  expect(clock.apart.worst).toBeLessThan(FRAME_S)
})

test('one that starts late is hardly behind', () => {
  const { clock, run } = stage(
    (now) => new FakeVideo(now),
    (now) => new FakeVideo(now, 1, 0.28),
  )
  clock.play()
  run(3)
  expect(clock.flowing).toBe(true)
  expect(clock.apart.worst).toBeGreaterThan(0.01)
  expect(clock.apart.worst).toBeLessThan(FRAME_S)
})

test('a video that cannot be played holds nobody up', () => {
  const { clock, videos, run } = stage(
    (now) => new FakeVideo(now),
    (now) => new FakeVideo(now),
  )
  const [, broken] = videos
  if (broken) Object.assign(broken, { error: {}, readyState: 0, duration: Number.NaN })
  clock.play()
  run(2)
  expect(clock.time).toBeGreaterThan(1.5)
})

test('all wait for one that has no picture ready', () => {
  const { clock, videos, run } = stage(
    (now) => new FakeVideo(now),
    (now) => new FakeVideo(now),
  )
  clock.play()
  run(1)
  const [, slow] = videos
  if (slow) Object.assign(slow, { stalled: true, readyState: 2 })
  run(1)
  expect(clock.flowing).toBe(false)
  expect(videos.every((v) => v.paused)).toBe(true)
  const stood = clock.time
  if (slow) Object.assign(slow, { stalled: false, readyState: 4 })
  run(1)
  expect(clock.flowing).toBe(true)
  expect(clock.time).toBeGreaterThan(stood + 0.9)
})

test('starts again at the end while looping, and stops there otherwise', () => {
  const { clock, run } = stage((now) => new FakeVideo(now))
  clock.play()
  run(10.5)
  expect(clock.playing).toBe(true)
  expect(clock.time).toBeLessThan(1)
  clock.loop = false
  run(11)
  expect(clock.playing).toBe(false)
  expect(clock.time).toBe(10)
  clock.play()
  expect(clock.time).toBe(0)
})

test('steps frame by frame into the middle of each', () => {
  const { clock, videos } = stage((now) => new FakeVideo(now))
  clock.seek(3, false)
  clock.step(1)
  expect(clock.time).toBeCloseTo(3.02)
  expect(videos[0]?.currentTime).toBeCloseTo(3.03)
  clock.step(-2)
  expect(clock.time).toBeCloseTo(2.98)
  clock.seek(0, false)
  clock.step(-1)
  expect(clock.time).toBe(0)
})

test('a new rate goes on from the same place', () => {
  const { clock, run } = stage((now) => new FakeVideo(now))
  clock.play()
  run(2)
  const place = clock.time
  clock.setRate(0.5)
  expect(clock.time).toBeCloseTo(place)
  run(2)
  expect(clock.time - place).toBeCloseTo(1, 1)
})
