import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const SERVER = process.env.TABRL_SERVER ?? 'http://127.0.0.1:8000'
const TEXT = /\.(js|css|svg|wasm)$/
const FIRST_FONTS = /(figtree|bricolage-grotesque)-latin-wght-normal/

/** Puts a `.br` and a `.gz` beside each file of text, which the server answers with. */
function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    writeBundle({ dir = '' }, bundle) {
      for (const path of Object.keys(bundle).filter((name) => TEXT.test(name))) {
        const text = readFileSync(join(dir, path))
        // The last steps of quality take a minute for a large one and win a twentieth.
        const quality = path.endsWith('.wasm') ? 9 : constants.BROTLI_MAX_QUALITY
        const params = { [constants.BROTLI_PARAM_QUALITY]: quality }
        writeFileSync(join(dir, `${path}.br`), brotliCompressSync(text, { params }))
        writeFileSync(join(dir, `${path}.gz`), gzipSync(text, { level: 9 }))
      }
    },
  }
}

/** Has the browser ask for the first page's fonts at once, not only when its script has run. */
function fontsFirst(): Plugin {
  return {
    name: 'fonts-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle = {} }) =>
        Object.keys(bundle)
          .filter((name) => FIRST_FONTS.test(name))
          .map((name) => ({
            tag: 'link',
            attrs: {
              rel: 'preload',
              href: `/${name}`,
              as: 'font',
              type: 'font/woff2',
              crossorigin: '',
            },
            injectTo: 'head',
          })),
    },
  }
}

export default defineConfig({
  plugins: [react(), packed(), fontsFirst()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  server: { proxy: { '/api': { target: SERVER, ws: true } } },
  build: {
    outDir: '../src/tabrl/server/static',
    emptyOutDir: true,
    assetsInlineLimit: 0, // the server's content policy allows no data: fonts
    rollupOptions: { input: ['index.html', 'live.html'] },
    license: { fileName: 'licences.md' }, // of what is in the page
    manifest: true, // the bundle's budget is measured with it
  },
  // Scripts find their files beside themselves: an exported page lies under any address.
  experimental: {
    renderBuiltUrl: (_, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  worker: { format: 'es' },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], testTimeout: 20_000 },
})
