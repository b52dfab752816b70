package dev.polywire.eventstore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.Spi;
import dev.polywire.eventstore.wire.Transcript;
import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The recordings in the client's role: a socket says what a real server has said, our client sends the bytes that were recorded but for
 * the ids, and tells its callers what {@code outcomes.tsv} has.
 */
@Timeout(120)
class ClientTranscriptTest {

    private static final Loop LOOP = new Loop();
    private static final RawPeer.Door DOOR = new RawPeer.Door();
    /** Kept, because Vert.x closes the connections of a client that nobody has any more. */
    private static final Dialer DIALER = new Dialer(LOOP.vertx(), DOOR.endpoint(), "eventstore", Spi.NONE);

    /** All but these, from the first line to the last. */
    private static final int WHOLE = 197;

    private final Set<String> inPart = new TreeSet<>();
    private final Set<String> notAtAll = new TreeSet<>();
    private int whole;

    @AfterAll
    static void close() {
        LOOP.close();
        DOOR.close();
    }

    @Test
    void itSaysWhatWasRecordedAndHearsWhatWasMeant() {
        List<Transcript> recordings = Transcript.all();
        assertEquals(ClientRecordings.ALL, recordings.size());
        recordings.forEach(this::play);
        assertEquals(ClientRecordings.notAtAll(), notAtAll);
        assertEquals(ClientRecordings.inPart(), inPart);
        assertEquals(WHOLE, whole);
        assertEquals(ClientRecordings.ALL, whole + inPart.size() + notAtAll.size());
    }

    private void play(Transcript recording) {
        try (ClientReplay replay = new ClientReplay(LOOP, DOOR, DIALER, recording).play()) {
            if (replay.played() == 0) {
                notAtAll.add(recording.name());
            } else if (replay.unplayed() > 0) {
                inPart.add(recording.name());
            } else {
                whole++;
                RecordedOutcomes.assertIn(recording, replay.told());
            }
        }
    }
}
