package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.PackStreamReader;
import dev.polywire.bolt.wire.PackStreamWriter;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.bolt.wire.ValueDialect;
import dev.polywire.testing.RawPeer;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A client that sends what it likes. */
record RawBolt(RawPeer peer, BoltVersion version) implements AutoCloseable {

    static final AuthToken ALICE = AuthToken.basic("alice", "secret", null);

    /** Connected, and nothing said. */
    static RawBolt connect(int port, BoltVersion version) {
        return new RawBolt(RawPeer.connect(port), version);
    }

    /** Logged in. */
    static RawBolt ready(int port, BoltVersion version) {
        RawBolt bolt = connect(port, version);
        bolt.peer.write(handshake(version));
        bolt.requireVersion();
        bolt.send(greeting(version, ALICE));
        for (int i = 0; i < greeting(version, ALICE).length; i++) {
            bolt.expect("SUCCESS");
        }
        return bolt;
    }

    static Buffer handshake(BoltVersion version) {
        return Buffer.buffer()
                .appendInt(0x6060b017)
                .appendInt(version.minor() << 8 | version.major())
                .appendBytes(new byte[12]);
    }

    static BoltRequest[] greeting(BoltVersion version, AuthToken auth) {
        if (!version.hasTransactions()) {
            return new BoltRequest[] {new BoltRequest.Init("raw", auth)};
        }
        Map<String, Object> extra = new LinkedHashMap<>(Map.of("user_agent", "raw"));
        if (version.hasLogon()) {
            return new BoltRequest[] {new BoltRequest.Hello(extra), new BoltRequest.Logon(auth)};
        }
        extra.putAll(auth.fields());
        return new BoltRequest[] {new BoltRequest.Hello(extra)};
    }

    static BoltRequest.Run run(String query) {
        return new BoltRequest.Run(query, Map.of(), TransactionOptions.DEFAULT);
    }

    static Buffer bytes(BoltVersion version, BoltRequest... requests) {
        Buffer all = Buffer.buffer();
        for (BoltRequest request : requests) {
            PackStreamWriter out = new PackStreamWriter(ValueDialect.of(version), 60_000);
            request.write(out);
            Buffer message = out.take();
            all.appendShort((short) message.length()).appendBuffer(message).appendShort((short) 0);
        }
        return all;
    }

    void send(BoltRequest... requests) {
        peer.write(bytes(version, requests));
    }

    void requireVersion() {
        int word = 0;
        for (int i = 0; i < 4; i++) {
            word = word << 8 | byteOrEnd();
        }
        if (word != (version.minor() << 8 | version.major())) {
            throw new AssertionError(Integer.toHexString(word));
        }
    }

    /** The next answer that is no NOOP: {@code SUCCESS}, {@code RECORD [1]}, {@code FAILURE code}; {@code end} behind the last. */
    String next() {
        Buffer message = Buffer.buffer();
        while (true) {
            int high = peer.readByte();
            if (high < 0) {
                return "end";
            }
            int size = high << 8 | byteOrEnd();
            for (int i = 0; i < size; i++) {
                message.appendByte((byte) byteOrEnd());
            }
            if (size == 0 && message.length() > 0) {
                return text(message);
            }
        }
    }

    void expect(String... answers) {
        for (String answer : answers) {
            String next = next();
            if (!next.equals(answer)) {
                throw new AssertionError(next + " (expected: " + answer + " of " + List.of(answers) + ")");
            }
        }
    }

    @Override
    public void close() {
        peer.close();
    }

    private String text(Buffer message) {
        int tag = message.getUnsignedByte(1);
        if (tag == 0x7e) {
            return "IGNORED";
        }
        Buffer packed = message.getBuffer(2, message.length());
        Object value = new PackStreamReader(packed, ValueDialect.of(version), BoltLimits.DEFAULT).value();
        return switch (tag) {
            case 0x70 -> Boolean.TRUE.equals(((Map<?, ?>) value).get("has_more")) ? "MORE" : "SUCCESS";
            case 0x71 -> "RECORD " + value;
            case 0x7f -> "FAILURE " + code((Map<?, ?>) value);
            default -> "message " + tag;
        };
    }

    private static Object code(Map<?, ?> failure) {
        Object code = failure.get("code");
        return code == null ? failure.get("neo4j_code") : code;
    }

    private int byteOrEnd() {
        int next = peer.readByte();
        if (next < 0) {
            throw new AssertionError("the end, in the middle of something");
        }
        return next;
    }
}
