"""When a kernel counts as ready (``kit.kernels.Client``): messages are made up, no kernel runs."""

import asyncio
import os
import queue

import pytest
import zmq

from kit.kernels import AGAIN, Client

ANSWER, BUSY, IDLE = (
    {"msg_type": "kernel_info_reply", "content": {}},
    {"msg_type": "status", "content": {"execution_state": "busy"}},
    {"msg_type": "status", "content": {"execution_state": "idle"}},
)


class Line:
    """A channel that gives these messages and is silent then; a number is the question that a message answers."""

    def __init__(self, asked, messages):
        self.asked = asked
        self.messages = [{**message, "parent_header": {"msg_id": number}} for message, number in messages]

    async def get_msg(self, timeout):
        if not self.messages or self.messages[0]["parent_header"]["msg_id"] > len(self.asked):
            raise queue.Empty
        return self.messages.pop(0)


def ready(shell, iopub, alive=True, timeout=60.0):
    """How often it was asked until it was ready."""
    asked = []

    class Made(Client):
        shell_channel, iopub_channel = Line(asked, shell), Line(asked, iopub)

        def kernel_info(self):
            asked.append(len(asked) + 1)
            return asked[-1]

        def _handle_kernel_info_reply(self, reply):
            assert reply["parent_header"]["msg_id"] == asked[-1]

        async def _async_is_alive(self):
            return alive

    asyncio.run(Made().wait_for_ready(timeout))
    return len(asked)


def test_a_kernel_is_ready_when_it_has_answered_and_is_idle_again():
    assert ready([(ANSWER, 1)], [(BUSY, 1), (IDLE, 1)]) == 1


def test_it_is_asked_anew_until_its_outputs_are_heard():
    assert ready([(ANSWER, 1), (ANSWER, 2)], [(IDLE, 2)]) == 2
    assert ready([(ANSWER, 2)], [(IDLE, 2)]) == 2


def test_answers_to_earlier_questions_are_passed_over():
    assert ready([(ANSWER, 1), (ANSWER, 1), (ANSWER, 2)], [(IDLE, 0), (BUSY, 1), (BUSY, 2), (IDLE, 2)]) == 2


@pytest.mark.parametrize(
    ("alive", "timeout", "said"), [(False, 60.0, "died before replying"), (True, 0.0, "didn't respond in 0.0 seconds")]
)
def test_one_that_is_gone_or_says_nothing_in_time_is_told_as_papermill_expects(alive, timeout, said):
    with pytest.raises(RuntimeError, match=said):
        ready([], [], alive, timeout)


@pytest.mark.skipif(os.name == "nt", reason="no such sockets there")
def test_a_kernel_that_does_not_listen_yet_is_looked_for_again_at_once(tmp_path):
    async def looked():
        client = Client(transport="ipc", ip=str(tmp_path / "kernel"))
        for n, port in enumerate(("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port"), 1):
            setattr(client, port, n)
        made = client.connect_shell(), client.connect_iopub()
        try:
            return [socket.getsockopt(zmq.RECONNECT_IVL) for socket in made]
        finally:
            client.stop_channels()
            for socket in made:
                socket.close(0)

    assert asyncio.run(looked()) == [AGAIN, AGAIN]
