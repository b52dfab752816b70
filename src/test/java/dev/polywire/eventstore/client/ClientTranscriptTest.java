package dev.polywire.eventstore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.wire.Transcript;
import dev.polywire.testing.Loop;
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

    /** All but these, from the first line to the last. */
    private static final int WHOLE = 197;

    private final Set<String> inPart = new TreeSet<>();
    private final Set<String> notAtAll = new TreeSet<>();
    private int whole;

    @AfterAll
    static void close() {
        LOOP.close();
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
        try (ClientReplay replay = new ClientReplay(LOOP, recording).play()) {
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
