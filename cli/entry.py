"""The console script: nothing but the door.

Python imports the script of a program again in each of its worker processes, which parse pages and need no verb. So
what the verbs need is imported when one is used.
"""


def main() -> None:
    """`cli.main.main`."""
    from cli.main import main as run

    run()
