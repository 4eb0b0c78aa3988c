"""What TabRL measures about itself: `tabrl bench`, or `python -m benchmarks.<name> --help`.

Each module's `main()` returns figure, baseline and their ratio, taken in one run on one machine.
"""
