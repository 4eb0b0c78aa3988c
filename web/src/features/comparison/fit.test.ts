import { expect, test } from 'vitest'
import { arrange } from './fit'

/** Whether all clips of a fit are inside a room. */
function inside(count: number, width: number, height: number): boolean {
  const { columns, tile } = arrange(count, { width, height })
  const rows = Math.ceil(count / columns)
  return columns * tile <= width && rows * tile * 0.75 <= height
}

test.each([
  [2, 2],
  [3, 3],
  [6, 3],
  [9, 3],
])('%s clips stand in %s columns on a usual screen', (count, columns) => {
  expect(arrange(count, { width: 1330, height: 560 }).columns).toBe(columns)
  expect(inside(count, 1330, 560)).toBe(true)
})

test('two use the room, and wide screens their width', () => {
  expect(arrange(2, { width: 1330, height: 560 }).tile).toBeGreaterThan(640)
  expect(arrange(3, { width: 1800, height: 700 }).tile).toBeGreaterThan(580)
  expect(arrange(1, { width: 1800, height: 600 }).tile).toBe(800)
})

test('three stand above each other where it is narrow and tall', () => {
  expect(arrange(3, { width: 360, height: 900 })).toEqual({ columns: 1, tile: 360 })
})

test('where not all can be seen, each is wide enough to be watched', () => {
  const { columns, tile } = arrange(9, { width: 358, height: 300 })
  expect(columns).toBe(1)
  expect(tile).toBe(358)
  expect(arrange(9, { width: 660, height: 120 })).toEqual({ columns: 2, tile: 325 })
  expect(arrange(1, { width: 100, height: 90 }).tile).toBe(100)
})
