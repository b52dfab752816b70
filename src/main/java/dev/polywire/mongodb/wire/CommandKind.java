package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Properties of commands that follow from their names alone. */
public final class CommandKind {

    /** Commands that change nothing, so that losing their answer loses nothing. */
    private static final Set<String> READS = Set.of(
            "find",
            "count",
            "distinct",
            "aggregate",
            "listCollections",
            "listDatabases",
            "listIndexes",
            "listCommands",
            "ping",
            "hello",
            "isMaster");

    /** Commands whose answer is a cursor. */
    private static final Set<String> CURSORS = Set.of("find", "aggregate", "listCollections", "listIndexes");

    /** Other common commands, each reported by its own name. */
    private static final Set<String> OTHERS =
            Set.of(("insert update delete findAndModify bulkWrite mapReduce explain getMore killCursors "
                            + "create drop dropDatabase collMod convertToCapped renameCollection createIndexes "
                            + "dropIndexes validate compact startSession endSessions refreshSessions commitTransaction "
                            + "abortTransaction createUser updateUser dropUser usersInfo buildInfo hostInfo "
                            + "serverStatus dbStats collStats connectionStatus currentOp killOp getParameter "
                            + "setParameter getLog")
                    .split(" "));

    private static final Set<String> WRITING_STAGES = Set.of("$out", "$merge");

    /** Commands that take any time by their nature. */
    private static final Set<String> LONG = Set.of(
            "createIndexes",
            "dropIndexes",
            "reIndex",
            "compact",
            "validate",
            "mapReduce",
            "convertToCapped",
            "dropDatabase",
            "renameCollection",
            "fsync",
            "shutdown",
            "sleep",
            "replSetStepDown");

    private CommandKind() {}

    /**
     * Whether the server may let a request wait, or take any time for it, so that nothing should be put behind it: a find of a
     * tailable cursor, a getMore with {@code maxTimeMS}, a change stream, a hello with {@code maxAwaitTimeMS}, the build of an index.
     *
     * @param request its documents have passed {@link BsonBounds#check}
     */
    public static boolean mayWait(MongoMessage request) {
        if (request instanceof OpMsg command) {
            return mayWait(command.body());
        }
        // A cursor of old may be tailable, and nothing says so here.
        return request instanceof OpGetMore;
    }

    private static boolean mayWait(Buffer command) {
        String name = BsonFields.firstName(command);
        return switch (name) {
            case "find" -> BsonFields.has(command, "tailable");
            case "getMore" -> BsonFields.has(command, CommandDocument.MAX_TIME_MILLIS);
            case "aggregate" -> isChangeStream(command);
            case "hello", "isMaster", "ismaster" -> BsonFields.has(command, "maxAwaitTimeMS");
            default -> LONG.contains(name);
        };
    }

    /** MongoDB allows $changeStream as the first stage only. @param aggregate a checked command of this name */
    static boolean isChangeStream(Buffer aggregate) {
        BsonElements pipeline = pipeline(aggregate);
        return pipeline != null && pipeline.next() && isStage(aggregate, pipeline, Set.of("$changeStream"));
    }

    /**
     * Whether a command only reads. An aggregation that ends in {@code $out} or {@code $merge} writes.
     *
     * @param checked a command that has passed {@link BsonBounds#check}
     */
    public static boolean reads(Buffer checked) {
        String name = BsonFields.firstName(checked);
        return READS.contains(name) && !(name.equals("aggregate") && writes(checked));
    }

    /** Whether the answer of a command is a cursor. */
    public static boolean givesCursor(String name) {
        return CURSORS.contains(name);
    }

    /** The name of a command, from a bounded set: {@code other} for one that is not in common use. */
    public static String word(String name) {
        return READS.contains(name) || OTHERS.contains(name) ? name : "other";
    }

    /** Those of {@link #word}. */
    static Stream<String> known() {
        return Stream.concat(READS.stream(), OTHERS.stream());
    }

    private static boolean writes(Buffer aggregate) {
        BsonElements pipeline = pipeline(aggregate);
        boolean writes = false;
        while (pipeline != null && pipeline.next()) {
            writes |= isStage(aggregate, pipeline, WRITING_STAGES);
        }
        return writes;
    }

    /** The stages, before the first of them; null: there is no such array. */
    private static @Nullable BsonElements pipeline(Buffer aggregate) {
        BsonElements fields = new BsonElements(aggregate, 0);
        while (fields.next()) {
            if (fields.type() == BsonElements.ARRAY && fields.is("pipeline")) {
                return new BsonElements(aggregate, fields.value());
            }
        }
        return null;
    }

    /** Whether the present element is a stage with one of these names. */
    private static boolean isStage(Buffer aggregate, BsonElements pipeline, Set<String> names) {
        BsonElements stage = new BsonElements(aggregate, pipeline.value());
        while (pipeline.type() == BsonElements.DOCUMENT && stage.next()) {
            if (names.contains(stage.key())) {
                return true;
            }
        }
        return false;
    }
}
