package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.examples.Readme;
import dev.polywire.testing.StatesOnPage;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The diagram, the table and the bytes of {@code docs/mongodb.md} are those of the client. */
class MongoPageTest {

    private static final String PAGE = String.join("\n", Readme.lines("docs/mongodb.md"));

    @Test
    void connection() {
        StatesOnPage<MongoState, MongoTransitions.Input> states = new StatesOnPage<>(
                List.of(MongoState.values()),
                List.of(MongoTransitions.Input.values()),
                MongoTransitions::next,
                Set.of(MongoTransitions.Input.PEER_CLOSED, MongoTransitions.Input.VIOLATION));
        String diagram =
                states.diagram("diagram: connection", List.of("[*] --> CONNECTED", "CLOSED --> [*]", "FAILED --> [*]"));
        assertTrue(PAGE.contains(diagram), () -> "docs/mongodb.md lacks:\n" + diagram);
        assertTrue(PAGE.contains(states.table()), () -> "docs/mongodb.md lacks:\n" + states.table());
    }

    @Test
    void bytes() {
        Conversation conversation = Conversation.ready();
        conversation.client.send(Documents.bson("{find: 'c', $db: 'd'}"), List.of());
        Buffer sent = conversation.client.takeOutput();
        conversation.server.receive(sent, 0);
        conversation.server.nextEvent();
        conversation.server.reply(2, Documents.bson("{cursor: {id: {$numberLong: '0'}, firstBatch: []}, ok: 1.0}"));
        String conversed = Vectors.hex(sent) + Vectors.hex(conversation.server.takeOutput());
        assertEquals(conversed, String.join("", Readme.bytes("docs/mongodb.md", "bytes: a find")));
    }
}
