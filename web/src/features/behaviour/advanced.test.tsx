import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, expect, test } from 'vitest'
import fields from '@/api/fields.json'
import { Advanced } from './advanced'
import { DEFAULT_PLAN, type Plan } from './plan'

afterEach(cleanup)

let plan: Plan

function Form() {
  const [now, setNow] = useState(DEFAULT_PLAN)
  plan = now
  return <Advanced plan={now} robot={undefined} planned={null} onChange={setNow} />
}

const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name)
const type = (name: string, value: string) => fireEvent.change(field(name), { target: { value } })

test('names, defaults and bounds are the server’s', () => {
  render(<Form />)
  for (const name of ['num_envs', 'unroll_length', 'num_epochs'] as const) {
    const asked = fields.settings[name]
    const input = field(asked.title)
    expect(input.valueAsNumber).toBe(asked.default)
    expect([Number(input.min), Number(input.max)]).toEqual([asked.minimum, asked.maximum])
  }
  expect(field('Approaches from each').valueAsNumber).toBe(fields.request.approaches.default)
  expect(field('Seed').max).toBe(`${fields.request.seed.maximum}`)
})

test('what the server decides is left to it until somebody sets it, and again once it is cleared', () => {
  render(<Form />)
  const rate = field('Learning rate')
  expect([rate.value, rate.placeholder]).toEqual(['', 'Automatic'])
  type('Learning rate', '0.002')
  type('Unroll length', '40')
  expect(plan.hyperparameters).toEqual({ learning_rate: 0.002, unroll_length: 40 })
  type('Learning rate', '')
  expect(plan.hyperparameters).toEqual({ unroll_length: 40 })
})

test('a number that is only being retyped stays', () => {
  render(<Form />)
  type('Epochs', '7')
  type('Epochs', '')
  expect(plan.hyperparameters).toEqual({ num_epochs: 7 })
})
