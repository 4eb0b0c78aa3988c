import { defineConfig } from 'vitest/config'

// Told in order, in a real browser against a real studio: nothing runs beside it.
export default defineConfig({
  test: {
    include: [process.env.PICTURES ? 'e2e/pictures.ts' : 'e2e/*.e2e.ts'],
    testTimeout: 1_000_000 * Number(process.env.PATIENCE ?? 1),
    hookTimeout: 180_000,
    fileParallelism: false,
    bail: 1,
  },
})
