"""The checks with py2neo."""

import py2neo
import pytz
from checks import KEY, PASSWORD, PORT, check, equal, plain, without
from interchange.geo import CartesianPoint, WGS84Point
from interchange.time import Date, DateTime, Duration, Time
from py2neo.errors import ConnectionUnavailable

WEST = pytz.FixedOffset(-210)
DAY = (2024, 2, 29)
TIME = (23, 59, 58.123456789)

VALUES = plain() | {
    "date": Date(*DAY),
    "time": Time(*TIME, WEST),
    "local time": Time(*TIME),
    "local datetime": DateTime(*DAY, *TIME),
    "datetime": WEST.localize(DateTime(*DAY, *TIME)),
    "zoned": pytz.timezone("Europe/Stockholm").localize(DateTime(*DAY, *TIME)),
    "duration": Duration(months=14, days=-3, seconds=5, nanoseconds=999999999),
    "point": WGS84Point((12.5, -7.25)),
    "point 3d": CartesianPoint((1.0, 2.0, 3.0)),
}


def connect(scheme="bolt", password=PASSWORD):
    return py2neo.Graph(f"{scheme}://127.0.0.1:{PORT}", auth=("ada", password))


graph = connect()


def one(query, **parameters):
    return graph.run(query, **parameters).data()[0]


def connected():
    print("bolt", one("peer")["version"])


def served(name):
    value, expected = one(f"value {name}")["value"], VALUES[name]
    if name == "zoned":
        equal(value.tzinfo.zone, "Europe/Stockholm")
    if hasattr(expected, "iso_format"):
        equal(value.iso_format(), expected.iso_format())
    else:
        equal(value, expected)


def sent(name):
    # Bytes it would write as text.
    value = bytearray(VALUES[name]) if name == "bytes" else VALUES[name]
    equal(one(f"same {name}", value=value)["same"], True)


def is_ada(node):
    equal((set(node.labels), dict(node), node.identity), ({"Person"}, {"name": "Ada"}, 1))


def relationship():
    found = one("value relationship")["value"]
    equal((type(found).__name__, dict(found)), ("KNOWS", {"since": 1999}))
    equal((found.start_node.identity, found.end_node.identity), (1, 2))


def path():
    found = one("value path")["value"]
    is_ada(found.start_node)
    equal(found.end_node["name"], "Bob")
    equal([each.start_node["name"] for each in found.relationships], ["Bob"])


def failure():
    try:
        graph.run("fail Neo.ClientError.Statement.SyntaxError")
    except py2neo.ClientError as why:
        equal((why.code, why.message), ("Neo.ClientError.Statement.SyntaxError", "as the query says"))
        equal(one("peer")["user"], "ada")
        return True
    return False


def rows():
    equal([row[0] for row in graph.run("rows 2500")], list(range(2500)))


def stopped():
    # It asks for all rows at once.
    cursor = graph.run("rows 10000")
    cursor.forward()
    equal(cursor.current["n"], 0)
    equal(one("peer")["user"], "ada")


def two_results():
    transaction = graph.begin()
    first, second = transaction.run("rows 35"), transaction.run("rows 45")
    equal((len(list(second)), len(list(first))), (45, 35))
    graph.commit(transaction)


def commit():
    transaction = graph.begin()
    transaction.run(f"put {KEY} commit")
    graph.commit(transaction)
    equal(one(f"has {KEY} commit")["has"], True)


def rollback():
    transaction = graph.begin()
    transaction.run(f"put {KEY} rollback")
    graph.rollback(transaction)
    equal(one(f"has {KEY} rollback")["has"], False)


def retry():
    tries = []

    def work(transaction):
        tries.append(1)
        transaction.run(f"flaky {KEY}")

    graph.update(work)
    equal(len(tries), 2)


def options():
    row = graph.query("peer").data()[0]
    equal((row["database"], row["mode"]), (None, "r"))
    row = py2neo.Graph(f"bolt://127.0.0.1:{PORT}", name="graph", auth=("ada", PASSWORD)).run("peer").data()[0]
    equal((row["database"], row["mode"]), ("graph", "w"))


def summary():
    cursor = graph.run("wrote")
    equal(cursor.stats()["nodes_created"], 2)
    equal(cursor.summary()["notifications"][0]["code"], "Neo.ClientNotification.Statement.CartesianProduct")


def routing():
    routed = connect("neo4j")
    equal(routed.query("peer").data()[0]["mode"], "r")
    equal(routed.run("peer").data()[0]["mode"], "w")


def refused():
    # It says no more than that there is no connection.
    try:
        connect(password="wrong").run("peer")
    except ConnectionUnavailable:
        return True
    return False


check("connect", connected)
for each in VALUES:
    check(f"read {each}", served, each)
    if each not in ("time", "datetime"):
        check(f"send {each}", sent, each)
for each in ("time", "datetime"):
    without(f"send {each}", "-03:30 is sent as +20:30")
without("bookmarks", "it sends none")
check("node", lambda: is_ada(one("value node")["value"]))
check("relationship", relationship)
check("path", path)
for each in (failure, rows, stopped, two_results, commit, rollback, retry, options, summary, routing, refused):
    check(each.__name__.replace("_", " "), each)
