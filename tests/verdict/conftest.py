import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "llm"))  # tests import its sentences
