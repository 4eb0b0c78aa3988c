import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, type Ref, useState } from 'react'
import { accountQuery, mayTeach } from '@/api/account'
import { usePropose } from '@/api/actions'
import { providersQuery, robotQuery } from '@/api/queries'
import type { Experiment, Reading } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Notice, ProblemNotice } from '@/components/ui/notice'
import { useAddressText } from '@/lib/address'
import { nearlyUsed } from '@/lib/quota'
import { Advanced } from './advanced'
import styles from './composer.module.css'
import { LengthCards } from './length-cards'
import { asked, chosen, DEFAULT_PLAN, inWords, type Plan, usePlans } from './plan'
import { Prompts } from './prompts'
import { Providers } from './providers'
import { ReadingPanel } from './reading-panel'

const MAX_SENTENCE = 2000
const SHOWCASE = 'Keep shaking your hips aloha dude!'

/** What a person made of the reading of a sentence, for a robot. */
type Correction = { robot: string; sentence: string; reading: Reading }

/** The sentence, how long to train, and who proposes. */
export function Composer({
  robot,
  onProposed,
  inputRef,
}: {
  robot: string
  onProposed: (experiment: Experiment) => void
  inputRef?: Ref<HTMLTextAreaElement>
}) {
  const { data: info } = useQuery(robotQuery(robot))
  const { data: providers = [] } = useQuery(providersQuery)
  const { field, text, setText, settle } = useAddressText('say')
  const [plan, setPlan] = useState<Plan>(DEFAULT_PLAN)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [correction, setCorrection] = useState<Correction | null>(null)
  const propose = usePropose()
  const asking = providers.filter((p) => p.state === 'ready' && !left.has(p.name))
  const example = info?.prompts[0] ?? SHOWCASE // what an empty bubble says, too
  const total = plan.approaches * Math.max(1, asking.length)
  const plans = usePlans(robot, plan, total)
  const planned = chosen(plan, plans)
  const account = useQuery(accountQuery).data
  const scarce = nearlyUsed(account?.quota)
  const trouble = planned?.trouble ?? ''

  const said = text.trim()
  const corrected =
    correction?.robot === robot && correction.sentence === said ? correction.reading : null

  function submit(event?: FormEvent) {
    event?.preventDefault()
    if (propose.isPending || trouble) return
    settle()
    const sentence = said ? text : example
    const names = asking.length ? asking.map((p) => p.name) : ['builtin']
    propose.mutate(
      {
        robot,
        sentence,
        reading: corrected,
        providers: names,
        approaches: plan.approaches,
        ...asked(plan),
      },
      { onSuccess: onProposed },
    )
  }

  function send(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) submit()
  }

  return (
    <form className={styles.composer} onSubmit={submit}>
      <div className={styles.bubble}>
        <label htmlFor="sentence" className={styles.label}>
          What should {info?.name ?? 'it'} do?
        </label>
        <textarea
          id="sentence"
          ref={inputRef}
          className={styles.sentence}
          rows={2}
          maxLength={MAX_SENTENCE}
          placeholder={example}
          onKeyDown={send}
          {...field}
        />
        <ReadingPanel
          robot={robot}
          sentence={said}
          corrected={corrected}
          onCorrect={(sentence, reading) => setCorrection(reading && { robot, sentence, reading })}
        />
        <div className={styles.send}>
          <Button
            type="submit"
            look="primary"
            size="large"
            icon="spark"
            busy={propose.isPending}
            disabled={trouble !== ''}
          >
            {propose.isPending ? 'Thinking of ways' : `Dream up ${total} ways`}
          </Button>
          <p className={styles.estimate} role="status">
            {trouble || inWords(planned)}
          </p>
        </div>
      </div>
      {!mayTeach(account) && (
        <Notice
          title={account?.person ? 'A viewer watches and votes' : 'Looking needs no account'}
          detail={
            account?.person
              ? 'To teach, ask an owner of this studio to make you a maker.'
              : 'To teach, sign in: whoever runs this studio invites.'
          }
        />
      )}
      {scarce && <Notice tone="review" title="Nearly used up" detail={scarce} />}
      <ProblemNotice error={propose.error} title="No approaches this time" />
      <LengthCards plan={plan} plans={plans} onChange={setPlan} />
      <Prompts prompts={info?.prompts ?? []} onPick={setText} />
      <div className={styles.more}>
        <Providers providers={providers} left={left} onChange={setLeft} />
        <Advanced plan={plan} robot={info} planned={planned} onChange={setPlan} />
      </div>
    </form>
  )
}
