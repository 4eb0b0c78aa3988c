import { useId, useState } from 'react'
import { useShare } from '@/api/actions'
import { SideBySide } from '@/components/side-by-side/side-by-side'
import { Button, ButtonLink } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Notice, ProblemNotice } from '@/components/ui/notice'
import { useToast } from '@/components/ui/toast'
import styles from './share-button.module.css'

/** Makes a link that opens the experiment read-only; `film` is its sentence once it has clips. */
export function ShareButton({ experiment, film }: { experiment: string; film?: string }) {
  const [open, setOpen] = useState(false)
  const share = useShare()
  const toast = useToast()
  const id = useId()
  const link = share.data?.url ?? ''

  async function copy() {
    try {
      await navigator.clipboard.writeText(link)
      toast.say('The link is on your clipboard.')
    } catch {
      document.getElementById(id)?.focus() // selects it, to copy by hand
    }
  }

  return (
    <>
      <Button
        size="small"
        icon="share"
        onClick={() => {
          setOpen(true)
          share.mutate(experiment)
        }}
      >
        Share
      </Button>
      <Dialog open={open} title="Show it to somebody" onClose={() => setOpen(false)}>
        <div className={styles.body}>
          <p>
            Whoever has this link can watch. Nobody can change yours
            {share.data && !share.data.hint && ', and voting takes the access token'}.
          </p>
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
            <Button look="primary" icon="copy" disabled={!link} onClick={copy}>
              Copy link
            </Button>
            {share.data && (
              <ButtonLink to={`/s/${share.data.share_id}`} look="plain" target="_blank" icon="eye">
                See what they see
              </ButtonLink>
            )}
          </div>
          {film && (
            <>
              <p>Or send the clips themselves, side by side under the sentence.</p>
              <div className={styles.buttons}>
                <SideBySide source={{ kind: 'own', id: experiment }} sentence={film} />
              </div>
            </>
          )}
        </div>
      </Dialog>
    </>
  )
}
