package dev.polywire.eventstore.service;

import dev.polywire.core.json.Fields;
import dev.polywire.core.json.TypedValues;
import dev.polywire.eventstore.session.Resume;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadDirection;
import io.vertx.core.json.JsonObject;
import java.util.Objects;

/** The options of reads and subscriptions, see {@link EventStoreService}. Each method reads its own fields. */
final class ReadOptions {

    /** The stream of all events. */
    static final String ALL = "$all";

    private ReadOptions() {}

    static ReadDirection direction(Fields json) {
        return json.oneOf("direction", ReadDirection.class, ReadDirection.FORWARD);
    }

    static boolean resolveLinkTos(Fields json) {
        return json.flag("resolveLinkTos", true);
    }

    /** Whether data that are no JSON are given as text. */
    static boolean text(Fields json) {
        return json.flag("text", false);
    }

    /** {@code fromEventNumber}: by default the first event, backward the last one. */
    static long from(Fields json, ReadDirection direction) {
        boolean backward = direction == ReadDirection.BACKWARD;
        return json.int64("fromEventNumber", backward ? -1 : 0, backward ? -1 : 0, Long.MAX_VALUE);
    }

    /** {@code position}: by default the beginning, backward the end. */
    static Position position(Fields json, ReadDirection direction) {
        if (json.has("position")) {
            return position(json.object("position"));
        }
        return direction == ReadDirection.FORWARD ? Position.BEGINNING : Position.END;
    }

    /** {@code commit, prepare}, the whole object. */
    private static Position position(Fields json) {
        Position position = new Position(
                json.int64("commit", -1, -1, Long.MAX_VALUE), json.int64("prepare", -1, -1, Long.MAX_VALUE));
        json.done();
        if ((position.commit() < 0) != (position.prepare() < 0)) {
            throw json.complaint("prepare", "no place beside commit (expected: both -1, or neither)");
        }
        return position;
    }

    /** A resume point, the whole object. @param all of all events, or else of one stream */
    static Resume resume(Fields json, boolean all) {
        if (all) {
            return Resume.behind(position(json));
        }
        long next = json.int64("nextEventNumber", 0, 0, Long.MAX_VALUE);
        json.done();
        return Resume.at(next);
    }

    /** As {@code resume} of a batch. */
    static JsonObject json(Resume resume) {
        Position after = resume.after();
        if (after != null) {
            return EventJson.position(after);
        }
        long next = Objects.requireNonNull(resume.nextEventNumber());
        return new JsonObject().put("nextEventNumber", TypedValues.exact(next));
    }
}
