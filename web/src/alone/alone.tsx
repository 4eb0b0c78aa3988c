import { useEffect, useState } from 'react'
import { LiveView } from '@/components/live/live-view'
import styles from './alone.module.css'

interface Contents {
  title: string
  policies: { name: string; folder: string }[]
}

/** A page of its own that plays exported policies: static files, whose paths are relative. */
export function Alone() {
  const [contents, setContents] = useState<Contents | null>(null)
  const [chosen, setChosen] = useState(0)
  useEffect(() => {
    fetch('./contents.json')
      .then((answer) => answer.json())
      .then(setContents, () => setContents({ title: 'Nothing was exported here', policies: [] }))
  }, [])
  const policy = contents?.policies[chosen]
  return (
    <main className={styles.alone}>
      <h1>{contents?.title}</h1>
      {contents && contents.policies.length > 1 && (
        <fieldset className={styles.choice}>
          <legend className="visually-hidden">Policies</legend>
          {contents.policies.map(({ name, folder }, index) => (
            <button
              key={folder}
              type="button"
              aria-pressed={index === chosen}
              onClick={() => setChosen(index)}
            >
              {name}
            </button>
          ))}
        </fieldset>
      )}
      {policy && (
        <LiveView key={policy.folder} files={new URL(policy.folder, location.href).href} />
      )}
    </main>
  )
}
