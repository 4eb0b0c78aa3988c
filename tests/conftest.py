"""What every test run needs, however it was started."""

import signal

# A shell starts background jobs with Ctrl-C ignored, which processes hand on to their children;
# a handler of our own is not handed on, so that tests can interrupt what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
