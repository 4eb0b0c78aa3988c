import type { ReactNode } from 'react'
import type { Approach } from '@/api/types'
import { Lineage } from '@/components/lineage/lineage'
import { LiveButton } from '@/components/live/live-button'
import { FileLink } from '@/components/ui/button'
import { Numbers } from '@/components/verdict/numbers'
import { Reasons } from '@/components/verdict/reasons'
import { Robustness } from '@/components/verdict/robustness'
import { latestNumbers } from '@/lib/curves'
import styles from './result.module.css'

/** What the judge says of an approach, and what can be taken home of it. */
export function Result({
  approach,
  hue,
  provider,
  vote,
  improve,
}: {
  approach: Approach
  hue: number
  provider: string
  vote: ReactNode
  improve: ReactNode
}) {
  const { files } = approach
  return (
    <article className={styles.result} data-hue={hue} aria-label={`Verdict on ${approach.name}`}>
      <h3>
        {approach.name}
        {provider && <small> {provider}</small>}
      </h3>
      <Reasons approach={approach} />
      <div className={styles.next}>
        {improve}
        {vote}
      </div>
      <p className={styles.description}>{approach.description}</p>
      <Lineage approach={approach} />
      {approach.metric && (
        <Numbers
          metric={approach.metric}
          now={latestNumbers(approach)}
          base={approach.numbers.base}
        />
      )}
      <Robustness robustness={approach.robustness} />
      <footer className={styles.foot}>
        {files.live && <LiveButton files={files.live} of={approach.name} />}
        <Download href={files.clip} name={`${approach.id}.mp4`} label="Clip" of={approach.name} />
        <Download href={files.policy} label="Policy" of={approach.name} />
        <Download href={files.trajectory} label="Trajectory" of={approach.name} />
      </footer>
    </article>
  )
}

function Download({
  href,
  name,
  label,
  of,
}: {
  href: string | null
  name?: string
  label: string
  of: string
}) {
  if (!href) return null
  return (
    <FileLink size="small" look="plain" icon="download" href={href} download={name ?? true}>
      {label} <span className="visually-hidden">of {of}</span>
    </FileLink>
  )
}
