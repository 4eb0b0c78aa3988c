export type Token = {
  kind: '' | 'comment' | 'string' | 'number' | 'signal' | 'keyword' | 'call'
  text: string
}

const WORDS =
  'False None True and as assert break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'
const KEYWORDS = new Set(WORDS.split(' '))
const TOKEN =
  /(?<comment>#[^\n]*)|(?<string>"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(?<number>\b\d[\w.]*)|(?<signal>\bs\.\w+)|(?<word>\b[A-Za-z_]\w*)/g

/** A reward's source in coloured pieces. It reads any text: a refused reward may not be Python. */
export function highlight(source: string): Token[] {
  const tokens: Token[] = []
  let end = 0
  for (const match of source.matchAll(TOKEN)) {
    if (match.index > end) tokens.push({ kind: '', text: source.slice(end, match.index) })
    const text = match[0]
    end = match.index + text.length
    tokens.push({ kind: kindOf(match.groups ?? {}, text, source[end]), text })
  }
  if (end < source.length) tokens.push({ kind: '', text: source.slice(end) })
  return tokens
}

function kindOf(groups: Record<string, string>, text: string, after?: string): Token['kind'] {
  if (groups.word === undefined) {
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined)
    return (kind ?? '') as Token['kind']
  }
  if (KEYWORDS.has(text)) return 'keyword'
  return after === '(' ? 'call' : ''
}
