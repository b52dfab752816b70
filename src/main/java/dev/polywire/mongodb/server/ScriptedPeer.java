package dev.polywire.mongodb.server;

import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.net.ScriptedConnection;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.OpReply;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** One client of a {@link ScriptedMongo}. Calls from any thread are executed in their order, on its own context. */
public final class ScriptedPeer extends ScriptedConnection<MongoServerMachine.Request> {

    private final MongoServerMachine machine;
    private final ScriptedMongo.Script script;

    ScriptedPeer(
            OpenSocket<MongoServerMachine.Request> socket,
            int number,
            MongoServerMachine machine,
            ScriptedMongo.Script script) {
        super(socket, number);
        this.machine = machine;
        this.script = script;
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

    /** Sends bytes as they are: half a message, or bytes that are not a message. */
    public void raw(Buffer bytes) {
        write(() -> machine.raw(bytes));
    }

    @Override
    protected void event(MongoServerMachine.Request request) {
        if (ScriptedHello.isHello(request)) {
            script.hello(this, request);
        } else {
            script.request(this, request);
        }
    }

    @Override
    protected void ended(RuntimeException cause) {
        script.closed(this, cause);
    }
}
