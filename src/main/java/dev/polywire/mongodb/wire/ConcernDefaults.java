package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Set;
import org.bson.BsonBinaryWriter;
import org.jspecify.annotations.Nullable;

/**
 * The read and write concern of commands that say none ("read and write concern" specification).
 *
 * <pre>
 *   int32 length | the command's elements | [ 03 "writeConcern" {w, j, wtimeout} ] [ 03 "readConcern" {level} ] | 00
 * </pre>
 *
 * <p>Only commands that take one get it, each once: what the command says itself stays. An aggregation gets the write concern when
 * it ends in {@code $out} or {@code $merge}, and none of both when it is only explained. {@code w: 0} is for insert, update, delete
 * and bulkWrite: whoever asks for more wants to know the outcome. In a transaction the first command gets the read concern, its
 * commit or abort the write concern, and what is between them nothing (transactions specification).
 *
 * @param w a number of servers, {@code majority} or a tag; null: the server's default
 * @param journal whether the write must be in the journal; null: the server's default
 * @param wTimeoutMillis how long the server waits for {@code w}, 0 (for ever) to 2^31-1; null: the server's default
 * @param readConcernLevel null: the server's default
 */
public record ConcernDefaults(
        @Nullable String w,
        @Nullable Boolean journal,
        @Nullable Integer wTimeoutMillis,
        @Nullable String readConcernLevel) {

    /** What the server has. */
    public static final ConcernDefaults NONE = new ConcernDefaults(null, null, null, null);

    /** Who may go without an answer. */
    private static final Set<String> UNANSWERED = Set.of("insert", "update", "delete", "bulkWrite");

    private static final Set<String> WRITE =
            Set.of(("insert update delete bulkWrite findAndModify create createIndexes drop dropDatabase dropIndexes "
                            + "collMod convertToCapped cloneCollectionAsCapped renameCollection createUser updateUser "
                            + "dropUser dropAllUsersFromDatabase grantRolesToUser revokeRolesFromUser createRole "
                            + "updateRole dropRole dropAllRolesFromDatabase grantRolesToRole revokeRolesFromRole "
                            + "grantPrivilegesToRole revokePrivilegesFromRole")
                    .split(" "));

    private static final Set<String> READ = Set.of("find", "aggregate", "count", "distinct");

    private static final Set<String> ENDS_OF_TRANSACTIONS = Set.of("commitTransaction", "abortTransaction");

    private static final String WRITE_CONCERN = "writeConcern";
    private static final String READ_CONCERN = "readConcern";
    /** Room for the names of both, and what is around them. */
    private static final int AROUND_BYTES = 32;

    /** @throws IllegalArgumentException for {@code w} without form, and for a journal without an answer; without the value */
    public ConcernDefaults {
        if (w != null && (w.isEmpty() || !MongoUriOption.W.takes(w))) {
            throw new IllegalArgumentException("w: unfit (expected: " + MongoUriOption.W.expected() + ")");
        }
        if (isUnacknowledged(w) && Boolean.TRUE.equals(journal)) {
            throw new IllegalArgumentException("journal: true (expected: false with w=0)");
        }
    }

    /** Of the options of a URI. */
    public static ConcernDefaults of(MongoUri uri) {
        String journal = uri.text(MongoUriOption.JOURNAL);
        String timeout = uri.text(MongoUriOption.W_TIMEOUT_MILLIS);
        return new ConcernDefaults(
                uri.text(MongoUriOption.W),
                journal == null ? null : Boolean.valueOf(journal),
                timeout == null ? null : Integer.valueOf(timeout),
                uri.text(MongoUriOption.READ_CONCERN_LEVEL));
    }

    /**
     * The command with the concerns that it lacks; itself when it lacks none.
     *
     * @param checked a whole command, its name first, which has passed {@link BsonBounds#check}; not changed
     */
    public Buffer addTo(Buffer checked) {
        if (equals(NONE)) {
            return checked;
        }
        String name = BsonFields.firstName(checked);
        boolean mayWrite = WRITE.contains(name) || ENDS_OF_TRANSACTIONS.contains(name) || name.equals("aggregate");
        if (!mayWrite && !READ.contains(name)) {
            return checked;
        }
        Said said = Said.by(checked);
        boolean write = writeConcern(name, checked, said);
        boolean read = readConcernLevel != null
                && !said.readConcern
                && (said.startsTransaction || READ.contains(name) && !said.inTransaction && !said.explain);
        return write || read ? with(checked, write, read) : checked;
    }

    private static boolean isUnacknowledged(@Nullable String w) {
        return w != null && w.matches("0+");
    }

    private boolean writeConcern(String name, Buffer checked, Said said) {
        if (said.writeConcern || w == null && journal == null && wTimeoutMillis == null) {
            return false;
        } else if (isUnacknowledged(w)) {
            return UNANSWERED.contains(name) && !said.inTransaction;
        } else if (said.inTransaction || ENDS_OF_TRANSACTIONS.contains(name)) {
            return ENDS_OF_TRANSACTIONS.contains(name);
        }
        return name.equals("aggregate") ? !said.explain && !CommandKind.reads(checked) : WRITE.contains(name);
    }

    private Buffer with(Buffer checked, boolean write, boolean read) {
        Buffer writeConcern = write ? BsonOut.document(this::writeConcern) : Buffer.buffer();
        Buffer readConcern =
                read ? BsonOut.document(out -> out.writeString("level", readConcernLevel)) : Buffer.buffer();
        return BsonOut.appended(checked, writeConcern.length() + readConcern.length() + AROUND_BYTES, out -> {
            if (write) {
                out.u8(BsonElements.DOCUMENT).cstring(WRITE_CONCERN).bytes(writeConcern);
            }
            if (read) {
                out.u8(BsonElements.DOCUMENT).cstring(READ_CONCERN).bytes(readConcern);
            }
        });
    }

    private void writeConcern(BsonBinaryWriter out) {
        if (w != null && w.matches("[0-9]+")) {
            out.writeInt32("w", Integer.parseInt(w));
        } else if (w != null) {
            out.writeString("w", w);
        }
        if (journal != null) {
            out.writeBoolean("j", journal);
        }
        if (wTimeoutMillis != null) {
            out.writeInt32("wtimeout", wTimeoutMillis);
        }
    }

    /** What a command says itself. */
    private record Said(
            boolean writeConcern,
            boolean readConcern,
            boolean explain,
            boolean inTransaction,
            boolean startsTransaction) {

        static Said by(Buffer checked) {
            boolean writeConcern = false;
            boolean readConcern = false;
            boolean explain = false;
            boolean inTransaction = false;
            boolean startsTransaction = false;
            BsonElements elements = new BsonElements(checked, 0);
            while (elements.next()) {
                switch (elements.key()) {
                    case WRITE_CONCERN -> writeConcern = true;
                    case READ_CONCERN -> readConcern = true;
                    case "explain" -> explain = true;
                    case "autocommit" -> inTransaction = true;
                    case "startTransaction" -> startsTransaction = true;
                    default -> {}
                }
            }
            return new Said(writeConcern, readConcern, explain, inTransaction, startsTransaction);
        }
    }
}
