import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useState } from 'react'
import { accountQuery } from '@/api/account'
import { useShare } from '@/api/actions'
import type { Experiment } from '@/api/types'
import { SideBySide } from '@/components/side-by-side/side-by-side'
import { Button, ButtonLink } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Notice, ProblemNotice } from '@/components/ui/notice'
import { useCopy } from '@/components/ui/use-copy'
import styles from './share-button.module.css'
import { Visibility } from './visibility'

/** Makes a link that opens the experiment read-only; `film` is its sentence once it has clips. */
export function ShareButton({ experiment, film }: { experiment: Experiment; film?: string }) {
  const [open, setOpen] = useState(false)
  const hosted = useQuery(accountQuery).data?.hosted ?? false
  return (
    <>
      <Button size="small" icon="share" onClick={() => setOpen(true)}>
        Share
      </Button>
      <Dialog open={open} title="Show it to somebody" onClose={() => setOpen(false)}>
        <div className={styles.body}>
          {hosted && <Visibility experiment={experiment} />}
          {(!hosted || experiment.visibility !== 'private') && (
            <ShareLink experiment={experiment.id} hosted={hosted} />
          )}
          {film && (
            <>
              <p>Or send the clips themselves, side by side under the sentence.</p>
              <div className={styles.buttons}>
                <SideBySide source={{ kind: 'own', id: experiment.id }} sentence={film} />
              </div>
            </>
          )}
        </div>
      </Dialog>
    </>
  )
}

function ShareLink({ experiment, hosted }: { experiment: string; hosted: boolean }) {
  const share = useShare()
  const id = useId()
  const copy = useCopy(id)
  const link = share.data?.url ?? ''
  const make = share.mutate
  useEffect(() => make(experiment), [make, experiment])

  return (
    <>
      {!hosted && (
        <p>
          Whoever has this link can watch. Nobody can change yours
          {share.data && !share.data.hint && ', and voting takes the access token'}.
        </p>
      )}
      {share.data?.hint && (
        <Notice tone="review" title="Only this computer can open it" detail={share.data.hint} />
      )}
      <ProblemNotice error={share.error} title="No link this time" />
      <label htmlFor={id} className="visually-hidden">
        Link
      </label>
      <input
        id={id}
        readOnly
        value={link}
        placeholder="Making a link"
        className={styles.link}
        onFocus={(event) => event.target.select()}
      />
      <div className={styles.buttons}>
        <Button
          look="primary"
          icon="copy"
          disabled={!link}
          onClick={() => copy(link, 'The link is on your clipboard.')}
        >
          Copy link
        </Button>
        {share.data && (
          <ButtonLink to={`/s/${share.data.share_id}`} look="plain" target="_blank" icon="eye">
            See what they see
          </ButtonLink>
        )}
      </div>
    </>
  )
}
