package dev.polywire.mongodb.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Monotonic;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.mongodb.wire.HelloCommand;
import dev.polywire.mongodb.wire.ScramKeyCache;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Says hello on a second connection, so that a server that is gone without a word is noticed: a command may take any time, a
 * hello may not. When it has no answer the first connection is given up, unless something arrived there meanwhile. It does not
 * log in (server monitoring specification, Authentication): a password that was changed says nothing about the server, and
 * asking with it again and again can lock the account.
 *
 * <pre>
 *   no answer, or no connection, in time        the first is given up
 *   the second breaks, and cannot be replaced   the same, if the server once took a second one: it may allow only one
 *   this side does not read for want of memory  nothing: that silence is ours
 * </pre>
 */
final class Heartbeat {

    private final Vertx vertx;
    private final ServerLookup servers;
    private final long everyMillis;
    private final ScramKeyCache keys;
    private final MongoPool pool;
    /** Counts the times that the pool was up; 0 while it is not. */
    private long first;

    private long times;
    private @Nullable MongoConnection second;
    /** Whether the server has taken a second connection beside this first one. */
    private boolean worked;

    private long timer = -1;

    /** @param everyMillis from one answer to the next hello; 0: none is said */
    Heartbeat(Vertx vertx, ServerLookup servers, long everyMillis, ScramKeyCache keys, MongoPool pool) {
        this.pool = pool;
        this.keys = keys;
        this.vertx = vertx;
        this.servers = servers;
        this.everyMillis = everyMillis;
    }

    /** Whether the pool is up. */
    void watch(boolean up) {
        vertx.cancelTimer(timer);
        first = up ? ++times : 0;
        worked = false;
        MongoConnection last = second;
        second = null;
        if (last != null) {
            last.close(CallException.lost("closed by us: what it watched is closed"));
        }
        if (up) {
            later(first);
        }
    }

    private void later(long watched) {
        if (everyMillis > 0 && first == watched) {
            timer = vertx.setTimer(everyMillis, t -> check(watched));
        }
    }

    private void check(long watched) {
        MongoConnection open = second;
        if (open == null || open.isClosed()) {
            dial(watched);
            return;
        }
        long beganMillis = Monotonic.millis();
        Deadline deadline = Deadline.after(vertx, limitMillis());
        // With a Stable API there is only hello, and the server was not asked whether it has that.
        boolean byName =
                servers.last().options().serverApi() != null || open.hello().helloOk();
        MongoCall hello = new MongoCall(HelloCommand.again(byName), true, deadline);
        open.send(hello);
        hello.answer().onComplete(answered -> {
            deadline.met();
            if (first != watched) {
                return;
            } else if (answered.succeeded()) {
                later(watched);
            } else if (open.isClosed()) {
                dial(watched);
            } else {
                judge(watched, open, beganMillis, answered.cause());
            }
        });
    }

    /** The answer to the hello of its handshake counts. */
    private void dial(long watched) {
        long beganMillis = Monotonic.millis();
        ServerLookup.Server server = servers.last();
        MongoConnection.connect(server.dialer(), server.options().withLogin(null), 1, keys)
                .onComplete(dialled -> {
                    if (dialled.failed()) {
                        judge(watched, null, beganMillis, dialled.cause());
                    } else if (first == watched) {
                        second = dialled.result();
                        worked = true;
                        later(watched);
                    } else {
                        dialled.result().close(CallException.lost("closed by us: it came too late"));
                    }
                });
    }

    private void judge(long watched, @Nullable MongoConnection open, long beganMillis, Throwable cause) {
        if (first != watched) {
            return;
        }
        boolean silent = Monotonic.millis() - beganMillis >= limitMillis();
        boolean read = pool.isRead() && (open == null || open.isRead());
        boolean heard = pool.heardMillis() > beganMillis;
        if (read && !heard && (silent || worked)) {
            CallException why = CallException.lost("no answer to a hello: " + cause.getMessage(), cause);
            second = null;
            if (open != null) {
                open.drop(why);
            }
            pool.drop(why);
        } else {
            later(watched);
        }
    }

    private long limitMillis() {
        return servers.connectTimeoutMillis();
    }
}
