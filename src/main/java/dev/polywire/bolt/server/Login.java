package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.bolt.wire.BoltMessage;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.NotificationFilter;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.Monotonic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The login of a client: INIT, HELLO, LOGON, LOGOFF. */
final class Login {

    private static final Logger LOG = System.getLogger(Login.class.getName());

    private final BoltHandler handler;
    private final LoginGuard guard;
    private final String connectionId;
    private final String host;
    private final Set<String> certificateNames;
    private final BoltAddress server;
    private @Nullable ServerPeer peer;
    private NotificationFilter notifications = NotificationFilter.DEFAULT;
    private String user = "";
    private boolean known;

    Login(
            BoltHandler handler,
            LoginGuard guard,
            String connectionId,
            String host,
            Set<String> certificateNames,
            BoltAddress server) {
        this.handler = handler;
        this.guard = guard;
        this.connectionId = connectionId;
        this.host = host;
        this.certificateNames = certificateNames;
        this.server = server;
    }

    static boolean isPartOf(BoltMessage message) {
        return switch (message) {
            case INIT, HELLO, LOGON, LOGOFF -> true;
            default -> false;
        };
    }

    /** Whether any login has succeeded. */
    boolean isKnown() {
        return known;
    }

    /** Takes what is said for the whole connection from the first request. */
    void hear(BoltRequest request, BoltVersion version) {
        if (request instanceof BoltRequest.Init init) {
            meet(version, init.userAgent());
        } else if (request instanceof BoltRequest.Hello hello) {
            meet(version, hello.extra().get("user_agent") instanceof String agent ? agent : "");
            notifications = hello.notifications();
        }
    }

    /** The session of a request after the first. */
    ServerSession session(TransactionOptions options, long dueMillis) {
        return new ServerSession(peer(), user, options.on(notifications), dueMillis);
    }

    Future<Map<String, @Nullable Object>> answer(CurrentRequest current) {
        BoltRequest request = current.request;
        if (request instanceof BoltRequest.Init init) {
            return verify(current, init.auth());
        } else if (request instanceof BoltRequest.Logon logon) {
            return verify(current, logon.auth());
        } else if (request instanceof BoltRequest.Hello hello
                && !peer().version().hasLogon()) {
            return verify(current, hello.auth());
        }
        // HELLO without a login, which LOGON brings later, or LOGOFF.
        user = "";
        return done();
    }

    private Future<Map<String, @Nullable Object>> verify(CurrentRequest current, AuthToken token) {
        if (guard.locked(host, Monotonic.millis())) {
            guard.refusedUnseen();
            return Future.failedFuture(Failures.of(Failures.TOO_MANY_LOGINS, "too many wrong logins; try later"));
        }
        return current.call(() -> handler.verifyAuth(current.session, token))
                .compose(name -> in(current, name), this::refused);
    }

    private Future<Map<String, @Nullable Object>> in(CurrentRequest current, String name) {
        if (!current.isOver()) {
            guard.right(host);
            user = Objects.requireNonNull(name);
            known = true;
        }
        return done();
    }

    private Future<Map<String, @Nullable Object>> refused(Throwable why) {
        if (!Failures.isWrongLogin(why)) {
            return Future.failedFuture(why);
        }
        int inARow = guard.wrong(host, Monotonic.millis());
        LOG.log(Level.INFO, "refused a login from " + host + ", " + inARow + " in a row");
        if (guard.delayMillis() == 0) {
            return Future.failedFuture(why);
        }
        Promise<Map<String, @Nullable Object>> slow = Promise.promise();
        Vertx.currentContext().owner().setTimer(guard.delayMillis(), t -> slow.fail(why));
        return slow.future();
    }

    private void meet(BoltVersion version, String agent) {
        peer = new ServerPeer(connectionId, host, version, agent, certificateNames, server);
    }

    private ServerPeer peer() {
        if (peer == null) {
            throw new IllegalStateException("before the first request");
        }
        return peer;
    }

    private static Future<Map<String, @Nullable Object>> done() {
        return Future.succeededFuture(Map.of());
    }
}
