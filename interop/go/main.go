// The checks with Neo4j's own driver: checks PORT PASSWORD KEY.
package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

const patience = 60 * time.Second

var (
	port, password, key = os.Args[1], os.Args[2], os.Args[3]
	driver              = connect("bolt", password)
	ctx                 = context.Background()
)

type value struct {
	name  string
	value any
}

func values() []value {
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	must(err)
	// A zone with the name Offset is one that has none.
	west := time.FixedZone("Offset", -12600)
	in := func(zone *time.Location) time.Time { return time.Date(2024, 2, 29, 23, 59, 58, 123456789, zone) }
	return []value{
		{"null", nil},
		{"boolean", true},
		{"integers", []any{int64(0), int64(-16), int64(-17), int64(128), int64(-40000), int64(9007199254740993), int64(math.MinInt64)}},
		{"floats", []any{1.5, -0.1, 1e300, math.Inf(1)}},
		{"strings", []any{"", "a\u00e5\u4e2d\U0001f600", strings.Repeat("x", 70000)}},
		{"bytes", []byte{0, 1, 255}},
		{"list", []any{int64(1), nil, []any{"deep"}}},
		{"map", map[string]any{"key": map[string]any{"key": int64(1)}, "none": nil}},
		{"date", neo4j.DateOf(in(time.UTC))},
		{"time", neo4j.OffsetTimeOf(in(west))},
		{"local time", neo4j.LocalTimeOf(in(time.UTC))},
		{"local datetime", neo4j.LocalDateTimeOf(in(time.UTC))},
		{"datetime", in(west)},
		{"zoned", in(stockholm)},
		{"duration", neo4j.DurationOf(14, -3, 5, 999999999)},
		{"point", neo4j.Point2D{X: 12.5, Y: -7.25, SpatialRefId: 4326}},
		{"point 3d", neo4j.Point3D{X: 1, Y: 2, Z: 3, SpatialRefId: 9157}},
	}
}

func connect(scheme, word string) neo4j.DriverWithContext {
	opened, err := neo4j.NewDriverWithContext(scheme+"://127.0.0.1:"+port, neo4j.BasicAuth("ada", word, ""))
	must(err)
	return opened
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func check(name string, what func()) {
	said := make(chan string, 1)
	go func() {
		defer func() {
			if why := recover(); why != nil {
				said <- fmt.Sprintf("failed %s: %.250v", name, why)
			}
		}()
		what()
		said <- "ok " + name
	}()
	select {
	case line := <-said:
		fmt.Println(strings.ReplaceAll(line, "\n", " "))
	case <-time.After(patience):
		fmt.Printf("failed %s: no end\n", name)
	}
}

// Dates and times by their text: two zones of the same offset are the same.
func text(of any) any {
	switch known := of.(type) {
	case time.Time:
		name := known.Location().String()
		if name != "Europe/Stockholm" {
			name = ""
		}
		return known.Format(time.RFC3339Nano) + name
	case neo4j.Date, neo4j.OffsetTime, neo4j.LocalTime, neo4j.LocalDateTime:
		return fmt.Sprintf("%T %v", of, of)
	}
	return of
}

func equal(found, expected any) {
	if found, expected = text(found), text(expected); !reflect.DeepEqual(found, expected) {
		panic(fmt.Sprintf("%.100v (expected: %.100v)", found, expected))
	}
}

func using(config neo4j.SessionConfig, work func(neo4j.SessionWithContext)) {
	session := driver.NewSession(ctx, config)
	defer session.Close(ctx)
	work(session)
}

func single(result neo4j.ResultWithContext, err error) map[string]any {
	must(err)
	record, err := result.Single(ctx)
	must(err)
	return record.AsMap()
}

func one(query string, parameters map[string]any) (row map[string]any) {
	using(neo4j.SessionConfig{}, func(session neo4j.SessionWithContext) {
		row = single(session.Run(ctx, query, parameters))
	})
	return row
}

func count(result neo4j.ResultWithContext, err error) int64 {
	must(err)
	var number int64
	for result.Next(ctx) {
		equal(result.Record().Values[0], number)
		number++
	}
	must(result.Err())
	return number
}

func isAda(found any) {
	node := found.(neo4j.Node)
	equal(node.Labels, []string{"Person"})
	equal(node.Props, map[string]any{"name": "Ada"})
	equal(node.ElementId, "4:x:1")
}

func fails(err error, code string) *neo4j.Neo4jError {
	var failure *neo4j.Neo4jError
	if !errors.As(err, &failure) {
		panic(fmt.Sprintf("%v (expected: a failure of the server)", err))
	}
	equal(failure.Code, code)
	return failure
}

func begin(session neo4j.SessionWithContext) neo4j.ExplicitTransaction {
	transaction, err := session.BeginTransaction(ctx)
	must(err)
	return transaction
}

func put(transaction neo4j.ExplicitTransaction, name string) {
	result, err := transaction.Run(ctx, "put "+key+name, nil)
	must(err)
	_, err = result.Consume(ctx)
	must(err)
}

func graph() {
	check("node", func() { isAda(one("value node", nil)["value"]) })
	check("relationship", func() {
		found := one("value relationship", nil)["value"].(neo4j.Relationship)
		equal(found.Type, "KNOWS")
		equal(found.Props, map[string]any{"since": int64(1999)})
		equal([]string{found.StartElementId, found.EndElementId}, []string{"4:x:1", "4:x:2"})
	})
	check("path", func() {
		found := one("value path", nil)["value"].(neo4j.Path)
		isAda(found.Nodes[0])
		equal(found.Nodes[1].Props["name"], "Bob")
		equal(found.Relationships[0].StartElementId, "4:x:2")
	})
}

func results() {
	check("failure", func() {
		using(neo4j.SessionConfig{}, func(session neo4j.SessionWithContext) {
			_, err := session.Run(ctx, "fail Neo.ClientError.Statement.SyntaxError", nil)
			equal(fails(err, "Neo.ClientError.Statement.SyntaxError").Msg, "as the query says")
			equal(single(session.Run(ctx, "peer", nil))["user"], "ada")
		})
	})
	check("rows", func() {
		using(neo4j.SessionConfig{FetchSize: 100}, func(session neo4j.SessionWithContext) {
			equal(count(session.Run(ctx, "rows 2500", nil)), int64(2500))
		})
	})
	check("stopped", func() {
		using(neo4j.SessionConfig{FetchSize: 10}, func(session neo4j.SessionWithContext) {
			result, err := session.Run(ctx, "rows 1000000", nil)
			must(err)
			equal(result.Next(ctx), true)
			_, err = result.Consume(ctx)
			must(err)
			equal(single(session.Run(ctx, "peer", nil))["user"], "ada")
		})
	})
	check("two results", func() {
		using(neo4j.SessionConfig{FetchSize: 10}, func(session neo4j.SessionWithContext) {
			transaction := begin(session)
			first, err := transaction.Run(ctx, "rows 35", nil)
			must(err)
			equal(count(transaction.Run(ctx, "rows 45", nil)), int64(45))
			equal(count(first, nil), int64(35))
			must(transaction.Commit(ctx))
		})
	})
}

func transactions() {
	check("commit", func() {
		using(neo4j.SessionConfig{}, func(session neo4j.SessionWithContext) {
			transaction := begin(session)
			put(transaction, " commit")
			must(transaction.Commit(ctx))
		})
		equal(one("has "+key+" commit", nil)["has"], true)
	})
	check("rollback", func() {
		using(neo4j.SessionConfig{}, func(session neo4j.SessionWithContext) {
			transaction := begin(session)
			put(transaction, " rollback")
			must(transaction.Rollback(ctx))
		})
		equal(one("has "+key+" rollback", nil)["has"], false)
	})
	check("retry", func() {
		using(neo4j.SessionConfig{}, func(session neo4j.SessionWithContext) {
			tries := 0
			found, err := session.ExecuteWrite(ctx, func(transaction neo4j.ManagedTransaction) (any, error) {
				tries++
				result, err := transaction.Run(ctx, "flaky "+key, nil)
				if err != nil {
					return nil, err
				}
				record, err := result.Single(ctx)
				if err != nil {
					return nil, err
				}
				return record.Values[0], nil
			})
			must(err)
			equal([]any{found, tries}, []any{key, 2})
		})
	})
	check("bookmarks", func() {
		var marks neo4j.Bookmarks
		using(neo4j.SessionConfig{}, func(session neo4j.SessionWithContext) {
			transaction := begin(session)
			put(transaction, " bookmark")
			must(transaction.Commit(ctx))
			marks = session.LastBookmarks()
		})
		equal(marks[0][:6], "known:")
		using(neo4j.SessionConfig{Bookmarks: marks}, func(session neo4j.SessionWithContext) {
			equal(single(session.Run(ctx, "peer", nil))["bookmarks"], []any{marks[0]})
		})
	})
	check("options", func() {
		config := neo4j.SessionConfig{DatabaseName: "graph", AccessMode: neo4j.AccessModeRead}
		using(config, func(session neo4j.SessionWithContext) {
			row := single(session.Run(ctx, "peer", nil,
				neo4j.WithTxMetadata(map[string]any{"app": "checks"}), neo4j.WithTxTimeout(5*time.Second)))
			equal([]any{row["database"], row["mode"], row["metadata"]}, []any{"graph", "r", map[string]any{"app": "checks"}})
		})
	})
	check("summary", func() {
		using(neo4j.SessionConfig{}, func(session neo4j.SessionWithContext) {
			result, err := session.Run(ctx, "wrote", nil)
			must(err)
			end, err := result.Consume(ctx)
			must(err)
			equal(end.StatementType(), neo4j.StatementTypeWriteOnly)
			equal(end.Counters().NodesCreated(), 2)
			equal(end.Notifications()[0].Code(), "Neo.ClientNotification.Statement.CartesianProduct")
		})
	})
}

func connections() {
	check("routing", func() {
		routed := connect("neo4j", password)
		defer routed.Close(ctx)
		session := routed.NewSession(ctx, neo4j.SessionConfig{})
		defer session.Close(ctx)
		mode := func(transaction neo4j.ManagedTransaction) (any, error) {
			result, err := transaction.Run(ctx, "peer", nil)
			return single(result, err)["mode"], nil
		}
		found, err := session.ExecuteRead(ctx, mode)
		must(err)
		equal(found, "r")
		found, err = session.ExecuteWrite(ctx, mode)
		must(err)
		equal(found, "w")
	})
	check("refused", func() {
		wrong := connect("bolt", "wrong")
		defer wrong.Close(ctx)
		fails(wrong.VerifyConnectivity(ctx), "Neo.ClientError.Security.Unauthorized")
	})
}

func main() {
	check("connect", func() {
		must(driver.VerifyConnectivity(ctx))
		fmt.Println("bolt", one("peer", nil)["version"])
	})
	for _, each := range values() {
		check("read "+each.name, func() { equal(one("value "+each.name, nil)["value"], each.value) })
		check("send "+each.name, func() {
			equal(one("same "+each.name, map[string]any{"value": each.value})["same"], true)
		})
	}
	graph()
	results()
	transactions()
	connections()
	check("close", func() { must(driver.Close(ctx)) })
}
