package dev.polywire.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.JsonSeeds;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.util.stream.Stream;

/** A document or a {@link FieldException}; what was read can be written, and reads as the same. */
public final class StrictJsonFuzz implements FuzzTarget {

    private static final int MAX_VALUES = 1_000;
    private static final StrictJson JSON = new StrictJson(1_000, MAX_VALUES);

    @Override
    public String name() {
        return "strict-json";
    }

    @Override
    public Stream<Buffer> seeds() {
        return JsonSeeds.all();
    }

    @Override
    public void run(Buffer input) {
        StrictJson.Document document;
        try {
            document = JSON.document(input);
        } catch (FieldException bad) {
            Complaint.require(bad.getMessage());
            return;
        }
        assertTrue(document.values() <= MAX_VALUES);
        Buffer written = Json.encodeToBuffer(document.value());
        assertEquals(written, Json.encodeToBuffer(JSON.read(written)));
    }
}
