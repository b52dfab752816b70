"""The checks with Neo4j's own driver of 2018 to 2020, 1.7."""

import neo4j
import neo4j.types.spatial as spatial
import pytz
from checks import KEY, PASSWORD, PORT, check, equal, plain, without
from neo4j.exceptions import AuthError, CypherSyntaxError
from neotime import Date, DateTime, Duration, Time

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
    "point": spatial.WGS84Point((12.5, -7.25)),
    "point 3d": spatial.CartesianPoint((1.0, 2.0, 3.0)),
}


def connect(scheme="bolt", password=PASSWORD):
    return neo4j.GraphDatabase.driver(f"{scheme}://127.0.0.1:{PORT}", auth=("ada", password), encrypted=False)


driver = connect()


def one(query, **parameters):
    with driver.session() as session:
        return session.run(query, parameters).single()


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
    equal(one(f"same {name}", value=VALUES[name])["same"], True)


def is_ada(node):
    equal((set(node.labels), dict(node), node.id), ({"Person"}, {"name": "Ada"}, 1))


def relationship():
    found = one("value relationship")["value"]
    equal((found.type, dict(found)), ("KNOWS", {"since": 1999}))
    equal((found.start_node.id, found.end_node.id), (1, 2))


def path():
    found = one("value path")["value"]
    is_ada(found.start_node)
    equal(found.end_node["name"], "Bob")
    equal([each.start_node["name"] for each in found.relationships], ["Bob"])


def failure():
    with driver.session() as session:
        try:
            session.run("fail Neo.ClientError.Statement.SyntaxError").consume()
        except CypherSyntaxError as why:
            equal((why.code, why.message), ("Neo.ClientError.Statement.SyntaxError", "as the query says"))
            equal(session.run("peer").single()["user"], "ada")
            return True
    return False


def rows():
    with driver.session() as session:
        equal([row[0] for row in session.run("rows 2500")], list(range(2500)))


def stopped():
    with driver.session() as session:
        equal(next(iter(session.run("rows 10000")))["n"], 0)
        equal(session.run("peer").single()["user"], "ada")


def two_results():
    with driver.session() as session, session.begin_transaction() as transaction:
        first, second = transaction.run("rows 35"), transaction.run("rows 45")
        equal((len(list(second)), len(list(first))), (45, 35))


def commit():
    with driver.session() as session:
        transaction = session.begin_transaction()
        transaction.run(f"put {KEY} commit")
        transaction.commit()
    equal(one(f"has {KEY} commit")["has"], True)


def rollback():
    with driver.session() as session:
        transaction = session.begin_transaction()
        transaction.run(f"put {KEY} rollback").consume()
        transaction.rollback()
    equal(one(f"has {KEY} rollback")["has"], False)


def retry():
    tries = []

    def work(transaction):
        tries.append(1)
        return transaction.run(f"flaky {KEY}").single()[0]

    with driver.session() as session:
        equal((session.write_transaction(work), len(tries)), (KEY, 2))


def bookmarks():
    with driver.session() as session:
        session.write_transaction(lambda transaction: transaction.run(f"put {KEY} bookmark").consume())
        mark = session.last_bookmark()
    equal(mark[:6], "known:")
    with driver.session(bookmarks=[mark]) as session:
        equal(session.run("peer").single()["bookmarks"], [mark])


def options():
    with driver.session() as session:
        row = session.run(neo4j.Statement("peer", metadata={"app": "checks"}, timeout=5)).single()
    equal(row["metadata"], {"app": "checks"})


def summary():
    with driver.session() as session:
        end = session.run("wrote").summary()
    equal((end.statement_type, end.counters.nodes_created), ("w", 2))
    equal(end.notifications[0].code, "Neo.ClientNotification.Statement.CartesianProduct")


def routing():
    with connect("bolt+routing") as routed, routed.session() as session:
        # It asks a reader, and does not say that it reads.
        equal(session.read_transaction(lambda transaction: transaction.run("peer").single()["mode"]), "w")
        equal(session.write_transaction(lambda transaction: transaction.run("peer").single()["mode"]), "w")


def refused():
    try:
        with connect(password="wrong") as wrong, wrong.session() as session:
            session.run("peer").consume()
    except AuthError:
        return True
    return False


check("connect", connected)
for each in VALUES:
    check(f"read {each}", served, each)
    if each not in ("time", "datetime"):
        check(f"send {each}", sent, each)
for each in ("time", "datetime"):
    without(f"send {each}", "-03:30 is sent as +20:30")
check("node", lambda: is_ada(one("value node")["value"]))
check("relationship", relationship)
check("path", path)
for each in (failure, rows, stopped, two_results, commit, rollback, retry, bookmarks, options, summary, routing, refused):
    check(each.__name__.replace("_", " "), each)
check("close", driver.close)
