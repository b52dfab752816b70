package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.FerretDb;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What FerretDB makes of messages that are not plain commands. */
class FerretOddsIT {

    private static FerretDb server;

    private final FerretWire wire = new FerretWire(server);

    @BeforeAll
    static void start() {
        server = FerretDb.plain();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        wire.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            admin.$cmd ; {isMaster: 1}   ; 0
            admin.$cmd ; {hello: 1}      ; 0
            admin.$cmd ; {ping: 1}       ; 352
            db.$cmd    ; {find: 'things'}; 352
            """)
    void commandByQuery(String collection, String command, int code) {
        BsonDocument said = Documents.parsed(wire.query(collection, Documents.bson(command)));
        assertEquals(code == 0 ? 1 : 0, said.getNumber("ok").intValue());
        assertEquals(code, said.getNumber("code", new BsonInt32(0)).intValue());
    }

    /** An error without the flag of one. The connection stays. */
    @Test
    void query() {
        OpReply reply = wire.ask(new OpQuery(0, "db.things", 0, 10, Documents.bson("{}"), null), OpReply.class);
        assertEquals(0, reply.responseFlags());
        BsonDocument said = Documents.parsed(reply.documents().get(0));
        assertEquals(5_739_101, said.getInt32("code").getValue());
        assertEquals("$err", said.getFirstKey());
        assertEquals(1, wire.run("{ping: 1, $db: 'admin'}").getNumber("ok").intValue());
    }

    /** Its hello has a time for sessions, and it has no commands for them. */
    @Test
    void sessions() {
        BsonDocument hello = wire.run("{hello: 1, $db: 'admin'}");
        assertEquals(30, hello.getInt32("logicalSessionTimeoutMinutes").getValue());
        for (String command : List.of("startSession: 1", "endSessions: []", "refreshSessions: []")) {
            assertEquals(
                    59,
                    wire.run("{" + command + ", $db: 'admin'}").getInt32("code").getValue(),
                    command);
        }
    }

    @Test
    void documentsBesideTheCommand() {
        DocumentSequence two =
                new DocumentSequence("documents", List.of(Documents.bson("{_id: 1}"), Documents.bson("{_id: 2}")));
        OpMsg insert = new OpMsg(0, Documents.bson("{insert: 'sequence', $db: 'db'}"), List.of(two));
        assertEquals(2, number(wire.ask(insert, OpMsg.class).body(), "n"));
        assertEquals(
                2, wire.run("{count: 'sequence', $db: 'db'}").getNumber("n").intValue());
    }

    @Test
    void checksum() {
        OpMsg ping = new OpMsg(OpMsg.CHECKSUM_PRESENT, Documents.bson("{ping: 1, $db: 'admin'}"), List.of());
        assertEquals(1, number(wire.ask(ping, OpMsg.class).body(), "ok"));
    }

    /** What must not be answered is, and it was executed. */
    @Test
    void moreToComeIsAnswered() {
        OpMsg insert = new OpMsg(
                OpMsg.MORE_TO_COME,
                Documents.bson("{insert: 'more', documents: [{_id: 1}], writeConcern: {w: 0}, $db: 'db'}"),
                List.of());
        assertEquals(1, number(wire.ask(insert, OpMsg.class).body(), "n"));
        assertEquals(1, wire.run("{count: 'more', $db: 'db'}").getNumber("n").intValue());
    }

    private static int number(Buffer document, String name) {
        return Documents.parsed(document).getNumber(name).intValue();
    }
}
