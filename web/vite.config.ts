import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const SERVER = process.env.TABRL_SERVER ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  server: { proxy: { '/api': { target: SERVER, ws: true } } },
  build: {
    outDir: '../src/tabrl/server/static',
    emptyOutDir: true,
    assetsInlineLimit: 0, // the server's content policy allows no data: fonts
    manifest: true, // the bundle's budget is measured with it
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], testTimeout: 20_000 },
})
