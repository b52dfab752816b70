"""pymongo against a server: scenario.py MODE URI. One line for each step, `ok STEP` or `failed STEP: why`."""

import sys
import threading

import pymongo
import pymongo.errors
import pymongo.monitoring

MODE, URI = sys.argv[1:]
NUMBERS = list(range(250))
#: Answers of the server to a hello that waits.
AWAITED = 3

failures = []


class Heartbeats(pymongo.monitoring.ServerHeartbeatListener):
    """Counts answers to hellos that were waited for."""

    def __init__(self):
        self.left = AWAITED
        self.enough = threading.Event()

    def started(self, event):
        pass

    def failed(self, event):
        print(f"heartbeat: {type(event.reply).__name__}")

    def succeeded(self, event):
        self.left -= event.awaited
        if self.left <= 0:
            self.enough.set()


def step(name, run):
    try:
        run()
        print("ok", name)
    except Exception as why:  # pylint: disable=broad-exception-caught
        failures.append(name)
        print(f"failed {name}: {type(why).__name__}: {why}")


def equal(value, expected):
    if value != expected:
        raise AssertionError(f"{value} (expected: {expected})")


heartbeats = Heartbeats()
client = pymongo.MongoClient(URI, serverSelectionTimeoutMS=10_000, event_listeners=[heartbeats])
things = client.drivers.pymongo


def connect():
    equal(client.admin.command("ping")["ok"], 1.0)
    things.drop()


def insert():
    equal(things.insert_many({"_id": each, "a": each} for each in NUMBERS).inserted_ids, NUMBERS)
    equal(things.insert_one({"_id": "one", "a": -1}).inserted_id, "one")


def find():
    found = [each["_id"] for each in things.find({"a": {"$gte": 0}}, batch_size=100)]
    equal(found, NUMBERS)


def leave():
    with things.find({}, batch_size=2) as cursor:
        equal(next(cursor)["_id"], 0)


def update():
    equal(things.update_one({"_id": 7}, {"$set": {"a": "changed"}}).modified_count, 1)
    equal(things.find_one({"_id": 7}), {"_id": 7, "a": "changed"})


def delete():
    equal(things.delete_one({"_id": 7}).deleted_count, 1)
    equal(things.find_one({"_id": 7}), None)
    equal(things.count_documents({}), len(NUMBERS))


def refused():
    try:
        things.insert_one({"_id": 8})
    except pymongo.errors.DuplicateKeyError as twice:
        equal(twice.code, 11000)
        return
    raise AssertionError("no error")


def stream():
    equal(heartbeats.enough.wait(10), True)


step("connect", connect)
step("insert", insert)
step("find", find)
step("leave", leave)
step("update", update)
step("delete", delete)
step("duplicate key", refused)
if MODE == "stream":
    step("stream", stream)
step("close", client.close)
sys.exit(1 if failures else 0)
