import { useQuery } from '@tanstack/react-query'
import { peopleQuery } from '@/api/people'
import { ProblemNotice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import styles from './accounts.module.css'
import { Invite } from './invite'
import { Person } from './person'

/** Everybody, and who may come. */
export function People({ me }: { me: string }) {
  const { data, error, isPending } = useQuery(peopleQuery)
  return (
    <div className={styles.columns}>
      <section className={styles.card} aria-labelledby="people">
        <h2 id="people">People</h2>
        <ProblemNotice error={error} title="The list could not be read" />
        {isPending && <Skeleton height="9rem" />}
        <ul className={styles.list}>
          {data?.people.map((person) => (
            <Person key={person.id} person={person} isMe={person.id === me} />
          ))}
        </ul>
      </section>
      <Invite invitations={data?.invitations ?? []} />
    </div>
  )
}
