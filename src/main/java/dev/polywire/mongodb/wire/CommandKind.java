package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Set;
import java.util.stream.Stream;

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

    private CommandKind() {}

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
        BsonElements fields = new BsonElements(aggregate, 0);
        while (fields.next()) {
            if (fields.type() == BsonElements.ARRAY && fields.is("pipeline")) {
                return hasWritingStage(aggregate, new BsonElements(aggregate, fields.value()));
            }
        }
        return false;
    }

    private static boolean hasWritingStage(Buffer aggregate, BsonElements pipeline) {
        while (pipeline.next()) {
            BsonElements stage = new BsonElements(aggregate, pipeline.value());
            while (pipeline.type() == BsonElements.DOCUMENT && stage.next()) {
                if (WRITING_STAGES.contains(stage.key())) {
                    return true;
                }
            }
        }
        return false;
    }
}
