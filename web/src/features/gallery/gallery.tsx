import { useSuspenseQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { robotsQuery } from '@/api/queries'
import { Button } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { classes } from '@/lib/classes'
import { categories, categoryName, type Filter, matching } from './filter'
import styles from './gallery.module.css'
import { RobotButton } from './robot-button'

const FIRST = 15

/** All robots as cards, to search, filter and choose from. */
export function Gallery({
  selected,
  onSelect,
}: {
  selected: string
  onSelect: (id: string) => void
}) {
  const { data: robots } = useSuspenseQuery(robotsQuery)
  const [filter, setFilter] = useState<Filter>({ words: '', category: '' })
  const [all, setAll] = useState(false)
  const found = matching(robots, useDeferredValue(filter))
  const filtered = Boolean(filter.words || filter.category)
  const shown = all || filtered ? found : found.slice(0, FIRST)
  return (
    <>
      <div className={styles.tools}>
        <label className={styles.search}>
          <Icon name="search" />
          <span className="visually-hidden">Search robots</span>
          <input
            type="search"
            placeholder="Search robots"
            value={filter.words}
            onChange={(event) => setFilter({ ...filter, words: event.target.value })}
          />
        </label>
        <fieldset className={styles.categories}>
          <legend className="visually-hidden">Category</legend>
          {[['', robots.length] as const, ...categories(robots)].map(([category, count]) => (
            <button
              key={category}
              type="button"
              aria-pressed={filter.category === category}
              className={classes(styles.category)}
              onClick={() => setFilter({ ...filter, category })}
            >
              {category ? categoryName(category) : 'All'} <small>{count}</small>
            </button>
          ))}
        </fieldset>
      </div>
      <p className="visually-hidden" role="status">
        {found.length} robots
      </p>
      <ul className={styles.grid}>
        {shown.map((robot, index) => (
          <li key={robot.id}>
            <RobotButton
              robot={robot}
              selected={robot.id === selected}
              eager={index < 5}
              onSelect={onSelect}
            />
          </li>
        ))}
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
}
