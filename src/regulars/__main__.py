"""`python -m regulars` is `regulars`."""

import sys

from regulars.interfaces.cli.main import main

sys.exit(main())
