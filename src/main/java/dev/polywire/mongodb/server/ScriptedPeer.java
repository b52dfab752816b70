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

    /** Output of this many bytes may wait; who answers by itself does not read on meanwhile. */
    private static final long MAX_WAITING_BYTES = 1024 * 1024;

    private final MongoServerMachine machine;
    private final ScriptedMongo.Script script;
    private long keptBytes;

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

    /**
     * The same at once, on its own context.
     *
     * @return the message's own id, which the next one of an exhaust answers
     */
    public int answer(int responseTo, MongoMessage message) {
        int id = machine.send(responseTo, message);
        socket().flush();
        return id;
    }

    /**
     * Agrees on compression, on its own context.
     *
     * @param offered by the client
     * @return {@code compression} of the hello's answer
     */
    public List<String> negotiate(List<String> offered) {
        return machine.negotiate(offered);
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

    /** So many bytes of its requests wait for their turn. */
    void keeps(long bytes) {
        if (keptBytes != bytes) {
            keptBytes = bytes;
            socket().count();
        }
    }

    @Override
    protected long heldBytes() {
        return keptBytes;
    }

    /** Whether the client reads slower than it is answered. */
    boolean isBehind() {
        return machine.outputBytes() + socket().unwrittenBytes() > MAX_WAITING_BYTES;
    }

    @Override
    protected void written() {
        script.written(this);
    }

    @Override
    protected void ended(RuntimeException cause) {
        script.closed(this, cause);
    }
}
