"""What a process of the house loads before it works: what it needs not is left for the request that does."""

import json
import subprocess
import sys

import pytest

_WEB = """
from regulars.interfaces.server.web import _warmed
_warmed()
"""
_BACKROOM = """
from regulars.interfaces.server import backroom
from regulars.kernel import processes
processes.set_up()
from django.utils.module_loading import autodiscover_modules
autodiscover_modules("jobs")
"""
_TOLD = """
import json, sys
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.mark.parametrize("process", [_WEB, _BACKROOM], ids=["web", "backroom"])
def test_pages_and_jobs_do_not_wait_for_the_shapes_of_the_api(process):
    ran = subprocess.run([sys.executable, "-c", process + _TOLD], stdout=subprocess.PIPE, check=True)
    loaded = json.loads(ran.stdout)
    assert "regulars" in loaded
    assert not {"pydantic", "ninja"} & {*loaded}
