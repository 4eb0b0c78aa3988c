import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { reportsQuery, useDismiss, useHide } from '@/api/explore'
import type { Reported } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { ProblemNotice } from '@/components/ui/notice'
import { useToast } from '@/components/ui/toast'
import { ago } from '@/lib/format'
import styles from './explore.module.css'
import { REASONS } from './report'

/** What people reported and owners hid: for owners, who decide. */
export function Reports() {
  const { data, error } = useQuery(reportsQuery)
  return (
    <section className={styles.reports} aria-labelledby="reports">
      <h2 id="reports">Reported and hidden</h2>
      <ProblemNotice error={error} title="It could not be read" />
      {data?.length === 0 && (
        <p className={styles.soft}>Nobody complains, and nothing is hidden.</p>
      )}
      <ul>
        {data?.map((each) => (
          <li key={each.id}>
            <About reported={each} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function About({ reported }: { reported: Reported }) {
  const { id, sentence, hidden, reports } = reported
  const hide = useHide()
  const dismiss = useDismiss()
  const toast = useToast()
  return (
    <>
      <div className={styles.about}>
        <p>
          <Link to={`/experiments/${id}`}>“{sentence}”</Link>{' '}
          {hidden && <Chip icon="eye">Hidden</Chip>}
        </p>
        <small>
          {reported.robot_name}
          {reported.by && ` · by ${reported.by}`}
        </small>
        {reports.map((report) => (
          <p key={report.by + report.at} className={styles.said}>
            <strong>{REASONS[report.reason]}.</strong> {report.text && <q>{report.text}</q>}{' '}
            <small>
              {report.by || 'Somebody who left'}, {ago(report.at)}
            </small>
          </p>
        ))}
      </div>
      <div className={styles.decide}>
        <Button
          size="small"
          look={hidden ? 'solid' : 'primary'}
          busy={hide.isPending}
          onClick={() => hide.mutate({ id, hidden: !hidden }, { onError: toast.fail })}
        >
          {hidden ? 'Show again' : 'Hide from everybody'}
          <span className="visually-hidden"> {sentence}</span>
        </Button>
        {reports.length > 0 && (
          <Button
            size="small"
            busy={dismiss.isPending}
            onClick={() => dismiss.mutate(id, { onError: toast.fail })}
          >
            Dismiss
            <span className="visually-hidden"> reports of {sentence}</span>
          </Button>
        )}
      </div>
    </>
  )
}
