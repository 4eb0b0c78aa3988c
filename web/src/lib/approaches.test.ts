import { expect, test } from 'vitest'
import { anApproach } from '@/api/testing'
import { hues } from './approaches'

const three = (provider: string) =>
  [1, 2, 3].map((place) => anApproach({ id: `${place}-${provider}`, provider }))

test('nine approaches of three providers have nine hues, a family for each provider', () => {
  const found = hues([...three('builtin'), ...three('anthropic'), ...three('openai')])
  expect(new Set(Object.values(found)).size).toBe(9)
  const family = (provider: string) =>
    new Set([1, 2, 3].map((place) => (found[`${place}-${provider}`] ?? 0) % 3))
  expect([...family('builtin'), ...family('anthropic'), ...family('openai')]).toEqual([0, 1, 2])
})

test('three of one provider have the three families', () => {
  expect(Object.values(hues(three('builtin')))).toEqual([0, 1, 2])
})
