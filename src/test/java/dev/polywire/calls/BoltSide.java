package dev.polywire.calls;

import dev.polywire.bolt.client.BoltConnection;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltClientOptions;
import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.BoltMessage;
import dev.polywire.bolt.wire.BoltOffer;
import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.NotificationFilter;
import dev.polywire.bolt.wire.PackStreamReader;
import dev.polywire.bolt.wire.PackStreamWriter;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.bolt.wire.ValueDialect;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.RawPeer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Queries of Bolt, each a RUN and a PULL, whose only row is the query itself. The peer decides about each byte, which no
 * {@code BoltServerMachine} lets it do.
 */
final class BoltSide extends Side<BoltConnection> {

    private static final BoltVersion VERSION = BoltVersion.V5_4;
    private static final BoltLimits LIMITS = new BoltLimits(1_024, 100, 1_000);
    private static final int HANDSHAKE_BYTES = 20;

    private static final int SUCCESS = 0x70;
    private static final int PULL = 0x3f;
    private static final int RESET = 0x0f;
    /** Begins no value of PackStream. */
    private static final byte NOTHING = (byte) 0xc7;

    private static final Map<String, ?> FIELDS = Map.of("fields", List.of("query"));

    private static final String MENDING = "RESET";

    private final RawPeer.Door door = new RawPeer.Door();
    /** Queries that were heard and not answered, and RESETs between them. */
    private final ArrayDeque<String> held = new ArrayDeque<>();

    private RawPeer peer;

    BoltSide() {
        super("bolt");
    }

    @Override
    EndpointOptions endpoint() {
        return door.endpoint();
    }

    @Override
    Future<BoltConnection> dial(Dialer dialer, long handshakeTimeoutMillis) {
        BoltClientOptions options = new BoltClientOptions(
                "Test/1",
                Map.of("product", "Test/1"),
                AuthToken.basic("alice", "secret", null),
                null,
                NotificationFilter.DEFAULT,
                BoltOffer.of(List.of(VERSION)),
                LIMITS,
                handshakeTimeoutMillis);
        return BoltConnection.connect(dialer, options);
    }

    @Override
    void accept() {
        peer = door.accept();
        for (int i = 0; i < HANDSHAKE_BYTES; i++) {
            peer.readByte();
        }
        peer.write(Buffer.buffer().appendInt(VERSION.minor() << 8 | VERSION.major()));
        message();
        message();
        write(success(Map.of("server", "Neo4j/5.4", "connection_id", "1")), success(Map.of()));
    }

    @Override
    Future<String> reading(String name, Deadline deadline) {
        return run(name, Map.of(), true, deadline);
    }

    @Override
    Future<String> changing(String name, Deadline deadline) {
        return run(name, Map.of(), false, deadline);
    }

    @Override
    Future<String> tooLong(String name, Deadline deadline) {
        return changing("x".repeat(LIMITS.maxMessageBytes()), deadline);
    }

    @Override
    Future<String> unwritable(String name, Deadline deadline) {
        return run(name, Map.of("none", new Object()), false, deadline);
    }

    @Override
    Future<String> outOfTurn(String name, Deadline deadline) {
        return connection().send(new BoltRequest.Commit(), deadline).map(name);
    }

    private Future<String> run(String query, Map<String, Object> parameters, boolean reads, Deadline deadline) {
        List<String> rows = new ArrayList<>();
        TransactionOptions options = TransactionOptions.DEFAULT.readOnly(reads);
        return connection()
                .run(new BoltRequest.Run(query, parameters, options), deadline)
                .pull(-1, row -> rows.add((String) row.values().get(0)), deadline)
                .map(end -> String.join(", ", rows));
    }

    @Override
    String hear() {
        Buffer run = message();
        while (run.getByte(1) == RESET) {
            held.add(MENDING);
            run = message();
        }
        Buffer pull = message();
        if (run.getByte(1) != BoltMessage.RUN.tag() || pull.getByte(1) != PULL) {
            throw new AssertionError(run + " and " + pull + " (expected: RUN and PULL)");
        }
        Buffer fields = run.getBuffer(2, run.length());
        String query = (String) new PackStreamReader(fields, ValueDialect.of(VERSION), LIMITS).value();
        held.add(query);
        return query;
    }

    @Override
    void answer() {
        Object query = held.remove();
        write(success(FIELDS), packed(BoltRecord.TAG, List.of(query)), success(Map.of()));
        while (MENDING.equals(held.peek())) {
            held.remove();
            write(success(Map.of()));
        }
    }

    /** A row whose list is none. */
    @Override
    void garble() {
        held.remove();
        write(success(FIELDS), malformed(BoltRecord.TAG), success(Map.of()));
    }

    @Override
    void answerTooLong() {
        held.remove();
        write(success(Map.of("fields", List.of("x".repeat(LIMITS.maxMessageBytes())))));
    }

    /** A SUCCESS of nothing that can be read: nobody knows where the conversation is. */
    @Override
    void breakFraming() {
        held.remove();
        write(malformed(SUCCESS));
    }

    @Override
    void cutOff() {
        peer.write(Buffer.buffer().appendUnsignedShort(100).appendUnsignedByte((short) 0xb1));
        peer.close();
    }

    @Override
    void drop() {
        peer.reset();
    }

    @Override
    public void close() {
        if (peer != null) {
            peer.close();
        }
        door.close();
        super.close();
    }

    private static Buffer success(Map<String, ?> metadata) {
        return packed(SUCCESS, metadata);
    }

    private static Buffer malformed(int tag) {
        return Buffer.buffer(new byte[] {(byte) 0xb1, (byte) tag, NOTHING});
    }

    private static Buffer packed(int tag, Object field) {
        return new PackStreamWriter(ValueDialect.of(VERSION), 2 * LIMITS.maxMessageBytes())
                .structure(1, tag)
                .value(field)
                .take();
    }

    /** All in one piece: what comes in several waits for the client's system, which is in no hurry to acknowledge the first. */
    private void write(Buffer... messages) {
        Buffer all = Buffer.buffer();
        for (Buffer message : messages) {
            all.appendUnsignedShort(message.length()).appendBuffer(message).appendUnsignedShort(0);
        }
        peer.write(all);
    }

    /** The next message, of one chunk. */
    private Buffer message() {
        int size = peer.readByte() << 8 | peer.readByte();
        Buffer message = Buffer.buffer(size);
        for (int i = 0; i < size; i++) {
            message.appendByte((byte) peer.readByte());
        }
        if ((peer.readByte() | peer.readByte()) != 0 || size < 2) {
            throw new AssertionError("no message of one chunk: " + size + " bytes");
        }
        return message;
    }
}
