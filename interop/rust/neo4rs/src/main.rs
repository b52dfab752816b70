//! The checks with neo4rs: checks PORT PASSWORD KEY.

use std::env::args;
use std::fmt::Debug;
use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use neo4rs::{
    query, BoltDuration, BoltFloat, BoltInteger, BoltList, BoltMap, BoltNull, BoltPoint2D, BoltPoint3D, BoltString,
    BoltType, ConfigBuilder, Error, Graph, Node, Path, Point2D, Point3D, Query, Relation, Row,
};

const PATIENCE: Duration = Duration::from_secs(60);

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

fn int(value: i64) -> BoltType {
    BoltType::Integer(BoltInteger::new(value))
}

fn float(value: f64) -> BoltFloat {
    BoltFloat::new(value)
}

fn text(value: &str) -> BoltType {
    BoltType::String(BoltString::new(value))
}

fn null() -> BoltType {
    BoltType::Null(BoltNull)
}

fn list(values: Vec<BoltType>) -> BoltType {
    BoltType::List(BoltList { value: values })
}

fn map(entries: Vec<(&str, BoltType)>) -> BoltType {
    let mut map = BoltMap::default();
    for (key, value) in entries {
        map.put(key.into(), value);
    }
    BoltType::Map(map)
}

fn values() -> Vec<(&'static str, BoltType)> {
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let time = NaiveTime::from_hms_nano_opt(23, 59, 58, 123_456_789).unwrap();
    let both = NaiveDateTime::new(day, time);
    let west = FixedOffset::west_opt(12_600).unwrap();
    let there: DateTime<FixedOffset> = west.from_local_datetime(&both).unwrap();
    let integers = [0, -16, -17, 128, -40_000, 9_007_199_254_740_993, i64::MIN];
    let floats = [1.5, -0.1, 1e300, f64::INFINITY];
    vec![
        ("null", null()),
        ("boolean", true.into()),
        ("integers", list(integers.into_iter().map(int).collect())),
        ("floats", list(floats.into_iter().map(|value| BoltType::Float(float(value))).collect())),
        ("strings", list(vec![text(""), text("a\u{e5}\u{4e2d}\u{1f600}"), text(&"x".repeat(70_000))])),
        ("bytes", vec![0_u8, 1, 255].into()),
        ("list", list(vec![int(1), null(), list(vec![text("deep")])])),
        ("map", map(vec![("key", map(vec![("key", int(1))])), ("none", null())])),
        ("date", day.into()),
        ("time", (time, west).into()),
        ("local time", time.into()),
        ("local datetime", both.into()),
        ("datetime", there.into()),
        ("zoned", (both, "Europe/Stockholm").into()),
        (
            "duration",
            BoltType::Duration(BoltDuration::new(14.into(), (-3).into(), 5.into(), 999_999_999.into())),
        ),
        ("point", BoltType::Point2D(BoltPoint2D { sr_id: 4326.into(), x: float(12.5), y: float(-7.25) })),
        (
            "point 3d",
            BoltType::Point3D(BoltPoint3D { sr_id: 9157.into(), x: float(1.0), y: float(2.0), z: float(3.0) }),
        ),
    ]
}

struct Checks {
    port: String,
    key: String,
    graph: Graph,
}

async fn connect(scheme: &str, port: &str, password: &str) -> Result<Graph, Error> {
    let config = ConfigBuilder::default()
        .uri(format!("{scheme}://127.0.0.1:{port}"))
        .user("ada")
        .password(password)
        .db("graph")
        .fetch_size(100);
    Graph::connect(config.build()?).await
}

impl Checks {
    async fn one(&self, asked: Query) -> Result<Row, String> {
        let mut rows = self.graph.execute(asked).await.map_err(told)?;
        rows.next().await.map_err(told)?.ok_or("no row".to_string())
    }

    async fn served(&self, name: &str, expected: BoltType) -> Outcome {
        let row = self.one(query(&format!("value {name}"))).await?;
        // Some types it reads only as themselves, not as any value.
        match expected {
            BoltType::Point2D(point) => {
                let found: Point2D = row.get("value").map_err(told)?;
                equal((found.sr_id(), found.x(), found.y()), (point.sr_id.value, point.x.value, point.y.value))
            }
            BoltType::Point3D(_) => {
                let found: Point3D = row.get("value").map_err(told)?;
                equal((found.sr_id(), found.x(), found.y(), found.z()), (9157, 1.0, 2.0, 3.0))
            }
            _ => equal(row.get::<BoltType>("value").map_err(told)?, expected),
        }
    }

    async fn sent(&self, name: &str, value: BoltType) -> Outcome {
        let row = self.one(query(&format!("same {name}")).param("value", value)).await?;
        equal(row.get::<bool>("same").map_err(told)?, true)
    }

    async fn connected(&self) -> Outcome {
        let version: String = self.one(query("peer")).await?.get("version").map_err(told)?;
        println!("bolt {version}");
        Ok(())
    }

    fn is_ada(node: &Node) -> Outcome {
        equal(node.labels(), vec!["Person"])?;
        equal((node.get::<String>("name").map_err(told)?, node.id()), ("Ada".to_string(), 1))
    }

    async fn node(&self) -> Outcome {
        Self::is_ada(&self.one(query("value node")).await?.get("value").map_err(told)?)
    }

    async fn relationship(&self) -> Outcome {
        let found: Relation = self.one(query("value relationship")).await?.get("value").map_err(told)?;
        equal((found.typ(), found.start_node_id(), found.end_node_id()), ("KNOWS", 1, 2))?;
        equal(found.get::<i64>("since").map_err(told)?, 1999)
    }

    async fn path(&self) -> Outcome {
        let found: Path = self.one(query("value path")).await?.get("value").map_err(told)?;
        Self::is_ada(&found.nodes()[0])?;
        equal(found.nodes()[1].get::<String>("name").map_err(told)?, "Bob".to_string())?;
        // The first index is -1, which it reads as 255.
        equal((found.rels()[0].typ(), found.indices()[1]), ("KNOWS", 1))
    }

    async fn failure(&self) -> Outcome {
        match self.graph.run(query("fail Neo.ClientError.Statement.SyntaxError")).await {
            Err(Error::Neo4j(why)) => {
                equal((why.code(), why.message()), ("Neo.ClientError.Statement.SyntaxError", "as the query says"))?
            }
            other => return Err(told(other)),
        }
        equal(self.one(query("peer")).await?.get::<String>("user").map_err(told)?, "ada".to_string())
    }

    async fn rows(&self) -> Outcome {
        let mut rows = self.graph.execute(query("rows 2500")).await.map_err(told)?;
        let mut number = 0;
        while let Some(row) = rows.next().await.map_err(told)? {
            equal(row.get::<i64>("n").map_err(told)?, number)?;
            number += 1;
        }
        equal(number, 2500)
    }

    async fn stopped(&self) -> Outcome {
        {
            let mut rows = self.graph.execute(query("rows 1000000")).await.map_err(told)?;
            let first = rows.next().await.map_err(told)?.ok_or("no row")?;
            equal(first.get::<i64>("n").map_err(told)?, 0)?;
        }
        equal(self.one(query("peer")).await?.get::<String>("user").map_err(told)?, "ada".to_string())
    }

    async fn commit(&self) -> Outcome {
        let mut transaction = self.graph.start_txn().await.map_err(told)?;
        transaction.run(query(&format!("put {} commit", self.key))).await.map_err(told)?;
        transaction.commit().await.map_err(told)?;
        let row = self.one(query(&format!("has {} commit", self.key))).await?;
        equal(row.get::<bool>("has").map_err(told)?, true)
    }

    async fn rollback(&self) -> Outcome {
        let mut transaction = self.graph.start_txn().await.map_err(told)?;
        transaction.run(query(&format!("put {} rollback", self.key))).await.map_err(told)?;
        transaction.rollback().await.map_err(told)?;
        let row = self.one(query(&format!("has {} rollback", self.key))).await?;
        equal(row.get::<bool>("has").map_err(told)?, false)
    }

    async fn retry(&self) -> Outcome {
        let row = self.one(query(&format!("flaky {}", self.key))).await?;
        equal(row.get::<String>("value").map_err(told)?, self.key.clone())
    }

    async fn options(&self) -> Outcome {
        equal(self.one(query("peer")).await?.get::<String>("database").map_err(told)?, "graph".to_string())
    }

    async fn routing(&self, password: &str) -> Outcome {
        let routed = connect("neo4j", &self.port, password).await.map_err(told)?;
        routed.run(query("peer")).await.map_err(told)
    }

    async fn refused(&self) -> Outcome {
        let wrong = match connect("bolt", &self.port, "wrong").await {
            Ok(graph) => graph.run(query("peer")).await,
            Err(why) => Err(why),
        };
        match wrong {
            Err(Error::AuthenticationError(_)) => Ok(()),
            Err(Error::Neo4j(why)) => equal(why.code(), "Neo.ClientError.Security.Unauthorized"),
            other => Err(told(other)),
        }
    }
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = args().collect();
    let graph = connect("bolt", &words[1], &words[2]).await.expect("a server");
    let checks = Checks { port: words[1].clone(), key: words[3].clone(), graph };
    check("connect", checks.connected()).await;
    for (name, value) in values() {
        if name != "duration" && name != "integers" {
            check(&format!("read {name}"), checks.served(name, value.clone())).await;
        }
        check(&format!("send {name}"), checks.sent(name, value)).await;
    }
    println!("without read integers: -16 is read as 240");
    println!("without read duration: it reads one as seconds");
    for (name, why) in [("two results", "one at a time"), ("bookmarks", "it has none"), ("summary", "it has none")] {
        println!("without {name}: {why}");
    }
    check("node", checks.node()).await;
    check("relationship", checks.relationship()).await;
    check("path", checks.path()).await;
    check("failure", checks.failure()).await;
    check("rows", checks.rows()).await;
    check("stopped", checks.stopped()).await;
    check("commit", checks.commit()).await;
    check("rollback", checks.rollback()).await;
    check("retry", checks.retry()).await;
    check("options", checks.options()).await;
    check("routing", checks.routing(&words[2])).await;
    check("refused", checks.refused()).await;
}
