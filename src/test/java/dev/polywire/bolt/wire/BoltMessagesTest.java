package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.HandshakeTest.version;
import static dev.polywire.bolt.wire.Packed.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltResponse.Failure;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.examples.Readme;
import dev.polywire.testing.Vectors;
import dev.polywire.testing.Vectors.Vector;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message of every vector read and written again, and what each version can and cannot say. */
class BoltMessagesTest {

    private static final Vectors VECTORS = Vectors.read("bolt-messages.txt");
    private static final Vectors SEED = Vectors.read("bolt1-seed-tests.txt");
    private static final Vectors NEGATIVE = Vectors.read("packstream-negative.txt");
    /** Right to read, and written in another way: qid -1 is not said, IGNORED has no field. */
    private static final Set<String> WRITTEN_OTHERWISE = Set.of("discard_-1", "ignored_meta");

    static Stream<Object[]> vectors() {
        Map<String, String> versions =
                Map.of("init_v1", "1", "ack_failure", "1", "pull_all", "3", "discard_all", "3", "route_v43", "4.3");
        Stream<Object[]> messages = VECTORS.all().stream().map(vector ->
                new Object[] {vector, versions.getOrDefault(vector.id(), versionIn(vector.id()))});
        Stream<Object[]> seed = Stream.concat(
                        SEED.all().stream().filter(vector -> vector.id().matches("(msg|rt)_.*")),
                        Stream.of("bolt1-readme-transcript.txt", "bolt1-seed-server-observed.txt")
                                .flatMap(file -> Vectors.read(file).all().stream())
                                .filter(vector -> !vector.id().matches("h0.|o0[12]")))
                .map(vector -> new Object[] {vector, "1"});
        return Stream.concat(messages, seed);
    }

    /** {@code hello_v53} is 5.3, {@code run_v4} is 4.0, and what says nothing is the newest. */
    private static String versionIn(String id) {
        if (!id.matches(".*_v\\d+.*")) {
            return "5.8";
        }
        String digits = id.replaceAll(".*_v(\\d+).*", "$1");
        return digits.equals("4") ? "4.0" : digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.charAt(1);
    }

    @Test
    void theBytesOfThePage() {
        Buffer query =
                Vectors.bytes(Readme.bytes("docs/bolt.md", "bytes: a query").get(0));
        List<Object> asked = read(query, version("5.8"), true);
        assertEquals("RETURN 1 AS num", ((BoltRequest.Run) asked.get(0)).query());
        assertEquals(query, write(asked, version("5.8")));

        List<String> lines = Readme.bytes("docs/bolt.md", "bytes: the wire");
        assertEquals(4, lines.size(), lines::toString);
        Buffer row = Vectors.bytes("0008" + lines.get(3) + "0000");
        assertEquals(row, write(read(row, version("5.8"), false), version("5.8")));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void bothWays(Vector vector, String spoken) {
        BoltVersion version = version(spoken);
        List<Object> messages = read(vector.bytes(), version, vector.direction().equals("C"));
        assertFalse(messages.isEmpty());
        Buffer written = write(messages, version);
        if (WRITTEN_OTHERWISE.contains(vector.id()) || vector.id().equals("o11")) {
            assertEquals(
                    messages.toString(),
                    read(written, version, vector.direction().equals("C")).toString());
            assertTrue(written.length() < vector.bytes().length());
        } else {
            assertEquals(vector.hex(), Vectors.hex(written));
        }
    }

    @ParameterizedTest
    @CsvSource({"struct_init, 1, C", "struct_run, 1, C"})
    void seedsStructures(String id, String spoken, String direction) {
        Vector vector = SEED.get(id);
        BoltRequest request = RequestReader.read(Packed.reader(vector.bytes(), version(spoken)), version(spoken));
        PackStreamWriter out = new PackStreamWriter(ValueDialect.of(version(spoken)), 1_000);
        request.write(out);
        assertEquals(vector.hex(), Vectors.hex(out.take()));
    }

    @Test
    void b3Defect17IgnoredWithAndWithoutAField() {
        assertEquals(
                List.of(new BoltResponse.Ignored()), read(VECTORS.get("ignored").bytes(), BoltVersion.V1, false));
        assertEquals(
                List.of(new BoltResponse.Ignored()),
                read(VECTORS.get("ignored_meta").bytes(), BoltVersion.V1, false));
    }

    @Test
    void failureOfOldAndNewVersions() {
        Failure failure = (Failure)
                read(VECTORS.get("fail_v57").bytes(), BoltVersion.V5_7, false).get(0);
        assertEquals("Neo.ClientError.Statement.SyntaxError", failure.code());
        assertEquals("42001", failure.gqlStatus());
        assertEquals(
                map("OPERATION", "", "OPERATION_CODE", "0", "CURRENT_SCHEMA", "/", "_classification", "CLIENT_ERROR"),
                failure.diagnostics());
        assertEquals("42I06", failure.cause().gqlStatus());
        assertEquals(Failure.UNKNOWN, failure.cause().code());
        assertNull(failure.cause().cause());
        Failure old = (Failure) read(write(List.of(failure), BoltVersion.V5_6), BoltVersion.V5_6, false)
                .get(0);
        assertEquals(new Failure("Neo.ClientError.Statement.SyntaxError", "bad"), old);
        Failure general = (Failure) read(write(List.of(old), BoltVersion.V5_7), BoltVersion.V5_7, false)
                .get(0);
        assertEquals("50N42", general.gqlStatus());
        assertEquals(old.code(), general.code());
    }

    /** The seed's server says nothing at all. */
    @Test
    void b3Defect10FailureWithoutCode() {
        assertEquals(
                List.of(new Failure(Failure.UNKNOWN, "")),
                read(Vectors.bytes("0003b17fa00000"), BoltVersion.V1, false));
    }

    @Test
    void whatASuccessSays() {
        BoltResponse.Success more = (BoltResponse.Success)
                read(VECTORS.get("succ_more").bytes(), BoltVersion.V4_0, false).get(0);
        BoltResponse.Success run =
                (BoltResponse.Success) read(VECTORS.get("succ_run_tx").bytes(), BoltVersion.V4_0, false)
                        .get(0);
        BoltResponse.Success end = (BoltResponse.Success)
                read(VECTORS.get("succ_end").bytes(), BoltVersion.V4_0, false).get(0);
        assertTrue(more.hasMore());
        assertFalse(end.hasMore());
        assertEquals(0, run.qid());
        assertEquals(-1, end.qid());
        assertEquals(List.of("x"), run.fields());
        assertEquals(List.of(), end.fields());
        assertEquals("example-bookmark:1", end.bookmark());
        assertThrows(ProtocolException.class, () -> new BoltResponse.Success(map("has_more", 1L)).hasMore());
    }

    @Test
    void optionsOfATransaction() {
        BoltRequest.Begin begin = (BoltRequest.Begin)
                read(VECTORS.get("begin_v4").bytes(), BoltVersion.V4_0, true).get(0);
        TransactionOptions options = begin.options();
        assertEquals(List.of("b:1", "b:2"), options.bookmarks());
        assertTrue(options.readOnly());
        assertEquals("example_database", options.database());
        assertEquals(-1, options.timeoutMillis());
        BoltRequest.Run run = (BoltRequest.Run)
                read(VECTORS.get("run_v3").bytes(), BoltVersion.V3, true).get(0);
        assertEquals(123, run.options().timeoutMillis());
        assertEquals(map("x", 1L), run.parameters());
    }

    static Stream<Object[]> rules() {
        TransactionOptions database = TransactionOptions.where("db", null);
        TransactionOptions user = TransactionOptions.where(null, "user");
        TransactionOptions bookmarks =
                new TransactionOptions(List.of("b"), -1, map(), false, null, null, NotificationFilter.DEFAULT);
        return Stream.of(
                // what is said, first and last version that can
                rule(new BoltRequest.Run("q", map(), TransactionOptions.DEFAULT), "1", "6.1"),
                rule(new BoltRequest.Run("q", map(), bookmarks), "3", "6.1"),
                rule(new BoltRequest.Run("q", map(), database), "4.0", "6.1"),
                rule(new BoltRequest.Begin(database), "4.0", "6.1"),
                rule(new BoltRequest.Begin(user), "4.4", "6.1"),
                rule(BoltRequest.Pull.ALL, "1", "6.1"),
                rule(new BoltRequest.Pull(10, -1), "4.0", "6.1"),
                rule(new BoltRequest.Discard(-1, 3), "4.0", "6.1"),
                rule(new BoltRequest.Route(map(), List.of(), "db", null), "4.3", "6.1"),
                rule(new BoltRequest.Route(map(), List.of(), null, "user"), "4.4", "6.1"),
                rule(new BoltRequest.Hello(map("user_agent", "a")), "3", "6.1"),
                rule(new BoltRequest.Hello(map("routing", null)), "4.1", "6.1"),
                rule(new BoltRequest.Hello(map("patch_bolt", List.of("utc"))), "4.3", "4.4"),
                rule(new BoltRequest.Hello(map("notifications_minimum_severity", "OFF")), "5.2", "6.1"),
                rule(new BoltRequest.Hello(map("notifications_disabled_categories", List.of())), "5.2", "5.4"),
                rule(new BoltRequest.Hello(map("notifications_disabled_classifications", List.of())), "5.6", "6.1"),
                rule(new BoltRequest.Hello(map("bolt_agent", map())), "5.3", "6.1"),
                rule(new BoltRequest.Init("a", AuthToken.none()), "1", "2"),
                rule(new BoltRequest.Logon(AuthToken.none()), "5.1", "6.1"),
                rule(new BoltRequest.Logoff(), "5.1", "6.1"),
                rule(new BoltRequest.Telemetry(1), "5.4", "6.1"),
                rule(new BoltRequest.Commit(), "3", "6.1"),
                rule(new BoltRequest.Rollback(), "3", "6.1"),
                rule(new BoltRequest.Goodbye(), "3", "6.1"),
                rule(new BoltRequest.AckFailure(), "1", "2"),
                rule(new BoltRequest.Reset(), "1", "6.1"));
    }

    /** In each version a request is written and read back, or refused on one of the two ways. */
    @ParameterizedTest
    @MethodSource("rules")
    void versions(BoltRequest request, String first, String last) {
        List<BoltVersion> can = new ArrayList<>();
        for (BoltVersion version : BoltVersion.ALL) {
            try {
                Buffer written = write(List.of(request), version);
                if (request.message().isIn(version)) {
                    assertEquals(List.of(request), read(written, version, true));
                    can.add(version);
                } else if (request.message() != BoltMessage.HELLO && request.message() != BoltMessage.INIT) {
                    assertThrows(ProtocolException.class, () -> read(written, version, true));
                }
            } catch (ProtocolException refused) {
                assertEquals(ProtocolException.Kind.DECODE, refused.kind());
            }
        }
        assertEquals(
                BoltVersion.ALL.stream()
                        .filter(version ->
                                version.atLeast(version(first)) && version(last).atLeast(version))
                        .toList(),
                can);
    }

    @Test
    void notificationsHaveOtherNamesLater() {
        NotificationFilter filter = new NotificationFilter("WARNING", List.of("HINT"));
        assertEquals(map(), filter.fields(BoltVersion.V5_1));
        assertEquals(
                map("notifications_minimum_severity", "WARNING", "notifications_disabled_categories", List.of("HINT")),
                filter.fields(BoltVersion.V5_4));
        assertEquals(
                map(
                        "notifications_minimum_severity",
                        "WARNING",
                        "notifications_disabled_classifications",
                        List.of("HINT")),
                filter.fields(BoltVersion.V5_6));
    }

    @ParameterizedTest
    @CsvSource({
        "a list, 9101",
        "unknown number, b077",
        "a response, b170a0",
        "RUN of 2 fields, b2108171a0",
        "RUN of a number, b31001a0a0",
        "RUN with a list, b310817190a0",
        "RUN with mode x, b3108171a0a1846d6f64658178",
        "RUN with a number as bookmark, b3108171a0a189626f6f6b6d61726b739101",
        "RUN with a text as timeout, b3108171a0a18a74785f74696d656f75748131",
        "PULL without n, b13fa0",
        "PULL 0, b13fa1816e00",
        "PULL -2, b13fa1816efe",
        "PULL qid -2, b13fa2816eff83716964fe",
        "PULL of nothing, b03f",
        "COMMIT with a field, b112a0",
        "TELEMETRY of a text, b1548131",
        "ROUTE without bookmarks, b366a0c0a0",
        "trailing, b01200",
        "LOGON of a list, b16a90",
        "nothing behind the header, b1"
    })
    void noRequests(String name, String hex) {
        assertThrows(
                ProtocolException.class,
                () -> RequestReader.read(Packed.reader(Vectors.bytes(hex), BoltVersion.V5_8), BoltVersion.V5_8),
                name);
    }

    @ParameterizedTest
    @CsvSource({"trailing", "not_struct", "struct_bad_count"})
    void noMessages(String id) {
        Buffer bytes = NEGATIVE.get(id).bytes();
        assertThrows(ProtocolException.class, () -> BoltResponse.read(Packed.reader(bytes, BoltVersion.V5_8)));
        assertThrows(
                ProtocolException.class,
                () -> RequestReader.read(Packed.reader(bytes, BoltVersion.V5_8), BoltVersion.V5_8));
    }

    @Test
    void textsHoldNoSecrets() {
        AuthToken token = AuthToken.custom("canary-free", "canary", "canary", "canary", map("p", "canary"));
        Stream.of(
                        token,
                        AuthToken.basic("canary", "canary", null),
                        AuthToken.bearer("canary"),
                        AuthToken.kerberos("canary"),
                        new BoltRequest.Init("agent", token),
                        new BoltRequest.Hello(map("scheme", "basic", "principal", "canary", "credentials", "canary")),
                        new BoltRequest.Logon(token),
                        new BoltRequest.Run("RETURN 'canary'", map("p", "canary"), TransactionOptions.DEFAULT))
                .forEach(secret ->
                        assertFalse(secret.toString().replace("canary-free", "").contains("canary"), secret::toString));
    }

    @Test
    void tokens() {
        assertEquals(map("scheme", "none"), AuthToken.none().fields());
        assertEquals(
                map("scheme", "basic", "principal", "u", "credentials", "p", "realm", "r"),
                AuthToken.basic("u", "p", "r").fields());
        assertEquals(
                map("scheme", "bearer", "credentials", "t"),
                AuthToken.bearer("t").fields());
        assertEquals(
                map("scheme", "kerberos", "principal", "", "credentials", "t"),
                AuthToken.kerberos("t").fields());
        assertEquals("", new AuthToken(Collections.emptyMap()).scheme());
        assertEquals(
                AuthToken.basic("u", "p", null),
                new BoltRequest.Hello(map("user_agent", "a", "scheme", "basic", "principal", "u", "credentials", "p"))
                        .auth());
    }

    private static Object[] rule(Object... columns) {
        return columns;
    }

    private static Buffer write(List<?> messages, BoltVersion version) {
        MessageWriter writer = new MessageWriter(ValueDialect.of(version), 1 << 20);
        for (Object message : messages) {
            writer.write(
                    out -> {
                        if (message instanceof BoltRequest request) {
                            request.write(out);
                        } else if (message instanceof BoltRecord record) {
                            record.write(out);
                        } else {
                            ((BoltResponse) message).write(out);
                        }
                    },
                    null);
        }
        return writer.take();
    }

    static List<Object> read(Buffer bytes, BoltVersion version, boolean request) {
        ChunkReader chunks = new ChunkReader(1 << 20);
        chunks.receive(bytes);
        List<Object> messages = new ArrayList<>();
        while (chunks.next()) {
            byte[] message = Arrays.copyOfRange(chunks.bytes(), chunks.start(), chunks.end());
            if (message.length > 1 && message[1] == BoltRecord.TAG) {
                messages.add(BoltRecord.read(message, 2, message.length, ValueDialect.of(version), BoltLimits.DEFAULT));
            } else if (request || message[1] < BoltResponse.Success.TAG) {
                messages.add(RequestReader.read(Packed.reader(Buffer.buffer(message), version), version));
            } else {
                messages.add(BoltResponse.read(Packed.reader(Buffer.buffer(message), version)));
            }
        }
        assertEquals(0, chunks.waitingBytes());
        return messages;
    }
}
