package dev.polywire.bridge;

import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;

/** A client that shares no code with the bridge: a blocking socket, so that a test reads as a transcript. */
public final class BridgeClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;

    public BridgeClient(int port) {
        this(SocketFactory.getDefault(), port);
    }

    /** @param sockets with TLS, for one */
    BridgeClient(SocketFactory sockets, int port) {
        try {
            socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    static byte[] frame(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + utf8.length)
                .putInt(utf8.length)
                .put(utf8)
                .array();
    }

    /** How long a read waits, where nothing may come. */
    BridgeClient patience(int millis) {
        try {
            socket.setSoTimeout(millis);
            return this;
        } catch (SocketException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    BridgeClient raw(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
        return this;
    }

    BridgeClient text(String json) {
        return raw(frame(json));
    }

    BridgeClient frame(JsonObject json) {
        return text(json.encode());
    }

    /** A request with the reply address {@code r}. */
    BridgeClient request(String address, JsonObject headers, JsonObject body) {
        return frame(new JsonObject()
                .put("type", "send")
                .put("address", address)
                .put("replyAddress", "r")
                .put("headers", headers)
                .put("body", body));
    }

    public BridgeClient request(String address, String action, JsonObject body) {
        return request(address, new JsonObject().put("action", action), body);
    }

    /** Registers, and waits until the bus knows it. */
    BridgeClient registers(String address) {
        JsonObject done = frame(new JsonObject()
                        .put("type", "register")
                        .put("address", address)
                        .put("replyAddress", "registered " + address))
                .read();
        if (!"message".equals(done.getString("type"))) {
            throw new AssertionError("expected a message, got " + done);
        }
        return this;
    }

    /** Answers a request that it was given, with the header {@code answered}. */
    BridgeClient answers(JsonObject request, Object body) {
        return frame(new JsonObject()
                .put("type", "send")
                .put("address", request.getString("replyAddress"))
                .put("headers", new JsonObject().put("answered", "yes"))
                .put("body", body));
    }

    /** Logs in. @return the answer */
    JsonObject logsIn(String token) {
        return frame(new JsonObject().put("type", "auth").put("token", token)).read();
    }

    public JsonObject read() {
        try {
            byte[] body = new byte[in.readInt()];
            in.readFully(body);
            return new JsonObject(new String(body, StandardCharsets.UTF_8));
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    /** Proves that the connection is usable, and that nothing else waits on it. */
    BridgeClient pings() {
        JsonObject answer = text("{\"type\":\"ping\"}").read();
        if (!answer.equals(new JsonObject().put("type", "pong"))) {
            throw new AssertionError("expected a pong, got " + answer);
        }
        return this;
    }

    /** Reads until the bridge has closed; what it still said is thrown away. @return how many bytes that was */
    long readsToEnd() {
        try {
            return in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (EOFException | SocketException reset) {
            return -1;
        } catch (IOException other) {
            throw new UncheckedIOException(other);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }
}
