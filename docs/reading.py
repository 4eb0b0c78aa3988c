"""Writes `reading.md` from the tables that the reader reads: `python docs/reading.py`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tabrl.behaviours.reading import read
from tabrl.behaviours.reading.lexicon import codes, lexicon
from tabrl.behaviours.reading.notation import show
from tabrl.behaviours.reading.tables import Verb, domain
from tabrl.behaviours.reading.tokens import UNITS
from tabrl.behaviours.reading.wording import told

PATH = Path(__file__).with_name("reading.md")
EXAMPLES = (
    "Walk 2 m to the left slowly, then sit",
    "Raise your right hand, not the left",
    "Lift your left front paw and shake it three times",
    "Walk backwards while swaying your hips",
    "Look up at the stars and hold it",
    "Don't jump.",
    "Make it more like the second one but calmer.",
    "wlak foward slwoly pls",
    "Back off, don't hurt that squirrel!",
    "Good news, we are going to a picnic!",
)
INTRO = """# How a sentence is read

<!-- Written by docs/reading.py; edit the tables in src/tabrl/behaviours/reading instead. -->

A sentence becomes a reading: what is to be done, by which limb, which way, how often, in which
order, as data. Rewards and metric are built from it, each by code that does not see the other, and
what was not read is named, so that no verdict hides it. `tabrl read "SENTENCE" --robot ID` prints
it, `--json` and `POST /api/training/read` give all of its fields. No model is asked, and no
network.

- Parts come one after another; actions of a part happen at once. "and" joins what a body can do at
  once, and else means "then".
- A negated action is a constraint on the rest of its part; alone, it is kept standing still.
- `sure` is false where a verb only stands for what was said, where nothing was asked for, and where
  the body cannot do it; `alternatives` are what to choose from.
- `unread` holds every word that had no part in the reading, function words excepted.
- `refers_to` is there for a wish about what was made before: "calmer", "like the second one".
- What means the same is read the same: `spin 3 times` is `spin 1080deg`, three steps are `walk x3`,
  "turn right twice" is `turn right 180deg`, "go left 2 m, then back" is
  `walk left 2m; walk right 2m`, rising on the hind legs is standing on them, a hand that waves is
  not said again.
- Typing errors are mended in words of four letters or more, where one word is nearest and the
  misspelt one is none itself; the note says so.
"""
NOTATION = """
The notation in the third column is that of the tables and tests: `;` parts what comes one after
another, `+` what happens at once, `!` forbids, a side stands before its part, and seconds count for
the whole part.
"""
GUIDE = """
## Add a language

A language is one file, `languages/<code>.toml`, named by its ISO 639-1 code. Sections hold
phrases, parted by commas; a key is what they mean, in the notation above. `*` ends a stem, which
may have one of `endings`. Case, accents and hyphens do not matter. A few words of Dutch, as
`nl.toml`:

```toml
name = "Dutch"
double = true

[endings]
plain = "t en e"
gerund = "end"

[verbs]
walk = "loop*, lop*, wandel*"
sit = "ga zitten, zit*"
"shake tail" = "kwispel*"

[weak]
walk = "ga, gaan"

[parts]
head = "hoofd, kop"
"front_leg" = "poot, voorpoot"

[sides]
left = "links, linker"
right = "rechts, rechter"

[ways]
forward = "vooruit, naar voren"
backward = "achteruit, naar achteren"

[manners]
slow = "langzaam, rustig"

[numbers]
2 = "twee"

[units]
m = "meter"
step = "stap, stappen"

[links]
then = "dan, daarna, en dan"
and = "en"
while = "terwijl"
without = "zonder"
not = "niet, geen"

[others]
article = "een"
times = "keer"

[fillers]
words = "de, het, je, jouw, met, naar, alsjeblieft"
```

It is then read like the others:

```python
from tabrl.behaviours.reading import read

reading = read("Loop langzaam twee meter achteruit en ga zitten")
```

- `weak` are verbs that say little: "go" is dropped beside "sit".
- `ends` are front and rear where they stand apart from the limb, `heights` low and high, `similes`
  what "like a crab" means (with the verbs that it fits, parted by `|`), `relatives` "faster",
  `counts` "twice". A key that begins with `~` is only the nearest to what was said, so not sure.
- `links` are "then", "and", "while", "before", "after", "without", "not" and "but"; `others` are
  small words with a task: it, article, times, per, every, again, ratio ("as fast as usual"),
  meanwhile, slightly, stop, clitic ("baisse-les"), alternate ("left and right"), vertical, fore
  ("back and forth"), back ("come back"), radius, diameter, ref, glue.
- An ending or a prefix may say something: `gerund`, `participle`, `infinitive`, `it`, or a link,
  as Korean's "-goseo" is `then`.
- `side_after = true`: the side follows the limb ("mano derecha"). `verb_final = true`: what belongs
  to a verb stands before it. `elision = true`: "l'avant" is two words. `double = true`: a stem may
  double its last letter. `step_walks = true`: "step" is a verb, too.
- `shortest_typo` is how long a word must be to be looked at for typing errors, `known` are common
  words that are one letter off a word of the tables.
- Add at least fifteen sentences with their readings to `tests/behaviours/readings.toml`, written
  from their meaning, before you see what the reader makes of them.
"""


def page() -> str:
    """The whole page."""
    verbs = [
        (f"`{verb.name}`", verb.means, _who(verb), ", ".join(sorted(verb.needs)))
        for verb in domain().verbs.values()
    ]
    parts = [(f"`{name}`", means) for name, means in domain().parts.items()]
    manners = [(f"`{m.name}`", m.means, f"`{m.does}`" if m.does else "") for m in _manners()]
    units = ", ".join(f"`{unit}`" for unit in UNITS)
    return "".join(
        [
            INTRO,
            _section("Examples", ("sentence", "reading", "in short", "unread"), _examples()),
            f"\nRead are {_languages()}. Units: {units}.\n",
            NOTATION,
            _section("Verbs", ("do", "what it is", "who", "needs"), verbs),
            _section("Parts of a body", ("part", "what it is"), parts),
            _section("Manners", ("manner", "what it is", "done where no verb is said"), manners),
            GUIDE,
        ]
    )


def _manners() -> Iterable:
    return domain().manners.values()


def _who(verb: Verb) -> str:
    return ", ".join(sorted(verb.types)) or "all"


def _languages() -> str:
    names = [f"{lexicon(code).name} (`{code}`)" for code in codes()]
    return ", ".join(names[:-1]) + f" and {names[-1]}"


def _examples() -> Iterable[Sequence[str]]:
    for sentence in EXAMPLES:
        reading = read(sentence)
        said = told(reading.parts) if reading.sure else f"not sure: {told(reading.parts)}"
        yield sentence, said, f"`{show(reading.parts)}`", ", ".join(reading.unread)


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    table = "".join(f"| {' | '.join(row)} |\n" for row in lines)
    return f"\n## {title}\n\n{table}"


if __name__ == "__main__":
    PATH.write_text(page(), "utf-8")
