"""Every protocol that is spoken, against servers that speak it, in all the ways it can go wrong."""

import asyncio
import json
import time
from typing import Any, get_args

import pytest
from dialects import USAGE, Fault, Heard, Say
from structures import nightly
from wire import KEY, Wire

from tabrl.llm.asking import Answer, Budget, Form, Message, Question, patiently
from tabrl.llm.client import MAX_BYTES, Client
from tabrl.llm.providers import Kind, Price
from tabrl.llm.trouble import Trouble

KINDS = get_args(Kind)
FORM = Form(
    "propose",
    "Hand in the answer.",
    {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
)
MESSAGES = (
    Message(role="user", text="Shake your hips."),
    Message(role="assistant", text='{"a": 0}'),
    Message(role="user", text="Mend it."),
)
QUESTION = Question("approaches", "Be brief.", MESSAGES, FORM)

each_kind = pytest.mark.parametrize("kind", [*KINDS[:2], *map(nightly, KINDS[2:])])
each_way = pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])


def ask(wire: Wire, *, retries: int = 0, cap: float = 2.0, **changes: Any) -> Answer:
    """What a client hears from a server that is opened for it."""
    with wire.open():
        client = Client(wire.provider(**changes), Budget(cap), env={}, retries=retries)
        return asyncio.run(client(QUESTION))


def trouble(wire: Wire, **changes: Any) -> Trouble:
    """What goes wrong; the key is in no word of it."""
    with pytest.raises(Trouble) as caught:
        ask(wire, **changes)
    chain = caught.value.__cause__, caught.value
    assert not any(KEY in repr(error) for error in chain)
    return caught.value


@each_kind
@each_way
@pytest.mark.parametrize("form", [True, False], ids=["tool", "text"])
def test_an_answer_is_heard(kind: Kind, stream: bool, form: bool) -> None:
    wire = Wire(kind, Say('{"a": 7}', form=form))
    answer = ask(wire, stream=stream)
    assert json.loads(answer.text) == {"a": 7}
    assert answer.finish == "stop"
    assert (answer.input_tokens, answer.output_tokens) == USAGE
    assert answer.model == "loop-1"
    (heard,) = wire.heard
    assert heard.streams is stream
    sent = json.dumps(heard.body)
    assert all(text in sent for text in ("Shake your hips.", "Mend it.", "Be brief.", "propose"))


@each_kind
def test_the_key_is_where_the_protocol_wants_it_and_nowhere_else(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "GOOGLE_API_KEY"):
        monkeypatch.setenv(name, "sk-somebody-elses-0123456789")
    wire = Wire(kind, Say("hello"))
    ask(wire)
    headers = wire.heard[0].headers
    holders = {name for name, value in headers.items() if KEY in value}
    assert holders == {"x-goog-api-key" if kind == "google" else "authorization"}
    assert not any("somebody" in value for value in headers.values())
    assert KEY not in wire.heard[0].path + json.dumps(wire.heard[0].body)


@each_kind
def test_a_server_of_ones_own_is_asked_without_a_key(kind: Kind) -> None:
    wire = Wire(kind, Say("hello"))
    assert ask(wire, key=None).text == "hello"


@each_kind
@each_way
def test_a_refusal_is_told(kind: Kind, stream: bool) -> None:
    found = trouble(Wire(kind, Say("", finish="refusal")), stream=stream)
    assert found.cause == "refused"
    assert not found.again


@each_kind
@each_way
def test_an_answer_that_was_cut_off_says_so(kind: Kind, stream: bool) -> None:
    answer = ask(Wire(kind, Say('{"a": 7, "b": "long', finish="length")), stream=stream)
    assert answer.finish == "length"
    assert answer.text.startswith('{"a": 7')


@each_kind
def test_a_tool_call_that_was_cut_off_is_kept_as_written(kind: Kind) -> None:
    if kind == "google":
        pytest.skip("Gemini sends a call whole or not at all")
    answer = ask(Wire(kind, Say('{"a": 7, "b": "long', form=True, finish="length")))
    assert (answer.text, answer.finish) == ('{"a": 7, "b": "long', "length")


KEY_WORDS = {"anthropic": "authentication_error", "google": "UNAUTHENTICATED"}
QUOTA = {
    "anthropic": Fault(402, "Your credit balance is too low.", "billing_error"),
    "google": Fault(
        429,
        "You exceeded your current quota.",
        "RESOURCE_EXHAUSTED",
        body=json.dumps(
            {
                "error": {
                    "code": 429,
                    "message": "You exceeded your current quota.",
                    "status": "RESOURCE_EXHAUSTED",
                    "details": [
                        {
                            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                            "violations": [{"quotaId": "GenerateRequestsPerDayPerProject"}],
                        }
                    ],
                }
            }
        ).encode(),
    ),
    "deepseek": Fault(402, "Insufficient Balance", "unknown_error"),
}
OPENAI_QUOTA = Fault(429, "You exceeded your current quota.", "insufficient_quota")


@each_kind
@each_way
def test_a_wrong_key_is_told(kind: Kind, stream: bool) -> None:
    fault = Fault(401, f"Incorrect API key provided: {KEY}", KEY_WORDS.get(kind, "invalid_api_key"))
    wire = Wire(kind, fault)
    found = trouble(wire, stream=stream, retries=2, key_env=["LAB_KEY"])
    assert found.cause == "key"
    assert found.hint == "Look at LAB_KEY."
    assert "[key]" in found.message
    assert len(wire.heard) == 1


@each_kind
@each_way
def test_a_used_up_quota_is_told_and_not_tried_again(kind: Kind, stream: bool) -> None:
    wire = Wire(kind, QUOTA.get(kind, OPENAI_QUOTA))
    assert trouble(wire, stream=stream, retries=2).cause == "quota"
    assert len(wire.heard) == 1


@each_kind
def test_an_unknown_model_is_told(kind: Kind) -> None:
    found = trouble(Wire(kind, Fault(404, "The model `loop-1` does not exist", "not_found_error")))
    assert found.cause == "model"
    assert "loop-1" in found.message
    assert "_MODEL" in found.hint


@each_kind
def test_a_wrong_address_is_told(kind: Kind) -> None:
    wire = Wire(kind, Say("hello"))
    with wire.open():
        provider = wire.provider()
        wrong = provider.at(base_url=provider.base_url + "/nowhere")
        with pytest.raises(Trouble) as caught:
            asyncio.run(Client(wrong, Budget(2.0), env={}, retries=0)(QUESTION))
    assert caught.value.cause == "model"
    assert "/nowhere" in caught.value.message
    with pytest.raises(Trouble) as caught:  # the server is gone
        asyncio.run(Client(provider, Budget(2.0), env={}, retries=0)(QUESTION))
    assert caught.value.cause == "address"
    assert "cannot be reached" in caught.value.message


@each_kind
@each_way
def test_a_busy_provider_says_how_long_to_leave_it_alone(kind: Kind, stream: bool) -> None:
    busy = Fault(429, "Slow down.", "rate_limit_error", {"retry-after": "1"})
    assert trouble(Wire(kind, busy), stream=stream).wait_s == 1
    wire = Wire(kind, busy, Say("hello"))
    assert ask(wire, stream=stream, retries=2).text == "hello"
    assert len(wire.heard) == 2


def test_a_busy_provider_is_left_alone_as_long_as_it_asks() -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def busy_twice() -> str:
        if len(waited) < 2:
            raise Trouble("busy", "Slow down.", again=True, wait_s=7.0)
        return "hello"

    assert asyncio.run(patiently(busy_twice, retries=2, sleep=sleep)) == "hello"
    assert waited == [7.0, 7.0]


def test_nobody_waits_for_an_hour() -> None:
    wire = Wire("openai", Fault(429, "Slow down.", headers={"retry-after": "3600"}))
    found = trouble(wire, retries=3)
    assert (found.cause, found.wait_s, len(wire.heard)) == ("busy", 3600, 1)


@each_kind
@pytest.mark.parametrize("status", [500, 502, 503, 529])
def test_a_fault_of_the_server_may_pass(kind: Kind, status: int) -> None:
    wire = Wire(kind, Fault(status, headers={"retry-after": "0.01"}), Say("hello"))
    assert ask(wire, retries=1).text == "hello"
    found = trouble(Wire(kind, Fault(status, headers={"retry-after": "0.01"})), retries=1)
    assert found.cause in ("server", "busy")


NO_ANSWERS = {
    "a web page": Fault(200, body=b"<html>Log in</html>", content_type="text/html"),
    "half of a document": Fault(200, body=b'{"id": "x", "choi'),
    "another document": Fault(200, body=b"[1, 2, 3]"),
    "nothing": Fault(200, body=b""),
    "bytes": Fault(200, body=bytes(range(256)), content_type="application/octet-stream"),
    "half of an event": Fault(200, body=b'data: {"id": "x', content_type="text/event-stream"),
    "no event": Fault(200, body=b": keep-alive\n\n", content_type="text/event-stream"),
}


@each_kind
@each_way
@pytest.mark.parametrize("fault", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_what_is_no_answer_is_told(kind: Kind, stream: bool, fault: Fault) -> None:
    found = trouble(Wire(kind, fault), stream=stream)
    assert found.cause == "reply"
    assert found.hint


@each_kind
@each_way
def test_a_closed_connection_is_told(kind: Kind, stream: bool) -> None:
    found = trouble(Wire(kind, Say("x" * 4000, cut=150)), stream=stream)
    assert found.cause in ("reply", "address")
    assert found.again


@each_kind
def test_a_stream_that_breaks_off_gives_what_was_said_or_a_trouble_that_may_pass(
    kind: Kind,
) -> None:
    wire = Wire(kind, Say('{"a": 7}' + " " * 4000, cut=3000))
    with wire.open():
        client = Client(wire.provider(), Budget(1.0), env={}, retries=0)
        (found,) = asyncio.run(_gathered(client(QUESTION)))
    assert found.again if isinstance(found, Trouble) else found.text.startswith('{"a": 7}')


async def _gathered(*asked: Any) -> list[Any]:
    return await asyncio.gather(*asked, return_exceptions=True)


@each_kind
def test_a_server_that_does_not_stream_is_asked_without(kind: Kind) -> None:
    def whole_only(heard: Heard) -> Say | Fault:
        if heard.streams:
            return Fault(200, body=b'{"error": null}')
        return Say("hello")

    wire = Wire(kind, whole_only)
    assert ask(wire).text == "hello"
    assert [heard.streams for heard in wire.heard] == [True, False]


@each_kind
def test_a_server_that_takes_no_tools_is_asked_without(kind: Kind) -> None:
    def no_tools(heard: Heard) -> Say | Fault:
        words = "loop-1 does not support tools"
        return Fault(400, words, "invalid_request_error") if heard.offers_a_tool else Say("hello")

    wire = Wire(kind, no_tools)
    assert ask(wire).text == "hello"
    assert [heard.offers_a_tool for heard in wire.heard] == [True, False]


@each_kind
@each_way
def test_a_drip_is_cut_off_at_the_limit(kind: Kind, stream: bool) -> None:
    wire = Wire(kind, Say("drip drip drip drip", silence_s=0 if stream else 3, pause_s=0.8))
    began = time.monotonic()
    found = trouble(wire, stream=stream, timeout_s=1.2)
    assert found.cause == "slow"
    assert "1.2 s" in found.message
    assert time.monotonic() - began < 8


@each_kind
def test_silence_is_cut_off_sooner(kind: Kind) -> None:
    found = trouble(Wire(kind, Say("late", silence_s=4)), timeout_s=60, silence_s=0.7)
    assert found.cause == "slow"
    assert "said nothing for 0.7 s" in found.message


@each_way
def test_megabytes_are_not_read(stream: bool) -> None:
    wire = Wire("openai", Say("x" * (MAX_BYTES + 1000)))
    assert trouble(wire, stream=stream).cause in ("address", "reply")


def test_a_redirect_is_not_followed_with_a_key() -> None:
    other = Wire("anthropic", Say("caught"))
    with other.open():
        away = Fault(307, headers={"location": f"{other.url}/v1/messages"})
        trouble(Wire("anthropic", away))
    assert other.heard == []


def test_the_cost_is_counted_and_capped() -> None:
    price = Price(input=1.0, output=10.0)
    answer = ask(Wire("openai", Say("hello")), price=price)
    assert answer.cost_usd == pytest.approx((USAGE[0] * 1 + USAGE[1] * 10) / 1e6)
    wire = Wire("openai", Say("hello"))
    found = trouble(wire, price=price, cap=0.01)
    assert found.cause == "cap"
    assert wire.heard == []


def test_a_purse_is_shared() -> None:
    budget = Budget(0.5)
    wire = Wire("openai", Say("hello"))
    with wire.open():
        provider = wire.provider(price=Price(input=0, output=30.0), max_tokens=10_000)
        client = Client(provider, budget, env={}, retries=0)
        done = asyncio.run(_gathered(client(QUESTION), client(QUESTION)))
    assert sorted(type(each).__name__ for each in done) == ["Answer", "Trouble"]
    assert budget.spent_usd == pytest.approx(USAGE[1] * 30 / 1e6)


def test_a_known_model_has_a_price_and_an_unknown_one_has_none() -> None:
    from tabrl.llm.asking import cost, presumed_cost
    from tabrl.llm.providers import book

    claude = book(env={"TABRL_HOME": "/nowhere"}).find("anthropic")
    assert cost(claude, 1_000_000, 0)
    unknown = claude.at(model="nobody-knows-me")
    assert cost(unknown, 1000, 1000) is None
    assert presumed_cost(unknown, 1000, 1000) > 0


def test_a_client_tells_nothing_of_its_key() -> None:
    with Wire("openai", Say("hello")).open() as wire:
        client = Client(wire.provider(), Budget(1.0), env={})
    assert KEY not in repr(client) + str(vars(client).get("provider"))
