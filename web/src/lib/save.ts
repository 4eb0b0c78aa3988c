/** Hand a file to the browser's downloads. */
export function save(blob: Blob, fileName: string) {
  const url = URL.createObjectURL(blob)
  const link = Object.assign(document.createElement('a'), { href: url, download: fileName })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** A file's name from words: lower case, joined by hyphens. */
export function fileName(words: string): string {
  const found = words.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['clips']
  return found.join('-').slice(0, 40)
}
