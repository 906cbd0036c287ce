import re

import pytest

from santong_launcher.steps import Steps


def test_each_step_tells_its_number_and_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps(total=3, done=1)

    with steps.step("Web assets"):
        pass
    with steps.step("Demo merchant", speaks=True):
        print("300 stores")

    told = re.sub(r"\d\.\d s", "0.0 s", capsys.readouterr().out)
    assert told == "[2/3] Web assets … 0.0 s\n[3/3] Demo merchant\n300 stores\n      0.0 s\n"


def test_a_step_that_fails_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), Steps(total=1).step("Web assets"):
        raise RuntimeError

    assert "[1/1] Web assets … failed after" in capsys.readouterr().out
