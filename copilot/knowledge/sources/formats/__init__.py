"""From a file's bytes to Markdown with a title, one module a form.

Everything here runs in a process of its own (`copilot.knowledge.sources.parsing`), because libraries that read files
from outside can be made to hang, to eat memory or to crash.
"""
