package dev.polywire.bolt.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The end of a server's answer to a request; {@link BoltRecord}s may precede it. */
public sealed interface BoltResponse {

    void write(PackStreamWriter out);

    /** {@code SUCCESS {metadata}} */
    record Success(Map<String, @Nullable Object> metadata) implements BoltResponse {

        public static final int TAG = 0x70;

        /** Without metadata. */
        public static final Success EMPTY = new Success(Collections.emptyMap());

        /** Whether a PULL or DISCARD left records. */
        public boolean hasMore() {
            return new Extras(metadata).bool("has_more");
        }

        /** The number of a result in a transaction; -1: absent. */
        public long qid() {
            return new Extras(metadata).integer("qid", -1);
        }

        /** The names of a result's columns; the seed's servers give none. */
        public List<String> fields() {
            List<String> fields = new Extras(metadata).texts("fields");
            return fields == null ? List.of() : fields;
        }

        /** Names this transaction's writes for a later transaction; null: absent. */
        public @Nullable String bookmark() {
            return new Extras(metadata).text("bookmark");
        }

        @Override
        public void write(PackStreamWriter out) {
            out.structure(1, TAG).map(metadata);
        }
    }

    /**
     * {@code FAILURE {code, message}}; from 5.7 on {@code {neo4j_code, message, gql_status, description, diagnostic_record,
     * cause}}
     *
     * @param code {@code Neo.ClientError.Statement.SyntaxError}; {@link #UNKNOWN} when the server sent none, as in causes
     * @param gqlStatus five characters; null: absent
     * @param description of the status; null: absent
     * @param diagnostics with defaults for absent fields; empty before 5.7
     * @param cause the failure behind this one; null: absent
     */
    record Failure(
            String code,
            String message,
            @Nullable String gqlStatus,
            @Nullable String description,
            Map<String, @Nullable Object> diagnostics,
            @Nullable Failure cause)
            implements BoltResponse {

        public static final int TAG = 0x7f;

        public static final String UNKNOWN = "Neo.DatabaseError.General.UnknownError";
        /** The code that a server sends before it closes the connection of a client that violates the protocol. */
        public static final String INVALID_REQUEST = "Neo.ClientError.Request.Invalid";

        private static final String GENERAL_STATUS = "50N42";
        private static final String GENERAL_DESCRIPTION = "error: general processing exception - unexpected error";
        private static final Map<String, @Nullable Object> DIAGNOSTICS =
                Map.of("OPERATION", "", "OPERATION_CODE", "0", "CURRENT_SCHEMA", "/");

        /** With GQL's general status, where one is required. */
        public Failure(String code, String message) {
            this(code, message, null, null, Collections.emptyMap(), null);
        }

        static Failure read(Map<String, @Nullable Object> fields) {
            Extras extra = new Extras(fields);
            String code = extra.text(fields.containsKey("neo4j_code") ? "neo4j_code" : "code");
            String message = extra.text("message");
            String gqlStatus = extra.text("gql_status");
            Map<String, @Nullable Object> cause = extra.map("cause");
            return new Failure(
                    code == null ? UNKNOWN : code,
                    message == null ? "" : message,
                    gqlStatus,
                    extra.text("description"),
                    gqlStatus == null ? Collections.emptyMap() : diagnostics(extra.map("diagnostic_record")),
                    cause.isEmpty() ? null : read(cause));
        }

        @Override
        public void write(PackStreamWriter out) {
            out.structure(1, TAG);
            if (out.dialect().version().hasGqlStatus()) {
                out.map(gqlFields(true));
            } else {
                out.mapHeader(2).text("code").text(code).text("message").text(message);
            }
        }

        private Map<String, @Nullable Object> gqlFields(boolean outermost) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            if (outermost) {
                fields.put("neo4j_code", code);
            }
            fields.put("message", message);
            fields.put("gql_status", gqlStatus == null ? GENERAL_STATUS : gqlStatus);
            fields.put("description", description == null ? GENERAL_DESCRIPTION : description);
            Map<String, @Nullable Object> own = new LinkedHashMap<>(diagnostics);
            own.entrySet().removeAll(DIAGNOSTICS.entrySet());
            fields.put("diagnostic_record", own);
            if (cause != null) {
                fields.put("cause", cause.gqlFields(false));
            }
            return fields;
        }

        private static Map<String, @Nullable Object> diagnostics(Map<String, @Nullable Object> own) {
            Map<String, @Nullable Object> all = new LinkedHashMap<>(DIAGNOSTICS);
            all.putAll(own);
            return all;
        }
    }

    /** {@code IGNORED}: the connection is in a failed state, or was interrupted. Some servers add an empty map. */
    record Ignored() implements BoltResponse {

        public static final int TAG = 0x7e;

        @Override
        public void write(PackStreamWriter out) {
            out.structure(0, TAG);
        }
    }

    /**
     * Reads one whole message that is not a record.
     *
     * @throws dev.polywire.core.wire.ProtocolException DECODE when it is not a response
     */
    static BoltResponse read(PackStreamReader in) {
        int fields = in.structureHeader();
        int tag = in.tag();
        if (fields != 1 && (fields != 0 || tag != Ignored.TAG)) {
            throw PackStreamReader.bad("response: " + fields + " fields (expected: 1)");
        }
        Map<String, @Nullable Object> metadata = fields == 0 ? Collections.emptyMap() : in.map();
        in.finish();
        return switch (tag) {
            case Success.TAG -> new Success(metadata);
            case Failure.TAG -> Failure.read(metadata);
            case Ignored.TAG -> new Ignored();
            default -> throw PackStreamReader.bad(String.format("message: %02X (expected: a response)", tag));
        };
    }

    /** The name of a message, whether the rest is readable or not. */
    static String name(Buffer message) {
        return switch (message.length() < 2 ? 0 : message.getByte(1)) {
            case Success.TAG -> "SUCCESS";
            case Failure.TAG -> "FAILURE";
            case Ignored.TAG -> "IGNORED";
            case BoltRecord.TAG -> "RECORD";
            default -> "message";
        };
    }
}
