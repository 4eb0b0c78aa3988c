import { useId } from 'react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useToast } from '@/components/ui/toast'
import styles from './accounts.module.css'

/** Something that is shown this once. */
export function Secret({ label, value }: { label: string; value: string }) {
  const id = useId()
  const toast = useToast()

  async function copy() {
    try {
      await navigator.clipboard.writeText(value)
      toast.say('It is on your clipboard.')
    } catch {
      document.getElementById(id)?.focus() // selects it, to copy by hand
    }
  }

  return (
    <Notice title={label} detail="Copy it now: it is shown this once.">
      <div className={styles.row}>
        <label className={styles.field} htmlFor={id}>
          <span className="visually-hidden">{label}</span>
          <input
            id={id}
            readOnly
            className={styles.secret}
            value={value}
            onFocus={(event) => event.target.select()}
          />
        </label>
        <Button icon="copy" onClick={copy}>
          Copy
        </Button>
      </div>
    </Notice>
  )
}
