"""The client of the bridge in one file, against a bridge that says what a test tells it."""

import itertools
import json
import socket
import struct
import threading
import unittest
from unittest import mock

import polywire
from polywire import Failure, Polywire, PolywireError, Streams


def frame(value):
    payload = json.dumps(value).encode()
    return struct.pack(">I", len(payload)) + payload


GOES = object()


class Bridge:
    """One connection of a client: answer(frame) gives bytes, or None, for each frame that comes, or GOES."""

    def __init__(self, answer):
        self.frames = []
        self._answer = answer
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.close()
        self._thread.join(10)

    def _serve(self):
        connection, _ = self._server.accept()
        with connection, connection.makefile("rb") as stream:
            while head := stream.read(4):
                request = json.loads(stream.read(*struct.unpack(">I", head)))
                self.frames.append(request)
                answer = self._answer(request)
                if answer is GOES:
                    return
                if answer is not None:
                    connection.sendall(answer)


def reply(request, body):
    return frame({"type": "rec", "address": request["replyAddress"], "body": body})


class CallTest(unittest.TestCase):
    def test_arguments_may_have_the_names_of_the_clients_own(self):
        with Bridge(lambda request: reply(request, {})) as bridge:
            with Polywire(port=bridge.port) as client:
                client.call("polywire.amqp", "bind", address="orders", action="x")
        self.assertEqual({"address": "orders", "action": "x"}, bridge.frames[0]["body"])

    def test_who_only_listens_pings_however_often_something_comes(self):
        event = frame({"type": "message", "address": "news", "body": 1})
        answers = {"register": lambda request: reply(request, None) + event * 60, "ping": lambda request: None}
        # A second passes with each look at the clock.
        with Bridge(lambda request: answers[request["type"]](request)) as bridge:
            with mock.patch.object(polywire.time, "monotonic", side_effect=itertools.count()):
                with Polywire(port=bridge.port) as client:
                    news = client.listen("news")
                    self.assertEqual([1] * 60, [next(news) for _ in range(60)])
        self.assertIn({"type": "ping"}, bridge.frames)

    def test_a_request_is_a_frame_with_action_and_timeout(self):
        with Bridge(lambda request: reply(request, {"ok": 1})) as bridge:
            with Polywire(port=bridge.port, timeout=3) as client:
                self.assertEqual({"ok": 1}, client.call("polywire.mongodb", "ping", a=2**60))
        self.assertEqual(
            [
                {
                    "type": "send",
                    "address": "polywire.mongodb",
                    "headers": {"action": "ping", "timeout": "3000"},
                    "body": {"a": 2**60},
                    "replyAddress": "1",
                }
            ],
            bridge.frames,
        )

    def test_an_answer_for_another_question_waits_for_it(self):
        other = frame({"type": "rec", "address": "news", "body": {"n": 1}})
        with Bridge(lambda request: other + reply(request, request["address"])) as bridge:
            with Polywire(port=bridge.port) as client:
                self.assertEqual("a", client.call("a", "x"))
                self.assertEqual({"n": 1}, next(client.listen("news")))

    def test_a_failure_is_typed(self):
        info = {"name": "TIMEOUT", "retryable": False, "mayHaveExecuted": True, "server": {"code": 7}}
        err = {"type": "err", "failureCode": 4408, "message": "late", "debugInfo": info}
        with Bridge(lambda request: frame({**err, "address": request["replyAddress"]})) as bridge:
            with Polywire(port=bridge.port) as client, self.assertRaises(PolywireError) as raised:
                client.call("a", "x")
        failure = raised.exception
        self.assertEqual((4408, "TIMEOUT", False, True, {"code": 7}), (
            failure.code, failure.name, failure.retryable, failure.may_have_executed, failure.server))
        self.assertEqual("4408 TIMEOUT: late", str(failure))

    def test_a_bridge_that_goes_is_an_error(self):
        with Bridge(lambda request: GOES) as bridge:
            with Polywire(port=bridge.port) as client, self.assertRaises(ConnectionError):
                client.call("a", "x")

    def test_what_json_cannot_say_is_never_sent(self):
        with Bridge(lambda request: reply(request, None)) as bridge:
            with Polywire(port=bridge.port) as client, self.assertRaises(ValueError):
                client.call("a", "x", n=float("nan"))
        self.assertEqual([], bridge.frames)


class StreamTest(unittest.TestCase):
    """Read: batches are asked for by number, and the same one again when its answer was lost."""

    def test_a_lost_answer_is_asked_for_again(self):
        lost = [True]

        def answer(request):
            action, body = request["headers"]["action"], request["body"]
            if action == "open":
                return reply(request, {"address": "s.streams.1", "id": "i", "leaseMillis": 30_000})
            if action == "next" and body["batch"] == 2 and lost:
                lost.clear()
                return frame({"type": "err", "address": request["replyAddress"], "failureCode": 4408, "message": ""})
            if action == "next":
                items = {1: [1, 2], 2: [3]}.get(body["batch"], [])
                return reply(request, {"batch": body["batch"], "items": items, "done": body["batch"] == 2})
            return reply(request, None)

        with Bridge(answer) as bridge:
            with Polywire(port=bridge.port) as client:
                self.assertEqual([1, 2, 3], list(client.stream("s", "open")))
        asked = [each["body"]["batch"] for each in bridge.frames if each["headers"]["action"] == "next"]
        self.assertEqual([1, 2, 2], asked)
        self.assertEqual("close", bridge.frames[-1]["headers"]["action"])


    def test_a_stream_says_where_a_new_one_goes_on(self):
        batches = [(1, [1, 2], {"n": 2}), (2, [], {"n": 5}), (2, [7], None), (3, [8], {"n": 8}), (4, [], {"n": 9})]

        def answer(request):
            if request["headers"]["action"] == "open":
                return reply(request, {"address": "s.streams.1", "id": "i"})
            if request["headers"]["action"] == "next":
                batch, items, resume = batches.pop(0)
                return reply(request, {"batch": batch, "items": items, "done": not batches, "resume": resume})
            return reply(request, None)

        with Bridge(answer) as bridge:
            with Polywire(port=bridge.port) as client:
                stream = client.stream("s", "open")
                points = [(item, stream.resume) for item in stream]
        self.assertEqual([(1, None), (2, {"n": 2}), (7, {"n": 5}), (8, {"n": 8})], points)
        self.assertEqual({"n": 9}, stream.resume)


class ServedStreamTest(unittest.TestCase):
    """Given: a generator behind a handle."""

    def setUp(self):
        self.streams = Streams("room", lease=30, max_streams=2)

    def ask(self, handle, action="next", **arguments):
        return self.streams.in_room(action, {"id": handle["id"], **arguments})

    def test_no_more_is_generated_than_was_asked_for(self):
        made = []
        handle = self.streams.add(made.append(n) or n for n in range(100))
        self.assertEqual([0, 1, 2], self.ask(handle, batch=1, max=3)["items"])
        self.assertEqual([0, 1, 2], made)

    def test_the_same_question_has_the_same_answer_for_the_two_newest(self):
        handle = self.streams.add(range(10))
        first = self.ask(handle, batch=1, max=2)
        self.assertEqual(first, self.ask(handle, batch=1, max=2))
        self.ask(handle, batch=2, max=2)
        self.ask(handle, batch=3, max=2)
        with self.assertRaises(Failure) as refused:
            self.ask(handle, batch=1, max=2)
        self.assertEqual(polywire.BAD_REQUEST, refused.exception.code)

    def test_the_end_is_said_with_the_last_items_or_after_them(self):
        handle = self.streams.add([1, 2])
        self.assertEqual({"batch": 1, "items": [1, 2], "done": True}, self.ask(handle, batch=1, max=5))
        self.assertEqual({"batch": 2, "items": [], "done": True}, self.ask(handle, batch=2, max=5))

    def test_a_failure_of_the_generator_follows_what_it_gave(self):
        def two():
            yield 1
            raise Failure(polywire.OVERLOADED, "no more")

        handle = self.streams.add(two())
        self.assertEqual([1], self.ask(handle, batch=1, max=5)["items"])
        with self.assertRaises(Failure) as failed:
            self.ask(handle, batch=2, max=5)
        self.assertEqual(polywire.OVERLOADED, failed.exception.code)

    def test_streams_have_a_bound_and_a_close(self):
        first = self.streams.add([1])
        self.streams.add([2])
        with self.assertRaises(Failure) as refused:
            self.streams.add([3])
        self.assertEqual(polywire.OVERLOADED, refused.exception.code)
        self.ask(first, "close")
        self.streams.add([3])
        with self.assertRaises(Failure) as gone:
            self.ask(first, batch=1, max=1)
        self.assertEqual(polywire.NOT_FOUND, gone.exception.code)

    def test_an_item_that_fits_into_no_batch_ends_the_stream(self):
        handle = self.streams.add([1, "x" * (Streams.MAX_BATCH_BYTES + 1)])
        self.assertEqual([1], self.ask(handle, batch=1, max=5)["items"])
        with self.assertRaises(Failure) as failed:
            self.ask(handle, batch=2, max=5)
        self.assertEqual(polywire.LIMIT_EXCEEDED, failed.exception.code)


if __name__ == "__main__":
    unittest.main()
