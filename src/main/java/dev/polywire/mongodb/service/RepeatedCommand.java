package dev.polywire.mongodb.service;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.session.MongoClient;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.function.Predicate;

/**
 * A command that only reads, by the pool. A failure that time may heal (UNAVAILABLE, CONNECTION_LOST, OVERLOADED) is not its last:
 * it is sent again after a pause, of 100 ms at first and twice as long each time, up to 3.2 s. It fails with the last failure when
 * its deadline comes before the end of the pause.
 */
final class RepeatedCommand {

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long MAX_PAUSE_MILLIS = 3_200;

    private final Vertx vertx;
    private final MongoClient client;
    private final Buffer command;
    private final Deadline deadline;
    private final Predicate<MongoCall> again;
    private final Promise<Buffer> answer = Promise.promise();
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    /** @param again whether a call that has failed may be repeated, asked before and after the pause */
    RepeatedCommand(Vertx vertx, MongoClient client, Buffer command, Deadline deadline, Predicate<MongoCall> again) {
        this.vertx = vertx;
        this.client = client;
        this.command = command;
        this.deadline = deadline;
        this.again = again;
    }

    /** Sends it. @return as {@link MongoCall#document} */
    Future<Buffer> run() {
        MongoCall call = new MongoCall(command, true, deadline);
        client.command(call).onComplete(done -> {
            if (done.succeeded()) {
                answer.complete(done.result());
            } else if (mayHeal(done.cause()) && again.test(call) && deadline.remainingMillis() > pauseMillis) {
                pause(call, done.cause());
            } else {
                answer.fail(done.cause());
            }
        });
        return answer.future();
    }

    private void pause(MongoCall failed, Throwable why) {
        deadline.whenExpired(() -> {});
        vertx.setTimer(pauseMillis, over -> {
            if (again.test(failed)) {
                run();
            } else {
                answer.fail(why);
            }
        });
        pauseMillis = Math.min(MAX_PAUSE_MILLIS, 2 * pauseMillis);
    }

    private static boolean mayHeal(Throwable failure) {
        return failure instanceof CallException call
                && (call.hadNoEffect() || call.reason() == CallException.Reason.OVERLOADED);
    }
}
