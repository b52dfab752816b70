package dev.polywire.bridge;

import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.MachineSocket;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The output of one client, bounded: a client that does not read is dropped before its answers fill the heap. */
final class Outbox {

    private static final Logger LOG = System.getLogger(BridgeConnection.class.getName());

    private final BridgeContext context;
    private final BridgeMachine machine;
    private final MachineSocket<?> socket;

    Outbox(BridgeContext context, BridgeMachine machine, MachineSocket<?> socket) {
        this.context = context;
        this.machine = machine;
        this.socket = socket;
    }

    /**
     * A {@code message}, in the form of the stock bridge.
     *
     * @param address where the client expects it
     * @param replyAddress for the answer, or null: none is expected
     * @param send false: the message was published
     */
    static JsonObject message(
            @Nullable String address,
            @Nullable String replyAddress,
            MultiMap headers,
            boolean send,
            @Nullable Object body) {
        JsonObject values = new JsonObject();
        headers.forEach(values::put);
        values.remove(RequestTable.CALLER);
        JsonObject message = new JsonObject().put("type", "message").put("address", address);
        if (replyAddress != null) {
            message.put("replyAddress", replyAddress);
        }
        return message.put("headers", values).put("send", send).put("body", body);
    }

    /** @throws RefusedException when the frame cannot be written, or there is no memory for it */
    void write(JsonObject frame) {
        Buffer encoded = machine.encode(frame);
        socket.count();
        if (!socket.account().admits(encoded.length())) {
            throw new RefusedException(Refusal.REPLY_DROPPED, "memory: none left for this client");
        }
        machine.write(frame, encoded);
    }

    /** Whether the client may have another request of that many bytes. */
    boolean hasRoom(long bytes) {
        socket.count();
        return socket.account().admits(bytes);
    }

    /** Confirms an operation, if the client asked for it. */
    void done(@Nullable String replyAddress) {
        if (replyAddress != null) {
            machine.write(message(replyAddress, null, MultiMap.caseInsensitiveMultiMap(), true, null));
        }
    }

    /** @throws RefusedException when the service's failure cannot be written */
    void err(ErrFrame err) {
        machine.write(err.json());
    }

    void refuse(@Nullable String replyAddress, @Nullable String address, RefusedException no) {
        context.counters().refused(no.refusal());
        machine.write(ErrFrame.refused(replyAddress, address, no.refusal(), no.detail())
                .json());
    }

    /** Writes the queued frames, outside an event of the machine. */
    void push() {
        socket.flush();
        settle();
    }

    /** After each change: drops a client that does not read, and updates its share of memory. */
    void settle() {
        if (unreadBytes() > context.limits().maxOutputBytes()) {
            socket.flush();
        }
        if (unreadBytes() > context.limits().maxOutputBytes()) {
            drop();
        }
        socket.count();
    }

    /** Drops the client: its unread output cannot be kept, and must not be lost unnoticed. */
    void drop() {
        if (!socket.isClosed()) {
            long unread = unreadBytes();
            context.counters().slowConsumer();
            LOG.log(Level.WARNING, "slow_consumer: dropping {0}, {1} bytes unread", socket.target(), unread);
            socket.abort(new CallException(CallException.Reason.OVERLOADED, "slow_consumer: " + unread + " bytes"));
        }
    }

    private long unreadBytes() {
        return socket.unwrittenBytes() + machine.outputBytes();
    }
}
