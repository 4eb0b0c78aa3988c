import type { Usage } from '@/api/types'
import { count } from './format'

/** What language models have taken, all together; a price that is not known makes the sum unknown. */
export function total(usages: readonly Usage[]): Omit<Usage, 'answers'> {
  return usages.reduce(
    (sum, usage) => ({
      requests: sum.requests + usage.requests,
      input_tokens: sum.input_tokens + usage.input_tokens,
      output_tokens: sum.output_tokens + usage.output_tokens,
      cost_usd:
        sum.cost_usd === null || usage.cost_usd === null ? null : sum.cost_usd + usage.cost_usd,
    }),
    { requests: 0, input_tokens: 0, output_tokens: 0, cost_usd: 0 as number | null },
  )
}

/** `1.2k tokens in, 340 out, $0.0019`. */
export function spent(used: Pick<Usage, 'input_tokens' | 'output_tokens' | 'cost_usd'>): string {
  const tokens = `${count(used.input_tokens)} tokens in, ${count(used.output_tokens)} out`
  return `${tokens}, ${dollars(used.cost_usd)}`
}

/** `1.5k tokens, $0.0019`: a sum in a few words. */
export function inShort(used: Pick<Usage, 'input_tokens' | 'output_tokens' | 'cost_usd'>): string {
  return `${count(used.input_tokens + used.output_tokens)} tokens, ${dollars(used.cost_usd)}`
}

/** `$0.0019`, `$1.25`; nothing costs nothing. */
export function dollars(amount: number | null): string {
  if (amount === null) return 'price not known'
  if (amount === 0) return 'free'
  if (amount < 0.0001) return 'under $0.0001'
  return `$${amount < 0.1 ? amount.toPrecision(2) : amount.toFixed(2)}`
}
