package dev.polywire.mongodb.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * MongoDB commands by messages on the bus. Documents are Extended JSON v2: both forms are accepted; answers are relaxed, or
 * canonical on request ({@link ExtendedJson}). An application that deploys {@link MongoVerticle} with a {@link BsonCodec} has
 * its own JSON instead, for commands, answers and streams; {@code canonical: true} is then BAD_REQUEST, and what the codec
 * throws is BAD_REQUEST or INTERNAL.
 *
 * <p>Failure codes of every action: BAD_REQUEST, UNAVAILABLE (no connection, or not sent, by the deadline), UNAUTHENTICATED
 * (at once, while TLS or the login fails for a reason that time does not heal), TIMEOUT, OVERLOADED, LIMIT_EXCEEDED,
 * CONNECTION_LOST, UNKNOWN_OUTCOME, PROTOCOL_VIOLATION, SHUTTING_DOWN, INTERNAL, and REFUSED_BY_SERVER: the server answered
 * {@code ok: 0}, or {@code ok: 1} with {@code writeErrors}, a {@code writeConcernError} or {@code nErrors} of a bulkWrite;
 * {@code server} in the debug information is its answer. FORBIDDEN is a command that would change the connection for others ({@code sasl*}, {@code authenticate},
 * {@code logout}, {@code getnonce}, {@code copydb*}, a {@code hello} with fields of a handshake, exhaust flags), and one that the
 * options {@code commands} and {@code databases} do not allow; nothing was sent. OVERLOADED is a command that would have to wait while the memory budget has no room; or an answer for which it
 * has none, {@code mayHaveExecuted} then. An answer that takes more than half of the budget as JSON is LIMIT_EXCEEDED.
 *
 * <p>{@code <address>.raw} takes {@code action: command} and {@code database} as headers, the command as BSON in the
 * body, and answers with the BSON of the reply, {@code ok: 0} included. {@code maxTime} is a header, too: {@code true} or {@code
 * false}.
 */
@ProxyGen
public interface MongoService {

    /**
     * Runs any command.
     *
     * @param database it runs in
     * @param name of the command; sent first, because maps of many languages keep no order
     * @param arguments the whole command document; its field {@code name} is the command's value. The caller must not set
     *     {@code $db}. Unless present, {@code maxTimeMS} is added when it is sent: the rest of the deadline minus the least round
     *     trip, but not to getMore and killCursors; when nothing is left it is UNAVAILABLE, and not sent. {@code writeConcern} and
     *     {@code readConcern} of the configuration are added to the commands that take them, those of {@code serverApi} to each;
     *     {@code $readPreference: {mode: "primaryPreferred"}} for a member of a replica set, but not to getMore, killCursors,
     *     hello and what belongs to a transaction
     * @param options {@code {canonical: false, maxTime: true}}: the form of the answer, and whether {@code maxTimeMS} is added;
     *     the latter by default as the connector is configured
     * @return the server's answer; an empty object as soon as the bytes are handed to the system, for a command with
     *     {@code writeConcern: {w: 0}} on a connector with {@code moreToCome: true}, the default
     */
    Future<JsonObject> command(String database, String name, JsonObject arguments, @Nullable JsonObject options);

    /**
     * Opens the stream of documents of a command with a cursor: find, aggregate, listCollections, listIndexes. The command
     * sets the size of the first batch ({@code batchSize}), the reader that of each later one. The same is added as by
     * {@link #command}, but no {@code maxTimeMS}: a server applies it to the whole cursor.
     *
     * <p>A cursor that waits (find with {@code tailable, awaitData}, and {@code $changeStream}) and one that is read by
     * {@code exhaust} have a connection of their own until they end; when there are {@code maxDedicatedConnections},
     * OVERLOADED. Any other one is read by the pool. Nothing is asked of the server while no reader waits, but by
     * {@code exhaust}. A getMore whose answer is lost is not repeated: the stream ends with CONNECTION_LOST; one that could not
     * be sent is repeated. With TIMEOUT it ends when a reader has waited for 25 s, beside {@code awaitMillis}. It ends with
     * REFUSED_BY_SERVER when the server has ended the cursor, for example with its connection (code 43, CursorNotFound).
     *
     * <pre>
     *   form         json, raw        json: documents; raw: a batch is one buffer of BSON documents, one after the other,
     *                                 see {@link dev.polywire.core.bus.stream.StreamForm}
     *   canonical    false            the form of the JSON
     *   awaitMillis  1,000            1 to 3,600,000, for a cursor that waits only: how long the server waits for a document
     *                                 before it says that there is none
     *   pollMillis   100              1 to 60,000: the least time between two questions of which the first has found nothing
     *   exhaust      false            true: the server sends one batch after the other without being asked, until two wait
     *                                 here; their size is {@code max} of the first {@code next} that needs a getMore.
     *                                 Not for a tailable cursor
     * </pre>
     *
     * @param options as above
     * @return {@code {address, id, leaseMillis}}, see {@link dev.polywire.core.bus.stream.StreamService}
     */
    Future<JsonObject> open(String database, String name, JsonObject arguments, @Nullable JsonObject options);

    /**
     * Sends a message of any kind, with the fields of its specification, and replies with the answer's message; with
     * {@code {}} as soon as it is handed to the system when there is none. Nothing is added to the message but its header; to an
     * OP_MSG also the fields of {@code serverApi}, and with {@code checksum} a CRC-32C and its flag.
     *
     * <pre>
     *   opCode           fields (* required)
     *   OP_MSG           flagBits, body*, sequences: [{identifier*, documents*}]
     *   OP_QUERY         flags, fullCollectionName*, numberToSkip, numberToReturn, query*, returnFieldsSelector
     *   OP_GET_MORE      fullCollectionName*, numberToReturn, cursorID*
     *   OP_INSERT        flags, fullCollectionName*, documents*
     *   OP_UPDATE        fullCollectionName*, flags, selector*, update*
     *   OP_DELETE        fullCollectionName*, flags, selector*
     *   OP_KILL_CURSORS  cursorIDs*
     *   OP_COMPRESSED    compressor*, message*: one of the above, compressed with the named one, which must be negotiated
     *   OP_REPLY         responseFlags, cursorID, startingFrom, documents; as an answer only
     * </pre>
     *
     * <p>Flags are lists of the specification's names, {@code ["SlaveOk"]}; a bit without a name is {@code "bit20"}. A cursor's
     * id is an integer, its digits as a string, or {@code $numberLong}. The body of OP_MSG is sent in the order of its JSON:
     * the command's name must come first, and {@code $db} must be there. The answer to OP_COMPRESSED is OP_COMPRESSED if it
     * came compressed.
     *
     * <p>REFUSED_BY_SERVER is, as for {@link #command}, a command that the server refuses, and an OP_REPLY with QueryFailure
     * or {@code $err}; one with CursorNotFound is an answer. The failure names the command to use instead when the server has
     * no such operation any more: MongoDB 5.1 has removed all but OP_MSG and OP_COMPRESSED. To such a server (wire version 14
     * or higher) an operation without an answer is not sent, because it would close the connection: BAD_REQUEST.
     *
     * @param options {@code {canonical: false}}: the form of the answer's documents and of its cursor's id
     * @return the answer, or {@code {}}
     */
    Future<JsonObject> send(JsonObject message, @Nullable JsonObject options);

    /** A round trip to the server: its answer to {@code ping}. */
    Future<JsonObject> ping();

    /**
     * Name, address, target, state, counters; and {@code pool: {idle, inUse, connecting, waiting, generation, dedicated}}: open
     * connections on which nothing is in flight, the others, those that are being opened, commands that wait for one, how often all
     * were given up together, and connections of single cursors; and {@code heartbeat: {mode, leastRoundTripMicros,
     * lastHelloAgoMillis}}: {@code off}, {@code resting}, {@code connecting}, {@code polling} or {@code streaming}, the least of the last
     * ten round trips (0 until there are two), and the time since the last hello, if there was one.
     */
    Future<JsonObject> status();

    /** A proxy whose calls have the default deadline of 25 s. */
    @GenIgnore
    static MongoService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, address, with -> new MongoServiceVertxEBProxy(vertx, address, with));
    }

    /** A proxy whose calls have a deadline of {@code deadlineMillis}. */
    @GenIgnore
    static MongoService proxy(Vertx vertx, String address, long deadlineMillis) {
        return ServiceProxies.of(
                vertx, address, deadlineMillis, with -> new MongoServiceVertxEBProxy(vertx, address, with));
    }
}
