package dev.polywire.app.cli;

import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A bridge that answers as a test says, but for the ping that a client begins with; it shares no code with the client. */
final class ScriptedBridge implements AutoCloseable {

    private final ServerSocket server;
    private final List<JsonObject> heard = new CopyOnWriteArrayList<>();

    /** How the script speaks. */
    static final class Client {

        private final Socket socket;
        private final DataOutputStream out;

        private Client(Socket socket) throws IOException {
            this.socket = socket;
            this.out = new DataOutputStream(socket.getOutputStream());
        }

        Client say(JsonObject frame) {
            return say(frame.encode());
        }

        Client say(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            return bytes(utf8.length, utf8);
        }

        Client bytes(int length, byte[] body) {
            try {
                out.writeInt(length);
                out.write(body);
                return this;
            } catch (IOException lost) {
                throw new UncheckedIOException(lost);
            }
        }

        /** Answers a request. */
        Client reply(JsonObject request, Object body) {
            return say(new JsonObject()
                    .put("type", "message")
                    .put("address", request.getString("replyAddress"))
                    .put("body", body));
        }

        /** Answers a request with a failure. */
        Client fail(JsonObject request, int code, String message, JsonObject debugInfo) {
            return say(new JsonObject()
                    .put("type", "err")
                    .put("address", request.getString("replyAddress"))
                    .put("failureCode", code)
                    .put("failureType", "RECIPIENT_FAILURE")
                    .put("message", message)
                    .put("debugInfo", debugInfo));
        }

        void hangUp() {
            try {
                socket.close();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    /** @param script what to do with each frame */
    ScriptedBridge(BiConsumer<JsonObject, Client> script) throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> serve(script), "scripted-bridge");
        thread.setDaemon(true);
        thread.start();
    }

    String port() {
        return Integer.toString(server.getLocalPort());
    }

    /** All frames so far. */
    List<JsonObject> heard() {
        return heard;
    }

    /** The headers' action of each request so far. */
    List<String> actions() {
        return heard.stream()
                .filter(frame -> frame.getString("type").equals("send"))
                .map(frame -> frame.getJsonObject("headers").getString("action"))
                .toList();
    }

    private void serve(BiConsumer<JsonObject, Client> script) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                Client client = new Client(socket);
                DataInputStream in = new DataInputStream(socket.getInputStream());
                boolean begins = true;
                while (true) {
                    byte[] text = new byte[in.readInt()];
                    in.readFully(text);
                    JsonObject frame = new JsonObject(new String(text, StandardCharsets.UTF_8));
                    if (begins && frame.getString("type").equals("ping")) {
                        client.say("{\"type\":\"pong\"}");
                    } else {
                        heard.add(frame);
                        script.accept(frame, client);
                    }
                    begins = false;
                }
            } catch (IOException | UncheckedIOException gone) {
                // The next one.
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
