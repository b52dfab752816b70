package dev.polywire.mongodb.service;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.json.Fields;
import dev.polywire.mongodb.wire.CursorKind;

/**
 * How a cursor is read: the options of {@link MongoService#open}.
 *
 * @param kind of the cursor
 * @param form of its documents
 * @param canonical whether the numbers of their JSON are typed
 * @param exhaust whether the server sends batches without being asked for each
 * @param awaitMillis how long the server lets a getMore of a cursor that waits wait for a document
 * @param pollMillis the least time between two getMores of which the first has found nothing
 */
record CursorOptions(
        CursorKind kind, StreamForm form, boolean canonical, boolean exhaust, long awaitMillis, long pollMillis) {

    private static final String AWAIT_MILLIS = "awaitMillis";
    private static final long DEFAULT_AWAIT_MILLIS = 1_000;
    private static final long MAX_AWAIT_MILLIS = 3_600_000;
    private static final long DEFAULT_POLL_MILLIS = 100;
    private static final long MAX_POLL_MILLIS = 60_000;

    /**
     * Reads all of {@code json}, and refuses what does not go together.
     *
     * @param kind of the cursor
     * @param canonical was read before
     */
    static CursorOptions read(Fields json, boolean canonical, CursorKind kind) {
        boolean exhaust = json.flag("exhaust", false);
        if (exhaust && kind != CursorKind.ORDINARY) {
            throw Failure.BAD_REQUEST.because("options.exhaust: true (expected: false, for a cursor that stays open)");
        }
        if (json.has(AWAIT_MILLIS) && kind != CursorKind.WAITING) {
            throw Failure.BAD_REQUEST.because(
                    "options.awaitMillis: present (expected: absent, unless the cursor waits: tailable and awaitData)");
        }
        CursorOptions options = new CursorOptions(
                kind,
                json.oneOf("form", StreamForm.class, StreamForm.JSON),
                canonical,
                exhaust,
                json.int64(AWAIT_MILLIS, DEFAULT_AWAIT_MILLIS, 1, MAX_AWAIT_MILLIS),
                json.int64("pollMillis", DEFAULT_POLL_MILLIS, 1, MAX_POLL_MILLIS));
        json.done();
        return options;
    }
}
