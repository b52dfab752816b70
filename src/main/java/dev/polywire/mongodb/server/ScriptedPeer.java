package dev.polywire.mongodb.server;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.MachineSocket;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.OpReply;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One client of a {@link ScriptedMongo}. What it is told from any thread is done in that order, on its own context. */
public final class ScriptedPeer implements MachineSocket.Listener<MongoServerMachine.Request> {

    private final int number;
    private final MongoServerMachine machine;
    private final ScriptedMongo.Script script;
    private final Context context = Vertx.currentContext();
    private @Nullable MachineSocket<MongoServerMachine.Request> socket;

    ScriptedPeer(int number, MongoServerMachine machine, ScriptedMongo.Script script) {
        this.number = number;
        this.machine = machine;
        this.script = script;
    }

    void on(MachineSocket<MongoServerMachine.Request> socket) {
        this.socket = socket;
        script.connected(this);
    }

    /** 1 for the first client that came, and so on. */
    public int number() {
        return number;
    }

    /** Answers with one document, as OP_REPLY when the request was OP_QUERY. */
    public void reply(MongoServerMachine.Request request, Buffer document) {
        int responseTo = request.header().requestId();
        send(
                responseTo,
                request.message() instanceof OpQuery
                        ? new OpReply(OpReply.AWAIT_CAPABLE, 0, 0, List.of(document))
                        : new OpMsg(document));
    }

    /** Sends any message, as the answer to any request. */
    public void send(int responseTo, MongoMessage message) {
        write(() -> machine.send(responseTo, message));
    }

    /** Sends bytes as they are: half a message, or none at all. */
    public void raw(Buffer bytes) {
        write(() -> machine.raw(bytes));
    }

    /** Reads nothing more, so that the client's writes pile up. */
    public void pause() {
        onSocket(MachineSocket::pause);
    }

    /** Reads again. */
    public void resume() {
        onSocket(MachineSocket::resume);
    }

    /** Closes, after sending what it was told to. */
    public void close() {
        onSocket(up -> up.close(new CallException(CallException.Reason.SHUTTING_DOWN, "the script closed it")));
    }

    @Override
    public void event(MongoServerMachine.Request request) {
        if (ScriptedHello.isHello(request)) {
            script.hello(this, request);
        } else {
            script.request(this, request);
        }
    }

    @Override
    public void closed(RuntimeException cause) {
        script.closed(this, cause);
    }

    private void write(Runnable what) {
        onSocket(up -> {
            if (!up.isClosed()) {
                what.run();
                up.flush();
            }
        });
    }

    private interface Step {
        void take(MachineSocket<MongoServerMachine.Request> socket);
    }

    private void onSocket(Step step) {
        MachineSocket<MongoServerMachine.Request> up = socket;
        if (up == null) {
            throw new IllegalStateException("not on a socket yet");
        }
        if (Vertx.currentContext() == context) {
            step.take(up);
        } else {
            context.runOnContext(now -> step.take(up));
        }
    }
}
