"""The table at the end of an experiment."""

from rich.table import Table
from rich.text import Text

from tabrl.cli.console import console
from tabrl.cli.words import MARKS, duration, number, robustness_line
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.moves import words
from tabrl.experiments.record import COMMANDS, NOT_TRAINED, CommandsRecord, Experiment, Usage
from tabrl.verdict.words import says

_MOVES = 12  # that are listed


def summary(experiment: Experiment) -> None:
    """Print approach, verdict, numbers against the base policy, time, and where the files are."""
    out = console()
    table = Table("approach", "verdict", "measured (before → trained)", "time", "files")
    for approach in experiment.approaches:
        table.add_row(
            Text(approach.name),
            _verdict(approach),
            _measured(approach),
            duration(sum(approach.timings.values())),
            Text(f"{approach.folder}/", overflow="fold"),
        )
    out.print(Text(experiment.sentence, "bold"), Text(experiment.note, "dim"), sep="\n")
    if experiment.commands:
        table.add_row(*_commanded(experiment.commands))
    if experiment.approaches:
        out.print(table)
    for name, taken in experiment.usage.items():
        out.print(Text(_taken(name, taken), "dim"))
    if charged := [a.cost_usd for a in experiment.approaches if a.cost_usd is not None]:
        out.print(Text(f"Modal: about ${sum(charged):.4f}, an estimate", "dim"))
    for error in experiment.errors:
        out.print(Text(error, "red"))
    for name in experiment.files.values():
        out.print(Text(str(experiment.folder / name)), soft_wrap=True)
    out.print(Text(str(experiment.folder / "experiment.json")), soft_wrap=True)


def _taken(name: str, taken: Usage) -> str:
    """What a language model has taken, in a line."""
    cost = "at an unknown price" if taken.cost_usd is None else f"${taken.cost_usd:.4f}"
    return (
        f"{name}: {taken.requests} requests, {taken.input_tokens:,} tokens in, "
        f"{taken.output_tokens:,} out, {cost}"
    )


def _commanded(commands: CommandsRecord) -> tuple[Text | str, ...]:
    """The row of what the base policy did as it was told."""
    name = Text.assemble(commands.name, (f"\n{NOT_TRAINED}: velocity commands", "yellow"))
    word = commands.verdict or commands.status
    numbers = [f"{label}: {number(value)}" for label, value in commands.numbers.items()]
    problem = [commands.error.message] if commands.error else []
    told = [*map(words, commands.moves[:_MOVES])]
    more = len(commands.moves) - len(told)
    told += [f"and {more} more"] if more > 0 else []
    note = [commands.note] if commands.note else []
    return (
        name,
        Text(says(word), MARKS.get(word, "")),
        Text("\n".join([*problem, *numbers, *commands.reasons, *told, *note])),
        duration(sum(commands.timings.values())),
        Text(f"{COMMANDS}/", overflow="fold"),
    )


def _verdict(approach: ApproachRecord) -> Text:
    word = approach.verdict or approach.status
    text = Text(says(word), MARKS.get(word, ""))
    if approach.verdict and approach.status != "finished":
        text.append(f" ({approach.status})", "dim")
    if approach.learned_early:
        text.append(f"\nafter {approach.step / (approach.num_steps or 1):.0%} of its steps", "dim")
    return text


def _measured(approach: ApproachRecord) -> Text:
    if approach.error:
        return Text(f"{approach.error.message} {approach.error.hint}".strip(), "red")
    trained, base = approach.numbers.trained, approach.numbers.base
    lines = [
        f"{label}: {number(base.get(label))} → {number(value)}" for label, value in trained.items()
    ]
    told = [Text(line) for line in (*lines, *approach.reasons, *_better(approach))]
    told += [Text(approach.note)] if approach.note else []
    return Text("\n").join([*told, *map(robustness_line, approach.robustness)])


def _better(approach: ApproachRecord) -> list[str]:
    """What an improved approach does better than its parent, in a line."""
    if not approach.origin or not approach.gained:
        return []
    return [f"Better than {approach.origin.name}: {', '.join(approach.gained)}"]
