"""Several commands of the product in one process: `python -m santong_launcher.several A … -- B …`.

Reading the product's code takes a second of processor time, which each process would spend anew.
"""

import itertools
import runpy
import sys


def main() -> None:
    """Run them in order; the first that fails is the last, and its traceback names it."""
    for is_border, words in itertools.groupby(sys.argv[1:], lambda word: word == "--"):
        if not is_border:
            command = list(words)
            print(f"── {' '.join(command)}", flush=True)
            sys.argv = ["santong", *command]
            runpy.run_module("santong", run_name="__main__")


if __name__ == "__main__":
    main()
