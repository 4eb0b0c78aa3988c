import { expect, test } from 'vitest'
import { cellAt, gridOf } from './grid'

test('pictures lie beside each other on a wide canvas and below each other on a narrow one', () => {
  expect(gridOf(1, 900, 600)).toEqual({ columns: 1, rows: 1 })
  expect(gridOf(3, 1200, 500)).toEqual({ columns: 3, rows: 1 })
  expect(gridOf(3, 360, 700)).toEqual({ columns: 1, rows: 3 })
  expect(gridOf(3, 868, 434)).toEqual({ columns: 3, rows: 1 })
  expect(gridOf(9, 1200, 800)).toEqual({ columns: 3, rows: 3 })
})

test('a point of the canvas is a point of one of its cells', () => {
  const grid = { columns: 3, rows: 3 }
  expect(cellAt(0, 0, grid)).toEqual({ cell: 4, x: 0, y: 0 })
  expect(cellAt(-1, 1, grid)).toEqual({ cell: 0, x: -1, y: 1 })
  expect(cellAt(1, -1, grid)).toEqual({ cell: 8, x: 1, y: -1 })
  const right = cellAt(0.5, 0, { columns: 2, rows: 1 })
  expect(right).toEqual({ cell: 1, x: 0, y: 0 })
})
