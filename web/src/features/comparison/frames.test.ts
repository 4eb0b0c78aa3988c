import { expect, test } from 'vitest'
import { ShownFrames } from './frames'

const video = () => document.createElement('video')

test('compares what is on the screen at one moment, not what was told last', () => {
  const frames = new ShownFrames()
  const [a, b] = [video(), video()]
  frames.tell(a, { at: 100, frame: 5 })
  frames.tell(b, { at: 100, frame: 5 })
  frames.tell(b, { at: 120, frame: 6 })
  expect(frames.apart(110)).toBe(0)
  expect(frames.apart(130)).toBe(1)
})

test('says nothing while a video has shown nothing', () => {
  const frames = new ShownFrames()
  frames.tell(video(), { at: 100, frame: 5 })
  expect(frames.apart(200)).toBeNull()
})

test('remembers the worst moment until it is told to forget what was shown', () => {
  const frames = new ShownFrames()
  const [a, b] = [video(), video()]
  frames.tell(a, { at: 0, frame: 1 })
  frames.tell(b, { at: 0, frame: 4 })
  frames.measure(100)
  frames.clear()
  frames.measure(100)
  expect(frames.worst).toBe(3)
})
