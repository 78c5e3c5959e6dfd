"""``python -m ankivault``: the command line, for a collection that Anki has closed."""

import json
import sys

STOPPED = "Stopped. Nothing was changed."

if __name__ == "__main__":
    try:
        from .cli.commands import main

        status = main(sys.argv[1:])
    except KeyboardInterrupt:  # while the modules were being loaded
        if "--json" in sys.argv:
            sys.stdout.write(json.dumps({"ok": False, "error": STOPPED}) + "\n")
        sys.stderr.write(f"ankivault: {STOPPED}\n")
        status = 130
    sys.exit(status)
