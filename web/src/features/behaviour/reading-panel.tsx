import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { choicesQuery, lastQuery, readingQuery } from '@/api/queries'
import type { Choices, Reading } from '@/api/types'
import { ReadingChips } from '@/components/reading/reading-chips'
import { inWords } from '@/components/reading/words'
import { IconButton } from '@/components/ui/button'
import { useSettled } from '@/lib/use-settled'
import styles from './reading-panel.module.css'

const PAUSE_MS = 150
const REST_MS = 700 // what is not sure of half a sentence need not be said

/** What is read of the sentence while one types, to be corrected. */
export function ReadingPanel({
  robot,
  sentence,
  corrected,
  onCorrect,
}: {
  robot: string
  sentence: string
  corrected: Reading | null
  /** `sentence` is the one that was read; null takes the correction back. */
  onCorrect: (sentence: string, reading: Reading | null) => void
}) {
  const settled = useSettled(sentence, PAUSE_MS)
  const rests = useSettled(sentence, REST_MS) === sentence
  const { data: choices } = useQuery({ ...choicesQuery(robot), enabled: settled !== '' })
  const { data, isPlaceholderData } = useQuery({
    ...readingQuery(robot, settled),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
  })
  const reading = sentence && settled ? (corrected ?? data) : undefined
  const current = settled === sentence && !isPlaceholderData
  return (
    <div className={styles.panel} aria-busy={!current}>
      {reading && choices ? (
        <Read
          sentence={settled}
          reading={reading}
          choices={choices}
          rests={rests && current}
          corrected={corrected !== null}
          onChange={(next) => current && onCorrect(sentence, next)}
        />
      ) : (
        <p className={styles.hint}>What I read stands here as you type.</p>
      )}
    </div>
  )
}

function Read({
  sentence,
  reading,
  choices,
  rests,
  corrected,
  onChange,
}: {
  sentence: string
  reading: Reading
  choices: Choices
  rests: boolean
  corrected: boolean
  onChange: (reading: Reading | null) => void
}) {
  const { refers_to, note, alternatives } = reading
  const unread = [...new Set(reading.unread)].join(', ')
  return (
    <>
      <div className={styles.read}>
        <ReadingChips reading={reading} choices={choices} onChange={onChange} />
        {corrected && (
          <IconButton
            name="undo"
            size={17}
            label="As it was read"
            className={styles.undo}
            onClick={() => onChange(null)}
          />
        )}
      </div>
      {rests && refers_to && <Improving wish={sentence} />}
      {rests && note && <p className={styles.note}>{note.replaceAll('`', '')}</p>}
      {rests && !reading.sure && alternatives.length > 0 && (
        <p className={styles.instead}>
          Did you mean
          {alternatives.map((other) => {
            const words = inWords(other.parts, choices)
            return (
              <button
                key={words}
                type="button"
                onClick={() => onChange({ ...other, sure: true, alternatives: [] })}
              >
                {words}
              </button>
            )
          })}
        </p>
      )}
      <p role="status" className="visually-hidden">
        {rests &&
          `I read: ${inWords(reading.parts, choices) || 'nothing'}. ${unread && `Not read: ${unread}.`}`}
      </p>
    </>
  )
}

/** A wish about what is there is for what was learned last. */
function Improving({ wish }: { wish: string }) {
  const { data } = useQuery(lastQuery)
  if (!data) return null
  const last = data.items[0]
  const asked = new URLSearchParams({ view: 'compare', wish })
  return (
    <p className={styles.note}>
      This changes something that is there.{' '}
      {last ? (
        <>
          Open <Link to={`/experiments/${last.id}?${asked}`}>{last.title || last.sentence}</Link>{' '}
          and press <em>Improve</em>: your words are there.
        </>
      ) : (
        'Teach something first: what you see then can be improved.'
      )}
    </p>
  )
}
