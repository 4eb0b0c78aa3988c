import { useQuery } from '@tanstack/react-query'
import { choicesQuery } from '@/api/queries'
import type { Reading } from '@/api/types'
import { Unread } from './unread'
import { inWords } from './words'

/** What a sentence was read as, in a quiet line. */
export function ReadAs({ reading, robot }: { reading: Reading; robot: string }) {
  const { data: choices } = useQuery(choicesQuery(robot))
  if (!choices || !reading.parts.length) return null
  return (
    <p>
      {reading.sure ? 'Read as' : 'Not sure, read as'} {inWords(reading.parts, choices)}
      {reading.unread.length > 0 && '; '}
      <Unread words={reading.unread} />
    </p>
  )
}
