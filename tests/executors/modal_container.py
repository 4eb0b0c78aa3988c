"""Runs one input of a function of the app, as a container at Modal does: reads pickled arguments
from stdin, writes the pickled result. SIGINT is a preemption, SIGUSR1 a cancellation.
"""

import os
import pickle
import signal
import sys

from modal.exception import InputCancellation

from tabrl.executors import modal_app
from tabrl.executors.modal_orders import ON_CORES, ON_GPU


def _cancelled(number: int, frame: object) -> None:
    raise InputCancellation("Input was cancelled by user")


def main() -> None:
    signal.signal(signal.SIGUSR1, _cancelled)
    args, kwargs = pickle.load(sys.stdin.buffer)
    functions = {ON_CORES: modal_app.train.local, ON_GPU: modal_app.train_on_gpu}
    try:
        result = functions[sys.argv[1]](*args, **kwargs)
    except (KeyboardInterrupt, InputCancellation):
        os._exit(9)
    sys.stdout.buffer.write(pickle.dumps(result))
    sys.stdout.flush()
    os._exit(0)  # a container stays, and its threads with it: they are no matter of this call


if __name__ == "__main__":
    main()
