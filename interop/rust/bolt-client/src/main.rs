//! The checks with bolt-client, which sends the messages of the protocol one by one: checks PORT PASSWORD KEY.

use std::collections::HashMap;
use std::env::args;
use std::fmt::Debug;
use std::future::Future;
use std::time::Duration as Time;

use bolt_client::{Client, Metadata, Params, RoutingContext, Stream};
use bolt_proto::message::{Record, Success};
use bolt_proto::value::{Duration, Node, Path, Point2D, Point3D, Relationship};
use bolt_proto::version::{V3_0, V4_0, V4_3, V4_4};
use bolt_proto::{Message, Value};
use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Europe::Stockholm;
use tokio::io::BufStream;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

const PATIENCE: Time = Time::from_secs(60);

type Connection = Client<Compat<BufStream<Stream>>>;
type Outcome = Result<(), String>;

fn told(why: impl Debug) -> String {
    format!("{why:?}")
}

fn equal<T: PartialEq + Debug>(found: T, expected: T) -> Outcome {
    if found == expected {
        return Ok(());
    }
    let short = |value: T| format!("{value:?}").chars().take(100).collect::<String>();
    Err(format!("{} (expected: {})", short(found), short(expected)))
}

async fn check(name: &str, what: impl Future<Output = Outcome>) {
    match tokio::time::timeout(PATIENCE, what).await {
        Ok(Ok(())) => println!("ok {name}"),
        Ok(Err(why)) => println!("failed {name}: {}", why.replace('\n', " ")),
        Err(_) => println!("failed {name}: no end"),
    }
}

fn values() -> Vec<(&'static str, Value)> {
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let time = NaiveTime::from_hms_nano_opt(23, 59, 58, 123_456_789).unwrap();
    let both = NaiveDateTime::new(day, time);
    let west = FixedOffset::west_opt(12_600).unwrap();
    let strings: Vec<String> = vec!["".into(), "a\u{e5}\u{4e2d}\u{1f600}".into(), "x".repeat(70_000)];
    let inner: HashMap<String, Value> = HashMap::from([("key".to_string(), Value::Integer(1))]);
    let map: HashMap<String, Value> =
        HashMap::from([("key".to_string(), Value::Map(inner)), ("none".to_string(), Value::Null)]);
    vec![
        ("null", Value::Null),
        ("boolean", Value::Boolean(true)),
        ("integers", Value::from(vec![0, -16, -17, 128, -40_000, 9_007_199_254_740_993, i64::MIN])),
        ("floats", Value::from(vec![1.5, -0.1, 1e300, f64::INFINITY])),
        ("strings", Value::from(strings)),
        ("bytes", Value::Bytes(vec![0, 1, 255])),
        ("list", Value::List(vec![Value::Integer(1), Value::Null, Value::List(vec![Value::from("deep")])])),
        ("map", Value::Map(map)),
        ("date", Value::Date(day)),
        ("time", Value::Time(time, west)),
        ("local time", Value::LocalTime(time)),
        ("local datetime", Value::LocalDateTime(both)),
        ("datetime", Value::DateTimeOffset(west.from_local_datetime(&both).unwrap())),
        ("zoned", Value::DateTimeZoned(Stockholm.from_local_datetime(&both).unwrap())),
        ("duration", Value::Duration(Duration::new(14, -3, 5, 999_999_999))),
        ("point", Value::Point2D(Point2D::new(4326, 12.5, -7.25))),
        ("point 3d", Value::Point3D(Point3D::new(9157, 1.0, 2.0, 3.0))),
    ]
}

fn succeeded(message: Message) -> Result<HashMap<String, Value>, String> {
    let success = Success::try_from(message).map_err(told)?;
    Ok(success.metadata().clone())
}

fn code(message: Message) -> Result<String, String> {
    match message {
        Message::Failure(failure) => Ok(told(failure.metadata().get("code"))),
        other => Err(told(other)),
    }
}

async fn connect(port: &str, password: &str) -> Result<(Connection, Message), String> {
    let stream = Stream::connect(format!("127.0.0.1:{port}"), None::<String>).await.map_err(told)?;
    let stream = BufStream::new(stream).compat();
    let mut client = Client::new(stream, &[V4_4, V4_3, V4_0, V3_0]).await.map_err(told)?;
    let login = [("user_agent", "checks/1"), ("scheme", "basic"), ("principal", "ada"), ("credentials", password)];
    let answer = client.hello(Metadata::from_iter(login)).await.map_err(told)?;
    Ok((client, answer))
}

async fn pull(client: &mut Connection, n: i64) -> Result<(Vec<Record>, HashMap<String, Value>), String> {
    let (records, end) = client.pull(Some(Metadata::from_iter([("n", n)]))).await.map_err(told)?;
    Ok((records, succeeded(end)?))
}

async fn row(client: &mut Connection, query: &str, parameters: Option<Params>) -> Result<Vec<Value>, String> {
    succeeded(client.run(query, parameters, None).await.map_err(told)?)?;
    let (records, _) = pull(client, -1).await?;
    Ok(records.first().ok_or("no row")?.fields().to_vec())
}

async fn one(client: &mut Connection, query: &str) -> Result<Value, String> {
    Ok(row(client, query, None).await?[0].clone())
}

async fn served(client: &mut Connection, name: &str, expected: Value) -> Outcome {
    equal(one(client, &format!("value {name}")).await?, expected)
}

async fn sent(client: &mut Connection, name: &str, value: Value) -> Outcome {
    let parameters = Params::from_iter([("value", value)]);
    equal(row(client, &format!("same {name}"), Some(parameters)).await?[0].clone(), Value::Boolean(true))
}

fn is_ada(node: &Node) -> Outcome {
    equal((node.node_identity(), node.labels()), (1, &["Person".to_string()][..]))?;
    equal(node.properties().get("name"), Some(&Value::from("Ada")))
}

async fn connected(client: &mut Connection) -> Outcome {
    let version = String::try_from(one(client, "peer").await?).map_err(told)?;
    println!("bolt {version}");
    Ok(())
}

async fn node(client: &mut Connection) -> Outcome {
    is_ada(&Node::try_from(one(client, "value node").await?).map_err(told)?)
}

async fn relationship(client: &mut Connection) -> Outcome {
    let found = Relationship::try_from(one(client, "value relationship").await?).map_err(told)?;
    equal((found.rel_type(), found.start_node_identity(), found.end_node_identity()), ("KNOWS", 1, 2))
}

async fn path(client: &mut Connection) -> Outcome {
    let found = Path::try_from(one(client, "value path").await?).map_err(told)?;
    is_ada(&found.nodes()[0])?;
    equal(found.sequence(), &[-1, 1][..])
}

async fn failure(client: &mut Connection) -> Outcome {
    let answer = client.run("fail Neo.ClientError.Statement.SyntaxError", None, None).await.map_err(told)?;
    equal(code(answer)?, told(Some(Value::from("Neo.ClientError.Statement.SyntaxError"))))?;
    succeeded(client.reset().await.map_err(told)?)?;
    equal(row(client, "peer", None).await?[1].clone(), Value::from("ada"))
}

async fn rows(client: &mut Connection) -> Outcome {
    succeeded(client.run("rows 2500", None, None).await.map_err(told)?)?;
    let mut number = 0;
    loop {
        let (records, end) = pull(client, 100).await?;
        for record in records {
            equal(record.fields(), &[Value::Integer(number)][..])?;
            number += 1;
        }
        if end.get("has_more") != Some(&Value::Boolean(true)) {
            return equal(number, 2500);
        }
    }
}

async fn stopped(client: &mut Connection) -> Outcome {
    succeeded(client.run("rows 1000000", None, None).await.map_err(told)?)?;
    equal(pull(client, 10).await?.0.len(), 10)?;
    succeeded(client.discard(Some(Metadata::from_iter([("n", -1)]))).await.map_err(told)?)?;
    equal(row(client, "peer", None).await?[1].clone(), Value::from("ada"))
}

async fn two_results(client: &mut Connection) -> Outcome {
    succeeded(client.begin(None).await.map_err(told)?)?;
    for (query, count) in [("rows 35", 35), ("rows 45", 45)] {
        let metadata = succeeded(client.run(query, None, None).await.map_err(told)?)?;
        equal(metadata.get("qid"), Some(&Value::Integer((count - 35) / 10)))?;
    }
    for (qid, count) in [(1, 45), (0, 35)] {
        let both = Metadata::from_iter([("n", -1), ("qid", qid)]);
        equal(client.pull(Some(both)).await.map_err(told)?.0.len(), count)?;
    }
    succeeded(client.commit().await.map_err(told)?).map(|_| ())
}

async fn transaction(client: &mut Connection, key: &str, commits: bool) -> Result<Option<Value>, String> {
    succeeded(client.begin(None).await.map_err(told)?)?;
    row(client, &format!("put {key}"), None).await?;
    let end = if commits { client.commit().await } else { client.rollback().await };
    let bookmark = succeeded(end.map_err(told)?)?.remove("bookmark");
    equal(one(client, &format!("has {key}")).await?, Value::Boolean(commits))?;
    Ok(bookmark)
}

async fn commit(client: &mut Connection, key: &str) -> Outcome {
    transaction(client, &format!("{key} commit"), true).await.map(|_| ())
}

async fn rollback(client: &mut Connection, key: &str) -> Outcome {
    transaction(client, &format!("{key} rollback"), false).await.map(|_| ())
}

async fn bookmarks(client: &mut Connection, key: &str) -> Outcome {
    let mark = transaction(client, &format!("{key} bookmark"), true).await?.ok_or("no bookmark")?;
    let metadata = Metadata::from_iter([("bookmarks", Value::List(vec![mark.clone()]))]);
    succeeded(client.run("peer", None, Some(metadata)).await.map_err(told)?)?;
    equal(pull(client, -1).await?.0[0].fields()[5].clone(), Value::List(vec![mark]))
}

async fn options(client: &mut Connection) -> Outcome {
    let app: HashMap<String, Value> = HashMap::from([("app".to_string(), Value::from("checks"))]);
    let metadata =
        [("db", Value::from("graph")), ("mode", Value::from("r")), ("tx_metadata", Value::Map(app.clone()))];
    succeeded(client.run("peer", None, Some(Metadata::from_iter(metadata))).await.map_err(told)?)?;
    let found = pull(client, -1).await?.0[0].fields()[2..5].to_vec();
    equal(found, vec![Value::from("graph"), Value::from("r"), Value::Map(app)])
}

async fn summary(client: &mut Connection) -> Outcome {
    succeeded(client.run("wrote", None, None).await.map_err(told)?)?;
    let (_, end) = pull(client, -1).await?;
    equal(end.get("type"), Some(&Value::from("w")))?;
    equal(told(&end["stats"]).contains("\"nodes-created\": Integer(2)"), true)?;
    equal(told(&end["notifications"]).contains("Statement.CartesianProduct"), true)
}

async fn routing(client: &mut Connection, port: &str) -> Outcome {
    let context = RoutingContext::from_iter([("address", format!("127.0.0.1:{port}"))]);
    let answer = succeeded(client.route(context, vec![], None).await.map_err(told)?)?;
    equal(told(&answer["rt"]).contains(port), true)
}

async fn refused(port: &str) -> Outcome {
    let (_, answer) = connect(port, "wrong").await?;
    equal(code(answer)?, told(Some(Value::from("Neo.ClientError.Security.Unauthorized"))))
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = args().collect();
    let (port, key) = (&words[1], &words[3]);
    let (mut client, answer) = connect(port, &words[2]).await.expect("a server");
    succeeded(answer).expect("a login");
    check("connect", connected(&mut client)).await;
    for (name, value) in values() {
        if name == "datetime" || name == "zoned" {
            println!("without {name}: local seconds are taken for UTC");
            continue;
        }
        check(&format!("read {name}"), served(&mut client, name, value.clone())).await;
        check(&format!("send {name}"), sent(&mut client, name, value)).await;
    }
    println!("without retry: it has none");
    check("node", node(&mut client)).await;
    check("relationship", relationship(&mut client)).await;
    check("path", path(&mut client)).await;
    check("failure", failure(&mut client)).await;
    check("rows", rows(&mut client)).await;
    check("stopped", stopped(&mut client)).await;
    check("two results", two_results(&mut client)).await;
    check("commit", commit(&mut client, key)).await;
    check("rollback", rollback(&mut client, key)).await;
    check("bookmarks", bookmarks(&mut client, key)).await;
    check("options", options(&mut client)).await;
    check("summary", summary(&mut client)).await;
    check("routing", routing(&mut client, port)).await;
    check("refused", refused(port)).await;
}
