// Node's driver against a server: scenario.js MODE URI. One line for each step, `ok STEP` or `failed STEP: why`.
"use strict";

const assert = require("node:assert/strict");
const { once } = require("node:events");
const { MongoClient, MongoServerError } = require("mongodb");

const [mode, uri] = process.argv.slice(2);
const numbers = Array.from({ length: 250 }, (_, i) => i);
// Answers of the server to a hello that waits.
const AWAITED = 3;

const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000 });
const things = client.db("drivers").collection("node");
let awaited = 0;
client.on("serverHeartbeatSucceeded", (event) => {
  awaited += event.awaited ? 1 : 0;
});

async function step(name, run) {
  try {
    await run();
    console.log("ok", name);
  } catch (why) {
    process.exitCode = 1;
    console.log(`failed ${name}: ${why}`);
  }
}

async function main() {
  await step("connect", async () => {
    await client.connect();
    assert.equal((await client.db("admin").command({ ping: 1 })).ok, 1);
    await things.drop();
  });
  await step("insert", async () => {
    assert.equal((await things.insertMany(numbers.map((each) => ({ _id: each, a: each })))).insertedCount, numbers.length);
    assert.equal((await things.insertOne({ _id: "one", a: -1 })).insertedId, "one");
  });
  await step("find", async () => {
    const found = await things.find({ a: { $gte: 0 } }, { batchSize: 100 }).toArray();
    assert.deepEqual(found.map((each) => each._id), numbers);
  });
  await step("leave", async () => {
    const cursor = things.find({}, { batchSize: 2 });
    assert.equal((await cursor.next())._id, 0);
    await cursor.close();
  });
  await step("update", async () => {
    assert.equal((await things.updateOne({ _id: 7 }, { $set: { a: "changed" } })).modifiedCount, 1);
    assert.deepEqual(await things.findOne({ _id: 7 }), { _id: 7, a: "changed" });
  });
  await step("delete", async () => {
    assert.equal((await things.deleteOne({ _id: 7 })).deletedCount, 1);
    assert.equal(await things.findOne({ _id: 7 }), null);
    assert.equal(await things.countDocuments({}), numbers.length);
  });
  await step("duplicate key", () =>
    assert.rejects(things.insertOne({ _id: 8 }), (why) => why instanceof MongoServerError && why.code === 11000));
  if (mode === "stream") {
    await step("stream", async () => {
      while (awaited < AWAITED) {
        await once(client, "serverHeartbeatSucceeded", { signal: AbortSignal.timeout(10_000) });
      }
    });
  }
  await step("close", () => client.close());
}

main();
