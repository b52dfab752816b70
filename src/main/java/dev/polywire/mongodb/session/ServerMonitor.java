package dev.polywire.mongodb.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.mongodb.session.MonitorSchedule.Step;
import dev.polywire.mongodb.wire.HelloCommand;
import dev.polywire.mongodb.wire.HelloReply;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.TopologyVersion;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says hello on connections of its own, which do not count in the pool, so that a server that is gone without a word is noticed:
 * a command may take any time, a hello may not (server monitoring specification). {@link MonitorSchedule} has the times and the
 * judgement. Servers that can (4.4 and newer) stream their answers; others are polled. These connections do not log in
 * (Authentication): a password that was changed says nothing about the server, and asking with it again and again can lock the
 * account.
 *
 * <p>Belongs to one context.
 */
public final class ServerMonitor {

    /** Wire version of MongoDB 4.4, the first that streams. */
    private static final int STREAMING_WIRE_VERSION = 9;

    /** Of calls that end with their connection. */
    private static final long FOR_EVER_MILLIS = Duration.ofDays(10_000).toMillis();

    /** Who uses the server. */
    public interface Watched {

        /** What the server says of itself, in the order of its changes; the same again and again. */
        void described(HelloReply reply);

        /** The server is gone. Nothing is asked any more until the next {@link ServerMonitor#begin}. */
        void lost(CallException why);

        /** When the server last said something to the others, on {@link Monotonic}'s clock. */
        long heardMillis();

        /** Whether the others are read: if one is not, silence there is ours. */
        boolean isRead();
    }

    private final Vertx vertx;
    private final Supplier<Future<MongoConnection>> dial;
    private final boolean stableApi;
    private final boolean streams;
    private final long heartbeatMillis;
    private final long connectTimeoutMillis;
    private final Watched watched;
    private final MonitorSchedule schedule;
    private final RoundTripProbe probe;
    private final RoundTrips roundTrips = new RoundTrips();
    private @Nullable Future<MongoConnection> dialling;
    private @Nullable MongoConnection open;
    /** The last answer, and the newest version that was seen. */
    private @Nullable HelloReply last;

    private @Nullable Buffer newest;
    private long lastMillis;
    private String why = "";
    private boolean runs;
    private long timer = -1;

    /**
     * @param dial a connection that logs nobody in
     * @param stableApi whether a Stable API is declared: then there is only hello, and the server was not asked whether it has that
     * @param streams whether a server that offers to stream does
     * @param heartbeatMillis the time from an answer to the next hello, and how long one waits at the server; 0: no hello
     * @param connectTimeoutMillis how long an answer may take, at least 1
     */
    public ServerMonitor(
            Vertx vertx,
            Supplier<Future<MongoConnection>> dial,
            boolean stableApi,
            boolean streams,
            long heartbeatMillis,
            long connectTimeoutMillis,
            Watched watched) {
        this.vertx = vertx;
        this.dial = dial;
        this.stableApi = stableApi;
        this.streams = streams;
        this.heartbeatMillis = heartbeatMillis;
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.watched = watched;
        this.schedule = new MonitorSchedule(Math.max(1, heartbeatMillis), connectTimeoutMillis);
        this.probe = new RoundTripProbe(vertx, dial, this::measure, heartbeatMillis);
    }

    /** A connection to the server is up. Nothing new while it is watched: called for each connection, or for the first. */
    public void begin() {
        if (heartbeatMillis > 0 && schedule.mode() == MonitorStatus.Mode.RESTING) {
            roundTrips.reset();
            last = null;
            newest = null;
            schedule.begin(Monotonic.millis());
            run();
        }
    }

    /** Another server is watched from now on, if one is. */
    public void beginAnew() {
        if (schedule.mode() != MonitorStatus.Mode.RESTING) {
            end();
            begin();
        }
    }

    /** No connection is up, or the client closes. */
    public void end() {
        schedule.end();
        vertx.cancelTimer(timer);
        roundTrips.reset();
        probe.end();
        dialling = null;
        drop("closed by us: nothing is watched any more");
    }

    /** The least round trip, microseconds; 0 until it is known. */
    public long leastRoundTripMicros() {
        return roundTrips.leastMicros();
    }

    public MonitorStatus status() {
        if (heartbeatMillis == 0) {
            return MonitorStatus.OFF;
        }
        return new MonitorStatus(
                schedule.mode(), leastRoundTripMicros(), last == null ? null : Monotonic.millis() - lastMillis);
    }

    /** Takes the steps that are due; what they lead to at once is seen by the same loop. */
    private void run() {
        if (runs) {
            return;
        }
        runs = true;
        try {
            while (take(schedule.next(Monotonic.millis(), watched.heardMillis(), isRead()))) {
                // The next one.
            }
        } finally {
            runs = false;
        }
        vertx.cancelTimer(timer);
        if (schedule.dueMillis() != MonitorSchedule.NEVER) {
            timer = vertx.setTimer(Math.max(1, schedule.dueMillis() - Monotonic.millis()), fired -> run());
        }
    }

    private boolean isRead() {
        return watched.isRead() && (open == null || open.isRead());
    }

    private boolean take(Step step) {
        switch (step) {
            case DROP -> drop("closed by us: its answers are of no use");
            case DIAL -> connect();
            case POLL -> {
                probe.end();
                measure(Objects.requireNonNull(open));
            }
            case AWAIT -> {
                probe.begin();
                stream(Objects.requireNonNull(open));
            }
            case LOST -> {
                end();
                watched.lost(CallException.lost("no answer to a hello within " + connectTimeoutMillis + " ms" + why));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void drop(String reason) {
        MongoConnection dropped = open;
        open = null;
        if (dropped != null) {
            dropped.drop(CallException.lost(reason));
        }
    }

    /** The answer to the hello of its handshake counts. */
    private void connect() {
        Future<MongoConnection> mine = dial.get();
        dialling = mine;
        mine.onComplete(dialled -> {
            if (dialling != mine) {
                if (dialled.succeeded()) {
                    dialled.result().close(CallException.lost("closed by us: it came too late"));
                }
                return;
            }
            dialling = null;
            if (dialled.succeeded()) {
                opened(dialled.result());
            } else {
                why = ": " + dialled.cause().getMessage();
                schedule.dialFailed(Monotonic.millis(), watched.heardMillis(), isRead());
            }
            run();
        });
    }

    private void opened(MongoConnection made) {
        open = made;
        why = "";
        roundTrips.add(made.helloMicros());
        schedule.dialled(Monotonic.millis(), offers(made.hello()));
        described(made.hello());
        made.closeHandler(cause -> {
            if (open == made) {
                open = null;
                why = ": " + cause.getMessage();
                schedule.broke(Monotonic.millis());
                run();
            }
        });
    }

    /** A plain hello, on either connection. */
    private Future<?> measure(MongoConnection on) {
        long beganMicros = Monotonic.micros();
        MongoCall call = call(HelloCommand.again(isByName(on)));
        on.send(call);
        answered(call, on, () -> roundTrips.add(Monotonic.micros() - beganMicros));
        return call.answer();
    }

    private void stream(MongoConnection on) {
        Buffer version = Objects.requireNonNull(Objects.requireNonNull(last).topologyVersion());
        MongoCall call = call(HelloCommand.again(isByName(on), version, heartbeatMillis));
        on.exhaust(call, reply -> {
            if (on == open) {
                received(on, reply, true);
            }
        });
        answered(call, on, () -> {});
    }

    private MongoCall call(Buffer hello) {
        return new MongoCall(hello, true, Deadline.after(vertx, FOR_EVER_MILLIS));
    }

    private boolean isByName(MongoConnection on) {
        return stableApi || on.hello().helloOk();
    }

    private void answered(MongoCall call, MongoConnection on, Runnable sample) {
        call.answer().onComplete(over -> {
            Objects.requireNonNull(call.deadline()).met();
            if (over.failed()) {
                on.drop(CallException.lost("closed by us: " + over.cause().getMessage(), over.cause()));
                return;
            }
            sample.run();
            if (on == open) {
                received(on, (OpMsg) over.result(), false);
            }
        });
    }

    /** A server that refuses to wait is polled. */
    private void received(MongoConnection on, OpMsg message, boolean more) {
        boolean ok = HelloReply.isOk(message.body());
        if (ok) {
            try {
                described(HelloReply.read(message.body()));
            } catch (ProtocolException unusable) {
                on.close(unusable);
                return;
            }
        }
        if (more && ok) {
            schedule.streamed(Monotonic.millis());
        } else if (more) {
            on.close(ProtocolException.framing("flagBits: moreToCome (expected: not, as ok is 0)"));
        } else {
            schedule.answered(Monotonic.millis(), ok && last != null && offers(last));
        }
        run();
    }

    private boolean offers(HelloReply reply) {
        return streams && reply.topologyVersion() != null && reply.maxWireVersion() >= STREAMING_WIRE_VERSION;
    }

    private void described(HelloReply reply) {
        last = reply;
        lastMillis = Monotonic.millis();
        if (!TopologyVersion.isOlder(newest, reply.topologyVersion())) {
            newest = reply.topologyVersion();
            watched.described(reply);
        }
    }
}
