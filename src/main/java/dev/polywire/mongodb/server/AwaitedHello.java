package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.BsonOrder;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.mongodb.wire.OpMsg;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A hello that waits for a change ({@code topologyVersion} and {@code maxAwaitTimeMS}), and the stream of answers to one that allows
 * exhaust (server monitoring specification).
 *
 * <pre>
 *   hello 7, exhaustAllowed -> answer 100 to 7, moreToCome -> after a change, or maxAwaitTimeMS: answer 101 to 100 ...
 * </pre>
 */
final class AwaitedHello {

    private final SmallMongo server;
    private final ScriptedPeer peer;
    private final UnaryOperator<Buffer> answers;
    private final HeldCommand held;
    private @Nullable Buffer command;
    private boolean streams;
    private int responseTo;
    private long awaitMillis;
    private long timer = -1;

    /** @param answers gives the answer of now to a hello */
    AwaitedHello(SmallMongo server, ScriptedPeer peer, UnaryOperator<Buffer> answers) {
        this.server = server;
        this.peer = peer;
        this.answers = answers;
        this.held = new HeldCommand(server, peer);
    }

    /** Takes a hello that waits; one that came before it is answered first, and its stream ends. @return whether it is one */
    boolean takes(Request request, BsonDocument asked) {
        BsonDocument version = server.hello().version(server.changes());
        BsonValue known = asked.get(HelloFields.TOPOLOGY_VERSION);
        long millis = CommandRequest.number(asked, "maxAwaitTimeMS", -1);
        if (version == null || known == null || millis < 0 || !(request.message() instanceof OpMsg message)) {
            return false;
        }
        streams = false;
        changed();
        command = request.command();
        streams = server.options().behaviour().streamsHello() && (message.flagBits() & OpMsg.EXHAUST_ALLOWED) != 0;
        responseTo = request.header().requestId();
        awaitMillis = Math.min(Math.max(1, millis), server.options().behaviour().maxAwaitMillis());
        if (BsonOrder.VALUES.compare(known, version) == 0) {
            await();
        } else {
            say();
        }
        return true;
    }

    /** There is something new to say. */
    void changed() {
        cancel();
        answer();
    }

    /** Nobody waits any more. */
    void ended() {
        cancel();
        held.release();
        command = null;
    }

    private void await() {
        timer = server.vertx().setTimer(awaitMillis, fired -> {
            timer = -1;
            answer();
        });
    }

    private void cancel() {
        if (timer >= 0) {
            server.vertx().cancelTimer(timer);
            timer = -1;
        }
    }

    private void answer() {
        held.release();
        Buffer asked = command;
        if (asked == null || !streams || server.options().delay() == CommandDelay.NONE) {
            say();
            return;
        }
        Future<?> ready = server.options().delay().before(server.vertx(), new RawBsonDocument(asked.getBytes()));
        if (ready.succeeded()) {
            say();
        } else {
            held.hold(ready, 0, inTime -> say());
        }
    }

    private void say() {
        Buffer asked = command;
        if (asked == null) {
            return;
        }
        responseTo =
                peer.answer(responseTo, new OpMsg(streams ? OpMsg.MORE_TO_COME : 0, answers.apply(asked), List.of()));
        if (!streams) {
            command = null;
        } else if (peer.isBehind()) {
            // A client that does not read its stream has no use for it.
            peer.abort();
        } else {
            await();
        }
    }
}
