package dev.polywire.mongodb.session;

import dev.polywire.core.net.CallException;
import dev.polywire.mongodb.client.MongoConnection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says a plain hello on a connection of its own every {@code heartbeatMillis}, while another one streams: the answers of a
 * stream say nothing about the way. What fails here says nothing about the server, and is tried again with the next hello
 * (server monitoring specification, Measuring RTT).
 */
final class RoundTripProbe {

    private final Vertx vertx;
    private final Supplier<Future<MongoConnection>> dial;
    private final Function<MongoConnection, Future<?>> measure;
    private final long everyMillis;
    private boolean runs;
    private @Nullable Future<MongoConnection> dialling;
    private @Nullable MongoConnection open;
    private Future<?> answer = Future.succeededFuture();
    private long timer = -1;

    /**
     * @param dial a connection that logs nobody in
     * @param measure says hello, and takes the time
     */
    RoundTripProbe(
            Vertx vertx,
            Supplier<Future<MongoConnection>> dial,
            Function<MongoConnection, Future<?>> measure,
            long heartbeatMillis) {
        this.vertx = vertx;
        this.dial = dial;
        this.measure = measure;
        this.everyMillis = Math.max(heartbeatMillis, 1);
    }

    /** Nothing new if it has begun. */
    void begin() {
        if (!runs) {
            runs = true;
            round();
        }
    }

    void end() {
        runs = false;
        vertx.cancelTimer(timer);
        dialling = null;
        MongoConnection last = open;
        open = null;
        if (last != null) {
            last.drop(CallException.lost("closed by us: there is no stream to measure beside"));
        }
    }

    private void round() {
        MongoConnection now = open;
        boolean fails = now == null || now.isClosed();
        timer = vertx.setTimer(
                fails ? Math.max(everyMillis, MonitorSchedule.MIN_HEARTBEAT_MILLIS) : everyMillis, fired -> round());
        if (now != null && !fails) {
            if (answer.isComplete()) {
                answer = measure.apply(now);
            } else {
                now.drop(CallException.lost("closed by us: the answer to the last hello is missing"));
            }
        } else if (dialling == null) {
            connect();
        }
    }

    private void connect() {
        Future<MongoConnection> mine = dial.get();
        dialling = mine;
        mine.onComplete(dialled -> {
            boolean wanted = dialling == mine;
            if (wanted) {
                dialling = null;
            }
            if (wanted && dialled.succeeded()) {
                open = dialled.result();
                answer = measure.apply(dialled.result());
            } else if (dialled.succeeded()) {
                dialled.result().close(CallException.lost("closed by us: it came too late"));
            }
        });
    }
}
