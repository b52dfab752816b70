package dev.polywire.mongodb.wire;

import static dev.polywire.mongodb.wire.Documents.bson;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelloReplyTest {

    @Test
    void everyFieldWeKeep() {
        Buffer topology = bson("{processId: {$oid: '0102030405060708090a0b0c'}, counter: {$numberLong: '6'}}");
        assertEquals(
                new HelloReply(
                        1_000,
                        2_000,
                        3,
                        6,
                        21,
                        true,
                        true,
                        "rs0",
                        List.of("a:1", "b:2"),
                        "a:1",
                        "isdbgrid",
                        30,
                        77L,
                        List.of("zstd"),
                        List.of("SCRAM-SHA-256"),
                        bson("{payload: 'x'}"),
                        topology,
                        "ffffffffffffffffffffffff"),
                HelloReply.read(bson(
                        "{unknown: {deep: [1, {maxWireVersion: 1}]}, maxBsonObjectSize: 1000, maxMessageSizeBytes: 2000.0,"
                                + " maxWriteBatchSize: {$numberLong: '3'}, minWireVersion: 6, maxWireVersion: 21, helloOk: true,"
                                + " isWritablePrimary: true, setName: 'rs0', hosts: ['a:1', 'b:2'], primary: 'a:1', msg:"
                                + " 'isdbgrid', logicalSessionTimeoutMinutes: 30, connectionId: 77, compression: ['zstd'],"
                                + " saslSupportedMechs: ['SCRAM-SHA-256'], speculativeAuthenticate: {payload: 'x'},"
                                + " topologyVersion: {processId: {$oid: '0102030405060708090a0b0c'}, counter: {$numberLong: '6'}},"
                                + " serviceId: {$oid: 'ffffffffffffffffffffffff'}, ok: 1}")));
    }

    @Test
    void whatIsLeftOutOrNull() {
        assertEquals(
                new HelloReply(
                        16 * 1024 * 1024,
                        48_000_000,
                        100_000,
                        0,
                        6,
                        false,
                        false,
                        null,
                        List.of(),
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        null),
                HelloReply.read(bson("{maxWireVersion: 6, setName: null, hosts: null, ok: 1}")));
    }

    @Test
    void recordedOne() {
        OpReply reply = OpReply.read(
                Vectors.read("mongo-legacy-ops.txt").get("reply_hello").bytes());
        HelloReply hello = HelloReply.read(reply.documents().get(0));
        assertEquals(
                List.of(48_000_000, 0, 25),
                List.of(hello.maxMessageSizeBytes(), hello.minWireVersion(), hello.maxWireVersion()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{maxBsonObjectSize: 0, maxWireVersion: 21}",
                "{maxBsonObjectSize: -1, maxWireVersion: 21}",
                "{maxMessageSizeBytes: -1, maxWireVersion: 21}",
                "{maxWriteBatchSize: {$numberLong: '-9000000000'}, maxWireVersion: 21}",
                "{maxMessageSizeBytes: NaN, maxWireVersion: 21}",
                "{}",
                "{maxWireVersion: 5}",
                "{minWireVersion: 30, maxWireVersion: 30}",
                "{minWireVersion: 20, maxWireVersion: 10}"
            })
    void uselessServers(String reply) {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> HelloReply.read(bson(reply)));
        assertEquals(ProtocolException.Kind.FRAMING, bad.kind());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{maxWireVersion: '21'}",
                "{maxWireVersion: 21, setName: 1}",
                "{maxWireVersion: 21, hosts: 'a'}",
                "{maxWireVersion: 21, hosts: [1]}",
                "{maxWireVersion: 21, topologyVersion: 1}",
                "{maxWireVersion: 21, serviceId: 'a'}"
            })
    void wrongTypes(String reply) {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> HelloReply.read(bson(reply)));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
    }

    @ParameterizedTest
    @CsvSource({
        "1, true",
        "1.0, true",
        "true, true",
        "0, false",
        "0.0, false",
        "false, false",
        "'''1''', false",
        "null, false"
    })
    void ok(String value, boolean ok) {
        assertEquals(ok, HelloReply.isOk(bson("{a: 0, ok: " + value + "}")));
    }
}
