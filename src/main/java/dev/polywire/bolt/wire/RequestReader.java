package dev.polywire.bolt.wire;

import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps each number to its request and the count of its fields. */
final class RequestReader {

    private RequestReader() {}

    /**
     * Reads one whole message.
     *
     * @return {@link BoltRequest.Invalid} when only a value in it is none, unless it is a login
     * @throws dev.polywire.core.wire.ProtocolException DECODE when it is not a request of this version
     */
    static BoltRequest read(PackStreamReader in, BoltVersion version) {
        int fields = in.structureHeader();
        int tag = in.tag();
        BoltMessage message = BoltMessage.of(tag, version);
        if (message == null) {
            throw PackStreamReader.bad(String.format("message: %02X (expected: a request of Bolt %s)", tag, version));
        }
        int expected = fields(message, version);
        // Old clients say 1 of the two fields of INIT, which Neo4j 3.5.35 does not count.
        if (fields != expected && !(message == BoltMessage.INIT && fields == 1)) {
            throw PackStreamReader.bad(message + ": " + fields + " fields (expected: " + expected + ")");
        }
        try {
            BoltRequest request = read(message, in, version);
            in.finish();
            return request;
        } catch (DateTimeException unknown) {
            String complaint = message + ": zone: none that is known here (expected: as in Europe/Stockholm)";
            if (message.isSecret()) {
                throw PackStreamReader.bad(complaint);
            }
            // The message is whole, so that only this request is spoilt.
            return new BoltRequest.Invalid(message, complaint);
        } catch (IllegalArgumentException outOfRange) {
            throw PackStreamReader.bad(message + ": " + outOfRange.getMessage());
        }
    }

    private static int fields(BoltMessage message, BoltVersion version) {
        return switch (message) {
            case INIT -> 2;
            case HELLO, LOGON, TELEMETRY, BEGIN -> 1;
            case RUN -> version.hasTransactions() ? 3 : 2;
            case PULL, DISCARD -> version.hasDemand() ? 1 : 0;
            case ROUTE -> 3;
            case LOGOFF, COMMIT, ROLLBACK, ACK_FAILURE, RESET, GOODBYE -> 0;
        };
    }

    private static BoltRequest read(BoltMessage message, PackStreamReader in, BoltVersion version) {
        return switch (message) {
            case INIT -> new BoltRequest.Init(in.text(), new AuthToken(in.map()));
            case HELLO -> hello(in);
            case LOGON -> new BoltRequest.Logon(new AuthToken(in.map()));
            case LOGOFF -> new BoltRequest.Logoff();
            case TELEMETRY -> new BoltRequest.Telemetry(in.int32());
            case RUN ->
                new BoltRequest.Run(
                        in.text(),
                        in.map(),
                        version.hasTransactions() ? TransactionOptions.read(in.map()) : TransactionOptions.DEFAULT);
            case PULL, DISCARD -> demand(message, in, version);
            case BEGIN -> new BoltRequest.Begin(TransactionOptions.read(in.map()));
            case COMMIT -> new BoltRequest.Commit();
            case ROLLBACK -> new BoltRequest.Rollback();
            case ROUTE -> route(in, version);
            case ACK_FAILURE -> new BoltRequest.AckFailure();
            case RESET -> new BoltRequest.Reset();
            case GOODBYE -> new BoltRequest.Goodbye();
        };
    }

    private static BoltRequest hello(PackStreamReader in) {
        BoltRequest.Hello hello = new BoltRequest.Hello(in.map());
        // A wrong type is noticed here, where the connection ends with a FAILURE.
        hello.notifications();
        return hello;
    }

    private static BoltRequest demand(BoltMessage message, PackStreamReader in, BoltVersion version) {
        long n = -1;
        long qid = -1;
        if (version.hasDemand()) {
            Extras extra = new Extras(in.map());
            n = extra.integer("n", 0);
            qid = extra.integer("qid", -1);
        }
        return message == BoltMessage.PULL ? new BoltRequest.Pull(n, qid) : new BoltRequest.Discard(n, qid);
    }

    private static BoltRequest route(PackStreamReader in, BoltVersion version) {
        Map<String, @Nullable Object> routing = in.map();
        List<String> bookmarks = in.texts();
        if (!version.hasRouteExtra()) {
            return new BoltRequest.Route(routing, bookmarks, in.nullValue() ? null : in.text(), null);
        }
        TransactionOptions where = TransactionOptions.read(in.map());
        return new BoltRequest.Route(routing, bookmarks, where.database(), where.impersonatedUser());
    }
}
