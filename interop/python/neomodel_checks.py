"""The checks with neomodel, whose objects are on top of Neo4j's own driver; values are that driver's to check."""

import neo4j.exceptions
from checks import KEY, PASSWORD, PORT, check, equal, plain, without
from neomodel import StringProperty, StructuredNode, db

VALUES = plain()


class Person(StructuredNode):
    """What the server's node is for neomodel."""

    name = StringProperty()


def connect(scheme="bolt", password=PASSWORD):
    db.close_connection()
    db.set_connection(url=f"{scheme}://ada:{password}@127.0.0.1:{PORT}")


def one(query, **parameters):
    rows, names = db.cypher_query(query, parameters)
    return dict(zip(names, rows[0]))


def connected():
    connect()
    equal((db.database_version, db.database_edition), ("5.26.0", "community"))
    print("bolt", one("peer")["version"])


def served(name):
    equal(one(f"value {name}")["value"], VALUES[name])


def sent(name):
    equal(one(f"same {name}", value=VALUES[name])["same"], True)


def node():
    rows, _ = db.cypher_query("value node", resolve_objects=True)
    equal((type(rows[0][0]), rows[0][0].name), (Person, "Ada"))


def path():
    rows, _ = db.cypher_query("value path")
    equal([each["name"] for each in rows[0][0].nodes], ["Ada", "Bob"])


def failure():
    try:
        db.cypher_query("fail Neo.ClientError.Statement.SyntaxError")
    except neo4j.exceptions.CypherSyntaxError as why:
        equal((why.code, why.message), ("Neo.ClientError.Statement.SyntaxError", "as the query says"))
        equal(one("peer")["user"], "ada")
        return True
    return False


def rows():
    equal([row[0] for row in db.cypher_query("rows 2500")[0]], list(range(2500)))


def commit():
    with db.transaction:
        db.cypher_query(f"put {KEY} commit")
    equal(one(f"has {KEY} commit")["has"], True)


def rollback():
    db.begin()
    db.cypher_query(f"put {KEY} rollback")
    db.rollback()
    equal(one(f"has {KEY} rollback")["has"], False)


def bookmarks():
    with db.write_transaction as transaction:
        db.cypher_query(f"put {KEY} bookmark")
    marks = transaction.last_bookmarks
    equal([mark[:6] for mark in marks.raw_values], ["known:"])
    reading = db.read_transaction
    reading.bookmarks = marks
    with reading:
        row = one("peer")
    equal((row["mode"], row["bookmarks"]), ("r", list(marks.raw_values)))


def routing():
    connect("neo4j")
    with db.read_transaction:
        equal(one("peer")["mode"], "r")
    with db.write_transaction:
        equal(one("peer")["mode"], "w")


def refused():
    try:
        connect(password="wrong")
        one("peer")
    except (neo4j.exceptions.AuthError, ValueError):
        return True
    return False


check("connect", connected)
for each in VALUES:
    check(f"read {each}", served, each)
    check(f"send {each}", sent, each)
for name in ("other types", "retry", "options", "summary"):
    without(name, "the driver's")
for each in (node, path, failure, rows, commit, rollback, bookmarks, routing, refused):
    check(each.__name__.replace("_", " "), each)
