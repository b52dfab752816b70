"""The checks with Neo4j's own driver, 5.28 and 6."""

import neo4j
import neo4j.exceptions
import neo4j.graph
import neo4j.spatial
import pytz
from checks import KEY, PASSWORD, PORT, check, equal, plain
from neo4j.time import Date, DateTime, Duration, Time

WEST = pytz.FixedOffset(-210)
DAY = (2024, 2, 29)
TIME = (23, 59, 58, 123456789)

VALUES = plain() | {
    "date": Date(*DAY),
    "time": Time(*TIME, tzinfo=WEST),
    "local time": Time(*TIME),
    "local datetime": DateTime(*DAY, *TIME),
    "datetime": WEST.localize(DateTime(*DAY, *TIME)),
    "zoned": pytz.timezone("Europe/Stockholm").localize(DateTime(*DAY, *TIME)),
    "duration": Duration(months=14, days=-3, seconds=5, nanoseconds=999999999),
    "point": neo4j.spatial.WGS84Point((12.5, -7.25)),
    "point 3d": neo4j.spatial.CartesianPoint((1.0, 2.0, 3.0)),
}
if hasattr(neo4j, "vector"):
    VALUES["vector"] = neo4j.vector.Vector.from_native([1.5, -2.0], "f32")


def connect(scheme="bolt", password=PASSWORD):
    return neo4j.GraphDatabase.driver(f"{scheme}://127.0.0.1:{PORT}", auth=("ada", password))


driver = connect()


def one(query, **parameters):
    with driver.session() as session:
        return session.run(query, parameters).single(strict=True)


def connected():
    driver.verify_connectivity()
    print("bolt", one("peer")["version"])


def served(name):
    value, expected = one(f"value {name}")["value"], VALUES[name]
    if name == "zoned":
        equal(value.tzinfo.zone, "Europe/Stockholm")
    if hasattr(expected, "iso_format"):
        equal(value.iso_format(), expected.iso_format())
    elif name == "vector":
        equal(value.to_native(), expected.to_native())
    else:
        equal(value, expected)
    if name.startswith("point"):
        equal(value.srid, expected.srid)


def sent(name):
    equal(one(f"same {name}", value=VALUES[name])["same"], True)


def is_ada(node):
    equal((set(node.labels), dict(node), node.element_id in ("1", "4:x:1")), ({"Person"}, {"name": "Ada"}, True))


def relationship():
    found = one("value relationship")["value"]
    equal((found.type, dict(found)), ("KNOWS", {"since": 1999}))
    equal((found.start_node.element_id, found.end_node.element_id), ("4:x:1", "4:x:2"))


def path():
    found = one("value path")["value"]
    is_ada(found.start_node)
    equal(found.end_node["name"], "Bob")
    equal([each.start_node["name"] for each in found.relationships], ["Bob"])


def failure():
    with driver.session() as session:
        try:
            session.run("fail Neo.ClientError.Statement.SyntaxError").consume()
        except neo4j.exceptions.CypherSyntaxError as why:
            equal((why.code, why.message), ("Neo.ClientError.Statement.SyntaxError", "as the query says"))
            equal(session.run("peer").single()["user"], "ada")
            return True
    return False


def rows():
    with driver.session(fetch_size=100) as session:
        equal([row[0] for row in session.run("rows 2500")], list(range(2500)))


def stopped():
    with driver.session(fetch_size=10) as session:
        result = session.run("rows 1000000")
        equal(next(result)["n"], 0)
        result.consume()
        equal(session.run("peer").single()["user"], "ada")


def two_results():
    with driver.session(fetch_size=10) as session, session.begin_transaction() as transaction:
        first, second = transaction.run("rows 35"), transaction.run("rows 45")
        equal((len(list(second)), len(list(first))), (45, 35))


def commit():
    with driver.session() as session, session.begin_transaction() as transaction:
        transaction.run(f"put {KEY} commit")
        transaction.commit()
    equal(one(f"has {KEY} commit")["has"], True)


def rollback():
    with driver.session() as session, session.begin_transaction() as transaction:
        transaction.run(f"put {KEY} rollback").consume()
        transaction.rollback()
    equal(one(f"has {KEY} rollback")["has"], False)


def retry():
    tries = []

    def work(transaction):
        tries.append(1)
        return transaction.run(f"flaky {KEY}").single()[0]

    with driver.session() as session:
        equal((session.execute_write(work), len(tries)), (KEY, 2))


def bookmarks():
    with driver.session() as session:
        session.execute_write(lambda transaction: transaction.run(f"put {KEY} bookmark").consume())
        marks = session.last_bookmarks()
    equal([mark[:6] for mark in marks.raw_values], ["known:"])
    with driver.session(bookmarks=marks) as session:
        equal(session.run("peer").single()["bookmarks"], list(marks.raw_values))


def options():
    with driver.session(database="graph", default_access_mode=neo4j.READ_ACCESS) as session:
        row = session.run(neo4j.Query("peer", metadata={"app": "checks"}, timeout=5)).single()
    equal((row["database"], row["mode"], row["metadata"]), ("graph", "r", {"app": "checks"}))


def summary():
    with driver.session() as session:
        end = session.run("wrote").consume()
    equal((end.query_type, end.counters.nodes_created), ("w", 2))
    equal(end.notifications[0]["code"], "Neo.ClientNotification.Statement.CartesianProduct")


def routing():
    with connect("neo4j") as routed, routed.session() as session:
        equal(session.execute_read(lambda transaction: transaction.run("peer").single()["mode"]), "r")
        equal(session.execute_write(lambda transaction: transaction.run("peer").single()["mode"]), "w")


def refused():
    with connect(password="wrong") as wrong:
        try:
            wrong.verify_connectivity()
        except neo4j.exceptions.AuthError as why:
            equal(why.code, "Neo.ClientError.Security.Unauthorized")
            return True
    return False


check("connect", connected)
for each in VALUES:
    check(f"read {each}", served, each)
    check(f"send {each}", sent, each)
check("node", lambda: is_ada(one("value node")["value"]))
check("relationship", relationship)
check("path", path)
for each in (failure, rows, stopped, two_results, commit, rollback, retry, bookmarks, options, summary, routing, refused):
    check(each.__name__.replace("_", " "), each)
check("close", driver.close)
