"""Experiments as the page sees them. URLs stand in place of paths, and no share tells an id."""

import base64
import binascii
import hmac
import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import cast

from tabrl import __version__
from tabrl.errors import BusyError, NotFoundError, TabRLError
from tabrl.experiments.approach_record import ApproachRecord, ApproachState, Learned, Version
from tabrl.experiments.engine import Engine, Live
from tabrl.experiments.files import home_secret
from tabrl.experiments.moves import words
from tabrl.experiments.record import CommandsState, ExperimentState, Parent
from tabrl.experiments.states import ApproachStatus, ExperimentStatus
from tabrl.rewards.meanings import meanings
from tabrl.robots.catalogue import name_of
from tabrl.server.models.experiments import (
    Approach,
    ApproachFiles,
    ApproachSummary,
    Commands,
    Experiment,
    ExperimentHead,
    ExperimentList,
    ExperimentSummary,
    Health,
    JobCount,
    JobStatus,
    PreviewFile,
    ProgressPatch,
    QueuePlace,
    ShownVersion,
    Spending,
    Trouble,
)
from tabrl.spec import Verdict
from tabrl.store.tables import ApproachRow, ExperimentRow
from tabrl.verdict.words import BEST_FIRST

log = logging.getLogger(__name__)


UNTOLD = {"where": "", "cost_usd": None}
"""What strangers are not told of a training."""


class Views:
    """Makes answers of a studio's experiments; `share_id` marks what others are shown."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._secret = home_secret(engine.settings.home)
        self._files: dict[str, tuple[str, Path]] = {}  # experiments and files by their ids
        self._writer = ThreadPoolExecutor(1)  # nobody waits for a disk
        self._unkept: deque[tuple[str, str, str]] = deque()  # as `_files`

    def experiment(self, live: Live, voter: str = "", share_id: str | None = None) -> Experiment:
        """An experiment with its approaches."""
        with self._engine.lock:
            head = self.head(live, share_id)
            approaches = [self.approach(live, a, share_id) for a in live.experiment.approaches]
            my_vote = live.ballots.get(voter) if share_id else live.winner
            return Experiment.model_construct(**dict(head), approaches=approaches, my_vote=my_vote)

    def head(self, live: Live, share_id: str | None = None) -> ExperimentHead:
        """An experiment without its approaches."""
        experiment = live.experiment
        fields = {name: getattr(experiment, name) for name in ExperimentState.model_fields}
        if share_id is not None:
            fields |= {"id": share_id, "machine": {}, "errors": [], "usage": {}}
        fields["parent"] = _as_told(experiment.parent, shared=share_id is not None)
        credit = experiment.credit
        owner = credit.owner if credit else live.owner if live.visibility == "public" else None
        at = _root(live, share_id)
        return ExperimentHead.model_construct(
            **fields,
            robot_name=name_of(experiment.robot),
            proposing=list(live.proposing),
            share_id=share_id or live.share_id,
            visibility=live.visibility,
            hidden=live.hidden,
            by=self._name(owner) or (credit.by if credit else ""),
            parent_by=self._name(experiment.parent.owner if experiment.parent else None),
            licence=credit.licence if credit else "",
            read_only=live.read_only or share_id is not None,
            commands=self._commands(live),
            votes=live.votes(),
            winner=live.winner,
            report=f"{at}/report" if any(a.curve for a in experiment.approaches) else None,
        )

    def _name(self, person: str | None) -> str:
        """What somebody is called; empty where that is not known, or cannot be found out now."""
        if person is None:
            return ""
        with suppress(BusyError):
            return self._engine.store.exhibits.names().get(person, "")
        return ""

    def _commands(self, live: Live) -> Commands | None:
        record = live.experiment.commands
        if record is None:
            return None
        clip, poster = (self._media(live, record.files.get(name)) for name in ("clip", "poster"))
        return Commands.model_construct(
            **{name: getattr(record, name) for name in CommandsState.model_fields},
            steps=[words(move) for move in record.moves],
            video_id=clip,
            clip=f"/api/videos/{clip}" if clip else None,
            poster=f"/api/videos/{poster}.jpg" if poster else None,
        )

    def approach(self, live: Live, record: ApproachRecord, share_id: str | None = None) -> Approach:
        """An approach with its training."""
        fields = {name: getattr(record, name) for name in ApproachState.model_fields}
        fields["curve"] = list(record.curve)
        if share_id is not None:
            fields |= UNTOLD
            if record.origin:
                fields["origin"] = record.origin.model_copy(update={"experiment": share_id})
        return Approach.model_construct(
            **fields,
            id=record.folder,
            job_id=None if share_id else f"{live.id}.{record.folder}",
            queue=_place(live, record),
            stopping=record.folder in live.stopping,
            meanings=dict(meanings(record.source)),
            files=self._urls(live, record, share_id),
            reached=record.reached,
            gained=record.gained,
            versions=self._versions(live, record, share_id),
        )

    def _versions(
        self, live: Live, record: ApproachRecord, share_id: str | None
    ) -> list[ShownVersion]:
        """What the trainings of an approach showed, the one that it shows now among them."""
        if not any(kept.version != record.version for kept in record.versions):
            return []
        return [self._version(live, record, kept, share_id) for kept in record.history()]

    def _version(
        self, live: Live, record: ApproachRecord, kept: Version, share_id: str | None
    ) -> ShownVersion:
        clip, poster = (self._media(live, kept.files.get(n)) for n in ("clip", "poster"))
        id = f"{share_id or live.id}.{record.folder}@{kept.version}"
        return ShownVersion.model_construct(
            **{name: getattr(kept, name) for name in Learned.model_fields},
            clip=f"/api/videos/{clip}" if clip else None,
            poster=f"/api/videos/{poster}.jpg" if poster else None,
            model=f"/api/models/{id}" if "policy" in kept.files else None,
        )

    def progress(
        self, live: Live, record: ApproachRecord, since: int, share_id: str | None = None
    ) -> ProgressPatch:
        """What changes often, with the curve's points after the step `since`."""
        names = ProgressPatch.model_fields.keys() & ApproachState.model_fields.keys()
        fields = {name: getattr(record, name) for name in names}
        return ProgressPatch.model_construct(
            **fields | (UNTOLD if share_id is not None else {}),
            id=record.folder,
            queue=_place(live, record),
            points=[point for point in record.curve if point.step > since],
        )

    def job(self, engine: Engine, job_id: str) -> JobStatus:
        """Where one training stands."""
        id, name = job_id.split(".")
        with engine.lock:
            live = engine.find(id)
            record = live.approach(name)
            fields = JobStatus.model_fields.keys() & ApproachState.model_fields.keys() - {"error"}
            return JobStatus.model_construct(
                **{field: getattr(record, field) for field in fields},
                job_id=job_id,
                queue=_place(live, record),
                error=record.error.message if record.error else None,
            )

    def page(
        self,
        engine: Engine,
        q: str,
        statuses: Sequence[ExperimentStatus],
        limit: int,
        cursor: str | None,
        owner: str | None = None,
    ) -> ExperimentList:
        """A page of the experiments that hold the words of `q`: everybody's, or one person's."""
        after = _read_cursor(cursor) if cursor else None
        found, last = engine.page(q, limit, after, statuses, owner)
        items = [self.summary(live) for live in found]
        return ExperimentList(items=items, next=_cursor(*last) if last else None)

    def card(self, row: ExperimentRow, winner: str | None) -> ExperimentSummary | None:
        """An experiment in a list, by what the store knows of it, which is read sooner than its
        record; None where an earlier TabRL kept it, which noted no files.
        """
        there = [each.folder for each in row.approaches]
        winner = winner if winner in there else None
        judged = [each for each in row.approaches if "poster" in each.files]
        if not judged:
            return None
        shown = min(judged, key=lambda a: (a.folder != winner, BEST_FIRST[_verdict(a)]))
        clip, poster = (
            self._media_of(row.id, Path(row.folder), shown.files.get(n)) for n in ("clip", "poster")
        )
        if clip is None and poster is None:
            return None
        return ExperimentSummary.model_construct(
            id=row.id,
            share_id=None,
            sentence=row.sentence,
            title=row.result.get("title", ""),
            robot=row.robot,
            robot_name=name_of(row.robot),
            status=cast("ExperimentStatus", row.status),
            created=row.created,
            winner=winner,
            poster=f"/api/videos/{poster}.jpg" if poster else None,
            clip=f"/api/videos/{clip}" if clip else None,
            approaches=[
                ApproachSummary.model_construct(
                    id=a.folder,
                    name=a.name,
                    status=cast("ApproachStatus", a.status),
                    verdict=_verdict(a),
                )
                for a in row.approaches
            ],
        )

    def summary(self, live: Live) -> ExperimentSummary:
        """An experiment in a list, with the picture of its best approach."""
        with self._engine.lock:
            experiment = live.experiment
            shown = min(
                (a for a in experiment.approaches if "poster" in a.files),
                key=lambda a: (a.folder != live.winner, BEST_FIRST[a.verdict]),
                default=None,
            )
            urls = self._urls(live, shown, None) if shown else ApproachFiles()
            return ExperimentSummary(
                id=None if live.shipped else live.id,
                share_id=live.id if live.shipped else live.share_id,
                sentence=experiment.sentence,
                title=experiment.title,
                robot=experiment.robot,
                robot_name=name_of(experiment.robot),
                status=experiment.status,
                created=experiment.created,
                winner=live.winner,
                poster=urls.poster,
                clip=urls.clip,
                approaches=[
                    ApproachSummary(id=a.folder, name=a.name, status=a.status, verdict=a.verdict)
                    for a in experiment.approaches
                ],
            )

    def health(self, engine: Engine) -> Health:
        """How the studio is."""
        running, queued, capacity = engine.jobs()
        why, spending = engine.trouble, engine.spending
        return Health(
            status="stopping" if engine.closing else "ok",
            version=__version__,
            where=engine.where,
            jobs=JobCount(running=running, queued=queued, capacity=capacity),
            spending=Spending(spent_usd=round(spending[0], 4), cap_usd=spending[1])
            if spending
            else None,
            trouble=Trouble(message=why.message, hint=why.hint) if why else None,
        )

    def media_file(self, video_id: str) -> Path:
        """The file of a clip or poster; `NotFoundError` where its content has changed or gone."""
        path = self._known(video_id)[1]
        if not path.is_file() or self._token(path) != video_id:
            raise NotFoundError("There is no such clip any more.", "Open its experiment again.")
        return path

    def experiment_of(self, video_id: str) -> str:
        """The experiment of a clip or poster; `NotFoundError` where there is none."""
        return self._known(video_id)[0]

    def _known(self, video_id: str) -> tuple[str, Path]:
        if known := self._files.get(video_id):
            return known
        experiment, path = self._engine.store.video(video_id)
        return experiment, Path(path)

    def _urls(self, live: Live, record: ApproachRecord, share_id: str | None) -> ApproachFiles:
        clip, poster = (self._media(live, record.files.get(n)) for n in ("clip", "poster"))
        previews = [(p.step, self._media(live, p.path)) for p in record.previews]
        id, root = share_id or live.id, _root(live, share_id)
        at = f"{root}/approaches/{record.folder}"
        return ApproachFiles(
            video_id=clip,
            clip=f"/api/videos/{clip}" if clip else None,
            poster=f"/api/videos/{poster}.jpg" if poster else None,
            trajectory=f"{at}/trajectory" if "trajectory" in record.files else None,
            policy=f"{at}/policy" if "policy" in record.files else None,
            model=f"/api/models/{id}.{record.folder}" if "policy" in record.files else None,
            previews=[
                PreviewFile(step=step, url=f"/api/videos/{id}") for step, id in previews if id
            ],
        )

    def _media(self, live: Live, relative: str | None) -> str | None:
        """The id of a file of an experiment that the page may play."""
        return self._media_of(live.id, live.folder, relative)

    def _media_of(self, experiment: str, folder: Path, relative: str | None) -> str | None:
        if relative is None:
            return None
        path = folder / relative
        try:
            id = self._token(path)
        except OSError:
            return None
        if id not in self._files:
            self._files[id] = experiment, path
            self._unkept.append((id, experiment, str(path)))
            self._writer.submit(self._remember)
        return id

    def _remember(self) -> None:
        """Keep the ids of files for the next start, all that there are by now at once."""
        some = [self._unkept.popleft() for _ in range(len(self._unkept))]
        if not some:
            return
        try:
            self._engine.store.add_videos(some)
        except Exception:  # they are made again when their experiments are opened
            log.exception(
                "the ids of clips were not kept", extra={"paths": [at for *_, at in some]}
            )

    def _token(self, path: Path) -> str:
        """An id that cannot be guessed, and that another content would not have."""
        about = path.stat()
        text = f"{path}\0{about.st_mtime_ns}\0{about.st_size}".encode()
        digest = hmac.new(self._secret, text, sha256).digest()
        return base64.urlsafe_b64encode(digest[:18]).decode()


def _verdict(row: ApproachRow) -> Verdict | None:
    return cast("Verdict | None", row.verdict)


def _root(live: Live, share_id: str | None) -> str:
    return f"/api/shared/{share_id}" if share_id else f"/api/experiments/{live.id}"


def _as_told(parent: Parent | None, *, shared: bool) -> Parent | None:
    """Where an experiment comes from, as its owner or strangers may know it."""
    untold: dict[str, None] = {"owner": None} | ({"id": None} if shared else {})
    return parent and parent.model_copy(update=untold)


def _place(live: Live, record: ApproachRecord) -> QueuePlace | None:
    place = live.places.get(record.folder)
    return QueuePlace(position=place[0], estimated_start_s=place[1]) if place else None


def _cursor(created: datetime, id: str) -> str:
    return base64.urlsafe_b64encode(f"{created.isoformat()} {id}".encode()).decode()


def _read_cursor(text: str) -> tuple[datetime, str]:
    try:
        created, id = base64.urlsafe_b64decode(text.encode()).decode().split(" ")
        return datetime.fromisoformat(created), id
    except (ValueError, binascii.Error, OverflowError):
        raise TabRLError("This is not the cursor of a page.", "Begin without one.") from None
