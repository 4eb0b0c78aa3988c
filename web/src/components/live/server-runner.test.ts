import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Told } from './messages'
import { ServerRunner } from './server-runner'

class Socket {
  static OPEN = 1
  static CLOSED = 3
  static all: Socket[] = []
  readyState = 0
  sent: { kind: string }[] = []
  onopen = () => {}
  onmessage = (_: { data: ArrayBuffer }) => {}
  onclose = (_: { code: number; reason: string }) => {}

  constructor(readonly url: string) {
    Socket.all.push(this)
  }
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {
    this.readyState = Socket.CLOSED
  }
  open() {
    this.readyState = Socket.OPEN
    this.onopen()
  }
  lose(code = 1006, reason = '') {
    this.readyState = Socket.CLOSED
    this.onclose({ code, reason })
  }
  frame(number: number, memory: object[] | null = null) {
    const robots = [{ time: 0, falls: 0, velocity: [0, 0, 0], way: 0, box: false, values: null }]
    const text = JSON.stringify({ heard: 0, load: 0.1, robots, memory })
    const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 4) * 4))
    const data = new ArrayBuffer(8 + json.length + 28)
    new DataView(data).setUint32(0, number, true)
    new DataView(data).setUint32(4, json.length, true)
    new Uint8Array(data).set(json, 8)
    new Float32Array(data, 8 + json.length).set([1, 2, 3, 1, 0, 0, 0])
    this.onmessage({ data })
  }
}

const POLICIES = ['a', 'b'].map((name) => ({
  name,
  metric: null,
  model: `/api/models/${name}`,
  files: `/api/models/${name}/live`,
}))
let told: Told[] = []
let runner: ServerRunner
const last = () => Socket.all.at(-1) as Socket
const kinds = () => told.map(({ kind }) => kind)

beforeEach(async () => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', Socket)
  vi.stubGlobal('fetch', async () => new Response('{}'))
  Socket.all = []
  told = []
  runner = new ServerRunner(POLICIES, (each) => told.push(each))
  await vi.waitFor(() => expect(Socket.all).toHaveLength(1))
})

afterEach(() => {
  runner.close()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('robots side by side are asked for together, and shown at their first frame', () => {
  expect(new URL(last().url).pathname).toBe('/api/models/a/live')
  expect(new URL(last().url).search).toBe('?with=b')
  expect(runner.ask({ kind: 'reset' })).toBe(false)
  last().open()
  expect(runner.ask({ kind: 'reset' })).toBe(true)
  last().frame(1)
  expect(kinds()).toEqual(['connection', 'begun', 'connection', 'loaded', 'moved'])
  const moved = told.at(-1)
  expect(moved?.kind === 'moved' && [...moved.poses]).toEqual([1, 2, 3, 1, 0, 0, 0])
})

test('what it has seen is said now and then, whatever the numbers of the frames', () => {
  last().open()
  for (const number of [1, 3, 4, 8, 9, 11]) last().frame(number)
  expect(last().sent).toEqual([{ kind: 'seen', frame: 9 }])
})

test('after a loss it comes back and goes on from what it remembers, once', () => {
  last().open()
  const memory = [{ steps: 7, falls: 0, physics: [1], state: {} }]
  last().frame(1, memory)
  last().lose()
  expect(told.at(-1)).toMatchObject({ connection: 'lost' })
  vi.advanceTimersByTime(1000)
  expect(Socket.all).toHaveLength(2)
  last().open()
  expect(last().sent).toEqual([{ kind: 'resume', robots: memory }])
  last().lose(1009)
  vi.advanceTimersByTime(3000)
  last().open()
  expect(last().sent).toEqual([])
})

test('what can never be had is a failure in the server’s words, and not asked for again', () => {
  last().open()
  last().lose(4422, 'These policies are of different robots.')
  vi.advanceTimersByTime(60_000)
  expect(told.at(-1)).toEqual({
    kind: 'failed',
    message: 'These policies are of different robots.',
  })
  expect(Socket.all).toHaveLength(1)
})

test('who waits for a place is told why', () => {
  last().open()
  last().lose(1013, 'The server runs 40 of at most 40 robots.')
  expect(told.at(-1)).toMatchObject({ connection: 'lost', reason: /40 of at most 40/ })
})

test('while nobody sees the page the server runs nothing for it', () => {
  last().open()
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  document.dispatchEvent(new Event('visibilitychange'))
  expect(last().readyState).toBe(Socket.CLOSED)
  hidden.mockReturnValue(false)
  document.dispatchEvent(new Event('visibilitychange'))
  expect(Socket.all).toHaveLength(2)
  hidden.mockRestore()
})
