"""A product of a few lines, with the same commands: enough for the launcher to run."""

import os
import signal
import sys
import time

import psycopg


def main() -> None:
    """Do what the real product's command of this name does, as seen from outside."""
    name = sys.argv[1]
    if name == "migrate_cells":
        with psycopg.connect(os.environ["SANTONG_OWNER_DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (number int PRIMARY KEY)")
            connection.execute("GRANT SELECT, INSERT ON kept TO santong_app")
    elif name in {"work", "relay"}:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        print("working", flush=True)
        while True:
            time.sleep(0.1)
    elif name == "numbers":
        with psycopg.connect(os.environ["SANTONG_DATABASE_URL"]) as connection:
            print(*(row[0] for row in connection.execute("SELECT number FROM kept")))
    elif name == "logins":
        print("log in as nobody")
    elif name == "fail":
        sys.exit("it failed on purpose")


if __name__ == "__main__":
    main()
