package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.BoltConversationTest.run;
import static dev.polywire.bolt.wire.Packed.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltRequest.Pull;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The conversation of the seed's demonstration with Neo4j 3.3.1, byte for byte: what we send is what it sent, and what came
 * back is understood, whole and byte by byte.
 */
class BoltTranscriptTest {

    private static final Vectors TRANSCRIPT = Vectors.read("bolt1-readme-transcript.txt");
    private static final BoltClientOptions OPTIONS = new BoltClientOptions(
                    "AsyncBolt/1.0", AuthToken.basic("neo4j", "password", null))
            .with(BoltOffer.of(List.of(BoltVersion.V1)));

    private BoltClientMachine client = new BoltClientMachine(OPTIONS, FrameTap.NONE);
    private boolean byteByByte;

    @Test
    void whole() {
        replay();
    }

    @Test
    void byteByByte() {
        byteByByte = true;
        replay();
    }

    /** The other side of it: asked the same, and told what to say, our server says it as Neo4j did. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asAServer(boolean byteByByte) {
        BoltServerMachine server = new BoltServerMachine(new BoltServerOptions("Neo4j/3.3.1", "c"), FrameTap.NONE);
        server.start(0);
        List<Vectors.Vector> segments = TRANSCRIPT.all();
        for (int i = 0; i < segments.size(); i += 2) {
            Buffer asked = segments.get(i).bytes();
            Vectors.Vector answered = segments.get(i + 1);
            Deque<Object> answers = new ArrayDeque<>(
                    i == 0 ? List.of() : BoltMessagesTest.read(answered.bytes(), BoltVersion.V1, false));
            for (Buffer piece : byteByByte ? Cuts.singleBytes(asked) : List.of(asked)) {
                server.receive(piece, 0);
                for (BoltServerEvent event = server.nextEvent(); event != null; event = server.nextEvent()) {
                    answer(server, ((BoltServerEvent.Request) event).number(), answers);
                }
            }
            StringBuilder said = new StringBuilder();
            for (Buffer bytes = server.takeOutput(); bytes != null; bytes = server.takeOutput()) {
                said.append(Vectors.hex(bytes));
            }
            assertEquals(answered.hex(), said.toString(), answered.id());
        }
        assertEquals(BoltState.READY, server.state());
    }

    private static void answer(BoltServerMachine server, long number, Deque<Object> answers) {
        while (answers.peek() instanceof BoltRecord row) {
            server.record(number, row);
            answers.remove();
        }
        while (answers.peek() instanceof BoltResponse.Ignored) {
            answers.remove();
        }
        Object end = answers.remove();
        if (end instanceof BoltResponse.Success success) {
            server.success(number, success.metadata());
        } else {
            server.failure(number, (BoltResponse.Failure) end);
        }
    }

    private void replay() {
        client.start(0);
        assertEquals(TRANSCRIPT.get("h01").hex(), sent());
        assertEquals(List.of(), receive("h02"));
        assertEquals(TRANSCRIPT.get("m01").hex(), sent());
        BoltEvent.Ready ready = (BoltEvent.Ready) receive("m02").get(0);
        assertEquals("Neo4j/3.3.1", ready.server().agent());

        ask("m03", "RETURN 1 AS num");
        List<BoltEvent> one = receive("m04");
        assertEquals(
                map("result_available_after", 0L, "fields", List.of("num")),
                success(one.get(0)).metadata());
        assertEquals(List.of(1L), row(one.get(1)));
        assertEquals(
                map("result_consumed_after", 0L, "type", "r"),
                success(one.get(2)).metadata());

        ask("m05", "RETURN 1 AS num", "RETURN 1 AS num");
        List<BoltEvent> two = receive("m06");
        assertEquals(List.of(1L), row(two.get(1)));
        assertEquals(List.of(1L), row(two.get(4)));
        assertEquals(6, two.size());

        ask("m07", "This will cause a syntax error");
        List<BoltEvent> failed = receive("m08");
        BoltResponse.Failure failure = (BoltResponse.Failure) ((BoltEvent.Answer) failed.get(0)).response();
        assertEquals("Neo.ClientError.Statement.SyntaxError", failure.code());
        assertTrue(failure.message().endsWith("\"This will cause a syntax error\"\n ^"));
        assertEquals(new BoltResponse.Ignored(), ((BoltEvent.Answer) failed.get(1)).response());
        reset("m09", "m10");

        ask("m11", "CREATE ()");
        List<BoltEvent> created = receive("m12");
        assertEquals(2, created.size());
        assertEquals(
                map("nodes-created", 1L), success(created.get(1)).metadata().get("stats"));

        ask("m13", "EXPLAIN RETURN 1 AS num");
        Map<?, ?> plan = (Map<?, ?>) success(receive("m14").get(1)).metadata().get("plan");
        assertEquals("ProduceResults", plan.get("operatorType"));
        assertEquals(1.0, ((Map<?, ?>) plan.get("args")).get("EstimatedRows"));

        ask("m15", "EXPLAIN MATCH (n), (m) RETURN n, m");
        List<?> notifications =
                (List<?>) success(receive("m16").get(1)).metadata().get("notifications");
        assertEquals(map("offset", 8L, "column", 9L, "line", 1L), ((Map<?, ?>) notifications.get(0)).get("position"));

        ask("m17", "MATCH (n) RETURN n");
        List<BoltEvent> nodes = receive("m18");
        assertEquals(7, nodes.size());
        for (int i = 0; i < 5; i++) {
            assertEquals(List.of(new GraphValue.Node(i, List.of(), map(), "" + i)), row(nodes.get(i + 1)));
        }
        reset("m19", "m20");
        assertEquals(BoltState.READY, client.state());
    }

    private void ask(String id, String... queries) {
        for (String query : queries) {
            client.send(run(query), 0);
            client.send(Pull.ALL, 0);
        }
        assertEquals(TRANSCRIPT.get(id).hex(), sent());
    }

    private void reset(String sent, String received) {
        client.send(new BoltRequest.Reset(), 0);
        assertEquals(TRANSCRIPT.get(sent).hex(), sent());
        assertEquals(BoltResponse.Success.EMPTY, success(receive(received).get(0)));
    }

    private String sent() {
        String hex = Vectors.hex(client.takeOutput());
        assertNull(client.takeOutput());
        return hex;
    }

    private List<BoltEvent> receive(String id) {
        Buffer bytes = TRANSCRIPT.get(id).bytes();
        List<BoltEvent> events = new ArrayList<>();
        for (Buffer piece : byteByByte ? Cuts.singleBytes(bytes) : List.of(bytes)) {
            client.receive(piece, 0);
            events.addAll(BoltClientMachineTest.events(client));
        }
        return events;
    }

    private static BoltResponse.Success success(BoltEvent event) {
        return (BoltResponse.Success) ((BoltEvent.Answer) event).response();
    }

    private static List<Object> row(BoltEvent event) {
        return ((BoltEvent.Record) event).record().values();
    }
}
