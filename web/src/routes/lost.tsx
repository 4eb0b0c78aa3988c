import { isRouteErrorResponse, useRouteError } from 'react-router'
import { ButtonLink } from '@/components/ui/button'
import { Logo } from '@/components/ui/logo'
import styles from './lost.module.css'

/** Where nothing is, or where a page broke. */
export function Lost({ title, detail }: { title?: string; detail?: string }) {
  const error = useRouteError()
  const broke = error instanceof Error && !isRouteErrorResponse(error)
  return (
    <div className={styles.lost}>
      <Logo size={96} />
      <h1>{title ?? (broke ? 'That did not work' : 'Nobody home')}</h1>
      <p>{detail ?? (broke ? error.message : 'There is no page at this address.')}</p>
      <ButtonLink to="/" look="primary" reloadDocument={broke}>
        To the studio
      </ButtonLink>
    </div>
  )
}
