import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { zip } from './zip'

test('another program finds every file, whole, by its path', async () => {
  const packed = await zip([
    { path: 'rex/scene.xml', file: new Blob(['<mujoco/>']) },
    { path: 'rex/meshes/päw.stl', file: new Blob([new Uint8Array([0, 1, 255])]) },
  ])
  const path = join(mkdtempSync(join(tmpdir(), 'tabrl-zip-')), 'rex.zip')
  writeFileSync(path, new Uint8Array(await packed.arrayBuffer()))
  const look =
    'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), ascii({n: z.read(n) for n in z.namelist()}))'
  expect(execFileSync('python3', ['-c', look, path]).toString().trim()).toBe(
    String.raw`None {'rex/scene.xml': b'<mujoco/>', 'rex/meshes/p\xe4w.stl': b'\x00\x01\xff'}`,
  )
})
