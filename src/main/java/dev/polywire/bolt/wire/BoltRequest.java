package dev.polywire.bolt.wire;

import dev.polywire.core.wire.Limits;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a client (Bolt specification, messages). {@code toString} shows no query, no parameter and no credentials.
 * {@link #write} uses the form of the writer's version, and throws a {@link dev.polywire.core.wire.ProtocolException} DECODE
 * for an option that the version does not have.
 */
public sealed interface BoltRequest {

    /** From the name of its record: {@link AckFailure} is {@code ACK_FAILURE}. */
    default BoltMessage message() {
        return BoltMessage.of(getClass());
    }

    /** Writes the request; without fields, if it has none. */
    default void write(PackStreamWriter out) {
        out.structure(0, message().tag());
    }

    /** Whether it requests a part of a result, so that records may remain; only PULL and DISCARD do. */
    default boolean isPartial() {
        return false;
    }

    /** {@code INIT userAgent {auth}}: Bolt 1 and 2 */
    record Init(String userAgent, AuthToken auth) implements BoltRequest {

        @Override
        public void write(PackStreamWriter out) {
            out.structure(2, message().tag()).text(userAgent).map(auth.fields());
        }
    }

    /**
     * {@code HELLO {extra}}
     *
     * @param extra {@code user_agent} and more; before 5.1 the fields of an {@link AuthToken}, too
     */
    record Hello(Map<String, @Nullable Object> extra) implements BoltRequest {

        public AuthToken auth() {
            return AuthToken.in(extra);
        }

        /** The filter of the connection. */
        public NotificationFilter notifications() {
            return NotificationFilter.read(new Extras(extra));
        }

        boolean wantsUtc() {
            return extra.get(ExtraField.PATCH_BOLT.key) instanceof List<?> patches
                    && patches.contains(BoltServerInfo.UTC_PATCH);
        }

        @Override
        public void write(PackStreamWriter out) {
            for (ExtraField field : ExtraField.values()) {
                if (extra.containsKey(field.key)) {
                    field.require(out.dialect().version());
                }
            }
            out.structure(1, message().tag()).map(extra);
        }

        @Override
        public String toString() {
            return "Hello[" + auth() + "]";
        }
    }

    /** {@code LOGON {auth}} */
    record Logon(AuthToken auth) implements BoltRequest {

        @Override
        public void write(PackStreamWriter out) {
            out.structure(1, message().tag()).map(auth.fields());
        }
    }

    /** {@code LOGOFF} */
    record Logoff() implements BoltRequest {}

    /**
     * {@code TELEMETRY api}; only for a server that requests it
     *
     * @param api 0: managed transaction, 1: explicit, 2: auto-commit, 3: a driver's one-call query
     */
    record Telemetry(int api) implements BoltRequest {

        @Override
        public void write(PackStreamWriter out) {
            out.structure(1, message().tag()).integer(api);
        }
    }

    /** {@code RUN query {parameters} {options}}; before version 3 without the last */
    record Run(String query, Map<String, @Nullable Object> parameters, TransactionOptions options)
            implements BoltRequest {

        @Override
        public void write(PackStreamWriter out) {
            BoltVersion version = out.dialect().version();
            Map<String, @Nullable Object> extra = options.fields(version);
            if (!version.hasTransactions() && !extra.isEmpty()) {
                throw PackStreamWriter.cannotSay("options of RUN", "3");
            }
            out.structure(version.hasTransactions() ? 3 : 2, message().tag())
                    .text(query)
                    .map(parameters);
            if (version.hasTransactions()) {
                out.map(extra);
            }
        }

        @Override
        public String toString() {
            return "Run[queryChars=" + query.length() + ", parameters=" + parameters.size() + "]";
        }
    }

    /**
     * {@code PULL {n, qid}}; before version 4 {@code PULL_ALL}
     *
     * @param n the maximum number of records, at least 1; -1: all
     * @param qid the number of a result of the transaction; -1: the last
     */
    record Pull(long n, long qid) implements BoltRequest {

        /** All records of the last result. */
        public static final Pull ALL = new Pull(-1, -1);

        public Pull {
            requireDemand(n, qid);
        }

        @Override
        public boolean isPartial() {
            return n > 0;
        }

        @Override
        public void write(PackStreamWriter out) {
            writeDemand(out, message().tag(), n, qid);
        }
    }

    /** {@code DISCARD {n, qid}}; before version 4 {@code DISCARD_ALL}. As {@link Pull}, without records. */
    record Discard(long n, long qid) implements BoltRequest {

        /** All records of the last result. */
        public static final Discard ALL = new Discard(-1, -1);

        public Discard {
            requireDemand(n, qid);
        }

        @Override
        public boolean isPartial() {
            return n > 0;
        }

        @Override
        public void write(PackStreamWriter out) {
            writeDemand(out, message().tag(), n, qid);
        }
    }

    /** {@code BEGIN {options}} */
    record Begin(TransactionOptions options) implements BoltRequest {

        @Override
        public void write(PackStreamWriter out) {
            out.structure(1, message().tag()).map(options.fields(out.dialect().version()));
        }
    }

    /** {@code COMMIT} */
    record Commit() implements BoltRequest {}

    /** {@code ROLLBACK} */
    record Rollback() implements BoltRequest {}

    /**
     * {@code ROUTE {routing} [bookmarks] {db, imp_user}}; in version 4.3 the last is the database or null
     *
     * @param routing the address that the client dialled: {@code address} and the query of its URI
     */
    record Route(
            Map<String, @Nullable Object> routing,
            List<String> bookmarks,
            @Nullable String database,
            @Nullable String impersonatedUser)
            implements BoltRequest {

        @Override
        public void write(PackStreamWriter out) {
            BoltVersion version = out.dialect().version();
            out.structure(3, message().tag()).map(routing).list(bookmarks);
            if (version.hasRouteExtra()) {
                out.map(TransactionOptions.where(database, impersonatedUser).fields(version));
            } else if (impersonatedUser == null) {
                out.value(database);
            } else {
                ExtraField.IMPERSONATED_USER.require(version);
            }
        }
    }

    /** {@code ACK_FAILURE}: Bolt 1 and 2 */
    record AckFailure() implements BoltRequest {}

    /** {@code RESET}: interrupts running requests, and ends open results and transactions */
    record Reset() implements BoltRequest {}

    /** {@code GOODBYE}, which has no answer */
    record Goodbye() implements BoltRequest {}

    /**
     * A request that can only fail: a value in it is none.
     *
     * @param message what it is
     * @param complaint value and expectation
     */
    record Invalid(BoltMessage message, String complaint) implements BoltRequest {}

    private static void requireDemand(long n, long qid) {
        Limits.range("n", n, n == 0 ? 1 : -1, Long.MAX_VALUE);
        Limits.range("qid", qid, -1, Long.MAX_VALUE);
    }

    private static void writeDemand(PackStreamWriter out, int tag, long n, long qid) {
        if (!out.dialect().version().hasDemand()) {
            if (n != -1 || qid != -1) {
                throw PackStreamWriter.cannotSay("n and qid", "4.0");
            }
            out.structure(0, tag);
            return;
        }
        out.structure(1, tag).mapHeader(qid < 0 ? 1 : 2).text("n").integer(n);
        if (qid >= 0) {
            out.text("qid").integer(qid);
        }
    }
}
