"""Every route of the application against everybody, as the one table says."""

from dataclasses import dataclass

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, APIWebSocketRoute
from hosting import Hosted
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tabrl.experiments.engine import Live
from tabrl.server.accounts import things
from tabrl.server.accounts.gate import gate_of, may, refuse_open
from tabrl.server.accounts.limits import Limits
from tabrl.server.accounts.rules import TABLE, Reach
from tabrl.server.accounts.things import NOT_THERE
from tabrl.server.app import routes
from tabrl.store.tables import PersonRow

WHO = ("nobody", "viewer", "maker", "owner")
ALL = routes().state.routes
HTTP = [route for route in ALL if isinstance(route, APIRoute)]
SOCKETS = [route for route in ALL if isinstance(route, APIWebSocketRoute)]
SHARES = (things.by_share,)
UNASKED = (401, 403)


def name(route) -> str:
    return f"{'+'.join(sorted(getattr(route, 'methods', None) or ['WS']))} {route.path}"


def test_every_route_names_an_action_and_every_action_has_a_route():
    assert len(HTTP) > 60
    assert len(SOCKETS) == 3
    assert {gate_of(route).action for route in ALL} == set(TABLE)


def test_an_application_with_a_route_that_names_none_is_refused():
    router = APIRouter()

    @router.get("/api/open")
    def unruled() -> None: ...

    with pytest.raises(ValueError, match="/api/open"):
        refuse_open(router.routes)
    app = FastAPI()
    with pytest.raises(ValueError, match="openapi"):
        refuse_open(app.routes)  # what FastAPI adds by itself is no exception
    with pytest.raises(ValueError, match=r"no\.such"):
        may("no.such")


def test_whoever_may_more_loses_nothing():
    for action, rule in TABLE.items():
        assert rule.nobody <= rule.viewer <= rule.maker <= rule.owner, action
        assert rule.owner is Reach.ALL, action


@dataclass
class Case:
    """A request for a thing of somebody else's, or of one's own."""

    path: str
    body: dict


def case(route, live, video: str) -> Case:
    """The address of a route about an experiment, and a body that names it."""
    id = live.id
    first = {"/api/models": f"{id}.1-a", "/api/playground/robots": "rex", "/api/people": "0" * 16}
    main = next((value for start, value in first.items() if route.path.startswith(start)), id)
    if main == id and route.path.startswith("/api/playground"):
        main = "NoSuchRobot"  # quickly answered
    values = {
        "id": main, "job_id": f"{id}.1-a", "share_id": live.share_id, "approach": "1-a",
        "video_id": video, "addition": "mC9xQ2vLw0aT", "passkey": "x", "token": "x",
        "file": "control.json", "kind": "bundle", "name": "no-such",
    }  # fmt: skip
    if route.path == "/s/{id}":
        values["id"] = live.share_id
    path = route.path.replace(":video", "")
    for key, value in values.items():
        path = path.replace(f"{{{key}}}", str(value))
    assert "{" not in path, path
    return Case(path, {"experiment": id, "job_id": f"{id}.1-a", "videos": [video]})


@dataclass
class Stand:
    """Somebody, and an experiment with a clip, which are made anew once one of them is changed."""

    hosted: Hosted
    who: str
    owner: PersonRow | None
    made: dict

    def take(self, shared: bool) -> tuple[PersonRow | None, Live, str]:
        """The person, an experiment, theirs where no other owner is named, and its clip."""
        if shared not in self.made:
            person = None if self.who == "nobody" else self.hosted.person(self.who)
            live = self.hosted.experiment(self.owner or person)
            self.hosted.engine.show(live, "link" if shared else "private")
            video = (live.id * 3)[:24]
            clip = str(live.folder / "clip.mp4")
            self.hosted.engine.store.add_videos([(video, live.id, clip)])
            self.made[shared] = person, live, video
        return self.made[shared]


def expected(route, who: str, own: bool, shared: bool) -> set[int] | None:
    """The statuses of a refusal, or None where it is let through."""
    gate = gate_of(route)
    reach = getattr(gate.rule, who)
    if reach is Reach.NONE:
        return {401} if who == "nobody" else {403}
    if gate._find is None:
        return None
    open = gate._find in SHARES or (shared and gate._find in (things.by_video, things.by_videos))
    needed = Reach.OPEN if open else Reach.OWN if own else Reach.ALL
    if reach >= needed:
        return None
    return {401} if who == "nobody" else {404}


def refused(answer) -> bool:
    body = answer.json() if "problem" in answer.headers.get("content-type", "") else {}
    return answer.status_code in UNASKED or (
        body.get("detail") == NOT_THERE[0] and (body.get("hint") == NOT_THERE[1])
    )


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("own", [False, True], ids=["another's", "one's own"])
def test_every_route_lets_through_whom_the_table_says_and_nobody_else(hosted, who, own):
    hosted.person("owner")  # that there is one, whoever else goes
    stand = Stand(hosted, who, None if own else hosted.person("maker"), {})
    for route in HTTP:
        if own and (who == "nobody" or gate_of(route)._find is None):
            continue
        for method in sorted(route.methods):
            hosted.accounts.limits = Limits()
            shared = gate_of(route)._find in SHARES
            person, live, video = stand.take(shared)
            asked = case(route, live, video)
            body = None if method in ("GET", "HEAD") else asked.body
            answer = hosted.browser(person).request(method, asked.path, json=body)
            told = (who, method, route.path, answer.status_code, answer.text[:200])
            assert answer.status_code < 500 or answer.status_code == 503, told
            statuses = expected(route, who, own, shared)
            if statuses is None:
                assert not refused(answer), told
                if gate_of(route).rule.changes:
                    stand.made.clear()
            else:
                assert answer.status_code in statuses, told


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("own", [False, True], ids=["another's", "one's own"])
def test_so_does_every_websocket(hosted, who, own):
    stand = Stand(hosted, who, None if own else hosted.person("maker"), {})
    for route in SOCKETS:
        if own and who == "nobody":
            continue
        shared = gate_of(route)._find in SHARES
        person, live, video = stand.take(shared)
        path = case(route, live, video).path
        headers = dict(hosted.browser(person).headers)
        sent = {name: headers[name] for name in ("cookie",) if name in headers}
        with connect(
            f"ws://localhost:{hosted.port}{path}", additional_headers=sent, origin=hosted.origin
        ) as socket:
            try:
                socket.recv(timeout=60)
                code, reason = None, ""
            except ConnectionClosed:
                code, reason = socket.close_code, socket.close_reason
        statuses = expected(route, who, own, shared)
        told = (who, route.path, code, reason)
        if statuses is None:
            assert code not in (4401, 4403), told
            assert reason != NOT_THERE[0] or not own, told
        else:
            assert code == 4000 + next(iter(statuses)), told


def test_a_token_does_what_its_scopes_say_and_never_changes_an_account(hosted):
    owner, live, video = Stand(hosted, "owner", None, {}).take(True)
    programs: dict[str, httpx.Client] = {}
    for route in HTTP:
        rule = gate_of(route).rule
        others = {"read", "teach", "manage"} - {rule.scope}
        for method in sorted(route.methods):
            hosted.accounts.limits = Limits()
            asked = case(route, live, video)
            body = None if method in ("GET", "HEAD") else asked.body
            program = programs.setdefault(str(rule.scope), hosted.program(owner, *others))
            answer = program.request(method, asked.path, json=body)
            assert answer.status_code == 403, (method, route.path, answer.text[:200])


def test_what_a_body_names_is_asked_for_whatever_else_it_says(hosted):
    mine, theirs = hosted.person("maker"), hosted.person("maker")
    own, other = hosted.experiment(mine), hosted.experiment(theirs)
    browser = hosted.browser(mine)
    for body in (
        {"experiment": other.id},
        {"experiment": own.id, "job_id": f"{other.id}.1-a"},
        {"experiment": other.id, "job_id": f"{own.id}.1-a"},
    ):
        assert browser.post("/api/training/batch", json=body).status_code == 404
    twice = f'{{"experiment": "{own.id}", "experiment": "{other.id}"}}'
    answer = browser.post(
        "/api/training/batch", content=twice, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 404


def test_those_who_run_beside_a_policy_are_asked_for_too(hosted):
    mine, other = hosted.person("maker"), hosted.experiment(hosted.person("maker"))
    cookie = hosted.browser(mine).headers["cookie"]
    path = f"/api/models/library-hip-shake/live?with={other.id}.1-a"
    with (
        connect(
            f"ws://localhost:{hosted.port}{path}",
            additional_headers={"Cookie": cookie},
            origin=hosted.origin,
        ) as socket,
        pytest.raises(ConnectionClosed),
    ):
        socket.recv(timeout=60)
    assert socket.close_code == 4404
