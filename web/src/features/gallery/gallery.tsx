import { useSuspenseQuery } from '@tanstack/react-query'
import { memo, useDeferredValue, useState } from 'react'
import { robotsQuery } from '@/api/queries'
import { Button } from '@/components/ui/button'
import { SearchField } from '@/components/ui/search-field'
import { useAddressText } from '@/lib/address'
import { CUSTOM, categories, categoryName, matching } from './filter'
import styles from './gallery.module.css'
import { AboutRobot } from './own/about-robot'
import { AddRobot } from './own/add-robot'
import { RobotButton } from './robot-button'

const FIRST = 15

type Choice = { selected: string; onSelect: (id: string) => void }

/** All robots as cards, to search, filter and choose from. */
export const Gallery = memo(function Gallery({ selected, onSelect }: Choice) {
  const { data: robots } = useSuspenseQuery(robotsQuery)
  const { field, text } = useAddressText('find')
  const [chosen, setCategory] = useState('')
  const category = robots.some((robot) => robot.category === chosen) ? chosen : ''
  const words = useDeferredValue(text)
  return (
    <>
      <div className={styles.tools}>
        <SearchField label="Search robots" {...field} />
        <fieldset className={styles.categories}>
          <legend className="visually-hidden">Category</legend>
          {[['', robots.length] as const, ...categories(robots)].map(([name, count]) => (
            <button
              key={name}
              type="button"
              aria-pressed={category === name}
              className={styles.category}
              onClick={() => setCategory(name)}
            >
              {name ? categoryName(name) : 'All'} <small>{count}</small>
            </button>
          ))}
        </fieldset>
      </div>
      <Found words={words} category={category} selected={selected} onSelect={onSelect} />
    </>
  )
})

/** The cards, which a key in another field of the page does not draw anew. */
const Found = memo(function Found({
  words,
  category,
  selected,
  onSelect,
}: Choice & { words: string; category: string }) {
  const { data: robots } = useSuspenseQuery(robotsQuery)
  const [all, setAll] = useState(false)
  const found = matching(robots, { words, category })
  const shown = all || words || category ? found : found.slice(0, FIRST)
  const forget = (id: string) => {
    if (id === selected) onSelect('')
  }
  return (
    <>
      <p className="visually-hidden" role="status">
        {found.length} robots
      </p>
      <ul className={styles.grid}>
        {shown.map((robot, index) => (
          <li key={robot.id} className={styles.place}>
            <RobotButton
              robot={robot}
              selected={robot.id === selected}
              eager={index < 5}
              onSelect={onSelect}
            />
            {robot.category === CUSTOM && (
              <AboutRobot robot={robot} onTeach={onSelect} onRemoved={forget} />
            )}
          </li>
        ))}
        {!words && (
          <li>
            <AddRobot onTeach={onSelect} onRemoved={forget} />
          </li>
        )}
      </ul>
      {shown.length === 0 && (
        <p className={styles.none}>No robot is called that. Try “dog” or “arm”.</p>
      )}
      {shown.length < found.length && (
        <div className={styles.more}>
          <Button icon="down" onClick={() => setAll(true)}>
            Show all {found.length} robots
          </Button>
        </div>
      )}
    </>
  )
})
