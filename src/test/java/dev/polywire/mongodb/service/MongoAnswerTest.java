package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each answer of a server is to the caller, in both forms of the JSON, and to who opens a stream. */
class MongoAnswerTest {

    private static final String REFUSED = "REFUSED_BY_SERVER";
    private static final String RETRY = "REFUSED_BY_SERVER retryable";
    private static final String DONE = "REFUSED_BY_SERVER mayHaveExecuted";
    private static final String STOPPED = "REFUSED_BY_SERVER retryable mayHaveExecuted";
    private static final String BROKEN = "PROTOCOL_VIOLATION mayHaveExecuted";

    /** The second of two writes has failed. */
    private static final String BULK =
            "ok: 1.0, cursor: {id: {$numberLong: '0'}, ns: 'admin.$cmd.bulkWrite', firstBatch:"
                    + " [{ok: 1.0, idx: 0, n: 1}, {ok: 0.0, idx: 1, code: 11000, errmsg: 'dup', n: 0}]}, ";

    private static Stage stage;

    @BeforeAll
    static void deploy() {
        stage = new Stage();
        stage.deploy();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    record Row(String answer, String outcome, String said) {}

    static Stream<Row> rows() {
        return Stream.of(
                refused("ok: 0.0, errmsg: 'no', code: 59", REFUSED, "no"),
                refused("ok: 0, errmsg: 'no'", REFUSED, "no"),
                refused("ok: false, errmsg: 'no'", REFUSED, "no"),
                refused("ok: {$numberLong: '0'}", REFUSED, "no reason given"),
                refused("errmsg: 'ok is missing'", REFUSED, "ok is missing"),
                refused("ok: 0.0, errmsg: 5, code: 'x', errorLabels: 7", REFUSED, "no reason given"),
                refused("ok: 0.0, errmsg: 'not primary', code: 10107", RETRY, "not primary"),
                refused("ok: 0.0, errmsg: 'not primary', code: 13435", RETRY, "not primary"),
                refused("ok: 0.0, errmsg: 'not primary', code: {$numberLong: '13436'}", RETRY, "not primary"),
                refused("ok: 0.0, errmsg: 'stepping down', code: 189.0", RETRY, "stepping down"),
                refused("ok: 0.0, errmsg: 'shutting down', code: 91", RETRY, "shutting down"),
                refused("ok: 0.0, errmsg: 'not yet', code: 134", RETRY, "not yet"),
                refused("ok: 0.0, errmsg: 'interrupted', code: 11600", STOPPED, "interrupted"),
                refused("ok: 0.0, errmsg: 'interrupted', code: 11602", STOPPED, "interrupted"),
                refused("ok: 0.0, errmsg: 'too long', code: 262", STOPPED, "too long"),
                refused("ok: 0.0, errmsg: 'killed', code: 11601", DONE, "killed"),
                refused("ok: 0.0, errmsg: 'later', errorLabels: ['RetryableWriteError']", RETRY, "later"),
                refused("ok: 0.0, errmsg: 'later', errorLabels: ['x', 'SystemOverloadedError']", RETRY, "later"),
                refused("ok: 0.0, errmsg: 'never', errorLabels: ['NonResumableChangeStreamError']", REFUSED, "never"),
                refused("ok: 0.0, errmsg: 'time limit', code: 50", "TIMEOUT mayHaveExecuted", "time limit"),
                refused("ok: 1.0, n: 0, writeErrors: [{index: 0, errmsg: 'dup'}]", REFUSED, "dup"),
                refused("ok: 1.0, n: 1, writeErrors: [{index: 1, errmsg: 'dup'}]", DONE, "dup"),
                refused("ok: 1.0, n: {$numberLong: '2'}, writeErrors: [{errmsg: 'dup'}]", DONE, "dup"),
                refused("ok: 1.0, n: 1, writeConcernError: {code: 64, errmsg: 'waiting'}", DONE, "waiting"),
                refused(
                        "ok: 1.0, n: 0, writeErrors: [], writeConcernError: {errmsg: 'w'},"
                                + " errorLabels: ['RetryableWriteError']",
                        STOPPED,
                        "w"),
                refused(
                        "ok: 1.0, n: 0, writeErrors: ['x']",
                        BROKEN,
                        "write errors: not documents (expected: documents)"),
                refused("ok: 1.0, n: 0, writeErrors: [1]", BROKEN, "write errors: not documents (expected: documents)"),
                refused(
                        "ok: 1.0, n: 0, writeErrors: {a: 1}",
                        BROKEN,
                        "write errors: not documents (expected: documents)"),
                refused(BULK + "nInserted: 0, nErrors: 1", REFUSED, "dup"),
                refused(BULK + "nInserted: 1, nErrors: 1", DONE, "dup"),
                refused(BULK + "nUpserted: {$numberLong: '1'}, nErrors: {$numberLong: '1'}", DONE, "dup"),
                refused(BULK + "nMatched: 1, nModified: 0, nDeleted: 0, nErrors: 1", REFUSED, "dup"),
                refused(BULK + "nDeleted: 1, nErrors: 1, writeConcernError: {errmsg: 'w'}", DONE, "dup"),
                refused(BULK + "nErrors: 1, errorLabels: ['RetryableWriteError']", RETRY, "dup"),
                refused("ok: 1.0, nModified: 1, nErrors: 1, cursor: {firstBatch: [{ok: 1}]}", DONE, "no reason given"),
                refused("ok: 1.0, nErrors: 1, cursor: {firstBatch: 7}", REFUSED, "no reason given"),
                refused("ok: 1.0, nErrors: 2", REFUSED, "no reason given"),
                refused("ok: 1.0, writeConcernError: []", BROKEN, "write errors: not documents (expected: documents)"));
    }

    private static Row refused(String answer, String outcome, String said) {
        return new Row("{" + answer + "}", outcome, said);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void refusal(Row row) {
        JsonObject insert = new JsonObject().put("insert", "things");
        Future<JsonObject> relaxed = stage.mongo().command("db", "insert", insert, null);
        stage.next("insert").reply(row.answer());
        Future<JsonObject> canonical =
                stage.mongo().command("db", "insert", insert, new JsonObject().put("canonical", true));
        stage.next("insert").reply(row.answer());
        JsonObject find = new JsonObject().put("find", "things");
        Future<JsonObject> open = stage.mongo().open("db", "find", find, null);
        stage.next("find").reply(row.answer());
        for (Future<JsonObject> call : Stream.of(relaxed, canonical, open).toList()) {
            ServiceException failure = (ServiceException) Outcome.failure(call);
            assertEquals(row.outcome(), Stage.word(failure));
            assertEquals(row.said(), failure.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{ok: 1.0, nErrors: 0}", "{ok: 1.0, nErrors: {$numberLong: '0'}}", "{ok: 1.0, nErrors: 'x'}"})
    void aBulkWriteWithoutFailures(String answer) {
        Future<JsonObject> call =
                stage.mongo().command("admin", "bulkWrite", new JsonObject().put("bulkWrite", 1), null);
        stage.next("bulkWrite").reply(answer);
        assertEquals(2, Outcome.value(call).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ok: 1.0}", "{ok: 1}", "{ok: 2}", "{ok: 0.5}", "{ok: true}", "{ok: {$numberLong: '1'}}"})
    void acceptance(String answer) {
        Future<JsonObject> call = Stage.insert(stage.mongo(), 1);
        stage.next("insert").reply(answer);
        assertEquals(1, Outcome.value(call).size());
        Future<JsonObject> canonical = stage.mongo()
                .command("db", "ping", new JsonObject().put("ping", 1), new JsonObject().put("canonical", true));
        stage.next("ping").reply(answer);
        assertEquals(1, Outcome.value(canonical).size());
    }
}
