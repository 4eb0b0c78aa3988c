"""`tabrl tune`: search for the weights and learner's settings that serve an approach best."""

from pathlib import Path

import click

from tabrl.cli.experiments import folder_of
from tabrl.cli.where import settings_for, where


@click.command()
@click.argument("experiment")
@click.argument("approach")
@click.option("--trials", type=click.IntRange(1, 1000), default=16, show_default=True,
              help="Short trainings in all; the first is the approach as it is.")  # fmt: skip
@click.option("--over", type=click.Choice(["weights", "learning", "both"]), default="both",
              show_default=True, help="What is searched.")  # fmt: skip
@click.option("--steps", type=click.IntRange(1), metavar="N",
              help="Of each trial. [default: those of the quick preset]")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@where("local", "ray", told="Where the trials run.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Folder of the search, which the same command goes on with. [default: beside "
              "the approach]")  # fmt: skip
@click.option("--teach/--no-teach", default=True, show_default=True,
              help="Train the best for the standard preset's time in the end.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print only the search, as JSON.")
@click.pass_context
def tune(
    ctx: click.Context,
    experiment: str,
    approach: str,
    trials: int,
    over: str,
    steps: int | None,
    seed: int,
    executor: str,
    address: str | None,
    out: Path | None,
    teach: bool,
    as_json: bool,
) -> None:
    """Search for APPROACH's best weights and learner's settings, judged by its metric.

    EXPERIMENT is a folder or an id. What mattered is in tuning.html.
    """
    from tabrl.cli.console import console
    from tabrl.cli.display import display
    from tabrl.cli.failure import INTERRUPTED
    from tabrl.cli.summary import summary
    from tabrl.experiments import load
    from tabrl.experiments.improve import chosen
    from tabrl.experiments.stop import Stop
    from tabrl.experiments.tuning import Trial, Tuning, teach_tuned
    from tabrl.experiments.tuning import tune as search
    from tabrl.experiments.tuning_page import PAGE, write_page

    settings, stop = settings_for(executor, address), Stop()
    earlier = load(folder_of(experiment))
    record = chosen(earlier, approach, trained=False)
    folder = (out or earlier.folder / record.folder / "tuning").absolute()

    def told(tuning: Tuning, trial: Trial) -> None:
        write_page(tuning, folder)
        if not as_json:
            worth = "-" if trial.worth is None else f"{trial.worth:.2f}"
            words = ", ".join(f"{name} {value:g}" for name, value in trial.values.items())
            console().print(
                f"trial {trial.number}: {trial.verdict or trial.state}, worth {worth} "
                f"({trial.state}): {words}{f': {trial.error}' if trial.error else ''}"
            )

    tuning = search(earlier, record, folder, trials=trials, over=over, steps=steps, seed=seed,  # type: ignore[arg-type]
                    executor=executor, settings=settings, on_trial=told, stop=stop)  # fmt: skip
    best = tuning.best
    if as_json:
        click.echo(tuning.model_dump_json(indent=1))
    else:
        if best:
            first = next((each for each in tuning.trials if each.number == 0), best)
            console().print(f"best: trial {best.number}, worth {best.worth:.2f} of 4; "
                            f"as it is: {first.worth or 0:.2f}")  # fmt: skip
        console().print(f"what mattered: {folder / PAGE}")
    if stop.requested or best is None:
        ctx.exit(INTERRUPTED if stop.requested else 1)
    if teach:
        with display() as on_event:
            made = teach_tuned(tuning, earlier, best, executor=executor, settings=settings,
                               on_event=on_event)  # fmt: skip
        if not as_json:
            summary(made)
        ctx.exit({"finished": 0, "cancelled": INTERRUPTED}.get(made.status, 1))
