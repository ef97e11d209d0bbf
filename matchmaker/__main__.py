"""``python -m matchmaker``."""

from matchmaker.cli.main import main

if __name__ == "__main__":
    main()
