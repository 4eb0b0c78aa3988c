import { expect, test } from 'vitest'
import { dollars, inShort, spent, total } from './usage'

const one = { requests: 3, input_tokens: 3600, output_tokens: 1020, cost_usd: 0.00564, answers: [] }

test('what an answer took is told in tokens and dollars', () => {
  expect(spent(one)).toBe('3.6k tokens in, 1k out, $0.0056')
  expect(inShort(one)).toBe('4.6k tokens, $0.0056')
  expect(spent({ ...one, cost_usd: null })).toContain('price not known')
  expect([0, 0.00001, 0.0123, 2].map(dollars)).toEqual(['free', 'under $0.0001', '$0.012', '$2.00'])
})

test('a sum is known only where each price is', () => {
  expect(total([one, one])).toEqual({
    requests: 6,
    input_tokens: 7200,
    output_tokens: 2040,
    cost_usd: 0.01128,
  })
  expect(total([one, { ...one, cost_usd: null }]).cost_usd).toBeNull()
  expect(total([]).cost_usd).toBe(0)
})
