import { expect, test } from 'vitest'
import { readDiff } from './diff'

const DIFF = `--- Hula Circle
+++ Hula Circle 2
@@ -1,5 +1,5 @@
 def reward(s):
-    sway = oscillate(s.phase, 0.25, 0.0)
+    sway = oscillate(s.phase, 0.3375, 0.0)
     return {
         "roll": near(s.roll, sway, 0.1),
@@ -18,10 +18,10 @@
     }
-# roll weighs 2
+# roll weighs 3
+# kick weighs 0.5
 # up weighs 0.2
-# {"clock_hz": 1.5, "command": [0.0, 0.0, 0.0], "termination": {"min_upright": 0.3, "min_height": 0.5}}
+# {"clock_hz": 2.0, "command": [0.0, 0.0, 0.0], "termination": {"min_upright": null, "min_height": 0.5}}`

test('code, weights and setting are told apart', () => {
  const { lines, changes } = readDiff(DIFF)
  expect(lines.map(({ kind }) => kind)).toEqual(['same', 'gone', 'new', 'same', 'same'])
  expect(changes).toEqual([
    { name: 'roll', from: '2', to: '3' },
    { name: 'kick', from: '1', to: '0.5' },
    { name: 'clock (Hz)', from: '1.5', to: '2' },
    { name: 'least upright', from: '0.3', to: 'none' },
  ])
})

test('the numbers that changed are marked, whole', () => {
  const marks = readDiff(DIFF).lines.map(({ text, marked }) => marked && text.slice(...marked))
  expect(marks).toEqual([undefined, '0.25', '0.3375', undefined, undefined])
})

test('a diff of nothing, or of weights alone, has no code', () => {
  expect(readDiff('')).toEqual({ lines: [], changes: [] })
  const { lines, changes } = readDiff(
    '--- a\n+++ b\n@@ -1 +1 @@\n }\n-# up weighs 1\n+# up weighs 2',
  )
  expect(lines).toEqual([])
  expect(changes).toEqual([{ name: 'up', from: '1', to: '2' }])
})

test('nothing is marked where lines do not answer each other one for one', () => {
  const { lines } = readDiff('--- a\n+++ b\n@@ -1 +1,2 @@\n-    x = 1\n+    x = 1 + y\n+    z = 2')
  expect(lines.map(({ marked }) => marked)).toEqual([undefined, undefined, undefined])
})
