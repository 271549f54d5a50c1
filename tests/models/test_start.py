from __future__ import annotations

import subprocess
import sys

HEAVY = ("pydantic_ai", "openai", "anthropic", "google.genai", "genai_prices", "httpx2", "phonenumbers")


def test_opening_a_workspace_imports_no_provider() -> None:
    """They take one to three seconds; they come in a thread when the first model is asked."""
    code = (
        "import sys\nfrom copilot.workspace import Workspace\nimport copilot.workspace.models\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
