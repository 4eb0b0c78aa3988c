"""One small call, to find out whether a provider can be used."""

import asyncio
import os
from collections.abc import Mapping

from tabrl.errors import TabRLError
from tabrl.llm.asking import Answer, Budget, Message, Question
from tabrl.llm.client import Client
from tabrl.llm.providers import Provider

_MAX_TOKENS = 2048  # some think before they say a word
_CAP_USD = 0.25
_LONGEST_S = 60.0


def try_out(provider: Provider, env: Mapping[str, str] = os.environ) -> Answer:
    """Ask a provider for one word.

    Raises:
        TabRLError: there is no answer; the message says what is wrong, the hint what to look at.
    """
    if provider.needs_key and not provider.secret(env):
        raise TabRLError(
            f"There is no key for {provider.title or provider.name}.",
            f"Set {' or '.join((*provider.key_env, provider.variable('KEY')))}.",
        )
    quick = provider.model_copy(update={"timeout_s": min(provider.timeout_s, _LONGEST_S)})
    question = Question(
        purpose="test",
        instructions="Answer with the single word: ready",
        messages=(Message(role="user", text="Are you there?"),),
        max_tokens=_MAX_TOKENS,
    )
    return asyncio.run(Client(quick, Budget(_CAP_USD), env=env, retries=0)(question))
