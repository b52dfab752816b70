package dev.polywire.core.net;

import static dev.polywire.core.net.CallException.Reason.BAD_REQUEST;
import static dev.polywire.core.net.CallException.Reason.NOT_FOUND;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static dev.polywire.testing.NameServer.service;
import static dev.polywire.testing.NameServer.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.NameServer;
import dev.polywire.testing.NameServer.Type;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsLookupTest {

    private static final String SERVICE = "_mongodb._tcp.cluster.test";
    private static final long LONG_MILLIS = 20_000;
    private static final long SHORT_MILLIS = 200;

    private final NameServer names = new NameServer();
    private final Vertx vertx = Vertx.vertx(names.options());
    private final DnsLookup lookup = new DnsLookup(vertx);

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        names.close();
    }

    private List<SrvTarget> services() {
        return Outcome.value(lookup.services(SERVICE, LONG_MILLIS));
    }

    private void failsServices(Reason reason, String words, long millis) {
        fails(reason, "SRV records of " + SERVICE + ": " + words, lookup.services(SERVICE, millis));
    }

    private static void fails(Reason reason, String words, Future<?> asked) {
        CallException failure = assertInstanceOf(CallException.class, Outcome.failure(asked));
        assertEquals(words, failure.getMessage());
        assertEquals(reason, failure.reason());
    }

    private void violates(ProtocolException.Kind kind, Future<?> asked) {
        ProtocolException failure = assertInstanceOf(ProtocolException.class, Outcome.failure(asked));
        assertEquals(kind, failure.kind(), failure::getMessage);
        assertEquals(1, failure.getMessage().lines().count());
    }

    @Test
    void aServiceHasTargets() {
        names.has(
                SERVICE,
                Type.SRV,
                service(0, 5, 27_017, "shard-0.cluster.test"),
                service(65_535, 65_535, 65_535, "shard-1.cluster.test"));
        assertEquals(
                Set.of(
                        new SrvTarget(0, 5, 27_017, "shard-0.cluster.test"),
                        new SrvTarget(65_535, 65_535, 65_535, "shard-1.cluster.test")),
                Set.copyOf(services()));
    }

    /** By Vert.x's own resolver, too, which this one does not use. */
    @Test
    void theResolverOfTheVertxDoesNotMatter() {
        names.has(SERVICE, Type.SRV, service(1, 1, 1, "a.test"));
        Vertx own = names.vertx();
        assertEquals(
                1,
                Outcome.value(new DnsLookup(own).services(SERVICE, LONG_MILLIS)).size());
        Outcome.value(own.close());
    }

    @Test
    void theTextsOfARecordAreJoinedAndThoseOfSeveralAreNot() {
        names.has("cluster.test", Type.TXT, texts("authSource=admin", "&replicaSet=", "rs-0"), texts(""));
        assertEquals(
                Set.of("authSource=admin&replicaSet=rs-0", ""),
                Set.copyOf(Outcome.value(lookup.texts("cluster.test", LONG_MILLIS))));
    }

    @Test
    void whatIsTooLongForADatagramComesOverTcp() {
        names.has(SERVICE, Type.SRV, service(1, 2, 3, "a.test"));
        names.isTooLongForDatagrams();
        assertEquals(List.of(new SrvTarget(1, 2, 3, "a.test")), services());
    }

    @Test
    void aLostDatagramIsSentAgain() {
        names.has(SERVICE, Type.SRV, service(1, 2, 3, "a.test"));
        names.ignores(1);
        assertEquals(1, Outcome.value(lookup.services(SERVICE, 2_000)).size());
        assertEquals(List.of(SERVICE, SERVICE), names.asked());
    }

    // ---- failures

    @Test
    void noSuchName() {
        failsServices(NOT_FOUND, "there are none", LONG_MILLIS);
        names.has(SERVICE, Type.TXT, texts("something else"));
        failsServices(NOT_FOUND, "there are none", LONG_MILLIS);
        names.has(SERVICE, Type.SRV, service(0, 0, 0, "."));
        failsServices(NOT_FOUND, "the service is not offered there", LONG_MILLIS);
    }

    @Test
    void refused() {
        names.fails(NameServer.REFUSED);
        failsServices(UNAVAILABLE, "the name server refuses to answer (code 5)", LONG_MILLIS);
        names.fails(NameServer.SERVER_FAILURE);
        failsServices(UNAVAILABLE, "the name server has failed (code 2)", LONG_MILLIS);
    }

    @Test
    void nobodyAnswers() {
        names.ignores(Integer.MAX_VALUE);
        failsServices(UNAVAILABLE, "no name server answers within 200 ms", SHORT_MILLIS);
        names.close();
        failsServices(UNAVAILABLE, "no name server answers within 200 ms", SHORT_MILLIS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a..b",
                "a b",
                "a.test\n",
                "-a.test",
                "a-.test",
                "127.0.0.1",
                "ünicode.test",
                "a.test/",
                "this-label-has-more-characters-than-a-label-may-have-which-are-63.test"
            })
    void aNameThatIsNoneIsNotAskedFor(String name) {
        CallException failure = (CallException) Outcome.failure(lookup.texts(name, LONG_MILLIS));
        assertEquals(BAD_REQUEST, failure.reason());
        assertEquals(1, failure.getMessage().lines().count(), "one line");
        assertEquals(BAD_REQUEST, ((CallException) Outcome.failure(lookup.services(name, LONG_MILLIS))).reason());
        assertEquals(List.of(), names.asked());
    }

    @Test
    void aNameHasAtMost253Characters() {
        String label = "a".repeat(49) + ".";
        assertTrue(DnsLookup.isName(label.repeat(5) + "abc"));
        assertFalse(DnsLookup.isName(label.repeat(5) + "abcd"));
    }

    // ---- bad answers

    @Test
    void aTargetThatIsCutOffIsRefused() {
        Buffer whole = service(1, 2, 3, "a-long-name.test");
        for (int length = 0; length < whole.length(); length++) {
            names.has(SERVICE, Type.SRV, whole.getBuffer(0, length));
            violates(ProtocolException.Kind.DECODE, lookup.services(SERVICE, LONG_MILLIS));
        }
    }

    @Test
    void aTargetWhoseNameIsNoneIsRefused() {
        for (String host : List.of("127.0.0.1", "a b.test", "a\n.test", "user@host.test", "a/b.test")) {
            names.has(SERVICE, Type.SRV, service(1, 2, 3, host));
            violates(ProtocolException.Kind.DECODE, lookup.services(SERVICE, LONG_MILLIS));
        }
    }

    @Test
    void moreRecordsThanAClusterHasAreRefused() {
        names.isTooLongForDatagrams();
        names.has("cluster.test", Type.TXT, Collections.nCopies(64, texts("x")).toArray(Buffer[]::new));
        assertEquals(
                64, Outcome.value(lookup.texts("cluster.test", LONG_MILLIS)).size());
        names.has("cluster.test", Type.TXT, Collections.nCopies(65, texts("x")).toArray(Buffer[]::new));
        violates(ProtocolException.Kind.LIMIT, lookup.texts("cluster.test", LONG_MILLIS));
    }

    @Test
    void aTextThatIsCutOffOrNoTextIsRefused() {
        names.has("cluster.test", Type.TXT, Buffer.buffer().appendByte((byte) 5).appendString("four"));
        violates(ProtocolException.Kind.DECODE, lookup.texts("cluster.test", LONG_MILLIS));
        Buffer latin = Buffer.buffer().appendByte((byte) 1).appendByte((byte) 0xe4);
        assertThrows(ProtocolException.class, () -> DnsLookup.text("TXT", latin));
        assertEquals("", DnsLookup.text("TXT", Buffer.buffer()));
    }
}
